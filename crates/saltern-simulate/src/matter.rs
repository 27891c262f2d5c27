//! What components and minerals weigh, how much room minerals take, and which elements they hold.

use saltern_brine::database::{Database, MineralId, WATER};
use saltern_brine::formula::atomic_mass_g_mol;

/// Density given to a mineral whose molar volume the database does not state, kg/m³ (assumed: the
/// middle of the evaporite salts, 1600 carnallite … 2170 halite … 2700 glauberite).
pub const SALT_DENSITY_ASSUMED_KG_M3: f64 = 2000.0;

/// Density of the water that evaporates or rains, kg/m³: what it adds to or takes from the volume
/// of a brine between two equilibria.
pub(crate) const WATER_KG_M3: f64 = 1000.0;

/// The linear maps from components and minerals to elements, mass and volume.
#[derive(Clone, Debug)]
pub struct Matter {
    /// Element symbols: the columns of the book.
    pub elements: Vec<String>,
    /// kg/mol of each element.
    pub element_kg_mol: Vec<f64>,
    /// kg/mol of each component.
    pub component_kg_mol: Vec<f64>,
    /// Elements of each component, (column, atoms).
    pub component_elements: Vec<Vec<(usize, f64)>>,
    /// The minerals that may lie on a floor: the columns of every mineral amount.
    pub minerals: Vec<MineralMatter>,
}

/// A mineral on a floor.
#[derive(Clone, Debug)]
pub struct MineralMatter {
    /// Index in the database.
    pub id: MineralId,
    /// Name as the database spells it.
    pub name: String,
    /// kg/mol.
    pub kg_mol: f64,
    /// Volume of the solid without pores, m³/mol.
    pub solid_m3_mol: f64,
    /// Whether the volume had to be assumed.
    pub volume_assumed: bool,
    /// Whether it takes part in the equilibrium; others lie inert.
    pub reacts: bool,
    /// mol component per mol mineral.
    pub components: Vec<(usize, f64)>,
}

impl Matter {
    /// The maps for a database, the minerals in `allowed` (which react) and others that lie on the
    /// floor at the start. Elements are those of water and of the components for which `present`.
    pub fn new(
        database: &Database,
        allowed: &[MineralId],
        inert: &[MineralId],
        present: &[bool],
    ) -> Self {
        let (elements, component_elements) = element_columns(database, present);
        let element_kg_mol: Vec<f64> = elements.iter().map(|e| element_kg_mol(e)).collect();
        let component_kg_mol: Vec<f64> = database
            .components
            .iter()
            .map(|c| c.formula.molar_mass_kg_mol())
            .collect();
        let minerals = (allowed.iter().map(|&id| (id, true)))
            .chain(inert.iter().map(|&id| (id, false)))
            .map(|(id, reacts)| MineralMatter::new(database, &component_kg_mol, id, reacts))
            .collect();
        Matter {
            elements,
            element_kg_mol,
            component_kg_mol,
            component_elements,
            minerals,
        }
    }

    /// Adds a column for an element, if there is none.
    pub(crate) fn enter_element(&mut self, symbol: &str, kg_mol: f64) {
        if self.element(symbol).is_none() {
            self.elements.push(symbol.to_owned());
            self.element_kg_mol.push(kg_mol);
        }
    }

    /// Number of components.
    pub fn components(&self) -> usize {
        self.component_kg_mol.len()
    }

    /// kg/mol of water.
    pub fn water_kg_mol(&self) -> f64 {
        self.component_kg_mol[WATER]
    }

    /// Mass of component amounts, kg.
    pub fn mass_kg(&self, amounts_mol: &[f64]) -> f64 {
        amounts_mol
            .iter()
            .zip(&self.component_kg_mol)
            .map(|(n, m)| n * m)
            .sum()
    }

    /// Mass of dry minerals, kg.
    pub fn salt_kg(&self, minerals_mol: &[f64]) -> f64 {
        minerals_mol
            .iter()
            .zip(&self.minerals)
            .map(|(n, m)| n * m.kg_mol)
            .sum()
    }

    /// Volume of minerals without pores, m³.
    pub fn solid_m3(&self, minerals_mol: &[f64]) -> f64 {
        minerals_mol
            .iter()
            .zip(&self.minerals)
            .map(|(n, m)| n * m.solid_m3_mol)
            .sum()
    }

    /// Adds the elements of component amounts, mol.
    pub fn add_elements(&self, amounts_mol: &[f64], elements_mol: &mut [f64]) {
        for (n, parts) in amounts_mol.iter().zip(&self.component_elements) {
            if *n != 0.0 {
                for &(element, atoms) in parts {
                    elements_mol[element] += atoms * n;
                }
            }
        }
    }

    /// Adds the elements of minerals, mol.
    pub fn add_mineral_elements(&self, minerals_mol: &[f64], elements_mol: &mut [f64]) {
        for (n, mineral) in minerals_mol.iter().zip(&self.minerals) {
            if *n != 0.0 {
                for &(component, nu) in &mineral.components {
                    for &(element, atoms) in &self.component_elements[component] {
                        elements_mol[element] += atoms * nu * n;
                    }
                }
            }
        }
    }

    /// One element in component amounts, mol.
    pub fn element_mol(&self, amounts_mol: &[f64], element: usize) -> f64 {
        let atoms = |parts: &[(usize, f64)]| -> f64 {
            parts
                .iter()
                .filter(|(e, _)| *e == element)
                .map(|(_, n)| n)
                .sum()
        };
        amounts_mol
            .iter()
            .zip(&self.component_elements)
            .map(|(n, parts)| n * atoms(parts))
            .sum()
    }

    /// Column of an element.
    pub fn element(&self, symbol: &str) -> Option<usize> {
        self.elements.iter().position(|e| e == symbol)
    }
}

impl MineralMatter {
    fn new(database: &Database, component_kg_mol: &[f64], id: MineralId, reacts: bool) -> Self {
        let mineral = &database.minerals[id];
        let kg_mol = mineral
            .dissolution
            .iter()
            .map(|&(c, nu)| nu * component_kg_mol[c])
            .sum();
        let volume = mineral
            .molar_volume_m3_mol
            .filter(|v| v.is_finite() && *v > 0.0);
        MineralMatter {
            id,
            name: mineral.name.clone(),
            kg_mol,
            solid_m3_mol: volume.unwrap_or(kg_mol / SALT_DENSITY_ASSUMED_KG_M3),
            volume_assumed: volume.is_none(),
            reacts,
            components: mineral.dissolution.clone(),
        }
    }
}

/// Elements of the components present, and of each component its element columns. A component that
/// is not present gets none: its amount is zero throughout.
fn element_columns(database: &Database, present: &[bool]) -> (Vec<String>, Vec<Vec<(usize, f64)>>) {
    let mut elements: Vec<String> = Vec::new();
    let mut columns = Vec::with_capacity(database.components.len());
    for (component, &present) in database.components.iter().zip(present) {
        let mut parts = Vec::new();
        for (symbol, atoms) in component.formula.elements.iter().filter(|_| present) {
            let column = elements
                .iter()
                .position(|e| e == symbol)
                .unwrap_or_else(|| {
                    elements.push(symbol.clone());
                    elements.len() - 1
                });
            parts.push((column, *atoms));
        }
        columns.push(parts);
    }
    (elements, columns)
}

fn element_kg_mol(symbol: &str) -> f64 {
    atomic_mass_g_mol(symbol).unwrap_or(f64::NAN) * 1e-3
}
