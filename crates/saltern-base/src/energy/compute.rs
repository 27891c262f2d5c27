//! Halls of computers and their jobs, a table each.

use super::read::{Reader, identity, moment_of};
use super::units::{Around, amount, each};
use super::{Hall, HallLimit, Job, JobClass, JobKind, Pue, Window};
use crate::error::BaseError;
use crate::sheet::{Record, Sheet};
use saltern_units::table::Accepted;

pub(super) fn halls(
    sheet: Option<Sheet>,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Vec<Hall> {
    let curves = curves(reader);
    each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let who = identity(&row, errors);
        let node = around.node(&row, "node", errors);
        let power = row.quantity("power", errors);
        let constant = row.plain_number("pue", errors);
        let cost = row.quantity("cost", errors);
        let who = who?;
        let curve: Vec<(f64, f64)> = curves
            .iter()
            .filter(|(hall, ..)| *hall == who.id)
            .map(|(_, temperature, pue)| (*temperature, *pue))
            .collect();
        let pue = match (curve.is_empty(), row.given("pue")) {
            (true, _) => Pue::Constant(constant?),
            (false, None) => Pue::ByTemperature(curve),
            (false, Some(_)) => {
                errors.push(BaseError::OneOf {
                    place: row.place_of("pue"),
                    entries: ["pue", "hall_pue.csv"],
                });
                return None;
            }
        };
        Some(Hall {
            who,
            node: node?,
            power_w: power?,
            pue,
            cost: cost?,
        })
    })
}

/// Points of all curves: hall, K, PUE; temperatures of a hall rise.
fn curves(reader: &mut Reader<'_>) -> Vec<(String, f64, f64)> {
    let sheet = reader.sheet("hall_pue");
    let mut points: Vec<(String, f64, f64)> = Vec::new();
    let Some(sheet) = sheet else { return points };
    for row in sheet.rows() {
        let errors = &mut reader.errors;
        let hall = row.text("hall", errors);
        let temperature = row.quantity("temperature", errors);
        let pue = row.plain_number("pue", errors);
        let (Some(hall), Some(temperature), Some(pue)) = (hall, temperature, pue) else {
            continue;
        };
        let before = points.iter().rev().find(|(other, ..)| *other == hall);
        if let Some((_, t, _)) = before.filter(|(_, t, _)| *t >= temperature) {
            errors.push(BaseError::NotRising {
                place: row.place_of("temperature"),
                value: (temperature - 273.15).to_string(),
                before: (t - 273.15).to_string(),
            });
        }
        points.push((hall, temperature, pue));
    }
    points
}

pub(super) fn classes(
    sheet: Option<Sheet>,
    halls: &[Hall],
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Vec<JobClass> {
    let traced = (reader.files)("jobs.csv").is_some();
    each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let who = identity(&row, errors);
        let kind = match row.choice("kind", errors)? {
            "interactive" => JobKind::Interactive,
            "deferrable" => JobKind::Deferrable,
            _ => JobKind::Interruptible,
        };
        let serving = serving(&row, halls, errors);
        let deadline = deadline(&row, kind, errors);
        let stop_price = row.quantity("stop_price", errors);
        let drop_price = row.optional_quantity("drop_price", errors);
        // A class without arrivals of its own has those of the trace.
        let of_trace = traced && row.given("power").is_none() && row.given("profile").is_none();
        let (power_w, profile) = if of_trace {
            (Some(0.0), None)
        } else {
            amount(&row, around, reader)?
        };
        Some(JobClass {
            who: who?,
            kind,
            halls: serving?,
            deadline_s: deadline?,
            power_w,
            profile,
            stop_price: stop_price?,
            drop_price: drop_price?,
        })
    })
}

fn serving(row: &Record<'_>, halls: &[Hall], errors: &mut Vec<BaseError>) -> Option<Vec<usize>> {
    let text = row.text("halls", errors)?;
    let find = |id: &str| {
        let found = halls.iter().position(|hall| hall.who.id == id);
        if found.is_none() {
            errors.push(BaseError::UnknownId {
                place: row.place_of("halls"),
                id: id.into(),
                known: halls.iter().map(|hall| hall.who.id.clone()).collect(),
            });
        }
        found
    };
    text.split(';').map(str::trim).map(find).collect()
}

/// The deadline that all but interactive classes have.
fn deadline(row: &Record<'_>, kind: JobKind, errors: &mut Vec<BaseError>) -> Option<f64> {
    let given = row.optional_quantity("deadline", errors)?;
    match (kind, given) {
        (JobKind::Interactive, None) => Some(0.0),
        (JobKind::Interactive, Some(_)) => {
            errors.push(BaseError::WrongType {
                place: row.place_of("deadline"),
                value: row
                    .given("deadline")
                    .map_or_else(String::new, |cell| cell.raw().into()),
                accepted: "interactive: –".into(),
            });
            None
        }
        (_, Some(deadline)) => Some(deadline),
        (_, None) => row.blank("deadline", Accepted::Number, errors),
    }
}

/// Limits of flexible work; rows of other times than the period's are kept, and bind nothing.
pub(super) fn limits(halls: &[Hall], reader: &mut Reader<'_>) -> Vec<HallLimit> {
    let sheet = reader.sheet("hall_limits");
    each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let id = row.text("hall", errors)?;
        let from = moment_of(&row, "from", errors);
        let to = moment_of(&row, "to", errors);
        let flexible = row.quantity("flexible", errors);
        let Some(hall) = halls.iter().position(|hall| hall.who.id == id) else {
            errors.push(BaseError::UnknownId {
                place: row.place_of("hall"),
                id,
                known: halls.iter().map(|hall| hall.who.id.clone()).collect(),
            });
            return None;
        };
        let (from, to) = (from?, to?);
        if to <= from {
            errors.push(BaseError::WrongType {
                place: row.place_of("to"),
                value: super::read::written(to),
                accepted: "from < to".into(),
            });
            return None;
        }
        Some(HallLimit {
            hall,
            from,
            to,
            flexible_w: flexible?,
            place: row.place(),
        })
    })
}

pub(super) fn jobs(classes: &[JobClass], window: &Window, reader: &mut Reader<'_>) -> Vec<Job> {
    let sheet = reader.sheet("jobs");
    each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let id = row.text("id", errors);
        let class = row.text("class", errors)?;
        let arrives = moment_of(&row, "arrives", errors);
        let energy = row.quantity("energy", errors);
        let deadline = row.optional_quantity("deadline", errors);
        let Some(index) = classes.iter().position(|c| c.who.id == class) else {
            errors.push(BaseError::UnknownId {
                place: row.place_of("class"),
                id: class,
                known: classes.iter().map(|c| c.who.id.clone()).collect(),
            });
            return None;
        };
        let arrives = arrives?;
        let Some(step) = window.step_of(arrives) else {
            errors.push(BaseError::DateOutside {
                place: row.place_of("arrives"),
                date: arrives.date(),
                from: window.start.date(),
                to: window.moment(window.steps.saturating_sub(1)).date(),
            });
            return None;
        };
        let deadline_s = match (deadline?, classes[index].kind) {
            (_, JobKind::Interactive) => 0.0,
            (Some(own), _) => own,
            (None, _) => classes[index].deadline_s,
        };
        Some(Job {
            id: id?,
            class: index,
            step,
            energy_j: energy?,
            deadline_s,
            place: row.place(),
        })
    })
}
