//! The catalogue of this crate's errors and refusals.

use saltern_units::message::Catalogue;
use std::sync::LazyLock;

/// Sentences by code, in English and Chinese.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("../messages.csv")));
    &CATALOGUE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_show_the_same_evidence() {
        let faults = Catalogue::faults(include_str!("../messages.csv"));
        assert!(faults.is_empty(), "{faults:?}");
    }

    /// Every code that the sources raise has a sentence.
    #[test]
    fn every_code_has_a_sentence() {
        let sources = [include_str!("error.rs"), include_str!("acceptance.rs")];
        let codes = sources
            .iter()
            .flat_map(|source| source.lines())
            .filter(|line| line.contains("=> \""))
            .filter_map(|line| line.split('"').nth(1));
        let mut seen = 0;
        for code in codes {
            seen += 1;
            let known = catalogue().entries().iter().any(|entry| entry.code == code);
            assert!(known, "{code} has no sentence");
        }
        assert!(seen > 12, "{seen}");
    }
}
