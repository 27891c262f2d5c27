//! Unit operations, one a file.

pub mod adsorber;
pub mod bischofite_crystalliser;
pub mod boiler;
pub mod calciner;
pub mod carbonator;
pub mod chlor_alkali;
pub mod crystalliser;
pub mod decomposer;
pub mod dryer;
pub mod electrodialysis;
pub mod evaporator;
pub mod exchanger;
pub mod extractor;
pub mod flotation;
pub mod gas_dryer;
pub mod hcl_absorber;
pub mod hcl_synthesis;
pub mod heater;
pub mod hydroxide_precipitator;
pub mod ion_exchanger;
pub mod magnesium_dehydrator;
pub mod magnesium_electrolyser;
pub mod membrane;
pub mod mill;
pub mod mixer;
pub mod precipitator;
pub mod pump;
pub mod screen;
pub mod separator;
pub mod slurrier;
pub mod splitter;
pub mod tank;
pub mod thickener;
#[cfg(test)]
pub(crate) mod trial;
pub mod washer;
