//! What can go wrong with a run folder, with the evidence.

use std::fmt;
use std::path::PathBuf;

/// Why a run could not be written, read, exported or compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunError {
    /// `run.io`: the file system refused.
    Io {
        /// Path.
        path: PathBuf,
        /// What was being done (`create`, `read`, `write`, `rename`, `remove`).
        action: &'static str,
        /// The system's words.
        reason: String,
    },
    /// `run.missing`: no such folder.
    Missing {
        /// Path.
        path: PathBuf,
    },
    /// `run.not_a_run`: the folder exists and holds no run.
    NotARun {
        /// Path.
        path: PathBuf,
        /// The file that a run would have.
        expected: &'static str,
    },
    /// `run.exists`: a run is already there and overwriting was not asked for.
    Exists {
        /// Path.
        path: PathBuf,
    },
    /// `run.newer`: written by a newer layout than this program reads.
    Newer {
        /// Path.
        path: PathBuf,
        /// Layout number found.
        found: u32,
        /// Highest layout number read.
        supported: u32,
    },
    /// `run.missing_part`: a run without one of its files.
    MissingPart {
        /// Path of the file.
        path: PathBuf,
    },
    /// `run.corrupt`: a file that cannot be understood.
    Corrupt {
        /// Path of the file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// `run.missing_column`: a table lacks a column that is needed.
    MissingColumn {
        /// Table.
        table: String,
        /// Column header with unit that is needed.
        column: String,
        /// Column headers that are there.
        present: Vec<String>,
    },
    /// `run.ragged`: columns of one table differ in length.
    Ragged {
        /// Table.
        table: String,
        /// Column.
        column: String,
        /// Its rows.
        rows: usize,
        /// Rows of the first column.
        expected: usize,
    },
    /// `run.bad_name`: a table name that cannot be a file name.
    BadName {
        /// The name.
        name: String,
    },
    /// `run.cancelled`: stopped by the user; nothing was left behind.
    Cancelled {
        /// The run that was being written.
        path: PathBuf,
    },
    /// `run.spreadsheet`: a workbook that cannot be read or written.
    Spreadsheet {
        /// File name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// `run.no_sheet`: a workbook without the sheet asked for.
    NoSheet {
        /// File name.
        file: String,
        /// Sheet asked for; empty = the first one.
        sheet: String,
        /// Sheets that are there.
        present: Vec<String>,
    },
    /// `run.too_many_rows`: more rows than a worksheet can hold.
    TooManyRows {
        /// Table.
        table: String,
        /// Its rows.
        rows: usize,
        /// What a worksheet holds.
        most: usize,
    },
    /// `run.too_few`: fewer runs than can be compared.
    TooFew {
        /// Runs given.
        given: usize,
    },
}

impl RunError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            RunError::Io { .. } => "run.io",
            RunError::Missing { .. } => "run.missing",
            RunError::NotARun { .. } => "run.not_a_run",
            RunError::Exists { .. } => "run.exists",
            RunError::Newer { .. } => "run.newer",
            RunError::MissingPart { .. } => "run.missing_part",
            RunError::Corrupt { .. } => "run.corrupt",
            RunError::MissingColumn { .. } => "run.missing_column",
            RunError::Ragged { .. } => "run.ragged",
            RunError::BadName { .. } => "run.bad_name",
            RunError::Cancelled { .. } => "run.cancelled",
            RunError::Spreadsheet { .. } => "run.spreadsheet",
            RunError::NoSheet { .. } => "run.no_sheet",
            RunError::TooManyRows { .. } => "run.too_many_rows",
            RunError::TooFew { .. } => "run.too_few",
        }
    }

    pub(crate) fn io(path: &std::path::Path, action: &'static str, error: &std::io::Error) -> Self {
        RunError::Io {
            path: path.to_path_buf(),
            action,
            reason: error.to_string(),
        }
    }

    pub(crate) fn corrupt(path: &std::path::Path, reason: impl fmt::Display) -> Self {
        RunError::Corrupt {
            path: path.to_path_buf(),
            reason: reason.to_string(),
        }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Io {
                path,
                action,
                reason,
            } => write!(f, "{}: could not {action}: {reason}", path.display()),
            RunError::Missing { path } => write!(f, "{}: no such run folder", path.display()),
            RunError::NotARun { path, expected } => write!(
                f,
                "{}: not a run: it holds no {expected}; accepted: a folder written by `saltern simulate`, or a path that does not exist yet",
                path.display()
            ),
            RunError::Exists { path } => {
                write!(
                    f,
                    "{}: a run is already there; name another folder or ask to overwrite it",
                    path.display()
                )
            }
            RunError::Newer {
                path,
                found,
                supported,
            } => write!(
                f,
                "{}: written in run layout {found}; this program reads layouts up to {supported}: use a newer saltern",
                path.display()
            ),
            RunError::MissingPart { path } => {
                write!(
                    f,
                    "{}: missing: the run is incomplete; simulate it again",
                    path.display()
                )
            }
            RunError::Corrupt { path, reason } => {
                write!(f, "{}: cannot be read: {reason}", path.display())
            }
            RunError::MissingColumn {
                table,
                column,
                present,
            } => {
                write!(
                    f,
                    "table {table}: column `{column}` is missing; it has {}",
                    listed(present)
                )
            }
            RunError::Ragged {
                table,
                column,
                rows,
                expected,
            } => {
                write!(
                    f,
                    "table {table}: column `{column}` has {rows} rows, the first column has {expected}"
                )
            }
            RunError::BadName { name } => write!(
                f,
                "table name {name:?} cannot be a file name; accepted: letters, digits, `_` and `-`"
            ),
            RunError::Cancelled { path } => {
                write!(f, "{}: stopped; nothing was written", path.display())
            }
            RunError::Spreadsheet { file, reason } => write!(f, "{file}: {reason}"),
            RunError::NoSheet {
                file,
                sheet,
                present,
            } => {
                write!(f, "{file}: no sheet {sheet:?}; it has {}", listed(present))
            }
            RunError::TooManyRows { table, rows, most } => write!(
                f,
                "table {table} has {rows} rows and a worksheet holds {most}; export it as CSV instead"
            ),
            RunError::TooFew { given } => {
                write!(f, "{given} run given; comparing takes two or more")
            }
        }
    }
}

impl std::error::Error for RunError {}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
