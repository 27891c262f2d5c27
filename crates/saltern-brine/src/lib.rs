//! Pitzer brine chemistry: species, activity, mineral equilibrium, evaporation paths.

mod active_set;
pub mod assay;
pub mod assembly;
pub mod cautions;
pub mod database;
pub mod description;
pub mod diagram;
mod dryness;
pub mod equilibrium;
pub mod evaporation;
pub mod fit;
pub mod formula;
mod guess;
pub mod layer;
pub mod message;
mod mixture;
mod network;
mod newton;
pub mod phases;
pub mod phreeqc;
pub mod pitzer;
pub mod properties;
pub mod sensitivity;
pub mod solubility;
pub mod substance;
pub mod thermo;
pub mod water;
