//! The states that identities are asked of: brine types, from dilute to dry, at temperatures a database covers.

use saltern_brine::database::{Database, HYDROGEN, HeatCapacityTerms, MineralId};
use saltern_brine::phases;
use saltern_brine::water::MOLES_PER_KG;

/// Water that each brine is given, kg: dilute, as found, ever more evaporated.
pub(super) const WATER_KG: [f64; 5] = [200.0, 5.0, 1.0, 0.45, 0.12];

/// Brine types by their salts, mol: element totals, and `OH` for what makes a brine alkaline.
const BRINES: [(&str, &[(&str, f64)]); 8] = [
    ("sodium chloride", &[("Na", 5.0), ("Cl", 5.0)]),
    (
        "sea",
        &[
            ("Na", 4.86),
            ("K", 0.106),
            ("Mg", 0.547),
            ("Ca", 0.107),
            ("S", 0.293),
            ("Cl", 5.688),
        ],
    ),
    (
        "chloride lake",
        &[
            ("Na", 1.99),
            ("K", 0.44),
            ("Mg", 2.36),
            ("S", 0.04),
            ("Cl", 7.07),
        ],
    ),
    (
        "sulfate lake",
        &[
            ("Na", 4.2),
            ("K", 0.3),
            ("Mg", 1.1),
            ("S", 1.2),
            ("Cl", 4.3),
        ],
    ),
    (
        "calcium chloride lake",
        &[
            ("Na", 1.75),
            ("K", 0.17),
            ("Mg", 1.56),
            ("Ca", 0.43),
            ("Br", 0.06),
            ("Cl", 5.84),
        ],
    ),
    (
        "soda lake",
        &[
            ("Na", 3.4),
            ("K", 0.3),
            ("S", 0.3),
            ("C", 0.6),
            ("Cl", 2.5),
            ("OH", -0.6),
        ],
    ),
    (
        "lithium borate lake",
        &[
            ("Na", 3.5),
            ("K", 0.6),
            ("Mg", 0.5),
            ("Li", 0.25),
            ("S", 0.35),
            ("B", 0.1),
            ("Cl", 4.67),
            ("OH", -0.02),
        ],
    ),
    (
        "limed bittern",
        &[("Mg", 2.0), ("Ca", 0.5), ("Cl", 4.998), ("OH", 0.002)],
    ),
];

/// A database and what is asked of it.
pub(super) struct Set {
    pub(super) database: Database,
    pub(super) allowed: Vec<MineralId>,
    pub(super) temperatures: &'static [f64],
    /// Brines whose components the database holds: name and amounts without water, mol.
    pub(super) brines: Vec<(&'static str, Vec<f64>)>,
}

impl Set {
    pub(super) fn new(mut database: Database, temperatures: &'static [f64]) -> Set {
        // Heat capacities at infinite dilution cancel in every identity; what a set lacks may be zero.
        for species in &mut database.species {
            species
                .heat_capacity
                .get_or_insert(HeatCapacityTerms([0.0; 4]));
        }
        let amounts = |salts: &[(&str, f64)]| {
            let mut amounts = vec![0.0; database.components.len()];
            for &(element, mol) in salts {
                match element {
                    "OH" => amounts[HYDROGEN] -= mol,
                    _ => amounts[database.component_of_element(element)?] = mol,
                }
            }
            Some(amounts)
        };
        Set {
            brines: BRINES
                .iter()
                .filter_map(|(name, salts)| Some((*name, amounts(salts)?)))
                .collect(),
            allowed: phases::stable(&database),
            database,
            temperatures,
        }
    }
}

/// One state of the grid.
pub(super) struct Case<'a> {
    pub(super) database: &'a str,
    pub(super) brine: &'static str,
    pub(super) water_kg: f64,
    pub(super) celsius: f64,
    pub(super) amounts_mol: Vec<f64>,
}

impl<'a> Case<'a> {
    pub(super) fn new(
        set: &'a Set,
        brine: &'static str,
        salts_mol: &[f64],
        water_kg: f64,
        celsius: f64,
    ) -> Self {
        let mut amounts_mol = salts_mol.to_vec();
        amounts_mol[0] = MOLES_PER_KG * water_kg;
        Case {
            database: &set.database.name,
            brine,
            water_kg,
            celsius,
            amounts_mol,
        }
    }

    pub(super) fn kelvin(&self) -> f64 {
        self.celsius + 273.15
    }
}

impl std::fmt::Display for Case<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}, {} in {} kg of water at {} degC",
            self.database, self.brine, self.water_kg, self.celsius
        )
    }
}
