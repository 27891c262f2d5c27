//! Figures of days and months: those of the measured book of a night whose window covers them.

use std::path::{Path, PathBuf};

use jiff::ToSpan;
use jiff::civil::Date;
use saltern_account::periods::{self, Deviations, Figure};
use saltern_base::book::Book;
use saltern_units::table::{Table, TableError};

use crate::error::ServerError;
use crate::problem::Problem;

/// The run within the folder of a night, and the tables beside it that say how far it may be off.
const BOOK: &str = "book";
const STREAMS: &str = "streams.csv";
const PONDS: &str = "estimates.csv";
/// Nights after a period in which one is looked for that covers it.
const LATER_DAYS: i32 = 31;

/// Figures of some days, from the first night after them whose window covers them all; where none does, from the one that covers most,
/// and the days that it leaves out are told.
pub(super) fn figures(estimates: &Path, days: periods::Period) -> Result<Vec<Figure>, Problem> {
    let (evening, window) = night(estimates, days)?;
    let folder = estimates.join(evening.to_string());
    let run = saltern_run::folder::read(&folder.join(BOOK)).map_err(|e| Problem::kept(&e))?;
    let covered = common(days, window).ok_or_else(|| no_book(days))?;
    let wrong = |error: TableError| Problem::kept(&error);
    let deviations = deviations(&folder.join(STREAMS)).map_err(wrong)?;
    let mut figures = of_days(&run.book, covered, &deviations);
    if evening == days.to {
        figures.extend(of_evening(&folder.join(PONDS)).map_err(wrong)?);
    }
    figures.push(Figure::new("days", f64::from(count(covered)), "d"));
    let uncovered = each(days).filter(|day| *day < covered.from || covered.to < *day);
    figures.extend(uncovered.map(|day| Figure::new(format!("uncovered[{day}]"), 1.0, "d")));
    Ok(figures)
}

/// Figures of a book over days of it.
pub(super) fn of_days(book: &Book, days: periods::Period, deviations: &Deviations) -> Vec<Figure> {
    let since = |day: Date| (day - book.from).get_days().unsigned_abs();
    periods::figures_of_book(book, since(days.from)..since(days.to) + 1, deviations)
}

/// Days that two periods have in common.
pub(super) fn common(a: periods::Period, b: periods::Period) -> Option<periods::Period> {
    periods::Period::new(a.from.max(b.from), a.to.min(b.to)).ok()
}

/// The evening of the night and the days of its window.
fn night(estimates: &Path, days: periods::Period) -> Result<(Date, periods::Period), Problem> {
    let mut best: Option<(Date, periods::Period)> = None;
    let last = days.to.saturating_add(LATER_DAYS.days());
    for (evening, book) in nights(estimates) {
        if evening < days.to || last < evening {
            continue;
        }
        let meta = saltern_run::folder::read_what_was_run(&book).map_err(|e| Problem::kept(&e))?;
        let window = periods::Period {
            from: meta.from,
            to: meta.to,
        };
        let covers = |window| common(days, window).map_or(0, count);
        if best.is_none_or(|(_, known)| covers(known) < covers(window)) {
            best = Some((evening, window));
        }
        if covers(window) == count(days) {
            break;
        }
    }
    best.ok_or_else(|| no_book(days))
}

/// Evenings that have a book, the first first.
fn nights(estimates: &Path) -> Vec<(Date, PathBuf)> {
    let entries = std::fs::read_dir(estimates).into_iter().flatten().flatten();
    let mut nights: Vec<_> = entries
        .filter_map(|entry| {
            let evening = entry.file_name().to_str()?.parse::<Date>().ok()?;
            let book = entry.path().join(BOOK);
            book.is_dir().then_some((evening, book))
        })
        .collect();
    nights.sort();
    nights
}

fn no_book(days: periods::Period) -> Problem {
    ServerError::NoBook {
        from: days.from,
        to: days.to,
    }
    .into()
}

fn count(days: periods::Period) -> u32 {
    (days.to - days.from).get_days().unsigned_abs() + 1
}

fn each(days: periods::Period) -> impl Iterator<Item = Date> {
    days.from
        .series(1.day())
        .take_while(move |day| *day <= days.to)
}

/// Relative deviations of streams; none where the night has none.
fn deviations(path: &Path) -> Result<Deviations, TableError> {
    let Some(table) = table(path)? else {
        return Ok(Deviations::new());
    };
    let columns = [
        "stream",
        "mass",
        "mass_deviation",
        "volume",
        "volume_deviation",
    ];
    let mut all = Deviations::new();
    for row in &table.rows {
        let cell = |k: usize| Ok::<_, TableError>(table.cell(row, table.column(columns[k])?));
        let relative = |of: usize| -> Result<f64, TableError> {
            let (value, deviation) = (cell(of)?.number()?, cell(of + 1)?.number()?);
            // What does not move is not off either.
            Ok(if value == 0.0 {
                0.0
            } else {
                deviation / value.abs()
            })
        };
        all.insert(cell(0)?.text()?.to_string(), (relative(1)?, relative(3)?));
    }
    Ok(all)
}

/// What the ponds hold on the evening of a night, with its deviation. What is a mean of the window is left out.
fn of_evening(path: &Path) -> Result<Vec<Figure>, TableError> {
    let Some(table) = table(path)? else {
        return Ok(Vec::new());
    };
    let columns = ["pond", "quantity", "unit", "value", "standard_deviation"];
    let mut all = Vec::new();
    for row in &table.rows {
        let cell = |k: usize| Ok::<_, TableError>(table.cell(row, table.column(columns[k])?));
        let (pond, quantity, unit) = (cell(0)?.text()?, cell(1)?.text()?, cell(2)?.raw());
        let id = match (quantity, unit) {
            ("level" | "depth" | "density" | "salt", _) => format!("{pond}.{quantity}"),
            (element, "g/L") => format!("{pond}.content[{element}]"),
            _ => continue,
        };
        if let Some(value) = cell(3)?.optional_number()? {
            all.push(Figure {
                deviation: cell(4)?.optional_number()?,
                ..Figure::new(id, value, unit)
            });
        }
    }
    Ok(all)
}

/// A table that need not be there, and need not have rows.
fn table(path: &Path) -> Result<Option<Table>, TableError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = std::fs::read_to_string(path).unwrap_or_default();
    match Table::read(&name, text.trim_start_matches('\u{feff}')) {
        Ok(table) => Ok(Some(table)),
        Err(TableError::Empty { .. } | TableError::NoRows { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
