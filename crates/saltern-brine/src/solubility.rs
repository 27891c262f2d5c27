//! Saturation points: the brine in contact with every one of some named salts.

use crate::database::{Database, MineralId};
use crate::equilibrium::{BrineError, Equilibrium, Solver, State};
use crate::water::MOLES_PER_KG;

/// A saturation point.
#[derive(Clone, Debug, PartialEq)]
pub enum Saturation {
    /// The brine, per whatever liquid was left; every named salt is in contact with it.
    Saturated(Box<Equilibrium>),
    /// The named salts cannot all be in contact with one brine at this temperature.
    Incompatible,
}

/// Moles of each salt per kilogram of water, tried in turn: enough for an excess, not so much that hydrates
/// bind all the water.
const DOSES_MOL: [f64; 7] = [10.0, 30.0, 100.0, 1000.0, 3.0, 0.3, 0.01];
/// A salt with less than this left, mol, is used up.
const PRESENT_MOL: f64 = 1e-9;

/// The brine saturated with all of `salts` at a temperature in K. `allowed` are the solids that may form
/// (the salts alone for a metastable point); it must hold the salts.
///
/// # Errors
/// [`BrineError::NotConverged`] when no dose of the salts could be solved.
pub fn saturated_brine(
    database: &Database,
    salts: &[MineralId],
    allowed: &[MineralId],
    temperature_k: f64,
) -> Result<Saturation, BrineError> {
    let mut solver = Solver::new(database, allowed);
    let mut failure = None;
    for dose in DOSES_MOL {
        let amounts = dosed_water(database, salts, dose);
        match solver.equilibrate(&amounts, temperature_k, None) {
            Ok(state)
                if state.state == State::Wet
                    && salts.iter().all(|&m| state.solids_mol[m] > PRESENT_MOL) =>
            {
                return Ok(Saturation::Saturated(Box::new(state)));
            }
            Ok(_) => {}
            Err(error) => failure = Some(error),
        }
    }
    failure.map_or(Ok(Saturation::Incompatible), Err)
}

fn dosed_water(database: &Database, salts: &[MineralId], dose_mol: f64) -> Vec<f64> {
    let mut amounts = vec![0.0; database.components.len()];
    amounts[0] = MOLES_PER_KG;
    for &salt in salts {
        for &(c, nu) in &database.minerals[salt].dissolution {
            amounts[c] += dose_mol * nu;
        }
    }
    amounts
}
