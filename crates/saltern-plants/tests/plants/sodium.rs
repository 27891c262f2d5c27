//! Reference plant of sodium: salt to caustic soda, chlorine and hydrogen. Voltage and current efficiency are those of
//! `facts/plants.md` §5.6.

use saltern_brine::thermo::default_database;
use saltern_plants::matter::Matter;
use saltern_plants::stream::Stream;

use crate::random_feeds::holds;
use crate::reference::{at, give, plant, set, solved};
use crate::support::{element_kg_s, feed};

/// 2059 kWh a t NaOH at 2.95 V and 96 % (`facts/plants.md` §5.6); a mole of chlorine atoms a mole of NaOH.
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
    assert!((kwh_t - 2059.0).abs() < 1.0, "{kwh_t}");
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
