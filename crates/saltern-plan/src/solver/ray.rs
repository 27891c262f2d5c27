//! Rays: the proof that nothing is possible, and the way on which the objective falls without end.

use super::{Solver, SolverError, accepted};
use highs_sys as highs;

impl Solver {
    /// Weights of the rows whose sum cannot hold (a Farkas ray); `None` if the solver found none.
    ///
    /// HiGHS answers with the row of the simplex tableau at which the dual simplex ended, solved without presolve and
    /// costs: its weights are those of one basic variable, which makes the conflict irreducible (see [`crate::why`]).
    /// The sign is not settled. Whole columns count as if they could be split.
    pub fn dual_ray(&mut self) -> Result<Option<Vec<f64>>, SolverError> {
        let mut ray = vec![0.0; self.rows];
        let mut found = 0;
        // SAFETY: the array is as long as the model has rows.
        let answer = unsafe { highs::Highs_getDualRay(self.raw, &mut found, ray.as_mut_ptr()) };
        accepted("getDualRay", answer)?;
        Ok((found != 0).then_some(ray))
    }

    /// A direction of the columns along which the objective falls without end; `None` if the solver found none.
    pub fn primal_ray(&mut self) -> Result<Option<Vec<f64>>, SolverError> {
        let mut ray = vec![0.0; self.columns];
        let mut found = 0;
        // SAFETY: the array is as long as the model has columns.
        let answer = unsafe { highs::Highs_getPrimalRay(self.raw, &mut found, ray.as_mut_ptr()) };
        accepted("getPrimalRay", answer)?;
        Ok((found != 0).then_some(ray))
    }
}
