//! Plans under uncertainty as they leave the program: rolling on forecasts, and decisions for many scenarios.

use crate::contents::Name;
use serde::{Deserialize, Serialize};

/// Frame: what is available in each scenario.
pub const SCENARIOS: &str = "scenarios";
/// Frame: what is decided the day before, the same for all scenarios.
pub const DECISIONS: &str = "decisions";

/// What a rolling plan costs by what its windows know, with what is left in stores at the prices of the whole plan.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForesightAnswer {
    /// Steps of a window that are carried out.
    pub execute: usize,
    /// Windows know what comes.
    pub knowing: f64,
    /// Windows see forecasts: the plan that is written.
    pub forecast: f64,
    /// Windows take what is for what comes.
    pub persistence: f64,
}

/// A plan of a day whose decisions suit many scenarios.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenariosAnswer {
    /// Scenarios, all equally likely.
    pub count: usize,
    /// Seed that they were drawn with.
    pub seed: u64,
    /// First moment.
    pub from: String,
    /// Steps.
    pub steps: usize,
    /// Day whose forecast errors each scenario has.
    pub days: Vec<String>,
    /// Expected cost of the decisions: the plan's objective.
    pub here_and_now: f64,
    /// Expected cost of decisions for the mean of the scenarios; null where they cannot be met.
    pub of_mean: Option<f64>,
    /// Expected cost if each scenario were known beforehand.
    pub wait_and_see: Option<f64>,
    /// Cost of the decisions in each scenario.
    pub costs: Vec<f64>,
    /// Cost of the decisions in what came.
    pub came: Option<f64>,
    /// Least cost of what came, had it been known.
    pub known: Option<f64>,
    /// What was decided: columns of the frame [`DECISIONS`].
    pub decided: Vec<Decided>,
    /// What is uncertain: units of the frame [`SCENARIOS`].
    pub uncertain: Vec<Uncertain>,
}

impl ScenariosAnswer {
    /// Value of the stochastic solution: what counting with scenarios is worth.
    pub fn vss(&self) -> Option<f64> {
        self.of_mean.map(|cost| cost - self.here_and_now)
    }

    /// Expected value of perfect information: what knowing would be worth.
    pub fn evpi(&self) -> Option<f64> {
        self.wait_and_see.map(|cost| self.here_and_now - cost)
    }
}

/// A decision of the day before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    /// Column of the frame.
    pub column: String,
    /// Unit of the column.
    pub unit: String,
    /// Id of the unit.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// Whether it is on (1) or off (0); otherwise power bought by schedule, MW.
    pub on_off: bool,
}

/// A unit whose power is uncertain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Uncertain {
    /// Id of the unit.
    pub id: String,
    /// Its name.
    pub name: Name,
}
