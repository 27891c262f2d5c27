//! The dispatch frame of a plan as its sections read it.

use jiff::civil::{Date, DateTime};

use crate::contents::RunContents;
use crate::error::RunError;
use crate::plan::{ColumnKind, DISPATCH, PlanAnswer, PlanUnit, TIME};
use crate::table;
use saltern_base::frame::{Frame, Values};

/// Steps of a plan with the values of each unit's column.
pub(super) struct Hours<'a> {
    /// Beginning of the first step.
    pub(super) first: DateTime,
    /// Steps in a day.
    pub(super) per_day: usize,
    /// Units with their values.
    pub(super) columns: Vec<(&'a PlanUnit, &'a [f64])>,
    /// Steps.
    pub(super) steps: usize,
}

/// What is drawn: so many steps in each bar, from a first to before a last.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) per: usize,
}

impl Span {
    /// Bars.
    pub(super) fn bars(&self) -> usize {
        (self.to - self.from).div_ceil(self.per)
    }

    /// Mean of a series over a bar.
    pub(super) fn mean(&self, values: &[f64], bar: usize) -> f64 {
        let first = self.from + bar * self.per;
        let part = &values[first..(first + self.per).min(self.to)];
        part.iter().sum::<f64>() / part.len().max(1) as f64
    }
}

impl<'a> Hours<'a> {
    /// `None` for a plan without a frame: one that could not be had.
    pub(super) fn of(run: &'a RunContents, plan: &'a PlanAnswer) -> Result<Option<Self>, RunError> {
        let Some(frame) = run.frame(DISPATCH) else {
            return Ok(None);
        };
        let Some(first) = first_moment(frame) else {
            return Ok(None);
        };
        let columns = plan.units.iter().map(|unit| {
            let column = frame.columns.iter().find(|c| c.name == unit.column);
            match column.map(|c| &c.values) {
                Some(Values::Number(values)) => Ok((unit, values.as_slice())),
                _ => table::numbers_of(frame, &unit.column, "").map(|values| (unit, values)),
            }
        });
        Ok(Some(Hours {
            first,
            per_day: (24 * 60 / plan.step_min.max(1)) as usize,
            columns: columns.collect::<Result<_, _>>()?,
            steps: table::rows(frame),
        }))
    }

    /// Columns of a kind.
    pub(super) fn of_kind(
        &self,
        kind: ColumnKind,
    ) -> impl Iterator<Item = (&'a PlanUnit, &'a [f64])> {
        let columns = self.columns.iter().copied();
        columns.filter(move |(unit, _)| unit.kind == kind)
    }

    /// Nodes at which something is given and something taken, in order of appearance.
    pub(super) fn nodes(&self) -> Vec<&'a str> {
        let mut nodes: Vec<&str> = Vec::new();
        for (unit, _) in self.columns.iter().filter(|(unit, _)| unit.sign != 0.0) {
            if !nodes.contains(&unit.node.as_str()) {
                nodes.push(&unit.node);
            }
        }
        nodes
    }

    /// Day of a step.
    pub(super) fn day(&self, step: usize) -> Date {
        let days = (step / self.per_day.max(1)) as i64;
        self.first.date().saturating_add(jiff::ToSpan::days(days))
    }

    /// The whole, in days if it is long.
    pub(super) fn whole(&self) -> Span {
        let days = self.steps / self.per_day.max(1);
        Span {
            from: 0,
            to: self.steps,
            per: if days > 21 { self.per_day } else { 1 },
        }
    }

    /// The week in which a series sums up to the most, for plans that are drawn in days.
    pub(super) fn richest_week(&self, values: &[f64]) -> Option<Span> {
        if self.whole().per == 1 {
            return None;
        }
        let week = 7 * self.per_day;
        let starts = (0..)
            .map(|w| w * week)
            .take_while(|s| s + week <= self.steps);
        let sum = |from: usize| values[from..from + week].iter().sum::<f64>();
        let from = starts.max_by(|a, b| sum(*a).total_cmp(&sum(*b)).then(b.cmp(a)))?;
        Some(Span {
            from,
            to: from + week,
            per: 1,
        })
    }
}

fn first_moment(frame: &Frame) -> Option<DateTime> {
    let column = frame.columns.iter().find(|c| c.name == TIME)?;
    match &column.values {
        Values::Text(texts) => texts.first()?.parse().ok(),
        _ => None,
    }
}
