//! `--state`: levels, temperatures, assays and floors that a simulation starts from.

use crate::error::BaseError;
use crate::folder::assay;
use crate::ids::{Ids, duplicates};
use crate::model::{Base, PondState, State};
use crate::sheet::{self, Record, keep};
use saltern_units::place::Place;
use saltern_units::unit::Dimension;

/// Columns such as `floor Halite [m]`.
pub(crate) const FLOOR: &str = "floor ";

/// Reads a state table: `pond`, `depth [m]`, `temperature [degC]`, assay columns as in
/// `brines.csv`, and `floor MINERAL [m]` where salt lies on the floor.
pub fn read(file: &str, text: &str, base: &Base) -> Result<State, Vec<BaseError>> {
    let mut errors = Vec::new();
    let ponds = state(file, text, base, &mut errors);
    if errors.is_empty() {
        Ok(State { ponds })
    } else {
        Err(errors)
    }
}

fn state(file: &str, text: &str, base: &Base, errors: &mut Vec<BaseError>) -> Vec<PondState> {
    let Some(sheet) = sheet::open(file, text, "state", |_| true, errors) else {
        return Vec::new();
    };
    let ids = Ids::known(
        base.ponds
            .iter()
            .map(|pond| (pond.id.clone(), Place::default()))
            .collect(),
    );
    errors.extend(duplicates(sheet.ids("pond").entries()));
    sheet
        .rows()
        .filter_map(|row| pond_state(row, &ids, errors))
        .collect()
}

fn pond_state(row: Record<'_>, ids: &Ids, errors: &mut Vec<BaseError>) -> Option<PondState> {
    let pond = row.reference("pond", ids, errors);
    let depth = row.quantity("depth", errors);
    let temperature = row.quantity("temperature", errors);
    let floor = floor(row, errors);
    let mut assay = assay(row, &["pond", "depth"]);
    assay.retain(|(header, _)| !header.starts_with(FLOOR));
    Some(PondState {
        pond: pond?,
        depth_m: depth?,
        temperature_k: temperature?,
        assay,
        floor: floor?,
    })
}

/// Thickness of each mineral that has one.
fn floor(row: Record<'_>, errors: &mut Vec<BaseError>) -> Option<Vec<(String, f64)>> {
    let columns = row
        .filled()
        .filter_map(|(header, _)| header.name.strip_prefix(FLOOR).map(|m| (header, m)));
    let mut floor = Some(Vec::new());
    for (header, mineral) in columns {
        let thickness = row.given(&header.name).map(|cell| {
            cell.non_negative()?;
            cell.quantity(Dimension::Length)
        });
        match (thickness.and_then(|t| keep(t, errors)), &mut floor) {
            (Some(thickness), Some(list)) => list.push((mineral.trim().to_string(), thickness)),
            _ => floor = None,
        }
    }
    floor
}

#[cfg(test)]
pub(crate) mod tests;
