//! How SQLite files are opened: for one process, with every commit synced.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// Opens a file, made if need be.
pub(crate) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    // Exclusive: the index of the log is then in memory, and two processes on one file are told apart.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    // What one large transaction made of the log is given back.
    connection.pragma_update(None, "journal_size_limit", 16 << 20)?;
    Ok(connection)
}
