//! Samples as they came, and the list of what was made of them: one SQLite file in write-ahead mode, synced at every commit.
//!
//! Samples are appended, never sorted in place: a commit writes whole pages once to the log and once to the file, whatever
//! tags are in it. They stand in *generations*, a table each. A full generation is frozen, written to Parquet, and dropped in
//! the same transaction that lists its files.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use crate::error::HistoryError;
use crate::part::{Kind, Part};
use crate::sqlite;
use saltern_samples::quality::Quality;
use saltern_samples::sample::{Reading, Sample, TagId};

/// Number of the layout that this program writes, and the highest that it reads.
pub(crate) const LAYOUT: i64 = 1;

/// The open file.
pub(crate) struct Journal {
    path: PathBuf,
    /// `None` after a failure that leaves it open what the connection believes to be on disk.
    connection: Option<Connection>,
}

impl Journal {
    /// Opens the file, made if need be.
    pub(crate) fn open(path: &Path) -> Result<Journal, HistoryError> {
        let mut journal = Journal {
            path: path.to_path_buf(),
            connection: None,
        };
        journal.connected()?;
        Ok(journal)
    }

    fn failed(&self, error: &rusqlite::Error) -> HistoryError {
        HistoryError::journal(&self.path, error)
    }

    /// The connection, made anew where the last one was given up.
    fn connected(&mut self) -> Result<&mut Connection, HistoryError> {
        if self.connection.is_none() {
            let opened = connect(&self.path).map_err(|e| self.failed(&e))?;
            let found: i64 = opened
                .pragma_query_value(None, "user_version", |row| row.get(0))
                .map_err(|e| self.failed(&e))?;
            if found > LAYOUT {
                return Err(HistoryError::Newer {
                    path: self.path.clone(),
                    found,
                    supported: LAYOUT,
                });
            }
            self.connection = Some(opened);
        }
        self.connection.as_mut().ok_or(HistoryError::Closed)
    }

    /// One transaction. Where it fails nothing of it is kept; after anything but a full disk the connection is given up,
    /// because what a failed sync left in memory must not be taken for what is on disk.
    fn transact<T>(
        &mut self,
        work: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, HistoryError> {
        let connection = self.connected()?;
        let done = connection.transaction().and_then(|transaction| {
            let result = work(&transaction)?;
            transaction.commit()?;
            Ok(result)
        });
        done.map_err(|error| {
            let failure = self.failed(&error);
            if !matches!(failure, HistoryError::Full { .. }) {
                self.connection = None;
            }
            failure
        })
    }

    /// Tags by name, in the order of their numbers.
    pub(crate) fn tags(&mut self) -> Result<Vec<(TagId, String)>, HistoryError> {
        self.transact(|t| {
            let mut rows = t.prepare("SELECT id, name FROM tags ORDER BY id")?;
            rows.query_map([], |row| Ok((TagId(row.get(0)?), row.get(1)?)))?
                .collect()
        })
    }

    /// Numbers for names that have none yet.
    pub(crate) fn add_tags(&mut self, names: &[&str]) -> Result<Vec<TagId>, HistoryError> {
        self.transact(|t| {
            let mut insert = t.prepare("INSERT INTO tags (name) VALUES (?1)")?;
            names
                .iter()
                .map(|name| insert.insert(params![name]).map(|id| TagId(id as u32)))
                .collect()
        })
    }

    /// Numbers of the generations, oldest first.
    pub(crate) fn generations(&mut self) -> Result<Vec<i64>, HistoryError> {
        self.transact(|t| {
            let mut rows = t.prepare("SELECT id FROM generations ORDER BY id")?;
            rows.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// A new generation, to which what comes is appended from now on.
    pub(crate) fn begin_generation(&mut self) -> Result<i64, HistoryError> {
        self.transact(|t| {
            t.execute("INSERT INTO generations DEFAULT VALUES", [])?;
            let id = t.last_insert_rowid();
            t.execute_batch(&format!(
                "CREATE TABLE samples_{id} (tag INTEGER NOT NULL, time INTEGER NOT NULL, value REAL, quality INTEGER NOT NULL)"
            ))?;
            Ok(id)
        })
    }

    /// Appends samples to a generation; they are on disk when this returns.
    pub(crate) fn append<'a>(
        &mut self,
        generation: i64,
        readings: impl Iterator<Item = &'a Reading>,
    ) -> Result<(), HistoryError> {
        self.transact(|t| {
            let mut insert = t.prepare_cached(&format!(
                "INSERT INTO samples_{generation} VALUES (?1, ?2, ?3, ?4)"
            ))?;
            for Reading { tag, sample } in readings {
                // SQLite keeps no NaN: it becomes null, and is read back as such.
                insert.execute(params![
                    tag.0,
                    sample.time_us,
                    sample.value,
                    sample.quality.byte()
                ])?;
            }
            Ok(())
        })
    }

    /// All samples of a generation in the order in which they came.
    pub(crate) fn read(
        &mut self,
        generation: i64,
        mut each: impl FnMut(Reading),
    ) -> Result<(), HistoryError> {
        self.transact(|t| {
            let mut rows = t.prepare(&format!(
                "SELECT tag, time, value, quality FROM samples_{generation} ORDER BY rowid"
            ))?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                each(Reading {
                    tag: TagId(row.get(0)?),
                    sample: Sample {
                        time_us: row.get(1)?,
                        value: row.get::<_, Option<f64>>(2)?.unwrap_or(f64::NAN),
                        quality: Quality::from_byte(row.get(3)?),
                    },
                });
            }
            Ok(())
        })
    }

    /// The listed files, oldest first.
    pub(crate) fn parts(&mut self) -> Result<Vec<Part>, HistoryError> {
        self.transact(|t| {
            let mut rows = t.prepare(
                "SELECT id, kind, day, level, file, rows, bytes, first_tag, last_tag FROM parts ORDER BY id",
            )?;
            rows.query_map([], |row| {
                Ok(Part {
                    id: row.get(0)?,
                    kind: Kind::from_code(&row.get::<_, String>(1)?),
                    day: row.get(2)?,
                    level: row.get(3)?,
                    file: row.get(4)?,
                    rows: row.get(5)?,
                    bytes: row.get(6)?,
                    first_tag: row.get(7)?,
                    last_tag: row.get(8)?,
                })
            })?
            .collect()
        })
    }

    /// Lists new files, takes replaced ones and a generation that was written out off the list: all or nothing.
    pub(crate) fn replace(
        &mut self,
        added: &mut [Part],
        removed: &[i64],
        generation: Option<i64>,
    ) -> Result<(), HistoryError> {
        self.transact(|t| {
            let mut insert = t.prepare(
                "INSERT INTO parts (kind, day, level, file, rows, bytes, first_tag, last_tag) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?;
            for part in added.iter_mut() {
                part.id = insert.insert(params![
                    part.kind.code(),
                    part.day,
                    part.level,
                    part.file,
                    part.rows,
                    part.bytes,
                    part.first_tag,
                    part.last_tag
                ])?;
            }
            let mut delete = t.prepare("DELETE FROM parts WHERE id = ?1")?;
            for id in removed {
                delete.execute(params![id])?;
            }
            if let Some(generation) = generation {
                t.execute("DELETE FROM generations WHERE id = ?1", [generation])?;
                t.execute_batch(&format!("DROP TABLE samples_{generation}"))?;
            }
            Ok(())
        })
    }

    /// A copy of the file as of now, made while it is in use.
    pub(crate) fn copy_to(&mut self, target: &Path) -> Result<(), HistoryError> {
        let connection = self.connected()?;
        let mut copy = Connection::open(target).map_err(|e| HistoryError::journal(target, &e))?;
        rusqlite::backup::Backup::new(connection, &mut copy)
            .and_then(|backup| backup.run_to_completion(4096, std::time::Duration::ZERO, None))
            .map_err(|e| HistoryError::journal(target, &e))
    }
}

/// Opens the file for this process alone, its tables made if need be.
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = sqlite::open(path)?;
    connection.set_prepared_statement_cache_capacity(16);
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == 0 {
        connection.execute_batch(&format!(
            "BEGIN IMMEDIATE;
             CREATE TABLE IF NOT EXISTS tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
             CREATE TABLE IF NOT EXISTS generations (id INTEGER PRIMARY KEY AUTOINCREMENT);
             CREATE TABLE IF NOT EXISTS parts (
                 id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, day INTEGER NOT NULL, level INTEGER NOT NULL,
                 file TEXT NOT NULL UNIQUE, rows INTEGER NOT NULL, bytes INTEGER NOT NULL,
                 first_tag TEXT NOT NULL, last_tag TEXT NOT NULL);
             PRAGMA user_version = {LAYOUT};
             COMMIT;"
        ))?;
    }
    Ok(connection)
}
