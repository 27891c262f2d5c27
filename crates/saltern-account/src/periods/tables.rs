//! Closings as tables: read from texts, handed out as frames with the same columns.

use super::{Closing, Figure, Lock, Period, Recorded, Restatement};
use crate::error::AccountError;
use crate::frames::{dates, numbers, texts};
use saltern_base::frame::Frame;
use saltern_units::table::{Row, Table};

/// The tables of a closing: file and text of each; one that is not there yet is `None`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts<'t> {
    /// `id`, `from`, `to`, `value`, `unit`, `on`, if wanted `deviation`, `planned`.
    pub figures: Option<(&'t str, &'t str)>,
    /// `from`, `to`, `on`, `by`.
    pub locks: Option<(&'t str, &'t str)>,
    /// `id`, `from`, `to`, `old`, `new`, `on`, `by`, `reason`, if wanted `deviation`; oldest first. A figure that was not there when
    /// its period was locked has no `old`, a `unit`, and if wanted what was `planned`.
    pub restatements: Option<(&'t str, &'t str)>,
}

struct Columns {
    table: Table,
    columns: Vec<usize>,
}

impl Columns {
    fn open((file, text): (&str, &str), names: &[&str]) -> Result<Columns, AccountError> {
        let table = Table::read(file, text)?;
        let columns = names
            .iter()
            .map(|name| table.column(name))
            .collect::<Result<_, _>>()?;
        Ok(Columns { table, columns })
    }

    fn cell<'t>(&'t self, row: &'t Row, i: usize) -> saltern_units::table::Cell<'t> {
        self.table.cell(row, self.columns[i])
    }

    /// A number of a column that a table need not have.
    fn maybe(&self, row: &Row, name: &str) -> Result<Option<f64>, AccountError> {
        match self.table.find(name) {
            Some(column) => Ok(self.table.cell(row, column).optional_number()?),
            None => Ok(None),
        }
    }

    fn period(&self, row: &Row, first: usize) -> Result<Period, AccountError> {
        let (from, to) = (self.cell(row, first), self.cell(row, first + 1));
        Period::new(from.date()?, to.date()?).map_err(|e| e.at(to.place()))
    }
}

impl Closing {
    /// Reads what [`Closing::frames`] gives.
    ///
    /// # Errors
    /// What is wrong, with its place: locks that overlap, a restatement of nothing, without a reason, or whose old value is
    /// not what the figure was: the history has been tampered with.
    pub fn read(files: &Texts<'_>) -> Result<Closing, AccountError> {
        let mut closing = Closing::default();
        if let Some(file) = files.figures {
            let sheet = Columns::open(file, &["id", "from", "to", "value", "unit", "on"])?;
            for row in &sheet.table.rows {
                let cell = |i| sheet.cell(row, i);
                let (id, period) = (cell(0).text()?, sheet.period(row, 1)?);
                if closing.figure(id, period).is_some() {
                    return Err(AccountError::Duplicate {
                        place: cell(0).place(),
                        id: id.into(),
                    });
                }
                let figure = Figure {
                    deviation: sheet.maybe(row, "deviation")?,
                    planned: sheet.maybe(row, "planned")?,
                    ..Figure::new(id, cell(3).number()?, cell(4).raw())
                };
                closing.record(&figure, period, cell(5).date()?)?;
            }
        }
        if let Some(file) = files.locks {
            let sheet = Columns::open(file, &["from", "to", "on", "by"])?;
            for row in &sheet.table.rows {
                let cell = |i| sheet.cell(row, i);
                let locked = closing.lock(sheet.period(row, 0)?, cell(2).date()?, cell(3).raw());
                locked.map_err(|e| e.at(cell(0).place()))?;
            }
        }
        if let Some(file) = files.restatements {
            let sheet = Columns::open(
                file,
                &["id", "from", "to", "old", "new", "on", "by", "reason"],
            )?;
            for row in &sheet.table.rows {
                closing.restate_row(&sheet, row)?;
            }
        }
        Ok(closing)
    }

    fn restate_row(&mut self, sheet: &Columns, row: &Row) -> Result<(), AccountError> {
        let cell = |i| sheet.cell(row, i);
        let (id, period) = (cell(0).text()?, sheet.period(row, 1)?);
        let was = self.figure(id, period).map(Recorded::current);
        // Only what was not there before has nothing that it was.
        let old = match was {
            Some(_) => Some(cell(3).number()?),
            None => cell(3).optional_number()?,
        };
        if let (Some(was), Some(old)) = (was, old.filter(|old| was != Some(*old))) {
            let error = AccountError::NotAsRecorded {
                figure: id.into(),
                old,
                was,
            };
            return Err(error.at(cell(3).place()));
        }
        let unit = sheet.table.find("unit");
        let unit = unit.map_or("", |column| sheet.table.cell(row, column).raw());
        let new = Figure {
            deviation: sheet.maybe(row, "deviation")?,
            planned: sheet.maybe(row, "planned")?,
            ..Figure::new(id, cell(4).number()?, unit)
        };
        let (on, by, reason) = (cell(5).date()?, cell(6).raw(), cell(7).raw());
        let done = match old {
            Some(_) => self.restate(&new, period, on, by, reason),
            None => self.take_over(&new, period, on, by, reason),
        };
        done.map(|_| ()).map_err(|e| e.at(cell(0).place()))
    }

    /// Three tables: `figures` as first recorded, `locks`, `restatements`.
    pub fn frames(&self) -> [Frame; 3] {
        let all: Vec<&Recorded> = self.figures.iter().collect();
        let figures: Vec<&Recorded> = all.iter().copied().filter(|f| f.value.is_some()).collect();
        let locks: Vec<&Lock> = self.locks.iter().collect();
        let restated: Vec<(&Recorded, &Restatement)> = all
            .iter()
            .flat_map(|f| f.restatements.iter().map(move |r| (*f, r)))
            .collect();
        let or_nan = |value: Option<f64>| value.unwrap_or(f64::NAN);
        let mut frames = [
            Frame::new(
                "figures",
                vec![
                    texts("id", &figures, |f| f.id.clone()),
                    dates("from", &figures, |f| f.period.from),
                    dates("to", &figures, |f| f.period.to),
                    numbers("value", "", &figures, |f| or_nan(f.value)),
                    texts("unit", &figures, |f| f.unit.clone()),
                    dates("on", &figures, |f| f.on),
                ],
            ),
            Frame::new(
                "locks",
                vec![
                    dates("from", &locks, |l| l.period.from),
                    dates("to", &locks, |l| l.period.to),
                    dates("on", &locks, |l| l.on),
                    texts("by", &locks, |l| l.by.clone()),
                ],
            ),
            Frame::new(
                "restatements",
                vec![
                    texts("id", &restated, |(f, _)| f.id.clone()),
                    dates("from", &restated, |(f, _)| f.period.from),
                    dates("to", &restated, |(f, _)| f.period.to),
                    numbers("old", "", &restated, |(_, r)| or_nan(r.old)),
                    numbers("new", "", &restated, |(_, r)| r.new),
                    dates("on", &restated, |(_, r)| r.on),
                    texts("by", &restated, |(_, r)| r.by.clone()),
                    texts("reason", &restated, |(_, r)| r.reason.clone()),
                ],
            ),
        ];
        // Columns that only some closings need, left out where nothing would stand in them.
        let [own, _, changes] = &mut frames;
        if figures.iter().any(|f| f.deviation.is_some()) {
            let deviation = numbers("deviation", "", &figures, |f| or_nan(f.deviation));
            own.columns.push(deviation);
        }
        if figures.iter().any(|f| f.planned.is_some()) {
            let planned = numbers("planned", "", &figures, |f| or_nan(f.planned));
            own.columns.push(planned);
        }
        if restated.iter().any(|(_, r)| r.deviation.is_some()) {
            let deviation = numbers("deviation", "", &restated, |(_, r)| or_nan(r.deviation));
            changes.columns.push(deviation);
        }
        let is_new = |(_, r): &(&Recorded, &Restatement)| r.old.is_none();
        if restated.iter().any(is_new) {
            let unit = texts("unit", &restated, |row| match is_new(row) {
                true => row.0.unit.clone(),
                false => String::new(),
            });
            changes.columns.push(unit);
        }
        let planned_anew = |row: &(&Recorded, &Restatement)| row.0.planned.filter(|_| is_new(row));
        if restated.iter().any(|row| planned_anew(row).is_some()) {
            let planned = numbers("planned", "", &restated, |row| or_nan(planned_anew(row)));
            changes.columns.push(planned);
        }
        frames
    }
}
