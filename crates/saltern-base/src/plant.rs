//! The file of a plant, `plants/ID.toml`: units, streams and design specs as written, each with its line. What a kind of
//! unit and its settings mean is for the crate that runs plants to say.
//!
//! ```toml
//! [plant]
//! name = "KCl by cold decomposition"
//! name_zh = "冷分解制氯化钾"
//!
//! [units.tank]
//! kind = "tank"
//! temperature = "15 degC"
//!
//! [streams.ore]
//! to = "tank"
//! rate = "100 t/h"
//! solids = { Carnallite = "70 %", Halite = "20 %" }
//! brine = "old_brine"        # the rest: a brine of the base, or water
//! role = "raw"               # or reagent, water; of outlets product, tailings, liquor, gas, water
//!
//! [streams.lye]
//! to = "tank"
//! on_demand = true           # the unit takes what it needs
//! dissolved = { NaOH = "32 %" } # formulas; `gases = { CO2 = "100 %" }` likewise
//! brine = "water"
//!
//! [units.park]
//! plant = "magnesium"        # another plant as a unit, see `read_whole`
//!
//! [specs.water]
//! measure = "mass(cake, K) / mass(ore, K)"
//! target = "75 %"
//! vary = "tank.approach"     # or a feed, by its id
//! between = ["0", "1"]
//!
//! [measures.recovery]        # what is told of the plant, with a band where settings were fitted
//! measure = "mass(cake, K) / mass(ore, K)"
//!
//! [fitted."tank.approach"]   # as `saltern fit` writes it
//! value = "0.91"
//! sd = "0.02"
//! ```

use saltern_units::place::Place;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::document::position;
use crate::error::BaseError;
use crate::model::Label;

mod nesting;

pub use nesting::{Files, opened, read_whole};

/// A plant as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlantFile {
    /// Path relative to the base folder.
    pub file: String,
    /// Id: the file's name without `.toml`.
    pub id: String,
    /// Name in both languages.
    pub name: Label,
    /// What is assumed or not measured about it.
    pub caveats: Vec<Label>,
    /// `[units.ID]`, in the order of the file.
    pub units: Vec<Section>,
    /// `[streams.ID]`
    pub streams: Vec<Section>,
    /// `[specs.ID]`
    pub specs: Vec<Section>,
    /// `[measures.ID]`
    pub measures: Vec<Section>,
    /// `[fitted."UNIT.SETTING"]`
    pub fitted: Vec<Section>,
}

/// One named section.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its id.
    pub id: String,
    /// Where it begins.
    pub place: Place,
    /// Its entries in the order of the file.
    pub entries: Vec<Entry>,
}

/// One entry of a section.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Name.
    pub name: String,
    /// What is written.
    pub value: Written,
    /// Where.
    pub place: Place,
}

/// What is written in an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// A text, or a number as it is spelt.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// A list of texts.
    List(Vec<String>),
    /// Texts by name.
    Table(Vec<(String, String)>),
}

/// Sections that the file may have.
const SECTIONS: [&str; 6] = ["plant", "units", "streams", "specs", "measures", "fitted"];
/// Entries of `[plant]`.
const HEAD: [&str; 3] = ["name", "name_zh", "caveats"];

/// Reads the text of a plant's file; `file` is its path relative to the base folder.
///
/// # Errors
/// Every [`BaseError`] there is.
pub fn read(file: &str, text: &str) -> Result<PlantFile, Vec<BaseError>> {
    let root = match DeTable::parse(text) {
        Ok(root) => root.into_inner(),
        Err(error) => {
            let (line, column) = position(text, error.span().map_or(0, |span| span.start));
            return Err(vec![BaseError::BrokenToml {
                place: Place::row(file, line),
                column,
                message: error.message().trim().replace('\n', "; "),
            }]);
        }
    };
    let mut reader = Reader {
        file,
        text,
        errors: Vec::new(),
    };
    let stem = file.rsplit('/').next().unwrap_or(file);
    let mut plant = PlantFile {
        file: file.to_owned(),
        id: stem.strip_suffix(".toml").unwrap_or(stem).to_owned(),
        ..PlantFile::default()
    };
    for (key, value) in root.iter() {
        let name = key.get_ref().as_ref();
        match (name, value.get_ref().as_table()) {
            ("plant", Some(table)) => reader.head(table, &mut plant),
            ("units", Some(table)) => plant.units = reader.sections("units", table),
            ("streams", Some(table)) => plant.streams = reader.sections("streams", table),
            ("specs", Some(table)) => plant.specs = reader.sections("specs", table),
            ("measures", Some(table)) => plant.measures = reader.sections("measures", table),
            ("fitted", Some(table)) => plant.fitted = reader.sections("fitted", table),
            (_, None) if SECTIONS.contains(&name) => reader.wrong(name, value, "a table"),
            _ => reader.errors.push(BaseError::UnknownEntry {
                place: Place::row(file, position(text, key.span().start).0),
                entry: name.to_owned(),
                known: SECTIONS.iter().map(ToString::to_string).collect(),
            }),
        }
    }
    if plant.name.en.is_empty() {
        plant.name.en.clone_from(&plant.id);
    }
    if plant.name.zh.is_empty() {
        plant.name.zh.clone_from(&plant.name.en);
    }
    if reader.errors.is_empty() {
        Ok(plant)
    } else {
        Err(reader.errors)
    }
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    errors: Vec<BaseError>,
}

impl Reader<'_> {
    fn head(&mut self, table: &DeTable<'_>, plant: &mut PlantFile) {
        for (key, value) in table.iter() {
            let name = key.get_ref().as_ref();
            let text = value.get_ref().as_str().map(str::to_owned);
            match (name, text) {
                ("name", Some(text)) => plant.name.en = text,
                ("name_zh", Some(text)) => plant.name.zh = text,
                ("caveats", _) => {
                    let labels = value.get_ref().as_array().and_then(|items| {
                        let labels = items
                            .iter()
                            .map(|item| crate::document::label(item.get_ref()));
                        labels.collect::<Option<Vec<Label>>>()
                    });
                    match labels {
                        Some(labels) => plant.caveats = labels,
                        None => self.wrong("plant.caveats", value, "[{ en = \"…\", zh = \"…\" }]"),
                    }
                }
                (_, None) if HEAD.contains(&name) => {
                    self.wrong(&format!("plant.{name}"), value, "\"…\"");
                }
                _ => self.errors.push(BaseError::UnknownEntry {
                    place: Place::row(self.file, position(self.text, key.span().start).0),
                    entry: format!("plant.{name}"),
                    known: HEAD.iter().map(ToString::to_string).collect(),
                }),
            }
        }
    }

    fn sections(&mut self, group: &str, table: &DeTable<'_>) -> Vec<Section> {
        // The parser keeps tables sorted; files are read in the order in which they are written.
        let mut items: Vec<_> = table.iter().collect();
        items.sort_by_key(|(key, _)| key.span().start);
        let mut sections = Vec::new();
        for (key, value) in items {
            let id = key.get_ref().as_ref().to_owned();
            let path = format!("{group}.{id}");
            let Some(entries) = value.get_ref().as_table() else {
                self.wrong(&path, value, "a table");
                continue;
            };
            sections.push(Section {
                place: self.place(&path, key.span().start),
                entries: self.entries(&path, entries),
                id,
            });
        }
        sections
    }

    fn entries(&mut self, path: &str, table: &DeTable<'_>) -> Vec<Entry> {
        let mut items: Vec<_> = table.iter().collect();
        items.sort_by_key(|(key, _)| key.span().start);
        let mut entries = Vec::new();
        for (key, value) in items {
            let name = key.get_ref().as_ref().to_owned();
            let path = format!("{path}.{name}");
            match self.written(value) {
                Some(written) => entries.push(Entry {
                    place: self.place(&path, value.span().start),
                    name,
                    value: written,
                }),
                None => self.wrong(&path, value, "\"…\", true, [\"…\"], { name = \"…\" }"),
            }
        }
        entries
    }

    fn written(&self, value: &Spanned<DeValue<'_>>) -> Option<Written> {
        Some(match value.get_ref() {
            DeValue::Boolean(flag) => Written::Flag(*flag),
            DeValue::Array(items) => {
                let texts = items.iter().map(|item| self.scalar(item));
                Written::List(texts.collect::<Option<_>>()?)
            }
            DeValue::Table(table) => {
                let mut items: Vec<_> = table.iter().collect();
                items.sort_by_key(|(key, _)| key.span().start);
                let pairs = items.into_iter().map(|(key, value)| {
                    Some((key.get_ref().as_ref().to_owned(), self.scalar(value)?))
                });
                Written::Table(pairs.collect::<Option<_>>()?)
            }
            _ => Written::Text(self.scalar(value)?),
        })
    }

    fn scalar(&self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.trim().to_owned()),
            DeValue::Integer(_) | DeValue::Float(_) => {
                self.text.get(value.span()).map(str::to_owned)
            }
            _ => None,
        }
    }

    fn place(&self, path: &str, byte: usize) -> Place {
        Place::cell(self.file, position(self.text, byte).0, path)
    }

    fn wrong(&mut self, path: &str, value: &Spanned<DeValue<'_>>, accepted: &str) {
        self.errors.push(BaseError::WrongType {
            place: self.place(path, value.span().start),
            value: self.text.get(value.span()).unwrap_or_default().to_owned(),
            accepted: accepted.to_owned(),
        });
    }
}

impl Section {
    /// An entry by name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLANT: &str = r#"
[plant]
name = "Cold decomposition"
name_zh = "冷分解"

[units.tank]
kind = "tank"
approach = 0.9

[streams.ore]
to = "tank"
rate = "100 t/h"
on_demand = true
solids = { Halite = "20 %", Carnallite = "70 %" }

[specs.water]
between = ["0", "1"]
"#;

    #[test]
    fn a_plant_is_read_as_it_is_written() {
        let plant = read("plants/kcl.toml", PLANT).unwrap();
        assert_eq!(
            (plant.id.as_str(), plant.name.zh.as_str()),
            ("kcl", "冷分解")
        );
        let tank = &plant.units[0];
        assert_eq!(
            tank.place.to_string(),
            "plants/kcl.toml, line 6, units.tank"
        );
        assert_eq!(tank.entries[1].value, Written::Text("0.9".into()));
        let ore = &plant.streams[0];
        assert_eq!(ore.entry("on_demand").unwrap().value, Written::Flag(true));
        let solids = [("Halite", "20 %"), ("Carnallite", "70 %")];
        let solids = solids.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
        assert_eq!(ore.entry("solids").unwrap().value, Written::Table(solids));
        assert_eq!(
            ore.entry("rate").unwrap().place.to_string(),
            "plants/kcl.toml, line 12, streams.ore.rate"
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let said = |text: &str| {
            let errors = read("plants/kcl.toml", text).unwrap_err();
            errors.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert!(said("[units\n")[0].starts_with("plants/kcl.toml, line 1"));
        assert!(said("[unit.a]\nkind = \"tank\"\n")[0].contains("unit"));
        assert!(
            said("[units.a]\nkind = 1979-05-27\n")[0]
                .starts_with("plants/kcl.toml, line 2, units.a.kind")
        );
    }
}
