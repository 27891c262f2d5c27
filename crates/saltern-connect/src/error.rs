//! What can go wrong with a connection, with the evidence.

use crate::message::catalogue;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnectError {
    /// `connect.unreachable`: nobody answers there.
    Unreachable {
        /// Where.
        endpoint: String,
        /// What the system says.
        reason: String,
    },
    /// `connect.refused`: the other is there and does not want us.
    Refused {
        /// Where.
        endpoint: String,
        /// What it says.
        reason: String,
    },
    /// `connect.lost`: a session that was live ended.
    Lost {
        /// Where.
        endpoint: String,
        /// What the system or the other says.
        reason: String,
    },
    /// `connect.silent`: nothing was heard for too long.
    Silent {
        /// Where.
        endpoint: String,
        /// For how long, s.
        seconds: f64,
    },
    /// `connect.timeout`: one answer took too long.
    Timeout {
        /// Where.
        endpoint: String,
        /// What was asked.
        asked: String,
        /// How long was waited, s.
        seconds: f64,
    },
    /// `connect.panicked`: a fault of ours ended the session.
    Panicked {
        /// Where.
        endpoint: String,
        /// What it said.
        reason: String,
    },
    /// `connect.stopped`: the connection was told to stop, or whoever takes readings is gone.
    Stopped,
    /// `connect.not_live`: a write to a connection that is not live.
    NotLive {
        /// The connection.
        connection: String,
    },
    /// `connect.no_way`: a write to a tag that no connection brings.
    NoWay {
        /// The tag.
        tag: String,
    },
    /// `connect.write_refused`: the other did not take the value.
    WriteRefused {
        /// The tag.
        tag: String,
        /// What the other says.
        reason: String,
    },
    /// `connect.secret`: the environment variable that should hold a password does not.
    Secret {
        /// The connection.
        connection: String,
        /// The variable.
        variable: String,
    },
    /// `connect.setting`: an entry of `connections.csv` that this protocol can't use.
    Setting {
        /// The connection.
        connection: String,
        /// The column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What is accepted.
        accepted: &'static str,
    },
    /// `connect.future`: a value from the future, which is refused.
    Future {
        /// The tag.
        tag: String,
        /// How far ahead of our clock, s.
        seconds: f64,
    },
    /// `connect.unknown_address`: the other has nothing at the address of a tag.
    UnknownAddress {
        /// The tag.
        tag: String,
        /// Its address.
        address: String,
        /// What the other says.
        reason: String,
    },
}

impl ConnectError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        Message::code(self)
    }

    /// The sentence in a language; `Display` is the English one.
    pub fn text(&self, lang: Lang) -> String {
        Message::text(self, lang)
    }
}

impl Message for ConnectError {
    fn code(&self) -> &'static str {
        match self {
            ConnectError::Unreachable { .. } => "connect.unreachable",
            ConnectError::Refused { .. } => "connect.refused",
            ConnectError::Lost { .. } => "connect.lost",
            ConnectError::Silent { .. } => "connect.silent",
            ConnectError::Timeout { .. } => "connect.timeout",
            ConnectError::Panicked { .. } => "connect.panicked",
            ConnectError::Stopped => "connect.stopped",
            ConnectError::NotLive { .. } => "connect.not_live",
            ConnectError::NoWay { .. } => "connect.no_way",
            ConnectError::WriteRefused { .. } => "connect.write_refused",
            ConnectError::Secret { .. } => "connect.secret",
            ConnectError::Setting { .. } => "connect.setting",
            ConnectError::Future { .. } => "connect.future",
            ConnectError::UnknownAddress { .. } => "connect.unknown_address",
        }
    }

    fn fields(&self, _lang: Lang) -> Fields {
        match self {
            ConnectError::Unreachable { endpoint, reason }
            | ConnectError::Refused { endpoint, reason }
            | ConnectError::Lost { endpoint, reason }
            | ConnectError::Panicked { endpoint, reason } => {
                vec![("endpoint", endpoint.clone()), ("reason", reason.clone())]
            }
            ConnectError::Silent { endpoint, seconds } => vec![
                ("endpoint", endpoint.clone()),
                ("seconds", seconds.to_string()),
            ],
            ConnectError::Timeout {
                endpoint,
                asked,
                seconds,
            } => vec![
                ("endpoint", endpoint.clone()),
                ("asked", asked.clone()),
                ("seconds", seconds.to_string()),
            ],
            ConnectError::Stopped => Vec::new(),
            ConnectError::NotLive { connection } => vec![("connection", connection.clone())],
            ConnectError::NoWay { tag } => vec![("tag", tag.clone())],
            ConnectError::WriteRefused { tag, reason } => {
                vec![("tag", tag.clone()), ("reason", reason.clone())]
            }
            ConnectError::Secret {
                connection,
                variable,
            } => vec![
                ("connection", connection.clone()),
                ("variable", variable.clone()),
            ],
            ConnectError::Setting {
                connection,
                column,
                value,
                accepted,
            } => vec![
                ("connection", connection.clone()),
                ("column", (*column).into()),
                ("value", value.clone()),
                ("accepted", (*accepted).into()),
            ],
            ConnectError::Future { tag, seconds } => {
                vec![("tag", tag.clone()), ("seconds", seconds.to_string())]
            }
            ConnectError::UnknownAddress {
                tag,
                address,
                reason,
            } => vec![
                ("tag", tag.clone()),
                ("address", address.clone()),
                ("reason", reason.clone()),
            ],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl std::fmt::Display for ConnectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for ConnectError {}
