//! Who is signed in. The secret is in the browser's cookie, its hash here; a second secret, the *guard*, goes with every change,
//! so that another site's page can't make one in a user's name.

use rusqlite::{OptionalExtension, params};

use crate::error::RecordsError;
use crate::file::Records;
use crate::people::User;
use crate::secret::Secret;

/// A session that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub user: User,
    /// What changes must carry.
    pub guard: String,
    /// When it ends, µs since 1970.
    pub ends_us: i64,
}

impl Records {
    /// Begins a session; the secret is not kept.
    pub fn begin_session(
        &self,
        user: &str,
        now_us: i64,
        lasts_us: i64,
    ) -> Result<(Secret, Session), RecordsError> {
        let (secret, guard) = (Secret::new(), Secret::new().reveal().to_string());
        let user = self.user(user)?;
        let ends_us = now_us + lasts_us;
        self.change(|t| {
            t.execute("DELETE FROM sessions WHERE ends_us <= ?1", [now_us])?;
            t.execute(
                "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    Secret::hash_of(secret.reveal()),
                    user.name,
                    guard,
                    now_us,
                    ends_us
                ],
            )
        })?;
        let session = Session {
            user,
            guard,
            ends_us,
        };
        Ok((secret, session))
    }

    /// The session of a secret, if it holds now.
    pub fn session(&self, secret: &str, now_us: i64) -> Result<Option<Session>, RecordsError> {
        let found: Option<(String, String, i64)> = self.change(|t| {
            t.query_row(
                "SELECT s.user, s.guard, s.ends_us FROM sessions s JOIN users u ON u.name = s.user
                 WHERE s.hash = ?1 AND s.ends_us > ?2 AND u.active",
                params![Secret::hash_of(secret), now_us],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()
        })?;
        let Some((user, guard, ends_us)) = found else {
            return Ok(None);
        };
        Ok(Some(Session {
            user: self.user(&user)?,
            guard,
            ends_us,
        }))
    }

    /// Ends a session.
    pub fn end_session(&self, secret: &str) -> Result<(), RecordsError> {
        let hash = Secret::hash_of(secret);
        self.change(|t| t.execute("DELETE FROM sessions WHERE hash = ?1", params![hash]))?;
        Ok(())
    }

    /// Ends all sessions of a user; how many there were.
    pub fn end_sessions(&self, user: &str) -> Result<usize, RecordsError> {
        self.change(|t| t.execute("DELETE FROM sessions WHERE user = ?1", [user]))
    }
}
