//! Decomposing a double salt with water: how little does it, and what is left.
//!
//! Cold decomposition of carnallite gives back sylvite while the magnesium goes into solution. With too little water
//! some carnallite stays; with more than is needed, sylvite dissolves. The least water is where the last of the salt
//! goes, and there the yield is greatest.

use crate::database::{ComponentId, Database, MineralId, WATER};
use crate::equilibrium::{BrineError, Equilibrium, Solver, State};
use crate::water::MOLES_PER_KG;

/// What the least water does to some solids.
#[derive(Clone, Debug)]
pub struct Decomposition {
    /// Water added, kg.
    pub water_kg: f64,
    /// Component amounts of solids and water, mol.
    pub amounts_mol: Vec<f64>,
    /// Brine and solids.
    pub state: Equilibrium,
}

/// Relative precision of the water.
const SHARP: f64 = 1e-11;
/// Least and most water tried, kg per kg of solids.
const LEAST: f64 = 1e-3;
const MOST: f64 = 1e5;

/// Component amounts of some solids, mol.
pub fn solids_mol(database: &Database, solids: &[(MineralId, f64)]) -> Vec<f64> {
    let mut amounts = vec![0.0; database.components.len()];
    for &(mineral, moles) in solids {
        for &(c, nu) in &database.minerals[mineral].dissolution {
            amounts[c] += moles * nu;
        }
    }
    amounts
}

/// The least water that leaves nothing of `of` in a mixture of solids (mol each) at a temperature in K. The solver
/// must allow the solid. `None` where no water does.
///
/// # Errors
/// [`BrineError`] of the state that failed.
pub fn least_water(
    solver: &mut Solver<'_>,
    solids: &[(MineralId, f64)],
    of: MineralId,
    temperature_k: f64,
) -> Result<Option<Decomposition>, BrineError> {
    let dry = solids_mol(solver.database(), solids);
    let mass_kg = crate::blending::mass_kg(solver.database(), &dry);
    let wetted = |water_kg: f64| {
        let mut amounts = dry.clone();
        amounts[WATER] += water_kg * MOLES_PER_KG;
        amounts
    };
    let mut gone = |water_kg: f64, warm: Option<&Equilibrium>| {
        let state = solver.equilibrate(&wetted(water_kg), temperature_k, warm)?;
        let gone = state.state == State::Wet && state.solids_mol[of] <= 0.0;
        Ok((gone, state))
    };
    let (mut low, mut high) = (0.0, LEAST * mass_kg);
    let mut state = loop {
        let (done, state) = gone(high, None)?;
        if done {
            break state;
        }
        (low, high) = (high, 2.0 * high);
        if high > MOST * mass_kg {
            return Ok(None);
        }
    };
    while high - low > SHARP * high {
        let middle = 0.5 * (low + high);
        let (done, reached) = gone(middle, Some(&state))?;
        if done {
            (high, state) = (middle, reached);
        } else {
            low = middle;
        }
    }
    Ok(Some(Decomposition {
        water_kg: high,
        amounts_mol: wetted(high),
        state,
    }))
}

impl Decomposition {
    /// Share of a component that the solids hold, 0…1; NaN where there is none.
    pub fn share_in_solids(&self, database: &Database, component: ComponentId) -> f64 {
        let held: f64 = database
            .minerals
            .iter()
            .zip(&self.state.solids_mol)
            .flat_map(|(m, n)| m.dissolution.iter().map(move |(c, nu)| (*c, nu * n)))
            .filter(|(c, _)| *c == component)
            .map(|(_, n)| n)
            .sum();
        held / self.amounts_mol[component]
    }
}
