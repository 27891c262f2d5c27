//! Pitzer brine chemistry: species, activity, mineral equilibrium, evaporation paths.

pub mod database;
pub mod formula;
pub mod equilibrium;
