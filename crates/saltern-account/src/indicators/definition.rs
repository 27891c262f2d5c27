//! Definitions and inputs, and the tables they are read from.

use crate::error::AccountError;
use crate::measure::Measure;
use saltern_base::model::Label;
use saltern_units::formula::Formula;
use saltern_units::table::{ColumnId, Table};

/// What an indicator is.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// Id, unique among the definitions in use.
    pub id: String,
    /// What it is called.
    pub name: Label,
    /// Standard and year, or whose definition it is.
    pub edition: Label,
    /// Set that the formula is evaluated for each member of, called `x` there.
    pub each: Option<String>,
    /// The formula.
    pub formula: Formula,
    /// The formula as written.
    pub text: String,
    /// Unit as written.
    pub unit: String,
    /// Unit.
    pub measure: Measure,
    /// Where the definition comes from.
    pub source: Label,
    /// What is asked for, where that is published.
    pub threshold: Option<Threshold>,
}

/// What a standard asks for, in the unit of the indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The value.
    pub value: f64,
    /// Whether figures should be at least that, or at most.
    pub at_least: bool,
    /// Where it is published, and when.
    pub source: Label,
}

impl Definition {
    /// What is asked for, in the unit of the indicator: at least that, or at most; `None` where nothing is.
    pub fn asked(&self, at_least: bool) -> Option<f64> {
        let threshold = self.threshold.as_ref();
        threshold
            .filter(|t| t.at_least == at_least)
            .map(|t| t.value)
    }

    /// Reads a table of definitions: `id`, `edition`, `name_en`, `name_zh`, `each`, `expression`, `unit`, `source`,
    /// `at_least`, `at_most`, `threshold_source`. Thresholds are in the unit of the row. `edition_zh`, `source_zh` and
    /// `threshold_source_zh` may stand beside; where one is blank or absent, what is not in Chinese holds for both languages.
    ///
    /// # Errors
    /// What is wrong, with its place. A threshold without source is refused: [`AccountError::Needed`].
    pub fn read(file: &str, text: &str) -> Result<Vec<Definition>, AccountError> {
        let table = Table::read(file, text)?;
        let names = [
            "id",
            "edition",
            "name_en",
            "name_zh",
            "each",
            "expression",
            "unit",
            "source",
            "at_least",
            "at_most",
            "threshold_source",
        ];
        let columns = names
            .iter()
            .map(|name| table.column(name))
            .collect::<Result<Vec<_>, _>>()?;
        let chinese =
            ["edition_zh", "source_zh", "threshold_source_zh"].map(|name| table.find(name));
        let mut all: Vec<Definition> = Vec::new();
        for row in &table.rows {
            let cell = |i: usize| table.cell(row, columns[i]);
            let label = |i: usize, zh: Option<ColumnId>| {
                let zh = zh.and_then(|column| table.cell(row, column).optional_text());
                Label {
                    en: cell(i).raw().into(),
                    zh: zh.unwrap_or(cell(i).raw()).into(),
                }
            };
            let id = cell(0).text()?;
            if all.iter().any(|d| d.id == id) {
                return Err(AccountError::Duplicate {
                    place: cell(0).place(),
                    id: id.into(),
                });
            }
            let (least, most) = (cell(8).optional_number()?, cell(9).optional_number()?);
            for (i, what) in [(6, "unit"), (7, "source"), (10, "threshold_source")] {
                if cell(i).is_blank() && (i < 10 || least.or(most).is_some()) {
                    return Err(AccountError::Needed {
                        place: cell(i).place(),
                        what,
                        id: id.into(),
                    });
                }
            }
            all.push(Definition {
                id: id.into(),
                name: Label {
                    en: cell(2).text()?.into(),
                    zh: cell(3).text()?.into(),
                },
                edition: label(1, chinese[0]),
                each: cell(4).optional_text().map(String::from),
                formula: Formula::read(cell(5).text()?)
                    .map_err(|e| AccountError::from(e).at(cell(5).place()))?,
                text: cell(5).raw().into(),
                unit: cell(6).raw().into(),
                measure: Measure::read(cell(6).raw()).map_err(|e| e.at(cell(6).place()))?,
                source: label(7, chinese[1]),
                threshold: least.or(most).map(|value| Threshold {
                    value,
                    at_least: least.is_some(),
                    source: label(10, chinese[2]),
                }),
            });
        }
        Ok(all)
    }
}

/// Numbers and sets that formulas name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    /// Name, value in base units, unit.
    pub values: Vec<(String, f64, Measure)>,
    /// Sets of elements: name and members.
    pub sets: Vec<(String, Vec<String>)>,
}

impl Inputs {
    /// Reads numbers (`id`, `value`, `unit`, `source`) and lays them on top of those there.
    ///
    /// # Errors
    /// What is wrong, with its place.
    pub fn read_values(&mut self, file: &str, text: &str) -> Result<(), AccountError> {
        let table = Table::read(file, text)?;
        let mut columns = [0; 4];
        for (column, name) in columns.iter_mut().zip(["id", "value", "unit", "source"]) {
            *column = table.column(name)?;
        }
        for row in &table.rows {
            let cell = |i: usize| table.cell(row, columns[i]);
            let id = cell(0).text()?;
            for (i, what) in [(2, "unit"), (3, "source")] {
                if cell(i).is_blank() {
                    return Err(AccountError::Needed {
                        place: cell(i).place(),
                        what,
                        id: id.into(),
                    });
                }
            }
            let measure = Measure::read(cell(2).raw()).map_err(|e| e.at(cell(2).place()))?;
            let value = cell(1).number()? * measure.factor;
            self.values.retain(|(known, ..)| known != id);
            self.values.push((id.into(), value, measure));
        }
        Ok(())
    }

    /// Reads sets (`set`, `member`), one member a row; a set given anew takes the place of the old one.
    ///
    /// # Errors
    /// What is wrong, with its place.
    pub fn read_sets(&mut self, file: &str, text: &str) -> Result<(), AccountError> {
        let table = Table::read(file, text)?;
        let (set, member) = (table.column("set")?, table.column("member")?);
        let mut given: Vec<(String, Vec<String>)> = Vec::new();
        for row in &table.rows {
            let (name, member) = (
                table.cell(row, set).text()?,
                table.cell(row, member).text()?,
            );
            match given.iter_mut().find(|(known, _)| known == name) {
                Some((_, members)) => members.push(member.into()),
                None => given.push((name.into(), vec![member.into()])),
            }
        }
        self.sets
            .retain(|(name, _)| !given.iter().any(|(new, _)| new == name));
        self.sets.extend(given);
        Ok(())
    }
}
