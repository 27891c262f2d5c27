//! What the book holds solid: the minerals that may lie on floors first; where plants run, every other mineral of the
//! database and every substance that plants know behind them.

use saltern_brine::database::MineralId;
use saltern_plants::matter::{Matter as PlantMatter, SubstanceId};

use crate::matter::Matter;

/// One column of the book's solids.
#[derive(Clone, Debug)]
pub(crate) struct Solid {
    pub(crate) name: String,
    pub(crate) kg_mol: f64,
    /// Elements in a mole, (column of the book, atoms).
    elements: Vec<(usize, f64)>,
}

/// The columns.
#[derive(Clone, Debug)]
pub(crate) struct Solids {
    pub(crate) columns: Vec<Solid>,
    /// How many of them may lie on floors.
    pub(crate) floors: usize,
    /// Column of each mineral of the database; empty without plants.
    of_mineral: Vec<usize>,
    /// Column of each substance; empty without plants.
    of_substance: Vec<usize>,
}

impl Solids {
    /// The columns of a base; `plants` where it has any.
    pub(crate) fn new(matter: &Matter, plants: Option<&PlantMatter<'_>>) -> Self {
        let on_floors = matter.minerals.iter().map(|mineral| Solid {
            name: mineral.name.clone(),
            kg_mol: mineral.kg_mol,
            elements: parts(matter, &mineral.components),
        });
        let mut solids = Solids {
            columns: on_floors.collect(),
            floors: matter.minerals.len(),
            of_mineral: Vec::new(),
            of_substance: Vec::new(),
        };
        if let Some(plants) = plants {
            solids.add_minerals(matter, plants);
            solids.add_substances(matter, plants);
        }
        solids
    }

    fn add_minerals(&mut self, matter: &Matter, plants: &PlantMatter<'_>) {
        for (id, mineral) in plants.database.minerals.iter().enumerate() {
            let on_floor = matter.minerals.iter().position(|m| m.id == id);
            let column = on_floor.unwrap_or_else(|| {
                self.columns.push(Solid {
                    name: mineral.name.clone(),
                    kg_mol: plants.mineral_kg_mol(id),
                    elements: parts(matter, plants.mineral_components(id)),
                });
                self.columns.len() - 1
            });
            self.of_mineral.push(column);
        }
    }

    fn add_substances(&mut self, matter: &Matter, plants: &PlantMatter<'_>) {
        for substance in &plants.substances {
            let held = substance.elements.iter().zip(&plants.elements);
            let elements = held.filter(|(n, _)| **n != 0.0);
            let elements = elements.filter_map(|(n, symbol)| Some((matter.element(symbol)?, *n)));
            self.of_substance.push(self.columns.len());
            self.columns.push(Solid {
                name: substance.name.clone(),
                kg_mol: substance.molar_mass_kg_mol,
                elements: elements.collect(),
            });
        }
    }

    /// Number of columns.
    pub(crate) fn len(&self) -> usize {
        self.columns.len()
    }

    /// Column of a mineral of the database.
    pub(crate) fn mineral(&self, mineral: MineralId) -> usize {
        self.of_mineral[mineral]
    }

    /// Column of a substance.
    pub(crate) fn substance(&self, substance: SubstanceId) -> usize {
        self.of_substance[substance]
    }

    /// Mass of amounts, kg.
    pub(crate) fn mass_kg(&self, amounts_mol: &[f64]) -> f64 {
        let columns = amounts_mol.iter().zip(&self.columns);
        columns.map(|(n, solid)| n * solid.kg_mol).sum()
    }

    /// Adds the elements of amounts, mol.
    pub(crate) fn add_elements(&self, amounts_mol: &[f64], elements_mol: &mut [f64]) {
        for (n, solid) in amounts_mol.iter().zip(&self.columns) {
            if *n != 0.0 {
                for &(element, atoms) in &solid.elements {
                    elements_mol[element] += atoms * n;
                }
            }
        }
    }
}

/// Elements of a formula by components.
fn parts(matter: &Matter, components: &[(usize, f64)]) -> Vec<(usize, f64)> {
    let mut elements_mol = vec![0.0; matter.elements.len()];
    for &(component, nu) in components {
        for &(element, atoms) in &matter.component_elements[component] {
            elements_mol[element] += atoms * nu;
        }
    }
    let held = elements_mol.into_iter().enumerate();
    held.filter(|(_, n)| *n != 0.0).collect()
}
