//! What is held, what a MWh is worth, what waits: lines over the plan.

use super::hours::{Hours, Span};
use super::stack;
use crate::plan::{ColumnKind, PlanUnit};
use crate::report::svg::{Linear, Svg};
use crate::report::texts::Text;
use crate::report::theme::Palette;
use crate::report::view::View;
use crate::report::{figure, legend, texts, titled};

const WIDTH: f64 = 1136.0;
const HEIGHT: f64 = 230.0;
const LEFT: f64 = 52.0;
const BOTTOM: f64 = 198.0;

/// A line: name, values, what is drawn of a bar's values.
struct Line<'a> {
    name: String,
    values: Vec<f64>,
    unit: &'a PlanUnit,
}

/// Levels of stores as a share of what they can hold.
pub(super) fn levels(view: &View<'_>, hours: &Hours<'_>) -> String {
    let lines = hours.of_kind(ColumnKind::Level).map(|(unit, values)| {
        let most = unit.capacity.unwrap_or(1.0).max(1e-9);
        Line {
            name: view.label(&unit.name, &unit.unit).to_owned(),
            values: values.iter().map(|v| 100.0 * v / most).collect(),
            unit,
        }
    });
    section(
        view,
        hours,
        (texts::PLAN_LEVELS, texts::PLAN_LEVELS_NOTE),
        "%",
        lines.collect(),
    )
}

/// Prices of nodes.
pub(super) fn prices(view: &View<'_>, hours: &Hours<'_>) -> String {
    let lines = hours.of_kind(ColumnKind::Price).map(|(unit, values)| Line {
        name: view.label(&unit.name, &unit.unit).to_owned(),
        values: values.to_vec(),
        unit,
    });
    let currency = view.run.plan.as_ref().map_or("", |plan| &plan.currency);
    let axis = format!("{currency}/MWh");
    let texts = (texts::PLAN_PRICES, texts::PLAN_PRICES_NOTE);
    section(view, hours, texts, &axis, lines.collect())
}

/// Work that waits.
pub(super) fn waiting(view: &View<'_>, hours: &Hours<'_>) -> String {
    let lines = hours
        .of_kind(ColumnKind::Backlog)
        .map(|(unit, values)| Line {
            name: view.label(&unit.name, &unit.unit).to_owned(),
            values: values.to_vec(),
            unit,
        });
    let texts = (texts::PLAN_WAITING, texts::PLAN_WAITING_NOTE);
    section(view, hours, texts, "MWh", lines.collect())
}

/// What is used of each quota so far, as a share of its limit.
pub(super) fn quotas(view: &View<'_>, hours: &Hours<'_>) -> String {
    let lines = hours.of_kind(ColumnKind::Quota).map(|(unit, values)| {
        let limit = unit.capacity.unwrap_or(1.0).max(1e-9);
        Line {
            name: view.label(&unit.name, &unit.unit).to_owned(),
            values: values.iter().map(|v| 100.0 * v / limit).collect(),
            unit,
        }
    });
    drawing(view, hours, texts::QUOTAS, "%", &lines.collect::<Vec<_>>())
}

/// Flexible work of halls, planned and at most.
pub(super) fn limits(view: &View<'_>, hours: &Hours<'_>) -> String {
    let parts = [
        (ColumnKind::Flexible, texts::LIMITS_PLANNED),
        (ColumnKind::Limit, texts::LIMITS_LIMIT),
    ];
    let lines = parts.into_iter().flat_map(|(kind, what)| {
        hours.of_kind(kind).map(move |(unit, values)| Line {
            name: texts::PLAN_SIDE.with(
                view.lang,
                &[
                    ("name", view.label(&unit.name, &unit.unit)),
                    ("what", what.get(view.lang)),
                ],
            ),
            values: values.to_vec(),
            unit,
        })
    });
    drawing(view, hours, texts::LIMITS, "MW", &lines.collect::<Vec<_>>())
}

fn section(
    view: &View<'_>,
    hours: &Hours<'_>,
    (title, note): (Text, Text),
    axis: &str,
    lines: Vec<Line<'_>>,
) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let body = drawing(view, hours, title, axis, &lines);
    titled(view.lang, title, note.get(view.lang), &body)
}

/// Lines with their legend.
fn drawing(
    view: &View<'_>,
    hours: &Hours<'_>,
    title: Text,
    axis: &str,
    lines: &[Line<'_>],
) -> String {
    let palette = Palette::new(lines.iter().map(|line| line.unit.column.as_str()));
    let entries: Vec<_> = lines
        .iter()
        .map(|line| (line.name.clone(), palette.color(&line.unit.column)))
        .collect();
    format!(
        "{}{}",
        legend(&entries),
        figure(
            "scroll",
            "",
            &chart(view, hours, lines, &palette, axis, title)
        )
    )
}

fn chart(
    view: &View<'_>,
    hours: &Hours<'_>,
    lines: &[Line<'_>],
    palette: &Palette,
    axis: &str,
    title: Text,
) -> String {
    let span: Span = hours.whole();
    let bars = span.bars();
    let means = |line: &Line<'_>| -> Vec<f64> {
        (0..bars).map(|bar| span.mean(&line.values, bar)).collect()
    };
    let reach = lines.iter().flat_map(means);
    let y = Linear::covering(reach, true, BOTTOM, 22.0);
    let mut svg = Svg::new(WIDTH, HEIGHT);
    svg.value_axis(&y, LEFT, WIDTH - 8.0, axis);
    let slot = (WIDTH - 8.0 - LEFT) / bars as f64;
    for line in lines {
        let points: Vec<_> = means(line)
            .into_iter()
            .enumerate()
            .map(|(bar, mean)| (LEFT + slot * (bar as f64 + 0.5), y.at(mean)))
            .collect();
        let color = palette.color(&line.unit.column);
        svg.polyline(&points, &format!("stroke:{color};stroke-width:1.5"));
    }
    // The stacked bars have their days at another height.
    svg.line((LEFT, BOTTOM), (WIDTH - 8.0, BOTTOM), "ax");
    stack::days_at(view, hours, span, slot, BOTTOM, &mut svg);
    svg.finish("wide", title.get(view.lang))
}
