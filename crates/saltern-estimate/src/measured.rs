//! Samples of tags as observations of evenings and flows of days.
//!
//! A day is one of the base's own standard time. A level is the mean of the last hours of its day, so that wind tilts it less; a
//! density likewise; an assay is of the day on which it was taken; a flow is the mean of its day. What a tag tells of is the node of its asset, or
//! the asset of that name: a pond for levels, densities and assays, a link for flows.

use crate::observation::{Observation, Quantity};
use jiff::civil::Date;
use saltern_base::model::{Base, Schedule, ScheduledFlow};
use saltern_base::tags::{Quantity as Measures, Tag, Tags};
use saltern_brine::formula::Formula;
use saltern_samples::Sample;
use saltern_units::unit::Dimension;

/// Microseconds in an hour.
const HOUR_US: i64 = 3_600_000_000;
/// Hours at the end of a day over which levels and densities are averaged.
const EVENING_H: i64 = 6;

/// The samples of a tag, in any order.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'s> {
    /// Index into [`Tags::tags`].
    pub tag: usize,
    /// Samples; those that cannot be used are passed over.
    pub samples: &'s [Sample],
}

/// Standard deviations of what is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// Level, m.
    pub level_m: f64,
    /// Density, kg/m³.
    pub density_kg_m3: f64,
    /// Content by assay, relative.
    pub assay: f64,
}

impl Default for Errors {
    /// Levels of 2 mm and assays of 0.5 % as issue 6 has them; densities of an oscillating meter in the field (assumed).
    fn default() -> Self {
        Errors {
            level_m: 2e-3,
            density_kg_m3: 0.5,
            assay: 0.005,
        }
    }
}

/// What a window of samples holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// Levels, densities and contents, by day, then pond.
    pub observations: Vec<Observation>,
    /// Flow of each metered link on each day that has samples.
    pub metered: Schedule,
    /// Tags of ponds that were not used because their unit needs a density: contents by mass.
    pub unused: Vec<usize>,
}

/// The window as calendar days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// First.
    pub from: Date,
    /// How many.
    pub count: u32,
}

/// Observations and metered flows of a window.
pub fn collect(
    base: &Base,
    tags: &Tags,
    readings: &[Reading<'_>],
    days: Days,
    errors: &Errors,
) -> Measured {
    let mut measured = Measured::default();
    for reading in readings {
        let tag = &tags.tags[reading.tag];
        let asset = &tags.assets[tag.asset];
        let node = asset.node.as_deref().unwrap_or(&asset.who.id);
        let pond = base.ponds.iter().position(|p| p.id == node);
        let link = base.links.iter().position(|l| l.id == node);
        let by_day = by_day(base, tag, reading.samples, days);
        match (tag.quantity, pond, link) {
            (Measures::Level | Measures::Density, Some(pond), _) => {
                let (quantity, sigma) = match tag.quantity {
                    Measures::Level => (Quantity::Level, errors.level_m),
                    _ => (Quantity::Density, errors.density_kg_m3),
                };
                for (day, samples) in by_day.iter().enumerate() {
                    let evening = samples.iter().filter(|(h, _)| *h >= 24 - EVENING_H);
                    let value =
                        mean(evening.map(|s| s.1)).or_else(|| mean(samples.iter().map(|s| s.1)));
                    measured.observe(pond, day, &quantity, value, sigma);
                }
            }
            (Measures::Assay, Some(pond), _) => {
                let Some(quantity) = content(tag) else {
                    measured.unused.push(reading.tag);
                    continue;
                };
                for (day, samples) in by_day.iter().enumerate() {
                    let value = mean(samples.iter().map(|s| s.1)).map(|v| v * quantity.1);
                    let sigma = value.unwrap_or(0.0) * errors.assay;
                    measured.observe(pond, day, &quantity.0, value.filter(|v| *v > 0.0), sigma);
                }
            }
            (Measures::Flow, None, Some(link)) if is_flow(tag) => {
                for (day, samples) in by_day.iter().enumerate() {
                    let Some(flow_m3_s) = mean(samples.iter().map(|s| s.1)) else {
                        continue;
                    };
                    let date = days.from.checked_add(jiff::Span::new().days(day as i64));
                    let date = date.unwrap_or(days.from);
                    measured.metered.flows.push(ScheduledFlow {
                        link,
                        from: date,
                        to: date,
                        flow_m3_s: flow_m3_s.max(0.0),
                    });
                }
            }
            _ => {}
        }
    }
    measured.observations.sort_by_key(|o| (o.day, o.pond));
    measured
}

impl Measured {
    fn observe(
        &mut self,
        pond: usize,
        day: usize,
        quantity: &Quantity,
        value: Option<f64>,
        sigma: f64,
    ) {
        if let Some(value) = value {
            self.observations.push(Observation {
                pond,
                day: day as u32,
                quantity: quantity.clone(),
                value,
                sigma,
            });
        }
    }
}

/// Usable samples of each day in SI, with their hours.
fn by_day(base: &Base, tag: &Tag, samples: &[Sample], days: Days) -> Vec<Vec<(i64, f64)>> {
    let mut by_day = vec![Vec::new(); days.count as usize];
    for sample in samples.iter().filter(|s| s.is_usable()) {
        let (date, since_us) = base.site.local_day(sample.time_us);
        let hour = since_us / HOUR_US;
        let since = (date - days.from).get_days();
        if let Some(of) = usize::try_from(since).ok().and_then(|d| by_day.get_mut(d)) {
            of.push((hour, tag.unit.to_si(sample.value)));
        }
    }
    by_day
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.fold((0.0, 0u32), |(sum, n), v| (sum + v, n + 1));
    (n > 0).then(|| sum / f64::from(n))
}

/// The element of an assay by volume, and kg of it in a kg of the component.
fn content(tag: &Tag) -> Option<(Quantity, f64)> {
    let component = tag.component.as_deref()?;
    if tag.unit.dimension != Dimension::Concentration {
        return None;
    }
    let (element, share) = Formula::parse(component).ok()?.told_by()?;
    Some((Quantity::Content(element), share))
}

/// A set-point is a wish, not a flow.
fn is_flow(tag: &Tag) -> bool {
    tag.writing.is_none()
}
