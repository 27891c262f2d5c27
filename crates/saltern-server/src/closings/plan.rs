//! What was planned: the book of a run, held beside what was measured.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use saltern_account::periods::{self, Deviations, Figure};
use saltern_base::book::Book;
use saltern_records::Records;

use super::book;
use crate::error::ServerError;
use crate::problem::Problem;

/// Under which name the folder of the plan is kept in the records.
const KEPT: &str = "plan";

/// A plan.
pub(crate) struct Plan {
    /// First and last day.
    pub(crate) days: periods::Period,
    book: Book,
}

impl Plan {
    /// The run in a folder, if it is one of this base.
    pub(crate) fn read(path: &Path, base: &str) -> Result<Plan, Problem> {
        let run = saltern_run::folder::read(path).map_err(|error| Problem::wrong(&error))?;
        if run.meta.base != base {
            return Err(ServerError::PlanOfOther {
                path: path.to_path_buf(),
                of: run.meta.base,
                base: base.into(),
            }
            .into());
        }
        Ok(Plan {
            days: periods::Period {
                from: run.meta.from,
                to: run.meta.to,
            },
            book: run.book,
        })
    }

    /// Puts what was planned beside figures of some days; refused where the plan does not cover them.
    pub(super) fn put_beside(
        &self,
        figures: &mut [Figure],
        days: periods::Period,
    ) -> Result<(), ServerError> {
        if book::common(self.days, days) != Some(days) {
            return Err(self.not_covered(days.from, days.to));
        }
        let planned = book::of_days(&self.book, days, &Deviations::new());
        for figure in figures {
            let mut same = planned
                .iter()
                .filter(|p| p.id == figure.id && p.unit == figure.unit);
            figure.planned = same.next().map(|planned| planned.value);
        }
        Ok(())
    }

    fn not_covered(&self, from: Date, to: Date) -> ServerError {
        ServerError::PlanNotCovering {
            from,
            to,
            plan_from: self.days.from,
            plan_to: self.days.to,
        }
    }
}

/// The plan that is given now, else the one that was given last. One that is given now must be readable; of one from before, whose
/// folder may have gone since, it is only said that it is not.
pub(crate) fn choose(
    records: &Records,
    given: Option<&Path>,
    base: &str,
    now_us: i64,
) -> Result<(Option<Plan>, Option<Problem>), Problem> {
    if let Some(path) = given {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let plan = Plan::read(&path, base)?;
        records.keep(KEPT, path.to_string_lossy().as_bytes(), now_us)?;
        return Ok((Some(plan), None));
    }
    let Some((path, _)) = records.kept(KEPT)? else {
        return Ok((None, None));
    };
    let path = PathBuf::from(String::from_utf8_lossy(&path).into_owned());
    Ok(match Plan::read(&path, base) {
        Ok(plan) => (Some(plan), None),
        Err(problem) => (None, Some(problem)),
    })
}
