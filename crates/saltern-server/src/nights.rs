//! The work of the night: when a day is over, what the ponds hold and lose is estimated from the samples of the last weeks.
//! What comes out becomes samples of tags of its own, an answer of the API, and tables in a folder a night.

mod found;
mod samples;
mod soft;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Span;
use jiff::civil::Date;
use saltern_base::model::{Base, DAY_US};
use saltern_samples::Quality;

use crate::error::ServerError;
use crate::house::House;
use crate::operation::{Live, Word};
use crate::problem::Problem;

pub(crate) use found::{Found, NextPhase, OfDay, OfPond, PondLeak};
pub(crate) use soft::{Rows, extend};

/// Makes an estimate.
pub type MakeEstimate = Box<dyn Fn(&Night<'_>) -> Result<(), Vec<Problem>> + Send + Sync>;

/// What an estimate is made from and where it goes.
#[derive(Clone, Copy, Debug)]
pub struct Night<'a> {
    /// Samples as a long table.
    pub samples: &'a Path,
    /// Days that they cover, the evening's among them.
    pub days: u16,
    /// The state of the morning on which they begin; `None` where nobody knows it.
    pub state: Option<&'a Path>,
    /// Where tables are written.
    pub out: &'a Path,
}

/// How nights are worked.
pub struct Nights {
    /// Makes an estimate.
    pub make: MakeEstimate,
    /// Days of samples that it is made from, about: it begins on a morning whose state is known, if there is one.
    pub days: u16,
}

/// Where tables of nights are, within the data.
pub const ESTIMATES: &str = "estimates";
/// A state of an evening, surveyed or estimated, in a folder of that evening.
pub const STATE: &str = "state.csv";
/// Fewest days that say something.
const FEWEST_DAYS: i32 = 14;
/// How long after midnight, by the plant's clock: samples may be late.
const AFTER_US: i64 = DAY_US / 24;
/// How often the clock is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// What is known of the last night.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    /// The last estimate.
    pub(crate) found: Option<Arc<Found>>,
    /// Whether one is being made.
    pub(crate) at_work: bool,
    /// Why the last one was not made.
    pub(crate) problems: Vec<Problem>,
    /// Whether somebody asked for one now.
    pub(crate) asked: bool,
}

/// Works through nights until the house is closed.
pub(crate) fn work(house: &Arc<House>, nights: Nights, folder: PathBuf) {
    let house = Arc::downgrade(house);
    let run = move || {
        let mut last = evenings(&folder, found::TABLE).into_iter().max();
        if let (Some(evening), Some(house)) = (last, house.upgrade()) {
            let found = found::read(&folder.join(evening.to_string()), evening);
            house.nights().found = found.ok().map(Arc::new);
        }
        loop {
            std::thread::sleep(LOOK);
            let Some(house) = house.upgrade() else {
                return;
            };
            let live = house.live();
            let Some(base) = &live.lake.base else {
                continue;
            };
            let due = due(base, house.now_us(), last);
            let asked = std::mem::take(&mut house.nights().asked);
            let (today, _) = base.site.local_day(house.now_us());
            let evening = due.or_else(|| today.yesterday().ok().filter(|_| asked));
            let Some(evening) = evening else { continue };
            last = Some(evening);
            house.nights().at_work = true;
            tracing::info!(%evening, "the night's work begins");
            let done = night(&house, &live, base, &nights, &folder, evening);
            let mut standing = house.nights();
            standing.at_work = false;
            tracing::info!(%evening, done = done.is_ok(), "the night's work ends");
            match done {
                Ok(found) => {
                    standing.found = Some(Arc::new(found));
                    standing.problems.clear();
                }
                Err(problems) => standing.problems = problems,
            }
        }
    };
    // Without this thread there are no estimates, and everything else is there.
    let _ = std::thread::Builder::new().name("nights".into()).spawn(run);
}

/// The evening whose night's work is due.
fn due(base: &Base, now_us: i64, last: Option<Date>) -> Option<Date> {
    let (today, since_us) = base.site.local_day(now_us);
    let evening = today.yesterday().ok()?;
    let is_new = last.is_none_or(|last| last < evening);
    (since_us >= AFTER_US && is_new).then_some(evening)
}

/// Evenings whose folder has a table.
fn evenings(folder: &Path, table: &str) -> Vec<Date> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let evenings = entries.filter_map(|entry| {
        let has_it = entry.path().join(table).is_file();
        let name = entry.file_name();
        let evening = name.to_str()?.parse::<Date>().ok()?;
        has_it.then_some(evening)
    });
    evenings.collect()
}

/// The last evening whose state is known.
pub(crate) fn last_state(estimates: &Path) -> Option<Date> {
    evenings(estimates, STATE).into_iter().max()
}

/// The evening whose state a window begins with: that which makes it about as long as it should be.
fn start(folder: &Path, evening: Date, days: u16) -> Option<Date> {
    let age = |state: &Date| (evening - *state).get_days();
    let known = evenings(folder, STATE).into_iter();
    let old_enough = known.filter(|state| age(state) >= FEWEST_DAYS);
    old_enough.min_by_key(|state| (age(state) - i32::from(days)).abs())
}

/// One night's work.
fn night(
    house: &Arc<House>,
    live: &Arc<Live>,
    base: &Base,
    nights: &Nights,
    folder: &Path,
    evening: Date,
) -> Result<Found, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let out = folder.join(evening.to_string());
    std::fs::create_dir_all(&out).map_err(|error| one(not_written(&out, &error)))?;
    let known = start(folder, evening, nights.days);
    let days = match known {
        Some(start) => (evening - start).get_days().unsigned_abs() as u16,
        None => nights.days,
    };
    let back = Span::new().days(i64::from(days) - 1);
    let first = evening.checked_sub(back).unwrap_or(evening);
    let (from_us, to_us) = (
        base.site.midnight_us(first),
        base.site.midnight_us(evening) + DAY_US,
    );
    let table = samples::table(house, live, from_us, to_us).map_err(|e| one(e.into()))?;
    let path = out.join("samples.csv");
    std::fs::write(&path, table).map_err(|error| one(not_written(&path, &error)))?;
    let state = known.map(|start| folder.join(start.to_string()).join(STATE));
    (nights.make)(&Night {
        samples: &path,
        days,
        state: state.as_deref(),
        out: &out,
    })?;
    // It is in the store already, and large.
    let _ = std::fs::remove_file(&path);
    let found = found::read(&out, evening).map_err(|e| one(Problem::wrong(&e)))?;
    let readings = live.soft.readings(live, &found, to_us, Quality::ESTIMATED);
    let of = Arc::clone(live);
    // The keeper is gone only when the server stops.
    let _ = house.words.blocking_send(Word::Brought { of, readings });
    Ok(found)
}

fn not_written(path: &Path, error: &std::io::Error) -> Problem {
    ServerError::NotWritten {
        path: path.to_path_buf(),
        reason: error.to_string(),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_begins_with_a_state_that_is_old_enough() {
        let folder = tempfile::tempdir().expect("a folder");
        let evening = Date::constant(2027, 7, 1);
        assert_eq!(start(folder.path(), evening, 45), None);
        for day in ["2027-03-01", "2027-05-20", "2027-06-25"] {
            let own = folder.path().join(day);
            std::fs::create_dir(&own).expect("a folder");
            std::fs::write(own.join(STATE), "").expect("a state");
        }
        let begin = |days| start(folder.path(), evening, days).map(|d| d.to_string());
        assert_eq!(begin(45).as_deref(), Some("2027-05-20"));
        assert_eq!(begin(120).as_deref(), Some("2027-03-01"));
        // One of last week says too little.
        assert_eq!(begin(7).as_deref(), Some("2027-05-20"));
    }
}
