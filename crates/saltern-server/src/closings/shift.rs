//! Figures of a shift: what the meters say, and the alarms.

use std::collections::BTreeMap;

use saltern_account::periods::Figure;
use saltern_base::tags::{Quantity, Source, Tag};
use saltern_history::HistoryError;
use saltern_records::Span;
use saltern_samples::bucket::{DAY_US, HOUR_US};
use saltern_samples::{Series, TagId};
use saltern_watch::alarm::Entry;
use saltern_watch::shift;

use crate::house::House;
use crate::operation::{Live, rule};
use crate::problem::Problem;

/// What can be told of a span.
#[derive(Default)]
pub(super) struct Told {
    pub(super) figures: Vec<Figure>,
    /// Tags whose samples do not cover it, or no longer: what was told of them before is better than what would be told now.
    pub(super) uncovered: Vec<String>,
}

/// Figures of the meters over a span, the alarms raised in it, and how long it is.
pub(super) fn told(
    house: &House,
    live: &Live,
    (from_us, to_us): (i64, i64),
) -> Result<Told, Problem> {
    let mut uncovered = Vec::new();
    let mut figures = vec![Figure::new(
        "hours",
        (to_us - from_us) as f64 / HOUR_US as f64,
        "h",
    )];
    for (tag, stored) in live.lake.tags.tags.iter().zip(&live.stored) {
        if !is_metered(live, tag) {
            continue;
        }
        let series = series(house, *stored, from_us, to_us)?;
        if from_us < rule(tag).oldest_us(house.now_us()) || series.times_us.is_empty() {
            uncovered.push(tag.who.id.clone());
        }
        for figure in shift::figures(tag, &series, from_us..to_us) {
            let id = format!("{}.{}", tag.who.id, figure.quantity);
            figures.push(Figure::new(id, figure.value, figure.unit));
        }
    }
    figures.extend(alarms(house, live, (from_us, to_us))?);
    Ok(Told { figures, uncovered })
}

/// Whether a tag is one that something measures and a shift is asked about.
fn is_metered(live: &Live, tag: &Tag) -> bool {
    let is_asked = matches!(
        tag.quantity,
        Quantity::Flow | Quantity::Power | Quantity::MassFlow | Quantity::Level
    );
    is_asked && tag.source != Source::Calculated && !live.soft.is_one(&tag.who.id)
}

/// The samples of a span and the last before it, which is looked for within an hour first: that is enough for most.
fn series(house: &House, stored: TagId, from_us: i64, to_us: i64) -> Result<Series, HistoryError> {
    let mut series = Series::default();
    for before_us in [HOUR_US, DAY_US] {
        series = house.history.series(stored, from_us - before_us, to_us)?;
        if series
            .times_us
            .first()
            .is_some_and(|first| *first <= from_us)
        {
            break;
        }
    }
    Ok(series)
}

/// Alarms that asked an operator: those of each enterprise, and `alarms` for what the park shares.
fn alarms(
    house: &House,
    live: &Live,
    (from_us, to_us): (i64, i64),
) -> Result<Vec<Figure>, Problem> {
    let lines = house.records.journal(Span {
        from_us,
        to_us,
        most: usize::MAX,
    })?;
    let id = |tenant: Option<&str>| tenant.map_or("alarms".into(), |t| format!("alarms[{t}]"));
    let mut counts: BTreeMap<String, u32> = live
        .tenants()
        .into_iter()
        .map(|t| (id(Some(t)), 0))
        .collect();
    counts.insert(id(None), 0);
    for line in lines {
        let entry: Option<Entry> = serde_json::from_str(&line.entry).ok();
        let alarm = line.alarm.as_deref().and_then(|alarm| live.alarm(alarm));
        if let (Some(alarm), Some(true)) = (alarm, entry.map(|entry| entry.announced)) {
            let tag = live.lake.tags.alarms[alarm as usize].tag as u32;
            *counts.entry(id(live.tenant(tag))).or_default() += 1;
        }
    }
    let figures = counts.into_iter();
    Ok(figures
        .map(|(id, count)| Figure::new(id, f64::from(count), "-"))
        .collect())
}
