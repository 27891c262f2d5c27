//! Householder QR with column pivoting: least squares that says what the data do not determine.
//!
//! A P = Q R with |r_11| ≥ |r_22| ≥ … (Businger & Golub 1965, Numer. Math. 7, 269; Golub & Van Loan, Matrix
//! Computations, algorithm 5.4.1). Columns are scaled to unit length first, so that the rank does not depend
//! on the units of the unknowns.

/// A matrix of more rows than columns, factored.
#[derive(Clone, Debug, Default)]
pub struct Qr {
    rows: usize,
    columns: usize,
    /// R above the diagonal (by columns, in pivot order), Householder vectors from the diagonal down.
    factors: Vec<f64>,
    /// Diagonal of R.
    diagonal: Vec<f64>,
    /// Which column of the matrix stands at each place.
    pivots: Vec<usize>,
    /// Length of each column of the matrix, in its own order.
    lengths: Vec<f64>,
    rank: usize,
}

impl Qr {
    /// Factors a row-major matrix of `rows` × `columns`. Diagonal entries of R below `tolerance` times the first
    /// count as zero: the columns at and behind them depend on those before.
    pub fn factor(matrix: &[f64], rows: usize, columns: usize, tolerance: f64) -> Qr {
        debug_assert_eq!(matrix.len(), rows * columns);
        let mut qr = Qr {
            rows,
            columns,
            factors: vec![0.0; rows * columns],
            diagonal: vec![0.0; columns],
            pivots: (0..columns).collect(),
            lengths: vec![0.0; columns],
            rank: 0,
        };
        for j in 0..columns {
            let column = &mut qr.factors[j * rows..(j + 1) * rows];
            for (i, v) in column.iter_mut().enumerate() {
                *v = matrix[i * columns + j];
            }
            let length = norm(column);
            qr.lengths[j] = length;
            if length > 0.0 {
                column.iter_mut().for_each(|v| *v /= length);
            }
        }
        qr.triangulate(tolerance);
        qr
    }

    fn triangulate(&mut self, tolerance: f64) {
        // Squared lengths of what is left of each column, downdated row by row, and what they were when last summed.
        let mut left: Vec<f64> = (0..self.columns).map(|j| square(self.column(j))).collect();
        let mut summed = left.clone();
        for k in 0..self.columns.min(self.rows) {
            self.bring_longest_to(k, &mut left, &mut summed);
            let size = self.reflect(k);
            self.diagonal[k] = size;
            if size.abs() <= tolerance * self.diagonal[0].abs() || size == 0.0 {
                return;
            }
            self.rank = k + 1;
            for j in k + 1..self.columns {
                left[j] -= self.factors[j * self.rows + k].powi(2);
                if left[j] <= CANCELLED * summed[j] {
                    left[j] = square(&self.column(j)[k + 1..]);
                    summed[j] = left[j];
                }
            }
        }
    }

    /// Swaps the column with the longest remainder to place `k`.
    fn bring_longest_to(&mut self, k: usize, left: &mut [f64], summed: &mut [f64]) {
        let mut longest = k;
        for j in k + 1..self.columns {
            if left[j] > left[longest] {
                longest = j;
            }
        }
        if longest != k {
            let (front, back) = self.factors.split_at_mut(longest * self.rows);
            front[k * self.rows..(k + 1) * self.rows].swap_with_slice(&mut back[..self.rows]);
            self.pivots.swap(k, longest);
            left.swap(k, longest);
            summed.swap(k, longest);
        }
    }

    /// Makes the Householder vector of column `k` and applies it to the columns behind; gives r_kk.
    fn reflect(&mut self, k: usize) -> f64 {
        let rows = self.rows;
        let (front, back) = self.factors.split_at_mut((k + 1) * rows);
        let vector = &mut front[k * rows + k..];
        let length = norm(vector);
        if length == 0.0 {
            return 0.0;
        }
        let size = if vector[0] > 0.0 { -length } else { length };
        vector[0] -= size;
        let reach = square(vector);
        for column in back.chunks_exact_mut(rows) {
            apply(vector, reach, &mut column[k..]);
        }
        size
    }

    fn column(&self, place: usize) -> &[f64] {
        &self.factors[place * self.rows..(place + 1) * self.rows]
    }

    /// r_ij, i ≤ j, of the column-scaled matrix.
    fn r(&self, i: usize, j: usize) -> f64 {
        if i == j {
            self.diagonal[i]
        } else {
            self.factors[j * self.rows + i]
        }
    }

    /// How many columns are independent.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// |r_kk / r_11| of every column of the matrix, in its own order: near zero for what the rows hardly
    /// determine beside the other columns; zero behind the rank.
    pub fn pivot_ratios(&self) -> Vec<f64> {
        let mut ratios = vec![0.0; self.columns];
        for k in 0..self.rank {
            ratios[self.pivots[k]] = (self.diagonal[k] / self.diagonal[0]).abs();
        }
        ratios
    }

    /// The x of least |A x − b|; unknowns behind the rank are zero.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut b = b.to_vec();
        for k in 0..self.rank {
            let vector = &self.column(k)[k..];
            let size = square(vector);
            apply(vector, size, &mut b[k..]);
        }
        let mut x = vec![0.0; self.columns];
        for (k, value) in self
            .back_substituted(&b[..self.rank])
            .into_iter()
            .enumerate()
        {
            x[self.pivots[k]] = value / self.lengths[self.pivots[k]];
        }
        x
    }

    fn back_substituted(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for i in (0..self.rank).rev() {
            let known: f64 = (i + 1..self.rank).map(|j| self.r(i, j) * x[j]).sum();
            x[i] = (x[i] - known) / self.r(i, i);
        }
        x
    }

    /// Qᵀ b, in place: what the columns reach stands in the first [`Qr::rank`] places, what they don't behind.
    pub fn rotate(&self, b: &mut [f64]) {
        for k in 0..self.rank {
            let vector = &self.column(k)[k..];
            let size = square(vector);
            apply(vector, size, &mut b[k..]);
        }
    }

    /// An orthonormal basis of the columns, row-major `rows × rank`.
    pub fn basis(&self) -> Vec<f64> {
        let mut out = vec![0.0; self.rows * self.rank];
        let mut unit = vec![0.0; self.rank];
        for j in 0..self.rank {
            unit[j] = 1.0;
            for (i, v) in self.expand(&unit).into_iter().enumerate() {
                out[i * self.rank + j] = v;
            }
            unit[j] = 0.0;
        }
        out
    }

    /// The combination of the columns of [`Qr::basis`] with these coordinates, without forming them.
    pub fn expand(&self, coordinates: &[f64]) -> Vec<f64> {
        let mut x = vec![0.0; self.rows];
        x[..self.rank].copy_from_slice(&coordinates[..self.rank]);
        // Reflections behind the last coordinate would meet nothing but zeros.
        let last = x.iter().rposition(|v| *v != 0.0).map_or(0, |i| i + 1);
        for k in (0..last).rev() {
            let vector = &self.column(k)[k..];
            apply(vector, square(vector), &mut x[k..]);
        }
        x
    }

    /// The coordinates, in [`Qr::basis`], of the shortest x with Aᵀ x = b, and the largest disagreement that the
    /// dependent columns leave, for columns of unit length.
    pub fn least_norm(&self, b: &[f64]) -> (Vec<f64>, f64) {
        let scaled = |place: usize| {
            let column = self.pivots[place];
            let length = self.lengths[column];
            if length > 0.0 {
                b[column] / length
            } else {
                b[column]
            }
        };
        let mut c = vec![0.0; self.rank];
        let left = |c: &[f64], place: usize, upto: usize| {
            let known: f64 = (0..upto).map(|i| self.column(place)[i] * c[i]).sum();
            scaled(place) - known
        };
        for k in 0..self.rank {
            c[k] = left(&c, k, k) / self.diagonal[k];
        }
        let off = (self.rank..self.columns)
            .map(|place| left(&c, place, self.rank).abs())
            .fold(0.0, f64::max);
        (c, off)
    }

    /// (AᵀA)⁻¹, row-major, of the independent columns; rows and columns of the others are NaN.
    pub fn inverse_normal(&self) -> Vec<f64> {
        let n = self.columns;
        let mut out = vec![f64::NAN; n * n];
        // Columns of R⁻¹; (RᵀR)⁻¹ = R⁻¹ R⁻ᵀ.
        let inverse: Vec<Vec<f64>> = (0..self.rank)
            .map(|j| {
                let mut unit = vec![0.0; self.rank];
                unit[j] = 1.0;
                self.back_substituted(&unit)
            })
            .collect();
        for a in 0..self.rank {
            for b in 0..self.rank {
                let sum: f64 = inverse.iter().map(|column| column[a] * column[b]).sum();
                let (i, j) = (self.pivots[a], self.pivots[b]);
                out[i * n + j] = sum / (self.lengths[i] * self.lengths[j]);
            }
        }
        out
    }

    /// Each column behind the rank as a combination of the independent ones: `(column, [(other, factor)])`,
    /// factors in units of unit-length columns. A column of zeros has an empty list.
    pub fn dependencies(&self) -> Vec<(usize, Vec<(usize, f64)>)> {
        (self.rank..self.columns)
            .map(|place| {
                let column = self.pivots[place];
                let zero = self.lengths[column] == 0.0;
                let above: Vec<f64> = (0..self.rank).map(|i| self.column(place)[i]).collect();
                let factors = if zero {
                    Vec::new()
                } else {
                    self.back_substituted(&above)
                };
                let named = factors
                    .into_iter()
                    .enumerate()
                    .map(|(k, f)| (self.pivots[k], f));
                (column, named.collect())
            })
            .collect()
    }
}

/// A downdated square below this fraction of what it was has lost too many digits and is summed anew.
const CANCELLED: f64 = 1e-6;

fn square(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum()
}

fn norm(v: &[f64]) -> f64 {
    let largest = v.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * v.iter().map(|x| (x / largest).powi(2)).sum::<f64>().sqrt()
}

/// x − 2 v (v·x)/(v·v).
fn apply(vector: &[f64], square: f64, x: &mut [f64]) {
    if square > 0.0 {
        let dot: f64 = vector.iter().zip(x.iter()).map(|(v, x)| v * x).sum();
        // Columns that share no row, as in the balances of a network.
        if dot == 0.0 {
            return;
        }
        let factor = 2.0 * dot / square;
        for (x, v) in x.iter_mut().zip(vector) {
            *x -= factor * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Norris data set of the NIST Statistical Reference Datasets: certified B0, B1 and their standard
    /// deviations (lower level of difficulty). First twelve points only would change them, so all 36 are here.
    const NORRIS: [(f64, f64); 36] = [
        (0.2, 0.1),
        (337.4, 338.8),
        (118.2, 118.1),
        (884.6, 888.0),
        (10.1, 9.2),
        (226.5, 228.1),
        (666.3, 668.5),
        (996.3, 998.5),
        (448.6, 449.1),
        (777.0, 778.9),
        (558.2, 559.2),
        (0.4, 0.3),
        (0.6, 0.1),
        (775.5, 778.1),
        (666.9, 668.8),
        (338.0, 339.3),
        (447.5, 448.9),
        (11.6, 10.8),
        (556.0, 557.7),
        (228.1, 228.3),
        (995.8, 998.0),
        (887.6, 888.8),
        (120.2, 119.6),
        (0.3, 0.3),
        (0.3, 0.6),
        (556.8, 557.6),
        (339.1, 339.3),
        (887.2, 888.0),
        (999.0, 998.5),
        (779.0, 778.9),
        (11.1, 10.2),
        (118.3, 117.6),
        (229.2, 228.9),
        (669.1, 668.4),
        (448.9, 449.2),
        (0.5, 0.2),
    ];

    #[test]
    fn a_line_through_certified_data() {
        let matrix: Vec<f64> = NORRIS.iter().flat_map(|&(x, _)| [1.0, x]).collect();
        let y: Vec<f64> = NORRIS.iter().map(|&(_, y)| y).collect();
        let qr = Qr::factor(&matrix, 36, 2, 1e-12);
        let b = qr.solve(&y);
        // NIST certified values.
        assert!((b[0] + 0.262323073774029).abs() < 1e-11, "{b:?}");
        assert!((b[1] - 1.00211681802045).abs() < 1e-13, "{b:?}");
        let square: f64 = NORRIS
            .iter()
            .map(|&(x, y)| (y - b[0] - b[1] * x).powi(2))
            .sum();
        let covariance = qr.inverse_normal();
        let deviation = |k: usize| (covariance[3 * k] * square / 34.0).sqrt();
        assert!((deviation(0) - 0.232818234301152).abs() < 1e-11);
        assert!((deviation(1) - 0.429796848199937e-3).abs() < 1e-14);
    }

    #[test]
    fn a_dependent_column_is_named_and_left_at_zero() {
        // Third column = 2 first − second.
        let matrix = [1.0, 2.0, 0.0, 0.0, 1.0, -1.0, 3.0, 1.0, 5.0, 2.0, 2.0, 2.0];
        let qr = Qr::factor(&matrix, 4, 3, 1e-12);
        assert_eq!(qr.rank(), 2);
        let b = [1.0, 2.0, 3.0, 4.0];
        let x = qr.solve(&b);
        assert_eq!(x.iter().filter(|v| **v == 0.0).count(), 1, "{x:?}");
        let dependent = qr.dependencies();
        assert_eq!(dependent.len(), 1);
        assert_eq!(dependent[0].1.len(), 2);
        assert!(qr.inverse_normal().iter().any(|v| v.is_nan()));
        // The residual is orthogonal to every column.
        for j in 0..3 {
            let dot: f64 = (0..4)
                .map(|i| {
                    let fit: f64 = (0..3).map(|k| matrix[3 * i + k] * x[k]).sum();
                    matrix[3 * i + j] * (b[i] - fit)
                })
                .sum();
            assert!(dot.abs() < 1e-12, "{dot}");
        }
    }

    #[test]
    fn the_shortest_solution_of_the_transposed_system() {
        // x + y + z = 3 and x − y = 1 (twice, once doubled): shortest x = (1.5, 0.5, 1).
        #[rustfmt::skip]
        let columns = [1.0, 1.0, 2.0,
                       1.0, -1.0, -2.0,
                       1.0, 0.0, 0.0];
        let qr = Qr::factor(&columns, 3, 3, 1e-12);
        let basis = qr.basis();
        let x = |c: &[f64]| -> Vec<f64> {
            let dot = |row: &[f64]| row.iter().zip(c).map(|(q, c)| q * c).sum();
            basis.chunks_exact(2).map(dot).collect()
        };
        for (a, b) in x(&[0.3, -0.7]).iter().zip(qr.expand(&[0.3, -0.7])) {
            assert!((a - b).abs() < 1e-15, "{a} {b}");
        }
        let (c, off) = qr.least_norm(&[3.0, 1.0, 2.0]);
        for (got, expected) in x(&c).iter().zip([1.5, 0.5, 1.0]) {
            assert!((got - expected).abs() < 1e-14, "{got} {expected}");
        }
        assert!(off < 1e-14);
        assert!(qr.least_norm(&[3.0, 1.0, 2.5]).1 > 0.1);
        let mut third = [1.0, 1.0, -2.0];
        qr.rotate(&mut third);
        assert!(
            third[0].abs() < 1e-14
                && third[1].abs() < 1e-14
                && (third[2].abs() - 6f64.sqrt()).abs() < 1e-14
        );
    }

    #[test]
    fn units_of_a_column_do_not_change_the_rank() {
        let matrix: Vec<f64> = (0..5)
            .flat_map(|i| {
                let t = 1.0 + f64::from(i);
                [1.0, 1e-9 * t, 1e9 * t * t]
            })
            .collect();
        assert_eq!(Qr::factor(&matrix, 5, 3, 1e-10).rank(), 3);
    }
}
