//! A plan for many scenarios, and a rolling plan on forecasts: what deciding beforehand costs, and what knowing would be worth.

use super::svg::{Anchor, Linear, Svg, escape};
use super::theme::Palette;
use super::view::View;
use super::{figure, legend, numbers, texts, titled};
use crate::error::RunError;
use crate::plan::{PlanAnswer, TIME};
use crate::scenarios::{DECISIONS, SCENARIOS, ScenariosAnswer};
use crate::table;
use saltern_base::frame::{Frame, Values};

const WIDTH: f64 = 1136.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 52.0;
const TOP: f64 = 22.0;
const BOTTOM: f64 = 188.0;

/// Both sections, each where it was asked.
pub(super) fn sections(view: &View<'_>, plan: &PlanAnswer) -> Result<String, RunError> {
    let mut out = foresight(view, plan);
    if let Some(scenarios) = &plan.scenarios {
        out.push_str(&of_scenarios(view, plan, scenarios)?);
    }
    Ok(out)
}

fn money(amount: f64) -> String {
    numbers::fixed(amount, 0)
}

fn table_of(head: [&str; 2], rows: &[(String, String)]) -> String {
    let body: String = rows
        .iter()
        .map(|(name, value)| {
            let (name, value) = (escape(name), escape(value));
            format!("<tr><th class=\"l\">{name}</th><td>{value}</td></tr>")
        })
        .collect();
    let (first, second) = (escape(head[0]), escape(head[1]));
    format!(
        "<figure class=\"half\"><div class=\"scroll\"><table><thead><tr><th class=\"l\">{first}</th><th>{second}</th></tr></thead><tbody>{body}</tbody></table></div></figure>"
    )
}

/// What rolling on forecasts costs beside knowing and persistence.
fn foresight(view: &View<'_>, plan: &PlanAnswer) -> String {
    let lang = view.lang;
    let Some(answer) = &plan.foresight else {
        return String::new();
    };
    let gained = answer.persistence - answer.forecast;
    let rows = [
        (texts::FORESIGHT_KNOWING, answer.knowing),
        (texts::FORESIGHT_FORECAST, answer.forecast),
        (texts::FORESIGHT_PERSISTENCE, answer.persistence),
        (texts::FORESIGHT_GAINED, gained),
    ]
    .map(|(text, cost)| (text.get(lang).to_owned(), money(cost)));
    let note = texts::FORESIGHT_NOTE.with(lang, &[("steps", &answer.execute.to_string())]);
    let head = [texts::FORESIGHT_WINDOWS.get(lang), plan.currency.as_str()];
    titled(lang, texts::FORESIGHT, &note, &table_of(head, &rows))
}

fn of_scenarios(
    view: &View<'_>,
    plan: &PlanAnswer,
    answer: &ScenariosAnswer,
) -> Result<String, RunError> {
    let lang = view.lang;
    let maybe = |cost: Option<f64>| cost.map_or_else(|| numbers::NONE.to_owned(), money);
    let rows = [
        (texts::SCENARIOS_HERE, Some(answer.here_and_now)),
        (texts::SCENARIOS_OF_MEAN, answer.of_mean),
        (texts::SCENARIOS_VSS, answer.vss()),
        (texts::SCENARIOS_WAIT, answer.wait_and_see),
        (texts::SCENARIOS_EVPI, answer.evpi()),
        (texts::SCENARIOS_CAME, answer.came),
        (texts::SCENARIOS_KNOWN, answer.known),
    ]
    .map(|(text, cost)| (text.get(lang).to_owned(), maybe(cost)));
    let note = texts::SCENARIOS_NOTE.with(
        lang,
        &[
            ("count", &answer.count.to_string()),
            ("seed", &answer.seed.to_string()),
            ("from", &answer.from.replace('T', " ")),
        ],
    );
    let head = [texts::SCENARIOS_COST.get(lang), plan.currency.as_str()];
    let body = format!(
        "{}{}{}",
        table_of(head, &rows),
        fans(view, answer)?,
        decided(view, answer)?
    );
    Ok(titled(lang, texts::SCENARIOS, &note, &body))
}

/// A line over the steps of the day.
struct Line {
    values: Vec<f64>,
    style: String,
}

fn chart(hours: &[String], lines: &[Line], unit: &str, title: &str) -> String {
    let reach = lines.iter().flat_map(|line| line.values.iter().copied());
    let y = Linear::covering(reach, true, BOTTOM, TOP);
    let mut svg = Svg::new(WIDTH, HEIGHT);
    svg.value_axis(&y, LEFT, WIDTH - 8.0, unit);
    let slot = (WIDTH - 8.0 - LEFT) / hours.len().max(1) as f64;
    for line in lines {
        let values = line.values.iter().enumerate();
        let points: Vec<_> = values
            .map(|(i, v)| (LEFT + slot * (i as f64 + 0.5), y.at(*v)))
            .collect();
        svg.polyline(&points, &line.style);
    }
    svg.line((LEFT, BOTTOM), (WIDTH - 8.0, BOTTOM), "ax");
    let every = hours.len().div_ceil(12).max(1);
    for (i, hour) in hours.iter().enumerate().step_by(every) {
        let x = LEFT + slot * i as f64;
        svg.text(x, BOTTOM + 16.0, Anchor::Start, "lb", hour);
    }
    figure("scroll", title, &svg.finish("wide", title))
}

fn hours_of(frame: &Frame, count: usize) -> Vec<String> {
    let time = frame.columns.iter().find(|c| c.name == TIME);
    match time.map(|c| &c.values) {
        Some(Values::Text(texts)) => texts
            .iter()
            .take(count)
            .map(|text| text.split('T').nth(1).unwrap_or(text).to_owned())
            .collect(),
        _ => vec![String::new(); count],
    }
}

/// What each uncertain unit may give: a thin line a scenario, a strong one for what came.
fn fans(view: &View<'_>, answer: &ScenariosAnswer) -> Result<String, RunError> {
    let Some(frame) = view.run.frame(SCENARIOS) else {
        return Ok(String::new());
    };
    let hours = hours_of(frame, answer.steps);
    let palette = Palette::new(answer.uncertain.iter().map(|u| u.id.as_str()));
    let mut out = String::new();
    for unit in &answer.uncertain {
        let values = table::numbers_of(frame, &unit.id, "MW")?;
        let color = palette.color(&unit.id);
        let lines = values.chunks(answer.steps.max(1)).enumerate();
        let mut lines: Vec<Line> = lines
            .map(|(s, values)| Line {
                values: values.to_vec(),
                style: match s {
                    0 => "stroke:var(--ink);stroke-width:1.6".to_owned(),
                    _ => format!("stroke:{color};stroke-width:1;opacity:.45"),
                },
            })
            .collect();
        // What came is drawn last, on top.
        lines.rotate_left(1);
        let name = view.label(&unit.name, &unit.id);
        let title = texts::SCENARIOS_FAN.with(view.lang, &[("name", name)]);
        out.push_str(&chart(&hours, &lines, "MW", &title));
    }
    Ok(out)
}

/// What is decided beforehand.
fn decided(view: &View<'_>, answer: &ScenariosAnswer) -> Result<String, RunError> {
    let lang = view.lang;
    let Some(frame) = view.run.frame(DECISIONS) else {
        return Ok(String::new());
    };
    let hours = hours_of(frame, answer.steps);
    let palette = Palette::new(answer.decided.iter().map(|d| d.column.as_str()));
    let mut out = String::new();
    let kinds = [
        (false, "MW", texts::SCENARIOS_SCHEDULED),
        (true, "", texts::SCENARIOS_ON),
    ];
    for (on_off, unit, title) in kinds {
        let mut lines = Vec::new();
        let mut entries = Vec::new();
        for own in answer.decided.iter().filter(|d| d.on_off == on_off) {
            let color = palette.color(&own.column);
            lines.push(Line {
                values: table::numbers_of(frame, &own.column, &own.unit)?.to_vec(),
                style: format!("stroke:{color};stroke-width:1.6"),
            });
            entries.push((view.label(&own.name, &own.id).to_owned(), color));
        }
        if !lines.is_empty() {
            out.push_str(&chart(&hours, &lines, unit, title.get(lang)));
            out.push_str(&legend(&entries));
        }
    }
    if out.is_empty() {
        let nothing = escape(texts::SCENARIOS_NOTHING.get(lang));
        out = format!("<p class=\"note\">{nothing}</p>");
    }
    Ok(out)
}
