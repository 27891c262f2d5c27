//! The file, and how it is changed: one transaction a change, synced, and opened anew after a failure.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, Transaction};

use crate::error::RecordsError;

/// Layout of the file; a change of tables raises it.
const LAYOUT: i64 = 1;

const TABLES: &str = "
CREATE TABLE users (
  name TEXT PRIMARY KEY, password TEXT NOT NULL, role TEXT NOT NULL, tenant TEXT,
  active INTEGER NOT NULL, created_us INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE sessions (
  hash BLOB PRIMARY KEY, user TEXT NOT NULL, guard TEXT NOT NULL, began_us INTEGER NOT NULL, ends_us INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL, user TEXT NOT NULL,
  scopes TEXT NOT NULL, created_us INTEGER NOT NULL, ends_us INTEGER NOT NULL, withdrawn_us INTEGER
);
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, who TEXT NOT NULL, tenant TEXT, category TEXT NOT NULL,
  action TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL, hash BLOB NOT NULL
);
CREATE TABLE journal (
  number INTEGER PRIMARY KEY AUTOINCREMENT, server_us INTEGER NOT NULL, alarm TEXT, entry TEXT NOT NULL
);
CREATE INDEX journal_by_time ON journal (server_us);
CREATE TABLE keepsakes (name TEXT PRIMARY KEY, saved_us INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE orders (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tag TEXT NOT NULL, value REAL NOT NULL, why TEXT NOT NULL, who TEXT NOT NULL,
  ordered_us INTEGER NOT NULL, ends_us INTEGER NOT NULL, standing TEXT NOT NULL, second TEXT, decided_us INTEGER
);
";

/// What finds lines of an alarm; made in older files as well, which stay what they are.
const BY_ALARM: &str = "CREATE INDEX IF NOT EXISTS journal_by_alarm ON journal (alarm, number)";

/// The records of an operating base.
pub struct Records {
    path: PathBuf,
    connection: Mutex<Option<Connection>>,
}

impl Records {
    /// Opens the file, made if need be.
    pub fn open(path: &Path) -> Result<Records, RecordsError> {
        let records = Records {
            path: path.to_path_buf(),
            connection: Mutex::new(None),
        };
        let found = records.change(|t| {
            let found: i64 = t.pragma_query_value(None, "user_version", |row| row.get(0))?;
            if found == 0 {
                t.execute_batch(TABLES)?;
                t.pragma_update(None, "user_version", LAYOUT)?;
            }
            if found <= LAYOUT {
                t.execute_batch(BY_ALARM)?;
                t.execute_batch(crate::analysis::TABLE)?;
            }
            Ok(found)
        })?;
        if found > LAYOUT {
            return Err(RecordsError::Newer {
                path: records.path,
                found,
                supported: LAYOUT,
            });
        }
        Ok(records)
    }

    /// A copy of everything, made while others work. The file must not exist.
    pub fn back_up(&self, target: &Path) -> Result<(), RecordsError> {
        self.with(|connection| {
            let mut to = Connection::open(target)?;
            let backup = rusqlite::backup::Backup::new(connection, &mut to)?;
            backup.run_to_completion(1000, std::time::Duration::ZERO, None)
        })
    }

    /// One change, whole or not at all, synced before this returns.
    pub(crate) fn change<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, RecordsError> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            let result = work(&transaction)?;
            transaction.commit()?;
            Ok(result)
        })
    }

    fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, RecordsError> {
        let mut held = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let failed = |e: rusqlite::Error| RecordsError::database(&self.path, &e);
        let mut connection = match held.take() {
            Some(open) => open,
            None => connect(&self.path).map_err(failed)?,
        };
        let done = work(&mut connection);
        // After a failed write what the connection believes may not be what is on disk: it is opened anew.
        if done.is_ok() {
            *held = Some(connection);
        }
        done.map_err(failed)
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Exclusive: two processes on one file are told apart.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}
