//! A stream: matter on the move, in mol/s, as brine, solids and other substances at one temperature.

use saltern_brine::database::{ComponentId, MineralId, WATER};

use crate::matter::Matter;

/// Matter on the move. What the liquid holds and what the solids hold are apart, and need not be at equilibrium.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// Temperature, K.
    pub temperature_k: f64,
    /// Brine, mol/s of each component of the database (the proton excess may be negative).
    pub brine_mol_s: Vec<f64>,
    /// Solids, mol/s of each mineral of the database.
    pub solids_mol_s: Vec<f64>,
    /// Other substances, mol/s.
    pub others_mol_s: Vec<f64>,
}

impl Stream {
    /// Nothing, at 25 °C.
    pub fn nothing(matter: &Matter<'_>) -> Stream {
        Stream {
            temperature_k: crate::matter::REFERENCE_TEMPERATURE_K,
            brine_mol_s: vec![0.0; matter.database.components.len()],
            solids_mol_s: vec![0.0; matter.database.minerals.len()],
            others_mol_s: vec![0.0; matter.substances.len()],
        }
    }

    /// Water, kg/s.
    pub fn water(matter: &Matter<'_>, kg_s: f64, temperature_k: f64) -> Stream {
        let mut stream = Stream::nothing(matter);
        stream.temperature_k = temperature_k;
        stream.brine_mol_s[WATER] = kg_s / matter.database.components[WATER].molar_mass_kg_mol;
        stream
    }

    /// Whether nothing flows.
    pub fn is_nothing(&self) -> bool {
        self.amounts().all(|n| n == 0.0)
    }

    /// All amounts, mol/s: brine, solids, others.
    pub fn amounts(&self) -> impl Iterator<Item = f64> {
        let solids = self.solids_mol_s.iter().chain(&self.others_mol_s);
        self.brine_mol_s.iter().chain(solids).copied()
    }

    /// Sets all amounts, in the order of [`Stream::amounts`]; values beyond them are passed over.
    pub fn set_amounts(&mut self, values: &[f64]) {
        for (n, value) in self.amounts_mut().zip(values) {
            *n = *value;
        }
    }

    fn amounts_mut(&mut self) -> impl Iterator<Item = &mut f64> {
        let solids = self.solids_mol_s.iter_mut().chain(&mut self.others_mol_s);
        self.brine_mol_s.iter_mut().chain(solids)
    }

    /// A share of the stream, or a multiple.
    pub fn times(&self, factor: f64) -> Stream {
        let mut stream = self.clone();
        stream.amounts_mut().for_each(|n| *n *= factor);
        stream
    }

    /// Adds the matter of another stream; the temperature stays.
    pub fn add(&mut self, other: &Stream) {
        for (n, more) in self.amounts_mut().zip(other.amounts()) {
            *n += more;
        }
    }

    /// What is left when another stream is taken away, at the same temperature.
    pub fn less(&self, other: &Stream) -> Stream {
        let mut stream = self.clone();
        for (n, less) in stream.amounts_mut().zip(other.amounts()) {
            *n -= less;
        }
        stream
    }

    /// Its liquid alone.
    pub fn liquid(&self) -> Stream {
        let mut stream = self.clone();
        stream.solids_mol_s.fill(0.0);
        stream.others_mol_s.fill(0.0);
        stream
    }

    /// All but its liquid.
    pub fn without_liquid(&self) -> Stream {
        let mut stream = self.clone();
        stream.brine_mol_s.fill(0.0);
        stream
    }

    /// What the liquid and the solids together hold of each component, mol/s.
    pub fn components_mol_s(&self, matter: &Matter<'_>) -> Vec<f64> {
        let mut amounts = self.brine_mol_s.clone();
        for (m, &n) in self.solids_mol_s.iter().enumerate() {
            if n != 0.0 {
                for &(c, nu) in matter.mineral_components(m) {
                    amounts[c] += nu * n;
                }
            }
        }
        amounts
    }

    /// What it holds of one component, mol/s.
    pub fn component_mol_s(&self, matter: &Matter<'_>, component: ComponentId) -> f64 {
        let held = |(m, n): (MineralId, &f64)| -> f64 {
            let dissolution = matter.mineral_components(m).iter();
            let of_it = dissolution.filter(|(c, _)| *c == component);
            of_it.map(|(_, nu)| nu * n).sum()
        };
        let solids: f64 = self.solids_mol_s.iter().enumerate().map(held).sum();
        self.brine_mol_s[component] + solids
    }

    /// Elements, mol/s, in the order of [`Matter::elements`].
    pub fn elements_mol_s(&self, matter: &Matter<'_>) -> Vec<f64> {
        let mut elements = vec![0.0; matter.elements.len()];
        for (c, n) in self.components_mol_s(matter).into_iter().enumerate() {
            if n != 0.0 {
                add_scaled(&mut elements, n, matter.component_elements(c));
            }
        }
        for (s, &n) in self.others_mol_s.iter().enumerate() {
            if n != 0.0 {
                add_scaled(&mut elements, n, &matter.substances[s].elements);
            }
        }
        elements
    }

    /// Mass of the liquid, kg/s.
    pub fn liquid_kg_s(&self, matter: &Matter<'_>) -> f64 {
        let components = self.brine_mol_s.iter().zip(&matter.database.components);
        components.map(|(n, c)| n * c.molar_mass_kg_mol).sum()
    }

    /// Mass of the minerals, kg/s.
    pub fn minerals_kg_s(&self, matter: &Matter<'_>) -> f64 {
        let solids = self.solids_mol_s.iter().enumerate();
        solids
            .filter(|(_, n)| **n != 0.0)
            .map(|(m, n)| n * matter.mineral_kg_mol(m))
            .sum()
    }

    /// Mass of the other substances, kg/s.
    pub fn others_kg_s(&self, matter: &Matter<'_>) -> f64 {
        let others = self.others_mol_s.iter().zip(&matter.substances);
        others.map(|(n, s)| n * s.molar_mass_kg_mol).sum()
    }

    /// Mass of all, kg/s.
    pub fn mass_kg_s(&self, matter: &Matter<'_>) -> f64 {
        self.liquid_kg_s(matter) + self.minerals_kg_s(matter) + self.others_kg_s(matter)
    }
}

fn add_scaled(sum: &mut [f64], factor: f64, terms: &[f64]) {
    for (s, t) in sum.iter_mut().zip(terms) {
        *s += factor * t;
    }
}
