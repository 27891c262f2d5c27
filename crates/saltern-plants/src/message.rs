//! Sentences of this crate, in English and Chinese.

use std::sync::LazyLock;

use saltern_units::message::Catalogue;

/// Sentences by code.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("messages.csv")));
    &CATALOGUE
}
