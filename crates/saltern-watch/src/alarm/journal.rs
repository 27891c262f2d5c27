//! The journal: every change of every alarm, in order, with both times and who and why where a person did it.

use super::machine::{Phase, State, Step};
use crate::message::catalogue;
use saltern_units::Lang;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Event {
    /// The condition holds.
    Raised,
    /// The condition is over.
    Cleared,
    /// Someone knows.
    Acknowledged,
    /// Someone took that back.
    Unacknowledged,
    /// It asks again.
    Realarmed,
    /// What was to be done is done.
    Confirmed,
    /// A latched alarm was reset.
    Reset,
    /// Hidden for some time.
    Shelved,
    /// Hidden until it clears once.
    ShelvedOnce,
    /// Taken from the shelf by hand.
    Unshelved,
    /// Its time on the shelf is over.
    ShelfEnded,
    /// Hidden by design.
    Suppressed,
    /// No longer hidden by design.
    Unsuppressed,
    /// Taken out of service.
    OutOfService,
    /// Put back into service.
    IntoService,
    /// A flood of alarms began.
    FloodBegan,
    /// The flood is over.
    FloodEnded,
}

impl Event {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Event::Raised => "alarm.raised",
            Event::Cleared => "alarm.cleared",
            Event::Acknowledged => "alarm.acknowledged",
            Event::Unacknowledged => "alarm.unacknowledged",
            Event::Realarmed => "alarm.realarmed",
            Event::Confirmed => "alarm.confirmed",
            Event::Reset => "alarm.reset",
            Event::Shelved => "alarm.shelved",
            Event::ShelvedOnce => "alarm.shelved_once",
            Event::Unshelved => "alarm.unshelved",
            Event::ShelfEnded => "alarm.shelf_ended",
            Event::Suppressed => "alarm.suppressed",
            Event::Unsuppressed => "alarm.unsuppressed",
            Event::OutOfService => "alarm.out_of_service",
            Event::IntoService => "alarm.into_service",
            Event::FloodBegan => "alarm.flood_began",
            Event::FloodEnded => "alarm.flood_ended",
        }
    }

    /// In words.
    pub fn text(self, lang: Lang) -> String {
        catalogue().render(self.code(), lang, &[])
    }
}

impl From<Step> for Event {
    fn from(step: Step) -> Event {
        match step {
            Step::Raise => Event::Raised,
            Step::Clear => Event::Cleared,
            Step::Acknowledge => Event::Acknowledged,
            Step::Unacknowledge => Event::Unacknowledged,
            Step::Realarm => Event::Realarmed,
            Step::Confirm => Event::Confirmed,
            Step::Reset => Event::Reset,
            Step::Shelve { one_shot: false } => Event::Shelved,
            Step::Shelve { one_shot: true } => Event::ShelvedOnce,
            Step::Unshelve => Event::Unshelved,
            Step::ShelfEnds => Event::ShelfEnded,
            Step::Suppress => Event::Suppressed,
            Step::Unsuppress => Event::Unsuppressed,
            Step::OutOfService => Event::OutOfService,
            Step::IntoService => Event::IntoService,
        }
    }
}

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Rises by one from line to line.
    pub sequence: u64,
    /// What happened.
    pub event: Event,
    /// To which alarm, by its number; `None` for floods.
    pub alarm: Option<u32>,
    /// Where it stood before.
    pub before: Phase,
    /// What it became.
    pub after: State,
    /// When the source says it happened, µs; that of the server where nothing came from a source.
    pub source_us: i64,
    /// When the server learnt of it, µs; never falls from line to line.
    pub server_us: i64,
    /// The value then, if there was one.
    pub value: Option<f64>,
    /// Whether it asks an operator now and didn't before: what counts in floods and figures.
    pub announced: bool,
    /// Whether it is the first of its group, raised while the others were quiet.
    pub first_in_group: bool,
    /// Who did it, where a person did.
    pub who: Option<String>,
    /// Why.
    pub why: Option<String>,
}
