//! What a job's program tells on its standard error while it works: a line of JSON each.

use serde::{Deserialize, Serialize};

use crate::problem::Sentence;

/// The environment variable by which a program is asked to tell; see [`TOLD`].
pub const TELL: &str = "SALTERN_PROGRESS";
/// The value of [`TELL`] that asks for lines of JSON.
pub const TOLD: &str = "json";

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Told {
    /// How far it has come.
    Progress {
        /// Parts that are done.
        done: u64,
        /// Parts in all.
        of: u64,
    },
    /// What is wrong; it ends after these.
    Problem {
        /// Stable code.
        code: String,
        /// The sentence.
        message: Sentence,
    },
}

impl Told {
    /// As it is written, without the end of the line.
    pub fn line(&self) -> String {
        // Texts and numbers always have a form in JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What a line says; nothing where it is meant for people.
    pub fn read(line: &str) -> Option<Told> {
        serde_json::from_str(line).ok()
    }
}
