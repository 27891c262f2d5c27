//! From records in the order of the file to a series: rising, hourly, without gaps.

use saltern_units::place::Place;

use super::error::WeatherError;
use super::notice::Notice;
use super::series::{Calendar, Hour, TYPICAL_YEAR_H};
use super::time::{Stamp, typical_text};

/// Least length of a dated series, h.
const DATED_H_MIN: usize = 24;

/// One row of a weather file.
pub(super) struct Record {
    pub(super) row: usize,
    pub(super) stamp: Stamp,
    pub(super) hour: Hour,
}

/// Joins records into a calendar and its hours. The first record decides whether years count.
pub(super) fn join(
    file: &str,
    records: Vec<Record>,
    notices: &mut Vec<Notice>,
) -> Result<(Calendar, Vec<Hour>), WeatherError> {
    match records.first().map(|record| record.stamp) {
        Some(Stamp::Dated(first)) => {
            dated(file, &records).map(|hours| (Calendar::Dated { first }, hours))
        }
        _ => typical(file, records, notices).map(|hours| (Calendar::Typical, hours)),
    }
}

fn typical(
    file: &str,
    records: Vec<Record>,
    notices: &mut Vec<Notice>,
) -> Result<Vec<Hour>, WeatherError> {
    let mut hours = Vec::with_capacity(TYPICAL_YEAR_H);
    let mut leap_hours = 0;
    for record in &records {
        match record.stamp {
            Stamp::LeapDay => leap_hours += 1,
            Stamp::Typical(slot) if slot == hours.len() => hours.push(record.hour),
            Stamp::Typical(slot) => return Err(out_of_order(file, record.row, hours.len(), slot)),
            Stamp::Dated(time) => return Err(mixed_years(file, record.row, time.to_string())),
        }
    }
    if hours.len() < TYPICAL_YEAR_H {
        return Err(WeatherError::TooShort {
            place: Place::file(file),
            hours: hours.len(),
            needed: TYPICAL_YEAR_H,
        });
    }
    if leap_hours > 0 {
        notices.push(Notice::LeapDayDropped { hours: leap_hours });
    }
    Ok(hours)
}

fn out_of_order(file: &str, row: usize, expected: usize, found: usize) -> WeatherError {
    let place = Place::row(file, row);
    if found > expected {
        let (time, expected_time) = (typical_text(found), typical_text(expected));
        WeatherError::Gap {
            place,
            missing_h: found - expected,
            expected: expected_time,
            found: time,
        }
    } else {
        let previous = typical_text(expected.saturating_sub(1));
        WeatherError::NotRising {
            place,
            time: typical_text(found),
            previous,
        }
    }
}

fn mixed_years(file: &str, row: usize, time: String) -> WeatherError {
    WeatherError::BadTime {
        place: Place::cell(file, row, "time"),
        value: time,
    }
}

fn dated(file: &str, records: &[Record]) -> Result<Vec<Hour>, WeatherError> {
    let mut previous = None;
    let mut hours = Vec::with_capacity(records.len());
    for record in records {
        let Stamp::Dated(time) = record.stamp else {
            return Err(mixed_years(file, record.row, "--".into()));
        };
        if let Some(before) = previous {
            check_step(file, record.row, before, time)?;
        }
        previous = Some(time);
        hours.push(record.hour);
    }
    if hours.len() < DATED_H_MIN {
        return Err(WeatherError::TooShort {
            place: Place::file(file),
            hours: hours.len(),
            needed: DATED_H_MIN,
        });
    }
    Ok(hours)
}

fn check_step(
    file: &str,
    row: usize,
    before: jiff::civil::DateTime,
    time: jiff::civil::DateTime,
) -> Result<(), WeatherError> {
    let place = Place::row(file, row);
    match before.duration_until(time).as_hours() {
        1 => Ok(()),
        step if step < 1 => Err(WeatherError::NotRising {
            place,
            time: text(time),
            previous: text(before),
        }),
        step => Err(WeatherError::Gap {
            place,
            missing_h: usize::try_from(step - 1).unwrap_or(usize::MAX),
            expected: text(before.saturating_add(jiff::Span::new().hours(1))),
            found: text(time),
        }),
    }
}

fn text(time: jiff::civil::DateTime) -> String {
    format!("{} {:02}:00", time.date(), time.hour())
}
