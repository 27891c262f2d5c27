//! What can go wrong with records, with the evidence.

use std::path::{Path, PathBuf};

use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};

/// Why something was not recorded or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordsError {
    /// `records.not_written`: the file cannot be written or made durable; nothing was recorded.
    NotWritten {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// `records.in_use`: another process has the file open.
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// `records.newer`: written by a newer layout than this program reads.
    Newer {
        /// The file.
        path: PathBuf,
        /// Layout found.
        found: i64,
        /// Highest layout read.
        supported: i64,
    },
    /// `user.exists`.
    UserExists {
        /// Name.
        name: String,
    },
    /// `user.unknown`.
    UnknownUser {
        /// Name.
        name: String,
    },
    /// `user.bad_name`: blank, too long, or with characters that names don't have.
    BadName {
        /// Name.
        name: String,
    },
    /// `user.short_password`.
    ShortPassword {
        /// Characters given.
        given: usize,
        /// Fewest.
        fewest: usize,
    },
    /// `user.last_admin`: the last administrator of the whole park can't be removed.
    LastAdmin {
        /// Name.
        name: String,
    },
    /// `token.unknown`.
    UnknownToken {
        /// Number.
        id: i64,
    },
    /// `order.unknown`: no order of that number waits.
    UnknownOrder {
        /// Number.
        id: i64,
    },
    /// `order.same_person`: whoever ordered it can't agree to it.
    SamePerson {
        /// Number.
        id: i64,
        /// Who.
        who: String,
    },
}

impl RecordsError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        Message::code(self)
    }

    /// The sentence in a language; `Display` is the English one.
    pub fn text(&self, lang: Lang) -> String {
        Message::text(self, lang)
    }

    /// From a failure of the database.
    pub(crate) fn database(path: &Path, error: &rusqlite::Error) -> RecordsError {
        use rusqlite::ErrorCode;
        let path = path.to_path_buf();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                RecordsError::InUse { path }
            }
            _ => RecordsError::NotWritten {
                path,
                reason: error.to_string(),
            },
        }
    }
}

impl Message for RecordsError {
    fn code(&self) -> &'static str {
        match self {
            RecordsError::NotWritten { .. } => "records.not_written",
            RecordsError::InUse { .. } => "records.in_use",
            RecordsError::Newer { .. } => "records.newer",
            RecordsError::UserExists { .. } => "user.exists",
            RecordsError::UnknownUser { .. } => "user.unknown",
            RecordsError::BadName { .. } => "user.bad_name",
            RecordsError::ShortPassword { .. } => "user.short_password",
            RecordsError::LastAdmin { .. } => "user.last_admin",
            RecordsError::UnknownToken { .. } => "token.unknown",
            RecordsError::UnknownOrder { .. } => "order.unknown",
            RecordsError::SamePerson { .. } => "order.same_person",
        }
    }

    fn fields(&self, _lang: Lang) -> Fields {
        let path = |path: &PathBuf| ("path", path.display().to_string());
        match self {
            RecordsError::NotWritten { path: at, reason } => {
                vec![path(at), ("reason", reason.clone())]
            }
            RecordsError::InUse { path: at } => vec![path(at)],
            RecordsError::Newer {
                path: at,
                found,
                supported,
            } => vec![
                path(at),
                ("found", found.to_string()),
                ("supported", supported.to_string()),
            ],
            RecordsError::UserExists { name }
            | RecordsError::UnknownUser { name }
            | RecordsError::BadName { name }
            | RecordsError::LastAdmin { name } => vec![("name", name.clone())],
            RecordsError::ShortPassword { given, fewest } => {
                vec![("given", given.to_string()), ("fewest", fewest.to_string())]
            }
            RecordsError::UnknownToken { id } | RecordsError::UnknownOrder { id } => {
                vec![("id", id.to_string())]
            }
            RecordsError::SamePerson { id, who } => {
                vec![("id", id.to_string()), ("who", who.clone())]
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        crate::message::catalogue()
    }
}

impl std::fmt::Display for RecordsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for RecordsError {}
