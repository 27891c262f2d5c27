//! The catalogue of this crate's sentences.

use saltern_units::message::Catalogue;
use std::sync::LazyLock;

/// Sentences by code, in English and Chinese.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("messages.csv")));
    &CATALOGUE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_sentence_in_both_languages() {
        let faults = Catalogue::faults(include_str!("messages.csv"));
        assert!(faults.is_empty(), "{faults:?}");
        let (seen, unsaid) = catalogue().unsaid(&[
            include_str!("error.rs"),
            include_str!("reason.rs"),
            include_str!("asked.rs"),
        ]);
        assert!(unsaid.is_empty() && seen > 8, "{seen}: {unsaid:?}");
    }
}
