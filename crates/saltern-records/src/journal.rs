//! The journal of alarms: lines as JSON, with the alarm's id beside them because its number may change with the base.

use rusqlite::{Row, params};

use crate::error::RecordsError;
use crate::file::Records;

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its number; given when it is written.
    pub number: i64,
    /// When the server learnt of it, µs since 1970.
    pub server_us: i64,
    /// The alarm; `None` for what concerns all.
    pub alarm: Option<String>,
    /// What happened, as JSON.
    pub entry: String,
}

/// Which lines are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// From, µs since 1970.
    pub from_us: i64,
    /// To, exclusive.
    pub to_us: i64,
    /// Most lines, the latest kept.
    pub most: usize,
}

impl Records {
    /// Writes lines in their order; their numbers are given here.
    pub fn write_journal<'l>(
        &self,
        lines: impl IntoIterator<Item = &'l Line>,
    ) -> Result<(), RecordsError> {
        self.change(|t| {
            let mut insert = t.prepare_cached(
                "INSERT INTO journal (server_us, alarm, entry) VALUES (?1, ?2, ?3)",
            )?;
            for line in lines {
                insert.execute(params![line.server_us, line.alarm, line.entry])?;
            }
            Ok(())
        })
    }

    /// Lines in order.
    pub fn journal(&self, span: Span) -> Result<Vec<Line>, RecordsError> {
        let mut lines: Vec<Line> = self.change(|t| {
            let mut query = t.prepare_cached(
                "SELECT number, server_us, alarm, entry FROM journal
                 WHERE server_us >= ?1 AND server_us < ?2 ORDER BY number DESC LIMIT ?3",
            )?;
            let most = i64::try_from(span.most).unwrap_or(i64::MAX);
            query
                .query_map(params![span.from_us, span.to_us, most], line)?
                .collect()
        })?;
        lines.reverse();
        Ok(lines)
    }

    /// The last line before an instant of each alarm, and of what concerns all, among those whose entry has one of these
    /// events; in order.
    pub fn journal_before(
        &self,
        before_us: i64,
        events: &[&str],
    ) -> Result<Vec<Line>, RecordsError> {
        let events = serde_json::json!(events).to_string();
        self.change(|t| {
            let mut query = t.prepare_cached(
                "SELECT number, server_us, alarm, entry FROM journal WHERE number IN (
                   SELECT (SELECT number FROM journal AS line
                           WHERE line.alarm IS known.alarm AND server_us < ?1
                             AND json_extract(entry, '$.event') IN (SELECT value FROM json_each(?2))
                           ORDER BY number DESC LIMIT 1)
                   FROM (SELECT DISTINCT alarm FROM journal) AS known)
                 ORDER BY number",
            )?;
            query.query_map(params![before_us, events], line)?.collect()
        })
    }
}

fn line(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line {
        number: row.get(0)?,
        server_us: row.get(1)?,
        alarm: row.get(2)?,
        entry: row.get(3)?,
    })
}
