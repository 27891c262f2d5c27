//! What the store knows of an analysis and of those before it.

use std::collections::{BTreeMap, BTreeSet};

use saltern_base::tags::{Quantity, Tag};
use saltern_history::HistoryError;
use saltern_samples::bucket::DAY_US;
use saltern_samples::{Quality, Sample, TagId};
use saltern_units::unit::Dimension;
use saltern_watch::desk::Analysis;

use super::Told;
use crate::house::House;
use crate::operation::Live;
use crate::problem::Problem;

const HOUR_US: i64 = DAY_US / 24;
/// Over how long before an analysis a density or a temperature is averaged.
const AROUND_US: i64 = 6 * HOUR_US;
/// How old an estimate may be.
const SEEN_US: i64 = 2 * DAY_US;
/// How far back the past reaches.
const PAST_US: i64 = 365 * DAY_US;

/// An analysis, and where its figures come from.
pub(super) struct Sheet {
    /// Index of its asset.
    asset: usize,
    /// What its figures measure: content by volume or by mass.
    pub(super) dimension: Dimension,
    /// Rows of the figures' tags, and what they were told, in their units.
    pub(super) rows: Vec<(u32, f64)>,
    pub(super) analysis: Analysis,
}

/// What was found in a sample; `None` where the base knows nothing of it any more. Figures of which the store does not know yet
/// are handed in.
pub(super) fn sheet(
    house: &House,
    live: &Live,
    asset: &str,
    time_us: i64,
    came: &BTreeMap<String, f64>,
) -> Result<Option<Sheet>, Problem> {
    let mut assets = live.lake.tags.assets.iter();
    let Some(asset) = assets.position(|own| own.who.id == asset) else {
        return Ok(None);
    };
    let mut found = Vec::new();
    for (row, tag) in analysed(live, asset) {
        let value = match came.get(&tag.who.id) {
            Some(value) => Some(*value),
            None => at(house, live, row, time_us)?.map(|sample| sample.value),
        };
        found.extend(value.filter(|v| v.is_finite()).map(|value| (row, value)));
    }
    // Contents by volume and by mass cannot be judged together without knowing what is to be found out.
    let of = |dimension| {
        let all = found.iter().copied();
        all.filter(|(row, _)| live.tag(*row).unit.dimension == dimension)
            .collect::<Vec<(u32, f64)>>()
    };
    let (volume, mass) = (of(Dimension::Concentration), of(Dimension::MassFraction));
    let (dimension, figures) = match volume.len() >= mass.len() {
        true => (Dimension::Concentration, volume),
        false => (Dimension::MassFraction, mass),
    };
    if figures.is_empty() {
        return Ok(None);
    }
    let contents = figures.iter().map(|(row, value)| {
        let tag = live.tag(*row);
        (component(tag), tag.unit.to_si(*value))
    });
    let contents = contents.collect();
    Ok(Some(Sheet {
        asset,
        dimension,
        analysis: Analysis {
            time_us,
            contents,
            density_kg_m3: around(house, live, asset, Quantity::Density, time_us)?,
            temperature_k: around(house, live, asset, Quantity::Temperature, time_us)?,
            estimated: estimated(house, live, asset, time_us)?,
        },
        rows: figures,
    }))
}

/// The last believed analyses of the same figures before one, in order of time.
pub(super) fn past(
    house: &House,
    live: &Live,
    sheet: &Sheet,
    most: usize,
) -> Result<Vec<Analysis>, Problem> {
    let time_us = sheet.analysis.time_us;
    let mut by_time: BTreeMap<i64, Vec<(String, f64)>> = BTreeMap::new();
    for (row, _) in &sheet.rows {
        let tag = live.tag(*row);
        let stored = live.stored[*row as usize];
        let series = house.history.series(stored, time_us - PAST_US, time_us)?;
        for sample in series.iter().filter(is_believed) {
            let content = (component(tag), tag.unit.to_si(sample.value));
            by_time.entry(sample.time_us).or_default().push(content);
        }
    }
    let drifted = densities_in_doubt(house, live, sheet)?;
    let last = by_time.len().saturating_sub(most);
    let mut past = Vec::new();
    for (time_us, contents) in by_time.into_iter().skip(last) {
        let density_kg_m3 = match drifted.contains(&time_us) {
            true => None,
            false => around(house, live, sheet.asset, Quantity::Density, time_us)?,
        };
        past.push(Analysis {
            time_us,
            contents,
            density_kg_m3,
            temperature_k: around(house, live, sheet.asset, Quantity::Temperature, time_us)?,
            estimated: estimated(house, live, sheet.asset, time_us)?,
        });
    }
    Ok(past)
}

/// Analyses whose density was suspected: a meter that drifts must not become what is usual.
fn densities_in_doubt(house: &House, live: &Live, sheet: &Sheet) -> Result<BTreeSet<i64>, Problem> {
    let asset = &live.lake.tags.assets[sheet.asset].who.id;
    let time_us = sheet.analysis.time_us;
    let judged = house.records.analyses(time_us - PAST_US, time_us)?;
    let own = judged.into_iter().filter(|judged| judged.asset == *asset);
    let suspected = own.filter(|judged| {
        let told: Option<Told> = serde_json::from_str(&judged.body).ok();
        told.is_some_and(|told| told.density_suspected)
    });
    Ok(suspected.map(|judged| judged.time_us).collect())
}

fn is_believed(sample: &Sample) -> bool {
    matches!(sample.quality, Quality::GOOD | Quality::GOOD_OVERRIDE) && sample.value.is_finite()
}

/// Tags of an asset that the laboratory tells.
fn analysed(live: &Live, asset: usize) -> impl Iterator<Item = (u32, &Tag)> {
    let all = (0u32..).zip(&live.lake.tags.tags);
    all.filter(move |(row, tag)| tag.asset == asset && live.is_analysis(*row))
}

fn component(tag: &Tag) -> String {
    tag.component.clone().unwrap_or_default()
}

/// The sample of an instant.
fn at(house: &House, live: &Live, row: u32, time_us: i64) -> Result<Option<Sample>, HistoryError> {
    let stored = live.stored[row as usize];
    let series = house.history.series(stored, time_us, time_us + 1)?;
    Ok(series.iter().last())
}

/// Mean of a quantity of an asset over the hours before an instant, in SI; of the first tag that tells it.
fn around(
    house: &House,
    live: &Live,
    asset: usize,
    quantity: Quantity,
    time_us: i64,
) -> Result<Option<f64>, HistoryError> {
    let own = (0u32..).zip(&live.lake.tags.tags);
    let own = own.filter(|(_, tag)| tag.asset == asset && tag.quantity == quantity);
    for (row, tag) in own {
        let stored: TagId = live.stored[row as usize];
        let buckets = (house.history).buckets(stored, time_us - AROUND_US, time_us + 1, 1)?;
        let (sum, count) = buckets.iter().fold((0.0, 0), |(sum, count), bucket| {
            (sum + bucket.sum, count + bucket.count)
        });
        if count > 0 {
            return Ok(Some(tag.unit.to_si(sum / count as f64)));
        }
    }
    Ok(None)
}

/// Contents of a pond as the last night before an instant saw them, kg/m³.
fn estimated(
    house: &House,
    live: &Live,
    asset: usize,
    time_us: i64,
) -> Result<Vec<(String, f64)>, HistoryError> {
    let mut seen = Vec::new();
    let own = (0u32..).zip(&live.lake.tags.tags);
    for (row, tag) in own.filter(|(_, tag)| tag.asset == asset) {
        let Some(component) = tag
            .component
            .clone()
            .filter(|_| live.soft.is_one(&tag.who.id))
        else {
            continue;
        };
        let stored = live.stored[row as usize];
        let series = house.history.series(stored, time_us - SEEN_US, time_us)?;
        let last = series
            .iter()
            .filter(|sample| sample.value.is_finite())
            .last();
        seen.extend(last.map(|sample| (component, tag.unit.to_si(sample.value))));
    }
    Ok(seen)
}
