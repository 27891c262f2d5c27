//! Why not? What stands in the way of a dispatch that cannot be met, in rows of the base, and the cheapest way out.
//!
//! ```text
//! plan that cannot be met ─► elastic programme ─► cheapest relaxation (what would have to give way, and by how much)
//!                                 │ prices
//!                                 ▼
//!                        bounds in conflict ─► simplex on them alone ─► weights that prove it ─► rows of the base
//! ```
//!
//! What is guaranteed, for programmes without units that are on or off: the named set is a conflict, proven by its
//! weights, and none of it can be left out. It is a small one, not the smallest of all. With units on or off the same holds
//! where the programme conflicts even with units partly on; otherwise see [`Answer::irreducible`]. The relaxation is the
//! cheapest by [`Weights`], or within the solver's gap of it with units on or off.

pub(crate) mod bound;
pub(crate) mod cause;
pub(crate) mod certificate;
mod elastic;
pub(crate) mod find;
pub(crate) mod give;
mod items;
mod origin;
pub(crate) mod text;
mod unbounded;
mod units;
mod what;
pub(crate) mod whole;

pub use bound::{At, Bound, Side};
pub use cause::{Cause, Change, Measure};
pub use unbounded::{Endless, unbounded};
pub use what::What;

use crate::dispatch::{Outside, Plan, Series};
use crate::programme::Programme;
use crate::solution::Solution;
use crate::solver::{Options, Solver, SolverError};
use bound::Part;
use elastic::Elastic;
use find::Found;
use origin::Origins;
use saltern_base::energy::Energy;
use units::Orders;

/// A plan and what it was made from.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The base.
    pub energy: &'a Energy,
    /// What was known about the outside.
    pub outside: &'a Outside,
    /// The series of the plan; its window may be a part of the base's.
    pub series: &'a Series,
    /// The plan.
    pub plan: &'a Plan,
}

/// How dear it is that something gives way, per MWh.
///
/// Assumed, as an order of what people would rather change: first what somebody decided (orders, limits of the grid, quotas,
/// deadlines, reserves, levels at the end), then what was built (capacities, ramps), then what is served. A tonne of
/// a quota weighs as much as the MWh that emits it; a MWh that a store holds too much or work that is late weighs
/// a 24th for each hour of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// What was decided.
    pub decided: f64,
    /// What was built.
    pub built: f64,
    /// Demand that isn't served, energy thrown away, work not done.
    pub unserved: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Weights {
            decided: 1.0,
            built: 3.0,
            unserved: 10.0,
        }
    }
}

/// Why a plan cannot be met.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What cannot all hold.
    pub conflict: Vec<Cause>,
    /// Whether none of it can be left out.
    pub irreducible: bool,
    /// The cheapest changes that make the plan possible; they may solve more conflicts than the one that is told.
    pub relaxation: Vec<Change>,
    /// Bounds that are part of the conflict and go without saying.
    unsaid: Vec<Bound>,
    giving: Vec<(elastic::Slack, f64)>,
}

impl Answer {
    /// The conflict as a programme of its own, without the cause of a number if one is given: it cannot be met, and can be
    /// met without any one cause.
    pub fn programme(&self, plan: &Plan, without: Option<usize>) -> Programme<()> {
        let causes = self.conflict.iter().enumerate();
        let bounds = causes
            .filter(|(c, _)| Some(*c) != without)
            .flat_map(|(_, cause)| &cause.bounds);
        let bounds = bounds.chain(&self.unsaid).copied();
        Part::of(&plan.programme, bounds).programme
    }

    /// The plan with the changes of the relaxation.
    pub fn relaxed(&self, question: &Question<'_>) -> Plan {
        let mut plan = question.plan.clone();
        for (slack, by) in &self.giving {
            elastic::apply(question, &mut plan.programme, slack, *by);
        }
        plan
    }
}

/// Why a plan cannot be met; `None` if it can, or if time ran out before anything was found.
///
/// # Errors
/// The solver refused a programme.
pub fn infeasible(
    question: &Question<'_>,
    weights: &Weights,
    options: &Options,
) -> Result<Option<Answer>, SolverError> {
    let orders = Orders::of(question);
    let elastic = Elastic::of(question, &orders, weights);
    let solution = solved(&elastic.programme, options)?;
    let crossed = find::crossed(&question.plan.programme);
    let split = solution.feasible && solution.objective > 1e-6;
    let whole = !question.plan.programme.whole.is_empty();
    let found = match crossed {
        Some(found) => Some(found),
        None if split => {
            find::of_elastic(question, &solution, elastic.dearest(&solution), options)?
        }
        None if whole => None,
        None => return Ok(None),
    };
    let solution = match whole {
        true => of_whole_units(question, &elastic, options)?,
        false => solution,
    };
    if found.is_none() && solution.objective <= 1e-6 {
        return Ok(None);
    }
    let found = match found {
        Some(found) => Some(found),
        None => find::of_whole(question, options)?,
    };
    let giving = elastic.giving(&solution);
    Ok(found.map(|found| answer(question, &orders, found, giving)))
}

fn solved(programme: &Programme<()>, options: &Options) -> Result<Solution, SolverError> {
    Solver::new(programme, options)?.solve()
}

/// The elastic programme with units on or off.
fn of_whole_units(
    question: &Question<'_>,
    elastic: &Elastic,
    options: &Options,
) -> Result<Solution, SolverError> {
    let mut programme = elastic.programme.clone();
    programme.whole = question.plan.programme.whole.clone();
    solved(&programme, options)
}

/// A conflict and what gives way in rows of the base.
fn answer(
    question: &Question<'_>,
    orders: &Orders,
    found: Found,
    giving: Vec<(elastic::Slack, f64)>,
) -> Answer {
    let demands = items::demands(question);
    let kept = if found.proven {
        items::needed(question, orders, &demands, &found.certificate)
    } else {
        items::Kept::all(question)
    };
    let origins = Origins {
        question,
        orders,
        demands: &demands,
        kept: &kept,
    };
    let (conflict, mut unsaid) = cause::causes(&origins, found.certificate.bounds());
    unsaid.extend(found.always);
    let all = Origins {
        kept: &items::Kept::all(question),
        ..origins
    };
    let slacks: Vec<(What, usize, Bound, f64)> = giving
        .iter()
        .map(|(slack, by)| (slack.what, slack.step, slack.bound, *by))
        .collect();
    Answer {
        conflict,
        irreducible: found.irreducible,
        relaxation: cause::changes(&all, &question.plan.programme, &slacks),
        unsaid,
        giving,
    }
}
