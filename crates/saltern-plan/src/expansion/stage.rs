//! The year of a stage: the base with more demand and work, and its weeks.

use crate::dispatch::{MW, Outside, Series};
use saltern_base::energy::{Energy, ProfileValue, Stage, UnitRef};
use std::ops::Range;

/// The base without what belongs to its own year: orders, quotas, published limits; units to be built begin and end at will.
pub(super) fn base(energy: &Energy) -> Energy {
    let mut energy = energy.clone();
    energy.orders.clear();
    energy.quotas.clear();
    energy.hall_limits.clear();
    energy
}

/// The base with a MW of each generator that is to be built, so that its series are shares, and without starts and ramps of
/// units to be built.
pub(super) fn of_shares(energy: &Energy) -> Energy {
    let mut shares = base(energy);
    let choices = energy.expansion.iter().flat_map(|e| &e.choices);
    for choice in choices {
        let commitment = match choice.unit {
            UnitRef::Generator(g) => {
                let generator = &mut shares.generators[g];
                let profile = generator.profile.map(|p| energy.profiles[p].value);
                if profile != Some(ProfileValue::Power) {
                    generator.capacity_w = MW;
                }
                &mut generator.commitment
            }
            UnitRef::Converter(c) => &mut shares.converters[c].commitment,
            _ => continue,
        };
        commitment.load_min = 0.0;
        commitment.ramp_per_s = f64::INFINITY;
        commitment.start_cost = 0.0;
        commitment.up_min_s = 0.0;
        commitment.down_min_s = 0.0;
    }
    shares
}

/// The series of a stage's year.
pub(super) fn series(energy: &Energy, outside: &Outside, stage: &Stage, steps: usize) -> Series {
    let mut series = Series::of(energy, outside);
    series.truncate(steps);
    let grown = [(&mut series.demand, stage.demand)];
    let work = [&mut series.arriving, &mut series.due].map(|s| (s, stage.work));
    for (series, factor) in grown.into_iter().chain(work) {
        for value in series.iter_mut().flatten() {
            *value *= factor;
        }
    }
    series
}

/// A week by itself: what came before it has been done before, what comes in it is done by its end.
pub(super) fn week(series: &Series, steps: Range<usize>) -> Series {
    let mut week = series.part(&steps, Vec::new());
    for (q, due) in week.due.iter_mut().enumerate() {
        let before = |all: &[Vec<f64>]| all[q][..steps.start].iter().sum::<f64>();
        let mut open = (before(&series.arriving) - before(&series.due)).max(0.0);
        for due in due.iter_mut() {
            let earlier = open.min(*due);
            *due -= earlier;
            open -= earlier;
        }
        let later = week.arriving[q].iter().sum::<f64>() - due.iter().sum::<f64>();
        if let Some(last) = due.last_mut() {
            *last += later;
        }
    }
    week
}
