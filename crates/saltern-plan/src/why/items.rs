//! Which rows of the base a conflict needs, where several make up one bound: demands of a node, jobs of a class, orders
//! of a unit.
//!
//! The weights of an irreducible conflict are the only ones that prove it, so a row of the base can be left out if and
//! only if the excess stays above zero without it: a sum, and no further solving. The row that matters least goes first.

use super::Question;
use super::bound::{At, Bound, Side};
use super::certificate::Certificate;
use super::units::{Orders, unit_of};
use crate::dispatch::{Name, queues_of_jobs};
use saltern_base::energy::UnitRef;
use std::collections::BTreeMap;

/// A row of the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Demand(usize),
    Job(usize),
    Order(usize),
}

/// Rows of the base that a conflict needs.
pub(super) struct Kept {
    pub(super) demands: Vec<bool>,
    pub(super) jobs: Vec<bool>,
    pub(super) orders: Vec<bool>,
}

impl Kept {
    /// All rows of the base.
    pub(super) fn all(question: &Question<'_>) -> Kept {
        let energy = question.energy;
        Kept {
            demands: vec![true; energy.demands.len()],
            jobs: vec![true; energy.jobs.len()],
            orders: vec![true; energy.orders.len()],
        }
    }

    fn drop(&mut self, item: Item) {
        match item {
            Item::Demand(i) => self.demands[i] = false,
            Item::Job(i) => self.jobs[i] = false,
            Item::Order(i) => self.orders[i] = false,
        }
    }
}

/// Demands by themselves: MW of each in each step.
pub(super) fn demands(question: &Question<'_>) -> Vec<Vec<f64>> {
    let energy = question.energy;
    let one = |d: usize| {
        let alone = saltern_base::energy::Energy {
            demands: vec![energy.demands[d].clone()],
            orders: Vec::new(),
            jobs: Vec::new(),
            ..energy.clone()
        };
        let series = crate::dispatch::Series::of(&alone, question.outside);
        series.demand[energy.demands[d].node].clone()
    };
    (0..energy.demands.len()).map(one).collect()
}

/// Leaves out all rows of the base that the conflict doesn't need.
pub(super) fn needed(
    question: &Question<'_>,
    orders: &Orders,
    demands: &[Vec<f64>],
    certificate: &Certificate,
) -> Kept {
    let mut kept = Kept::all(question);
    let weights = Weighted::of(question, orders, demands, certificate);
    let energy = question.energy;
    let items = (0..energy.demands.len()).map(Item::Demand);
    let items = items.chain((0..energy.jobs.len()).map(Item::Job));
    let items = items.chain((0..energy.orders.len()).map(Item::Order));
    let mut items: Vec<(f64, Item)> = items
        .map(|item| (weights.share(item, &kept), item))
        .collect();
    items.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut excess = certificate.excess;
    let rounding = certificate.rounding();
    for (_, item) in items {
        let share = weights.share(item, &kept).max(0.0);
        if excess - share > rounding {
            excess -= share;
            kept.drop(item);
        }
    }
    kept
}

/// Weights of a conflict by what they are of.
struct Weighted<'a> {
    question: &'a Question<'a>,
    orders: &'a Orders,
    demands: &'a [Vec<f64>],
    /// Step of the base at which the question's first step lies.
    offset: usize,
    /// Of balances by node and step, above zero where more demand makes it worse.
    balance: BTreeMap<(usize, usize), f64>,
    /// Queue of each job.
    queues: Vec<usize>,
    /// Of arriving work by queue and step.
    work: BTreeMap<(usize, usize), f64>,
    /// Of waiting work by queue and step.
    backlog: BTreeMap<(usize, usize), f64>,
    /// Of bounds of units.
    units: Vec<((UnitRef, usize), Side, f64)>,
}

impl<'a> Weighted<'a> {
    fn of(
        question: &'a Question<'a>,
        orders: &'a Orders,
        demands: &'a [Vec<f64>],
        certificate: &Certificate,
    ) -> Weighted<'a> {
        let mut weighted = Weighted {
            question,
            orders,
            demands,
            offset: orders.offset(),
            queues: queues_of_jobs(question.energy),
            balance: BTreeMap::new(),
            work: BTreeMap::new(),
            backlog: BTreeMap::new(),
            units: Vec::new(),
        };
        for held in &certificate.held {
            weighted.enter(held.bound, held.weight);
        }
        weighted
    }

    fn enter(&mut self, bound: Bound, weight: f64) {
        let plan = &self.question.plan.programme;
        let signed = match bound.side {
            Side::Lower => weight,
            Side::Upper => -weight,
        };
        let name = match bound.at {
            At::Column(column) => plan.column_name(column),
            At::Row(row) => plan.row_name(row),
        };
        match name {
            Some((Name::Balance(n), t)) => *self.balance.entry((n, t)).or_default() += signed,
            Some((Name::Work(c), t)) => *self.work.entry((c, t)).or_default() += signed,
            Some((Name::Backlog(c), t)) if bound.side == Side::Upper => {
                *self.backlog.entry((c, t)).or_default() += weight;
            }
            _ => {
                if let Some(place) = unit_of(self.question, bound) {
                    self.units.push((place, bound.side, weight));
                }
            }
        }
    }

    /// What a row of the base adds to the excess.
    fn share(&self, item: Item, kept: &Kept) -> f64 {
        match item {
            Item::Demand(d) => self.of_demand(d),
            Item::Job(j) => self.of_job(j),
            Item::Order(o) => self.of_order(o, kept),
        }
    }

    fn of_demand(&self, demand: usize) -> f64 {
        let node = self.question.energy.demands[demand].node;
        let steps = self.balance.range((node, 0)..(node + 1, 0));
        let shares = steps.map(|((_, t), weight)| weight * self.demands[demand][t + self.offset]);
        shares.sum()
    }

    /// A job adds to the work that arrives, and to what may wait until it is due.
    fn of_job(&self, job: usize) -> f64 {
        let energy = self.question.energy;
        let queue = self.queues[job];
        let job = &energy.jobs[job];
        let Some(step) = job.step.checked_sub(self.offset) else {
            return 0.0;
        };
        let within = (job.deadline_s / 3600.0 / self.question.series.window.step_h()).floor();
        let work = self.work.get(&(queue, step)).copied().unwrap_or(0.0);
        let until = step + within as usize;
        let waiting = self.backlog.range((queue, step)..(queue, until.max(step)));
        let waiting: f64 = waiting.map(|(_, weight)| weight).sum();
        (work - waiting) * job.energy_j / 3.6e9
    }

    /// An order makes bounds tighter than they would be by the other orders.
    fn of_order(&self, order: usize, kept: &Kept) -> f64 {
        let energy = self.question.energy;
        let unit = energy.orders[order].unit;
        let with = |o: usize| kept.orders[o] || o == order;
        let without = |o: usize| kept.orders[o] && o != order;
        let places = self.units.iter().filter(|((u, _), ..)| *u == unit);
        let shares = places.map(|(place, side, weight)| {
            let tight = self.orders.bound(energy, *place, *side, &with);
            let loose = self.orders.bound(energy, *place, *side, &without);
            if tight == loose {
                0.0
            } else {
                weight * (tight - loose).abs()
            }
        });
        shares.sum()
    }
}
