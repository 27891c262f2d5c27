//! Reading what the command line names: tables from CSV or XLSX, databases.

use std::fs;
use std::path::Path;

use saltern_units::table::Table;

use crate::failure::{CliError, Failure};

/// The bytes of a file.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|e| CliError::reading(path, &e).into())
}

/// The bytes of a file as text.
pub(crate) fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|b| **b == b'\n').count();
        CliError::NotUtf8 {
            path: path.into(),
            line,
        }
        .into()
    })
}

/// The text of a table: a CSV file as it is, the first sheet of an XLSX file as CSV.
pub(crate) fn table_text(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    if !saltern_run::spreadsheet::is_xlsx(&bytes) {
        return utf8(path, bytes);
    }
    saltern_run::spreadsheet::read_xlsx_as_csv(&path.display().to_string(), &bytes, None)
        .map_err(Failure::input)
}

/// A table from a CSV or XLSX file.
pub(crate) fn table(path: &Path) -> Result<Table, Failure> {
    let text = table_text(path, bytes(path)?)?;
    Ok(Table::read(&path.display().to_string(), &text)?)
}
