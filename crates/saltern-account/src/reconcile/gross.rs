//! Gross errors: measurements taken out one after the other until the rest agree.
//!
//! Serial elimination (Ripps 1965; Serth & Heenan 1986, AIChE J. 32, 733, "iterative measurement test"): while the
//! largest z is beyond its limit, that measurement counts as unmeasured and everything is reconciled anew. A meter that
//! cannot be told from the one taken out is named, because the balances do not say which of them is wrong.

use super::notice::Notice;
use super::problem::{Knowledge, Problem};
use super::reconciliation::Reconciliation;
use super::solve::{Settings, reconcile};
use crate::error::AccountError;

/// A measurement taken out.
#[derive(Clone, Debug, PartialEq)]
pub struct Removed {
    /// Its quantity.
    pub quantity: usize,
    /// Its test statistic before.
    pub z: f64,
    /// The limit of that test.
    pub limit: f64,
    /// J before.
    pub objective_before: f64,
    /// Measurements whose errors would have looked the same.
    pub indistinguishable: Vec<usize>,
}

/// What is left when gross errors are out.
#[derive(Clone, Debug)]
pub struct Elimination {
    /// Measurements taken out, in order.
    pub removed: Vec<Removed>,
    /// The problem without them.
    pub problem: Problem,
    /// Its reconciliation.
    pub reconciliation: Reconciliation,
}

/// Reconciles with every measurement kept.
///
/// # Errors
/// As [`reconcile()`].
pub fn keep_all(problem: &Problem, settings: &Settings) -> Result<Elimination, AccountError> {
    Ok(Elimination {
        removed: Vec::new(),
        problem: problem.clone(),
        reconciliation: reconcile(problem, settings)?,
    })
}

/// Takes measurements out until no z is beyond its limit.
///
/// # Errors
/// As [`reconcile()`].
pub fn eliminate(problem: &Problem, settings: &Settings) -> Result<Elimination, AccountError> {
    let mut problem = problem.clone();
    let mut removed = Vec::new();
    loop {
        let reconciliation = reconcile(&problem, settings)?;
        let Some(worst) = reconciliation.worst() else {
            return Ok(Elimination {
                removed,
                problem,
                reconciliation,
            });
        };
        let estimate = &reconciliation.estimates[worst];
        removed.push(Removed {
            quantity: worst,
            z: estimate.z.unwrap_or(f64::NAN),
            limit: reconciliation.z_limit,
            objective_before: reconciliation.global.objective,
            indistinguishable: reconciliation.indistinguishable_from(worst),
        });
        let guess = estimate.value.unwrap_or_default();
        problem.quantities[worst].knowledge = Knowledge::Unmeasured { guess };
    }
}

impl Elimination {
    /// What was taken out and why, and what the rest of the figures hide.
    pub fn notices(&self) -> Vec<Notice> {
        let id = |i: usize| self.problem.quantities[i].id.clone();
        let mut notices = Vec::new();
        for removed in &self.removed {
            notices.push(Notice::GrossError {
                id: id(removed.quantity),
                z: removed.z,
                limit: removed.limit,
            });
            if !removed.indistinguishable.is_empty() {
                notices.push(Notice::Indistinguishable {
                    id: id(removed.quantity),
                    others: removed.indistinguishable.iter().map(|&i| id(i)).collect(),
                });
            }
        }
        notices.extend(self.reconciliation.notices());
        notices
    }
}
