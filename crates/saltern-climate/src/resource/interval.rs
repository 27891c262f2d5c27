//! What the weather is in each interval of a profile: worked out once, shared by all resources.

use jiff::civil::Date;

use super::error::ResourceError;
use super::split::{Split, split};
use crate::sun::{Direction, SunPath, Sunlit};
use crate::weather::{Hour, Site, Weather};

const HOUR_S: u32 = 3600;
/// Shortest step, s: hourly weather says nothing about shorter ones.
const STEP_S_MIN: u32 = 60;

/// Means over one interval. SI units; directions over level ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Towards the sun in the middle of the lit part of the interval; `None` at night.
    pub sun: Option<Direction>,
    /// Global short-wave radiation on the horizontal, W/m².
    pub global_w_m2: f64,
    /// Its diffuse part, W/m², not above the global.
    pub diffuse_w_m2: f64,
    /// Direct radiation on a plane that faces the sun, W/m².
    pub direct_normal_w_m2: f64,
    /// Radiation above the air on a plane that faces the sun, W/m²; 0 at night, less than the whole
    /// where the sun rises or sets.
    pub extraterrestrial_normal_w_m2: f64,
    /// Air temperature, K.
    pub air_temperature_k: f64,
    /// Vapour pressure of the air, Pa.
    pub vapour_pressure_pa: f64,
    /// Air pressure, Pa.
    pub pressure_pa: f64,
    /// Wind, m/s, at `wind_height_m`.
    pub wind_m_s: f64,
    /// Height at which the wind was measured, m.
    pub wind_height_m: f64,
}

/// The intervals of `step_s` seconds from the first hour of `from` to the last of `to`, both days
/// included, in local standard time. `step_s` divides the hour: 3600, or 900 for the 96-point day. `site` is
/// where the weather was measured and on whose clock its hours are: [`Weather::site`] where that is known
/// (moved to the clock of a tariff with [`Weather::on_clock`]), the base's own where it is not.
///
/// Within an hour air temperature, vapour pressure, pressure and wind run straight from the middle of
/// one hour to the middle of the next. Radiation does not: the hour's radiation is shared out in
/// proportion to that above the air, with the sun in the middle of each step, so that the steps of an
/// hour add up to the hour and nights are dark. What a file states while the sun is below the horizon
/// is left out.
///
/// Errors: a step that does not divide the hour, a period that ends before it begins, weather that does
/// not reach it.
pub fn intervals(
    weather: &Weather,
    site: &Site,
    from: Date,
    to: Date,
    step_s: u32,
) -> Result<Vec<Interval>, ResourceError> {
    if !(STEP_S_MIN..=HOUR_S).contains(&step_s) || !HOUR_S.is_multiple_of(step_s) {
        return Err(ResourceError::Step { step_s });
    }
    if to < from {
        return Err(ResourceError::Period { from, to });
    }
    let days: Vec<Date> = from
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= to)
        .collect();
    let mut hours = Vec::with_capacity(24 * days.len());
    for day in &days {
        hours.extend_from_slice(weather.day(*day)?);
    }
    let beyond = |day: Result<Date, jiff::Error>, hour: u8| {
        let day = day.ok()?;
        weather.at(day, hour).ok().copied()
    };
    let series = Series {
        wind_height_m: weather.wind_height_m,
        steps: HOUR_S / step_s,
        before: beyond(from.yesterday(), 23),
        after: beyond(to.tomorrow(), 0),
        hours: &hours,
    };
    let mut out = Vec::with_capacity(hours.len() * (HOUR_S / step_s) as usize);
    for (day, first) in days.iter().zip((0..).step_by(24)) {
        let path = SunPath::of(site, u32::try_from(day.day_of_year()).unwrap_or(1));
        for hour in 0..24 {
            series.push_hour(&mut out, first + hour, &path);
        }
    }
    Ok(out)
}

struct Series<'a> {
    wind_height_m: f64,
    steps: u32,
    before: Option<Hour>,
    after: Option<Hour>,
    hours: &'a [Hour],
}

impl Series<'_> {
    fn push_hour(&self, out: &mut Vec<Interval>, index: usize, path: &SunPath) {
        let Some(hour) = self.hours.get(index) else {
            return;
        };
        let from_h = (index % 24) as f64;
        let whole = path.lit(from_h, from_h + 1.0);
        let split = whole.map(|lit| split(hour, &lit, path.outside_w_m2));
        let previous = index.checked_sub(1).and_then(|i| self.hours.get(i));
        let previous = previous.or(self.before.as_ref()).unwrap_or(hour);
        let next = self.hours.get(index + 1);
        let next = next.or(self.after.as_ref()).unwrap_or(hour);
        let width_h = 1.0 / f64::from(self.steps);
        for step in 0..self.steps {
            let begin_h = from_h + f64::from(step) * width_h;
            let lit = path.lit(begin_h, begin_h + width_h);
            let past_middle = (f64::from(step) + 0.5) * width_h - 0.5;
            let other = if past_middle < 0.0 { previous } else { next };
            let between = |value: fn(&Hour) -> f64| {
                value(hour) + (value(other) - value(hour)) * past_middle.abs()
            };
            let mut interval = Interval {
                sun: None,
                global_w_m2: 0.0,
                diffuse_w_m2: 0.0,
                direct_normal_w_m2: 0.0,
                extraterrestrial_normal_w_m2: 0.0,
                air_temperature_k: between(|hour| hour.air_temperature_k),
                vapour_pressure_pa: between(|hour| hour.vapour_pressure_pa),
                pressure_pa: between(|hour| hour.pressure_pa),
                wind_m_s: between(|hour| hour.wind_m_s).max(0.0),
                wind_height_m: self.wind_height_m,
            };
            if let (Some(lit), Some(whole), Some(split)) = (lit, whole, split) {
                shine(&mut interval, &lit, &whole, &split, path.outside_w_m2);
            }
            out.push(interval);
        }
    }
}

/// Gives a step its part of the hour's radiation.
fn shine(interval: &mut Interval, lit: &Sunlit, whole: &Sunlit, split: &Split, outside_w_m2: f64) {
    let part = lit.share * lit.sine_mean / (whole.share * whole.sine_mean);
    interval.sun = Some(lit.sun);
    interval.extraterrestrial_normal_w_m2 = lit.share * outside_w_m2;
    interval.global_w_m2 = part * split.global_w_m2;
    interval.diffuse_w_m2 = part * split.diffuse_w_m2;
    interval.direct_normal_w_m2 = (split.direct_normal_w_m2 * lit.share / whole.share)
        .min(interval.extraterrestrial_normal_w_m2);
}
