//! The smallest set of bounds and rows that cannot hold together.

use super::{Solver, SolverError, accepted};
use highs_sys as highs;

/// Which bound of a column or row takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The lower one.
    Lower,
    /// The upper one.
    Upper,
    /// Both, of an equality.
    Both,
}

/// Bounds of columns and rows of which any proper part could hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflict {
    /// Columns with the bound that takes part.
    pub columns: Vec<(usize, Side)>,
    /// Rows with the bound that takes part.
    pub rows: Vec<(usize, Side)>,
}

impl Solver {
    /// An irreducible infeasible subset of the programme in the solver; empty if it is feasible.
    pub fn conflict(&mut self) -> Result<Conflict, SolverError> {
        let (mut columns, mut rows) = (vec![0; self.columns], vec![0; self.rows]);
        let mut column_bounds = vec![0; self.columns];
        let mut row_bounds = vec![0; self.rows];
        let (mut column_count, mut row_count) = (0, 0);
        // SAFETY: the arrays are as long as the model, which the subset cannot exceed; states are not asked for.
        let answer = unsafe {
            highs::Highs_getIis(
                self.raw,
                &mut column_count,
                &mut row_count,
                columns.as_mut_ptr(),
                rows.as_mut_ptr(),
                column_bounds.as_mut_ptr(),
                row_bounds.as_mut_ptr(),
                std::ptr::null_mut(),
                std::ptr::null_mut(),
            )
        };
        accepted("getIis", answer)?;
        Ok(Conflict {
            columns: sided(&columns, &column_bounds, column_count),
            rows: sided(&rows, &row_bounds, row_count),
        })
    }
}

fn sided(
    indices: &[highs::HighsInt],
    bounds: &[highs::HighsInt],
    count: highs::HighsInt,
) -> Vec<(usize, Side)> {
    let pairs = indices.iter().zip(bounds).take(count.max(0) as usize);
    pairs
        .filter_map(|(&index, &bound)| {
            // 2 lower, 3 upper, 4 both (IisBoundStatus of HiGHS); the others take no part.
            let side = match bound {
                2 => Side::Lower,
                3 => Side::Upper,
                4 => Side::Both,
                _ => return None,
            };
            Some((index as usize, side))
        })
        .collect()
}
