//! How much of what is used is clean: by hour of the day and month, and where each consumer's energy comes from.

use super::stack;
use crate::error::RunError;
use crate::plan::{ColumnKind, ConsumerAnswer, MatchingAnswer, SourceAnswer, TIME, TRACING};
use crate::report::svg::{Anchor, Linear, Svg, escape};
use crate::report::view::View;
use crate::report::{figure, legend, numbers, texts, theme, titled};
use crate::table;
use jiff::civil::{Date, DateTime};
use saltern_base::frame::{Frame, Values};

const WIDTH: f64 = 1136.0;
const LEFT: f64 = 64.0;
const CELL: f64 = 19.0;
/// Sources that have a column of their own in the table of consumers.
const COLUMNS: usize = 7;
/// Rows of the map, beyond which days are put together by months.
const DAYS: usize = 31;

pub(super) fn section(view: &View<'_>, matching: &MatchingAnswer) -> Result<String, RunError> {
    let lang = view.lang;
    let mut body = table(view, matching);
    if let Some(frame) = view.run.frame(TRACING) {
        let used = Used::of(frame, matching)?;
        let title = texts::MATCHING_MAP.get(lang);
        body = figure("scroll", title, &map(view, &used)) + &body;
        let entries: Vec<_> = matching
            .sources
            .iter()
            .map(|source| (name(view, source), color(source.kind)))
            .collect();
        body += &legend(&entries);
        let title = texts::MATCHING_HOURS.get(lang);
        body += &figure("scroll", title, &hours(view, matching, &used));
    }
    let note = texts::MATCHING_NOTE.get(lang);
    Ok(titled(lang, texts::MATCHING, note, &body))
}

/// What the base uses, without what is sold.
struct Used {
    /// MWh-like weight used and clean, by row of the map and hour of the day; mean MW after division by `days`.
    cells: Vec<Cell>,
    /// MW by hour of the day and source, means.
    by_source: Vec<Vec<f64>>,
}

struct Cell {
    first: Date,
    hours: [(f64, f64); 24],
}

impl Used {
    fn of(frame: &Frame, matching: &MatchingAnswer) -> Result<Used, RunError> {
        let text = |name: &str| {
            let column = frame.columns.iter().find(|c| c.name == name);
            match column.map(|c| &c.values) {
                Some(Values::Text(texts)) => texts.as_slice(),
                _ => &[],
            }
        };
        let (times, consumers) = (text(TIME), text("consumer"));
        let power = table::numbers_of(frame, "power", "MW")?;
        let clean = table::numbers_of(frame, "clean", "%")?;
        let shares = matching.sources.iter();
        let shares = shares
            .map(|s| table::numbers_of(frame, &format!("from {}", s.column), "%"))
            .collect::<Result<Vec<_>, _>>()?;
        let sold = |id: &str| {
            let mut all = matching.consumers.iter();
            all.any(|c| c.kind == ColumnKind::Export && format!("{}.export", c.unit) == id)
        };
        let mut cells: Vec<Cell> = Vec::new();
        let mut by_source = vec![vec![0.0; 24]; shares.len()];
        let mut days: Vec<Date> = Vec::new();
        let one = consumers.first();
        let steps = consumers.iter().take_while(|c| Some(*c) == one).count();
        let long = spans_many_days(times, steps);
        let mut in_hour = [0.0_f64; 24];
        for (row, (time, consumer)) in times.iter().zip(consumers).enumerate() {
            let Ok(moment) = time.parse::<DateTime>() else {
                continue;
            };
            let hour = moment.hour() as usize % 24;
            let day = moment.date();
            if row < steps {
                in_hour[hour] += 1.0;
                if days.last() != Some(&day) {
                    days.push(day);
                }
            }
            if sold(consumer) {
                continue;
            }
            let first = if long { day.first_of_month() } else { day };
            let at = match cells.iter().position(|cell| cell.first == first) {
                Some(at) => at,
                None => {
                    cells.push(Cell {
                        first,
                        hours: [(0.0, 0.0); 24],
                    });
                    cells.len() - 1
                }
            };
            let cell = &mut cells[at].hours[hour];
            cell.0 += power[row];
            cell.1 += power[row] * clean[row] / 100.0;
            for (sum, shares) in by_source.iter_mut().zip(&shares) {
                sum[hour] += power[row] * shares[row] / 100.0;
            }
        }
        for sum in &mut by_source {
            for (power, steps) in sum.iter_mut().zip(in_hour) {
                *power /= steps.max(1.0);
            }
        }
        Ok(Used { cells, by_source })
    }
}

fn spans_many_days(times: &[String], steps: usize) -> bool {
    let date = |i: usize| times.get(i).and_then(|t| t.get(..10).map(str::to_owned));
    let mut days: Vec<_> = (0..steps).filter_map(date).collect();
    days.dedup();
    days.len() > DAYS
}

/// Clean share by hour of the day, a row each month, or day of a short plan.
fn map(view: &View<'_>, used: &Used) -> String {
    let lang = view.lang;
    let rows = used.cells.len();
    let top = 20.0;
    let height = top + CELL * rows as f64 + 40.0;
    let mut svg = Svg::new(WIDTH, height);
    let width = (WIDTH - 8.0 - LEFT) / 24.0;
    for hour in 0..24 {
        let x = LEFT + width * (hour as f64 + 0.5);
        svg.text(x, top - 6.0, Anchor::Middle, "lb", &hour.to_string());
    }
    let monthly = used.cells.iter().any(|c| c.first.day() == 1)
        && used.cells.len() <= 13
        && used
            .cells
            .windows(2)
            .all(|w| w[0].first.month() != w[1].first.month());
    for (row, cell) in used.cells.iter().enumerate() {
        let y = top + CELL * row as f64;
        let label = if monthly && rows > 1 {
            numbers::month(lang, cell.first)
        } else {
            numbers::day(lang, cell.first)
        };
        svg.text(LEFT - 8.0, y + CELL * 0.7, Anchor::End, "lb", &label);
        for (hour, (all, clean)) in cell.hours.iter().enumerate() {
            if *all <= 0.0 {
                continue;
            }
            let share = (clean / all).clamp(0.0, 1.0);
            let x = LEFT + width * hour as f64;
            let hint = format!("{label} {hour}:00 {}", numbers::percent(share));
            square(&mut svg, (x, y, width - 1.0, CELL - 1.0), share, &hint);
            let class = if share > 0.55 { "on" } else { "" };
            let text = format!("{:.0}", 100.0 * share);
            svg.text(
                x + width / 2.0,
                y + CELL * 0.7,
                Anchor::Middle,
                class,
                &text,
            );
        }
    }
    let y = top + CELL * rows as f64 + 16.0;
    for (i, share) in [0.0, 0.25, 0.5, 0.75, 1.0].into_iter().enumerate() {
        let x = LEFT + 62.0 * i as f64;
        square(&mut svg, (x, y, 14.0, 12.0), share, "");
        let label = numbers::percent(share);
        svg.text(x + 19.0, y + 10.0, Anchor::Start, "lb", &label);
    }
    svg.finish("wide", texts::MATCHING_MAP.get(lang))
}

fn square(svg: &mut Svg, (x, y, w, h): (f64, f64, f64, f64), share: f64, hint: &str) {
    let ground = format!("fill:{};fill-opacity:0.18", theme::color("oldbrine"));
    svg.rect(x, y, w, h, &ground, "");
    let over = format!("fill:{};fill-opacity:{share:.2}", theme::color("lithium"));
    svg.rect(x, y, w, h, &over, hint);
}

/// Mean power used by hour of the day, by source.
fn hours(view: &View<'_>, matching: &MatchingAnswer, used: &Used) -> String {
    let (height, bottom) = (240.0, 212.0);
    let sums = (0..24).map(|h| used.by_source.iter().map(|s| s[h]).sum::<f64>());
    let y = Linear::covering(sums, true, bottom, 22.0);
    let mut svg = Svg::new(WIDTH, height);
    svg.value_axis(&y, LEFT, WIDTH - 8.0, "MW");
    let slot = (WIDTH - 8.0 - LEFT) / 24.0;
    for hour in 0..24 {
        let x = LEFT + slot * hour as f64;
        let mut from = 0.0;
        for (source, powers) in matching.sources.iter().zip(&used.by_source) {
            let to = from + powers[hour];
            let style = format!("fill:{}", color(source.kind));
            let hint = format!(
                "{hour}:00 {} {} MW",
                name(view, source),
                numbers::significant(powers[hour], 3)
            );
            let high = y.at(from) - y.at(to);
            if high > 0.0 {
                svg.rect(x + 1.0, y.at(to), slot - 2.0, high, &style, &hint);
            }
            from = to;
        }
        svg.text(
            x + slot / 2.0,
            bottom + 16.0,
            Anchor::Middle,
            "lb",
            &hour.to_string(),
        );
    }
    svg.line((LEFT, bottom), (WIDTH - 8.0, bottom), "ax");
    svg.finish("wide", texts::MATCHING_HOURS.get(view.lang))
}

fn color(kind: ColumnKind) -> String {
    stack::color(kind)
}

/// Name of a source, with what of its unit it is.
fn name(view: &View<'_>, source: &SourceAnswer) -> String {
    let name = view.label(&source.name, &source.unit);
    let what = match source.kind {
        ColumnKind::Level => texts::MATCHING_START,
        ColumnKind::Made => texts::MATCHING_SURROUNDINGS,
        ColumnKind::Import => texts::PLAN_IMPORT,
        ColumnKind::Shortage => texts::PLAN_SHORTAGE,
        _ => return name.to_owned(),
    };
    texts::PLAN_SIDE.with(view.lang, &[("name", name), ("what", what.get(view.lang))])
}

/// Consumers: energy, score, clean hours, carbon, largest sources.
fn table(view: &View<'_>, matching: &MatchingAnswer) -> String {
    let lang = view.lang;
    let mut shown: Vec<usize> = (0..matching.sources.len()).collect();
    shown.sort_by(|a, b| {
        let given = |s: &usize| matching.sources[*s].given_mwh;
        given(b).total_cmp(&given(a))
    });
    shown.truncate(COLUMNS);
    let heads = [
        texts::MATCHING_USED,
        texts::MATCHING_SCORE,
        texts::MATCHING_CLEAN_HOURS,
        texts::MATCHING_CARBON,
    ];
    let mut head: String = heads
        .iter()
        .map(|text| format!("<th>{}</th>", escape(text.get(lang))))
        .collect();
    for s in &shown {
        head += &format!("<th>{}</th>", escape(&name(view, &matching.sources[*s])));
    }
    let mut rows: String = matching
        .consumers
        .iter()
        .map(|consumer| row(view, consumer, &shown))
        .collect();
    let base = [
        gigawatt_hours(matching.used_mwh),
        share(matching.score),
        numbers::percent(matching.clean_steps),
        carbon(matching.direct_kg_mwh),
    ];
    let cells: String = base.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    let blank = "<td></td>".repeat(shown.len());
    rows += &format!(
        "<tr class=\"sum\"><td class=\"l\">{}</td>{cells}{blank}</tr>",
        escape(texts::MATCHING_BASE.get(lang))
    );
    let annual = texts::MATCHING_ANNUAL.with(lang, &[("share", &share(matching.annual_share))]);
    format!(
        "<div class=\"tables\"><figure><div class=\"scroll\"><table><thead><tr><th class=\"l\">{}</th>{head}</tr></thead>\
         <tbody>{rows}</tbody></table></div><p class=\"note\">{}</p></figure></div>",
        escape(texts::MATCHING_CONSUMER.get(lang)),
        escape(&annual)
    )
}

fn row(view: &View<'_>, consumer: &ConsumerAnswer, shown: &[usize]) -> String {
    let named = view.label(&consumer.name, &consumer.unit);
    let kind = (consumer.kind == ColumnKind::Export).then_some(ColumnKind::Export);
    let mut cells = vec![
        gigawatt_hours(consumer.used_mwh),
        share(consumer.score),
        numbers::percent(consumer.clean_steps),
        carbon(consumer.direct_kg_mwh),
    ];
    cells.extend(shown.iter().map(|s| numbers::percent(consumer.shares[*s])));
    let cells: String = cells
        .iter()
        .map(|cell| format!("<td>{cell}</td>"))
        .collect();
    format!(
        "<tr><td class=\"l\">{}</td>{cells}</tr>",
        escape(&stack::named(view, named, kind))
    )
}

fn gigawatt_hours(mwh: f64) -> String {
    numbers::significant(mwh / 1e3, 4)
}

fn share(share: Option<f64>) -> String {
    share.map_or_else(|| numbers::NONE.to_owned(), numbers::percent)
}

fn carbon(kg_mwh: Option<f64>) -> String {
    kg_mwh.map_or_else(
        || numbers::NONE.to_owned(),
        |kg| numbers::significant(kg, 3),
    )
}
