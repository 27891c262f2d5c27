//! The part of a database that a calculation touches: the components present, the species and solids
//! they can make, as dense reaction matrices with ln K at the temperature.

use crate::database::{
    ComponentId, Database, HYDROGEN, LogK, MineralId, MixingEnergy, SpeciesId, WATER,
};
use crate::mixture::Mixing;
use crate::pitzer::PitzerModel;
use std::f64::consts::LN_10;

/// Components, species and candidate solids of a brine, renumbered densely.
///
/// Component 0 is water, 1 the hydrogen ion. Species `k` is the master species of component `k + 1`
/// for `k < components − 1`; the others follow.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// Which components are present: index into the database.
    pub(crate) components: Vec<ComponentId>,
    pub(crate) species: Vec<SpeciesId>,
    pub(crate) minerals: Vec<MineralId>,
    /// What may be present as a solid: each mineral by itself, except those that mix, then the solid solutions.
    pub(crate) phases: Vec<Phase>,
    /// The solid solutions, with their interactions at the temperature.
    pub(crate) mixings: Vec<Mixing>,
    /// Energies of each of [`Network::mixings`], with their places in [`Mixing::w`].
    mixing_energies: Vec<PlacedEnergies>,
    /// Formation of species from components, row-major `species × components`.
    pub(crate) formation: Vec<f64>,
    /// The non-zero terms of each species' formation.
    formation_terms: Vec<Vec<(usize, f64)>>,
    /// The secondary species that hold each component, with how many moles of it.
    species_with: Vec<Vec<(usize, f64)>>,
    /// The secondary species that have taken up (or given away) hydrogen ions, with how many.
    with_hydrogen: Vec<(usize, f64)>,
    /// Dissolution of minerals into components, row-major `minerals × components`.
    pub(crate) dissolution: Vec<f64>,
    /// The non-zero terms of each solid's dissolution.
    dissolution_terms: Vec<Vec<(usize, f64)>>,
    /// ln K of formation at the temperature.
    pub(crate) species_ln_k: Vec<f64>,
    /// ln K of dissolution at the temperature.
    pub(crate) mineral_ln_k: Vec<f64>,
    /// Minerals that are not candidates at the temperature: cold hydrates and ice far above their range,
    /// whose log K is an extrapolation that means nothing there.
    pub(crate) out_of_reach: Vec<bool>,
    /// Charge of each component.
    pub(crate) component_charge: Vec<f64>,
    pub(crate) pitzer: PitzerModel,
    temperature_k: f64,
}

/// A solid as the solver counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// A mineral of the network.
    Pure(usize),
    /// A solid solution of the network.
    Mixed(usize),
}

impl Network {
    /// The network of the components marked `present`, with solids drawn from `allowed`.
    pub(crate) fn new(database: &Database, present: &[bool], allowed: &[MineralId]) -> Self {
        let components: Vec<ComponentId> = (0..database.components.len())
            .filter(|&c| present[c])
            .collect();
        let made_of_present =
            |reaction: &[(ComponentId, f64)]| reaction.iter().all(|&(c, _)| present[c]);
        let masters: Vec<SpeciesId> = components
            .iter()
            .filter_map(|&c| database.components[c].species)
            .collect();
        let secondary = (0..database.species.len())
            .filter(|s| !masters.contains(s) && made_of_present(&database.species[*s].formation))
            .filter(|&s| !is_master(database, s));
        let species: Vec<SpeciesId> = masters.iter().copied().chain(secondary).collect();
        let mut minerals: Vec<MineralId> = allowed
            .iter()
            .copied()
            .filter(|&m| made_of_present(&database.minerals[m].dissolution))
            .collect();
        // The order in which solids were listed must not matter to the answer.
        minerals.sort_unstable();
        minerals.dedup();
        let (mixings, mixing_energies) = mixings(database, &minerals);
        let mixes = |m: &usize| mixings.iter().any(|mixing| mixing.members.contains(m));
        let phases = (0..minerals.len())
            .filter(|m| !mixes(m))
            .map(Phase::Pure)
            .chain((0..mixings.len()).map(Phase::Mixed))
            .collect();
        let mut column = vec![usize::MAX; database.components.len()];
        for (k, &c) in components.iter().enumerate() {
            column[c] = k;
        }
        let dense = |reactions: Vec<&[(ComponentId, f64)]>| {
            let mut matrix = vec![0.0; reactions.len() * components.len()];
            for (row, reaction) in matrix.chunks_exact_mut(components.len()).zip(reactions) {
                for &(c, nu) in reaction {
                    row[column[c]] += nu;
                }
            }
            matrix
        };
        let formation_terms: Vec<Vec<(usize, f64)>> = species
            .iter()
            .map(|&s| {
                let formation = &database.species[s].formation;
                formation.iter().map(|&(c, nu)| (column[c], nu)).collect()
            })
            .collect();
        let species_with = (0..components.len())
            .map(|c| {
                (components.len() - 1..species.len())
                    .filter_map(|i| {
                        let found = formation_terms[i].iter().find(|t| t.0 == c && t.1 > 0.0)?;
                        Some((i, found.1))
                    })
                    .collect()
            })
            .collect();
        let with_hydrogen = (components.len() - 1..species.len())
            .filter_map(|i| {
                let found = formation_terms[i].iter().find(|t| t.0 == HYDROGEN)?;
                Some((i, found.1))
            })
            .collect();
        Network {
            phases,
            mixings,
            mixing_energies,
            formation_terms,
            species_with,
            with_hydrogen,
            dissolution_terms: minerals
                .iter()
                .map(|&m| {
                    let dissolution = &database.minerals[m].dissolution;
                    dissolution.iter().map(|&(c, nu)| (column[c], nu)).collect()
                })
                .collect(),
            formation: dense(
                species
                    .iter()
                    .map(|&s| database.species[s].formation.as_slice())
                    .collect(),
            ),
            dissolution: dense(
                minerals
                    .iter()
                    .map(|&m| database.minerals[m].dissolution.as_slice())
                    .collect(),
            ),
            species_ln_k: vec![0.0; species.len()],
            mineral_ln_k: vec![0.0; minerals.len()],
            out_of_reach: vec![false; minerals.len()],
            component_charge: components
                .iter()
                .map(|&c| {
                    database.components[c]
                        .species
                        .map_or(0.0, |s| database.species[s].charge)
                })
                .collect(),
            pitzer: PitzerModel::new(database, &species),
            components,
            species,
            minerals,
            temperature_k: f64::NAN,
        }
    }

    /// Number of components, water included.
    pub(crate) fn component_count(&self) -> usize {
        self.components.len()
    }

    /// Number of master species: those that carry a component.
    pub(crate) fn master_count(&self) -> usize {
        self.components.len() - 1
    }

    pub(crate) fn species_count(&self) -> usize {
        self.species.len()
    }

    /// The non-zero terms of a species' formation: component, moles.
    pub(crate) fn formation_terms(&self, species: usize) -> &[(usize, f64)] {
        &self.formation_terms[species]
    }

    /// The secondary species that hold a component, with the moles of it in one of theirs.
    pub(crate) fn species_with(&self, component: usize) -> &[(usize, f64)] {
        &self.species_with[component]
    }

    /// The secondary species that have taken up (or given away) hydrogen ions, with how many in one of theirs.
    pub(crate) fn with_hydrogen(&self) -> &[(usize, f64)] {
        &self.with_hydrogen
    }

    /// The non-zero terms of a solid's dissolution: component, moles.
    pub(crate) fn dissolution_terms(&self, mineral: usize) -> &[(usize, f64)] {
        &self.dissolution_terms[mineral]
    }

    pub(crate) fn dissolution_of(&self, mineral: usize) -> &[f64] {
        let n = self.components.len();
        &self.dissolution[mineral * n..(mineral + 1) * n]
    }

    /// Moles of ions (all but water) in one mole of a mineral.
    pub(crate) fn ions_of(&self, mineral: usize) -> f64 {
        let ions = self.dissolution_terms[mineral].iter().filter(|t| t.0 != 0);
        ions.map(|t| t.1.abs()).sum()
    }

    /// The temperature that ln K and the parameters are at, K.
    pub(crate) fn temperature_k(&self) -> f64 {
        self.temperature_k
    }

    /// Evaluates ln K and the Pitzer parameters at a temperature in K.
    pub(crate) fn set_temperature(&mut self, database: &Database, temperature_k: f64) {
        if temperature_k == self.temperature_k {
            return;
        }
        self.temperature_k = temperature_k;
        let basis = LogK::basis(temperature_k);
        for (value, &s) in self.species_ln_k.iter_mut().zip(&self.species) {
            *value = LN_10 * database.species[s].log_k.over(&basis);
        }
        for (value, &m) in self.mineral_ln_k.iter_mut().zip(&self.minerals) {
            *value = LN_10 * database.minerals[m].log_k.over(&basis);
        }
        for (out, &m) in self.out_of_reach.iter_mut().zip(&self.minerals) {
            *out = !database.minerals[m].is_candidate_at(temperature_k);
        }
        for (mixing, energies) in self.mixings.iter_mut().zip(&self.mixing_energies) {
            let n = mixing.members.len();
            for &(i, j, energy) in energies {
                for at in [i * n + j, j * n + i] {
                    mixing.w[at] = energy.over_rt(temperature_k);
                    mixing.w_slope[at] = energy.over_rt_slope(temperature_k);
                }
            }
        }
        self.pitzer.set_temperature(temperature_k);
    }

    /// Amounts of the network's components out of a full list, each divided by `scale`.
    pub(crate) fn gather(&self, amounts_mol: &[f64], scale: f64, out: &mut Vec<f64>) {
        out.clear();
        out.extend(self.components.iter().map(|&c| amounts_mol[c] / scale));
    }
}

type PlacedEnergies = Vec<(usize, usize, MixingEnergy)>;

/// The solid solutions of which at least two members are there, and the energies of their pairs.
fn mixings(database: &Database, minerals: &[MineralId]) -> (Vec<Mixing>, Vec<PlacedEnergies>) {
    let mut found = (Vec::new(), Vec::new());
    for solution in &database.solid_solutions {
        let members: Vec<usize> = (0..minerals.len())
            .filter(|&k| solution.members.contains(&minerals[k]))
            .collect();
        let n = members.len();
        if n < 2 {
            continue;
        }
        let place = |m: MineralId| members.iter().position(|&k| minerals[k] == m);
        let placed = solution.interactions.iter().filter_map(|energy| {
            let [a, b] = energy.members;
            Some((place(a)?, place(b)?, *energy))
        });
        found.1.push(placed.collect());
        found.0.push(Mixing {
            members,
            sites: solution.sites,
            w: vec![0.0; n * n],
            w_slope: vec![0.0; n * n],
        });
    }
    found
}

/// Which components a calculation touches: water, hydrogen and whatever has an amount.
pub(crate) fn present_components(amounts_mol: &[f64]) -> impl Iterator<Item = bool> + '_ {
    amounts_mol
        .iter()
        .enumerate()
        .map(|(c, &b)| c == WATER || c == HYDROGEN || b > 0.0)
}

fn is_master(database: &Database, species: SpeciesId) -> bool {
    database
        .components
        .iter()
        .any(|c| c.species == Some(species))
}
