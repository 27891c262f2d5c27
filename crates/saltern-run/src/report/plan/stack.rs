//! Who gives and who takes at each node: stacked bars, what is given above the line and what is taken below.

use super::hours::{Hours, Span};
use crate::plan::{ColumnKind, PlanUnit};
use crate::report::svg::{Anchor, Linear, Svg};
use crate::report::view::View;
use crate::report::{figure, legend, numbers, texts, theme, titled};

const WIDTH: f64 = 1136.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 52.0;
const BOTTOM: f64 = 268.0;

pub(super) fn section(view: &View<'_>, hours: &Hours<'_>) -> String {
    let lang = view.lang;
    let nodes: String = hours
        .nodes()
        .into_iter()
        .map(|n| node(view, hours, n))
        .collect();
    titled(
        lang,
        texts::PLAN_STACK,
        texts::PLAN_STACK_NOTE.get(lang),
        &nodes,
    )
}

/// Who gives and takes at a node, in the order in which they are stacked.
fn at<'a>(hours: &Hours<'a>, node: &str) -> Vec<(&'a PlanUnit, &'a [f64])> {
    let columns = hours.columns.iter().copied();
    columns
        .filter(|(unit, values)| {
            unit.node == node && unit.sign != 0.0 && values.iter().any(|v| v.abs() > 1e-9)
        })
        .collect()
}

fn node(view: &View<'_>, hours: &Hours<'_>, node: &str) -> String {
    let columns = at(hours, node);
    if columns.is_empty() {
        return String::new();
    }
    let name = view.run.plan.as_ref().and_then(|plan| {
        let own = plan.units.iter().find(|u| u.unit == node);
        own.map(|u| view.label(&u.name, &u.unit).to_owned())
    });
    let name = name.unwrap_or_else(|| node.to_owned());
    let entries: Vec<(String, String)> = columns
        .iter()
        .map(|(unit, _)| (label(view, unit), color(unit.kind)))
        .collect();
    let mut body = legend(&entries);
    let whole = hours.whole();
    let title = if whole.per > 1 {
        texts::PLAN_DAYS.with(view.lang, &[("node", &name)])
    } else {
        texts::PLAN_STEPS.with(view.lang, &[("node", &name)])
    };
    body += &figure("scroll", &title, &chart(view, hours, &columns, whole));
    for (text, week) in weeks(hours, &columns) {
        let from = numbers::long_date(view.lang, hours.day(week.from));
        let title = text.with(view.lang, &[("node", &name), ("from", &from)]);
        body += &figure("scroll", &title, &chart(view, hours, &columns, week));
    }
    body
}

/// Of a long plan, the week with the most from sun and wind and the one with the most bought.
fn weeks(hours: &Hours<'_>, columns: &[(&PlanUnit, &[f64])]) -> Vec<(texts::Text, Span)> {
    let sum_of = |kinds: &[ColumnKind]| {
        let mut sum = vec![0.0; hours.steps];
        let mut any = false;
        for (unit, values) in columns.iter().filter(|(u, _)| kinds.contains(&u.kind)) {
            any |= unit.sign != 0.0;
            for (total, value) in sum.iter_mut().zip(values.iter()) {
                *total += value;
            }
        }
        any.then_some(sum)
    };
    let wanted = [
        (
            texts::PLAN_WEEK_WEATHER,
            &[ColumnKind::Pv, ColumnKind::Wind][..],
        ),
        (
            texts::PLAN_WEEK_BOUGHT,
            &[ColumnKind::Import, ColumnKind::Shortage][..],
        ),
    ];
    wanted
        .into_iter()
        .filter_map(|(text, kinds)| {
            let sum = sum_of(kinds)?;
            Some((text, hours.richest_week(&sum)?))
        })
        .collect()
}

pub(super) fn label(view: &View<'_>, unit: &PlanUnit) -> String {
    named(view, view.label(&unit.name, &unit.unit), Some(unit.kind))
}

/// A unit's name with what of it is meant, where it has several sides.
pub(super) fn named(view: &View<'_>, name: &str, kind: Option<ColumnKind>) -> String {
    let Some(kind) = kind else {
        return name.to_owned();
    };
    let what = match kind {
        ColumnKind::Charge => texts::PLAN_CHARGE,
        ColumnKind::Discharge => texts::PLAN_DISCHARGE,
        ColumnKind::Import => texts::PLAN_IMPORT,
        ColumnKind::Export => texts::PLAN_EXPORT,
        ColumnKind::Deviation => texts::PLAN_DEVIATION,
        ColumnKind::Level => texts::PLAN_HELD_AT_END,
        ColumnKind::Backlog => texts::PLAN_DONE_AT_OTHER_TIMES,
        ColumnKind::Demand => texts::PLAN_DEMAND,
        ColumnKind::Shortage => texts::PLAN_SHORTAGE,
        _ => return name.to_owned(),
    };
    texts::PLAN_SIDE.with(view.lang, &[("name", name), ("what", what.get(view.lang))])
}

pub(in crate::report) fn color(kind: ColumnKind) -> String {
    theme::color(match kind {
        ColumnKind::Pv => "sylvite",
        ColumnKind::Wind => "gypsum",
        ColumnKind::SolarField => "mixed",
        ColumnKind::Hydro => "halite",
        ColumnKind::Fuel => "borate",
        ColumnKind::Made => "carnallite",
        ColumnKind::Taken => "x4",
        ColumnKind::Charge | ColumnKind::Discharge | ColumnKind::Level => "lithium",
        ColumnKind::Line => "x1",
        ColumnKind::Import | ColumnKind::Deviation => "oldbrine",
        ColumnKind::Export => "pre",
        ColumnKind::Shortage => "bischofite",
        ColumnKind::Demand => "x6",
        ColumnKind::Hall | ColumnKind::Backlog | ColumnKind::Flexible => "x5",
        ColumnKind::Price
        | ColumnKind::Limit
        | ColumnKind::Quota
        | ColumnKind::MayWait
        | ColumnKind::Available => "x2",
    })
}

fn chart(
    view: &View<'_>,
    hours: &Hours<'_>,
    columns: &[(&PlanUnit, &[f64])],
    span: Span,
) -> String {
    let bars = span.bars();
    let reach = (0..bars).flat_map(|bar| {
        let powers = columns
            .iter()
            .map(|(u, v)| u.sign.signum() * span.mean(v, bar));
        let (up, down): (Vec<f64>, Vec<f64>) = powers.partition(|p| *p > 0.0);
        [up.iter().sum::<f64>(), down.iter().sum()]
    });
    let y = Linear::covering(reach, true, BOTTOM, 22.0);
    let mut svg = Svg::new(WIDTH, HEIGHT);
    svg.value_axis(&y, LEFT, WIDTH - 8.0, "MW");
    let slot = (WIDTH - 8.0 - LEFT) / bars as f64;
    // One path a unit keeps a year small: a step curve over the bars between its lower and its upper edge.
    let mut above = vec![0.0; bars];
    let mut below = vec![0.0; bars];
    for (unit, values) in columns {
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        for bar in 0..bars {
            let power = unit.sign.signum() * span.mean(values, bar);
            let from = if power >= 0.0 {
                &mut above[bar]
            } else {
                &mut below[bar]
            };
            let x = LEFT + slot * bar as f64;
            for x in [x, x + slot] {
                lower.push((x, y.at(*from)));
                upper.push((x, y.at(*from + power)));
            }
            *from += power;
        }
        let outline: Vec<_> = upper.into_iter().chain(lower.into_iter().rev()).collect();
        let style = format!("fill:{};stroke:none", color(unit.kind));
        svg.polygon(&outline, &style, &label(view, unit));
    }
    days_at(view, hours, span, slot, BOTTOM, &mut svg);
    let zero = y.at(0.0);
    svg.line((LEFT, zero), (WIDTH - 8.0, zero), "ax");
    svg.finish("wide", texts::PLAN_STACK.get(view.lang))
}

/// Days along the bottom.
pub(super) fn days_at(
    view: &View<'_>,
    hours: &Hours<'_>,
    span: Span,
    slot: f64,
    bottom: f64,
    svg: &mut Svg,
) {
    let count = (span.to - span.from).div_ceil(hours.per_day);
    let every = count.div_ceil(14).max(1);
    for d in (0..count).step_by(every) {
        let step = span.from + d * hours.per_day;
        let x = LEFT + slot * (d * hours.per_day / span.per) as f64;
        svg.line((x, bottom), (x, bottom + 4.0), "ax");
        let day = numbers::day(view.lang, hours.day(step));
        svg.text(x, bottom + 16.0, Anchor::Start, "lb", &day);
    }
}
