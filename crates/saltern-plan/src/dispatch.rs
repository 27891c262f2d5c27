//! The dispatch of power, heat, hydrogen and computing: what every unit does in every step at the least cost.
//!
//! Inside a programme power is MW, energy MWh, money the base's currency: solvers like numbers near one.

mod book;
mod build;
mod commitment;
mod compute;
mod name;
mod outcome;
mod rolling;
mod series;
pub mod stages;

pub use book::book;
pub use build::{Before, Ends, Layout, Plan, Rules, build};
pub use name::{Name, OnOff};
pub use outcome::{Computed, Outcome, Totals};
pub use rolling::{Foreseen, Guide, Rolled, Rolling, RollingError, roll, window};
pub(crate) use series::queues_of_jobs;
pub use series::{Bounds, Outside, Series};

/// W in a MW.
pub(crate) const MW: f64 = 1e6;
/// J in a MWh.
pub(crate) const MWH: f64 = 3.6e9;
