//! The programme of an expansion, from the programmes of its weeks.

use super::capacity::{self, Column};
use super::levels::{self, Linked, Room};
use super::name::{Name, Part};
use super::scales::Scales;
use super::stage;
use super::weeks::{Choosing, Weeks};
use crate::dispatch::{self, Ends, Layout, MW, MWH, Outside, Rules, Series};
use crate::programme::Programme;
use saltern_base::energy::{Energy, Expansion, QuotaLimit, Stage, UnitRef};

/// Kilotonnes are what a cap's row counts in, so that its entries are near those of others.
pub(super) const KILO: f64 = 1e3;

/// A programme with what must be known to read it.
#[derive(Clone, Debug)]
pub struct Expanding {
    /// The programme.
    pub programme: Programme<Name>,
    /// The weeks.
    pub weeks: Weeks,
    /// Years of the first that a year of each stage weighs.
    pub(super) weights: Vec<f64>,
    pub(super) columns: Vec<Column>,
    pub(super) budgets: Vec<Option<usize>>,
    pub(super) caps: Vec<Option<usize>>,
    /// By stage and chosen week.
    pub(super) placed: Vec<Vec<Placed>>,
    /// First column of what stores hold as weeks begin, by stage and store.
    pub(super) begins: Vec<Vec<usize>>,
}

/// A week's dispatch in the programme.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// Its first column.
    pub(super) column: usize,
    /// Columns.
    pub(super) columns: usize,
    /// What it counts in a year, in weeks.
    pub(super) count: f64,
    pub(super) layout: Layout,
    pub(super) series: Series,
}

/// Builds the programme for the first `steps` steps of a base's year, with weeks chosen as asked; `None` where nothing is
/// to be built.
pub fn build(
    energy: &Energy,
    outside: &Outside,
    steps: usize,
    weeks: Choosing,
) -> Option<Expanding> {
    let expansion = energy.expansion.as_ref()?;
    let shares = stage::of_shares(energy);
    let first = expansion.stages.first()?;
    let own_year = stage::series(&shares, outside, first, steps);
    let weeks = Weeks::choose(&own_year, weeks);
    let scales = Scales::of(&own_year, &weeks);
    let weights = capacity::weights(expansion);
    let mut p = Programme::default();
    let (columns, budgets) = capacity::add(&mut p, energy, expansion);
    let mut expanding = Expanding {
        programme: p,
        weights,
        columns,
        budgets,
        caps: Vec::new(),
        placed: Vec::new(),
        begins: Vec::new(),
        weeks,
    };
    for (s, own) in expansion.stages.iter().enumerate() {
        let year = stage::series(&shares, outside, own, steps);
        let mut adding = Adding {
            energy,
            shares: &shares,
            scales: &scales,
            expansion,
            expanding: &mut expanding,
            s,
        };
        adding.stage(&year, own);
    }
    Some(expanding)
}

/// A stage while it is added.
struct Adding<'a> {
    energy: &'a Energy,
    /// The base with a MW of each generator to be built.
    shares: &'a Energy,
    scales: &'a Scales,
    expansion: &'a Expansion,
    expanding: &'a mut Expanding,
    s: usize,
}

impl Adding<'_> {
    fn stage(&mut self, year: &Series, stage: &Stage) {
        let weeks = self.expanding.weeks.clone();
        let placed = (0..weeks.chosen.len()).map(|k| self.week(year, &weeks, k));
        let placed: Vec<Placed> = placed.collect();
        let begins = (0..self.energy.stores.len())
            .map(|store| self.store(store, &weeks, &placed, year.window.step_h()));
        let begins = begins.collect();
        self.expanding.begins.push(begins);
        let cap = stage.carbon_kg.map(|kg| self.cap(kg / 1e3 / KILO, &placed));
        self.expanding.caps.push(cap);
        self.expanding.placed.push(placed);
    }

    fn week(&mut self, year: &Series, weeks: &Weeks, k: usize) -> Placed {
        let mut own = stage::week(year, weeks.steps_of(k));
        if weeks.chosen[k] != weeks.extreme {
            self.scales.apply(self.shares, &mut own);
        }
        let mut unlimited = own.clone();
        for choice in &self.expansion.choices {
            self.unlimit(&mut unlimited, choice.unit);
        }
        let queues = own.class_of.len();
        let stores = self.energy.stores.len();
        let ends = Ends::Window {
            levels: vec![0.0; stores],
            worth: vec![0.0; stores],
            waiting: vec![0.0; queues],
            open: vec![0.0; queues],
            goes_on: false,
            later: vec![0.0; queues],
            before: Vec::new(),
        };
        let rules = Rules {
            whole_units: false,
            flexible: true,
        };
        let plan = dispatch::build(self.shares, &unlimited, &ends, rules);
        let stage = self.s;
        let weight = weeks.weight[k] * self.expanding.weights[stage];
        let (column, row) = self
            .expanding
            .programme
            .append(&plan.programme, weight, |name| Name::Week {
                stage,
                week: k,
                name,
            });
        let placed = Placed {
            column,
            columns: plan.programme.column_count(),
            count: weeks.weight[k],
            layout: plan.layout,
            series: own,
        };
        for c in self.expanding.columns.clone() {
            self.limit(&placed, k, c, (&plan.programme, row));
        }
        placed
    }

    /// Takes the limit of a unit's power away: what stands limits it.
    fn unlimit(&self, series: &mut Series, unit: UnitRef) {
        let all = match unit {
            UnitRef::Generator(g) => vec![&mut series.generation[g]],
            UnitRef::Converter(c) => vec![&mut series.conversion[c]],
            UnitRef::Hall(h) => vec![&mut series.hall[h]],
            UnitRef::Store(s) => vec![&mut series.charge[s], &mut series.discharge[s]],
            _ => Vec::new(),
        };
        for bounds in all {
            bounds.high.fill(f64::INFINITY);
        }
    }

    /// Power of a unit is at most what stands.
    fn limit(
        &mut self,
        placed: &Placed,
        week: usize,
        column: Column,
        (plan, first_row): (&Programme<dispatch::Name>, usize),
    ) {
        let Part::Power(c) = column.part else { return };
        let stage = self.s;
        let steps = placed.series.steps();
        let standing = column.standing + stage;
        let unit = self.expansion.choices[c].unit;
        for (firsts, share) in self.powers(placed, unit) {
            let name = Name::AtMost {
                part: column.part,
                stage,
                week,
            };
            let p = &mut self.expanding.programme;
            let row = p.add_rows(name, steps, (f64::NEG_INFINITY, 0.0));
            for t in 0..steps {
                for first in &firsts {
                    p.enter(row + t, placed.column + first + t, 1.0);
                    if share[t] == 0.0 {
                        p.upper[placed.column + first + t] = 0.0;
                    }
                }
                p.enter(row + t, standing, -share[t]);
            }
        }
        // Power and spare together are at most what stands as well.
        let room = match unit {
            UnitRef::Generator(g) => dispatch::Name::RoomOfGenerator(g),
            UnitRef::Store(s) => dispatch::Name::RoomOfStore(s),
            _ => return,
        };
        if let Some(rows) = plan.rows_of(room) {
            for row in rows {
                self.expanding.programme.row_upper[first_row + row] = 0.0;
                self.expanding
                    .programme
                    .enter(first_row + row, standing, -1.0);
            }
        }
    }

    /// First columns of a unit's powers that share what stands, each with the share of it that is available by step.
    fn powers(&self, placed: &Placed, unit: UnitRef) -> Vec<(Vec<usize>, Vec<f64>)> {
        let layout = &placed.layout;
        let steps = placed.series.steps();
        match unit {
            UnitRef::Generator(g) => {
                let one = self.shares.generators[g].capacity_w / MW;
                let high = &placed.series.generation[g].high;
                let share = high
                    .iter()
                    .map(|power| if one > 0.0 { power / one } else { 0.0 });
                vec![(vec![layout.generation[g]], share.collect())]
            }
            UnitRef::Converter(c) => vec![(vec![layout.conversion[c]], vec![1.0; steps])],
            UnitRef::Store(s) => {
                let store = &self.energy.stores[s];
                let nominal = capacity::store_power(store);
                let ways = [
                    (layout.charge[s], store.charge_w),
                    (layout.discharge[s], store.discharge_w),
                ];
                let limited = ways.into_iter().filter(|(_, power)| power.is_finite());
                limited
                    .filter_map(|(first, power)| {
                        let share = match nominal? {
                            nominal if nominal > 0.0 => power / nominal,
                            _ => 1.0,
                        };
                        Some((vec![first?], vec![share; steps]))
                    })
                    .collect()
            }
            UnitRef::Hall(h) => {
                let computed = layout.compute.computed.iter();
                let own = computed.filter(|(_, hall, _)| *hall == h);
                vec![(own.map(|(.., first)| *first).collect(), vec![1.0; steps])]
            }
            _ => Vec::new(),
        }
    }

    /// Links a store over the year.
    fn store(&mut self, s: usize, weeks: &Weeks, placed: &[Placed], step_h: f64) -> usize {
        let store = &self.energy.stores[s];
        let column = self.expanding.columns.iter().find(|column| {
            let unit = self.expansion.choices[column.part.choice()].unit;
            matches!(column.part, Part::Energy(_)) && unit == UnitRef::Store(s)
        });
        let linked = Linked {
            store,
            s,
            stage: self.s,
            room: match column {
                Some(column) => Room::Column(column.standing + self.s),
                None => Room::Fixed(store.capacity_j / MWH),
            },
            kept: dispatch::kept(store, step_h),
            added: placed
                .iter()
                .map(|placed| placed.column + placed.layout.level[s])
                .collect(),
        };
        levels::link(&mut self.expanding.programme, &linked, weeks)
    }

    /// The cap of a year's carbon, kt.
    fn cap(&mut self, most: f64, placed: &[Placed]) -> usize {
        let p = &mut self.expanding.programme;
        let row = p.add_rows(Name::Carbon(self.s), 1, (f64::NEG_INFINITY, most));
        for (column, kt) in emitted(self.shares, placed) {
            p.enter(row, column, kt);
        }
        row
    }
}

/// Columns that emit, each with kt a year per unit.
pub(super) fn emitted(energy: &Energy, placed: &[Placed]) -> Vec<(usize, f64)> {
    let mut all = Vec::new();
    for week in placed {
        let step_h = week.series.window.step_h();
        // What the limit is doesn't matter to what counts.
        for counted in dispatch::counted(energy, &week.series, QuotaLimit::Carbon(0.0)) {
            let first = week.column + counted.first(&week.layout);
            for t in 0..week.series.steps() {
                let kt = counted.per_mwh(t) * step_h * week.count / KILO;
                if kt != 0.0 {
                    all.push((first + t, kt));
                }
            }
        }
    }
    all
}
