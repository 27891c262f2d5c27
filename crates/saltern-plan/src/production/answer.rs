//! What a plan of production answers.

use saltern_base::model::Schedule;
use saltern_base::production::Production;
use saltern_simulate::Simulation;

use super::logistics::Market;
use super::name::Name;
use super::step::Step;
use super::trajectory::Trajectory;
use super::undone::Undone;
use super::why::What;

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

/// A limit that stands in the way over consecutive steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Binding {
    /// What it limits.
    pub name: Name,
    /// First step.
    pub from: usize,
    /// Last step, included.
    pub to: usize,
    /// Money that one more t a step would earn, the mean of the steps; of a crew, that another crew would.
    pub worth: f64,
}

impl Binding {
    /// What of the folder it is.
    pub fn what(&self) -> Option<What> {
        What::of_limit(self.name)
    }
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
    /// What the electricity of the plants that it decides costs, money.
    pub energy_cost: f64,
    /// Turns of the loop.
    pub turns: Vec<Turn>,
    /// How the products are stored, moved and sold.
    pub market: Market,
    /// What binds in the programme that gave the plan, the most worth first; nothing where the rules are the plan.
    pub bindings: Vec<Binding>,
    /// What is left undone in that programme though the folder lets it, and why.
    pub undone: Vec<Undone>,
    /// Harvests and flows over time.
    pub bars: Vec<Bar>,
    /// Columns and rows of the programme.
    pub size: (usize, usize),
    /// Simulations made.
    pub simulations: usize,
}

/// What ran when, as simulated.
pub(super) fn bars(production: &Production, trajectory: &Trajectory) -> Vec<Bar> {
    let mut bars = Vec::new();
    let harvests = trajectory.taken_t.iter().enumerate();
    for (c, taken) in harvests {
        bars_of(BarOf::Harvest(c), taken, &mut bars);
    }
    for (f, choice) in production.flows.iter().enumerate() {
        bars_of(BarOf::Flow(f), &trajectory.flow_m3[choice.link], &mut bars);
    }
    bars
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
