//! Design specs: roots of what they measure, one within the other, around the whole solution.

use saltern_numerics::root::{Bracket, Sharpness};

use super::{Run, SolveError, SpecReport};
use crate::flowsheet::Flowsheet;
use crate::room::Room;

/// How closely a design spec is met, as a share of its target.
const SPEC_TOLERANCE: f64 = 1e-9;
/// A target below this, SI, is met as closely as this would be.
const LEAST_TARGET: f64 = 1e-6;

impl Run<'_> {
    /// Specs from the `k`th on: the first of them is a root of its measure with all behind it met.
    pub(super) fn meet_from(
        &mut self,
        flowsheet: &mut Flowsheet,
        room: &mut Room<'_>,
        k: usize,
    ) -> Result<Vec<SpecReport>, SolveError> {
        let Some(spec) = flowsheet.specs.get(k).cloned() else {
            self.pass_all(flowsheet, room)?;
            return Ok(Vec::new());
        };
        let mut tries = 0;
        let mut last: Result<Vec<SpecReport>, SolveError> = Ok(Vec::new());
        let start = spec.vary.value(flowsheet, room.matter).unwrap_or(f64::NAN);
        let start = start.clamp(spec.lowest, spec.highest);
        let standing = std::cell::Cell::new(f64::NAN);
        let mut measured = |p: f64| -> Option<f64> {
            tries += 1;
            standing.set(p);
            last = spec
                .vary
                .apply(p, flowsheet, room.matter)
                .map_err(SolveError::Setting)
                .and_then(|()| self.meet_from(flowsheet, room, k + 1));
            last.is_ok().then_some(())?;
            let value = spec.measure.value(&self.streams, room).ok()?;
            value.is_finite().then_some(value)
        };
        let tolerance = SPEC_TOLERANCE * spec.target.abs().max(LEAST_TARGET);
        let found = root(
            spec.target,
            tolerance,
            start,
            (spec.lowest, spec.highest),
            &mut measured,
        );
        if let Ok((value, _)) = found
            && value != standing.get()
        {
            // The streams are those of the last try, which need not be the one taken.
            measured(value);
        }
        match found {
            Ok((value, reached)) => {
                let mut reports = vec![SpecReport {
                    reached,
                    value,
                    tries,
                }];
                reports.extend(last?);
                Ok(reports)
            }
            Err(reached) => {
                let missed = |reached| SolveError::SpecNotReached {
                    spec: spec.id.clone(),
                    asked: spec.target,
                    manipulated: spec.varies.clone(),
                    range: (spec.lowest, spec.highest),
                    reached,
                };
                // Nothing was measured: what the last try failed of is the reason.
                Err(match (reached.0.is_finite(), last) {
                    (false, Err(error)) => error,
                    (false, Ok(_)) => missed((f64::NAN, f64::NAN)),
                    (true, _) => missed(reached),
                })
            }
        }
    }
}

/// Share of the range by which a root is first bracketed.
const FIRST_STRIDE: f64 = 0.02;
/// How many tolerances a measure may be off where its bracket has closed; more is a jump, and the target is not reached.
const JUMP: f64 = 1e3;

/// Where a measure meets its target between bounds: strides from the start until the sign changes, then secant steps
/// within the bracket. `Err` has the least and most that was measured.
fn root(
    target: f64,
    tolerance: f64,
    start: f64,
    bounds: (f64, f64),
    measured: &mut dyn FnMut(f64) -> Option<f64>,
) -> Result<(f64, f64), (f64, f64)> {
    let mut reached = (f64::INFINITY, f64::NEG_INFINITY);
    let mut excess = |p: f64| -> Option<f64> {
        let value = measured(p)?;
        reached = (reached.0.min(value), reached.1.max(value));
        Some(value - target)
    };
    let sharp = Sharpness {
        relative: 0.0,
        absolute: 1e-14 * (bounds.1 - bounds.0),
        value: tolerance,
    };
    let closed = bracket(start, bounds, tolerance, &mut excess)
        .and_then(|bracket| bracket.closed(&sharp, &mut |p| excess(p).ok_or(())).ok());
    match closed.map(|bracket| bracket.nearer()) {
        // The bracket has closed: on a root as sharp as rounding lets it be, or on a jump past the target.
        Some((value, excess)) if excess.abs() <= JUMP * tolerance => Ok((value, excess + target)),
        _ => Err(reached),
    }
}

/// Two places with the target between them.
fn bracket(
    start: f64,
    (lowest, highest): (f64, f64),
    tolerance: f64,
    excess: &mut dyn FnMut(f64) -> Option<f64>,
) -> Option<Bracket> {
    let mut here = if start.is_finite() {
        start
    } else {
        0.5 * (lowest + highest)
    };
    let mut f_here = excess(here)?;
    if f_here.abs() <= tolerance {
        return Some(Bracket::between((here, f_here), (here, f_here)));
    }
    let begin = (here, f_here);
    for direction in [1.0, -1.0] {
        (here, f_here) = begin;
        let mut stride = FIRST_STRIDE * (highest - lowest);
        loop {
            let next = (here + direction * stride).clamp(lowest, highest);
            if next == here {
                break;
            }
            let Some(f_next) = excess(next) else { break };
            if f_next * f_here <= 0.0 {
                return Some(Bracket::between((here, f_here), (next, f_next)));
            }
            // Away from the target: the other way is tried before the end of this one.
            if f_next.abs() > f_here.abs() && direction > 0.0 && here == begin.0 {
                break;
            }
            (here, f_here) = (next, f_next);
            stride *= 2.0;
        }
    }
    // Both ends, in case the measure turns on the way.
    let (f_low, f_high) = (excess(lowest), excess(highest));
    match (f_low, f_high) {
        (Some(l), _) if l * begin.1 <= 0.0 => Some(Bracket::between(begin, (lowest, l))),
        (_, Some(h)) if h * begin.1 <= 0.0 => Some(Bracket::between(begin, (highest, h))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_past_the_target_is_not_a_root() {
        let mut step = |x: f64| Some(if x < 0.3 { 0.0 } else { 2.0 });
        let missed = root(1.0, 1e-9, 0.1, (0.0, 1.0), &mut step);
        assert_eq!(missed, Err((0.0, 2.0)));
        let (at, value) = root(1.0, 1e-9, 0.1, (0.0, 1.0), &mut |x| Some(3.0 * x * x)).unwrap();
        assert!((at - (1.0f64 / 3.0).sqrt()).abs() < 1e-8 && (value - 1.0).abs() < 1e-9);
    }
}
