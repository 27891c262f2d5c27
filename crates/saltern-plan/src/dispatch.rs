//! The dispatch of power, heat, hydrogen and computing: what every unit does in every step at the least cost.
//!
//! Inside a programme power is MW, energy MWh, money the base's currency: solvers like numbers near one.

mod book;
mod build;
mod commitment;
mod compute;
mod limits;
mod name;
mod outcome;
mod quotas;
mod rolling;
mod series;
mod service;
pub mod stages;
mod tracing;

pub use book::book;
pub use build::{Before, Ends, Layout, Plan, Rules, build};
pub(crate) use build::{counted, kept};
pub use limits::{ERRORS_MIN, HallCurve, arrival_error, curves};
pub use name::{Name, OnOff};
pub use outcome::{Computed, Outcome, Totals};
pub use quotas::{QuotaShare, QuotaTrack, quotas, rolled_quotas};
pub use rolling::{Foreseen, Guide, Rolled, Rolling, RollingError, roll, window};
pub(crate) use series::queues_of_jobs;
pub use series::{Bounds, Outside, Series};
pub use service::{Service, services};
pub use tracing::{Consumer, DirectIntensity, Matched, Origin, Tracing, User, trace};

/// W in a MW.
pub(crate) const MW: f64 = 1e6;
/// J in a MWh.
pub(crate) const MWH: f64 = 3.6e9;
