//! What a cubic metre of a brine holds.

use saltern_brine::database::Database;
use saltern_brine::equilibrium::{BrineError, Protons, Solver};

use crate::inputs::BrineAmounts;
use crate::matter::Matter;

/// What a cubic metre of a brine holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contents {
    /// Density, kg/m³.
    pub density_kg_m3: f64,
    /// Elements, kg/m³.
    pub elements_kg_m3: Vec<(String, f64)>,
}

impl Contents {
    /// Of a brine as it is, at a temperature.
    ///
    /// # Errors
    /// A brine that the chemistry has no answer for.
    pub fn of(
        brine: &BrineAmounts,
        temperature_k: f64,
        database: &Database,
    ) -> Result<Contents, BrineError> {
        let mut solver = Solver::new(database, &[]);
        let mut amounts_mol = brine.amounts_mol_kgw.clone();
        let state = solver.speciate(&mut amounts_mol, temperature_k, Protons::AsGiven)?;
        let density_kg_m3 = state.density_kg_m3(database);
        let present = vec![true; database.components.len()];
        let matter = Matter::new(database, &[], &[], &present);
        let volume_m3 = matter.mass_kg(&amounts_mol) / density_kg_m3;
        let mut elements_mol = vec![0.0; matter.elements.len()];
        matter.add_elements(&amounts_mol, &mut elements_mol);
        let kg_m3 = elements_mol.iter().zip(&matter.element_kg_mol);
        let kg_m3 = kg_m3.map(|(mol, kg_mol)| mol * kg_mol / volume_m3);
        Ok(Contents {
            density_kg_m3,
            elements_kg_m3: matter.elements.iter().cloned().zip(kg_m3).collect(),
        })
    }

    /// Content of an element, kg/m³.
    pub fn element_kg_m3(&self, symbol: &str) -> Option<f64> {
        let found = self.elements_kg_m3.iter().find(|(e, _)| e == symbol);
        found.map(|(_, kg_m3)| *kg_m3)
    }
}
