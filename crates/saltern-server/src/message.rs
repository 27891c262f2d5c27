//! The catalogue of what the server says.

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
}
