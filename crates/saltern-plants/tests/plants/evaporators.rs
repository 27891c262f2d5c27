//! Units that move heat, and those that precipitate: against numbers from elsewhere, and over their declared ranges.

use saltern_brine::thermo::default_database;
use saltern_plants::matter::Matter;
use saltern_plants::room::Room;
use saltern_plants::stream::Stream;

use crate::support::{brine, figure, moles, number, reagent, text, water};
use crate::trial::{heat_w, run};

fn soda_ash(matter: &Matter<'_>) -> Stream {
    reagent(matter, &[("Na+", 4.0), ("CO3-2", 2.0)])
}

/// Li2CO3 is 7.2 g/L at 100 °C and 13.3 at 20 (CRC, recalled): from 2 mol/kg of LiCl with 1.1 times the soda most of it
/// comes out hot, less cold, and the solid is Zabuyelite alone.
#[test]
fn soda_ash_brings_lithium_out_hot() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let feeds = [
        brine(&matter, 25.0, &[("Li+", 2.0), ("Na+", 0.5)]),
        soda_ash(&matter),
    ];
    let hot = run("precipitator", &[], &feeds, &mut room).unwrap();
    let cold = run(
        "precipitator",
        &[("temperature", number(293.15))],
        &feeds,
        &mut room,
    )
    .unwrap();
    let (hot_share, cold_share) = (figure(&hot, "precipitated"), figure(&cold, "precipitated"));
    assert!(
        hot_share > 0.7 && hot_share < 0.9 && cold_share < hot_share,
        "{hot_share} {cold_share}"
    );
    assert!((hot.taken[0].1 - 1.1 * 0.5 * 2.0 / 2.0).abs() < 1e-12);
    let zabuyelite = database.mineral("Zabuyelite").unwrap();
    let formed = &hot.outlets[0].solids_mol_s;
    assert!(
        formed
            .iter()
            .enumerate()
            .all(|(m, n)| (m == zabuyelite) == (*n > 0.0))
    );
}

/// Lime's hydroxide brings magnesium out.
#[test]
fn hydroxide_brings_magnesium_out() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let lye = reagent(&matter, &[("H+", -2.0), ("Na+", 2.0)]);
    let settings = [
        ("target", text("Mg")),
        ("reagent", text("OH")),
        ("stoichiometry", number(2.0)),
        ("multiple", number(0.95)),
        ("temperature", number(298.15)),
        ("phases", text("Brucite")),
    ];
    let feeds = [brine(&matter, 25.0, &[("Mg+2", 0.5)]), lye];
    let outcome = run("precipitator", &settings, &feeds, &mut room).unwrap();
    assert!((figure(&outcome, "precipitated") - 0.95).abs() < 1e-3);
}

/// Water in one, two, three effects: 0.9, 1.8, 2.7 kg of vapour a kg of steam or thereabouts for a feed at its boiling
/// point (a textbook rule, recalled); the rise of 20 % NaCl at 100 °C is 4.7 K (tables of boiling-point rise: 4.5–4.9,
/// recalled).
#[test]
fn effects_multiply_and_salt_boils_hotter() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    for n in 1..=4 {
        let settings = [
            ("evaporated", number(0.5)),
            ("effects", number(f64::from(n))),
        ];
        let mut feed = water(&matter);
        feed.temperature_k = 363.15;
        let outcome = run("evaporator", &settings, &[feed], &mut room).unwrap();
        let economy = figure(&outcome, "steam_economy") / f64::from(n);
        assert!(economy > 0.75 && economy < 1.1, "{n}: {economy}");
        assert!(figure(&outcome, "boiling_point_rise").abs() < 1e-6);
    }
    let salt = 250.0 / 58.44; // 20 % once half the water is gone
    let mut feed = brine(&matter, 100.0, &[("Na+", 0.5 * salt)]);
    let settings = [
        ("evaporated", number(0.5)),
        ("effects", number(1.0)),
        ("temperature", number(373.15)),
    ];
    let outcome = run(
        "evaporator",
        &settings,
        std::slice::from_ref(&feed),
        &mut room,
    )
    .unwrap();
    let rise = figure(&outcome, "boiling_point_rise");
    assert!((rise - 4.7).abs() < 0.3, "{rise}");
    // Compressed vapour: lifting 100 °C steam by 6 K takes ΔT/T · λ/η = 13.3 kWh/t.
    feed = water(&matter);
    feed.temperature_k = 373.15;
    let settings = [
        ("evaporated", number(0.5)),
        ("drive", text("compressor")),
        ("temperature", number(373.15)),
    ];
    let outcome = run("evaporator", &settings, &[feed], &mut room).unwrap();
    let kwh_t = outcome.power_w / 0.5 / 3600.0;
    let carnot = 6.0 / 376.0 * 2257.0 / 0.75 / 3.6;
    assert!((kwh_t / carnot - 1.0).abs() < 0.05, "{kwh_t} {carnot}");
}

/// What the steam gives and the last condenser does not take is in the streams: the effects' own sums against the
/// enthalpies of the solver.
#[test]
fn steam_and_condenser_close_the_heat_of_the_effects() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    for n in 1..=4 {
        for salt in [0.0, 2.0] {
            let inlets = [brine(&matter, 60.0, &[("Na+", salt)])];
            let settings = [
                ("evaporated", number(0.5)),
                ("effects", number(f64::from(n))),
                ("steam_temperature", number(383.15)),
            ];
            let outcome = run("evaporator", &settings, &inlets, &mut room).unwrap();
            let utilities = outcome.utilities.unwrap();
            let net_w = heat_w(&inlets, &outcome, &mut room);
            let error = (utilities.heating_w - utilities.cooling_w - net_w) / utilities.heating_w;
            println!(
                "{n} effects, {salt} mol/kg: steam {:.1} kW, condenser {:.1}, in the streams {:.1}: {:.2} %",
                utilities.heating_w / 1e3,
                utilities.cooling_w / 1e3,
                net_w / 1e3,
                100.0 * error
            );
            assert!(error.abs() < 0.02, "{n} {salt}: {error}");
        }
    }
}

/// Water at 90 and 20 °C, equal flows, 5 K apart: 65 K · 4.19 kJ change hands.
#[test]
fn heat_changes_hands() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let at = |celsius: f64| Stream::water(&matter, 1.0, 273.15 + celsius);
    let outcome = run("exchanger", &[], &[at(90.0), at(20.0)], &mut room).unwrap();
    let watts = figure(&outcome, "exchanged");
    assert!((watts - 65.0 * 4190.0).abs() < 0.005 * watts, "{watts}");
    let (hot, cold) = (
        outcome.outlets[0].temperature_k,
        outcome.outlets[1].temperature_k,
    );
    assert!(
        (hot - 298.15).abs() < 0.3 && (cold - 358.15).abs() < 0.3,
        "{hot} {cold}"
    );
    let half = run(
        "exchanger",
        &[("effectiveness", number(0.5))],
        &[at(90.0), at(20.0)],
        &mut room,
    );
    assert!((half.unwrap().outlets[1].temperature_k - 328.15).abs() < 0.2);
    assert!(
        run("exchanger", &[], &[at(20.0), at(90.0)], &mut room)
            .unwrap()
            .remarks
            .len()
            == 1
    );
}

/// Steam tables: from 25 °C water, saturated steam at 150 °C takes 2745.9 − 104.8 kJ/kg (IAPWS, recalled); constant heat
/// capacities and an ideal
/// gas keep within 1.5 %.
#[test]
fn boilers_follow_steam_tables() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let settings = [("blowdown", number(0.0)), ("efficiency", number(1.0))];
    let outcome = run("boiler", &settings, &[water(&matter)], &mut room).unwrap();
    let kj = figure(&outcome, "fuel_heat") / 1e3;
    assert!((kj / 2641.1 - 1.0).abs() < 0.015, "{kj}");
}

/// Li2CO3 goes into solution under CO2 and most of it comes back hot, the CO2 with it.
#[test]
fn carbon_dioxide_redissolves_lithium_carbonate() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let mut slurry = Stream::water(&matter, 1.0, 298.15);
    let zabuyelite = database.mineral("Zabuyelite").unwrap();
    slurry.solids_mol_s[zabuyelite] = 0.4;
    let mut gas = Stream::nothing(&matter);
    gas.others_mol_s[matter.substance("CO2").unwrap()] = 1.0;
    let feeds = [slurry, Stream::nothing(&matter), gas];
    let dissolved = run("carbonator", &[], &feeds, &mut room).unwrap();
    let out = dissolved.outlets[0].clone();
    assert!(
        out.solids_mol_s[zabuyelite] < 1e-9,
        "{}",
        out.solids_mol_s[zabuyelite]
    );
    let back = run("decarbonator", &[], &[out], &mut room).unwrap();
    let share = back.outlets[0].solids_mol_s[zabuyelite] / 0.4;
    assert!(share > 0.6 && share < 0.9, "{share}");
    assert!((moles(&matter, &back.outlets[0], "Li+") - 0.8).abs() < 1e-12);
}

/// Every corner and the middle of the declared ranges.
#[test]
fn heat_units_hold_over_their_ranges() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let nothing = Stream::nothing(&matter);
    for celsius in [5.0, 60.0, 95.0] {
        for lithium in [0.0, 0.01, 1.0, 4.0] {
            let feed = brine(
                &matter,
                celsius,
                &[("Li+", lithium), ("Na+", 0.5), ("B(OH)3", 0.01)],
            );
            for evaporated in [0.0, 0.01, 0.3, 0.6] {
                for effects in [1.0, 3.0] {
                    for (steam, last) in [(110.0, 40.0), (150.0, 60.0), (180.0, 105.0)] {
                        let settings = [
                            ("evaporated", number(evaporated)),
                            ("effects", number(effects)),
                            ("steam_temperature", number(273.15 + steam)),
                            ("temperature", number(273.15 + last)),
                            ("phases", text("reagent")),
                        ];
                        run(
                            "evaporator",
                            &settings,
                            std::slice::from_ref(&feed),
                            &mut room,
                        )
                        .unwrap();
                    }
                    let settings = [
                        ("evaporated", number(evaporated)),
                        ("drive", text("compressor")),
                        ("phases", text("reagent")),
                    ];
                    run(
                        "evaporator",
                        &settings,
                        std::slice::from_ref(&feed),
                        &mut room,
                    )
                    .unwrap();
                }
            }
            for multiple in [0.0, 0.5, 1.3, 10.0] {
                for temperature in [0.0, 50.0, 110.0] {
                    let settings = [
                        ("multiple", number(multiple)),
                        ("temperature", number(273.15 + temperature)),
                    ];
                    let feeds = [feed.clone(), soda_ash(&matter)];
                    run("precipitator", &settings, &feeds, &mut room).unwrap();
                }
            }
            for approach in [0.0, 5.0, 100.0] {
                let feeds = [feed.clone(), water(&matter)];
                run(
                    "exchanger",
                    &[("approach", number(approach))],
                    &feeds,
                    &mut room,
                )
                .unwrap();
            }
            for drive in ["fuel", "electricity"] {
                let settings = [("drive", text(drive)), ("temperature", number(373.15))];
                run("boiler", &settings, &[water(&matter)], &mut room).unwrap();
            }
        }
    }
    for (kind, ports) in [
        ("precipitator", 2),
        ("exchanger", 2),
        ("boiler", 1),
        ("carbonator", 3),
        ("decarbonator", 1),
    ] {
        run(kind, &[], &vec![nothing.clone(); ports], &mut room).unwrap();
    }
    run(
        "evaporator",
        &[("evaporated", number(0.5))],
        &[nothing],
        &mut room,
    )
    .unwrap();
}
