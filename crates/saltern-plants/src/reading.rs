//! From a plant's file to a flowsheet: quantities to SI, names to what they stand for.

use saltern_base::attributes::Kind as Type;
use saltern_base::model::Label;
use saltern_base::plant::{Entry, PlantFile, Section, Written};
use saltern_brine::blending;
use saltern_brine::database::Database;
use saltern_units::place::Place;
use saltern_units::quantity;
use saltern_units::unit::Dimension;

use crate::flowsheet::{Flowsheet, StreamDraft, UnitDraft};
use crate::matter::Matter;
use crate::role::{self, Role};
use crate::settings::{self, Setting};

mod error;
mod feed;
mod fitted;
mod measures;

pub use error::ReadingError;
pub use measures::{dimension_of, measure_of};

/// A brine that feeds may name: its id and component amounts per kilogram of brine, mol/kg.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedBrine {
    /// Id.
    pub id: String,
    /// mol/kg of brine, by component.
    pub amounts_mol_kg: Vec<f64>,
}

/// Entries of a stream that make it a feed.
const FEED: [&str; 6] = ["rate", "brine", "solids", "gases", "dissolved", "on_demand"];
/// Other entries of a stream.
const STREAM: [&str; 6] = ["from", "to", "temperature", "role", "name", "name_zh"];
impl NamedBrine {
    /// A brine from its component amounts in any quantity, mol.
    pub fn new(id: &str, amounts_mol: &[f64], database: &Database) -> NamedBrine {
        let mass_kg = blending::mass_kg(database, amounts_mol);
        NamedBrine {
            id: id.to_owned(),
            amounts_mol_kg: amounts_mol.iter().map(|n| n / mass_kg).collect(),
        }
    }
}

/// Builds the flowsheet of a plant.
///
/// # Errors
/// Every [`ReadingError`] there is.
pub fn flowsheet(
    plant: &PlantFile,
    brines: &[NamedBrine],
    matter: &Matter<'_>,
) -> Result<Flowsheet, Vec<ReadingError>> {
    let mut reader = Reader {
        matter,
        brines,
        errors: Vec::new(),
    };
    let units: Vec<UnitDraft> = plant.units.iter().map(|s| reader.unit(s)).collect();
    let streams: Vec<StreamDraft> = plant.streams.iter().map(|s| reader.stream(s)).collect();
    if !reader.errors.is_empty() {
        return Err(reader.errors);
    }
    let built = Flowsheet::new(&units, &streams, matter);
    let mut flowsheet = built.map_err(|errors| -> Vec<ReadingError> {
        errors.into_iter().map(ReadingError::Flowsheet).collect()
    })?;
    for section in &plant.specs {
        if let Some(spec) = reader.spec(section, &flowsheet) {
            flowsheet.specs.push(spec);
        }
    }
    for section in &plant.measures {
        if let Some(measure) = reader.measure(section, &flowsheet) {
            flowsheet.measures.push(measure);
        }
    }
    for section in &plant.fitted {
        reader.fitted(section, &mut flowsheet);
    }
    if reader.errors.is_empty() {
        Ok(flowsheet)
    } else {
        Err(reader.errors)
    }
}

struct Reader<'a, 'db> {
    matter: &'a Matter<'db>,
    brines: &'a [NamedBrine],
    errors: Vec<ReadingError>,
}

impl Reader<'_, '_> {
    fn unit(&mut self, section: &Section) -> UnitDraft {
        let kind = match section.entry("kind") {
            Some(Entry {
                value: Written::Text(text),
                ..
            }) => text.clone(),
            entry => {
                let place = entry.map_or(&section.place, |entry| &entry.place).clone();
                self.entry(place, "", "kind = \"…\"");
                String::new()
            }
        };
        let mut given = Vec::new();
        let about = ["kind", "name", "name_zh"];
        for entry in section
            .entries
            .iter()
            .filter(|e| !about.contains(&e.name.as_str()))
        {
            let declared = settings::of_kind(&kind).find(|a| a.name == entry.name);
            let setting = match (declared.map(|a| &a.kind), &entry.value) {
                (Some(Type::Quantity(d)), Written::Text(text)) => {
                    self.si(text, *d, &entry.place).map(Setting::Number)
                }
                (Some(Type::Number | Type::Count), Written::Text(text)) => self
                    .si(text, Dimension::Fraction, &entry.place)
                    .map(Setting::Number),
                (Some(Type::Shares(d)), Written::Table(pairs)) => {
                    let shares = pairs
                        .iter()
                        .map(|(name, text)| Some((name.clone(), self.si(text, *d, &entry.place)?)));
                    shares.collect::<Option<_>>().map(Setting::Shares)
                }
                (_, Written::Text(text)) => Some(Setting::Text(text.clone())),
                (_, Written::List(texts)) => Some(Setting::Text(texts.join(","))),
                (declared, _) => {
                    let accepted = match declared {
                        Some(Type::Shares(_)) => "{ NAME = \"…\", … }",
                        _ => "\"…\"",
                    };
                    self.entry(entry.place.clone(), "", accepted);
                    None
                }
            };
            given.extend(setting.map(|s| (entry.name.clone(), s)));
        }
        UnitDraft {
            id: section.id.clone(),
            name: named(section),
            kind,
            settings: given,
            place: section.place.clone(),
        }
    }

    fn stream(&mut self, section: &Section) -> StreamDraft {
        self.refuse_unknown(section, &[&FEED[..], &STREAM[..]].concat());
        let on_demand = matches!(
            section.entry("on_demand").map(|e| &e.value),
            Some(Written::Flag(true))
        );
        let is_feed = FEED.iter().any(|name| section.entry(name).is_some());
        let (from, to) = (written(section, "from"), written(section, "to"));
        StreamDraft {
            id: section.id.clone(),
            name: named(section),
            role: self.role(section, is_feed, to.is_none()),
            from,
            to,
            feed: is_feed.then(|| self.feed(section, on_demand)).flatten(),
            on_demand,
            place: section.place.clone(),
        }
    }

    fn role(&mut self, section: &Section, is_feed: bool, is_outlet: bool) -> Option<Role> {
        let entry = section.entry("role")?;
        let word = written(section, "role").unwrap_or_default();
        let role =
            Role::from_word(&word).filter(|role| (is_feed || is_outlet) && role.fits(is_feed));
        if role.is_none() {
            let fitting = role::WORDS.iter().filter(|word| {
                (is_feed || is_outlet) && Role::from_word(word).is_some_and(|r| r.fits(is_feed))
            });
            let fitting: Vec<&str> = fitting.copied().collect();
            self.entry(entry.place.clone(), &word, &fitting.join(", "));
        }
        role
    }

    fn refuse_unknown(&mut self, section: &Section, known: &[&str]) {
        for entry in &section.entries {
            if !known.contains(&entry.name.as_str()) {
                self.entry(entry.place.clone(), &entry.name, &known.join(", "));
            }
        }
    }

    fn quantity(&mut self, section: &Section, name: &str, dimension: Dimension) -> Option<f64> {
        let entry = section.entry(name)?;
        match &entry.value {
            Written::Text(text) => self.si(text, dimension, &entry.place),
            _ => {
                self.entry(entry.place.clone(), "", "\"… …\"");
                None
            }
        }
    }

    fn si(&mut self, text: &str, dimension: Dimension, place: &Place) -> Option<f64> {
        match quantity::parse(text, dimension) {
            Ok(value) => Some(value),
            Err(error) => {
                let place = place.clone();
                self.errors.push(ReadingError::Quantity { place, error });
                None
            }
        }
    }

    fn missing(&mut self, section: &Section, accepted: &str) {
        self.entry(section.place.clone(), "", accepted);
    }

    fn entry(&mut self, place: Place, value: &str, accepted: &str) {
        self.errors.push(ReadingError::Entry {
            place,
            value: value.to_owned(),
            accepted: accepted.to_owned(),
        });
    }
}

/// A text entry.
fn written(section: &Section, name: &str) -> Option<String> {
    match section.entry(name).map(|e| &e.value) {
        Some(Written::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// The name of a section in both languages; its id where it has none.
fn named(section: &Section) -> Label {
    let en = written(section, "name").unwrap_or_else(|| section.id.clone());
    let zh = written(section, "name_zh").unwrap_or_else(|| en.clone());
    Label { en, zh }
}
