//! Runs for spreadsheets: a folder of CSV files, or one workbook with a sheet a frame.

use std::fs;
use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use saltern_base::frame::{Column, Frame, Values};

use crate::contents::RunContents;
use crate::error::RunError;
use crate::{book_frames, columnar, folder, table};

/// Every frame of a run: its series, then its book.
pub fn frames(run: &RunContents) -> Vec<Frame> {
    run.series
        .iter()
        .cloned()
        .chain(book_frames::frames(&run.book))
        .collect()
}

/// Names of the frames of a run, in the same order.
pub fn names(run: &RunContents) -> Vec<String> {
    let series = run.series.iter().map(|frame| frame.name.clone());
    series.chain(book_frames::NAMES.map(String::from)).collect()
}

/// One CSV file a frame into `folder` (made if need be): units in the headers, UTF-8 with a byte-order mark,
/// without which Excel garbles Chinese. A missing number is a blank cell.
pub fn csv(run: &RunContents, folder: &Path) -> Result<(), RunError> {
    fs::create_dir_all(folder).map_err(|e| RunError::io(folder, "create", &e))?;
    for frame in frames(run) {
        folder::check_name(&frame.name)?;
        let file = folder.join(format!("{}.csv", frame.name));
        fs::write(&file, csv_bytes(&frame)?).map_err(|e| RunError::io(&file, "write", &e))?;
    }
    Ok(())
}

/// One frame as CSV with a byte-order mark.
pub fn csv_bytes(frame: &Frame) -> Result<Vec<u8>, RunError> {
    table::check_even(frame)?;
    let corrupt = |e: &dyn std::fmt::Display| RunError::corrupt(Path::new(&frame.name), e);
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer
        .write_record(frame.columns.iter().map(Column::header))
        .map_err(|e| corrupt(&e))?;
    for row in 0..table::rows(frame) {
        writer
            .write_record(frame.columns.iter().map(|c| cell_text(&c.values, row)))
            .map_err(|e| corrupt(&e))?;
    }
    writer.into_inner().map_err(|e| corrupt(&e))
}

/// One frame as Parquet, as a run folder holds it.
pub fn parquet_bytes(frame: &Frame) -> Result<Vec<u8>, RunError> {
    table::check_even(frame)?;
    columnar::encode(frame).map_err(|e| RunError::corrupt(Path::new(&frame.name), &e))
}

/// Shortest text that reads back as the same value; blank for a missing number.
fn cell_text(values: &Values, row: usize) -> String {
    match values {
        Values::Number(v) if v[row].is_nan() => String::new(),
        Values::Number(v) => v[row].to_string(),
        Values::Integer(v) => v[row].to_string(),
        Values::Text(v) => v[row].clone(),
        Values::Date(v) => v[row].to_string(),
    }
}

/// Rows that a worksheet holds under its header.
const SHEET_ROWS: usize = 1_048_575;

/// One workbook with a sheet a frame, as bytes.
pub fn xlsx_bytes(frames: &[Frame]) -> Result<Vec<u8>, RunError> {
    let mut workbook = Workbook::new();
    for frame in frames {
        table::check_even(frame)?;
        let rows = table::rows(frame);
        if rows > SHEET_ROWS {
            return Err(RunError::TooManyRows {
                table: frame.name.clone(),
                rows,
                most: SHEET_ROWS,
            });
        }
        write_sheet(workbook.add_worksheet(), frame)
            .map_err(|e| spreadsheet_error(&frame.name, &e))?;
    }
    workbook
        .save_to_buffer()
        .map_err(|e| spreadsheet_error("workbook", &e))
}

/// Frames as JSON: by name a list of rows, each with its columns as headed; a missing number is null.
pub fn json_text(frames: &[Frame]) -> String {
    use serde_json::{Map, Value};
    let cell = |values: &Values, row: usize| match values {
        Values::Number(v) => Value::from(v[row]),
        Values::Integer(v) => Value::from(v[row]),
        Values::Text(v) => Value::from(v[row].as_str()),
        Values::Date(v) => Value::from(v[row].to_string()),
    };
    let table = |frame: &Frame| -> Value {
        let rows = (0..table::rows(frame)).map(|row| {
            let cells = frame.columns.iter();
            let cells = cells.map(|column| (column.header(), cell(&column.values, row)));
            Value::Object(cells.collect::<Map<String, Value>>())
        });
        rows.collect()
    };
    let all = frames
        .iter()
        .map(|frame| (frame.name.clone(), table(frame)));
    format!("{:#}\n", Value::Object(all.collect::<Map<String, Value>>()))
}

fn spreadsheet_error(name: &str, error: &XlsxError) -> RunError {
    RunError::Spreadsheet {
        file: name.to_owned(),
        reason: error.to_string(),
    }
}

fn write_sheet(sheet: &mut Worksheet, frame: &Frame) -> Result<(), XlsxError> {
    let header = Format::new().set_bold().set_text_wrap();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    sheet.set_name(&frame.name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (index, column) in (0u16..).zip(&frame.columns) {
        sheet.write_string_with_format(0, index, column.header(), &header)?;
        sheet.set_column_width(index, 14)?;
        write_cells(sheet, index, &column.values, &day)?;
    }
    Ok(())
}

fn write_cells(
    sheet: &mut Worksheet,
    column: u16,
    values: &Values,
    day: &Format,
) -> Result<(), XlsxError> {
    match values {
        Values::Number(v) => {
            for (row, x) in (1u32..).zip(v).filter(|(_, x)| x.is_finite()) {
                sheet.write_number(row, column, *x)?;
            }
        }
        Values::Integer(v) => {
            for (row, x) in (1u32..).zip(v) {
                sheet.write_number(row, column, *x as f64)?;
            }
        }
        Values::Text(v) => {
            for (row, text) in (1u32..).zip(v) {
                sheet.write_string(row, column, text)?;
            }
        }
        Values::Date(v) => {
            for (row, date) in (1u32..).zip(v) {
                write_day(sheet, row, column, *date, day)?;
            }
        }
    }
    Ok(())
}

/// Spreadsheets know no day before 1900: those are written as text.
fn write_day(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    date: jiff::civil::Date,
    format: &Format,
) -> Result<(), XlsxError> {
    match u16::try_from(date.year()).ok().filter(|year| *year >= 1900) {
        Some(year) => {
            let excel = ExcelDateTime::from_ymd(
                year,
                date.month().unsigned_abs(),
                date.day().unsigned_abs(),
            )?;
            sheet.write_datetime_with_format(row, column, &excel, format)?;
        }
        None => {
            sheet.write_string(row, column, date.to_string())?;
        }
    }
    Ok(())
}
