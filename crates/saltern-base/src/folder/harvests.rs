//! `harvests.csv`: yearly campaigns.

use super::{Names, Optional, Reader};
use crate::error::BaseError;
use crate::ids::duplicates;
use crate::model::{Harvest, HarvestMethod};
use crate::sheet::Record;

pub(super) fn read(names: &Names, reader: &mut Reader<'_>) -> Vec<Harvest> {
    let Optional::Present(sheet) = reader.optional("harvests") else {
        return Vec::new();
    };
    reader.errors.extend(duplicates(sheet.ids("id").entries()));
    sheet
        .rows()
        .filter_map(|row| harvest(row, names, reader))
        .collect()
}

fn harvest(row: Record<'_>, names: &Names, reader: &mut Reader<'_>) -> Option<Harvest> {
    let errors = &mut reader.errors;
    let id = row.text("id", errors);
    let pond = row.reference("pond", &names.ponds, errors);
    let stockpile = stockpile(row, names, errors);
    let method = row.choice("method", errors);
    let start = row.month_day("start", errors);
    let days = row.count("days", errors);
    let leave = row.quantity("leave", errors);
    let entrainment = row.quantity("entrainment", errors);
    Some(Harvest {
        id: id?,
        pond: pond?,
        stockpile: stockpile?,
        method: if method? == "dry" {
            HarvestMethod::Dry
        } else {
            HarvestMethod::Dredge
        },
        start: start?,
        days: u32::try_from(days?).ok()?,
        leave_m: leave?,
        entrainment_kg_kg: entrainment?,
    })
}

/// A stockpile is a node of its own: salt can't be piled up in a pond, a source or an outlet.
fn stockpile(row: Record<'_>, names: &Names, errors: &mut Vec<BaseError>) -> Option<String> {
    let id = row.text("stockpile", errors)?;
    let nodes = [&names.ponds, &names.sources, &names.outlets, &names.plants];
    let taken = nodes
        .into_iter()
        .flat_map(|ids| ids.entries())
        .find(|(other, _)| *other == id);
    if let Some((_, first)) = taken {
        let first = Box::new(first.clone());
        errors.push(BaseError::DuplicateId {
            place: row.place_of("stockpile"),
            id: id.clone(),
            first,
        });
    }
    Some(id)
}
