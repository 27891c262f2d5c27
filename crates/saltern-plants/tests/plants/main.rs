//! Tests of plants as wholes; single units have theirs beside them.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may end in a panic and tell what it measured"
)]

use saltern_plants::{drives, kinds, matter, operation, room, settings, stream};

mod bank;
mod bromine;
mod decomposition;
mod drives_and_utilities;
mod evaporators;
mod files;
mod fitting;
mod heats;
mod leach;
mod lithium;
mod magnesium;
mod minor;
mod nested;
mod potash;
mod random_feeds;
mod ranges;
mod recycles;
mod reference;
mod separations;
mod sodium;
mod solids;
mod support;
// One unit alone is held to the same as in the tests beside it.
#[allow(dead_code, reason = "some of it is for the tests beside the units")]
#[path = "../../src/operations/trial.rs"]
mod trial;
