//! Salts alone in water, 0–100 °C: solubility with every stable solid allowed, and the solid that forms.

use crate::reference::{folder, number, table};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::{Equilibrium, Solver, State};
use saltern_brine::phases;
use saltern_brine::thermo::default_database;
use saltern_brine::water::MOLES_PER_KG;
use std::collections::BTreeMap;

/// A salt: its name, the species it dissolves into and how many of each, and its solids with the temperature, °C,
/// up to which each is the stable one. The first species is the one counted.
type Salt = (
    &'static str,
    &'static [(&'static str, f64)],
    &'static [(f64, &'static str)],
);

/// Above every temperature of the tables, °C.
const END: f64 = 200.0;

const SALTS: &[Salt] = &[
    ("NaCl", &[("Na+", 1.0), ("Cl-", 1.0)], &[(END, "Halite")]),
    ("KCl", &[("K+", 1.0), ("Cl-", 1.0)], &[(END, "Sylvite")]),
    (
        "LiCl",
        &[("Li+", 1.0), ("Cl-", 1.0)],
        &[(19.0, "LiCl:2H2O"), (94.0, "LiCl:H2O"), (END, "LiCl")],
    ),
    ("RbCl", &[("Rb+", 1.0), ("Cl-", 1.0)], &[(END, "RbCl")]),
    ("CsCl", &[("Cs+", 1.0), ("Cl-", 1.0)], &[(END, "CsCl")]),
    (
        "MgCl2",
        &[("Mg+2", 1.0), ("Cl-", 2.0)],
        &[(END, "Bischofite")],
    ),
    (
        "CaCl2",
        &[("Ca+2", 1.0), ("Cl-", 2.0)],
        &[
            (30.0, "Antarcticite"),
            (45.0, "CaCl2:4H2O"),
            (END, "CaCl2:2H2O"),
        ],
    ),
    (
        "SrCl2",
        &[("Sr+2", 1.0), ("Cl-", 2.0)],
        &[(61.0, "SrCl2:6H2O"), (END, "SrCl2:2H2O")],
    ),
    (
        "NaBr",
        &[("Na+", 1.0), ("Br-", 1.0)],
        &[(50.5, "NaBr:2H2O"), (END, "NaBr")],
    ),
    ("KBr", &[("K+", 1.0), ("Br-", 1.0)], &[(END, "KBr")]),
    (
        "LiBr",
        &[("Li+", 1.0), ("Br-", 1.0)],
        &[(3.0, "LiBr:3H2O"), (32.0, "LiBr:2H2O"), (END, "LiBr:H2O")],
    ),
    (
        "MgBr2",
        &[("Mg+2", 1.0), ("Br-", 2.0)],
        &[(END, "MgBr2:6H2O")],
    ),
    (
        "CaBr2",
        &[("Ca+2", 1.0), ("Br-", 2.0)],
        &[(34.0, "CaBr2:6H2O"), (END, "CaBr2:4H2O")],
    ),
    ("RbBr", &[("Rb+", 1.0), ("Br-", 1.0)], &[(END, "RbBr")]),
    ("CsBr", &[("Cs+", 1.0), ("Br-", 1.0)], &[(END, "CsBr")]),
    (
        "Na2SO4",
        &[("Na+", 2.0), ("SO4-2", 1.0)],
        &[(32.4, "Mirabilite"), (END, "Thenardite")],
    ),
    (
        "K2SO4",
        &[("K+", 2.0), ("SO4-2", 1.0)],
        &[(END, "Arcanite")],
    ),
    (
        "Li2SO4",
        &[("Li+", 2.0), ("SO4-2", 1.0)],
        &[(END, "Li2SO4:H2O")],
    ),
    (
        "Rb2SO4",
        &[("Rb+", 2.0), ("SO4-2", 1.0)],
        &[(END, "Rb2SO4")],
    ),
    (
        "Cs2SO4",
        &[("Cs+", 2.0), ("SO4-2", 1.0)],
        &[(END, "Cs2SO4")],
    ),
    (
        "MgSO4",
        &[("Mg+2", 1.0), ("SO4-2", 1.0)],
        &[
            (48.0, "Epsomite"),
            (68.0, "Hexahydrite"),
            (END, "Kieserite"),
        ],
    ),
    (
        "Na2CO3",
        &[("Na+", 2.0), ("CO3-2", 1.0)],
        &[
            (32.0, "Natron"),
            (35.4, "Na2CO3:7H2O"),
            (END, "Thermonatrite"),
        ],
    ),
    (
        "K2CO3",
        &[("K+", 2.0), ("CO3-2", 1.0)],
        &[(END, "K2CO3:1.5H2O")],
    ),
    (
        "Li2CO3",
        &[("Li+", 2.0), ("CO3-2", 1.0)],
        &[(END, "Zabuyelite")],
    ),
    (
        "NaHCO3",
        &[("Na+", 1.0), ("HCO3-", 1.0)],
        &[(END, "Nahcolite")],
    ),
    (
        "KHCO3",
        &[("K+", 1.0), ("HCO3-", 1.0)],
        &[(END, "Kalicinite")],
    ),
    ("H3BO3", &[("B(OH)3", 1.0)], &[(END, "Sassolite")]),
    // Na2B4O7 + 7 H2O = 2 Na+ + 2 B(OH)4- + 2 B(OH)3
    (
        "Na2B4O7",
        &[
            ("Na+", 2.0),
            ("B(OH)4-", 2.0),
            ("B(OH)3", 2.0),
            ("H2O", -7.0),
        ],
        &[(58.0, "Borax")],
    ),
    (
        "NaOH",
        &[("Na+", 1.0), ("OH-", 1.0)],
        &[
            (4.0, "NaOH:4H2O"),
            (12.0, "NaOH:3.5H2O"),
            (60.0, "NaOH:H2O"),
            (END, "NaOH"),
        ],
    ),
    (
        "KOH",
        &[("K+", 1.0), ("OH-", 1.0)],
        &[(32.0, "KOH:2H2O"), (END, "KOH:H2O")],
    ),
    ("LiOH", &[("Li+", 1.0), ("OH-", 1.0)], &[(END, "LiOH:H2O")]),
    (
        "NaNO3",
        &[("Na+", 1.0), ("NO3-", 1.0)],
        &[(END, "Nitratine")],
    ),
    ("KNO3", &[("K+", 1.0), ("NO3-", 1.0)], &[(END, "Niter")]),
    (
        "LiNO3",
        &[("Li+", 1.0), ("NO3-", 1.0)],
        &[(29.5, "LiNO3:3H2O"), (55.0, "LiNO3:0.5H2O"), (END, "LiNO3")],
    ),
    (
        "Mg(NO3)2",
        &[("Mg+2", 1.0), ("NO3-", 2.0)],
        &[(89.0, "Mg(NO3)2:6H2O"), (END, "Mg(NO3)2:2H2O")],
    ),
];

/// Excess given, as a multiple of the measured solubility; the smallest that leaves a solid is used, because too
/// much of a hydrate takes all the water.
const EXCESSES: [f64; 6] = [1.02, 1.1, 1.3, 2.0, 4.0, 10.0];
/// Solids with less than this count as absent, mol.
const PRESENT_MOL: f64 = 1e-9;

/// Total dissolved of a salt in contact with an excess of itself, mol of salt per kg of water, and its solids.
fn saturate(
    database: &Database,
    solver: &mut Solver,
    salt: &Salt,
    measured: f64,
    celsius: f64,
) -> Result<(f64, Vec<String>), String> {
    let &(counted, atoms) = salt.1.first().unwrap();
    let component = database.species[database.species(counted).unwrap()].formation[0].0;
    let mut failure = "all dissolves".to_string();
    for excess in EXCESSES {
        let amounts = in_water(database, salt, excess * measured);
        match solver.equilibrate(&amounts, celsius + 273.15, None) {
            Err(error) => failure = error.to_string(),
            Ok(state) if state.state == State::Dry => failure = "dry".to_string(),
            Ok(state) => {
                let solids = solids(database, &state);
                if !solids.is_empty() {
                    let total = state.total_molality_mol_kgw(database, component);
                    let boron = if counted == "B(OH)3" { 1.0 } else { atoms };
                    return Ok((total / boron, solids));
                }
            }
        }
    }
    Err(failure)
}

fn in_water(database: &Database, salt: &Salt, moles: f64) -> Vec<f64> {
    let mut amounts = vec![0.0; database.components.len()];
    amounts[0] = MOLES_PER_KG;
    for &(name, count) in salt.1 {
        match database.species(name) {
            Some(species) => {
                for &(c, nu) in &database.species[species].formation {
                    amounts[c] += moles * count * nu;
                }
            }
            None => amounts[0] += moles * count,
        }
    }
    amounts
}

fn solids(database: &Database, state: &Equilibrium) -> Vec<String> {
    let present = |&(_, &mol): &(usize, &f64)| mol > PRESENT_MOL;
    let named = state.solids_mol.iter().enumerate().filter(present);
    named
        .map(|(id, _)| database.minerals[id].name.clone())
        .collect()
}

/// Whether every ion of a salt is in the database.
fn in_range(database: &Database, salt: &Salt) -> bool {
    salt.1
        .iter()
        .all(|(name, _)| *name == "H2O" || database.species(name).is_some())
}

/// The solid that is stable at a temperature; none where the table does not say.
fn expected_solid(salt: &Salt, celsius: f64) -> Option<&'static str> {
    let entry = salt.2.iter().find(|(up_to, _)| celsius <= *up_to);
    entry.map(|(_, name)| *name)
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

#[test]
fn binary_salts_dissolve_as_measured() {
    if folder().is_none() {
        return;
    }
    let database = default_database();
    let mut solver = Solver::new(&database, &phases::stable(&database));
    let mut lines: BTreeMap<usize, String> = BTreeMap::new();
    let (mut errors, mut failed, mut wrong) = (Vec::new(), 0, 0);
    for row in table("measured/solubility_binary_crc.csv") {
        let Some(index) = SALTS.iter().position(|s| s.0 == row["salt"]) else {
            println!("{}: not in the list of this test", row["salt"]);
            continue;
        };
        let salt = &SALTS[index];
        let celsius = number(&row, "temperature_c").unwrap();
        let measured = number(&row, "molality_mol_per_kg_water_computed").unwrap();
        let line = lines
            .entry(index)
            .or_insert_with(|| format!("{:8}", salt.0));
        if !in_range(&database, salt) {
            line.push_str(" -");
            continue;
        }
        match saturate(&database, &mut solver, salt, measured, celsius) {
            Err(_) => {
                failed += 1;
                line.push_str(&format!("  {celsius}: none"));
            }
            Ok((total, solids)) => {
                let error = total / measured - 1.0;
                errors.push(error.abs());
                line.push_str(&format!("  {celsius}: {:+.1}", 100.0 * error));
                let expected = expected_solid(salt, celsius);
                if expected.is_some_and(|name| solids != [name]) {
                    wrong += 1;
                    line.push_str(&format!(" [{}]", solids.join("+")));
                }
            }
        }
    }
    println!("solubility, % from the CRC table; another solid than expected in brackets");
    lines.values().for_each(|line| println!("{line}"));
    errors.sort_unstable_by(f64::total_cmp);
    let (median, high) = (quantile(&errors, 0.5), quantile(&errors, 0.95));
    println!(
        "{} rows, median {:.2} %, 95th percentile {:.2} %; {wrong} with another solid, {failed} without one",
        errors.len(),
        100.0 * median,
        100.0 * high
    );
    assert!(median <= 0.015 && high <= 0.05);
}

/// Water activity of LiCl and CaCl2 solutions beside Conde's correlation.
#[test]
fn water_activity_of_lithium_and_calcium_chloride_follows_conde() {
    if folder().is_none() {
        return;
    }
    let database = default_database();
    let mut solver = Solver::new(&database, &[]);
    let mut worst: BTreeMap<String, (f64, f64, f64)> = BTreeMap::new();
    for row in table("measured/water_activity_licl_cacl2_conde2004.csv") {
        let salt = SALTS.iter().find(|s| s.0 == row["salt"]).unwrap();
        let celsius = number(&row, "temperature_c").unwrap();
        let molality = number(&row, "molality_mol_per_kg_water").unwrap();
        let amounts = in_water(&database, salt, molality);
        let state = solver
            .equilibrate(&amounts, celsius + 273.15, None)
            .unwrap();
        let off = state.water_activity - number(&row, "water_activity").unwrap();
        let entry = worst.entry(row["salt"].clone()).or_default();
        if off.abs() > entry.0.abs() {
            *entry = (off, celsius, molality);
        }
    }
    for (salt, (off, celsius, molality)) in &worst {
        println!("{salt}: largest difference {off:+.4} at {celsius} degC, {molality} mol/kg");
    }
    assert_eq!(worst.len(), 2);
    assert!(worst["LiCl"].0.abs() < 0.02 && worst["CaCl2"].0.abs() < 0.02);
}

/// Rows of the handbook (CRC Handbook of Chemistry and Physics, 91st ed. 2010, aqueous solubility of inorganic
/// compounds) as mol of salt per kg of water, kept here so that this holds without the reference folder.
const GOLDEN: &[(&str, f64, f64)] = &[
    ("LiCl", 0.0, 16.0226),
    ("LiCl", 60.0, 23.3816),
    ("LiCl", 100.0, 30.4389),
    ("Li2SO4", 25.0, 3.1132),
    ("Li2CO3", 50.0, 0.1464),
    ("RbCl", 25.0, 7.7632),
    ("CsCl", 80.0, 14.8285),
    ("Rb2SO4", 30.0, 1.9990),
    ("CaCl2", 60.0, 11.8131),
    ("SrCl2", 100.0, 6.2752),
    ("NaBr", 80.0, 11.6411),
    ("LiBr", 60.0, 25.6296),
    ("KOH", 50.0, 25.2283),
    ("LiOH", 80.0, 6.9108),
    ("KNO3", 80.0, 16.8413),
    ("LiNO3", 60.0, 25.7851),
    ("Mg(NO3)2", 50.0, 5.7205),
];

#[test]
fn exotic_salts_dissolve_as_the_handbook_says() {
    let database = default_database();
    let mut solver = Solver::new(&database, &phases::stable(&database));
    for &(name, celsius, measured) in GOLDEN {
        let salt = SALTS.iter().find(|s| s.0 == name).unwrap();
        let (total, solids) = saturate(&database, &mut solver, salt, measured, celsius).unwrap();
        assert!(
            (total / measured - 1.0).abs() < 0.015,
            "{name} at {celsius} degC: {total} not {measured}"
        );
        assert_eq!(solids, [expected_solid(salt, celsius).unwrap()]);
    }
}

/// A little rubidium in a sylvite brine goes into the sylvite as McIntire found (1968, Geol. Soc. Am. Special
/// Paper 88, 505): ln D = 0.277 - 816.8/T, D the ratio of Rb/K in crystal and brine.
#[test]
fn rubidium_enters_sylvite_as_measured() {
    let database = default_database();
    let mut solver = Solver::new(&database, &phases::stable(&database));
    let [sylvite, rubidium_chloride] = ["Sylvite", "RbCl"].map(|n| database.mineral(n).unwrap());
    let [potassium, rubidium, chloride] =
        ["K", "Rb", "Cl"].map(|e| database.component_of_element(e).unwrap());
    for celsius in [5.0, 25.0, 45.0] {
        let temperature_k = celsius + 273.15;
        let mut amounts = vec![0.0; database.components.len()];
        amounts[0] = MOLES_PER_KG;
        amounts[potassium] = 8.0;
        amounts[rubidium] = 1e-3;
        amounts[chloride] = 8.0 + 1e-3;
        let state = solver.equilibrate(&amounts, temperature_k, None).unwrap();
        let crystal = state.solids_mol[rubidium_chloride] / state.solids_mol[sylvite];
        let brine = state.total_molality_mol_kgw(&database, rubidium)
            / state.total_molality_mol_kgw(&database, potassium);
        let expected = (0.277 - 816.8 / temperature_k).exp();
        println!(
            "{celsius} degC: D {:.4}, McIntire {expected:.4}",
            crystal / brine
        );
        assert!((crystal / brine / expected - 1.0).abs() < 0.06);
    }
}
