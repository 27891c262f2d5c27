//! The plan of a year's production: harvests, flows, loads of plants, stocks, sales, week by week.
//!
//! ```text
//! rules ─► simulate ─► trajectory ─► linear programme around it ─► schedule ─► simulate ─► better? ─► trajectory …
//!                          ▲            (slopes from disturbed simulations)                  no: smaller box
//! ```
//!
//! Successive linear programming in a trust box: what is nonlinear (growth of salt, yields, grades) is taken from a
//! simulated trajectory and its slopes from simulations with one flow disturbed; balances of floors, stockpiles, stores,
//! warehouses and wagons are linear as they are. A step is kept if the *simulated* objective rises, otherwise the box
//! shrinks to a quarter. **What is reported is the simulated schedule**; the programme's own figures stand beside it.
//! The base's own rules are the first trajectory and what remains if nothing beats them.
//!
//! The objective is money: sales less freight and electricity, and what is left at the end (product, ore, salt on floors
//! above what is left standing) at the end values of `sales.csv`. The value of ore follows from the products that it gave
//! under the base's rules, the same for every trajectory, and counts as far as its plants could use it up in another year.
//!
//! - Successive linear programming with a trust region: Zhang, Kim, Lasdon, *Management Science* 31 (1985) 1312–1325
//!   (recalled). Refinery practice of distributed recursion is the same idea.
//! - Linear plan and rigorous model in turn, of mineral streams: Song, Menezes, Garcia-Herreros, Grossmann,
//!   *Ind. Eng. Chem. Res.* 2018. Ponds and harvests as a mixed-integer plan: Ossandón, Pinto, Cisternas,
//!   *Comput. Chem. Eng.* 34 (2010) 620–630.

mod build;
pub mod logistics;
mod name;
mod orders;
pub mod step;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod trajectory;

use saltern_base::model::{Base, Schedule};
use saltern_base::production::Production;
use saltern_simulate::{SimulateError, Simulation};

use crate::programme::Programme;
use crate::solution::Solution;
use crate::solver::{Options as SolverOptions, Solver, SolverError};
use build::{Around, Slope};
pub use name::Name;
use step::Step;
pub use trajectory::Trajectory;

/// Simulates the base's period with a schedule; `None` = by its rules.
pub type March<'a> = dyn Fn(Option<&Schedule>) -> Result<Simulation, SimulateError> + Sync + 'a;

/// How to plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Most simulations, the first among them.
    pub simulations_max: usize,
    /// Simulations at a time where they do not wait for each other.
    pub threads: usize,
    /// Gap on product tonnes at which the loop may end, as a share.
    pub gap: f64,
    /// Largest gap on the tonnes of a product that a plan may have to be handed out, as a share.
    pub gap_max: f64,
    /// Rise of the objective that is worth another step, as a share.
    pub rise: f64,
    /// First change allowed to a flow, as a share of what the rules give.
    pub factor_box: f64,
    /// Disturbance of a flow from which slopes are taken, as a share.
    pub disturbance: f64,
    /// Money per MWh of electricity.
    pub electricity_price: f64,
    /// Seconds for one programme with whole numbers.
    pub time_limit_s: f64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            simulations_max: 10,
            threads: 1,
            gap: 0.01,
            gap_max: 0.03,
            rise: 1e-3,
            factor_box: 0.3,
            disturbance: 0.2,
            electricity_price: 0.0,
            time_limit_s: 10.0,
        }
    }
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq)]
pub enum ProductionError {
    /// A simulation failed or was stopped.
    Simulate(SimulateError),
    /// The solver refused a programme.
    Solver(SolverError),
}

impl From<SimulateError> for ProductionError {
    fn from(error: SimulateError) -> Self {
        ProductionError::Simulate(error)
    }
}

impl From<SolverError> for ProductionError {
    fn from(error: SolverError) -> Self {
        ProductionError::Solver(error)
    }
}

/// A product in the programme and in the simulation.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductFigures {
    /// Index into the products.
    pub product: usize,
    /// Made according to the programme that gave the schedule, t.
    pub planned_t: f64,
    /// Made in the simulation of the schedule, t.
    pub simulated_t: f64,
    /// Made by the base's own rules, t.
    pub by_rules_t: f64,
}

impl ProductFigures {
    /// |programme − simulation| as a share of the simulation.
    pub fn gap(&self) -> f64 {
        let apart = (self.planned_t - self.simulated_t).abs();
        if apart == 0.0 {
            0.0
        } else {
            apart / self.simulated_t
        }
    }
}

/// One turn of the loop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    /// Most change allowed to a flow.
    pub factor_box: f64,
    /// Most change allowed to harvests and loads, as a share of the most there is.
    pub amount_box: f64,
    /// Objective that the programme promised.
    pub promised: f64,
    /// Objective that the simulation gave.
    pub simulated: f64,
    /// Worst gap of a product.
    pub gap: f64,
    /// Whether it was kept.
    pub kept: bool,
    /// Iterations of the solver.
    pub iterations: u64,
}

/// A row or a bound that stands in the way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Binding {
    /// What it is.
    pub name: Name,
    /// Whether it is a row; a bound of a column otherwise.
    pub is_row: bool,
    /// Step.
    pub step: usize,
    /// Money that one more unit would earn.
    pub worth: f64,
}

/// What is drawn over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarOf {
    /// A choice of a harvest.
    Harvest(usize),
    /// A choice of a flow.
    Flow(usize),
}

/// Consecutive steps in which something ran, as simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// What.
    pub of: BarOf,
    /// First step.
    pub from: usize,
    /// Last step, included.
    pub to: usize,
    /// t of dry salt, or m³ of brine.
    pub amount: f64,
}

/// A plan and its simulation.
#[derive(Clone, Debug)]
pub struct ProductionPlan {
    /// Steps.
    pub steps: Vec<Step>,
    /// What to do; empty if the base's own rules are best.
    pub schedule: Schedule,
    /// The simulation of that schedule: what the plan is.
    pub simulation: Simulation,
    /// The same by step.
    pub trajectory: Trajectory,
    /// Objective of the simulated plan, money.
    pub objective: f64,
    /// Objective of the base's own rules, money.
    pub by_rules: f64,
    /// Products in programme and simulation.
    pub products: Vec<ProductFigures>,
    /// Turns of the loop.
    pub turns: Vec<Turn>,
    /// What binds in the last programme that was kept, the most worth first.
    pub bindings: Vec<Binding>,
    /// Harvests and flows over time.
    pub bars: Vec<Bar>,
    /// Columns and rows of the programme.
    pub size: (usize, usize),
    /// Simulations made.
    pub simulations: usize,
}

/// A simulated schedule.
struct Candidate {
    schedule: Schedule,
    simulation: Simulation,
    trajectory: Trajectory,
    factors: Vec<f64>,
    objective: f64,
    /// Made in the programme that gave it, t.
    planned_t: Vec<f64>,
}

/// Plans a year of a base.
///
/// Pure: the same inputs give the same plan, however many threads.
///
/// # Errors
/// Where a simulation or the solver fails.
pub fn plan(
    base: &Base,
    production: &Production,
    steps: &[Step],
    march: &March<'_>,
    options: &Options,
) -> Result<ProductionPlan, ProductionError> {
    Planner {
        base,
        production,
        steps,
        march,
        options,
    }
    .plan()
}

struct Planner<'a> {
    base: &'a Base,
    production: &'a Production,
    steps: &'a [Step],
    march: &'a March<'a>,
    options: &'a Options,
}

/// What does not change from turn to turn.
struct Fixed {
    reference: Trajectory,
    pile_values: Vec<f64>,
    factor_ends: Vec<(f64, f64)>,
}

impl Planner<'_> {
    fn plan(&self) -> Result<ProductionPlan, ProductionError> {
        let simulation = (self.march)(None)?;
        let reference = self.trajectory(&simulation, None);
        let fixed = Fixed {
            pile_values: self.pile_values(&reference),
            factor_ends: self.factor_ends(&reference),
            reference: reference.clone(),
        };
        let made = reference.made_t(self.base, self.production);
        let mut best = Candidate {
            schedule: Schedule::default(),
            objective: self.objective(&reference, &fixed)?,
            planned_t: made.iter().map(|made| made.iter().sum()).collect(),
            factors: vec![1.0; self.production.flows.len()],
            trajectory: reference,
            simulation,
        };
        let by_rules = best.objective;
        let mut plan = Loop {
            factor_box: self.options.factor_box,
            amount_box: 1.0,
            slopes: Vec::new(),
            turns: Vec::new(),
            bindings: Vec::new(),
            simulations: 1,
            live: None,
            agreeing: None,
        };
        while plan.simulations < self.options.simulations_max {
            if !self.turn(&mut best, &fixed, by_rules, &mut plan)? {
                break;
            }
        }
        // A plan that its own programme foretold badly is not handed out: the best that agrees is, at worst the rules.
        let agrees = worst_gap(&self.figures(&best, &fixed)) <= self.options.gap_max;
        let best = match plan.agreeing.take() {
            Some(agreeing) if !agrees => agreeing,
            _ => best,
        };
        Ok(self.finish(best, fixed, by_rules, plan))
    }

    /// One turn; `false` where another is not worth it.
    fn turn(
        &self,
        best: &mut Candidate,
        fixed: &Fixed,
        by_rules: f64,
        plan: &mut Loop,
    ) -> Result<bool, ProductionError> {
        let slopes = plan.slopes.clone();
        let around = self.around(best, fixed, &slopes, (plan.factor_box, plan.amount_box));
        let programme = build::build(&around);
        let solution = plan.solve(&programme, self.options)?;
        if !solution.feasible {
            // Bounds around a trajectory always hold that trajectory up to rounding; without it there is nothing to try.
            return Ok(false);
        }
        let promised = -solution.objective;
        let rise_wanted = self.options.rise * best.objective.abs();
        let first_with_slopes = plan.slopes.is_empty() && !self.production.flows.is_empty();
        let settled = worst_gap(&self.figures(best, fixed)) <= self.options.gap;
        if promised - best.objective < rise_wanted && settled && !first_with_slopes {
            return Ok(false);
        }
        let schedule = orders::schedule(&programme, &solution.columns, &around, &fixed.reference);
        let factors = (0..self.production.flows.len())
            .map(|f| column_sum(&programme, &solution, Name::Factor(f)))
            .collect();
        let planned_t = self.planned_t(&programme, &solution, &around);
        let candidate = self.simulated(schedule, factors, planned_t, fixed)?;
        plan.simulations += 1;
        let gap = worst_gap(&self.figures(&candidate, fixed));
        let rises = candidate.objective > best.objective;
        let settles = candidate.objective > best.objective - 1e-3 * rise_wanted.max(1.0)
            && !settled
            && candidate.objective >= by_rules;
        let kept = rises || settles;
        let agrees = |candidate: &Candidate| {
            worst_gap(&self.figures(candidate, fixed)) <= self.options.gap_max
        };
        plan.turns.push(Turn {
            factor_box: plan.factor_box,
            amount_box: plan.amount_box,
            promised,
            simulated: candidate.objective,
            gap,
            kept,
            iterations: solution.iterations,
        });
        if kept {
            let ratio = (candidate.objective - best.objective)
                / (promised - best.objective).max(f64::MIN_POSITIVE);
            if ratio > 0.75 {
                plan.factor_box = (2.0 * plan.factor_box).min(1.0);
                plan.amount_box = (2.0 * plan.amount_box).min(1.0);
            }
            plan.bindings = bindings(&programme, &solution);
            let earlier = std::mem::replace(best, candidate);
            if agrees(&earlier) {
                plan.keep_agreeing(earlier);
            }
        } else {
            plan.factor_box /= 4.0;
            plan.amount_box /= 4.0;
            if agrees(&candidate) && candidate.objective > by_rules {
                plan.keep_agreeing(candidate);
            }
        }
        let disturbances = self.production.flows.len();
        let room = plan.simulations + disturbances < self.options.simulations_max;
        if first_with_slopes && disturbances > 0 && room {
            plan.slopes = self.slopes(best, fixed)?;
            plan.simulations += disturbances;
        }
        Ok(plan.factor_box > 5e-3 || plan.amount_box > 5e-3)
    }

    fn around<'s>(
        &'s self,
        best: &'s Candidate,
        fixed: &'s Fixed,
        slopes: &'s [Slope],
        (factor_box, amount_box): (f64, f64),
    ) -> Around<'s> {
        Around {
            base: self.base,
            production: self.production,
            steps: self.steps,
            trajectory: &best.trajectory,
            factors: &best.factors,
            slopes,
            factor_box,
            amount_box,
            pile_values: &fixed.pile_values,
            electricity_price: self.options.electricity_price,
            factor_ends: &fixed.factor_ends,
        }
    }

    fn trajectory(&self, simulation: &Simulation, schedule: Option<&Schedule>) -> Trajectory {
        Trajectory::of(simulation, self.base, self.production, schedule, self.steps)
    }

    fn simulated(
        &self,
        schedule: Schedule,
        factors: Vec<f64>,
        planned_t: Vec<f64>,
        fixed: &Fixed,
    ) -> Result<Candidate, ProductionError> {
        let simulation = (self.march)(Some(&schedule))?;
        let trajectory = self.trajectory(&simulation, Some(&schedule));
        Ok(Candidate {
            objective: self.objective(&trajectory, fixed)?,
            schedule,
            simulation,
            trajectory,
            factors,
            planned_t,
        })
    }

    /// Money of a simulated trajectory, the market served at best.
    fn objective(&self, trajectory: &Trajectory, fixed: &Fixed) -> Result<f64, ProductionError> {
        let made = trajectory.made_t(self.base, self.production);
        let mut money = logistics::earned(self.production, self.steps, &made)?;
        let decided = build::decided_plants(self.base, self.production);
        for &p in &decided {
            let mwh: f64 = trajectory.electricity_mwh[p].iter().sum();
            money -= self.options.electricity_price * mwh;
        }
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
        Ok(money)
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
                if joint.node == saltern_base::model::PlantNode::Stockpile(pile) {
                    let moved = sum(&trajectory.moved_t[p][j]);
                    let inlet = build::is_inlet(self.base, p, &joint.stream);
                    end += if inlet { -moved } else { moved };
                }
            }
        }
        end
    }

    /// Money per t of each stockpile at the end: the end value of the products that a t of it gave by the rules.
    fn pile_values(&self, reference: &Trajectory) -> Vec<f64> {
        let decided = build::decided_plants(self.base, self.production);
        let mut values = vec![0.0; self.base.stockpiles.len()];
        for &p in &decided {
            let plant = &self.base.plants[p];
            let lead = plant.streams.iter().find(|s| s.stream == plant.lead);
            let Some(saltern_base::model::PlantNode::Stockpile(k)) = lead.map(|s| s.node) else {
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
    fn factor_ends(&self, reference: &Trajectory) -> Vec<(f64, f64)> {
        let of = |choice: &saltern_base::production::FlowChoice| {
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

    /// Slopes at a candidate, from simulations with one flow disturbed each.
    fn slopes(&self, best: &Candidate, fixed: &Fixed) -> Result<Vec<Slope>, ProductionError> {
        let around = self.around(best, fixed, &[], (0.0, 0.0));
        let disturbed: Vec<(f64, Schedule)> = (0..best.factors.len())
            .map(|f| {
                let mut factors = best.factors.clone();
                // Less rather than more: what the rules give is often the most that there is.
                let change = -self.options.disturbance.min(factors[f]);
                factors[f] += change;
                let mut schedule = best.schedule.clone();
                schedule.flows = orders::flows(&around, &factors, &fixed.reference);
                (change, schedule)
            })
            .collect();
        let one = |(change, schedule): &(f64, Schedule)| -> Result<Slope, SimulateError> {
            let simulation = (self.march)(Some(schedule))?;
            let there = self.trajectory(&simulation, Some(schedule));
            Ok(self.slope(&best.trajectory, &there, *change))
        };
        let mut slopes = Vec::new();
        for batch in disturbed.chunks(self.options.threads.max(1)) {
            let found: Vec<_> = std::thread::scope(|scope| {
                let running: Vec<_> = batch.iter().map(|d| scope.spawn(|| one(d))).collect();
                running.into_iter().map(|thread| thread.join()).collect()
            });
            for slope in found {
                match slope {
                    Ok(slope) => slopes.push(slope?),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        }
        Ok(slopes)
    }

    fn slope(&self, here: &Trajectory, there: &Trajectory, change: f64) -> Slope {
        let n = self.steps.len();
        let (base, production) = (self.base, self.production);
        let grown = |c: usize| {
            let per = |s| (there.grown_t(c, s) - here.grown_t(c, s)) / change;
            (0..n).map(per).collect()
        };
        let made = |product: &saltern_base::production::Product| {
            let mut per = vec![0.0; n];
            for (p, id) in &product.streams {
                let mut joints = base.plants[*p].streams.iter();
                let Some(j) = joints.position(|s| s.stream == *id) else {
                    continue;
                };
                for (s, per) in per.iter_mut().enumerate() {
                    if here.feed_t[*p][s] > 0.0 && there.feed_t[*p][s] > 0.0 {
                        let more = there.per_feed(*p, j, s) - here.per_feed(*p, j, s);
                        *per += here.feed_t[*p][s] * more / change;
                    }
                }
            }
            per
        };
        Slope {
            grown_t: (0..production.harvests.len()).map(grown).collect(),
            made_t: production.products.iter().map(made).collect(),
        }
    }

    /// What the programme makes of each product, t.
    fn planned_t(
        &self,
        programme: &Programme<Name>,
        solution: &Solution,
        around: &Around<'_>,
    ) -> Vec<f64> {
        let of = |(i, product): (usize, &saltern_base::production::Product)| {
            let mut made = 0.0;
            for (p, id) in &product.streams {
                let mut joints = self.base.plants[*p].streams.iter();
                let Some(j) = joints.position(|s| s.stream == *id) else {
                    continue;
                };
                let feed = programme.columns_of(Name::Feed(*p));
                for s in 0..self.steps.len() {
                    made += match &feed {
                        Some(feed) => around.per_feed(*p, j, s) * solution.columns[feed.start + s],
                        None => around.trajectory.moved_t[*p][j][s],
                    };
                }
            }
            for (f, slope) in around.slopes.iter().enumerate() {
                let change = column_sum(programme, solution, Name::Factor(f)) - around.factors[f];
                made += change * slope.made_t[i].iter().sum::<f64>();
            }
            made
        };
        self.production
            .products
            .iter()
            .enumerate()
            .map(of)
            .collect()
    }

    fn figures(&self, candidate: &Candidate, fixed: &Fixed) -> Vec<ProductFigures> {
        let sums = |trajectory: &Trajectory| -> Vec<f64> {
            let made = trajectory.made_t(self.base, self.production);
            made.iter().map(|made| made.iter().sum()).collect()
        };
        let (simulated, by_rules) = (sums(&candidate.trajectory), sums(&fixed.reference));
        (0..self.production.products.len())
            .map(|i| ProductFigures {
                product: i,
                planned_t: candidate.planned_t[i],
                simulated_t: simulated[i],
                by_rules_t: by_rules[i],
            })
            .collect()
    }

    fn finish(&self, best: Candidate, fixed: Fixed, by_rules: f64, plan: Loop) -> ProductionPlan {
        ProductionPlan {
            steps: self.steps.to_vec(),
            products: self.figures(&best, &fixed),
            bars: self.bars(&best.trajectory),
            schedule: best.schedule,
            simulation: best.simulation,
            trajectory: best.trajectory,
            objective: best.objective,
            by_rules,
            turns: plan.turns,
            bindings: plan.bindings,
            size: plan
                .live
                .map_or((0, 0), |(p, _)| (p.column_count(), p.row_count())),
            simulations: plan.simulations,
        }
    }

    fn bars(&self, trajectory: &Trajectory) -> Vec<Bar> {
        let mut bars = Vec::new();
        let harvests = trajectory.taken_t.iter().enumerate();
        for (c, taken) in harvests {
            bars_of(BarOf::Harvest(c), taken, &mut bars);
        }
        for (f, choice) in self.production.flows.iter().enumerate() {
            bars_of(BarOf::Flow(f), &trajectory.flow_m3[choice.link], &mut bars);
        }
        bars
    }
}

/// What changes from turn to turn.
struct Loop {
    factor_box: f64,
    amount_box: f64,
    slopes: Vec<Slope>,
    turns: Vec<Turn>,
    bindings: Vec<Binding>,
    simulations: usize,
    live: Option<(Programme<Name>, Solver)>,
    /// The best that the programme foretold well enough, beside the best of all.
    agreeing: Option<Candidate>,
}

impl Loop {
    fn keep_agreeing(&mut self, candidate: Candidate) {
        let better = |other: &Candidate| candidate.objective > other.objective;
        if self.agreeing.as_ref().is_none_or(better) {
            self.agreeing = Some(candidate);
        }
    }

    /// Solves a programme: the first is passed whole, later ones as changes, with the basis kept.
    fn solve(
        &mut self,
        programme: &Programme<Name>,
        options: &Options,
    ) -> Result<Solution, SolverError> {
        let solver_options = SolverOptions {
            time_limit_s: (!programme.whole.is_empty()).then_some(options.time_limit_s),
            presolve: self.live.is_none() || !programme.whole.is_empty(),
            ..SolverOptions::default()
        };
        match &mut self.live {
            Some((before, solver)) => {
                renew(solver, before, programme)?;
                solver.set_options(&solver_options)?;
                *before = programme.clone();
                solver.solve()
            }
            live => {
                let solver = Solver::new(programme, &solver_options)?;
                let (_, solver) = live.insert((programme.clone(), solver));
                solver.solve()
            }
        }
    }
}

/// Passes what differs between two programmes of the same shape.
fn renew(
    solver: &mut Solver,
    before: &Programme<Name>,
    now: &Programme<Name>,
) -> Result<(), SolverError> {
    let columns = 0..now.column_count();
    solver.set_costs(columns.clone(), &now.cost)?;
    solver.set_column_bounds(columns, &now.lower, &now.upper)?;
    solver.set_row_bounds(0..now.row_count(), &now.row_lower, &now.row_upper)?;
    for (old, new) in before.entries.iter().zip(&now.entries) {
        if old != new {
            solver.set_coefficient(new.row as usize, new.column as usize, new.value)?;
        }
    }
    Ok(())
}

fn worst_gap(figures: &[ProductFigures]) -> f64 {
    figures.iter().map(ProductFigures::gap).fold(0.0, f64::max)
}

fn column_sum(programme: &Programme<Name>, solution: &Solution, name: Name) -> f64 {
    let block = programme.columns_of(name);
    block.map_or(0.0, |block| solution.columns[block].iter().sum())
}

/// Rows and bounds that are worth something, the most first.
fn bindings(programme: &Programme<Name>, solution: &Solution) -> Vec<Binding> {
    let limits = |name: &Name| matches!(name, Name::Wagons(_) | Name::Warehouse(_) | Name::Crew(_));
    let decides = |name: &Name| {
        matches!(
            name,
            Name::Feed(_) | Name::Take(_) | Name::Sold(_) | Name::Store(_)
        )
    };
    let rows = (solution.duals.iter().enumerate()).filter_map(|(row, dual)| {
        let (name, step) = programme.row_name(row)?;
        let worth = -dual;
        (limits(&name) && *dual < -1e-2).then_some(Binding {
            name,
            is_row: true,
            step,
            worth,
        })
    });
    let columns = (solution.reduced_costs.iter().enumerate()).filter_map(|(column, cost)| {
        let (name, step) = programme.column_name(column)?;
        let free = programme.lower[column] < programme.upper[column];
        (free && decides(&name) && *cost < -1e-2).then_some(Binding {
            name,
            is_row: false,
            step,
            worth: -cost,
        })
    });
    let mut all: Vec<Binding> = rows.chain(columns).collect();
    all.sort_by(|a, b| b.worth.abs().total_cmp(&a.worth.abs()));
    all
}

/// Consecutive steps with something in them.
fn bars_of(of: BarOf, series: &[f64], bars: &mut Vec<Bar>) {
    let mut open: Option<Bar> = None;
    for (s, amount) in series.iter().enumerate() {
        if *amount <= 0.0 {
            bars.extend(open.take());
            continue;
        }
        let bar = open.get_or_insert(Bar {
            of,
            from: s,
            to: s,
            amount: 0.0,
        });
        bar.to = s;
        bar.amount += amount;
    }
    bars.extend(open);
}
