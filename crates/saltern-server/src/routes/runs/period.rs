//! Days of a book, as they are asked for.

use std::ops::Range;

use jiff::civil::Date;
use saltern_run::RunContents;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::ServerError;
use crate::problem::Problem;
use crate::routes::closings::day;

/// Which days of a book.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Period {
    /// First day; that of the run if left out.
    from: Option<String>,
    /// Last day; that of the run if left out.
    to: Option<String>,
}

/// Days of a book.
pub(crate) struct Days {
    /// First day.
    pub(crate) from: Date,
    /// Last day.
    pub(crate) to: Date,
    /// First day of the book.
    begin: Date,
}

impl Days {
    /// Their places among the days of the book.
    pub(crate) fn places(&self) -> Range<u32> {
        let since = |day: Date| (day - self.begin).get_days().unsigned_abs();
        since(self.from)..since(self.to) + 1
    }
}

impl Period {
    /// Its days of a run; what lies outside of the run is left out.
    ///
    /// # Errors
    /// What is no day, and an end before the beginning.
    pub(crate) fn of(&self, run: &RunContents) -> Result<Days, Problem> {
        let from = day("from", self.from.as_deref())?;
        let to = day("to", self.to.as_deref())?;
        let within = |day: Date| day.clamp(run.meta.from, run.meta.to);
        let days = Days {
            from: within(from.unwrap_or(run.meta.from)),
            to: within(to.unwrap_or(run.meta.to)),
            begin: run.book.from,
        };
        if from.zip(to).is_some_and(|(from, to)| to < from) || days.to < days.from {
            return Err(ServerError::WrongValue {
                name: "to",
                value: self.to.clone().unwrap_or_default(),
                accepted: ("a day that is not before `from`", "不早于 `from` 的日期"),
            }
            .into());
        }
        Ok(days)
    }
}
