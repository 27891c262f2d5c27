//! `--state`: levels, temperatures, assays and floors that a simulation starts from.

use crate::error::BaseError;
use crate::folder::assay;
use crate::frame::{Column, Frame};
use crate::ids::{Ids, duplicates};
use crate::model::{Base, PondState, State};
use crate::sheet::{self, Record, keep};
use saltern_units::place::Place;
use saltern_units::unit::Dimension;

/// Columns such as `floor Halite [m]`.
pub(crate) const FLOOR: &str = "floor ";

const ZERO_CELSIUS_K: f64 = 273.15;

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

/// A state as the table that [`read`] reads; cells that a pond has not are blank.
pub fn frame(state: &State, base: &Base) -> Frame {
    let mut assays: Vec<&str> = Vec::new();
    let mut minerals: Vec<&str> = Vec::new();
    for pond in &state.ponds {
        let headers = pond.assay.iter().map(|(header, _)| header.as_str());
        add_new(&mut assays, headers);
        add_new(&mut minerals, pond.floor.iter().map(|(m, _)| m.as_str()));
    }
    let ponds = || state.ponds.iter();
    let mut columns = vec![
        Column::texts("pond", ponds().map(|p| base.ponds[p.pond].id.clone())),
        Column::numbers("depth", "m", ponds().map(|p| p.depth_m)),
        Column::numbers(
            "temperature",
            "degC",
            ponds().map(|p| p.temperature_k - ZERO_CELSIUS_K),
        ),
    ];
    for header in assays {
        let text = |p: &PondState| {
            let found = p.assay.iter().find(|(h, _)| h == header);
            found.map_or(String::new(), |(_, text)| text.clone())
        };
        let texts = ponds().map(text);
        columns.push(Column::texts(header, texts));
    }
    for mineral in minerals {
        let thickness = |p: &PondState| {
            let found = p.floor.iter().find(|(name, _)| name == mineral);
            found.map_or(f64::NAN, |(_, thickness_m)| *thickness_m)
        };
        let name = format!("{FLOOR}{mineral}");
        columns.push(Column::numbers(name, "m", ponds().map(thickness)));
    }
    Frame::new("state", columns)
}

fn add_new<'a>(known: &mut Vec<&'a str>, more: impl Iterator<Item = &'a str>) {
    for text in more {
        if !known.contains(&text) {
            known.push(text);
        }
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
