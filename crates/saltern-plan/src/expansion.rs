//! Expansion: what to build in which stage, so that building and running cost least over all of them.
//!
//! ```text
//! minimise  Σ stages  Σ built · capex · annuity · years it is paid in   +   years · Σ weeks weight · cost of the week
//!
//! capacity(stage) = existing + Σ built that still stands        power ≤ share(t) · capacity,  level ≤ capacity
//! Σ capex · built ≤ budget of the stage                         Σ weeks weight · carbon ≤ cap of the stage
//! ```
//!
//! A week is the programme of a dispatch (`dispatch/build.rs`), so that whatever a base has is planned with; weeks that stand for
//! others are chosen by `weeks.rs`, and stores are linked over all of them by `levels.rs`. Units are partly on where they
//! would be on or off; orders, quotas and published limits of the base are of its own year and don't count. The plan is
//! checked against all hours of a year of each stage (`check.rs`), which is the figure to believe.
//!
//! Ponds and plants are not built here: what a plant of salt gives hangs on chemistry that no linear programme of capacities
//! knows; what plants take of energy grows with the demand of a stage.

mod build;
mod capacity;
mod check;
mod levels;
mod medoids;
mod name;
mod outcome;
mod scales;
mod stage;
mod weeks;
mod why;

pub use build::{Expanding, build};
pub use check::{Checked, check};
pub use name::{Name, Part};
pub use outcome::{ExpansionPlan, StagePlan, plan};
pub use weeks::{Choosing, Weeks};
pub use why::{Hindrance, Impossible, Relief, What, impossible};
