//! The inventory wedge: months of feed ahead of the harvest ponds, by stage.

use std::collections::BTreeMap;

use jiff::civil::Date;
use saltern_base::frame::Values;

use super::svg::{Anchor, Linear, Svg, Time, spread};
use super::theme::Palette;
use super::view::View;
use super::{absent, texts, titled};
use crate::columns;
use crate::contents::RunContents;
use crate::error::RunError;
use crate::table;

const WIDTH: f64 = 1136.0;
const HEIGHT: f64 = 248.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 1000.0;
const BOTTOM: f64 = 220.0;

pub(super) fn section(view: &View<'_>) -> Result<String, RunError> {
    let lang = view.lang;
    let Some(frame) = view.run.frame(columns::MONTHS_AHEAD) else {
        return Ok(absent(lang, texts::AHEAD));
    };
    let (dates, stages) = (
        table::dates(frame, columns::DATE)?,
        table::texts(frame, columns::STAGE)?,
    );
    let months = table::numbers(frame, columns::AHEAD)?;
    let mut days: BTreeMap<Date, BTreeMap<&str, f64>> = BTreeMap::new();
    for ((date, stage), value) in dates.iter().zip(stages).zip(months) {
        if value.is_finite() {
            *days.entry(*date).or_default().entry(stage).or_default() += value;
        }
    }
    if days.len() < 2 {
        return Ok(absent(lang, texts::AHEAD));
    }
    // Nearest the harvest at the bottom: the end of the chain is what is used first.
    let mut order: Vec<&str> = Palette::new(stages.iter().map(String::as_str))
        .names()
        .iter()
        .filter_map(|n| stages.iter().find(|s| *s == n))
        .map(String::as_str)
        .collect();
    let rank = |stage: &str| {
        view.stages
            .names()
            .iter()
            .position(|s| s == stage)
            .unwrap_or(usize::MAX)
    };
    order.sort_by_key(|stage| std::cmp::Reverse(rank(stage)));
    Ok(titled(
        lang,
        texts::AHEAD,
        texts::AHEAD_NOTE.get(lang),
        &format!(
            "<figure class=\"scroll\">{}</figure>",
            wedge(view, &days, &order)
        ),
    ))
}

fn wedge(view: &View<'_>, days: &BTreeMap<Date, BTreeMap<&str, f64>>, order: &[&str]) -> String {
    let total = |stages: &BTreeMap<&str, f64>| stages.values().sum::<f64>();
    let band = band(view.run);
    let highest = band.iter().map(|(_, [_, _, p90])| *p90);
    let y = Linear::covering(days.values().map(total).chain(highest), true, BOTTOM, 22.0);
    let x = Time::new(view.run.meta.from, view.run.meta.to, LEFT, RIGHT);
    let mut svg = Svg::new(WIDTH, HEIGHT);
    svg.value_axis(&y, LEFT, RIGHT, texts::AHEAD_UNIT.get(view.lang));
    let mut base = vec![0.0; days.len()];
    let mut labels = Vec::new();
    for stage in order {
        let top: Vec<f64> = days
            .values()
            .zip(&base)
            .map(|(s, b)| b + s.get(stage).copied().unwrap_or(0.0))
            .collect();
        let upper = days.keys().zip(&top).map(|(d, v)| (x.at(*d), y.at(*v)));
        let lower = days.keys().zip(&base).map(|(d, v)| (x.at(*d), y.at(*v)));
        let color = view.stages.color(stage);
        let area: Vec<_> = upper.chain(lower.rev()).collect();
        svg.polygon(
            &area,
            &format!("fill:{color};fill-opacity:.75;stroke:var(--paper);stroke-width:1"),
            &texts::name(view.lang, stage),
        );
        let ends = (
            base.last().copied().unwrap_or(0.0),
            top.last().copied().unwrap_or(0.0),
        );
        labels.push((
            y.at((ends.0 + ends.1) / 2.0) + 4.0,
            ends.1 - ends.0,
            color,
            texts::name(view.lang, stage),
        ));
        base = top;
    }
    let spots = spread(
        &labels.iter().map(|l| l.0).collect::<Vec<_>>(),
        15.0,
        24.0,
        BOTTOM,
    );
    for ((_, months, color, name), at) in labels.iter().zip(spots) {
        svg.rect(
            RIGHT + 10.0,
            at - 9.0,
            9.0,
            9.0,
            &format!("fill:{color}"),
            "",
        );
        svg.text(
            RIGHT + 24.0,
            at,
            Anchor::Start,
            "",
            &format!("{name} {}", super::numbers::significant(*months, 2)),
        );
    }
    draw_band(&mut svg, view, &band, (&x, &y));
    svg.date_axis(view.lang, &x, BOTTOM, 12);
    svg.finish("wide", texts::AHEAD.get(view.lang))
}

/// P10, P50 and P90 of all stages together by day; empty where no other weathers were marched.
fn band(run: &RunContents) -> Vec<(Date, [f64; 3])> {
    let Some(frame) = run.frame(columns::MONTHS_AHEAD_BANDS) else {
        return Vec::new();
    };
    let quantile = |name: &str| {
        let column = frame.columns.iter().find(|column| column.name == name);
        match column.map(|column| &column.values) {
            Some(Values::Number(values)) => values.as_slice(),
            _ => &[],
        }
    };
    let (Ok(dates), Ok(stages)) = (
        table::dates(frame, columns::DATE),
        table::texts(frame, columns::STAGE),
    ) else {
        return Vec::new();
    };
    let [low, middle, high] = [columns::P10, columns::P50, columns::P90].map(quantile);
    let rows = (dates.iter().zip(stages)).zip(low.iter().zip(middle).zip(high));
    rows.filter(|((_, stage), _)| *stage == columns::ALL)
        .map(|((date, _), ((low, middle), high))| (*date, [*low, *middle, *high]))
        .collect()
}

fn draw_band(svg: &mut Svg, view: &View<'_>, band: &[(Date, [f64; 3])], (x, y): (&Time, &Linear)) {
    let line = |quantile: usize| {
        let at = move |(day, values): &(Date, [f64; 3])| (x.at(*day), y.at(values[quantile]));
        band.iter().map(at)
    };
    let area: Vec<_> = line(2).chain(line(0).rev()).collect();
    let members = view.run.meta.weathers.as_ref().map_or(0, |all| all.members);
    let hint = texts::AHEAD_BAND.with(view.lang, &[("members", &members.to_string())]);
    let style = "fill:var(--ink);fill-opacity:.12;stroke:var(--ink);stroke-width:1";
    svg.polygon(&area, style, &hint);
    let median: Vec<_> = line(1).collect();
    svg.polyline(
        &median,
        "stroke:var(--ink);stroke-width:1.4;stroke-dasharray:5 4",
    );
    if band.len() > 1 {
        svg.text(RIGHT, 12.0, Anchor::End, "lb", &hint);
    }
}
