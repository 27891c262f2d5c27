//! Plants within plants: a unit that is a plant of another file is laid open into that plant's units and streams.
//!
//! ```toml
//! [units.bischofite]
//! plant = "magnesium_bischofite"     # plants/magnesium_bischofite.toml
//! "purge.share" = "70 %"             # in place of what is written there
//!
//! [streams.salt]
//! from = "bischofite.bischofite"     # an outlet of that plant
//! to = "metal.bischofite"            # a feed of another
//! ```
//!
//! Its ports are its feeds and outlets by their ids; those that nobody connects stay feeds and outlets of the whole.
//! What is inside is called `bischofite/purge` outside, and keeps the place in its own file, so that errors name that.

use std::collections::BTreeMap;

use super::{Entry, PlantFile, Section, Written, read};
use crate::error::BaseError;

/// Text of a file by its path in the base folder.
pub type Files<'f> = &'f dyn Fn(&str) -> Option<String>;

/// Reads a plant with all that it is made of; `id` is its file's name without `.toml`.
///
/// # Errors
/// Every [`BaseError`] there is.
pub fn read_whole(id: &str, files: Files<'_>) -> Result<PlantFile, Vec<BaseError>> {
    let file = format!("plants/{id}.toml");
    let Some(text) = files(&file) else {
        return Err(vec![BaseError::MissingFile {
            file,
            asked_by: None,
        }]);
    };
    opened(read(&file, &text)?, files)
}

/// A plant as read, its nested plants laid open.
///
/// # Errors
/// Every [`BaseError`] there is.
pub fn opened(plant: PlantFile, files: Files<'_>) -> Result<PlantFile, Vec<BaseError>> {
    let holders = vec![plant.id.clone()];
    within(plant, files, &holders)
}

fn within(
    mut plant: PlantFile,
    files: Files<'_>,
    holders: &[String],
) -> Result<PlantFile, Vec<BaseError>> {
    let mut errors = Vec::new();
    for unit in std::mem::take(&mut plant.units) {
        let Some(entry) = unit.entry("plant") else {
            plant.units.push(unit);
            continue;
        };
        match inner(entry, files, holders) {
            Ok(inner) => insert(&mut plant, &unit, inner, &mut errors),
            Err(mut more) => errors.append(&mut more),
        }
    }
    if errors.is_empty() {
        Ok(plant)
    } else {
        Err(errors)
    }
}

/// The plant that an entry names, laid open itself.
fn inner(entry: &Entry, files: Files<'_>, holders: &[String]) -> Result<PlantFile, Vec<BaseError>> {
    let Written::Text(id) = &entry.value else {
        return Err(vec![BaseError::WrongType {
            place: entry.place.clone(),
            value: String::new(),
            accepted: "plant = \"…\"".to_owned(),
        }]);
    };
    let mut chain = holders.to_vec();
    chain.push(id.clone());
    if holders.contains(id) {
        return Err(vec![BaseError::PlantInItself {
            place: entry.place.clone(),
            plants: chain,
        }]);
    }
    let file = format!("plants/{id}.toml");
    let Some(text) = files(&file) else {
        return Err(vec![BaseError::MissingFile {
            file,
            asked_by: Some(entry.place.clone()),
        }]);
    };
    within(read(&file, &text)?, files, &chain)
}

/// Puts a plant in the place of a unit.
fn insert(
    outer: &mut PlantFile,
    unit: &Section,
    mut inner: PlantFile,
    errors: &mut Vec<BaseError>,
) {
    replace_entries(unit, &mut inner, errors);
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for stream in &mut outer.streams {
        for (mine, theirs) in [("to", "from"), ("from", "to")] {
            join(
                stream,
                (mine, theirs),
                &unit.id,
                &inner,
                &mut joined,
                errors,
            );
        }
    }
    let names = Names {
        unit: &unit.id,
        joined,
    };
    for mut section in std::mem::take(&mut inner.specs) {
        section.id = names.inside(&section.id);
        change(&mut section, "measure", |text| names.measure(text));
        change(&mut section, "vary", |text| names.path(text, &inner));
        outer.specs.push(section);
    }
    for mut section in inner.units {
        section.id = names.inside(&section.id);
        outer.units.push(section);
    }
    for mut section in inner.measures {
        section.id = names.inside(&section.id);
        change(&mut section, "measure", |text| names.measure(text));
        outer.measures.push(section);
    }
    for mut section in inner.fitted {
        section.id = names.inside(&section.id);
        let mut entries = section.entries.iter_mut();
        if let Some(entry) = entries.find(|e| e.name == "correlation")
            && let Written::Table(pairs) = &mut entry.value
        {
            pairs
                .iter_mut()
                .for_each(|(path, _)| *path = names.inside(path));
        }
        outer.fitted.push(section);
    }
    for mut section in inner.streams {
        if names.joined.contains_key(&section.id) {
            continue;
        }
        section.id = names.inside(&section.id);
        for end in ["from", "to"] {
            change(&mut section, end, |id| names.inside(id));
        }
        outer.streams.push(section);
    }
    for caveat in inner.caveats {
        if !outer.caveats.contains(&caveat) {
            outer.caveats.push(caveat);
        }
    }
}

/// What things of an inner plant are called in the outer one.
struct Names<'u> {
    /// The unit that the inner plant is.
    unit: &'u str,
    /// Streams that are streams of the outer plant, by their inner ids.
    joined: BTreeMap<String, String>,
}

impl Names<'_> {
    /// What is of the inner plant alone.
    fn inside(&self, id: &str) -> String {
        format!("{}/{id}", self.unit)
    }

    fn stream(&self, id: &str) -> String {
        let outer = self.joined.get(id).cloned();
        outer.unwrap_or_else(|| self.inside(id))
    }

    /// A measure with its streams called so: `mass(cake, K)`.
    fn measure(&self, measure: &str) -> String {
        let mut parts = measure.split('(');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find([',', ')']).unwrap_or(part.len());
            text.push('(');
            text.push_str(&self.stream(part[..end].trim()));
            text.push_str(&part[end..]);
        }
        text
    }

    /// A path to something that is set: of a unit, or of a stream.
    fn path(&self, path: &str, inner: &PlantFile) -> String {
        let (id, rest) = path.split_at(path.find('.').unwrap_or(path.len()));
        let has = |sections: &[Section]| sections.iter().any(|s| s.id == id);
        if has(&inner.streams) && (rest.is_empty() || !has(&inner.units)) {
            self.stream(id) + rest
        } else {
            self.inside(path)
        }
    }
}

/// Entries `unit.setting` of the unit stand in place of those of the plant.
fn replace_entries(unit: &Section, inner: &mut PlantFile, errors: &mut Vec<BaseError>) {
    let about = ["plant", "name", "name_zh"];
    for entry in unit
        .entries
        .iter()
        .filter(|e| !about.contains(&e.name.as_str()))
    {
        let (id, name) = entry.name.rsplit_once('.').unwrap_or((&entry.name, ""));
        let mut sections = inner.units.iter_mut().chain(&mut inner.streams);
        let section = sections.find(|section| section.id == id && !name.is_empty());
        let Some(section) = section else {
            let known = inner.units.iter().map(|u| format!("\"{}.…\"", u.id));
            errors.push(BaseError::UnknownEntry {
                place: entry.place.clone(),
                entry: entry.name.clone(),
                known: known.collect(),
            });
            continue;
        };
        section.entries.retain(|old| old.name != name);
        section.entries.push(Entry {
            name: name.to_owned(),
            ..entry.clone()
        });
    }
}

/// One end of an outer stream that is a port of the plant becomes the end inside: `to` of a feed, `from` of an outlet.
fn join(
    stream: &mut Section,
    (mine, theirs): (&str, &str),
    unit: &str,
    inner: &PlantFile,
    joined: &mut BTreeMap<String, String>,
    errors: &mut Vec<BaseError>,
) {
    let Some(Written::Text(text)) = stream.entry(mine).map(|e| &e.value) else {
        return;
    };
    let (id, port) = text.split_once('.').unwrap_or((text, ""));
    if id != unit {
        return;
    }
    let ports = inner.streams.iter().filter(|s| s.entry(theirs).is_none());
    let end = ports.clone().find(|s| s.id == port);
    let end = end.and_then(|s| Some((s, s.entry(mine)?)));
    let Some((port, Written::Text(end))) = end.map(|(s, entry)| (s, &entry.value)) else {
        let place = stream.entry(mine).map_or(&stream.place, |e| &e.place);
        errors.push(BaseError::UnknownId {
            place: place.clone(),
            id: text.clone(),
            known: ports.map(|s| format!("{unit}.{}", s.id)).collect(),
        });
        return;
    };
    joined.insert(port.id.clone(), stream.id.clone());
    let end = format!("{unit}/{end}");
    change(stream, mine, |_| end.clone());
}

/// Changes the text of an entry.
fn change(section: &mut Section, name: &str, with: impl Fn(&str) -> String) {
    let entries = section.entries.iter_mut().filter(|e| e.name == name);
    for entry in entries {
        if let Written::Text(text) = &mut entry.value {
            *text = with(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARK: &str = r#"
[units.a]
plant = "dryer"
"split.share" = "30 %"

[streams.ore]
to = "a.wet"
rate = "1 t/h"
solids = { Halite = "100 %" }

[streams.salt]
from = "a.dry"
"#;

    const DRYER: &str = r#"
[units.split]
kind = "splitter"
share = "50 %"

[streams.wet]
to = "split"
rate = "2 t/h"
solids = { Halite = "100 %" }

[streams.dry]
from = "split.first"

[streams.dust]
from = "split.second"

[specs.half]
measure = "mass(dry, Na) / mass(dust)"
target = 1
vary = "split.share"
between = [0, 1]

[measures.loss]
measure = "mass(dust) / mass(wet)"

[fitted."split.share"]
value = "0.4"
sd = "0.1"
correlation = { "wet.rate" = 0.1 }
"#;

    fn files(name: &str) -> Option<String> {
        match name {
            "plants/park.toml" => Some(PARK.to_owned()),
            "plants/dryer.toml" => Some(DRYER.to_owned()),
            "plants/twice.toml" => Some("[units.a]\nplant = \"park\"\n".to_owned()),
            "plants/self.toml" => Some("[units.a]\nplant = \"self\"\n".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn a_plant_within_a_plant_is_laid_open() {
        let plant = read_whole("park", &files).unwrap();
        let unit = &plant.units[0];
        assert_eq!(unit.id, "a/split");
        assert_eq!(
            unit.place.to_string(),
            "plants/dryer.toml, line 2, units.split"
        );
        let share = unit.entry("share").unwrap();
        assert_eq!(share.value, Written::Text("30 %".into()));
        assert!(
            share
                .place
                .to_string()
                .starts_with("plants/park.toml, line 4")
        );
        let ids: Vec<&str> = plant.streams.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["ore", "salt", "a/dust"]);
        let text = |id: usize, name: &str| plant.streams[id].entry(name).unwrap().value.clone();
        assert_eq!(text(0, "to"), Written::Text("a/split".into()));
        assert_eq!(text(1, "from"), Written::Text("a/split.first".into()));
        let spec = &plant.specs[0];
        assert_eq!(spec.id, "a/half");
        let measure = Written::Text("mass(salt, Na) / mass(a/dust)".into());
        assert_eq!(spec.entry("measure").unwrap().value, measure);
        let vary = Written::Text("a/split.share".into());
        assert_eq!(spec.entry("vary").unwrap().value, vary);
        let measure = Written::Text("mass(a/dust) / mass(ore)".into());
        assert_eq!(plant.measures[0].entry("measure").unwrap().value, measure);
        let fitted = &plant.fitted[0];
        assert_eq!(fitted.id, "a/split.share");
        let correlated = Written::Table(vec![("a/wet.rate".into(), "0.1".into())]);
        assert_eq!(fitted.entry("correlation").unwrap().value, correlated);
        // And once more around it.
        let twice = read_whole("twice", &files).unwrap();
        assert_eq!(twice.units[0].id, "a/a/split");
        let feed = &twice.streams[0];
        assert_eq!((feed.id.as_str(), feed.entry("from")), ("a/ore", None));
        assert_eq!(
            feed.entry("to").unwrap().value,
            Written::Text("a/a/split".into())
        );
    }

    #[test]
    fn what_is_wrong_is_told_where_it_is_written() {
        let told = |from: &str, to: &str| {
            let text = PARK.replace(from, to);
            let files = |name: &str| match name {
                "plants/park.toml" => Some(text.clone()),
                _ => files(name),
            };
            let errors = read_whole("park", &files).unwrap_err();
            errors.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let port = &told("a.wet", "a.moist")[0];
        assert!(port.starts_with("plants/park.toml, line 7"), "{port}");
        assert!(port.contains("a.wet"), "{port}");
        let setting = &told("split.share", "sieve.share")[0];
        assert!(setting.starts_with("plants/park.toml, line 4"), "{setting}");
        let none = &told("\"dryer\"", "\"drier\"")[0];
        assert!(
            none.contains("plants/drier.toml") && none.contains("line 3"),
            "{none}"
        );
        let ring = read_whole("self", &files).unwrap_err()[0].to_string();
        assert!(ring.contains("self → self"), "{ring}");
    }
}
