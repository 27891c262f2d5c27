//! What a dispatch came to: power and levels by unit and step, prices, costs, carbon.

use super::MWH;
use super::build::{Ends, Layout, Plan};
use super::name::Name;
use super::series::{Series, tonnes_mwh};
use crate::solution::Solution;
use saltern_base::energy::{Energy, GeneratorKind};

/// A dispatch over consecutive steps. Powers in MW, energies in MWh, money in the base's currency.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Steps.
    pub steps: usize,
    /// Power of each generator.
    pub generation: Vec<Vec<f64>>,
    /// Power that each generator could have given.
    pub available: Vec<Vec<f64>>,
    /// Power taken by each store.
    pub charge: Vec<Vec<f64>>,
    /// Power given by each store.
    pub discharge: Vec<Vec<f64>>,
    /// Energy held by each store at the start.
    pub start: Vec<f64>,
    /// Energy held by each store at the end of the step.
    pub level: Vec<Vec<f64>>,
    /// Power taken by each converter.
    pub conversion: Vec<Vec<f64>>,
    /// Power entering each line at its first end, less that entering at the other.
    pub line: Vec<Vec<f64>>,
    /// Power bought from each grid.
    pub import: Vec<Vec<f64>>,
    /// Power sold to each grid.
    pub export: Vec<Vec<f64>>,
    /// Power not served at each node.
    pub shortage: Vec<Vec<f64>>,
    /// Computing power by queue and hall, in the order of [`Layout::compute`].
    pub computed: Vec<Computed>,
    /// Work of each queue that waits at the end of the step.
    pub backlog: Vec<Vec<f64>>,
    /// Work of each queue that is given up.
    pub dropped: Vec<Vec<f64>>,
    /// Price at each node, money per MWh; empty for a mixed-integer plan.
    pub price: Vec<Vec<f64>>,
}

/// Computing power of a queue in a hall.
#[derive(Clone, Debug, PartialEq)]
pub struct Computed {
    /// The queue.
    pub queue: usize,
    /// The class of its work.
    pub class: usize,
    /// The hall.
    pub hall: usize,
    /// MW of its computers.
    pub power: Vec<f64>,
}

impl Outcome {
    /// Reads a dispatch out of a solution. `ends` are those that the plan was built with.
    pub fn of(
        energy: &Energy,
        series: &Series,
        plan: &Plan,
        solution: &Solution,
        ends: &Ends,
    ) -> Outcome {
        let steps = plan.steps;
        let layout: &Layout = &plan.layout;
        let take = |first: usize| solution.columns[first..first + steps].to_vec();
        let maybe = |first: Option<usize>| first.map_or_else(|| vec![0.0; steps], take);
        let step_h = series.window.step_h();
        let level: Vec<Vec<f64>> = layout.level.iter().map(|first| take(*first)).collect();
        let lines = layout.line.iter().map(|[there, back]| {
            let pairs = take(*there).into_iter().zip(take(*back));
            pairs.map(|(there, back)| there - back).collect()
        });
        let backlog = layout.compute.backlog.iter().map(|block| {
            let mut waiting = block.map_or_else(Vec::new, |(first, len)| {
                solution.columns[first..first + len].to_vec()
            });
            waiting.resize(steps, 0.0);
            waiting
        });
        let computed = layout.compute.computed.iter();
        let computed = computed.map(|(queue, hall, first)| Computed {
            queue: *queue,
            class: series.class_of[*queue],
            hall: *hall,
            power: take(*first),
        });
        let start = energy.stores.iter().enumerate();
        let start = start.map(|(s, store)| match (ends, store.start) {
            (Ends::Window { levels, .. }, _) => levels[s],
            (Ends::Whole, None) => level[s].last().copied().unwrap_or(0.0),
            (Ends::Whole, Some(start)) => start * store.capacity_j / MWH,
        });
        let mut outcome = Outcome {
            steps,
            start: start.collect(),
            generation: layout.generation.iter().map(|first| take(*first)).collect(),
            available: series.generation.iter().map(|b| b.high.clone()).collect(),
            charge: layout.charge.iter().map(|first| maybe(*first)).collect(),
            discharge: layout.discharge.iter().map(|first| maybe(*first)).collect(),
            conversion: layout.conversion.iter().map(|first| take(*first)).collect(),
            line: lines.collect(),
            import: layout.import.iter().map(|first| take(*first)).collect(),
            export: layout.export.iter().map(|first| take(*first)).collect(),
            shortage: layout.shortage.iter().map(|first| maybe(*first)).collect(),
            computed: computed.collect(),
            backlog: backlog.collect(),
            dropped: layout
                .compute
                .dropped
                .iter()
                .map(|first| maybe(*first))
                .collect(),
            price: prices(plan, solution, step_h),
            level,
        };
        outcome.through_their_nodes(energy, layout, step_h);
        outcome
    }

    /// Charge and discharge of stores that stand in the balance of their node: what their level and loss tell.
    fn through_their_nodes(&mut self, energy: &Energy, layout: &Layout, step_h: f64) {
        for (s, store) in energy.stores.iter().enumerate() {
            if layout.charge[s].is_some() {
                continue;
            }
            let kept = super::build::kept(store, step_h);
            for t in 0..self.steps {
                let before = match t {
                    0 => self.start[s],
                    _ => self.level[s][t - 1],
                };
                let net = (self.level[s][t] - kept * before) / step_h;
                self.charge[s][t] = net.max(0.0);
                self.discharge[s][t] = (-net).max(0.0);
            }
        }
    }

    /// A dispatch of no steps: of a base that nothing can be planned for.
    pub fn nothing(energy: &Energy, series: &Series) -> Outcome {
        let none = |units: usize| vec![Vec::new(); units];
        Outcome {
            steps: 0,
            generation: none(energy.generators.len()),
            available: none(energy.generators.len()),
            charge: none(energy.stores.len()),
            discharge: none(energy.stores.len()),
            start: vec![0.0; energy.stores.len()],
            level: none(energy.stores.len()),
            conversion: none(energy.converters.len()),
            line: none(energy.lines.len()),
            import: none(energy.grids.len()),
            export: none(energy.grids.len()),
            shortage: none(energy.nodes.len()),
            computed: Vec::new(),
            backlog: none(series.class_of.len()),
            dropped: none(series.class_of.len()),
            price: Vec::new(),
        }
    }

    /// Leaves off all steps behind the first so many.
    pub(super) fn truncate(&mut self, steps: usize) {
        self.steps = self.steps.min(steps);
        let all = [
            &mut self.generation,
            &mut self.available,
            &mut self.charge,
            &mut self.discharge,
            &mut self.level,
            &mut self.conversion,
            &mut self.line,
            &mut self.import,
            &mut self.export,
            &mut self.shortage,
            &mut self.backlog,
            &mut self.dropped,
            &mut self.price,
        ];
        let powers = self.computed.iter_mut().map(|computed| &mut computed.power);
        for series in all.into_iter().flatten().chain(powers) {
            series.truncate(steps);
        }
    }

    /// Puts another dispatch behind this one.
    pub(super) fn append(&mut self, other: Outcome) {
        if self.steps == 0 {
            *self = other;
            return;
        }
        self.steps += other.steps;
        let pairs = [
            (&mut self.generation, other.generation),
            (&mut self.available, other.available),
            (&mut self.charge, other.charge),
            (&mut self.discharge, other.discharge),
            (&mut self.level, other.level),
            (&mut self.conversion, other.conversion),
            (&mut self.line, other.line),
            (&mut self.import, other.import),
            (&mut self.export, other.export),
            (&mut self.shortage, other.shortage),
            (&mut self.backlog, other.backlog),
            (&mut self.dropped, other.dropped),
            (&mut self.price, other.price),
        ];
        for (own, others) in pairs {
            for (own, other) in own.iter_mut().zip(others) {
                own.extend(other);
            }
        }
        for (own, other) in self.computed.iter_mut().zip(other.computed) {
            own.power.extend(other.power);
        }
    }

    /// Work of a class that waits at the end of each step, over all its queues.
    pub fn waiting(&self, series: &Series, class: usize) -> Vec<f64> {
        let mut sum = vec![0.0; self.steps];
        let queues = self.backlog.iter().zip(&series.class_of);
        for (waiting, _) in queues.filter(|(_, own)| **own == class) {
            for (total, waiting) in sum.iter_mut().zip(waiting) {
                *total += waiting;
            }
        }
        sum
    }

    /// Power of a hall, cooling included.
    pub fn power_of_hall(&self, series: &Series, hall: usize) -> Vec<f64> {
        let mut power = vec![0.0; self.steps];
        for computed in self.computed.iter().filter(|c| c.hall == hall) {
            for (t, total) in power.iter_mut().enumerate() {
                *total += computed.power[t] * series.pue[hall][t];
            }
        }
        power
    }

    /// Power of all halls that take theirs from a node, cooling included.
    pub fn hall_power(&self, energy: &Energy, series: &Series, node: usize) -> Vec<f64> {
        let mut power = vec![0.0; self.steps];
        for computed in &self.computed {
            if energy.halls[computed.hall].node == node {
                for (t, total) in power.iter_mut().enumerate() {
                    *total += computed.power[t] * series.pue[computed.hall][t];
                }
            }
        }
        power
    }
}

/// Prices are the duals of the balances: what one more MW of demand through the step would cost, per MWh.
fn prices(plan: &Plan, solution: &Solution, step_h: f64) -> Vec<Vec<f64>> {
    // Of a programme with whole columns there are none until those are fixed and the rest is solved again.
    if solution.duals.iter().all(|dual| *dual == 0.0) {
        return Vec::new();
    }
    let of = |first: &usize| {
        let duals = &solution.duals[*first..*first + plan.steps];
        duals.iter().map(|dual| dual / step_h).collect()
    };
    plan.layout.balance.iter().map(of).collect()
}

/// What a dispatch costs and emits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// Cost of each generator, store, converter, line and hall, what was bought, and shortage, in that order of kinds.
    pub cost: Vec<(Name, f64)>,
    /// Sum of the costs less what was earned.
    pub total_cost: f64,
    /// Carbon dioxide of generators and bought power, t; `uncounted` grids are left out.
    pub carbon_t: f64,
    /// Grids without a factor.
    pub uncounted: Vec<usize>,
    /// Energy that generators other than fuel could have given and didn't, MWh.
    pub curtailed_mwh: f64,
}

impl Totals {
    /// Adds up a solution by block.
    pub fn of(
        energy: &Energy,
        series: &Series,
        plan: &Plan,
        solution: &Solution,
        outcome: &Outcome,
    ) -> Totals {
        let blocks = plan.programme.column_blocks().iter();
        let cost = blocks.filter_map(|block| {
            let columns = block.range();
            let sum: f64 = columns
                .map(|c| plan.programme.cost[c] * solution.columns[c])
                .sum();
            (sum != 0.0).then_some((block.name, sum))
        });
        Totals {
            cost: cost.collect(),
            total_cost: solution.objective,
            ..Totals::of_energy(energy, series, outcome)
        }
    }

    /// Carbon and curtailment of a dispatch, without costs.
    fn of_energy(energy: &Energy, series: &Series, outcome: &Outcome) -> Totals {
        let step_h = series.window.step_h();
        let sum = |series: &Vec<f64>| series.iter().sum::<f64>() * step_h;
        let burnt = energy.generators.iter().zip(&outcome.generation);
        let burnt: f64 = burnt
            .map(|(g, power)| tonnes_mwh(g.carbon_kg_j) * sum(power))
            .sum();
        let bought = series.import_carbon.iter().zip(&outcome.import);
        let bought: f64 = bought
            .map(|(factors, power)| {
                let tonnes = factors
                    .iter()
                    .zip(power)
                    .map(|(factor, power)| factor * power);
                tonnes.sum::<f64>() * step_h
            })
            .sum();
        let uncounted = energy.grids.iter().enumerate();
        let uncounted = uncounted.filter(|(_, g)| !g.has_factor());
        let spilt = energy.generators.iter().enumerate();
        let spilt = spilt.filter(|(_, g)| g.kind != GeneratorKind::Fuel);
        Totals {
            cost: Vec::new(),
            total_cost: 0.0,
            carbon_t: burnt + bought,
            uncounted: uncounted.map(|(g, _)| g).collect(),
            curtailed_mwh: spilt
                .map(|(g, _)| sum(&outcome.available[g]) - sum(&outcome.generation[g]))
                .sum(),
        }
    }

    /// Totals of a rolled plan.
    pub fn rolled(energy: &Energy, series: &Series, rolled: &super::Rolled) -> Totals {
        Totals {
            cost: rolled.blocks.clone(),
            total_cost: rolled.cost,
            ..Totals::of_energy(energy, series, &rolled.outcome)
        }
    }
}
