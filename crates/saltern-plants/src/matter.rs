//! What can flow through plants: the components and solids of a brine database, and substances that no brine holds
//! (gases, metals, oxides, rock). All are followed by element.
//!
//! **Enthalpy** is that of formation from the elements at 25 °C plus what it takes to get to the temperature:
//! components of a brine are put on that footing by their enthalpies of formation at infinite dilution
//! (`enthalpies.csv`), everything else by its own (`substances.csv`; `solids.csv` for minerals whose log K says little
//! of heat). So heats of dissolution, of crystallisation and
//! of reaction all are differences of one sum.

use std::sync::OnceLock;

use saltern_brine::database::{ComponentId, Database, HYDROGEN, MineralId, WATER};
use saltern_brine::formula::{Formula, atomic_mass_g_mol};
use saltern_brine::phases;
use saltern_units::table::{Table, TableError};

/// Index into [`Matter::substances`].
pub type SubstanceId = usize;

/// Where enthalpies of formation are tabulated, K.
pub const REFERENCE_TEMPERATURE_K: f64 = 298.15;

/// Rock, sand, clay: followed by mass like an element of 1 kg/mol.
pub const INERT: &str = "Inert";

/// State of a substance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Solid: settles, is filtered.
    Solid,
    /// Gas: leaves what is open.
    Gas,
    /// A liquid apart from the brine (a melt, a solvent).
    Liquid,
}

/// A substance that no brine holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Substance {
    /// Name in files.
    pub name: String,
    /// Chinese name.
    pub name_zh: String,
    /// State.
    pub phase: Phase,
    /// Moles of each element of [`Matter::elements`] in one mole.
    pub elements: Vec<f64>,
    /// Molar mass, kg/mol.
    pub molar_mass_kg_mol: f64,
    /// Enthalpy of formation at 25 °C, J/mol; `None` where not known.
    pub formation_j_mol: Option<f64>,
    /// Heat capacity, J/(mol K), taken as constant; `None` where not known.
    pub heat_capacity_j_mol_k: Option<f64>,
    /// Where the numbers come from.
    pub source: String,
}

/// Heat of a mineral by calorimetry, where that of the brine database is wanting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SolidHeat {
    /// Enthalpy of formation at 25 °C, J/mol.
    pub formation_j_mol: f64,
    /// Heat capacity, J/(mol K), taken as constant.
    pub heat_capacity_j_mol_k: f64,
}

impl SolidHeat {
    /// Enthalpy of formation and what it takes to get to a temperature, J/mol.
    pub fn enthalpy_j_mol(&self, temperature_k: f64) -> f64 {
        self.formation_j_mol
            + self.heat_capacity_j_mol_k * (temperature_k - REFERENCE_TEMPERATURE_K)
    }
}

/// A database with the substances beside it.
#[derive(Clone, Debug)]
pub struct Matter<'db> {
    /// The brine database.
    pub database: &'db Database,
    /// Substances beside it.
    pub substances: Vec<Substance>,
    /// Element symbols, the columns of every balance.
    pub elements: Vec<String>,
    /// kg/mol of each element.
    pub element_kg_mol: Vec<f64>,
    /// Moles of each element in a mole of each component.
    component_elements: Vec<Vec<f64>>,
    /// The named lists of solids that may form, each read when first asked for: units are built often.
    phases: [OnceLock<Vec<MineralId>>; 3],
    /// Enthalpy of formation of each component at infinite dilution and 25 °C, J/mol; `None` where not known.
    pub component_formation_j_mol: Vec<Option<f64>>,
    /// Calorimetric heats of minerals (`solids.csv`) whose log K says little of heat; the others follow their log K,
    /// so that heat and solubility agree.
    pub solid_heats: Vec<Option<SolidHeat>>,
}

const SUBSTANCES: &str = include_str!("substances.csv");
const ENTHALPIES: &str = include_str!("enthalpies.csv");
const SOLIDS: &str = include_str!("solids.csv");

impl<'db> Matter<'db> {
    /// The substances known to the program beside a database.
    ///
    /// # Errors
    /// [`TableError`] of the tables built in: none where the tests pass.
    pub fn new(database: &'db Database) -> Result<Self, TableError> {
        let mut matter = Matter {
            database,
            substances: Vec::new(),
            elements: Vec::new(),
            element_kg_mol: Vec::new(),
            component_elements: Vec::new(),
            phases: Default::default(),
            component_formation_j_mol: vec![None; database.components.len()],
            solid_heats: vec![None; database.minerals.len()],
        };
        for component in &database.components {
            matter.enter_elements(&component.formula);
        }
        let table = Table::read("substances.csv", SUBSTANCES)?;
        let rows = substance_rows(&table)?;
        for (_, formula) in &rows {
            matter.enter_elements(formula);
        }
        matter.enter_element(INERT, 1.0);
        matter.component_elements = database
            .components
            .iter()
            .map(|c| matter.counted(&c.formula))
            .collect();
        for (mut substance, formula) in rows {
            substance.elements = matter.counted(&formula);
            if substance.name == INERT {
                substance.elements[matter.elements.len() - 1] = 1.0;
            }
            let masses = substance.elements.iter().zip(&matter.element_kg_mol);
            substance.molar_mass_kg_mol = masses.map(|(n, m)| n * m).sum();
            matter.substances.push(substance);
        }
        matter.read_enthalpies()?;
        matter.read_solid_heats()?;
        Ok(matter)
    }

    fn enter_elements(&mut self, formula: &Formula) {
        for (symbol, _) in &formula.elements {
            self.enter_element(symbol, 1e-3 * atomic_mass_g_mol(symbol).unwrap_or(f64::NAN));
        }
    }

    fn enter_element(&mut self, symbol: &str, kg_mol: f64) {
        if !self.elements.iter().any(|e| e == symbol) {
            self.elements.push(symbol.to_owned());
            self.element_kg_mol.push(kg_mol);
        }
    }

    fn counted(&self, formula: &Formula) -> Vec<f64> {
        self.elements.iter().map(|e| formula.count(e)).collect()
    }

    fn read_enthalpies(&mut self) -> Result<(), TableError> {
        let table = Table::read("enthalpies.csv", ENTHALPIES)?;
        let (name, value) = (table.column("component")?, table.column("formation")?);
        for row in &table.rows {
            if let Some(c) = self.database.component(table.cell(row, name).text()?) {
                self.component_formation_j_mol[c] = Some(1e3 * table.cell(row, value).number()?);
            }
        }
        Ok(())
    }

    fn read_solid_heats(&mut self) -> Result<(), TableError> {
        let table = Table::read("solids.csv", SOLIDS)?;
        let name = table.column("mineral")?;
        let (formation, capacity) = (table.column("formation")?, table.column("heat_capacity")?);
        for row in &table.rows {
            if let Some(m) = self.database.mineral(table.cell(row, name).text()?) {
                self.solid_heats[m] = Some(SolidHeat {
                    formation_j_mol: 1e3 * table.cell(row, formation).number()?,
                    heat_capacity_j_mol_k: table.cell(row, capacity).number()?,
                });
            }
        }
        Ok(())
    }

    /// The solids of a named list (`stable`, `metastable`, `reagent`); `None` for any other word.
    pub fn phases(&self, list: &str) -> Option<&[MineralId]> {
        let lists = ["stable", "metastable", "reagent"];
        let k = lists.iter().position(|name| *name == list)?;
        let all = [phases::stable, phases::metastable, phases::reagent];
        Some(self.phases[k].get_or_init(|| all[k](self.database)))
    }

    /// Index of an element by symbol.
    pub fn element(&self, symbol: &str) -> Option<usize> {
        self.elements.iter().position(|e| e == symbol)
    }

    /// Index of a substance by name.
    pub fn substance(&self, name: &str) -> Option<SubstanceId> {
        self.substances.iter().position(|s| s.name == name)
    }

    /// Moles of each element in a mole of a component.
    pub fn component_elements(&self, component: ComponentId) -> &[f64] {
        &self.component_elements[component]
    }

    /// Components, mol in a mole of a mineral.
    pub fn mineral_components(&self, mineral: MineralId) -> &[(ComponentId, f64)] {
        &self.database.minerals[mineral].dissolution
    }

    /// Molar mass of a mineral, kg/mol.
    pub fn mineral_kg_mol(&self, mineral: MineralId) -> f64 {
        self.database
            .reaction_mass_kg_mol(&self.database.minerals[mineral].dissolution)
    }

    /// Component amounts of water, mol/mol.
    pub fn water(&self) -> Vec<f64> {
        let mut amounts = vec![0.0; self.database.components.len()];
        amounts[WATER] = 1.0;
        amounts
    }

    /// Whether a component's amount may be negative: the proton excess.
    pub fn may_be_negative(&self, component: ComponentId) -> bool {
        component == HYDROGEN
    }
}

fn substance_rows(table: &Table) -> Result<Vec<(Substance, Formula)>, TableError> {
    let column = |name: &str| table.column(name);
    let (name, name_zh, formula, phase) = (
        column("substance")?,
        column("name_zh")?,
        column("formula")?,
        column("phase")?,
    );
    let (formation, heat_capacity, source) = (
        column("formation")?,
        column("heat_capacity")?,
        column("source")?,
    );
    let mut rows = Vec::new();
    for row in &table.rows {
        let cell = |c| table.cell(row, c);
        let phase = match cell(phase).choice(&["solid", "gas", "liquid"])? {
            0 => Phase::Solid,
            1 => Phase::Gas,
            _ => Phase::Liquid,
        };
        let formula = cell(formula).optional_text().map(Formula::parse);
        rows.push((
            Substance {
                name: cell(name).text()?.to_owned(),
                name_zh: cell(name_zh).text()?.to_owned(),
                phase,
                elements: Vec::new(),
                molar_mass_kg_mol: 0.0,
                formation_j_mol: cell(formation).optional_number()?.map(|kj| 1e3 * kj),
                heat_capacity_j_mol_k: cell(heat_capacity).optional_number()?,
                source: cell(source).text()?.to_owned(),
            },
            // A row without a formula is followed by mass alone; that every other is a formula is tested.
            formula.and_then(Result::ok).unwrap_or_default(),
        ));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use saltern_brine::thermo::default_database;

    #[test]
    fn every_substance_has_elements_and_a_mass() {
        let database = default_database();
        let matter = Matter::new(&database).expect("the tables are sound");
        for s in &matter.substances {
            assert!(s.molar_mass_kg_mol > 0.0, "{}", s.name);
        }
        let of = |name: &str| matter.substances[matter.substance(name).unwrap()].molar_mass_kg_mol;
        // IUPAC 2021, to 0.01 g/mol.
        assert!((of("Cl2") - 0.0709).abs() < 1e-5);
        assert!((of("MgO") - 0.040304).abs() < 1e-5);
        assert!(
            database
                .components
                .iter()
                .enumerate()
                .all(|(c, component)| {
                    let masses = matter
                        .component_elements(c)
                        .iter()
                        .zip(&matter.element_kg_mol);
                    let sum: f64 = masses.map(|(n, m)| n * m).sum();
                    (sum - component.molar_mass_kg_mol).abs() < 1e-9
                })
        );
    }

    /// CODATA: KCl dissolves with 17.2 kJ/mol, from ΔfH°(KCl, cr) = −436.5 kJ/mol; the set's own 17.7 is its fit.
    #[test]
    fn components_have_enthalpies_of_formation() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let of = |name: &str| matter.component_formation_j_mol[database.component(name).unwrap()];
        let kcl = of("K+").unwrap() + of("Cl-").unwrap();
        assert!((kcl - (-436.5e3 + 17.2e3)).abs() < 300.0, "{kcl}");
    }
}
