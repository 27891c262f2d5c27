//! The one table of attributes: what may stand in a base folder, a state and a schedule, in which
//! unit, between which bounds, what it means, and what holds if it is left out. It reads,
//! validates and documents.

use crate::document::SECTIONS;
use crate::model::Label;
use saltern_units::Lang;
use saltern_units::place::Place;
use saltern_units::table::{Table, TableError};
use saltern_units::unit::{self, Dimension, Unit};
use std::sync::LazyLock;

/// One attribute: a column of a table, or an entry of `base.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Table it belongs to: `ponds` is `ponds.csv`, `site` is a section of `base.toml`.
    pub table: String,
    /// Name of the column or entry, without unit.
    pub name: String,
    /// What stands there.
    pub kind: Kind,
    /// Unit of default and bounds, for numbers; any unit of the same dimension is read.
    pub unit: String,
    /// What holds where it is left out; empty where there is no default.
    pub default: String,
    /// Lowest and highest accepted value in [`Attribute::unit`].
    pub range: (Option<f64>, Option<f64>),
    /// Whether it must be given.
    pub required: bool,
    /// Short name for people.
    pub label: Label,
    /// What it means.
    pub meaning: Label,
    /// Where default and bounds come from; `assumed` where nobody measured.
    pub source: String,
}

/// What stands in an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name that others refer to.
    Id,
    /// Any text.
    Text,
    /// A list of names.
    Names,
    /// A list of texts in both languages.
    Labels,
    /// A number without unit.
    Number,
    /// A whole number from 0 up.
    Count,
    /// A day.
    Date,
    /// A day of every year.
    MonthDay,
    /// One of some words.
    Choice(Vec<String>),
    /// An id of another table.
    Reference(String),
    /// A number with a unit.
    Quantity(Dimension),
    /// Numbers with a unit by name (of minerals, ions, substances): a table of an entry.
    Shares(Dimension),
}

/// All attributes in the order in which they are documented.
pub fn all() -> &'static [Attribute] {
    static ALL: LazyLock<Vec<Attribute>> = LazyLock::new(|| embedded().unwrap_or_default());
    &ALL
}

/// Attributes of a table.
pub fn of_table(table: &str) -> impl Iterator<Item = &'static Attribute> {
    all().iter().filter(move |a| a.table == table)
}

/// An attribute by table and name.
pub fn find(table: &str, name: &str) -> Option<&'static Attribute> {
    of_table(table).find(|a| a.name == name)
}

impl Attribute {
    /// Unit of default and bounds; `None` for what is no quantity.
    pub fn own_unit(&self) -> Option<&'static Unit> {
        match self.kind {
            Kind::Quantity(dimension) | Kind::Shares(dimension) => {
                unit::find(Some(&self.unit), dimension).ok()
            }
            _ => None,
        }
    }

    /// The default in SI, for quantities and numbers that have one.
    pub fn default_si(&self) -> Option<f64> {
        let number = self.default.parse().ok()?;
        Some(self.own_unit().map_or(number, |unit| unit.to_si(number)))
    }

    /// The value if it lies within the bounds; `written` is what the person wrote.
    pub fn check(&self, value_si: f64, written: &str, place: &Place) -> Result<f64, TableError> {
        let to_si = |number: f64| self.own_unit().map_or(number, |unit| unit.to_si(number));
        let below = self
            .range
            .0
            .is_some_and(|low| value_si < to_si(low) - slack(to_si(low)));
        let above = self
            .range
            .1
            .is_some_and(|high| value_si > to_si(high) + slack(to_si(high)));
        let never_negative = self
            .range
            .0
            .is_some_and(|low| low >= 0.0 && to_si(low) >= 0.0);
        match below || above {
            false => Ok(value_si),
            true if never_negative && value_si < 0.0 => Err(TableError::Negative {
                place: place.clone(),
                value: written.into(),
            }),
            true => Err(TableError::OutOfRange {
                place: place.clone(),
                value: written.into(),
                accepted: self.range_text(),
            }),
        }
    }

    /// The bounds with their unit, `0 … 50 m`; empty without bounds.
    pub fn range_text(&self) -> String {
        let unit = if self.unit.is_empty() || self.unit == "1" {
            String::new()
        } else {
            format!(" {}", self.unit)
        };
        match self.range {
            (Some(low), Some(high)) => format!("{low} … {high}{unit}"),
            (Some(low), None) => format!("≥ {low}{unit}"),
            (None, Some(high)) => format!("≤ {high}{unit}"),
            (None, None) => String::new(),
        }
    }
}

/// Bounds hold in any unit: a bound converted twice may be off in the last digits.
fn slack(bound_si: f64) -> f64 {
    1e-12 * bound_si.abs()
}

/// Markdown that lists every attribute with its unit, default and meaning.
pub fn reference(lang: Lang) -> String {
    listed(all(), &|table| table_title(table, lang), lang)
}

/// Markdown that lists attributes under a head for each of their tables; `head` says what stands there.
pub fn listed(attributes: &[Attribute], head: &dyn Fn(&str) -> String, lang: Lang) -> String {
    let columns = lang.pick(
        "| attribute | name | kind | default | accepted | meaning | source |",
        "| 属性 | 名称 | 类型 | 默认值 | 允许范围 | 含义 | 来源 |",
    );
    let mut text = String::new();
    let mut table = "";
    for attribute in attributes {
        if attribute.table != table {
            table = &attribute.table;
            let head = head(table);
            text.push_str(&format!(
                "\n## {head}{columns}\n|---|---|---|---|---|---|---|\n"
            ));
        }
        text.push_str(&table_row(attribute, lang));
    }
    text
}

fn table_title(table: &str, lang: Lang) -> String {
    let title = match table {
        "state" | "schedule" => format!("`--{table}`"),
        _ if SECTIONS.contains(&table) => format!("`base.toml` `[{table}]`"),
        _ => format!("`{table}.csv`"),
    };
    format!("{title}\n\n{}", free_columns(table, lang))
}

/// What else may stand in tables whose columns are not all named beforehand.
fn free_columns(table: &str, lang: Lang) -> String {
    let assay = lang.pick(
        "Besides, one column a component, `NAME [UNIT]`: NAME one of Na K Mg Ca Li Rb Cs Sr Cl Br SO4 HCO3 CO3 \
         alkalinity C B B2O3 H3BO3 NO3, UNIT one of mol/kgw mmol/kgw g/L mg/L g/kg mg/kg wt% ppm; blank means \
         not analysed.",
        "此外每种组分一列 `名称 [单位]`：名称为 Na K Mg Ca Li Rb Cs Sr Cl Br SO4 HCO3 CO3 alkalinity C B B2O3 H3BO3 NO3 \
         之一，单位为 mol/kgw mmol/kgw g/L mg/L g/kg mg/kg wt% ppm 之一；空白表示未化验。",
    );
    let floor = lang.pick(
        " A column `floor MINERAL [m]` gives the thickness of salt on the floor.",
        "`floor 矿物名 [m]` 列为池底盐层厚度。",
    );
    match table {
        "brines" => format!("{assay}\n\n"),
        "state" => format!("{assay}{floor}\n\n"),
        _ => String::new(),
    }
}

fn table_row(attribute: &Attribute, lang: Lang) -> String {
    let Attribute {
        name,
        unit,
        default,
        label,
        meaning,
        source,
        ..
    } = attribute;
    let unit = if ["", "1"].contains(&unit.as_str()) {
        String::new()
    } else {
        format!(" [{unit}]")
    };
    let default = match (attribute.required, default.is_empty()) {
        (true, _) => lang.pick("**required**", "**必填**").to_string(),
        (false, true) => "–".into(),
        (false, false) => default.clone(),
    };
    let kind = attribute.kind.text(lang);
    let (label, meaning) = (
        lang.pick(&label.en, &label.zh),
        lang.pick(&meaning.en, &meaning.zh),
    );
    let range = attribute.range_text();
    format!("| `{name}{unit}` | {label} | {kind} | {default} | {range} | {meaning} | {source} |\n")
}

impl Kind {
    /// In words.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Kind::Id => lang.pick("id", "编号").into(),
            Kind::Text => lang.pick("text", "文字").into(),
            Kind::Names => lang.pick("names", "名称列表").into(),
            Kind::Labels => lang.pick("texts in both languages", "双语文字列表").into(),
            Kind::Number => lang.pick("number", "数值").into(),
            Kind::Count => lang.pick("whole number", "整数").into(),
            Kind::Date => lang.pick("day, YYYY-MM-DD", "日期 YYYY-MM-DD").into(),
            Kind::MonthDay => lang.pick("day of the year, MM-DD", "每年日期 MM-DD").into(),
            Kind::Choice(words) => words.join(", "),
            Kind::Reference(table) => lang.pick(
                format!("id in `{table}.csv`"),
                format!("`{table}.csv` 中的编号"),
            ),
            Kind::Quantity(dimension) | Kind::Shares(dimension) => dimension.text(lang).into(),
        }
    }

    fn from_text(text: &str) -> Option<Kind> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        Some(match word {
            "id" => Kind::Id,
            "text" => Kind::Text,
            "names" => Kind::Names,
            "labels" => Kind::Labels,
            "number" => Kind::Number,
            "count" => Kind::Count,
            "date" => Kind::Date,
            "month-day" => Kind::MonthDay,
            "choice" => Kind::Choice(rest.split('|').map(String::from).collect()),
            "reference" => Kind::Reference(rest.into()),
            "shares" => Kind::Shares(dimension(rest)?),
            _ => Kind::Quantity(dimension(word)?),
        })
    }
}

fn dimension(word: &str) -> Option<Dimension> {
    Some(match word {
        "fraction" => Dimension::Fraction,
        "length" => Dimension::Length,
        "area" => Dimension::Area,
        "volume" => Dimension::Volume,
        "flow" => Dimension::VolumeFlow,
        "velocity" => Dimension::Velocity,
        "temperature" => Dimension::Temperature,
        "angle" => Dimension::Angle,
        "time" => Dimension::Time,
        "mass" => Dimension::Mass,
        "mass-flow" => Dimension::MassFlow,
        "density" => Dimension::Density,
        "concentration" => Dimension::Concentration,
        "mass-fraction" => Dimension::MassFraction,
        "molality" => Dimension::Molality,
        "pressure" => Dimension::Pressure,
        "power" => Dimension::Power,
        "energy" => Dimension::Energy,
        "specific-energy" => Dimension::SpecificEnergy,
        "power-density" => Dimension::PowerDensity,
        "specific-volume" => Dimension::SpecificVolume,
        "rate" => Dimension::Rate,
        "money" => Dimension::Money,
        "energy-price" => Dimension::EnergyPrice,
        "mass-price" => Dimension::MassPrice,
        "power-price" => Dimension::PowerPrice,
        "emission-factor" => Dimension::EmissionFactor,
        _ => return None,
    })
}

/// The embedded table; a test sees to it that every row of it can be read.
fn embedded() -> Result<Vec<Attribute>, TableError> {
    read(&Table::read(
        "attributes.csv",
        include_str!("../attributes.csv"),
    )?)
}

/// Attributes from a table of them; other crates keep their own in the same form.
///
/// # Errors
/// [`TableError`] of the cell that is wrong.
pub fn read(table: &Table) -> Result<Vec<Attribute>, TableError> {
    let column = |name: &str| table.column(name);
    let names = [
        "table",
        "attribute",
        "type",
        "unit",
        "default",
        "low",
        "high",
        "required",
        "label_en",
        "label_zh",
        "meaning_en",
        "meaning_zh",
        "source",
    ];
    let columns = names
        .iter()
        .map(|name| column(name))
        .collect::<Result<Vec<_>, _>>()?;
    let read = |row| {
        let cell = |i: usize| table.cell(row, columns[i]);
        let text = |i: usize| cell(i).raw().to_string();
        Ok(Attribute {
            table: text(0),
            name: text(1),
            kind: Kind::from_text(cell(2).raw()).ok_or_else(|| TableError::NotAllowed {
                place: cell(2).place(),
                value: text(2),
                accepted: Vec::new(),
            })?,
            unit: text(3),
            default: text(4),
            range: (cell(5).optional_number()?, cell(6).optional_number()?),
            required: cell(7).choice(&["no", "yes"])? == 1,
            label: Label {
                en: text(8),
                zh: text(9),
            },
            meaning: Label {
                en: text(10),
                zh: text(11),
            },
            source: text(12),
        })
    };
    table.rows.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read() {
        let attributes = embedded().expect("the embedded table");
        assert_eq!(
            attributes.len(),
            include_str!("../attributes.csv").lines().count() - 1
        );
        assert_eq!(attributes.len(), all().len());
    }

    #[test]
    fn every_attribute_says_what_it_means_and_no_two_are_the_same() {
        for (i, a) in all().iter().enumerate() {
            assert!(
                !a.meaning.en.is_empty() && !a.meaning.zh.is_empty(),
                "{}.{}",
                a.table,
                a.name
            );
            assert!(
                !all()[..i]
                    .iter()
                    .any(|b| (&b.table, &b.name) == (&a.table, &a.name)),
                "{}",
                a.name
            );
            assert!(
                !a.required || a.default.is_empty(),
                "{} needs no default",
                a.name
            );
        }
    }

    #[test]
    fn quantities_have_a_unit_and_defaults_within_their_bounds() {
        for a in all() {
            if let Kind::Quantity(_) = a.kind {
                assert!(
                    a.own_unit().is_some(),
                    "{}.{}: unit {}",
                    a.table,
                    a.name,
                    a.unit
                );
            }
            if let Some(default) = a.default_si() {
                assert_eq!(a.check(default, &a.default, &Place::default()), Ok(default));
                assert!(
                    !a.source.is_empty(),
                    "{}.{}: a default needs a source",
                    a.table,
                    a.name
                );
            }
        }
    }

    #[test]
    fn bounds_hold_in_any_unit() {
        let latitude = find("site", "latitude").expect("latitude");
        assert!(latitude.check(90.0, "90", &Place::default()).is_ok());
        let error = latitude
            .check(91.0, "91 deg", &Place::file("base.toml"))
            .expect_err("beyond the pole");
        assert_eq!(
            error.to_string(),
            "base.toml: “91 deg” is out of range; accepted: -90 … 90 deg"
        );
        let temperature = find("ponds", "opening_temperature").expect("temperature");
        assert!(temperature.check(233.15, "-40", &Place::default()).is_ok());
        assert!(matches!(
            temperature.check(0.0, "0 K", &Place::default()),
            Err(TableError::OutOfRange { .. })
        ));
    }

    #[test]
    fn the_reference_lists_every_table_in_both_languages() {
        for lang in [Lang::En, Lang::Zh] {
            let text = reference(lang);
            for a in all() {
                assert!(text.contains(&format!("| `{}", a.name)), "{}", a.name);
            }
            assert!(text.contains("## `ponds.csv`") && text.contains("## `base.toml` `[site]`"));
        }
    }
}
