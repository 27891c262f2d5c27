//! Runs side by side: key figures as a frame, and as a text table.

use saltern_base::book::StreamKind;
use saltern_base::frame::{Column, Frame, Values};

use crate::contents::RunContents;
use crate::error::RunError;
use crate::figures::{self, Count, Fate, StreamTotal};

/// A key figure of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What it is, `harvest Halite`.
    pub name: String,
    /// Unit.
    pub unit: &'static str,
    /// Value; NaN where it does not apply.
    pub value: f64,
}

fn figure(name: impl Into<String>, unit: &'static str, value: f64) -> Figure {
    Figure {
        name: name.into(),
        unit,
        value,
    }
}

/// Elements whose recovery is compared, where the book has them.
pub const TRACKED: [&str; 4] = ["K", "Li", "Mg", "Na"];

/// Key figures of a run.
pub fn key_figures(run: &RunContents) -> Vec<Figure> {
    let totals = figures::stream_totals(&run.book);
    let mut list = solver_figures(run);
    list.extend(water_figures(run, &totals));
    list.extend(harvest_figures(run, &totals));
    for symbol in TRACKED {
        if let Some(i) = figures::element(&run.book, symbol) {
            list.extend(element_figures(
                symbol,
                &figures::fate(&run.book, &totals, Count::Element(i)),
            ));
        }
    }
    list
}

fn solver_figures(run: &RunContents) -> Vec<Figure> {
    vec![
        figure("days", "d", f64::from(run.meta.days)),
        figure(
            "worst closure",
            "-",
            figures::worst(run.meta.closure.values()),
        ),
        figure("equilibria", "-", run.meta.equilibria as f64),
        figure("failed equilibria", "-", run.meta.failures as f64),
        figure("elapsed", "s", run.meta.elapsed_s),
    ]
}

fn water_figures(run: &RunContents, totals: &[StreamTotal]) -> Vec<Figure> {
    let book = &run.book;
    let mass = figures::fate(book, totals, Count::Mass);
    vec![
        figure(
            "feed",
            "m3",
            figures::volume_m3(book, totals, StreamKind::Feed),
        ),
        figure("evaporation", "t", mass.evaporated_kg / 1e3),
        figure("rain", "t", mass.rain_kg / 1e3),
        figure(
            "leakage",
            "m3",
            figures::volume_m3(book, totals, StreamKind::Leakage),
        ),
        figure("end brine", "m3", figures::end_brine_m3(book, totals)),
        figure(
            "salt on the floor at the end",
            "t",
            mass.closing_salt_kg / 1e3,
        ),
    ]
}

fn harvest_figures(run: &RunContents, totals: &[StreamTotal]) -> Vec<Figure> {
    let masses = figures::harvested_kg(&run.book, totals);
    let taken = run
        .book
        .minerals
        .iter()
        .zip(masses)
        .filter(|(_, kg)| *kg > 0.0);
    taken
        .map(|(mineral, kg)| figure(format!("harvest {mineral}"), "t", kg / 1e3))
        .collect()
}

fn element_figures(symbol: &str, fate: &Fate) -> Vec<Figure> {
    let share = |kg: f64| 100.0 * fate.share_of_exits(kg);
    vec![
        figure(format!("{symbol} fed"), "t", fate.feed_kg / 1e3),
        figure(format!("{symbol} harvested"), "t", fate.harvested_kg / 1e3),
        figure(
            format!("{symbol} out with end brine"),
            "t",
            fate.sold_kg / 1e3,
        ),
        figure(format!("{symbol} leaked"), "t", fate.leaked_kg / 1e3),
        figure(format!("{symbol} entrained"), "t", fate.entrained_kg / 1e3),
        figure(
            format!("{symbol} in brine at the end"),
            "t",
            fate.closing_brine_kg / 1e3,
        ),
        figure(
            format!("{symbol} in salt at the end"),
            "t",
            fate.closing_salt_kg / 1e3,
        ),
        figure(
            format!("{symbol} harvested, of what left"),
            "%",
            share(fate.harvested_kg),
        ),
        figure(
            format!("{symbol} leaked, of what left"),
            "%",
            share(fate.leaked_kg),
        ),
    ]
}

/// Two or more runs side by side: a row a figure, a column a run (named by the caller). A figure that a run
/// has not is missing (NaN).
pub fn compare(runs: &[(String, &RunContents)]) -> Result<Frame, RunError> {
    if runs.len() < 2 {
        return Err(RunError::TooFew { given: runs.len() });
    }
    let figures: Vec<Vec<Figure>> = runs.iter().map(|(_, run)| key_figures(run)).collect();
    let mut rows: Vec<(&str, &'static str)> = Vec::new();
    for figure in figures.iter().flatten() {
        if !rows.iter().any(|(name, _)| *name == figure.name) {
            rows.push((&figure.name, figure.unit));
        }
    }
    let value = |list: &[Figure], name: &str| {
        list.iter()
            .find(|f| f.name == name)
            .map_or(f64::NAN, |f| f.value)
    };
    let mut columns = vec![
        text_column("figure", rows.iter().map(|r| r.0.to_owned()).collect()),
        text_column("unit", rows.iter().map(|r| r.1.to_owned()).collect()),
    ];
    for ((name, _), list) in runs.iter().zip(&figures) {
        let values = rows.iter().map(|r| value(list, r.0)).collect();
        columns.push(Column {
            name: name.clone(),
            unit: String::new(),
            values: Values::Number(values),
        });
    }
    Ok(Frame {
        name: "compare".to_owned(),
        columns,
    })
}

fn text_column(name: &str, values: Vec<String>) -> Column {
    Column {
        name: name.to_owned(),
        unit: String::new(),
        values: Values::Text(values),
    }
}

/// A frame as a text table: columns in line, numbers to five significant digits and to the right.
pub fn text_table(frame: &Frame) -> String {
    let rows = crate::table::rows(frame);
    let cells: Vec<Vec<String>> = frame
        .columns
        .iter()
        .map(|c| {
            std::iter::once(c.header())
                .chain((0..rows).map(|row| cell(&c.values, row)))
                .collect()
        })
        .collect();
    let widths: Vec<usize> = cells
        .iter()
        .map(|column| column.iter().map(|c| display_width(c)).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in 0..=rows {
        let line: Vec<String> = (0..cells.len())
            .map(|c| {
                let number = matches!(
                    frame.columns[c].values,
                    Values::Number(_) | Values::Integer(_)
                );
                pad(&cells[c][row], widths[c], number)
            })
            .collect();
        text.push_str(line.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn cell(values: &Values, row: usize) -> String {
    match values {
        Values::Number(v) => five_digits(v[row]),
        Values::Integer(v) => v[row].to_string(),
        Values::Text(v) => v[row].clone(),
        Values::Date(v) => v[row].to_string(),
    }
}

fn five_digits(x: f64) -> String {
    let size = x.abs();
    if x.is_nan() {
        "–".to_owned()
    } else if x == 0.0 {
        "0".to_owned()
    } else if !(1e-3..1e9).contains(&size) {
        format!("{x:.2e}")
    } else {
        let decimals = (4 - size.log10().floor() as i32).max(0) as usize;
        let text = format!("{x:.decimals$}");
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        }
    }
}

/// Chinese characters take two columns of a terminal.
fn display_width(text: &str) -> usize {
    text.chars()
        .map(|c| {
            if ('\u{1100}'..='\u{ffe6}').contains(&c) && !('\u{2010}'..='\u{2e7f}').contains(&c) {
                2
            } else {
                1
            }
        })
        .sum()
}

fn pad(text: &str, width: usize, right: bool) -> String {
    let fill = " ".repeat(width.saturating_sub(display_width(text)));
    if right {
        format!("{fill}{text}")
    } else {
        format!("{text}{fill}")
    }
}
