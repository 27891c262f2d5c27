//! Pitzer brine chemistry: species, activity, mineral equilibrium, evaporation paths.

pub mod assay;
pub mod assembly;
pub mod database;
pub mod formula;
pub mod equilibrium;
pub mod water;
pub mod description;
pub mod phases;
pub mod thermo;
pub mod phreeqc;
mod active_set;
mod dryness;
mod guess;
mod network;
mod newton;
pub mod pitzer;
pub mod volume;
pub mod solubility;
pub mod evaporation;
