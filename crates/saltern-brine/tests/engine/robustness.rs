//! Wherever a brine can go there is an answer: random brines from dilute to dry, salt sets in too little
//! water, any scale, any order of the minerals.

use crate::brines::amounts;
use crate::reference::{pitzer_dat, table};
use saltern_brine::database::{Database, MineralId};
use saltern_brine::equilibrium::{Equilibrium, Solver, State};
use saltern_brine::evaporation::{Mode, Until, evaporate};
use saltern_brine::phases;
use saltern_brine::thermo::default_database;
use saltern_brine::water::MOLES_PER_KG;

/// A small generator with a fixed stream (SplitMix64, Steele et al. 2014), so that every run sees the same brines.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// The salts that random brines are mixed from; those that a database does not know are passed over.
const SALTS: [&[(&str, f64)]; 19] = [
    &[("Na", 1.0), ("Cl", 1.0)],
    &[("K", 1.0), ("Cl", 1.0)],
    &[("Mg", 1.0), ("Cl", 2.0)],
    &[("Ca", 1.0), ("Cl", 2.0)],
    &[("Na", 2.0), ("S", 1.0)],
    &[("Mg", 1.0), ("S", 1.0)],
    &[("K", 2.0), ("S", 1.0)],
    &[("Li", 1.0), ("Cl", 1.0)],
    &[("Na", 2.0), ("C", 1.0)],
    &[("Li", 2.0), ("S", 1.0)],
    &[("Na", 2.0), ("B", 4.0), ("H", -2.0)],
    &[("B", 1.0)],
    &[("Na", 1.0), ("Br", 1.0)],
    &[("Sr", 1.0), ("Cl", 2.0)],
    &[("Rb", 1.0), ("Cl", 1.0)],
    &[("Cs", 1.0), ("Cl", 1.0)],
    &[("Na", 1.0), ("N", 1.0)],
    &[("K", 1.0), ("N", 1.0)],
    &[("H", 1.0), ("Cl", 1.0)],
];

/// Amounts from 1e-4 to 10 mol of about half of the first nine salts and some of the others, in a thousandth to
/// a thousand times their water, at a temperature in degC between the given ends.
fn random_brine(database: &Database, random: &mut Random, degc: (f64, f64)) -> (Vec<f64>, f64) {
    let mut amounts = vec![0.0; database.components.len()];
    let mut salts = 0.0;
    for (k, salt) in SALTS.iter().enumerate() {
        let chosen = random.unit() < if k < 9 { 0.55 } else { 0.12 };
        let n = 10f64.powf(-4.0 + 5.0 * random.unit());
        let known: Option<Vec<_>> = salt
            .iter()
            .map(|&(element, nu)| Some((database.component_of_element(element)?, nu)))
            .collect();
        if let (true, Some(ions)) = (chosen, known) {
            salts += n;
            for (component, nu) in ions {
                amounts[component] += nu * n;
            }
        }
    }
    // From a dilute brine to less water than the hydrates would take.
    let water_per_salt = 10f64.powf(-1.0 + 3.5 * random.unit());
    amounts[0] = (salts * water_per_salt).max(1e-3);
    let celsius = degc.0 + (degc.1 - degc.0) * random.unit();
    (amounts, 273.15 + celsius)
}

fn stable(database: &Database) -> Vec<MineralId> {
    phases::stable(database)
}

/// Where the default set is meant to hold, degC.
const RANGE_DEGC: (f64, f64) = (-20.0, 110.0);

/// How many random brines, the first figure unless `SALTERN_RANDOM_BRINES` says otherwise.
fn count(default: usize) -> usize {
    let said = std::env::var("SALTERN_RANDOM_BRINES").ok();
    said.and_then(|v| v.parse().ok()).unwrap_or(default)
}

/// Solids at most saturated, present ones exactly, matter conserved.
fn check(
    database: &Database,
    allowed: &[MineralId],
    amounts: &[f64],
    state: &Equilibrium,
) -> Result<(), String> {
    let liquid = state.liquid_amounts_mol(database, amounts);
    let size: f64 = amounts.iter().map(|v| v.abs()).sum();
    if state.state == State::Dry {
        let left: f64 = liquid
            .iter()
            .zip(&state.residue_mol)
            .map(|(l, r)| (l - r).abs())
            .sum();
        return if left < 1e-9 * size {
            Ok(())
        } else {
            Err(format!("dry, but {left} mol is nowhere"))
        };
    }
    for (c, &left) in liquid.iter().enumerate() {
        let dissolved = state.total_molality_mol_kgw(database, c) * state.water_kg
            + if c == 0 {
                MOLES_PER_KG * state.water_kg
            } else {
                0.0
            };
        if (left - dissolved).abs() > 1e-9 * size {
            return Err(format!(
                "{}: {left} mol left, {dissolved} dissolved",
                database.components[c].name
            ));
        }
    }
    let mixes = |m: &MineralId| {
        let solutions = &database.solid_solutions;
        solutions
            .iter()
            .any(|solution| solution.members.contains(m))
    };
    for &m in allowed {
        let si = state.saturation_index_of(database, m);
        let present = state.solids_mol[m] > 0.0;
        let candidate = database.minerals[m].is_candidate_at(state.temperature_k);
        // A member of a mixed crystal is present below its own saturation.
        let unsaturated = present && si.abs() > 1e-7 && !mixes(&m);
        if (si > 1e-7 && candidate) || unsaturated {
            return Err(format!(
                "{}: SI {si} with {} mol",
                database.minerals[m].name, state.solids_mol[m]
            ));
        }
    }
    Ok(())
}

fn all_answered(database: &Database, degc: (f64, f64), count: usize) {
    let allowed = stable(database);
    let mut solver = Solver::new(database, &allowed);
    let mut random = Random(1);
    let (mut failures, mut dry, mut continued, mut iterations) = (Vec::new(), 0, 0, 0u64);
    for k in 0..count {
        let (amounts, temperature_k) = random_brine(database, &mut random, degc);
        match solver.equilibrate(&amounts, temperature_k, None) {
            Ok(state) => {
                dry += usize::from(state.state == State::Dry);
                continued += usize::from(state.report.continued_from_dilute);
                iterations += u64::from(state.report.iterations);
                if let Err(why) = check(database, &allowed, &amounts, &state) {
                    failures.push(format!("brine {k} at {temperature_k:.1} K: {why}"));
                }
            }
            Err(error) => failures.push(format!("brine {k}: {error}; {amounts:?}")),
        }
    }
    println!(
        "{}: {count} brines: {dry} dry, {continued} continued from dilute, {:.1} iterations each",
        database.name,
        iterations as f64 / count as f64
    );
    assert_none(&failures, count);
}

/// That nothing failed; a few of what did otherwise.
fn assert_none(failures: &[String], of: usize) {
    assert!(
        failures.is_empty(),
        "{} of {of}: {}",
        failures.len(),
        failures[..failures.len().min(12)].join("\n")
    );
}

#[test]
fn random_brines_from_dilute_to_dry_are_all_answered() {
    if let Some(database) = pitzer_dat() {
        all_answered(&database, (0.0, 60.0), count(1000));
    }
}

#[test]
fn random_brines_of_every_ion_are_all_answered() {
    all_answered(&default_database(), RANGE_DEGC, count(1000));
}

/// Where two answers to the same brine, one of them scaled, are not the same.
fn difference(
    database: &Database,
    reference: &Equilibrium,
    state: &Equilibrium,
    scale: f64,
    size: f64,
) -> Option<String> {
    if state.state != reference.state {
        return Some(format!("{:?}, not {:?}", state.state, reference.state));
    }
    let mut solids = reference.solids_mol.iter().enumerate();
    solids.find_map(|(m, &n)| {
        let here = state.solids_mol[m] / scale;
        let name = &database.minerals[m].name;
        ((here - n).abs() / size >= 1e-7).then(|| format!("{name}: {here}, not {n}"))
    })
}

/// The first thing wrong with the answers to a brine at other scales and with the minerals in the other order.
fn dependence(
    database: &Database,
    allowed: &[MineralId],
    amounts: &[f64],
    temperature_k: f64,
) -> Option<String> {
    let equilibrate = |allowed: &[MineralId], amounts: &[f64]| {
        let mut solver = Solver::new(database, allowed);
        let answer = solver.equilibrate(amounts, temperature_k, None);
        answer.map_err(|error| error.to_string())
    };
    let reversed: Vec<MineralId> = allowed.iter().rev().copied().collect();
    let size: f64 = amounts.iter().map(|v| v.abs()).sum();
    let reference = match equilibrate(allowed, amounts) {
        Ok(reference) => reference,
        Err(error) => return Some(error),
    };
    if Ok(&reference) != equilibrate(&reversed, amounts).as_ref() {
        return Some("another answer with the minerals in the other order".to_owned());
    }
    [1e-6, 1e-3, 7.0, 1e6].into_iter().find_map(|scale| {
        let scaled: Vec<f64> = amounts.iter().map(|v| v * scale).collect();
        let wrong = match equilibrate(allowed, &scaled) {
            Ok(state) => difference(database, &reference, &state, scale, size),
            Err(error) => Some(error),
        };
        wrong.map(|wrong| format!("at scale {scale:e}: {wrong}"))
    })
}

#[test]
fn the_answer_does_not_depend_on_scale_or_on_the_order_of_minerals() {
    let database = default_database();
    let allowed = stable(&database);
    let mut random = Random(2);
    let count = count(60);
    let mut failures = Vec::new();
    for k in 0..count {
        let (amounts, temperature_k) = random_brine(&database, &mut random, RANGE_DEGC);
        if let Some(wrong) = dependence(&database, &allowed, &amounts, temperature_k) {
            let celsius = temperature_k - 273.15;
            failures.push(format!(
                "brine {k} at {celsius:.2} degC: {wrong}; {amounts:?}"
            ));
        }
    }
    assert_none(&failures, count);
}

/// Component amounts with the water in mol, as the random brines have it.
fn in_moles(database: &Database, water_mol: f64, totals: &[(&str, f64)]) -> Vec<f64> {
    let mut amounts = amounts(database, totals, 0.0);
    amounts[0] = water_mol;
    amounts
}

/// Brine 65031 of the stream above: thermonatrite and Na2CO3·7H2O fix the water activity, four more solids all the
/// ions that matter, and the rest of the brine is liquid at one composition, which the traces (bicarbonate, magnesium)
/// decide. Without the slopes of the traces Newton's matrix is singular there; its steps were noise, took the liquid
/// away, and the brine was dry at scale 7 and wet at the others. Halite, which the dry answer had, is unsaturated.
#[test]
fn a_brine_whose_composition_its_traces_decide_is_wet_at_every_scale() {
    let database = default_database();
    let allowed = stable(&database);
    let totals = [
        ("Na", 0.6366255886571777),
        ("K", 2.4833512368050346),
        ("Mg", 0.0005210211161687143),
        ("Cl", 2.484393279037372),
        ("S", 0.00621757133501803),
        ("C", 0.3120952229935708),
    ];
    let amounts = in_moles(&database, 1.3754894407905847, &totals);
    let temperature_k = 273.15 + 19.92;
    let mut solver = Solver::new(&database, &allowed);
    for scale in [0.75, 0.8, 1.0, 1.5, 7.0] {
        let scaled: Vec<f64> = amounts.iter().map(|v| v * scale).collect();
        let state = solver.equilibrate(&scaled, temperature_k, None).unwrap();
        assert_eq!(state.state, State::Wet, "at scale {scale}");
        check(&database, &allowed, &scaled, &state).unwrap();
    }
    assert_eq!(
        dependence(&database, &allowed, &amounts, temperature_k),
        None
    );
}

/// Brine 67815 of the stream above: on the way down arcanite, sylvite, picromerite, mirabilite and ice are all there
/// at a temperature that is not quite their eutectic's; traces of carbonate keep a little of it liquid. Newton's
/// method without the slopes of the traces found no next point, and the walk ended without an answer.
#[test]
fn a_eutectic_kept_liquid_by_its_traces_is_passed() {
    let database = default_database();
    let allowed = stable(&database);
    let totals = [
        ("Na", 0.04718051618664876),
        ("K", 12.027275025333976),
        ("Mg", 0.20599784845440683),
        ("Sr", 0.7315057778809158),
        ("Cl", 1.824263187781983),
        ("S", 6.062340414046034),
        ("C", 0.00025938915860952136),
    ];
    let amounts = in_moles(&database, 0.8429585070622909, &totals);
    let temperature_k = 273.15 - 16.10;
    assert_eq!(
        dependence(&database, &allowed, &amounts, temperature_k),
        None
    );
}

/// Every salt set of the reference, ten moles of each salt in too little water and in more: wet or dry, each is
/// answered and the answer checked. (PHREEQC gives up on 34 of the 405 with 1 kg and on 4 with 4 kg.)
#[test]
fn salt_sets_in_little_water_are_all_answered() {
    let Some(database) = pitzer_dat() else { return };
    let allowed = stable(&database);
    let mut sets: Vec<String> = table("phreeqc/solubility.csv")
        .iter()
        .map(|row| row["initial_salts"].clone())
        .collect();
    sets.sort_unstable();
    sets.dedup();
    let mut dry = [0, 0];
    for set in &sets {
        for celsius in [0.0, 15.0, 25.0, 35.0, 50.0] {
            for (k, water_kg) in [1.0, 4.0].into_iter().enumerate() {
                let mut amounts = vec![0.0; database.components.len()];
                amounts[0] = water_kg * MOLES_PER_KG;
                for name in set.split([';', '+']) {
                    let salt = database.mineral(name.trim()).unwrap();
                    for &(c, nu) in &database.minerals[salt].dissolution {
                        amounts[c] += 10.0 * nu;
                    }
                }
                let state = Solver::new(&database, &allowed)
                    .equilibrate(&amounts, 273.15 + celsius, None)
                    .unwrap_or_else(|error| {
                        panic!("{set} in {water_kg} kg at {celsius} degC: {error}")
                    });
                check(&database, &allowed, &amounts, &state).unwrap_or_else(|why| {
                    panic!("{set} in {water_kg} kg at {celsius} degC: {why}")
                });
                dry[k] += usize::from(state.state == State::Dry);
            }
        }
    }
    println!(
        "{} sets, 5 temperatures: dry {} in 1 kg, {} in 4 kg",
        sets.len(),
        dry[0],
        dry[1]
    );
}

/// A Qarhan-type brine has lithium, for which pitzer.dat has no solid: once bischofite holds the water, each
/// round of drying took the last drop and bischofite gave up another, and the path ended wet.
#[test]
fn a_path_to_dryness_ends_dry_where_hydrates_give_up_water() {
    let Some(database) = pitzer_dat() else { return };
    let totals = [
        ("Na", 1.989),
        ("K", 0.44021),
        ("Mg", 2.3605),
        ("Li", 0.016531),
        ("Cl", 7.166731),
    ];
    let amounts = amounts(&database, &totals, 1.0);
    let allowed = stable(&database);
    let mut solver = Solver::new(&database, &allowed);
    let (mode, until) = (Mode::Equilibrium, Until::Dry);
    let path = evaporate(&mut solver, &amounts, 298.15, mode, until, 100).unwrap();
    assert_eq!(path.last().unwrap().state.state, State::Dry);
}
