//! Reads the tables of alarms and of calculated tags.

use super::read::{Reader, choice_or, given, identity, number, rows};
use super::{Alarm, AlarmKind, Calculated, Priority, Source, Tag};
use crate::error::BaseError;
use crate::ids::Ids;
use crate::model::Label;
use crate::sheet::Record;
use saltern_units::formula::Formula;
use saltern_units::table::Accepted;

/// Index of the tag that a cell names. Rows of tags that are broken are not in the list; their own error stands already.
fn tag_of(
    row: &Record<'_>,
    name: &str,
    tags: &[Tag],
    ids: &Ids,
    errors: &mut Vec<BaseError>,
) -> Option<usize> {
    let index = row.reference(name, ids, errors)?;
    let id = &ids.entries().get(index)?.0;
    tags.iter().position(|tag| tag.who.id == *id)
}

/// A formula in a cell.
fn formula(row: &Record<'_>, name: &str, errors: &mut Vec<BaseError>) -> Option<Formula> {
    let text = row.text(name, errors)?;
    let read = Formula::read_with_conditions(&text);
    let read = read.map_err(|error| BaseError::Formula {
        place: row.place_of(name),
        error,
    });
    crate::sheet::keep(read, errors)
}

/// A text in both languages that must be there.
fn both(row: &Record<'_>, name: [&str; 2], errors: &mut Vec<BaseError>) -> Option<Label> {
    let en = row.text(name[0], errors);
    let zh = row.text(name[1], errors);
    Some(Label { en: en?, zh: zh? })
}

pub(super) fn alarms(tags: &[Tag], tag_ids: &Ids, reader: &mut Reader<'_>) -> Vec<Alarm> {
    let sheet = reader.sheet("alarms");
    reader.ids(sheet.as_ref(), "alarms.csv");
    rows(sheet.as_ref(), reader, |row, errors| {
        alarm(&row, tags, tag_ids, errors)
    })
}

fn alarm(
    row: &Record<'_>,
    tags: &[Tag],
    tag_ids: &Ids,
    errors: &mut Vec<BaseError>,
) -> Option<Alarm> {
    let who = identity(row, errors);
    let tag = tag_of(row, "tag", tags, tag_ids, errors);
    let word = row.choice("kind", errors);
    let kind = word.and_then(|word| {
        let found = AlarmKind::ALL.iter().find(|(_, name)| *name == word);
        found.map(|(kind, _)| *kind)
    });
    let figures = kind.and_then(|kind| figures(row, kind, errors));
    let reference = match kind {
        Some(AlarmKind::Deviation) => reference(row, tag, tags, tag_ids, errors).map(Some),
        _ => Some(None),
    };
    let deadband = row.plain_number("deadband", errors);
    let on_delay_s = row.quantity("on_delay", errors);
    let off_delay_s = row.quantity("off_delay", errors);
    let realarm_s = row.optional_quantity("realarm", errors);
    let latching = choice_or(row, "latching", "no", errors);
    let confirm = choice_or(row, "confirm", "no", errors);
    let priority = choice_or(row, "priority", "medium", errors);
    let shelve_max_s = row.quantity("shelve_max", errors);
    let suppress_when = match row.given("suppress_when") {
        Some(_) => formula(row, "suppress_when", errors).map(Some),
        None => Some(None),
    };
    let cause = both(row, ["cause", "cause_zh"], errors);
    let consequence = both(row, ["consequence", "consequence_zh"], errors);
    let action = both(row, ["action", "action_zh"], errors);
    let (limit, window_s) = figures?;
    let priority = priority?;
    Some(Alarm {
        who: who?,
        tag: tag?,
        kind: kind?,
        limit,
        reference: reference?,
        window_s,
        deadband: deadband?,
        on_delay_s: on_delay_s?,
        off_delay_s: off_delay_s?,
        realarm_s: realarm_s?,
        latching: latching? == "yes",
        confirm: confirm? == "yes",
        priority: Priority::ALL
            .iter()
            .find(|(_, name)| *name == priority)
            .map_or(Priority::Medium, |(priority, _)| *priority),
        class: given(row, "class"),
        group: given(row, "group"),
        shelve_max_s: shelve_max_s?,
        suppress_when: suppress_when?,
        cause: cause?,
        consequence: consequence?,
        action: action?,
        source: given(row, "source"),
    })
}

/// Limit and window, for the kinds that have them.
fn figures(row: &Record<'_>, kind: AlarmKind, errors: &mut Vec<BaseError>) -> Option<(f64, f64)> {
    let limit = match (kind.has_limit(), number(row, "limit", errors)?) {
        (true, Some(limit)) => Some(limit),
        (true, None) => row.blank("limit", Accepted::Number, errors),
        (false, _) => Some(f64::NAN),
    };
    let window = row.optional_quantity("window", errors)?;
    let window = match (kind, window) {
        (AlarmKind::Rate | AlarmKind::Stale, None) => row.blank("window", Accepted::Number, errors),
        (AlarmKind::Rate | AlarmKind::Stale, Some(window)) => Some(window),
        _ => Some(0.0),
    };
    Some((limit?, window?))
}

/// The tag that a deviation is from, which has the same unit.
fn reference(
    row: &Record<'_>,
    tag: Option<usize>,
    tags: &[Tag],
    tag_ids: &Ids,
    errors: &mut Vec<BaseError>,
) -> Option<usize> {
    let reference = tag_of(row, "reference", tags, tag_ids, errors)?;
    let (own, other) = (&tags[tag?], &tags[reference]);
    if own.unit == other.unit {
        return Some(reference);
    }
    errors.push(BaseError::OtherUnit {
        place: row.place_of("reference"),
        id: other.who.id.clone(),
        unit: other.unit.symbol,
        accepted: own.unit.symbol,
    });
    None
}

pub(super) fn calculated(tags: &[Tag], tag_ids: &Ids, reader: &mut Reader<'_>) -> Vec<Calculated> {
    let sheet = reader.sheet("calculated");
    let mut first: Vec<(usize, usize)> = Vec::new();
    let found = rows(sheet.as_ref(), reader, |row, errors| {
        let tag = tag_of(&row, "tag", tags, tag_ids, errors);
        let formula = formula(&row, "expression", errors);
        let tag = tag?;
        if let Some((_, row_of_first)) = first.iter().find(|(other, _)| *other == tag) {
            errors.push(BaseError::DuplicateId {
                place: row.place_of("tag"),
                id: tags[tag].who.id.clone(),
                first: Box::new(saltern_units::place::Place::row(
                    "calculated.csv",
                    *row_of_first,
                )),
            });
        }
        first.push((tag, row.number()));
        if tags[tag].source != Source::Calculated {
            errors.push(BaseError::NotCalculated {
                place: row.place_of("tag"),
                id: tags[tag].who.id.clone(),
                source: tags[tag].source.text(),
            });
        }
        Some(Calculated {
            tag,
            formula: formula?,
            place: row.place_of("expression"),
        })
    });
    for (i, tag) in tags.iter().enumerate() {
        if tag.source == Source::Calculated && !first.iter().any(|(tag, _)| *tag == i) {
            reader.errors.push(BaseError::NoFormula {
                place: tag.who.place.clone(),
                id: tag.who.id.clone(),
            });
        }
    }
    found
}
