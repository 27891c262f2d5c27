//! Alarms and calculated tags: pure functions of samples. Nothing here reads a clock; who calls says what time it is.
//!
//! - [`alarm`]: alarms after IEC 62682 / ISA-18.2, their journal and its figures.
//! - [`assay`]: whether an analysis is believed, and which figure is at fault.
//! - [`desk`]: what an analysis is judged by: its own past, a density, what charge and density should be.
//! - [`calculate`]: tags that are formulas over other tags, checked by units when they are read.
//! - [`shift`]: what meters say of a shift.
//! - [`watch`]: alarms and formulas together: values go in, calculated values and lines of the journal come out.

pub mod alarm;
pub mod assay;
pub mod calculate;
pub mod desk;
pub mod error;
mod message;
pub mod shift;
pub mod watch;

pub use error::WatchError;
pub use message::catalogue;
pub use saltern_units::Lang;
pub use watch::Watch;
