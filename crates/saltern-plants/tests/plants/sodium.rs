//! Reference plant of sodium: salt to caustic soda, chlorine and hydrogen, the depleted brine saturated again; part of
//! the chlorine becomes acid. Salt's composition, purge and strengths are assumed; voltage and current efficiency are
//! those of `facts/plants.md` §5.6.

use saltern_brine::thermo::default_database;
use saltern_plants::flowsheet::{StreamDraft, UnitDraft};
use saltern_plants::matter::Matter;
use saltern_plants::room::Room;
use saltern_plants::solve::solve;
use saltern_plants::stream::Stream;

use crate::random_feeds::{at, built, holds};
use crate::support::{element_kg_s, feed, number, on_demand, stream, text, unit};

/// What the plant is run at.
#[derive(Clone, Copy, Debug)]
struct Alkali {
    water_kg_s: f64,
    voltage_v: f64,
    current_efficiency: f64,
    depletion: f64,
    caustic_strength: f64,
    purge: f64,
    chlorine_to_acid: f64,
}

const ALKALI: Alkali = Alkali {
    water_kg_s: 1.2,
    voltage_v: 2.95,
    current_efficiency: 0.96,
    depletion: 0.4,
    caustic_strength: 0.32,
    purge: 0.03,
    chlorine_to_acid: 0.2,
};

fn alkali(matter: &Matter<'_>, salt: Stream, a: Alkali) -> (Vec<UnitDraft>, Vec<StreamDraft>) {
    let cells = [
        ("cell_voltage", number(a.voltage_v)),
        ("current_efficiency", number(a.current_efficiency)),
        ("depletion", number(a.depletion)),
        ("caustic_strength", number(a.caustic_strength)),
    ];
    let saturated = [
        ("temperature", number(333.15)),
        ("phases", text("Halite,Sylvite,Anhydrite")),
    ];
    let units = vec![
        unit("saturator", "tank", &saturated),
        unit("filter", "separator", &[("moisture", number(0.1))]),
        unit("cells", "chlor_alkali", &cells),
        unit("purge", "splitter", &[("share", number(a.purge))]),
        unit(
            "chlorine_split",
            "splitter",
            &[("share", number(a.chlorine_to_acid))],
        ),
        unit(
            "hydrogen_split",
            "splitter",
            &[("share", number(1.1 * a.chlorine_to_acid))],
        ),
        unit("burner", "hcl_synthesis", &[]),
        unit("scrubber", "hcl_absorber", &[]),
    ];
    let fresh = || Stream::water(matter, 1.0, 288.15);
    let makeup = Stream::water(matter, a.water_kg_s, 288.15);
    let streams = vec![
        stream("salt", "- -> saturator", Some(salt)),
        stream("makeup", "- -> saturator", Some(makeup)),
        stream("slurry", "saturator -> filter", None),
        stream("undissolved", "filter.solids -> -", None),
        stream("brine", "filter.liquor -> cells.brine", None),
        on_demand("cathode_water", "cells.water", fresh()),
        stream("caustic", "cells.caustic -> -", None),
        stream("chlorine", "cells.chlorine -> chlorine_split", None),
        stream("hydrogen", "cells.hydrogen -> hydrogen_split", None),
        stream("depleted", "cells.depleted -> purge", None),
        stream("purged", "purge.first -> -", None),
        stream("back", "purge.second -> saturator", None),
        stream("to_burner", "chlorine_split.first -> burner.chlorine", None),
        stream("to_pvc", "chlorine_split.second -> -", None),
        stream(
            "h2_to_burner",
            "hydrogen_split.first -> burner.hydrogen",
            None,
        ),
        stream("h2_sold", "hydrogen_split.second -> -", None),
        stream("hcl", "burner -> scrubber.gas", None),
        on_demand("acid_water", "scrubber.water", fresh()),
        stream("acid", "scrubber.acid -> -", None),
        stream("vent", "scrubber.gas -> -", None),
    ];
    (units, streams)
}

/// 2059 kWh a t NaOH at 2.95 V and 96 % (`facts/plants.md` §5.6); a mole of chlorine atoms a mole of NaOH.
#[test]
fn salt_becomes_caustic_chlorine_and_acid() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let salt = feed(&matter, 15.0, &[], &[("Halite", 1.0), ("Sylvite", 0.005)]);
    let mut plant = built(&matter, alkali(&matter, salt, ALKALI));
    let solution = solve(&mut plant, &mut room, None).unwrap();
    assert!(solution.closure < 1e-9, "{}", solution.closure);
    let at = |id| at(&plant, &solution, id);
    let caustic_mol_s = element_kg_s(at("caustic"), "Na", &matter) / 0.022_989_77;
    let kwh_t = solution.units[2].outcome.power_w / (caustic_mol_s * 0.039_997) / 3.6e3;
    let chlorine_mol_s: f64 = ["to_pvc", "acid", "vent"]
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
    holds("chlor-alkali", &matter, |dice| {
        let figures = Alkali {
            water_kg_s: dice.between(0.9, 4.0),
            voltage_v: dice.between(2.5, 3.6),
            current_efficiency: dice.between(0.9, 0.98),
            depletion: dice.between(0.2, 0.6),
            caustic_strength: dice.between(0.28, 0.35),
            purge: dice.between(0.01, 0.2),
            chlorine_to_acid: dice.between(0.0, 0.9),
        };
        let salt = [
            ("Halite", 1.0),
            ("Sylvite", dice.between(0.0, 0.01)),
            ("Anhydrite", dice.between(0.0, 0.01)),
        ];
        let fed = feed(&matter, dice.between(0.0, 40.0), &[], &salt);
        (
            format!("{salt:?} {figures:?}"),
            built(&matter, alkali(&matter, fed, figures)),
        )
    });
}
