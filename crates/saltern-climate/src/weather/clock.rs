//! Whether the sun of a series keeps its clock: a wrong UTC offset is the commonest slip in weather
//! files, and shifts the sun against wind and temperature.

use jiff::civil::{Date, DateTime};
use std::f64::consts::PI;

use super::notice::Notice;
use super::series::{Calendar, Weather};
use crate::sun::solar_time_h;

/// Clouds of the afternoon move a year's centre of radiation by less than this, h.
const LEAD_H_MAX: f64 = 0.7;
/// Shorter series are at the mercy of a few clouds, h.
const LENGTH_H_MIN: usize = 30 * 24;

/// A notice if the radiation of a long enough series is not centred on solar noon.
pub(super) fn check(weather: &Weather) -> Option<Notice> {
    let site = weather
        .site
        .filter(|_| weather.hours.len() >= LENGTH_H_MIN)?;
    let mut time = first_hour(weather.calendar)?;
    // Radiation as a vector on the clock face: its direction is the middle of the day, whichever
    // side of midnight a wrong clock puts it.
    let (mut noonward, mut evening) = (0.0, 0.0);
    for hour in &weather.hours {
        let day = u32::try_from(time.date().day_of_year()).unwrap_or(1);
        let solar_h = solar_time_h(&site, day, f64::from(time.hour()) + 0.5);
        let angle = (solar_h - 12.0) * PI / 12.0;
        noonward += hour.global_w_m2 * angle.cos();
        evening += hour.global_w_m2 * angle.sin();
        time = time.saturating_add(jiff::Span::new().hours(1));
    }
    let lead_h = -evening.atan2(noonward) * 12.0 / PI;
    (lead_h.abs() > LEAD_H_MAX).then_some(Notice::SunOffClock { lead_h })
}

fn first_hour(calendar: Calendar) -> Option<DateTime> {
    match calendar {
        Calendar::Dated { first } => Some(first),
        Calendar::Typical => Some(
            Date::new(2001, 1, 1)
                .ok()?
                .to_datetime(jiff::civil::Time::midnight()),
        ),
    }
}
