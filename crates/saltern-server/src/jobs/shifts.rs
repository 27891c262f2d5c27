//! Harvests of a plan on other days: the changed schedule lies beside the runs until its run is there, and goes with it.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use saltern_base::model::Base;
use saltern_base::schedule::{self, Shift, Unmoved};
use saltern_run::export::csv_bytes;
use saltern_run::folder::{read_what_was_run, schedule_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServerError;
use crate::problem::Problem;
use crate::runs::unreadable;

/// A harvest of a plan that is done on other days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ShiftView {
    /// Id of the harvest.
    #[schema(example = "c1_spring")]
    pub(crate) id: String,
    /// First day of what is moved, as the plan has it.
    pub(crate) from: String,
    /// Last day of what is moved, as the plan has it.
    pub(crate) to: String,
    /// Days later; earlier if negative.
    pub(crate) days: i32,
}

/// Where the changed schedule of a run lies until the run is there.
pub(super) fn waiting(runs: &Path, name: &str) -> PathBuf {
    runs.join(format!(".{name}.schedule.csv"))
}

/// Gives a run the schedule that it followed; without a run nothing is left of it.
pub(super) fn hand_over(runs: &Path, name: &str) {
    let (waiting, run) = (waiting(runs, name), runs.join(name));
    // A run is good without.
    let _ = match run.is_dir() {
        true => std::fs::rename(&waiting, schedule_of(&run)),
        false => std::fs::remove_file(&waiting),
    };
}

/// The text of a plan's schedule with its harvests moved.
pub(crate) fn moved(base: &Base, plan: &Path, shifts: &[ShiftView]) -> Result<Vec<u8>, Problem> {
    let period = read_what_was_run(plan)
        .map(|run| (run.from, run.to))
        .map_err(unreadable)?;
    let file = schedule_of(plan);
    let text = std::fs::read_to_string(&file).map_err(|error| ServerError::NotWritten {
        path: file.clone(),
        reason: error.to_string(),
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let read = schedule::read(&file.display().to_string(), text, base, period);
    let mut schedule = read.map_err(|errors| match errors.first() {
        Some(error) => Problem::wrong(error),
        None => ServerError::NoSchedule { run: String::new() }.into(),
    })?;
    for view in shifts {
        let shift = Shift {
            id: view.id.clone(),
            from: day(&view.from)?,
            to: day(&view.to)?,
            days: view.days,
        };
        let moved = schedule::shift(&mut schedule, base, &shift, period);
        moved.map_err(|unmoved| ServerError::WrongValue {
            name: "shifts",
            value: format!("{} {} – {}, {:+}", view.id, view.from, view.to, view.days),
            accepted: match unmoved {
                Unmoved::Nothing => (
                    "a harvest that the plan does within these days",
                    "计划在这些日期内进行的一次采收",
                ),
                Unmoved::Outside => ("days within the period of the plan", "计划时段内的日期"),
            },
        })?;
    }
    csv_bytes(&schedule::frame(&schedule, base)).map_err(|error| Problem::wrong(&error))
}

/// Writes a changed schedule to where its job looks for it.
pub(crate) fn keep(runs: &Path, name: &str, text: &[u8]) -> Result<(), ServerError> {
    let path = waiting(runs, name);
    let written = std::fs::create_dir_all(runs).and_then(|()| std::fs::write(&path, text));
    written.map_err(|error| ServerError::NotWritten {
        path,
        reason: error.to_string(),
    })
}

fn day(text: &str) -> Result<Date, ServerError> {
    text.parse().map_err(|_| ServerError::WrongValue {
        name: "shifts",
        value: text.into(),
        accepted: ("days as 2027-04-01", "形如 2027-04-01 的日期"),
    })
}
