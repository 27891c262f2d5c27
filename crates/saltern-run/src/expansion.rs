//! A plan of expansion as it leaves the program: a part of `plan.json`, and the frame `expansion`.

use crate::contents::Name;
use crate::plan::ColumnKind;
use serde::{Deserialize, Serialize};

/// Frame: what is built and stands; a row a stage and part of a unit. Columns `stage`, `unit`, `part` (`power`, `energy`), `built
/// [MW]` or `[MWh]` in two columns each of which is NaN for the other part, and so on, `invested [CNY]`, `annuity [CNY/a]`.
pub const EXPANSION: &str = "expansion";

/// What a plan of expansion came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExpansionAnswer {
    /// What money a year later is worth less, as a share.
    pub discount: f64,
    /// Weeks that stand for the year.
    pub weeks: Vec<WeekAnswer>,
    /// Stages.
    pub stages: Vec<StageAnswer>,
    /// Units that may be built, power and energy apart.
    pub units: Vec<BuildAnswer>,
}

impl ExpansionAnswer {
    /// Greatest gap of a stage's running cost between the weeks and all hours, as a share of the latter.
    pub fn worst_gap(&self) -> Option<f64> {
        let gaps = self.stages.iter().filter_map(StageAnswer::gap);
        gaps.max_by(|a, b| a.abs().total_cmp(&b.abs()))
    }
}

/// A week that stands for others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeekAnswer {
    /// Its first moment.
    pub from: String,
    /// Weeks of a year that it counts for.
    pub weight: f64,
    /// Whether it is the extreme one.
    pub extreme: bool,
}

/// A stage; money and carbon a year unless said otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageAnswer {
    /// Its year.
    pub year: i64,
    /// Years that it stands for.
    pub years: u64,
    /// What demands are multiplied by.
    pub demand: f64,
    /// What arriving work is multiplied by.
    pub work: f64,
    /// Budget of the stage, in all.
    pub budget: Option<f64>,
    /// Cap of direct carbon dioxide, t.
    pub carbon_cap_t: Option<f64>,
    /// Money for what is built in the stage, in all.
    pub invested: f64,
    /// What is paid for all that was built and stands.
    pub capital: f64,
    /// Cost of running by the weeks.
    pub running: f64,
    /// Cost of running in all hours; null where they cannot be served.
    pub running_checked: Option<f64>,
    /// Direct carbon dioxide by the weeks, t.
    pub carbon_t: f64,
    /// Direct carbon dioxide in all hours, t.
    pub carbon_checked_t: Option<f64>,
    /// Energy not served in all hours, MWh.
    pub shortage_mwh: f64,
    /// Whether the cap is kept in all hours; null without a cap.
    pub cap_kept: Option<bool>,
    /// What one more of the budget's money would save over all stages, discounted.
    pub budget_worth: Option<f64>,
    /// What a tonne more of the cap would save.
    pub carbon_worth: Option<f64>,
}

impl StageAnswer {
    /// How much more the weeks say that running costs than all hours do, as a share.
    pub fn gap(&self) -> Option<f64> {
        let checked = self.running_checked?;
        // What counts is the cost of the year: running may be earned, and near nothing.
        let size = (checked.abs() + self.capital.abs()).max(1.0);
        Some((self.running - checked) / size)
    }
}

/// Power or energy of a unit that may be built, by stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BuildAnswer {
    /// Id of the unit.
    pub unit: String,
    /// Its name.
    pub name: Name,
    /// What it is.
    pub kind: ColumnKind,
    /// `MW` or `MWh`.
    pub amounts: String,
    /// What is built.
    pub built: Vec<f64>,
    /// What stands.
    pub standing: Vec<f64>,
    /// What is built costs, in all.
    pub invested: Vec<f64>,
    /// What one more allowed to be built would save over all stages, discounted; 0 where no limit is in the way.
    pub worth: Vec<f64>,
}
