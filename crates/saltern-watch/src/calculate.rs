//! Tags that are formulas over other tags, and conditions that suppress alarms.
//!
//! A formula is checked once, when it is read: names, functions, arguments, and units (a metre is not added to a kilogram, a
//! difference of temperatures is no temperature). It becomes a list of steps without loops, so that evaluating it costs what
//! its length costs. Formulas stand in the order in which they depend on each other; a ring among them is an error. Only what
//! hangs on a value that came is evaluated.
//!
//! - [`check`]: from formula to steps, with the units.
//! - [`window`]: `avg`, `rate` and `delta` over bounded memory.
//! - [`Calculator`]: the values, and what follows from a new one.
//!
//! A result is worth the least of what it is made of: bad if anything it needs is bad, estimated if anything is uncertain.

pub mod check;
mod compile;
mod run;
mod steps;
pub mod window;

pub use compile::Program;
pub use run::{Calculator, Saved};
