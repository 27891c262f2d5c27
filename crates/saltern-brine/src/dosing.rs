//! Adding a substance to a brine: titration with a reagent, dissolving a salt.

use crate::database::{HYDROGEN, MineralId};
use crate::equilibrium::{BrineError, Equilibrium, Solver, State};
use crate::evaporation::Step;

/// The states of a brine as a substance is added in equal steps, the first without any. `substance_mol` are the
/// component amounts of one mole of it, `total_mol` is added in all, `amounts_mol` is the brine. Solids stay in contact.
///
/// # Errors
/// [`BrineError`] of the step that failed; [`BrineError::BadAmount`] where an addition would take away more of a
/// component than there is.
pub fn dose(
    solver: &mut Solver<'_>,
    amounts_mol: &[f64],
    temperature_k: f64,
    substance_mol: &[f64],
    total_mol: f64,
    steps: usize,
) -> Result<Vec<Step>, BrineError> {
    let mut rows: Vec<Step> = Vec::with_capacity(steps + 1);
    for k in 0..=steps {
        let added = total_mol * k as f64 / steps.max(1) as f64;
        let amounts = with(amounts_mol, substance_mol, added);
        let warm = rows.last().map(|row| &row.state);
        let state = solver.equilibrate(&amounts, temperature_k, warm)?;
        rows.push(Step {
            removed_mol: vec![0.0; state.solids_mol.len()],
            amounts_mol: amounts,
            state,
        });
    }
    Ok(rows)
}

/// What dissolves of a salt until some of it stays.
#[derive(Clone, Debug)]
pub struct Dissolved {
    /// Moles given at that point (of which other solids may hold some again).
    pub salt_mol: f64,
    /// The brine then, just saturated.
    pub state: Equilibrium,
}

/// Most moles of a salt tried.
const MOST_MOL: f64 = 1e4;
/// Relative precision of the amount.
const SHARP: f64 = 1e-10;

/// How much of a salt a brine dissolves (or turns into other solids) before it stays: `salt` must be allowed by the
/// solver. `None` where the brine is saturated from the start with some of it left over, or dries, or never keeps it.
///
/// # Errors
/// [`BrineError`] of the state that failed.
pub fn saturate(
    solver: &mut Solver<'_>,
    amounts_mol: &[f64],
    temperature_k: f64,
    salt: MineralId,
) -> Result<Option<Dissolved>, BrineError> {
    let mut substance = vec![0.0; amounts_mol.len()];
    for &(c, nu) in &solver.database().minerals[salt].dissolution {
        substance[c] += nu;
    }
    let first = solver.equilibrate(amounts_mol, temperature_k, None)?;
    if first.solids_mol[salt] > 0.0 || first.state == State::Dry {
        return Ok(None);
    }
    let (mut low, mut below, mut high) = (0.0, first, 0.01);
    loop {
        let amounts = with(amounts_mol, &substance, high);
        let state = solver.equilibrate(&amounts, temperature_k, Some(&below))?;
        if state.solids_mol[salt] > 0.0 {
            break;
        }
        (low, below, high) = (high, state, 2.0 * high);
        if high > MOST_MOL {
            return Ok(None);
        }
    }
    while high - low > SHARP * high {
        let middle = 0.5 * (low + high);
        let amounts = with(amounts_mol, &substance, middle);
        let state = solver.equilibrate(&amounts, temperature_k, Some(&below))?;
        if state.solids_mol[salt] > 0.0 {
            high = middle;
        } else {
            (low, below) = (middle, state);
        }
    }
    Ok((below.state == State::Wet).then_some(Dissolved {
        salt_mol: low,
        state: below,
    }))
}

/// A brine with some moles of a substance.
pub fn with(amounts_mol: &[f64], substance_mol: &[f64], moles: f64) -> Vec<f64> {
    let sum = amounts_mol
        .iter()
        .zip(substance_mol)
        .map(|(a, s)| a + moles * s);
    sum.enumerate()
        // Taken away to the last: no rounding error below zero.
        .map(|(c, n)| {
            if c != HYDROGEN && n < 0.0 && n > -1e-12 {
                0.0
            } else {
                n
            }
        })
        .collect()
}
