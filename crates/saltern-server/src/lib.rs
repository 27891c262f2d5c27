//! An operating base on the network: samples come in, alarms are watched, pages and an API go out, and each sees and does
//! what they may.
//!
//! ```text
//!  connections ─► batches ─┐                         ┌─► store (durable)
//!                          ├─► keeper (one thread) ──┼─► watch ─► journal in the records
//!  POST /api/samples ──────┘                         └─► streams
//!                                       doors: who may what ─► routes ─► answers
//! ```

mod access;
mod audit;
mod closings;
pub mod copies;
mod desk;
pub mod diagrams;
mod dispatcher;
mod encrypted;
mod error;
mod house;
mod jobs;
mod message;
mod nights;
mod operation;
mod outward;
mod pages;
pub mod plants;
mod problem;
mod routes;
mod runs;
mod server;
mod tally;

pub use access::Right;
pub use closings::CLOSINGS;
pub use desk::{Charge, Laboratory, Model};
pub use dispatcher::{Dispatch, DispatchWish, Dispatched, Lever};
pub use encrypted::Identity;
pub use error::ServerError;
pub use house::Clock;
pub use jobs::{JobKind, JobOrder, MakeCommand, TELL, TOLD, Told};
pub use message::catalogue;
pub use nights::{ESTIMATES, MakeEstimate, Night, Nights, STATE};
pub use operation::{Lake, PowerPlace};
pub use outward::Outward;
pub use pages::PageFile;
pub use problem::{Problem, Sentence};
pub use routes::describe;
pub use runs::RUNS;
pub use server::{
    BACKUPS, CONNECTIONS, HISTORY, RECORDS, ReadLake, Serving, Settings, Stamp, listen, serve,
    start,
};
