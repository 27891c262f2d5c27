//! What an assay can name: elements and ions, alkalinity, and boron by its oxide or acid.

use std::sync::LazyLock;

use crate::formula::Formula;

/// A component column of the assay table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // the symbols say it; the exceptions are documented
pub enum Analyte {
    Na,
    K,
    Mg,
    Ca,
    Li,
    Rb,
    Cs,
    Sr,
    Cl,
    Br,
    So4,
    Hco3,
    Co3,
    /// Acid-neutralising capacity to the CO2 end point, in equivalents; mass units mean mg of CaCO3.
    Alkalinity,
    /// Total dissolved inorganic carbon; mass units mean mass of carbon.
    C,
    /// Boron; mass units mean mass of boron.
    B,
    B2o3,
    H3bo3,
    No3,
}

impl Analyte {
    /// Every analyte in the order of the contract.
    pub const ALL: [Analyte; 19] = [
        Analyte::Na,
        Analyte::K,
        Analyte::Mg,
        Analyte::Ca,
        Analyte::Li,
        Analyte::Rb,
        Analyte::Cs,
        Analyte::Sr,
        Analyte::Cl,
        Analyte::Br,
        Analyte::So4,
        Analyte::Hco3,
        Analyte::Co3,
        Analyte::Alkalinity,
        Analyte::C,
        Analyte::B,
        Analyte::B2o3,
        Analyte::H3bo3,
        Analyte::No3,
    ];

    /// Name as column headers spell it.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// By the name of a column, case as in the contract.
    pub fn from_name(name: &str) -> Option<Analyte> {
        Analyte::ALL.into_iter().find(|a| a.name() == name)
    }

    /// Charge of what was analysed, as analysed: 0 for totals whose form depends on pH.
    pub fn charge(self) -> f64 {
        self.row().2
    }

    /// Element symbol of the component it belongs to: `S` for SO4, `C` for HCO3.
    pub fn element(self) -> &'static str {
        self.row().3
    }

    /// Master species by which databases may name that component, most usual first.
    pub(super) fn master_species(self) -> &'static [&'static str] {
        self.row().4
    }

    /// Moles of the component's element in one mole of the analyte.
    pub fn atoms(self) -> f64 {
        if self == Analyte::B2o3 { 2.0 } else { 1.0 }
    }

    /// kg per mole, or per equivalent of alkalinity: what turns a mass unit into moles.
    pub fn molar_mass_kg_mol(self) -> f64 {
        MASSES[self as usize].0
    }

    /// kg of dissolved matter per mole: the mass that is solute and not solvent water. Boron and its
    /// oxide dissolve as B(OH)3; alkalinity and total carbon weigh as bicarbonate.
    pub fn dissolved_mass_kg_mol(self) -> f64 {
        MASSES[self as usize].1
    }

    /// Name, formula weighed by mass units, charge, element, master species.
    fn row(
        self,
    ) -> (
        &'static str,
        &'static str,
        f64,
        &'static str,
        &'static [&'static str],
    ) {
        use Analyte::*;
        match self {
            Na => ("Na", "Na", 1.0, "Na", &["Na+"]),
            K => ("K", "K", 1.0, "K", &["K+"]),
            Mg => ("Mg", "Mg", 2.0, "Mg", &["Mg+2"]),
            Ca => ("Ca", "Ca", 2.0, "Ca", &["Ca+2"]),
            Li => ("Li", "Li", 1.0, "Li", &["Li+"]),
            Rb => ("Rb", "Rb", 1.0, "Rb", &["Rb+"]),
            Cs => ("Cs", "Cs", 1.0, "Cs", &["Cs+"]),
            Sr => ("Sr", "Sr", 2.0, "Sr", &["Sr+2"]),
            Cl => ("Cl", "Cl", -1.0, "Cl", &["Cl-"]),
            Br => ("Br", "Br", -1.0, "Br", &["Br-"]),
            So4 => ("SO4", "SO4", -2.0, "S", &["SO4-2"]),
            Hco3 => ("HCO3", "HCO3", -1.0, "C", &["CO3-2", "HCO3-"]),
            Co3 => ("CO3", "CO3", -2.0, "C", &["CO3-2", "HCO3-"]),
            Alkalinity => (
                "alkalinity",
                "Ca0.5C0.5O1.5",
                -1.0,
                "C",
                &["CO3-2", "HCO3-"],
            ),
            C => ("C", "C", 0.0, "C", &["CO3-2", "HCO3-"]),
            B => ("B", "B", 0.0, "B", &["B(OH)3", "B(OH)4-"]),
            B2o3 => ("B2O3", "B2O3", 0.0, "B", &["B(OH)3", "B(OH)4-"]),
            H3bo3 => ("H3BO3", "H3BO3", 0.0, "B", &["B(OH)3", "B(OH)4-"]),
            No3 => ("NO3", "NO3", -1.0, "N", &["NO3-"]),
        }
    }

    fn dissolved_formula(self) -> &'static str {
        match self {
            Analyte::Alkalinity | Analyte::C => "HCO3",
            Analyte::B => "H3BO3",
            Analyte::B2o3 => "H6B2O6",
            _ => self.row().1,
        }
    }
}

static MASSES: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| {
    // The formulas are the literals above; a test holds that each parses.
    let mass = |text: &str| Formula::parse(text).map_or(f64::NAN, |f| f.molar_mass_kg_mol());
    Analyte::ALL
        .into_iter()
        .map(|a| (mass(a.row().1), mass(a.dissolved_formula())))
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_analyte_has_a_name_a_mass_and_its_own_place() {
        for (i, a) in Analyte::ALL.into_iter().enumerate() {
            assert_eq!(a as usize, i);
            assert_eq!(Analyte::from_name(a.name()), Some(a));
            assert!(
                a.molar_mass_kg_mol() > 0.006 && a.dissolved_mass_kg_mol() > 0.006,
                "{a:?}"
            );
        }
    }

    #[test]
    fn conversion_factors_are_the_ones_chemists_know() {
        // B2O3 → B 0.3106, H3BO3 → B 0.1748 by mass; alkalinity 50.04 g/eq as CaCO3.
        let boron = |a: Analyte| a.atoms() * Analyte::B.molar_mass_kg_mol() / a.molar_mass_kg_mol();
        assert!((boron(Analyte::B2o3) - 0.3106).abs() < 1e-4);
        assert!((boron(Analyte::H3bo3) - 0.1748).abs() < 1e-4);
        assert!((Analyte::Alkalinity.molar_mass_kg_mol() - 50.04e-3).abs() < 1e-5);
    }
}
