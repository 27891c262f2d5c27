//! What can go wrong with a run folder, with the evidence.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use saltern_units::message::{Catalogue, Fields, Lang, Message};

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
        /// What the reader or writer of workbooks says.
        reason: String,
    },
    /// `run.sheet`: a sheet that cannot be read.
    Sheet {
        /// File name.
        file: String,
        /// The sheet.
        sheet: String,
        /// What the reader of workbooks says.
        reason: String,
    },
    /// `run.too_many_cells`: a sheet with cells far out.
    TooManyCells {
        /// File name.
        file: String,
        /// The sheet.
        sheet: String,
        /// Cells up to the last one in use.
        cells: usize,
        /// What is read.
        most: usize,
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
        Message::code(self)
    }

    pub(crate) fn io(path: &Path, action: &'static str, error: &std::io::Error) -> Self {
        RunError::Io {
            path: path.to_path_buf(),
            action,
            reason: error.to_string(),
        }
    }

    pub(crate) fn corrupt(path: &Path, reason: impl fmt::Display) -> Self {
        RunError::Corrupt {
            path: path.to_path_buf(),
            reason: reason.to_string(),
        }
    }
}

impl Message for RunError {
    fn code(&self) -> &'static str {
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
            RunError::Sheet { .. } => "run.sheet",
            RunError::TooManyCells { .. } => "run.too_many_cells",
            RunError::NoSheet { .. } => "run.no_sheet",
            RunError::TooManyRows { .. } => "run.too_many_rows",
            RunError::TooFew { .. } => "run.too_few",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let shown = |path: &Path| ("path", path.display().to_string());
        match self {
            RunError::Io {
                path,
                action,
                reason,
            } => vec![
                shown(path),
                ("action", action_text(action, lang)),
                ("reason", reason.clone()),
            ],
            RunError::Missing { path }
            | RunError::Exists { path }
            | RunError::MissingPart { path }
            | RunError::Cancelled { path } => vec![shown(path)],
            RunError::NotARun { path, expected } => {
                vec![shown(path), ("expected", expected.to_string())]
            }
            RunError::Newer {
                path,
                found,
                supported,
            } => vec![
                shown(path),
                ("found", found.to_string()),
                ("supported", supported.to_string()),
            ],
            RunError::Corrupt { path, reason } => vec![shown(path), ("reason", reason.clone())],
            RunError::MissingColumn {
                table,
                column,
                present,
            } => vec![
                ("table", table.clone()),
                ("column", column.clone()),
                ("present", listed(present, lang)),
            ],
            RunError::Ragged {
                table,
                column,
                rows,
                expected,
            } => vec![
                ("table", table.clone()),
                ("column", column.clone()),
                ("rows", rows.to_string()),
                ("expected", expected.to_string()),
            ],
            RunError::BadName { name } => vec![("name", format!("{name:?}"))],
            RunError::Spreadsheet { file, reason } => {
                vec![("file", file.clone()), ("reason", reason.clone())]
            }
            RunError::Sheet {
                file,
                sheet,
                reason,
            } => vec![
                ("file", file.clone()),
                ("sheet", format!("{sheet:?}")),
                ("reason", reason.clone()),
            ],
            RunError::TooManyCells {
                file,
                sheet,
                cells,
                most,
            } => vec![
                ("file", file.clone()),
                ("sheet", format!("{sheet:?}")),
                ("cells", cells.to_string()),
                ("most", most.to_string()),
            ],
            RunError::NoSheet {
                file,
                sheet,
                present,
            } => vec![
                ("file", file.clone()),
                ("sheet", format!("{sheet:?}")),
                ("present", listed(present, lang)),
            ],
            RunError::TooManyRows { table, rows, most } => vec![
                ("table", table.clone()),
                ("rows", rows.to_string()),
                ("most", most.to_string()),
            ],
            RunError::TooFew { given } => vec![("given", given.to_string())],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

/// Sentences of this crate's errors.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("messages.csv")));
    &CATALOGUE
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for RunError {}

fn action_text(action: &str, lang: Lang) -> String {
    let zh = match action {
        "create" => "创建",
        "read" => "读取",
        "write" => "写入",
        "rename" => "改名",
        "remove" => "删除",
        other => other,
    };
    lang.pick(action, zh).to_string()
}

fn listed(names: &[String], lang: Lang) -> String {
    if names.is_empty() {
        return lang.pick("none", "无").to_owned();
    }
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    lang.list(&quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_of_each() -> Vec<RunError> {
        let path = || PathBuf::from("runs/a");
        let name = || "x".to_string();
        let mut all: Vec<RunError> = ["create", "read", "write", "rename", "remove"]
            .map(|action| RunError::Io {
                path: path(),
                action,
                reason: name(),
            })
            .into();
        all.extend([
            RunError::Missing { path: path() },
            RunError::NotARun {
                path: path(),
                expected: "run.json",
            },
            RunError::Exists { path: path() },
            RunError::Newer {
                path: path(),
                found: 9,
                supported: 1,
            },
            RunError::MissingPart { path: path() },
            RunError::Corrupt {
                path: path(),
                reason: name(),
            },
            RunError::MissingColumn {
                table: name(),
                column: name(),
                present: Vec::new(),
            },
            RunError::Ragged {
                table: name(),
                column: name(),
                rows: 1,
                expected: 2,
            },
            RunError::BadName { name: name() },
            RunError::Cancelled { path: path() },
            RunError::Spreadsheet {
                file: name(),
                reason: name(),
            },
            RunError::Sheet {
                file: name(),
                sheet: name(),
                reason: name(),
            },
            RunError::TooManyCells {
                file: name(),
                sheet: name(),
                cells: 2,
                most: 1,
            },
            RunError::NoSheet {
                file: name(),
                sheet: name(),
                present: vec![name(), name()],
            },
            RunError::TooManyRows {
                table: name(),
                rows: 2,
                most: 1,
            },
            RunError::TooFew { given: 1 },
        ]);
        all
    }

    #[test]
    fn every_error_has_its_sentence_in_both_languages() {
        let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        for error in one_of_each() {
            let code = error.code();
            assert!(
                catalogue().entries().iter().any(|e| e.code == code),
                "{code}"
            );
            let (en, zh) = (error.text(Lang::En), error.text(Lang::Zh));
            assert!(!en.contains('{') && !zh.contains('{'), "{en} / {zh}");
            assert!(!en.chars().any(is_chinese), "{en}");
            assert!(zh.chars().any(is_chinese), "{zh}");
            assert_eq!(en, error.to_string());
        }
    }

    #[test]
    fn what_was_being_done_is_said_in_chinese_too() {
        let error = RunError::Io {
            path: PathBuf::from("a"),
            action: "write",
            reason: "disk full".into(),
        };
        assert_eq!(error.to_string(), "a: could not write: disk full");
        assert_eq!(error.text(Lang::Zh), "a：无法写入：disk full");
    }
}
