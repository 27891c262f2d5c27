//! Where closings are kept: a folder a period, in the tables that `saltern account --closing` reads and writes.
//!
//! Whatever is done to a closing changes one table: a draft its figures, a lock the locks, a restatement the restatements. Each is
//! written beside and renamed, so that a closing on disk is whole at any instant.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use saltern_account::periods::{Closing, Texts};
use saltern_base::frame::{Frame, Values};

use super::period::Period;
use crate::error::ServerError;
use crate::problem::Problem;

const TABLES: [&str; 3] = ["figures.csv", "locks.csv", "restatements.csv"];

/// The folder of all.
#[derive(Clone, Debug)]
pub(super) struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    pub(super) fn new(folder: PathBuf) -> Shelf {
        Shelf { folder }
    }

    /// Periods that have a closing, by their names.
    pub(super) fn periods(&self) -> Vec<Period> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten();
        let with_figures = entries
            .flatten()
            .filter(|e| e.path().join(TABLES[0]).is_file());
        let mut ids: Vec<String> = with_figures
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        ids.sort();
        ids.iter().filter_map(|id| Period::by_id(id)).collect()
    }

    pub(super) fn has(&self, period: Period) -> bool {
        self.folder.join(period.id()).join(TABLES[0]).is_file()
    }

    /// The closing of a period; an empty one where there is none.
    pub(super) fn read(&self, period: Period) -> Result<Closing, Problem> {
        let own = self.folder.join(period.id());
        let mut texts = Vec::new();
        for name in TABLES {
            texts.push(text(&own.join(name))?);
        }
        let text = |k: usize| texts[k].as_deref().map(|text| (TABLES[k], text));
        let read = Closing::read(&Texts {
            figures: text(0),
            locks: text(1),
            restatements: text(2),
        });
        read.map_err(|error| Problem::kept(&error))
    }

    /// Writes a closing: of its tables those that are others now.
    pub(super) fn write(&self, period: Period, closing: &Closing) -> Result<(), Problem> {
        let own = self.folder.join(period.id());
        std::fs::create_dir_all(&own).map_err(|error| not_written(&own, &error))?;
        for (name, frame) in TABLES.into_iter().zip(closing.frames()) {
            // A table without rows would be an error when it is read again.
            if is_empty(&frame) {
                continue;
            }
            let bytes = saltern_run::export::csv_bytes(&frame);
            let bytes = bytes.map_err(|error| Problem::kept(&error))?;
            let path = own.join(name);
            if std::fs::read(&path).is_ok_and(|old| old == bytes) {
                continue;
            }
            replace(&path, &bytes).map_err(|error| not_written(&path, &error))?;
        }
        Ok(())
    }
}

fn text(path: &Path) -> Result<Option<String>, Problem> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim_start_matches('\u{feff}').to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ServerError::NotRead {
            path: path.to_path_buf(),
            reason: error.to_string(),
        }
        .into()),
    }
}

fn is_empty(frame: &Frame) -> bool {
    frame
        .columns
        .first()
        .is_none_or(|column| match &column.values {
            Values::Number(rows) => rows.is_empty(),
            Values::Integer(rows) => rows.is_empty(),
            Values::Text(rows) => rows.is_empty(),
            Values::Date(rows) => rows.is_empty(),
        })
}

/// The new file is on disk before it takes the place of the old.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}

fn not_written(path: &Path, error: &std::io::Error) -> Problem {
    ServerError::NotWritten {
        path: path.to_path_buf(),
        reason: error.to_string(),
    }
    .into()
}
