use super::{SEAWATER, amounts, brine, spread};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::Solver;
use saltern_brine::properties::heat::HeatModel;
use saltern_brine::thermo::default_database;

/// A brine with a bit of everything.
const MIXED: [(&str, f64); 5] = [
    ("Na", 2.0),
    ("K", 0.5),
    ("Mg", 1.0),
    ("Ca", 0.05),
    ("S", 0.4),
];

/// J/(kg K) of brine.
fn specific_heat(database: &Database, totals: &[(&str, f64)], celsius: f64) -> f64 {
    let state = brine(database, totals, celsius);
    let heat = HeatModel::new(database).liquid(&state).unwrap();
    heat.heat_capacity_j_k_kgw / state.brine_kg_kgw(database)
}

#[test]
fn heat_capacity_is_the_slope_of_enthalpy_at_fixed_composition() {
    let database = default_database();
    let mut model = HeatModel::new(&database);
    for celsius in [-10.0, 5.0, 25.0, 60.0, 95.0] {
        let mut state = brine(&database, &MIXED, celsius);
        let heat_capacity = model.liquid(&state).unwrap().heat_capacity_j_k_kgw;
        let mut enthalpy = |kelvin: f64| {
            state.temperature_k = celsius + 273.15 + kelvin;
            model.liquid(&state).unwrap().enthalpy_j_kgw
        };
        let slope = (enthalpy(0.1) - enthalpy(-0.1)) / 0.2;
        assert!(
            (slope / heat_capacity - 1.0).abs() < 1e-5,
            "{celsius} degC: {slope} not {heat_capacity}"
        );
    }
}

/// Gibbs–Helmholtz: the excess enthalpy made up of the partial ones, each from the slope of one activity between two
/// separately solved states, is that of the heat model.
#[test]
fn excess_enthalpy_follows_from_the_slopes_of_activities() {
    let database = default_database();
    let mut model = HeatModel::new(&database);
    for celsius in [0.0, 25.0, 70.0] {
        let state = brine(&database, &MIXED, celsius);
        let (warm, cold) = (
            brine(&database, &MIXED, celsius + 0.01),
            brine(&database, &MIXED, celsius - 0.01),
        );
        let factor = -8.314462618 * state.temperature_k.powi(2) / 0.02;
        let mut sum = 55.50837 * factor * (warm.water_activity / cold.water_activity).ln();
        for (s, m) in state.molality_mol_kgw.iter().enumerate() {
            if *m > 1e-5 {
                sum += m * factor * (warm.ln_gamma[s] - cold.ln_gamma[s]);
            }
        }
        let excess = model.liquid(&state).unwrap().excess_enthalpy_j_kgw;
        assert!(
            (sum - excess).abs() < 0.002 * excess.abs() + 2.0,
            "{celsius} degC: {sum} not {excess}"
        );
    }
}

/// TEOS-10 (IAPWS-08) at 1 atm as gsw 3.6.23 evaluates it: absolute salinity 35.16504 g/kg at 0–40 °C, 120 g/kg at
/// 0 and 25 °C. cp of seawater was measured by Bromley et al. 1970 and Millero et al. 1973.
#[test]
fn seawater_has_the_heat_capacity_of_the_standard() {
    let database = default_database();
    let strong = SEAWATER.map(|(e, m)| (e, m * (120.0 / 880.0) / (35.16504 / 964.83496)));
    for (totals, celsius, expected) in [
        (&SEAWATER, 0.0, 3986.45),
        (&SEAWATER, 10.0, 3990.06),
        (&SEAWATER, 25.0, 3998.98),
        (&SEAWATER, 40.0, 4006.08),
        (&strong, 0.0, 3606.8),
        (&strong, 25.0, 3635.5),
    ] {
        let got = specific_heat(&database, totals, celsius);
        println!("seawater {celsius} degC: {got:.1} J/kg/K, standard {expected}");
        assert!((got / expected - 1.0).abs() < 0.01);
    }
}

/// Melinder 2010, Properties of Secondary Working Fluids (IIR), as CoolProp 8.0.0 has it: mass fraction, °C, J/(kg K).
#[test]
fn cold_brines_have_the_heat_capacity_of_refrigerants() {
    let database = default_database();
    let mut errors = Vec::new();
    for (element, salt_kg_mol, rows) in [
        (
            "Na",
            0.058443,
            [
                (0.1, 0.0, 3688.0),
                (0.2, 0.0, 3383.0),
                (0.2, -10.0, 3364.0),
                (0.2, 20.0, 3411.0),
            ],
        ),
        (
            "Mg",
            0.095211,
            [
                (0.1, 0.0, 3573.0),
                (0.2, 0.0, 3055.0),
                (0.2, -20.0, 3000.0),
                (0.2, 20.0, 3110.0),
            ],
        ),
        (
            "Ca",
            0.110984,
            [
                (0.1, 0.0, 3569.0),
                (0.2, 0.0, 3056.0),
                (0.25, -20.0, 2803.0),
                (0.25, 20.0, 2924.0),
            ],
        ),
        (
            "Li",
            0.042394,
            [
                (0.1, 0.0, 3633.0),
                (0.2, 0.0, 3138.0),
                (0.2, -20.0, 3018.0),
                (0.2, 20.0, 3257.0),
            ],
        ),
    ] {
        for (w, celsius, expected) in rows {
            let m = w / (1.0 - w) / salt_kg_mol;
            let got = specific_heat(&database, &[(element, m)], celsius);
            println!("{element} {w} {celsius} degC: {got:.0}, table {expected}");
            errors.push(got / expected - 1.0);
        }
    }
    let (rms, p95) = spread(&errors);
    println!(
        "cold brines: rms {:.1} %, 95th percentile {:.1} %",
        100.0 * rms,
        100.0 * p95
    );
    assert!(rms < 0.015);
}

/// Heats of solution at infinite dilution and 25 °C, kJ/mol. Thermoddem (BRGM, version 2020; Blanc et al. 2012, Appl. Geochem. 27, 2107).
/// The log K of the set are fitted to solubilities. Those marked were fitted with this heat among the data (fits/sulfate, fits/gypsum);
/// those without a limit are known not to be met (see data/thermo/README.md) and only shown.
#[test]
fn solids_take_up_the_heat_that_calorimetry_finds() {
    let database = default_database();
    for (mineral, expected, within) in [
        ("Halite", 3.70, 0.5),
        ("Sylvite", 17.46, 0.7),
        ("Mirabilite", 79.47, 2.0),
        ("Thenardite", -2.46, 1.5),
        ("Arcanite", 24.08, 2.5),
        ("Epsomite", 10.99, 2.0),
        ("Hexahydrite", -4.63, 2.0),   // fitted
        ("Gypsum", -1.05, 2.0),        // fitted
        ("Carnallite", 9.34, 4.5),     // fitted
        ("Pentahydrite", -14.19, 2.0), // fitted
        ("Kieserite", -51.46, 9.0),    // fitted
        ("Antarcticite", 13.99, f64::INFINITY),
        ("Leonite", 15.29, 2.5),
        ("Schoenite", 33.49, 3.5),
        ("Glauberite", -13.16, 2.0), // fitted
        ("SrCl2:6H2O", 23.76, f64::INFINITY),
    ] {
        let Some(id) = database.mineral(mineral) else {
            continue;
        };
        let got = database.minerals[id].log_k.enthalpy_j_mol(298.15) / 1e3;
        println!("{mineral}: {got:.2} kJ/mol, calorimetry {expected}");
        assert!((got - expected).abs() < within, "{mineral}: {got}");
    }
}

/// What crystallises gives off what dissolving takes up, however the heat is counted: the change of enthalpy of brine
/// and solid when a little halite dissolves is the molar heat of dissolution of that brine.
#[test]
fn the_heat_of_a_step_is_the_heat_of_what_dissolved() {
    let database = default_database();
    let halite = database.mineral("Halite").unwrap();
    let mut model = HeatModel::new(&database);
    let mut solver = Solver::new(&database, &[]);
    let before = amounts(&database, &[("Na", 4.0), ("Mg", 0.5)]);
    let mut after = before.clone();
    let little = 1e-4;
    for &(c, nu) in &database.minerals[halite].dissolution {
        after[c] += nu * little;
    }
    for kelvin in [263.15, 298.15, 350.0] {
        let mut start = solver.equilibrate(&before, kelvin, None).unwrap();
        let molar = model.heat_of_dissolution_j_mol(&start, halite);
        start.solids_mol[halite] = little;
        let end = solver.equilibrate(&after, kelvin, None).unwrap();
        for heat in [
            model.heat_taken_up_j(&start, &end),
            model.enthalpy_j(&end) - model.enthalpy_j(&start),
        ] {
            assert!(
                (heat / little - molar).abs() < 2.0,
                "{kelvin} K: {} not {molar} J/mol",
                heat / little
            );
        }
    }
}
