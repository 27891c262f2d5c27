//! Evaporation paths: every mineral at its place, solids within 1e-3, step by step from PHREEQC's own brine.

use crate::reference::{number, pitzer_dat, table};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::{Equilibrium, Solver, State};
use saltern_brine::phases;
use saltern_brine::water::MOLES_PER_KG;
use std::collections::{BTreeMap, HashMap};

const TOTALS: [(&str, &str); 10] = [
    ("m_Na", "Na"),
    ("m_K", "K"),
    ("m_Li", "Li"),
    ("m_Mg", "Mg"),
    ("m_Ca", "Ca"),
    ("m_Cl", "Cl"),
    ("m_Br", "Br"),
    ("m_S6", "S"),
    ("m_C4", "C"),
    ("m_B", "B"),
];
/// Amounts below this, mol per kg of first water, are judged against it: a solid's first step is a small
/// difference of large amounts.
const ONSET_MOL: f64 = 5e-3;
/// The steps were given as moles at 18.01528 g/mol, which PHREEQC turns into mass at its own 18.016 g/mol.
const FRACTION_REMOVED: f64 = 0.028 * 18.016 / 18.01528;

#[test]
fn evaporation_paths_agree_with_phreeqc() {
    let Some(database) = pitzer_dat() else { return };
    let mut runs: BTreeMap<String, Vec<HashMap<String, String>>> = BTreeMap::new();
    for row in table("phreeqc/evaporation.csv") {
        runs.entry(row["run"].clone()).or_default().push(row);
    }
    assert_eq!(runs.len(), 12);
    let mut worst = 0.0_f64;
    for (name, rows) in &runs {
        worst = worst.max(follow(&database, name, rows));
    }
    println!(
        "worst difference of a cumulated solid {worst:.1e} of its amount or of 5 mmol per kg of first water"
    );
    assert!(worst <= 1e-3);
}

/// Walks one run; returns the worst difference of a cumulated solid.
fn follow(database: &Database, name: &str, rows: &[HashMap<String, String>]) -> f64 {
    let fractional = name.contains("frac");
    let list = if name.contains("meta") {
        "metastable"
    } else {
        "stable"
    };
    let allowed = phases::select(database, list, "").unwrap();
    let mut solver = Solver::new(database, &allowed);
    let first = &rows[0];
    let temperature_k = number(first, "T_C").unwrap() + 273.15;
    let mut amounts = liquid_of(database, first);
    let mut removed = vec![0.0; database.minerals.len()];
    if !fractional {
        // The first row already holds solids: they belong to the matter that evaporates.
        for (m, mineral) in database.minerals.iter().enumerate() {
            let n = number(first, &format!("cum_{}", mineral.name)).unwrap_or(0.0);
            for &(c, nu) in &mineral.dissolution {
                amounts[c] += nu * n;
            }
            removed[m] = 0.0;
        }
    }
    // Neutral brine: PHREEQC kept its pH by charge balance.
    let mut state: Option<Equilibrium> = None;
    let mut worst = 0.0_f64;
    for (k, row) in rows.iter().enumerate() {
        if k > 0 {
            let liquid = state.as_ref().map_or(0.0, |s| s.water_kg);
            amounts[0] -= FRACTION_REMOVED * liquid * MOLES_PER_KG;
        }
        let reached = solver
            .equilibrate(&amounts, temperature_k, state.as_ref())
            .unwrap();
        assert_eq!(reached.state, State::Wet, "{name} step {k}");
        for (m, n) in reached.solids_mol.iter().enumerate() {
            removed[m] = if fractional { removed[m] + n } else { *n };
        }
        for (m, mineral) in database.minerals.iter().enumerate() {
            let start = if fractional {
                number(first, &format!("cum_{}", mineral.name)).unwrap_or(0.0)
            } else {
                0.0
            };
            let expected = number(row, &format!("cum_{}", mineral.name)).unwrap_or(0.0) - start;
            let error = (removed[m] - expected).abs() / expected.abs().max(ONSET_MOL);
            if error > 1e-3 {
                println!(
                    "{name} step {k} {}: {} not {expected}",
                    mineral.name, removed[m]
                );
            }
            worst = worst.max(error);
        }
        if fractional {
            amounts = reached.liquid_amounts_mol(database, &amounts);
        }
        state = Some(reached);
    }
    worst
}

fn liquid_of(database: &Database, row: &HashMap<String, String>) -> Vec<f64> {
    let kgw = number(row, "kgw").unwrap();
    let mut amounts = vec![0.0; database.components.len()];
    amounts[0] = MOLES_PER_KG * kgw;
    for (column, element) in TOTALS {
        let total = number(row, column).unwrap();
        amounts[database.component_of_element(element).unwrap()] =
            if total > 1e-30 { total * kgw } else { 0.0 };
    }
    let mut solver = Solver::new(database, &[]);
    let temperature_k = number(row, "T_C").unwrap() + 273.15;
    solver
        .speciate(
            &mut amounts,
            temperature_k,
            saltern_brine::equilibrium::Protons::Electroneutral,
        )
        .unwrap();
    amounts
}
