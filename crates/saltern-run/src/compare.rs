//! Runs side by side: key figures as a frame, and as a text table.

use std::collections::BTreeMap;

use jiff::civil::Date;
use saltern_base::book::StreamKind;
use saltern_base::frame::{Column, Frame, Values};
use saltern_units::Lang;

use crate::accounts::{self, Accounts};
use crate::columns;
use crate::contents::RunContents;
use crate::error::RunError;
use crate::figures::{self, Count, Fate, StreamTotal};
use crate::report::texts::{self, Text};
use crate::table;

/// A key figure of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What it is, `harvest Halite`, `采收 石盐`.
    pub name: String,
    /// Unit.
    pub unit: &'static str,
    /// Value; NaN where it does not apply.
    pub value: f64,
}

fn figure(lang: Lang, name: Text, unit: &'static str, value: f64) -> Figure {
    Figure {
        name: name.get(lang).to_owned(),
        unit,
        value,
    }
}

/// Elements whose recovery is compared, where the book has them.
pub const TRACKED: [&str; 4] = ["K", "Li", "Mg", "Na"];

/// Key figures of a run, named in a language.
pub fn key_figures(run: &RunContents, lang: Lang) -> Vec<Figure> {
    let totals = figures::stream_totals(&run.book);
    let mut list = solver_figures(run, lang);
    list.extend(water_figures(run, &totals, lang));
    list.extend(harvest_figures(run, &totals, lang));
    list.extend(product_figures(run, lang));
    list.extend(ahead_figures(run, lang));
    for symbol in TRACKED {
        if let Some(i) = figures::element(&run.book, symbol) {
            let fate = figures::fate(&run.book, &totals, Count::Element(i));
            list.extend(element_figures(symbol, &fate, lang));
        }
    }
    list
}

fn solver_figures(run: &RunContents, lang: Lang) -> Vec<Figure> {
    let (meta, closure) = (&run.meta, figures::worst(run.meta.closure.values()));
    vec![
        figure(lang, texts::FIGURE_DAYS, "d", f64::from(meta.days)),
        figure(lang, texts::FIGURE_CLOSURE, "-", closure),
        figure(lang, texts::FIGURE_EQUILIBRIA, "-", meta.equilibria as f64),
        figure(lang, texts::FIGURE_FAILED, "-", meta.failures as f64),
        figure(lang, texts::FIGURE_ELAPSED, "s", meta.elapsed_s),
    ]
}

fn water_figures(run: &RunContents, totals: &[StreamTotal], lang: Lang) -> Vec<Figure> {
    let book = &run.book;
    let mass = figures::fate(book, totals, Count::Mass);
    let volume = |kind| figures::volume_m3(book, totals, kind);
    let end = figures::end_brine_m3(book, totals);
    vec![
        figure(lang, texts::FIGURE_FEED, "m3", volume(StreamKind::Feed)),
        figure(
            lang,
            texts::FIGURE_EVAPORATION,
            "t",
            mass.evaporated_kg / 1e3,
        ),
        figure(lang, texts::FIGURE_RAIN, "t", mass.rain_kg / 1e3),
        figure(
            lang,
            texts::FIGURE_LEAKAGE,
            "m3",
            volume(StreamKind::Leakage),
        ),
        figure(lang, texts::FIGURE_END_BRINE, "m3", end),
        figure(lang, texts::FIGURE_FLOOR, "t", mass.closing_salt_kg / 1e3),
    ]
}

fn harvest_figures(run: &RunContents, totals: &[StreamTotal], lang: Lang) -> Vec<Figure> {
    let masses = figures::harvested_kg(&run.book, totals);
    let taken = run
        .book
        .minerals
        .iter()
        .zip(masses)
        .filter(|(_, kg)| *kg > 0.0);
    // English keeps the spelling of the database, by which its other tables go.
    let shown = |id: &str| lang.pick(id.to_owned(), texts::name(lang, id));
    taken
        .map(|(mineral, kg)| Figure {
            name: texts::FIGURE_HARVEST.with(lang, &[("mineral", &shown(mineral))]),
            unit: "t",
            value: kg / 1e3,
        })
        .collect()
}

/// What was made of each product; none of a run whose streams have no roles.
fn product_figures(run: &RunContents, lang: Lang) -> Vec<Figure> {
    let accounts = Accounts::of(run).ok();
    let made = accounts.map_or_else(Vec::new, |accounts| accounts::products(&accounts.statement));
    let told = made.iter().map(|product| {
        let name = accounts::name(&run.base, &product.name, lang);
        Figure {
            name: texts::FIGURE_PRODUCT.with(lang, &[("product", &name)]),
            unit: "t",
            value: product.kg / 1e3,
        }
    });
    told.collect()
}

/// Months of feed ahead of the harvest ponds, all stages together: at the end, and where they are fewest.
fn ahead_figures(run: &RunContents, lang: Lang) -> Vec<Figure> {
    let Some(frame) = run.frame(columns::MONTHS_AHEAD) else {
        return Vec::new();
    };
    let (Ok(dates), Ok(months)) = (
        table::dates(frame, columns::DATE),
        table::numbers(frame, columns::AHEAD),
    ) else {
        return Vec::new();
    };
    let mut sums: BTreeMap<Date, f64> = BTreeMap::new();
    for (date, months) in dates.iter().zip(months) {
        *sums.entry(*date).or_default() += months;
    }
    let Some(end) = sums.values().last().copied() else {
        return Vec::new();
    };
    let least = sums.values().copied().fold(f64::INFINITY, f64::min);
    vec![
        figure(lang, texts::FIGURE_AHEAD_END, "months", end),
        figure(lang, texts::FIGURE_AHEAD_LEAST, "months", least),
    ]
}

fn element_figures(symbol: &str, fate: &Fate, lang: Lang) -> Vec<Figure> {
    let named = |text: Text, unit, value| Figure {
        name: text.with(lang, &[("element", symbol)]),
        unit,
        value,
    };
    let tonnes = |text, kg: f64| named(text, "t", kg / 1e3);
    let share = |text, kg: f64| named(text, "%", 100.0 * fate.share_of_exits(kg));
    vec![
        tonnes(texts::FIGURE_ELEMENT_FED, fate.feed_kg),
        tonnes(texts::FIGURE_ELEMENT_HARVESTED, fate.harvested_kg),
        tonnes(texts::FIGURE_ELEMENT_OUT, fate.sold_kg),
        tonnes(texts::FIGURE_ELEMENT_LEAKED, fate.leaked_kg),
        tonnes(texts::FIGURE_ELEMENT_ENTRAINED, fate.entrained_kg),
        tonnes(texts::FIGURE_ELEMENT_BRINE, fate.closing_brine_kg),
        tonnes(texts::FIGURE_ELEMENT_SALT, fate.closing_salt_kg),
        share(texts::FIGURE_ELEMENT_HARVESTED_SHARE, fate.harvested_kg),
        share(texts::FIGURE_ELEMENT_LEAKED_SHARE, fate.leaked_kg),
    ]
}

/// Two or more runs side by side: a row a figure, a column a run (named by the caller). A figure that a run
/// has not is missing (NaN). Rows are named in a language.
pub fn compare(runs: &[(String, &RunContents)], lang: Lang) -> Result<Frame, RunError> {
    if runs.len() < 2 {
        return Err(RunError::TooFew { given: runs.len() });
    }
    let figures: Vec<Vec<Figure>> = runs.iter().map(|(_, run)| key_figures(run, lang)).collect();
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
        Column::texts(texts::FIGURE.get(lang), rows.iter().map(|r| r.0.to_owned())),
        Column::texts(texts::UNIT.get(lang), rows.iter().map(|r| r.1.to_owned())),
    ];
    for ((name, _), list) in runs.iter().zip(&figures) {
        let values = rows.iter().map(|r| value(list, r.0));
        columns.push(Column::numbers(name.as_str(), "", values));
    }
    Ok(Frame::new("compare", columns))
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
