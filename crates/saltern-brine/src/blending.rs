//! Brines blended into one. (What crystals of several ions are is in `mixture`.)

use crate::database::{Database, WATER};
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
