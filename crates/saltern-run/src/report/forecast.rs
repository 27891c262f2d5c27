//! Forecasts with their bands beside what came, and how good they were by lead; nothing for other runs.

use jiff::civil::DateTime;

use super::headline;
use super::svg::{Anchor, Linear, Svg, escape};
use super::theme::Palette;
use super::view::View;
use super::{figure, legend, numbers, texts, titled};
use crate::error::RunError;
use crate::forecast::{FORECAST, ForecastAnswer, ForecastScore, ForecastSeries};
use crate::plan::TIME;
use crate::table;
use saltern_base::frame::{Frame, Values};

const WIDTH: f64 = 1136.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 52.0;
const TOP: f64 = 22.0;
const BOTTOM: f64 = 188.0;
/// Days that are drawn.
const DRAWN: usize = 7;
/// Leads of the table, h.
const TOLD_H: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 48.0];

/// All sections of a forecast's report.
pub(super) fn sections(view: &View<'_>, answer: &ForecastAnswer) -> Result<String, RunError> {
    let mut all = headline::head(view, texts::FORECAST_SUBTITLE);
    all.push_str(&headline::trust_of_series(view));
    all.push_str(&summary(view, answer));
    for series in &answer.series {
        let body = format!(
            "{}{}{}",
            week(view, series)?,
            by_lead(view, series),
            table_of(view, series)
        );
        let title = format!(
            "{} ({})",
            view.label(&series.name, &series.unit),
            series.kind.text(view.lang)
        );
        all.push_str(&format!(
            "\n<section><h2>{}</h2><p class=\"note\">{}</p>{body}</section>",
            escape(&title),
            escape(&verdict(view, series))
        ));
    }
    Ok(all)
}

/// How the forecast stands against the simpler ways, in words.
fn verdict(view: &View<'_>, series: &ForecastSeries) -> String {
    let all = &series.all;
    let text = if series.beats_persistence {
        texts::FORECAST_BEATS
    } else {
        texts::FORECAST_FAILS
    };
    text.with(
        view.lang,
        &[
            (
                "persistence",
                &numbers::percent(all.skill(all.persistence_mw)),
            ),
            ("day", &numbers::percent(all.skill(all.day_before_mw))),
            (
                "climatology",
                &numbers::percent(all.skill(all.climatology_mw)),
            ),
        ],
    )
}

fn summary(view: &View<'_>, answer: &ForecastAnswer) -> String {
    let lang = view.lang;
    let rows: String = answer
        .series
        .iter()
        .map(|series| {
            let name = view.label(&series.name, &series.unit).to_owned();
            row(&name, &series.all)
        })
        .collect();
    let note = texts::FORECAST_NOTE.with(lang, &[("days", &answer.learning_days.to_string())]);
    titled(
        lang,
        texts::FORECAST,
        &note,
        &table(view, texts::PLAN_UNIT, &rows),
    )
}

fn table(view: &View<'_>, first: texts::Text, rows: &str) -> String {
    let head = [
        texts::FORECAST_RMSE,
        texts::FORECAST_MAE,
        texts::FORECAST_BIAS,
        texts::FORECAST_CRPS,
        texts::FORECAST_SKILL_PERSISTENCE,
        texts::FORECAST_SKILL_DAY,
        texts::FORECAST_SKILL_CLIMATOLOGY,
        texts::FORECAST_WITHIN_50,
        texts::FORECAST_WITHIN_80,
        texts::FORECAST_WITHIN_90,
    ];
    let titles: String = head
        .iter()
        .map(|text| format!("<th>{}</th>", escape(text.get(view.lang))))
        .collect();
    format!(
        "<figure><div class=\"scroll\"><table><thead><tr><th class=\"l\">{}</th>{titles}</tr></thead><tbody>{rows}</tbody></table></div></figure>",
        escape(first.get(view.lang))
    )
}

fn row(name: &str, score: &ForecastScore) -> String {
    let mw = |x: f64| numbers::significant(x, 3);
    let share = numbers::percent;
    let cells = [
        mw(score.rmse_mw),
        mw(score.mae_mw),
        mw(score.bias_mw),
        mw(score.crps_mw),
        share(score.skill(score.persistence_mw)),
        share(score.skill(score.day_before_mw)),
        share(score.skill(score.climatology_mw)),
        share(score.within_50),
        share(score.within_80),
        share(score.within_90),
    ];
    let cells: String = cells.iter().map(|c| format!("<td>{c}</td>")).collect();
    format!("<tr><th class=\"l\">{}</th>{cells}</tr>", escape(name))
}

fn table_of(view: &View<'_>, series: &ForecastSeries) -> String {
    let told = series
        .by_lead
        .iter()
        .filter(|score| score.count > 0 && TOLD_H.contains(&score.lead_h));
    let rows: String = told
        .map(|score| row(&format!("{} h", numbers::tick(score.lead_h)), score))
        .collect();
    let all = row(texts::PLAN_TOTAL.get(view.lang), &series.all);
    table(view, texts::FORECAST_LEAD, &(rows + &all))
}

/// RMSE by lead, of the forecast and of the simpler ways.
fn by_lead(view: &View<'_>, series: &ForecastSeries) -> String {
    let lang = view.lang;
    let scores: Vec<&ForecastScore> = series.by_lead.iter().filter(|s| s.count > 0).collect();
    if scores.len() < 2 {
        return String::new();
    }
    type Of = fn(&ForecastScore) -> f64;
    let lines: [(texts::Text, Of); 4] = [
        (texts::FORECAST_FORECAST, |s| s.rmse_mw),
        (texts::FORECAST_PERSISTENCE, |s| s.persistence_mw),
        (texts::FORECAST_DAY_BEFORE, |s| s.day_before_mw),
        (texts::FORECAST_CLIMATOLOGY, |s| s.climatology_mw),
    ];
    let palette = Palette::new(lines.iter().map(|(text, _)| text.en));
    let values = lines
        .iter()
        .flat_map(|(_, of)| scores.iter().map(|s| of(s)));
    let y = Linear::covering(values, true, BOTTOM, TOP);
    let mut svg = Svg::new(WIDTH, HEIGHT);
    svg.value_axis(&y, LEFT, WIDTH - 8.0, "MW");
    let last = scores.last().map_or(1.0, |s| s.lead_h);
    // Room for the last lead's text, which stands centred.
    let x = |lead_h: f64| LEFT + (WIDTH - 24.0 - LEFT) * lead_h / last;
    for (text, of) in lines {
        let points: Vec<_> = scores.iter().map(|s| (x(s.lead_h), y.at(of(s)))).collect();
        let style = format!("stroke:{};stroke-width:1.5", palette.color(text.en));
        svg.polyline(&points, &style);
    }
    svg.line((LEFT, BOTTOM), (WIDTH - 8.0, BOTTOM), "ax");
    let every = (last / 12.0).ceil().max(1.0);
    for tick in (0..)
        .map(|i| f64::from(i) * every)
        .take_while(|t| *t <= last)
    {
        let text = format!("{} h", numbers::tick(tick));
        svg.text(x(tick), BOTTOM + 16.0, Anchor::Middle, "lb", &text);
    }
    let entries: Vec<_> = lines
        .iter()
        .map(|(text, _)| (text.get(lang).to_owned(), palette.color(text.en)))
        .collect();
    let title = texts::FORECAST_BY_LEAD.get(lang);
    format!(
        "{}{}",
        figure("scroll", title, &svg.finish("wide", title)),
        legend(&entries)
    )
}

/// What the frame says of a step.
struct Told {
    time: DateTime,
    actual: f64,
    expected: f64,
    /// 5, 25, 75, 95 %.
    bands: [f64; 4],
}

/// A week in the middle with its bands: of each step what was forecast at the last issue before.
fn week(view: &View<'_>, series: &ForecastSeries) -> Result<String, RunError> {
    let Some(frame) = view.run.frame(FORECAST) else {
        return Ok(String::new());
    };
    let told = told(frame, series)?;
    let (Some(first), Some(last)) = (told.first(), told.last()) else {
        return Ok(String::new());
    };
    let days = last
        .time
        .date()
        .duration_since(first.time.date())
        .as_hours() as usize
        / 24
        + 1;
    let skipped = days.saturating_sub(DRAWN) / 2;
    let from = first
        .time
        .date()
        .saturating_add(jiff::ToSpan::days(skipped as i64));
    let to = from.saturating_add(jiff::ToSpan::days(DRAWN as i64));
    let drawn: Vec<&Told> = told
        .iter()
        .filter(|t| (from..to).contains(&t.time.date()))
        .collect();
    let values = drawn
        .iter()
        .flat_map(|t| [t.actual, t.bands[0], t.bands[3]]);
    let y = Linear::covering(values, true, BOTTOM, TOP);
    let slot = (WIDTH - 8.0 - LEFT) / drawn.len().max(1) as f64;
    let x = |i: usize| LEFT + slot * (i as f64 + 0.5);
    let mut svg = Svg::new(WIDTH, HEIGHT);
    svg.value_axis(&y, LEFT, WIDTH - 8.0, "MW");
    let palette = Palette::new(["forecast"].into_iter());
    let color = palette.color("forecast");
    for (low, high, opacity) in [(0, 3, 0.18), (1, 2, 0.3)] {
        let line = |b: usize| drawn.iter().enumerate().map(move |(i, t)| (i, t.bands[b]));
        let mut points: Vec<_> = line(low).map(|(i, v)| (x(i), y.at(v))).collect();
        points.extend(line(high).rev().map(|(i, v)| (x(i), y.at(v))));
        let style = format!("fill:{color};opacity:{opacity}");
        svg.polygon(&points, &style, "");
    }
    let line = |of: fn(&Told) -> f64| -> Vec<(f64, f64)> {
        let at = drawn.iter().enumerate();
        at.map(|(i, t)| (x(i), y.at(of(t)))).collect()
    };
    svg.polyline(
        &line(|t| t.expected),
        &format!("stroke:{color};stroke-width:1.5"),
    );
    svg.polyline(&line(|t| t.actual), "stroke:var(--ink);stroke-width:1.2");
    svg.line((LEFT, BOTTOM), (WIDTH - 8.0, BOTTOM), "ax");
    for (i, told) in drawn.iter().enumerate() {
        if i == 0 || told.time.date() != drawn[i - 1].time.date() {
            let day = numbers::day(view.lang, told.time.date());
            svg.text(
                LEFT + slot * i as f64,
                BOTTOM + 16.0,
                Anchor::Start,
                "lb",
                &day,
            );
        }
    }
    let title = texts::FORECAST_WEEK.get(view.lang);
    let entries = [
        (
            texts::FORECAST_ACTUAL.get(view.lang).to_owned(),
            "var(--ink)".to_owned(),
        ),
        (texts::FORECAST_BANDS.get(view.lang).to_owned(), color),
    ];
    Ok(format!(
        "{}{}",
        figure("scroll", title, &svg.finish("wide", title)),
        legend(&entries)
    ))
}

fn texts_of<'a>(frame: &'a Frame, name: &str) -> Result<&'a [String], RunError> {
    match frame
        .columns
        .iter()
        .find(|c| c.name == name)
        .map(|c| &c.values)
    {
        Some(Values::Text(texts)) => Ok(texts),
        _ => Err(RunError::MissingColumn {
            table: frame.name.clone(),
            column: name.to_owned(),
            present: frame.columns.iter().map(|c| c.name.clone()).collect(),
        }),
    }
}

/// Steps of a series in order, each by its last issue.
fn told(frame: &Frame, series: &ForecastSeries) -> Result<Vec<Told>, RunError> {
    let units = texts_of(frame, "series")?;
    let times = texts_of(frame, TIME)?;
    let mw = |name: &str| table::numbers_of(frame, name, "MW");
    let (actual, expected) = (mw("actual")?, mw("expected")?);
    let bands = [mw("p05")?, mw("p25")?, mw("p75")?, mw("p95")?];
    let mut told: Vec<Told> = Vec::new();
    for row in (0..units.len()).filter(|row| units[*row] == series.unit) {
        let Ok(time) = times[row].parse::<DateTime>() else {
            continue;
        };
        // A later issue replaces what an earlier one said of the same step.
        while told.last().is_some_and(|before| before.time >= time) {
            told.pop();
        }
        told.push(Told {
            time,
            actual: actual[row],
            expected: expected[row],
            bands: bands.map(|band| band[row]),
        });
    }
    Ok(told)
}
