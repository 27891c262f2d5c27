//! Causes and changes: what stands in the way, and what would make way.

use super::bound::Bound;
use super::origin::{Origins, who};
use super::what::What;
use crate::dispatch::Name;
use crate::programme::Programme;
use saltern_base::energy::{Energy, QuotaLimit, UnitRef, Window};
use saltern_base::model::Label;
use saltern_units::place::Place;
use std::ops::Range;

/// One of the things that cannot all hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// What it is.
    pub what: What,
    /// Unit, node, class or quota.
    pub id: String,
    /// Its name.
    pub name: Label,
    /// Steps, consecutive ones together.
    pub steps: Vec<Range<usize>>,
    /// When, in local time.
    pub window: Window,
    /// Least and greatest value over the steps, in the units of [`Measure`].
    pub value: (f64, f64),
    /// What the value is of.
    pub measure: Measure,
    /// Why, as an order says.
    pub reason: String,
    /// Rows of the base that say it.
    pub places: Vec<Place>,
    /// The bounds of the programme.
    pub bounds: Vec<Bound>,
}

/// A change that would help, over consecutive steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What gives way.
    pub what: What,
    /// Unit, node, class or quota.
    pub id: String,
    /// Its name.
    pub name: Label,
    /// Steps.
    pub steps: Range<usize>,
    /// When, in local time.
    pub window: Window,
    /// Value now and after the change, in the step in which it changes most.
    pub value: (f64, f64),
    /// Sum of the changes over the steps: MWh of a power, MWh·h of a level or of waiting work, else as the value.
    pub sum: f64,
    /// What the value is of.
    pub measure: Measure,
    /// Rows of the base that say the value now.
    pub places: Vec<Place>,
}

/// What a value is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Power, MW.
    Power,
    /// Energy, MWh.
    Energy,
    /// Carbon dioxide, t.
    Carbon,
    /// Nothing to show.
    None,
}

/// What the values of something are of.
pub(super) fn measure(energy: &Energy, what: What) -> Measure {
    match what {
        What::Quota(q) => match energy.quotas[q].limit {
            QuotaLimit::Carbon(_) => Measure::Carbon,
            QuotaLimit::Energy(_) => Measure::Energy,
        },
        What::Arriving(_) | What::Deadline(_) | What::Level(_) | What::EndLevel(_) => {
            Measure::Energy
        }
        What::Balance(_) | What::Stored(_) => Measure::None,
        What::LeastLoad(_) | What::Stay(_) => Measure::None,
        _ => Measure::Power,
    }
}

/// Steps put together where they follow each other.
pub(crate) fn ranges(mut steps: Vec<usize>) -> Vec<Range<usize>> {
    steps.sort_unstable();
    steps.dedup();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for step in steps {
        match ranges.last_mut() {
            Some(last) if last.end == step => last.end += 1,
            _ => ranges.push(step..step + 1),
        }
    }
    ranges
}

/// Bounds of a conflict as causes, and those that go without saying.
pub(super) fn causes(
    origins: &Origins<'_>,
    bounds: impl Iterator<Item = Bound>,
) -> (Vec<Cause>, Vec<Bound>) {
    let mut groups: Vec<(What, Vec<usize>, Vec<Bound>)> = Vec::new();
    let mut unsaid = Vec::new();
    for bound in bounds {
        let Some((what, step)) = origins.of(bound) else {
            unsaid.push(bound);
            continue;
        };
        match groups.iter_mut().find(|(known, ..)| *known == what) {
            Some((_, steps, bounds)) => {
                steps.push(step);
                bounds.push(bound);
            }
            None => groups.push((what, vec![step], vec![bound])),
        }
    }
    let causes = groups.into_iter();
    let mut causes: Vec<Cause> = causes
        .map(|(what, steps, bounds)| cause(origins, what, steps, bounds))
        .collect();
    causes.sort_by_key(|cause| cause.what.rank());
    (causes, unsaid)
}

fn cause(origins: &Origins<'_>, what: What, steps: Vec<usize>, bounds: Vec<Bound>) -> Cause {
    let question = origins.question;
    let energy = question.energy;
    let programme = &question.plan.programme;
    let places = origins.places(what, &steps);
    let values = match what {
        What::Quota(_) => bounds.iter().map(|b| b.value(programme)).collect(),
        What::Demand(n) => steps
            .iter()
            .map(|t| question.series.demand[n][*t])
            .collect(),
        What::Most(u) => steps.iter().map(|t| origins.most(u, *t)).collect(),
        _ => bounds
            .iter()
            .map(|b| b.value(programme))
            .collect::<Vec<f64>>(),
    };
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let who = who(energy, what);
    let steps = match what {
        What::Quota(q) => {
            let (from, to) = (energy.quotas[q].from, energy.quotas[q].to);
            vec![question.series.window.steps_of_days(from, to)]
        }
        _ => ranges(steps),
    };
    Cause {
        id: who.id.clone(),
        name: who.name.clone(),
        steps,
        window: question.series.window,
        value: (least, most),
        measure: measure(energy, what),
        reason: match what {
            What::OrderLeast(o) | What::OrderMost(o) => energy.orders[o].reason.clone(),
            _ => String::new(),
        },
        places,
        bounds,
        what,
    }
}

/// What gives way as changes, a change for each stretch of steps.
pub(super) fn changes(
    origins: &Origins<'_>,
    programme: &Programme<Name>,
    giving: &[(What, usize, Bound, f64)],
) -> Vec<Change> {
    let mut sorted: Vec<&(What, usize, Bound, f64)> = giving.iter().collect();
    let first = |what: What| giving.iter().position(|g| g.0 == what);
    sorted.sort_by_key(|(what, step, ..)| (what.rank(), first(*what), *step));
    let mut changes: Vec<(Change, f64)> = Vec::new();
    for (what, step, bound, by) in sorted {
        let now = match what {
            // Beyond an order stands the capacity.
            What::Most(unit) => origins.free(*unit, *step),
            _ => bound.value(programme),
        };
        let then = match bound.side {
            super::Side::Lower => now - by,
            super::Side::Upper => now + by,
        };
        let measure = measure(origins.question.energy, *what);
        let per = match (measure, what) {
            (Measure::Power, _) | (_, What::Level(_) | What::Deadline(_)) => {
                origins.question.series.window.step_h()
            }
            _ => 1.0,
        };
        match changes.last_mut() {
            Some((change, most)) if change.what == *what && change.steps.end >= *step => {
                change.steps.end = step + 1;
                change.sum += by * per;
                if by > most {
                    (*most, change.value) = (*by, (now, then));
                }
            }
            _ => {
                let who = who(origins.question.energy, *what);
                let change = Change {
                    what: *what,
                    id: who.id.clone(),
                    name: who.name.clone(),
                    steps: match what {
                        What::Quota(q) => {
                            let quota = &origins.question.energy.quotas[*q];
                            let window = origins.question.series.window;
                            window.steps_of_days(quota.from, quota.to)
                        }
                        _ => *step..step + 1,
                    },
                    window: origins.question.series.window,
                    value: (now, then),
                    sum: by * per,
                    measure,
                    places: origins.places(*what, &[*step]),
                };
                changes.push((change, *by));
            }
        }
    }
    changes.into_iter().map(|(change, _)| change).collect()
}

impl Origins<'_> {
    /// Most power of a unit in a step if nothing were ordered, MW.
    fn free(&self, unit: UnitRef, step: usize) -> f64 {
        let side = super::Side::Upper;
        self.orders
            .bound(self.question.energy, (unit, step), side, &|_| false)
    }

    /// Most power of a unit in a step as far as orders are needed, MW.
    fn most(&self, unit: UnitRef, step: usize) -> f64 {
        let kept = |o: usize| self.kept.orders[o];
        let side = super::Side::Upper;
        self.orders
            .bound(self.question.energy, (unit, step), side, &kept)
    }
}
