//! Reading frames by column name.

use jiff::civil::Date;
use saltern_base::frame::{Column, Frame, Values};

use crate::columns::{self, ColumnName};
use crate::error::RunError;

/// Rows of a column.
pub(crate) fn len(values: &Values) -> usize {
    match values {
        Values::Number(v) => v.len(),
        Values::Integer(v) => v.len(),
        Values::Text(v) => v.len(),
        Values::Date(v) => v.len(),
    }
}

/// Rows of a frame.
pub(crate) fn rows(frame: &Frame) -> usize {
    frame.columns.first().map_or(0, |c| len(&c.values))
}

/// All columns equally long?
pub(crate) fn check_even(frame: &Frame) -> Result<(), RunError> {
    let expected = rows(frame);
    match frame.columns.iter().find(|c| len(&c.values) != expected) {
        None => Ok(()),
        Some(c) => Err(RunError::Ragged {
            table: frame.name.clone(),
            column: c.header(),
            rows: len(&c.values),
            expected,
        }),
    }
}

fn missing(frame: &Frame, header: String) -> RunError {
    RunError::MissingColumn {
        table: frame.name.clone(),
        column: header,
        present: frame.columns.iter().map(Column::header).collect(),
    }
}

fn find<'a>(frame: &'a Frame, name: &str, unit: &str) -> Result<&'a Values, RunError> {
    frame
        .columns
        .iter()
        .find(|c| c.name == name && c.unit == unit)
        .map(|c| &c.values)
        .ok_or_else(|| missing(frame, columns::header(name, unit)))
}

/// Numbers of a column by name and unit.
pub(crate) fn numbers_of<'a>(
    frame: &'a Frame,
    name: &str,
    unit: &str,
) -> Result<&'a [f64], RunError> {
    match find(frame, name, unit)? {
        Values::Number(v) => Ok(v),
        _ => Err(missing(
            frame,
            format!("{} (numbers)", columns::header(name, unit)),
        )),
    }
}

/// Numbers of a column.
pub(crate) fn numbers(frame: &Frame, column: ColumnName) -> Result<&[f64], RunError> {
    numbers_of(frame, column.name, column.unit)
}

/// Whole numbers of a column.
pub(crate) fn integers(frame: &Frame, column: ColumnName) -> Result<&[i64], RunError> {
    match find(frame, column.name, column.unit)? {
        Values::Integer(v) => Ok(v),
        _ => Err(missing(
            frame,
            format!("{} (whole numbers)", column.header()),
        )),
    }
}

/// Texts of a column.
pub(crate) fn texts(frame: &Frame, column: ColumnName) -> Result<&[String], RunError> {
    match find(frame, column.name, column.unit)? {
        Values::Text(v) => Ok(v),
        _ => Err(missing(frame, format!("{} (texts)", column.header()))),
    }
}

/// Days of a column.
pub(crate) fn dates(frame: &Frame, column: ColumnName) -> Result<&[Date], RunError> {
    match find(frame, column.name, column.unit)? {
        Values::Date(v) => Ok(v),
        _ => Err(missing(frame, format!("{} (dates)", column.header()))),
    }
}

/// Splits `depth [m]` into name and unit.
pub(crate) fn split_header(header: &str) -> (String, String) {
    match header.strip_suffix(']').and_then(|h| h.rsplit_once(" [")) {
        Some((name, unit)) => (name.to_owned(), unit.to_owned()),
        None => (header.to_owned(), String::new()),
    }
}
