//! What can be wrong with deeds and formulas, with the evidence.

use crate::alarm::machine::{Phase, Refusal};
use crate::message::catalogue;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum WatchError {
    /// `alarm.unknown`.
    UnknownAlarm {
        /// Its number.
        alarm: u32,
    },
    /// `alarm.no_one`: nobody says who does it.
    NoOne {
        /// The alarm.
        alarm: String,
    },
    /// `alarm.no_reason`.
    NoReason {
        /// The alarm.
        alarm: String,
    },
    /// `alarm.shelved_too_long`.
    ShelvedTooLong {
        /// The alarm.
        alarm: String,
        /// What was asked for, µs.
        asked_us: i64,
        /// What is allowed, µs; 0 where shelving is forbidden.
        longest_us: i64,
    },
    /// `alarm.nothing_to_acknowledge` and the like: it makes no sense where the alarm stands.
    Refused {
        /// The alarm.
        alarm: String,
        /// Why.
        refusal: Refusal,
        /// Where it stands.
        phase: Phase,
    },
}

impl WatchError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        Message::code(self)
    }

    /// The sentence in a language; `Display` is the English one.
    pub fn text(&self, lang: Lang) -> String {
        Message::text(self, lang)
    }
}

impl Message for WatchError {
    fn code(&self) -> &'static str {
        match self {
            WatchError::UnknownAlarm { .. } => "alarm.unknown",
            WatchError::NoOne { .. } => "alarm.no_one",
            WatchError::NoReason { .. } => "alarm.no_reason",
            WatchError::ShelvedTooLong { .. } => "alarm.shelved_too_long",
            WatchError::Refused { refusal, .. } => refusal.code(),
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let hours = |us: i64| (us as f64 / 3.6e9).to_string();
        match self {
            WatchError::UnknownAlarm { alarm } => vec![("alarm", alarm.to_string())],
            WatchError::NoOne { alarm } | WatchError::NoReason { alarm } => {
                vec![("alarm", alarm.clone())]
            }
            WatchError::ShelvedTooLong {
                alarm,
                asked_us,
                longest_us,
            } => vec![
                ("alarm", alarm.clone()),
                ("asked", hours(*asked_us)),
                ("longest", hours(*longest_us)),
            ],
            WatchError::Refused { alarm, phase, .. } => {
                vec![("alarm", alarm.clone()), ("phase", phase.text(lang).into())]
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl std::fmt::Display for WatchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for WatchError {}
