//! Density, viscosity, heat and phase changes against measurements and other programs.

use crate::reference::{number, pitzer_dat, table};
use saltern_brine::equilibrium::{Protons, Solver};
use saltern_brine::water::MOLES_PER_KG;

#[test]
fn viscosity_agrees_with_phreeqc() {
    let Some(database) = pitzer_dat() else { return };
    let mut solver = Solver::new(&database, &[]);
    let (mut worst, mut compared) = (0.0_f64, 0);
    for row in table("phreeqc/activity.csv") {
        let mut amounts = vec![0.0; database.components.len()];
        amounts[0] = MOLES_PER_KG;
        for (column, element) in crate::activity::TOTALS {
            let total = number(&row, column).unwrap();
            amounts[database.component_of_element(element).unwrap()] =
                if total > 1e-30 { total } else { 0.0 };
        }
        let temperature_k = number(&row, "T_C").unwrap() + 273.15;
        let ph = Protons::Ph(number(&row, "step_pH").unwrap());
        let brine = solver.speciate(&mut amounts, temperature_k, ph).unwrap();
        let expected = number(&row, "viscosity_mPas").unwrap();
        let error = (1e3 * brine.viscosity_pa_s(&database) / expected - 1.0).abs();
        if error > 1e-5 {
            println!(
                "row {} {}: {error:.1e} of {expected} {} degC",
                row["id"], row["system"], row["T_C"]
            );
        }
        worst = worst.max(error);
        compared += 1;
    }
    println!("{compared} viscosities: worst relative difference {worst:.1e}");
    // The same equations; what is left is the density of water that its viscosity is taken at.
    assert!(worst < 2e-5);
}
