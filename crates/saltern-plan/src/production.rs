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
//! shrinks to a quarter. When the programme promises little more, last turns in a small box bring programme and simulation
//! together. **What is reported is the simulated schedule**; the programme's own figures stand beside it.
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

mod answer;
mod binding;
mod build;
mod campaigns;
pub mod energy;
mod foretold;
mod grades;
mod live;
pub mod logistics;
mod name;
mod orders;
mod search;
mod slopes;
pub mod step;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod trajectory;
pub mod undone;
pub mod why;
mod worth;

use saltern_base::model::{Base, Schedule};
use saltern_base::production::Production;
use saltern_simulate::{SimulateError, Simulation};

use crate::solver::SolverError;
pub use answer::{Bar, BarOf, Binding, ProductFigures, ProductionPlan, Turn};
use energy::EnergySide;
pub use name::Name;
use search::Planner;
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
    /// Money per MWh of electricity where no energy side is given.
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
            rise: 1e-2,
            factor_box: 0.3,
            disturbance: 0.2,
            electricity_price: 0.0,
            time_limit_s: 10.0,
        }
    }
}

/// Why there is no plan.
#[derive(Clone, Debug)]
pub enum ProductionError {
    /// A simulation failed or was stopped.
    Simulate(SimulateError),
    /// The solver refused a programme.
    Solver(SolverError),
    /// The energy side has no dispatch even without the plants.
    NoEnergy,
    /// Contracts and grades cannot all be kept.
    Impossible {
        /// Why; nothing if time ran out before it was found.
        why: Option<Box<why::Impossible>>,
        /// The base's own rules, simulated.
        simulation: Box<Simulation>,
    },
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

/// Plans a year of a base.
///
/// Pure: the same inputs give the same plan, however many threads. With an energy side electricity costs what its dispatch
/// says, step by step; without one, one price.
///
/// # Errors
/// Where a simulation or the solver fails.
pub fn plan(
    base: &Base,
    production: &Production,
    steps: &[Step],
    march: &March<'_>,
    energy: Option<EnergySide<'_>>,
    options: &Options,
) -> Result<ProductionPlan, ProductionError> {
    Planner {
        base,
        production,
        steps,
        march,
        energy,
        options,
    }
    .plan()
}
