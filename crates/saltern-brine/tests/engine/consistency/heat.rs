//! Enthalpy and activity: Gibbs–Helmholtz at fixed composition, at fixed matter through every reaction, and for the
//! dissolution of each solid.

use super::grid::{Case, Set};
use super::ledger::Ledger;
use saltern_brine::database::{Database, GAS_CONSTANT_J_MOL_K, MineralId, SpeciesId, WATER};
use saltern_brine::equilibrium::{Equilibrium, Solver, State};
use saltern_brine::pitzer::{Activity, PitzerModel};
use saltern_brine::properties::{heat::HeatModel, pure_water};
use saltern_brine::water::MOLES_PER_KG;
use std::f64::consts::LN_10;

/// Step of differences in temperature, K.
const STEP_K: f64 = 0.02;

pub(super) struct Heat<'a> {
    database: &'a Database,
    allowed: &'a [MineralId],
    heat: HeatModel<'a>,
    solver: Solver<'a>,
    /// The activity model at T − h and at T + h.
    sides: [PitzerModel; 2],
}

impl<'a> Heat<'a> {
    pub(super) fn new(set: &'a Set) -> Self {
        let species: Vec<SpeciesId> = (0..set.database.species.len()).collect();
        let model = PitzerModel::new(&set.database, &species);
        Heat {
            database: &set.database,
            allowed: &set.allowed,
            heat: HeatModel::new(&set.database),
            solver: Solver::new(&set.database, &set.allowed),
            sides: [model.clone(), model],
        }
    }
}

pub(super) fn look(with: &mut Heat<'_>, case: &Case<'_>, state: &Equilibrium, ledger: &mut Ledger) {
    if state.state == State::Dry {
        return;
    }
    fixed_composition(with, case, state, ledger);
    fixed_matter(with, case, state, ledger);
}

/// −RT² ∂/∂T of ln a_w and ln γ at fixed molalities: W L_w + Σ m L is the excess enthalpy, and the heat of
/// dissolution of a solid is −RT² ∂ln Ω/∂T.
fn fixed_composition(
    with: &mut Heat<'_>,
    case: &Case<'_>,
    state: &Equilibrium,
    ledger: &mut Ledger,
) {
    let t = case.kelvin();
    let m = &state.molality_mol_kgw;
    let [mut cold, mut warm] = [Activity::default(), Activity::default()];
    for (k, out) in [&mut cold, &mut warm].into_iter().enumerate() {
        with.sides[k].set_temperature(t + [-STEP_K, STEP_K][k]);
        with.sides[k].evaluate_activities(m, out);
    }
    let partial =
        |warm: f64, cold: f64| -GAS_CONSTANT_J_MOL_K * t * t * (warm - cold) / (2.0 * STEP_K);
    let water = partial(warm.ln_water_activity, cold.ln_water_activity);
    let ion = |s: SpeciesId| partial(warm.ln_gamma[s], cold.ln_gamma[s]);
    let excess = MOLES_PER_KG * water + m.iter().enumerate().map(|(s, m)| m * ion(s)).sum::<f64>();
    if let Some(liquid) = with.heat.liquid(state) {
        let error = (excess - liquid.excess_enthalpy_j_kgw).abs();
        let size = 10.0 + excess.abs();
        ledger.note(
            case,
            "excess enthalpy is that of the activities",
            error / size,
            1e-4,
            "",
        );
    }
    for &mineral in with.allowed {
        let solid = &with.database.minerals[mineral];
        let there = |&(c, _): &(usize, f64)| {
            c == WATER
                || with.database.components[c]
                    .species
                    .is_some_and(|s| m[s] > 0.0)
        };
        if !solid.dissolution.iter().all(there) {
            continue;
        }
        let mixing: f64 = solid
            .dissolution
            .iter()
            .map(|&(c, nu)| nu * with.database.components[c].species.map_or(water, ion))
            .sum();
        let standard = partial(
            -solid.log_k.at(t + STEP_K) * LN_10,
            -solid.log_k.at(t - STEP_K) * LN_10,
        );
        let heat = with.heat.heat_of_dissolution_j_mol(state, mineral);
        let error = (mixing + standard - heat).abs() / (1e3 + heat.abs());
        ledger.note(
            case,
            "heat of dissolution is the slope of saturation",
            error,
            1e-4,
            &solid.name,
        );
    }
}

/// Gibbs–Helmholtz through every reaction and phase change: Σ b ∂ln a_c/∂T at fixed matter is −H/(RT²), H counted
/// from the components at infinite dilution; for at equilibrium G does not depend on how matter is arranged.
fn fixed_matter(with: &mut Heat<'_>, case: &Case<'_>, state: &Equilibrium, ledger: &mut Ledger) {
    let t = case.kelvin();
    let mut side = |step: f64| {
        let other = with
            .solver
            .equilibrate(&case.amounts_mol, t + step, Some(state))
            .ok()?;
        let same = other.state == State::Wet
            && other
                .solids_mol
                .iter()
                .zip(&state.solids_mol)
                .all(|(a, b)| (*a > 0.0) == (*b > 0.0));
        same.then_some(other)
    };
    // Where a solid comes or goes G has a corner.
    let (Some(cold), Some(warm)) = (side(-STEP_K), side(STEP_K)) else {
        return;
    };
    let mut slope = 0.0;
    let mut components = 0.0;
    for (c, b) in case.amounts_mol.iter().enumerate() {
        if *b != 0.0 {
            slope += b * (warm.ln_activity[c] - cold.ln_activity[c]) / (2.0 * STEP_K);
            components += b * component_enthalpy_j_mol(with.database, c, t);
        }
    }
    let from_activities = -GAS_CONSTANT_J_MOL_K * t * t * slope;
    let enthalpy = with.heat.enthalpy_j(state) - components;
    let size: f64 =
        case.amounts_mol[1..].iter().map(|b| b.abs()).sum::<f64>() * 1e3 + enthalpy.abs();
    let error = (from_activities - enthalpy).abs() / size;
    // The heat model leaves out the pressure of the vapour over the brine on A_φ (it has an A_φ of T alone); with such
    // an A_φ in the database this holds to 3e-6. Above 100 °C, where that pressure passes 1 atm, it shows.
    let tolerated = if case.celsius > 100.0 { 5e-4 } else { 1e-4 };
    ledger.note(
        case,
        "enthalpy of a state is the slope of its Gibbs energy",
        error,
        tolerated,
        "",
    );
}

fn component_enthalpy_j_mol(database: &Database, component: usize, temperature_k: f64) -> f64 {
    let Some(species) = database.components[component].species else {
        return pure_water::enthalpy_j_kg(temperature_k) / MOLES_PER_KG;
    };
    let terms = database.species[species].heat_capacity;
    terms.map_or(0.0, |terms| terms.enthalpy_j_mol(temperature_k))
}
