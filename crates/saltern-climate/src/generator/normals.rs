//! Monthly normals: the table people have, and how months that it leaves out are filled.

use saltern_units::place::Place;
use saltern_units::table::{ColumnId, Row, Table, TableError};
use saltern_units::unit::Dimension;
use std::f64::consts::PI;

use crate::coefficients::{ANGSTROM_A, ANGSTROM_B};
use crate::sun;
use crate::weather::{Notice, Site, WeatherError};

/// Days of each month of a year without leap day.
pub(super) const DAYS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// Rain of a wet day where the number of wet days is not given, m (assumed).
const WET_DAY_RAIN_M: f64 = 2.5e-3;
/// Daily range of air temperature where none is given, K (assumed; inland desert).
const DAILY_RANGE_K: f64 = 14.0;

/// Mean weather of one month. SI units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Month {
    /// Mean air temperature, K.
    pub air_temperature_k: f64,
    /// Mean of the daily maximum less minimum, K.
    pub daily_range_k: f64,
    /// Mean relative humidity, 0..1.
    pub relative_humidity: f64,
    /// Mean wind, m/s, at 10 m.
    pub wind_m_s: f64,
    /// Mean global radiation over day and night, W/m².
    pub global_w_m2: f64,
    /// Rain of the month, m.
    pub rain_m: f64,
    /// Days with rain.
    pub rain_days: f64,
}

/// Normals of a place for the twelve months.
#[derive(Clone, Debug, PartialEq)]
pub struct Normals {
    /// January to December.
    pub months: [Month; 12],
}

/// A quantity of the table: each month's value if given, and the year's.
struct Given {
    months: [Option<f64>; 12],
    year: Option<f64>,
}

impl Normals {
    /// Reads normals from a CSV table and fills what it leaves out.
    ///
    /// Columns: `month` (1..12 or `year`), `air_temperature [degC]`, `relative_humidity [%]`,
    /// `wind [m/s]` (10 m), `rain [mm]` (of the month, of the year), and `global [W/m2]` (mean over
    /// day and night) or `sunshine [h]` (of the month, of the year); optional `daily_range [degC]`
    /// (assumed 14 K) and `rain_days` (assumed one a 2.5 mm).
    ///
    /// All twelve months, or a row `year` with any of them. Months left blank are filled: air
    /// temperature with a yearly sine through what is given (with only a mean, the range is not
    /// known and January or July must be given), humidity, wind and range with the year's, rain with
    /// the year's in proportion to the days, radiation in proportion to the clear sky.
    pub fn read(
        text: &str,
        file_name: &str,
        site: &Site,
    ) -> Result<(Normals, Vec<Notice>), WeatherError> {
        let table = Table::read(file_name, text)?;
        let rows = month_rows(&table)?;
        let mut notices = Vec::new();
        let given = |name: &str, scale: f64, offset: f64, low: f64, high: f64| {
            column(
                &table,
                &rows,
                table.column(name)?,
                (scale, offset),
                (low, high),
            )
        };
        let clear = clear_sky(site);
        let air = fill_temperature(&table, given("air_temperature", 1.0, 0.0, 183.15, 333.15)?)?;
        let humidity = fill_flat(
            &table,
            "relative_humidity",
            given("relative_humidity", 1.0, 0.0, 0.0, 1.0)?,
        )?;
        let wind = fill_flat(&table, "wind", given("wind", 1.0, 0.0, 0.0, 40.0)?)?;
        let range = match table.find("daily_range") {
            // A range is a difference of temperatures: the offset of degC falls out.
            Some(_) => fill_flat(&table, "daily_range", range_column(&table, &rows)?)?,
            None => {
                notices.push(Notice::NormalAssumed {
                    quantity: "daily_range",
                    value: "14 K",
                });
                [DAILY_RANGE_K; 12]
            }
        };
        let global = global(&table, &rows, site, &clear)?;
        let rain = fill_by_share(
            &table,
            "rain",
            given("rain", 1.0, 0.0, 0.0, 20.0)?,
            &day_share(),
        )?;
        let rain_days = match table.find("rain_days") {
            Some(id) => {
                let given = column(&table, &rows, id, (1.0, 0.0), (0.0, 366.0))?;
                fill_by_share(&table, "rain_days", given, &day_share())?
            }
            None => {
                notices.push(Notice::NormalAssumed {
                    quantity: "rain_days",
                    value: "one for each 2.5 mm",
                });
                rain.map(|depth_m| depth_m / WET_DAY_RAIN_M)
            }
        };
        let months = std::array::from_fn(|i| Month {
            air_temperature_k: air[i],
            daily_range_k: range[i],
            relative_humidity: humidity[i],
            wind_m_s: wind[i],
            global_w_m2: global[i],
            rain_m: rain[i],
            rain_days: rain_days[i],
        });
        Ok((Normals { months }, notices))
    }
}

/// Rows of the table: the twelve months and the year.
struct Rows<'t> {
    months: [Option<&'t Row>; 12],
    year: Option<&'t Row>,
}

fn month_rows(table: &Table) -> Result<Rows<'_>, WeatherError> {
    let id = table.column("month")?;
    let mut rows = Rows {
        months: [None; 12],
        year: None,
    };
    for row in &table.rows {
        let cell = table.cell(row, id);
        let text = cell.text()?;
        let slot = if text.eq_ignore_ascii_case("year") {
            &mut rows.year
        } else {
            let month = text
                .parse::<usize>()
                .ok()
                .and_then(|month| month.checked_sub(1));
            month
                .and_then(|month| rows.months.get_mut(month))
                .ok_or_else(|| TableError::NotAllowed {
                    place: cell.place(),
                    value: text.into(),
                    accepted: vec!["1 … 12".into(), "year".into()],
                })?
        };
        if slot.replace(row).is_some() {
            return Err(WeatherError::DuplicateMonth {
                place: cell.place(),
                value: text.into(),
            });
        }
    }
    Ok(rows)
}

fn dimension(name: &str) -> Dimension {
    match name {
        "air_temperature" | "daily_range" => Dimension::Temperature,
        "wind" => Dimension::Velocity,
        "rain" => Dimension::Length,
        "global" => Dimension::Irradiance,
        "sunshine" => Dimension::Time,
        _ => Dimension::Fraction,
    }
}

fn column(
    table: &Table,
    rows: &Rows,
    id: ColumnId,
    (scale, offset): (f64, f64),
    (low, high): (f64, f64),
) -> Result<Given, WeatherError> {
    let dimension = dimension(&table.columns[id].name);
    let unit = table.unit(id, dimension)?;
    let value = |row: Option<&Row>| -> Result<Option<f64>, WeatherError> {
        let Some(cell) = row.map(|row| table.cell(row, id)) else {
            return Ok(None);
        };
        let Some(value) = cell
            .optional_quantity(dimension)?
            .map(|value| value * scale + offset)
        else {
            return Ok(None);
        };
        if value >= low && value <= high {
            return Ok(Some(value));
        }
        let shown =
            |value: f64| saltern_units::quantity::format_rounded((value - offset) / scale, unit, 4);
        let accepted = format!("{} … {}", shown(low), shown(high));
        Err(TableError::OutOfRange {
            place: cell.place(),
            value: cell.raw().into(),
            accepted,
        }
        .into())
    };
    let mut months = [None; 12];
    for (slot, row) in months.iter_mut().zip(rows.months) {
        *slot = value(row)?;
    }
    Ok(Given {
        months,
        year: value(rows.year)?,
    })
}

/// A column of temperature differences: 14 degC are 14 K.
fn range_column(table: &Table, rows: &Rows) -> Result<Given, WeatherError> {
    let id = table.column("daily_range")?;
    let zero = table.unit(id, Dimension::Temperature)?.to_si(0.0);
    column(table, rows, id, (1.0, -zero), (0.0, 40.0))
}

fn missing(table: &Table, name: &str, month: usize) -> WeatherError {
    let place = table
        .find(name)
        .map_or_else(|| Place::file(&table.file), |id| table.header_place(id));
    WeatherError::MissingNormal {
        place,
        month: u8::try_from(month + 1).unwrap_or(0),
    }
}

fn fill_flat(table: &Table, name: &str, given: Given) -> Result<[f64; 12], WeatherError> {
    let mut filled = [0.0; 12];
    for (month, slot) in filled.iter_mut().enumerate() {
        *slot = given.months[month]
            .or(given.year)
            .ok_or_else(|| missing(table, name, month))?;
    }
    Ok(filled)
}

fn day_share() -> [f64; 12] {
    DAYS.map(|days| days as f64 / 365.0)
}

/// What the year has beyond the given months, over the others in proportion to `share`.
fn fill_by_share(
    table: &Table,
    name: &str,
    given: Given,
    share: &[f64; 12],
) -> Result<[f64; 12], WeatherError> {
    let open: f64 = (0..12)
        .filter(|month| given.months[*month].is_none())
        .map(|month| share[month])
        .sum();
    let rest = given
        .year
        .map(|year| (year - given.months.iter().flatten().sum::<f64>()).max(0.0));
    let mut filled = [0.0; 12];
    for (month, slot) in filled.iter_mut().enumerate() {
        let shared = rest.map(|rest| rest * share[month] / open);
        *slot = given.months[month]
            .or(shared)
            .ok_or_else(|| missing(table, name, month))?;
    }
    Ok(filled)
}

/// Middle of a month as an angle of the year, measured from mid-July, the warmest time of a northern
/// continent, rad.
fn season_rad(month: usize) -> f64 {
    2.0 * PI * (month as f64 - 6.0) / 12.0
}

/// Months left out follow a sine `mean + amplitude cos(season)` through what is given: with the year
/// and one or more months the amplitude is fitted; with no year the mean is too.
fn fill_temperature(table: &Table, given: Given) -> Result<[f64; 12], WeatherError> {
    let known: Vec<(f64, f64)> = (0..12)
        .filter_map(|month| given.months[month].map(|t| (season_rad(month).cos(), t)))
        .collect();
    if known.len() == 12 {
        return fill_flat(table, "air_temperature", given);
    }
    let fit = given
        .year
        .and_then(|mean| fit_amplitude(&known, mean).map(|amplitude| (mean, amplitude)));
    let first_missing = given.months.iter().position(Option::is_none).unwrap_or(0);
    let (mean, amplitude) = fit.ok_or_else(|| missing(table, "air_temperature", first_missing))?;
    let mut filled = std::array::from_fn(|month| {
        given.months[month].unwrap_or_else(|| mean + amplitude * season_rad(month).cos())
    });
    keep_mean(&mut filled, &given, mean);
    Ok(filled)
}

fn fit_amplitude(known: &[(f64, f64)], mean: f64) -> Option<f64> {
    let squares: f64 = known.iter().map(|(c, _)| c * c).sum();
    (squares > 0.5).then(|| known.iter().map(|(c, t)| c * (t - mean)).sum::<f64>() / squares)
}

/// Moves the filled months so that the year's mean comes out.
fn keep_mean(filled: &mut [f64; 12], given: &Given, mean: f64) {
    let share = day_share();
    let now: f64 = filled.iter().zip(share).map(|(t, share)| t * share).sum();
    let open: f64 = (0..12)
        .filter(|month| given.months[*month].is_none())
        .map(|month| share[month])
        .sum();
    for (month, t) in filled.iter_mut().enumerate() {
        if given.months[month].is_none() {
            *t += (mean - now) / open;
        }
    }
}

/// Mean clear-sky radiation of each month, W/m².
pub(super) fn clear_sky(site: &Site) -> [f64; 12] {
    let mut first = 1;
    DAYS.map(|days| {
        let sum: f64 = (first..first + days)
            .map(|day| sun::extraterrestrial_day_w_m2(site.latitude_deg, day as u32))
            .sum();
        first += days;
        sun::clear_sky_transmission(site.elevation_m) * sum / days as f64
    })
}

fn global(
    table: &Table,
    rows: &Rows,
    site: &Site,
    clear: &[f64; 12],
) -> Result<[f64; 12], WeatherError> {
    match (table.find("global"), table.find("sunshine")) {
        (None, Some(id)) => from_sunshine(table, rows, id, site),
        _ => {
            let given = column(
                table,
                rows,
                table.column("global")?,
                (1.0, 0.0),
                (0.0, 500.0),
            )?;
            // Means, not sums: weigh with the days to share the year's out.
            let days = day_share();
            let weighted = |i: usize| clear[i] * days[i];
            let total: f64 = (0..12).map(weighted).sum();
            let sums = Given {
                months: std::array::from_fn(|i| given.months[i].map(|mean| mean * days[i])),
                year: given.year,
            };
            let share = std::array::from_fn(|i| weighted(i) / total);
            let filled = fill_by_share(table, "global", sums, &share)?;
            Ok(std::array::from_fn(|i| filled[i] / days[i]))
        }
    }
}

/// Ångström–Prescott: radiation from hours of sunshine.
fn from_sunshine(
    table: &Table,
    rows: &Rows,
    id: ColumnId,
    site: &Site,
) -> Result<[f64; 12], WeatherError> {
    let given = column(table, rows, id, (1.0, 0.0), (0.0, 8784.0 * 3600.0))?;
    let possible_s = daylight_s(site);
    let total: f64 = possible_s.iter().sum();
    let sunshine_s = fill_by_share(table, "sunshine", given, &possible_s.map(|s| s / total))?;
    let clear = clear_sky(site);
    let transmission = sun::clear_sky_transmission(site.elevation_m);
    Ok(std::array::from_fn(|i| {
        let share = (sunshine_s[i] / possible_s[i].max(1.0)).min(1.0);
        clear[i] / transmission * (ANGSTROM_A.value + ANGSTROM_B.value * share)
    }))
}

fn daylight_s(site: &Site) -> [f64; 12] {
    let mut first = 1;
    DAYS.map(|days| {
        let hours: f64 = (first..first + days)
            .map(|day| sun::daylight_h(site.latitude_deg, day as u32))
            .sum();
        first += days;
        hours * 3600.0
    })
}
