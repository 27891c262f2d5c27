//! The catalogue of what plans say about themselves.

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

    fn placeholders(template: &str) -> Vec<&str> {
        let mut names: Vec<&str> = template
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn both_languages_show_the_same_evidence() {
        for entry in catalogue().entries() {
            let (en, zh) = (placeholders(&entry.en), placeholders(&entry.zh));
            assert_eq!(en, zh, "{}", entry.code);
            assert!(
                !entry.zh.is_empty() && entry.zh != entry.en,
                "{}",
                entry.code
            );
        }
        let lines = include_str!("../messages.csv").lines().count();
        assert_eq!(catalogue().entries().len(), lines - 1);
    }
}
