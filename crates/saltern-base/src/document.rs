//! `base.toml` read by its attributes, with the line of whatever is wrong.

use crate::attributes::{self, Attribute, Kind};
use crate::error::BaseError;
use crate::model::Label;
use crate::sheet::keep;
use jiff::civil::Date;
use saltern_units::date;
use saltern_units::place::Place;
use saltern_units::quantity;
use saltern_units::table::TableError;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The one TOML file of a base.
pub(crate) const FILE: &str = "base.toml";

/// Sections that it may have; every other table of a base is a CSV file.
pub(crate) const SECTIONS: [&str; 6] = ["base", "site", "period", "weather", "chemistry", "energy"];

/// A parsed document.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    text: &'t str,
    root: DeTable<'t>,
}

impl<'t> Document<'t> {
    /// Parses a document and looks for entries that nothing reads.
    pub(crate) fn parse(text: &'t str, errors: &mut Vec<BaseError>) -> Option<Document<'t>> {
        match DeTable::parse(text) {
            Ok(root) => {
                let document = Document {
                    text,
                    root: root.into_inner(),
                };
                document.refuse_unknown(errors);
                Some(document)
            }
            Err(error) => {
                let (line, column) = position(text, error.span().map_or(0, |span| span.start));
                errors.push(BaseError::BrokenToml {
                    place: Place::row(FILE, line),
                    column,
                    message: error.message().trim().replace('\n', "; "),
                });
                None
            }
        }
    }

    fn refuse_unknown(&self, errors: &mut Vec<BaseError>) {
        for (section, value) in self.root.iter() {
            let name = section.get_ref().as_ref();
            let line = self.line(section.span().start);
            if !SECTIONS.contains(&name) {
                errors.push(unknown(
                    line,
                    name,
                    SECTIONS.iter().map(|s| s.to_string()).collect(),
                ));
                continue;
            }
            match value.get_ref().as_table() {
                Some(table) => self.refuse_unknown_in(name, table, errors),
                None => errors.push(BaseError::WrongType {
                    place: Place::cell(FILE, line, name),
                    value: self.written(value).into(),
                    accepted: format!("[{name}]"),
                }),
            }
        }
    }

    fn refuse_unknown_in(&self, section: &str, table: &DeTable<'_>, errors: &mut Vec<BaseError>) {
        for key in table.keys() {
            if attributes::find(section, key.get_ref()).is_none() {
                let known = attributes::of_table(section)
                    .map(|a| a.name.clone())
                    .collect();
                errors.push(unknown(self.line(key.span().start), key.get_ref(), known));
            }
        }
    }

    /// A text, `None` if it isn't given; required ones that aren't are an error.
    pub(crate) fn text(
        &self,
        section: &str,
        name: &str,
        errors: &mut Vec<BaseError>,
    ) -> Option<String> {
        let value = self.value(section, name, errors)?;
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Some(text.trim().into()),
            _ => self.wrong(section, name, value, "\"…\"", errors),
        }
    }

    /// A quantity in SI.
    pub(crate) fn quantity(
        &self,
        section: &str,
        name: &str,
        errors: &mut Vec<BaseError>,
    ) -> Option<f64> {
        let attribute = attributes::find(section, name)?;
        let Kind::Quantity(dimension) = attribute.kind else {
            return None;
        };
        let value = self.value(section, name, errors)?;
        let place = self.place(section, name, value);
        let written = value
            .get_ref()
            .as_str()
            .unwrap_or_else(|| self.written(value));
        let si = match value.get_ref() {
            // A number without unit is the commonest slip and is answered as such.
            DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) => {
                quantity::parse(written, dimension)
            }
            _ => return self.wrong(section, name, value, &example(attribute), errors),
        };
        let si = si.map_err(|error| TableError::Unit {
            place: place.clone(),
            error: Box::new(error),
        });
        keep(
            si.and_then(|si| attribute.check(si, written, &place)),
            errors,
        )
    }

    /// A day, written as TOML day or as text.
    pub(crate) fn date(
        &self,
        section: &str,
        name: &str,
        errors: &mut Vec<BaseError>,
    ) -> Option<(Date, Place)> {
        let value = self.value(section, name, errors)?;
        let written = value
            .get_ref()
            .as_str()
            .unwrap_or_else(|| self.written(value));
        let place = self.place(section, name, value);
        let day = date::parse(written).ok_or_else(|| TableError::NotADate {
            place: place.clone(),
            value: written.into(),
        });
        keep(day, errors).map(|day| (day, place))
    }

    /// A whole number, the default if it isn't given.
    pub(crate) fn count(
        &self,
        section: &str,
        name: &str,
        errors: &mut Vec<BaseError>,
    ) -> Option<u64> {
        if !self.has(section, name) {
            return attributes::find(section, name)?.default.parse().ok();
        }
        let value = self.value(section, name, errors)?;
        let count = value
            .get_ref()
            .as_integer()
            .and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok());
        count.or_else(|| self.wrong(section, name, value, "1", errors))
    }

    /// Names, written as a list or as one text with commas.
    pub(crate) fn names(
        &self,
        section: &str,
        name: &str,
        errors: &mut Vec<BaseError>,
    ) -> Option<Vec<String>> {
        if !self.has(section, name) {
            return Some(split_names(&attributes::find(section, name)?.default));
        }
        let value = self.value(section, name, errors)?;
        let names = match value.get_ref() {
            DeValue::String(text) => Some(split_names(text)),
            DeValue::Array(items) => items
                .iter()
                .map(|item| item.get_ref().as_str().map(String::from))
                .collect(),
            _ => None,
        };
        names.or_else(|| self.wrong(section, name, value, "[\"…\", \"…\"]", errors))
    }

    /// Texts in both languages; either may stand for the other.
    pub(crate) fn labels(
        &self,
        section: &str,
        name: &str,
        errors: &mut Vec<BaseError>,
    ) -> Option<Vec<Label>> {
        if !self.has(section, name) {
            return Some(Vec::new());
        }
        let value = self.value(section, name, errors)?;
        let labels = value
            .get_ref()
            .as_array()
            .and_then(|items| items.iter().map(|i| label(i.get_ref())).collect());
        labels.or_else(|| self.wrong(section, name, value, "[{ en = \"…\", zh = \"…\" }]", errors))
    }

    /// Whether an entry is given.
    pub(crate) fn has(&self, section: &str, name: &str) -> bool {
        self.get(section, name).is_some()
    }

    /// Where an entry stands, or where it would.
    pub(crate) fn place_of(&self, section: &str, name: &str) -> Place {
        self.get(section, name).map_or_else(
            || Place::entry(FILE, format!("{section}.{name}")),
            |value| self.place(section, name, value),
        )
    }

    fn get(&self, section: &str, name: &str) -> Option<&Spanned<DeValue<'t>>> {
        let table = self
            .root
            .iter()
            .find(|(key, _)| key.get_ref() == section)?
            .1
            .get_ref()
            .as_table()?;
        table
            .iter()
            .find(|(key, _)| key.get_ref() == name)
            .map(|(_, value)| value)
    }

    fn value(
        &self,
        section: &str,
        name: &str,
        errors: &mut Vec<BaseError>,
    ) -> Option<&Spanned<DeValue<'t>>> {
        let value = self.get(section, name);
        if value.is_none() {
            let attribute = attributes::find(section, name)?;
            // A misspelt entry is one mistake, not two.
            if attribute.required && !errors.iter().any(|error| error.likely() == Some(name)) {
                errors.push(BaseError::MissingEntry {
                    place: Place::file(FILE),
                    entry: format!("{section}.{name}"),
                    meaning: &attribute.meaning,
                });
            }
        }
        value
    }

    fn wrong<T>(
        &self,
        section: &str,
        name: &str,
        value: &Spanned<DeValue<'t>>,
        accepted: &str,
        errors: &mut Vec<BaseError>,
    ) -> Option<T> {
        errors.push(BaseError::WrongType {
            place: self.place(section, name, value),
            value: self.written(value).into(),
            accepted: format!("{name} = {accepted}"),
        });
        None
    }

    fn place(&self, section: &str, name: &str, value: &Spanned<DeValue<'t>>) -> Place {
        Place::cell(
            FILE,
            self.line(value.span().start),
            format!("{section}.{name}"),
        )
    }

    fn written(&self, value: &Spanned<DeValue<'t>>) -> &'t str {
        self.text.get(value.span()).unwrap_or_default()
    }

    fn line(&self, byte: usize) -> usize {
        position(self.text, byte).0
    }
}

fn unknown(line: usize, name: &str, known: Vec<String>) -> BaseError {
    BaseError::UnknownEntry {
        place: Place::row(FILE, line),
        entry: name.into(),
        known,
    }
}

fn example(attribute: &Attribute) -> String {
    format!(
        "\"{} {}\"",
        attribute.range.1.unwrap_or(1.0),
        attribute.unit
    )
}

pub(crate) fn label(value: &DeValue<'_>) -> Option<Label> {
    if let Some(text) = value.as_str() {
        return Some(Label {
            en: text.into(),
            zh: text.into(),
        });
    }
    let table = value.as_table()?;
    let text = |name: &str| {
        table
            .iter()
            .find(|(key, _)| key.get_ref() == name)
            .and_then(|(_, value)| value.get_ref().as_str())
    };
    let (en, zh) = (text("en"), text("zh"));
    let first = en.or(zh)?;
    Some(Label {
        en: en.unwrap_or(first).into(),
        zh: zh.unwrap_or(first).into(),
    })
}

/// Names between commas; a name that holds a comma is quoted.
fn split_names(text: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match (c, names.last_mut()) {
            ('"', _) => quoted = !quoted,
            (',', _) if !quoted => names.push(String::new()),
            (_, Some(name)) => name.push(c),
            _ => {}
        }
    }
    names
        .iter()
        .map(|name| name.trim().to_string())
        .filter(|name| !name.is_empty())
        .collect()
}

/// Names in one text, as [`split_names`] takes it apart.
pub(crate) fn join_names(names: &[String]) -> String {
    let quote = |name: &String| {
        if name.contains(',') {
            format!("\"{name}\"")
        } else {
            name.clone()
        }
    };
    names.iter().map(quote).collect::<Vec<_>>().join(",")
}

/// Line and column of a byte, both from 1.
pub(crate) fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}
