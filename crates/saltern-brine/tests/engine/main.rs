//! The engine against the outside: agreement with PHREEQC on the same `pitzer.dat` (activities, saturation
//! points, evaporation paths of the reference set beside the checkout; skipped, saying so, where that is
//! absent), and answers wherever a brine can go.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod activity;
mod analyses;
mod answers;
mod binary_salts;
mod brines;
mod consistency;
mod diagram;
mod evaporation;
mod fitting;
mod measured;
mod properties;
mod reference;
mod robustness;
mod sensitivity;
mod solid_solutions;
mod solubility;
