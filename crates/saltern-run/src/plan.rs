//! A plan as it leaves the program: `plan.json`, and the frame of its hours.

use crate::contents::Name;
use crate::forecast::ForecastAnswer;
use crate::scenarios::{ForesightAnswer, ScenariosAnswer};
use saltern_units::Lang;
use serde::{Deserialize, Serialize};

/// Frame: what every unit does in every step; see [`PlanAnswer::units`] for its columns.
pub const DISPATCH: &str = "dispatch";
/// Frame: the decisions of a plan of production, as `simulate --schedule` reads them.
pub const SCHEDULE: &str = "schedule";
/// Frame: how a plan of production stores, moves and sells what is made; a row a product and week. Columns `from`, `days`,
/// `product`, `made [t]`, `shipped [t]`, `sold [t]`, `spilt [t]`, `store [t]`, `store_max [t]`, `far [t]`, `far_max [t]`; NaN
/// for no limit and for what a product has not.
pub const MARKET: &str = "market";
/// Column of [`DISPATCH`]: beginning of the step, local standard time.
pub const TIME: &str = "time";

/// How a plan ended, and what it found: `plan.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanAnswer {
    /// `optimal`, `infeasible`, `unbounded` or `time_limit`.
    pub status: String,
    /// Cost of the plan; null where there is none.
    pub objective: Option<f64>,
    /// Currency of all money.
    pub currency: String,
    /// Rows of the programme.
    pub rows: usize,
    /// Columns of the programme.
    pub columns: usize,
    /// Time to build the programme, s.
    pub build_s: f64,
    /// Time to solve it, s.
    pub solve_s: f64,
    /// Relative gap between the plan and the best possible.
    pub gap: f64,
    /// What cannot hold together, where nothing can be planned.
    pub conflict: Vec<PlanCause>,
    /// The cheapest changes that would make a plan possible.
    #[serde(default)]
    pub relaxation: Vec<PlanCause>,
    /// `dispatch`, `production`, `expansion` or `forecast`.
    pub what: String,
    /// Minutes in a step.
    pub step_min: u32,
    /// Iterations of the solver.
    pub iterations: u64,
    /// Steps of a window, for a rolling plan.
    #[serde(default)]
    pub window: Option<usize>,
    /// Units and what their columns in the frame mean.
    pub units: Vec<PlanUnit>,
    /// Costs and earnings by unit.
    pub costs: Vec<PlanCost>,
    /// Carbon dioxide of fuel and bought power, t (direct factors).
    pub carbon_t: f64,
    /// Ids of grids whose carbon isn't counted for want of a factor.
    pub carbon_uncounted: Vec<String>,
    /// Energy that sun and wind could have given and didn't, MWh.
    pub curtailed_mwh: f64,
    /// The same without storage and waiting work, if asked.
    #[serde(default)]
    pub without_flexibility: Option<PlanCase>,
    /// What a plan of production came to; none for a dispatch.
    #[serde(default)]
    pub production: Option<ProductionAnswer>,
    /// What a rolling plan on forecasts costs beside others.
    #[serde(default)]
    pub foresight: Option<ForesightAnswer>,
    /// A plan for many scenarios, if asked.
    #[serde(default)]
    pub scenarios: Option<ScenariosAnswer>,
    /// What forecasts came to; none for anything else.
    #[serde(default)]
    pub forecast: Option<ForecastAnswer>,
}

/// What a plan of production came to. The run's book is its simulation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductionAnswer {
    /// Objective of the base's own rules, simulated; that of the plan is [`PlanAnswer::objective`], as earned.
    pub by_rules: f64,
    /// Simulations made.
    pub simulations: usize,
    /// Products in the programme, in the simulation, by the rules.
    pub products: Vec<ProductAnswer>,
    /// Turns of programme and simulation.
    pub turns: Vec<TurnAnswer>,
    /// Harvests and flows over time.
    pub bars: Vec<BarAnswer>,
    /// Limits that stand in the way of more, the most worth first.
    #[serde(default)]
    pub bindings: Vec<BindingAnswer>,
}

/// A limit that stands in the way over consecutive weeks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BindingAnswer {
    /// What it is, in words.
    pub what: Name,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Money that one more t a week would earn, the mean of the weeks; of a crew, that another crew would.
    pub worth: f64,
}

/// A product of a plan, t.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductAnswer {
    /// Its name.
    pub name: String,
    /// In the programme.
    pub planned_t: f64,
    /// In the simulation: what the plan is.
    pub simulated_t: f64,
    /// By the base's own rules, simulated.
    pub by_rules_t: f64,
    /// |programme − simulation| over the simulation.
    pub gap: f64,
}

/// A turn of programme and simulation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnAnswer {
    /// Objective that the programme promised.
    pub promised: f64,
    /// Objective that the simulation gave.
    pub simulated: f64,
    /// Worst gap of a product.
    pub gap: f64,
    /// Whether it was kept.
    pub kept: bool,
}

/// Consecutive weeks of a harvest or a flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BarAnswer {
    /// Id of the harvest or the link.
    pub id: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// t of salt, or m³ of brine.
    pub amount: f64,
    /// `t` or `m3`.
    pub unit: String,
}

impl PlanAnswer {
    /// Its status in words.
    pub fn status_text(&self, lang: Lang) -> &str {
        match (self.status.as_str(), lang) {
            ("time_limit", Lang::En) => "stopped at its limit of time or nodes",
            (_, Lang::En) => &self.status,
            ("optimal", Lang::Zh) => "最优",
            ("infeasible", Lang::Zh) => "无可行方案",
            ("unbounded", Lang::Zh) => "无界",
            ("time_limit", Lang::Zh) => "到达时间或节点限制",
            (_, Lang::Zh) => "失败",
        }
    }
}

/// Part of an answer why nothing can be planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCause {
    /// Id of the unit.
    pub unit: String,
    /// File and row.
    pub place: String,
    /// In words.
    pub text: Name,
}

/// What a column of the frame is, and how it counts at its node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanUnit {
    /// Column of the frame.
    pub column: String,
    /// Id of the unit.
    pub unit: String,
    /// Name of the unit.
    pub name: Name,
    /// Id of the node.
    pub node: String,
    /// What the column is.
    pub kind: ColumnKind,
    /// What a step counts at the node per unit of the column: 1, −1, an efficiency; 0 for levels and prices.
    pub sign: f64,
    /// Capacity in the column's unit, if it has one.
    pub capacity: Option<f64>,
}

/// What a column of the dispatch frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Photovoltaics.
    Pv,
    /// Wind.
    Wind,
    /// Heat of mirrors.
    SolarField,
    /// Water.
    Hydro,
    /// Fuel.
    Fuel,
    /// Given by a converter.
    Made,
    /// Taken by a converter.
    Taken,
    /// Taken by a store.
    Charge,
    /// Given by a store.
    Discharge,
    /// Held by a store at the end of the step.
    Level,
    /// Sent along a line.
    Line,
    /// Bought.
    Import,
    /// Sold.
    Export,
    /// Bought above or below the schedule of the day before.
    Deviation,
    /// Not served.
    Shortage,
    /// Demand that doesn't bend.
    Demand,
    /// Taken by a hall.
    Hall,
    /// Work of a class that waits.
    Backlog,
    /// Price at a node.
    Price,
}

/// Cost of a unit over the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanCost {
    /// Id of the unit.
    pub unit: String,
    /// Name of the unit.
    pub name: Name,
    /// Bought, sold or deviating, for a grid; held at the end, for a store; not served, for a node.
    #[serde(default)]
    pub kind: Option<ColumnKind>,
    /// Money; negative is earned.
    pub money: f64,
}

/// Another way to run the same base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanCase {
    /// Cost; null where there is no such plan.
    pub objective: Option<f64>,
    /// Carbon dioxide, t.
    pub carbon_t: f64,
    /// Energy that sun and wind could have given and didn't, MWh.
    pub curtailed_mwh: f64,
}
