//! What a tonne of a brine does while it evaporates.

use saltern_brine::database::MineralId;
use saltern_brine::diagram::{Shape, Surface};
use saltern_brine::equilibrium::{BrineError, Solver, State};
use saltern_brine::evaporation::{self, Mode, Step, Until};
use saltern_brine::water::MOLES_PER_KG;
use saltern_server::Problem;
use saltern_server::diagrams::{BrineOf, BrinePath, PathMode, PathStep};

use super::{Chemistry, brine, curve, solids};
use crate::brine::diagram::palette::tints;

/// What is followed, kg.
const TONNE_KG: f64 = 1000.0;
/// Steps of a path.
const STEPS: usize = 400;
/// Solids that never come to a gram of a tonne are not told, kg.
const NOTHING_KG: f64 = 1e-3;
/// Moles of the always-present salt that are tried for a kilogram of water, until some is left.
const DOSES_MOL: [f64; 4] = [2.0, 8.0, 25.0, 80.0];

pub(super) fn follow(chemistry: &Chemistry<'_>, of: &BrineOf) -> Result<BrinePath, Problem> {
    let wrong = |error: BrineError| Problem::wrong(&error);
    let Some((first, amounts_mol)) = start(chemistry, of.place).map_err(wrong)? else {
        return Ok(BrinePath {
            brine: None,
            first: None,
            solids: Vec::new(),
            steps: Vec::new(),
        });
    };
    let mut solver = Solver::new(chemistry.database, &chemistry.allowed);
    let mode = match of.mode {
        PathMode::Equilibrium => Mode::Equilibrium,
        PathMode::Fractional => Mode::Fractional,
    };
    let steps = evaporation::evaporate(
        &mut solver,
        &amounts_mol,
        chemistry.temperature_k,
        mode,
        Until::Dry,
        STEPS,
    );
    Ok(path(chemistry, first, &steps.map_err(wrong)?, mode))
}

/// A tonne of what lies at a place, as component amounts, mol, and the solid of its field, if that is known beforehand.
type Start = (Option<MineralId>, Vec<f64>);

fn start(chemistry: &Chemistry<'_>, place: [f64; 2]) -> Result<Option<Start>, BrineError> {
    match chemistry.projection.shape {
        Shape::Line => Ok(Some((None, mixture(chemistry, place)?))),
        _ => Ok(saturated(chemistry, place)),
    }
}

/// A tonne of the brine that is saturated at a place.
fn saturated(chemistry: &Chemistry<'_>, place: [f64; 2]) -> Option<Start> {
    let database = chemistry.database;
    let mut surface = Surface::new(
        database,
        &chemistry.projection,
        &chemistry.allowed,
        chemistry.temperature_k,
    );
    let found = surface.saturated(place, None)?;
    let amounts = found.brine.liquid_mol_kgw(database);
    Some((Some(found.mineral), a_tonne(chemistry, amounts)))
}

fn a_tonne(chemistry: &Chemistry<'_>, mut amounts_mol: Vec<f64>) -> Vec<f64> {
    let scale = TONNE_KG / chemistry.mass_kg(&amounts_mol);
    amounts_mol.iter_mut().for_each(|n| *n *= scale);
    amounts_mol
}

/// A tonne of two salts in water by mass fractions, with the always-present salt dissolved in it to saturation where there is one.
fn mixture(chemistry: &Chemistry<'_>, [first, second]: [f64; 2]) -> Result<Vec<f64>, BrineError> {
    let masses = curve::pair_masses_kg(chemistry);
    let projection = &chemistry.projection;
    let (one, other) = (
        projection.amounts_mol([0.0, 0.0]),
        projection.amounts_mol([1.0, 0.0]),
    );
    let water_kg = (1.0 - first - second).max(0.0);
    let salts = one.iter().zip(&other);
    let mut amounts: Vec<f64> = salts
        .map(|(a, b)| first / masses[0] * a + second / masses[1] * b)
        .collect();
    amounts[0] += water_kg * MOLES_PER_KG;
    if projection.saturating.is_empty() {
        return Ok(a_tonne(chemistry, amounts));
    }
    let mut solver = Solver::new(chemistry.database, &projection.saturating);
    for dose in DOSES_MOL {
        let mut dosed = amounts.clone();
        for (n, salt) in dosed.iter_mut().zip(&projection.saturating_mol) {
            *n += dose * water_kg * salt;
        }
        let state = solver.equilibrate(&dosed, chemistry.temperature_k, None)?;
        let left = |m: &MineralId| state.solids_mol[*m] > 0.0;
        if state.state == State::Wet && projection.saturating.iter().any(left) {
            let liquid = state.liquid_amounts_mol(chemistry.database, &dosed);
            return Ok(a_tonne(chemistry, liquid));
        }
    }
    Ok(a_tonne(chemistry, amounts))
}

fn path(
    chemistry: &Chemistry<'_>,
    first: Option<MineralId>,
    steps: &[Step],
    mode: Mode,
) -> BrinePath {
    let held = |step: &Step, solid: MineralId| {
        let mol = match mode {
            Mode::Equilibrium => step.state.solids_mol[solid],
            Mode::Fractional => step.removed_mol[solid],
        };
        mol * chemistry.solid_kg_mol(solid)
    };
    let mut formed: Vec<MineralId> = Vec::new();
    for step in steps {
        for solid in 0..step.state.solids_mol.len() {
            if held(step, solid) > NOTHING_KG && !formed.contains(&solid) {
                formed.push(solid);
            }
        }
    }
    let water_kg = steps.first().map_or(1.0, |step| step.state.water_kg);
    let view = |step: &Step| {
        let is_wet = step.state.state == State::Wet;
        let liquid = step
            .state
            .liquid_amounts_mol(chemistry.database, &step.amounts_mol);
        PathStep {
            place: is_wet.then(|| place(chemistry, step)).flatten(),
            water_share: if is_wet {
                step.state.water_kg / water_kg
            } else {
                0.0
            },
            water_activity: is_wet.then_some(step.state.water_activity),
            brine_kg: if is_wet {
                chemistry.mass_kg(&liquid)
            } else {
                0.0
            },
            density_kg_m3: is_wet.then(|| step.state.density_kg_m3(chemistry.database)),
            solids_kg: formed.iter().map(|solid| held(step, *solid)).collect(),
        }
    };
    let first = first.or_else(|| formed.first().copied());
    let tints = tints(chemistry.database, &formed, &[]);
    let solids = formed.iter().zip(tints);
    BrinePath {
        brine: steps
            .first()
            .and_then(|step| brine::view(chemistry, &step.state)),
        first: first.map(|solid| solids::view(chemistry, solid, 0)),
        solids: solids
            .map(|(solid, tint)| solids::view(chemistry, *solid, tint))
            .collect(),
        steps: steps.iter().map(view).collect(),
    }
}

fn place(chemistry: &Chemistry<'_>, step: &Step) -> Option<[f64; 2]> {
    match chemistry.projection.shape {
        Shape::Line => Some(curve::fractions(chemistry, &step.state)),
        _ => chemistry
            .projection
            .place(&step.state.liquid_mol_kgw(chemistry.database)),
    }
}
