//! Unit operations, one a file.

pub mod decomposer;
pub mod heater;
pub mod mixer;
pub mod separator;
pub mod splitter;
pub mod tank;
