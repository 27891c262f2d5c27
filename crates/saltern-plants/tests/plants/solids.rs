//! Units that part solids from liquor, wash and dry them: hand reckonings, and sweeps over all they may be set to.

use saltern_brine::thermo::default_database;
use saltern_plants::matter::Matter;
use saltern_plants::room::Room;
use saltern_plants::settings::Setting;
use saltern_plants::stream::Stream;

use crate::support::{element_kg_s, feed, mineral_kg_s, number, shares, text};
use crate::trial::run;

/// Sylvite and halite, 30 and 10 kg/s, in 60 kg/s of a liquor of 15 kg MgCl2 (not at equilibrium), with 2 kg of clay.
fn slurry(matter: &Matter<'_>) -> Stream {
    feed(
        matter,
        25.0,
        &[("MgCl2", 15.0), ("H2O", 45.0)],
        &[("Sylvite", 30.0), ("Halite", 10.0), ("Inert", 2.0)],
    )
}

/// What may come to a unit: nothing, water, liquor, salt without liquor, a slurry, decomposed carnallite.
fn feeds(matter: &Matter<'_>) -> Vec<Stream> {
    vec![
        Stream::nothing(matter),
        Stream::water(matter, 1.0, 288.15),
        feed(
            matter,
            15.0,
            &[("MgCl2", 0.2), ("NaCl", 0.02), ("KCl", 0.02), ("H2O", 0.8)],
            &[],
        ),
        feed(matter, 15.0, &[], &[("Sylvite", 1.0), ("Halite", 0.5)]),
        slurry(matter),
        feed(
            matter,
            15.0,
            &[
                ("MgCl2", 1.0),
                ("NaCl", 0.05),
                ("KCl", 0.1),
                ("CaSO4", 0.01),
                ("H2O", 3.0),
            ],
            &[
                ("Carnallite", 2.0),
                ("Halite", 1.0),
                ("Sylvite", 0.3),
                ("Gypsum", 0.1),
            ],
        ),
    ]
}

fn near(value: f64, reckoned: f64) {
    assert!(
        (value - reckoned).abs() < 1e-9 * reckoned.abs().max(1.0),
        "{value}, by hand {reckoned}"
    );
}

#[test]
fn solids_are_parted_as_by_hand() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let slurry = [slurry(&matter)];
    let kg = |stream: &Stream, name: &str| mineral_kg_s(stream, name, &matter);
    // Screen: 20 % of the sylvite and half of the rest are coarse; 90 % of that and 5 % of the fine stay above.
    let settings = [
        ("coarse", number(0.5)),
        ("coarse_by_mineral", shares(&[("Sylvite", 0.2)])),
        ("efficiency", number(0.9)),
        ("misplaced", number(0.05)),
        ("moisture", number(0.1)),
    ];
    let out = run("screen", &settings, &slurry, &mut room)
        .unwrap()
        .outlets;
    near(kg(&out[0], "Sylvite"), 30.0 * (0.9 * 0.2 + 0.05 * 0.8));
    near(kg(&out[0], "Halite"), 10.0 * (0.45 + 0.025));
    near(out[0].liquid_kg_s(&matter), (6.6 + 4.75 + 0.95) / 9.0);
    // Thickener: 42 kg of solids less 2 % in an underflow half liquor.
    let settings = [
        ("underflow_solids", number(0.5)),
        ("overflow_loss", number(0.02)),
    ];
    let out = run("thickener", &settings, &slurry, &mut room)
        .unwrap()
        .outlets;
    near(out[0].liquid_kg_s(&matter), 42.0 * 0.98);
    near(out[0].mass_kg_s(&matter), 2.0 * 42.0 * 0.98);
    // Flotation: three cells of 2 min at 0.5 1/min: R = 1 − 2⁻³; halite fines a fifth of the water; froth half liquor.
    let settings = [
        ("rate", shares(&[("Sylvite", 0.5)])),
        ("residence", number(120.0)),
        ("cells", number(3.0)),
        ("entrainment", shares(&[("Halite", 0.2)])),
        ("froth_solids", number(0.5)),
    ];
    let outcome = run("flotation", &settings, &slurry, &mut room).unwrap();
    let water = 30.0 * 0.875 / (60.0 - 10.0 * 0.2);
    near(outcome.figures[0].value, water);
    near(kg(&outcome.outlets[0], "Sylvite"), 26.25);
    near(kg(&outcome.outlets[0], "Halite"), 10.0 * 0.2 * water);
    near(outcome.outlets[0].liquid_kg_s(&matter), 26.25 + 2.0 * water);
    // Displacement: 80 % of 60 kg of liquor for 100 kg of a wash that dissolves nothing (phases: gypsum alone).
    let wash = feed(&matter, 25.0, &[("H2O", 100.0)], &[]);
    let settings = [
        ("temperature", number(298.15)),
        ("efficiency", number(0.8)),
        ("phases", text("Gypsum")),
    ];
    let inlets = [slurry[0].clone(), wash.clone()];
    let out = run("washer", &settings, &inlets, &mut room)
        .unwrap()
        .outlets;
    near(out[0].liquid_kg_s(&matter), 60.0);
    let stayed = element_kg_s(&out[0], "Mg", &matter) / element_kg_s(&slurry[0], "Mg", &matter);
    near(stayed, 0.2 * 60.0 / 112.0);
    // Repulping with twice the dry solids in water to a cake of 10 % liquor.
    let settings = [
        ("temperature", number(298.15)),
        ("moisture", number(0.1)),
        ("wash_ratio", number(2.0)),
        ("phases", text("Gypsum")),
    ];
    let outcome = run("repulper", &settings, &inlets, &mut room).unwrap();
    near(outcome.taken[0].1, 0.84);
    let stayed = element_kg_s(&outcome.outlets[0], "Mg", &matter);
    near(
        stayed / element_kg_s(&slurry[0], "Mg", &matter),
        42.0 / 9.0 / 144.0,
    );
    // Dryer: what is left is water of crystallisation and a hundredth of free water.
    let settings = [("temperature", number(353.15)), ("moisture", number(0.01))];
    let out = run("dryer", &settings, &slurry, &mut room).unwrap().outlets;
    let free = out[0].brine_mol_s[0] * 0.018_015_28;
    let moisture = free / out[0].mass_kg_s(&matter);
    assert!((moisture - 0.01).abs() < 1e-6, "{moisture}");
    // All Mg ends in hydrates but for what the last liquor holds: less than 45 kg of water went off.
    assert!(kg(&out[0], "Carnallite") + kg(&out[0], "Bischofite") > 25.0);
    assert!(out[1].mass_kg_s(&matter) > 25.0 && out[1].mass_kg_s(&matter) < 30.0);
}

/// Every unit over its declared range, with whatever may come to it.
#[test]
fn nothing_breaks_anywhere_in_the_declared_range() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let celsius = [-10.0, 0.0, 15.0, 25.0, 60.0, 100.0];
    let t = |c: f64| ("temperature", number(c + 273.15));
    let mut runs = 0;
    for feed in feeds(&matter) {
        for a in [0.0, 0.3, 1.0] {
            for b in [0.0, 0.5, 1.0] {
                for c in [0.05, 0.5, 0.9] {
                    let mut go = |kind: &str, settings: &[(&str, Setting)]| {
                        run(kind, settings, std::slice::from_ref(&feed), &mut room).unwrap();
                        runs += 1;
                    };
                    go(
                        "screen",
                        &[
                            ("coarse", number(a)),
                            ("efficiency", number(b)),
                            ("misplaced", number(1.0 - a)),
                            ("moisture", number(c)),
                        ],
                    );
                    go(
                        "thickener",
                        &[
                            ("underflow_solids", number(c)),
                            ("overflow_loss", number(a)),
                        ],
                    );
                    go(
                        "separator",
                        &[("solids_recovery", number(a)), ("moisture", number(c))],
                    );
                    go(
                        "flotation",
                        &[
                            ("recovery", shares(&[("Sylvite", a)])),
                            ("rate", shares(&[("Halite", 1000.0 * b)])),
                            ("entrainment", shares(&[("Halite", b), ("Sylvite", 1.0)])),
                            ("entrainment_rest", number(b)),
                            ("froth_solids", number(c)),
                        ],
                    );
                }
            }
        }
        let wash = Stream::water(&matter, 0.5, 288.15);
        let none = Stream::nothing(&matter);
        for c in celsius {
            for a in [0.0, 0.5, 1.0] {
                for v in [0.0, 0.4, 0.98] {
                    let settings = [t(c), ("approach", number(a)), ("vapour", number(v))];
                    run(
                        "crystalliser",
                        &settings,
                        std::slice::from_ref(&feed),
                        &mut room,
                    )
                    .unwrap();
                    for wash in [&wash, &none] {
                        let inlets = [feed.clone(), wash.clone()];
                        let settings = [t(c), ("approach", number(a)), ("efficiency", number(v))];
                        run("washer", &settings, &inlets, &mut room).unwrap();
                        let ratio = ("wash_ratio", number(100.0 * v));
                        let settings = [
                            t(c),
                            ("approach", number(a)),
                            ratio,
                            ("moisture", number(0.5 * a)),
                        ];
                        run("repulper", &settings, &inlets, &mut room).unwrap();
                    }
                    runs += 5;
                }
            }
            for moisture in [1e-4, 0.01, 0.3] {
                let settings = [t(c.max(0.0)), ("moisture", number(moisture))];
                run("dryer", &settings, std::slice::from_ref(&feed), &mut room).unwrap();
                runs += 1;
            }
            for excess in [0.0, 0.5, 1.0, 1.3, 20.0] {
                for salt in ["Carnallite", "Bischofite"] {
                    let settings = [t(c), ("excess", number(excess)), ("salt", text(salt))];
                    run(
                        "decomposer",
                        &settings,
                        &[feed.clone(), wash.clone()],
                        &mut room,
                    )
                    .unwrap();
                    let liquor = (
                        "liquor",
                        shares(&[("MgCl2", 0.365), ("KCl", 0.039), ("NaCl", 0.019)]),
                    );
                    let settings = [t(c), ("excess", number(excess)), liquor];
                    run(
                        "decomposer",
                        &settings,
                        &[feed.clone(), wash.clone()],
                        &mut room,
                    )
                    .unwrap();
                    runs += 2;
                }
            }
        }
    }
    println!("{runs} runs");
}
