//! Instruments: a truth, how far they are from it, and how often they look.

use saltern_base::model::{Base, DAY_US};
use saltern_base::tags::{Tag, Tags};
use saltern_numerics::random::Random;
use saltern_samples::{Quality, Sample};

use crate::fault::{Fault, FaultKind};
use crate::shows::{Shows, Station};
use crate::world::{PowerUnit, World};

/// Standard deviations: levels of 2 mm and assays of 0.5 % as the leak sensor is asked to bear, the rest assumed.
const LEVEL_M: f64 = 2e-3;
const ASSAY: f64 = 0.005;
const DENSITY_KG_M3: f64 = 0.5;
const TEMPERATURE_K: f64 = 0.1;
const FLOW: f64 = 0.0025;
const WEIGHT: f64 = 0.005;

/// The instrument behind a tag.
#[derive(Clone, Debug)]
pub(crate) struct Instrument {
    /// Row of the tag.
    pub(crate) tag: usize,
    /// Its id.
    pub(crate) id: String,
    shows: Shows,
    /// How often it looks, µs.
    pub(crate) period_us: i64,
    low: f64,
    high: f64,
    resolution: f64,
    seed: u64,
    /// What it shows while it is stuck, with the number of the fault.
    stuck: Option<(u32, f64)>,
}

impl Instrument {
    /// All of a base that can be played.
    pub(crate) fn all(base: &Base, power: &[PowerUnit], tags: &Tags) -> Vec<Instrument> {
        let rows = tags.tags.iter().enumerate();
        let played = rows.filter_map(|(row, tag)| {
            let shows = Shows::of(base, power, tags, tag)?;
            Some(Instrument {
                tag: row,
                id: tag.who.id.clone(),
                shows,
                period_us: (tag.period_s * 1e6) as i64,
                low: tag.low.unwrap_or(f64::NEG_INFINITY),
                high: tag.high.unwrap_or(f64::INFINITY),
                resolution: tag.resolution.unwrap_or(0.0),
                seed: seed(&tag.who.id),
                stuck: None,
            })
        });
        played.collect()
    }

    /// The link that its tag sets, if it is a set-point.
    pub(crate) fn sets(&self) -> Option<usize> {
        match self.shows {
            Shows::SetPoint(link) => Some(link),
            _ => None,
        }
    }

    /// The last instant at which it looks, up to one. At a fast pace it leaves looks out: those who read it do so by the
    /// wall's clock, and what is told more often than once a second of that would be lost on them.
    pub(crate) fn last_look_us(&self, time_us: i64, speed: f64) -> i64 {
        let period_us = self.period_us.max(1);
        let each = (speed * 1e6 / period_us as f64).ceil().max(1.0) as i64;
        time_us - time_us.rem_euclid(period_us.saturating_mul(each))
    }

    /// What it shows at an instant of the world's day, in the tag's unit.
    pub(crate) fn look(
        &mut self,
        world: &World,
        tag: &Tag,
        faults: &[Fault],
        tripped: &[bool],
        time_us: i64,
    ) -> Sample {
        let truth = self.shows.truth(world, tripped, time_us);
        if truth.is_nan() {
            return Sample::gap(time_us, Quality::SENSOR_FAILURE);
        }
        let mut value = tag.unit.from_si(truth + self.error(truth, time_us));
        let own = faults
            .iter()
            .filter(|fault| fault.target == self.id && fault.holds(time_us));
        for fault in own {
            match fault.kind {
                FaultKind::Drift => {
                    let days = (time_us - fault.from_us) as f64 / DAY_US as f64;
                    value += fault.size * days;
                }
                FaultKind::Stuck => {
                    let held = self.stuck.filter(|(number, _)| *number == fault.number);
                    value = held.map_or(value, |(_, held)| held);
                    self.stuck = Some((fault.number, value));
                }
                _ => {}
            }
        }
        if self.resolution > 0.0 {
            value = (value / self.resolution).round() * self.resolution;
        }
        // An instrument shows no more than its range.
        Sample::good(time_us, value.clamp(self.low, self.high))
    }

    /// How far it is from the truth now, SI; the same at the same instant for ever.
    fn error(&self, truth: f64, time_us: i64) -> f64 {
        let sigma = match &self.shows {
            Shows::PondLevel(_) => LEVEL_M,
            Shows::PondDensity(_) | Shows::SourceDensity(_) => DENSITY_KG_M3,
            Shows::PondTemperature(_) => TEMPERATURE_K,
            Shows::PondContent(..) | Shows::SourceContent(..) => ASSAY * truth,
            Shows::Flow(_) | Shows::SourceFlow(_) => FLOW * truth,
            Shows::PlantFeed(_) | Shows::PlantProduct(_) | Shows::PlantPower(_) => WEIGHT * truth,
            Shows::Stockpile(_) | Shows::Power(_) | Shows::Held(_) => WEIGHT * truth,
            Shows::Weather(Station::AirTemperature) => TEMPERATURE_K,
            Shows::Weather(_) => 0.0,
            Shows::PumpState(_) | Shows::PlantState(_) | Shows::SetPoint(_) => 0.0,
        };
        if sigma == 0.0 {
            return 0.0;
        }
        sigma * Random::new(self.seed ^ time_us as u64).normal()
    }
}

/// A number of an id (FNV-1a, 64 bits).
fn seed(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
