//! `--schedule`: flows and harvests that people set, instead of rules.

use crate::error::BaseError;
use crate::ids::Ids;
use crate::model::{Base, Schedule, ScheduledFlow, ScheduledHarvest};
use crate::sheet::{self, Record};
use jiff::civil::Date;
use saltern_units::place::Place;
use saltern_units::table::Accepted;

/// Reads a schedule table, one decision a row: `action` (flow or harvest), `id` of a link or a
/// harvest, `from`, and `to` and `flow [m3/h]` for flows, `days` for harvests. `period` is the first
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
        return Err(errors);
    };
    let links = ids(base.links.iter().map(|link| &link.id));
    let harvests = ids(base.harvests.iter().map(|harvest| &harvest.id));
    let mut flow_rows = Vec::new();
    for row in sheet.rows() {
        match row.choice("action", &mut errors) {
            Some("flow") => {
                if let Some(flow) = flow(row, &links, period, &mut errors) {
                    refuse_overlap(&schedule.flows, &flow_rows, &flow, row, base, &mut errors);
                    schedule.flows.push(flow);
                    flow_rows.push(row.number());
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
    let from = day(row, "from", row.date("from", errors), period, errors);
    let to = match row.given("to") {
        Some(_) => day(row, "to", row.date("to", errors), period, errors),
        None => from,
    };
    let flow = match row.optional_quantity("flow", errors) {
        Some(None) => row.blank("flow", Accepted::Number, errors),
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
    Some(ScheduledFlow {
        link: link?,
        from,
        to,
        flow_m3_s: flow?,
    })
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
    Some(ScheduledHarvest {
        harvest: harvest?,
        from: from?,
        days: u32::try_from(days?).ok()?,
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

/// Two rows must not set one link on one day.
fn refuse_overlap(
    earlier: &[ScheduledFlow],
    rows: &[usize],
    flow: &ScheduledFlow,
    row: Record<'_>,
    base: &Base,
    errors: &mut Vec<BaseError>,
) {
    let overlaps = |other: &ScheduledFlow| {
        other.link == flow.link && other.from <= flow.to && flow.from <= other.to
    };
    if let Some(i) = earlier.iter().position(overlaps) {
        let id = base.links[flow.link].id.clone();
        errors.push(BaseError::SameDate {
            place: row.place_of("from"),
            id,
            first_row: rows[i],
        });
    }
}

#[cfg(test)]
mod tests;
