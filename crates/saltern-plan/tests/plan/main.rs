//! What plans must reach and hold, asked through the public interface.

#![allow(clippy::unwrap_used)]

mod benchmark;
mod conflicts;
mod deadlines;
mod expansion;
mod folder;
mod forecast;
mod rolling;
mod stages;
mod tracing;
mod tracked;
mod units;
