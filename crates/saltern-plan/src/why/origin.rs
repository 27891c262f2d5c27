//! From bounds of a programme to rows of the base.

use super::Question;
use super::bound::{At, Bound, Side};
use super::items::Kept;
use super::units::{Orders, unit_of, unit_on_off};
use super::what::What;
use crate::dispatch::Name;
use saltern_base::energy::{Energy, Identity, UnitRef};
use saltern_units::place::Place;

/// What bounds are to people, as far as a conflict needs the rows of the base.
pub(super) struct Origins<'a> {
    pub(super) question: &'a Question<'a>,
    pub(super) orders: &'a Orders,
    pub(super) demands: &'a [Vec<f64>],
    pub(super) kept: &'a Kept,
}

impl Origins<'_> {
    /// What a bound is, with its step; `None` for what goes without saying: no power below zero, a stop is a fall.
    pub(super) fn of(&self, bound: Bound) -> Option<(What, usize)> {
        if let Some((unit, step)) = unit_of(self.question, bound) {
            return self
                .of_unit(unit, step, bound.side)
                .map(|what| (what, step));
        }
        let plan = &self.question.plan.programme;
        let low = bound.side == Side::Lower;
        match bound.at {
            At::Column(column) => {
                let (name, step) = plan.column_name(column)?;
                self.of_column(name, low, plan.lower[column])
                    .map(|what| (what, step))
            }
            At::Row(row) => {
                let (name, step) = plan.row_name(row)?;
                // A ramp's first row is that of the second step.
                let ramp = matches!(name, Name::RampUp(_) | Name::RampDown(_));
                let step = step + usize::from(ramp);
                self.of_row(name, low, step).map(|what| (what, step))
            }
        }
    }

    fn of_column(&self, name: Name, low: bool, value: f64) -> Option<What> {
        match (name, low) {
            (Name::Level(s), true) if value > 0.0 => Some(What::EndLevel(s)),
            (Name::Level(s), true) => Some(What::Stored(s)),
            (_, true) => None,
            (Name::Level(s), _) => Some(What::Level(s)),
            (Name::Export(g), _) => Some(What::Export(g)),
            (Name::Shortage(n), _) => Some(What::Shortage(n)),
            (Name::Backlog(q), _) => Some(What::Deadline(self.question.series.class_of[q])),
            _ => None,
        }
    }

    fn of_unit(&self, unit: UnitRef, step: usize, side: Side) -> Option<What> {
        let energy = self.question.energy;
        let kept = |o: usize| self.kept.orders[o];
        let order = self.orders.setting(energy, (unit, step), side, &kept);
        match (side, order) {
            (Side::Lower, Some(order)) => Some(What::OrderLeast(order)),
            (Side::Lower, None) => None,
            (Side::Upper, Some(order)) => Some(What::OrderMost(order)),
            (Side::Upper, None) => Some(What::Most(unit)),
        }
    }

    fn of_row(&self, name: Name, low: bool, step: usize) -> Option<What> {
        match name {
            Name::Balance(n) if !low => Some(What::Surplus(n)),
            Name::Balance(n) if self.serves(n, step) => Some(What::Demand(n)),
            Name::Balance(n) => Some(What::Balance(n)),
            Name::Work(q) => {
                let series = self.question.series;
                let arriving = series.arriving[q][step] > 0.0;
                arriving.then_some(What::Arriving(series.class_of[q]))
            }
            Name::Stored(s) | Name::EnergyOfStore(s) => Some(What::Stored(s)),
            Name::AtMost(unit) => Some(What::Most(unit_on_off(unit))),
            Name::AtLeast(unit) => Some(What::LeastLoad(unit)),
            Name::StayOn(unit) | Name::StayOff(unit) => Some(What::Stay(unit)),
            Name::RampUp(unit) | Name::RampDown(unit) => Some(What::Ramp(unit)),
            Name::Reserve(n) => Some(What::Reserve(n)),
            Name::HallFlexible(h) => Some(What::Flexible(h)),
            Name::Quota(q) => Some(What::Quota(q)),
            _ => None,
        }
    }

    /// Whether a node has a demand in a step that the conflict needs.
    fn serves(&self, node: usize, step: usize) -> bool {
        let step = step + self.orders.offset();
        let demands = self.question.energy.demands.iter().enumerate();
        demands
            .filter(|(d, demand)| demand.node == node && self.kept.demands[*d])
            .any(|(d, _)| self.demands[d][step] > 0.0)
    }

    /// Rows of the base that say what `what` is in some steps.
    pub(super) fn places(&self, what: What, steps: &[usize]) -> Vec<Place> {
        let energy = self.question.energy;
        match what {
            What::Demand(n) => self.of_demands(n, steps),
            What::Arriving(c) | What::Deadline(c) => self.of_work(c, steps, what),
            What::OrderLeast(o) | What::OrderMost(o) => vec![energy.orders[o].place.clone()],
            What::Most(UnitRef::Generator(g)) => {
                let own = energy.generators[g].who.place.clone();
                let profile = energy.generators[g].profile;
                let profile = profile.map(|p| energy.profiles[p].place.clone());
                std::iter::once(own).chain(profile).collect()
            }
            What::Flexible(h) => self.of_limits(h, steps),
            _ => vec![who(energy, what).place.clone()],
        }
    }

    /// Rows of the demands of a node with their profiles, and that of the node where no shortage is allowed.
    fn of_demands(&self, node: usize, steps: &[usize]) -> Vec<Place> {
        let energy = self.question.energy;
        let mut places = Vec::new();
        for (d, demand) in energy.demands.iter().enumerate() {
            let any = |t: &usize| self.demands[d][t + self.orders.offset()] > 0.0;
            if demand.node == node && self.kept.demands[d] && steps.iter().any(any) {
                places.push(demand.who.place.clone());
                places.extend(demand.profile.map(|p| energy.profiles[p].place.clone()));
            }
        }
        if energy.nodes[node].shortage_price.is_none() {
            places.push(energy.nodes[node].who.place.clone());
        }
        places
    }

    /// Rows of the published limits of a hall.
    fn of_limits(&self, hall: usize, steps: &[usize]) -> Vec<Place> {
        let energy = self.question.energy;
        let window = energy.window;
        let holds = |limit: &&saltern_base::energy::HallLimit| {
            let at = |moment| window.steps_before(moment).unwrap_or(0);
            let during = at(limit.from)..at(limit.to);
            let any = |t: &usize| during.contains(&(t + self.orders.offset()));
            limit.hall == hall && steps.iter().any(any)
        };
        let limits = energy.hall_limits.iter().filter(holds);
        limits.map(|limit| limit.place.clone()).collect()
    }

    /// Rows of the jobs of a class, or of the class where its work arrives by itself.
    fn of_work(&self, class: usize, steps: &[usize], what: What) -> Vec<Place> {
        let energy = self.question.energy;
        let of = &energy.classes[class];
        let offset = self.orders.offset();
        let jobs = energy.jobs.iter().zip(&self.kept.jobs);
        let jobs = jobs.filter(|(job, kept)| {
            let now =
                matches!(what, What::Deadline(_)) || steps.iter().any(|t| t + offset == job.step);
            **kept && job.class == class && now
        });
        let mut places: Vec<Place> = jobs.map(|(job, _)| job.place.clone()).collect();
        let own = of.profile.is_some() || of.power_w.is_some_and(|w| w > 0.0);
        if own || places.is_empty() {
            places.push(of.who.place.clone());
        }
        if matches!(what, What::Arriving(_)) {
            places.extend(of.profile.map(|p| energy.profiles[p].place.clone()));
        }
        places
    }
}

/// Who a bound is of; an order is of its unit.
pub(super) fn who(energy: &Energy, what: What) -> &Identity {
    match what {
        What::Demand(n) | What::Surplus(n) | What::Balance(n) => &energy.nodes[n].who,
        What::Shortage(n) | What::Reserve(n) => &energy.nodes[n].who,
        What::Arriving(c) | What::Deadline(c) => &energy.classes[c].who,
        What::OrderLeast(o) | What::OrderMost(o) => unit(energy, energy.orders[o].unit),
        What::Most(u) => unit(energy, u),
        What::Level(s) | What::EndLevel(s) | What::Stored(s) => &energy.stores[s].who,
        What::Export(g) => &energy.grids[g].who,
        What::Flexible(h) => &energy.halls[h].who,
        What::Quota(q) => &energy.quotas[q].who,
        What::Ramp(u) | What::LeastLoad(u) | What::Stay(u) => unit(energy, unit_on_off(u)),
    }
}

fn unit(energy: &Energy, unit: UnitRef) -> &Identity {
    match unit {
        UnitRef::Generator(i) => &energy.generators[i].who,
        UnitRef::Store(i) | UnitRef::Charge(i) => &energy.stores[i].who,
        UnitRef::Converter(i) => &energy.converters[i].who,
        UnitRef::Line(i) => &energy.lines[i].who,
        UnitRef::Grid(i) => &energy.grids[i].who,
        UnitRef::Hall(i) => &energy.halls[i].who,
    }
}
