//! What waits for someone who cannot be reached: messages on disk in the order in which they came, never more than a limit.
//! Where the limit is reached the oldest go, and are counted.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use crate::error::HistoryError;
use crate::sqlite;

/// A message that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its number: later messages have greater ones.
    pub number: i64,
    /// What is to be sent.
    pub body: Vec<u8>,
}

/// How much waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Messages.
    pub messages: u64,
    /// Bytes of their bodies.
    pub bytes: u64,
    /// Messages that were dropped because the limit was reached, since the outbox was made.
    pub dropped: u64,
}

/// A queue on disk.
pub struct Outbox {
    path: PathBuf,
    connection: Option<Connection>,
    limit_bytes: u64,
    waiting: Waiting,
}

/// Bytes that a message takes beside its body.
const OVERHEAD: u64 = 16;

impl Outbox {
    /// Opens an outbox, made if need be, that holds at most `limit_bytes`.
    pub fn open(path: &Path, limit_bytes: u64) -> Result<Outbox, HistoryError> {
        let mut outbox = Outbox {
            path: path.to_path_buf(),
            connection: None,
            limit_bytes,
            waiting: Waiting::default(),
        };
        outbox.waiting = outbox.transact(|t| {
            t.query_row(
                "SELECT count(*), coalesce(sum(length(body)), 0), (SELECT dropped FROM fate) FROM messages",
                [],
                |row| {
                    Ok(Waiting {
                        messages: counted(row.get(0)?),
                        bytes: counted(row.get(1)?),
                        dropped: counted(row.get(2)?),
                    })
                },
            )
        })?;
        Ok(outbox)
    }

    /// Adds messages in their order; they are on disk when this returns, and the oldest are dropped where there is no room.
    pub fn push<'a>(
        &mut self,
        bodies: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), HistoryError> {
        let (mut waiting, limit) = (self.waiting, self.limit_bytes);
        self.waiting = self.transact(|t| {
            let mut insert = t.prepare_cached("INSERT INTO messages (body) VALUES (?1)")?;
            for body in bodies {
                insert.execute(params![body])?;
                waiting.messages += 1;
                waiting.bytes += body.len() as u64;
            }
            let before = waiting.dropped;
            let mut oldest = t.prepare_cached(
                "SELECT number, length(body) FROM messages ORDER BY number LIMIT 1",
            )?;
            let mut delete = t.prepare_cached("DELETE FROM messages WHERE number = ?1")?;
            while waiting.messages > 0 && waiting.bytes + waiting.messages * OVERHEAD > limit {
                let (number, bytes): (i64, i64) =
                    oldest.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                delete.execute(params![number])?;
                waiting.messages -= 1;
                waiting.bytes = waiting.bytes.saturating_sub(counted(bytes));
                waiting.dropped += 1;
            }
            if waiting.dropped > before {
                t.execute("UPDATE fate SET dropped = ?1", [waiting.dropped as i64])?;
            }
            Ok(waiting)
        })?;
        Ok(())
    }

    /// The oldest messages, of `most_bytes` together; at least one if any waits.
    pub fn oldest(&mut self, most_bytes: usize) -> Result<Vec<Message>, HistoryError> {
        self.transact(|t| {
            let mut rows = t.prepare_cached("SELECT number, body FROM messages ORDER BY number")?;
            let mut rows = rows.query([])?;
            let (mut messages, mut bytes) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                let message = Message {
                    number: row.get(0)?,
                    body: row.get(1)?,
                };
                bytes += message.body.len();
                if bytes > most_bytes && !messages.is_empty() {
                    break;
                }
                messages.push(message);
            }
            Ok(messages)
        })
    }

    /// Removes what has arrived: all up to a number.
    pub fn confirm(&mut self, through: i64) -> Result<(), HistoryError> {
        let (messages, bytes) = self.transact(|t| {
            let gone: (i64, i64) = t.query_row(
                "SELECT count(*), coalesce(sum(length(body)), 0) FROM messages WHERE number <= ?1",
                [through],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            t.execute("DELETE FROM messages WHERE number <= ?1", [through])?;
            Ok(gone)
        })?;
        // A file that is damaged may hold more than was counted in it.
        self.waiting.messages = self.waiting.messages.saturating_sub(counted(messages));
        self.waiting.bytes = self.waiting.bytes.saturating_sub(counted(bytes));
        Ok(())
    }

    /// How much waits and what was dropped.
    pub fn waiting(&self) -> Waiting {
        self.waiting
    }

    fn transact<T>(
        &mut self,
        work: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, HistoryError> {
        let connection = match self.connection.take() {
            Some(open) => Ok(open),
            None => connect(&self.path),
        };
        let mut connection = connection.map_err(|e| HistoryError::journal(&self.path, &e))?;
        let done = connection.transaction().and_then(|transaction| {
            let result = work(&transaction)?;
            transaction.commit()?;
            Ok(result)
        });
        // After a failure what the connection believes may not be what is on disk: it is opened anew.
        if done.is_ok() {
            self.connection = Some(connection);
        }
        done.map_err(|e| HistoryError::journal(&self.path, &e))
    }
}

/// A number of things as SQLite has it.
fn counted(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = sqlite::open(path)?;
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS messages (number INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL);
         CREATE TABLE IF NOT EXISTS fate (dropped INTEGER NOT NULL);
         INSERT INTO fate SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM fate);",
    )?;
    Ok(connection)
}
