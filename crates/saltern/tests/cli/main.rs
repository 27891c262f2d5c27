//! The program through its command line: what outside checks rely on.

// Tests that measure print what they found.
#![allow(clippy::print_stdout)]

mod account;
mod answers;
mod base;
mod brine;
mod demo;
mod drop;
mod estimate;
mod examples;
mod fit;
mod harness;
mod limits;
mod names;
mod pilot;
mod plan;
mod plants;
mod reconcile;
mod tags;
mod uncertain;
