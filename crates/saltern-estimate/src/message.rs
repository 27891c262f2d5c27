//! The catalogue of this crate's sentences.

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
    fn both_languages_show_the_same_evidence_and_every_code_has_a_sentence() {
        let faults = Catalogue::faults(include_str!("../messages.csv"));
        assert!(faults.is_empty(), "{faults:?}");
        let codes = include_str!("error.rs")
            .lines()
            .filter(|line| line.contains("=> \""))
            .filter_map(|line| line.split('"').nth(1));
        let mut seen = 0;
        for code in codes {
            seen += 1;
            let known = catalogue().entries().iter().any(|entry| entry.code == code);
            assert!(known, "{code} has no sentence");
        }
        assert!(seen > 0);
    }
}
