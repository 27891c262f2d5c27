//! The one solver of all turns: the first programme is passed whole, later ones as changes.

use super::Options;
use super::name::Name;
use crate::programme::Programme;
use crate::solution::Solution;
use crate::solver::{Options as SolverOptions, Solver, SolverError};

/// The last programme and the solver that holds it.
#[derive(Default)]
pub(super) struct Live {
    held: Option<(Programme<Name>, Solver)>,
}

impl Live {
    /// Columns and rows; zero before the first programme.
    pub(super) fn size(&self) -> (usize, usize) {
        let held = self.held.as_ref();
        held.map_or((0, 0), |(p, _)| (p.column_count(), p.row_count()))
    }

    /// Solves a programme: the first is passed whole, later ones as changes, with the basis kept.
    pub(super) fn solve(
        &mut self,
        programme: &Programme<Name>,
        options: &Options,
    ) -> Result<Solution, SolverError> {
        let solver_options = SolverOptions {
            time_limit_s: (!programme.whole.is_empty()).then_some(options.time_limit_s),
            presolve: self.held.is_none() || !programme.whole.is_empty(),
            ..SolverOptions::default()
        };
        match &mut self.held {
            Some((before, solver)) => {
                renew(solver, before, programme)?;
                solver.set_options(&solver_options)?;
                *before = programme.clone();
                solver.solve()
            }
            live => {
                let solver = Solver::new(programme, &solver_options)?;
                let (_, solver) = live.insert((programme.clone(), solver));
                solver.solve()
            }
        }
    }
}

/// Passes what differs between two programmes of the same shape.
fn renew(
    solver: &mut Solver,
    before: &Programme<Name>,
    now: &Programme<Name>,
) -> Result<(), SolverError> {
    let columns = 0..now.column_count();
    solver.set_costs(columns.clone(), &now.cost)?;
    solver.set_column_bounds(columns, &now.lower, &now.upper)?;
    solver.set_row_bounds(0..now.row_count(), &now.row_lower, &now.row_upper)?;
    for (old, new) in before.entries.iter().zip(&now.entries) {
        if old != new {
            solver.set_coefficient(new.row as usize, new.column as usize, new.value)?;
        }
    }
    Ok(())
}
