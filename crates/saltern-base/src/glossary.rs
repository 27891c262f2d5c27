//! The glossary: minerals, elements, units and terms in English and Chinese, in one table that
//! code, documents and screens quote.

use saltern_units::Lang;
use saltern_units::table::{Table, TableError};
use std::sync::LazyLock;

/// What an entry names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A mineral, keyed as databases spell it.
    Mineral,
    /// An element, keyed by its symbol.
    Element,
    /// A unit, keyed by its symbol.
    Unit,
    /// Any other word of the field.
    Term,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it names.
    pub kind: Kind,
    /// Key: `Halite`, `Li`, `°Bé`, `old_brine`.
    pub key: String,
    /// English.
    pub en: String,
    /// 简体中文.
    pub zh: String,
    /// Chemical formula of a mineral; empty otherwise.
    pub symbol: String,
}

/// All entries in the order of the table.
pub fn all() -> &'static [Entry] {
    static ALL: LazyLock<Vec<Entry>> = LazyLock::new(|| embedded().unwrap_or_default());
    &ALL
}

/// An entry by key; the case of letters doesn't count, so that `halite` finds `Halite`. An exact
/// key comes first, since `Na` and `NA` may both be asked for.
pub fn find(key: &str) -> Option<&'static Entry> {
    let exact = all().iter().find(|entry| entry.key == key);
    exact.or_else(|| {
        all()
            .iter()
            .find(|entry| entry.key.eq_ignore_ascii_case(key))
    })
}

/// The word for a key in a language; the key itself where the glossary has none.
pub fn term(key: &str, lang: Lang) -> &str {
    find(key).map_or(key, |entry| lang.pick(&entry.en, &entry.zh))
}

/// The embedded table; a test sees to it that every row of it can be read.
fn embedded() -> Result<Vec<Entry>, TableError> {
    let table = Table::read("glossary.csv", include_str!("../glossary.csv"))?;
    let names = ["kind", "key", "en", "zh", "symbol"];
    let columns = names
        .iter()
        .map(|name| table.column(name))
        .collect::<Result<Vec<_>, _>>()?;
    let kinds = [Kind::Mineral, Kind::Element, Kind::Unit, Kind::Term];
    let read = |row| {
        let cell = |i: usize| table.cell(row, columns[i]);
        Ok(Entry {
            kind: kinds[cell(0).choice(&["mineral", "element", "unit", "term"])?],
            key: cell(1).text()?.into(),
            en: cell(2).text()?.into(),
            zh: cell(3).text()?.into(),
            symbol: cell(4).raw().into(),
        })
    };
    table.rows.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_no_key_comes_twice() {
        let entries = embedded().expect("the embedded table");
        assert_eq!(
            entries.len(),
            include_str!("../glossary.csv").lines().count() - 1
        );
        for (i, entry) in entries.iter().enumerate() {
            assert!(
                !entries[..i].iter().any(|other| other.key == entry.key),
                "{}",
                entry.key
            );
        }
    }

    #[test]
    fn minerals_elements_and_terms_are_found() {
        assert_eq!(term("Carnallite", Lang::Zh), "光卤石");
        assert_eq!(term("halite", Lang::Zh), "石盐");
        assert_eq!(term("old_brine", Lang::Zh), "老卤");
        assert_eq!(term("Li", Lang::En), "lithium");
        assert_eq!(term("Unobtainite", Lang::Zh), "Unobtainite");
        assert_eq!(find("K").map(|entry| entry.kind), Some(Kind::Element));
    }

    #[test]
    fn every_mineral_has_a_formula() {
        for entry in all().iter().filter(|entry| entry.kind == Kind::Mineral) {
            assert!(!entry.symbol.is_empty(), "{}", entry.key);
        }
    }

    #[test]
    fn units_of_the_glossary_are_units_of_the_table_or_ways_of_counting() {
        for entry in all().iter().filter(|entry| entry.kind == Kind::Unit) {
            let known = saltern_units::unit::UNITS
                .iter()
                .any(|unit| unit.symbol == entry.key);
            assert!(
                known || ["LCE", "K2O"].contains(&entry.key.as_str()),
                "{}",
                entry.key
            );
        }
    }
}
