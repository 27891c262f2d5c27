//! How ponds and sources stand on the first day.

use jiff::civil::Date;
use saltern_base::model::{Pond as PondSpec, Source};
use saltern_brine::database::{Database, HYDROGEN, MineralId};
use saltern_brine::equilibrium::State as BrineState;
use saltern_plants::matter::Matter as PlantMatter;
use saltern_units::message::nearest;

use crate::basin::Basin;
use crate::cell::{Cell, FILM_M};
use crate::chemistry::Chemistry;
use crate::error::SimulateError;
use crate::floor::{Floor, Layer};
use crate::inputs::{BrineAmounts, Inputs, Start};
use crate::matter::Matter;
use crate::plants::PlantModel;
use crate::pond::Pond;
use crate::react::{Contact, Outcome, Reactor};

/// Temperature at which the density of a source brine is taken where the source states none, K
/// (assumed; 10 K change the density of a brine by less than 0.5 %).
const SOURCE_DENSITY_AT_K: f64 = 288.15;

/// The salt and brine that a pond opens with, from the base or a state.
struct OpeningOf<'a> {
    brine: &'a BrineAmounts,
    depth_m: f64,
    temperature_k: f64,
    floor: &'a [(String, f64)],
}

/// The opening of each pond.
fn openings<'a>(inputs: &Inputs<'a>) -> Vec<OpeningOf<'a>> {
    let mut openings: Vec<OpeningOf> = (inputs.base.ponds.iter())
        .map(|p| OpeningOf {
            brine: &inputs.brines[p.opening.brine],
            depth_m: p.opening.depth_m,
            temperature_k: p.opening.temperature_k,
            floor: &p.opening.floor,
        })
        .collect();
    if let Start::State { state, brines } = inputs.start {
        for (entry, brine) in state.ponds.iter().zip(brines) {
            openings[entry.pond] = OpeningOf {
                brine,
                depth_m: entry.depth_m,
                temperature_k: entry.temperature_k,
                floor: &entry.floor,
            };
        }
    }
    openings
}

/// Whether each component occurs in anything the base is given; water and the proton always do.
fn present_components(inputs: &Inputs, openings: &[OpeningOf]) -> Result<Vec<bool>, SimulateError> {
    let mut present: Vec<bool> = (0..inputs.database.components.len())
        .map(|c| c <= HYDROGEN)
        .collect();
    let opened = openings.iter().map(|o| o.brine);
    for brine in inputs.brines.iter().chain(opened) {
        for (is, n) in present.iter_mut().zip(&brine.amounts_mol_kgw) {
            *is |= *n != 0.0;
        }
    }
    for (pond, opening) in inputs.base.ponds.iter().zip(openings) {
        for (name, _) in opening.floor {
            let id = mineral(inputs.database, &pond.id, name)?;
            for &(c, _) in &inputs.database.minerals[id].dissolution {
                present[c] = true;
            }
        }
    }
    Ok(present)
}

fn mineral(database: &Database, pond: &str, name: &str) -> Result<MineralId, SimulateError> {
    database
        .mineral(name)
        .ok_or_else(|| SimulateError::UnknownMineral {
            pond: pond.to_string(),
            mineral: name.to_string(),
            nearest: nearest(name, database.minerals.iter().map(|m| m.name.as_str()))
                .map(str::to_string),
        })
}

/// Minerals that can form from what is present, ice left out.
pub(crate) fn minerals_that_can_form(
    database: &Database,
    allowed: &[MineralId],
    present: &[bool],
) -> Vec<MineralId> {
    let mut chosen: Vec<MineralId> = allowed.to_vec();
    chosen.sort_unstable();
    chosen.dedup();
    chosen.retain(|&m| {
        let dissolution = &database.minerals[m].dissolution;
        let only_water = dissolution
            .iter()
            .all(|&(c, _)| c == saltern_brine::database::WATER);
        !only_water && dissolution.iter().all(|&(c, _)| present[c])
    });
    chosen
}

/// Checks the brines and works out the matter of a base.
pub(crate) fn matter_of(
    inputs: &Inputs,
    plants: &[PlantModel],
    plant_matter: &PlantMatter<'_>,
) -> Result<Matter, SimulateError> {
    check_brines(inputs)?;
    let openings = openings(inputs);
    let mut present = present_components(inputs, &openings)?;
    let more = bring_by_plants(plants, plant_matter, &mut present);
    let reacting = minerals_that_can_form(inputs.database, inputs.allowed, &present);
    let mut inert: Vec<MineralId> = Vec::new();
    for (pond, opening) in inputs.base.ponds.iter().zip(&openings) {
        for (name, _) in opening.floor {
            let id = mineral(inputs.database, &pond.id, name)?;
            if !reacting.contains(&id) && !inert.contains(&id) {
                inert.push(id);
            }
        }
    }
    let mut matter = Matter::new(inputs.database, &reacting, &inert, &present);
    for (symbol, kg_mol) in more {
        matter.enter_element(&symbol, kg_mol);
    }
    Ok(matter)
}

/// What plants buy and ponds may never have held: marks its components as present, and returns the elements of other
/// substances with kg/mol.
fn bring_by_plants(
    plants: &[PlantModel],
    matter: &PlantMatter<'_>,
    present: &mut [bool],
) -> Vec<(String, f64)> {
    let mut more = Vec::new();
    let links = plants.iter().flat_map(|p| &p.flowsheet.streams);
    for feed in links.filter_map(|link| link.feed.as_ref()) {
        let components = feed.components_mol_s(matter);
        for (is, n) in present.iter_mut().zip(components) {
            *is |= n != 0.0;
        }
        for (n, substance) in feed.others_mol_s.iter().zip(&matter.substances) {
            let held = substance.elements.iter().enumerate();
            for (e, _) in held.filter(|(_, atoms)| *n != 0.0 && **atoms != 0.0) {
                more.push((matter.elements[e].clone(), matter.element_kg_mol[e]));
            }
        }
    }
    more
}

fn check_brines(inputs: &Inputs) -> Result<(), SimulateError> {
    let needed = inputs.base.brines.len();
    if inputs.brines.len() < needed {
        let given = inputs.brines.len();
        return Err(SimulateError::BrineMissing {
            what: "brines of the base",
            given,
            needed,
        });
    }
    for (brine, named) in inputs.brines.iter().zip(&inputs.base.brines) {
        check_brine(inputs.database, brine, &named.id)?;
    }
    if let Start::State { state, brines } = inputs.start {
        let (given, needed) = (brines.len(), state.ponds.len());
        if given < needed {
            return Err(SimulateError::BrineMissing {
                what: "ponds of the state",
                given,
                needed,
            });
        }
        for (entry, brine) in state.ponds.iter().zip(brines) {
            let pond = inputs.base.ponds.get(entry.pond);
            check_brine(inputs.database, brine, pond.map_or("?", |p| p.id.as_str()))?;
        }
    }
    Ok(())
}

fn check_brine(database: &Database, brine: &BrineAmounts, name: &str) -> Result<(), SimulateError> {
    let bad = |component: &str, amount_mol_kgw: f64| SimulateError::BadBrine {
        brine: name.to_string(),
        component: component.to_string(),
        amount_mol_kgw,
    };
    if brine.amounts_mol_kgw.len() != database.components.len() {
        return Err(bad(
            "number of components",
            brine.amounts_mol_kgw.len() as f64,
        ));
    }
    for (c, (&n, component)) in brine
        .amounts_mol_kgw
        .iter()
        .zip(&database.components)
        .enumerate()
    {
        let negative = n < 0.0 && c != HYDROGEN;
        if !n.is_finite() || negative || (c == 0 && n <= 0.0) {
            return Err(bad(&component.name, n));
        }
    }
    Ok(())
}

/// A brine per m³ of what its analysis describes: liquid, and what would settle from it at once.
fn per_m3(
    brine: &BrineAmounts,
    temperature_k: f64,
    place: &str,
    matter: &Matter,
    chemistry: &mut dyn Chemistry,
) -> Result<Vec<f64>, SimulateError> {
    let solved = chemistry
        .equilibrate(&brine.amounts_mol_kgw, temperature_k, None)
        .map_err(|error| SimulateError::OpeningNotSolved {
            place: place.to_string(),
            error,
        })?;
    if solved.state == BrineState::Dry {
        return Err(SimulateError::OpeningDry {
            place: place.to_string(),
        });
    }
    let solids_mol: Vec<f64> = matter
        .minerals
        .iter()
        .map(|m| {
            if m.reacts {
                solved.solids_mol[m.id]
            } else {
                0.0
            }
        })
        .collect();
    let liquid_kg = matter.mass_kg(&brine.amounts_mol_kgw) - matter.salt_kg(&solids_mol);
    let m3_kgw = liquid_kg / chemistry.density_kg_m3(&solved) + matter.solid_m3(&solids_mol);
    Ok(brine.amounts_mol_kgw.iter().map(|n| n / m3_kgw).collect())
}

/// The brines a source can give: first day and amounts per m³, one a step of its schedule.
#[derive(Clone, Debug)]
pub(crate) struct SourceSupply {
    pub(crate) steps_mol_m3: Vec<Vec<f64>>,
}

impl SourceSupply {
    /// Index of the step that holds on a day, if the source runs yet.
    pub(crate) fn step_on(source: &Source, day: Date) -> Option<usize> {
        source
            .schedule
            .iter()
            .rposition(|s| s.from.is_none_or(|from| from <= day))
    }
}

pub(crate) fn sources(
    inputs: &Inputs,
    matter: &Matter,
    chemistry: &mut dyn Chemistry,
) -> Result<Vec<SourceSupply>, SimulateError> {
    let mut supplies = Vec::new();
    for source in &inputs.base.sources {
        let mut steps_mol_m3 = Vec::new();
        for step in &source.schedule {
            let temperature_k = step.temperature_k.unwrap_or(SOURCE_DENSITY_AT_K);
            let brine = &inputs.brines[step.brine];
            steps_mol_m3.push(per_m3(brine, temperature_k, &source.id, matter, chemistry)?);
        }
        supplies.push(SourceSupply { steps_mol_m3 });
    }
    Ok(supplies)
}

/// The ponds on the first day, brought to equilibrium.
pub(crate) fn ponds(
    inputs: &Inputs,
    matter: &Matter,
    chemistry: &mut dyn Chemistry,
    reactor: &mut Reactor,
) -> Result<Vec<Pond>, SimulateError> {
    let mut ponds = Vec::new();
    for (spec, opening) in inputs.base.ponds.iter().zip(openings(inputs)) {
        check_pond(spec, &opening)?;
        let per_m3 = per_m3(
            opening.brine,
            opening.temperature_k,
            &spec.id,
            matter,
            chemistry,
        )?;
        let mut pond = shell(spec, matter);
        fill(&mut pond, spec, &opening, &per_m3, matter);
        for cell in &mut pond.cells {
            match reactor.react(cell, Contact::Floor, matter, chemistry) {
                Outcome::Reacted => cell.turn_floor(matter),
                _ => {
                    return Err(SimulateError::OpeningDry {
                        place: spec.id.clone(),
                    });
                }
            }
        }
        ponds.push(pond);
    }
    // The opening is a beginning, not a change.
    reactor.report.phase_changes = 0;
    Ok(ponds)
}

fn check_pond(spec: &PondSpec, opening: &OpeningOf) -> Result<(), SimulateError> {
    let positive = |v: f64| v.is_finite() && v > 0.0;
    let not_negative = |v: f64| v.is_finite() && v >= 0.0;
    let checks = [
        (
            "area",
            spec.area_m2,
            positive(spec.area_m2),
            "an area above 0",
        ),
        ("cells", spec.cells as f64, spec.cells > 0, "1 or more"),
        (
            "depth_max",
            spec.depth_m_max,
            positive(spec.depth_m_max),
            "a depth above 0",
        ),
        (
            "leakage",
            spec.leakage_m_s,
            not_negative(spec.leakage_m_s),
            "0 or more",
        ),
        (
            "floor_porosity",
            spec.floor_porosity,
            (0.0..1.0).contains(&spec.floor_porosity),
            "0 up to, not including, 1",
        ),
        (
            "reactive_layer",
            spec.reactive_layer_m,
            not_negative(spec.reactive_layer_m),
            "0 or more",
        ),
        (
            "depth",
            opening.depth_m,
            not_negative(opening.depth_m),
            "0 or more",
        ),
        (
            "temperature",
            opening.temperature_k,
            (200.0..400.0).contains(&opening.temperature_k),
            "a brine temperature in K",
        ),
    ];
    for (attribute, value, fine, accepted) in checks {
        if !fine {
            let pond = spec.id.clone();
            return Err(SimulateError::BadPond {
                pond,
                attribute,
                value,
                accepted,
            });
        }
    }
    Ok(())
}

/// A pond as built, with empty cells.
pub(crate) fn shell(spec: &PondSpec, matter: &Matter) -> Pond {
    let area_m2 = spec.area_m2 / spec.cells as f64;
    let reactive_m3 = spec.reactive_layer_m * area_m2;
    let cell = Cell {
        brine_mol: vec![0.0; matter.components()],
        volume_m3: 0.0,
        floor: Floor::bare(matter, spec.floor_porosity, reactive_m3),
        temperature_k: 288.15,
        mean_k: 288.15,
        water_activity: 1.0,
        density_kg_m3: 1000.0,
        warm: None,
        assemblage: 0,
        area_m2,
    };
    Pond {
        basin: Basin::new(spec.area_m2, &spec.bathymetry),
        area_m2: spec.area_m2,
        crest_m: spec.depth_m_max,
        depth_m_min: spec.depth_m_min,
        depth_m_target: spec.depth_m_target,
        leakage_m_s: spec.leakage_m_s,
        albedo: spec.albedo,
        wind_factor: spec.wind_factor,
        cells: vec![cell; spec.cells],
    }
}

/// Lays the salt, then fills its pores and the pond.
fn fill(pond: &mut Pond, spec: &PondSpec, opening: &OpeningOf, per_m3: &[f64], matter: &Matter) {
    for cell in &mut pond.cells {
        lay_floor(cell, opening.floor, per_m3, matter);
    }
    let salt_m3 = pond.salt_m3();
    let level_m = pond.basin.level_of(salt_m3) + opening.depth_m.max(FILM_M);
    let free_m3 = (pond.basin.volume_at(level_m) - salt_m3) / spec.cells as f64;
    for cell in &mut pond.cells {
        cell.temperature_k = opening.temperature_k;
        cell.mean_k = opening.temperature_k;
        cell.volume_m3 = free_m3 + cell.floor.top_pores_m3();
        for (n, per_m3) in cell.brine_mol.iter_mut().zip(per_m3) {
            *n = per_m3 * cell.volume_m3;
        }
    }
}

/// Salt of the opening: the reactive part on top, the rest buried with the same brine in its pores.
fn lay_floor(cell: &mut Cell, floor: &[(String, f64)], per_m3: &[f64], matter: &Matter) {
    let mut minerals_mol = vec![0.0; matter.minerals.len()];
    let mut bulk_m3 = 0.0;
    for (name, thickness_m) in floor {
        if let Some(m) = matter.minerals.iter().position(|m| m.name == *name) {
            let layer_m3 = thickness_m.max(0.0) * cell.area_m2;
            let solid_m3 = layer_m3 * (1.0 - cell.floor.porosity);
            minerals_mol[m] += solid_m3 / matter.minerals[m].solid_m3_mol;
            bulk_m3 += layer_m3;
        }
    }
    if bulk_m3 <= 0.0 {
        return;
    }
    let on_top = (cell.floor.reactive_m3 / bulk_m3).min(1.0);
    cell.floor.top_mol = minerals_mol.iter().map(|n| n * on_top).collect();
    cell.floor.settle(matter);
    if on_top < 1.0 {
        let buried_m3 = bulk_m3 * (1.0 - on_top);
        let pore_m3 = cell.floor.porosity * buried_m3;
        cell.floor.underlay(Layer {
            minerals_mol: minerals_mol.iter().map(|n| n * (1.0 - on_top)).collect(),
            pore_mol: per_m3.iter().map(|n| n * pore_m3).collect(),
            pore_m3,
            bulk_m3: buried_m3,
        });
    }
}
