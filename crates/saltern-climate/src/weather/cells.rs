//! Cells of foreign weather files: text to SI within physical bounds, with the exact place of
//! whatever is wrong.

use saltern_units::place::Place;
use saltern_units::quantity;
use saltern_units::table::{Accepted, TableError};
use saltern_units::unit::{Dimension, Unit};

use super::error::WeatherError;

/// What a weather column may hold: its dimension and physical bounds in SI.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) dimension: Dimension,
    low: f64,
    high: f64,
}

const fn bounds(dimension: Dimension, low: f64, high: f64) -> Bounds {
    Bounds {
        dimension,
        low,
        high,
    }
}

/// −90 to 60 °C: the records of Earth.
pub(super) const TEMPERATURE: Bounds = bounds(Dimension::Temperature, 183.15, 333.15);
/// Up to 105 %: sensors overshoot a little; more is an error, and what is over 100 % is cut to it.
pub(super) const HUMIDITY: Bounds = bounds(Dimension::Fraction, 0.0, 1.05);
/// Hourly means above 75 m/s have not been measured at the ground.
pub(super) const WIND: Bounds = bounds(Dimension::Velocity, 0.0, 75.0);
/// Sensors read a little below zero at night, which is cut to it.
pub(super) const IRRADIANCE: Bounds = bounds(Dimension::Irradiance, -20.0, 1600.0);
/// From the highest plateaus to below the Dead Sea.
pub(super) const PRESSURE: Bounds = bounds(Dimension::Pressure, 40e3, 112e3);
/// The hourly record is about 300 mm.
pub(super) const RAIN: Bounds = bounds(Dimension::Velocity, 0.0, 0.31 / 3600.0);
/// Long wave from the sky.
pub(super) const LONG_WAVE: Bounds = bounds(Dimension::Irradiance, 30.0, 700.0);

impl Bounds {
    /// An SI value that lies within the bounds, or an error that quotes the cell.
    pub(super) fn check(
        &self,
        value_si: f64,
        unit: &Unit,
        text: &str,
        place: Place,
    ) -> Result<f64, WeatherError> {
        if value_si >= self.low - 1e-12 && value_si <= self.high + 1e-12 {
            return Ok(value_si);
        }
        let shown = |si: f64| quantity::format_rounded(si, unit, 4);
        let accepted = format!("{} … {}", shown(self.low), shown(self.high));
        Err(TableError::OutOfRange {
            place,
            value: text.into(),
            accepted,
        }
        .into())
    }
}

/// How a foreign format writes a quantity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// Column header, or its name in the format's documentation.
    pub(super) column: &'static str,
    /// Bounds in SI.
    pub(super) bounds: Bounds,
    /// Unit the format prescribes, as `saltern-units` spells it.
    pub(super) unit: &'static str,
    /// Values that stand for missing.
    pub(super) missing: &'static [f64],
}

/// A line of a foreign file, taken apart.
pub(super) struct Line<'a> {
    pub(super) file: &'a str,
    pub(super) row: usize,
    pub(super) cells: Vec<&'a str>,
}

impl<'a> Line<'a> {
    /// Splits at commas outside quotes; quotes are dropped.
    pub(super) fn split(file: &'a str, row: usize, line: &'a str) -> Self {
        let mut quoted = false;
        let cells = line
            .split(move |c: char| {
                quoted ^= c == '"';
                c == ',' && !quoted
            })
            .map(|cell| cell.trim().trim_matches('"'))
            .collect();
        Line { file, row, cells }
    }

    pub(super) fn expect_cells(&self, columns: usize) -> Result<(), WeatherError> {
        let cells = self.cells.len();
        if cells == columns {
            return Ok(());
        }
        Err(TableError::RaggedRow {
            place: Place::row(self.file, self.row),
            cells,
            columns,
        }
        .into())
    }

    pub(super) fn place(&self, column: &str) -> Place {
        Place::cell(self.file, self.row, column)
    }

    pub(super) fn text(&self, index: usize) -> &'a str {
        self.cells.get(index).copied().unwrap_or_default()
    }

    /// A finite number without unit.
    pub(super) fn number(&self, index: usize, column: &str) -> Result<f64, WeatherError> {
        let text = self.text(index);
        let place = self.place(column);
        if text.is_empty() {
            return Err(TableError::Blank {
                place,
                accepted: Accepted::Number,
            }
            .into());
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            Ok(_) => Err(TableError::NotFinite {
                place,
                value: text.into(),
            }
            .into()),
            Err(_) => Err(TableError::NotANumber {
                place,
                value: text.into(),
                accepted: Accepted::Number,
            }
            .into()),
        }
    }

    /// A small whole number: month, day, hour.
    pub(super) fn whole(&self, index: usize, column: &str) -> Result<i8, WeatherError> {
        let text = self.text(index);
        text.parse().map_err(|_| {
            let accepted = Accepted::Count;
            TableError::NotANumber {
                place: self.place(column),
                value: text.into(),
                accepted,
            }
            .into()
        })
    }

    /// A value in SI that must be there.
    pub(super) fn quantity(&self, index: usize, field: &Field) -> Result<f64, WeatherError> {
        let value = self.text(index);
        self.optional(index, field)?
            .ok_or_else(|| WeatherError::MissingValue {
                place: self.place(field.column),
                value: value.into(),
            })
    }

    /// Radiation that a format may leave out: `None` where the cell is blank or marked as missing, and
    /// what a sensor reads below zero at night cut to it.
    pub(super) fn irradiance(
        &self,
        index: usize,
        field: &Field,
    ) -> Result<Option<f64>, WeatherError> {
        if self.text(index).is_empty() {
            return Ok(None);
        }
        Ok(self.optional(index, field)?.map(|value| value.max(0.0)))
    }

    /// A value in SI, `None` where the format says that it is missing.
    pub(super) fn optional(
        &self,
        index: usize,
        field: &Field,
    ) -> Result<Option<f64>, WeatherError> {
        let number = self.number(index, field.column)?;
        if field.missing.contains(&number) {
            return Ok(None);
        }
        let unit = saltern_units::unit::find(Some(field.unit), field.bounds.dimension).map_err(
            |error| TableError::Unit {
                place: self.place(field.column),
                error: Box::new(error),
            },
        )?;
        let place = self.place(field.column);
        field
            .bounds
            .check(unit.to_si(number), unit, self.text(index), place)
            .map(Some)
    }
}
