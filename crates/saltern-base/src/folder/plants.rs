//! `plants.csv`, `plant_streams.csv` and `stockpiles.csv`: the plants that run with the ponds, and what their streams are
//! joined to.

use super::{Names, Optional, Reader};
use crate::error::BaseError;
use crate::model::{Harvest, Label, Plant, PlantNode, PlantStream, Stockpile};
use crate::plant::{self, PlantFile};
use crate::sheet::Record;

/// Nodes that a plant's stream may name beside those of tables.
const SKY: &str = "sky";
const GROUND: &str = "ground";

/// Stockpiles of the base: those that harvests name, in that order, then the rest of `stockpiles.csv`.
pub(super) fn stockpiles(
    sheet: &Optional,
    harvests: &[Harvest],
    reader: &mut Reader<'_>,
) -> Vec<Stockpile> {
    let rows = sheet.sheet().into_iter().flat_map(|sheet| sheet.rows());
    let named = rows.filter_map(|row| {
        let id = row.text("id", &mut reader.errors)?;
        let name = row.label(&id);
        Some(Stockpile { id, name })
    });
    let named: Vec<Stockpile> = named.collect();
    let mut piles: Vec<Stockpile> = Vec::new();
    for harvest in harvests {
        let id = &harvest.stockpile;
        if !piles.iter().any(|pile| pile.id == *id) {
            let own = named.iter().find(|pile| pile.id == *id);
            piles.push(own.cloned().unwrap_or_else(|| Stockpile {
                id: id.clone(),
                name: Label {
                    en: id.clone(),
                    zh: id.clone(),
                },
            }));
        }
    }
    for pile in named {
        if !piles.iter().any(|known| known.id == pile.id) {
            piles.push(pile);
        }
    }
    piles
}

/// The plants with their files and joints.
pub(super) fn read(
    sheet: &Optional,
    names: &Names,
    stockpiles: &[Stockpile],
    reader: &mut Reader<'_>,
) -> Vec<Plant> {
    let joints = reader.optional("plant_streams");
    let mut streams = joints_of(&joints, names, stockpiles, reader);
    let Some(sheet) = sheet.sheet() else {
        return Vec::new();
    };
    let mut plants = Vec::new();
    for (p, row) in sheet.rows().enumerate() {
        let mine = streams.iter_mut().filter(|(plant, _)| *plant == p);
        let mine = mine.filter_map(|(_, stream)| stream.take()).collect();
        plants.extend(read_plant(row, mine, reader));
    }
    plants
}

fn read_plant(
    row: Record<'_>,
    streams: Vec<PlantStream>,
    reader: &mut Reader<'_>,
) -> Option<Plant> {
    let errors = &mut reader.errors;
    let id = row.text("id", errors);
    let lead = row.text("lead", errors);
    let capacity = row.optional_quantity("capacity", errors);
    let load_min = row.quantity("load_min", errors);
    let season = super::network::season(row, errors);
    let id = id?;
    let file = file_of(&id, row, reader);
    Some(Plant {
        lead: lead?,
        capacity_kg_s: capacity?,
        load_min: load_min?,
        season: season?,
        streams,
        place: row.place(),
        file: file?,
        id,
    })
}

fn file_of(id: &str, row: Record<'_>, reader: &mut Reader<'_>) -> Option<PlantFile> {
    let file = format!("plants/{id}.toml");
    let Some(text) = (reader.files)(&file) else {
        reader.errors.push(BaseError::MissingFile {
            file,
            asked_by: Some(row.place_of("id")),
        });
        return None;
    };
    match plant::read(&file, &text).and_then(|plant| plant::opened(plant, reader.files)) {
        Ok(plant) => Some(plant),
        Err(errors) => {
            reader.errors.extend(errors);
            None
        }
    }
}

/// Joints of all plants, each with the plant it is of.
fn joints_of(
    sheet: &Optional,
    names: &Names,
    stockpiles: &[Stockpile],
    reader: &mut Reader<'_>,
) -> Vec<(usize, Option<PlantStream>)> {
    let Some(sheet) = sheet.sheet() else {
        return Vec::new();
    };
    let mut joints: Vec<(usize, Option<PlantStream>)> = Vec::new();
    for row in sheet.rows() {
        let errors = &mut reader.errors;
        let plant = row.reference("plant", &names.plants, errors);
        let stream = row.text("stream", errors);
        let node = node(row, names, stockpiles, errors);
        let (Some(plant), Some(stream), Some(node)) = (plant, stream, node) else {
            continue;
        };
        let same = |(p, joint): &&(usize, Option<PlantStream>)| {
            *p == plant && joint.as_ref().is_some_and(|j| j.stream == stream)
        };
        if let Some((_, Some(first))) = joints.iter().find(same) {
            let first = Box::new(first.place.clone());
            let (place, id) = (row.place_of("stream"), stream);
            errors.push(BaseError::DuplicateId { place, id, first });
            continue;
        }
        let place = row.place();
        joints.push((
            plant,
            Some(PlantStream {
                stream,
                node,
                place,
            }),
        ));
    }
    joints
}

/// What an id in `node` stands for.
fn node(
    row: Record<'_>,
    names: &Names,
    stockpiles: &[Stockpile],
    errors: &mut Vec<BaseError>,
) -> Option<PlantNode> {
    let id = row.text("node", errors)?;
    match id.as_str() {
        SKY => return Some(PlantNode::Sky),
        GROUND => return Some(PlantNode::Ground),
        _ => {}
    }
    let place = row.place_of("node");
    let of = |ids: &crate::ids::Ids| ids.index(&id, &place).ok();
    let pile = || stockpiles.iter().position(|pile| pile.id == id);
    let found = of(&names.ponds)
        .map(PlantNode::Pond)
        .or_else(|| of(&names.sources).map(PlantNode::Source))
        .or_else(|| of(&names.outlets).map(PlantNode::Outlet))
        .or_else(|| pile().map(PlantNode::Stockpile));
    let tables = [
        &names.ponds,
        &names.sources,
        &names.outlets,
        &names.stockpiles,
    ];
    if found.is_none() && tables.iter().all(|ids| ids.are_known()) {
        let mut known: Vec<String> = tables[..3].iter().flat_map(|ids| ids.names()).collect();
        known.extend(stockpiles.iter().map(|pile| pile.id.clone()));
        known.extend([SKY, GROUND].map(String::from));
        errors.push(BaseError::UnknownId { place, id, known });
    }
    found
}
