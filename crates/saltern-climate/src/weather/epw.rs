//! EPW, EnergyPlus weather: eight header lines, then 35 columns an hour. Local standard time, hour
//! 1..24 ending. Read as a typical year; the years are ignored.

use saltern_units::place::Place;
use saltern_units::table::TableError;

use super::WithNotices;
use super::cells::{
    Field, HUMIDITY, IRRADIANCE, LONG_WAVE, Line, PRESSURE, RAIN, TEMPERATURE, WIND,
};
use super::error::WeatherError;
use super::notice::Notice;
use super::record::{Record, join};
use super::series::{Format, Hour, Site, Weather};
use super::time::{Stamp, typical};
use crate::air::saturation_vapour_pressure_pa;

const AIR: Field = Field {
    column: "dry bulb",
    bounds: TEMPERATURE,
    unit: "degC",
    missing: &[99.9],
};
const HUMID: Field = Field {
    column: "relative humidity",
    bounds: HUMIDITY,
    unit: "%",
    missing: &[999.0],
};
const PRESS: Field = Field {
    column: "pressure",
    bounds: PRESSURE,
    unit: "Pa",
    missing: &[999_999.0],
};
const SKY: Field = Field {
    column: "horizontal infrared",
    bounds: LONG_WAVE,
    unit: "W/m2",
    missing: &[9999.0, 0.0],
};
const GLOBAL: Field = Field {
    column: "global horizontal",
    bounds: IRRADIANCE,
    unit: "W/m2",
    missing: &[9999.0],
};
const DIRECT: Field = Field {
    column: "direct normal",
    bounds: IRRADIANCE,
    unit: "W/m2",
    missing: &[9999.0],
};
const DIFFUSE: Field = Field {
    column: "diffuse horizontal",
    bounds: IRRADIANCE,
    unit: "W/m2",
    missing: &[9999.0],
};
const WINDY: Field = Field {
    column: "wind speed",
    bounds: WIND,
    unit: "m/s",
    missing: &[999.0],
};
const DEPTH: Field = Field {
    column: "liquid precipitation depth",
    bounds: RAIN,
    unit: "mm/h",
    missing: &[999.0],
};

/// Columns of a record, from 0.
mod column {
    pub(super) const MONTH: usize = 1;
    pub(super) const DAY: usize = 2;
    pub(super) const HOUR: usize = 3;
    pub(super) const AIR: usize = 6;
    pub(super) const HUMIDITY: usize = 8;
    pub(super) const PRESSURE: usize = 9;
    pub(super) const LONG_WAVE: usize = 12;
    pub(super) const GLOBAL: usize = 13;
    pub(super) const DIRECT: usize = 14;
    pub(super) const DIFFUSE: usize = 15;
    pub(super) const WIND: usize = 21;
    pub(super) const RAIN: usize = 33;
    pub(super) const RAIN_HOURS: usize = 34;
    /// Older files end before the rain.
    pub(super) const COUNT_MIN: usize = 32;
    pub(super) const COUNT: usize = 35;
}

pub(super) fn read(text: &str, file: &str) -> Result<WithNotices, WeatherError> {
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(i, line)| Line::split(file, i + 1, line));
    let location = lines.next().ok_or_else(|| TableError::Empty {
        place: Place::file(file),
    })?;
    let site = site(&location)?;
    for line in lines.by_ref() {
        if line.text(0).eq_ignore_ascii_case("DATA PERIODS") {
            check_hourly(&line)?;
            break;
        }
    }
    let mut notices = Vec::new();
    let mut records = Vec::new();
    let mut known_h = 0;
    for line in lines.filter(|line| line.cells.iter().any(|cell| !cell.is_empty())) {
        if line.cells.len() < column::COUNT_MIN {
            line.expect_cells(column::COUNT)?;
        }
        let rain = rain_m_s(&line)?;
        known_h += usize::from(rain.is_some());
        records.push(Record {
            row: line.row,
            stamp: stamp(&line)?,
            hour: hour(&line, rain.unwrap_or(0.0))?,
        });
    }
    note_rain(known_h, records.len(), &mut notices);
    let (calendar, hours) = join(file, records, &mut notices)?;
    let weather = Weather {
        format: Format::Epw,
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
        latitude_deg: line.number(6, "latitude")?,
        longitude_deg: line.number(7, "longitude")?,
        utc_offset_h: line.number(8, "time zone")?,
        elevation_m: line.number(9, "elevation")?,
    })
}

fn check_hourly(line: &Line) -> Result<(), WeatherError> {
    match line.text(2) {
        "1" => Ok(()),
        other => Err(WeatherError::NotHourly {
            place: line.place("records per hour"),
            value: other.into(),
        }),
    }
}

fn stamp(line: &Line) -> Result<Stamp, WeatherError> {
    let month = line.whole(column::MONTH, "month")?;
    let day = line.whole(column::DAY, "day")?;
    let ending = line.whole(column::HOUR, "hour")?;
    let begin = u8::try_from(ending)
        .ok()
        .and_then(|hour| typical(month, day, hour.checked_sub(1)?));
    begin.ok_or_else(|| WeatherError::BadTime {
        place: line.place("month, day, hour"),
        value: format!("{month}, {day}, {ending}"),
    })
}

fn hour(line: &Line, rain_m_s: f64) -> Result<Hour, WeatherError> {
    let air_temperature_k = line.quantity(column::AIR, &AIR)?;
    let humidity = line.quantity(column::HUMIDITY, &HUMID)?.min(1.0);
    Ok(Hour {
        air_temperature_k,
        vapour_pressure_pa: humidity * saturation_vapour_pressure_pa(air_temperature_k),
        wind_m_s: line.quantity(column::WIND, &WINDY)?,
        global_w_m2: line.quantity(column::GLOBAL, &GLOBAL)?.max(0.0),
        pressure_pa: line.quantity(column::PRESSURE, &PRESS)?,
        rain_m_s,
        long_wave_down_w_m2: line.optional(column::LONG_WAVE, &SKY)?,
        diffuse_w_m2: line.irradiance(column::DIFFUSE, &DIFFUSE)?,
        direct_normal_w_m2: line.irradiance(column::DIRECT, &DIRECT)?,
    })
}

/// Rain of the hour; `None` where it is missing or was gathered over another time.
fn rain_m_s(line: &Line) -> Result<Option<f64>, WeatherError> {
    if line.cells.len() <= column::RAIN_HOURS || line.text(column::RAIN).is_empty() {
        return Ok(None);
    }
    let hourly = matches!(line.text(column::RAIN_HOURS).parse::<f64>(), Ok(hours) if hours == 1.0);
    if hourly {
        line.optional(column::RAIN, &DEPTH)
    } else {
        Ok(None)
    }
}

fn note_rain(known_h: usize, total_h: usize, notices: &mut Vec<Notice>) {
    if known_h == 0 {
        notices.push(Notice::NoRain);
    } else if known_h < total_h {
        notices.push(Notice::RainCoverage { known_h, total_h });
    }
}
