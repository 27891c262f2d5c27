//! The programme of a dispatch.
//!
//! For each node n and step t, with power in MW, levels in MWh and Δ hours in a step:
//!
//! ```text
//! balance   Σ given − Σ taken + shortage = demand
//! store     Δ·(η_in·charge − discharge/η_out) + (1−loss)^Δ·level(t−1) − level(t) = 0
//! work      Δ·(computed + dropped) + backlog(t) − backlog(t−1) = arriving
//!           0 ≤ backlog(t) ≤ work that has arrived and isn't due yet
//! ```
//!
//! A store without limits and losses on its way in and out stands in the balance of its node, which saves a row and two
//! columns a step. The backlog's bound makes deadlines exact for work that may be split and in which nobody overtakes
//! (`series.rs` parts the rest into queues): served in the order of deadlines, all work due by t is done by t if and only
//! if what was served by t is at least what was due by t (Horn's earliest-deadline schedule: W. A. Horn, Naval Res. Logist. Q. 21 (1974)
//! 177–185).

use super::commitment;
use super::compute::{self, Compute};
use super::name::{Name, OnOff};
use super::outcome::Outcome;
use super::series::{Bounds, Series, tonnes_mwh};
use super::{MW, MWH};
use crate::programme::Programme;
use saltern_base::energy::{Energy, QuotaLimit, Store};

/// What holds at the two ends of a programme.
#[derive(Clone, Debug, PartialEq)]
pub enum Ends {
    /// Stores end as they began, where their row gives no start; no work waits at either end.
    Whole,
    /// A window of a rolling plan.
    Window {
        /// Level of each store at the start, MWh.
        levels: Vec<f64>,
        /// Worth of a MWh in each store at the end.
        worth: Vec<f64>,
        /// Work of each queue that waits at the start, MWh.
        waiting: Vec<f64>,
        /// Work of each queue that arrived before and wasn't due before, MWh.
        open: Vec<f64>,
        /// Whether work may wait at the end.
        goes_on: bool,
        /// What a MWh of work of each queue costs that waits at the end.
        later: Vec<f64>,
        /// What units did before, where it is known.
        before: Vec<(OnOff, Before)>,
    },
}

/// What a unit that is on or off, or that ramps, did before a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Before {
    /// Whether it was on.
    pub on: bool,
    /// Steps for which it had been on or off.
    pub steps: usize,
    /// Its power, MW.
    pub power: f64,
}

/// What is asked of a programme besides its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether units are on or off, or may be anything between.
    pub whole_units: bool,
    /// Whether stores and waiting work may be used.
    pub flexible: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            whole_units: true,
            flexible: true,
        }
    }
}

/// First column of every block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Power of each generator.
    pub generation: Vec<usize>,
    /// Charge of each store; none for those in the balance of their node.
    pub charge: Vec<Option<usize>>,
    /// Discharge of each store.
    pub discharge: Vec<Option<usize>>,
    /// Level of each store.
    pub level: Vec<usize>,
    /// Power into each converter.
    pub conversion: Vec<usize>,
    /// Power into each line, from either end.
    pub line: Vec<[usize; 2]>,
    /// Power bought from each grid.
    pub import: Vec<usize>,
    /// Power sold to each grid.
    pub export: Vec<usize>,
    /// Shortage of each node.
    pub shortage: Vec<Option<usize>>,
    /// First row of each node's balance.
    pub balance: Vec<usize>,
    /// First row that each store's level stands in.
    pub stored: Vec<usize>,
    /// Columns and rows of computing.
    pub compute: Compute,
}

/// A programme with its layout.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The programme.
    pub programme: Programme<Name>,
    /// Where everything is.
    pub layout: Layout,
    /// Steps.
    pub steps: usize,
}

/// Share of a store's energy that is left after one step.
pub(crate) fn kept(store: &Store, step_h: f64) -> f64 {
    // Not a power where it needn't be: an hour is the commonest step, and stays exact.
    if step_h == 1.0 {
        1.0 - store.loss_per_h
    } else {
        (1.0 - store.loss_per_h).powf(step_h)
    }
}

/// Builds the programme of a base for the steps of its series.
pub fn build(energy: &Energy, series: &Series, ends: &Ends, rules: Rules) -> Plan {
    let steps = series.steps();
    let mut building = Building {
        energy,
        series,
        ends,
        rules,
        steps,
        step_h: series.window.step_h(),
        p: Programme::with_capacity(16 * steps, 6 * steps, 26 * steps),
        layout: Layout::default(),
    };
    building.balances();
    building.generators();
    building.converters();
    building.stores();
    building.lines();
    building.grids();
    building.shortages();
    compute::build(&mut building);
    commitment::build(&mut building);
    building.reserves();
    building.quotas();
    Plan {
        programme: building.p,
        layout: building.layout,
        steps,
    }
}

/// A programme while it is built.
pub(super) struct Building<'a> {
    pub(super) energy: &'a Energy,
    pub(super) series: &'a Series,
    pub(super) ends: &'a Ends,
    pub(super) rules: Rules,
    pub(super) steps: usize,
    pub(super) step_h: f64,
    pub(super) p: Programme<Name>,
    pub(super) layout: Layout,
}

impl Building<'_> {
    /// Adds a block of columns with bounds of their own; `cost` per MWh.
    pub(super) fn powers(&mut self, name: Name, bounds: &Bounds, cost: f64) -> usize {
        let first = self
            .p
            .add_columns(name, self.steps, (0.0, 0.0), cost * self.step_h);
        self.p.lower[first..].copy_from_slice(&bounds.low);
        self.p.upper[first..].copy_from_slice(&bounds.high);
        first
    }

    /// Adds a block of columns with one pair of bounds; `cost` per MWh.
    pub(super) fn block(&mut self, name: Name, bounds: (f64, f64), cost: f64) -> usize {
        self.p
            .add_columns(name, self.steps, bounds, cost * self.step_h)
    }

    /// Enters a coefficient in the balance of a node in every step.
    pub(super) fn in_balance(&mut self, node: usize, first: usize, value: f64) {
        let row = self.layout.balance[node];
        for t in 0..self.steps {
            self.p.enter(row + t, first + t, value);
        }
    }

    /// What a tonne of carbon dioxide costs.
    fn carbon_price(&self) -> f64 {
        self.energy.carbon_price * 1e3
    }

    fn balances(&mut self) {
        for (n, demand) in self.series.demand.iter().enumerate() {
            let first = self.p.add_rows(Name::Balance(n), self.steps, (0.0, 0.0));
            self.p.row_lower[first..].copy_from_slice(demand);
            self.p.row_upper[first..].copy_from_slice(demand);
            self.layout.balance.push(first);
        }
    }

    fn generators(&mut self) {
        for (g, generator) in self.energy.generators.iter().enumerate() {
            let bounds = &self.series.generation[g];
            let carbon = tonnes_mwh(generator.carbon_kg_j) * self.carbon_price();
            let cost = generator.cost * MWH + carbon;
            let first = self.powers(Name::Generation(g), bounds, cost);
            self.in_balance(generator.node, first, 1.0);
            self.layout.generation.push(first);
        }
    }

    fn converters(&mut self) {
        for (c, converter) in self.energy.converters.iter().enumerate() {
            let bounds = &self.series.conversion[c];
            let first = self.powers(Name::Conversion(c), bounds, converter.cost * MWH);
            self.in_balance(converter.from, first, -1.0);
            self.in_balance(converter.to, first, converter.yield_);
            if let Some((node, share)) = converter.also {
                self.in_balance(node, first, share);
            }
            self.layout.conversion.push(first);
        }
    }

    fn stores(&mut self) {
        for (s, store) in self.energy.stores.iter().enumerate() {
            let capacity = if self.rules.flexible {
                store.capacity_j / MWH
            } else {
                0.0
            };
            let level = self
                .p
                .add_columns(Name::Level(s), self.steps, (0.0, capacity), 0.0);
            self.layout.level.push(level);
            let any = Bounds {
                low: vec![0.0; self.steps],
                high: vec![f64::INFINITY; self.steps],
            };
            let ordered = self.series.discharge[s] != any || self.series.charge[s] != any;
            if store.is_of_its_node() && !ordered {
                self.layout.charge.push(None);
                self.layout.discharge.push(None);
                let row = self.layout.balance[store.node];
                self.layout.stored.push(row);
                self.level(s, store, row, 1.0 / self.step_h);
            } else {
                self.way_in_and_out(s, store, level);
            }
        }
    }

    /// A store with columns for what goes in and out, and a row for what it holds.
    fn way_in_and_out(&mut self, s: usize, store: &Store, level: usize) {
        let charge = self.powers(Name::Charge(s), &self.series.charge[s], 0.0);
        let bounds = &self.series.discharge[s];
        let discharge = self.powers(Name::Discharge(s), bounds, store.cost * MWH);
        self.in_balance(store.node, charge, -1.0);
        self.in_balance(store.node, discharge, 1.0);
        let row = self.p.add_rows(Name::Stored(s), self.steps, (0.0, 0.0));
        for t in 0..self.steps {
            self.p
                .enter(row + t, charge + t, store.efficiency_in * self.step_h);
            self.p
                .enter(row + t, discharge + t, -self.step_h / store.efficiency_out);
        }
        self.layout.charge.push(Some(charge));
        self.layout.discharge.push(Some(discharge));
        self.layout.stored.push(row);
        debug_assert_eq!(level, self.layout.level[s]);
        self.level(s, store, row, 1.0);
    }

    /// Level of a store in the rows that hold it, `per` of the row's unit for each MWh.
    fn level(&mut self, s: usize, store: &Store, row: usize, per: f64) {
        let (steps, level) = (self.steps, self.layout.level[s]);
        let kept = kept(store, self.step_h);
        for t in 0..steps {
            self.p.enter(row + t, level + t, -per);
            if t + 1 < steps {
                self.p.enter(row + t + 1, level + t, kept * per);
            }
        }
        let capacity = store.capacity_j / MWH;
        let start = match self.ends {
            _ if !self.rules.flexible => 0.0,
            Ends::Window { levels, worth, .. } => {
                self.p.cost[level + steps - 1] -= worth[s];
                levels[s]
            }
            Ends::Whole => match store.start {
                None => {
                    self.p.enter(row, level + steps - 1, kept * per);
                    return;
                }
                Some(start) => {
                    self.p.lower[level + steps - 1] = store.end_min * capacity;
                    start * capacity
                }
            },
        };
        let given = kept * per * start;
        self.p.row_lower[row] -= given;
        self.p.row_upper[row] -= given;
    }

    fn lines(&mut self) {
        for (l, line) in self.energy.lines.iter().enumerate() {
            let bounds = &self.series.line[l];
            let there = self.powers(Name::Sent(l), bounds, line.cost * MWH);
            let back = self.powers(Name::SentBack(l), bounds, line.cost * MWH);
            let arrives = 1.0 - line.loss;
            self.in_balance(line.from, there, -1.0);
            self.in_balance(line.to, there, arrives);
            self.in_balance(line.to, back, -1.0);
            self.in_balance(line.from, back, arrives);
            self.layout.line.push([there, back]);
        }
    }

    fn grids(&mut self) {
        for (g, grid) in self.energy.grids.iter().enumerate() {
            let bounds = &self.series.import[g];
            let import = self.powers(Name::Import(g), bounds, 0.0);
            let carbon_price = self.carbon_price();
            let factors = &self.series.import_carbon[g];
            for (t, price) in self.series.import_price[g].iter().enumerate() {
                self.p.cost[import + t] = (price + carbon_price * factors[t]) * self.step_h;
            }
            let price = -grid.export_price * MWH;
            let export = self.block(Name::Export(g), (0.0, grid.export_w / MW), price);
            self.in_balance(grid.node, import, 1.0);
            self.in_balance(grid.node, export, -1.0);
            self.layout.import.push(import);
            self.layout.export.push(export);
        }
    }

    fn shortages(&mut self) {
        for (n, node) in self.energy.nodes.iter().enumerate() {
            let column = node.shortage_price.map(|price| {
                let most = node.shortage_max_w / MW;
                let first = self.block(Name::Shortage(n), (0.0, most), price * MWH);
                self.in_balance(n, first, 1.0);
                first
            });
            self.layout.shortage.push(column);
        }
    }

    /// Power that must be spare, from what can give more: generators that aren't bound to weather, stores, grids.
    fn reserves(&mut self) {
        for (n, node) in self.energy.nodes.iter().enumerate() {
            if node.reserve_w > 0.0 {
                let least = node.reserve_w / MW;
                let row = self
                    .p
                    .add_rows(Name::Reserve(n), self.steps, (least, f64::INFINITY));
                self.spare_of_generators(n, row);
                self.spare_of_stores(n, row);
                self.spare_of_grids(n, row);
            }
        }
    }

    /// A column of spare power that counts in the reserve and, with the power `first`, stays below `most`.
    fn spare(&mut self, names: (Name, Name), first: usize, most: &[f64], reserve: usize) -> usize {
        let spare = self.block(names.0, (0.0, f64::INFINITY), 0.0);
        let room = self
            .p
            .add_rows(names.1, self.steps, (f64::NEG_INFINITY, 0.0));
        self.p.row_upper[room..].copy_from_slice(most);
        for t in 0..self.steps {
            self.p.enter(room + t, spare + t, 1.0);
            self.p.enter(room + t, first + t, 1.0);
            self.p.enter(reserve + t, spare + t, 1.0);
        }
        spare
    }

    fn spare_of_generators(&mut self, node: usize, reserve: usize) {
        for g in 0..self.energy.generators.len() {
            let generator = &self.energy.generators[g];
            if generator.node == node && generator.profile.is_none() {
                let names = (Name::SpareOfGenerator(g), Name::RoomOfGenerator(g));
                let most = self.series.generation[g].high.clone();
                let first = self.layout.generation[g];
                let spare = self.spare(names, first, &most, reserve);
                commitment::spare_only_if_on(self, OnOff::Generator(g), spare);
            }
        }
    }

    fn spare_of_stores(&mut self, node: usize, reserve: usize) {
        for s in 0..self.energy.stores.len() {
            let store = &self.energy.stores[s];
            let (Some(charge), Some(discharge)) = (self.layout.charge[s], self.layout.discharge[s])
            else {
                continue;
            };
            if store.node != node || !self.rules.flexible {
                continue;
            }
            let names = (Name::SpareOfStore(s), Name::RoomOfStore(s));
            let most = self.series.discharge[s].high.clone();
            let spare = self.spare(names, discharge, &most, reserve);
            let room = spare_room(&self.p, Name::RoomOfStore(s));
            // Charging can be stopped, which is spare as well; what is held must last for the step.
            let energy =
                self.p
                    .add_rows(Name::EnergyOfStore(s), self.steps, (f64::NEG_INFINITY, 0.0));
            let level = self.layout.level[s];
            for t in 0..self.steps {
                self.p.enter(room + t, charge + t, -1.0);
                self.p.enter(energy + t, spare + t, self.step_h);
                self.p.enter(energy + t, charge + t, -self.step_h);
                self.p.enter(energy + t, level + t, -store.efficiency_out);
            }
        }
    }

    fn spare_of_grids(&mut self, node: usize, reserve: usize) {
        for g in 0..self.energy.grids.len() {
            if self.energy.grids[g].node == node {
                let names = (Name::SpareOfGrid(g), Name::RoomOfGrid(g));
                let most = self.series.import[g].high.clone();
                let first = self.layout.import[g];
                self.spare(names, first, &most, reserve);
            }
        }
    }

    fn quotas(&mut self) {
        for (q, quota) in self.energy.quotas.iter().enumerate() {
            let limit = self.series.quota[q];
            let row = self
                .p
                .add_rows(Name::Quota(q), 1, (f64::NEG_INFINITY, limit));
            let days = self.series.window.steps_of_days(quota.from, quota.to);
            for counted in counted(self.energy, self.series, quota.limit) {
                let first = counted.first(&self.layout);
                for t in days.clone() {
                    self.p
                        .enter(row, first + t, counted.per_mwh(t) * self.step_h);
                }
            }
        }
    }
}

/// What counts against a quota: t of carbon dioxide per MWh, or MWh themselves.
pub(crate) enum Counted<'a> {
    /// A generator at the same factor always.
    Generation(usize, f64),
    /// What is bought from a grid, by step.
    Import(usize, &'a [f64]),
    /// What is bought from a grid, as it is.
    Energy(usize),
}

impl Counted<'_> {
    /// What a MWh counts in a step.
    pub(crate) fn per_mwh(&self, step: usize) -> f64 {
        match self {
            Counted::Generation(_, factor) => *factor,
            Counted::Import(_, factors) => factors[step],
            Counted::Energy(_) => 1.0,
        }
    }

    /// First column of its power.
    pub(crate) fn first(&self, layout: &Layout) -> usize {
        match self {
            Counted::Generation(g, _) => layout.generation[*g],
            Counted::Import(g, _) | Counted::Energy(g) => layout.import[*g],
        }
    }

    /// Its power in a dispatch, MW.
    pub(super) fn power<'o>(&self, outcome: &'o Outcome) -> &'o [f64] {
        match self {
            Counted::Generation(g, _) => &outcome.generation[*g],
            Counted::Import(g, _) | Counted::Energy(g) => &outcome.import[*g],
        }
    }
}

/// All that counts against a quota.
pub(crate) fn counted<'a>(
    energy: &Energy,
    series: &'a Series,
    limit: QuotaLimit,
) -> Vec<Counted<'a>> {
    match limit {
        QuotaLimit::Energy(_) => (0..energy.grids.len()).map(Counted::Energy).collect(),
        QuotaLimit::Carbon(_) => {
            let generators = energy.generators.iter().enumerate();
            let burnt = generators
                .filter(|(_, generator)| generator.carbon_kg_j > 0.0)
                .map(|(g, generator)| Counted::Generation(g, tonnes_mwh(generator.carbon_kg_j)));
            let bought = series.import_carbon.iter().enumerate();
            let bought = bought
                .filter(|(_, factors)| factors.iter().any(|factor| *factor > 0.0))
                .map(|(g, factors)| Counted::Import(g, factors));
            burnt.chain(bought).collect()
        }
    }
}

fn spare_room(programme: &Programme<Name>, name: Name) -> usize {
    programme.rows_of(name).map_or(0, |rows| rows.start)
}
