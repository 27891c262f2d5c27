//! `--schedule`: flows, harvests and loads of plants that people set, instead of rules.

mod shift;

pub use shift::{Shift, Unmoved, shift};

use crate::error::BaseError;
use crate::frame::{Column, Frame};
use crate::ids::Ids;
use crate::model::{Base, Schedule, ScheduledFlow, ScheduledHarvest, ScheduledLoad};
use crate::sheet::{self, Record};
use jiff::civil::Date;
use saltern_units::place::Place;
use saltern_units::table::{Accepted, TableError};

/// Reads a schedule table, one decision a row: `action` (flow, harvest or plant), `id` of a link, a
/// harvest or a plant, `from`, and `to` and `flow [m3/h]` for flows, `days` and, if it is set, `rate [t/d]` for harvests, `to` and
/// `load [%]` for plants. `period` is the first
/// and last day that is simulated; decisions outside it would never be carried out and are refused.
pub fn read(
    file: &str,
    text: &str,
    base: &Base,
    period: (Date, Date),
) -> Result<Schedule, Vec<BaseError>> {
    let mut errors = Vec::new();
    let mut schedule = Schedule::default();
    let Some(sheet) = sheet::open(file, text, "schedule", |_| false, &mut errors) else {
        // A plan that leaves all to the rules of the base has a schedule without rows.
        let no_rows = TableError::NoRows {
            place: Place::file(file),
        };
        return match errors == [BaseError::Table(no_rows)] {
            true => Ok(schedule),
            false => Err(errors),
        };
    };
    let links = ids(base.links.iter().map(|link| &link.id));
    let harvests = ids(base.harvests.iter().map(|harvest| &harvest.id));
    let plants = ids(base.plants.iter().map(|plant| &plant.id));
    let mut flow_rows = Vec::new();
    let mut load_rows = Vec::new();
    for row in sheet.rows() {
        match row.choice("action", &mut errors) {
            Some("flow") => {
                if let Some(flow) = flow(row, &links, period, &mut errors) {
                    let of = |f: &ScheduledFlow| (f.link, f.from, f.to);
                    let id = &base.links[flow.link].id;
                    let earlier = schedule.flows.iter().map(of);
                    refuse_overlap(earlier, &flow_rows, of(&flow), row, id, &mut errors);
                    schedule.flows.push(flow);
                    flow_rows.push(row.number());
                }
            }
            Some("plant") => {
                if let Some(load) = load(row, &plants, period, &mut errors) {
                    let of = |l: &ScheduledLoad| (l.plant, l.from, l.to);
                    let id = &base.plants[load.plant].id;
                    let earlier = schedule.loads.iter().map(of);
                    refuse_overlap(earlier, &load_rows, of(&load), row, id, &mut errors);
                    schedule.loads.push(load);
                    load_rows.push(row.number());
                }
            }
            Some(_) => schedule
                .harvests
                .extend(harvest(row, &harvests, period, &mut errors)),
            None => {}
        }
    }
    if errors.is_empty() {
        Ok(schedule)
    } else {
        Err(errors)
    }
}

/// A schedule as the table that [`read`] reads, its rows by first day.
pub fn frame(schedule: &Schedule, base: &Base) -> Frame {
    let mut rows: Vec<Row<'_>> = Vec::new();
    rows.extend(schedule.flows.iter().map(|flow| Row {
        flow_m3_h: flow.flow_m3_s * 3600.0,
        to: Some(flow.to),
        ..Row::new("flow", &base.links[flow.link].id, flow.from)
    }));
    rows.extend(schedule.harvests.iter().map(|harvest| Row {
        days: f64::from(harvest.days),
        rate_t_d: harvest.rate_kg_s.map_or(f64::NAN, |kg_s| kg_s * 86.4),
        ..Row::new("harvest", &base.harvests[harvest.harvest].id, harvest.from)
    }));
    rows.extend(schedule.loads.iter().map(|load| Row {
        load_percent: load.load * 100.0,
        to: Some(load.to),
        ..Row::new("plant", &base.plants[load.plant].id, load.from)
    }));
    rows.sort_by_key(|row| row.from);
    let last = |row: &Row<'_>| row.to.map_or_else(String::new, |day| day.to_string());
    let columns = vec![
        Column::texts("action", rows.iter().map(|row| row.action.to_string())),
        Column::texts("id", rows.iter().map(|row| row.id.to_string())),
        Column::dates("from", rows.iter().map(|row| row.from)),
        Column::texts("to", rows.iter().map(last)),
        Column::numbers("flow", "m3/h", rows.iter().map(|row| row.flow_m3_h)),
        Column::numbers("load", "%", rows.iter().map(|row| row.load_percent)),
        Column::numbers("days", "", rows.iter().map(|row| row.days)),
        Column::numbers("rate", "t/d", rows.iter().map(|row| row.rate_t_d)),
    ];
    Frame::new("schedule", columns)
}

/// A row of a schedule; numbers that it has not are NaN.
struct Row<'a> {
    action: &'static str,
    id: &'a str,
    from: Date,
    to: Option<Date>,
    flow_m3_h: f64,
    load_percent: f64,
    days: f64,
    rate_t_d: f64,
}

impl<'a> Row<'a> {
    fn new(action: &'static str, id: &'a str, from: Date) -> Row<'a> {
        Row {
            action,
            id,
            from,
            to: None,
            flow_m3_h: f64::NAN,
            load_percent: f64::NAN,
            days: f64::NAN,
            rate_t_d: f64::NAN,
        }
    }
}

fn ids<'a>(names: impl Iterator<Item = &'a String>) -> Ids {
    Ids::known(names.map(|id| (id.clone(), Place::default())).collect())
}

fn flow(
    row: Record<'_>,
    links: &Ids,
    period: (Date, Date),
    errors: &mut Vec<BaseError>,
) -> Option<ScheduledFlow> {
    let link = row.reference("id", links, errors);
    let (from, to, flow_m3_s) = over_days(row, "flow", period, errors)?;
    Some(ScheduledFlow {
        link: link?,
        from,
        to,
        flow_m3_s,
    })
}

fn load(
    row: Record<'_>,
    plants: &Ids,
    period: (Date, Date),
    errors: &mut Vec<BaseError>,
) -> Option<ScheduledLoad> {
    let plant = row.reference("id", plants, errors);
    let (from, to, load) = over_days(row, "load", period, errors)?;
    Some(ScheduledLoad {
        plant: plant?,
        from,
        to,
        load,
    })
}

/// First day, last day and the quantity that holds on them.
fn over_days(
    row: Record<'_>,
    name: &str,
    period: (Date, Date),
    errors: &mut Vec<BaseError>,
) -> Option<(Date, Date, f64)> {
    let from = day(row, "from", row.date("from", errors), period, errors);
    let to = match row.given("to") {
        Some(_) => day(row, "to", row.date("to", errors), period, errors),
        None => from,
    };
    let value = match row.optional_quantity(name, errors) {
        Some(None) => row.blank(name, Accepted::Number, errors),
        other => other.flatten(),
    };
    let (from, to) = (from?, to?);
    if to < from {
        errors.push(BaseError::DatesReversed {
            place: row.place_of("to"),
            from,
            to,
        });
    }
    Some((from, to, value?))
}

fn harvest(
    row: Record<'_>,
    harvests: &Ids,
    period: (Date, Date),
    errors: &mut Vec<BaseError>,
) -> Option<ScheduledHarvest> {
    let harvest = row.reference("id", harvests, errors);
    let from = day(row, "from", row.date("from", errors), period, errors);
    let days = row.count("days", errors);
    let rate = row.optional_quantity("rate", errors);
    Some(ScheduledHarvest {
        harvest: harvest?,
        from: from?,
        days: u32::try_from(days?).ok()?,
        rate_kg_s: rate?,
    })
}

/// A day inside the period.
fn day(
    row: Record<'_>,
    name: &str,
    date: Option<Date>,
    (from, to): (Date, Date),
    errors: &mut Vec<BaseError>,
) -> Option<Date> {
    let date = date?;
    if (from..=to).contains(&date) {
        return Some(date);
    }
    errors.push(BaseError::DateOutside {
        place: row.place_of(name),
        date,
        from,
        to,
    });
    None
}

/// Two rows must not set one thing on one day.
fn refuse_overlap(
    mut earlier: impl Iterator<Item = (usize, Date, Date)>,
    rows: &[usize],
    (index, from, to): (usize, Date, Date),
    row: Record<'_>,
    id: &str,
    errors: &mut Vec<BaseError>,
) {
    let overlaps =
        |other: (usize, Date, Date)| other.0 == index && other.1 <= to && from <= other.2;
    if let Some(i) = earlier.position(overlaps) {
        errors.push(BaseError::SameDate {
            place: row.place_of("from"),
            id: id.into(),
            first_row: rows[i],
        });
    }
}

#[cfg(test)]
mod tests;
