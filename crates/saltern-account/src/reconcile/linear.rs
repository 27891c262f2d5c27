//! One linearised step: unmeasured quantities taken out by QR, measurements projected onto what is left.

use saltern_numerics::qr::Qr;

/// Diagonals of R below this fraction of the first count as zero.
const RANK_TOLERANCE: f64 = 1e-9;
/// What is left of a constraint counts as nothing below this, constraints being of size one.
const NOTHING: f64 = 1e-11;

/// The linearised constraints G_m S a + G_u d = b, factored: a are the adjustments of the measured quantities in
/// standard deviations, d those of the unmeasured quantities.
#[derive(Clone, Debug, Default)]
pub(super) struct Linear {
    measured: usize,
    unmeasured: usize,
    constraints: usize,
    /// What each constraint was divided by; zero for one that holds nothing adjustable.
    scales: Vec<f64>,
    /// Scaled G_m S, row-major.
    of_measured: Vec<f64>,
    /// QR of the scaled G_u.
    removed: Option<Qr>,
    /// Rows of Qᵀ G_m S below the rank of G_u that are not zero.
    kept: Vec<usize>,
    /// QR of the transpose of the rows kept.
    projected: Qr,
    /// Orthonormal basis of the directions in which measurements are adjusted, row-major `measured × freedom`; empty until
    /// formed.
    pub(super) basis: Vec<f64>,
    pub(super) freedom: usize,
}

/// A step.
#[derive(Clone, Debug, Default)]
pub(super) struct Step {
    /// Coordinates of the adjustment in the basis.
    pub(super) coordinates: Vec<f64>,
    /// Adjustments, in standard deviations.
    pub(super) adjustments: Vec<f64>,
    /// Changes of the unmeasured quantities.
    pub(super) changes: Vec<f64>,
    /// Largest disagreement left, constraints being of size one, and the constraint it may come from.
    pub(super) off: f64,
}

impl Linear {
    /// Factors the constraints. `of_measured` is G_m S and `of_unmeasured` G_u, row-major; the
    /// counts are of constraints, measured and unmeasured quantities.
    pub(super) fn factor(
        mut of_measured: Vec<f64>,
        mut of_unmeasured: Vec<f64>,
        [constraints, measured, unmeasured]: [usize; 3],
    ) -> Linear {
        let scales: Vec<f64> = (0..constraints)
            .map(|i| {
                let own = &of_measured[i * measured..(i + 1) * measured];
                let others = &of_unmeasured[i * unmeasured..(i + 1) * unmeasured];
                if largest(own) > 0.0 {
                    largest(own)
                } else {
                    largest(others)
                }
            })
            .collect();
        for (i, scale) in scales.iter().enumerate().filter(|(_, s)| **s > 0.0) {
            let rows = [
                (&mut of_measured, measured),
                (&mut of_unmeasured, unmeasured),
            ];
            for (matrix, width) in rows {
                matrix[i * width..(i + 1) * width]
                    .iter_mut()
                    .for_each(|v| *v /= scale);
            }
        }
        let removed = (unmeasured > 0 && constraints > 0)
            .then(|| Qr::factor(&of_unmeasured, constraints, unmeasured, RANK_TOLERANCE));
        let mut linear = Linear {
            measured,
            unmeasured,
            constraints,
            scales,
            of_measured,
            removed,
            ..Linear::default()
        };
        linear.project();
        linear
    }

    fn project(&mut self) {
        let (m, n) = (self.constraints, self.measured);
        let first = self.removed.as_ref().map_or(0, Qr::rank);
        // Columns of G_m S, rotated; `rotated` is column-major.
        let mut rotated = vec![0.0; m * n];
        for j in 0..n {
            let column = &mut rotated[j * m..(j + 1) * m];
            for (i, v) in column.iter_mut().enumerate() {
                *v = self.of_measured[i * n + j];
            }
            if let Some(qr) = &self.removed {
                qr.rotate(column);
            }
        }
        let size = |i: usize| (0..n).fold(0.0_f64, |most, j| most.max(rotated[j * m + i].abs()));
        self.kept = (first..m).filter(|&i| size(i) > NOTHING).collect();
        let k = self.kept.len();
        let mut transposed = vec![0.0; n * k];
        for j in 0..n {
            for (place, &i) in self.kept.iter().enumerate() {
                transposed[j * k + place] = rotated[j * m + i];
            }
        }
        self.projected = Qr::factor(&transposed, n, k, RANK_TOLERANCE);
        self.freedom = self.projected.rank();
    }

    /// The shortest adjustments and the changes with which the constraints hold, `right` being b.
    pub(super) fn step(&self, right: &[f64]) -> Step {
        let scaled: Vec<f64> = right
            .iter()
            .zip(&self.scales)
            .map(|(b, s)| if *s > 0.0 { b / s } else { 0.0 })
            .collect();
        let (coordinates, off) = self.coordinates(&scaled);
        let adjustments = self.projected.expand(&coordinates);
        let changes = self.changes(&scaled, &adjustments);
        Step {
            coordinates,
            adjustments,
            changes,
            off,
        }
    }

    /// Forms the basis, which only the last step needs.
    pub(super) fn form_basis(&mut self) {
        self.basis = self.projected.basis();
    }

    /// Coordinates in the basis of the adjustment that a scaled right side asks for.
    fn coordinates(&self, scaled: &[f64]) -> (Vec<f64>, f64) {
        let mut rotated = scaled.to_vec();
        let mut first = 0;
        if let Some(qr) = &self.removed {
            qr.rotate(&mut rotated);
            first = qr.rank();
        }
        // Rows behind the rank that hold nothing measured must agree by themselves.
        let alone = (first..self.constraints)
            .filter(|i| !self.kept.contains(i))
            .map(|i| rotated[i].abs())
            .fold(0.0, f64::max);
        let kept: Vec<f64> = self.kept.iter().map(|&i| rotated[i]).collect();
        let (coordinates, off) = self.projected.least_norm(&kept);
        (coordinates, off.max(alone))
    }

    fn changes(&self, scaled: &[f64], adjustments: &[f64]) -> Vec<f64> {
        let Some(qr) = &self.removed else {
            return vec![0.0; self.unmeasured];
        };
        let left: Vec<f64> = (0..self.constraints)
            .map(|i| {
                let row = &self.of_measured[i * self.measured..(i + 1) * self.measured];
                scaled[i] - dot(row, adjustments)
            })
            .collect();
        qr.solve(&left)
    }

    /// Coordinates in the basis of a unit violation of one constraint: what a leak there looks like.
    pub(super) fn leak(&self, constraint: usize) -> Vec<f64> {
        let mut unit = vec![0.0; self.constraints];
        if self.scales[constraint] > 0.0 {
            unit[constraint] = 1.0 / self.scales[constraint];
        }
        self.coordinates(&unit).0
    }

    /// Changes of each unmeasured quantity by a standard deviation of each measurement after reconciliation, row-major
    /// `unmeasured × measured`.
    pub(super) fn response(&self) -> Vec<f64> {
        let (n, u) = (self.measured, self.unmeasured);
        let Some(qr) = &self.removed else {
            return Vec::new();
        };
        let mut response = vec![0.0; u * n];
        for j in 0..n {
            let column: Vec<f64> = (0..self.constraints)
                .map(|i| -self.of_measured[i * n + j])
                .collect();
            for (k, v) in qr.solve(&column).into_iter().enumerate() {
                response[k * n + j] = v;
            }
        }
        for row in response.chunks_exact_mut(n.max(1)) {
            self.remove_adjusted(row);
        }
        response
    }

    /// Takes from a row of responses to measurements what reconciliation takes from the measurements.
    pub(super) fn remove_adjusted(&self, row: &mut [f64]) {
        if self.freedom == 0 {
            return;
        }
        let mut along = vec![0.0; self.freedom];
        for (v, basis) in row.iter().zip(self.basis.chunks_exact(self.freedom)) {
            along.iter_mut().zip(basis).for_each(|(a, q)| *a += v * q);
        }
        for (v, basis) in row.iter_mut().zip(self.basis.chunks_exact(self.freedom)) {
            *v -= dot(basis, &along);
        }
    }

    /// Which unmeasured quantities the constraints determine: those that no motion along the null space of G_u moves.
    pub(super) fn observable(&self) -> Vec<bool> {
        let mut observable = vec![self.removed.is_some(); self.unmeasured];
        for (column, others) in self.removed.iter().flat_map(Qr::dependencies) {
            observable[column] = false;
            for (other, factor) in others {
                if factor.abs() > RANK_TOLERANCE {
                    observable[other] = false;
                }
            }
        }
        observable
    }

    /// How many constraints there are.
    pub(super) fn constraints(&self) -> usize {
        self.constraints
    }

    /// A constraint that holds nothing adjustable.
    pub(super) fn fixed(&self, constraint: usize) -> bool {
        self.scales[constraint] == 0.0
    }

    /// The constraint sizes that steps are judged by.
    pub(super) fn scale(&self, constraint: usize) -> f64 {
        self.scales[constraint]
    }
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, v| most.max(v.abs()))
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
