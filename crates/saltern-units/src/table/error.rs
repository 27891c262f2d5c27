//! What can be wrong with a table.

use super::Accepted;
use crate::date;
use crate::message::{Catalogue, Fields, Lang, Message};
use crate::place::Place;
use crate::quantity::{self, UnitError};

/// What is wrong with a table, and where.
#[derive(Clone, Debug, PartialEq)]
pub enum TableError {
    /// `table.empty`: nothing in the file, not even a header.
    Empty {
        /// The file.
        place: Place,
    },
    /// `table.no_rows`: a header and nothing below it.
    NoRows {
        /// The file.
        place: Place,
    },
    /// `table.bad_header`: a header without name, or with brackets that don't match.
    BadHeader {
        /// The header row.
        place: Place,
        /// What is written.
        value: String,
        /// Which column, from 1.
        number: usize,
    },
    /// `table.missing_column`.
    MissingColumn {
        /// The header row.
        place: Place,
        /// Name of the column that is needed.
        column: String,
        /// Columns that are there.
        present: Vec<String>,
    },
    /// `table.duplicate_column`.
    DuplicateColumn {
        /// The second of the two.
        place: Place,
        /// Their name.
        column: String,
    },
    /// `table.ragged_row`: more or fewer cells than columns.
    RaggedRow {
        /// The row.
        place: Place,
        /// Cells in it.
        cells: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// `table.unreadable`: the CSV itself can't be taken apart.
    Unreadable {
        /// The row.
        place: Place,
    },
    /// `table.blank`: a cell that must be filled.
    Blank {
        /// The cell.
        place: Place,
        /// What is accepted.
        accepted: Accepted,
    },
    /// `table.not_a_number`.
    NotANumber {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
        /// What is accepted.
        accepted: Accepted,
    },
    /// `table.not_finite`: NaN or infinity.
    NotFinite {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
    },
    /// `table.negative`: a negative number where none can be.
    Negative {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
    },
    /// `table.out_of_range`.
    OutOfRange {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
        /// The accepted range with its unit.
        accepted: String,
    },
    /// `table.not_a_date`: no day of the calendar.
    NotADate {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
    },
    /// `table.not_allowed`: a word that is not one of the known ones.
    NotAllowed {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
        /// Words that are accepted.
        accepted: Vec<String>,
    },
    /// `units.…`: the unit in the header.
    Unit {
        /// The header.
        place: Place,
        /// What is wrong with it.
        error: Box<UnitError>,
    },
}

impl Accepted {
    /// In words.
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Accepted::Text => lang.pick("a text", "文字"),
            Accepted::Number => lang.pick("a decimal number such as 0.35", "小数，例如 0.35"),
            Accepted::Count => lang.pick("a whole number such as 4", "整数，例如 4"),
            Accepted::Date => lang.pick("a day such as 2025-04-01", "日期，例如 2025-04-01"),
        }
    }
}

impl Message for TableError {
    fn code(&self) -> &'static str {
        match self {
            TableError::Empty { .. } => "table.empty",
            TableError::NoRows { .. } => "table.no_rows",
            TableError::BadHeader { .. } => "table.bad_header",
            TableError::MissingColumn { .. } => "table.missing_column",
            TableError::DuplicateColumn { .. } => "table.duplicate_column",
            TableError::RaggedRow { .. } => "table.ragged_row",
            TableError::Unreadable { .. } => "table.unreadable",
            TableError::Blank { .. } => "table.blank",
            TableError::NotANumber { .. } => "table.not_a_number",
            TableError::NotFinite { .. } => "table.not_finite",
            TableError::Negative { .. } => "table.negative",
            TableError::OutOfRange { .. } => "table.out_of_range",
            TableError::NotADate { .. } => "table.not_a_date",
            TableError::NotAllowed { .. } => "table.not_allowed",
            TableError::Unit { error, .. } => error.code(),
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let mut fields = vec![("place", self.place().text(lang))];
        match self {
            TableError::Empty { .. }
            | TableError::NoRows { .. }
            | TableError::Unreadable { .. } => {}
            TableError::BadHeader { value, number, .. } => {
                fields.extend([("value", value.clone()), ("number", number.to_string())]);
            }
            TableError::MissingColumn {
                column, present, ..
            } => {
                fields.extend([("column", column.clone()), ("present", lang.list(present))]);
            }
            TableError::DuplicateColumn { column, .. } => fields.push(("column", column.clone())),
            TableError::RaggedRow { cells, columns, .. } => {
                fields.extend([
                    ("cells", cells.to_string()),
                    ("columns", columns.to_string()),
                ]);
            }
            TableError::Blank { accepted, .. } => {
                fields.push(("accepted", accepted.text(lang).into()))
            }
            TableError::NotANumber {
                value, accepted, ..
            } => {
                fields.extend([
                    ("value", value.clone()),
                    ("accepted", accepted.text(lang).into()),
                ]);
            }
            TableError::NotFinite { value, .. } | TableError::Negative { value, .. } => {
                fields.push(("value", value.clone()));
            }
            TableError::OutOfRange {
                value, accepted, ..
            } => {
                fields.extend([("value", value.clone()), ("accepted", accepted.clone())]);
            }
            TableError::NotADate { value, .. } => {
                fields.extend([
                    ("value", value.clone()),
                    ("accepted", date::ACCEPTED.into()),
                ]);
            }
            TableError::NotAllowed {
                value, accepted, ..
            } => {
                fields.extend([("value", value.clone()), ("accepted", lang.list(accepted))]);
            }
            TableError::Unit { error, .. } => fields.extend(error.fields(lang)),
        }
        fields
    }

    fn catalogue(&self) -> &'static Catalogue {
        quantity::catalogue()
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            TableError::Unit { place, error } => {
                format!(
                    "{}{}{}",
                    place.text(lang),
                    lang.pick(": ", "："),
                    error.text(lang)
                )
            }
            _ => self
                .catalogue()
                .render(self.code(), lang, &self.fields(lang)),
        }
    }
}

impl std::fmt::Display for TableError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for TableError {}
