//! The plant as a function of what is unknown: one flowsheet a run, solved at every trial from where it was last.
//!
//! A state that did not converge has no value and is never taken for one.

use saltern_numerics::least_squares::Evaluation;
use saltern_units::place::Place;
use saltern_units::unit::Unit;

use super::data::Pilot;
use super::error::FitError;
use super::parameters::Parameter;
use crate::bench::{Bench, LEAST_SIZE, step};
use crate::flowsheet::Flowsheet;
use crate::matter::Matter;
use crate::measure::Measure;
use crate::solve::{Solution, SolveError};
use crate::target::Target;

/// What is sought: a parameter of all runs, or what one run knows with an error only.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// Its path.
    pub path: String,
    /// What it stands for.
    pub target: Target,
    /// The run it belongs to; none for a parameter of all.
    pub run: Option<usize>,
    /// First guess, SI.
    pub first: f64,
    /// Bounds, SI.
    pub bounds: (f64, f64),
    /// What is known beforehand and its standard deviation, SI.
    pub prior: Option<(f64, f64)>,
    /// Unit for people.
    pub unit: &'static Unit,
}

impl Unknown {
    /// Its bounds' distance, or where they are open, its size: what a change of it is large or small against.
    pub fn span(&self) -> f64 {
        let range = self.bounds.1 - self.bounds.0;
        if range.is_finite() && range > 0.0 {
            range
        } else {
            self.first.abs().max(LEAST_SIZE)
        }
    }
}

/// The plant as a function of the unknowns.
#[derive(Debug)]
pub struct Model<'m> {
    /// What was measured.
    pub pilot: Pilot,
    /// What is sought: parameters first, then what belongs to single runs.
    pub unknowns: Vec<Unknown>,
    /// How many unknowns are parameters of all runs.
    pub parameters: usize,
    /// The plant as its file has it, for bands and for what to measure next.
    pub design: Bench<'m>,
    benches: Vec<Bench<'m>>,
    /// Steady states asked for that were not found.
    pub failures: u64,
    /// Evaluations so far.
    pub evaluations: u64,
    /// Told after every evaluation how many there were.
    pub watch: Watch,
}

/// Who watches long work.
#[derive(Default)]
pub struct Watch(pub Option<Box<dyn FnMut(u64)>>);

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() {
            "watched"
        } else {
            "unwatched"
        })
    }
}

impl<'m> Model<'m> {
    /// A model of some runs. `sheets` holds the plant as its file has it once for each run, `design` once more.
    ///
    /// # Errors
    /// [`FitError`]
    pub fn new(
        pilot: Pilot,
        parameters: &[Parameter],
        sheets: Vec<Flowsheet>,
        design: Flowsheet,
        matter: &'m Matter<'m>,
    ) -> Result<Model<'m>, FitError> {
        if parameters.is_empty() {
            return Err(FitError::NoParameters);
        }
        let mut unknowns: Vec<Unknown> = parameters.iter().map(of_all).collect();
        let mut benches = Vec::new();
        for ((k, run), mut own) in pilot.runs.iter().enumerate().zip(sheets) {
            for setting in &run.settings {
                if let Some(same) = parameters.iter().find(|p| p.target == setting.target) {
                    return Err(FitError::Twice {
                        place: setting.place.clone(),
                        value: same.path.clone(),
                    });
                }
                let applied = setting.target.apply(setting.value, &mut own, matter);
                applied.map_err(|error| FitError::Setting {
                    place: setting.place.clone(),
                    error,
                })?;
                if let Some(sigma) = setting.sigma {
                    unknowns.push(Unknown {
                        path: setting.path.clone(),
                        target: setting.target.clone(),
                        run: Some(k),
                        first: setting.value,
                        bounds: setting.target.range_si(),
                        prior: Some((setting.value, sigma)),
                        unit: setting.target.unit(),
                    });
                }
            }
            benches.push(Bench::new(own, matter));
        }
        let model = Model {
            pilot,
            unknowns,
            parameters: parameters.len(),
            design: Bench::new(design, matter),
            benches,
            failures: 0,
            evaluations: 0,
            watch: Watch::default(),
        };
        let data = model.pilot.counted() + parameters.iter().filter(|p| p.prior.is_some()).count();
        if data < model.parameters {
            return Err(FitError::TooFew {
                data,
                parameters: model.parameters,
            });
        }
        Ok(model)
    }

    pub(super) fn tell(&mut self) {
        self.evaluations += 1;
        if let Some(watch) = &mut self.watch.0 {
            watch(self.evaluations);
        }
    }

    /// First guesses.
    pub fn first(&self) -> Vec<f64> {
        self.unknowns.iter().map(|u| u.first).collect()
    }

    /// Bounds.
    pub fn bounds(&self) -> Vec<(f64, f64)> {
        self.unknowns.iter().map(|u| u.bounds).collect()
    }

    /// The flowsheet of a run.
    pub fn sheet(&self, run: usize) -> &Flowsheet {
        self.benches[run].sheet()
    }

    /// The steady state of a run where it was last evaluated.
    pub fn state(&self, run: usize) -> Option<&Solution> {
        self.benches[run].last()
    }

    /// Steps of differences.
    pub fn steps(&self, x: &[f64]) -> Vec<f64> {
        let pairs = self.unknowns.iter().zip(x);
        pairs.map(|(u, x)| step(&u.target, *x, u.span())).collect()
    }

    /// Solves every run at the first guess, so that a mistake in the tables is told with its place before the search.
    ///
    /// # Errors
    /// [`FitError::NoStart`], [`FitError::NoValue`]
    pub fn check(&mut self) -> Result<(), FitError> {
        let x = self.first();
        let set: Vec<(&Target, f64)> = (0..self.parameters)
            .map(|j| (&self.unknowns[j].target, x[j]))
            .collect();
        self.design
            .measured(&set, &[], true)
            .map_err(|error| FitError::NoStart {
                run: String::new(),
                error: Box::new(error),
            })?;
        for run in 0..self.benches.len() {
            let values = self.predicted(run, &x).map_err(|error| FitError::NoStart {
                run: self.pilot.runs[run].id.clone(),
                error: Box::new(error),
            })?;
            for (m, value) in values {
                if !value.is_finite() {
                    let place: Place = self.pilot.measurements[m].place.clone();
                    return Err(FitError::NoValue { place });
                }
            }
        }
        Ok(())
    }

    /// Model values of the measurements of a run, by index.
    ///
    /// # Errors
    /// [`SolveError`]
    pub fn predicted(&mut self, run: usize, x: &[f64]) -> Result<Vec<(usize, f64)>, SolveError> {
        let own = of_run(&self.unknowns, run);
        let set: Vec<(&Target, f64)> = own.map(|j| (&self.unknowns[j].target, x[j])).collect();
        let indices: Vec<usize> = measured_in(&self.pilot, run);
        let measures: Vec<&Measure> = indices
            .iter()
            .map(|m| &self.pilot.measurements[*m].measure)
            .collect();
        let values = self.benches[run].measured(&set, &measures, true)?;
        Ok(indices.into_iter().zip(values).collect())
    }

    /// Model values of all measurements.
    ///
    /// # Errors
    /// [`SolveError`]
    pub fn predictions(&mut self, x: &[f64]) -> Result<Vec<f64>, SolveError> {
        let mut values = vec![f64::NAN; self.pilot.measurements.len()];
        for run in 0..self.benches.len() {
            for (m, value) in self.predicted(run, x)? {
                values[m] = value;
            }
        }
        Ok(values)
    }

    /// Residuals of the measurements that count, then of the priors, and their derivatives; `None` where a run has no
    /// steady state.
    pub fn evaluate(&mut self, x: &[f64]) -> Option<Evaluation> {
        self.tell();
        let n = self.unknowns.len();
        let steps = self.steps(x);
        let rows: Vec<Option<usize>> = row_numbers(&self.pilot);
        let counted = self.pilot.counted();
        let mut at = Evaluation {
            residuals: vec![0.0; counted],
            jacobian: vec![0.0; counted * n],
        };
        for run in 0..self.benches.len() {
            let own: Vec<usize> = of_run(&self.unknowns, run).collect();
            let set: Vec<(&Target, f64)> = own
                .iter()
                .map(|&j| (&self.unknowns[j].target, x[j]))
                .collect();
            let own_steps: Vec<f64> = own.iter().map(|&j| steps[j]).collect();
            let mut indices = measured_in(&self.pilot, run);
            indices.retain(|m| rows[*m].is_some());
            let measurements = &self.pilot.measurements;
            let measures: Vec<&Measure> =
                indices.iter().map(|m| &measurements[*m].measure).collect();
            let Ok((values, slopes)) = self.benches[run].sloped(&set, &own_steps, &measures) else {
                self.failures += 1;
                return None;
            };
            for (k, &m) in indices.iter().enumerate() {
                let row = rows[m]?;
                let sigma = measurements[m].sigma;
                at.residuals[row] = (values[k] - measurements[m].value) / sigma;
                for (i, &j) in own.iter().enumerate() {
                    at.jacobian[row * n + j] = slopes[k * own.len() + i] / sigma;
                }
            }
        }
        for (j, unknown) in self.unknowns.iter().enumerate() {
            if let Some((mean, sigma)) = unknown.prior {
                at.residuals.push((x[j] - mean) / sigma);
                let mut row = vec![0.0; n];
                row[j] = 1.0 / sigma;
                at.jacobian.extend(row);
            }
        }
        let finite = at
            .residuals
            .iter()
            .chain(&at.jacobian)
            .all(|v| v.is_finite());
        finite.then_some(at)
    }
}

fn of_all(parameter: &Parameter) -> Unknown {
    Unknown {
        path: parameter.path.clone(),
        target: parameter.target.clone(),
        run: None,
        first: parameter.first,
        bounds: parameter.bounds,
        prior: parameter.prior,
        unit: parameter.unit,
    }
}

/// Unknowns that a run depends on.
fn of_run(unknowns: &[Unknown], run: usize) -> impl Iterator<Item = usize> + '_ {
    let own = move |j: &usize| unknowns[*j].run.is_none_or(|r| r == run);
    (0..unknowns.len()).filter(own)
}

fn measured_in(pilot: &Pilot, run: usize) -> Vec<usize> {
    let all = 0..pilot.measurements.len();
    all.filter(|m| pilot.measurements[*m].run == run).collect()
}

/// Row of each measurement that counts.
fn row_numbers(pilot: &Pilot) -> Vec<Option<usize>> {
    let mut next = 0;
    let rows = pilot.measurements.iter().map(|m| {
        let row = m.counted.then_some(next);
        next += usize::from(m.counted);
        row
    });
    rows.collect()
}
