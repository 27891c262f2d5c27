//! `ponds.csv` and what may stand beside it: `floors.csv`, `bathymetry.csv`, `map.csv`.

use super::{Names, Optional, Reader};
use crate::error::BaseError;
use crate::model::{Pond, PondOpening};
use crate::notice::Notice;
use crate::sheet::{Record, Sheet};
use saltern_units::place::Place;
use saltern_units::quantity::significant;

/// Numbers of one pond, in the order of its rows; index = pond.
type ByPond<T> = Vec<Vec<T>>;

pub(super) fn read(sheet: &Sheet, names: &Names, reader: &mut Reader<'_>) -> Vec<Pond> {
    let floors = by_pond("floors", names, reader, floor);
    let outlines = by_pond("map", names, reader, corner);
    let bathymetry = by_pond("bathymetry", names, reader, level);
    for levels in &bathymetry {
        refuse_falling(levels, reader);
    }
    let mut ponds: Vec<Pond> = sheet
        .rows()
        .filter_map(|row| pond(row, names, reader))
        .collect();
    for (i, pond) in ponds.iter_mut().enumerate() {
        pond.opening.floor = floors.get(i).cloned().unwrap_or_default();
        pond.outline_m = outlines.get(i).cloned().unwrap_or_default();
        let levels = bathymetry.get(i).into_iter().flatten();
        pond.bathymetry = levels.map(|level| (level.depth_m, level.area_m2)).collect();
    }
    ponds
}

fn pond(row: Record<'_>, names: &Names, reader: &mut Reader<'_>) -> Option<Pond> {
    let errors = &mut reader.errors;
    let id = row.text("id", errors);
    let stage = row.text("stage", errors);
    let area = row.quantity("area", errors);
    let depths = depths(row, errors);
    let cells = row.count("cells", errors);
    let leakage = row.quantity("leakage", errors);
    let albedo = row.quantity("albedo", errors);
    let wind_factor = row.quantity("wind_factor", errors);
    let floor_porosity = row.quantity("floor_porosity", errors);
    let reactive_layer = row.quantity("reactive_layer", errors);
    let opening = opening(row, names, errors);
    let (id, (depth_m_min, depth_m_target, depth_m_max)) = (id?, depths?);
    let opening = opening?;
    notice_overfull(row, &id, opening.depth_m, depth_m_max, reader);
    Some(Pond {
        name: row.label(&id),
        id,
        stage: stage?,
        area_m2: area?,
        bathymetry: Vec::new(),
        depth_m_max,
        depth_m_min,
        depth_m_target,
        cells: usize::try_from(cells?).ok()?,
        leakage_m_s: leakage?,
        albedo: albedo?,
        wind_factor: wind_factor?,
        floor_porosity: floor_porosity?,
        reactive_layer_m: reactive_layer?,
        opening,
        outline_m: Vec::new(),
    })
}

/// Least depth, target and crest, in that order.
fn depths(row: Record<'_>, errors: &mut Vec<BaseError>) -> Option<(f64, f64, f64)> {
    let min = row.quantity("depth_min", errors);
    let target = row.quantity("depth_target", errors);
    let max = row.quantity("depth_max", errors);
    let (min, target, max) = (min?, target?, max?);
    if !(min <= target && target <= max) {
        errors.push(BaseError::DepthOrder {
            place: row.place(),
            depth_m_min: min,
            depth_m_target: target,
            depth_m_max: max,
        });
    }
    Some((min, target, max))
}

fn opening(row: Record<'_>, names: &Names, errors: &mut Vec<BaseError>) -> Option<PondOpening> {
    let brine = row.reference("opening_brine", &names.brines, errors);
    let depth = row.quantity("opening_depth", errors);
    let temperature = row.quantity("opening_temperature", errors);
    Some(PondOpening {
        brine: brine?,
        depth_m: depth?,
        temperature_k: temperature?,
        floor: Vec::new(),
    })
}

fn notice_overfull(row: Record<'_>, id: &str, depth_m: f64, crest_m: f64, reader: &mut Reader<'_>) {
    if depth_m > crest_m {
        let place = row.place_of("opening_depth");
        let (depth, crest) = (significant(depth_m, 6), significant(crest_m, 6));
        let evidence = [("id", id), ("depth", &depth), ("crest", &crest)];
        reader
            .notices
            .push(Notice::at("base.opening_above_crest", place, &evidence));
    }
}

/// Reads an optional table whose rows each belong to a pond.
fn by_pond<T>(
    key: &'static str,
    names: &Names,
    reader: &mut Reader<'_>,
    read: fn(Record<'_>, &mut Vec<BaseError>) -> Option<T>,
) -> ByPond<T> {
    let mut all: ByPond<T> = names.ponds.entries().iter().map(|_| Vec::new()).collect();
    let Optional::Present(sheet) = reader.optional(key) else {
        return all;
    };
    for row in sheet.rows() {
        let pond = row.reference("pond", &names.ponds, &mut reader.errors);
        let value = read(row, &mut reader.errors);
        if let (Some(list), Some(value)) = (pond.and_then(|i| all.get_mut(i)), value) {
            list.push(value);
        }
    }
    all
}

fn floor(row: Record<'_>, errors: &mut Vec<BaseError>) -> Option<(String, f64)> {
    let mineral = row.text("mineral", errors);
    let thickness = row.quantity("thickness", errors);
    Some((mineral?, thickness?))
}

fn corner(row: Record<'_>, errors: &mut Vec<BaseError>) -> Option<(f64, f64)> {
    let x = row.quantity("x", errors);
    let y = row.quantity("y", errors);
    Some((x?, y?))
}

/// One row of a bathymetry.
struct Level {
    depth_m: f64,
    area_m2: f64,
    depth_place: Place,
    area_place: Place,
}

fn level(row: Record<'_>, errors: &mut Vec<BaseError>) -> Option<Level> {
    let depth = row.quantity("depth", errors);
    let area = row.quantity("area", errors);
    Some(Level {
        depth_m: depth?,
        area_m2: area?,
        depth_place: row.place_of("depth"),
        area_place: row.place_of("area"),
    })
}

fn refuse_falling(levels: &[Level], reader: &mut Reader<'_>) {
    for pair in levels.windows(2) {
        let [low, high] = pair else { continue };
        let error = |place: &Place, value: f64, before: f64, unit: &str| BaseError::NotRising {
            place: place.clone(),
            value: format!("{} {unit}", significant(value, 9)),
            before: format!("{} {unit}", significant(before, 9)),
        };
        if high.depth_m <= low.depth_m {
            reader
                .errors
                .push(error(&high.depth_place, high.depth_m, low.depth_m, "m"));
        }
        if high.area_m2 < low.area_m2 {
            reader
                .errors
                .push(error(&high.area_place, high.area_m2, low.area_m2, "m2"));
        }
    }
}
