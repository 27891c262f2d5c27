//! What a stream from outside or to outside is to the base that the plant stands in.

/// Role of a feed or an outlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Feed: brine or salt from ponds, heaps or other plants.
    Raw,
    /// Feed: a reagent that is bought or made.
    Reagent,
    /// Fresh water as a feed; condensate as an outlet.
    Water,
    /// Outlet: what the plant is there for, or sells beside it.
    Product,
    /// Outlet: solids to a heap.
    Tailings,
    /// Outlet: spent or residual brine, wash water, mother liquor.
    Liquor,
    /// Outlet: vapour, waste gas.
    Gas,
}

/// The words of files, in the order of the roles.
pub const WORDS: [&str; 7] = [
    "raw", "reagent", "water", "product", "tailings", "liquor", "gas",
];

impl Role {
    /// Role by its word.
    pub fn from_word(word: &str) -> Option<Role> {
        let roles = [
            Role::Raw,
            Role::Reagent,
            Role::Water,
            Role::Product,
            Role::Tailings,
            Role::Liquor,
            Role::Gas,
        ];
        let at = WORDS.iter().position(|w| *w == word)?;
        roles.get(at).copied()
    }

    /// Its word in files.
    pub fn word(self) -> &'static str {
        WORDS[self as usize]
    }

    /// Whether a feed (or else an outlet) can have it.
    pub fn fits(self, is_feed: bool) -> bool {
        match self {
            Role::Raw | Role::Reagent => is_feed,
            Role::Water => true,
            Role::Product | Role::Tailings | Role::Liquor | Role::Gas => !is_feed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_roles_go_together() {
        for word in WORDS {
            assert_eq!(Role::from_word(word).map(Role::word), Some(word));
        }
        assert_eq!(Role::from_word("waste"), None);
    }
}
