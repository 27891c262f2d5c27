//! The program through its command line: what outside checks rely on.

mod base;
mod brine;
mod harness;
