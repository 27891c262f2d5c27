//! From the plants of a base to flowsheets joined to its nodes; whatever does not fit is told with its place.

use saltern_base::model::{Base, Plant, PlantNode};
use saltern_plants::flowsheet::Flowsheet;
use saltern_plants::matter::Matter;
use saltern_plants::reading::{self, NamedBrine, ReadingError};
use saltern_plants::settings::Setting;
use saltern_plants::target::Target;
use saltern_units::message::{Catalogue, Fields, Lang, Message, nearest};
use saltern_units::place::Place;

use super::{Joint, JointNode, PlantModel};
use crate::inputs::BrineAmounts;
use crate::notice::catalogue;

/// What is wrong with a plant of a base.
#[derive(Clone, Debug, PartialEq)]
pub enum PlantError {
    /// What is wrong with its file.
    Reading(ReadingError),
    /// `simulate.plant_stream_unknown`: a joint, or the leading feed, of a stream that is no feed or outlet.
    StreamUnknown {
        /// Row.
        place: Place,
        /// As written.
        stream: String,
        /// What could stand there.
        known: Vec<String>,
    },
    /// `simulate.plant_outlet_unjoined`: nobody says where a stream goes.
    OutletUnjoined {
        /// Row of the plant.
        place: Place,
        /// The stream.
        stream: String,
    },
    /// `simulate.plant_joint_refused`: a feed from where nothing is taken, an outlet to where nothing is put.
    JointRefused {
        /// Row.
        place: Place,
        /// The stream.
        stream: String,
        /// Whether it is a feed.
        inward: bool,
    },
}

/// The plants of a base; `brines` are those of [`Base::brines`], in that order.
///
/// # Errors
/// Every [`PlantError`] there is.
pub fn read(
    base: &Base,
    brines: &[BrineAmounts],
    matter: &Matter<'_>,
) -> Result<Vec<PlantModel>, Vec<PlantError>> {
    let named = base.brines.iter().zip(brines).map(|(brine, amounts)| {
        NamedBrine::new(&brine.id, &amounts.amounts_mol_kgw, matter.database)
    });
    let named: Vec<NamedBrine> = named.collect();
    let mut models = Vec::new();
    let mut errors = Vec::new();
    for plant in &base.plants {
        match reading::flowsheet(&plant.file, &named, matter) {
            Ok(flowsheet) => models.extend(model(plant, flowsheet, matter, &mut errors)),
            Err(wrong) => errors.extend(wrong.into_iter().map(PlantError::Reading)),
        }
    }
    if errors.is_empty() {
        Ok(models)
    } else {
        Err(errors)
    }
}

fn model(
    plant: &Plant,
    flowsheet: Flowsheet,
    matter: &Matter<'_>,
    errors: &mut Vec<PlantError>,
) -> Option<PlantModel> {
    let joints = joints(plant, &flowsheet, matter, errors);
    let led = |joint: &&Joint| {
        joint.inward && joint.id == plant.lead && !flowsheet.streams[joint.stream].on_demand
    };
    let Some(lead) = joints.iter().find(led) else {
        let feeds = flowsheet.streams.iter();
        let feeds = feeds.filter(|s| s.feed.is_some() && !s.on_demand);
        errors.push(PlantError::StreamUnknown {
            place: plant.place.clone(),
            stream: plant.lead.clone(),
            known: feeds.map(|s| s.id.clone()).collect(),
        });
        return None;
    };
    let scale = plant
        .capacity_kg_s
        .map_or(1.0, |kg_s| kg_s / lead.rate_kg_s);
    Some(PlantModel {
        id: plant.id.clone(),
        lead: lead.stream,
        scale,
        feeds: flowsheet.streams.iter().map(|s| s.feed.clone()).collect(),
        settings: varied(&flowsheet),
        flowsheet,
        joints,
    })
}

/// Settings that design specs change, as they are; feeds are kept whole beside them.
fn varied(flowsheet: &Flowsheet) -> Vec<(usize, String, Setting)> {
    let settings = flowsheet.specs.iter().filter_map(|spec| {
        let (Target::Setting(unit, own) | Target::Share(unit, own, _)) = &spec.vary else {
            return None;
        };
        let given = &flowsheet.units[*unit].settings;
        let now = match given.optional_number(&own.name) {
            Some(number) => Setting::Number(number),
            None => Setting::Shares(given.shares(&own.name).to_vec()),
        };
        Some((*unit, own.name.clone(), now))
    });
    settings.collect()
}

/// A joint for each stream from outside or to outside.
fn joints(
    plant: &Plant,
    flowsheet: &Flowsheet,
    matter: &Matter<'_>,
    errors: &mut Vec<PlantError>,
) -> Vec<Joint> {
    let outside = |s: &&saltern_plants::flowsheet::Link| s.from.is_none() || s.to.is_none();
    for given in &plant.streams {
        let mut ends = flowsheet.streams.iter().filter(outside);
        if !ends.any(|s| s.id == given.stream) {
            let known = flowsheet.streams.iter().filter(outside);
            errors.push(PlantError::StreamUnknown {
                place: given.place.clone(),
                stream: given.stream.clone(),
                known: known.map(|s| s.id.clone()).collect(),
            });
        }
    }
    let mut joints = Vec::new();
    for (stream, link) in flowsheet.streams.iter().enumerate() {
        let inward = link.from.is_none();
        if !inward && link.to.is_some() {
            continue;
        }
        let given = plant.streams.iter().find(|g| g.stream == link.id);
        let node = match given {
            Some(given) => match (joint_node(given.node), inward) {
                (JointNode::Sky | JointNode::Ground, true) | (JointNode::Source(_), false) => {
                    errors.push(PlantError::JointRefused {
                        place: given.place.clone(),
                        stream: link.id.clone(),
                        inward,
                    });
                    continue;
                }
                (node, _) => node,
            },
            None if inward => JointNode::Supply,
            None => {
                errors.push(PlantError::OutletUnjoined {
                    place: plant.place.clone(),
                    stream: link.id.clone(),
                });
                continue;
            }
        };
        let rate = link.feed.as_ref().map(|feed| feed.mass_kg_s(matter));
        joints.push(Joint {
            id: link.id.clone(),
            stream,
            node,
            inward,
            rate_kg_s: rate.unwrap_or(0.0),
        });
    }
    joints
}

fn joint_node(node: PlantNode) -> JointNode {
    match node {
        PlantNode::Pond(p) => JointNode::Pond(p),
        PlantNode::Source(s) => JointNode::Source(s),
        PlantNode::Outlet(o) => JointNode::Outlet(o),
        PlantNode::Stockpile(s) => JointNode::Stockpile(s),
        PlantNode::Sky => JointNode::Sky,
        PlantNode::Ground => JointNode::Ground,
    }
}

impl Message for PlantError {
    fn code(&self) -> &'static str {
        match self {
            PlantError::Reading(error) => error.code(),
            PlantError::StreamUnknown { .. } => "simulate.plant_stream_unknown",
            PlantError::OutletUnjoined { .. } => "simulate.plant_outlet_unjoined",
            PlantError::JointRefused { .. } => "simulate.plant_joint_refused",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            PlantError::Reading(error) => error.fields(lang),
            PlantError::StreamUnknown {
                place,
                stream,
                known,
            } => {
                let near = nearest(stream, known.iter().map(String::as_str));
                let hint = near.map_or(String::new(), |near| {
                    lang.pick(
                        format!("; did you mean {near}?"),
                        format!("；是否指 {near}？"),
                    )
                });
                vec![
                    ("place", place.text(lang)),
                    ("stream", stream.clone()),
                    ("hint", hint),
                    ("known", lang.list(known)),
                ]
            }
            PlantError::OutletUnjoined { place, stream } => {
                vec![("place", place.text(lang)), ("stream", stream.clone())]
            }
            PlantError::JointRefused {
                place,
                stream,
                inward,
            } => {
                let accepted = match inward {
                    true => lang.pick(
                        "a pond, a stockpile, a source or an outlet",
                        "盐池、盐堆、来源或出口",
                    ),
                    false => lang.pick(
                        "a pond, a stockpile, an outlet, sky or ground",
                        "盐池、盐堆、出口、sky 或 ground",
                    ),
                };
                vec![
                    ("place", place.text(lang)),
                    ("stream", stream.clone()),
                    ("accepted", accepted.to_owned()),
                ]
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        match self {
            PlantError::Reading(error) => error.catalogue(),
            _ => catalogue(),
        }
    }
}

impl std::fmt::Display for PlantError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Message::text(self, Lang::En))
    }
}

impl std::error::Error for PlantError {}
