use super::{brine, spread};
use crate::activity::speciated;
use crate::reference::{number, pitzer_dat, table};
use saltern_brine::equilibrium::Solver;
use saltern_brine::thermo::default_database;

#[test]
fn viscosity_agrees_with_phreeqc() {
    let Some(database) = pitzer_dat() else { return };
    let mut solver = Solver::new(&database, &[]);
    let (mut worst, mut compared) = (0.0_f64, 0);
    for row in table("phreeqc/activity.csv") {
        let brine = speciated(&row, &mut solver);
        let expected = number(&row, "viscosity_mPas").unwrap();
        worst = worst.max((1e3 * brine.viscosity_pa_s(&database) / expected - 1.0).abs());
        compared += 1;
    }
    println!("{compared} viscosities: worst relative difference {worst:.1e}");
    // The same equations; what is left is the density of water that its viscosity is taken at.
    assert!(worst < 2e-5);
}

/// Lang 1996 (J. Chem. Eng. Data 41, 516), NaCl–KCl at 25 °C.
#[test]
fn nacl_kcl_mixtures_flow_as_measured() {
    if crate::reference::folder().is_none() {
        return;
    }
    let database = default_database();
    let mut errors = Vec::new();
    for row in table("measured/density_viscosity_nacl_kcl_25c.csv") {
        let m = number(&row, "total_chloride_mol_per_kg_water").unwrap();
        let x = number(&row, "nacl_mole_fraction_of_salt").unwrap();
        let state = brine(&database, &[("Na", x * m), ("K", (1.0 - x) * m)], 25.0);
        let measured = number(&row, "viscosity_mpa_s").unwrap();
        errors.push(1e3 * state.viscosity_pa_s(&database) / measured - 1.0);
    }
    let (rms, p95) = spread(&errors);
    println!(
        "viscosity of NaCl-KCl: rms {:.2} %, 95th percentile {:.2} %",
        100.0 * rms,
        100.0 * p95
    );
    assert!(rms < 0.01);
}

/// Fabuss 1969 (J. Chem. Eng. Data 14, 192): NaCl with MgSO4, Na2SO4 or KCl, and seawater concentrated up to three times,
/// 25–100 °C.
#[test]
fn mixtures_and_strong_seawater_flow_as_measured() {
    let database = default_database();
    let mut errors = Vec::new();
    let rows = include_str!("../../data/viscosity_mixtures.csv").lines();
    for line in rows.filter(|l| !l.starts_with('#')).skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let numbers: Vec<f64> = cells[1..].iter().map(|c| c.parse().unwrap()).collect();
        let [celsius, na, k, mg, so4, measured] = numbers[..] else {
            panic!("{line}")
        };
        let totals = [("Na", na), ("K", k), ("Mg", mg), ("S", so4)];
        let state = brine(&database, &totals, celsius);
        errors.push(1e3 * state.viscosity_pa_s(&database) / measured - 1.0);
    }
    let (rms, p95) = spread(&errors);
    println!(
        "viscosity of {} mixtures: rms {:.2} %, 95th percentile {:.2} %",
        errors.len(),
        100.0 * rms,
        100.0 * p95
    );
    assert!(rms < 0.015);
}
