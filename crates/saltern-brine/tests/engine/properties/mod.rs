//! Density, viscosity, heat and phase changes against measurements and other programs.

mod density;
mod heat;
mod mixing;
mod phase_change;
mod viscosity;

use saltern_brine::database::Database;
use saltern_brine::equilibrium::{Equilibrium, Solver};
use saltern_brine::water::MOLES_PER_KG;

/// Seawater of practical salinity 35 per kilogram of water, the reference composition of Millero et al. 2008
/// (Deep-Sea Res. I 55, 50) without carbonate, borate, fluoride; chloride by charge balance.
const SEAWATER: [(&str, f64); 6] = [
    ("Na", 0.486060),
    ("K", 0.010580),
    ("Mg", 0.054742),
    ("Ca", 0.010657),
    ("S", 0.029264),
    ("Br", 0.000873),
];

/// Component amounts of 1 kg of water with some totals, mol; chloride balances the charge.
fn amounts(database: &Database, totals: &[(&str, f64)]) -> Vec<f64> {
    let mut amounts = vec![0.0; database.components.len()];
    amounts[0] = MOLES_PER_KG;
    let mut charge = 0.0;
    for &(element, mol) in totals {
        let c = database.component_of_element(element).unwrap();
        amounts[c] += mol;
        charge += mol * database.components[c].formula.charge;
    }
    amounts[database.component_of_element("Cl").unwrap()] += charge;
    // What rounding of the table leaves.
    if charge.abs() < 1e-12 {
        amounts[database.component_of_element("Cl").unwrap()] = 0.0;
    }
    amounts
}

/// A brine as it is, nothing precipitated.
fn brine(database: &Database, totals: &[(&str, f64)], celsius: f64) -> Equilibrium {
    Solver::new(database, &[])
        .equilibrate(&amounts(database, totals), celsius + 273.15, None)
        .unwrap()
}

/// Root mean square and 95th percentile of relative errors.
fn spread(errors: &[f64]) -> (f64, f64) {
    let mut sorted: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let rms = (errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64).sqrt();
    let rank = (0.95 * sorted.len() as f64).ceil() as usize;
    (rms, sorted[rank - 1])
}
