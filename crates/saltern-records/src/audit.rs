//! What was done, by whom, in an order that can't be changed without being seen: every link's hash covers the one before it.
//!
//! `hash = SHA-256(previous hash ‖ sequence ‖ time ‖ who ‖ tenant ‖ category ‖ action ‖ object ‖ detail)`, each text with
//! its length before it. Whoever keeps the last hash elsewhere can tell that nothing before it was changed or taken out.

use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::RecordsError;
use crate::file::Records;
use crate::secret::hex;

/// What is to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act<'t> {
    /// When, µs since 1970.
    pub time_us: i64,
    /// Who.
    pub who: &'t str,
    /// Of which enterprise.
    pub tenant: Option<&'t str>,
    /// `access`, `control`, `configuration`, `backup`, `error`.
    pub category: &'t str,
    /// What, by a word.
    pub action: &'t str,
    /// To what.
    pub object: &'t str,
    /// The rest as JSON.
    pub detail: &'t str,
}

/// What is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Rises by one from link to link.
    pub sequence: i64,
    /// When, µs since 1970.
    pub time_us: i64,
    /// Who.
    pub who: String,
    /// Of which enterprise.
    pub tenant: Option<String>,
    /// Kind.
    pub category: String,
    /// What.
    pub action: String,
    /// To what.
    pub object: String,
    /// The rest as JSON.
    pub detail: String,
    /// Hash of this link and, through it, of all before it, in hexadecimal digits.
    pub hash: String,
}

/// Where a chain does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The first link that is not what it was, or is missing.
    pub sequence: i64,
}

const COLUMNS: &str = "sequence, time_us, who, tenant, category, action, object, detail, hash";

fn link(row: &Row<'_>) -> rusqlite::Result<Link> {
    let hash: Vec<u8> = row.get(8)?;
    Ok(Link {
        sequence: row.get(0)?,
        time_us: row.get(1)?,
        who: row.get(2)?,
        tenant: row.get(3)?,
        category: row.get(4)?,
        action: row.get(5)?,
        object: row.get(6)?,
        detail: row.get(7)?,
        hash: hex(&hash),
    })
}

impl Records {
    /// Writes an act down; its number.
    pub fn audit(&self, act: &Act<'_>) -> Result<i64, RecordsError> {
        self.change(|t| append(t, act))
    }

    /// The latest links before a number, newest first; those of one enterprise if one is named.
    pub fn audited(
        &self,
        before: Option<i64>,
        tenant: Option<&str>,
        most: usize,
    ) -> Result<Vec<Link>, RecordsError> {
        self.change(|t| {
            let mut query = t.prepare(&format!(
                "SELECT {COLUMNS} FROM audit WHERE sequence < ?1 AND (?2 IS NULL OR tenant = ?2)
                 ORDER BY sequence DESC LIMIT ?3"
            ))?;
            let before = before.unwrap_or(i64::MAX);
            query
                .query_map(params![before, tenant, most as i64], link)?
                .collect()
        })
    }

    /// How many links hold, from the first on; or where they don't.
    pub fn verify_audit(&self) -> Result<Result<i64, Broken>, RecordsError> {
        self.change(|t| {
            let mut query = t.prepare(&format!("SELECT {COLUMNS} FROM audit ORDER BY sequence"))?;
            let mut rows = query.query([])?;
            let (mut previous, mut count) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                let link = link(row)?;
                let act = Act {
                    time_us: link.time_us,
                    who: &link.who,
                    tenant: link.tenant.as_deref(),
                    category: &link.category,
                    action: &link.action,
                    object: &link.object,
                    detail: &link.detail,
                };
                let hash = hash(&previous, count + 1, &act);
                if link.sequence != count + 1 || link.hash != hex(&hash) {
                    return Ok(Err(Broken {
                        sequence: count + 1,
                    }));
                }
                (previous, count) = (hash.to_vec(), count + 1);
            }
            Ok(Ok(count))
        })
    }
}

fn append(t: &Transaction<'_>, act: &Act<'_>) -> rusqlite::Result<i64> {
    let query = "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1";
    let last: Option<(i64, Vec<u8>)> = t
        .query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (sequence, previous) = last.unwrap_or_default();
    let sequence = sequence + 1;
    t.execute(
        "INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            sequence,
            act.time_us,
            act.who,
            act.tenant,
            act.category,
            act.action,
            act.object,
            act.detail,
            hash(&previous, sequence, act)
        ],
    )?;
    Ok(sequence)
}

fn hash(previous: &[u8], sequence: i64, act: &Act<'_>) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(previous);
    digest.update(sequence.to_le_bytes());
    digest.update(act.time_us.to_le_bytes());
    // No enterprise is told from one without a name.
    digest.update([u8::from(act.tenant.is_some())]);
    let tenant = act.tenant.unwrap_or_default();
    for text in [
        act.who,
        tenant,
        act.category,
        act.action,
        act.object,
        act.detail,
    ] {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    }
    digest.finalize().into()
}
