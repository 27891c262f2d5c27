//! Properties of a brine in a given state: one a file.

mod density;
pub mod heat;
pub mod phase_change;
pub mod pure_water;
mod viscosity;

pub use density::molar_volume_m3_mol;
