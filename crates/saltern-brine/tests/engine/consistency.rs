//! The consistency matrix: the same identities of thermodynamics × every database × a grid of states.
//!
//! An identity holds whatever the parameters are, so a failure is a fault of the program (or a place where a set of
//! parameters describes no brine any more, which is then a known failure with its reason). Databases beside the
//! default set are those of the reference folder; where that is absent they are left out, saying so.

mod activity;
mod grid;
mod heat;
mod ledger;
mod routes;
mod slopes;
mod state;

use crate::reference;
use grid::{Case, Set};
use ledger::{Known, Ledger};
use saltern_brine::database::{Database, MixingEnergy, SolidSolution};
use saltern_brine::equilibrium::{Equilibrium, Solver};
use saltern_brine::thermo::default_database;

/// What is known to fail, and why. An entry that fails no more fails the test: it is to be struck out.
const KNOWN: &[Known] = &[];

/// The solver finds an answer.
const ANSWER: &str = "there is an answer";
/// A state is wet or dry by whatever route it is reached.
const WET_OR_DRY: &str = "wet or dry alike";

/// Every database with the temperatures, °C, that it is meant for (of those that ponds and plants see).
fn sets() -> Vec<Set> {
    let warm: &[f64] = &[0.0, 25.0, 60.0, 110.0];
    let cold: &[f64] = &[-20.0, 0.0, 25.0];
    let mut sets = vec![
        Set::new(default_database(), &[-20.0, 0.0, 25.0, 60.0, 110.0]),
        Set::new(mixing_crystals(), &[0.0, 25.0, 60.0]),
    ];
    for (name, temperatures) in [
        ("pitzer.dat", warm),
        ("frezchem.dat", cold),
        ("ColdChem.dat", cold),
    ] {
        sets.extend(reference::phreeqc(name).map(|database| Set::new(database, temperatures)));
    }
    sets
}

/// The default set with solids made to mix that do not: members whose pure solubilities are known well, with
/// interactions of either sign.
fn mixing_crystals() -> Database {
    let mut database = default_database();
    database.name = "mixed".to_string();
    // Sylvite is in a crystal of its own there already.
    database.solid_solutions.clear();
    let mut mix = |members: [&str; 2], sites: f64, constant_j_mol: f64, slope_j_mol_k: f64| {
        let members = members.map(|name| database.mineral(name).unwrap());
        database.solid_solutions.push(SolidSolution {
            name: "made up".to_string(),
            members: members.to_vec(),
            sites,
            interactions: vec![MixingEnergy {
                members,
                constant_j_mol,
                slope_j_mol_k,
            }],
            provenance: Default::default(),
        });
    };
    mix(["Halite", "Sylvite"], 1.0, 1000.0, 2.0);
    mix(["Arcanite", "Thenardite"], 2.0, -1500.0, 0.0);
    database
}

/// Asks something of every state of every set, brine by brine from dilute to dry at one temperature after the other.
/// `with` makes what is needed for a set.
fn matrix<'a, W>(
    name: &str,
    sets: &'a [Set],
    with: impl Fn(&'a Set) -> W,
    mut look: impl FnMut(&mut W, &Case<'_>, &Equilibrium, &mut Ledger),
) {
    let mut ledger = Ledger::default();
    for set in sets {
        let mut with = with(set);
        let mut solver = Solver::new(&set.database, &set.allowed);
        for &celsius in set.temperatures {
            for (brine, amounts) in &set.brines {
                for &water_kg in &grid::WATER_KG {
                    let case = Case::new(set, brine, amounts, water_kg, celsius);
                    match solver.equilibrate(&case.amounts_mol, case.kelvin(), None) {
                        Ok(state) => {
                            ledger.note(&case, ANSWER, 0.0, 1.0, "");
                            look(&mut with, &case, &state, &mut ledger);
                        }
                        Err(error) => {
                            let why = error.to_string();
                            ledger.note(&case, ANSWER, f64::NAN, 1.0, &why);
                        }
                    }
                }
            }
        }
    }
    ledger.close(name, KNOWN);
}

#[test]
fn the_activity_model_is_one_gibbs_energy() {
    matrix("activity", &sets(), activity::Model::new, activity::look);
}

#[test]
fn every_state_is_an_equilibrium_of_what_it_was_made_of() {
    matrix(
        "state",
        &sets(),
        |set| set,
        |set, case, state, ledger| state::look(set, case, state, ledger),
    );
}

#[test]
fn heat_and_activity_are_one_function_of_temperature() {
    matrix("heat", &sets(), heat::Heat::new, heat::look);
}

#[test]
fn every_route_to_the_same_matter_ends_in_the_same_state() {
    matrix("routes", &sets(), routes::Routes::new, routes::look);
}

#[test]
fn derivatives_are_those_of_one_gibbs_energy() {
    matrix("slopes", &sets(), slopes::Slopes::new, slopes::look);
}
