//! A dispatch as a book: every movement of energy a posting, a day at a time, each conversion with its loss.
//!
//! Nodes of the book are the base's energy nodes, its units, and `sky`, `losses`; what a node gets it gives, what a store
//! gets less what it gives is what its level rose by. What is lost goes to `losses` as the carrier that it was taken of, so that
//! the uses of a carrier are what its consumers get and what is lost of it.

use super::outcome::Outcome;
use super::series::Series;
use super::{MW, MWH, build};
use saltern_base::book::{Book, Node, NodeId, NodeKind, Posting, Stream, StreamKind};
use saltern_base::energy::{Carrier, Energy, Store};
use std::collections::BTreeMap;

/// The book of a dispatch, and how well each carrier closes: the worst of its nodes and stores of |Δlevel − in + out| over the
/// larger of the first level and what went through.
pub fn book(energy: &Energy, series: &Series, outcome: &Outcome) -> (Book, BTreeMap<String, f64>) {
    let mut writer = Writer::new(energy, series, outcome);
    writer.generators();
    writer.converters();
    writer.stores();
    writer.lines();
    writer.grids();
    writer.uses();
    let closure = writer.closure();
    (writer.book, closure)
}

struct Writer<'a> {
    energy: &'a Energy,
    series: &'a Series,
    outcome: &'a Outcome,
    book: Book,
    /// Node of the book of each energy node.
    nodes: Vec<NodeId>,
    /// Node of the book of each store.
    stores: Vec<NodeId>,
    sky: NodeId,
    losses: NodeId,
    days: u32,
}

fn kind(carrier: Carrier) -> StreamKind {
    match carrier {
        Carrier::Electricity => StreamKind::Electricity,
        Carrier::Heat => StreamKind::Heat,
        Carrier::Hydrogen => StreamKind::Hydrogen,
    }
}

impl<'a> Writer<'a> {
    fn new(energy: &'a Energy, series: &'a Series, outcome: &'a Outcome) -> Self {
        let window = series.window;
        let last = window.moment(outcome.steps.saturating_sub(1)).date();
        let days = last.duration_since(window.start.date()).as_hours() / 24 + 1;
        let mut writer = Writer {
            energy,
            series,
            outcome,
            book: Book::empty(window.start.date(), days as u32, Vec::new(), Vec::new()),
            nodes: Vec::new(),
            stores: Vec::new(),
            sky: 0,
            losses: 0,
            days: days as u32,
        };
        writer.sky = writer.node("sky", NodeKind::Sky);
        writer.losses = writer.node("losses", NodeKind::Ground);
        writer.nodes = energy
            .nodes
            .iter()
            .map(|n| writer.node(&n.who.id, NodeKind::Utility))
            .collect();
        writer.stores = energy
            .stores
            .iter()
            .map(|s| writer.node(&s.who.id, NodeKind::Utility))
            .collect();
        writer
    }

    fn node(&mut self, id: &str, kind: NodeKind) -> NodeId {
        self.book.nodes.push(Node {
            id: id.into(),
            kind,
        });
        self.book.nodes.len() - 1
    }

    fn carrier(&self, node: usize) -> StreamKind {
        kind(self.energy.nodes[node].carrier)
    }

    /// Posts a power, MW by step, times a factor, a day at a time.
    fn post(
        &mut self,
        id: &str,
        (from, to): (NodeId, NodeId),
        kind: StreamKind,
        power: &[f64],
        factor: f64,
    ) {
        if factor != 0.0 && power.iter().any(|p| *p != 0.0) {
            self.put(id, (from, to), kind, power, factor);
        }
    }

    /// Posts a power even if it is none.
    fn put(
        &mut self,
        id: &str,
        (from, to): (NodeId, NodeId),
        kind: StreamKind,
        power: &[f64],
        factor: f64,
    ) {
        let stream = self.book.streams.len();
        self.book.streams.push(Stream {
            id: id.into(),
            from,
            to,
            kind,
        });
        let per_day = (24.0 / self.series.window.step_h()).round() as usize;
        let joule = factor * MW * self.series.window.step_h() * 3600.0;
        for day in 0..self.days {
            let first = day as usize * per_day;
            let end = (first + per_day).min(power.len());
            let sum: f64 = power[first.min(end)..end].iter().sum();
            self.book.postings.push(Posting {
                stream,
                day,
                elements_mol: Vec::new(),
                minerals_mol: Vec::new(),
                mass_kg: 0.0,
                volume_m3: 0.0,
                water_kg: 0.0,
                energy_j: sum * joule,
            });
        }
    }

    fn generators(&mut self) {
        for (g, generator) in self.energy.generators.iter().enumerate() {
            let unit = self.node(&generator.who.id, NodeKind::Source);
            let to = self.nodes[generator.node];
            let kind = self.carrier(generator.node);
            let power = &self.outcome.generation[g];
            self.post(&generator.who.id, (unit, to), kind, power, 1.0);
        }
    }

    fn converters(&mut self) {
        for (c, converter) in self.energy.converters.iter().enumerate() {
            let id = &converter.who.id;
            let unit = self.node(id, NodeKind::Plant);
            let power = &self.outcome.conversion[c];
            let (from, to) = (self.nodes[converter.from], self.nodes[converter.to]);
            let (kind_in, kind_out) = (self.carrier(converter.from), self.carrier(converter.to));
            self.post(&format!("{id}.in"), (from, unit), kind_in, power, 1.0);
            let gain = converter.yield_;
            self.post(&format!("{id}.out"), (unit, to), kind_out, power, gain);
            let mut left = 1.0 - gain;
            if let Some((node, share)) = converter.also {
                let kind = self.carrier(node);
                let also = self.nodes[node];
                self.post(&format!("{id}.also"), (unit, also), kind, power, share);
                left -= share;
            }
            // A heat pump takes the rest from its surroundings.
            let (ends, name) = if left < 0.0 {
                ((self.sky, unit), "surroundings")
            } else {
                ((unit, self.losses), "loss")
            };
            // What is lost is of what was taken.
            let kind = if left < 0.0 {
                StreamKind::Heat
            } else {
                kind_in
            };
            self.post(&format!("{id}.{name}"), ends, kind, power, left.abs());
        }
    }

    fn stores(&mut self) {
        for (s, store) in self.energy.stores.iter().enumerate() {
            let id = &store.who.id;
            let (node, own) = (self.nodes[store.node], self.stores[s]);
            let kind = self.carrier(store.node);
            let charge = &self.outcome.charge[s];
            let discharge = &self.outcome.discharge[s];
            self.post(&format!("{id}.charge"), (node, own), kind, charge, 1.0);
            self.post(
                &format!("{id}.discharge"),
                (own, node),
                kind,
                discharge,
                1.0,
            );
            let lost = self.lost(s, store);
            let ends = (own, self.losses);
            self.post(&format!("{id}.loss"), ends, kind, &lost, 1.0);
        }
    }

    /// Power that a store loses: on the way in, on the way out, and while it holds.
    fn lost(&self, s: usize, store: &Store) -> Vec<f64> {
        let step_h = self.series.window.step_h();
        let kept = build::kept(store, step_h);
        (0..self.outcome.steps)
            .map(|t| {
                let inward = self.outcome.charge[s][t] * (1.0 - store.efficiency_in);
                let outward = self.outcome.discharge[s][t] * (1.0 / store.efficiency_out - 1.0);
                let held = self.before(s, t) * (1.0 - kept) / step_h;
                inward + outward + held
            })
            .collect()
    }

    /// Level of a store at the start of a step, MWh.
    fn before(&self, s: usize, t: usize) -> f64 {
        match t {
            0 => self.outcome.start[s],
            _ => self.outcome.level[s][t - 1],
        }
    }

    fn lines(&mut self) {
        for (l, line) in self.energy.lines.iter().enumerate() {
            let id = &line.who.id;
            let ends = [self.nodes[line.from], self.nodes[line.to]];
            let kind = self.carrier(line.from);
            let there: Vec<f64> = self.outcome.line[l].iter().map(|p| p.max(0.0)).collect();
            let back: Vec<f64> = self.outcome.line[l].iter().map(|p| (-p).max(0.0)).collect();
            let arrives = 1.0 - line.loss;
            for (name, from, to, power) in [("there", 0, 1, &there), ("back", 1, 0, &back)] {
                let (from, to) = (ends[from], ends[to]);
                self.post(&format!("{id}.{name}"), (from, to), kind, power, arrives);
                let ends = (from, self.losses);
                self.post(&format!("{id}.{name}.loss"), ends, kind, power, line.loss);
            }
        }
    }

    fn grids(&mut self) {
        for (g, grid) in self.energy.grids.iter().enumerate() {
            let id = &grid.who.id;
            let (own, node) = (self.node(id, NodeKind::Market), self.nodes[grid.node]);
            let kind = self.carrier(grid.node);
            let (import, export) = (&self.outcome.import[g], &self.outcome.export[g]);
            // A grid that is only sold to is one that energy could come from: what goes there isn't used here.
            self.put(&format!("{id}.import"), (own, node), kind, import, 1.0);
            self.post(&format!("{id}.export"), (node, own), kind, export, 1.0);
        }
    }

    /// Demands as far as they are served, and halls.
    fn uses(&mut self) {
        for (n, node) in self.energy.nodes.iter().enumerate() {
            let demand = &self.series.demand[n];
            let shortage = &self.outcome.shortage[n];
            let served: Vec<f64> = demand.iter().zip(shortage).map(|(d, s)| d - s).collect();
            let id = format!("{}.demand", node.who.id);
            let (own, from) = (self.node(&id, NodeKind::Market), self.nodes[n]);
            self.post(&id, (from, own), kind(node.carrier), &served, 1.0);
        }
        for (h, hall) in self.energy.halls.iter().enumerate() {
            let pue = &self.series.pue[h];
            let mut power = vec![0.0; self.outcome.steps];
            for computed in self.outcome.computed.iter().filter(|c| c.hall == h) {
                for (t, total) in power.iter_mut().enumerate() {
                    *total += computed.power[t] * pue[t];
                }
            }
            let id = &hall.who.id;
            let (own, from) = (self.node(id, NodeKind::Market), self.nodes[hall.node]);
            self.post(id, (from, own), StreamKind::Electricity, &power, 1.0);
        }
    }

    fn closure(&self) -> BTreeMap<String, f64> {
        let mut sums = vec![(0.0, 0.0); self.book.nodes.len()];
        for posting in &self.book.postings {
            let stream = &self.book.streams[posting.stream];
            sums[stream.to].0 += posting.energy_j;
            sums[stream.from].1 += posting.energy_j;
        }
        let mut worst: BTreeMap<String, f64> = BTreeMap::new();
        let mut note = |carrier: Carrier, off: f64, scale: f64| {
            let share = if scale > 0.0 { off.abs() / scale } else { 0.0 };
            let own = worst.entry(kind(carrier).name().into()).or_insert(0.0);
            *own = own.max(share);
        };
        for (n, node) in self.energy.nodes.iter().enumerate() {
            let (into, out) = sums[self.nodes[n]];
            note(node.carrier, into - out, into.max(out));
        }
        for (s, store) in self.energy.stores.iter().enumerate() {
            let (into, out) = sums[self.stores[s]];
            let first = self.outcome.start[s] * MWH;
            let last = self.outcome.level[s].last().copied().unwrap_or(0.0) * MWH;
            let carrier = self.energy.nodes[store.node].carrier;
            note(carrier, last - first - into + out, into.max(out).max(first));
        }
        worst
    }
}
