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
    /// The matrix with `b` as its last column, rows in blocks of four: rows are 5 to 40 long, where a general loop
    /// would be mostly prologue.
    rows: Vec<Block>,
    /// Reciprocal of the largest entry of each row: pivots are compared as if every row had largest entry 1.
    row_scale: Vec<f64>,
}

const BLOCK: usize = 4;
type Block = [f64; BLOCK];

/// Pivots below this fraction of the largest entry of their row count as zero.
const PIVOT_FLOOR: f64 = 1e-14;

impl Lu {
    /// Solves `A x = b`: `a` is row-major `n × n`, `b` is overwritten by `x`.
    ///
    /// Pivots are chosen as if rows were scaled to unit largest entry, so rows in different units may be mixed.
    ///
    /// # Errors
    /// [`Singular`] when no pivot above `1e-14` of the row scale is left.
    pub fn solve(&mut self, a: &[f64], b: &mut [f64]) -> Result<(), Singular> {
        self.solve_columns(a, b, 1)
    }

    /// Solves `A X = B` for `columns` right-hand sides: `b` is row-major `n × columns`, overwritten by `X`.
    ///
    /// # Errors
    /// As [`Lu::solve`].
    pub fn solve_columns(
        &mut self,
        a: &[f64],
        b: &mut [f64],
        columns: usize,
    ) -> Result<(), Singular> {
        let n = b.len() / columns.max(1);
        debug_assert!(a.len() == n * n && b.len() == n * columns);
        let width = (n + columns).div_ceil(BLOCK); // blocks a row
        self.load(a, b, columns, width);
        for k in 0..n {
            let (pivot_row, size) = self.largest_in_column(n, width, k);
            // NaN, and a row of zeros, which has no scale, compare false.
            if size.partial_cmp(&PIVOT_FLOOR) != Some(std::cmp::Ordering::Greater) {
                return Err(Singular { column: k });
            }
            if pivot_row != k {
                let (first, second) = self.rows.split_at_mut(pivot_row * width);
                first[k * width..(k + 1) * width].swap_with_slice(&mut second[..width]);
                self.row_scale.swap(k, pivot_row);
            }
            eliminate_below(&mut self.rows, width, k);
        }
        self.back_substitute(b, columns, width);
        Ok(())
    }

    fn load(&mut self, a: &[f64], b: &[f64], columns: usize, width: usize) {
        let n = b.len() / columns.max(1);
        self.rows.clear();
        self.rows.resize(n * width, [0.0; BLOCK]);
        self.row_scale.clear();
        for (i, row) in self.rows.chunks_exact_mut(width).enumerate() {
            let row = row.as_flattened_mut();
            let source = &a[i * n..(i + 1) * n];
            row[..n].copy_from_slice(source);
            row[n..n + columns].copy_from_slice(&b[i * columns..(i + 1) * columns]);
            self.row_scale.push(reciprocal_of_largest(source));
        }
    }

    fn largest_in_column(&self, n: usize, width: usize, k: usize) -> (usize, f64) {
        let (mut best, mut size) = (k, -1.0);
        let (block, lane) = (k / BLOCK, k % BLOCK);
        for i in k..n {
            let scaled = self.rows[i * width + block][lane].abs() * self.row_scale[i];
            if scaled > size {
                (best, size) = (i, scaled);
            }
        }
        (best, size)
    }

    fn back_substitute(&self, b: &mut [f64], columns: usize, width: usize) {
        let n = b.len() / columns.max(1);
        let rows = self.rows.as_flattened();
        for k in (0..n).rev() {
            let row = &rows[k * width * BLOCK..(k + 1) * width * BLOCK];
            let (head, solved) = b.split_at_mut((k + 1) * columns);
            for (column, x) in head[k * columns..].iter_mut().enumerate() {
                let below = solved.iter().skip(column).step_by(columns);
                let dot: f64 = row[k + 1..n].iter().zip(below).map(|(a, x)| a * x).sum();
                *x = (row[n + column] - dot) / row[k];
            }
        }
    }
}

fn reciprocal_of_largest(row: &[f64]) -> f64 {
    let larger = |most: f64, v: &f64| if v.abs() > most { v.abs() } else { most };
    let largest = row.iter().fold(0.0_f64, larger);
    if largest > 0.0 { 1.0 / largest } else { 0.0 }
}

fn eliminate_below(rows: &mut [Block], width: usize, k: usize) {
    let (upper, lower) = rows.split_at_mut((k + 1) * width);
    // From the block that holds the diagonal on: what stands left of it is not read again.
    let (block, lane) = (k / BLOCK, k % BLOCK);
    let pivot_row = &upper[k * width + block..];
    let inverse = 1.0 / pivot_row[0][lane];
    for row in lower.chunks_exact_mut(width) {
        let row = &mut row[block..];
        if row[0][lane] != 0.0 {
            let factor = row[0][lane] * inverse;
            for (ours, theirs) in row.iter_mut().zip(pivot_row) {
                *ours = minus_multiple(*ours, factor, *theirs);
            }
        }
    }
}

fn minus_multiple(a: Block, factor: f64, b: Block) -> Block {
    std::array::from_fn(|i| a[i] - factor * b[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_system_that_needs_pivoting() {
        // Golub & Van Loan, Matrix Computations, 3.4: [[0,2],[3,1]] x = [4,5] has x = (1, 2).
        let a = [0.0, 2.0, 3.0, 1.0];
        let mut b = [4.0, 5.0];
        Lu::default().solve(&a, &mut b).unwrap();
        assert!(
            (b[0] - 1.0).abs() < 1e-15 && (b[1] - 2.0).abs() < 1e-15,
            "{b:?}"
        );
    }

    #[test]
    fn several_right_hand_sides_give_the_inverse() {
        let a = [4.0, 7.0, 2.0, 6.0];
        let mut b = [1.0, 0.0, 0.0, 1.0];
        Lu::default().solve_columns(&a, &mut b, 2).unwrap();
        // Determinant 10.
        for (got, expected) in b.iter().zip([0.6, -0.7, -0.2, 0.4]) {
            assert!((got - expected).abs() < 1e-15, "{b:?}");
        }
    }

    #[test]
    fn rows_of_very_different_scale_are_solved() {
        let a = [1e-12, 2e-12, 3e9, 1e9];
        let mut b = [5e-12, 5e9];
        Lu::default().solve(&a, &mut b).unwrap();
        assert!(
            (b[0] - 1.0).abs() < 1e-12 && (b[1] - 2.0).abs() < 1e-12,
            "{b:?}"
        );
    }

    #[test]
    fn a_singular_matrix_names_its_column() {
        let a = [1.0, 2.0, 2.0, 4.0];
        let mut b = [1.0, 2.0];
        assert_eq!(Lu::default().solve(&a, &mut b), Err(Singular { column: 1 }));
    }
}
