//! Closed periods and restatements: what was said stays said.
//!
//! A [`Closing`] holds the figures of periods. While a period is open its figures may change; once it is locked, only a
//! restatement changes one, and that keeps the old value, the day and the reason. [`Closing::as_of`] tells a figure as it
//! stood on any day.

use crate::error::AccountError;
use jiff::civil::Date;

mod of_book;
mod tables;

pub use of_book::{Deviations, figures as figures_of_book};
pub use tables::Texts;

/// Figures nearer than this share of each other are the same: CSV keeps them so.
const SAME: f64 = 1e-9;

/// A period of whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// A figure to be recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Id.
    pub id: String,
    /// In its unit.
    pub value: f64,
    /// Unit of all that is told of it.
    pub unit: String,
    /// Standard deviation, where it is known.
    pub deviation: Option<f64>,
    /// What a plan says of it, where there is one.
    pub planned: Option<f64>,
}

impl Figure {
    /// A figure without deviation or plan.
    pub fn new(id: impl Into<String>, value: f64, unit: impl Into<String>) -> Figure {
        Figure {
            id: id.into(),
            value,
            unit: unit.into(),
            deviation: None,
            planned: None,
        }
    }
}

/// A figure of a period, with everything it ever was.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Id: an indicator and its member, a footprint.
    pub id: String,
    /// Its period.
    pub period: Period,
    /// Unit of all its values.
    pub unit: String,
    /// What it first was; `None` where it was not there when its period was locked.
    pub value: Option<f64>,
    /// Standard deviation of that, where it is known.
    pub deviation: Option<f64>,
    /// What a plan said of it when it was recorded.
    pub planned: Option<f64>,
    /// The day it was recorded, or first told.
    pub on: Date,
    /// What became of it, oldest first.
    pub restatements: Vec<Restatement>,
}

/// A change of a figure of a locked period.
#[derive(Clone, Debug, PartialEq)]
pub struct Restatement {
    /// What it was; `None` where it was not there before.
    pub old: Option<f64>,
    /// What it is from then on.
    pub new: f64,
    /// Standard deviation of that, where it is known.
    pub deviation: Option<f64>,
    /// The day of the change.
    pub on: Date,
    /// Who changed it.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl Recorded {
    /// The value now. What was not there at first has a restatement that tells it.
    pub fn current(&self) -> f64 {
        let last = self.restatements.last().map(|r| r.new);
        last.or(self.value).unwrap_or(f64::NAN)
    }

    /// Standard deviation of the value now, where it is known.
    pub fn current_deviation(&self) -> Option<f64> {
        let last = self.restatements.last();
        last.map_or(self.deviation, |r| r.deviation)
    }

    /// Whether another value is this one, as far as tables keep it.
    pub fn is_same(&self, value: f64) -> bool {
        let own = self.current();
        (own - value).abs() <= SAME * own.abs().max(value.abs())
    }
}

/// A locked period.
#[derive(Clone, Debug, PartialEq)]
pub struct Lock {
    /// The period.
    pub period: Period,
    /// The day it was locked.
    pub on: Date,
    /// Who locked it.
    pub by: String,
}

/// Figures and locks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closing {
    /// Figures, by period and id.
    pub figures: Vec<Recorded>,
    /// Locked periods; none share a day.
    pub locks: Vec<Lock>,
}

impl Period {
    /// A period.
    ///
    /// # Errors
    /// [`AccountError::Reversed`].
    pub fn new(from: Date, to: Date) -> Result<Period, AccountError> {
        if to < from {
            return Err(AccountError::Reversed { from, to });
        }
        Ok(Period { from, to })
    }

    fn touches(self, other: Period) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

impl Closing {
    /// The lock that a period falls under.
    pub fn lock_of(&self, period: Period) -> Option<&Lock> {
        self.locks.iter().find(|lock| lock.period.touches(period))
    }

    /// The recorded figure of that name and period.
    pub fn figure(&self, id: &str, period: Period) -> Option<&Recorded> {
        self.place(id, period).ok().map(|at| &self.figures[at])
    }

    /// Where a figure is, or where it would be.
    fn place(&self, id: &str, period: Period) -> Result<usize, usize> {
        let order = |f: &Recorded| (f.period, f.id.as_str()).cmp(&(period, id));
        self.figures.binary_search_by(order)
    }

    /// Those of some figures that are recorded with another value.
    pub fn changed<'f>(&self, period: Period, figures: &'f [Figure]) -> Vec<&'f Figure> {
        let is_other = |figure: &&Figure| {
            let recorded = self.figure(&figure.id, period);
            recorded.is_some_and(|recorded| !recorded.is_same(figure.value))
        };
        figures.iter().filter(is_other).collect()
    }

    /// Those of some figures that a locked period has not: they were not known, or not asked for, when it was locked.
    pub fn appeared<'f>(&self, period: Period, figures: &'f [Figure]) -> Vec<&'f Figure> {
        let is_locked = self.lock_of(period).is_some_and(|l| l.period == period);
        let is_new = |figure: &&Figure| is_locked && self.figure(&figure.id, period).is_none();
        figures.iter().filter(is_new).collect()
    }

    /// Records a figure of an open period, in place of one recorded before.
    ///
    /// # Errors
    /// [`AccountError::Locked`] where any of its days are locked.
    pub fn record(
        &mut self,
        figure: &Figure,
        period: Period,
        on: Date,
    ) -> Result<(), AccountError> {
        if let Some(lock) = self.lock_of(period) {
            return Err(AccountError::Locked {
                from: lock.period.from,
                to: lock.period.to,
                on: lock.on,
            });
        }
        let recorded = Recorded {
            id: figure.id.clone(),
            period,
            unit: figure.unit.clone(),
            value: Some(figure.value),
            deviation: figure.deviation,
            planned: figure.planned,
            on,
            restatements: Vec::new(),
        };
        match self.place(&figure.id, period) {
            Ok(at) => self.figures[at] = recorded,
            Err(at) => self.figures.insert(at, recorded),
        }
        Ok(())
    }

    /// Locks a period.
    ///
    /// # Errors
    /// [`AccountError::Overlap`] where it shares days with a locked one that is not the same, [`AccountError::Locked`] where
    /// it is locked already.
    pub fn lock(&mut self, period: Period, on: Date, by: &str) -> Result<(), AccountError> {
        if let Some(lock) = self.lock_of(period) {
            let locked = lock.period;
            return Err(if locked == period {
                AccountError::Locked {
                    from: locked.from,
                    to: locked.to,
                    on: lock.on,
                }
            } else {
                AccountError::Overlap {
                    from: period.from,
                    to: period.to,
                    locked_from: locked.from,
                    locked_to: locked.to,
                }
            });
        }
        self.locks.push(Lock {
            period,
            on,
            by: by.into(),
        });
        self.locks.sort_by_key(|lock| lock.period);
        Ok(())
    }

    /// Changes a figure to what is given, keeping what it was and why; what was planned stays.
    ///
    /// # Errors
    /// [`AccountError::NoReason`], [`AccountError::NoFigure`], and [`AccountError::Reversed`] for a day before the last
    /// change.
    pub fn restate(
        &mut self,
        to: &Figure,
        period: Period,
        on: Date,
        by: &str,
        reason: &str,
    ) -> Result<&Recorded, AccountError> {
        let id = to.id.as_str();
        if reason.trim().is_empty() {
            return Err(AccountError::NoReason { figure: id.into() });
        }
        let found = self.place(id, period).ok().map(|at| &mut self.figures[at]);
        let figure = found.ok_or_else(|| AccountError::NoFigure {
            figure: id.into(),
            from: period.from,
            to: period.to,
        })?;
        let last = figure.restatements.last().map_or(figure.on, |r| r.on);
        if on < last {
            return Err(AccountError::Reversed { from: last, to: on });
        }
        figure.restatements.push(Restatement {
            old: Some(figure.current()),
            new: to.value,
            deviation: to.deviation,
            on,
            by: by.into(),
            reason: reason.trim().into(),
        });
        Ok(figure)
    }

    /// Restates a figure, or tells one that a locked period has not: of that the restatement has no old value.
    ///
    /// # Errors
    /// As [`Closing::restate`]; [`AccountError::NoFigure`] for one that an open period has not, which is to be recorded.
    pub fn take_over(
        &mut self,
        to: &Figure,
        period: Period,
        on: Date,
        by: &str,
        reason: &str,
    ) -> Result<&Recorded, AccountError> {
        let is_new = !self.appeared(period, std::slice::from_ref(to)).is_empty();
        if !is_new || reason.trim().is_empty() {
            return self.restate(to, period, on, by, reason);
        }
        let told = Recorded {
            id: to.id.clone(),
            period,
            unit: to.unit.clone(),
            value: None,
            deviation: None,
            planned: to.planned,
            on,
            restatements: vec![Restatement {
                old: None,
                new: to.value,
                deviation: to.deviation,
                on,
                by: by.into(),
                reason: reason.trim().into(),
            }],
        };
        let at = self.place(&to.id, period).unwrap_or_else(|at| at);
        self.figures.insert(at, told);
        Ok(&self.figures[at])
    }

    /// A figure as it stood at the end of a day; `None` before it was recorded.
    pub fn as_of(&self, id: &str, period: Period, day: Date) -> Option<f64> {
        let figure = self.figure(id, period)?;
        let last = figure.restatements.iter().rev().find(|r| r.on <= day);
        match last {
            Some(restatement) => Some(restatement.new),
            None => figure.value.filter(|_| figure.on <= day),
        }
    }
}
