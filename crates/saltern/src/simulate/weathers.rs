//! One schedule through many weathers: which there are, marched in threads, and what they have in common.
//!
//! A base with normals takes seeds of its generator one after another, the first its own (or that of `--seed`); a base with a
//! measured file of dates takes the same days of every other year that the file holds whole, its own first. The first is the run.
//! Members share nothing while they march, so that the bits are the same whatever the number of threads.

mod bands;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use saltern_base::frame::Frame;
use saltern_base::model::{Base, Label, WeatherChoice};
use saltern_base::production::Production;
use saltern_climate::{Forcing, Weather};
use saltern_run::contents::Weathers;
use saltern_simulate::{Inputs, Next, SimulateError, Simulation};

use super::folder::Folder;
use super::weather::{climate_site, generated, measured};
use crate::failure::{CliError, Failure};
use crate::interrupt;
use crate::progress::Progress;
use bands::Member;

/// Hours of weathers, and what they are.
pub(crate) struct Drawn {
    /// Of every weather after the first.
    hours: Vec<Vec<Forcing>>,
    told: Weathers,
    /// What has to be said of figures over these weathers.
    pub(crate) caveat: Option<Label>,
}

/// Draws so many weathers, the first of which is that of the base with its seed as it is asked for.
pub(crate) fn draw(
    folder: &Folder,
    base: &Base,
    period: (Date, Date),
    members: u16,
) -> Result<Drawn, Failure> {
    match &base.weather {
        WeatherChoice::Normals { path, seed } => {
            let text = folder.text(path)?;
            let others = (1..u64::from(members)).map(|k| {
                let seed = seed.wrapping_add(k);
                let (weather, _) = generated(&text, path, seed, &climate_site(&base.site))?;
                hours(&weather, period, 0)
            });
            Ok(Drawn {
                hours: others.collect::<Result<_, Failure>>()?,
                told: Weathers {
                    members: u32::from(members),
                    seed: Some(*seed),
                    first_days: vec![period.0; usize::from(members)],
                },
                caveat: (members > 1).then(same_means),
            })
        }
        WeatherChoice::File { path } => {
            let (weather, _) = measured(folder, path)?;
            let years = years(&weather, period);
            if usize::from(members) > years.len() {
                return Err(CliError::FewWeathers {
                    path: Path::new(path).into(),
                    asked: members,
                    there: years.len(),
                }
                .into());
            }
            let years = &years[..usize::from(members)];
            let others = years[1..].iter().map(|by| hours(&weather, period, *by));
            let first_day = |by: &i16| shifted(period.0, *by).unwrap_or(period.0);
            Ok(Drawn {
                hours: others.collect::<Result<_, Failure>>()?,
                told: Weathers {
                    members: u32::from(members),
                    seed: None,
                    first_days: years.iter().map(first_day).collect(),
                },
                caveat: None,
            })
        }
    }
}

/// The generator gives every year the monthly means of its normals.
fn same_means() -> Label {
    Label {
        en: "All weathers of the bands have the monthly means of the normals: the bands are of the order of days, those over dry and wet \
             years are wider. A measured file of many years gives them."
            .into(),
        zh: "区间所用各气象序列的月均值均等于常年值：区间只反映逐日次序，干湿年份之间的实际区间更宽，可由多年实测气象文件得到。"
            .into(),
    }
}

/// Years by which the period may be moved and still has weather, none first.
fn years(weather: &Weather, (from, to): (Date, Date)) -> Vec<i16> {
    let Some((first, last)) = weather.period() else {
        return vec![0];
    };
    let by = (first.year() - to.year())..=(last.year() - from.year());
    let is_there = |by: &i16| {
        let ends = (shifted(from, *by), shifted(to, *by));
        matches!(ends, (Some(from), Some(to)) if weather.covers(from, to).is_ok())
    };
    let others = by.filter(|by| *by != 0).filter(is_there);
    std::iter::once(0).chain(others).collect()
}

/// A day so many years later; that of 29 February is the 28th where there is none.
fn shifted(day: Date, years: i16) -> Option<Date> {
    day.checked_add(Span::new().try_years(years).ok()?).ok()
}

fn hours(weather: &Weather, (from, to): (Date, Date), years: i16) -> Result<Vec<Forcing>, Failure> {
    let mut hours = Vec::new();
    for day in from.series(1.day()).take_while(|day| *day <= to) {
        let there = shifted(day, years).unwrap_or(day);
        hours.extend(weather.forcing(there).map_err(Failure::input)?);
    }
    Ok(hours)
}

/// The first march whole, and the bands of all.
pub(crate) struct Marched {
    pub(crate) simulation: Simulation,
    pub(crate) bands: Vec<Frame>,
    pub(crate) told: Weathers,
}

/// Marches the inputs and then the same through every other weather.
pub(crate) fn march(
    inputs: &Inputs<'_>,
    drawn: Drawn,
    production: &Production,
    threads: usize,
) -> Result<Marched, SimulateError> {
    let days = (inputs.to - inputs.from).get_days().unsigned_abs() as usize + 1;
    let count = drawn.hours.len() + 1;
    let (done, next) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let bar = Mutex::new(Progress::new(days * count));
    let one = |k: usize| {
        let hours = match k.checked_sub(1) {
            Some(other) => &drawn.hours[other],
            None => inputs.hours,
        };
        let inputs = Inputs { hours, ..*inputs };
        saltern_simulate::simulate(&inputs, &mut |_| {
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if let Ok(mut bar) = bar.try_lock() {
                bar.at(done);
            }
            match interrupt::requested() {
                true => Next::Stop,
                false => Next::Continue,
            }
        })
    };
    let found: Mutex<Vec<Option<Result<Member, SimulateError>>>> =
        Mutex::new((0..count).map(|_| None).collect());
    let first: Mutex<Option<Simulation>> = Mutex::default();
    let keep = |k: usize, result: Result<Simulation, SimulateError>| {
        let member = result.map(|simulation| {
            let member = Member::of(&simulation, inputs, production);
            if let (0, Ok(mut first)) = (k, first.lock()) {
                *first = Some(simulation);
            }
            member
        });
        if let Ok(mut found) = found.lock() {
            found[k] = Some(member);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, count) {
            scope.spawn(|| {
                loop {
                    let k = next.fetch_add(1, Ordering::Relaxed);
                    if k >= count || interrupt::requested() {
                        return;
                    }
                    keep(k, one(k));
                }
            });
        }
    });
    let stopped = SimulateError::Stopped {
        day: done.into_inner() as u32,
    };
    let found = found.into_inner().unwrap_or_default();
    let mut members = Vec::new();
    for member in found {
        members.push(member.unwrap_or_else(|| Err(stopped.clone()))?);
    }
    let Some(simulation) = first.into_inner().ok().flatten() else {
        return Err(stopped);
    };
    Ok(Marched {
        simulation,
        bands: bands::frames(&members, production),
        told: drawn.told,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use saltern_climate::Hour;
    use saltern_climate::weather::{Calendar, Format};

    /// Three whole years and a half.
    fn measured() -> Weather {
        Weather {
            format: Format::Own,
            site: None,
            wind_height_m: 2.0,
            calendar: Calendar::Dated {
                first: date(2020, 1, 1).at(0, 0, 0, 0),
            },
            synthetic: false,
            hours: vec![Hour::default(); (3 * 365 + 1 + 181) * 24],
        }
    }

    #[test]
    fn a_measured_file_gives_the_years_that_it_holds_whole() {
        let weather = measured();
        let whole = (date(2021, 1, 1), date(2021, 12, 31));
        assert_eq!(years(&weather, whole), [0, -1, 1]);
        let spring = (date(2022, 3, 1), date(2022, 5, 31));
        assert_eq!(years(&weather, spring), [0, -2, -1, 1]);
        let leap = (date(2020, 2, 28), date(2020, 3, 1));
        for by in years(&weather, leap) {
            assert_eq!(hours(&weather, leap, by).expect("hours").len(), 3 * 24);
        }
    }
}
