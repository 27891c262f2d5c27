//! Ponds, salt floors, networks and harvests marched through weather.
//!
//! ```text
//! each day:  hourly energy balance ─► flows and mixing ─► plants ─► equilibrium ─► harvest ─► book
//!            (a_w of yesterday)       (1…24 steps)                  (cut and repeated where
//!                                                                    a phase change moved a_w)
//! ```
//!
//! - A pond is N mixed cells in series under one level, over one salt floor ([`simulate`]).
//! - Only the top layer of the floor reacts; what lies deeper keeps its pore brine and waits.
//! - Plants take from ponds, stockpiles and sources what there is, and give back to them ([`plants`]).
//! - Whatever moves is noted in the book as it moves; after an equilibrium the brine is what is left
//!   of the totals, never recomputed. So the book closes to rounding.
//!
//! [`cascade`] answers steady design questions with the same mixing and chemistry.
//!
//! Left out on purpose: kinetics (salts form at once), ice (flagged; brine is held at its freezing
//! point), stratification, evaporation from a dry crust, heat of crystallisation.

mod ahead;
mod basin;
mod calendar;
pub mod cascade;
mod cell;
pub mod chemistry;
mod contents;
mod energy;
mod error;
mod floor;
mod freezing;
mod harvest;
mod inputs;
mod ledger;
mod march;
pub mod matter;
mod network;
mod notice;
mod opening;
pub mod plants;
mod pond;
mod react;
mod series;
mod sighting;
mod snapshot;
mod solids;
mod stockpile;
mod transport;

pub use contents::Contents;
pub use error::SimulateError;
pub use inputs::{
    BrineAmounts, Inputs, Next, Progress, Sighting, SimulateReport, Simulation, Start,
};
pub use march::{simulate, simulate_with};
pub use notice::{Notice, NoticeKind};
pub use react::ChemistryReport;
pub use snapshot::Snapshot;
