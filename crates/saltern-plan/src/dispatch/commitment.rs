//! Units that are on or off: least load, starts, least times on and off, ramps.
//!
//! With u(t) ∈ {0, 1} on, v(t) started, P the capacity, m the least load, R the ramp of a step:
//!
//! ```text
//! m·P·u ≤ p ≤ P·u        u(t) − u(t−1) ≤ v(t)
//! Σ v over the last U steps ≤ u(t)        Σ v over the last D steps ≤ 1 − u(t−D)
//! p(t) − p(t−1) ≤ R·P + (max(m, R) − R)·P·v(t)
//! p(t−1) − p(t) ≤ R·P + (max(m, R) − R)·P·(u(t−1) − u(t) + v(t))
//! ```
//!
//! The minimum times are those of D. Rajan, S. Takriti, IBM Research Report RC23628 (2005). In the first step a unit may
//! have been on or off before, but in a window that follows another it is known what it did: it is started if it was off,
//! stays as it is until its least time is over, and ramps from its power. A unit with neither least load, costs nor times
//! has its ramp alone.

use super::MW;
use super::build::{Before, Building, Ends};
use super::name::{Name, OnOff};
use saltern_base::energy::Commitment;

pub(super) fn build(b: &mut Building<'_>) {
    for g in 0..b.energy.generators.len() {
        let generator = &b.energy.generators[g];
        let first = b.layout.generation[g];
        let unit = OnOff::Generator(g);
        one(
            b,
            unit,
            generator.commitment,
            generator.capacity_w / MW,
            first,
        );
    }
    for c in 0..b.energy.converters.len() {
        let converter = &b.energy.converters[c];
        let first = b.layout.conversion[c];
        let unit = OnOff::Converter(c);
        one(
            b,
            unit,
            converter.commitment,
            converter.capacity_w / MW,
            first,
        );
    }
}

fn one(b: &mut Building<'_>, unit: OnOff, commitment: Commitment, capacity: f64, power: usize) {
    let on = commitment
        .is_on_off()
        .then(|| on_off(b, unit, commitment, capacity, power));
    ramps(b, unit, commitment, capacity, power, on);
}

/// What a unit did before the window, if that is known.
fn before(b: &Building<'_>, unit: OnOff) -> Option<Before> {
    let Ends::Window { before, .. } = b.ends else {
        return None;
    };
    let found = before.iter().find(|(own, _)| *own == unit);
    found.map(|(_, before)| *before)
}

/// Columns of being on and started; answers their first indices.
fn on_off(
    b: &mut Building<'_>,
    unit: OnOff,
    commitment: Commitment,
    capacity: f64,
    power: usize,
) -> (usize, usize) {
    let steps = b.steps;
    let on = b.p.add_columns(Name::On(unit), steps, (0.0, 1.0), 0.0);
    let start =
        b.p.add_columns(Name::Start(unit), steps, (0.0, 1.0), commitment.start_cost);
    if b.rules.whole_units {
        b.p.make_whole(on..on + steps);
    }
    let low = commitment.load_min * capacity;
    // A unit bound to weather needn't have its least load where the weather hasn't it: it is off then.
    let most =
        b.p.add_rows(Name::AtMost(unit), steps, (f64::NEG_INFINITY, 0.0));
    let least =
        b.p.add_rows(Name::AtLeast(unit), steps, (0.0, f64::INFINITY));
    let starting =
        b.p.add_rows(Name::Starting(unit), steps - 1, (f64::NEG_INFINITY, 0.0));
    for t in 0..steps {
        b.p.enter(most + t, power + t, 1.0);
        b.p.enter(most + t, on + t, -capacity);
        b.p.enter(least + t, power + t, 1.0);
        b.p.enter(least + t, on + t, -low);
        if t > 0 {
            b.p.enter(starting + t - 1, on + t, 1.0);
            b.p.enter(starting + t - 1, on + t - 1, -1.0);
            b.p.enter(starting + t - 1, start + t, -1.0);
        }
    }
    stay(b, unit, commitment, on, start);
    if let Some(before) = before(b, unit) {
        goes_on(b, unit, commitment, (on, start), before);
    }
    (on, start)
}

/// A unit goes on from what it did before: a start is a start, and least times that have begun run out.
fn goes_on(
    b: &mut Building<'_>,
    unit: OnOff,
    commitment: Commitment,
    (on, start): (usize, usize),
    before: Before,
) {
    let was = if before.on { 1.0 } else { 0.0 };
    let row =
        b.p.add_rows(Name::Begins(unit), 1, (f64::NEG_INFINITY, was));
    b.p.enter(row, on, 1.0);
    b.p.enter(row, start, -1.0);
    let least = if before.on {
        commitment.up_min_s
    } else {
        commitment.down_min_s
    };
    let least = (least / 3600.0 / b.step_h).ceil() as usize;
    let left = least.saturating_sub(before.steps).min(b.steps);
    b.p.lower[on..on + left].fill(was);
    b.p.upper[on..on + left].fill(was);
}

fn stay(b: &mut Building<'_>, unit: OnOff, commitment: Commitment, on: usize, start: usize) {
    let in_steps = |seconds: f64| (seconds / 3600.0 / b.step_h).ceil() as usize;
    let (up, down) = (
        in_steps(commitment.up_min_s),
        in_steps(commitment.down_min_s),
    );
    if up > 1 {
        let row =
            b.p.add_rows(Name::StayOn(unit), b.steps, (f64::NEG_INFINITY, 0.0));
        for t in 0..b.steps {
            b.p.enter(row + t, on + t, -1.0);
            for s in t.saturating_sub(up - 1)..=t {
                b.p.enter(row + t, start + s, 1.0);
            }
        }
    }
    if down > 1 && b.steps > down {
        let row = b.p.add_rows(
            Name::StayOff(unit),
            b.steps - down,
            (f64::NEG_INFINITY, 1.0),
        );
        for t in down..b.steps {
            b.p.enter(row + t - down, on + t - down, 1.0);
            for s in t - down + 1..=t {
                b.p.enter(row + t - down, start + s, 1.0);
            }
        }
    }
}

fn ramps(
    b: &mut Building<'_>,
    unit: OnOff,
    commitment: Commitment,
    capacity: f64,
    power: usize,
    on: Option<(usize, usize)>,
) {
    let share = commitment.ramp_per_s * 3600.0 * b.step_h;
    if share >= 1.0 {
        return;
    }
    let ramp = share * capacity;
    let jump = (commitment.load_min * capacity - ramp).max(0.0);
    if let Some(before) = before(b, unit) {
        let starts = on.is_some() && !before.on;
        let rise = if starts {
            ramp + jump
        } else {
            before.power + ramp
        };
        b.p.upper[power] = b.p.upper[power].min(rise);
        // From up to its least load a unit may stop at once.
        let stops = on.is_some() && before.power <= ramp + jump + 1e-9;
        if !stops {
            let fall = (before.power - ramp).max(b.p.lower[power]);
            b.p.lower[power] = fall.min(b.p.upper[power]);
        }
    }
    let steps = b.steps - 1;
    let up =
        b.p.add_rows(Name::RampUp(unit), steps, (f64::NEG_INFINITY, ramp));
    let down =
        b.p.add_rows(Name::RampDown(unit), steps, (f64::NEG_INFINITY, ramp));
    for t in 1..=steps {
        let row = t - 1;
        b.p.enter(up + row, power + t, 1.0);
        b.p.enter(up + row, power + t - 1, -1.0);
        b.p.enter(down + row, power + t - 1, 1.0);
        b.p.enter(down + row, power + t, -1.0);
        if let Some((on, start)) = on.filter(|_| jump > 0.0) {
            b.p.enter(up + row, start + t, -jump);
            b.p.enter(down + row, on + t - 1, -jump);
            b.p.enter(down + row, on + t, jump);
            b.p.enter(down + row, start + t, -jump);
        }
    }
}

/// Spare power counts only of a unit that is on.
pub(super) fn spare_only_if_on(b: &mut Building<'_>, unit: OnOff, spare: usize) {
    if let Some(rows) = b.p.rows_of(Name::AtMost(unit)) {
        for (t, row) in rows.enumerate() {
            b.p.enter(row, spare + t, 1.0);
        }
    }
}
