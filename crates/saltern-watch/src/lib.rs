//! Alarms: pure functions of samples. Nothing here reads a clock; who calls says what time it is.
//!
//! - [`alarm`]: alarms after IEC 62682 / ISA-18.2, their journal and its figures.

pub mod alarm;
pub mod error;
mod message;

pub use error::WatchError;
pub use message::catalogue;
pub use saltern_units::Lang;
