//! LU factorisation with partial pivoting, in place.

/// The matrix is singular to working precision: the column in which no usable pivot was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Singular {
    /// Column without a pivot, counted from 0.
    pub column: usize,
}

/// Work space for solving `A x = b` repeatedly.
#[derive(Clone, Debug, Default)]
pub struct Lu {
    /// Reciprocal of the largest entry of each row: pivots are compared as if every row had largest entry 1.
    row_scale: Vec<f64>,
}

/// Pivots below this fraction of the largest entry of their row count as zero.
const PIVOT_FLOOR: f64 = 1e-14;

/// Rows are padded to a multiple of this, so that they are worked through in whole blocks.
const BLOCK: usize = 4;

impl Lu {
    /// Distance between rows that suits a system of `n` unknowns best: the columns from `n` on are padding.
    pub fn stride(n: usize) -> usize {
        n.next_multiple_of(BLOCK)
    }

    /// Solves `A x = b` in place: `a` (row-major, `n` rows `a.len() / n` apart, the columns beyond `n` ignored)
    /// is overwritten, `b` by `x`.
    ///
    /// Pivots are chosen as if rows were scaled to unit largest entry, so rows in different units may be mixed.
    ///
    /// # Errors
    /// [`Singular`] when no pivot above `1e-14` of the row scale is left.
    pub fn solve_in_place(&mut self, a: &mut [f64], b: &mut [f64]) -> Result<(), Singular> {
        let n = b.len();
        if n == 0 {
            return Ok(());
        }
        let stride = a.len() / n;
        debug_assert!(stride >= n && a.len() == n * stride);
        self.row_scale.clear();
        let rows = a.chunks_exact(stride);
        self.row_scale
            .extend(rows.map(|row| reciprocal_of_largest(&row[..n])));
        for k in 0..n {
            let (pivot_row, size) = self.largest_in_column(a, stride, k);
            // NaN, and a row of zeros, which has no scale, compare false.
            if size.partial_cmp(&PIVOT_FLOOR) != Some(std::cmp::Ordering::Greater) {
                return Err(Singular { column: k });
            }
            if pivot_row != k {
                swap_rows(a, stride, k, pivot_row);
                b.swap(k, pivot_row);
                self.row_scale.swap(k, pivot_row);
            }
            eliminate_below(a, b, stride, k);
        }
        back_substitute(a, b, stride);
        Ok(())
    }

    fn largest_in_column(&self, a: &[f64], stride: usize, k: usize) -> (usize, f64) {
        let (mut best, mut size) = (k, -1.0);
        let column = a[k * stride + k..].iter().step_by(stride);
        for (i, (value, scale)) in column.zip(&self.row_scale[k..]).enumerate() {
            let scaled = value.abs() * scale;
            if scaled > size {
                (best, size) = (k + i, scaled);
            }
        }
        (best, size)
    }
}

fn reciprocal_of_largest(row: &[f64]) -> f64 {
    let largest = row
        .iter()
        .fold(0.0_f64, |most, v| if v.abs() > most { v.abs() } else { most });
    if largest > 0.0 { 1.0 / largest } else { 0.0 }
}

fn swap_rows(a: &mut [f64], stride: usize, i: usize, j: usize) {
    let (low, high) = (i.min(j), i.max(j));
    let (first, second) = a.split_at_mut(high * stride);
    first[low * stride..(low + 1) * stride].swap_with_slice(&mut second[..stride]);
}

fn eliminate_below(a: &mut [f64], b: &mut [f64], stride: usize, k: usize) {
    let (upper, lower) = a.split_at_mut((k + 1) * stride);
    let inverse = 1.0 / upper[k * stride + k];
    // From the block that holds the diagonal on: what stands left of it is not read again.
    let start = k - k % BLOCK;
    let pivot_row = &upper[k * stride + start..];
    let (pivot_rhs, rest) = (b[k], &mut b[k + 1..]);
    for (row, rhs) in lower.chunks_exact_mut(stride).zip(rest) {
        if row[k] == 0.0 {
            continue;
        }
        let factor = row[k] * inverse;
        *rhs -= factor * pivot_rhs;
        let blocks = row[start..].chunks_exact_mut(BLOCK);
        for (ours, theirs) in blocks.zip(pivot_row.chunks_exact(BLOCK)) {
            for i in 0..BLOCK {
                ours[i] -= factor * theirs[i];
            }
        }
        if stride % BLOCK != 0 {
            let done = stride - (stride - start) % BLOCK;
            for i in done..stride {
                row[i] -= factor * pivot_row[i - start];
            }
        }
    }
}

fn back_substitute(a: &[f64], b: &mut [f64], stride: usize) {
    let n = b.len();
    for k in (0..n).rev() {
        let row = &a[k * stride + k..k * stride + n];
        let (head, tail) = b[k..].split_at_mut(1);
        let dot: f64 = row[1..].iter().zip(tail.iter()).map(|(a, x)| a * x).sum();
        head[0] = (head[0] - dot) / row[0];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_system_that_needs_pivoting() {
        // Golub & Van Loan, Matrix Computations, 3.4: [[0,2],[3,1]] x = [4,5] has x = (1, 2).
        let mut a = [0.0, 2.0, 3.0, 1.0];
        let mut b = [4.0, 5.0];
        Lu::default().solve_in_place(&mut a, &mut b).unwrap();
        assert!(
            (b[0] - 1.0).abs() < 1e-15 && (b[1] - 2.0).abs() < 1e-15,
            "{b:?}"
        );
    }

    #[test]
    fn rows_of_very_different_scale_are_solved() {
        let mut a = [1e-12, 2e-12, 3e9, 1e9];
        let mut b = [5e-12, 5e9];
        Lu::default().solve_in_place(&mut a, &mut b).unwrap();
        assert!(
            (b[0] - 1.0).abs() < 1e-12 && (b[1] - 2.0).abs() < 1e-12,
            "{b:?}"
        );
    }

    #[test]
    fn a_singular_matrix_names_its_column() {
        let mut a = [1.0, 2.0, 2.0, 4.0];
        let mut b = [1.0, 2.0];
        assert_eq!(
            Lu::default().solve_in_place(&mut a, &mut b),
            Err(Singular { column: 1 })
        );
    }
}
