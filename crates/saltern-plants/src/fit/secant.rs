//! Searches near a place where everything is known, at one solution a run.

use saltern_numerics::least_squares::Evaluation;

use super::model::{Model, Unknown};

/// Where a search by secants was last: place, residuals, and the Jacobian as far as it is known.
#[derive(Clone, Debug)]
pub struct Secant {
    x: Vec<f64>,
    at: Evaluation,
}

impl Secant {
    /// Begins where everything is known.
    pub fn new(x: &[f64], at: &Evaluation) -> Secant {
        Secant {
            x: x.to_vec(),
            at: at.clone(),
        }
    }
}

impl Model<'_> {
    /// As [`Model::evaluate`], with the Jacobian carried over and corrected by what the residuals did (Broyden 1965, Math.
    /// Comp. 19, 577): one solution a run. For searches near a place where it was known.
    pub fn evaluate_by_secant(&mut self, x: &[f64], last: &mut Secant) -> Option<Evaluation> {
        self.tell();
        let predicted = self.predictions(x).ok();
        let Some(values) = predicted else {
            self.failures += 1;
            return None;
        };
        let counted = self
            .pilot
            .measurements
            .iter()
            .zip(&values)
            .filter(|(m, _)| m.counted);
        let mut residuals: Vec<f64> = counted.map(|(m, f)| (f - m.value) / m.sigma).collect();
        let pairs = self.unknowns.iter().zip(x);
        residuals
            .extend(pairs.filter_map(|(u, x)| u.prior.map(|(mean, sigma)| (x - mean) / sigma)));
        if residuals.iter().any(|r| !r.is_finite()) {
            return None;
        }
        let n = x.len();
        let spans: Vec<f64> = self.unknowns.iter().map(Unknown::span).collect();
        let moved: Vec<f64> = (0..n).map(|j| x[j] - last.x[j]).collect();
        let square: f64 = (0..n).map(|j| (moved[j] / spans[j]).powi(2)).sum();
        if square > 0.0 {
            for (i, row) in last.at.jacobian.chunks_exact_mut(n).enumerate() {
                let told: f64 = row.iter().zip(&moved).map(|(j, d)| j * d).sum();
                let off = (residuals[i] - last.at.residuals[i] - told) / square;
                for j in 0..n {
                    row[j] += off * moved[j] / spans[j].powi(2);
                }
            }
        }
        last.x.copy_from_slice(x);
        last.at.residuals = residuals;
        Some(last.at.clone())
    }
}
