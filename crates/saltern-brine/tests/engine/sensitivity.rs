//! The derivatives of an equilibrium against differences of equilibria.

use crate::brines::{self, mixing_chlorides};
use saltern_brine::database::{Database, MineralId};
use saltern_brine::equilibrium::{Equilibrium, Protons, Solver, State};
use saltern_brine::phases;
use saltern_brine::sensitivity::{Direction, Tangent};
use saltern_brine::thermo::default_database;

struct Case {
    name: &'static str,
    temperature_k: f64,
    totals: &'static [(&'static str, f64)],
    water_kg: f64,
}

/// Brines with several solids, weak acids, and one far from any solid.
const CASES: [Case; 4] = [
    Case {
        name: "carnallite stage",
        temperature_k: 293.15,
        totals: &[
            ("Na", 1.0),
            ("K", 0.6),
            ("Mg", 3.5),
            ("Ca", 0.01),
            ("Cl", 8.22),
            ("S", 0.2),
        ],
        water_kg: 0.8,
    },
    Case {
        name: "soda lake",
        temperature_k: 288.15,
        totals: &[
            ("Na", 6.0),
            ("K", 0.6),
            ("Cl", 4.0),
            ("S", 0.3),
            ("C", 0.8),
            ("B", 0.3),
        ],
        water_kg: 0.9,
    },
    Case {
        name: "seawater",
        temperature_k: 300.15,
        totals: &[
            ("Na", 0.486),
            ("K", 0.0106),
            ("Mg", 0.0547),
            ("Ca", 0.0107),
            ("Cl", 0.566),
            ("S", 0.0293),
        ],
        water_kg: 1.0,
    },
    Case {
        name: "winter sulfate brine",
        temperature_k: 268.15,
        totals: &[("Na", 4.5), ("Mg", 0.9), ("Cl", 4.3), ("S", 1.0)],
        water_kg: 1.1,
    },
];

fn amounts(database: &Database, case: &Case) -> Vec<f64> {
    brines::amounts(database, case.totals, case.water_kg)
}

fn solve(database: &Database, allowed: &[MineralId], b: &[f64], t: f64) -> Equilibrium {
    let state = Solver::new(database, allowed)
        .equilibrate(b, t, None)
        .unwrap();
    assert_eq!(state.state, State::Wet);
    state
}

/// The state changed by a small step in a direction.
fn moved(
    database: &Database,
    allowed: &[MineralId],
    b: &[f64],
    t: f64,
    direction: Direction,
    step: f64,
) -> Equilibrium {
    let (mut database, mut b, mut t) = (database.clone(), b.to_vec(), t);
    match direction {
        Direction::Amount(c) => b[c] += step,
        Direction::Temperature => t += step,
        Direction::Interaction(row) => database.interactions[row].terms[0] += step,
        Direction::MineralLogK(m) => database.minerals[m].log_k.0[0] += step,
        Direction::SpeciesLogK(s) => database.species[s].log_k.0[0] += step,
    }
    solve(&database, allowed, &b, t)
}

fn compare(
    name: &str,
    direction: Direction,
    tangent: &Tangent,
    up: &Equilibrium,
    down: &Equilibrium,
    step: f64,
    t: f64,
    database: &Database,
) {
    let close = |what: &str, got: f64, up: f64, down: f64, scale: f64| {
        let expected = (up - down) / (2.0 * step);
        // Cold solutions are known to some 1e-8 of their logarithms.
        let tolerance = 1e-4 * expected.abs() + 3e-8 * scale / step + 1e-9;
        assert!(
            (got - expected).abs() < tolerance,
            "{name}, {direction:?}: {what} {got}, by differences {expected}"
        );
    };
    close("water", tangent.water_kg, up.water_kg, down.water_kg, 1.0);
    close(
        "water activity",
        tangent.water_activity,
        up.water_activity,
        down.water_activity,
        1.0,
    );
    close(
        "osmotic coefficient",
        tangent.osmotic_coefficient,
        up.osmotic_coefficient,
        down.osmotic_coefficient,
        1.0,
    );
    close(
        "ionic strength",
        tangent.ionic_strength_mol_kgw,
        up.ionic_strength_mol_kgw,
        down.ionic_strength_mol_kgw,
        10.0,
    );
    close("pH", tangent.ph(), up.ph(), down.ph(), 10.0);
    for (s, species) in database.species.iter().enumerate() {
        let m = |state: &Equilibrium| state.molality_mol_kgw[s];
        close(
            &species.name,
            tangent.molality_mol_kgw[s],
            m(up),
            m(down),
            m(up),
        );
        close(
            &species.name,
            tangent.ln_gamma[s],
            up.ln_gamma[s],
            down.ln_gamma[s],
            1.0,
        );
    }
    for (k, mineral) in database.minerals.iter().enumerate() {
        close(
            &mineral.name,
            tangent.solids_mol[k],
            up.solids_mol[k],
            down.solids_mol[k],
            1.0,
        );
        if up.saturation_index_of(database, k).is_finite()
            && !matches!(direction, Direction::MineralLogK(_))
        {
            let si = |state: &Equilibrium| state.saturation_index_of(database, k);
            let got = tangent.saturation_index_of(database, k, t);
            close(&mineral.name, got, si(up), si(down), 20.0);
        }
    }
}

fn follows_differences(database: &Database, case: &Case) {
    let allowed = phases::metastable(database);
    let b = amounts(database, case);
    let t = case.temperature_k;
    let state = solve(database, &allowed, &b, t);
    let formed: Vec<MineralId> = (0..database.minerals.len())
        .filter(|&m| state.solids_mol[m] > 0.0)
        .collect();
    let mut directions = vec![Direction::Temperature, Direction::Amount(1)];
    directions.extend((0..b.len()).filter(|&c| b[c] > 0.0).map(Direction::Amount));
    directions.extend(formed.iter().map(|&m| Direction::MineralLogK(m)));
    directions.extend(database.species("HCO3-").map(Direction::SpeciesLogK));
    let acts = |row: &usize| {
        let (i, j, k) = database.interactions[*row].species;
        let there = |s: usize| state.molality_mol_kgw[s] > 0.05;
        there(i) && there(j) && k.is_none_or(there)
    };
    let rows = (0..database.interactions.len()).filter(acts);
    directions.extend(rows.step_by(3).map(Direction::Interaction));
    let tangents = Solver::new(database, &allowed)
        .tangents(&b, &state, &directions)
        .unwrap();
    for (&direction, tangent) in directions.iter().zip(&tangents) {
        let step = match direction {
            // An unbuffered brine answers a millionth of acid with units of pH.
            Direction::Amount(1) => 1e-8,
            Direction::Amount(c) => 1e-4 * b[c].abs().max(0.01),
            Direction::Temperature => 0.01,
            _ => 1e-5,
        };
        let go = |step: f64| moved(database, &allowed, &b, t, direction, step);
        compare(
            case.name,
            direction,
            tangent,
            &go(step),
            &go(-step),
            step,
            t,
            database,
        );
    }
}

#[test]
fn derivatives_of_every_output_follow_differences() {
    let database = default_database();
    for case in &CASES {
        follows_differences(&database, case);
    }
}

/// Halite and sylvite made to mix, so that compositions of crystals are among the outputs.
#[test]
fn derivatives_of_mixed_crystals_follow_differences() {
    let database = mixing_chlorides(5000.0, -11.0);
    let case = Case {
        name: "mixed crystals",
        temperature_k: 308.15,
        totals: &[("Na", 6.0), ("K", 2.0), ("Mg", 0.3), ("Cl", 8.6)],
        water_kg: 0.8,
    };
    follows_differences(&database, &case);
}

#[test]
fn a_speciated_brine_has_derivatives_too() {
    let database = default_database();
    let mut b = amounts(&database, &CASES[1]);
    let mut solver = Solver::new(&database, &[]);
    let state = solver
        .speciate(&mut b, 288.15, Protons::Electroneutral)
        .unwrap();
    let tangent = &solver
        .tangents(&b, &state, &[Direction::Amount(1)])
        .unwrap()[0];
    // A brine that gains acid loses pH.
    assert!(tangent.ph() < 0.0);
}

#[test]
fn a_dry_state_has_no_derivatives() {
    let database = default_database();
    let allowed = phases::stable(&database);
    let mut b = amounts(&database, &CASES[0]);
    b[0] = 1.0;
    let mut solver = Solver::new(&database, &allowed);
    let state = solver.equilibrate(&b, 293.15, None).unwrap();
    assert_eq!(state.state, State::Dry);
    assert!(
        solver
            .tangents(&b, &state, &[Direction::Temperature])
            .is_err()
    );
}
