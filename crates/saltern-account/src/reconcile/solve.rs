//! The way to the reconciled values: successive linearisation with damping, and reweighting for robust losses.

use super::linear::Linear;
use super::loss::Loss;
use super::problem::{Knowledge, Problem, Row};
use super::reconciliation::Reconciliation;
use crate::error::AccountError;

/// How to reconcile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// How large residuals count.
    pub loss: Loss,
    /// Chance of calling a sound set of measurements wrong, for the global test and, shared out after Šidák, for the
    /// test of each measurement.
    pub significance: f64,
    /// Chance with which a bias is to be found, for the smallest bias a meter shows.
    pub power: f64,
    /// Steps allowed.
    pub iterations_max: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            loss: Loss::Squares,
            significance: 0.05,
            power: 0.8,
            iterations_max: 200,
        }
    }
}

/// Constraints hold when they are off by no more than this fraction of their largest term.
pub(super) const CLOSURE_MAX: f64 = 1e-11;
/// Adjustments have settled when none moves by more, in standard deviations.
const SETTLED: f64 = 1e-9;
/// A measurement that a robust loss gives less weight than this counts as if it had this much.
const WEIGHT_MIN: f64 = 1e-10;
/// Halvings of one step.
const HALVINGS: u32 = 24;

/// Reconciles a problem.
///
/// # Errors
/// [`AccountError::Sigma`], [`AccountError::NoValue`], [`AccountError::Contradiction`] and
/// [`AccountError::NotConverged`]; a result that does not close is never handed out.
pub fn reconcile(problem: &Problem, settings: &Settings) -> Result<Reconciliation, AccountError> {
    let mut work = Work::new(problem)?;
    let mut iterations = work.converge(settings.iterations_max)?;
    if settings.loss != Loss::Squares {
        // A loss that is not convex starts from one that is, so that gross errors are already down when it begins.
        let start = Loss::standard("fair").filter(|_| !settings.loss.is_convex());
        for loss in start.into_iter().chain([settings.loss]) {
            iterations += work.reweight(loss, settings.iterations_max)?;
        }
    }
    Reconciliation::new(problem, work, iterations, settings)
}

/// The state of the search.
pub(super) struct Work<'p> {
    pub(super) problem: &'p Problem,
    /// Indices of measured quantities, their measured values and standard deviations.
    pub(super) measured: Vec<usize>,
    pub(super) values: Vec<f64>,
    pub(super) sigmas: Vec<f64>,
    /// Weights of the loss.
    pub(super) weights: Vec<f64>,
    pub(super) unmeasured: Vec<usize>,
    /// All quantities.
    pub(super) x: Vec<f64>,
    pub(super) linear: Linear,
    /// Coordinates of the last adjustment.
    pub(super) coordinates: Vec<f64>,
}

impl<'p> Work<'p> {
    fn new(problem: &'p Problem) -> Result<Self, AccountError> {
        let mut work = Work {
            problem,
            measured: Vec::new(),
            values: Vec::new(),
            sigmas: Vec::new(),
            weights: Vec::new(),
            unmeasured: Vec::new(),
            x: Vec::new(),
            linear: Linear::default(),
            coordinates: Vec::new(),
        };
        for (i, quantity) in problem.quantities.iter().enumerate() {
            let value = match quantity.knowledge {
                Knowledge::Known(value) => value,
                Knowledge::Unmeasured { guess } => {
                    work.unmeasured.push(i);
                    guess
                }
                Knowledge::Measured { value, sigma } => {
                    if !(sigma > 0.0 && sigma.is_finite() && value.is_finite()) {
                        let id = quantity.id.clone();
                        return Err(AccountError::Sigma { id, sigma });
                    }
                    work.measured.push(i);
                    work.values.push(value);
                    work.sigmas.push(sigma);
                    value
                }
            };
            work.x.push(value);
        }
        work.weights = vec![1.0; work.measured.len()];
        Ok(work)
    }

    /// Standard deviation that a measurement counts with.
    pub(super) fn effective_sigma(&self, k: usize) -> f64 {
        self.sigmas[k] / self.weights[k].sqrt()
    }

    /// Linearises at `x`; gives the right side for measured quantities counted from their measured values.
    fn linearise(&mut self) -> Result<Vec<f64>, AccountError> {
        let (n, u) = (self.measured.len(), self.unmeasured.len());
        let m = self.problem.constraints.len();
        let (mut of_measured, mut of_unmeasured) =
            (Vec::with_capacity(m * n), Vec::with_capacity(m * u));
        let mut right = Vec::with_capacity(m);
        let mut row = Row::default();
        for constraint in &self.problem.constraints {
            constraint.at(&self.x, &mut row);
            if !(row.value.is_finite() && row.gradient.iter().all(|v| v.is_finite())) {
                return Err(AccountError::NoValue {
                    constraint: constraint.id.clone(),
                });
            }
            let mut b = -row.value;
            for (k, &i) in self.measured.iter().enumerate() {
                of_measured.push(row.gradient[i] * self.effective_sigma(k));
                b += row.gradient[i] * (self.x[i] - self.values[k]);
            }
            of_unmeasured.extend(self.unmeasured.iter().map(|&i| row.gradient[i]));
            right.push(b);
        }
        self.linear = Linear::factor(of_measured, of_unmeasured, [m, n, u]);
        Ok(right)
    }

    /// Successive linearisation; gives the steps taken.
    fn converge(&mut self, iterations_max: u32) -> Result<u32, AccountError> {
        if self.problem.is_linear() {
            return self.settle_linear();
        }
        let (mut smallest, mut contradicted) = (f64::INFINITY, 0);
        for iteration in 1..=iterations_max {
            let right = self.linearise()?;
            let step = self.linear.step(&right);
            let target = self.target(&step.adjustments, &step.changes);
            let (length, moved) = self.search(&target);
            self.coordinates = step.coordinates;
            let (closure, worst) = self.closure();
            if moved <= SETTLED && closure <= CLOSURE_MAX {
                return Ok(iteration);
            }
            // A full step that solves its linear model nowhere, again and again: there is no solution near.
            contradicted = if step.off > 1e-6 { contradicted + 1 } else { 0 };
            smallest = smallest.min(closure);
            if contradicted > 20 && closure >= 0.99 * smallest {
                return Err(AccountError::Contradiction {
                    constraint: worst,
                    off: closure,
                });
            }
            if length == 0.0 {
                return Err(self.not_converged(iteration));
            }
        }
        Err(self.not_converged(iterations_max))
    }

    fn not_converged(&self, iterations: u32) -> AccountError {
        let (closure, constraint) = self.closure();
        AccountError::NotConverged {
            iterations,
            closure,
            constraint,
        }
    }

    /// One factorisation does; two corrections take the rounding out.
    fn settle_linear(&mut self) -> Result<u32, AccountError> {
        let mut right = self.linearise()?;
        let mut adjustments = vec![0.0; self.measured.len()];
        for correction in 0..3 {
            let step = self.linear.step(&right);
            if correction == 0 {
                self.coordinates.clone_from(&step.coordinates);
            }
            adjustments
                .iter_mut()
                .zip(&step.adjustments)
                .for_each(|(a, d)| *a += d);
            self.x = self.target(&adjustments, &step.changes);
            let (closure, worst) = self.closure();
            if closure <= 1e-15 {
                break;
            }
            if correction == 2 && closure > CLOSURE_MAX {
                return Err(AccountError::Contradiction {
                    constraint: worst,
                    off: closure,
                });
            }
            right = self
                .problem
                .constraints
                .iter()
                .map(|c| -c.value(&self.x).0)
                .collect();
        }
        Ok(1)
    }

    /// All quantities with adjustments counted from the measured values, and changes from where they are.
    fn target(&self, adjustments: &[f64], changes: &[f64]) -> Vec<f64> {
        let mut x = self.x.clone();
        for (k, &i) in self.measured.iter().enumerate() {
            x[i] = self.values[k] + adjustments[k] * self.effective_sigma(k);
        }
        for (k, &i) in self.unmeasured.iter().enumerate() {
            x[i] += changes[k];
        }
        x
    }

    /// Goes towards `target` as far as that lowers the violation or the objective; gives the fraction gone and the
    /// largest move, in standard deviations or relative to the value.
    ///
    /// A step is taken if either falls enough and the other does not grow out of bounds (the idea of the filter of
    /// Fletcher & Leyffer 2002, Math. Program. 91, 239, without its memory).
    fn search(&mut self, target: &[f64]) -> (f64, f64) {
        let (violation, objective) = (self.violation(&self.x), self.objective(&self.x));
        let mut length = 1.0;
        for _ in 0..HALVINGS {
            let trial: Vec<f64> = self
                .x
                .iter()
                .zip(target)
                .map(|(x, t)| x + length * (t - x))
                .collect();
            let (new, cost) = (self.violation(&trial), self.objective(&trial));
            let closer = new <= (1.0 - 1e-4 * length) * violation;
            let cheaper = cost < objective && new <= 2.0 * violation;
            // NaN compares false.
            if closer || cheaper || new <= 1e-10 {
                let moved = self.moved(&trial);
                self.x = trial;
                return (length, moved);
            }
            length *= 0.5;
        }
        (0.0, f64::INFINITY)
    }

    fn moved(&self, to: &[f64]) -> f64 {
        let measured = self
            .measured
            .iter()
            .enumerate()
            .map(|(k, &i)| (to[i] - self.x[i]).abs() / self.sigmas[k]);
        let unmeasured = self
            .unmeasured
            .iter()
            .map(|&i| (to[i] - self.x[i]).abs() / to[i].abs().max(1e-9));
        measured.chain(unmeasured).fold(0.0, f64::max)
    }

    /// Σ |g|, each constraint in the size its step was judged by.
    fn violation(&self, x: &[f64]) -> f64 {
        let sized = |(i, constraint): (usize, &super::Constraint)| {
            let scale = self.linear.scale(i);
            let value = constraint.value(x).0.abs();
            if scale > 0.0 { value / scale } else { value }
        };
        self.problem.constraints.iter().enumerate().map(sized).sum()
    }

    /// Σ w ξ².
    pub(super) fn objective(&self, x: &[f64]) -> f64 {
        let term =
            |(k, &i): (usize, &usize)| ((x[i] - self.values[k]) / self.effective_sigma(k)).powi(2);
        self.measured.iter().enumerate().map(term).sum()
    }

    /// The worst constraint, off by so much of its largest term.
    pub(super) fn closure(&self) -> (f64, String) {
        let mut worst = (0.0, String::new());
        for constraint in &self.problem.constraints {
            let (value, size) = constraint.value(&self.x);
            let off = if value == 0.0 {
                0.0
            } else {
                value.abs() / size
            };
            if off > worst.0 || off.is_nan() {
                worst = (
                    if off.is_nan() { f64::INFINITY } else { off },
                    constraint.id.clone(),
                );
            }
        }
        worst
    }

    /// Residuals in standard deviations.
    pub(super) fn residuals(&self) -> Vec<f64> {
        let residual = |(k, &i): (usize, &usize)| (self.x[i] - self.values[k]) / self.sigmas[k];
        self.measured.iter().enumerate().map(residual).collect()
    }

    /// Iteratively reweighted least squares; gives the steps taken.
    fn reweight(&mut self, loss: Loss, iterations_max: u32) -> Result<u32, AccountError> {
        let mut taken = 0;
        for _ in 0..iterations_max {
            let before = self.x.clone();
            let residuals = self.residuals();
            for (weight, xi) in self.weights.iter_mut().zip(residuals) {
                *weight = loss.weight(xi).max(WEIGHT_MIN);
            }
            taken += self.converge(iterations_max)?;
            if self.moved(&before) <= 1e-8 {
                return Ok(taken);
            }
        }
        Err(self.not_converged(taken))
    }
}
