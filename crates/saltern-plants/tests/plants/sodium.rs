//! Reference plant of sodium: salt to caustic soda, chlorine and hydrogen. Voltage and current efficiency are those of
//! `facts/plants.md` §5.6.

use saltern_brine::thermo::default_database;
use saltern_plants::matter::Matter;
use saltern_plants::stream::Stream;

use crate::random_feeds::holds;
use crate::reference::{at, give, plant, set, solved};
use crate::support::{element_kg_s, feed};

/// 2059 kWh a t NaOH at 2.95 V and 96 % (`facts/plants.md` §5.6), direct current, of which the rectifier gives 97 %; a mole of chlorine atoms a mole of NaOH.
#[test]
fn salt_becomes_caustic_chlorine_and_acid() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let (plant, solution) = solved("alkali", &matter);
    let at = |id| at(&plant, &solution, id);
    let caustic_mol_s = element_kg_s(at("caustic"), "Na", &matter) / 0.022_989_77;
    let kwh_t = solution.units[2].outcome.power_w / (caustic_mol_s * 0.039_997) / 3.6e3;
    let chlorine_mol_s: f64 = ["chlorine_to_pvc", "acid", "vent"]
        .iter()
        .map(|id| element_kg_s(at(id), "Cl", &matter) / 0.035_453)
        .sum();
    let heat = solution.units[2].heat_w.unwrap() / caustic_mol_s / 1e3;
    println!(
        "NaOH {:.3} kg/s, {kwh_t:.1} kWh/t, Cl {:.4} mol/mol, cells {heat:.1} kJ/mol, passes {:?}",
        caustic_mol_s * 0.039_997,
        chlorine_mol_s / caustic_mol_s,
        solution.loops.iter().map(|l| l.passes).collect::<Vec<_>>()
    );
    assert!((0.97 * kwh_t - 2059.0).abs() < 1.0, "{kwh_t}");
    assert!((chlorine_mol_s / caustic_mol_s - 1.0).abs() < 1e-4);
    assert!(solution.units.iter().all(|unit| unit.heat_w.is_some()));
}

#[test]
fn alkali_plant_holds_over_its_range() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut plant = plant("alkali", &matter);
    holds("alkali", &mut plant, &matter, |dice, plant| {
        let chlorine_to_acid = dice.between(0.0, 0.9);
        let figures = [
            ("cells.cell_voltage", dice.between(2.5, 3.6)),
            ("cells.current_efficiency", dice.between(0.9, 0.98)),
            ("cells.depletion", dice.between(0.2, 0.6)),
            ("cells.caustic_strength", dice.between(0.28, 0.35)),
            ("purge.share", dice.between(0.01, 0.2)),
            ("chlorine_split.share", chlorine_to_acid),
            ("hydrogen_split.share", 1.1 * chlorine_to_acid),
        ];
        for (what, value) in figures {
            set(plant, what, value, &matter);
        }
        let salt = [
            ("Halite", 1.0),
            ("Sylvite", dice.between(0.0, 0.01)),
            ("Anhydrite", dice.between(0.0, 0.01)),
        ];
        let fed = feed(&matter, dice.between(0.0, 40.0), &[], &salt);
        give(plant, "salt", fed);
        let water_kg_s = dice.between(0.9, 4.0);
        give(plant, "makeup", Stream::water(&matter, water_kg_s, 288.15));
        format!("{salt:?} {water_kg_s} {figures:?}")
    });
}

/// By its stoichiometry: half a mole of calcium chloride and of soda a mole of salt used, which is the share that the
/// columns are set to; carbon comes from limestone and coke alone. A tonne of soda leaves about a tonne of calcium chloride
/// and half a tonne of salt (handbooks tell 1 and 0.5 t, recalled).
#[test]
fn salt_and_limestone_become_soda_and_a_waste_of_calcium_chloride() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let (plant, solution) = solved("soda_ash", &matter);
    let at = |id| at(&plant, &solution, id);
    let mol = |id, element: &str, kg_mol: f64| element_kg_s(at(id), element, &matter) / kg_mol;
    let sodium = |id| mol(id, "Na", 0.022_989_77);
    let calcium = |id| mol(id, "Ca", 0.040_078);
    assert!((sodium("soda") / sodium("salt") - 0.73).abs() < 0.005);
    let carbon = |id| mol(id, "C", 0.012_011);
    let carbon_error =
        carbon("soda") + carbon("waste") + carbon("vent") - carbon("limestone") - carbon("coke");
    assert!(
        carbon_error.abs() < 1e-9 * carbon("limestone"),
        "{carbon_error}"
    );
    // Calcium that is dissolved is calcium chloride; the rest is lime and unburnt limestone, and the salt's anhydrite.
    let waste = at("waste");
    let ca = matter.database.component("Ca+2").unwrap();
    let chloride_t_t = waste.brine_mol_s[ca] * 0.110_98 / at("soda").mass_kg_s(&matter);
    let salt_t_t = sodium("waste") * 0.058_443 / at("soda").mass_kg_s(&matter);
    let per = |id| at(id).mass_kg_s(&matter) / at("soda").mass_kg_s(&matter);
    let emitted = carbon("vent") * 0.044_009 / at("soda").mass_kg_s(&matter);
    println!(
        "a tonne of soda: {chloride_t_t:.3} t CaCl2, {salt_t_t:.3} t NaCl, {:.2} t limestone, {:.3} t coke, {:.2} t live steam, {emitted:.3} t CO2 vented",
        per("limestone"),
        per("coke"),
        per("steam_water")
    );
    // A kiln of the kind takes 60 to 80 kg of coke a tonne of limestone (recalled).
    let coke = per("coke") / per("limestone");
    assert!((0.055..0.09).contains(&coke), "{coke}");
    assert!((chloride_t_t - 1.05).abs() < 0.05, "{chloride_t_t}");
    assert!((salt_t_t - 0.42).abs() < 0.1, "{salt_t_t}");
    assert!(calcium("waste") > waste.brine_mol_s[ca]);
    assert!(solution.units.iter().all(|unit| unit.heat_w.is_some()));
}

#[test]
fn soda_plant_holds_over_its_range() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut plant = plant("soda_ash", &matter);
    holds("soda_ash", &mut plant, &matter, |dice, plant| {
        let figures = [
            ("columns.conversion", dice.between(0.5, 0.9)),
            ("columns.captured", dice.between(0.7, 1.0)),
            ("columns.moisture", dice.between(0.05, 0.3)),
            ("lime_kiln.conversion", dice.between(0.8, 1.0)),
            ("soda_kiln.conversion", dice.between(0.8, 1.0)),
            ("filter.moisture", dice.between(0.0, 0.4)),
        ];
        for (what, value) in figures {
            set(plant, what, value, &matter);
        }
        let salt = [
            ("Halite", 1.0),
            ("Sylvite", dice.between(0.0, 0.02)),
            ("Anhydrite", dice.between(0.0, 0.01)),
        ];
        give(
            plant,
            "salt",
            feed(&matter, dice.between(0.0, 40.0), &[], &salt),
        );
        let water_kg_s = dice.between(2.0, 6.0);
        give(plant, "water", Stream::water(&matter, water_kg_s, 288.15));
        set(
            plant,
            "lime_kiln.efficiency",
            dice.between(0.5, 0.95),
            &matter,
        );
        set(plant, "columns.live_steam", dice.between(0.0, 1.0), &matter);
        let limestone = [("Calcite", dice.between(0.3, 1.2)), ("Inert", 0.05)];
        give(plant, "limestone", feed(&matter, 15.0, &[], &limestone));
        format!("{salt:?} {water_kg_s} {limestone:?} {figures:?}")
    });
}
