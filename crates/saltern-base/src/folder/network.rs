//! Sources, outlets and the links between them and the ponds.

use super::{Names, Optional, Reader};
use crate::error::BaseError;
use crate::ids::{Ids, duplicates};
use crate::model::{
    Base, End, GradeQuantity, Label, Link, Outlet, PlantNode, Rule, Source, SourceStep,
};
use crate::notice::Notice;
use crate::sheet::{Record, keep};
use jiff::civil::Date;
use saltern_units::place::Place;
use saltern_units::quantity;
use saltern_units::table::{Accepted, TableError};
use saltern_units::unit::Dimension;

mod ring;

pub(super) fn sources(sheet: &Optional, names: &Names, reader: &mut Reader<'_>) -> Vec<Source> {
    let Some(sheet) = sheet.sheet() else {
        return Vec::new();
    };
    let schedules = schedules(names, reader);
    let mut sources = Vec::new();
    for (i, row) in sheet.rows().enumerate() {
        let Some(id) = row.text("id", &mut reader.errors) else {
            continue;
        };
        let schedule = schedules.as_ref().and_then(|all| all.get(i)).cloned();
        if names.sources.are_known() && schedule.as_ref().is_some_and(Vec::is_empty) {
            reader.errors.push(BaseError::NoSteps {
                place: row.place_of("id"),
                id: id.clone(),
            });
        }
        sources.push(Source {
            name: row.label(&id),
            id,
            schedule: schedule.unwrap_or_default(),
        });
    }
    sources
}

/// Steps of each source, sorted by date; `None` if the table can't be read as a whole.
fn schedules(names: &Names, reader: &mut Reader<'_>) -> Option<Vec<Vec<SourceStep>>> {
    let sheet = reader.required("source_schedule", |_| false)?;
    let mut broken = vec![false; names.sources.entries().len()];
    let mut all: Vec<Vec<(usize, SourceStep)>> = broken.iter().map(|_| Vec::new()).collect();
    for row in sheet.rows() {
        let source = row.reference("source", &names.sources, &mut reader.errors);
        let step = step(row, names, &mut reader.errors);
        let Some(source) = source else { continue };
        match step {
            Some(step) => {
                refuse_same_day(
                    &all[source],
                    row,
                    &step,
                    &names.sources.names()[source],
                    reader,
                );
                all[source].push((row.number(), step));
            }
            None => broken[source] = true,
        }
    }
    all.iter_mut()
        .for_each(|steps| steps.sort_by_key(|(_, step)| step.from));
    let complete = !broken.contains(&true);
    complete.then(|| {
        all.into_iter()
            .map(|steps| steps.into_iter().map(|(_, step)| step).collect())
            .collect()
    })
}

fn step(row: Record<'_>, names: &Names, errors: &mut Vec<BaseError>) -> Option<SourceStep> {
    let from: Option<Option<Date>> = row.optional_date("from", errors);
    let rate = row.quantity("rate", errors);
    let brine = row.reference("brine", &names.brines, errors);
    let temperature = row.optional_quantity("temperature", errors);
    Some(SourceStep {
        from: from?,
        rate_m3_s: rate?,
        brine: brine?,
        temperature_k: temperature?,
    })
}

fn refuse_same_day(
    earlier: &[(usize, SourceStep)],
    row: Record<'_>,
    step: &SourceStep,
    id: &str,
    reader: &mut Reader<'_>,
) {
    if let Some((first_row, _)) = earlier.iter().find(|(_, other)| other.from == step.from) {
        reader.errors.push(BaseError::SameDate {
            place: row.place_of("from"),
            id: id.into(),
            first_row: *first_row,
        });
    }
}

pub(super) fn outlets(sheet: &Optional, reader: &mut Reader<'_>) -> Vec<Outlet> {
    let rows = sheet.sheet().into_iter().flat_map(|sheet| sheet.rows());
    let outlet = |row: Record<'_>| {
        let id = row.text("id", &mut reader.errors)?;
        let name: Label = row.label(&id);
        Some(Outlet { id, name })
    };
    rows.filter_map(outlet).collect()
}

pub(super) fn links(names: &Names, reader: &mut Reader<'_>) -> Vec<Link> {
    let Optional::Present(sheet) = reader.optional("links") else {
        return Vec::new();
    };
    reader.errors.extend(duplicates(sheet.ids("id").entries()));
    let mut links = Vec::new();
    let mut places = Vec::new();
    for row in sheet.rows() {
        if let Some(link) = link(row, names, &mut reader.errors) {
            links.push(link);
            places.push(row.place());
        }
    }
    ring::refuse(&links, &places, &names.ponds.names(), reader);
    links
}

fn link(row: Record<'_>, names: &Names, errors: &mut Vec<BaseError>) -> Option<Link> {
    let id = row.text("id", errors);
    let from = end(row, "from", names, errors);
    let to = end(row, "to", names, errors);
    let rule = rule(row, errors);
    let capacity = capacity(row, rule.as_ref(), errors);
    let season = season(row, errors);
    let link = Link {
        id: id?,
        from: from?,
        to: to?,
        capacity_m3_s: capacity?,
        rule: rule?,
        season: season?,
    };
    if link.from == link.to {
        let id = row.given("from").map_or("", |cell| cell.raw()).to_string();
        errors.push(BaseError::LinkToItself {
            place: row.place(),
            id,
        });
        return None;
    }
    check_ends(&link, row, names, errors);
    Some(link)
}

/// How an index becomes an end.
type MakeEnd = fn(usize) -> End;

/// What an id in `from` or `to` stands for.
fn end(row: Record<'_>, name: &str, names: &Names, errors: &mut Vec<BaseError>) -> Option<End> {
    let id = row.text(name, errors)?;
    let place = row.place_of(name);
    let kinds: [(&Ids, MakeEnd); 3] = [
        (&names.ponds, End::Pond),
        (&names.sources, End::Source),
        (&names.outlets, End::Outlet),
    ];
    let found = kinds
        .iter()
        .find_map(|(ids, make)| ids.index(&id, &place).ok().map(make));
    if found.is_none() && kinds.iter().all(|(ids, _)| ids.are_known()) {
        let known = kinds.iter().flat_map(|(ids, _)| ids.names()).collect();
        errors.push(BaseError::UnknownId { place, id, known });
    }
    found
}

/// Brine flows from sources and ponds to ponds and outlets; some rules need a pond at one end.
fn check_ends(link: &Link, row: Record<'_>, names: &Names, errors: &mut Vec<BaseError>) {
    let (ponds, sources, outlets) = (
        names.ponds.names(),
        names.sources.names(),
        names.outlets.names(),
    );
    let measured_upstream = matches!(link.rule, Rule::Overflow | Rule::Grade { .. });
    let bad_from = match link.from {
        End::Outlet(_) => Some([ponds.clone(), sources].concat()),
        End::Source(_) if measured_upstream => Some(ponds.clone()),
        _ => None,
    };
    let bad_to = match link.to {
        End::Source(_) => Some([ponds.clone(), outlets].concat()),
        End::Outlet(_) if link.rule == Rule::KeepLevel => Some(ponds),
        _ => None,
    };
    for (name, known) in [("from", bad_from), ("to", bad_to)] {
        if let Some(known) = known {
            let id = row.given(name).map_or("", |cell| cell.raw()).to_string();
            errors.push(BaseError::LinkEnd {
                place: row.place_of(name),
                id,
                known,
            });
        }
    }
}

fn rule(row: Record<'_>, errors: &mut Vec<BaseError>) -> Option<Rule> {
    match row.choice("rule", errors)? {
        "overflow" => Some(Rule::Overflow),
        "constant" => Some(Rule::Constant),
        "keep_level" => Some(Rule::KeepLevel),
        _ => grade(row, errors),
    }
}

fn grade(row: Record<'_>, errors: &mut Vec<BaseError>) -> Option<Rule> {
    let required = |name: &str, errors: &mut Vec<BaseError>| match row.given(name) {
        Some(cell) => Some(cell.raw()),
        None => row.blank(name, Accepted::Text, errors),
    };
    let quantity = required("grade_quantity", errors).map(grade_quantity);
    let side = row.choice("grade_side", errors);
    let limit = required("grade_limit", errors);
    let (quantity, limit) = (quantity?, limit?);
    let dimension = match quantity {
        GradeQuantity::Density => Dimension::Density,
        GradeQuantity::WaterActivity => Dimension::Fraction,
        GradeQuantity::Element(_) => Dimension::Concentration,
    };
    let place = row.place_of("grade_limit");
    let limit = quantity::parse(limit, dimension)
        .map_err(|error| TableError::Unit {
            place: place.clone(),
            error: Box::new(error),
        })
        .and_then(|value| refuse_negative(value, limit, &place));
    Some(Rule::Grade {
        quantity,
        above: side? == "above",
        limit: keep(limit, errors)?,
    })
}

fn refuse_negative(value: f64, written: &str, place: &Place) -> Result<f64, TableError> {
    if value < 0.0 {
        return Err(TableError::Negative {
            place: place.clone(),
            value: written.into(),
        });
    }
    Ok(value)
}

fn grade_quantity(text: &str) -> GradeQuantity {
    match text {
        "density" => GradeQuantity::Density,
        "water_activity" => GradeQuantity::WaterActivity,
        element => GradeQuantity::Element(element.into()),
    }
}

/// Only an overflow may be as large as it likes.
fn capacity(row: Record<'_>, rule: Option<&Rule>, errors: &mut Vec<BaseError>) -> Option<f64> {
    match row.optional_quantity("capacity", errors)? {
        Some(capacity) => Some(capacity),
        None if rule.is_none_or(|rule| *rule == Rule::Overflow) => Some(f64::INFINITY),
        None => row.blank("capacity", Accepted::Number, errors),
    }
}

pub(super) type Season = Option<((i8, i8), (i8, i8))>;

/// Both days or none.
pub(super) fn season(row: Record<'_>, errors: &mut Vec<BaseError>) -> Option<Season> {
    if row.given("season_from").is_none() && row.given("season_to").is_none() {
        return Some(None);
    }
    let day = |name: &str, errors: &mut Vec<BaseError>| match row.given(name) {
        Some(_) => row.month_day(name, errors),
        None => row.blank(name, Accepted::Date, errors),
    };
    let from = day("season_from", errors);
    let to = day("season_to", errors);
    Some(Some((from?, to?)))
}

/// Ponds and sources that nothing is linked to, and rings that rules may or may not open.
pub(super) fn notices(base: &Base, names: &Names, reader: &mut Reader<'_>) {
    if base.links.is_empty() {
        reader.notices.push(Notice::new("base.no_links", &[]));
        return;
    }
    let linked = |end: End| {
        base.links
            .iter()
            .any(|link| link.from == end || link.to == end)
    };
    for (i, (id, place)) in names.ponds.entries().iter().enumerate() {
        if !linked(End::Pond(i)) {
            reader.notices.push(Notice::at(
                "base.unlinked_pond",
                place.clone(),
                &[("id", id)],
            ));
        }
    }
    for (i, (id, place)) in names.sources.entries().iter().enumerate() {
        let joined = base.plants.iter().flat_map(|plant| &plant.streams);
        let mut joined = joined.map(|stream| stream.node);
        if !linked(End::Source(i)) && !joined.any(|n| n == PlantNode::Source(i)) {
            reader.notices.push(Notice::at(
                "base.unused_source",
                place.clone(),
                &[("id", id)],
            ));
        }
    }
    ring::notice(base, reader);
}
