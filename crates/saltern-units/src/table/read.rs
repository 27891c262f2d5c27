//! From the text of a file to a table.

use super::{Header, Row, Table, TableError};
use crate::place::Place;

/// Reads a table from the text of a file.
pub(super) fn table(file: &str, text: &str) -> Result<Table, TableError> {
    let mut rows = records(file, text)?.into_iter();
    let head = rows.next().ok_or_else(|| TableError::Empty {
        place: Place::file(file),
    })?;
    let width = used_width(&head.cells);
    let columns = headers(file, &head, width)?;
    let rows: Vec<Row> = rows
        .map(|row| fit(file, row, width))
        .collect::<Result<_, _>>()?;
    if rows.is_empty() {
        return Err(TableError::NoRows {
            place: Place::file(file),
        });
    }
    Ok(Table {
        file: file.into(),
        columns,
        header_row: head.number,
        rows,
    })
}

/// Rows with content, comments and blank rows left out.
fn records(file: &str, text: &str) -> Result<Vec<Row>, TableError> {
    let text = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let mut rows = Vec::new();
    let mut number = 0;
    let mut rest = text.as_str();
    while !rest.is_empty() {
        number += 1;
        let length = record_length(rest);
        let (record, tail) = rest.split_at(length);
        rest = tail;
        if record.starts_with('#') || record.trim().is_empty() {
            continue;
        }
        let cells = cells(record).ok_or_else(|| TableError::Unreadable {
            place: Place::row(file, number),
        })?;
        // Comments typed in a spreadsheet come back quoted if they hold a comma.
        let comment = cells.first().is_some_and(|cell| cell.starts_with('#'));
        if !comment && cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row { number, cells });
        }
    }
    Ok(rows)
}

/// Bytes up to and including the line feed that ends the first record; a line feed inside quotes
/// belongs to its cell, except in a comment, where quotes mean nothing.
fn record_length(text: &str) -> usize {
    let comment = text.starts_with('#');
    let mut quoted = false;
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !comment => quoted = !quoted,
            b'\n' if !quoted => return i + 1,
            _ => {}
        }
    }
    text.len()
}

fn cells(record: &str) -> Option<Vec<String>> {
    // Setting up a CSV reader costs far more than a record without quotes needs.
    if !record.contains('"') {
        return Some(
            record
                .split(',')
                .map(|cell| cell.trim().to_string())
                .collect(),
        );
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(record.as_bytes());
    let cells = reader.records().next()?.ok()?;
    // An odd number of quotes means that one was never closed.
    let closed = record.bytes().filter(|b| *b == b'"').count() % 2 == 0;
    closed.then(|| cells.iter().map(|cell| cell.trim().to_string()).collect())
}

/// Columns up to the last header with a name: spreadsheets like to save empty columns at the right.
fn used_width(cells: &[String]) -> usize {
    cells
        .iter()
        .rposition(|cell| !cell.is_empty())
        .map_or(0, |last| last + 1)
}

fn headers(file: &str, head: &Row, width: usize) -> Result<Vec<Header>, TableError> {
    let mut columns: Vec<Header> = Vec::with_capacity(width);
    for (i, text) in head.cells[..width].iter().enumerate() {
        let header = header(text).ok_or_else(|| TableError::BadHeader {
            place: Place::row(file, head.number),
            value: text.clone(),
            number: i + 1,
        })?;
        if columns.iter().any(|other| other.name == header.name) {
            return Err(TableError::DuplicateColumn {
                place: Place::cell(file, head.number, text),
                column: header.name,
            });
        }
        columns.push(header);
    }
    Ok(columns)
}

/// `NAME` or `NAME [UNIT]`.
fn header(text: &str) -> Option<Header> {
    let (name, unit) = match text.strip_suffix(']') {
        Some(open) => open.rsplit_once('[')?,
        None => (text, ""),
    };
    let (name, unit) = (name.trim(), unit.trim());
    let unclosed = name.contains(['[', ']']);
    (!name.is_empty() && !unclosed).then(|| Header {
        name: name.into(),
        unit: unit.into(),
    })
}

/// The row with exactly one cell a column; empty cells beyond the last column are dropped.
fn fit(file: &str, mut row: Row, width: usize) -> Result<Row, TableError> {
    let cells = row.cells.len();
    if cells < width || row.cells[width..].iter().any(|cell| !cell.is_empty()) {
        return Err(TableError::RaggedRow {
            place: Place::row(file, row.number),
            cells,
            columns: width,
        });
    }
    row.cells.truncate(width);
    Ok(row)
}
