//! The cheapest way out: every bound that a person could change may give way at a price, and the least is paid.
//!
//! ```text
//! minimise  Σ w·s    with    l − s ≤ x ≤ u + s,   L − s ≤ Ax ≤ U + s,   s ≥ 0
//! ```
//!
//! (the elastic programme of J. W. Chinneck, Feasibility and Infeasibility in Optimization, Springer 2008, §6.1). Slack of
//! a column's bound is a second column with the same coefficients, so that no bound becomes a row. The plan's own costs
//! do not count. Weights are per MWh; see [`Weights`].

use super::bound::{At, Bound, Side};
use super::units::{Orders, is_on_off, unit_of};
use super::what::What;
use super::{Question, Weights};
use crate::dispatch::Name;
use crate::programme::{Matrix, Programme};
use crate::solution::Solution;
use saltern_base::energy::{QuotaLimit, UnitRef};

/// A bound that may give way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slack {
    pub(super) bound: Bound,
    pub(super) what: What,
    pub(super) step: usize,
    weight: f64,
    most: f64,
}

/// The elastic programme of a plan.
pub(super) struct Elastic {
    pub(super) programme: Programme<()>,
    slacks: Vec<Slack>,
    /// Column of the first slack.
    first: usize,
    /// What crossed bounds had to give before.
    pub(super) given: Vec<(Slack, f64)>,
}

impl Elastic {
    pub(super) fn of(question: &Question<'_>, orders: &Orders, weights: &Weights) -> Elastic {
        let plan = &question.plan.programme;
        let mut programme = plan.bare();
        let mut collecting = Collecting {
            question,
            orders,
            weights,
            step_h: question.series.window.step_h(),
            slacks: Vec::new(),
        };
        collecting.columns();
        collecting.rows();
        let slacks = collecting.slacks;
        let given = uncross(&mut programme, &slacks);
        let first = programme.column_count();
        let matrix = plan.matrix();
        for slack in &slacks {
            add(&mut programme, question, &matrix, slack);
        }
        Elastic {
            programme,
            slacks,
            first,
            given,
        }
    }

    /// The bound whose giving way costs most in a solution.
    pub(super) fn dearest(&self, solution: &Solution) -> Option<Bound> {
        let giving = self.giving(solution).into_iter();
        giving
            .max_by(|a, b| (a.0.weight * a.1).total_cmp(&(b.0.weight * b.1)))
            .map(|(slack, _)| slack.bound)
    }

    /// What gives way in a solution, and by how much.
    pub(super) fn giving(&self, solution: &Solution) -> Vec<(Slack, f64)> {
        let slacks = self.slacks.iter().zip(&solution.columns[self.first..]);
        let giving = slacks.filter(|(_, by)| **by > 1e-6);
        let giving = giving.map(|(slack, by)| (*slack, *by));
        self.given.iter().copied().chain(giving).collect()
    }
}

/// Where a lower bound lies above its upper one, it gives way first.
fn uncross(programme: &mut Programme<()>, slacks: &[Slack]) -> Vec<(Slack, f64)> {
    let mut given = Vec::new();
    for slack in slacks.iter().filter(|s| s.bound.side == Side::Lower) {
        let upper = Bound {
            side: Side::Upper,
            ..slack.bound
        };
        let by = slack.bound.value(programme) - upper.value(programme);
        if by > 0.0 {
            slack.bound.widen(programme, by);
            given.push((*slack, by));
        }
    }
    given
}

/// Rows that repeat the limit of a unit, and move with it.
fn follow(question: &Question<'_>, slack: &Slack) -> Vec<usize> {
    let plan = &question.plan.programme;
    let name = match (slack.bound.side, unit_of(question, slack.bound)) {
        (Side::Upper, Some((UnitRef::Generator(g), _))) => Name::RoomOfGenerator(g),
        (Side::Upper, Some((UnitRef::Store(s), _))) => Name::RoomOfStore(s),
        (Side::Upper, Some((UnitRef::Grid(g), _))) => Name::RoomOfGrid(g),
        _ => return Vec::new(),
    };
    let rows = plan.rows_of(name);
    rows.map_or_else(Vec::new, |rows| vec![rows.start + slack.step])
}

fn add(programme: &mut Programme<()>, question: &Question<'_>, matrix: &Matrix, slack: &Slack) {
    let own = programme.add_columns((), 1, (0.0, slack.most), slack.weight);
    let sign = match slack.bound.side {
        Side::Lower => 1.0,
        Side::Upper => -1.0,
    };
    match slack.bound.at {
        At::Row(row) => programme.enter(row, own, sign),
        At::Column(column) => {
            let follow = follow(question, slack);
            let entries = matrix.starts[column] as usize..matrix.starts[column + 1] as usize;
            for e in entries {
                let row = matrix.rows[e] as usize;
                if !follow.contains(&row) {
                    programme.enter(row, own, -sign * matrix.values[e]);
                }
            }
        }
    }
}

/// Lets a bound of a plan give way, and a little more, so that rounding doesn't hold the plan up.
pub(super) fn apply(
    question: &Question<'_>,
    programme: &mut Programme<Name>,
    slack: &Slack,
    by: f64,
) {
    let by = by + 1e-6 * (1.0 + by);
    slack.bound.widen(programme, by);
    for row in follow(question, slack) {
        Bound::row_high(row).widen(programme, by);
    }
}

struct Collecting<'a> {
    question: &'a Question<'a>,
    orders: &'a Orders,
    weights: &'a Weights,
    step_h: f64,
    slacks: Vec<Slack>,
}

impl Collecting<'_> {
    fn push(&mut self, bound: Bound, what: What, step: usize, weight: f64, most: f64) {
        if bound.value(&self.question.plan.programme).is_finite() && most > 0.0 {
            self.slacks.push(Slack {
                bound,
                what,
                step,
                weight,
                most,
            });
        }
    }

    fn columns(&mut self) {
        let question = self.question;
        let plan = &question.plan.programme;
        let (decided, built) = (self.weights.decided, self.weights.built);
        for block in plan.column_blocks() {
            // A level or a backlog that is too high for an hour counts an hour's share of a day.
            let held = self.step_h / 24.0;
            let (what, weight) = match block.name {
                Name::Level(s) => {
                    self.end_level(s, block.first + block.len - 1, block.len - 1);
                    (What::Level(s), built * held)
                }
                Name::Export(g) => (What::Export(g), decided * self.step_h),
                Name::Shortage(n) => (What::Shortage(n), decided * self.step_h),
                Name::Backlog(q) => (What::Deadline(question.series.class_of[q]), decided * held),
                _ => {
                    for (step, column) in block.range().enumerate() {
                        self.unit(Bound::column_low(column), Bound::column_high(column), step);
                    }
                    continue;
                }
            };
            for (step, column) in block.range().enumerate() {
                let high = Bound::column_high(column);
                self.push(high, what, step, weight, f64::INFINITY);
            }
        }
    }

    fn end_level(&mut self, store: usize, column: usize, step: usize) {
        let low = Bound::column_low(column);
        let most = low.value(&self.question.plan.programme);
        let what = What::EndLevel(store);
        self.push(low, what, step, self.weights.decided, most);
    }

    /// Least and most power of a unit, whether an order sets it or its capacity.
    fn unit(&mut self, low: Bound, high: Bound, step: usize) {
        let question = self.question;
        let (plan, energy) = (&question.plan.programme, question.energy);
        let Some((unit, _)) = unit_of(question, low) else {
            return;
        };
        if low.row().is_none() && !high.value(plan).is_finite() && low.value(plan) == 0.0 {
            return;
        }
        let decided = self.weights.decided * self.step_h;
        let all = |_: usize| true;
        let place = (unit, step);
        if let Some(order) = self.orders.setting(energy, place, Side::Lower, &all) {
            let most = low.value(plan);
            self.push(low, What::OrderLeast(order), step, decided, most);
        }
        let mut weight = 0.0;
        if let Some(order) = self.orders.setting(energy, place, Side::Upper, &all) {
            let free = self.orders.bound(energy, place, Side::Upper, &|_| false);
            let most = free - high.value(plan);
            self.push(high, What::OrderMost(order), step, decided, most);
            weight = decided;
        }
        let by_nature = match unit {
            UnitRef::Generator(g) => {
                energy.generators[g].profile.is_some()
                    || question
                        .outside
                        .available
                        .get(g)
                        .is_some_and(Option::is_some)
            }
            _ => false,
        };
        if by_nature || is_on_off(energy, unit) {
            return;
        }
        weight += match unit {
            UnitRef::Grid(_) => decided,
            _ => self.weights.built * self.step_h,
        };
        self.push(high, What::Most(unit), step, weight, f64::INFINITY);
    }

    fn rows(&mut self) {
        let plan = &self.question.plan.programme;
        let w = *self.weights;
        for block in plan.row_blocks() {
            for (step, row) in block.range().enumerate() {
                let (low, high) = (Bound::row_low(row), Bound::row_high(row));
                let any = f64::INFINITY;
                match block.name {
                    Name::Balance(n) => {
                        let unserved = w.unserved * self.step_h;
                        self.push(low, What::Demand(n), step, unserved, any);
                        self.push(high, What::Surplus(n), step, unserved, any);
                    }
                    Name::Work(q) => {
                        let class = self.question.series.class_of[q];
                        self.push(low, What::Arriving(class), step, w.unserved, any);
                    }
                    Name::HallPower(_) => self.unit(low, high, step),
                    Name::HallFlexible(h) => {
                        let weight = w.decided * self.step_h;
                        self.push(high, What::Flexible(h), step, weight, any);
                    }
                    Name::Quota(q) => {
                        let weight = w.decided / self.per_mwh(q);
                        self.push(high, What::Quota(q), step, weight, any);
                    }
                    Name::Reserve(n) => {
                        let most = low.value(plan);
                        let weight = w.decided * self.step_h;
                        self.push(low, What::Reserve(n), step, weight, most);
                    }
                    Name::RampUp(unit) | Name::RampDown(unit) => {
                        let weight = w.built * self.step_h;
                        self.push(high, What::Ramp(unit), step, weight, any);
                    }
                    _ => {}
                }
            }
        }
    }

    /// What a MWh counts at most against a quota, so that a tonne weighs as much as the energy that emits it.
    fn per_mwh(&self, quota: usize) -> f64 {
        let energy = self.question.energy;
        match energy.quotas[quota].limit {
            QuotaLimit::Energy(_) => 1.0,
            QuotaLimit::Carbon(_) => {
                let bought = self.question.series.import_carbon.iter().flatten().copied();
                let burnt = energy.generators.iter();
                let burnt = burnt.map(|g| g.carbon_kg_j * 3.6e9 / 1e3);
                let most = burnt.chain(bought).fold(0.0, f64::max);
                if most > 0.0 { most } else { 1.0 }
            }
        }
    }
}
