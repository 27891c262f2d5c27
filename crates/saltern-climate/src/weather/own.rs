//! Our CSV: units in the headers, one row an hour, stamped with its beginning.

use saltern_units::table::{ColumnId, Row, Table};
use saltern_units::unit::Unit;

use super::WithNotices;
use super::cells::{Bounds, HUMIDITY, IRRADIANCE, LONG_WAVE, PRESSURE, RAIN, TEMPERATURE, WIND};
use super::error::WeatherError;
use super::notice::Notice;
use super::record::{Record, join};
use super::series::{Format, Hour, Weather};
use super::time;
use crate::air::saturation_vapour_pressure_pa;

/// Height of the wind column, and its name where it says so.
const WIND_HEIGHTS: [(&str, f64); 3] = [("wind_2m", 2.0), ("wind_10m", 10.0), ("wind", 10.0)];

/// A column with its unit resolved once.
struct Column {
    id: ColumnId,
    unit: &'static Unit,
    bounds: Bounds,
}

struct Columns {
    time: ColumnId,
    air: Column,
    humidity: Column,
    wind: Column,
    global: Column,
    pressure: Column,
    rain: Column,
    sky: Option<Column>,
    diffuse: Option<Column>,
    direct: Option<Column>,
}

pub(super) fn read(text: &str, file: &str) -> Result<WithNotices, WeatherError> {
    let table = Table::read(file, text)?;
    let mut notices = Vec::new();
    let (wind, wind_height_m) = wind_column(&table, &mut notices);
    let columns = Columns {
        time: table.column("time")?,
        air: column(&table, "air_temperature", TEMPERATURE)?,
        humidity: column(&table, "relative_humidity", HUMIDITY)?,
        wind: column(&table, wind, WIND)?,
        global: column(&table, "global", IRRADIANCE)?,
        pressure: column(&table, "pressure", PRESSURE)?,
        rain: column(&table, "rain", RAIN)?,
        sky: maybe(&table, "long_wave_down", LONG_WAVE)?,
        diffuse: maybe(&table, "diffuse", IRRADIANCE)?,
        direct: maybe(&table, "direct_normal", IRRADIANCE)?,
    };
    let records = table
        .rows
        .iter()
        .map(|row| record(&table, row, &columns))
        .collect::<Result<_, _>>()?;
    let (calendar, hours) = join(file, records, &mut notices)?;
    let weather = Weather {
        format: Format::Own,
        site: None,
        wind_height_m,
        calendar,
        synthetic: false,
        hours,
    };
    Ok((weather, notices))
}

fn wind_column(table: &Table, notices: &mut Vec<Notice>) -> (&'static str, f64) {
    let found = WIND_HEIGHTS
        .into_iter()
        .find(|(name, _)| table.find(name).is_some());
    let (name, height_m) = found.unwrap_or(("wind", 10.0));
    if name == "wind" {
        notices.push(Notice::WindHeightAssumed { height_m });
    }
    (name, height_m)
}

/// A column that need not be there.
fn maybe(table: &Table, name: &str, bounds: Bounds) -> Result<Option<Column>, WeatherError> {
    table
        .find(name)
        .map(|_| column(table, name, bounds))
        .transpose()
}

fn column(table: &Table, name: &str, bounds: Bounds) -> Result<Column, WeatherError> {
    let id = table.column(name)?;
    Ok(Column {
        id,
        unit: table.unit(id, bounds.dimension)?,
        bounds,
    })
}

fn record(table: &Table, row: &Row, columns: &Columns) -> Result<Record, WeatherError> {
    let time = table.cell(row, columns.time);
    let stamp = time::parse(time.text()?).ok_or_else(|| WeatherError::BadTime {
        place: time.place(),
        value: time.raw().into(),
    })?;
    let value = |column: &Column| {
        let cell = table.cell(row, column.id);
        column.bounds.check(
            column.unit.to_si(cell.number()?),
            column.unit,
            cell.raw(),
            cell.place(),
        )
    };
    let irradiance = |column: &Option<Column>| {
        let known = column.as_ref().map(value).transpose()?;
        Ok::<_, WeatherError>(known.map(|w_m2| w_m2.max(0.0)))
    };
    let air_temperature_k = value(&columns.air)?;
    let hour = Hour {
        air_temperature_k,
        vapour_pressure_pa: value(&columns.humidity)?.min(1.0)
            * saturation_vapour_pressure_pa(air_temperature_k),
        wind_m_s: value(&columns.wind)?,
        global_w_m2: value(&columns.global)?.max(0.0),
        pressure_pa: value(&columns.pressure)?,
        rain_m_s: value(&columns.rain)?,
        long_wave_down_w_m2: columns.sky.as_ref().map(value).transpose()?,
        diffuse_w_m2: irradiance(&columns.diffuse)?,
        direct_normal_w_m2: irradiance(&columns.direct)?,
    };
    Ok(Record {
        row: row.number,
        stamp,
        hour,
    })
}
