//! What the instrument behind a tag looks at, and what it would show were it perfect.

use saltern_base::model::{Base, DAY_US};
use saltern_base::tags::{Asset, Quantity, Tag, Tags};
use saltern_brine::formula::Formula;
use saltern_climate::weather::Hour;

use crate::world::{PowerUnit, World};

const HOUR_US: i64 = DAY_US / 24;

/// States by number, as the base's tags have them.
const STOPPED: f64 = 0.0;
const RUNNING: f64 = 1.0;
const TRIPPED: f64 = 2.0;
/// Share of what it is set to below which a pump is told as stopped: it runs for minutes now and then.
const IDLE: f64 = 0.02;

/// What an instrument looks at. Places are those in the base.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shows {
    PondLevel(usize),
    PondDensity(usize),
    PondTemperature(usize),
    /// Element, and kg of it in a kg of what the tag tells.
    PondContent(usize, String, f64),
    SourceFlow(usize),
    SourceDensity(usize),
    SourceContent(usize, String, f64),
    Flow(usize),
    PumpState(usize),
    SetPoint(usize),
    PlantFeed(usize),
    PlantProduct(usize),
    PlantPower(usize),
    PlantState(usize),
    Stockpile(usize),
    Power(usize),
    /// Energy that a unit holds.
    Held(usize),
    Weather(Station),
}

/// Instruments of a weather station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Station {
    AirTemperature,
    Humidity,
    Wind,
    Radiation,
    Pressure,
    /// Rain since midnight.
    Rain,
    /// Evaporation of fresh water since midnight. No coefficient of a pan is taken: it is a pan as wide as a pond.
    Pan,
}

/// The last word of a tag's id, which tells apart what has the same quantity: `kcl.feed` and `kcl.product`.
fn word(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

impl Shows {
    /// Of a tag; `None` for one that is not played.
    pub(crate) fn of(base: &Base, power: &[PowerUnit], tags: &Tags, tag: &Tag) -> Option<Shows> {
        let asset = &tags.assets[tag.asset];
        let node = asset.node.as_deref().unwrap_or(&asset.who.id);
        if let Some(pond) = base.ponds.iter().position(|p| p.id == node) {
            return Shows::of_pond(pond, tag);
        }
        if let Some(source) = base.sources.iter().position(|s| s.id == node) {
            return Shows::of_source(source, tag);
        }
        if let Some(link) = base.links.iter().position(|l| l.id == node) {
            return Shows::of_link(link, tag);
        }
        if let Some(plant) = base.plants.iter().position(|p| p.id == node) {
            return Shows::of_plant(plant, tag);
        }
        if let Some(stockpile) = base.stockpiles.iter().position(|s| s.id == node) {
            return (tag.quantity == Quantity::Mass).then_some(Shows::Stockpile(stockpile));
        }
        if let Some(unit) = power.iter().position(|unit| unit.id == node) {
            return match tag.quantity {
                Quantity::Power => Some(Shows::Power(unit)),
                Quantity::Energy => Some(Shows::Held(unit)),
                _ => None,
            };
        }
        Shows::of_weather(asset, tag)
    }

    fn of_pond(pond: usize, tag: &Tag) -> Option<Shows> {
        Some(match tag.quantity {
            Quantity::Level => Shows::PondLevel(pond),
            Quantity::Density => Shows::PondDensity(pond),
            Quantity::Temperature => Shows::PondTemperature(pond),
            Quantity::Assay => {
                let (element, share) = content(tag)?;
                Shows::PondContent(pond, element, share)
            }
            _ => return None,
        })
    }

    fn of_source(source: usize, tag: &Tag) -> Option<Shows> {
        Some(match tag.quantity {
            Quantity::Flow => Shows::SourceFlow(source),
            Quantity::Density => Shows::SourceDensity(source),
            Quantity::Assay => {
                let (element, share) = content(tag)?;
                Shows::SourceContent(source, element, share)
            }
            _ => return None,
        })
    }

    fn of_link(link: usize, tag: &Tag) -> Option<Shows> {
        Some(match tag.quantity {
            Quantity::Flow if tag.writing.is_some() => Shows::SetPoint(link),
            Quantity::Flow => Shows::Flow(link),
            Quantity::State => Shows::PumpState(link),
            _ => return None,
        })
    }

    fn of_plant(plant: usize, tag: &Tag) -> Option<Shows> {
        Some(match (tag.quantity, word(&tag.who.id)) {
            (Quantity::MassFlow, "feed") => Shows::PlantFeed(plant),
            (Quantity::MassFlow, "product") => Shows::PlantProduct(plant),
            (Quantity::Power, _) => Shows::PlantPower(plant),
            (Quantity::State, _) => Shows::PlantState(plant),
            _ => return None,
        })
    }

    fn of_weather(asset: &Asset, tag: &Tag) -> Option<Shows> {
        if asset.node.is_some() {
            return None;
        }
        Some(Shows::Weather(match (tag.quantity, word(&tag.who.id)) {
            (Quantity::Temperature, "air_temperature") => Station::AirTemperature,
            (Quantity::Fraction, "humidity") => Station::Humidity,
            (Quantity::Speed, "wind") => Station::Wind,
            (Quantity::HeatFlux, "radiation") => Station::Radiation,
            (Quantity::Pressure, "pressure") => Station::Pressure,
            (Quantity::Level, "rain") => Station::Rain,
            (Quantity::Level, "pan") => Station::Pan,
            _ => return None,
        }))
    }

    /// What is true at an instant of the world's day, SI; not a number where there is nothing to see. `tripped` are links whose
    /// pumps stand by a fault.
    pub(crate) fn truth(&self, world: &World, tripped: &[bool], time_us: i64) -> f64 {
        let day = world.day();
        let pond = |pond: &usize| world.pond(*pond, time_us);
        let flow = |link: &usize| match tripped[*link] {
            true => 0.0,
            false => world.flow_m3_s(*link, time_us),
        };
        match self {
            Shows::PondLevel(at) => pond(at).level_m,
            Shows::PondDensity(at) => pond(at).density_kg_m3,
            Shows::PondTemperature(at) => pond(at).temperature_k,
            Shows::PondContent(at, element, share) => {
                let column = day.elements.iter().position(|e| e == element);
                column.map_or(f64::NAN, |c| pond(at).content_kg_m3[c] / share)
            }
            Shows::SourceFlow(source) => world.source_m3_s(*source, time_us),
            Shows::SourceDensity(source) => {
                let brine = world.source(*source);
                brine.map_or(f64::NAN, |brine| brine.density_kg_m3)
            }
            Shows::SourceContent(source, element, share) => {
                let brine = world.source(*source);
                let content = brine.and_then(|brine| brine.element_kg_m3(element));
                content.map_or(f64::NAN, |kg_m3| kg_m3 / share)
            }
            Shows::Flow(link) => flow(link),
            Shows::PumpState(link) if tripped[*link] => TRIPPED,
            Shows::PumpState(link) => match flow(link) > IDLE * world.set_point_m3_s(*link) {
                true => RUNNING,
                false => STOPPED,
            },
            // What keeps the levels asks for it, up to what people set.
            Shows::SetPoint(link) => world.flow_m3_s(*link, time_us),
            Shows::PlantFeed(plant) => day.plants[*plant].feed_kg_s,
            Shows::PlantProduct(plant) => day.plants[*plant].product_kg_s,
            Shows::PlantPower(plant) => day.plants[*plant].power_w,
            Shows::PlantState(plant) => match day.plants[*plant].feed_kg_s > 0.0 {
                true => RUNNING,
                false => STOPPED,
            },
            Shows::Stockpile(stockpile) => day.stockpiles_kg[*stockpile],
            Shows::Power(unit) => world.power_w(*unit, time_us),
            Shows::Held(unit) => world.held_j(*unit, time_us),
            Shows::Weather(station) => {
                let since_us = (time_us - world.midnight_us()).clamp(0, DAY_US - 1);
                station.truth(&day.hours, day.fresh_water_m, since_us)
            }
        }
    }
}

impl Station {
    fn truth(self, hours: &[Hour], fresh_water_m: f64, since_us: i64) -> f64 {
        let Some(hour) = hours.get((since_us / HOUR_US) as usize) else {
            return f64::NAN;
        };
        match self {
            Station::AirTemperature => hour.air_temperature_k,
            Station::Humidity => hour.relative_humidity(),
            Station::Wind => hour.wind_m_s,
            Station::Radiation => hour.global_w_m2,
            Station::Pressure => hour.pressure_pa,
            Station::Rain => {
                let until = |(h, hour): (usize, &Hour)| {
                    let seconds = (since_us - h as i64 * HOUR_US).clamp(0, HOUR_US) as f64 * 1e-6;
                    hour.rain_m_s * seconds
                };
                hours.iter().enumerate().map(until).sum()
            }
            Station::Pan => fresh_water_m * since_us as f64 / DAY_US as f64,
        }
    }
}

/// The element of an assay by volume, and kg of it in a kg of the component.
fn content(tag: &Tag) -> Option<(String, f64)> {
    let component = tag.component.as_deref()?;
    let by_volume = saltern_units::unit::Dimension::Concentration;
    if tag.unit.dimension != by_volume {
        return None;
    }
    Formula::parse(component).ok()?.told_by()
}
