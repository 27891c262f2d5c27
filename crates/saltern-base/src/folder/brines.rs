//! `brines.csv`: analyses by name, kept as they are written for the chemistry to resolve.

use super::{Names, Reader};
use crate::model::{Base, NamedBrine};
use crate::notice::Notice;
use crate::sheet::{Record, Sheet};

/// Component columns are the chemistry's to judge: it knows what its database holds.
pub(super) fn is_assay_column(_name: &str) -> bool {
    true
}

pub(super) fn read(sheet: &Sheet, reader: &mut Reader<'_>) -> Vec<NamedBrine> {
    sheet.rows().filter_map(|row| brine(row, reader)).collect()
}

fn brine(row: Record<'_>, reader: &mut Reader<'_>) -> Option<NamedBrine> {
    let id = row.text("id", &mut reader.errors);
    // Bounds of what every analysis may have are checked here, the rest by the chemistry.
    for name in ["temperature", "density"] {
        row.optional_quantity(name, &mut reader.errors);
    }
    Some(NamedBrine {
        id: id?,
        cells: assay(row, &["id"]),
        row: row.number(),
    })
}

/// Cells of a row as (header with unit, text), some columns left out.
pub(crate) fn assay(row: Record<'_>, leave_out: &[&str]) -> Vec<(String, String)> {
    row.filled()
        .filter(|(header, _)| !leave_out.contains(&header.name.as_str()))
        .map(|(header, cell)| (header.text(), cell.to_string()))
        .collect()
}

/// Brines that nothing uses.
pub(super) fn notices(base: &Base, names: &Names, reader: &mut Reader<'_>) {
    let steps = base.sources.iter().flat_map(|source| &source.schedule);
    let used: Vec<usize> = base
        .ponds
        .iter()
        .map(|pond| pond.opening.brine)
        .chain(steps.map(|step| step.brine))
        .collect();
    for (i, (id, place)) in names.brines.entries().iter().enumerate() {
        if !used.contains(&i) {
            reader.notices.push(Notice::at(
                "base.unused_brine",
                place.clone(),
                &[("id", id)],
            ));
        }
    }
}
