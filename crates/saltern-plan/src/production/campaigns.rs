//! Campaigns: where a crew works, and for how long at least.
//!
//! | row, each step | equation |
//! |---|---|
//! | crew | `Σ works ≤ 1` over the ponds of a crew |
//! | most | `taken ≤ rate · days · works` |
//! | least | `taken ≥ least rate · days · works` |
//! | begins | `begins ≥ works − works of the step before` |
//! | stays | `Σ begins of the last so many steps ≤ works` |
//!
//! `works` is 0 or 1. The last two are the tight form of a least up-time (D. Rajan, S. Takriti, IBM Research Report RC23628,
//! 2005). A choice that shares its crew with none and has no least needs none of this.

use super::build::Around;
use super::logistics::T;
use super::name::Name;
use crate::programme::Programme;

const DAY_S: f64 = 86_400.0;

pub(super) fn add(programme: &mut Programme<Name>, around: &Around<'_>) {
    let choices = &around.production.harvests;
    for (c, choice) in choices.iter().enumerate() {
        let crew = choice.crew.as_ref();
        let mut others = choices.iter().enumerate();
        let shares =
            crew.is_some() && others.any(|(o, other)| o != c && other.crew.as_ref() == crew);
        if shares || choice.rate_min_kg_s > 0.0 || choice.days_min > 0 {
            add_works(programme, around, c);
        }
    }
    add_crews(programme, around);
}

/// Whether a choice is worked in each step.
fn add_works(programme: &mut Programme<Name>, around: &Around<'_>, c: usize) {
    let (n, choice) = (around.steps.len(), &around.production.harvests[c]);
    let works = programme.add_columns(Name::Works(c), n, (0.0, 1.0), 0.0);
    programme.make_whole(works..works + n);
    let most = programme.add_rows(Name::TakeWorks(c), n, (f64::NEG_INFINITY, 0.0));
    let least = programme.add_rows(Name::TakeLeast(c), n, (0.0, f64::INFINITY));
    let Some(take) = programme.columns_of(Name::Take(c)) else {
        return;
    };
    for (s, step) in around.steps.iter().enumerate() {
        let days = f64::from(step.days_in(Some(choice.season)));
        if days == 0.0 {
            programme.upper[works + s] = 0.0;
        }
        for (row, rate_kg_s) in [(most, choice.rate_kg_s), (least, choice.rate_min_kg_s)] {
            programme.enter(row + s, take.start + s, 1.0);
            programme.enter(row + s, works + s, -rate_kg_s * DAY_S * days / T);
        }
    }
    let steps = steps_of(around, choice.days_min);
    if steps < 2 {
        return;
    }
    let begins = programme.add_columns(Name::Begins(c), n, (0.0, 1.0), 0.0);
    let rising = programme.add_rows(Name::Begins(c), n, (0.0, f64::INFINITY));
    let stays = programme.add_rows(Name::Stays(c), n, (0.0, f64::INFINITY));
    for s in 0..n {
        programme.enter(rising + s, begins + s, 1.0);
        programme.enter(rising + s, works + s, -1.0);
        if s > 0 {
            programme.enter(rising + s, works + s - 1, 1.0);
        }
        programme.enter(stays + s, works + s, 1.0);
        for earlier in (s + 1).saturating_sub(steps)..=s {
            programme.enter(stays + s, begins + earlier, -1.0);
        }
    }
}

/// Steps that hold so many days.
fn steps_of(around: &Around<'_>, days: u32) -> usize {
    let longest = around.steps.iter().map(|step| step.days).max();
    days.div_ceil(longest.unwrap_or(1).max(1)) as usize
}

/// One crew works in one pond at a time.
fn add_crews(programme: &mut Programme<Name>, around: &Around<'_>) {
    let (n, choices) = (around.steps.len(), &around.production.harvests);
    for (first, choice) in choices.iter().enumerate() {
        let Some(crew) = &choice.crew else { continue };
        let members: Vec<usize> = (0..choices.len())
            .filter(|&c| choices[c].crew.as_ref() == Some(crew))
            .collect();
        if members[0] != first || members.len() < 2 {
            continue;
        }
        let crew_row = programme.add_rows(Name::Crew(first), n, (f64::NEG_INFINITY, 1.0));
        for &c in &members {
            if let Some(works) = programme.columns_of(Name::Works(c)) {
                (0..n).for_each(|s| programme.enter(crew_row + s, works.start + s, 1.0));
            }
        }
    }
}
