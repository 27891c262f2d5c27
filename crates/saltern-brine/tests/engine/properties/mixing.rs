//! The heat of mixing brines.

use super::{SEAWATER, amounts, brine};
use saltern_brine::blending::{Part, adiabatic, heat_of_mixing_j, mix};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::{Equilibrium, Solver};
use saltern_brine::phases;
use saltern_brine::properties::heat::HeatModel;
use saltern_brine::thermo::default_database;

/// Seawater of a reference salinity, g/kg of solution, as totals per kilogram of water.
fn seawater(salinity_g_kg: f64) -> [(&'static str, f64); 6] {
    let salts = |s: f64| s / (1000.0 - s);
    SEAWATER.map(|(e, m)| (e, m * salts(salinity_g_kg) / salts(35.16504)))
}

/// Heat that two brines (totals and kilograms of water) take up on mixing, J, and the mixture.
fn mixed(
    database: &Database,
    solver: &mut Solver<'_>,
    brines: [(&[(&str, f64)], f64); 2],
    celsius: f64,
) -> (f64, Equilibrium) {
    let of = brines.map(|(totals, _)| amounts(database, totals));
    let parts = [0, 1].map(|k| Part {
        amounts_mol: &of[k],
        water_kg: brines[k].1,
    });
    let state = solver
        .equilibrate(&mix(&parts), celsius + 273.15, None)
        .unwrap();
    let water_kg: f64 = brines.iter().map(|(_, kg)| kg).sum();
    let before = brines.map(|(totals, kg)| (kg / water_kg, brine(database, totals, celsius)));
    let before = [(before[0].0, &before[0].1), (before[1].0, &before[1].1)];
    let mut heat = HeatModel::new(database);
    (
        water_kg * heat_of_mixing_j(&mut heat, &before, &state),
        state,
    )
}

/// TEOS-10 (IAPWS-08) as gsw 3.6.23 evaluates `h((a+b)/2) − (h(a)+h(b))/2` at the sea surface: equal masses of seawater
/// of two absolute salinities, J per kg of the mixture. The enthalpy of seawater was fitted to the heats of mixing that
/// Bromley 1968 and Connors 1970 measured.
#[test]
fn seawaters_mix_with_the_heat_of_the_standard() {
    let database = default_database();
    let mut solver = Solver::new(&database, &[]);
    let mut worst: f64 = 0.0;
    for (celsius, a, b, expected) in [
        (0.0, 120.0, 0.0, 1510.46),
        (10.0, 120.0, 0.0, 984.72),
        (25.0, 120.0, 0.0, 489.47),
        (25.0, 120.0, 35.16504, 252.95),
        (10.0, 35.16504, 0.0, 80.97),
        (25.0, 70.0, 0.0, 155.39),
    ] {
        let (one, other) = (seawater(a), seawater(b));
        let water = |s: f64| 0.5 * (1.0 - s / 1000.0);
        let brines: [(&[(&str, f64)], f64); 2] = [(&one, water(a)), (&other, water(b))];
        let (got, _) = mixed(&database, &mut solver, brines, celsius);
        println!("{a} and {b} g/kg at {celsius} degC: {got:.0} J/kg, standard {expected}");
        worst = worst.max((got - expected).abs() / (0.15 * expected + 15.0));
    }
    assert!(worst < 1.0, "{worst}");
}

/// Gibbs–Helmholtz: ΔH = −T² ∂(ΔG/T)/∂T, with ΔG from nothing but the activities of the components (their standard
/// potentials cancel, for matter is conserved). Salt that crystallises on mixing counts in both.
#[test]
fn the_heat_of_mixing_is_the_slope_of_its_gibbs_energy() {
    let database = default_database();
    let stable = phases::stable(&database);
    let mut solver = Solver::new(&database, &stable);
    let salty: [(&str, f64); 3] = [("Na", 5.5), ("K", 0.5), ("Mg", 0.2)];
    let bitter: [(&str, f64); 3] = [("Na", 0.4), ("K", 0.3), ("Mg", 4.2)];
    let brines: [(&[(&str, f64)], f64); 2] = [(&salty, 0.6), (&bitter, 0.4)];
    let gibbs_by_rt = |e: &Equilibrium, n: &[f64]| -> f64 {
        let there = n.iter().zip(&e.ln_activity).filter(|(n, _)| **n != 0.0);
        there.map(|(n, ln_a)| n * ln_a).sum()
    };
    let mut change = |celsius: f64| {
        let (_, state) = mixed(&database, &mut solver, brines, celsius);
        let mut sum = 0.0;
        for (totals, kg) in brines {
            let n: Vec<f64> = amounts(&database, totals).iter().map(|n| n * kg).collect();
            sum += gibbs_by_rt(&state, &n) - gibbs_by_rt(&brine(&database, totals, celsius), &n);
        }
        sum
    };
    let slope = (change(25.02) - change(24.98)) / 0.04;
    let expected = -8.314462618 * 298.15_f64.powi(2) * slope;
    let (got, state) = mixed(&database, &mut solver, brines, 25.0);
    let halite = state.solids_mol[database.mineral("Halite").unwrap()];
    assert!(halite > 0.1, "{halite}");
    assert!(
        (got - expected).abs() < 1e-3 * expected.abs() + 1.0,
        "{got} J, not {expected}"
    );
}

/// IAPWS-95: the enthalpies of water at 0.1 MPa, 83.93 kJ/kg at 20 °C and 251.2 at 60 °C, have their mean at 40.0 °C.
#[test]
fn mixtures_without_heat_from_outside_keep_their_enthalpy() {
    let database = default_database();
    let stable = phases::stable(&database);
    let mut solver = Solver::new(&database, &stable);
    let mut heat = HeatModel::new(&database);
    let mut come_to = |totals: &[(&str, f64)], near: f64| {
        let brought = [20.0, 60.0].map(|t| heat.enthalpy_j(&brine(&database, totals, t)));
        let enthalpy = 0.5 * (brought[0] + brought[1]);
        let n = amounts(&database, totals);
        let state = adiabatic(&mut solver, &mut heat, &n, enthalpy, near + 273.15).unwrap();
        let kept = heat.enthalpy_j(&state);
        assert!((kept - enthalpy).abs() < 0.1, "{kept} not {enthalpy}");
        state.temperature_k - 273.15
    };
    for near in [20.0, 40.0, 90.0] {
        let water = come_to(&[], near);
        assert!((water - 40.0).abs() < 0.02, "{water}");
    }
    // 8 mol/kgw of NaCl and 6 of KCl: far beyond saturation, what crystallises warms the brine.
    let salted = come_to(&[("Na", 8.0), ("K", 6.0)], 40.0);
    assert!((20.0..90.0).contains(&salted), "{salted}");
}
