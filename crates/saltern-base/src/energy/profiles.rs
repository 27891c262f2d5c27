//! `profiles.csv`: what changes from step to step.
//!
//! A row for each step of the period, in order, the first column `step` (from 0) or `time` (2027-01-01T00:00, local
//! standard time); every other column is a profile `NAME [UNIT]`: a share (no unit), a power, a price, a
//! temperature or a carbon factor.

use super::Window;
use super::read::Reader;
use crate::error::BaseError;
use crate::sheet::keep;
use saltern_units::place::Place;
use saltern_units::table::{Accepted, Header, Table, TableError};
use saltern_units::unit::{self, Dimension};

/// What a profile is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileValue {
    /// A share of a capacity or of a power.
    Share,
    /// A power, W.
    Power,
    /// A price, money per J.
    Price,
    /// A temperature, K.
    Temperature,
    /// Direct carbon dioxide of bought power, kg/J.
    Carbon,
}

impl ProfileValue {
    /// Units it may have.
    pub fn dimension(self) -> Dimension {
        match self {
            ProfileValue::Share => Dimension::Fraction,
            ProfileValue::Power => Dimension::Power,
            ProfileValue::Price => Dimension::EnergyPrice,
            ProfileValue::Temperature => Dimension::Temperature,
            ProfileValue::Carbon => Dimension::EmissionFactor,
        }
    }
}

/// One column of `profiles.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// What it is of.
    pub value: ProfileValue,
    /// A value for each step, SI.
    pub values: Vec<f64>,
    /// Its header.
    pub place: Place,
}

const FILE: &str = "profiles.csv";

/// Reads the profiles; none where the file isn't there.
pub(super) fn read(window: &Window, reader: &mut Reader<'_>) -> Vec<Profile> {
    let Some(text) = (reader.files)(FILE) else {
        return Vec::new();
    };
    let Some(table) = keep(Table::read(FILE, &text), &mut reader.errors) else {
        return Vec::new();
    };
    if table.rows.len() != window.steps {
        reader.errors.push(BaseError::ProfileLength {
            place: Place::file(FILE),
            rows: table.rows.len(),
            steps: window.steps,
            step_min: window.step_min,
        });
        return Vec::new();
    }
    if let Some(error) = out_of_step(&table, window) {
        reader.errors.push(error);
        return Vec::new();
    }
    let columns = table.columns.iter().enumerate().skip(1);
    let read = |(c, header): (usize, &Header)| profile(&table, c, header, reader);
    columns.filter_map(read).collect()
}

/// The first row whose step or time is not that of its place.
fn out_of_step(table: &Table, window: &Window) -> Option<BaseError> {
    let by_time = match table.columns[0].name.as_str() {
        "step" | "hour" => false,
        "time" => true,
        other => {
            return Some(BaseError::UnknownEntry {
                place: Place::row(FILE, table.header_row),
                entry: other.into(),
                known: vec!["step".into(), "time".into()],
            });
        }
    };
    let wanted = |step: usize| {
        if by_time {
            super::read::written(window.moment(step))
        } else {
            step.to_string()
        }
    };
    table.rows.iter().enumerate().find_map(|(step, row)| {
        let cell = table.cell(row, 0);
        let fits = if by_time {
            super::read::moment(cell.raw()) == Some(window.moment(step))
        } else {
            cell.raw().parse() == Ok(step)
        };
        (!fits).then(|| BaseError::WrongType {
            place: cell.place(),
            value: cell.raw().into(),
            accepted: wanted(step),
        })
    })
}

fn profile(
    table: &Table,
    column: usize,
    header: &Header,
    reader: &mut Reader<'_>,
) -> Option<Profile> {
    let value = match value_of(header) {
        Some(value) => value,
        None => {
            reader.errors.push(BaseError::WrongType {
                place: table.header_place(column),
                value: header.text(),
                accepted: "NAME, NAME [%], NAME [MW], NAME [CNY/MWh], NAME [degC], NAME [t/MWh]"
                    .into(),
            });
            return None;
        }
    };
    reader.money(&header.unit, table.header_place(column));
    let mut values = Vec::with_capacity(table.rows.len());
    for cell in table.cells(column) {
        if cell.is_blank() {
            reader.errors.push(
                TableError::Blank {
                    place: cell.place(),
                    accepted: Accepted::Number,
                }
                .into(),
            );
            return None;
        }
        let number = keep(cell.quantity(value.dimension()), &mut reader.errors)?;
        let negative = matches!(
            value,
            ProfileValue::Share | ProfileValue::Power | ProfileValue::Carbon
        ) && number < 0.0;
        if negative || !number.is_finite() {
            reader.errors.push(BaseError::WrongType {
                place: cell.place(),
                value: cell.raw().into(),
                accepted: "≥ 0".into(),
            });
            return None;
        }
        values.push(number);
    }
    Some(Profile {
        name: header.name.clone(),
        value,
        values,
        place: table.header_place(column),
    })
}

fn value_of(header: &Header) -> Option<ProfileValue> {
    if header.unit.is_empty() {
        return Some(ProfileValue::Share);
    }
    [
        ProfileValue::Share,
        ProfileValue::Power,
        ProfileValue::Price,
        ProfileValue::Temperature,
        ProfileValue::Carbon,
    ]
    .into_iter()
    .find(|value| unit::find(Some(&header.unit), value.dimension()).is_ok())
}
