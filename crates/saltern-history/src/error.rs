//! What can go wrong with samples, with the evidence.

use std::fmt;
use std::path::{Path, PathBuf};

use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};

/// Why samples were not stored or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryError {
    /// `history.full`: no room is left on the disk; nothing of the batch was kept.
    Full {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// `history.read_only`: the disk or the file may not be written.
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// `history.not_written`: writing failed or could not be made durable; nothing of the batch is acknowledged.
    NotWritten {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// `history.not_read`: a file of samples could not be read.
    NotRead {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// `history.newer`: written by a newer layout than this program reads.
    Newer {
        /// The folder.
        path: PathBuf,
        /// Layout found.
        found: i64,
        /// Highest layout read.
        supported: i64,
    },
    /// `history.in_use`: another process has the folder open.
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// `history.behind`: samples come faster than closed periods can be compacted.
    Behind {
        /// Samples that wait.
        waiting: usize,
        /// Most that may wait.
        limit: usize,
    },
    /// `history.unknown_tag`: a tag that the store doesn't know.
    UnknownTag {
        /// Its number or name.
        tag: String,
    },
    /// `history.bad_name`: a tag's name that is empty or holds a control character.
    BadName {
        /// The name.
        tag: String,
    },
    /// `history.closed`: the store is closing.
    Closed,
    /// `history.server`: the database server refused or cannot be reached.
    Server {
        /// What was being done.
        doing: &'static str,
        /// The server's words.
        reason: String,
    },
}

impl HistoryError {
    /// Refuses names that no file or footer should hold.
    pub(crate) fn check_names(tags: &[(&str, crate::Rule)]) -> Result<(), HistoryError> {
        let bad = |name: &&str| name.is_empty() || name.chars().any(char::is_control);
        match tags.iter().map(|(name, _)| *name).find(bad) {
            Some(name) => Err(HistoryError::BadName { tag: name.into() }),
            None => Ok(()),
        }
    }

    /// From a failure of the file system.
    pub(crate) fn file(path: &Path, error: &std::io::Error) -> HistoryError {
        use std::io::ErrorKind;
        let (path, reason) = (path.to_path_buf(), error.to_string());
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                HistoryError::Full { path, reason }
            }
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
                HistoryError::ReadOnly { path, reason }
            }
            _ => HistoryError::NotWritten { path, reason },
        }
    }

    /// From a failure of the journal's database.
    pub(crate) fn journal(path: &Path, error: &rusqlite::Error) -> HistoryError {
        use rusqlite::ErrorCode;
        let (path, reason) = (path.to_path_buf(), error.to_string());
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => HistoryError::Full { path, reason },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                HistoryError::ReadOnly { path, reason }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                HistoryError::InUse { path }
            }
            _ => HistoryError::NotWritten { path, reason },
        }
    }

    /// From a failure to read a file of samples.
    pub(crate) fn unreadable(path: &Path, reason: impl fmt::Display) -> HistoryError {
        HistoryError::NotRead {
            path: path.to_path_buf(),
            reason: reason.to_string(),
        }
    }
}

impl Message for HistoryError {
    fn code(&self) -> &'static str {
        match self {
            HistoryError::Full { .. } => "history.full",
            HistoryError::ReadOnly { .. } => "history.read_only",
            HistoryError::NotWritten { .. } => "history.not_written",
            HistoryError::NotRead { .. } => "history.not_read",
            HistoryError::Newer { .. } => "history.newer",
            HistoryError::InUse { .. } => "history.in_use",
            HistoryError::Behind { .. } => "history.behind",
            HistoryError::UnknownTag { .. } => "history.unknown_tag",
            HistoryError::BadName { .. } => "history.bad_name",
            HistoryError::Closed => "history.closed",
            HistoryError::Server { .. } => "history.server",
        }
    }

    fn fields(&self, _lang: Lang) -> Fields {
        match self {
            HistoryError::Full { path, reason }
            | HistoryError::ReadOnly { path, reason }
            | HistoryError::NotWritten { path, reason }
            | HistoryError::NotRead { path, reason } => vec![
                ("path", path.display().to_string()),
                ("reason", reason.clone()),
            ],
            HistoryError::Newer {
                path,
                found,
                supported,
            } => vec![
                ("path", path.display().to_string()),
                ("found", found.to_string()),
                ("supported", supported.to_string()),
            ],
            HistoryError::InUse { path } => vec![("path", path.display().to_string())],
            HistoryError::Behind { waiting, limit } => {
                vec![
                    ("waiting", waiting.to_string()),
                    ("limit", limit.to_string()),
                ]
            }
            HistoryError::UnknownTag { tag } => vec![("tag", tag.clone())],
            HistoryError::BadName { tag } => vec![("tag", format!("{tag:?}"))],
            HistoryError::Closed => Vec::new(),
            HistoryError::Server { doing, reason } => {
                vec![("doing", (*doing).to_owned()), ("reason", reason.clone())]
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        crate::message::catalogue()
    }
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for HistoryError {}
