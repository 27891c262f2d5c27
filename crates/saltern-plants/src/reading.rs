//! From a plant's file to a flowsheet: quantities to SI, names to what they stand for.

use saltern_base::attributes::Kind as Type;
use saltern_base::plant::{Entry, PlantFile, Section, Written};
use saltern_units::message::{Catalogue, Fields, Lang, Message};
use saltern_units::place::Place;
use saltern_units::quantity::{self, UnitError};
use saltern_units::unit::Dimension;

use crate::flowsheet::{Flowsheet, FlowsheetError, Spec, StreamDraft, UnitDraft, Vary};
use crate::matter::{Matter, Phase};
use crate::measure::{Measure, Of};
use crate::message::catalogue;
use crate::settings::{self, Setting};
use crate::stream::Stream;

/// A brine that feeds may name: its id and component amounts per kilogram of brine, mol/kg.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedBrine {
    /// Id.
    pub id: String,
    /// mol/kg of brine, by component.
    pub amounts_mol_kg: Vec<f64>,
}

/// What is wrong with a plant's file.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadingError {
    /// `plants.quantity`: a quantity that is none.
    Quantity {
        /// Where.
        place: Place,
        /// What is wrong with it.
        error: UnitError,
    },
    /// What the flowsheet cannot be.
    Flowsheet(FlowsheetError),
    /// `plants.entry`: an entry that is missing, unknown or not written as it must be.
    Entry {
        /// Where.
        place: Place,
        /// What is written; empty where it is missing.
        value: String,
        /// What is accepted.
        accepted: String,
    },
}

/// What feeds are at where none is given, K.
const ORDINARY_K: f64 = 298.15;
/// Entries of a stream.
const STREAM: [&str; 9] = [
    "from",
    "to",
    "rate",
    "temperature",
    "brine",
    "solids",
    "on_demand",
    "name",
    "name_zh",
];
/// Entries of a design spec.
const SPEC: [&str; 4] = ["measure", "target", "vary", "between"];

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
        for entry in section.entries.iter().filter(|e| e.name != "kind") {
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
            kind,
            settings: given,
            place: section.place.clone(),
        }
    }

    fn stream(&mut self, section: &Section) -> StreamDraft {
        self.refuse_unknown(section, &STREAM);
        let end = |name: &str| match section.entry(name).map(|e| &e.value) {
            Some(Written::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let on_demand = matches!(
            section.entry("on_demand").map(|e| &e.value),
            Some(Written::Flag(true))
        );
        let feeds = ["rate", "brine", "solids", "on_demand"];
        let is_feed = feeds.iter().any(|name| section.entry(name).is_some());
        StreamDraft {
            id: section.id.clone(),
            from: end("from"),
            to: end("to"),
            feed: if is_feed {
                self.feed(section, on_demand)
            } else {
                None
            },
            on_demand,
            place: section.place.clone(),
        }
    }

    /// What flows in a feed: solids by their shares of its mass, brine or water the rest.
    fn feed(&mut self, section: &Section, on_demand: bool) -> Option<Stream> {
        let rate = match self.quantity(section, "rate", Dimension::MassFlow) {
            Some(rate) => rate,
            None if on_demand => 1.0, // a unit takes of it what it needs
            None => {
                self.missing(section, "rate = \"… t/h\"");
                return None;
            }
        };
        let mut stream = Stream::nothing(self.matter);
        stream.temperature_k = self
            .quantity(section, "temperature", Dimension::Temperature)
            .unwrap_or(ORDINARY_K);
        let mut rest = 1.0;
        if let Some(entry) = section.entry("solids") {
            let Written::Table(pairs) = &entry.value else {
                self.entry(entry.place.clone(), "", "{ Carnallite = \"70 %\", … }");
                return None;
            };
            for (name, text) in pairs {
                let share = self.si(text, Dimension::MassFraction, &entry.place)?;
                self.add_solid(&mut stream, name, share * rate, &entry.place)?;
                rest -= share;
            }
        }
        if rest < -1e-9 {
            self.missing(section, "shares of solids of 100 % at most");
            return None;
        }
        let brine = section.entry("brine");
        match brine.map(|entry| (&entry.value, &entry.place)) {
            Some((Written::Text(name), place)) => {
                self.add_liquid(&mut stream, name, rest * rate, place)?;
            }
            _ if rest > 1e-9 => {
                self.missing(section, "brine = \"…\" (or \"water\") for the rest");
                return None;
            }
            _ => {}
        }
        Some(stream)
    }

    fn add_solid(
        &mut self,
        stream: &mut Stream,
        name: &str,
        kg_s: f64,
        place: &Place,
    ) -> Option<()> {
        let matter = self.matter;
        if let Some(m) = matter.database.mineral(name) {
            stream.solids_mol_s[m] += kg_s / matter.mineral_kg_mol(m);
            return Some(());
        }
        if let Some(s) = matter.substance(name) {
            stream.others_mol_s[s] += kg_s / matter.substances[s].molar_mass_kg_mol;
            return Some(());
        }
        self.entry(place.clone(), name, "a mineral or a substance");
        None
    }

    /// A brine of the base, water, or a gas or liquid that is no brine.
    fn add_liquid(
        &mut self,
        stream: &mut Stream,
        name: &str,
        kg_s: f64,
        place: &Place,
    ) -> Option<()> {
        if name == "water" {
            stream.add(&Stream::water(self.matter, kg_s, stream.temperature_k));
            return Some(());
        }
        if let Some(brine) = self.brines.iter().find(|b| b.id == name) {
            for (n, per_kg) in stream.brine_mol_s.iter_mut().zip(&brine.amounts_mol_kg) {
                *n += per_kg * kg_s;
            }
            return Some(());
        }
        if let Some(s) = self.matter.substance(name)
            && self.matter.substances[s].phase != Phase::Solid
        {
            stream.others_mol_s[s] += kg_s / self.matter.substances[s].molar_mass_kg_mol;
            return Some(());
        }
        let mut known: Vec<&str> = self.brines.iter().map(|b| b.id.as_str()).collect();
        known.push("water");
        self.entry(place.clone(), name, &known.join(", "));
        None
    }

    fn spec(&mut self, section: &Section, flowsheet: &Flowsheet) -> Option<Spec> {
        self.refuse_unknown(section, &SPEC);
        let text = |name: &str| match section.entry(name).map(|e| (&e.value, &e.place)) {
            Some((Written::Text(text), place)) => Some((text.as_str(), place)),
            _ => None,
        };
        let (Some(measure), Some(target), Some(vary)) =
            (text("measure"), text("target"), text("vary"))
        else {
            self.missing(section, "measure, target, vary and between");
            return None;
        };
        let Some(measured) = measure_of(measure.0, flowsheet, self.matter) else {
            self.entry(
                measure.1.clone(),
                measure.0,
                "mass(STREAM), mass(STREAM, WHAT), temperature(STREAM), saturation(STREAM, MINERAL), a / b, a + b",
            );
            return None;
        };
        let target = self.si(target.0, dimension_of(&measured), target.1)?;
        let Some((varied, dimension)) = vary_of(vary.0, flowsheet) else {
            self.entry(vary.1.clone(), vary.0, "UNIT.SETTING or a feed");
            return None;
        };
        let Some((Written::List(between), place)) =
            section.entry("between").map(|e| (&e.value, &e.place))
        else {
            self.missing(section, "between = [\"…\", \"…\"]");
            return None;
        };
        let [lowest, highest] = between.as_slice() else {
            self.entry(place.clone(), &between.join(", "), "two values");
            return None;
        };
        Some(Spec {
            id: section.id.clone(),
            measure: measured,
            target,
            vary: varied,
            lowest: self.si(lowest, dimension, place)?,
            highest: self.si(highest, dimension, place)?,
        })
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

/// A measure as written: `mass(cake, K) / mass(ore, K)`.
pub fn measure_of(text: &str, flowsheet: &Flowsheet, matter: &Matter<'_>) -> Option<Measure> {
    if let Some((a, b)) = text.split_once('/') {
        let a = measure_of(a, flowsheet, matter)?;
        let b = measure_of(b, flowsheet, matter)?;
        return Some(Measure::Ratio(Box::new(a), Box::new(b)));
    }
    if text.contains('+') {
        let terms = text
            .split('+')
            .map(|term| measure_of(term, flowsheet, matter));
        return terms.collect::<Option<_>>().map(Measure::Sum);
    }
    let (function, arguments) = text.trim().strip_suffix(')')?.split_once('(')?;
    let mut arguments = arguments.splitn(2, ',').map(str::trim);
    let stream = flowsheet.stream(arguments.next()?)?;
    match (function.trim(), arguments.next()) {
        ("mass", None) => Some(Measure::Mass(stream, Of::All)),
        ("mass", Some(what)) => Some(Measure::Mass(stream, Of::named(what, matter)?)),
        ("temperature", None) => Some(Measure::Temperature(stream)),
        ("saturation", Some(mineral)) => {
            let mineral = matter.database.mineral(mineral)?;
            Some(Measure::SaturationIndex(stream, mineral))
        }
        _ => None,
    }
}

fn dimension_of(measure: &Measure) -> Dimension {
    match measure {
        Measure::Mass(..) => Dimension::MassFlow,
        Measure::Temperature(_) => Dimension::Temperature,
        Measure::SaturationIndex(..) | Measure::Ratio(..) => Dimension::Fraction,
        Measure::Sum(terms) => terms.first().map_or(Dimension::Fraction, dimension_of),
    }
}

fn vary_of(text: &str, flowsheet: &Flowsheet) -> Option<(Vary, Dimension)> {
    if let Some(stream) = flowsheet.stream(text) {
        return Some((Vary::FeedRate(stream), Dimension::MassFlow));
    }
    let (unit, setting) = text.split_once('.')?;
    let id = flowsheet.unit(unit)?;
    let kind = flowsheet.units[id].kind.name;
    let declared = settings::of_kind(kind).find(|a| a.name == setting)?;
    let dimension = match declared.kind {
        Type::Quantity(dimension) => dimension,
        Type::Number => Dimension::Fraction,
        _ => return None,
    };
    Some((Vary::Setting(id, setting.to_owned()), dimension))
}

impl Message for ReadingError {
    fn code(&self) -> &'static str {
        match self {
            ReadingError::Quantity { .. } => "plants.quantity",
            ReadingError::Flowsheet(error) => error.code(),
            ReadingError::Entry { value, .. } if value.is_empty() => "plants.missing_entry",
            ReadingError::Entry { .. } => "plants.wrong_entry",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            ReadingError::Quantity { place, error } => vec![
                ("place", place.text(lang)),
                ("error", Message::text(error, lang)),
            ],
            ReadingError::Flowsheet(error) => error.fields(lang),
            ReadingError::Entry {
                place,
                value,
                accepted,
            } => {
                let mut fields = vec![("place", place.text(lang)), ("accepted", accepted.clone())];
                if !value.is_empty() {
                    fields.push(("value", value.clone()));
                }
                fields
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        match self {
            ReadingError::Flowsheet(error) => error.catalogue(),
            ReadingError::Quantity { .. } | ReadingError::Entry { .. } => catalogue(),
        }
    }
}

impl std::fmt::Display for ReadingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Message::text(self, Lang::En))
    }
}

impl std::error::Error for ReadingError {}
