//! What ponds hold and lose, from samples and the model. Pure functions: no file, no clock, no thread; every random
//! number comes from a seed that is given.
//!
//! ```text
//! levels, densities, assays ──► Observation ─┐
//! metered flows ──► schedule ──► simulate ──► Track (evening by evening) ──► leak sensor: leak and evaporation with bands
//!                                    ▲                  │
//!                      departures ───┴─ sensitivities ◄─┘ ──► state of today, members around it ──► simulate
//! ```
//!
//! - [`observation`]: what was measured, of which pond, on which evening, how well.
//! - [`track`]: what a march says of the same ponds on the same evenings.
//! - [`leak`]: leak and evaporation of every pond from the difference, how well they can be known at all, and when a
//!   leak is called one.
//! - [`departure`]: how the truth may depart from the base.
//! - [`sensitivity`]: the most probable departures, and how far they may be off.
//! - [`state`]: what the ponds hold today, between and beyond assays, with an ensemble of marches around it.
//! - [`each`]: marches are handed out to the caller, who may have threads.
//! - [`measured`]: samples of tags as observations of evenings and flows of days.
//! - [`matching`]: leaks, winds and meters from a season.
//! - [`book`]: the measured book: what moved on every stream, reconciled, with bands; meters against it.
//! - [`forecast`]: the members marched on through weathers that may come; days until a new mineral falls.

pub mod book;
pub mod departure;
pub mod each;
mod error;
pub mod forecast;
pub mod leak;
pub mod matching;
pub mod measured;
mod message;
pub mod observation;
pub mod sensitivity;
pub mod state;
pub mod track;

pub use error::EstimateError;
pub use message::catalogue;
