//! Stores over a year of which only some weeks are planned.
//!
//! After L. Kotzur, P. Markewitz, M. Robinius, D. Stolten, Appl. Energy 213 (2018) 123: what a store holds in step t of week i is
//! what it held as the week began, less losses, and what the week k(i) that stands for it adds from nothing:
//!
//! ```text
//! level(i, t) = κ^(t+1) · begins(i) + added(k(i), t)         begins(i+1) = level(i, last)       κ = share kept in a step
//! 0 ≤ level(i, t) ≤ capacity
//! ```
//!
//! Both are linear, so that this holds exactly. The bound would be a row for each step of the year; where a week stands for
//! others it is held by the most and least that it adds, `begins(i) + most(k) ≤ capacity` and `κ^T · begins(i) + least(k) ≥ 0`,
//! which is on the safe side by what is lost in a week at most. A week that stands for itself alone has its rows.
//! Of a cyclic store the year ends as it began.

use super::name::Name;
use super::weeks::Weeks;
use crate::programme::Programme;
use saltern_base::energy::Store;

/// What a store may hold.
#[derive(Clone, Copy)]
pub(super) enum Room {
    /// So many MWh.
    Fixed(f64),
    /// What a column says.
    Column(usize),
}

/// A store in a stage.
pub(super) struct Linked<'a> {
    pub(super) store: &'a Store,
    pub(super) s: usize,
    pub(super) stage: usize,
    pub(super) room: Room,
    /// Share kept in a step.
    pub(super) kept: f64,
    /// First column of what each chosen week adds.
    pub(super) added: Vec<usize>,
}

/// Links a store over the year; answers the first column of what it holds as weeks begin.
pub(super) fn link(p: &mut Programme<Name>, linked: &Linked<'_>, weeks: &Weeks) -> usize {
    let (store, stage, steps) = (linked.s, linked.stage, weeks.steps);
    let all = weeks.of.len();
    let free = (f64::NEG_INFINITY, f64::INFINITY);
    let begins = p.add_columns(
        Name::Begins { store, stage },
        all + 1,
        (0.0, f64::INFINITY),
        0.0,
    );
    let over_week = linked.kept.powi(steps as i32);
    let on = p.add_rows(Name::GoesOn { store, stage }, all, (0.0, 0.0));
    for (i, &k) in weeks.of.iter().enumerate() {
        p.enter(on + i, begins + i + 1, 1.0);
        p.enter(on + i, begins + i, -over_week);
        p.enter(on + i, linked.added[k] + steps - 1, -1.0);
    }
    ends(p, linked, begins, all);
    for k in 0..weeks.chosen.len() {
        let own = (0..all).filter(|i| weeks.of[*i] == k);
        for column in linked.added[k]..linked.added[k] + steps {
            (p.lower[column], p.upper[column]) = free;
        }
        if weeks.is_alone(k) {
            for i in own {
                each_step(p, linked, (begins + i, linked.added[k]), steps);
            }
            continue;
        }
        let week = k;
        let reach = Name::Reach { store, stage, week };
        let most = p.add_columns(reach, 2, free, 0.0);
        let least = most + 1;
        let rows = p.add_rows(reach, 2 * steps, (0.0, f64::INFINITY));
        for t in 0..steps {
            p.enter(rows + t, most, 1.0);
            p.enter(rows + t, linked.added[k] + t, -1.0);
            p.enter(rows + steps + t, least, -1.0);
            p.enter(rows + steps + t, linked.added[k] + t, 1.0);
        }
        for i in own {
            room(p, linked, &[(begins + i, 1.0), (most, 1.0)]);
            holds(p, linked, &[(begins + i, over_week), (least, 1.0)]);
        }
    }
    begins
}

/// The first and the last level of the year.
fn ends(p: &mut Programme<Name>, linked: &Linked<'_>, begins: usize, all: usize) {
    let (store, stage) = (linked.s, linked.stage);
    let Some(start) = linked.store.start else {
        let row = p.add_rows(Name::GoesOn { store, stage }, 1, (0.0, 0.0));
        p.enter(row, begins, 1.0);
        p.enter(row, begins + all, -1.0);
        return;
    };
    match linked.room {
        Room::Fixed(most) => {
            p.lower[begins] = start * most;
            p.upper[begins] = start * most;
            p.lower[begins + all] = linked.store.end_min * most;
        }
        Room::Column(column) => {
            let row = p.add_rows(Name::GoesOn { store, stage }, 2, (0.0, 0.0));
            p.row_upper[row + 1] = f64::INFINITY;
            p.enter(row, begins, 1.0);
            p.enter(row, column, -start);
            p.enter(row + 1, begins + all, 1.0);
            p.enter(row + 1, column, -linked.store.end_min);
        }
    }
}

/// Bounds of the level in each step of a week that stands for itself.
fn each_step(
    p: &mut Programme<Name>,
    linked: &Linked<'_>,
    (begins, added): (usize, usize),
    steps: usize,
) {
    let mut kept = 1.0;
    for t in 0..steps {
        kept *= linked.kept;
        let terms = [(begins, kept), (added + t, 1.0)];
        match linked.room {
            Room::Fixed(most) => {
                let row = holds(p, linked, &terms);
                p.row_upper[row] = most;
            }
            Room::Column(_) => {
                holds(p, linked, &terms);
                room(p, linked, &terms);
            }
        }
    }
}

/// A sum that is at least nothing.
fn holds(p: &mut Programme<Name>, linked: &Linked<'_>, terms: &[(usize, f64)]) -> usize {
    let (store, stage) = (linked.s, linked.stage);
    let row = p.add_rows(Name::Holds { store, stage }, 1, (0.0, f64::INFINITY));
    for (column, value) in terms {
        p.enter(row, *column, *value);
    }
    row
}

/// A sum that is at most what the store can hold.
fn room(p: &mut Programme<Name>, linked: &Linked<'_>, terms: &[(usize, f64)]) {
    let (store, stage) = (linked.s, linked.stage);
    let most = match linked.room {
        Room::Fixed(most) => most,
        Room::Column(_) => 0.0,
    };
    let row = p.add_rows(Name::Room { store, stage }, 1, (f64::NEG_INFINITY, most));
    for (column, value) in terms {
        p.enter(row, *column, *value);
    }
    if let Room::Column(column) = linked.room {
        p.enter(row, column, -1.0);
    }
}
