//! Brines that tests begin with.

use saltern_brine::database::{Database, MixingEnergy, SolidSolution};
use saltern_brine::thermo::default_database;
use saltern_brine::water::MOLES_PER_KG;

/// Component amounts of some water with totals of elements, mol.
pub(crate) fn amounts(database: &Database, totals: &[(&str, f64)], water_kg: f64) -> Vec<f64> {
    let mut amounts = vec![0.0; database.components.len()];
    amounts[0] = MOLES_PER_KG * water_kg;
    for &(element, mol) in totals {
        amounts[database.component_of_element(element).unwrap()] = mol;
    }
    amounts
}

/// The default set with halite and sylvite made to mix (which nature does above 500 °C only): members whose
/// pure solubilities are known well. W0 in J/mol, W1 in J/(mol K).
pub(crate) fn mixing_chlorides(constant_j_mol: f64, slope_j_mol_k: f64) -> Database {
    let mut database = default_database();
    let [halite, sylvite] = ["Halite", "Sylvite"].map(|name| database.mineral(name).unwrap());
    database.solid_solutions = vec![SolidSolution {
        name: "(Na,K)Cl".to_string(),
        members: vec![halite, sylvite],
        sites: 1.0,
        interactions: vec![MixingEnergy {
            members: [halite, sylvite],
            constant_j_mol,
            slope_j_mol_k,
        }],
        provenance: Default::default(),
    }];
    database
}
