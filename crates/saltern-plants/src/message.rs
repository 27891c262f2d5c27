//! Sentences of this crate, in English and Chinese.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use saltern_units::message::{Catalogue, Lang};
use saltern_units::table::Table;

/// Sentences by code.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("messages.csv")));
    &CATALOGUE
}

/// What units and files call things, in the language asked for; what is no phrase (names, numbers) stays.
pub(crate) fn phrase(en: &str, lang: Lang) -> String {
    static ZH: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let read = Table::read("phrases.csv", include_str!("phrases.csv"));
        let rows = read.map(|table| {
            let cells =
                |row| [0, 1].map(|c| table.cell(row, c).text().unwrap_or_default().to_owned());
            let pairs = table.rows.iter().map(cells);
            pairs.map(|[en, zh]| (en, zh)).collect()
        });
        rows.unwrap_or_default()
    });
    match lang {
        Lang::En => en.to_owned(),
        Lang::Zh => ZH.get(en).cloned().unwrap_or_else(|| en.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_sentence_in_both_languages() {
        let faults = Catalogue::faults(include_str!("messages.csv"));
        assert!(faults.is_empty(), "{faults:?}");
        let (seen, unsaid) = catalogue().unsaid(&[
            include_str!("drives.rs"),
            include_str!("fit/error.rs"),
            include_str!("flowsheet.rs"),
            include_str!("operation.rs"),
            include_str!("reading/error.rs"),
            include_str!("settings.rs"),
            include_str!("solve/error.rs"),
            include_str!("utilities.rs"),
        ]);
        assert!(unsaid.is_empty() && seen > 30, "{seen}: {unsaid:?}");
    }

    /// Every phrase that the sources hand to a message has a translation.
    #[test]
    fn every_phrase_is_translated() {
        let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
        let mut folders = vec![folder.to_owned()];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                if path.extension().is_none_or(|e| e != "rs") || path.ends_with("message.rs") {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for begin in ["what: \"", "demand(\"", "demand(\n            \""] {
                    for part in text.split(begin).skip(1) {
                        let told = part.split('"').next().unwrap();
                        assert_ne!(phrase(told, Lang::Zh), told, "{}", path.display());
                        seen += 1;
                    }
                }
            }
        }
        assert!(seen > 30, "{seen}");
    }
}
