//! Heating and cooling a brine: which solids come and go, and at what temperature each first appears.

use crate::database::{HYDROGEN, MineralId};
use crate::equilibrium::{BrineError, Equilibrium, Solver, State};
use crate::evaporation::{Mode, Step};

/// Where a path over temperature ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Until {
    /// At the last temperature.
    Temperature,
    /// Where the first solid appears that was not there at the start.
    FirstSolid,
    /// Where this solid appears.
    Mineral(MineralId),
}

/// A path over temperature.
#[derive(Clone, Debug)]
pub struct TemperaturePath {
    /// Equal steps of temperature, the first at the start; the last may be the appearance asked for.
    pub steps: Vec<Step>,
    /// Solids that were not there at the start, each with the temperature (K) of its first appearance, in the order
    /// of the path.
    pub appearances: Vec<(MineralId, f64)>,
}

/// To how much the temperature of an appearance is known, K.
const SHARP_K: f64 = 1e-4;

/// Takes a brine from one temperature to another (K) in equal steps.
///
/// # Errors
/// [`BrineError`] of the step that failed.
pub fn change(
    solver: &mut Solver<'_>,
    amounts_mol: &[f64],
    (from_k, to_k): (f64, f64),
    mode: Mode,
    until: Until,
    steps: usize,
) -> Result<TemperaturePath, BrineError> {
    let mut amounts = amounts_mol.to_vec();
    let mut path = TemperaturePath {
        steps: Vec::new(),
        appearances: Vec::new(),
    };
    let mut last = solver.equilibrate(&amounts, from_k, None)?;
    let mut seen: Vec<MineralId> = present(&last).collect();
    path.push(solver, last.clone(), &mut amounts, mode);
    for k in 1..=steps {
        let t = from_k + (to_k - from_k) * k as f64 / steps as f64;
        let state = solver.equilibrate(&amounts, t, Some(&last))?;
        let mut new: Vec<(MineralId, Equilibrium)> = Vec::new();
        for m in present(&state).filter(|m| !seen.contains(m)) {
            new.push((m, first_with(solver, &amounts, m, &last, &state)?));
        }
        let along = |s: &Equilibrium| (s.temperature_k - from_k) * (to_k - from_k).signum();
        new.sort_by(|a, b| along(&a.1).total_cmp(&along(&b.1)));
        for (m, at) in new {
            seen.push(m);
            path.appearances.push((m, at.temperature_k));
            if until == Until::FirstSolid || until == Until::Mineral(m) {
                path.push(solver, at, &mut amounts, mode);
                return Ok(path);
            }
        }
        path.push(solver, state.clone(), &mut amounts, mode);
        last = state;
    }
    Ok(path)
}

fn present(state: &Equilibrium) -> impl Iterator<Item = MineralId> + '_ {
    (0..state.solids_mol.len()).filter(|&m| state.solids_mol[m] > 0.0)
}

/// The first state of a step that holds a solid, to [`SHARP_K`].
fn first_with(
    solver: &mut Solver<'_>,
    amounts: &[f64],
    mineral: MineralId,
    without: &Equilibrium,
    with: &Equilibrium,
) -> Result<Equilibrium, BrineError> {
    let (mut before, mut after) = (without.temperature_k, with.clone());
    while (after.temperature_k - before).abs() > SHARP_K {
        let middle = 0.5 * (before + after.temperature_k);
        let state = solver.equilibrate(amounts, middle, Some(without))?;
        if state.solids_mol[mineral] > 0.0 {
            after = state;
        } else {
            before = middle;
        }
    }
    Ok(after)
}

impl TemperaturePath {
    fn push(
        &mut self,
        solver: &Solver<'_>,
        state: Equilibrium,
        amounts: &mut Vec<f64>,
        mode: Mode,
    ) {
        let nothing = vec![0.0; state.solids_mol.len()];
        let mut removed_mol = self.steps.last().map_or(nothing, |s| s.removed_mol.clone());
        let amounts_mol = amounts.clone();
        if mode == Mode::Fractional && state.state == State::Wet {
            for (sum, formed) in removed_mol.iter_mut().zip(&state.solids_mol) {
                *sum += formed;
            }
            *amounts = state.liquid_amounts_mol(solver.database(), amounts);
            for (c, n) in amounts.iter_mut().enumerate() {
                if c != HYDROGEN {
                    *n = n.max(0.0);
                }
            }
        }
        self.steps.push(Step {
            state,
            amounts_mol,
            removed_mol,
        });
    }
}
