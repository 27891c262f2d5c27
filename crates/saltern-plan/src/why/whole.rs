//! A conflict that only whole units make: splitting a set until no bound of it can be left out.
//!
//! Where the programme can be met with units partly on, no weights of rows prove that it cannot be met with units on or
//! off. Then bounds are left out in halves, and whatever still conflicts without a half does without it for good
//! (QuickXplain: U. Junker, AAAI 2004, 167–172; a deletion filter in Chinneck's words). Each trial is a search of its own with a
//! time limit. A trial without an answer counts as no conflict, which keeps bounds that may not be needed: the set is
//! a conflict always, and irreducible if every trial had an answer.

use super::bound::{Bound, Part};
use crate::programme::Programme;
use crate::solution::Status;
use crate::solver::{Options, Solver, SolverError};

/// A conflict of a mixed-integer programme.
pub(crate) struct Split {
    pub(crate) bounds: Vec<Bound>,
    /// Whether every trial had an answer.
    pub(crate) irreducible: bool,
}

/// Trials after which the set is left as it is.
const MOST_TRIALS: usize = 2000;

/// An irreducible part of `bounds` that conflicts with what always holds.
///
/// `always` holds by nature (nothing below zero, stores, units on or off) and is never left out.
pub(crate) fn split<N: Copy + PartialEq>(
    programme: &Programme<N>,
    always: &[Bound],
    bounds: Vec<Bound>,
    options: &Options,
) -> Result<Split, SolverError> {
    let mut trials = Trials {
        programme,
        options,
        always,
        irreducible: true,
        left: MOST_TRIALS,
    };
    let found = trials.explain(&[], false, &bounds)?;
    Ok(Split {
        bounds: found,
        irreducible: trials.irreducible,
    })
}

struct Trials<'a, N> {
    programme: &'a Programme<N>,
    options: &'a Options,
    always: &'a [Bound],
    irreducible: bool,
    left: usize,
}

impl<N: Copy + PartialEq> Trials<'_, N> {
    /// Bounds of `of` that conflict together with `with`; `changed` if `with` has grown since it was last tried.
    fn explain(
        &mut self,
        with: &[Bound],
        changed: bool,
        of: &[Bound],
    ) -> Result<Vec<Bound>, SolverError> {
        if changed && self.conflict(with)? {
            return Ok(Vec::new());
        }
        if of.len() == 1 {
            return Ok(of.to_vec());
        }
        let (a, b) = of.split_at(of.len() / 2);
        let from_b = self.explain(&[with, a].concat(), !a.is_empty(), b)?;
        let from_a = self.explain(&[with, &from_b].concat(), !from_b.is_empty(), a)?;
        Ok([from_a, from_b].concat())
    }

    fn conflict(&mut self, with: &[Bound]) -> Result<bool, SolverError> {
        if self.left == 0 {
            self.irreducible = false;
            return Ok(false);
        }
        self.left -= 1;
        let bounds = self.always.iter().chain(with).copied();
        let answer = conflicts(self.programme, bounds, self.options)?;
        self.irreducible &= answer.is_some();
        Ok(answer == Some(true))
    }
}

/// Whether some bounds of a programme conflict, units on or off; `None` if time ran out.
pub(super) fn conflicts<N: Copy + PartialEq>(
    programme: &Programme<N>,
    bounds: impl IntoIterator<Item = Bound>,
    options: &Options,
) -> Result<Option<bool>, SolverError> {
    let bounds = bounds.into_iter().collect::<Vec<_>>();
    let part = Part::of(programme, bounds);
    let crossed = part.programme.lower.iter().zip(&part.programme.upper);
    if crossed.into_iter().any(|(low, high)| low > high) {
        return Ok(Some(true));
    }
    let mut solver = Solver::new(&part.programme, options)?;
    let solution = solver.solve()?;
    Ok(match solution.status {
        Status::Infeasible => Some(true),
        _ if solution.feasible => Some(false),
        Status::Optimal | Status::Unbounded => Some(false),
        _ => None,
    })
}
