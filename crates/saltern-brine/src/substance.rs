//! A substance by its formula, counted in the components of a database: what a reagent or a salt adds to a brine.

use crate::database::{Database, HYDROGEN, WATER};
use crate::formula::Formula;

/// Component amounts, mol, in one mole of a formula unit.
///
/// Every element beside H and O goes into the component that carries it; what oxygen is then left over becomes
/// water and what hydrogen is left over the proton excess, so that Ca(OH)2 is Ca+2 + 2 H2O − 2 H+. `None`
/// where an element has no component, or where the charges do not come out (another state of oxidation, as in
/// NaClO3).
pub fn component_amounts_mol(database: &Database, formula: &Formula) -> Option<Vec<f64>> {
    let mut amounts = vec![0.0; database.components.len()];
    let (mut oxygen, mut hydrogen, mut charge) =
        (formula.count("O"), formula.count("H"), formula.charge);
    for (element, atoms) in &formula.elements {
        if element == "O" || element == "H" {
            continue;
        }
        let carries =
            |c: &usize| database.components[*c].formula.count(element) > 0.0 && *c > HYDROGEN;
        let c = (0..database.components.len()).find(carries)?;
        let component = &database.components[c].formula;
        let n = atoms / component.count(element);
        amounts[c] += n;
        oxygen -= n * component.count("O");
        hydrogen -= n * component.count("H");
        charge -= n * component.charge;
    }
    amounts[WATER] = oxygen;
    amounts[HYDROGEN] = hydrogen - 2.0 * oxygen;
    let unaccounted = charge - amounts[HYDROGEN];
    (unaccounted.abs() < 1e-9).then_some(amounts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thermo::default_database;

    fn amounts(text: &str) -> Option<Vec<(String, f64)>> {
        let database = default_database();
        let formula = Formula::parse(text).expect("a formula");
        let named = |amounts: Vec<f64>| {
            let names = database.components.iter().map(|c| c.name.clone());
            names.zip(amounts).filter(|(_, n)| *n != 0.0).collect()
        };
        component_amounts_mol(&database, &formula).map(named)
    }

    fn list(pairs: &[(&str, f64)]) -> Option<Vec<(String, f64)>> {
        Some(pairs.iter().map(|(n, a)| (n.to_string(), *a)).collect())
    }

    #[test]
    fn reagents_become_components() {
        assert_eq!(
            amounts("Ca(OH)2"),
            list(&[("H2O", 2.0), ("H+", -2.0), ("Ca+2", 1.0)])
        );
        assert_eq!(amounts("HCl"), list(&[("H+", 1.0), ("Cl-", 1.0)]));
        assert_eq!(amounts("Na2CO3"), list(&[("Na+", 2.0), ("CO3-2", 1.0)]));
        assert_eq!(
            amounts("NaHCO3"),
            list(&[("H+", 1.0), ("Na+", 1.0), ("CO3-2", 1.0)])
        );
        assert_eq!(
            amounts("Na2B4O7:10H2O"),
            list(&[("H2O", 5.0), ("H+", -2.0), ("Na+", 2.0), ("B(OH)3", 4.0)])
        );
        assert_eq!(
            amounts("CaO"),
            list(&[("H2O", 1.0), ("H+", -2.0), ("Ca+2", 1.0)])
        );
        assert_eq!(amounts("H2O"), list(&[("H2O", 1.0)]));
    }

    #[test]
    fn other_elements_and_other_states_are_no_reagents() {
        assert_eq!(amounts("FeCl3"), None);
        assert_eq!(amounts("NaClO3"), None);
        assert_eq!(amounts("Na2SO3"), None);
    }
}
