//! A series of hourly weather and what an hour of it is.

use jiff::civil::{Date, DateTime};
use std::ops::Range;

use super::error::WeatherError;
use crate::air::saturation_vapour_pressure_pa;
use crate::forcing::Forcing;

/// Hours of a year without leap day.
pub(crate) const TYPICAL_YEAR_H: usize = 8760;

/// Where the weather was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Site {
    /// Degrees north.
    pub latitude_deg: f64,
    /// Degrees east.
    pub longitude_deg: f64,
    /// Metres above the sea.
    pub elevation_m: f64,
    /// Hours that local standard time is ahead of UTC.
    pub utc_offset_h: f64,
}

/// Means over one hour of local standard time. SI units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hour {
    /// Air temperature, K.
    pub air_temperature_k: f64,
    /// Vapour pressure of the air, Pa.
    pub vapour_pressure_pa: f64,
    /// Wind, m/s, at [`Weather::wind_height_m`].
    pub wind_m_s: f64,
    /// Global short-wave radiation on the horizontal, W/m².
    pub global_w_m2: f64,
    /// Air pressure, Pa.
    pub pressure_pa: f64,
    /// Rain and melted snow, m/s.
    pub rain_m_s: f64,
    /// Long-wave radiation from the sky, W/m², where the source has it.
    pub long_wave_down_w_m2: Option<f64>,
    /// Diffuse short-wave radiation on the horizontal, W/m², where the source has it.
    pub diffuse_w_m2: Option<f64>,
    /// Direct short-wave radiation on a plane that faces the sun, W/m², where the source has it.
    pub direct_normal_w_m2: Option<f64>,
}

impl Hour {
    /// Relative humidity over liquid water, 0..1.
    pub fn relative_humidity(&self) -> f64 {
        self.vapour_pressure_pa / saturation_vapour_pressure_pa(self.air_temperature_k)
    }

    /// Mean of some hours; what a source may lack only if all of them have it. `None` of no hours.
    pub fn mean(hours: &[Hour]) -> Option<Hour> {
        let count = if hours.is_empty() {
            None
        } else {
            Some(hours.len() as f64)
        }?;
        let mean = |value: fn(&Hour) -> f64| hours.iter().map(value).sum::<f64>() / count;
        let known = |value: fn(&Hour) -> Option<f64>| {
            let sum: Option<f64> = hours.iter().map(value).sum();
            sum.map(|sum| sum / count)
        };
        Some(Hour {
            air_temperature_k: mean(|hour| hour.air_temperature_k),
            vapour_pressure_pa: mean(|hour| hour.vapour_pressure_pa),
            wind_m_s: mean(|hour| hour.wind_m_s),
            global_w_m2: mean(|hour| hour.global_w_m2),
            pressure_pa: mean(|hour| hour.pressure_pa),
            rain_m_s: mean(|hour| hour.rain_m_s),
            long_wave_down_w_m2: known(|hour| hour.long_wave_down_w_m2),
            diffuse_w_m2: known(|hour| hour.diffuse_w_m2),
            direct_normal_w_m2: known(|hour| hour.direct_normal_w_m2),
        })
    }
}

/// What the hours of a series are dates of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// A year without leap day that repeats over any period; 29 February repeats the 28th.
    Typical,
    /// Real hours from this one on.
    Dated {
        /// Beginning of the first hour.
        first: DateTime,
    },
}

/// Formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// EnergyPlus weather.
    Epw,
    /// Typical meteorological year 3 (native, or a subset of its columns).
    Tmy3,
    /// PVGIS CSV.
    Pvgis,
    /// Our CSV, and what the generator makes.
    Own,
}

/// A series of hourly weather without gaps, in local standard time.
#[derive(Clone, Debug, PartialEq)]
pub struct Weather {
    /// Format it came in.
    pub format: Format,
    /// Where it was measured, if the file says so.
    pub site: Option<Site>,
    /// Height at which the wind was measured, m.
    pub wind_height_m: f64,
    /// What the hours are dates of.
    pub calendar: Calendar,
    /// Made by the generator, not measured: to be said wherever results are shown.
    pub synthetic: bool,
    /// The hours; 8760 of them if the calendar is typical.
    pub hours: Vec<Hour>,
}

impl Weather {
    /// The 24 hours of a day, hour 0 first.
    pub fn day(&self, date: Date) -> Result<&[Hour], WeatherError> {
        self.position(date)
            .and_then(|range| self.hours.get(range))
            .ok_or_else(|| self.date_outside(date))
    }

    /// The hour of a day that begins at `hour` o'clock, 0..=23, local standard time.
    pub fn at(&self, date: Date, hour: u8) -> Result<&Hour, WeatherError> {
        self.day(date)?
            .get(usize::from(hour))
            .ok_or(WeatherError::HourOutside { hour })
    }

    /// Forcing of the 24 hours of a day.
    pub fn forcing(&self, date: Date) -> Result<[Forcing; 24], WeatherError> {
        let mut forcing = [Forcing::default(); 24];
        for (slot, hour) in forcing.iter_mut().zip(self.day(date)?) {
            *slot = Forcing::new(hour, self.wind_height_m);
        }
        Ok(forcing)
    }

    /// Whether every day from `from` to `to`, both included, has its weather; names the first that hasn't.
    pub fn covers(&self, from: Date, to: Date) -> Result<(), WeatherError> {
        // The series has no gaps: its ends decide.
        self.day(from)?;
        self.day(to).map(|_| ())
    }

    /// The same weather on the clock of another zone, `utc_offset_h` ahead of UTC: a typical year is
    /// turned, a dated series begins at another hour. What else keeps that clock, a tariff or a shift,
    /// then meets the sun it should. Hours stay whole: of a difference with half an hour the nearest hour
    /// is taken, and [`Weather::site`] states the clock that the hours do keep. Weather without a site
    /// has a clock that nobody knows and stays as it is.
    pub fn on_clock(mut self, utc_offset_h: f64) -> Weather {
        let Some(site) = &mut self.site else {
            return self;
        };
        let ahead_h = (utc_offset_h - site.utc_offset_h)
            .clamp(-26.0, 26.0)
            .round();
        site.utc_offset_h += ahead_h;
        match &mut self.calendar {
            Calendar::Typical => {
                let length = self.hours.len().max(1);
                let turn = ahead_h.rem_euclid(length as f64) as usize % length;
                self.hours.rotate_right(turn);
            }
            Calendar::Dated { first } => {
                *first = first.saturating_add(jiff::Span::new().hours(ahead_h as i64));
            }
        }
        self
    }

    /// First and last whole day of a dated series; `None` of a typical year, which has no ends.
    pub fn period(&self) -> Option<(Date, Date)> {
        let Calendar::Dated { first } = self.calendar else {
            return None;
        };
        let skipped = (24 - usize::try_from(first.hour()).unwrap_or(0)) % 24;
        let days = i64::try_from(self.hours.len().saturating_sub(skipped) / 24).unwrap_or(0);
        let begin = if skipped == 0 {
            first.date()
        } else {
            first.date().tomorrow().ok()?
        };
        let end = begin
            .checked_add(jiff::Span::new().try_days(days - 1).ok()?)
            .ok()?;
        (days > 0).then_some((begin, end))
    }

    fn position(&self, date: Date) -> Option<Range<usize>> {
        let start = match self.calendar {
            Calendar::Typical => typical_day(date) * 24,
            Calendar::Dated { first } => usize::try_from(
                first
                    .duration_until(date.to_datetime(jiff::civil::Time::midnight()))
                    .as_hours(),
            )
            .ok()?,
        };
        let inside = match self.calendar {
            Calendar::Typical => true,
            Calendar::Dated { first } => {
                date > first.date() || first.hour() == 0 && date == first.date()
            }
        };
        inside.then(|| start..start + 24)
    }

    fn date_outside(&self, date: Date) -> WeatherError {
        match self.period() {
            Some((first, last)) => WeatherError::DateOutside { date, first, last },
            None => WeatherError::NoWholeDay { date },
        }
    }
}

/// Day of the typical year, from 0; 29 February is that of the 28th.
pub(crate) fn typical_day(date: Date) -> usize {
    let day = usize::try_from(date.day_of_year()).unwrap_or(1) - 1;
    let after_leap_day = date.in_leap_year() && day >= 59;
    day - usize::from(after_leap_day)
}
