//! Rights, and which roles have them.

use saltern_records::Role;
use saltern_units::Lang;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What someone may be allowed to do; also the scopes of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    /// Look at values, series, alarms and the rest.
    Look,
    /// Answer alarms, enter assays.
    Answer,
    /// Order writes to the plant and agree to them.
    Write,
    /// Send samples.
    Send,
    /// Take alarms out of service, read the base folder anew.
    Arrange,
    /// Users, tokens, audit, back-up.
    Administer,
}

impl Right {
    /// All, with the least role that has each.
    pub const ALL: [(Right, Role); 6] = [
        (Right::Look, Role::Viewer),
        (Right::Answer, Role::Operator),
        (Right::Write, Role::Operator),
        (Right::Send, Role::Engineer),
        (Right::Arrange, Role::Engineer),
        (Right::Administer, Role::Admin),
    ];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Right::Look => "look",
            Right::Answer => "answer",
            Right::Write => "write",
            Right::Send => "send",
            Right::Arrange => "arrange",
            Right::Administer => "administer",
        }
    }

    /// By its word.
    pub fn by_name(name: &str) -> Option<Right> {
        let found = Right::ALL.iter().find(|(right, _)| right.name() == name);
        found.map(|(right, _)| *right)
    }

    /// In words.
    pub fn text(self, lang: Lang) -> String {
        crate::message::catalogue().render(&format!("right.{}", self.name()), lang, &[])
    }

    /// Whether a role has it.
    pub fn is_of(self, role: Role) -> bool {
        Right::ALL
            .iter()
            .any(|(right, least)| *right == self && role >= *least)
    }
}
