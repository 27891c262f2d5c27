//! Analyses of the laboratory and what was made of them: the judgement, and what a person decided about a doubted one.

use rusqlite::{OptionalExtension, Row, params};

use crate::error::RecordsError;
use crate::file::Records;

/// Made in older files as well.
pub(crate) const TABLE: &str = "
CREATE TABLE IF NOT EXISTS analyses (
  asset TEXT NOT NULL, time_us INTEGER NOT NULL, judged_us INTEGER NOT NULL, doubted INTEGER NOT NULL, body TEXT NOT NULL,
  accepted INTEGER, who TEXT, why TEXT, decided_us INTEGER, PRIMARY KEY (asset, time_us)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS analyses_by_time ON analyses (time_us)";

/// An analysis that was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Of what.
    pub asset: String,
    /// When the sample was taken, µs since 1970.
    pub time_us: i64,
    /// When it was judged.
    pub judged_us: i64,
    /// Whether anything of it is doubted.
    pub doubted: bool,
    /// Figures and judgement, as JSON.
    pub body: String,
    /// What a person decided.
    pub decision: Option<Decision>,
}

/// What a person decided about a doubted analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Whether it holds all the same.
    pub accepted: bool,
    /// Who.
    pub who: String,
    /// Why.
    pub why: String,
    /// When, µs since 1970.
    pub decided_us: i64,
}

const COLUMNS: &str = "asset, time_us, judged_us, doubted, body, accepted, who, why, decided_us";

fn judged(row: &Row<'_>) -> rusqlite::Result<Judged> {
    let accepted: Option<bool> = row.get(5)?;
    let decision = match accepted {
        Some(accepted) => Some(Decision {
            accepted,
            who: row.get(6)?,
            why: row.get(7)?,
            decided_us: row.get(8)?,
        }),
        None => None,
    };
    Ok(Judged {
        asset: row.get(0)?,
        time_us: row.get(1)?,
        judged_us: row.get(2)?,
        doubted: row.get(3)?,
        body: row.get(4)?,
        decision,
    })
}

impl Records {
    /// Keeps what was made of an analysis, in place of what was made of it before: figures that come later make it another one, and
    /// a decision about it is no longer one.
    pub fn keep_analysis(&self, new: &Judged) -> Result<(), RecordsError> {
        self.change(|t| {
            t.execute(
                "INSERT OR REPLACE INTO analyses (asset, time_us, judged_us, doubted, body) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![new.asset, new.time_us, new.judged_us, new.doubted, new.body],
            )
            .map(drop)
        })
    }

    /// Analyses taken within a span, in order of time.
    pub fn analyses(&self, from_us: i64, to_us: i64) -> Result<Vec<Judged>, RecordsError> {
        self.change(|t| {
            let mut query = t.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM analyses WHERE time_us >= ?1 AND time_us < ?2 ORDER BY time_us, asset"
            ))?;
            query.query_map([from_us, to_us], judged)?.collect()
        })
    }

    /// An analysis.
    pub fn analysis(&self, asset: &str, time_us: i64) -> Result<Option<Judged>, RecordsError> {
        self.change(|t| {
            let query = format!("SELECT {COLUMNS} FROM analyses WHERE asset = ?1 AND time_us = ?2");
            t.query_row(&query, params![asset, time_us], judged)
                .optional()
        })
    }

    /// Assets whose last analysis is doubted and waits for a decision.
    pub fn assets_in_doubt(&self) -> Result<Vec<String>, RecordsError> {
        self.change(|t| {
            let mut query = t.prepare_cached(
                "SELECT asset FROM analyses AS own WHERE doubted AND accepted IS NULL
                 AND time_us = (SELECT MAX(time_us) FROM analyses WHERE asset = own.asset) ORDER BY asset",
            )?;
            query.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// Decides about a doubted analysis; `None` where there is none. The last decision counts.
    pub fn decide_analysis(
        &self,
        asset: &str,
        time_us: i64,
        decision: &Decision,
    ) -> Result<Option<Judged>, RecordsError> {
        self.change(|t| {
            t.execute(
                "UPDATE analyses SET accepted = ?3, who = ?4, why = ?5, decided_us = ?6
                 WHERE asset = ?1 AND time_us = ?2 AND doubted",
                params![
                    asset,
                    time_us,
                    decision.accepted,
                    decision.who,
                    decision.why,
                    decision.decided_us
                ],
            )
        })?;
        let found = self.analysis(asset, time_us)?;
        Ok(found.filter(|judged| judged.doubted))
    }
}
