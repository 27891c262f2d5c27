//! What ponds hold and lose, from samples and the model. Pure functions: no file, no clock, no thread; every random
//! number comes from a seed that is given.
//!
//! ```text
//! levels, densities, assays ──► Observation ─┐
//! metered flows ──► schedule ──► simulate ──► Track (evening by evening) ──► leak sensor: leak and evaporation with bands
//! ```
//!
//! - [`observation`]: what was measured, of which pond, on which evening, how well.
//! - [`track`]: what a march says of the same ponds on the same evenings.
//! - [`leak`]: leak and evaporation of every pond from the difference, how well they can be known at all, and when a
//!   leak is called one.

mod error;
pub mod leak;
mod message;
pub mod observation;
pub mod track;

pub use error::EstimateError;
pub use message::catalogue;
