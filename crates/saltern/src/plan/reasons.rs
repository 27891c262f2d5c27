//! Why there is no plan, in rows of the base, and the cheapest way out.

use saltern_base::energy::Energy;
use saltern_plan::dispatch::{Outside, Series};
use saltern_plan::solution::Status;
use saltern_plan::solver::Options;
use saltern_plan::why::{self, Cause, Change, Endless, Question, Weights};
use saltern_run::contents::Name;
use saltern_run::plan::{PlanAnswer, PlanCause};
use saltern_units::Lang;
use saltern_units::message::Message;
use saltern_units::place::Place;

use super::{Solved, refused};
use crate::failure::Failure;

/// Asks why there is no plan, if there is none, and puts the reasons into the answer.
pub(super) fn find(
    energy: &Energy,
    outside: &Outside,
    series: &Series,
    solved: &Solved,
    options: &Options,
    answer: &mut PlanAnswer,
) -> Result<(), Failure> {
    let question = Question {
        energy,
        outside,
        series,
        plan: &solved.plan,
    };
    match solved.solution.status {
        Status::Infeasible | Status::InfeasibleOrUnbounded => {
            let found =
                why::infeasible(&question, &Weights::default(), options).map_err(refused)?;
            match found {
                Some(found) => {
                    answer.conflict = found.conflict.iter().map(of_cause).collect();
                    answer.relaxation = found.relaxation.iter().map(of_change).collect();
                }
                None => endless(&question, options, answer)?,
            }
        }
        Status::Unbounded => endless(&question, options, answer)?,
        Status::Optimal | Status::Limit | Status::Failed => {}
    }
    Ok(())
}

/// Nothing conflicts: something earns without end.
fn endless(
    question: &Question<'_>,
    options: &Options,
    answer: &mut PlanAnswer,
) -> Result<(), Failure> {
    let found = why::unbounded(question, options).map_err(refused)?;
    if !found.is_empty() {
        answer.status = super::answer::status(Status::Unbounded).into();
    }
    answer.conflict = found.iter().map(of_endless).collect();
    Ok(())
}

fn of_cause(cause: &Cause) -> PlanCause {
    told(&cause.id, &cause.places, |lang| cause.text(lang))
}

fn of_change(change: &Change) -> PlanCause {
    told(&change.id, &change.places, |lang| change.text(lang))
}

fn of_endless(endless: &Endless) -> PlanCause {
    let places = std::slice::from_ref(&endless.place);
    told(&endless.id, places, |lang| endless.text(lang))
}

/// An answer in both languages with the rows it leads to.
pub(super) fn told(id: &str, places: &[Place], text: impl Fn(Lang) -> String) -> PlanCause {
    let places: Vec<String> = places.iter().map(|place| place.text(Lang::En)).collect();
    PlanCause {
        unit: id.to_owned(),
        place: places.join("; "),
        text: Name {
            en: text(Lang::En),
            zh: text(Lang::Zh),
        },
    }
}
