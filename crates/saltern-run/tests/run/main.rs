//! The run folder from outside: written, read, refused, exported, compared, told.

#![allow(clippy::unwrap_used, reason = "a test may end in a panic")]

mod exports;
mod fixture;
mod folders;
mod reports;
