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
    fn both_languages_show_the_same_evidence() {
        let faults = Catalogue::faults(include_str!("messages.csv"));
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn every_code_has_a_sentence() {
        let mut seen = 0;
        for line in include_str!("error.rs").lines() {
            let code = line
                .split("=> \"")
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            let Some(code) = code.filter(|code| code.starts_with("connect.")) else {
                continue;
            };
            seen += 1;
            let known = catalogue().entries().iter().any(|entry| entry.code == code);
            assert!(known, "{code} has no sentence");
        }
        assert!(seen > 8, "{seen}");
    }
}
