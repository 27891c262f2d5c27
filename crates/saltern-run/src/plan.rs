//! A plan as it leaves the program: `plan.json`, and the frame of its hours.

mod unbounded;

use crate::contents::Name;
use crate::expansion::ExpansionAnswer;
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
/// Frame: of each consumer and step the power, the share of it that is clean, its direct carbon, and the share of each source.
pub const TRACING: &str = "tracing";
/// Frame: published limits of flexible work in halls, as `hall_limits.csv` of a base reads them.
pub const LIMITS: &str = "hall_limits";
/// Column of [`DISPATCH`] and [`TRACING`]: beginning of the step, local standard time.
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
    #[serde(with = "unbounded")]
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
    /// What a tonne of direct carbon dioxide costs in the plan; its cost is in the objective.
    #[serde(default)]
    pub carbon_price: f64,
    /// Where the energy of each consumer comes from, and how much of it is clean; none without a dispatch.
    #[serde(default)]
    pub matching: Option<MatchingAnswer>,
    /// Quotas and what was used of them.
    #[serde(default)]
    pub quotas: Vec<QuotaAnswer>,
    /// How each class of work was served.
    #[serde(default)]
    pub service: Vec<ServiceAnswer>,
    /// Margin of the published limits of flexible work; none where none were asked for.
    #[serde(default)]
    pub limits: Option<LimitsAnswer>,
    /// What a plan of production came to; none for a dispatch.
    #[serde(default)]
    pub production: Option<ProductionAnswer>,
    /// What a rolling plan on forecasts costs beside others.
    #[serde(default)]
    pub foresight: Option<ForesightAnswer>,
    /// A plan for many scenarios, if asked.
    #[serde(default)]
    pub scenarios: Option<ScenariosAnswer>,
    /// What a plan of expansion came to; the dispatch beside it is of its last stage.
    #[serde(default)]
    pub expansion: Option<ExpansionAnswer>,
    /// What forecasts came to; none for anything else.
    #[serde(default)]
    pub forecast: Option<ForecastAnswer>,
}

/// What a plan of production came to. The run's book is its simulation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProductionAnswer {
    /// Objective of the base's own rules, simulated; that of the plan is [`PlanAnswer::objective`], as earned.
    pub by_rules: f64,
    /// What the electricity of the plants that it decides costs; a part of the objective.
    #[serde(default)]
    pub energy_cost: Option<f64>,
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
    /// What is done less of than the folder lets it, and why.
    #[serde(default)]
    pub undone: Vec<UndoneAnswer>,
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
    /// What it limits, by its id in the folder; blank in runs of before.
    #[serde(default)]
    pub id: String,
    /// Rows of the folder that say it.
    #[serde(default)]
    pub places: Vec<String>,
}

/// What a plan does less of than the folder lets it over consecutive weeks, and what stands against more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UndoneAnswer {
    /// Id of the harvest, the plant or the link.
    pub id: String,
    /// `harvest`, `plant` or `flow`.
    pub of: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Share of the most there is that is not done, mean of the weeks.
    pub left: f64,
    /// Stable code of the reason, `undone.salt`.
    pub because: String,
    /// The reason in words.
    pub why: Name,
    /// Money per t more, of a flow for flowing as by the rules; zero where it has no price.
    pub worth: f64,
    /// Rows of the folder that say it.
    pub places: Vec<String>,
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
    /// |programme − simulation| over the simulation; infinite where nothing of it was made in the simulation.
    #[serde(with = "unbounded")]
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
    #[serde(with = "unbounded")]
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

/// How much of what is used is clean, hour by hour and over the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatchingAnswer {
    /// Energy used in the base, MWh; what is sold isn't.
    pub used_mwh: f64,
    /// Hourly score of 24/7 carbon-free energy, 0 … 1; null where nothing is used.
    pub score: Option<f64>,
    /// Carbon-free energy delivered, sold energy included, over energy used, 0 … 1.
    pub annual_share: Option<f64>,
    /// Direct carbon dioxide per MWh used, kg; null where a grid that was bought from has no factor.
    pub direct_kg_mwh: Option<f64>,
    /// Share of the steps in which at least 99.9 % is clean.
    pub clean_steps: f64,
    /// Consumers.
    pub consumers: Vec<ConsumerAnswer>,
    /// Sources.
    pub sources: Vec<SourceAnswer>,
}

/// A consumer over a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConsumerAnswer {
    /// Id of the demand, hall or grid.
    pub unit: String,
    /// Its name.
    pub name: Name,
    /// `demand`, `hall` or `export`.
    pub kind: ColumnKind,
    /// Its node.
    pub node: String,
    /// Energy used, MWh.
    pub used_mwh: f64,
    /// Hourly score of 24/7 carbon-free energy, 0 … 1; null where nothing is used.
    pub score: Option<f64>,
    /// Direct carbon dioxide per MWh used, kg; null as in [`MatchingAnswer::direct_kg_mwh`].
    pub direct_kg_mwh: Option<f64>,
    /// Share of its steps in which at least 99.9 % is clean.
    pub clean_steps: f64,
    /// Share of each source over the plan, in the order of [`MatchingAnswer::sources`].
    pub shares: Vec<f64>,
}

/// A source over a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceAnswer {
    /// Its column in the frame.
    pub column: String,
    /// Id of the unit.
    pub unit: String,
    /// Name of the unit.
    pub name: Name,
    /// What it is: a generator's kind, `import`, `level` for what a store held at the start, `made` for surroundings, `shortage`.
    pub kind: ColumnKind,
    /// Energy given, MWh; what stores held at the start included.
    pub given_mwh: f64,
    /// Energy of it lost on the way, MWh.
    pub lost_mwh: f64,
    /// Share of it that is carbon-free, over the plan.
    pub clean: f64,
}

/// A quota over a plan; amounts in t of carbon dioxide or MWh bought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuotaAnswer {
    /// Id.
    pub unit: String,
    /// Name.
    pub name: Name,
    /// `t` of direct carbon dioxide or `MWh` bought.
    pub amounts: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Limit.
    pub limit: f64,
    /// What the plan uses.
    pub used: f64,
    /// What is left.
    pub left: f64,
    /// What one more unit would save, money; null where the solver gave no prices.
    pub price: Option<f64>,
    /// What the windows of a rolling plan were given.
    #[serde(default)]
    pub windows: Vec<QuotaWindow>,
}

/// What a window of a rolling plan was given of a quota.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuotaWindow {
    /// First moment.
    pub from: String,
    /// Moment at which it ends.
    pub to: String,
    /// What it might use.
    pub given: f64,
    /// What it used.
    pub used: f64,
    /// What one more unit would have saved in it, money.
    pub price: Option<f64>,
}

/// Service of a class of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceAnswer {
    /// Id of the class.
    pub class: String,
    /// Its name.
    pub name: Name,
    /// Work that arrived, MWh.
    pub arrived_mwh: f64,
    /// Work of it done by its deadline, MWh.
    pub in_time_mwh: f64,
    /// Work given up, MWh.
    pub dropped_mwh: f64,
    /// Least time between an end and its deadline, h; null where nothing was done.
    pub worst_slack_h: Option<f64>,
    /// Mean time between arrival and end, h.
    pub mean_wait_h: f64,
    /// Jobs of the trace.
    pub jobs: usize,
    /// Jobs of the trace done by their deadline.
    pub jobs_in_time: usize,
}

/// Margin of the published limits of flexible work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LimitsAnswer {
    /// What a day's work is taken to exceed its forecast by, as a share.
    pub margin: f64,
    /// Quantile of the forecast's errors that it is; null where it was given.
    pub quantile: Option<f64>,
    /// Least quotient of a day's limit and what it should be, over halls; 1 unless a hall is too small.
    pub kept: f64,
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
    /// Most work of a class that may wait without missing a deadline.
    MayWait,
    /// What sun, wind or water could give.
    Available,
    /// Price at a node.
    Price,
    /// Flexible work of a hall.
    Flexible,
    /// Published limit of a hall's flexible work.
    Limit,
    /// Used of a quota so far.
    Quota,
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
