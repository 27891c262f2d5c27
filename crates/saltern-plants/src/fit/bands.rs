//! Bands: what the errors of fitted parameters make of a recovery, a grade, a flow.
//!
//! To first order, var g = ∇gᵀ C ∇g. By sampling: parameters drawn from the normal distribution of the fit (a multivariate
//! t where errors are scaled), set back inside their bounds, each solved through the flowsheet; the quantiles of what comes out.
//! The two differ where the plant bends, and then the sampled band is the one to believe.

use saltern_numerics::cholesky;
use saltern_numerics::distributions::normal_quantile;
use saltern_numerics::quantile::of_sorted;
use saltern_numerics::random::Random;

use crate::bench::Bench;
use crate::measure::Measure;
use crate::solve::SolveError;
use crate::target::Target;

/// A band to first order.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The measure at the estimates, SI.
    pub value: f64,
    /// Its standard deviation.
    pub sigma: f64,
    /// Derivatives by the parameters.
    pub gradient: Vec<f64>,
}

/// A sampled band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampled {
    /// Lower end, middle and upper end.
    pub quantiles: (f64, f64, f64),
    /// Samples that had a value.
    pub drawn: usize,
    /// Samples that had none: no steady state there.
    pub failed: usize,
}

/// Parameters with what is known of them.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What they stand for.
    pub targets: &'a [&'a Target],
    /// Estimates, SI.
    pub x: &'a [f64],
    /// Covariance, row-major.
    pub covariance: &'a [f64],
    /// Bounds, SI.
    pub bounds: &'a [(f64, f64)],
    /// Steps for differences.
    pub steps: &'a [f64],
}

impl Known<'_> {
    fn set(&self) -> Vec<(&Target, f64)> {
        let pairs = self.targets.iter().zip(self.x);
        pairs.map(|(target, x)| (*target, *x)).collect()
    }
}

/// gᵀ C g.
pub fn quadratic(covariance: &[f64], a: &[f64], b: &[f64]) -> f64 {
    let n = a.len();
    let mut sum = 0.0;
    for i in 0..n {
        for j in 0..n {
            // What has no influence may be unknown.
            if a[i] != 0.0 && b[j] != 0.0 {
                sum += a[i] * covariance[i * n + j] * b[j];
            }
        }
    }
    sum
}

/// Bands of measures to first order.
///
/// # Errors
/// [`SolveError`] at the estimates.
pub fn linear(
    bench: &mut Bench<'_>,
    known: &Known<'_>,
    measures: &[&Measure],
) -> Result<Vec<Band>, SolveError> {
    let n = known.x.len();
    let (values, slopes) = bench.sloped(&known.set(), known.steps, measures)?;
    let bands = values.into_iter().enumerate().map(|(i, value)| {
        let gradient = slopes[i * n..(i + 1) * n].to_vec();
        Band {
            value,
            sigma: quadratic(known.covariance, &gradient, &gradient).sqrt(),
            gradient,
        }
    });
    Ok(bands.collect())
}

/// Bands of measures by sampling: the middle `confidence` of `samples`. `freedom` is that of the t, none for a normal.
pub fn sampled(
    bench: &mut Bench<'_>,
    known: &Known<'_>,
    measures: &[&Measure],
    (samples, seed): (usize, u64),
    freedom: Option<usize>,
    confidence: f64,
) -> Vec<Sampled> {
    let n = known.x.len();
    let root = cholesky::semidefinite(known.covariance, n);
    let mut random = Random::new(seed);
    let mut drawn: Vec<Vec<f64>> = vec![Vec::new(); measures.len()];
    let mut failed = 0;
    for _ in 0..samples {
        let z: Vec<f64> = (0..n).map(|_| normal_quantile(random.open())).collect();
        let stretch = freedom.map_or(1.0, |freedom| {
            let squares: f64 = (0..freedom)
                .map(|_| normal_quantile(random.open()).powi(2))
                .sum();
            (freedom as f64 / squares).sqrt()
        });
        let at: Vec<f64> = (0..n)
            .map(|i| {
                let off: f64 = (0..=i).map(|j| root[i * n + j] * z[j]).sum();
                let (low, high) = known.bounds[i];
                (known.x[i] + stretch * off).max(low).min(high)
            })
            .collect();
        let set: Vec<(&Target, f64)> = known
            .targets
            .iter()
            .zip(&at)
            .map(|(t, x)| (*t, *x))
            .collect();
        match bench.measured(&set, measures, false) {
            Ok(values) if values.iter().all(|v| v.is_finite()) => {
                for (list, value) in drawn.iter_mut().zip(values) {
                    list.push(value);
                }
            }
            _ => failed += 1,
        }
    }
    let tail = 0.5 - 0.5 * confidence;
    let bands = drawn.into_iter().map(|mut list| {
        list.sort_by(f64::total_cmp);
        Sampled {
            quantiles: (
                of_sorted(&list, tail),
                of_sorted(&list, 0.5),
                of_sorted(&list, 1.0 - tail),
            ),
            drawn: list.len(),
            failed,
        }
    });
    bands.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_influence_may_be_unknown() {
        let c = [0.25, f64::NAN, f64::NAN, f64::NAN];
        assert_eq!(quadratic(&c, &[2.0, 0.0], &[2.0, 0.0]), 1.0);
        assert!(quadratic(&c, &[2.0, 0.1], &[2.0, 0.1]).is_nan());
    }
}
