//! What can go wrong with a connection, with the evidence.

use crate::asked::{Accepted, Asked};
use crate::message::catalogue;
use crate::reason::Reason;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};
use saltern_units::place::Place;
use saltern_units::table::TableError;

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
        reason: Reason,
    },
    /// `connect.lost`: a session that was live ended.
    Lost {
        /// Where.
        endpoint: String,
        /// What the system or the other says.
        reason: Reason,
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
        asked: Asked,
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
        reason: Reason,
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
        accepted: Accepted,
    },
    /// `connect.message`: a message that can't be used.
    Message {
        /// Where it came.
        topic: String,
        /// What is wrong with it.
        reason: Reason,
    },
    /// `connect.file`: a dropped file that can't be read.
    File {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: Reason,
    },
    /// `connect.cell`: a cell of a dropped file.
    Cell {
        /// Where.
        place: Place,
        /// What stands there.
        value: String,
        /// What is accepted.
        accepted: Accepted,
    },
    /// `connect.no_such_tag`: a dropped file names what no tag has.
    NoSuchTag {
        /// Where.
        place: Place,
        /// The name.
        name: String,
        /// A tag that may be meant.
        near: Option<String>,
    },
    /// `table.…`: a table of a dropped file.
    Table(TableError),
    /// `connect.outbox`: what waits to be sent can't be kept on disk.
    Outbox {
        /// Why.
        reason: String,
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
        reason: Reason,
    },
    /// `connect.listen`: a server of ours can't begin.
    Listen {
        /// Where.
        address: String,
        /// What is in the way.
        reason: String,
    },
    /// `connect.doubled_node`: a server of ours can't begin, because two of its nodes have one id.
    DoubledNode {
        /// Where.
        address: String,
        /// The id.
        id: String,
    },
    /// `connect.certificate_folder`: certificates can't be read or written.
    CertificateFolder {
        /// Where.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// `connect.untrusted`: the other shows a certificate that nobody has said to be the right one.
    Untrusted {
        /// Where.
        endpoint: String,
        /// Where the certificate lies now.
        certificate: String,
        /// Where it belongs once a person knows it.
        trusted: String,
    },
    /// `connect.certificate_over`: a trusted certificate is not good at this time.
    CertificateOver {
        /// Where.
        endpoint: String,
        /// The certificate.
        certificate: String,
    },
    /// `connect.not_trusted`: the other does not know our certificate.
    NotTrusted {
        /// Where.
        endpoint: String,
        /// Where our certificate lies.
        certificate: String,
        /// What the other says.
        reason: String,
    },
    /// `connect.overflow`: the other had more values than it could keep for us.
    Overflow {
        /// The tag.
        tag: String,
    },
    /// `connect.no_security`: the other does not offer the security that is asked of it.
    NoSecurity {
        /// Where.
        endpoint: String,
        /// What is asked.
        asked: String,
        /// What it offers.
        offered: String,
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
            ConnectError::Message { .. } => "connect.message",
            ConnectError::File { .. } => "connect.file",
            ConnectError::Cell { .. } => "connect.cell",
            ConnectError::NoSuchTag { .. } => "connect.no_such_tag",
            ConnectError::Table(error) => Message::code(error),
            ConnectError::Outbox { .. } => "connect.outbox",
            ConnectError::Future { .. } => "connect.future",
            ConnectError::UnknownAddress { .. } => "connect.unknown_address",
            ConnectError::Listen { .. } => "connect.listen",
            ConnectError::DoubledNode { .. } => "connect.doubled_node",
            ConnectError::CertificateFolder { .. } => "connect.certificate_folder",
            ConnectError::Untrusted { .. } => "connect.untrusted",
            ConnectError::CertificateOver { .. } => "connect.certificate_over",
            ConnectError::NotTrusted { .. } => "connect.not_trusted",
            ConnectError::Overflow { .. } => "connect.overflow",
            ConnectError::NoSecurity { .. } => "connect.no_security",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            ConnectError::Unreachable { endpoint, reason }
            | ConnectError::Panicked { endpoint, reason } => {
                vec![("endpoint", endpoint.clone()), ("reason", reason.clone())]
            }
            ConnectError::Refused { endpoint, reason }
            | ConnectError::Lost { endpoint, reason } => {
                vec![
                    ("endpoint", endpoint.clone()),
                    ("reason", reason.text(lang)),
                ]
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
                ("asked", asked.text(lang)),
                ("seconds", seconds.to_string()),
            ],
            ConnectError::Stopped => Vec::new(),
            ConnectError::NotLive { connection } => vec![("connection", connection.clone())],
            ConnectError::NoWay { tag } => vec![("tag", tag.clone())],
            ConnectError::WriteRefused { tag, reason } => {
                vec![("tag", tag.clone()), ("reason", reason.text(lang))]
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
                ("accepted", accepted.text(lang)),
            ],
            ConnectError::Message { topic, reason } => {
                vec![("topic", topic.clone()), ("reason", reason.text(lang))]
            }
            ConnectError::File { file, reason } => {
                vec![("file", file.clone()), ("reason", reason.text(lang))]
            }
            ConnectError::Cell {
                place,
                value,
                accepted,
            } => vec![
                ("place", place.text(lang)),
                ("value", value.clone()),
                ("accepted", accepted.text(lang)),
            ],
            ConnectError::NoSuchTag { place, name, near } => {
                let hint = near.as_ref().map(|near| {
                    lang.pick(
                        format!(" (did you mean “{near}”?)"),
                        format!("（是否应为“{near}”？）"),
                    )
                });
                vec![
                    ("place", place.text(lang)),
                    ("name", name.clone()),
                    ("hint", hint.unwrap_or_default()),
                ]
            }
            ConnectError::Table(error) => error.fields(lang),
            ConnectError::Outbox { reason } => vec![("reason", reason.clone())],
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
                ("reason", reason.text(lang)),
            ],
            ConnectError::Listen { address, reason } => {
                vec![("address", address.clone()), ("reason", reason.clone())]
            }
            ConnectError::DoubledNode { address, id } => {
                vec![("address", address.clone()), ("id", id.clone())]
            }
            ConnectError::CertificateFolder { path, reason } => {
                vec![("path", path.clone()), ("reason", reason.clone())]
            }
            ConnectError::Untrusted {
                endpoint,
                certificate,
                trusted,
            } => vec![
                ("endpoint", endpoint.clone()),
                ("certificate", certificate.clone()),
                ("trusted", trusted.clone()),
            ],
            ConnectError::CertificateOver {
                endpoint,
                certificate,
            } => vec![
                ("endpoint", endpoint.clone()),
                ("certificate", certificate.clone()),
            ],
            ConnectError::NotTrusted {
                endpoint,
                certificate,
                reason,
            } => vec![
                ("endpoint", endpoint.clone()),
                ("certificate", certificate.clone()),
                ("reason", reason.clone()),
            ],
            ConnectError::Overflow { tag } => vec![("tag", tag.clone())],
            ConnectError::NoSecurity {
                endpoint,
                asked,
                offered,
            } => vec![
                ("endpoint", endpoint.clone()),
                ("asked", asked.clone()),
                ("offered", offered.clone()),
            ],
        }
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            ConnectError::Table(error) => error.text(lang),
            _ => self
                .catalogue()
                .render(Message::code(self), lang, &self.fields(lang)),
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        match self {
            ConnectError::Table(error) => error.catalogue(),
            _ => catalogue(),
        }
    }
}

impl std::fmt::Display for ConnectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for ConnectError {}

impl From<TableError> for ConnectError {
    fn from(error: TableError) -> ConnectError {
        ConnectError::Table(error)
    }
}
