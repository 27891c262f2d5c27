//! The fit: the unknowns at which the (robust) sum of squares is least, and what the data say about each.

use saltern_numerics::least_squares::{Evaluation, Loss, Minimum, NoStart, Settings, minimise};
use saltern_units::place::Place;

use super::FitError;
use super::data::Measurement;
use super::model::{Model, Prediction};
use super::parameters::{Parameter, Plan};

/// How to fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How large residuals count.
    pub loss: Loss,
}

/// Huber's constant that keeps 95 % efficiency on normal errors.
pub const HUBER: f64 = 1.345;

impl Default for Options {
    fn default() -> Self {
        Options {
            loss: Loss::Huber(HUBER),
        }
    }
}

/// A fit.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The unknowns, their covariance, the factored Jacobian.
    pub minimum: Minimum,
    /// What the model now says of every measurement, those of weight zero included.
    pub predictions: Vec<Prediction>,
    /// The same with the parameters that the database had before.
    pub before: Vec<Prediction>,
    /// Weight that the loss gave each prediction; 1 where its residual is within bounds, 0 for what is only shown.
    pub weights: Vec<f64>,
    /// Range of the data that each parameter touches, K; `None` where it touches none.
    pub ranges: Vec<Option<(f64, f64)>>,
    /// How many data residuals counted.
    pub counted: usize,
    /// Measurements that the fit has no answer for, by index: they were left out.
    pub unanswered: Vec<usize>,
}

/// Pivots below this fraction of the largest count as zero.
const RANK_TOLERANCE: f64 = 1e-9;
/// Steps of a round while the divisors still change.
const ITERATIONS_EARLY: u32 = 4;
/// Steps of a round then.
const ITERATIONS: u32 = 60;
/// Rounds in which the divisors of saturations are brought up to date.
const ROUNDS: u32 = 12;
/// Relative change of divisors that asks for no further round.
const DIVISOR_TOLERANCE: f64 = 1e-3;

/// Fits a plan to measurements. A measurement without an answer is left out, and taken in as soon as a round ends
/// where it has one. Within a round a step at which one of those that count loses its answer is not taken.
///
/// # Errors
/// [`FitError::Assay`] where an analysis is wrong; [`FitError::NoAnswer`] where no measurement that counts has an
/// answer with the parameters to start from.
pub fn fit(plan: &Plan, measurements: &[Measurement], options: &Options) -> Result<Fit, FitError> {
    fit_watched(plan, measurements, options, &mut |_| ())
}

/// How far a fit has come. How many passes it takes is not known before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Round of the divisors of saturations, from 1.
    pub round: u32,
    /// Times that all measurements were predicted, from 1.
    pub pass: u32,
}

/// As [`fit`], and tells of each pass over the measurements.
///
/// # Errors
/// As [`fit`].
pub fn fit_watched(
    plan: &Plan,
    measurements: &[Measurement],
    options: &Options,
    watch: &mut dyn FnMut(Pass),
) -> Result<Fit, FitError> {
    let model = Model::new(plan, measurements);
    let before = model.predict_before()?;
    let start = model.predict(&plan.start, None)?;
    let mut counted = counted(&start, measurements);
    if counted.is_empty() {
        return Err(no_answer(measurements));
    }
    let mut settings = Settings {
        loss: options.loss,
        data_rows: counted.len(),
        rank_tolerance: RANK_TOLERANCE,
        iterations_max: ITERATIONS_EARLY,
    };
    let mut ranges = ranges(plan, measurements, &start, &counted);
    let mut x = plan.start.clone();
    let mut divisors: Vec<f64> = start.iter().map(|p| p.divisor).collect();
    let (mut round, mut pass) = (0, 0);
    loop {
        round += 1;
        let priors = Priors::of(plan, &ranges);
        let mut evaluate = |x: &[f64]| {
            pass += 1;
            watch(Pass { round, pass });
            let predictions = model.predict(x, Some(&divisors)).ok()?;
            let answered = counted.iter().all(|&k| predictions[k].is_answered());
            answered.then(|| assembled(&predictions, &counted, measurements, &priors, x))
        };
        let minimum = match minimise(&x, &settings, &mut evaluate) {
            Ok(minimum) => minimum,
            Err(NoStart) => return Err(no_answer(measurements)),
        };
        let predictions = model.predict(&minimum.x, Some(&divisors))?;
        let now: Vec<f64> = predictions.iter().map(|p| p.divisor).collect();
        let moved = |(a, b): (&f64, &f64)| (a / b - 1.0).abs() > DIVISOR_TOLERANCE;
        let answered = self::counted(&predictions, measurements);
        let changed = now.iter().zip(&divisors).any(moved) || answered != counted;
        let last = settings.iterations_max == ITERATIONS;
        if (!changed && last) || round == ROUNDS {
            let mut weights = vec![0.0; predictions.len()];
            for (&k, &w) in counted.iter().zip(&minimum.weights) {
                weights[k] = w;
            }
            return Ok(Fit {
                minimum,
                unanswered: unanswered(&predictions),
                predictions,
                before,
                weights,
                ranges,
                counted: counted.len(),
            });
        }
        if answered != counted {
            ranges = self::ranges(plan, measurements, &predictions, &answered);
            settings.data_rows = answered.len();
            counted = answered;
        }
        (x, divisors) = (minimum.x, now);
        if !changed || round + 2 >= ROUNDS {
            settings.iterations_max = ITERATIONS;
        }
    }
}

/// Predictions that count: those of weight that have an answer.
fn counted(predictions: &[Prediction], measurements: &[Measurement]) -> Vec<usize> {
    (0..predictions.len())
        .filter(|&k| {
            let p = &predictions[k];
            measurements[p.measurement].weight > 0.0 && p.is_answered()
        })
        .collect()
}

/// Measurements with a prediction that has no answer.
fn unanswered(predictions: &[Prediction]) -> Vec<usize> {
    let lost = predictions.iter().filter(|p| !p.is_answered());
    let mut indices: Vec<usize> = lost.map(|p| p.measurement).collect();
    indices.dedup();
    indices
}

/// No measurement that counts has an answer.
fn no_answer(measurements: &[Measurement]) -> FitError {
    let count = measurements.iter().filter(|m| m.weight > 0.0).count();
    let place = measurements.first().map(|m| Place::file(&m.place.file));
    FitError::NoAnswer {
        place: place.unwrap_or_default(),
        count,
    }
}

fn assembled(
    predictions: &[Prediction],
    counted: &[usize],
    measurements: &[Measurement],
    priors: &Priors,
    x: &[f64],
) -> Evaluation {
    let mut evaluation = Evaluation::default();
    for &k in counted {
        let prediction = &predictions[k];
        let root = measurements[prediction.measurement].weight.sqrt();
        evaluation.residuals.push(prediction.residual * root);
        let slope = prediction.slope.iter().map(|v| v * root);
        evaluation.jacobian.extend(slope);
    }
    priors.add(x, &mut evaluation);
    evaluation
}

/// Prior knowledge as residuals: each at three temperatures that together count as one observation.
struct Priors<'p> {
    rows: Vec<(&'p Parameter, f64, f64, f64)>,
}

impl<'p> Priors<'p> {
    fn of(plan: &'p Plan, ranges: &[Option<(f64, f64)>]) -> Priors<'p> {
        let mut rows = Vec::new();
        for (parameter, range) in plan.parameters.iter().zip(ranges) {
            let Some(prior) = parameter.prior.filter(|_| !parameter.free.is_empty()) else {
                continue;
            };
            let (low, high) = range.unwrap_or((298.15, 298.15));
            let low = parameter.temperature_k_min.unwrap_or(low);
            let high = parameter.temperature_k_max.unwrap_or(high).max(low);
            let deviation = prior.deviation * 3.0_f64.sqrt();
            for temperature_k in [low, 0.5 * (low + high), high] {
                let known = prior
                    .value
                    .unwrap_or_else(|| parameter.base_value(temperature_k));
                rows.push((parameter, temperature_k, known, deviation));
            }
        }
        Priors { rows }
    }

    fn add(&self, x: &[f64], evaluation: &mut Evaluation) {
        for &(parameter, temperature_k, known, deviation) in &self.rows {
            let value = parameter.value(x, temperature_k);
            evaluation.residuals.push((value - known) / deviation);
            let mut slope = vec![0.0; x.len()];
            for (k, basis) in parameter.basis(temperature_k).into_iter().enumerate() {
                slope[parameter.first + k] = basis / deviation;
            }
            evaluation.jacobian.extend(slope);
        }
    }
}

/// Temperatures of the counted data that each parameter touches.
fn ranges(
    plan: &Plan,
    measurements: &[Measurement],
    predictions: &[Prediction],
    counted: &[usize],
) -> Vec<Option<(f64, f64)>> {
    let of = |parameter: &Parameter| {
        let unknowns = parameter.first..parameter.first + parameter.free.len();
        let touched = counted
            .iter()
            .map(|&k| &predictions[k])
            .filter(|p| p.slope[unknowns.clone()].iter().any(|v| *v != 0.0));
        touched
            .map(|p| measurements[p.measurement].temperature_k())
            .fold(None, |range: Option<(f64, f64)>, t| {
                let (low, high) = range.unwrap_or((t, t));
                Some((low.min(t), high.max(t)))
            })
    };
    plan.parameters.iter().map(of).collect()
}

/// Root of the weighted mean square of some predictions, in standard deviations; those without an answer not counted.
pub fn root_mean_square<'p>(
    predictions: impl Iterator<Item = &'p Prediction>,
    measurements: &[Measurement],
) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for p in predictions.filter(|p| p.is_answered()) {
        let weight = measurements[p.measurement].weight;
        sum += weight * p.residual * p.residual;
        weights += weight;
    }
    (sum / weights).sqrt()
}

impl Fit {
    /// Pairs of unknowns whose estimates move together: |correlation| above the limit.
    pub fn correlated(&self, limit: f64) -> Vec<(usize, usize, f64)> {
        let n = self.minimum.x.len();
        let c = &self.minimum.covariance;
        let mut pairs = Vec::new();
        for i in 0..n {
            for j in i + 1..n {
                let r = c[i * n + j] / (c[i * n + i] * c[j * n + j]).sqrt();
                if r.abs() > limit {
                    pairs.push((i, j, r));
                }
            }
        }
        pairs
    }

    /// Unknowns that the data do not determine, each with those it cannot be told from (none: no datum touches it).
    pub fn undetermined(&self) -> Vec<(usize, Vec<usize>)> {
        let named = |(column, others): (usize, Vec<(usize, f64)>)| {
            let told = others.into_iter().filter(|(_, f)| f.abs() > 1e-3);
            (column, told.map(|(k, _)| k).collect())
        };
        self.minimum
            .qr
            .dependencies()
            .into_iter()
            .map(named)
            .collect()
    }
}
