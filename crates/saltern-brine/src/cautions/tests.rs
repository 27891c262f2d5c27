use super::*;
use crate::database::{Interaction, WATER};
use crate::equilibrium::Solver;
use crate::thermo::default_database;
use crate::water::MOLES_PER_KG;

/// A kilogram of water with some component amounts, speciated without solids.
fn brine(database: &Database, amounts: &[(&str, f64)], temperature_k: f64) -> Equilibrium {
    let mut mol = vec![0.0; database.components.len()];
    mol[WATER] = MOLES_PER_KG;
    for (name, amount) in amounts {
        mol[database.component(name).expect(name)] = *amount;
    }
    Solver::new(database, &[])
        .equilibrate(&mol, temperature_k, None)
        .expect("an equilibrium")
}

/// The default database with one range for all its interactions.
fn ranged_database(low_k: f64, high_k: f64) -> Database {
    let mut database = default_database();
    for i in &mut database.interactions {
        i.provenance.temperature_k_min = Some(low_k);
        i.provenance.temperature_k_max = Some(high_k);
    }
    database
}

fn texts(state: &Equilibrium, database: &Database) -> String {
    let all: Vec<String> = cautions(state, database)
        .iter()
        .map(|c| c.text(Lang::En))
        .collect();
    all.join("; ")
}

#[test]
fn parameters_outside_their_range_are_named_with_it() {
    let mut database = ranged_database(273.15, 298.15);
    let state = |t| brine(&database, &[("Na+", 5.0), ("Cl-", 5.0)], t);
    assert_eq!(cautions(&state(298.55), &database), []);
    let warm = state(353.15);
    let [Caution::ParametersOutsideRange { largest, more, .. }] = &cautions(&warm, &database)[..]
    else {
        panic!("{}", texts(&warm, &database));
    };
    // β0, β1 and C of one salt.
    assert_eq!(largest.len() + more, 3);
    assert_eq!(largest[0].what, "B0 Na+–Cl-");
    assert!(texts(&warm, &database).contains("B0 Na+–Cl- (0…25 degC)"));
    for i in &mut database.interactions {
        (
            i.provenance.temperature_k_min,
            i.provenance.temperature_k_max,
        ) = (None, None);
    }
    assert_eq!(cautions(&warm, &database), [], "no range, no caution");
}

/// A trace's parameters matter to nothing but the trace.
#[test]
fn traces_are_passed_over() {
    let database = ranged_database(273.15, 298.15);
    let amounts = [("Na+", 0.001), ("Cl-", 0.001)];
    let dilute = brine(&database, &amounts, 353.15);
    assert_eq!(cautions(&dilute, &database), []);
}

#[test]
fn a_plentiful_pair_without_beta_is_named_with_its_share() {
    let mut database = ranged_database(200.0, 500.0);
    let (na, cl) = (database.species("Na+"), database.species("Cl-"));
    let pair = |i: &Interaction| {
        use crate::database::InteractionKind::{Beta0, Beta1};
        Some(i.species.0) == na && Some(i.species.1) == cl && matches!(i.kind, Beta0 | Beta1)
    };
    database.interactions.retain(|i| !pair(i));
    let some = brine(&database, &[("Na+", 0.5), ("Cl-", 0.5)], 298.15);
    let [
        Caution::MissingParameters {
            largest,
            more,
            share,
        },
    ] = &cautions(&some, &database)[..]
    else {
        panic!("{}", texts(&some, &database));
    };
    let named = (largest.len(), *more, largest[0].kind);
    assert_eq!(named, (1, 0, "B0"));
    assert_eq!(largest[0].species, ["Na+", "Cl-"]);
    assert!((share - 0.5).abs() < 1e-6 && (largest[0].share - 0.5).abs() < 1e-6);
    let little = brine(&database, &[("Na+", 0.02), ("Cl-", 0.02)], 298.15);
    assert_eq!(cautions(&little, &database), []);
}

#[test]
fn ternary_parameters_are_missed_too() {
    let mut database = ranged_database(200.0, 500.0);
    let [na, mg, cl] = ["Na+", "Mg+2", "Cl-"].map(|s| database.species(s).expect(s));
    let mixing = |i: &Interaction| {
        let (a, b, c) = i.species;
        [a, b].contains(&na) && [a, b].contains(&mg) && (c.is_none() || c == Some(cl))
    };
    database.interactions.retain(|i| !mixing(i));
    let some = brine(
        &database,
        &[("Na+", 2.0), ("Mg+2", 2.0), ("Cl-", 6.0)],
        298.15,
    );
    let text = texts(&some, &database);
    assert!(text.contains("THETA Na+–Mg+2 (13 %)"), "{text}");
    assert!(text.contains("PSI Na+–Mg+2–Cl- (13 %)"), "{text}");
}

/// mol/kgw, after the brines of the Qarhan lake: what its ponds are fed with. A set made for it has little to confess.
#[test]
fn an_ordinary_lake_brine_is_not_drowned_in_cautions() {
    let database = default_database();
    let qarhan = [
        ("Na+", 1.989),
        ("K+", 0.44),
        ("Mg+2", 2.36),
        ("Ca+2", 0.01),
        ("Li+", 0.0165),
        ("SO4-2", 0.04),
        ("Cl-", 7.1055),
    ];
    let state = brine(&database, &qarhan, 298.15);
    assert_eq!(texts(&state, &database), "");
}

#[test]
fn solids_outside_the_range_of_their_log_k_are_named() {
    let mut database = default_database();
    let halite = database.mineral("Halite").expect("halite");
    let origin = &mut database.minerals[halite].provenance;
    (origin.temperature_k_min, origin.temperature_k_max) = (Some(273.15), Some(298.15));
    let mut mol = vec![0.0; database.components.len()];
    mol[WATER] = MOLES_PER_KG;
    for name in ["Na+", "Cl-"] {
        mol[database.component(name).expect(name)] = 8.0;
    }
    let mut solver = Solver::new(&database, &[halite]);
    let mut named = |t: f64| {
        let state = solver.equilibrate(&mol, t, None).expect("an equilibrium");
        texts(&state, &database).contains("log K of Halite (0…25 degC)")
    };
    assert!(named(333.15));
    assert!(!named(298.15));
}

#[test]
fn what_no_solid_holds_is_told_when_dry() {
    let database = default_database();
    let mut state = Equilibrium {
        state: State::Dry,
        residue_mol: vec![0.0; database.components.len()],
        ..Equilibrium::default()
    };
    assert_eq!(cautions(&state, &database), []);
    let li = database.component("Li+").expect("lithium");
    state.residue_mol[li] = 0.25;
    let components = vec![("Li+".to_string(), 0.25)];
    assert_eq!(
        cautions(&state, &database),
        [Caution::Residue { components }]
    );
}

#[test]
fn every_caution_is_said_in_both_languages() {
    assert_eq!(beyond(20.0), None);
    let outside = Outside {
        what: "B0 Li+–NO3-".into(),
        from_degc: f64::NEG_INFINITY,
        to_degc: 25.0,
    };
    let all = [
        Caution::ParametersOutsideRange {
            largest: vec![outside.clone()],
            more: 2,
            temperature_k: 263.15,
        },
        Caution::LogKOutsideRange {
            largest: vec![outside],
            more: 0,
            temperature_k: 263.15,
        },
        Caution::MissingParameters {
            largest: vec![Missing {
                kind: "B0",
                species: vec!["Li+".into(), "NO3-".into()],
                share: 0.031,
            }],
            more: 1,
            share: 0.04,
        },
        beyond(21.0).expect("beyond"),
        Caution::Residue {
            components: vec![("Li+".into(), 0.5)],
        },
    ];
    for caution in all {
        let known = |e: &saltern_units::message::Entry| e.code == caution.code();
        assert!(
            catalogue().entries().iter().any(known),
            "{}",
            caution.code()
        );
        for lang in [Lang::En, Lang::Zh] {
            assert!(!caution.text(lang).contains('{'), "{}", caution.text(lang));
        }
        assert_ne!(caution.text(Lang::En), caution.text(Lang::Zh));
    }
}
