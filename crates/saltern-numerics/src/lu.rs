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
    pivots: Vec<usize>,
}

/// Pivots below this fraction of the largest entry of their row in the scaled matrix count as zero.
const PIVOT_FLOOR: f64 = 1e-14;

impl Lu {
    /// Solves `A x = b` in place: `a` (row-major `n × n`) is overwritten by its factors, `b` by `x`.
    ///
    /// Rows are scaled to unit largest entry before pivoting, so rows in different units may be mixed.
    ///
    /// # Errors
    /// [`Singular`] when no pivot above `1e-14` of the row scale is left.
    pub fn solve_in_place(&mut self, a: &mut [f64], b: &mut [f64]) -> Result<(), Singular> {
        let n = b.len();
        debug_assert_eq!(a.len(), n * n);
        self.pivots.clear();
        scale_rows(a, b);
        for k in 0..n {
            let pivot_row = largest_in_column(a, n, k);
            if a[pivot_row * n + k].abs() < PIVOT_FLOOR {
                return Err(Singular { column: k });
            }
            self.pivots.push(pivot_row);
            if pivot_row != k {
                swap_rows(a, n, k, pivot_row);
                b.swap(k, pivot_row);
            }
            eliminate_below(a, b, n, k);
        }
        back_substitute(a, b);
        Ok(())
    }
}

fn scale_rows(a: &mut [f64], b: &mut [f64]) {
    let n = b.len();
    for (row, rhs) in a.chunks_exact_mut(n).zip(b.iter_mut()) {
        let largest = row.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if largest > 0.0 {
            let scale = 1.0 / largest;
            for v in row.iter_mut() {
                *v *= scale;
            }
            *rhs *= scale;
        }
    }
}

fn largest_in_column(a: &[f64], n: usize, k: usize) -> usize {
    let mut best = k;
    for i in k + 1..n {
        if a[i * n + k].abs() > a[best * n + k].abs() {
            best = i;
        }
    }
    best
}

fn swap_rows(a: &mut [f64], n: usize, i: usize, j: usize) {
    let (low, high) = (i.min(j), i.max(j));
    let (first, second) = a.split_at_mut(high * n);
    first[low * n..low * n + n].swap_with_slice(&mut second[..n]);
}

fn eliminate_below(a: &mut [f64], b: &mut [f64], n: usize, k: usize) {
    let (upper, lower) = a.split_at_mut((k + 1) * n);
    let pivot_row = &upper[k * n..];
    let inverse = 1.0 / pivot_row[k];
    let pivot_rhs = b[k];
    for (row, rhs) in lower.chunks_exact_mut(n).zip(b[k + 1..].iter_mut()) {
        if row[k] != 0.0 {
            let factor = row[k] * inverse;
            for (v, p) in row[k + 1..].iter_mut().zip(&pivot_row[k + 1..]) {
                *v -= factor * p;
            }
            *rhs -= factor * pivot_rhs;
        }
    }
}

fn back_substitute(a: &[f64], b: &mut [f64]) {
    let n = b.len();
    for k in (0..n).rev() {
        let row = &a[k * n..k * n + n];
        let mut sum = b[k];
        for j in k + 1..n {
            sum -= row[j] * b[j];
        }
        b[k] = sum / row[k];
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
