//! Wherever a brine can go there is an answer: random brines from dilute to dry, salt sets in too little
//! water, any scale, any order of the minerals.

use crate::reference::pitzer_dat;
use saltern_brine::database::{Database, MineralId};
use saltern_brine::equilibrium::{Equilibrium, Solver, State};
use saltern_brine::evaporation::{Mode, Until, evaporate};
use saltern_brine::phases;
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

/// The salts of the Na-K-Mg-Ca-Li-Cl-SO4-CO3 system that random brines are mixed from.
const SALTS: [&[(&str, f64)]; 9] = [
    &[("Na", 1.0), ("Cl", 1.0)],
    &[("K", 1.0), ("Cl", 1.0)],
    &[("Mg", 1.0), ("Cl", 2.0)],
    &[("Ca", 1.0), ("Cl", 2.0)],
    &[("Na", 2.0), ("S", 1.0)],
    &[("Mg", 1.0), ("S", 1.0)],
    &[("K", 2.0), ("S", 1.0)],
    &[("Li", 1.0), ("Cl", 1.0)],
    &[("Na", 2.0), ("C", 1.0)],
];

fn random_brine(database: &Database, random: &mut Random) -> (Vec<f64>, f64) {
    let mut amounts = vec![0.0; database.components.len()];
    let mut salts = 0.0;
    for salt in SALTS {
        if random.unit() < 0.55 {
            let n = 10f64.powf(-4.0 + 5.0 * random.unit());
            salts += n;
            for (element, nu) in salt {
                amounts[database.component_of_element(element).unwrap()] += nu * n;
            }
        }
    }
    // From a dilute brine to less water than the hydrates would take.
    let water_per_salt = 10f64.powf(-1.0 + 3.5 * random.unit());
    amounts[0] = (salts * water_per_salt).max(1e-3);
    (amounts, 273.15 + 60.0 * random.unit())
}

fn stable(database: &Database) -> Vec<MineralId> {
    phases::stable(database)
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
    for &m in allowed {
        let si = state.saturation_index_of(database, m);
        let present = state.solids_mol[m] > 0.0;
        if si > 1e-7 || (present && si.abs() > 1e-7) {
            return Err(format!(
                "{}: SI {si} with {} mol",
                database.minerals[m].name, state.solids_mol[m]
            ));
        }
    }
    Ok(())
}

#[test]
fn random_brines_from_dilute_to_dry_are_all_answered() {
    let Some(database) = pitzer_dat() else { return };
    let allowed = stable(&database);
    let mut solver = Solver::new(&database, &allowed);
    let count: usize = std::env::var("SALTERN_RANDOM_BRINES")
        .ok()
        .and_then(|v| v.parse().ok())
        .unwrap_or(2000);
    let mut random = Random(1);
    let (mut failures, mut dry, mut continued, mut iterations) = (Vec::new(), 0, 0, 0u64);
    for k in 0..count {
        let (amounts, temperature_k) = random_brine(&database, &mut random);
        match solver.equilibrate(&amounts, temperature_k, None) {
            Ok(state) => {
                dry += usize::from(state.state == State::Dry);
                continued += usize::from(state.report.continued_from_dilute);
                iterations += u64::from(state.report.iterations);
                if let Err(why) = check(&database, &allowed, &amounts, &state) {
                    failures.push(format!("brine {k} at {temperature_k:.1} K: {why}"));
                }
            }
            Err(error) => failures.push(format!("brine {k}: {error}; {amounts:?}")),
        }
    }
    println!(
        "{count} brines: {dry} dry, {continued} continued from dilute, {:.1} iterations each",
        iterations as f64 / count as f64
    );
    assert!(
        failures.is_empty(),
        "{} of {count}: {}",
        failures.len(),
        failures[..failures.len().min(12)].join("\n")
    );
}

#[test]
fn the_answer_does_not_depend_on_scale_or_on_the_order_of_minerals() {
    let Some(database) = pitzer_dat() else { return };
    let allowed = stable(&database);
    let mut reversed = allowed.clone();
    reversed.reverse();
    let mut random = Random(2);
    for _ in 0..60 {
        let (amounts, temperature_k) = random_brine(&database, &mut random);
        let reference = Solver::new(&database, &allowed)
            .equilibrate(&amounts, temperature_k, None)
            .unwrap();
        let other_order = Solver::new(&database, &reversed)
            .equilibrate(&amounts, temperature_k, None)
            .unwrap();
        assert_eq!(reference, other_order);
        for scale in [1e-6, 1e-3, 7.0, 1e6] {
            let scaled: Vec<f64> = amounts.iter().map(|v| v * scale).collect();
            let state = Solver::new(&database, &allowed)
                .equilibrate(&scaled, temperature_k, None)
                .unwrap();
            assert_eq!(state.state, reference.state);
            for (m, &n) in reference.solids_mol.iter().enumerate() {
                let size: f64 = amounts.iter().map(|v| v.abs()).sum();
                let difference = (state.solids_mol[m] / scale - n).abs() / size;
                assert!(
                    difference < 1e-7,
                    "{} at scale {scale}: {} not {n}",
                    database.minerals[m].name,
                    state.solids_mol[m] / scale
                );
            }
        }
    }
}

/// A Qarhan-type brine has lithium, for which pitzer.dat has no solid: once bischofite holds the water, each
/// round of drying took the last drop and bischofite gave up another, and the path ended wet.
#[test]
fn a_path_to_dryness_ends_dry_where_hydrates_give_up_water() {
    let Some(database) = pitzer_dat() else { return };
    let mut amounts = vec![0.0; database.components.len()];
    amounts[0] = MOLES_PER_KG;
    let totals = [
        ("Na", 1.989),
        ("K", 0.44021),
        ("Mg", 2.3605),
        ("Li", 0.016531),
        ("Cl", 7.166731),
    ];
    for (element, total) in totals {
        amounts[database.component_of_element(element).unwrap()] = total;
    }
    let allowed = stable(&database);
    let mut solver = Solver::new(&database, &allowed);
    let (mode, until) = (Mode::Equilibrium, Until::Dry);
    let path = evaporate(&mut solver, &amounts, 298.15, mode, until, 100).unwrap();
    assert_eq!(path.last().unwrap().state.state, State::Dry);
}
