//! Quantities as people write them, `"0.35 m"`, to SI and back.

use crate::message::{Catalogue, Fields, Lang, Message};
use crate::unit::{self, Dimension, Unit};
use std::sync::LazyLock;

/// The SI value of a quantity such as `25 degC`, `3000 亩`, `30 °Bé`.
///
/// The unit must be one of the dimension's; only a fraction may stand without one.
pub fn parse(text: &str, dimension: Dimension) -> Result<f64, UnitError> {
    let (number, written) = split(text);
    let number = to_number(text, number, dimension)?;
    let unit = unit::find_in(text, written, dimension)?;
    let value = unit.to_si(number);
    if value.is_finite() {
        Ok(value)
    } else {
        Err(UnitError::NotFinite { text: text.into() })
    }
}

/// A quantity in the fewest digits that [`parse`] reads back as the same value (or, where rounding
/// in the conversion allows none, all digits).
pub fn format(value_si: f64, unit: &Unit) -> String {
    let number = unit.from_si(value_si);
    let reads_back = |text: &String| text.parse().is_ok_and(|n: f64| unit.to_si(n) == value_si);
    let digits = (1..=17)
        .map(|digits| significant(number, digits))
        .find(reads_back);
    join(&digits.unwrap_or_else(|| number.to_string()), unit)
}

/// A quantity rounded to some significant digits, for people.
pub fn format_rounded(value_si: f64, unit: &Unit, digits: usize) -> String {
    join(&significant(unit.from_si(value_si), digits), unit)
}

/// A number in so many significant digits without trailing zeros, never in scientific notation.
pub fn significant(number: f64, digits: usize) -> String {
    let rounded = format!("{number:.*e}", digits.saturating_sub(1));
    // Reading back what was just written gives the shortest form of the rounded number.
    rounded.parse::<f64>().map_or(
        rounded,
        |n| if n == 0.0 { "0".into() } else { n.to_string() },
    )
}

fn join(number: &str, unit: &Unit) -> String {
    if unit.symbol == "1" {
        number.into()
    } else {
        format!("{number} {}", unit.symbol)
    }
}

/// Number and unit; the blank between them may be missing.
fn split(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    let (number, unit) = text.split_at(number_length(text));
    let unit = unit.trim();
    (
        number.trim(),
        if unit.is_empty() { None } else { Some(unit) },
    )
}

/// Bytes of the decimal number that a text begins with.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let sign = |at: usize| usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
    let mut end = sign(0);
    end += digits(end);
    if bytes.get(end) == Some(&b'.') {
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let exponent = end + 1 + sign(end + 1);
        let count = digits(exponent.min(bytes.len()));
        // Without digits the e begins a unit.
        if count > 0 {
            end = exponent + count;
        }
    }
    end
}

fn to_number(text: &str, number: &str, dimension: Dimension) -> Result<f64, UnitError> {
    let lower = text
        .trim()
        .trim_start_matches(['+', '-'])
        .to_ascii_lowercase();
    if number.trim_matches(['+', '-']).is_empty()
        && (lower.starts_with("nan") || lower.starts_with("inf"))
    {
        return Err(UnitError::NotFinite { text: text.into() });
    }
    number.parse().map_err(|_| UnitError::NotANumber {
        text: text.into(),
        dimension,
    })
}

/// What is wrong with a quantity. `text` is what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitError {
    /// `units.not_a_number`: the text doesn't begin with a decimal number.
    NotANumber {
        /// What is written.
        text: String,
        /// What was asked for.
        dimension: Dimension,
    },
    /// `units.not_finite`: NaN or infinity.
    NotFinite {
        /// What is written.
        text: String,
    },
    /// `units.missing_unit`.
    MissingUnit {
        /// What is written.
        text: String,
        /// What was asked for.
        dimension: Dimension,
    },
    /// `units.unknown_unit`.
    UnknownUnit {
        /// What is written.
        text: String,
        /// The unit in it.
        unit: String,
        /// What was asked for.
        dimension: Dimension,
        /// An accepted unit that looks like it.
        nearest: Option<String>,
    },
    /// `units.wrong_dimension`: a unit of something else.
    WrongDimension {
        /// What is written.
        text: String,
        /// The unit in it.
        unit: String,
        /// What that unit measures.
        found: Dimension,
        /// What was asked for.
        dimension: Dimension,
    },
}

impl Message for UnitError {
    fn code(&self) -> &'static str {
        match self {
            UnitError::NotANumber { .. } => "units.not_a_number",
            UnitError::NotFinite { .. } => "units.not_finite",
            UnitError::MissingUnit { .. } => "units.missing_unit",
            UnitError::UnknownUnit { .. } => "units.unknown_unit",
            UnitError::WrongDimension { .. } => "units.wrong_dimension",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let asked = |dimension: &Dimension| -> Fields {
            vec![
                ("dimension", dimension.text(lang).into()),
                ("accepted", lang.list(&dimension.accepted())),
                ("example", format(1.0, dimension.si())),
            ]
        };
        match self {
            UnitError::NotFinite { text } => vec![("text", text.clone())],
            UnitError::NotANumber { text, dimension }
            | UnitError::MissingUnit { text, dimension } => {
                [vec![("text", text.clone())], asked(dimension)].concat()
            }
            UnitError::UnknownUnit {
                text,
                unit,
                dimension,
                nearest,
            } => {
                let hint = nearest.as_ref().map(|near| {
                    lang.pick(
                        format!(" (did you mean “{near}”?)"),
                        format!("（是否应为“{near}”？）"),
                    )
                });
                let own: Fields = vec![
                    ("text", text.clone()),
                    ("unit", unit.clone()),
                    ("hint", hint.unwrap_or_default()),
                ];
                [own, asked(dimension)].concat()
            }
            UnitError::WrongDimension {
                text,
                unit,
                found,
                dimension,
            } => {
                let own: Fields = vec![
                    ("text", text.clone()),
                    ("unit", unit.clone()),
                    ("found", found.text(lang).into()),
                ];
                [own, asked(dimension)].concat()
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl std::fmt::Display for UnitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for UnitError {}

/// The sentences of this crate's errors.
pub(crate) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("messages.csv")));
    &CATALOGUE
}

#[cfg(test)]
mod tests;
