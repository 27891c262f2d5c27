//! Workbooks where CSV is read: a sheet as CSV text, for the readers that know CSV.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};

use crate::error::RunError;

/// First bytes of a ZIP archive, which an XLSX file is: tells a workbook whatever its name.
pub fn is_xlsx(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// A sheet of an XLSX workbook as CSV text: the named sheet, or the first one.
///
/// `file` is only for the error. Dates become `2024-12-31` (with a time, `2024-12-31T06:00:00`); empty rows
/// at the end are left out; row and column numbers are those of the sheet, so that errors point at the right cell.
pub fn read_xlsx_as_csv(file: &str, bytes: &[u8], sheet: Option<&str>) -> Result<String, RunError> {
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|e| RunError::Spreadsheet {
            file: file.to_owned(),
            reason: e.to_string(),
        })?;
    let present = workbook.sheet_names();
    let name = match sheet {
        Some(name) => present.iter().find(|n| n.as_str() == name),
        None => present.first(),
    };
    let Some(name) = name.cloned() else {
        return Err(RunError::NoSheet {
            file: file.to_owned(),
            sheet: sheet.unwrap_or_default().to_owned(),
            present,
        });
    };
    let bad = |reason: String| RunError::Sheet {
        file: file.to_owned(),
        sheet: name.clone(),
        reason,
    };
    let range = workbook
        .worksheet_range(&name)
        .map_err(|e| bad(e.to_string()))?;
    let cells = cells_of(&range);
    if cells > MOST_CELLS {
        return Err(RunError::TooManyCells {
            file: file.to_owned(),
            sheet: name.clone(),
            cells,
            most: MOST_CELLS,
        });
    }
    to_csv(&range).map_err(bad)
}

/// Cells outside a plain table's reach would make a CSV of gigabytes out of one stray cell.
const MOST_CELLS: usize = 20_000_000;

/// Cells of a sheet up to the last one in use.
fn cells_of(range: &Range<Data>) -> usize {
    let end = range.end().map(|(row, column)| {
        let rows = row as usize + 1;
        rows.saturating_mul(column as usize + 1)
    });
    end.unwrap_or_default()
}

fn to_csv(range: &Range<Data>) -> Result<String, String> {
    let Some((last_row, last_column)) = range.end() else {
        return Ok(String::new());
    };
    let mut writer = csv::WriterBuilder::new()
        .flexible(false)
        .from_writer(Vec::new());
    for row in 0..=last_row {
        let cells = (0..=last_column)
            .map(|column| range.get_value((row, column)).map(text).unwrap_or_default());
        writer.write_record(cells).map_err(|e| e.to_string())?;
    }
    let bytes = writer.into_inner().map_err(|e| e.to_string())?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Int(x) => x.to_string(),
        Data::Float(x) => x.to_string(),
        Data::DateTime(moment) => date_text(moment),
        other => other.to_string(),
    }
}

fn date_text(moment: &calamine::ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}
