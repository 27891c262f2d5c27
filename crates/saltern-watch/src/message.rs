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
    fn both_languages_show_the_same_evidence() {
        let faults = Catalogue::faults(include_str!("../messages.csv"));
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn every_code_has_a_sentence() {
        let sources = [
            include_str!("error.rs"),
            include_str!("alarm/board.rs"),
            include_str!("alarm/journal.rs"),
            include_str!("alarm/machine.rs"),
        ];
        let mut seen = 0;
        for line in sources
            .iter()
            .flat_map(|s| s.lines())
            .filter(|l| l.contains("=> \""))
        {
            let code = line.split('"').nth(1).filter(|code| code.contains('.'));
            let Some(code) = code else { continue };
            seen += 1;
            let known = catalogue().entries().iter().any(|entry| entry.code == code);
            assert!(known, "{code} has no sentence");
        }
        assert!(seen > 20, "{seen}");
    }
}
