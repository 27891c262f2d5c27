//! What can go wrong with a plant that is played, with the evidence.

use saltern_climate::WeatherError;
use saltern_connect::ConnectError;
use saltern_simulate::SimulateError;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};

use crate::message::catalogue;

/// Why something was not played.
#[derive(Clone, Debug, PartialEq)]
pub enum DemoError {
    /// `demo.bad_fault`: not the form of a fault.
    BadFault {
        /// What was written.
        text: String,
        /// What is accepted.
        accepted: String,
    },
    /// `demo.unknown_target`: the base has nothing of that kind and id.
    UnknownTarget {
        /// Kind of the fault.
        kind: &'static str,
        /// What it befalls.
        befalls: &'static str,
        /// Id.
        target: String,
    },
    /// `demo.bad_size`: a size that is missing, not wanted, or not sound.
    BadSize {
        /// Kind of the fault.
        kind: &'static str,
        /// Unit of its size; empty where it has none.
        unit: &'static str,
        /// What was given.
        size: Option<f64>,
    },
    /// `demo.unknown_fault`: no fault of that number holds.
    UnknownFault {
        /// Number.
        number: u32,
    },
    /// `demo.bad_speed`: slower than real time or too fast.
    BadSpeed {
        /// What was asked for.
        speed: f64,
        /// Fastest.
        fastest: f64,
    },
    /// `demo.not_here`: a connection names another machine than this.
    NotHere {
        /// Connection.
        connection: String,
        /// Its endpoint.
        endpoint: String,
    },
    /// `demo.record`: what is kept for the next start can't be read or written.
    Record {
        /// File.
        path: String,
        /// Why.
        reason: String,
    },
    /// `demo.before`: the instant to begin at is before the base's first day.
    Before {
        /// What was asked for.
        at: String,
        /// The first day.
        first: String,
    },
    /// `demo.weather`: no weather for a day.
    Weather {
        /// Why.
        error: WeatherError,
    },
    /// `demo.march`: a day could not be marched.
    March {
        /// Why.
        error: SimulateError,
    },
    /// `demo.face`: a server of the plant could not be begun.
    Face {
        /// Connection.
        connection: String,
        /// Why, in both languages.
        error: ConnectError,
    },
}

impl DemoError {
    /// The sentence in a language; `Display` is the English one.
    pub fn text(&self, lang: Lang) -> String {
        Message::text(self, lang)
    }

    /// The code.
    pub fn code(&self) -> &'static str {
        Message::code(self)
    }
}

impl Message for DemoError {
    fn code(&self) -> &'static str {
        match self {
            DemoError::BadFault { .. } => "demo.bad_fault",
            DemoError::UnknownTarget { .. } => "demo.unknown_target",
            DemoError::BadSize { .. } => "demo.bad_size",
            DemoError::UnknownFault { .. } => "demo.unknown_fault",
            DemoError::BadSpeed { .. } => "demo.bad_speed",
            DemoError::NotHere { .. } => "demo.not_here",
            DemoError::Record { .. } => "demo.record",
            DemoError::Before { .. } => "demo.before",
            DemoError::Weather { .. } => "demo.weather",
            DemoError::March { .. } => "demo.march",
            DemoError::Face { .. } => "demo.face",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            DemoError::BadFault { text, accepted } => {
                vec![("text", text.clone()), ("accepted", accepted.clone())]
            }
            DemoError::UnknownTarget {
                kind,
                befalls,
                target,
            } => vec![
                ("kind", kind.to_string()),
                ("befalls", befalls.to_string()),
                ("target", target.clone()),
            ],
            DemoError::BadSize { kind, unit, size } => vec![
                ("kind", kind.to_string()),
                ("unit", unit.to_string()),
                ("size", size.map_or("–".into(), |size| size.to_string())),
            ],
            DemoError::UnknownFault { number } => vec![("number", number.to_string())],
            DemoError::BadSpeed { speed, fastest } => {
                vec![
                    ("speed", speed.to_string()),
                    ("fastest", fastest.to_string()),
                ]
            }
            DemoError::NotHere {
                connection,
                endpoint,
            } => vec![
                ("connection", connection.clone()),
                ("endpoint", endpoint.clone()),
            ],
            DemoError::Record { path, reason } => {
                vec![("path", path.clone()), ("reason", reason.clone())]
            }
            DemoError::Before { at, first } => vec![("at", at.clone()), ("first", first.clone())],
            DemoError::Weather { error } => vec![("why", Message::text(error, lang))],
            DemoError::March { error } => vec![("why", Message::text(error, lang))],
            DemoError::Face { connection, error } => vec![
                ("connection", connection.clone()),
                ("why", Message::text(error, lang)),
            ],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl From<WeatherError> for DemoError {
    fn from(error: WeatherError) -> Self {
        DemoError::Weather { error }
    }
}

impl From<SimulateError> for DemoError {
    fn from(error: SimulateError) -> Self {
        DemoError::March { error }
    }
}

impl std::fmt::Display for DemoError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for DemoError {}
