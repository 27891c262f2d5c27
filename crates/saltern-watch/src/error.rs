//! What can be wrong with deeds and formulas, with the evidence.

use crate::alarm::machine::{Phase, Refusal};
use crate::calculate::check::{self, Fault};
use crate::message::catalogue;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message, nearest};
use saltern_units::place::Place;

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
    /// `formula.unlike` and the like: a formula that can be read and makes no sense.
    Formula {
        /// The cell.
        place: Place,
        /// What is wrong in it.
        fault: Fault,
    },
    /// `formula.ring`: formulas that are made of each other.
    Ring {
        /// One of them.
        place: Place,
        /// Tags around the ring, the first again at the end.
        tags: Vec<String>,
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
            WatchError::Ring { .. } => "formula.ring",
            WatchError::Formula { fault, .. } => match fault {
                Fault::UnknownTag { .. } => "formula.unknown_tag",
                Fault::UnknownAlarm { .. } => "formula.unknown_alarm",
                Fault::UnknownFunction { .. } => "formula.unknown_function",
                Fault::Call { .. } => "formula.call",
                Fault::UnknownUnit { .. } => "formula.unknown_unit",
                Fault::Unlike { .. } => "formula.unlike",
                Fault::NoNumber { .. } => "formula.no_number",
                Fault::NoCondition { .. } => "formula.no_condition",
                Fault::Power { .. } => "formula.power",
                Fault::NoRatio { .. } => "formula.no_ratio",
                Fault::Temperature { .. } => "formula.temperature",
                Fault::Result { .. } => "formula.result",
            },
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
            WatchError::Ring { place, tags } => {
                vec![("place", place.text(lang)), ("tags", tags.join(" → "))]
            }
            WatchError::Formula { place, fault } => {
                let mut fields = vec![("place", place.text(lang))];
                fields.extend(evidence(fault, lang));
                fields
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

fn evidence(fault: &Fault, lang: Lang) -> Fields {
    let hint = |near: &Option<String>| {
        let near = near.as_ref().map(|near| {
            lang.pick(
                format!(" (did you mean “{near}”?)"),
                format!("（是否应为“{near}”？）"),
            )
        });
        near.unwrap_or_default()
    };
    match fault {
        Fault::UnknownTag { name, near } | Fault::UnknownAlarm { name, near } => {
            vec![("name", name.clone()), ("hint", hint(near))]
        }
        Fault::UnknownFunction { name } => {
            let known: Vec<&str> = check::functions().collect();
            vec![
                ("name", name.clone()),
                (
                    "hint",
                    hint(&nearest(name, known.iter().copied()).map(String::from)),
                ),
                ("known", lang.list(&known)),
            ]
        }
        Fault::Call { text, accepted } => {
            vec![("text", text.clone()), ("accepted", accepted.to_string())]
        }
        Fault::UnknownUnit { unit } => vec![("unit", unit.clone())],
        Fault::Unlike {
            operator,
            left,
            left_unit,
            right,
            right_unit,
        } => vec![
            ("operator", operator.to_string()),
            ("left", left.clone()),
            ("left_unit", left_unit.clone()),
            ("right", right.clone()),
            ("right_unit", right_unit.clone()),
        ],
        Fault::NoNumber { text }
        | Fault::NoCondition { text }
        | Fault::Power { text }
        | Fault::Temperature { text } => vec![("text", text.clone())],
        Fault::NoRatio { text, unit } => vec![("text", text.clone()), ("unit", unit.clone())],
        Fault::Result { found, unit } => vec![("found", found.clone()), ("unit", unit.clone())],
    }
}

impl std::fmt::Display for WatchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for WatchError {}
