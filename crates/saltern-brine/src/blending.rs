//! Brines blended into one. (What crystals of several ions are is in `mixture`.)

use crate::database::{Database, WATER};
use crate::equilibrium::{BrineError, Equilibrium, Solver};
use crate::properties::heat::HeatModel;
use crate::water::MOLES_PER_KG;

/// One brine of a mixture.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Component amounts, mol, for 1 kg of liquid water.
    pub amounts_mol: &'a [f64],
    /// How much of the brine, as kilograms of its liquid water.
    pub water_kg: f64,
}

/// Component amounts of a mixture, mol, for 1 kg of the liquid water that its brines brought.
pub fn mix(parts: &[Part<'_>]) -> Vec<f64> {
    let water_kg: f64 = parts.iter().map(|p| p.water_kg).sum();
    let length = parts.first().map_or(0, |p| p.amounts_mol.len());
    let mut amounts = vec![0.0; length];
    for part in parts {
        for (sum, n) in amounts.iter_mut().zip(part.amounts_mol) {
            *sum += n * part.water_kg / water_kg;
        }
    }
    amounts
}

/// Mass of component amounts, kg.
pub fn mass_kg(database: &Database, amounts_mol: &[f64]) -> f64 {
    amounts_mol
        .iter()
        .zip(&database.components)
        .map(|(n, c)| n * c.molar_mass_kg_mol)
        .sum()
}

/// Component amounts of pure water, mol, 1 kg.
pub fn pure_water_mol(database: &Database) -> Vec<f64> {
    let mut amounts = vec![0.0; database.components.len()];
    amounts[WATER] = MOLES_PER_KG;
    amounts
}

/// Heat that brines take up from their surroundings on becoming a mixture at one temperature, J:
/// `H(mixture) − Σ H(part)`, negative where mixing warms. `parts` are brines at the temperature of the mixture, each
/// with its share of the mixture's matter; the shares add up to one.
///
/// Heat capacities cancel, so they need not be known.
pub fn heat_of_mixing_j(
    heat: &mut HeatModel<'_>,
    parts: &[(f64, &Equilibrium)],
    mixture: &Equilibrium,
) -> f64 {
    parts
        .iter()
        .map(|&(share, part)| share * heat.heat_taken_up_j(part, mixture))
        .sum()
}

/// Temperatures between which matter is sought that has a given enthalpy, K.
const ADIABATIC_RANGE_K: (f64, f64) = (213.15, 573.15);
/// To how much that temperature is known, K.
const ADIABATIC_SHARP_K: f64 = 1e-6;
/// Steps of that search; five are usual, and halving the whole range takes forty.
const ADIABATIC_STEPS: u32 = 60;

/// The state of some matter (component amounts, mol) that has a given enthalpy (J), sought from a temperature (K) on:
/// what brines come to when they are mixed without heat from outside, and whatever crystallises warms them.
///
/// # Errors
/// [`BrineError`] of the state that failed, or where no state between −60 and 300 °C has that enthalpy: heat
/// capacities are not known, or the matter is partly frozen at a eutectic, where temperature does not tell how far.
pub fn adiabatic(
    solver: &mut Solver<'_>,
    heat: &mut HeatModel<'_>,
    amounts_mol: &[f64],
    enthalpy_j: f64,
    near_k: f64,
) -> Result<Equilibrium, BrineError> {
    let (mut low_k, mut high_k) = ADIABATIC_RANGE_K;
    let (mut t, mut residual) = (near_k, f64::INFINITY);
    let mut warm: Option<Equilibrium> = None;
    for _ in 0..ADIABATIC_STEPS {
        let state = solver.equilibrate(amounts_mol, t, warm.as_ref())?;
        residual = enthalpy_j - heat.enthalpy_j(&state);
        if residual.is_nan() {
            break;
        }
        // Enthalpy rises with temperature, faster where solids dissolve on the way than the heat capacity at fixed
        // speciation tells; so each step is kept within what is known of both sides.
        if residual > 0.0 {
            low_k = t;
        } else {
            high_k = t;
        }
        let step = residual / heat.heat_capacity_j_k(&state);
        if step.abs() < ADIABATIC_SHARP_K {
            return Ok(state);
        }
        let next = t + step;
        t = if low_k < next && next < high_k {
            next
        } else {
            0.5 * (low_k + high_k)
        };
        warm = Some(state);
    }
    Err(BrineError::NotConverged {
        what: "adiabatic temperature",
        iterations: ADIABATIC_STEPS,
        residual,
        temperature_k: t,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_conserves_and_stands_in_a_kilogram_of_water() {
        let (a, b) = ([55.0, 0.0, 2.0], [56.0, 0.1, 0.0]);
        let mixture = mix(&[
            Part {
                amounts_mol: &a,
                water_kg: 3.0,
            },
            Part {
                amounts_mol: &b,
                water_kg: 1.0,
            },
        ]);
        assert_eq!(mixture, [55.25, 0.025, 1.5]);
    }
}
