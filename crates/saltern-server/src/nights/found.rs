//! What a night found, read from its tables.

use std::path::Path;

use jiff::civil::Date;
use saltern_units::table::{Row, Table, TableError};

/// The table that is written of every estimate.
pub(super) const TABLE: &str = "estimates.csv";
/// What the leak sensor says, where there is enough for it.
const LEAKS: &str = "leaks.csv";
/// What comes next in each pond, where it was looked ahead.
const PHASES: &str = "phases.csv";

/// How the ponds may go on, where it was looked ahead.
const FORECAST: &str = "forecast.csv";

/// What a night found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// The evening it holds of.
    pub(crate) evening: Date,
    /// Quantities of ponds.
    pub(crate) ponds: Vec<OfPond>,
    /// Leaks by the sensor, on its last look.
    pub(crate) leaks: Vec<PondLeak>,
    /// Minerals that come next.
    pub(crate) phases: Vec<NextPhase>,
    /// How the ponds may go on.
    pub(crate) ahead: Vec<OfDay>,
}

/// A quantity of a pond on a day to come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OfDay {
    /// Which.
    pub(crate) date: String,
    pub(crate) pond: String,
    pub(crate) quantity: String,
    pub(crate) unit: String,
    /// The band that 90 of 100 futures pass, and its middle.
    pub(crate) low: f64,
    pub(crate) middle: f64,
    pub(crate) high: f64,
}

/// A quantity of a pond.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OfPond {
    pub(crate) pond: String,
    pub(crate) quantity: String,
    pub(crate) unit: String,
    pub(crate) value: f64,
    /// The band that the truth lies in 95 times of 100.
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// What the leak sensor says of a pond.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PondLeak {
    pub(crate) pond: String,
    /// Leak beyond what the base says, mm/d, and its standard deviation.
    pub(crate) beyond_mm_d: f64,
    pub(crate) sigma_mm_d: f64,
    /// How many deviations that is, and from how many on it is called a leak.
    pub(crate) deviations: f64,
    pub(crate) threshold: f64,
    pub(crate) is_leak: bool,
}

/// A mineral that comes next in a pond.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NextPhase {
    pub(crate) pond: String,
    pub(crate) mineral: String,
    /// Share of the futures in which it comes within the days looked at, %.
    pub(crate) share_percent: f64,
    /// Days until then: not a number where it does not come in so many of them.
    pub(crate) low_d: f64,
    pub(crate) middle_d: f64,
    pub(crate) high_d: f64,
}

/// Reads the tables of a night; those that are not written of every estimate may lack.
pub(super) fn read(folder: &Path, evening: Date) -> Result<Found, TableError> {
    let table = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        Table::read(name, text.trim_start_matches('\u{feff}'))
    };
    let maybe = |name: &str| match table(name) {
        Ok(table) => Ok(Some(table)),
        // Not written, or with nothing to tell.
        Err(TableError::Empty { .. } | TableError::NoRows { .. }) => Ok(None),
        Err(error) => Err(error),
    };
    let mut leaks = Vec::new();
    if let Some(table) = maybe(LEAKS)? {
        leaks = last_look(&table)?;
    }
    let mut phases = Vec::new();
    if let Some(table) = maybe(PHASES)? {
        phases = rows(&table, next_phase)?;
    }
    let mut ahead = Vec::new();
    if let Some(table) = maybe(FORECAST)? {
        ahead = rows(&table, of_day)?;
    }
    Ok(Found {
        evening,
        ponds: rows(&table(TABLE)?, of_pond)?,
        leaks,
        phases,
        ahead,
    })
}

fn rows<T>(
    table: &Table,
    read: impl Fn(&Table, &Row) -> Result<T, TableError>,
) -> Result<Vec<T>, TableError> {
    table.rows.iter().map(|row| read(table, row)).collect()
}

fn text(table: &Table, row: &Row, name: &str) -> Result<String, TableError> {
    let column = table.column(name)?;
    Ok(table.cell(row, column).raw().to_string())
}

fn number(table: &Table, row: &Row, name: &str) -> Result<f64, TableError> {
    let column = table.column(name)?;
    let number = table.cell(row, column).optional_number()?;
    Ok(number.unwrap_or(f64::NAN))
}

fn of_pond(table: &Table, row: &Row) -> Result<OfPond, TableError> {
    Ok(OfPond {
        pond: text(table, row, "pond")?,
        quantity: text(table, row, "quantity")?,
        unit: text(table, row, "unit")?,
        value: number(table, row, "value")?,
        low: number(table, row, "low_95")?,
        high: number(table, row, "high_95")?,
    })
}

fn of_day(table: &Table, row: &Row) -> Result<OfDay, TableError> {
    Ok(OfDay {
        date: text(table, row, "date")?,
        pond: text(table, row, "pond")?,
        quantity: text(table, row, "quantity")?,
        unit: text(table, row, "unit")?,
        low: number(table, row, "low_5")?,
        middle: number(table, row, "middle")?,
        high: number(table, row, "high_95")?,
    })
}

fn next_phase(table: &Table, row: &Row) -> Result<NextPhase, TableError> {
    Ok(NextPhase {
        pond: text(table, row, "pond")?,
        mineral: text(table, row, "mineral")?,
        share_percent: number(table, row, "share")?,
        low_d: number(table, row, "days_low_5")?,
        middle_d: number(table, row, "days_middle")?,
        high_d: number(table, row, "days_high_95")?,
    })
}

/// The rows of the last day.
fn last_look(table: &Table) -> Result<Vec<PondLeak>, TableError> {
    let date = |row: &Row| text(table, row, "date");
    let mut last = String::new();
    for row in &table.rows {
        last = last.max(date(row)?);
    }
    let mut leaks = Vec::new();
    for row in &table.rows {
        if date(row)? == last {
            leaks.push(PondLeak {
                pond: text(table, row, "pond")?,
                beyond_mm_d: number(table, row, "leak_beyond")?,
                sigma_mm_d: number(table, row, "standard_deviation")?,
                deviations: number(table, row, "deviations")?,
                threshold: number(table, row, "threshold")?,
                is_leak: text(table, row, "verdict")? == "leak",
            });
        }
    }
    Ok(leaks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_a_night_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("a table");
        };
        let evening = Date::constant(2027, 7, 1);
        assert!(read(folder.path(), evening).is_err());
        write(
            TABLE,
            "\u{feff}pond,quantity,unit,value,standard_deviation,low_95,high_95\nc1,leak,mm/d,0.5,0.1,0.3,0.7\n",
        );
        let bare = read(folder.path(), evening).expect("what there is");
        assert_eq!((bare.ponds.len(), bare.ponds[0].high), (1, 0.7));
        assert!(bare.leaks.is_empty() && bare.phases.is_empty());
        write(
            LEAKS,
            "date,pond,leak_beyond [mm/d],standard_deviation [mm/d],deviations [-],threshold [-],verdict,evaporation_over_model [-]\n\
             2027-06-24,c1,0.1,0.1,1,3.25,,1\n2027-07-01,c1,0.5,0.1,5,3.25,leak,1\n",
        );
        write(
            PHASES,
            "pond,mineral,share [%],days_low_5 [d],days_middle [d],days_high_95 [d]\nc1,Bischofite,60,4,9,\n",
        );
        write(
            FORECAST,
            "date,pond,quantity,unit,low_5,middle,high_95\n2027-07-02,c1,level,m,1.1,1.2,1.3\n",
        );
        let whole = read(folder.path(), evening).expect("all");
        assert_eq!((whole.ahead.len(), whole.ahead[0].middle), (1, 1.2));
        assert_eq!(whole.leaks.len(), 1);
        assert!(whole.leaks[0].is_leak && whole.leaks[0].deviations == 5.0);
        assert!(whole.phases[0].high_d.is_nan() && whole.phases[0].middle_d == 9.0);
        // The story: no mineral was to come in thirty days of summer, and the whole night was called a failure.
        write(
            PHASES,
            "pond,mineral,share [%],days_low_5 [d],days_middle [d],days_high_95 [d]\n",
        );
        let none = read(folder.path(), evening).expect("all but phases");
        assert!(none.phases.is_empty() && none.leaks.len() == 1);
    }
}
