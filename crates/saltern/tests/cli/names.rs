//! Names that people read in both languages.

use saltern_base::glossary::{self, Kind};
use saltern_brine::thermo::default_database;

/// What a solid of the default set is called in Chinese, in diagrams and reports: never its key.
#[test]
fn every_mineral_of_the_default_set_has_a_chinese_name() {
    let named = |key: &str| {
        let entry = glossary::find(key).filter(|entry| entry.kind == Kind::Mineral);
        entry.is_some_and(|entry| {
            entry
                .zh
                .chars()
                .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
        })
    };
    let database = default_database();
    let names = database.minerals.iter().map(|m| m.name.as_str());
    let without: Vec<&str> = names.filter(|name| !named(name)).collect();
    assert_eq!(without, [""; 0]);
}
