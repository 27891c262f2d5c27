//! A flowsheet on its bench: numbers are set, measures are read, and their slopes.
//!
//! Derivatives are differences of two solutions. A solution is good to about 1e-10 of what flows, so a step of 1e-5 of a
//! number leaves five digits.

use saltern_units::unit::Dimension;

use crate::flowsheet::Flowsheet;
use crate::matter::Matter;
use crate::measure::Measure;
use crate::room::Room;
use crate::solve::{Solution, SolveError, solve};
use crate::target::Target;

/// Step of a difference, as a share of the number.
const STEP: f64 = 1e-5;
/// A number nearer to zero than this share of its range is stepped by the range.
const NEAR_ZERO: f64 = 0.05;
/// Size of a number of which neither value nor range says one.
pub(crate) const LEAST_SIZE: f64 = 1e-6;

/// Step of a difference for a value and the span it may go over.
pub(crate) fn step(target: &Target, x: f64, span: f64) -> f64 {
    match target.dimension() {
        // A temperature is far from its zero.
        Dimension::Temperature => 1e-3,
        _ => STEP * x.abs().max(NEAR_ZERO * span).max(LEAST_SIZE),
    }
}

/// A flowsheet with the room it is solved in and its last steady state.
#[derive(Debug)]
pub struct Bench<'m> {
    sheet: Flowsheet,
    room: Room<'m>,
    last: Option<Solution>,
}

impl<'m> Bench<'m> {
    /// A flowsheet on its bench.
    pub fn new(sheet: Flowsheet, matter: &'m Matter<'m>) -> Bench<'m> {
        Bench {
            sheet,
            room: Room::new(matter),
            last: None,
        }
    }

    /// The flowsheet.
    pub fn sheet(&self) -> &Flowsheet {
        &self.sheet
    }

    /// The last steady state that was kept.
    pub fn last(&self) -> Option<&Solution> {
        self.last.as_ref()
    }

    /// What measures have with some numbers set; with `keep` later solutions begin from this one.
    ///
    /// # Errors
    /// [`SolveError`]; a measure without a value is NaN.
    pub fn measured(
        &mut self,
        set: &[(&Target, f64)],
        measures: &[&Measure],
        keep: bool,
    ) -> Result<Vec<f64>, SolveError> {
        for (target, value) in set {
            let applied = target.apply(*value, &mut self.sheet, self.room.matter);
            applied.map_err(SolveError::Setting)?;
        }
        let solution = solve(&mut self.sheet, &mut self.room, self.last.as_ref())?;
        let values = measures.iter().map(|measure| {
            let value = measure.value(&solution.streams, &mut self.room);
            value.unwrap_or(f64::NAN)
        });
        let values = values.collect();
        if keep {
            self.last = Some(solution);
        }
        Ok(values)
    }

    /// Values of measures and their derivatives by some of the numbers set, row-major, one row a measure.
    ///
    /// # Errors
    /// [`SolveError`] of the place itself, or of both neighbours of an unknown.
    pub fn sloped(
        &mut self,
        set: &[(&Target, f64)],
        steps: &[f64],
        measures: &[&Measure],
    ) -> Result<(Vec<f64>, Vec<f64>), SolveError> {
        let here = self.measured(set, measures, true)?;
        let mut slopes = vec![0.0; here.len() * set.len()];
        let mut trial = set.to_vec();
        for j in 0..set.len() {
            let (_, range) = (set[j].0, set[j].0.range_si());
            let ahead = if set[j].1 + steps[j] <= range.1 {
                steps[j]
            } else {
                -steps[j]
            };
            let mut step = ahead;
            trial[j].1 = set[j].1 + step;
            let there = match self.measured(&trial, measures, false) {
                Ok(there) => there,
                Err(_) => {
                    step = -ahead;
                    trial[j].1 = set[j].1 + step;
                    self.measured(&trial, measures, false)?
                }
            };
            trial[j].1 = set[j].1;
            for (i, (a, b)) in here.iter().zip(&there).enumerate() {
                slopes[i * set.len() + j] = (b - a) / step;
            }
        }
        // The sheet stands where it was asked to.
        for (target, value) in set {
            let applied = target.apply(*value, &mut self.sheet, self.room.matter);
            applied.map_err(SolveError::Setting)?;
        }
        Ok((here, slopes))
    }
}
