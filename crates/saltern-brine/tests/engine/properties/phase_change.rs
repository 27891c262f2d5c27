use super::{SEAWATER, amounts};
use saltern_brine::equilibrium::Solver;
use saltern_brine::properties::phase_change::{
    ATMOSPHERE_PA, boiling_point_k, boiling_point_of_water_k, first_solid_on_cooling,
    freezing_point_k,
};
use saltern_brine::solubility::{Saturation, saturated_brine};
use saltern_brine::thermo::default_database;

/// Melinder 2010, Properties of Secondary Working Fluids (IIR), as CoolProp 8.0.0 has it: mass fraction, °C; and
/// seawater of 35.16504 and 120 g/kg (TEOS-10, gsw 3.6.23).
#[test]
fn brines_freeze_where_measured() {
    let database = default_database();
    let mut solver = Solver::new(&database, &[]);
    let mut check = |totals: &[(&str, f64)], expected: f64, within: f64| {
        let got = freezing_point_k(&mut solver, &amounts(&database, totals)).unwrap();
        let celsius = got.unwrap() - 273.15;
        println!("{totals:?}: {celsius:.3} degC, measured {expected}");
        assert!((celsius - expected).abs() < within);
    };
    for (element, salt_kg_mol, w, celsius) in [
        ("Na", 0.058443, 0.05, -3.05),
        ("Na", 0.058443, 0.10, -6.55),
        ("Na", 0.058443, 0.15, -10.90),
        ("Ca", 0.110984, 0.05, -2.36),
        ("Ca", 0.110984, 0.10, -5.84),
        ("Ca", 0.110984, 0.15, -11.05),
        ("Mg", 0.095211, 0.05, -2.99),
    ] {
        let m = w / (1.0 - w) / salt_kg_mol;
        check(&[(element, m)], celsius, 0.02 * f64::abs(celsius) + 0.1);
    }
    check(&SEAWATER, -1.919, 0.02);
    let strong = SEAWATER.map(|(e, m)| (e, m * (120.0 / 880.0) / (35.16504 / 964.83496)));
    check(&strong, -7.668, 0.1);
}

#[test]
fn pure_water_boils_at_100_degc_and_lower_on_the_plateau() {
    let at = |pascal: f64| boiling_point_of_water_k(pascal).unwrap() - 273.15;
    // Wagner & Pruss 2002, tables 13.1 and 13.2.
    assert!((at(ATMOSPHERE_PA) - 99.974).abs() < 0.001);
    assert!((at(70e3) - 89.93).abs() < 0.01);
}

/// Saturated sodium chloride boils at 108.7 °C under one atmosphere (recalled from handbooks).
#[test]
fn saturated_salt_boils_nine_degrees_late() {
    let database = default_database();
    let halite = [database.mineral("Halite").unwrap()];
    let mut solver = Solver::new(&database, &[]);
    let (mut t, mut boiling) = (373.15, 0.0);
    // Saturated at its own boiling point.
    for _ in 0..6 {
        let Saturation::Saturated(brine) = saturated_brine(&database, &halite, &halite, t).unwrap()
        else {
            panic!("halite saturates")
        };
        let sodium = brine.total_molality_mol_kgw(&database, database.component("Na+").unwrap());
        let totals = amounts(&database, &[("Na", sodium)]);
        boiling = boiling_point_k(&mut solver, &totals, ATMOSPHERE_PA)
            .unwrap()
            .unwrap();
        t = boiling;
    }
    println!("saturated NaCl boils at {:.2} degC", boiling - 273.15);
    assert!((boiling - 273.15 - 108.7).abs() < 0.3);
}

#[test]
fn the_first_solid_on_cooling_is_where_it_saturates() {
    let database = default_database();
    let solids: Vec<usize> = (0..database.minerals.len()).collect();
    let mut solver = Solver::new(&database, &[]);
    // Na2SO4 of 1 mol/kgw: mirabilite at 16.6 °C by the measured solubility 0.924 at 15, 1.29 at 20 °C
    // (Pabalan & Pitzer 1987).
    let totals = amounts(&database, &[("Na", 2.0), ("S", 1.0)]);
    let found = first_solid_on_cooling(&mut solver, &totals, &solids, 313.15, 253.15)
        .unwrap()
        .unwrap();
    assert_eq!(database.minerals[found.mineral].name, "Mirabilite");
    assert!(
        (found.temperature_k - 273.15 - 16.0).abs() < 0.7,
        "{found:?}"
    );
    let again = first_solid_on_cooling(&mut solver, &totals, &solids, 283.15, 253.15).unwrap();
    assert!(again.unwrap().already);
}
