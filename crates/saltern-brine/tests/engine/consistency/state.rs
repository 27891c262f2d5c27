//! Identities of a solved state: mass action, mass, charge, and the complementarity of every solid.

use super::grid::{Case, Set};
use super::ledger::Ledger;
use saltern_brine::database::{GAS_CONSTANT_J_MOL_K, MineralId, SolidSolution};
use saltern_brine::equilibrium::{Equilibrium, State};
use saltern_brine::water::MOLES_PER_KG;
use std::f64::consts::LN_10;

pub(super) fn look(set: &Set, case: &Case<'_>, state: &Equilibrium, ledger: &mut Ledger) {
    mass_and_charge(set, case, state, ledger);
    if state.state == State::Dry {
        return;
    }
    mass_action(set, case, state, ledger);
    for &mineral in &set.allowed {
        if !mixes(set, mineral) {
            complementarity(set, case, state, mineral, ledger);
        }
    }
    for solution in &set.database.solid_solutions {
        mixed_complementarity(set, case, state, solution, ledger);
    }
}

/// ln m + ln γ = ln K + Σ ν ln a for every species.
fn mass_action(set: &Set, case: &Case<'_>, state: &Equilibrium, ledger: &mut Ledger) {
    for (s, species) in set.database.species.iter().enumerate() {
        let m = state.molality_mol_kgw[s];
        if m > 0.0 {
            let formed: f64 = species
                .formation
                .iter()
                .map(|&(c, nu)| nu * state.ln_activity[c])
                .sum();
            let ln_k = LN_10 * species.log_k.at(case.kelvin());
            let error = (m.ln() + state.ln_gamma[s] - ln_k - formed).abs();
            ledger.note(case, "mass action of species", error, 1e-9, &species.name);
        }
    }
}

/// What is dissolved, in solids and left over is what there was; so is the charge.
fn mass_and_charge(set: &Set, case: &Case<'_>, state: &Equilibrium, ledger: &mut Ledger) {
    let database = &set.database;
    let mut left = state.liquid_amounts_mol(database, &case.amounts_mol);
    let size: f64 = case.amounts_mol.iter().map(|v| v.abs()).sum();
    let (mut charge, mut charge_size) = (0.0, 1e-300);
    left[0] -= MOLES_PER_KG * state.water_kg;
    for (s, species) in database.species.iter().enumerate() {
        let mol = state
            .molality_mol_kgw
            .get(s)
            .map_or(0.0, |m| m * state.water_kg);
        charge += mol * species.charge;
        charge_size += (mol * species.charge).abs();
        for &(c, nu) in &species.formation {
            left[c] -= nu * mol;
        }
    }
    for (c, residue) in state.residue_mol.iter().enumerate() {
        left[c] -= residue;
    }
    for (component, left) in database.components.iter().zip(&left) {
        ledger.note(case, "mass", left.abs() / size, 1e-10, &component.name);
    }
    let given: f64 = database
        .components
        .iter()
        .zip(&case.amounts_mol)
        .map(|(c, b)| c.formula.charge * b)
        .sum();
    if state.state == State::Wet {
        // The charge is a small difference of large sums.
        ledger.note(
            case,
            "charge",
            (charge - given).abs() / charge_size.max(size),
            1e-10,
            "",
        );
    }
}

fn complementarity(
    set: &Set,
    case: &Case<'_>,
    state: &Equilibrium,
    mineral: MineralId,
    ledger: &mut Ledger,
) {
    let name = &set.database.minerals[mineral].name;
    let amount = state.solids_mol[mineral];
    let si = state.saturation_index_of(&set.database, mineral);
    if amount != 0.0 {
        ledger.note(
            case,
            "a solid that is there is saturated",
            si.abs(),
            1e-8,
            name,
        );
        ledger.note(
            case,
            "no solid is less than nothing",
            (-amount).max(0.0),
            1e-300,
            name,
        );
    } else if si.is_finite() && !out_of_reach(set, case, mineral) {
        ledger.note(case, "no solid is supersaturated", si.max(0.0), 1e-8, name);
    }
}

/// A cold solid far above its range is no candidate, whatever its log K makes of it there.
fn out_of_reach(set: &Set, case: &Case<'_>, mineral: MineralId) -> bool {
    let top = set.database.minerals[mineral].provenance.temperature_k_max;
    top.is_some_and(|top| top < 283.15 && case.kelvin() > top + 20.0)
}

fn mixes(set: &Set, mineral: MineralId) -> bool {
    set.database.solid_solutions.iter().any(|solution| {
        solution.members.contains(&mineral)
            && solution
                .members
                .iter()
                .filter(|m| set.allowed.contains(m))
                .count()
                > 1
    })
}

/// Each member of a mixed crystal has the activity the crystal gives it, s (ln x + Σ w x − Σ w x x); without the
/// crystal no member is supersaturated by itself.
fn mixed_complementarity(
    set: &Set,
    case: &Case<'_>,
    state: &Equilibrium,
    solution: &SolidSolution,
    ledger: &mut Ledger,
) {
    let members: Vec<MineralId> = solution
        .members
        .iter()
        .copied()
        .filter(|m| set.allowed.contains(m))
        .collect();
    if members.len() < 2 {
        return;
    }
    let amount: f64 = members.iter().map(|&m| state.solids_mol[m]).sum();
    let w = |a: MineralId, b: MineralId| -> f64 {
        let pair = solution
            .interactions
            .iter()
            .find(|e| e.members == [a, b] || e.members == [b, a]);
        pair.map_or(0.0, |e| {
            (e.constant_j_mol / case.kelvin() + e.slope_j_mol_k) / GAS_CONSTANT_J_MOL_K
        })
    };
    let x: Vec<f64> = members
        .iter()
        .map(|&m| state.solids_mol[m] / amount)
        .collect();
    let pull = |m: MineralId| -> f64 { members.iter().zip(&x).map(|(&o, x)| w(m, o) * x).sum() };
    let pairs: f64 = members
        .iter()
        .zip(&x)
        .map(|(&m, x)| 0.5 * x * pull(m))
        .sum();
    for (&m, x) in members.iter().zip(&x) {
        let ln_omega = LN_10 * state.saturation_index_of(&set.database, m);
        let name = &set.database.minerals[m].name;
        if amount > 0.0 && *x > 0.0 {
            let ln_activity = solution.sites * (x.ln() + pull(m) - pairs);
            ledger.note(
                case,
                "members of a mixed crystal agree",
                (ln_omega - ln_activity).abs(),
                1e-7,
                name,
            );
        } else if amount == 0.0 && ln_omega.is_finite() {
            ledger.note(
                case,
                "no solid is supersaturated",
                ln_omega.max(0.0),
                1e-8,
                name,
            );
        }
    }
}
