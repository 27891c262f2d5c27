//! Units that part ions: against numbers from elsewhere, and over their declared ranges.

use proptest::prelude::*;
use saltern_brine::thermo::default_database;
use saltern_plants::matter::Matter;
use saltern_plants::operations::extractor::left_by_stages;
use saltern_plants::room::Room;
use saltern_plants::settings::{Setting, of_kind};
use saltern_plants::stream::Stream;

use crate::support::{brine, figure, moles, number, reagent, shares, text, water};
use crate::trial::run;

/// Molar masses, g/mol (IUPAC 2021).
const MG_OVER_LI: f64 = 24.305 / 6.94;

/// Old brine of Qarhan: Mg/Li 301 by mass (Zhong 2021), on a kg of water; 5 mol/kg of Mg is assumed.
fn old_brine(matter: &Matter<'_>) -> Stream {
    let lithium = 5.0 * MG_OVER_LI / 301.0;
    let ions = [("Mg+2", 5.0), ("Li+", lithium), ("Na+", 0.1), ("K+", 0.05)];
    brine(matter, 25.0, &ions)
}

/// Zhong 2021: α = 125 and Mg/Li 301 in the brine give 0.43 by mass in the strip.
#[test]
fn sorbent_turns_mg_over_li_from_301_to_0_43() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let feeds = [
        old_brine(&matter),
        water(&matter),
        water(&matter),
        Stream::nothing(&matter),
    ];
    // Washed long enough for the brine in the voids to be gone.
    let outcome = run("adsorber", &[("wash", number(8.0))], &feeds, &mut room).unwrap();
    let eluate = &outcome.outlets[2];
    let ratio = moles(&matter, eluate, "Mg+2") / moles(&matter, eluate, "Li+") * MG_OVER_LI;
    assert!((ratio - 0.43).abs() < 0.01, "{ratio}");
    let taken = moles(&matter, eluate, "Li+") / moles(&matter, &feeds[0], "Li+");
    assert!((taken - 0.87).abs() < 1e-9, "{taken}");
    // Langmuir by hand: no more than 90 % of 85 % of 7.26 mg/g.
    let working = figure(&outcome, "working_capacity");
    assert!(working < 7.26 * 0.9 * 0.85 && working > 0.8 * 7.26 * 0.9 * 0.85);
}

/// A bed too small holds what it holds, and says so.
#[test]
fn a_small_bed_bounds_the_uptake() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let feeds = [
        old_brine(&matter),
        water(&matter),
        water(&matter),
        Stream::nothing(&matter),
    ];
    let outcome = run("adsorber", &[("bed", number(500.0))], &feeds, &mut room).unwrap();
    let taken_kg = moles(&matter, &outcome.outlets[2], "Li+") * 6.94e-3 * 4.0 * 3600.0;
    let working = figure(&outcome, "working_capacity");
    assert!((taken_kg - 0.5 * working).abs() < 1e-3 * working && outcome.remarks.len() == 1);
}

/// A mole of MgCl2 held costs two of soda and 4.38 of acid, and gives two of sodium.
#[test]
fn polishing_takes_acid_and_soda_by_equivalents() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let feeds = [
        brine(
            &matter,
            25.0,
            &[("Li+", 0.1), ("Mg+2", 0.01), ("Ca+2", 0.002)],
        ),
        reagent(&matter, &[("H+", 1.0), ("Cl-", 1.0)]),
        reagent(&matter, &[("H+", -1.0), ("Na+", 1.0)]),
        water(&matter),
    ];
    let outcome = run("ion_exchanger", &[], &feeds, &mut room).unwrap();
    let equivalents = 2.0 * 0.012 * 0.995;
    let taken = |port| outcome.taken.iter().find(|(p, _)| *p == port).unwrap().1;
    assert!((taken(1) - 2.19 * equivalents).abs() < 1e-12);
    assert!((taken(2) - equivalents).abs() < 1e-12);
    assert!((moles(&matter, &outcome.outlets[0], "Na+") - equivalents).abs() < 1e-12);
}

/// Seawater's osmotic pressure at 25 °C is about 25.9 bar (35 g/kg; recalled, e.g. 2.59 MPa by TEOS-10 as NaCl-like salt);
/// half its water recovered takes twice the pressure and some, and RO then needs 2 P/(3.6 η) kWh/m³ of permeate.
#[test]
fn seawater_reverse_osmosis_is_at_its_osmotic_pressure() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let sea = [
        ("Na+", 0.4860),
        ("Mg+2", 0.0547),
        ("Ca+2", 0.0107),
        ("K+", 0.0106),
        ("SO4-2", 0.0293),
        ("Cl-", 0.5688),
    ];
    let feed = brine(&matter, 25.0, &sea);
    let full = [
        ("recovery", number(0.0)),
        ("rejection_monovalent", number(1.0)),
        ("rejection_divalent", number(1.0)),
    ];
    let at_rest = run("membrane", &full, std::slice::from_ref(&feed), &mut room).unwrap();
    let osmotic = figure(&at_rest, "osmotic_pressure");
    assert!((osmotic - 25.9).abs() < 0.5, "{osmotic}");
    let half = [("recovery", number(0.5)), full[1].clone(), full[2].clone()];
    let outcome = run("membrane", &half, std::slice::from_ref(&feed), &mut room).unwrap();
    let bar = figure(&outcome, "pressure");
    assert!(
        bar > 2.0 * osmotic + 4.0 && bar < 2.3 * osmotic + 6.0,
        "{bar}"
    );
    let permeate_m3_s = outcome.outlets[0].mass_kg_s(&matter) / 997.0;
    let kwh_m3 = outcome.power_w / permeate_m3_s / 3.6e6;
    assert!((kwh_m3 - 2.0 * bar / 36.0 / 0.75).abs() < 0.1, "{kwh_m3}");
    // 40 bar do not drive half of it through.
    let weak = [half[0].clone(), ("pressure", number(40e5)), full[1].clone()];
    let limited = run("membrane", &weak, &[feed], &mut room).unwrap();
    let reached = figure(&limited, "water_recovery");
    assert!(
        reached > 0.2 && reached < 0.4 && limited.remarks.len() == 1,
        "{reached}"
    );
}

/// Bi 2014: at Mg/Li 40, R(Mg) 0.96 and 85 % of the lithium through give Mg/Li 0.9 in the permeate when some 45 % of
/// the water passes: (1 − R) r · 40/0.85 = 0.9 → r = 0.478. Neutral throughout.
#[test]
fn nanofiltration_passes_lithium_and_stays_neutral() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let lithium = 0.02;
    let feed = brine(
        &matter,
        25.0,
        &[("Li+", lithium), ("Mg+2", 40.0 * lithium / MG_OVER_LI)],
    );
    let recovery = 0.478;
    let settings = [
        ("recovery", number(recovery)),
        (
            "rejection",
            shares(&[("Li", 1.0 - 0.85 / recovery), ("Mg", 0.96)]),
        ),
    ];
    let outcome = run("membrane", &settings, &[feed], &mut room).unwrap();
    let permeate = &outcome.outlets[0];
    let through = moles(&matter, permeate, "Li+");
    let ratio = moles(&matter, permeate, "Mg+2") / through * MG_OVER_LI;
    assert!(
        (through / lithium - 0.85).abs() < 1e-6 && (ratio - 0.9).abs() < 0.01,
        "{ratio}"
    );
    let charge = through + 2.0 * moles(&matter, permeate, "Mg+2") - moles(&matter, permeate, "Cl-");
    assert!(charge.abs() < 1e-14);
}

/// Faraday: a mole of NaCl a second at 0.5 V and 90 % is 96485·0.5/0.9 W.
#[test]
fn electrodialysis_pays_by_faraday() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let feeds = [brine(&matter, 25.0, &[("Na+", 1.0)]), water(&matter)];
    let outcome = run(
        "electrodialysis",
        &[("removal", number(0.8))],
        &feeds,
        &mut room,
    )
    .unwrap();
    assert!((outcome.power_w - 0.8 * 96_485.332 * 0.5 / 0.9).abs() < 0.1);
    assert!((moles(&matter, &outcome.outlets[1], "Na+") - 0.8).abs() < 1e-12);
}

/// 68.2 % of the rubidium and 97.6 % of the caesium in a stage: three stages take 94.3 and 99.998 % (Kremser), 96.06 and
/// 99.96 % were measured, a band of two points.
#[test]
fn three_stages_take_rubidium_and_caesium() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let factor = |single: f64| single / (1.0 - single);
    let distribution = shares(&[("Rb", factor(0.682)), ("Cs", factor(0.976))]);
    let settings = [
        ("distribution", distribution),
        ("stages", number(3.0)),
        ("stripped_single", shares(&[("Rb", 0.9915), ("Cs", 0.9998)])),
    ];
    let ions = [
        ("K+", 1.0),
        ("Rb+", 0.01),
        ("Cs+", 0.001),
        ("Na+", 0.4),
        ("H+", -0.4),
    ];
    let feeds = [
        brine(&matter, 25.0, &ions),
        reagent(&matter, &[("H+", 1.0), ("Cl-", 1.0)]),
    ];
    let outcome = run("extractor", &settings, &feeds, &mut room).unwrap();
    let rb = moles(&matter, &outcome.outlets[1], "Rb+") / 0.01 / 0.9915;
    let cs = moles(&matter, &outcome.outlets[1], "Cs+") / 0.001 / 0.9998;
    assert!(
        (rb - 0.943).abs() < 5e-4 && (cs - 0.99998).abs() < 1e-5,
        "{rb} {cs}"
    );
    assert!((rb - 0.9606).abs() < 0.02 && (cs - 0.9996).abs() < 0.02);
    // One stage undoes the single-stage figure, and an extraction factor of one is no gap.
    assert!((1.0 - left_by_stages(factor(0.682), 1.0) - 0.682).abs() < 1e-12);
    let around = left_by_stages(1.0 - 1e-6, 3.0) - left_by_stages(1.0 + 1e-6, 3.0);
    assert!((left_by_stages(1.0, 3.0) - 0.25).abs() < 1e-12 && around.abs() < 1e-5);
}

/// A value of a setting within its declared range, by a number from 0 to 1; wide ranges by powers of ten.
fn within(kind: &str, name: &str, u: f64) -> Setting {
    let attribute = of_kind(kind).find(|a| a.name == name).expect(name);
    let (low, high) = (attribute.range.0.unwrap(), attribute.range.1.unwrap());
    let value = if low > 0.0 && high / low > 100.0 {
        low * (high / low).powf(u)
    } else {
        low + u * (high - low)
    };
    Setting::Number(attribute.own_unit().map_or(value, |unit| unit.to_si(value)))
}

fn settings<'a>(kind: &str, names: &[&'a str], u: &[f64]) -> Vec<(&'a str, Setting)> {
    let pairs = names.iter().zip(u.iter().cycle());
    pairs.map(|(n, u)| (*n, within(kind, n, *u))).collect()
}

fn any_brine(matter: &Matter<'_>, u: &[f64]) -> Stream {
    let decade = |u: f64, most: f64| {
        if u < 0.1 {
            0.0
        } else {
            most * 10f64.powf(4.0 * (u - 1.0))
        }
    };
    let ions = [
        ("Li+", decade(u[0], 5.0)),
        ("Mg+2", decade(u[1], 4.0)),
        ("Na+", decade(u[2], 2.0)),
        ("K+", decade(u[3], 1.0)),
        ("Ca+2", decade(u[4], 0.1)),
        ("B(OH)3", decade(u[5], 0.1)),
    ];
    brine(matter, 5.0 + 55.0 * u[6], &ions)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing fails and nothing is no number, anywhere in the declared ranges.
    #[test]
    fn separations_hold_over_their_ranges(
        u in prop::collection::vec(0.0..=1.0f64, 12),
        b in prop::collection::vec(0.0..=1.0f64, 7),
    ) {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let feed = any_brine(&matter, &b);
        let nothing = Stream::nothing(&matter);
        let names = ["capacity", "half_concentration", "transfer_zone", "desorbed", "uptake", "selectivity",
            "washed_off", "hold_up", "wash", "strip", "cycle", "strip_temperature"];
        let given = settings("adsorber", &names, &u);
        let inlets = [feed.clone(), water(&matter), water(&matter), nothing.clone()];
        run("adsorber", &given, &inlets, &mut room).unwrap();
        run("adsorber", &given, &vec![nothing.clone(); 4], &mut room).unwrap();

        let acid = reagent(&matter, &[("H+", 3.0), ("Cl-", 3.0)]);
        let soda = reagent(&matter, &[("H+", -3.0), ("Na+", 3.0)]);
        let names = ["removal", "capacity", "cycle", "acid_excess", "base_excess", "rinse"];
        let given = settings("ion_exchanger", &names, &u);
        let inlets = [feed.clone(), acid.clone(), soda, water(&matter)];
        run("ion_exchanger", &given, &inlets, &mut room).unwrap();
        run("ion_exchanger", &given, &vec![nothing.clone(); 4], &mut room).unwrap();

        // What a membrane concentrates stays a liquor: no feed beyond 1 mol/kg at high recovery.
        let names = ["recovery", "rejection_monovalent", "rejection_divalent", "rejection_neutral", "pressure",
            "driving_pressure", "pump_efficiency", "energy_recovery"];
        let given = settings("membrane", &names, &u);
        run("membrane", &given, std::slice::from_ref(&feed), &mut room).unwrap();
        run("membrane", &given, std::slice::from_ref(&nothing), &mut room).unwrap();

        let names = ["removal", "current_efficiency", "voltage", "water_transport"];
        let given = settings("electrodialysis", &names, &u);
        run("electrodialysis", &given, &[feed.clone(), water(&matter)], &mut room).unwrap();
        run("electrodialysis", &given, &[nothing.clone(), nothing.clone()], &mut room).unwrap();

        let names = ["phase_ratio", "stages", "stripped", "strip"];
        let mut given = settings("extractor", &names, &u);
        given.push(("distribution", shares(&[("Li", 50.0 * u[5]), ("B", 20.0 * u[6])])));
        given.push(("mechanism", text(if u[7] > 0.5 { "pair" } else { "exchange" })));
        run("extractor", &given, &[feed, acid], &mut room).unwrap();
        run("extractor", &given, &[nothing.clone(), nothing], &mut room).unwrap();
    }
}
