//! Plants on brine: unit operations, flowsheets with recycles, and their fit to pilot data.
//!
//! ```text
//! units, streams, feeds, design specs ──► Flowsheet ──► order (loops, tears) ──► solve ──► Solution
//!                                             │                                   │
//!                                kinds, settings (attributes.csv)      Room: equilibria, heats, memory
//! ```
//!
//! Matter is followed by element; what does not converge is an error with its residuals, never a result.

pub mod bench;
mod chain;
pub mod drives;
pub mod fit;
pub mod fitted;
pub mod flowsheet;
mod ions;
pub mod kinds;
pub mod matter;
pub mod measure;
pub mod message;
pub mod operation;
pub mod operations;
pub mod order;
mod parting;
pub mod reading;
pub mod role;
pub mod room;
pub mod settings;
pub mod solve;
pub mod stream;
pub mod target;
pub mod utilities;
