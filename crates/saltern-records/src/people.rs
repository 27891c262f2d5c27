//! Users and their roles.

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::RecordsError;
use crate::file::Records;
use crate::password;

/// What a user may do; each may all that those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks.
    Viewer,
    /// Answers alarms, enters assays, orders writes to the plant.
    Operator,
    /// Sends samples, takes alarms out of service, closes periods.
    Engineer,
    /// Users, tokens, audit, back-up.
    Admin,
}

impl Role {
    /// All, the least first.
    pub const ALL: [Role; 4] = [Role::Viewer, Role::Operator, Role::Engineer, Role::Admin];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Operator => "operator",
            Role::Engineer => "engineer",
            Role::Admin => "admin",
        }
    }

    /// By its word.
    pub fn by_name(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Name, by which they sign in.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Enterprise they belong to; `None` for people of the whole park.
    pub tenant: Option<String>,
    /// Whether they may sign in.
    pub active: bool,
    /// When they were added, µs since 1970.
    pub created_us: i64,
}

/// A user to be added.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Name.
    pub name: String,
    /// Password, at least 12 characters.
    pub password: String,
    /// Role.
    pub role: Role,
    /// Enterprise.
    pub tenant: Option<String>,
}

const COLUMNS: &str = "name, role, tenant, active, created_us";

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    let role: String = row.get(1)?;
    Ok(User {
        name: row.get(0)?,
        // A role that this program doesn't know may do least.
        role: Role::by_name(&role).unwrap_or(Role::Viewer),
        tenant: row.get(2)?,
        active: row.get(3)?,
        created_us: row.get(4)?,
    })
}

impl Records {
    /// Adds a user.
    ///
    /// # Errors
    /// A name that is taken or no name, a password that is too short.
    pub fn add_user(&self, new: &NewUser, now_us: i64) -> Result<User, RecordsError> {
        check_name(&new.name)?;
        let hash = hashed(&new.password)?;
        let added = self.change(|t| {
            t.execute(
                "INSERT INTO users VALUES (?1, ?2, ?3, ?4, 1, ?5) ON CONFLICT DO NOTHING",
                params![new.name, hash, new.role.name(), new.tenant, now_us],
            )
        })?;
        if added == 0 {
            let name = new.name.clone();
            return Err(RecordsError::UserExists { name });
        }
        self.user(&new.name)
    }

    /// All users by name.
    pub fn users(&self) -> Result<Vec<User>, RecordsError> {
        self.change(|t| {
            let mut query = t.prepare(&format!("SELECT {COLUMNS} FROM users ORDER BY name"))?;
            query.query_map([], user)?.collect()
        })
    }

    /// A user.
    pub fn user(&self, name: &str) -> Result<User, RecordsError> {
        let found = self.change(|t| {
            let query = format!("SELECT {COLUMNS} FROM users WHERE name = ?1");
            t.query_row(&query, [name], user).optional()
        })?;
        found.ok_or_else(|| RecordsError::UnknownUser { name: name.into() })
    }

    /// Changes a user's role and whether they may sign in; who may not any more has no session left.
    ///
    /// # Errors
    /// An unknown user, or the last administrator of the whole park.
    pub fn change_user(&self, name: &str, role: Role, active: bool) -> Result<User, RecordsError> {
        let before = self.user(name)?;
        let falls = is_park_admin(&before) && !(role == Role::Admin && active);
        if falls && self.users()?.iter().filter(|u| is_park_admin(u)).count() == 1 {
            return Err(RecordsError::LastAdmin { name: name.into() });
        }
        self.change(|t| {
            t.execute(
                "UPDATE users SET role = ?2, active = ?3 WHERE name = ?1",
                params![name, role.name(), active],
            )?;
            t.execute("DELETE FROM sessions WHERE user = ?1", [name])
        })?;
        self.user(name)
    }

    /// Gives a user another password and ends their sessions.
    ///
    /// # Errors
    /// An unknown user, a password that is too short.
    pub fn set_password(&self, name: &str, password: &str) -> Result<(), RecordsError> {
        let hash = hashed(password)?;
        let changed = self.change(|t| {
            t.execute("DELETE FROM sessions WHERE user = ?1", [name])?;
            t.execute(
                "UPDATE users SET password = ?2 WHERE name = ?1",
                params![name, hash],
            )
        })?;
        if changed == 0 {
            return Err(RecordsError::UnknownUser { name: name.into() });
        }
        Ok(())
    }

    /// The user, where name and password are right and they may sign in. Takes as long for an unknown name.
    pub fn check_password(&self, name: &str, given: &str) -> Result<Option<User>, RecordsError> {
        let found: Option<String> = self.change(|t| {
            let query = "SELECT password FROM users WHERE name = ?1 AND active";
            t.query_row(query, [name], |row| row.get(0)).optional()
        })?;
        let hash = found.as_deref().unwrap_or_else(|| password::of_nobody());
        if !password::is_right(given, hash) || found.is_none() {
            return Ok(None);
        }
        self.user(name).map(Some)
    }
}

fn is_park_admin(user: &User) -> bool {
    user.role == Role::Admin && user.active && user.tenant.is_none()
}

fn check_name(name: &str) -> Result<(), RecordsError> {
    let fits = |c: char| c.is_alphanumeric() || ".-_@".contains(c);
    let length = name.chars().count();
    if !(1..=64).contains(&length) || !name.chars().all(fits) {
        return Err(RecordsError::BadName { name: name.into() });
    }
    Ok(())
}

fn hashed(given: &str) -> Result<String, RecordsError> {
    let characters = given.chars().count();
    if characters < password::FEWEST {
        return Err(RecordsError::ShortPassword {
            given: characters,
            fewest: password::FEWEST,
        });
    }
    Ok(password::hash(given))
}
