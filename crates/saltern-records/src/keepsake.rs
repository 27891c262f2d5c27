//! Named things that are kept whole: the state of the watch, the last closing that was announced.

use rusqlite::{OptionalExtension, params};

use crate::error::RecordsError;
use crate::file::Records;

impl Records {
    /// Keeps something under a name, in place of what was kept under it.
    pub fn keep(&self, name: &str, body: &[u8], now_us: i64) -> Result<(), RecordsError> {
        self.change(|t| {
            t.execute(
                "INSERT OR REPLACE INTO keepsakes VALUES (?1, ?2, ?3)",
                params![name, now_us, body],
            )
        })?;
        Ok(())
    }

    /// What is kept under a name, and since when.
    pub fn kept(&self, name: &str) -> Result<Option<(Vec<u8>, i64)>, RecordsError> {
        self.change(|t| {
            let query = "SELECT body, saved_us FROM keepsakes WHERE name = ?1";
            t.query_row(query, [name], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        })
    }
}
