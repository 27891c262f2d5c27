//! The balance against the pond tables, the Utah years, and its own laws.
#![allow(
    clippy::print_stdout,
    reason = "the reproduced tables are there to be read"
)]
#![allow(clippy::unwrap_used, reason = "a test may end in a panic")]

mod daily_cycle;
mod ponds;
mod properties;
mod resource;
mod surface;
mod utah;
