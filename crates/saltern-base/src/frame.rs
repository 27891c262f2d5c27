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

impl Frame {
    /// A table of columns.
    pub fn new(name: impl Into<String>, columns: Vec<Column>) -> Self {
        Frame {
            name: name.into(),
            columns,
        }
    }
}

impl Column {
    /// A column of texts.
    pub fn texts(name: impl Into<String>, values: impl IntoIterator<Item = String>) -> Self {
        let values = Values::Text(values.into_iter().collect());
        Column::new(name, "", values)
    }

    /// A column of numbers; what is missing is NaN.
    pub fn numbers(
        name: impl Into<String>,
        unit: &str,
        values: impl IntoIterator<Item = f64>,
    ) -> Self {
        let values = Values::Number(values.into_iter().collect());
        Column::new(name, unit, values)
    }

    /// A column of days.
    pub fn dates(name: impl Into<String>, values: impl IntoIterator<Item = Date>) -> Self {
        let values = Values::Date(values.into_iter().collect());
        Column::new(name, "", values)
    }

    /// A column of values in a unit, empty for texts and dates.
    pub fn new(name: impl Into<String>, unit: &str, values: Values) -> Self {
        Column {
            name: name.into(),
            unit: unit.to_owned(),
            values,
        }
    }

    /// Header with unit, `depth [m]`.
    pub fn header(&self) -> String {
        if self.unit.is_empty() {
            self.name.clone()
        } else {
            format!("{} [{}]", self.name, self.unit)
        }
    }
}
