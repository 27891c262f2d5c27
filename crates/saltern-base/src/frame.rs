//! A frame: a named table of typed columns, each with its unit. Every table the program hands out
//! (series, book, ledger) is a frame; the run folder writes frames as Parquet, CSV and XLSX.

use jiff::civil::Date;

/// A table of equally long columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// File stem and sheet name, `series`, `postings`.
    pub name: String,
    /// Columns in order.
    pub columns: Vec<Column>,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name without unit, `depth`.
    pub name: String,
    /// Unit as written in headers, `m`; empty for text and dates.
    pub unit: String,
    /// Values.
    pub values: Values,
}

/// Values of a column. A missing number is NaN.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Numbers.
    Number(Vec<f64>),
    /// Whole numbers.
    Integer(Vec<i64>),
    /// Texts.
    Text(Vec<String>),
    /// Calendar days.
    Date(Vec<Date>),
}

impl Column {
    /// Header with unit, `depth [m]`.
    pub fn header(&self) -> String {
        if self.unit.is_empty() {
            self.name.clone()
        } else {
            format!("{} [{}]", self.name, self.unit)
        }
    }
}
