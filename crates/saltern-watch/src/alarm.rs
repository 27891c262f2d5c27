//! Alarms after IEC 62682 and ISA-18.2: one state machine an alarm, no clock, every change in a journal.
//!
//! ```text
//!            raise                acknowledge
//!  Normal ─────────► Unacknowledged ─────────► Acknowledged
//!    ▲                 │ clear                    │ clear
//!    │                 ▼                          │
//!    │◄─ acknowledge ─ ReturnedUnacknowledged     │ (not latching) ──► Normal
//!    │                 │ acknowledge (latching)   │ (latching)
//!    └──── reset ───── Latched ◄──────────────────┘
//! ```
//!
//! Beside that an alarm may be *shelved* by an operator (for some time, or until it clears once), *suppressed by design* by
//! a condition, or *out of service*. While any of these holds it is hidden: it goes on watching and the journal goes on
//! telling, but it asks nobody.
//!
//! - [`machine`]: one alarm, as a function of state and event.
//! - [`condition`]: when a sample raises or clears: limits, deadbands, rates, silence.
//! - [`board`]: all alarms of a base with their delays, groups and floods.
//! - [`journal`]: what is written down; [`kpi`]: what a month of it says; [`frames`]: both as tables.

pub mod board;
pub mod condition;
pub mod definition;
mod flood;
pub mod frames;
pub mod journal;
pub mod kpi;

pub mod machine;

pub use board::{Act, Board, Deed, Saved, Settings};
pub use definition::Definition;
pub use journal::{Entry, Event};
pub use machine::{Phase, State};

/// Microseconds in a second.
pub const SECOND_US: i64 = 1_000_000;
