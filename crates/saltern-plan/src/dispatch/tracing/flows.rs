//! The flows of a step: what each place gets, from which place and source, and what is lost on the way.

use super::held::Held;
use super::{Consumer, LEAST_MWH, Origin, Tracing, User, clean, ring};
use crate::dispatch::build::kept;
use crate::dispatch::outcome::Outcome;
use crate::dispatch::series::{Series, asked, tonnes_mwh};
use saltern_base::energy::Energy;

/// A dispatch as a network: its places are the nodes, then the stores.
pub(super) struct Network<'a> {
    pub(super) energy: &'a Energy,
    pub(super) series: &'a Series,
    pub(super) outcome: &'a Outcome,
    pub(super) origins: Vec<Origin>,
    consumers: Vec<Consumer>,
    step_h: f64,
}

/// Energy from one place to another in a step, MWh.
pub(super) struct Way {
    pub(super) from: usize,
    pub(super) to: usize,
    /// What leaves the one.
    pub(super) taken: f64,
    /// What of it arrives at the other.
    pub(super) arrives: f64,
}

/// The flows of a step, MWh.
pub(super) struct Flows {
    pub(super) ways: Vec<Way>,
    /// What each place gets in all.
    pub(super) gets: Vec<f64>,
    /// What sources bring to each place: place after place, a value for each source.
    pub(super) own: Vec<f64>,
    /// Carbon that comes with it, kg: place after place, a value for each tracer, the first being what is emitted.
    pub(super) carbon: Vec<f64>,
    /// Whether something from a source reaches a place.
    pub(super) reached: Vec<bool>,
    /// Energy of each source given in the step.
    pub(super) given: Vec<f64>,
    /// Energy of each source that stores lose while they hold it.
    pub(super) lost_held: Vec<f64>,
    /// Whether energy stays at a place: it is used or held.
    stays: Vec<bool>,
}

impl Flows {
    /// Places of which something reaches a consumer or stays in a store.
    pub(super) fn alive(&self) -> Vec<bool> {
        let mut alive: Vec<bool> = self.stays.clone();
        let mut open: Vec<usize> = (0..alive.len()).filter(|p| alive[*p]).collect();
        while let Some(place) = open.pop() {
            for way in self.ways.iter().filter(|way| way.to == place) {
                if !alive[way.from] {
                    alive[way.from] = true;
                    open.push(way.from);
                }
            }
        }
        for (alive, reached) in alive.iter_mut().zip(&self.reached) {
            *alive &= reached;
        }
        alive
    }

    fn reach(&mut self) {
        let width = self.given.len();
        let places = self.gets.len();
        let own = |p: usize| self.own[p * width..][..width].iter().sum::<f64>() > LEAST_MWH;
        let mut open: Vec<usize> = (0..places).filter(|p| own(*p)).collect();
        for place in &open {
            self.reached[*place] = true;
        }
        while let Some(place) = open.pop() {
            for way in self.ways.iter().filter(|way| way.from == place) {
                if !self.reached[way.to] && way.arrives > 0.0 {
                    self.reached[way.to] = true;
                    open.push(way.to);
                }
            }
        }
    }
}

impl<'a> Network<'a> {
    pub(super) fn of(energy: &'a Energy, series: &'a Series, outcome: &'a Outcome) -> Network<'a> {
        Network {
            energy,
            series,
            outcome,
            origins: origins(energy, series, outcome),
            consumers: consumers(energy, series, outcome),
            step_h: series.window.step_h(),
        }
    }

    /// A tracing without steps.
    pub(super) fn blank(&self) -> Tracing {
        let (nodes, width) = (self.energy.nodes.len(), self.origins.len());
        let steps = self.outcome.steps;
        let origins = self.origins.iter();
        Tracing {
            origins: self.origins.clone(),
            consumers: self.consumers.clone(),
            clean: origins
                .map(|origin| clean(self.energy, self.series, *origin))
                .collect(),
            given_mwh: vec![0.0; width],
            lost_mwh: vec![0.0; width],
            opening_mwh: Vec::new(),
            closing_mwh: Vec::new(),
            opening_kg: 0.0,
            closing_kg: 0.0,
            stranded_kg: 0.0,
            step_h: self.step_h,
            shares: vec![Vec::with_capacity(steps * width); nodes],
            carbon: vec![Vec::with_capacity(steps); nodes],
        }
    }

    pub(super) fn origin(&self, origin: Origin) -> Option<usize> {
        self.origins.iter().position(|own| *own == origin)
    }

    /// Place of a store.
    pub(super) fn place(&self, store: usize) -> usize {
        self.energy.nodes.len() + store
    }

    /// The flows of a step, with what stores hold before it.
    pub(super) fn flows(&self, t: usize, held: &Held) -> Flows {
        let (places, width) = (self.place(self.energy.stores.len()), self.origins.len());
        let mut flows = Flows {
            ways: Vec::new(),
            gets: vec![0.0; places],
            own: vec![0.0; places * width],
            carbon: vec![0.0; places * held.tracers()],
            reached: vec![false; places],
            given: vec![0.0; width],
            lost_held: vec![0.0; width],
            stays: vec![false; places],
        };
        self.sources(t, held.tracers(), &mut flows);
        self.lines(t, &mut flows);
        self.converters(t, &mut flows);
        self.stores(t, held, &mut flows);
        for consumer in &self.consumers {
            flows.stays[consumer.node] |= consumer.power[t] * self.step_h > LEAST_MWH;
        }
        for way in &flows.ways {
            flows.gets[way.to] += way.arrives;
        }
        for (place, gets) in flows.gets.iter_mut().enumerate() {
            *gets += flows.own[place * width..][..width].iter().sum::<f64>();
        }
        flows.reach();
        flows
    }

    fn sources(&self, t: usize, tracers: usize, flows: &mut Flows) {
        let width = self.origins.len();
        for (s, origin) in self.origins.iter().enumerate() {
            let (node, power, factor) = match *origin {
                Origin::Generator(g) => {
                    let generator = &self.energy.generators[g];
                    let factor = tonnes_mwh(generator.carbon_kg_j);
                    (generator.node, self.outcome.generation[g][t], factor)
                }
                Origin::Grid(g) => {
                    let factor = self.series.import_carbon[g][t];
                    (self.energy.grids[g].node, self.outcome.import[g][t], factor)
                }
                Origin::Short(n) => {
                    let beyond = self.outcome.shortage[n][t] - self.series.demand[n][t];
                    (n, beyond, 0.0)
                }
                Origin::Start(_) | Origin::Surroundings(_) => continue,
            };
            let mwh = (power * self.step_h).max(0.0);
            flows.own[node * width + s] += mwh;
            flows.given[s] += mwh;
            flows.carbon[node * tracers] += mwh * factor * 1e3;
        }
    }

    fn lines(&self, t: usize, flows: &mut Flows) {
        let mut lossless = Vec::new();
        for (l, line) in self.energy.lines.iter().enumerate() {
            let mwh = self.outcome.line[l][t] * self.step_h;
            let (from, to) = if mwh < 0.0 {
                (line.to, line.from)
            } else {
                (line.from, line.to)
            };
            if line.loss == 0.0 {
                lossless.push((from, to, mwh.abs()));
            } else {
                self.way(from, to, mwh.abs(), mwh.abs() * (1.0 - line.loss), flows);
            }
        }
        ring::cut(&mut lossless, LEAST_MWH);
        for (from, to, mwh) in lossless {
            self.way(from, to, mwh, mwh, flows);
        }
    }

    fn way(&self, from: usize, to: usize, taken: f64, arrives: f64, flows: &mut Flows) {
        if taken > LEAST_MWH {
            flows.ways.push(Way {
                from,
                to,
                taken,
                arrives,
            });
        }
    }

    fn converters(&self, t: usize, flows: &mut Flows) {
        let width = self.origins.len();
        for (c, converter) in self.energy.converters.iter().enumerate() {
            let taken = self.outcome.conversion[c][t] * self.step_h;
            if taken <= LEAST_MWH {
                continue;
            }
            let all = converter.yield_ + converter.also.map_or(0.0, |(_, share)| share);
            let outlets = [Some((converter.to, converter.yield_)), converter.also];
            for (to, share) in outlets.into_iter().flatten() {
                let (own, made) = (taken * share / all, taken * share);
                self.way(converter.from, to, own, made.min(own), flows);
                if let Some(s) = self.origin(Origin::Surroundings(c)) {
                    let beyond = (made - own).max(0.0);
                    flows.own[to * width + s] += beyond;
                    flows.given[s] += beyond;
                }
            }
        }
    }

    fn stores(&self, t: usize, held: &Held, flows: &mut Flows) {
        let (width, tracers) = (self.origins.len(), held.tracers());
        for (s, store) in self.energy.stores.iter().enumerate() {
            let place = self.place(s);
            let kept = kept(store, self.step_h);
            for (i, mwh) in held.sources(s).iter().enumerate() {
                flows.own[place * width + i] += kept * mwh;
                flows.lost_held[i] += (1.0 - kept) * mwh;
            }
            flows.carbon[place * tracers..][..tracers].copy_from_slice(held.carbon(s));
            let charge = self.outcome.charge[s][t] * self.step_h;
            let discharge = self.outcome.discharge[s][t] * self.step_h;
            self.way(
                store.node,
                place,
                charge,
                charge * store.efficiency_in,
                flows,
            );
            let taken = discharge / store.efficiency_out;
            self.way(place, store.node, taken, discharge, flows);
            flows.stays[place] = self.outcome.level[s][t] > LEAST_MWH;
        }
    }
}

fn origins(energy: &Energy, series: &Series, outcome: &Outcome) -> Vec<Origin> {
    let generators = (0..energy.generators.len()).map(Origin::Generator);
    let grids = (0..energy.grids.len()).map(Origin::Grid);
    let starts = (0..energy.stores.len())
        .filter(|s| outcome.start[*s] > LEAST_MWH)
        .map(Origin::Start);
    let pumps = energy.converters.iter().enumerate();
    let pumps = pumps
        .filter(|(_, c)| c.yield_ + c.also.map_or(0.0, |(_, share)| share) > 1.0)
        .map(|(c, _)| Origin::Surroundings(c));
    let short = (0..energy.nodes.len()).filter(|n| {
        let pairs = outcome.shortage[*n].iter().zip(&series.demand[*n]);
        pairs.into_iter().any(|(short, asked)| short - asked > 1e-6)
    });
    generators
        .chain(grids)
        .chain(starts)
        .chain(pumps)
        .chain(short.map(Origin::Short))
        .collect()
}

/// Demands as far as they are served, halls, and what is sold.
fn consumers(energy: &Energy, series: &Series, outcome: &Outcome) -> Vec<Consumer> {
    let steps = outcome.steps;
    let offset = energy.window.steps_before(series.window.start).unwrap_or(0);
    let demands: Vec<Vec<f64>> = energy.demands.iter().map(|d| asked(energy, d)).collect();
    let mut all = vec![vec![0.0; steps]; energy.nodes.len()];
    for (demand, own) in energy.demands.iter().zip(&demands) {
        for (t, total) in all[demand.node].iter_mut().enumerate() {
            *total += own[t + offset];
        }
    }
    let mut list = Vec::new();
    for (d, demand) in energy.demands.iter().enumerate() {
        let n = demand.node;
        let beside = energy.demands.iter().filter(|other| other.node == n);
        let even = 1.0 / beside.count() as f64;
        let power = (0..steps).map(|t| {
            let served = (series.demand[n][t] - outcome.shortage[n][t]).max(0.0);
            let share = if all[n][t] > 0.0 {
                demands[d][t + offset] / all[n][t]
            } else {
                even
            };
            served * share
        });
        list.push(Consumer {
            user: User::Demand(d),
            node: n,
            power: power.collect(),
        });
    }
    for (h, hall) in energy.halls.iter().enumerate() {
        list.push(Consumer {
            user: User::Hall(h),
            node: hall.node,
            power: outcome.power_of_hall(series, h),
        });
    }
    for (g, grid) in energy.grids.iter().enumerate() {
        if outcome.export[g]
            .iter()
            .any(|p| p * series.window.step_h() > LEAST_MWH)
        {
            list.push(Consumer {
                user: User::Export(g),
                node: grid.node,
                power: outcome.export[g].clone(),
            });
        }
    }
    list
}
