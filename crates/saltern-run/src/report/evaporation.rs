//! Evaporation and water activity by stage and month, and the ratio of brine to fresh water.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::svg::{Anchor, Linear, Svg, Time, spread};
use super::view::{PondDays, View};
use super::{absent, figure, stage_legend, texts, titled};
use crate::columns::{self, ColumnName};

/// A line: stage, and (mid-month, value).
type Line = (String, Vec<(Date, f64)>);

pub(super) fn section(view: &View<'_>) -> String {
    let lang = view.lang;
    let Some(days) = view.days.as_ref() else {
        return absent(lang, texts::EVAPORATION);
    };
    let evaporation = by_stage(view, days, columns::EVAPORATION);
    let activity = by_stage(view, days, columns::WATER_ACTIVITY);
    let fresh = days
        .has(columns::EVAPORATION_FRESH)
        .then(|| by_stage(view, days, columns::EVAPORATION_FRESH));
    let mut figures = figure(
        "third",
        texts::EVAPORATION_RATE.get(lang),
        &chart(view, &evaporation, true),
    );
    figures += &figure(
        "third",
        texts::ACTIVITY.get(lang),
        &chart(view, &activity, false),
    );
    if let Some(fresh) = fresh {
        figures += &figure(
            "third",
            texts::RATIO.get(lang),
            &chart(view, &ratio(&evaporation, &fresh), true),
        );
    }
    let body = format!("{}<div class=\"grid\">{figures}</div>", stage_legend(view));
    titled(
        lang,
        texts::EVAPORATION,
        texts::EVAPORATION_NOTE.get(lang),
        &body,
    )
}

fn by_stage(view: &View<'_>, days: &PondDays<'_>, column: ColumnName) -> Vec<Line> {
    let stages = view.stages.names().iter();
    stages
        .map(|stage| (stage.clone(), monthly(view, days, stage, column)))
        .filter(|(_, line)| !line.is_empty())
        .collect()
}

/// Means by month over the ponds of a stage, weighted by area, at the middle of the month's days.
fn monthly(
    view: &View<'_>,
    days: &PondDays<'_>,
    stage: &str,
    column: ColumnName,
) -> Vec<(Date, f64)> {
    let mut months: BTreeMap<Date, (f64, f64)> = BTreeMap::new();
    for (i, pond) in view
        .ponds()
        .iter()
        .enumerate()
        .filter(|(_, p)| p.stage == stage)
    {
        for (date, value) in days
            .series(i, column)
            .into_iter()
            .filter(|(_, v)| v.is_finite())
        {
            let (sum, weight) = months.entry(date.first_of_month()).or_default();
            *sum += pond.area_m2 * value;
            *weight += pond.area_m2;
        }
    }
    months
        .into_iter()
        .filter(|(_, (_, w))| *w > 0.0)
        .map(|(month, (sum, w))| (middle(month), sum / w))
        .collect()
}

fn middle(first_of_month: Date) -> Date {
    first_of_month
        .with()
        .day(15)
        .build()
        .unwrap_or(first_of_month)
}

/// Months in which fresh water evaporates less than this, mm/d, say nothing about a ratio.
const LEAST_FRESH_MM: f64 = 0.3;

fn ratio(brine: &[Line], fresh: &[Line]) -> Vec<Line> {
    let over = |line: &Line| -> Option<Line> {
        let below: BTreeMap<Date, f64> = fresh
            .iter()
            .find(|(stage, _)| *stage == line.0)?
            .1
            .iter()
            .copied()
            .collect();
        let points = line
            .1
            .iter()
            .filter_map(|(d, mm)| Some((*d, mm / below.get(d).filter(|f| **f >= LEAST_FRESH_MM)?)));
        Some((line.0.clone(), points.collect()))
    };
    brine.iter().filter_map(over).collect()
}

fn chart(view: &View<'_>, lines: &[Line], zero: bool) -> String {
    let (width, height, left, right, bottom) = (364.0, 236.0, 36.0, 290.0, 208.0);
    let y = Linear::covering(
        lines.iter().flat_map(|l| l.1.iter().map(|p| p.1)),
        zero,
        bottom,
        14.0,
    );
    let meta = &view.run.meta;
    let x = Time::new(meta.from, meta.to, left, right);
    let mut svg = Svg::new(width, height);
    svg.value_axis(&y, left, right, "");
    let mut labels = Vec::new();
    for (i, (stage, line)) in lines.iter().enumerate() {
        let points: Vec<_> = line
            .iter()
            .map(|(d, v)| (x.at((*d).clamp(meta.from, meta.to)), y.at(*v)))
            .collect();
        let color = view.stages.color(stage);
        let dashes = ["none", "6 2", "2 2", "8 3 2 3", "10 3", "4 4"][i % 6];
        svg.polyline(
            &points,
            &format!("stroke:{color};stroke-width:1.8;stroke-dasharray:{dashes}"),
        );
        if let Some(last) = points.last() {
            labels.push((last.1 + 4.0, stage));
        }
    }
    let spots = spread(
        &labels.iter().map(|l| l.0).collect::<Vec<_>>(),
        13.0,
        14.0,
        bottom + 4.0,
    );
    for ((_, stage), at) in labels.iter().zip(spots) {
        svg.text(
            right + 6.0,
            at,
            Anchor::Start,
            "lb",
            &texts::name(view.lang, stage),
        );
    }
    svg.date_axis(view.lang, &x, bottom, 6);
    svg.finish("", texts::EVAPORATION.get(view.lang))
}
