//! Saturation points at 25 and 50 °C: the salts that PHREEQC ended with, named and in excess.

use crate::reference::{number, pitzer_dat, table};
use saltern_brine::solubility::{Saturation, saturated_brine};

const TOTALS: [(&str, &str); 6] = [
    ("m_Na", "Na"),
    ("m_K", "K"),
    ("m_Mg", "Mg"),
    ("m_Ca", "Ca"),
    ("m_Cl", "Cl"),
    ("m_S6", "S"),
];

#[test]
fn saturation_points_agree_with_phreeqc() {
    let Some(database) = pitzer_dat() else { return };
    let (mut worst, mut compared) = (0.0_f64, 0);
    for row in table("phreeqc/solubility.csv") {
        if number(&row, "I").unwrap() > 20.0 {
            continue;
        }
        let mut solids: Vec<&str> = row["final_solids_mol"]
            .split(';')
            .filter_map(|s| s.split_once('='))
            .map(|(name, _)| name.trim())
            .collect();
        let mut started: Vec<&str> = row["initial_salts"]
            .split([';', '+'])
            .map(str::trim)
            .collect();
        solids.sort_unstable();
        started.sort_unstable();
        if solids != started {
            continue; // With other solids than named the point depends on how much of each salt was given.
        }
        let salts: Vec<usize> = solids
            .iter()
            .map(|name| database.mineral(name).unwrap())
            .collect();
        let temperature_k = number(&row, "T_C").unwrap() + 273.15;
        let Saturation::Saturated(state) =
            saturated_brine(&database, &salts, &salts, temperature_k).unwrap()
        else {
            panic!("{solids:?} at {} °C: incompatible", row["T_C"]);
        };
        for (column, element) in TOTALS {
            let expected = number(&row, column).unwrap();
            if expected > 1e-3 {
                let component = database.component_of_element(element).unwrap();
                let got = state.total_molality_mol_kgw(&database, component);
                let error = (got / expected - 1.0).abs();
                assert!(
                    error <= 1e-5,
                    "{solids:?} at {} °C, {element}: {got} not {expected}",
                    row["T_C"]
                );
                worst = worst.max(error);
                compared += 1;
            }
        }
    }
    println!("{compared} totals, worst relative error {worst:.1e}");
    assert!(
        compared > 100,
        "the reference table has too few usable rows: {compared}"
    );
}
