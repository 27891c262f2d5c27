//! Accounting against published answers and against what must always hold.

// Tests that measure print what they found.
#![allow(clippy::print_stdout)]

mod carbon;
mod linear;
mod nonlinear;
mod properties;
mod tables;
