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

#[test]
fn parameters_outside_their_range_are_counted_for_the_species_present() {
    let database = ranged_database(273.15, 298.15);
    let state = |t| brine(&database, &[("Na+", 1.0), ("Cl-", 1.0)], t);
    assert_eq!(cautions(&state(298.55), &database), []);
    let between: Vec<&Interaction> = database
        .interactions
        .iter()
        .filter(|i| {
            let names = ["Na+", "Cl-"];
            let (a, b, c) = i.species;
            [Some(a), Some(b), c]
                .iter()
                .flatten()
                .all(|&s| names.contains(&database.species[s].name.as_str()))
        })
        .collect();
    assert!(between.len() >= 3, "{}", between.len());
    let expected = Caution::ParametersOutsideRange {
        count: between.len(),
        of: between.len(),
        temperature_k: 323.15,
    };
    assert_eq!(cautions(&state(323.15), &database), [expected]);
}

#[test]
fn rows_without_a_range_do_not_count() {
    let mut database = default_database();
    for i in &mut database.interactions {
        i.provenance.temperature_k_min = None;
        i.provenance.temperature_k_max = None;
    }
    let state = brine(&database, &[("Na+", 1.0), ("Cl-", 1.0)], 353.15);
    assert_eq!(cautions(&state, &database), []);
}

#[test]
fn a_plentiful_pair_without_beta_is_named() {
    let mut database = ranged_database(200.0, 500.0);
    let (na, cl) = (database.species("Na+"), database.species("Cl-"));
    let pair = |i: &Interaction| Some(i.species.0) == na && Some(i.species.1) == cl;
    database.interactions.retain(|i| !pair(i));
    let some = brine(&database, &[("Na+", 0.1), ("Cl-", 0.1)], 298.15);
    let pairs = vec!["Na+–Cl-".to_string()];
    assert_eq!(
        cautions(&some, &database),
        [Caution::MissingParameters { pairs }]
    );
    let little = brine(&database, &[("Na+", 0.04), ("Cl-", 0.04)], 298.15);
    assert_eq!(cautions(&little, &database), []);
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
    let all = [
        Caution::ParametersOutsideRange {
            count: 3,
            of: 9,
            temperature_k: 263.15,
        },
        Caution::MissingParameters {
            pairs: vec!["Li+–NO3-".into()],
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
