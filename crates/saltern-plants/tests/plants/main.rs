//! Tests of plants as wholes; single units have theirs beside them.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may end in a panic and tell what it measured"
)]

mod alone;
mod balance;
mod decomposition;
mod evaporators;
mod files;
mod heats;
mod lithium;
mod magnesium;
mod potash;
mod random_feeds;
mod recycles;
mod reference;
mod separations;
mod sodium;
mod solids;
mod support;
