//! A CSV table read by its attributes: columns checked against the table of attributes, cells
//! converted and checked against bounds, every error collected.

use crate::attributes::{self, Attribute, Kind};
use crate::error::BaseError;
use crate::ids::Ids;
use crate::model::Label;
use jiff::civil::Date;
use saltern_units::date;
use saltern_units::place::Place;
use saltern_units::table::{Cell, Row, Table, TableError};

/// Reads the table of a key where it is there; one without rows is as good as none.
pub(crate) fn open_optional(
    files: &dyn Fn(&str) -> Option<String>,
    key: &'static str,
    errors: &mut Vec<BaseError>,
) -> Option<Sheet> {
    let file = format!("{key}.csv");
    let text = files(&file)?;
    let before = errors.len();
    let sheet = open(&file, &text, key, |_| false, errors);
    let no_rows = BaseError::Table(TableError::NoRows {
        place: Place::file(&file),
    });
    if sheet.is_none() && errors[before..] == [no_rows] {
        errors.truncate(before);
    }
    sheet
}

/// Reads a table and checks its columns against the attributes of `key`; `free` tells which other
/// columns are welcome (assay columns). `None` if nothing can be read from it.
pub(crate) fn open(
    file: &str,
    text: &str,
    key: &'static str,
    free: fn(&str) -> bool,
    errors: &mut Vec<BaseError>,
) -> Option<Sheet> {
    if let Some(error) = semicolons(file, text) {
        errors.push(error);
        return None;
    }
    let table = match Table::read(file, text) {
        Ok(table) => table,
        Err(error) => {
            errors.push(error.into());
            return None;
        }
    };
    let unknown = unknown_columns(&table, key, free);
    let missing = bad_columns(&table, key);
    let readable = missing.is_empty();
    // A misspelt column is one mistake, not two.
    let misspelt = |a: &Attribute| {
        unknown
            .iter()
            .any(|error| error.likely() == Some(header(a).as_str()))
    };
    let others = missing
        .into_iter()
        .filter(|(attribute, _)| !misspelt(attribute));
    let others: Vec<BaseError> = others.map(|(_, error)| error.into()).collect();
    errors.extend(unknown);
    errors.extend(others);
    readable.then_some(Sheet { table, key })
}

/// The error of a table that a spreadsheet saved with semicolons, as it does where the comma is the
/// decimal sign.
fn semicolons(file: &str, text: &str) -> Option<BaseError> {
    let written = |line: &str| !line.starts_with('#') && !line.trim().is_empty();
    let (number, header) = text.lines().enumerate().find(|(_, line)| written(line))?;
    (header.contains(';') && !header.contains(',')).then(|| BaseError::Semicolons {
        place: Place::row(file, number + 1),
        value: header.trim_start_matches('\u{feff}').trim().into(),
    })
}

fn unknown_columns(table: &Table, key: &'static str, free: fn(&str) -> bool) -> Vec<BaseError> {
    let welcome = |name: &str| attributes::find(key, name).is_some() || free(name);
    let unknown = table.columns.iter().filter(|column| !welcome(&column.name));
    unknown
        .map(|column| BaseError::UnknownEntry {
            place: Place::row(&table.file, table.header_row),
            entry: column.text(),
            known: attributes::of_table(key).map(header).collect(),
        })
        .collect()
}

/// Missing columns, and units of headers that don't fit, each once and not again for every row.
fn bad_columns(table: &Table, key: &'static str) -> Vec<(&'static Attribute, TableError)> {
    let check = |a: &Attribute| match (table.find(&a.name), &a.kind) {
        (None, _) if a.required => table.column(&a.name).err(),
        (Some(column), Kind::Quantity(dimension)) => table.unit(column, *dimension).err(),
        _ => None,
    };
    attributes::of_table(key)
        .filter_map(|a| check(a).map(|error| (a, error)))
        .collect()
}

/// A header as it may be written.
fn header(attribute: &Attribute) -> String {
    match attribute.unit.as_str() {
        "" | "1" => attribute.name.clone(),
        unit => format!("{} [{unit}]", attribute.name),
    }
}

/// A table whose required columns are there.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// The table.
    pub(crate) table: Table,
    key: &'static str,
}

impl Sheet {
    /// Its rows, each with the list that errors are collected in.
    pub(crate) fn rows<'s>(&'s self) -> impl Iterator<Item = Record<'s>> {
        self.table
            .rows
            .iter()
            .map(move |row| Record { sheet: self, row })
    }

    /// Ids of a column, blank ones left out.
    pub(crate) fn ids(&self, column: &str) -> Ids {
        let Some(column) = self.table.find(column) else {
            return Ids::default();
        };
        let named = self.table.cells(column).filter(|cell| !cell.is_blank());
        Ids::known(
            named
                .map(|cell| (cell.raw().to_string(), cell.place()))
                .collect(),
        )
    }
}

/// One row. Every getter answers `None` after putting its error on the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'s> {
    sheet: &'s Sheet,
    row: &'s Row,
}

impl<'s> Record<'s> {
    /// Row number as a spreadsheet shows it.
    pub(crate) fn number(&self) -> usize {
        self.row.number
    }

    /// Where the row stands.
    pub(crate) fn place(&self) -> Place {
        Place::row(&self.sheet.table.file, self.row.number)
    }

    /// Where a cell stands, or the row if there is no such column.
    pub(crate) fn place_of(&self, name: &str) -> Place {
        self.cell(name)
            .map_or_else(|| self.place(), |cell| cell.place())
    }

    /// Raw cells that have content, with their headers.
    pub(crate) fn filled(
        &self,
    ) -> impl Iterator<Item = (&'s saltern_units::table::Header, &'s str)> {
        let cells = self.sheet.table.columns.iter().zip(&self.row.cells);
        cells
            .map(|(header, cell)| (header, cell.as_str()))
            .filter(|(_, cell)| !cell.is_empty())
    }

    /// A cell with content; `None` if blank or without column.
    pub(crate) fn given(&self, name: &str) -> Option<Cell<'s>> {
        self.cell(name).filter(|cell| !cell.is_blank())
    }

    /// Text that must be there.
    pub(crate) fn text(&self, name: &str, errors: &mut Vec<BaseError>) -> Option<String> {
        let text = self.cell(name)?.text().map(String::from);
        keep(text, errors)
    }

    /// Names in both languages: English falls back to the id, Chinese to the English one.
    pub(crate) fn label(&self, id: &str) -> Label {
        let en = self.given("name").map_or(id, |cell| cell.raw()).to_string();
        let zh = self
            .given("name_zh")
            .map_or(en.clone(), |cell| cell.raw().to_string());
        Label { en, zh }
    }

    /// A quantity in SI; the default where the cell is blank.
    pub(crate) fn quantity(&self, name: &str, errors: &mut Vec<BaseError>) -> Option<f64> {
        let attribute = attributes::find(self.sheet.key, name)?;
        match self.optional_quantity(name, errors)? {
            Some(value) => Some(value),
            None => match attribute.default_si() {
                Some(default) => Some(default),
                None => self.blank(name, saltern_units::table::Accepted::Number, errors),
            },
        }
    }

    /// A quantity in SI, or nothing where the cell is blank.
    pub(crate) fn optional_quantity(
        &self,
        name: &str,
        errors: &mut Vec<BaseError>,
    ) -> Option<Option<f64>> {
        let attribute = attributes::find(self.sheet.key, name)?;
        let Kind::Quantity(dimension) = attribute.kind else {
            return None;
        };
        let Some(cell) = self.given(name) else {
            return Some(None);
        };
        let value = cell
            .quantity(dimension)
            .and_then(|v| attribute.check(v, cell.raw(), &cell.place()));
        keep(value, errors).map(Some)
    }

    /// A number without unit; the default where the cell is blank.
    pub(crate) fn plain_number(&self, name: &str, errors: &mut Vec<BaseError>) -> Option<f64> {
        let attribute = attributes::find(self.sheet.key, name)?;
        let Some(cell) = self.given(name) else {
            return attribute
                .default_si()
                .or_else(|| self.blank(name, saltern_units::table::Accepted::Number, errors));
        };
        let checked = cell
            .number()
            .and_then(|n| attribute.check(n, cell.raw(), &cell.place()));
        keep(checked, errors)
    }

    /// A whole number; the default where the cell is blank.
    pub(crate) fn count(&self, name: &str, errors: &mut Vec<BaseError>) -> Option<u64> {
        let attribute = attributes::find(self.sheet.key, name)?;
        let Some(cell) = self.given(name) else {
            let default = attribute.default.parse().ok();
            return default
                .or_else(|| self.blank(name, saltern_units::table::Accepted::Count, errors));
        };
        let checked = cell.count().and_then(|n| {
            attribute
                .check(n as f64, cell.raw(), &cell.place())
                .map(|_| n)
        });
        keep(checked, errors)
    }

    /// A day that must be there.
    pub(crate) fn date(&self, name: &str, errors: &mut Vec<BaseError>) -> Option<Date> {
        let date = self.cell(name)?.date();
        keep(date, errors)
    }

    /// A day, or nothing where the cell is blank.
    pub(crate) fn optional_date(
        &self,
        name: &str,
        errors: &mut Vec<BaseError>,
    ) -> Option<Option<Date>> {
        match self.cell(name) {
            Some(cell) => keep(cell.optional_date(), errors),
            None => Some(None),
        }
    }

    /// A day of the year that must be there.
    pub(crate) fn month_day(&self, name: &str, errors: &mut Vec<BaseError>) -> Option<(i8, i8)> {
        let text = self.text(name, errors)?;
        let place = self.place_of(name);
        let day = date::parse_month_day(&text).ok_or_else(|| wrong_day(place, text));
        keep(day, errors)
    }

    /// One of the words of a choice.
    pub(crate) fn choice(&self, name: &str, errors: &mut Vec<BaseError>) -> Option<&'static str> {
        let Kind::Choice(words) = &attributes::find(self.sheet.key, name)?.kind else {
            return None;
        };
        let words: Vec<&'static str> = words.iter().map(String::as_str).collect();
        let Some(cell) = self.cell(name) else {
            return self.blank(name, saltern_units::table::Accepted::Text, errors);
        };
        keep(cell.choice(&words), errors).map(|i| words[i])
    }

    /// Index of an id of another table.
    pub(crate) fn reference(
        &self,
        name: &str,
        ids: &Ids,
        errors: &mut Vec<BaseError>,
    ) -> Option<usize> {
        let id = self.text(name, errors)?;
        match ids.index(&id, &self.place_of(name)) {
            Ok(index) => Some(index),
            Err(error) => {
                errors.extend(error.map(|error| *error));
                None
            }
        }
    }

    /// Says that a cell, or its whole column, is missing.
    pub(crate) fn blank<T>(
        &self,
        name: &str,
        accepted: saltern_units::table::Accepted,
        errors: &mut Vec<BaseError>,
    ) -> Option<T> {
        let error = match self.cell(name) {
            Some(cell) => TableError::Blank {
                place: cell.place(),
                accepted,
            },
            None => self.sheet.table.column(name).err()?,
        };
        errors.push(error.into());
        None
    }

    fn cell(&self, name: &str) -> Option<Cell<'s>> {
        self.sheet
            .table
            .find(name)
            .map(|column| self.sheet.table.cell(self.row, column))
    }
}

/// A day of the year that isn't one: written in another way, or missing from the calendar.
fn wrong_day(place: Place, value: String) -> BaseError {
    let numbers: Vec<Option<u8>> = value.split(['-', '/']).map(|n| n.parse().ok()).collect();
    match numbers[..] {
        [Some(1..=12), Some(_)] => BaseError::NoSuchDay { place, value },
        _ => BaseError::WrongType {
            place,
            value,
            accepted: date::ACCEPTED_MONTH_DAY.into(),
        },
    }
}

/// The value, or the error on the list.
pub(crate) fn keep<T, E: Into<BaseError>>(
    result: Result<T, E>,
    errors: &mut Vec<BaseError>,
) -> Option<T> {
    result.map_err(|error| errors.push(error.into())).ok()
}
