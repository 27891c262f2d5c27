//! Plans: what a base should do, as linear and mixed-integer programmes.
//!
//! ```text
//! energy of a base ─► dispatch (series, build) ─► programme (columns, rows, entries; blocks known by name and step)
//!                                                      │
//!                                                      ▼
//!                         schedule, prices ◄── solver (one live object) ──► why, where nothing is possible
//! ```
//!
//! This crate alone names an LP solver. It reads no files and no clock.

pub mod dispatch;
pub mod expansion;
pub mod forecast;
pub mod message;
pub mod production;
pub mod programme;
pub mod solution;
pub mod solver;
pub mod why;
