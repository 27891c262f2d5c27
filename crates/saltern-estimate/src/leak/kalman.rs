//! A Kalman filter whose transition is the identity with a few rows changed.
//!
//! x ← F x, P ← F P Fᵀ + Σ q qᵀ; for one observation z = h·x + v, v ~ N(0, r): S = h P hᵀ + r, K = P hᵀ/S,
//! x ← x + K (z − h x), P ← P − K S Kᵀ (Kalman 1960, J. Basic Eng. 82, 35). Observations are taken one at a time, which is
//! the same as all at once where their errors are independent.

/// A few coefficients of a row.
pub(crate) type Row = Vec<(usize, f64)>;

/// Mean and covariance.
#[derive(Clone, Debug)]
pub(crate) struct Kalman {
    pub(crate) x: Vec<f64>,
    /// Row-major.
    pub(crate) p: Vec<f64>,
}

impl Kalman {
    /// Independent unknowns around zero.
    pub(crate) fn new(sigmas: &[f64]) -> Self {
        let n = sigmas.len();
        let mut p = vec![0.0; n * n];
        for (i, sigma) in sigmas.iter().enumerate() {
            p[i * n + i] = sigma * sigma;
        }
        Kalman { x: vec![0.0; n], p }
    }

    /// Moves on: each changed row of F is (unknown, its new value as a combination of the old).
    pub(crate) fn advance(&mut self, changed: &[(usize, Row)]) {
        let n = self.x.len();
        let next: Vec<f64> = (changed.iter())
            .map(|(_, row)| row.iter().map(|(j, a)| a * self.x[*j]).sum())
            .collect();
        for ((i, _), value) in changed.iter().zip(next) {
            self.x[*i] = value;
        }
        let mut rows = Vec::with_capacity(changed.len());
        for (_, row) in changed {
            let mut sum = vec![0.0; n];
            for (j, a) in row {
                let from = &self.p[j * n..(j + 1) * n];
                sum.iter_mut().zip(from).for_each(|(s, p)| *s += a * p);
            }
            rows.push(sum);
        }
        for ((i, _), row) in changed.iter().zip(rows) {
            self.p[i * n..(i + 1) * n].copy_from_slice(&row);
        }
        for i in 0..n {
            let row = &mut self.p[i * n..(i + 1) * n];
            let next: Vec<f64> = (changed.iter())
                .map(|(_, of)| of.iter().map(|(j, a)| a * row[*j]).sum())
                .collect();
            for ((j, _), value) in changed.iter().zip(next) {
                row[*j] = value;
            }
        }
    }

    /// Adds a disturbance of variance one along a direction.
    pub(crate) fn disturb(&mut self, along: &Row) {
        let n = self.x.len();
        for (i, a) in along {
            for (j, b) in along {
                self.p[i * n + j] += a * b;
            }
        }
    }

    /// Mean and variance of a combination.
    pub(crate) fn of(&self, h: &Row) -> (f64, f64) {
        let n = self.x.len();
        let mean = h.iter().map(|(j, a)| a * self.x[*j]).sum();
        let each = h.iter().map(|(i, a)| {
            let row = h.iter().map(|(j, b)| b * self.p[i * n + j]);
            a * row.sum::<f64>()
        });
        (mean, each.sum::<f64>().max(0.0))
    }

    /// Takes an observation of a combination in.
    pub(crate) fn observe(&mut self, h: &Row, value: f64, variance: f64) {
        let n = self.x.len();
        let (mean, own) = self.of(h);
        let s = own + variance;
        let ph: Vec<f64> = (0..n)
            .map(|i| h.iter().map(|(j, a)| a * self.p[i * n + j]).sum())
            .collect();
        for i in 0..n {
            self.x[i] += ph[i] * (value - mean) / s;
            for j in 0..n {
                self.p[i * n + j] -= ph[i] * ph[j] / s;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kalman;

    /// A line through levels with equal errors: the slope's variance is r·12/(n³ − n), that of ordinary regression.
    #[test]
    fn a_slope_is_as_uncertain_as_in_regression() {
        let (n, r) = (57, 2e-3_f64.powi(2));
        let mut kalman = Kalman::new(&[1e3, 1e3]);
        for day in 0..n {
            if day > 0 {
                kalman.advance(&[(0, vec![(0, 1.0), (1, 1.0)])]);
            }
            kalman.observe(&vec![(0, 1.0)], 0.3 - 0.004 * f64::from(day), r);
        }
        let (slope, variance) = kalman.of(&vec![(1, 1.0)]);
        let regression = r * 12.0 / f64::from(n * n * n - n);
        assert!((slope + 0.004).abs() < 1e-9, "{slope}");
        assert!((variance / regression - 1.0).abs() < 1e-5);
    }
}
