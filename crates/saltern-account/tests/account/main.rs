//! Accounting against published answers and against what must always hold.

// Tests stop at the first thing that is not there, and print what they measured.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod accounts;
mod carbon;
mod fixture;
mod indicators;
mod linear;
mod nonlinear;
mod periods;
mod properties;
mod tables;
