//! Tokens of programs: hashed, scoped, expiring, withdrawn at any time.

use rusqlite::{OptionalExtension, Row, params};

use crate::error::RecordsError;
use crate::file::Records;
use crate::people::User;
use crate::secret::Secret;

/// A token; its secret is known to its holder alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Number.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// In whose name it acts.
    pub user: String,
    /// What it may be used for, by the words of whoever checks it.
    pub scopes: Vec<String>,
    /// When it was made, µs since 1970.
    pub created_us: i64,
    /// When it ends.
    pub ends_us: i64,
    /// When it was withdrawn.
    pub withdrawn_us: Option<i64>,
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// In whose name it acts.
    pub user: String,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// When it ends, µs since 1970.
    pub ends_us: i64,
}

/// What tokens begin with, so that one that lies about is recognised.
const MARK: &str = "saltern_";
const COLUMNS: &str = "id, name, user, scopes, created_us, ends_us, withdrawn_us";

fn token(row: &Row<'_>) -> rusqlite::Result<Token> {
    let scopes: String = row.get(3)?;
    Ok(Token {
        id: row.get(0)?,
        name: row.get(1)?,
        user: row.get(2)?,
        scopes: scopes.split_whitespace().map(String::from).collect(),
        created_us: row.get(4)?,
        ends_us: row.get(5)?,
        withdrawn_us: row.get(6)?,
    })
}

impl Records {
    /// Makes a token; the text is not kept.
    pub fn add_token(&self, new: &NewToken, now_us: i64) -> Result<(String, Token), RecordsError> {
        self.user(&new.user)?;
        let text = format!("{MARK}{}", Secret::new().reveal());
        let id = self.change(|t| {
            t.execute(
                "INSERT INTO tokens (hash, name, user, scopes, created_us, ends_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    Secret::hash_of(&text),
                    new.name,
                    new.user,
                    new.scopes.join(" "),
                    now_us,
                    new.ends_us
                ],
            )?;
            Ok(t.last_insert_rowid())
        })?;
        Ok((text, self.token(id)?))
    }

    /// All tokens.
    pub fn tokens(&self) -> Result<Vec<Token>, RecordsError> {
        self.change(|t| {
            let mut query = t.prepare(&format!("SELECT {COLUMNS} FROM tokens ORDER BY id"))?;
            query.query_map([], token)?.collect()
        })
    }

    /// A token by its number.
    pub fn token(&self, id: i64) -> Result<Token, RecordsError> {
        let found = self.change(|t| {
            let query = format!("SELECT {COLUMNS} FROM tokens WHERE id = ?1");
            t.query_row(&query, [id], token).optional()
        })?;
        found.ok_or(RecordsError::UnknownToken { id })
    }

    /// Withdraws a token.
    pub fn withdraw_token(&self, id: i64, now_us: i64) -> Result<Token, RecordsError> {
        self.change(|t| {
            t.execute(
                "UPDATE tokens SET withdrawn_us = ?2 WHERE id = ?1 AND withdrawn_us IS NULL",
                params![id, now_us],
            )
        })?;
        self.token(id)
    }

    /// The token that a text is, and whose it is, if it holds now.
    pub fn check_token(
        &self,
        text: &str,
        now_us: i64,
    ) -> Result<Option<(Token, User)>, RecordsError> {
        let found = self.change(|t| {
            let query = format!(
                "SELECT {COLUMNS} FROM tokens WHERE hash = ?1 AND ends_us > ?2 AND withdrawn_us IS NULL"
            );
            let hash = Secret::hash_of(text);
            t.query_row(&query, params![hash, now_us], token).optional()
        })?;
        let Some(token) = found else {
            return Ok(None);
        };
        let user = self.user(&token.user)?;
        Ok(user.active.then_some((token, user)))
    }
}
