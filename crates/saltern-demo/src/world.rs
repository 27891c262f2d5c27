//! The ponds and plants of a base, marched a day at a time.

use jiff::civil::Date;
use saltern_base::model::{Base, DAY_US, End, State};
use saltern_brine::database::{Database, MineralId};
use saltern_climate::Forcing;
use saltern_climate::weather::{Hour, Weather};
use saltern_simulate::{
    BrineAmounts, Contents, Inputs, Next, Simulation, Snapshot, Start, simulate,
};

use crate::day::{Day, Pond};
use crate::error::DemoError;
use crate::orders::Orders;

/// How long flows take to go over from one day's to the next.
const CHANGE_US: i64 = DAY_US / 6;

/// What a world is made of.
pub struct Parts {
    /// The base.
    pub base: Base,
    /// Its database.
    pub database: Database,
    /// Minerals that may form.
    pub allowed: Vec<MineralId>,
    /// Its brines, in its order.
    pub brines: Vec<BrineAmounts>,
    /// Weather of any day that is played.
    pub weather: Weather,
    /// The park's electricity.
    pub power: Vec<PowerUnit>,
}

/// A unit of the park's electricity that does as the dispatch has it.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerUnit {
    /// Its id in the base.
    pub id: String,
    /// First day that it is known for.
    pub from: Date,
    /// Length of a step, s.
    pub step_s: f64,
    /// Power in each step from the midnight of that day, W: of a hall what it takes, of others what they give, below zero where
    /// they take.
    pub power_w: Vec<f64>,
    /// Energy held when each step begins, and when the last has ended, J; none where nothing is held.
    pub held_j: Vec<f64>,
}

impl PowerUnit {
    /// Power some time after the first midnight, W; not a number where it is not known.
    fn power_w(&self, since_s: f64) -> f64 {
        let step = (since_s / self.step_s).floor();
        at(&self.power_w, step)
    }

    /// Energy held then, J: within a step power is even. Not a number where it is not known.
    fn held_j(&self, since_s: f64) -> f64 {
        let steps = since_s / self.step_s;
        let share = steps - steps.floor();
        let (before, after) = (steps.floor(), steps.floor() + 1.0);
        at(&self.held_j, before) * (1.0 - share) + at(&self.held_j, after) * share
    }
}

fn at(values: &[f64], place: f64) -> f64 {
    let known = (place >= 0.0).then(|| values.get(place as usize)).flatten();
    known.copied().unwrap_or(f64::NAN)
}

/// Where ponds were at an instant of the day in hand.
struct Anchor {
    time_us: i64,
    ponds: Vec<Pond>,
}

/// A base on one of its days.
pub(crate) struct World {
    parts: Parts,
    date: Date,
    morning: Option<Snapshot>,
    evening: Snapshot,
    state: State,
    anchor: Anchor,
    day: Day,
    sources: Vec<Contents>,
    orders: Orders,
    /// Flow of each link while it ran the day before, m³/s.
    yesterday_m3_s: Vec<f64>,
}

impl World {
    /// Marches the first day from the base's openings.
    pub(crate) fn begin(parts: Parts, date: Date, orders: &Orders) -> Result<World, DemoError> {
        let (march, hours) = march(&parts, date, Start::Opening, orders)?;
        let day = Day::of(&parts.base, &march, hours);
        let sources = source_brines(&parts);
        Ok(World {
            anchor: Anchor {
                time_us: parts.base.site.midnight_us(date),
                ponds: day.ponds.clone(),
            },
            yesterday_m3_s: day.links_m3_s.clone(),
            orders: orders.clone(),
            parts,
            date,
            morning: None,
            evening: march.end,
            state: march.state,
            day,
            sources,
        })
    }

    pub(crate) fn base(&self) -> &Base {
        &self.parts.base
    }

    /// Power of a unit of the park, W; not a number where it is not known.
    pub(crate) fn power_w(&self, unit: usize, time_us: i64) -> f64 {
        self.parts.power[unit].power_w(self.since_s(unit, time_us))
    }

    /// Energy that a unit of the park holds, J; not a number where it is not known.
    pub(crate) fn held_j(&self, unit: usize, time_us: i64) -> f64 {
        self.parts.power[unit].held_j(self.since_s(unit, time_us))
    }

    /// Since the first midnight that a unit of the park is known for, s.
    fn since_s(&self, unit: usize, time_us: i64) -> f64 {
        let from = self.parts.power[unit].from;
        (time_us - self.parts.base.site.midnight_us(from)) as f64 * 1e-6
    }

    pub(crate) fn date(&self) -> Date {
        self.date
    }

    /// The ponds in the evening as a survey would find them.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn day(&self) -> &Day {
        &self.day
    }

    pub(crate) fn source(&self, source: usize) -> Option<&Contents> {
        self.sources.get(source)
    }

    /// The instant at which the day in hand begins.
    pub(crate) fn midnight_us(&self) -> i64 {
        self.parts.base.site.midnight_us(self.date)
    }

    /// Goes on to the next day.
    pub(crate) fn next(&mut self, orders: &Orders) -> Result<(), DemoError> {
        let date = self.date.tomorrow().unwrap_or(self.date);
        let start = Start::Snapshot(&self.evening);
        let (march, hours) = march(&self.parts, date, start, orders)?;
        let links = 0..self.parts.base.links.len();
        self.yesterday_m3_s = links.map(|link| self.mean_flow_m3_s(link)).collect();
        let midnight_us = self.parts.base.site.midnight_us(date);
        self.anchor = Anchor {
            time_us: midnight_us,
            ponds: std::mem::take(&mut self.day.ponds),
        };
        self.day = Day::of(&self.parts.base, &march, hours);
        self.morning = Some(std::mem::replace(&mut self.evening, march.end));
        self.state = march.state;
        self.orders.clone_from(orders);
        self.date = date;
        Ok(())
    }

    /// Marches the day in hand once more, because its orders changed at an instant within it. What instruments showed until
    /// then stays what it was.
    pub(crate) fn again(&mut self, time_us: i64, orders: &Orders) -> Result<(), DemoError> {
        let start = match &self.morning {
            Some(morning) => Start::Snapshot(morning),
            None => Start::Opening,
        };
        let (march, hours) = march(&self.parts, self.date, start, orders)?;
        let ponds = (0..self.parts.base.ponds.len()).map(|pond| self.pond(pond, time_us));
        self.anchor = Anchor {
            ponds: ponds.collect(),
            time_us,
        };
        self.day = Day::of(&self.parts.base, &march, hours);
        self.evening = march.end;
        self.state = march.state;
        self.orders.clone_from(orders);
        Ok(())
    }

    /// What a pond holds at an instant of the day in hand.
    pub(crate) fn pond(&self, pond: usize, time_us: i64) -> Pond {
        let end_us = self.midnight_us() + DAY_US;
        let left_us = (end_us - self.anchor.time_us).max(1);
        let share = (time_us - self.anchor.time_us) as f64 / left_us as f64;
        self.anchor.ponds[pond].between(&self.day.ponds[pond], share.clamp(0.0, 1.0))
    }

    /// Largest flow that a link is set to, m³/s.
    pub(crate) fn set_point_m3_s(&self, link: usize) -> f64 {
        self.orders.set_m3_s[link]
    }

    /// Flow of a link while it runs, m³/s. A day is marched with one flow, and pumps do not jump at midnight: it goes over
    /// to that of the day within its first hours.
    pub(crate) fn flow_m3_s(&self, link: usize, time_us: i64) -> f64 {
        let since_us = (time_us - self.midnight_us()).max(0);
        let share = (since_us as f64 / CHANGE_US as f64).min(1.0);
        let (before, after) = (self.yesterday_m3_s[link], self.mean_flow_m3_s(link));
        before + share * (after - before)
    }

    /// What leaves a source, m³/s: by its links as they run, to plants evenly over the day.
    pub(crate) fn source_m3_s(&self, source: usize, time_us: i64) -> f64 {
        let links = self.parts.base.links.iter().enumerate();
        let own = links.filter(|(_, link)| link.from == End::Source(source));
        let change: f64 = own
            .map(|(link, _)| self.flow_m3_s(link, time_us) - self.day.links_m3_s[link])
            .sum();
        self.day.sources_m3_s[source] + change
    }

    /// Mean flow of a link while it ran, m³/s.
    fn mean_flow_m3_s(&self, link: usize) -> f64 {
        let running = self.orders.running[link];
        match running > 0.0 {
            true => self.day.links_m3_s[link] / running,
            false => 0.0,
        }
    }
}

fn march(
    parts: &Parts,
    date: Date,
    start: Start<'_>,
    orders: &Orders,
) -> Result<(Simulation, Vec<Hour>), DemoError> {
    let mut base = parts.base.clone();
    for (pond, leakage_m_s) in base.ponds.iter_mut().zip(&orders.leakage_m_s) {
        pond.leakage_m_s += leakage_m_s;
    }
    for (link, capacity_m3_s) in base.links.iter_mut().zip(&orders.capacity_m3_s) {
        link.capacity_m3_s = *capacity_m3_s;
    }
    let mut hours = parts.weather.day(date)?.to_vec();
    for (hour, rain_m_s) in hours.iter_mut().zip(orders.rain_m_s) {
        hour.rain_m_s += rain_m_s;
    }
    let wind_height_m = parts.weather.wind_height_m;
    let forcing: Vec<Forcing> = hours
        .iter()
        .map(|hour| Forcing::new(hour, wind_height_m))
        .collect();
    let inputs = Inputs {
        base: &base,
        database: &parts.database,
        allowed: &parts.allowed,
        brines: &parts.brines,
        hours: &forcing,
        start,
        schedule: None,
        from: date,
        to: date,
    };
    let march = simulate(&inputs, &mut |_| Next::Continue)?;
    Ok((march, hours))
}

/// Temperature at which brines of sources are told where they come in with the air's, K (assumed).
const AIR_K: f64 = 288.15;

/// Brines of sources by the chemistry; one that it has no answer for is told by nobody.
fn source_brines(parts: &Parts) -> Vec<Contents> {
    let brine = |source: &saltern_base::model::Source| {
        let step = source.schedule.first()?;
        let brine = parts.brines.get(step.brine)?;
        let temperature_k = step.temperature_k.unwrap_or(AIR_K);
        Contents::of(brine, temperature_k, &parts.database).ok()
    };
    let sources = parts.base.sources.iter();
    sources.map(|s| brine(s).unwrap_or_default()).collect()
}
