//! The report of a plan: what it costs, who gives and takes, what is held, what waits, what binds.

mod binding;
mod costs;
mod head;
mod hours;
mod lines;
mod matching;
mod quotas;
mod service;
mod stack;

pub(super) use stack::color;

use super::view::View;
use crate::error::RunError;
use crate::plan::PlanAnswer;
use hours::Hours;

/// All sections of a plan's report.
pub(super) fn sections(view: &View<'_>, plan: &PlanAnswer) -> Result<String, RunError> {
    let head = match &plan.expansion {
        Some(answer) => super::expansion::sections(view, plan, answer),
        None => head::section(view, plan),
    };
    let Some(hours) = Hours::of(view.run, plan)? else {
        return Ok(head + &head::why(view, plan));
    };
    let matching = match &plan.matching {
        Some(matching) => matching::section(view, matching)?,
        None => String::new(),
    };
    Ok([
        head,
        super::scenarios::sections(view, plan)?,
        stack::section(view, &hours),
        matching,
        lines::levels(view, &hours),
        lines::prices(view, &hours),
        lines::waiting(view, &hours),
        service::section(view, plan, &hours),
        quotas::section(view, plan, &hours),
        match &plan.expansion {
            // The objective is of all stages, the units' costs would be of one.
            Some(_) => String::new(),
            None => costs::section(view, plan),
        },
        binding::section(view, &hours),
    ]
    .concat())
}
