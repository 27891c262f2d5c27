//! Tables as people keep them: CSV with headers `NAME [UNIT]`, read with exact places for errors.
//!
//! UTF-8, a byte-order mark is fine; lines that begin with `#` are comments; rows without any
//! content are passed over. Every cell is text until it is asked for as a number, a quantity or a
//! day, and what is wrong with it names file, row (as a spreadsheet shows it), column, the value
//! and what is accepted.

use crate::date;
use crate::place::Place;
use crate::quantity::UnitError;
use crate::unit::{Dimension, Unit};
use jiff::civil::Date;

mod error;
mod read;

pub use error::TableError;

/// A table: every row has one cell for each column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// File name as the person knows it.
    pub file: String,
    /// Columns in the order of the file; no two have the same name.
    pub columns: Vec<Header>,
    /// Row of the header in the file; 1 unless comments stand above it.
    pub header_row: usize,
    /// Rows with content, in the order of the file; at least one.
    pub rows: Vec<Row>,
}

/// A column header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Name without unit, `temperature`.
    pub name: String,
    /// Text in the last pair of brackets, `degC`; empty where there is none.
    pub unit: String,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Number as a spreadsheet shows it: the first line of the file is row 1.
    pub number: usize,
    /// Cells without surrounding blanks.
    pub cells: Vec<String>,
}

/// Index into [`Table::columns`].
pub type ColumnId = usize;

impl Header {
    /// As written in a file: `temperature [degC]`.
    pub fn text(&self) -> String {
        if self.unit.is_empty() {
            self.name.clone()
        } else {
            format!("{} [{}]", self.name, self.unit)
        }
    }
}

impl Table {
    /// Reads a table from the text of a file.
    pub fn read(file: &str, text: &str) -> Result<Table, TableError> {
        read::table(file, text)
    }

    /// Index of a column by name, `None` where the table lacks it.
    pub fn find(&self, name: &str) -> Option<ColumnId> {
        self.columns.iter().position(|c| c.name == name)
    }

    /// Index of a column that must be there.
    pub fn column(&self, name: &str) -> Result<ColumnId, TableError> {
        self.find(name).ok_or_else(|| TableError::MissingColumn {
            place: Place::row(&self.file, self.header_row),
            column: name.into(),
            present: self.columns.iter().map(Header::text).collect(),
        })
    }

    /// The unit of a column, if it is one of the dimension's.
    pub fn unit(
        &self,
        column: ColumnId,
        dimension: Dimension,
    ) -> Result<&'static Unit, TableError> {
        let header = &self.columns[column];
        let written = if header.unit.is_empty() {
            None
        } else {
            Some(header.unit.as_str())
        };
        crate::unit::find_in(&header.text(), written, dimension).map_err(|error| TableError::Unit {
            place: self.header_place(column),
            error: Box::new(error),
        })
    }

    /// Where the header of a column stands.
    pub fn header_place(&self, column: ColumnId) -> Place {
        Place::cell(&self.file, self.header_row, self.columns[column].text())
    }

    /// A cell together with its place.
    pub fn cell<'t>(&'t self, row: &'t Row, column: ColumnId) -> Cell<'t> {
        Cell {
            table: self,
            row,
            column,
        }
    }

    /// All cells of a column.
    pub fn cells(&self, column: ColumnId) -> impl Iterator<Item = Cell<'_>> {
        self.rows.iter().map(move |row| self.cell(row, column))
    }

    /// Numbers of a column that must be there and filled in every row, in SI units.
    pub fn quantities(&self, name: &str, dimension: Dimension) -> Result<Vec<f64>, TableError> {
        let column = self.column(name)?;
        self.cells(column)
            .map(|cell| cell.quantity(dimension))
            .collect()
    }
}

/// One cell, which knows where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'t> {
    table: &'t Table,
    row: &'t Row,
    column: ColumnId,
}

impl<'t> Cell<'t> {
    /// The text, empty for a blank cell.
    pub fn raw(&self) -> &'t str {
        self.row.cells.get(self.column).map_or("", String::as_str)
    }

    /// Whether nothing is written there.
    pub fn is_blank(&self) -> bool {
        self.raw().is_empty()
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        Place::cell(
            &self.table.file,
            self.row.number,
            self.table.columns[self.column].text(),
        )
    }

    /// Text that must be there.
    pub fn text(&self) -> Result<&'t str, TableError> {
        self.optional_text().ok_or_else(|| TableError::Blank {
            place: self.place(),
            accepted: Accepted::Text,
        })
    }

    /// Text, `None` if blank.
    pub fn optional_text(&self) -> Option<&'t str> {
        if self.is_blank() {
            None
        } else {
            Some(self.raw())
        }
    }

    /// A number that must be there, in the unit of the header.
    pub fn number(&self) -> Result<f64, TableError> {
        self.optional_number()?.ok_or_else(|| TableError::Blank {
            place: self.place(),
            accepted: Accepted::Number,
        })
    }

    /// A number in the unit of the header, `None` if blank.
    pub fn optional_number(&self) -> Result<Option<f64>, TableError> {
        self.optional_text()
            .map(|text| self.to_number(text))
            .transpose()
    }

    /// A number that must be there and not be negative.
    pub fn non_negative(&self) -> Result<f64, TableError> {
        self.number().and_then(|value| self.refuse_negative(value))
    }

    /// A number that must not be negative, `None` if blank.
    pub fn optional_non_negative(&self) -> Result<Option<f64>, TableError> {
        self.optional_number()?
            .map(|value| self.refuse_negative(value))
            .transpose()
    }

    /// A number that must be there, converted from the unit of the header to SI.
    pub fn quantity(&self, dimension: Dimension) -> Result<f64, TableError> {
        Ok(self
            .table
            .unit(self.column, dimension)?
            .to_si(self.number()?))
    }

    /// A number converted from the unit of the header to SI, `None` if blank.
    pub fn optional_quantity(&self, dimension: Dimension) -> Result<Option<f64>, TableError> {
        let unit = self.table.unit(self.column, dimension)?;
        Ok(self.optional_number()?.map(|value| unit.to_si(value)))
    }

    /// A count that must be there: 0, 1, 2, …
    pub fn count(&self) -> Result<u64, TableError> {
        let text = self.text()?;
        text.parse().map_err(|_| TableError::NotANumber {
            place: self.place(),
            value: text.into(),
            accepted: Accepted::Count,
        })
    }

    /// A day that must be there.
    pub fn date(&self) -> Result<Date, TableError> {
        self.optional_date()?.ok_or_else(|| TableError::Blank {
            place: self.place(),
            accepted: Accepted::Date,
        })
    }

    /// A day, `None` if blank.
    pub fn optional_date(&self) -> Result<Option<Date>, TableError> {
        self.optional_text()
            .map(|text| {
                date::parse(text).ok_or_else(|| TableError::NotADate {
                    place: self.place(),
                    value: text.into(),
                })
            })
            .transpose()
    }

    /// One of some words, by its index.
    pub fn choice(&self, accepted: &[&str]) -> Result<usize, TableError> {
        let text = self.text()?;
        accepted
            .iter()
            .position(|word| *word == text)
            .ok_or_else(|| TableError::NotAllowed {
                place: self.place(),
                value: text.into(),
                accepted: accepted.iter().map(|word| word.to_string()).collect(),
            })
    }

    fn to_number(self, text: &str) -> Result<f64, TableError> {
        let value: f64 = text.parse().map_err(|_| TableError::NotANumber {
            place: self.place(),
            value: text.into(),
            accepted: Accepted::Number,
        })?;
        if value.is_finite() {
            Ok(value)
        } else {
            Err(TableError::NotFinite {
                place: self.place(),
                value: text.into(),
            })
        }
    }

    fn refuse_negative(&self, value: f64) -> Result<f64, TableError> {
        if value < 0.0 {
            Err(TableError::Negative {
                place: self.place(),
                value: self.raw().into(),
            })
        } else {
            Ok(value)
        }
    }
}

/// What a cell accepts, for error messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Accepted {
    /// Any text.
    Text,
    /// A decimal number.
    Number,
    /// A whole number from 0 up.
    Count,
    /// A day.
    Date,
}

impl TableError {
    /// Where the trouble is.
    pub fn place(&self) -> &Place {
        match self {
            TableError::Empty { place }
            | TableError::NoRows { place }
            | TableError::BadHeader { place, .. }
            | TableError::MissingColumn { place, .. }
            | TableError::DuplicateColumn { place, .. }
            | TableError::RaggedRow { place, .. }
            | TableError::Unreadable { place }
            | TableError::Blank { place, .. }
            | TableError::NotANumber { place, .. }
            | TableError::NotFinite { place, .. }
            | TableError::Negative { place, .. }
            | TableError::OutOfRange { place, .. }
            | TableError::NotADate { place, .. }
            | TableError::NotAllowed { place, .. }
            | TableError::Unit { place, .. } => place,
        }
    }

    /// The trouble with a unit, where it is one.
    pub fn unit_error(&self) -> Option<&UnitError> {
        match self {
            TableError::Unit { error, .. } => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
