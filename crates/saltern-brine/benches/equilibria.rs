//! How long the calculations take that everything else repeats: `cargo bench -p saltern-brine`.
//!
//! The bars are those of one core: speciation of seven ions, an equilibrium from a nearby one with 12 candidate
//! solids, an evaporation step with 40, a path of 200 steps from seawater to bischofite. A sample is fifty calls in
//! a row, as they are made in a batch.

use divan::Bencher;
use saltern_brine::database::{Database, MineralId, WATER};
use saltern_brine::equilibrium::{Equilibrium, Protons, Solver};
use saltern_brine::evaporation::{Mode, Until, evaporate};
use saltern_brine::phases;
use saltern_brine::thermo::default_database;
use saltern_brine::water::MOLES_PER_KG;

fn main() {
    divan::main();
}

/// Seawater (Millero et al. 2008 to three digits), mol/kgw.
const SEAWATER: [(&str, f64); 7] = [
    ("Na", 0.486),
    ("K", 0.0106),
    ("Mg", 0.0547),
    ("Ca", 0.0107),
    ("Cl", 0.566),
    ("S", 0.0293),
    ("C", 0.0021),
];

/// A Qarhan-type chloride brine between the sylvite and the carnallite stage, mol/kgw.
const CHLORIDE: [(&str, f64); 6] = [
    ("Na", 1.6),
    ("K", 0.5),
    ("Mg", 2.9),
    ("Ca", 0.005),
    ("Cl", 7.71),
    ("S", 0.1),
];

const TWELVE: [&str; 12] = [
    "Halite",
    "Sylvite",
    "Carnallite",
    "Bischofite",
    "Epsomite",
    "Hexahydrite",
    "Kainite",
    "Gypsum",
    "Anhydrite",
    "Mirabilite",
    "Thenardite",
    "Glauberite",
];

const TEMPERATURE_K: f64 = 298.15;

fn amounts(database: &Database, brine: &[(&str, f64)]) -> Vec<f64> {
    let mut amounts = vec![0.0; database.components.len()];
    amounts[WATER] = MOLES_PER_KG;
    for &(element, mol) in brine {
        if let Some(c) = database.component_of_element(element) {
            amounts[c] = mol;
        }
    }
    amounts
}

fn twelve(database: &Database) -> Vec<MineralId> {
    TWELVE
        .iter()
        .filter_map(|name| database.mineral(name))
        .collect()
}

fn forty(database: &Database) -> Vec<MineralId> {
    phases::stable(database).into_iter().take(40).collect()
}

/// A speciation from an analysis of seven ions, pH from electroneutrality.
#[divan::bench(sample_size = 50)]
fn speciate_seven_ions(bencher: Bencher) {
    let database = default_database();
    let mut solver = Solver::new(&database, &[]);
    let seawater = amounts(&database, &SEAWATER);
    let mut work = seawater.clone();
    bencher.bench_local(|| {
        work.copy_from_slice(&seawater);
        solver.speciate(&mut work, TEMPERATURE_K, Protons::Electroneutral)
    });
}

/// An equilibrium next to an earlier one: 1 % of the water gone, then back.
#[divan::bench(sample_size = 50)]
fn warm_equilibrium_twelve_minerals(bencher: Bencher) {
    let database = default_database();
    let allowed = twelve(&database);
    warm(bencher, &database, &allowed, &CHLORIDE, 0.45);
}

/// An evaporation step among forty minerals.
#[divan::bench(sample_size = 50)]
fn warm_step_forty_minerals(bencher: Bencher) {
    let database = default_database();
    let allowed = forty(&database);
    warm(bencher, &database, &allowed, &SEAWATER, 0.012);
}

fn warm(
    bencher: Bencher,
    database: &Database,
    allowed: &[MineralId],
    brine: &[(&str, f64)],
    water: f64,
) {
    let mut solver = Solver::new(database, allowed);
    let mut totals = amounts(database, brine);
    let Ok(first) = solver.equilibrate(&totals, TEMPERATURE_K, None) else {
        return;
    };
    let share = |share: f64| MOLES_PER_KG * share;
    totals[WATER] = share(water);
    let Ok(mut state) = solver.equilibrate(&totals, TEMPERATURE_K, Some(&first)) else {
        return;
    };
    let mut dry = false;
    bencher.bench_local(|| {
        dry = !dry;
        totals[WATER] = share(if dry { 0.97 * water } else { water });
        solver.update(&totals, TEMPERATURE_K, &mut state)
    });
}

/// A cold equilibrium: nothing known beforehand.
#[divan::bench(sample_size = 50)]
fn cold_equilibrium_twelve_minerals(bencher: Bencher) {
    let database = default_database();
    let allowed = twelve(&database);
    let mut solver = Solver::new(&database, &allowed);
    let mut totals = amounts(&database, &CHLORIDE);
    totals[WATER] = 0.6 * MOLES_PER_KG;
    bencher.bench_local(|| -> Option<Equilibrium> {
        solver.equilibrate(&totals, TEMPERATURE_K, None).ok()
    });
}

/// Seawater down to bischofite in 200 steps, every stable solid allowed.
#[divan::bench]
fn path_seawater_to_bischofite(bencher: Bencher) {
    let database = default_database();
    let allowed = phases::stable(&database);
    let mut solver = Solver::new(&database, &allowed);
    let seawater = amounts(&database, &SEAWATER);
    bencher.bench_local(|| {
        evaporate(
            &mut solver,
            &seawater,
            TEMPERATURE_K,
            Mode::Fractional,
            Until::WaterShare(0.006),
            200,
        )
        .map(|rows| rows.len())
    });
}
