//! Writes to the plant that wait for a second person.

use rusqlite::{OptionalExtension, Row, params};

use crate::error::RecordsError;
use crate::file::Records;

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Waits for a second person.
    Waiting,
    /// A second person agreed.
    Agreed,
    /// A second person refused, or it was taken back.
    Refused,
}

impl Standing {
    const ALL: [Standing; 3] = [Standing::Waiting, Standing::Agreed, Standing::Refused];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Waiting => "waiting",
            Standing::Agreed => "agreed",
            Standing::Refused => "refused",
        }
    }
}

/// An order.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Number.
    pub id: i64,
    /// Tag to be written.
    pub tag: String,
    /// Value in its unit.
    pub value: f64,
    /// Why.
    pub why: String,
    /// Who ordered it.
    pub who: String,
    /// When, µs since 1970.
    pub ordered_us: i64,
    /// Until when it may be agreed to.
    pub ends_us: i64,
    /// What became of it.
    pub standing: Standing,
    /// The second person.
    pub second: Option<String>,
}

/// An order to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewOrder<'t> {
    /// Tag to be written.
    pub tag: &'t str,
    /// Value in its unit.
    pub value: f64,
    /// Why.
    pub why: &'t str,
    /// Who.
    pub who: &'t str,
    /// Until when it may be agreed to, µs since 1970.
    pub ends_us: i64,
}

const COLUMNS: &str = "id, tag, value, why, who, ordered_us, ends_us, standing, second";

fn order(row: &Row<'_>) -> rusqlite::Result<Order> {
    let standing: String = row.get(7)?;
    let standing = Standing::ALL.into_iter().find(|s| s.name() == standing);
    Ok(Order {
        id: row.get(0)?,
        tag: row.get(1)?,
        value: row.get(2)?,
        why: row.get(3)?,
        who: row.get(4)?,
        ordered_us: row.get(5)?,
        ends_us: row.get(6)?,
        standing: standing.unwrap_or(Standing::Refused),
        second: row.get(8)?,
    })
}

impl Records {
    /// Makes an order.
    pub fn add_order(&self, new: &NewOrder<'_>, now_us: i64) -> Result<Order, RecordsError> {
        let id = self.change(|t| {
            t.execute(
                "INSERT INTO orders (tag, value, why, who, ordered_us, ends_us, standing)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting')",
                params![new.tag, new.value, new.why, new.who, now_us, new.ends_us],
            )?;
            Ok(t.last_insert_rowid())
        })?;
        self.order(id)
    }

    /// An order.
    pub fn order(&self, id: i64) -> Result<Order, RecordsError> {
        let found = self.change(|t| {
            let query = format!("SELECT {COLUMNS} FROM orders WHERE id = ?1");
            t.query_row(&query, [id], order).optional()
        })?;
        found.ok_or(RecordsError::UnknownOrder { id })
    }

    /// Orders that wait.
    pub fn orders_waiting(&self, now_us: i64) -> Result<Vec<Order>, RecordsError> {
        self.change(|t| {
            let mut query = t.prepare(&format!(
                "SELECT {COLUMNS} FROM orders WHERE standing = 'waiting' AND ends_us > ?1 ORDER BY id"
            ))?;
            query.query_map([now_us], order)?.collect()
        })
    }

    /// Agrees to an order or refuses it. Only one answer counts, and only a second person can agree.
    ///
    /// # Errors
    /// An order that doesn't wait (any more), or the person who ordered it.
    pub fn decide_order(
        &self,
        id: i64,
        who: &str,
        agrees: bool,
        now_us: i64,
    ) -> Result<Order, RecordsError> {
        let waiting = self.order(id)?;
        if agrees && waiting.who == who {
            let who = who.to_string();
            return Err(RecordsError::SamePerson { id, who });
        }
        let standing = if agrees {
            Standing::Agreed
        } else {
            Standing::Refused
        };
        let changed = self.change(|t| {
            t.execute(
                "UPDATE orders SET standing = ?2, second = ?3, decided_us = ?4
                 WHERE id = ?1 AND standing = 'waiting' AND ends_us > ?4",
                params![id, standing.name(), who, now_us],
            )
        })?;
        if changed == 0 {
            return Err(RecordsError::UnknownOrder { id });
        }
        self.order(id)
    }
}
