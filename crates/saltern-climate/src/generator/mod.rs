//! Hourly weather from normals, for places without a file: seeded, and flagged synthetic.
//!
//! A typical year. Day to day, air temperature, cloud and wind wander as first-order autoregressions;
//! within the day temperature and wind peak in the afternoon (15 h and 16 h solar time), vapour
//! pressure stays, and the sun follows its geometry. Then each month is rescaled: the means of the
//! generated hours equal the normals to [`TOLERANCE`]. What the normals do not fix (how much days
//! differ, the shape of the day) is assumed, see the constants; measured hours are better wherever
//! they can be had.

mod normals;
mod random;

pub use normals::{Month, Normals};

use normals::{DAYS, clear_sky};
use random::Random;
use std::f64::consts::PI;

use crate::air::{saturation_vapour_pressure_pa, standard_pressure_pa};
use crate::sun;
use crate::weather::{Calendar, Format, Hour, Notice, Site, Weather, WeatherError};

/// Largest relative difference between a month's generated mean and its normal (of temperature:
/// in K). Held by construction and by a test.
pub const TOLERANCE: f64 = 1e-6;

/// Day-to-day memory of temperature, cloud and wind (assumed; mid-latitude stations are near 0.7).
const MEMORY: f64 = 0.7;
/// Day-to-day spread of air temperature, K (assumed).
const TEMPERATURE_SPREAD_K: f64 = 3.0;
/// Day-to-day spread of the clear-sky share (assumed).
const CLEARNESS_SPREAD: f64 = 0.15;
/// What rain takes from a day's clearness (assumed).
const RAIN_CLEARNESS: f64 = 0.5;
/// Day-to-day spread of wind, relative (assumed).
const WIND_SPREAD: f64 = 0.35;
/// Swing of wind over the day, relative (assumed).
const WIND_DAILY_SWING: f64 = 0.35;
/// Solar time of the warmest and of the windiest moment, h (assumed).
const WARMEST_H: f64 = 15.0;
const WINDIEST_H: f64 = 16.0;
/// Hours over which the rain of a day falls (assumed).
const SHOWER_H: usize = 4;
/// Highest relative humidity of an hour.
const HUMIDITY_MAX: f64 = 0.98;
/// The clear-sky formula may be this much too dark before a normal counts as impossible.
const CLEAR_SKY_SLACK: f64 = 1.08;

/// A typical year of hourly weather whose monthly means are the normals. The same normals, site and
/// seed give the same year.
pub fn generate(
    normals: &Normals,
    site: &Site,
    seed: u64,
) -> Result<(Weather, Vec<Notice>), WeatherError> {
    let mut random = Random::new(seed);
    let clear = clear_sky(site);
    let mut days = DayWalk::default();
    let mut hours = Vec::with_capacity(8760);
    let mut first_day = 1;
    for month in 0..12 {
        let drawn = draw_month(&mut random, &mut days, DAYS[month], &normals.months[month]);
        let place = MonthOfYear {
            number: month as u8 + 1,
            first_day,
            clear_w_m2: clear[month],
        };
        hours.extend(month_hours(&normals.months[month], &drawn, &place, site)?);
        first_day += DAYS[month] as u32;
    }
    let weather = Weather {
        format: Format::Own,
        site: Some(*site),
        wind_height_m: 10.0,
        calendar: Calendar::Typical,
        synthetic: true,
        hours,
    };
    Ok((weather, vec![Notice::Synthetic { seed }]))
}

/// Anomalies that wander from day to day, in units of their spread.
#[derive(Default)]
struct DayWalk {
    temperature: f64,
    clearness: f64,
    wind: f64,
}

impl DayWalk {
    fn step(&mut self, random: &mut Random) {
        let fresh = (1.0 - MEMORY * MEMORY).sqrt();
        for anomaly in [&mut self.temperature, &mut self.clearness, &mut self.wind] {
            *anomaly = MEMORY * *anomaly + fresh * random.normal();
        }
    }
}

/// What chance decides about a day, before rescaling.
struct Day {
    temperature_k: f64,
    clearness: f64,
    wind: f64,
    rain: f64,
    shower_begins: usize,
}

struct MonthOfYear {
    number: u8,
    first_day: u32,
    clear_w_m2: f64,
}

fn draw_month(random: &mut Random, walk: &mut DayWalk, count: usize, normal: &Month) -> Vec<Day> {
    let mut days: Vec<Day> = (0..count)
        .map(|_| {
            walk.step(random);
            Day {
                temperature_k: TEMPERATURE_SPREAD_K * walk.temperature,
                clearness: (1.0 + CLEARNESS_SPREAD * walk.clearness).max(0.1),
                wind: (1.0 + WIND_SPREAD * walk.wind).max(0.2),
                rain: 0.0,
                shower_begins: random.below(24 - SHOWER_H + 1),
            }
        })
        .collect();
    rain_on(random, &mut days, normal);
    days
}

/// Rain on the month's wet days, drawn without repetition; at least one if there is any rain.
fn rain_on(random: &mut Random, days: &mut [Day], normal: &Month) {
    if normal.rain_m <= 0.0 {
        return;
    }
    let mut wet = (normal.rain_days.round() as usize).clamp(1, days.len());
    let mut order: Vec<usize> = (0..days.len()).collect();
    let mut total = 0.0;
    for i in 0..wet {
        let j = i + random.below(days.len() - i);
        order.swap(i, j);
        // Squares of uniforms: many small falls, a few large ones.
        let share = 0.05 + random.uniform().powi(2);
        days[order[i]].rain = share;
        days[order[i]].clearness *= RAIN_CLEARNESS;
        total += share;
    }
    wet = wet.min(days.len());
    for i in 0..wet {
        days[order[i]].rain *= normal.rain_m / total;
    }
}

fn month_hours(
    normal: &Month,
    days: &[Day],
    month: &MonthOfYear,
    site: &Site,
) -> Result<Vec<Hour>, WeatherError> {
    let global = global_w_m2(normal, days, month, site)?;
    let air = air_temperature_k(normal, days, month, site);
    let vapour = vapour_pressure_pa(normal, days, &air, month)?;
    let wind = wind_m_s(normal, days, month, site);
    let rain = rain_m_s(days);
    let pressure_pa = standard_pressure_pa(site.elevation_m);
    Ok((0..days.len() * 24)
        .map(|i| Hour {
            air_temperature_k: air[i],
            vapour_pressure_pa: vapour[i],
            wind_m_s: wind[i],
            global_w_m2: global[i],
            pressure_pa,
            rain_m_s: rain[i],
            long_wave_down_w_m2: None,
            diffuse_w_m2: None,
            direct_normal_w_m2: None,
        })
        .collect())
}

/// A cosine over the day with its maximum at an hour of solar time.
fn daily_wave(month: &MonthOfYear, site: &Site, hour_of_month: usize, maximum_h: f64) -> f64 {
    let day = month.first_day + (hour_of_month / 24) as u32;
    let solar_h = sun::solar_time_h(site, day, (hour_of_month % 24) as f64 + 0.5);
    (2.0 * PI * (solar_h - maximum_h) / 24.0).cos()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Solves `f(x) = target` for a rising `f` by bisection; the nearest end if the target lies beyond.
fn bisect(mut low: f64, mut high: f64, target: f64, f: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..70 {
        let middle = 0.5 * (low + high);
        if f(middle) < target {
            low = middle
        } else {
            high = middle
        }
    }
    0.5 * (low + high)
}

/// Clear sky times each day's clearness, scaled to the normal; no day is brighter than clear.
fn global_w_m2(
    normal: &Month,
    days: &[Day],
    month: &MonthOfYear,
    site: &Site,
) -> Result<Vec<f64>, WeatherError> {
    let limit = month.clear_w_m2 * CLEAR_SKY_SLACK;
    if normal.global_w_m2 > limit {
        let (month, global_w_m2) = (month.number, normal.global_w_m2);
        return Err(WeatherError::TooSunny {
            month,
            global_w_m2,
            clear_w_m2: limit,
        });
    }
    // A place brighter than the formula gets a brighter clear sky, with room for days to differ.
    let brighter = (1.02 * normal.global_w_m2 / month.clear_w_m2.max(1e-9)).max(1.0);
    let clear: Vec<f64> = (0..days.len() * 24)
        .map(|i| {
            let hour = (i % 24) as f64;
            brighter
                * sun::clear_sky_w_m2(site, month.first_day + (i / 24) as u32, hour, hour + 1.0)
        })
        .collect();
    let scaled = |scale: f64| -> Vec<f64> {
        clear
            .iter()
            .enumerate()
            .map(|(i, clear)| clear * (scale * days[i / 24].clearness).min(1.0))
            .collect()
    };
    let scale = bisect(0.0, 100.0, normal.global_w_m2, |scale| mean(&scaled(scale)));
    Ok(scaled(scale))
}

/// Normal, the day's anomaly, and a wave whose mean range over the month is the normal's.
fn air_temperature_k(normal: &Month, days: &[Day], month: &MonthOfYear, site: &Site) -> Vec<f64> {
    let wave: Vec<f64> = (0..days.len() * 24)
        .map(|i| daily_wave(month, site, i, WARMEST_H))
        .collect();
    let smooth = smooth_days(days);
    let series = |amplitude: f64| -> Vec<f64> {
        (0..wave.len())
            .map(|i| smooth[i] + amplitude * wave[i])
            .collect()
    };
    let range = |amplitude: f64| {
        mean(
            &series(amplitude)
                .chunks(24)
                .map(spread)
                .collect::<Vec<f64>>(),
        )
    };
    let amplitude = bisect(0.0, 60.0, normal.daily_range_k, range);
    let shape = series(amplitude);
    let shift = normal.air_temperature_k - mean(&shape);
    shape.iter().map(|t| t + shift).collect()
}

fn spread(day: &[f64]) -> f64 {
    let high = day.iter().fold(f64::MIN, |a, b| a.max(*b));
    let low = day.iter().fold(f64::MAX, |a, b| a.min(*b));
    high - low
}

/// Anomalies drawn for noon, joined by straight lines: no jump at midnight.
fn smooth_days(days: &[Day]) -> Vec<f64> {
    let last = days.len() - 1;
    (0..days.len() * 24)
        .map(|i| {
            let position = ((i as f64 + 0.5) / 24.0 - 0.5).clamp(0.0, last as f64);
            let day = (position as usize).min(last);
            let next = (day + 1).min(last);
            let part = position - day as f64;
            days[day].temperature_k * (1.0 - part) + days[next].temperature_k * part
        })
        .collect()
}

/// Vapour pressure constant over the day, cut at near saturation, scaled so that the mean relative
/// humidity is the normal's.
fn vapour_pressure_pa(
    normal: &Month,
    days: &[Day],
    air_k: &[f64],
    month: &MonthOfYear,
) -> Result<Vec<f64>, WeatherError> {
    let saturation: Vec<f64> = air_k
        .iter()
        .map(|t| saturation_vapour_pressure_pa(*t))
        .collect();
    let daily: Vec<f64> = air_k
        .chunks(24)
        .map(|day| saturation_vapour_pressure_pa(mean(day)))
        .collect();
    // Cloudy and wet days are moister.
    let series = |scale: f64| -> Vec<f64> {
        let moist =
            |i: usize| scale * daily[i / 24] * (1.5 - 0.5 * days[i / 24].clearness).max(0.5);
        (0..air_k.len())
            .map(|i| moist(i).min(HUMIDITY_MAX * saturation[i]))
            .collect()
    };
    let humidity = |scale: f64| {
        mean(
            &series(scale)
                .iter()
                .zip(&saturation)
                .map(|(e, s)| e / s)
                .collect::<Vec<f64>>(),
        )
    };
    let scale = bisect(0.0, 50.0, normal.relative_humidity, humidity);
    let reached = humidity(scale);
    if (reached - normal.relative_humidity).abs() > TOLERANCE {
        return Err(WeatherError::UnreachableNormal {
            quantity: "relative_humidity",
            month: month.number,
            wanted: 100.0 * normal.relative_humidity,
            reached: 100.0 * reached,
            unit: "%",
        });
    }
    Ok(series(scale))
}

fn wind_m_s(normal: &Month, days: &[Day], month: &MonthOfYear, site: &Site) -> Vec<f64> {
    let shape: Vec<f64> = (0..days.len() * 24)
        .map(|i| {
            days[i / 24].wind * (1.0 + WIND_DAILY_SWING * daily_wave(month, site, i, WINDIEST_H))
        })
        .collect();
    let scale = normal.wind_m_s / mean(&shape);
    shape.iter().map(|wind| wind * scale).collect()
}

fn rain_m_s(days: &[Day]) -> Vec<f64> {
    let mut rain = vec![0.0; days.len() * 24];
    for (day, hours) in days.iter().zip(rain.chunks_mut(24)) {
        for hour in &mut hours[day.shower_begins..day.shower_begins + SHOWER_H] {
            *hour = day.rain / (SHOWER_H as f64 * 3600.0);
        }
    }
    rain
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may end in a panic")]
mod tests;
