//! The primal simplex method for small dense linear programs in standard form.

/// Solution of a linear program.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimum {
    /// Values of the variables.
    pub x: Vec<f64>,
    /// Dual value of each row: the change of the objective per unit of right-hand side.
    pub duals: Vec<f64>,
    /// Pivots made.
    pub pivots: usize,
}

/// Why a linear program has no solution here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimplexError {
    /// The objective falls without end.
    Unbounded,
    /// The pivot limit was reached.
    PivotLimit,
}

const ZERO: f64 = 1e-11;

/// Minimises `cost · x` subject to `A x = b`, `x ≥ 0`, starting from the basis of the last `rows`
/// columns, which must be the identity, with `b ≥ 0` (give each row a slack or an expensive residue column).
///
/// `a` is row-major `rows × columns`. Ties are broken by Bland's rule, so it ends on degenerate problems.
///
/// # Errors
/// [`SimplexError`] when unbounded or the pivot limit is reached.
pub fn minimise(a: &[f64], b: &[f64], cost: &[f64]) -> Result<Optimum, SimplexError> {
    let (rows, columns) = (b.len(), cost.len());
    let mut tableau = Tableau::new(a, b, cost);
    let limit = 50 * (rows + columns);
    for pivots in 0..limit {
        // Dantzig's rule is fast; Bland's rule after a while guarantees the end.
        let Some(entering) = tableau.entering(pivots > limit / 2) else {
            return Ok(tableau.optimum(pivots));
        };
        let leaving = tableau.leaving(entering).ok_or(SimplexError::Unbounded)?;
        tableau.pivot(leaving, entering);
    }
    Err(SimplexError::PivotLimit)
}

struct Tableau {
    rows: usize,
    columns: usize,
    /// Row-major `rows × (columns + 1)`, the last column being the right-hand side.
    cells: Vec<f64>,
    /// Reduced costs.
    reduced: Vec<f64>,
    basis: Vec<usize>,
    cost: Vec<f64>,
}

impl Tableau {
    fn new(a: &[f64], b: &[f64], cost: &[f64]) -> Self {
        let (rows, columns) = (b.len(), cost.len());
        let mut cells = Vec::with_capacity(rows * (columns + 1));
        for (row, &rhs) in a.chunks_exact(columns).zip(b) {
            cells.extend_from_slice(row);
            cells.push(rhs);
        }
        let basis: Vec<usize> = (columns - rows..columns).collect();
        let mut tableau = Tableau {
            rows,
            columns,
            cells,
            reduced: cost.to_vec(),
            basis,
            cost: cost.to_vec(),
        };
        for i in 0..rows {
            let basic_cost = cost[tableau.basis[i]];
            for j in 0..columns {
                tableau.reduced[j] -= basic_cost * tableau.cells[i * (columns + 1) + j];
            }
        }
        tableau
    }

    fn entering(&self, bland: bool) -> Option<usize> {
        let scale = |j: usize| ZERO * (1.0 + self.cost[j].abs());
        let mut candidates = (0..self.columns).filter(|&j| self.reduced[j] < -scale(j));
        if bland {
            candidates.next()
        } else {
            candidates.min_by(|&i, &j| self.reduced[i].total_cmp(&self.reduced[j]))
        }
    }

    fn leaving(&self, entering: usize) -> Option<usize> {
        let width = self.columns + 1;
        let ratio =
            |i: usize| self.cells[i * width + self.columns] / self.cells[i * width + entering];
        (0..self.rows)
            .filter(|&i| self.cells[i * width + entering] > ZERO)
            .min_by(|&i, &j| {
                ratio(i)
                    .total_cmp(&ratio(j))
                    .then(self.basis[i].cmp(&self.basis[j]))
            })
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let width = self.columns + 1;
        let inverse = 1.0 / self.cells[row * width + column];
        let pivot_row: Vec<f64> = self.cells[row * width..(row + 1) * width]
            .iter()
            .map(|v| v * inverse)
            .collect();
        for i in 0..self.rows {
            let factor = self.cells[i * width + column];
            if i != row && factor != 0.0 {
                for (v, p) in self.cells[i * width..(i + 1) * width]
                    .iter_mut()
                    .zip(&pivot_row)
                {
                    *v -= factor * p;
                }
                let rhs = &mut self.cells[i * width + self.columns];
                *rhs = rhs.max(0.0);
            }
        }
        let factor = self.reduced[column];
        for (v, p) in self.reduced.iter_mut().zip(&pivot_row) {
            *v -= factor * p;
        }
        self.cells[row * width..(row + 1) * width].copy_from_slice(&pivot_row);
        self.basis[row] = column;
    }

    fn optimum(&self, pivots: usize) -> Optimum {
        let width = self.columns + 1;
        let mut x = vec![0.0; self.columns];
        for (i, &j) in self.basis.iter().enumerate() {
            x[j] = self.cells[i * width + self.columns];
        }
        // The starting basis was the identity, so its reduced costs are cost − dual.
        let first = self.columns - self.rows;
        let duals = (0..self.rows)
            .map(|i| self.cost[first + i] - self.reduced[first + i])
            .collect();
        Optimum { x, duals, pivots }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_textbook_program() {
        // Chvátal, Linear Programming, ch. 2: max 5x+4y+3z, 2x+3y+z ≤ 5, 4x+y+2z ≤ 11, 3x+4y+2z ≤ 8: 13 at (2,0,1).
        #[rustfmt::skip]
        let a = [2.0, 3.0, 1.0, 1.0, 0.0, 0.0,
                 4.0, 1.0, 2.0, 0.0, 1.0, 0.0,
                 3.0, 4.0, 2.0, 0.0, 0.0, 1.0];
        let optimum = minimise(&a, &[5.0, 11.0, 8.0], &[-5.0, -4.0, -3.0, 0.0, 0.0, 0.0]).unwrap();
        assert!((optimum.x[0] - 2.0).abs() < 1e-12 && (optimum.x[2] - 1.0).abs() < 1e-12);
        assert!(
            (optimum.duals[0] * 5.0 + optimum.duals[1] * 11.0 + optimum.duals[2] * 8.0 + 13.0)
                .abs()
                < 1e-12
        );
    }

    #[test]
    fn unbounded_is_said() {
        let a = [-1.0, 1.0];
        assert_eq!(
            minimise(&a, &[1.0], &[-1.0, 0.0]),
            Err(SimplexError::Unbounded)
        );
    }
}
