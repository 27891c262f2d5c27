//! TMY3: the native set of columns, or a subset of them under the same names.
//!
//! Local standard time, hour ending; the months come from different years, which are ignored. The
//! last hour of a day is written 24:00, or 00:00 with that day's date.
//!
//! Rain: only depths accumulated over one hour are used, since longer ones overlap. Depths are
//! labelled mm. In the two Utah files at hand nearly all depths are 3, 5, 8, 10, 13, 15, 18, 20 …:
//! multiples of a hundredth of an inch (0.254 mm) in *tenths* of a millimetre, and the years sum to
//! 507 and 2508 "mm" in a desert. Where that finger-print is found depths are divided by ten, and a
//! notice says so. (Inferred by us from the data; no source found.)

use saltern_units::place::Place;
use saltern_units::table::TableError;

use super::WithNotices;
use super::cells::{Field, HUMIDITY, IRRADIANCE, Line, PRESSURE, RAIN, TEMPERATURE, WIND};
use super::error::WeatherError;
use super::notice::Notice;
use super::record::{Record, join};
use super::series::{Format, Hour, Site, Weather};
use super::time::{Stamp, typical};
use crate::air::saturation_vapour_pressure_pa;

const MISSING: &[f64] = &[-9900.0];
const DATE: &str = "Date (MM/DD/YYYY)";
const TIME: &str = "Time (HH:MM)";
const GLOBAL: Field = Field {
    column: "GHI (W/m^2)",
    bounds: IRRADIANCE,
    unit: "W/m2",
    missing: MISSING,
};
const DIRECT: Field = Field {
    column: "DNI (W/m^2)",
    bounds: IRRADIANCE,
    unit: "W/m2",
    missing: MISSING,
};
const DIFFUSE: Field = Field {
    column: "DHI (W/m^2)",
    bounds: IRRADIANCE,
    unit: "W/m2",
    missing: MISSING,
};
const AIR: Field = Field {
    column: "Dry-bulb (C)",
    bounds: TEMPERATURE,
    unit: "degC",
    missing: MISSING,
};
const HUMID: Field = Field {
    column: "RHum (%)",
    bounds: HUMIDITY,
    unit: "%",
    missing: MISSING,
};
const PRESS: Field = Field {
    column: "Pressure (mbar)",
    bounds: PRESSURE,
    unit: "hPa",
    missing: MISSING,
};
const WINDY: Field = Field {
    column: "Wspd (m/s)",
    bounds: WIND,
    unit: "m/s",
    missing: MISSING,
};
const DEPTH: Field = Field {
    column: "Lprecip depth (mm)",
    bounds: RAIN,
    unit: "mm/h",
    missing: MISSING,
};
const QUANTITY: &str = "Lprecip quantity (hr)";

/// Wet hours below which no finger-print is looked for.
const WET_HOURS_MIN: usize = 20;
/// Share of wet hours on the grid of tenths: about 0.4 of all whole numbers lie on it by chance, and
/// hardly any hourly rain in true mm, most of which is 1 or 2. Wendover 0.65, Salt Lake City 0.93.
const GRID_SHARE_MIN: f64 = 0.5;

/// Where the columns stand.
struct Columns {
    date: usize,
    time: usize,
    global: usize,
    direct: Option<usize>,
    diffuse: Option<usize>,
    air: usize,
    humidity: usize,
    pressure: usize,
    wind: usize,
    rain: Option<(usize, usize)>,
    count: usize,
}

pub(super) fn read(text: &str, file: &str) -> Result<WithNotices, WeatherError> {
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(i, line)| Line::split(file, i + 1, line));
    let empty = || TableError::Empty {
        place: Place::file(file),
    };
    let site = site(&lines.next().ok_or_else(empty)?)?;
    let columns = columns(&lines.next().ok_or_else(empty)?)?;
    let mut notices = Vec::new();
    let mut records = Vec::new();
    let mut rain = Rain::default();
    let mut years = Vec::new();
    let mut previous_date = "";
    for line in lines.filter(|line| line.cells.iter().any(|cell| !cell.is_empty())) {
        line.expect_cells(columns.count)?;
        let date = line.text(columns.date);
        years.push(date.rsplit('/').next().unwrap_or_default());
        let stamp = stamp(&line, &columns, previous_date)?;
        previous_date = date;
        rain.add(&line, &columns)?;
        records.push(Record {
            row: line.row,
            stamp,
            hour: hour(&line, &columns)?,
        });
    }
    rain.apply(&mut records, &mut notices);
    note_years(years, &mut notices);
    let (calendar, hours) = join(file, records, &mut notices)?;
    let weather = Weather {
        format: Format::Tmy3,
        site: Some(site),
        wind_height_m: 10.0,
        calendar,
        synthetic: false,
        hours,
    };
    Ok((weather, notices))
}

fn site(line: &Line) -> Result<Site, WeatherError> {
    Ok(Site {
        utc_offset_h: line.number(3, "time zone")?,
        latitude_deg: line.number(4, "latitude")?,
        longitude_deg: line.number(5, "longitude")?,
        elevation_m: line.number(6, "elevation")?,
    })
}

fn columns(header: &Line) -> Result<Columns, WeatherError> {
    let find = |name: &str| header.cells.iter().position(|cell| *cell == name);
    let need = |name: &str| {
        find(name).ok_or_else(|| TableError::MissingColumn {
            place: Place::row(header.file, header.row),
            column: name.into(),
            present: header
                .cells
                .iter()
                .map(|cell| (*cell).to_string())
                .collect(),
        })
    };
    Ok(Columns {
        date: need(DATE)?,
        time: need(TIME)?,
        global: need(GLOBAL.column)?,
        direct: find(DIRECT.column),
        diffuse: find(DIFFUSE.column),
        air: need(AIR.column)?,
        humidity: need(HUMID.column)?,
        pressure: need(PRESS.column)?,
        wind: need(WINDY.column)?,
        rain: find(DEPTH.column).zip(find(QUANTITY)),
        count: header.cells.len(),
    })
}

fn hour(line: &Line, columns: &Columns) -> Result<Hour, WeatherError> {
    let irradiance = |index: Option<usize>, field: &Field| match index {
        Some(index) => line.irradiance(index, field),
        None => Ok(None),
    };
    let air_temperature_k = line.quantity(columns.air, &AIR)?;
    let humidity = line.quantity(columns.humidity, &HUMID)?.min(1.0);
    Ok(Hour {
        air_temperature_k,
        vapour_pressure_pa: humidity * saturation_vapour_pressure_pa(air_temperature_k),
        wind_m_s: line.quantity(columns.wind, &WINDY)?,
        global_w_m2: line.quantity(columns.global, &GLOBAL)?.max(0.0),
        pressure_pa: line.quantity(columns.pressure, &PRESS)?,
        rain_m_s: 0.0,
        long_wave_down_w_m2: None,
        diffuse_w_m2: irradiance(columns.diffuse, &DIFFUSE)?,
        direct_normal_w_m2: irradiance(columns.direct, &DIRECT)?,
    })
}

fn stamp(line: &Line, columns: &Columns, previous_date: &str) -> Result<Stamp, WeatherError> {
    let bad = |index: usize, column: &str| WeatherError::BadTime {
        place: line.place(column),
        value: line.text(index).into(),
    };
    let date: Vec<i8> = line
        .text(columns.date)
        .split('/')
        .take(2)
        .filter_map(|part| part.parse().ok())
        .collect();
    let [month, day] = date[..] else {
        return Err(bad(columns.date, DATE));
    };
    let ending = line
        .text(columns.time)
        .split_once(':')
        .and_then(|(hour, rest)| {
            let full = rest.split(':').all(|part| part == "00");
            hour.parse::<u8>().ok().filter(|hour| full && *hour <= 24)
        });
    let ending = ending.ok_or_else(|| bad(columns.time, TIME))?;
    let same_day = line.text(columns.date) == previous_date;
    let begin = match ending {
        0 if same_day => typical(month, day, 23),
        0 => typical(month, day, 0).map(day_before),
        hour => typical(month, day, hour - 1),
    };
    begin.ok_or_else(|| bad(columns.date, DATE))
}

/// Midnight written with the date of the day that it begins ends the day before.
fn day_before(midnight: Stamp) -> Stamp {
    match midnight {
        Stamp::Typical(0) => Stamp::Typical(super::series::TYPICAL_YEAR_H - 1),
        Stamp::Typical(slot) => Stamp::Typical(slot - 1),
        other => other,
    }
}

fn note_years(mut years: Vec<&str>, notices: &mut Vec<Notice>) {
    years.sort_unstable();
    years.dedup();
    if years.len() > 1 {
        notices.push(Notice::MixedYears { years: years.len() });
    }
}

/// Rain of all hours, known or not.
#[derive(Default)]
struct Rain {
    m_s: Vec<Option<f64>>,
}

impl Rain {
    fn add(&mut self, line: &Line, columns: &Columns) -> Result<(), WeatherError> {
        let known = match columns.rain {
            Some((depth, quantity)) if line.number(quantity, QUANTITY)? == 1.0 => {
                line.optional(depth, &DEPTH)?
            }
            _ => None,
        };
        self.m_s.push(known);
        Ok(())
    }

    fn apply(&self, records: &mut [Record], notices: &mut Vec<Notice>) {
        const MM_H: f64 = 1e-3 / 3600.0;
        let known_h = self.m_s.iter().flatten().count();
        if known_h == 0 {
            notices.push(Notice::NoRain);
        } else if known_h < self.m_s.len() {
            notices.push(Notice::RainCoverage {
                known_h,
                total_h: self.m_s.len(),
            });
        }
        let depths_mm: Vec<f64> = self.m_s.iter().flatten().map(|rain| rain / MM_H).collect();
        let tenths = is_in_tenths(&depths_mm);
        let factor = if tenths { 0.1 } else { 1.0 };
        if tenths {
            let labelled_mm = depths_mm.iter().sum();
            notices.push(Notice::RainInTenths {
                labelled_mm,
                read_mm: labelled_mm * factor,
            });
        }
        for (record, rain) in records.iter_mut().zip(&self.m_s) {
            record.hour.rain_m_s = factor * rain.unwrap_or(0.0);
        }
    }
}

/// Whether depths are tenths of a millimetre from a gauge that counts hundredths of an inch.
fn is_in_tenths(depths_mm: &[f64]) -> bool {
    let wet: Vec<f64> = depths_mm
        .iter()
        .copied()
        .filter(|depth| *depth > 0.0)
        .collect();
    let on_grid = |depth: f64| {
        ((depth / 2.54).round() * 2.54).round() == depth.round() && depth.round() >= 2.5
    };
    let share =
        wet.iter().filter(|depth| on_grid(**depth)).count() as f64 / wet.len().max(1) as f64;
    wet.len() >= WET_HOURS_MIN && share >= GRID_SHARE_MIN
}
