//! Unit operations, one a file.

pub mod bischofite_crystalliser;
pub mod calciner;
pub mod chlor_alkali;
pub mod decomposer;
pub mod hcl_absorber;
pub mod hcl_synthesis;
pub mod heater;
pub mod hydroxide_precipitator;
pub mod magnesium_dehydrator;
pub mod magnesium_electrolyser;
pub mod adsorber;
pub mod boiler;
pub mod carbonator;
pub mod decomposer;
pub mod electrodialysis;
pub mod evaporator;
pub mod exchanger;
pub mod extractor;
pub mod heater;
pub mod ion_exchanger;
pub mod membrane;
pub mod mixer;
pub mod precipitator;
pub mod separator;
pub mod splitter;
pub mod tank;
#[cfg(test)]
pub(crate) mod trial;
