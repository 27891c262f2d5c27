//! A plant to play with: a base whose ponds and plants are marched by the simulator while a clock runs, seen through
//! instruments that are not perfect, over the protocols that its connections name, with faults on request.
//!
//! ```text
//! faults, set-points ─► orders of a day ─► World: simulate, a day at a time ─► Day
//!                                                                             │
//!              servers of OPC UA, MQTT, Modbus, dropped files ◄─ instruments ◄┘   at the pace of a clock
//! ```
//!
//! The world is a function of its first day, its faults and its set-points: these are kept, and after a restart it is
//! marched again. Within a day, what a pond holds goes evenly from what it held to what it will hold in the evening.

mod clock;
mod day;
mod error;
mod faces;
mod fault;
mod instrument;
mod message;
mod orders;
mod play;
mod record;
mod shows;
#[cfg(test)]
mod tests;
mod world;

pub use clock::FASTEST;
pub use error::DemoError;
pub use fault::{Fault, FaultKind, Wish};
pub use message::catalogue;
pub use play::{Demo, Past, Settings, Status};
pub use world::{Parts, PowerUnit};
