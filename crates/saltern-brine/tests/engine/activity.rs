//! 160 random brines: ln γ and water activity, from temperature, pH and totals.

use crate::reference::{number, pitzer_dat, table};
use saltern_brine::blending::pure_water_mol;
use saltern_brine::equilibrium::{Equilibrium, Protons, Solver};
use std::collections::HashMap;
use std::f64::consts::LN_10;

const TOTALS: [(&str, &str); 10] = [
    ("tot_Na", "Na"),
    ("tot_K", "K"),
    ("tot_Li", "Li"),
    ("tot_Mg", "Mg"),
    ("tot_Ca", "Ca"),
    ("tot_Cl", "Cl"),
    ("tot_Br", "Br"),
    ("tot_S6", "S"),
    ("tot_C4", "C"),
    ("tot_B", "B"),
];

/// The brine of a row of the table.
pub(crate) fn speciated(row: &HashMap<String, String>, solver: &mut Solver<'_>) -> Equilibrium {
    let mut amounts = pure_water_mol(solver.database());
    for (column, element) in TOTALS {
        let total = number(row, column).unwrap();
        amounts[solver.database().component_of_element(element).unwrap()] =
            if total > 1e-30 { total } else { 0.0 };
    }
    let temperature_k = number(row, "T_C").unwrap() + 273.15;
    let ph = Protons::Ph(number(row, "step_pH").unwrap());
    solver.speciate(&mut amounts, temperature_k, ph).unwrap()
}

#[test]
fn activity_coefficients_agree_with_phreeqc() {
    let Some(database) = pitzer_dat() else { return };
    let mut solver = Solver::new(&database, &[]);
    let (mut worst_gamma, mut worst_water, mut worst_density, mut compared) =
        (0.0_f64, 0.0_f64, 0.0_f64, 0);
    for row in table("phreeqc/activity.csv") {
        let brine = speciated(&row, &mut solver);
        worst_water = worst_water.max((brine.water_activity - number(&row, "a_w").unwrap()).abs());
        let density = brine.density_kg_m3(&database) / 1000.0;
        worst_density = worst_density.max((density - number(&row, "rho_g_cm3").unwrap()).abs());
        for (s, species) in database.species.iter().enumerate() {
            let Some(expected) = number(&row, &format!("lg_{}", species.name)) else {
                continue;
            };
            if number(&row, &format!("m_{}", species.name)).unwrap() < 1e-12 {
                continue;
            }
            let error = (brine.ln_gamma[s] / LN_10 - expected).abs();
            if error > 1e-5 {
                println!(
                    "row {} {}: {} not {expected}",
                    row["id"],
                    species.name,
                    brine.ln_gamma[s] / LN_10
                );
            }
            worst_gamma = worst_gamma.max(error);
            compared += 1;
        }
    }
    println!(
        "{compared} coefficients: worst |dlog10 gamma| {worst_gamma:.1e}, |da_w| {worst_water:.1e}, |drho| {worst_density:.1e} g/cm3"
    );
    // The bars are 1e-5 and 1e-6; the same equations do far better, and less would mean one of them is off.
    assert!(worst_gamma <= 1e-8 && worst_water <= 1e-9 && worst_density <= 1e-4);
}
