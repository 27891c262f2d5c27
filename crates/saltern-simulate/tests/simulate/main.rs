//! The march as a whole: what it conserves, how it decides, and whether it agrees with chemistry done
//! without ponds.

#![allow(clippy::unwrap_used)]

mod brines;
mod cascade;
mod conservation;
mod plants;
mod rules;
mod world;
