//! PVGIS CSV: the typical year (`time(UTC)` …), and hourly series where they carry humidity. UTC;
//! shifted to the whole hour nearest to the site's longitude. No rain.

use jiff::civil::Date;
use saltern_units::place::Place;
use saltern_units::table::TableError;

use super::WithNotices;
use super::cells::{Field, HUMIDITY, IRRADIANCE, LONG_WAVE, Line, PRESSURE, TEMPERATURE, WIND};
use super::error::WeatherError;
use super::notice::Notice;
use super::record::{Record, join};
use super::series::{Format, Hour, Site, Weather};
use super::time::{Stamp, typical};
use crate::air::{saturation_vapour_pressure_pa, standard_pressure_pa};

const AIR: Field = Field {
    column: "T2m",
    bounds: TEMPERATURE,
    unit: "degC",
    missing: &[],
};
const HUMID: Field = Field {
    column: "RH",
    bounds: HUMIDITY,
    unit: "%",
    missing: &[],
};
const GLOBAL: Field = Field {
    column: "G(h)",
    bounds: IRRADIANCE,
    unit: "W/m2",
    missing: &[],
};
const DIRECT: Field = Field {
    column: "Gb(n)",
    bounds: IRRADIANCE,
    unit: "W/m2",
    missing: &[],
};
const DIFFUSE: Field = Field {
    column: "Gd(h)",
    bounds: IRRADIANCE,
    unit: "W/m2",
    missing: &[],
};
const IN_PLANE: Field = Field {
    column: "G(i)",
    bounds: IRRADIANCE,
    unit: "W/m2",
    missing: &[],
};
const SKY: Field = Field {
    column: "IR(h)",
    bounds: LONG_WAVE,
    unit: "W/m2",
    missing: &[],
};
const WINDY: Field = Field {
    column: "WS10m",
    bounds: WIND,
    unit: "m/s",
    missing: &[],
};
const PRESS: Field = Field {
    column: "SP",
    bounds: PRESSURE,
    unit: "Pa",
    missing: &[],
};

struct Columns {
    typical: bool,
    air: usize,
    humidity: usize,
    wind: usize,
    global: (usize, Field),
    direct: Option<usize>,
    diffuse: Option<usize>,
    sky: Option<usize>,
    pressure: Option<usize>,
    count: usize,
}

#[derive(Default)]
struct Head {
    latitude_deg: f64,
    longitude_deg: f64,
    elevation_m: f64,
}

pub(super) fn read(text: &str, file: &str) -> Result<WithNotices, WeatherError> {
    let mut lines = text.lines().enumerate();
    let (head, header) = head(&mut lines, file)?;
    let columns = columns(&header)?;
    let site = Site {
        latitude_deg: head.latitude_deg,
        longitude_deg: head.longitude_deg,
        elevation_m: head.elevation_m,
        utc_offset_h: (head.longitude_deg / 15.0).round(),
    };
    let mut notices = notices(&site, &columns);
    let mut records = Vec::new();
    // Below the data stand remarks; a record begins with a digit.
    for (i, text) in lines.take_while(|(_, text)| text.starts_with(|c: char| c.is_ascii_digit())) {
        let line = Line::split(file, i + 1, text);
        line.expect_cells(columns.count)?;
        records.push(Record {
            row: line.row,
            stamp: stamp(&line, &columns)?,
            hour: hour(&line, &columns, &site)?,
        });
    }
    let (calendar, hours) = join(file, records, &mut notices)?;
    let in_utc = Weather {
        format: Format::Pvgis,
        site: Some(Site {
            utc_offset_h: 0.0,
            ..site
        }),
        wind_height_m: 10.0,
        calendar,
        synthetic: false,
        hours,
    };
    Ok((in_utc.on_clock(site.utc_offset_h), notices))
}

fn head<'a>(
    lines: &mut impl Iterator<Item = (usize, &'a str)>,
    file: &'a str,
) -> Result<(Head, Line<'a>), WeatherError> {
    let mut head = Head::default();
    let mut missing = vec![
        "Elevation",
        "Longitude (decimal degrees)",
        "Latitude (decimal degrees)",
    ];
    for (i, text) in lines {
        if text.starts_with("time") {
            return match missing.pop() {
                Some(column) => Err(no_head(file, column)),
                None => Ok((head, Line::split(file, i + 1, text))),
            };
        }
        let Some((key, value)) = text.split_once(':') else {
            continue;
        };
        let target = match key.trim() {
            "Latitude (decimal degrees)" => &mut head.latitude_deg,
            "Longitude (decimal degrees)" => &mut head.longitude_deg,
            key if key.starts_with("Elevation") => &mut head.elevation_m,
            "Slope" => {
                check_horizontal(file, i + 1, value)?;
                continue;
            }
            _ => continue,
        };
        let line = Line {
            file,
            row: i + 1,
            cells: vec![value.trim()],
        };
        *target = line.number(0, key.trim())?;
        missing.retain(|name| !key.trim().starts_with(name));
    }
    Err(no_head(file, "time(UTC)"))
}

fn no_head(file: &str, column: &str) -> WeatherError {
    TableError::MissingColumn {
        place: Place::file(file),
        column: column.into(),
        present: Vec::new(),
    }
    .into()
}

fn check_horizontal(file: &str, row: usize, value: &str) -> Result<(), WeatherError> {
    let degrees = value.trim().split([' ', '\t']).next().unwrap_or_default();
    if degrees.parse() == Ok(0.0) {
        return Ok(());
    }
    Err(WeatherError::Tilted {
        place: Place::cell(file, row, "Slope"),
        value: value.trim().into(),
    })
}

fn columns(header: &Line) -> Result<Columns, WeatherError> {
    let find = |name: &str| header.cells.iter().position(|cell| *cell == name);
    let need = |field: &Field| {
        find(field.column).ok_or_else(|| TableError::MissingColumn {
            place: Place::row(header.file, header.row),
            column: field.column.into(),
            present: header
                .cells
                .iter()
                .map(|cell| (*cell).to_string())
                .collect(),
        })
    };
    let global = match find(IN_PLANE.column) {
        Some(index) => (index, IN_PLANE),
        None => (need(&GLOBAL)?, GLOBAL),
    };
    Ok(Columns {
        typical: header.text(0) == "time(UTC)",
        air: need(&AIR)?,
        humidity: need(&HUMID)?,
        wind: need(&WINDY)?,
        global,
        direct: find(DIRECT.column),
        diffuse: find(DIFFUSE.column),
        sky: find(SKY.column),
        pressure: find(PRESS.column),
        count: header.cells.len(),
    })
}

fn notices(site: &Site, columns: &Columns) -> Vec<Notice> {
    let mut notices = vec![
        Notice::OffsetAssumed {
            utc_offset_h: site.utc_offset_h,
        },
        Notice::NoRain,
    ];
    if columns.pressure.is_none() {
        notices.push(Notice::PressureAssumed {
            pressure_pa: standard_pressure_pa(site.elevation_m),
        });
    }
    notices
}

/// `20160131:0510`: the minutes are those of the satellite's pass and are dropped.
fn stamp(line: &Line, columns: &Columns) -> Result<Stamp, WeatherError> {
    let text = line.text(0);
    let bad = || WeatherError::BadTime {
        place: line.place("time"),
        value: text.into(),
    };
    let digits: Vec<i8> = text
        .split_once(':')
        .filter(|(date, clock)| {
            date.len() == 8 && clock.len() == 4 && date.is_ascii() && clock.is_ascii()
        })
        .and_then(|(date, clock)| {
            [&date[4..6], &date[6..8], &clock[..2]]
                .iter()
                .map(|part| part.parse().ok())
                .collect()
        })
        .ok_or_else(bad)?;
    let [month, day, hour] = digits[..] else {
        return Err(bad());
    };
    let stamp = if columns.typical {
        u8::try_from(hour)
            .ok()
            .and_then(|hour| typical(month, day, hour))
    } else {
        text[..4]
            .parse()
            .ok()
            .and_then(|year| dated(year, month, day, hour))
    };
    stamp.ok_or_else(bad)
}

fn dated(year: i16, month: i8, day: i8, hour: i8) -> Option<Stamp> {
    let time = jiff::civil::Time::new(hour, 0, 0, 0).ok()?;
    Some(Stamp::Dated(
        Date::new(year, month, day).ok()?.to_datetime(time),
    ))
}

fn hour(line: &Line, columns: &Columns, site: &Site) -> Result<Hour, WeatherError> {
    let air_temperature_k = line.quantity(columns.air, &AIR)?;
    let humidity = line.quantity(columns.humidity, &HUMID)?.min(1.0);
    let (global, field) = &columns.global;
    let irradiance = |index: Option<usize>, field: &Field| match index {
        Some(index) => line.irradiance(index, field),
        None => Ok(None),
    };
    Ok(Hour {
        air_temperature_k,
        vapour_pressure_pa: humidity * saturation_vapour_pressure_pa(air_temperature_k),
        wind_m_s: line.quantity(columns.wind, &WINDY)?,
        global_w_m2: line.quantity(*global, field)?.max(0.0),
        pressure_pa: match columns.pressure {
            Some(index) => line.quantity(index, &PRESS)?,
            None => standard_pressure_pa(site.elevation_m),
        },
        rain_m_s: 0.0,
        long_wave_down_w_m2: columns
            .sky
            .map(|index| line.quantity(index, &SKY))
            .transpose()?,
        diffuse_w_m2: irradiance(columns.diffuse, &DIFFUSE)?,
        direct_normal_w_m2: irradiance(columns.direct, &DIRECT)?,
    })
}
