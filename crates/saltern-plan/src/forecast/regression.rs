//! Least squares that forgets: what was learnt fades by a factor with every new sample.

use super::past::TERMS;

/// Samples, as their weight has it, below which nothing has been learnt.
const LEARNT: f64 = 50.0;

/// Share of the diagonal that is added to it, so that terms which never move do no harm.
const RIDGE: f64 = 1e-6;

/// Normal equations of one lead.
#[derive(Clone, Debug)]
pub(super) struct Regression {
    kept: f64,
    samples: f64,
    normal: [[f64; TERMS]; TERMS],
    right: [f64; TERMS],
}

impl Regression {
    /// `kept`: factor by which the past fades with each sample.
    pub(super) fn new(kept: f64) -> Self {
        Regression {
            kept,
            samples: 0.0,
            normal: [[0.0; TERMS]; TERMS],
            right: [0.0; TERMS],
        }
    }

    /// Learns a sample of a weight.
    pub(super) fn learn(&mut self, z: &[f64; TERMS], x: f64, weight: f64) {
        self.samples = self.kept * self.samples + 1.0;
        for i in 0..TERMS {
            for j in 0..=i {
                self.normal[i][j] = self.kept * self.normal[i][j] + weight * z[i] * z[j];
            }
            self.right[i] = self.kept * self.right[i] + weight * z[i] * x;
        }
    }

    /// Coefficients; those of the mean alone before enough has been learnt.
    pub(super) fn coefficients(&self) -> [f64; TERMS] {
        let mean = [0.0, 0.0, 0.0, 1.0, 0.0];
        if self.samples < LEARNT {
            return mean;
        }
        self.solved().unwrap_or(mean)
    }

    /// By Cholesky's factors; `None` where a pivot is lost.
    fn solved(&self) -> Option<[f64; TERMS]> {
        let mut l = self.normal;
        let trace: f64 = (0..TERMS).map(|i| l[i][i]).sum();
        let mut x = self.right;
        for i in 0..TERMS {
            for j in 0..i {
                let dot: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
                l[i][j] = (l[i][j] - dot) / l[j][j];
            }
            let dot: f64 = (0..i).map(|k| l[i][k] * l[i][k]).sum();
            let pivot = l[i][i] * (1.0 + RIDGE) + 1e-12 * trace - dot;
            if pivot <= 0.0 {
                return None;
            }
            l[i][i] = pivot.sqrt();
            let dot: f64 = (0..i).map(|k| l[i][k] * x[k]).sum();
            x[i] = (x[i] - dot) / l[i][i];
        }
        for i in (0..TERMS).rev() {
            let dot: f64 = (i + 1..TERMS).map(|k| l[k][i] * x[k]).sum();
            x[i] = (x[i] - dot) / l[i][i];
        }
        Some(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_law_is_learnt() {
        let law = [0.5, -1.0, 2.0, 0.25, 0.0];
        let mut regression = Regression::new(0.999);
        for i in 0..400 {
            let t = f64::from(i);
            let z = [1.0, (t * 0.7).sin(), (t * 1.3).cos(), (t * 0.11).sin(), 0.0];
            let x = law.iter().zip(&z).map(|(b, z)| b * z).sum();
            regression.learn(&z, x, 1.0);
        }
        for (found, wanted) in regression.coefficients().iter().zip(&law) {
            assert!((found - wanted).abs() < 1e-4, "{found} for {wanted}");
        }
    }

    #[test]
    fn before_anything_is_learnt_the_mean_is_forecast() {
        assert_eq!(
            Regression::new(0.9).coefficients(),
            [0.0, 0.0, 0.0, 1.0, 0.0]
        );
    }
}
