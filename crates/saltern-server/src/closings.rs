//! Closings of shifts, days and months: drafts when they are due, which follow what comes late until somebody locks them; from then
//! on a figure changes by restatement only.
//!
//! A shift is told by its meters, an hour after it is over. A day and a month are told by the measured book, after the night's work
//! that covers them, and beside each figure stands what a plan has for it.

mod book;
mod gone;
mod period;
mod plan;
mod shelf;
mod shift;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;
use saltern_account::AccountError;
use saltern_account::periods::{Closing, Figure};
use saltern_base::model::{Base, DAY_US};

use crate::error::ServerError;
use crate::house::House;
use crate::nights::ESTIMATES;
use crate::operation::Live;
use crate::problem::Problem;
use shelf::Shelf;

pub(crate) use period::Period;
pub(crate) use plan::{Plan, choose};

/// Folder of closings within the data.
pub const CLOSINGS: &str = "closings";
/// How long after its end a shift is drafted: samples may be late.
const AFTER_US: i64 = DAY_US / 24;
/// Days back that drafts are made of and follow what comes late.
const BACK_DAYS: i64 = 7;
/// Days after a month within which its draft follows the nights.
const MONTH_BACK_DAYS: i32 = 31;
/// How often the clock is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Figures as they are made now.
#[derive(Default)]
struct Made {
    figures: Vec<Figure>,
    /// Tags whose samples do not cover the period.
    uncovered: Vec<String>,
    /// What is missing beside them.
    problems: Vec<Problem>,
}

/// What closings are made from and where they are kept.
pub(crate) struct Closings {
    folder: PathBuf,
    shelf: Shelf,
    estimates: PathBuf,
    plan: Option<Plan>,
    plan_problem: Option<Problem>,
    /// Held while a closing is read, changed and written.
    writing: Mutex<()>,
}

/// A closing as it stands.
pub(crate) struct Standing {
    pub(crate) period: Period,
    pub(crate) closing: Closing,
    /// Of a locked one, figures that would be others now, and those that it has not.
    pub(crate) changed: Vec<Figure>,
    /// What kept it from being as it should: nothing to make it from, a plan that does not cover it.
    pub(crate) problems: Vec<Problem>,
}

/// Who changes a closing, and on which day.
pub(crate) struct By {
    pub(crate) name: String,
    pub(crate) on: Date,
}

impl Closings {
    pub(crate) fn new(data: &Path, plan: Option<Plan>, plan_problem: Option<Problem>) -> Closings {
        let folder = data.join(CLOSINGS);
        Closings {
            shelf: Shelf::new(folder.clone()),
            folder,
            estimates: data.join(ESTIMATES),
            plan,
            plan_problem,
            writing: Mutex::default(),
        }
    }

    /// Where they are kept.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is planned, or why that cannot be read.
    pub(crate) fn plan(&self) -> (Option<&Plan>, Option<&Problem>) {
        (self.plan.as_ref(), self.plan_problem.as_ref())
    }

    /// Periods that have a closing.
    pub(crate) fn periods(&self) -> Vec<Period> {
        self.shelf.periods()
    }

    /// A closing as it is kept.
    pub(crate) fn kept(&self, period: Period) -> Result<Closing, Problem> {
        self.shelf.read(period)
    }
}

/// The closing of a name.
pub(crate) fn named(house: &House, id: &str) -> Result<Period, ServerError> {
    let period = Period::by_id(id).filter(|period| house.closings.shelf.has(*period));
    period.ok_or_else(|| ServerError::UnknownClosing { closing: id.into() })
}

/// A closing as it stands now: a draft follows what has come since, a locked one is told beside what it would be.
pub(crate) fn look(house: &House, period: Period) -> Result<Standing, Problem> {
    let made = figures(house, period);
    let closings = &house.closings;
    let _held = closings
        .writing
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let mut standing = Standing {
        period,
        closing: closings.shelf.read(period)?,
        changed: Vec::new(),
        problems: Vec::new(),
    };
    let made = made.unwrap_or_else(|problem| Made {
        // What it was made from has gone; what was made of it stays.
        problems: vec![problem],
        ..Made::default()
    });
    standing.problems = made.problems;
    if made.figures.is_empty() {
        return Ok(standing);
    }
    let kept = &standing.closing;
    let figures = gone::beside_what_is_gone(kept, period, made.figures, &made.uncovered);
    if standing.closing.lock_of(period.days()).is_some() {
        let closing = &standing.closing;
        let changed = closing.changed(period.days(), &figures).into_iter();
        let appeared = closing.appeared(period.days(), &figures);
        standing.changed = changed.chain(appeared).cloned().collect();
    } else if !is_draft_of(&standing.closing, period, &figures) {
        standing.closing = draft(period, &figures, today(house))?;
        closings.shelf.write(period, &standing.closing)?;
    }
    Ok(standing)
}

/// Locks a closing as it stands.
pub(crate) fn lock(house: &House, period: Period, by: &By) -> Result<Standing, Problem> {
    let mut standing = look(house, period)?;
    let closings = &house.closings;
    let _held = closings
        .writing
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    standing.closing.lock(period.days(), by.on, &by.name)?;
    closings.shelf.write(period, &standing.closing)?;
    Ok(standing)
}

/// Restates what changed in a locked closing.
pub(crate) fn restate(
    house: &House,
    period: Period,
    by: &By,
    why: &str,
) -> Result<Standing, Problem> {
    let mut standing = look(house, period)?;
    check_restatement(&standing, why)?;
    let closings = &house.closings;
    let _held = closings
        .writing
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    for figure in std::mem::take(&mut standing.changed) {
        let days = period.days();
        standing
            .closing
            .take_over(&figure, days, by.on, &by.name, why)?;
    }
    closings.shelf.write(period, &standing.closing)?;
    Ok(standing)
}

/// Refuses to restate what is open, or without a reason.
pub(crate) fn check_restatement(standing: &Standing, why: &str) -> Result<(), Problem> {
    let period = standing.period;
    if standing.closing.lock_of(period.days()).is_none() {
        let closing = period.id();
        return Err(ServerError::NotLocked { closing }.into());
    }
    if why.trim().is_empty() {
        let figure = standing
            .changed
            .first()
            .map_or(period.id(), |f| f.id.clone());
        return Err(AccountError::NoReason { figure }.into());
    }
    Ok(())
}

/// The day of people's affairs, by the clock on the wall.
pub(crate) fn today(house: &House) -> Date {
    let live = house.live();
    let offset = live
        .lake
        .base
        .as_ref()
        .map(|base| base.site.local_day(house.wall_us()).0);
    offset.unwrap_or_else(|| {
        let now = jiff::Timestamp::from_microsecond(house.wall_us()).unwrap_or_default();
        now.to_zoned(jiff::tz::TimeZone::UTC).date()
    })
}

/// Figures of a period as they are now.
fn figures(house: &House, period: Period) -> Result<Made, Problem> {
    let closings = &house.closings;
    let mut made = Made::default();
    match period {
        Period::Shift(day, begin) => {
            let live = house.live();
            let base = live.lake.base.as_ref();
            let span = base.and_then(|base| period::span_us(base, day, begin));
            let span = span.ok_or(ServerError::NoShift {
                closing: period.id(),
            })?;
            let told = shift::told(house, &live, span)?;
            (made.figures, made.uncovered) = (told.figures, told.uncovered);
        }
        Period::Day(_) | Period::Month(_) => {
            made.figures = book::figures(&closings.estimates, period.days())?;
            if let Some(plan) = &closings.plan {
                let beside = plan.put_beside(&mut made.figures, period.days());
                made.problems.extend(beside.err().map(Problem::from));
            }
            made.problems.extend(closings.plan_problem.clone());
        }
    }
    made.figures.retain(|figure| figure.value.is_finite());
    Ok(made)
}

/// Whether a draft says just this.
fn is_draft_of(closing: &Closing, period: Period, figures: &[Figure]) -> bool {
    let is_kept = |figure: &Figure| {
        let kept = closing.figure(&figure.id, period.days());
        kept.is_some_and(|kept| {
            let beside = (kept.deviation, kept.planned) == (figure.deviation, figure.planned);
            kept.is_same(figure.value) && beside
        })
    };
    closing.figures.len() == figures.len() && figures.iter().all(is_kept)
}

fn draft(period: Period, figures: &[Figure], on: Date) -> Result<Closing, AccountError> {
    let mut closing = Closing::default();
    for figure in figures {
        closing.record(figure, period.days(), on)?;
    }
    Ok(closing)
}

/// Makes drafts as they fall due, until the house is closed.
pub(crate) fn work(house: &Arc<House>) {
    let house = Arc::downgrade(house);
    let run = move || {
        let (mut last, mut night) = (None, None);
        loop {
            std::thread::sleep(LOOK);
            let Some(house) = house.upgrade() else {
                return;
            };
            let live = house.live();
            if let Some(base) = &live.lake.base {
                shifts(&house, &live, base, &mut last);
            }
            let found = house.nights().found.clone();
            let is_new = match (&found, &night) {
                (Some(found), Some(night)) => !Arc::ptr_eq(found, night),
                (found, None) => found.is_some(),
                (None, Some(_)) => false,
            };
            if let Some(found) = found.filter(|_| is_new) {
                days_and_months(&house, found.evening);
                night = Some(found);
            }
        }
    };
    // Without this thread drafts are not made, and everything else is there.
    let _ = std::thread::Builder::new()
        .name("closings".into())
        .spawn(run);
}

/// Drafts of the shifts that are over, whenever another one is.
fn shifts(house: &House, live: &Live, base: &Base, last: &mut Option<Period>) {
    let until_us = house.now_us() - AFTER_US;
    let ended = period::shifts_ended(base, until_us - BACK_DAYS * DAY_US, until_us);
    if ended.last() == last.as_ref() {
        return;
    }
    *last = ended.last().copied();
    for period in ended {
        if house.closings.shelf.has(period) || has_samples(house, live, base, period) {
            follow(house, period);
        }
    }
}

/// Whether any meter said anything in a shift: from before the first sample there is nothing to close.
fn has_samples(house: &House, live: &Live, base: &Base, period: Period) -> bool {
    let Period::Shift(day, begin) = period else {
        return false;
    };
    let Some(span) = period::span_us(base, day, begin) else {
        return false;
    };
    let told = shift::told(house, live, span).unwrap_or_default();
    let is_told = |figure: &Figure| figure.id.ends_with(".good") && figure.value > 0.0;
    told.figures.iter().any(is_told)
}

/// Drafts of the last days and months that a new night tells of.
fn days_and_months(house: &House, evening: Date) {
    let back = |days: i64| evening.saturating_sub(days.days());
    let days = (0..BACK_DAYS).rev().map(|days| Period::Day(back(days)));
    let this = Period::month_of(evening);
    let before = Period::month_of(evening.first_of_month().saturating_sub(1.day()));
    let is_due = |month: &Period| {
        let last = month.days().to;
        last <= evening && (evening - last).get_days() <= MONTH_BACK_DAYS
    };
    for period in days.chain([before, this].into_iter().filter(is_due)) {
        let is_there = house.closings.shelf.has(period);
        if is_there || figures(house, period).is_ok() {
            follow(house, period);
        }
    }
}

/// A draft is made, or made anew.
fn follow(house: &House, period: Period) {
    if let Err(problem) = look(house, period) {
        let (code, message) = (problem.code, &problem.message.en);
        tracing::warn!(closing = period.id(), code, message, "no closing");
    }
}
