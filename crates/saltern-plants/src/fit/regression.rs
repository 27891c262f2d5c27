//! The fit itself: estimates, standard errors, intervals, profiles.

use saltern_numerics::distributions::{normal_quantile, student_quantile};
use saltern_numerics::least_squares::{Loss, Minimum, Settings, minimise_within};
use saltern_numerics::profile::{Profile, profile};

use super::error::FitError;
use super::model::Model;
use super::secant::Secant;

/// Where standard errors take their scale from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Errors {
    /// From the residuals: standard deviations as stated are trusted only against each other; intervals by t.
    #[default]
    Scaled,
    /// From the standard deviations as stated; intervals by the normal distribution.
    Stated,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Scale of the standard errors.
    pub errors: Errors,
    /// Confidence of intervals.
    pub confidence: f64,
    /// Degrees of freedom that the reconciliation has taken.
    pub reconciled: usize,
    /// Steps allowed.
    pub iterations_max: u32,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            errors: Errors::Scaled,
            confidence: 0.95,
            reconciled: 0,
            iterations_max: 60,
        }
    }
}

/// A fit.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The minimum, all unknowns.
    pub minimum: Minimum,
    /// How many unknowns are parameters of all runs.
    pub parameters: usize,
    /// Degrees of freedom: measurements and priors, less what is determined, less what the reconciliation took.
    pub freedom: usize,
    /// Variance of a residual by which errors are scaled: 1 where they are as stated.
    pub variance: f64,
    /// Whether errors are scaled by the residuals.
    pub scaled: bool,
    /// Half width of an interval in standard errors.
    pub quantile: f64,
    /// Covariance of all unknowns, row-major; NaN for what rests at a bound or is not determined.
    pub covariance: Vec<f64>,
}

/// Pivots below this fraction of the first say nothing: what differences of solutions leave of a column that is none.
const RANK_TOLERANCE: f64 = 1e-8;

/// Fits a model from its first guess.
///
/// # Errors
/// [`FitError::NoStart`], [`FitError::NoValue`], [`FitError::NotConverged`]
pub fn fit(model: &mut Model<'_>, options: &Options) -> Result<Fit, FitError> {
    model.check()?;
    let (start, bounds, settings) = (model.first(), model.bounds(), settings(model, options));
    let stuck = |iterations| FitError::NotConverged { iterations };
    let found = minimise_within(&start, &bounds, &settings, &mut |x| model.evaluate(x));
    let minimum = found.map_err(|_| stuck(0))?;
    if !minimum.converged {
        return Err(stuck(minimum.iterations));
    }
    Ok(Fit::of(minimum, model.parameters, options))
}

fn settings(model: &Model<'_>, options: &Options) -> Settings {
    Settings {
        loss: Loss::Squares,
        data_rows: model.pilot.counted(),
        rank_tolerance: RANK_TOLERANCE,
        iterations_max: options.iterations_max,
    }
}

impl Fit {
    fn of(minimum: Minimum, parameters: usize, options: &Options) -> Fit {
        let taken = minimum.qr.rank() + options.reconciled;
        let freedom = minimum.at.residuals.len().saturating_sub(taken);
        let scaled = options.errors == Errors::Scaled && freedom > 0;
        let variance = if scaled {
            minimum.sum_of_squares / freedom as f64
        } else {
            1.0
        };
        let upper = 0.5 + 0.5 * options.confidence;
        let quantile = if scaled {
            student_quantile(upper, freedom)
        } else {
            normal_quantile(upper)
        };
        let normal = minimum.qr.inverse_normal();
        Fit {
            covariance: normal.iter().map(|v| v * variance).collect(),
            minimum,
            parameters,
            freedom,
            variance,
            scaled,
            quantile,
        }
    }

    /// The unknowns at their best.
    pub fn x(&self) -> &[f64] {
        &self.minimum.x
    }

    /// Standard error of an unknown; NaN where it rests at a bound or is not determined.
    pub fn deviation(&self, k: usize) -> f64 {
        self.covariance(k, k).sqrt()
    }

    /// Covariance of two unknowns.
    pub fn covariance(&self, a: usize, b: usize) -> f64 {
        self.covariance[a * self.x().len() + b]
    }

    /// Correlation of two unknowns.
    pub fn correlation(&self, a: usize, b: usize) -> f64 {
        self.covariance(a, b) / (self.deviation(a) * self.deviation(b))
    }

    /// Estimate ± t standard errors.
    pub fn interval(&self, k: usize) -> (f64, f64) {
        let half = self.quantile * self.deviation(k);
        (self.x()[k] - half, self.x()[k] + half)
    }

    /// Covariance of the parameters of all runs; a parameter that rests at a bound counts as known.
    pub fn of_parameters(&self) -> Vec<f64> {
        let n = self.parameters;
        let rests = |k: usize| self.minimum.at_bound[k];
        let cell = |k: usize| match (k / n, k % n) {
            (a, b) if rests(a) || rests(b) => 0.0,
            (a, b) => self.covariance(a, b),
        };
        (0..n * n).map(cell).collect()
    }

    /// The profile of a parameter, out to where its interval ends.
    pub fn profile(&self, k: usize, model: &mut Model<'_>, options: &Options) -> Profile {
        let bounds = model.bounds();
        let settings = settings(model, options);
        let span = model.unknowns[k].span();
        let deviation = self.deviation(k);
        // Where nothing is known of it the profile goes out in steps of its range.
        let stride = if deviation.is_finite() {
            deviation.min(span)
        } else {
            0.1 * span
        };
        let mut last = Secant::new(self.x(), &self.minimum.at);
        profile(
            &self.minimum,
            k,
            stride,
            self.quantile,
            self.variance,
            &bounds,
            &settings,
            &mut |x| model.evaluate_by_secant(x, &mut last),
        )
    }
}
