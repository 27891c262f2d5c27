//! Money of a simulated trajectory.

use std::ops::Range;

use saltern_base::model::PlantNode;
use saltern_base::production::FlowChoice;

use super::ProductionError;
use super::build;
use super::energy::EnergyCosts;
use super::logistics::{self, Market};
use super::search::{Fixed, Planner};
use super::step::Step;
use super::trajectory::{Trajectory, capacity_t_d};
use crate::solver::Options as SolverOptions;

impl Planner<'_> {
    /// Money of a simulated trajectory, the market served at best.
    pub(super) fn objective(&self, trajectory: &Trajectory, market: &Market, fixed: &Fixed) -> f64 {
        let mut money = market.earned;
        let decided = build::decided_plants(self.base, self.production);
        money -= self.energy_cost(trajectory, fixed);
        for k in build::decided_piles(self.base, &decided) {
            let mut left_t = self.pile_end_t(trajectory, k);
            for c in 0..self.production.harvests.len() {
                if build::pile_of(self.base, self.production, c) == Some(k) {
                    let clinging = 1.0 + trajectory.clinging(self.base, self.production, c);
                    left_t += clinging * trajectory.floor_t[c].last().copied().unwrap_or(0.0);
                }
            }
            let usable_t = build::usable_t(self.base, self.steps, k);
            money += fixed.pile_values[k] * left_t.clamp(0.0, usable_t);
        }
        money
    }

    /// What the electricity of the decided plants costs.
    pub(super) fn energy_cost(&self, trajectory: &Trajectory, fixed: &Fixed) -> f64 {
        let decided = build::decided_plants(self.base, self.production);
        let mwh = |s: usize| -> f64 {
            decided
                .iter()
                .map(|&p| trajectory.electricity_mwh[p][s])
                .sum()
        };
        let steps = 0..self.steps.len();
        steps.map(|s| fixed.energy_costs.cost(s, mwh(s))).sum()
    }

    /// Cuts of the dispatch, or one price.
    pub(super) fn energy_costs(
        &self,
        reference: &Trajectory,
    ) -> Result<EnergyCosts, ProductionError> {
        let Some(side) = &self.energy else {
            let price = self.options.electricity_price;
            return Ok(EnergyCosts::flat(price, self.steps.len()));
        };
        let covered: Vec<Range<usize>> = (self.steps.iter())
            .map(|step| side.energy.window.steps_of_days(step.first, step.last()))
            .collect();
        let most_mwh = |step: &Step| -> f64 {
            let of = |p: usize| {
                let (mwh, fed) = (&reference.electricity_mwh[p], &reference.feed_t[p]);
                let per_t =
                    mwh.iter().sum::<f64>() / fed.iter().sum::<f64>().max(f64::MIN_POSITIVE);
                let days = f64::from(step.days_in(self.base.plants[p].season));
                per_t * capacity_t_d(self.base, p) * days
            };
            build::decided_plants(self.base, self.production)
                .into_iter()
                .map(of)
                .sum()
        };
        let most_mwh: Vec<f64> = self.steps.iter().map(most_mwh).collect();
        let costs = EnergyCosts::of(side, &covered, &most_mwh, &SolverOptions::default())?;
        costs.ok_or(ProductionError::NoEnergy)
    }

    /// What a stockpile holds at the end, t: all that came less all that went.
    fn pile_end_t(&self, trajectory: &Trajectory, pile: usize) -> f64 {
        let sum = |series: &Vec<f64>| series.iter().sum::<f64>();
        let mut end = sum(&trajectory.brought_t[pile]);
        for c in 0..self.production.harvests.len() {
            if build::pile_of(self.base, self.production, c) == Some(pile) {
                end += sum(&trajectory.taken_t[c]) + sum(&trajectory.clinging_t[c]);
            }
        }
        for (p, plant) in self.base.plants.iter().enumerate() {
            for (j, joint) in plant.streams.iter().enumerate() {
                if joint.node == PlantNode::Stockpile(pile) {
                    let moved = sum(&trajectory.moved_t[p][j]);
                    let inlet = build::is_inlet(self.base, p, &joint.stream);
                    end += if inlet { -moved } else { moved };
                }
            }
        }
        end
    }

    /// Money per t of each stockpile at the end: the end value of the products that a t of it gave by the rules.
    pub(super) fn pile_values(&self, reference: &Trajectory) -> Vec<f64> {
        let decided = build::decided_plants(self.base, self.production);
        let mut values = vec![0.0; self.base.stockpiles.len()];
        for &p in &decided {
            let plant = &self.base.plants[p];
            let lead = plant.streams.iter().find(|s| s.stream == plant.lead);
            let Some(PlantNode::Stockpile(k)) = lead.map(|s| s.node) else {
                continue;
            };
            let fed: f64 = reference.feed_t[p].iter().sum();
            for product in &self.production.products {
                for (_, id) in product.streams.iter().filter(|(plant, _)| *plant == p) {
                    let joint = plant.streams.iter().position(|s| s.stream == *id);
                    let made: f64 = joint.map_or(0.0, |j| reference.moved_t[p][j].iter().sum());
                    if fed > 0.0 {
                        values[k] += product.end_value * logistics::T * made / fed;
                    }
                }
            }
        }
        values
    }

    /// Least and most of each factor on a flow that keeps every step within what may be decided.
    pub(super) fn factor_ends(&self, reference: &Trajectory) -> Vec<(f64, f64)> {
        let of = |choice: &FlowChoice| {
            let flows = reference.flow_m3[choice.link].iter().zip(self.steps);
            let running = flows.filter(|(_, step)| step.days_in(Some(choice.season)) > 0);
            let most = running
                .map(|(m3, step)| {
                    let open = step.days_in(self.base.links[choice.link].season);
                    m3 / (f64::from(open.max(1)) * 86_400.0)
                })
                .fold(0.0, f64::max);
            let high = if most > 0.0 {
                (choice.high_m3_s / most).clamp(1.0, 2.0)
            } else {
                1.0
            };
            (0.0, high)
        };
        self.production.flows.iter().map(of).collect()
    }
}
