//! What the sections read: the run, its totals, its ponds day by day, its colours.

use jiff::civil::Date;
use saltern_base::book::NodeKind;
use saltern_base::frame::Frame;
use saltern_units::Lang;

use super::theme::Palette;
use crate::columns::{self, ColumnName};
use crate::contents::{Name, PondSnapshot, RunContents};
use crate::error::RunError;
use crate::figures::{self, StreamTotal};
use crate::table;

/// A run as the sections see it.
pub(crate) struct View<'a> {
    pub(crate) run: &'a RunContents,
    pub(crate) lang: Lang,
    pub(crate) totals: Vec<StreamTotal>,
    pub(crate) days: Option<PondDays<'a>>,
    pub(crate) stages: Palette,
    pub(crate) minerals: Palette,
}

impl<'a> View<'a> {
    pub(crate) fn new(run: &'a RunContents, lang: Lang) -> Result<Self, RunError> {
        let days = run
            .frame(columns::PONDS)
            .map(|frame| PondDays::new(frame, &run.base.ponds))
            .transpose()?;
        Ok(View {
            run,
            lang,
            totals: figures::stream_totals(&run.book),
            days,
            stages: Palette::new(run.base.ponds.iter().map(|p| p.stage.as_str())),
            minerals: Palette::new(minerals_by_mass(run).iter().map(String::as_str)),
        })
    }

    pub(crate) fn ponds(&self) -> &'a [PondSnapshot] {
        &self.run.base.ponds
    }

    /// Text of a name in the language of the report, or the other where it lacks one.
    pub(crate) fn label(&self, name: &'a Name, id: &'a str) -> &'a str {
        let (first, second) = self.lang.pick((&name.en, &name.zh), (&name.zh, &name.en));
        [first, second]
            .into_iter()
            .find(|text| !text.is_empty())
            .map_or(id, String::as_str)
    }

    /// Node of a pond in the book.
    pub(crate) fn node(&self, pond: &str) -> Option<usize> {
        self.run
            .book
            .nodes
            .iter()
            .position(|n| n.kind == NodeKind::Pond && n.id == pond)
    }

    /// Stage of a node of the book, by index in [`View::stages`].
    pub(crate) fn stage_of_node(&self, node: usize) -> Option<usize> {
        let id = &self.run.book.nodes.get(node)?.id;
        let stage = &self.ponds().iter().find(|p| p.id == *id)?.stage;
        self.stages.names().iter().position(|s| s == stage)
    }

    /// Elements of the book that are worth a column: those of `wanted` that are there.
    pub(crate) fn elements(&self, wanted: &[&'static str]) -> Vec<(&'static str, usize)> {
        wanted
            .iter()
            .filter_map(|symbol| Some((*symbol, figures::element(&self.run.book, symbol)?)))
            .collect()
    }
}

/// Minerals that are on a floor or were harvested, heaviest first: so the colours of the great ones never change.
fn minerals_by_mass(run: &RunContents) -> Vec<String> {
    let book = &run.book;
    let harvested = figures::harvested_kg(book, &figures::stream_totals(book));
    let kept = |i: usize| -> f64 {
        book.closing
            .iter()
            .chain(&book.opening)
            .filter_map(|s| s.minerals_mol.get(i))
            .sum::<f64>()
            * book.mineral_kg_mol.get(i).copied().unwrap_or(0.0)
    };
    let mut list: Vec<(f64, &String)> = book
        .minerals
        .iter()
        .enumerate()
        .map(|(i, m)| (harvested.get(i).copied().unwrap_or(0.0) + kept(i), m))
        .collect();
    list.retain(|(kg, _)| *kg > 0.0);
    list.sort_by(|a, b| b.0.total_cmp(&a.0));
    list.into_iter().map(|(_, name)| name.clone()).collect()
}

/// The frame `ponds`, row by row for each pond of the base.
pub(crate) struct PondDays<'a> {
    frame: &'a Frame,
    dates: &'a [Date],
    rows: Vec<Vec<usize>>,
}

impl<'a> PondDays<'a> {
    fn new(frame: &'a Frame, ponds: &[PondSnapshot]) -> Result<Self, RunError> {
        columns::check(frame)?;
        let ids = table::texts(frame, columns::POND)?;
        let index: std::collections::HashMap<&str, usize> = ponds
            .iter()
            .enumerate()
            .map(|(i, p)| (p.id.as_str(), i))
            .collect();
        let mut rows = vec![Vec::new(); ponds.len()];
        for (row, id) in ids.iter().enumerate() {
            if let Some(pond) = index.get(id.as_str()) {
                rows[*pond].push(row);
            }
        }
        Ok(PondDays {
            frame,
            dates: table::dates(frame, columns::DATE)?,
            rows,
        })
    }

    /// Whether the frame has an optional column.
    pub(crate) fn has(&self, column: ColumnName) -> bool {
        table::numbers(self.frame, column).is_ok()
    }

    /// Values of a pond by day; empty for a column that is not there.
    pub(crate) fn series(&self, pond: usize, column: ColumnName) -> Vec<(Date, f64)> {
        self.named(pond, column.name, column.unit)
    }

    fn named(&self, pond: usize, name: &str, unit: &str) -> Vec<(Date, f64)> {
        let values = table::numbers_of(self.frame, name, unit).unwrap_or(&[]);
        let rows = self.rows.get(pond).map_or(&[][..], Vec::as_slice);
        rows.iter()
            .filter_map(|row| Some((self.dates[*row], *values.get(*row)?)))
            .collect()
    }

    /// Days of a pond on which a flag is set.
    pub(crate) fn flagged(&self, pond: usize, column: ColumnName) -> Vec<Date> {
        let flags = table::integers(self.frame, column).unwrap_or(&[]);
        let rows = self.rows.get(pond).map_or(&[][..], Vec::as_slice);
        rows.iter()
            .filter(|row| flags.get(**row).is_some_and(|f| *f != 0))
            .map(|row| self.dates[*row])
            .collect()
    }

    /// Value at the end of the period; NaN if there is none.
    pub(crate) fn last(&self, pond: usize, column: ColumnName) -> f64 {
        self.row_of(pond, None)
            .and_then(|row| Some(*table::numbers(self.frame, column).ok()?.get(row)?))
            .unwrap_or(f64::NAN)
    }

    /// Concentration of an element, g/L, on a day (the last one if `None`); NaN if there is none.
    pub(crate) fn grade(&self, pond: usize, element: &str, day: Option<Date>) -> f64 {
        let column = table::numbers_of(self.frame, element, columns::CONCENTRATION_UNIT);
        self.row_of(pond, day)
            .and_then(|row| Some(*column.ok()?.get(row)?))
            .unwrap_or(f64::NAN)
    }

    fn row_of(&self, pond: usize, day: Option<Date>) -> Option<usize> {
        let rows = self.rows.get(pond)?;
        match day {
            None => rows.last().copied(),
            Some(day) => rows.iter().find(|row| self.dates[**row] >= day).copied(),
        }
    }
}
