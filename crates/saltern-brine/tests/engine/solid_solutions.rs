//! Crystals that mix: what a brine and a mixed crystal share out, against the laws of a regular solution.

use crate::brines::{amounts, mixing_chlorides};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::{Equilibrium, Solver, State};
use saltern_brine::thermo::default_database;

fn equilibrium(database: &Database, na: f64, k: f64, water_kg: f64) -> (Vec<f64>, Equilibrium) {
    let allowed = ["Halite", "Sylvite"].map(|name| database.mineral(name).unwrap());
    let amounts = amounts(database, &[("Na", na), ("K", k), ("Cl", na + k)], water_kg);
    let state = Solver::new(database, &allowed)
        .equilibrate(&amounts, 298.15, None)
        .unwrap();
    (amounts, state)
}

/// ln Ω of each member equals its ln activity in the crystal: ln x + w (1 − x)² for two members.
#[test]
fn brine_and_mixed_crystal_agree_on_every_member() {
    for w in [0.0, 1500.0, -2500.0, 4000.0] {
        let database = mixing_chlorides(w, 0.0);
        let (amounts, state) = equilibrium(&database, 5.0, 3.0, 0.8);
        let members = ["Halite", "Sylvite"].map(|name| database.mineral(name).unwrap());
        let sum: f64 = members.iter().map(|&m| state.solids_mol[m]).sum();
        assert!(sum > 0.5, "W {w}: {sum} mol of crystal");
        for m in members {
            let x = state.solids_mol[m] / sum;
            let expected = x.ln() + w / (8.314462618 * 298.15) * (1.0 - x).powi(2);
            let got = state.saturation_index_of(&database, m) * std::f64::consts::LN_10;
            assert!(
                (got - expected).abs() < 1e-7,
                "W {w}, {}: ln Ω {got}, in the crystal {expected}",
                database.minerals[m].name
            );
        }
        let liquid = state.liquid_amounts_mol(&database, &amounts);
        for (c, left) in liquid.iter().enumerate().skip(1) {
            let dissolved = state.total_molality_mol_kgw(&database, c) * state.water_kg;
            assert!((left - dissolved).abs() < 1e-9, "component {c}");
        }
    }
}

/// A trace follows the distribution law D = (x_t/x_h)/(m_t/m_h) = K_h/K_t · γ… · e^−w, whatever the amount.
#[test]
fn a_trace_is_shared_out_by_a_constant_coefficient() {
    let database = mixing_chlorides(2000.0, 0.0);
    let [halite, sylvite] = ["Halite", "Sylvite"].map(|name| database.mineral(name).unwrap());
    let coefficient = |trace: f64| {
        let (_, state) = equilibrium(&database, 8.0, trace, 1.0);
        let [na, k] = ["Na", "K"].map(|e| database.component_of_element(e).unwrap());
        let crystal = state.solids_mol[sylvite] / state.solids_mol[halite];
        let brine = state.total_molality_mol_kgw(&database, k)
            / state.total_molality_mol_kgw(&database, na);
        crystal / brine
    };
    let (small, smaller) = (coefficient(1e-5), coefficient(1e-9));
    assert!((small / smaller - 1.0).abs() < 1e-4, "{small} {smaller}");
}

/// With one member allowed there is nothing to mix with: the pure solid's solubility.
#[test]
fn a_member_alone_is_a_pure_solid() {
    let mixing = mixing_chlorides(2000.0, 0.0);
    let plain = Database {
        solid_solutions: Vec::new(),
        ..default_database()
    };
    let (_, a) = equilibrium(&mixing, 8.0, 0.0, 1.0);
    let (_, b) = equilibrium(&plain, 8.0, 0.0, 1.0);
    assert_eq!(a.solids_mol, b.solids_mol);
}

#[test]
fn warm_starts_and_dry_ends_know_mixed_crystals() {
    let database = mixing_chlorides(1000.0, 0.0);
    let allowed = ["Halite", "Sylvite"].map(|name| database.mineral(name).unwrap());
    let mut solver = Solver::new(&database, &allowed);
    let (mut amounts, first) = equilibrium(&database, 5.0, 3.0, 0.8);
    amounts[0] *= 0.9;
    let warm = solver.equilibrate(&amounts, 298.15, Some(&first)).unwrap();
    let cold = solver.equilibrate(&amounts, 298.15, None).unwrap();
    for (a, b) in warm.solids_mol.iter().zip(&cold.solids_mol) {
        assert!((a - b).abs() < 1e-6, "{a} warm, {b} cold");
    }
    amounts[0] = 0.0;
    let dry = solver.equilibrate(&amounts, 298.15, Some(&warm)).unwrap();
    assert_eq!(dry.state, State::Dry);
    assert!((dry.solids_mol.iter().sum::<f64>() - 8.0).abs() < 1e-9);
}
