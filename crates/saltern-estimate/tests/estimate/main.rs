//! Estimates against a truth that is known: the simulator with planted leaks, other winds and meters, and noise.

#![allow(clippy::unwrap_used)]

mod ahead;
mod leak;
mod state;
mod world;
