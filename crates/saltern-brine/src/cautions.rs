//! Use of the model outside what its numbers were made for, told with each result.

use saltern_units::message::{Catalogue, Fields, Lang, Message};

use crate::assay::plausibility::IONIC_STRENGTH_LIMIT_MOL_KGW;
use crate::database::{Database, InteractionKind, Provenance, SpeciesId};
use crate::equilibrium::{Equilibrium, State};
use crate::message::catalogue;

/// Species above this molality, mol/kgw, count as present when temperature ranges are looked at.
const PRESENT_MOL_KGW: f64 = 1e-3;
/// Ions above this molality, mol/kgw, should have parameters with each other.
const PLENTIFUL_MOL_KGW: f64 = 0.05;
/// A range is not exact to less than this, K.
const RANGE_MARGIN_K: f64 = 0.5;
/// Residues below this are rounding, mol.
const RESIDUE_MOL: f64 = 1e-6;

/// What to bear in mind with one result.
#[derive(Clone, Debug, PartialEq)]
pub enum Caution {
    /// `caution.parameters_outside_range`: interaction parameters used at a temperature that they
    /// were not fitted at.
    ParametersOutsideRange {
        /// How many.
        count: usize,
        /// Of how many that act between the species present and have a range.
        of: usize,
        /// Temperature, K.
        temperature_k: f64,
    },
    /// `caution.missing_parameters`: plentiful cation–anion pairs without any β.
    MissingParameters {
        /// The pairs, `Li+–NO3-`.
        pairs: Vec<String>,
    },
    /// `caution.ionic_strength`: a brine more concentrated than the model is meant for.
    IonicStrengthBeyond {
        /// Ionic strength, mol/kgw.
        value: f64,
        /// Where the model ends, mol/kgw.
        limit: f64,
    },
    /// `caution.residue`: dry, with amounts that no allowed solid holds.
    Residue {
        /// Component and amount, mol.
        components: Vec<(String, f64)>,
    },
}

/// The cautions of one state. For many states of one database, keep its [`Limits`].
pub fn cautions(state: &Equilibrium, database: &Database) -> Vec<Caution> {
    Limits::of(database).cautions(state, database)
}

/// What cautions need of a database, laid out so that a state is looked through in microseconds.
#[derive(Clone, Debug)]
pub struct Limits {
    ranged: Vec<Ranged>,
    cations: Vec<SpeciesId>,
    anions: Vec<SpeciesId>,
    /// Cation–anion pairs with a β, by cation · species + anion.
    known: Vec<bool>,
}

/// An interaction that has a temperature range.
#[derive(Clone, Debug)]
struct Ranged {
    low_k: f64,
    high_k: f64,
    /// The third is the first again for a pair.
    species: [SpeciesId; 3],
}

impl Limits {
    /// The limits of a database.
    pub fn of(database: &Database) -> Limits {
        let of_sign = |sign: f64| {
            (0..database.species.len())
                .filter(|&s| database.species[s].charge * sign > 0.0)
                .collect()
        };
        Limits {
            ranged: ranged(database),
            cations: of_sign(1.0),
            anions: of_sign(-1.0),
            known: known_pairs(database),
        }
    }

    /// What to bear in mind with a state of that database; empty where all is well.
    pub fn cautions(&self, state: &Equilibrium, database: &Database) -> Vec<Caution> {
        let found = match state.state {
            State::Wet => [
                self.outside_range(state),
                self.missing(state, database),
                beyond(state.ionic_strength_mol_kgw),
            ],
            State::Dry => [residue(state, database), None, None],
        };
        found.into_iter().flatten().collect()
    }

    fn outside_range(&self, state: &Equilibrium) -> Option<Caution> {
        let there = |r: &&Ranged| {
            r.species
                .iter()
                .all(|&s| state.molality_mol_kgw[s] > PRESENT_MOL_KGW)
        };
        let t = state.temperature_k;
        let outside = |r: &&Ranged| t < r.low_k || t > r.high_k;
        let count = self.ranged.iter().filter(outside).filter(there).count();
        (count > 0).then(|| Caution::ParametersOutsideRange {
            count,
            of: self.ranged.iter().filter(there).count(),
            temperature_k: t,
        })
    }

    fn missing(&self, state: &Equilibrium, database: &Database) -> Option<Caution> {
        let plentiful = |s: &&SpeciesId| state.molality_mol_kgw[**s] > PLENTIFUL_MOL_KGW;
        let mut pairs = Vec::new();
        for &cation in self.cations.iter().filter(plentiful) {
            for &anion in self.anions.iter().filter(plentiful) {
                if !self.known[cation * database.species.len() + anion] {
                    let name = |s: SpeciesId| database.species[s].name.as_str();
                    pairs.push(format!("{}–{}", name(cation), name(anion)));
                }
            }
        }
        (!pairs.is_empty()).then_some(Caution::MissingParameters { pairs })
    }
}

fn ranged(database: &Database) -> Vec<Ranged> {
    let row = |i: &crate::database::Interaction| {
        let (low_k, high_k) = range(&i.provenance)?;
        let (a, b, c) = i.species;
        Some(Ranged {
            low_k,
            high_k,
            species: [a, b, c.unwrap_or(a)],
        })
    };
    database.interactions.iter().filter_map(row).collect()
}

/// Where a number holds, its margin included; `None` without either bound.
fn range(provenance: &Provenance) -> Option<(f64, f64)> {
    match (provenance.temperature_k_min, provenance.temperature_k_max) {
        (None, None) => None,
        (low, high) => Some((
            low.map_or(f64::NEG_INFINITY, |k| k - RANGE_MARGIN_K),
            high.map_or(f64::INFINITY, |k| k + RANGE_MARGIN_K),
        )),
    }
}

fn known_pairs(database: &Database) -> Vec<bool> {
    use InteractionKind::{Beta0, Beta1, Beta2};
    let n = database.species.len();
    let mut known = vec![false; n * n];
    for i in &database.interactions {
        if matches!(i.kind, Beta0 | Beta1 | Beta2) {
            let (a, b, _) = i.species;
            known[a * n + b] = true;
            known[b * n + a] = true;
        }
    }
    known
}

fn beyond(ionic_strength_mol_kgw: f64) -> Option<Caution> {
    (ionic_strength_mol_kgw > IONIC_STRENGTH_LIMIT_MOL_KGW).then_some(
        Caution::IonicStrengthBeyond {
            value: ionic_strength_mol_kgw,
            limit: IONIC_STRENGTH_LIMIT_MOL_KGW,
        },
    )
}

fn residue(state: &Equilibrium, database: &Database) -> Option<Caution> {
    let components: Vec<(String, f64)> = state
        .residue_mol
        .iter()
        .zip(&database.components)
        .filter(|(mol, _)| mol.abs() > RESIDUE_MOL)
        .map(|(mol, component)| (component.name.clone(), *mol))
        .collect();
    (!components.is_empty()).then_some(Caution::Residue { components })
}

impl Message for Caution {
    fn code(&self) -> &'static str {
        match self {
            Caution::ParametersOutsideRange { .. } => "caution.parameters_outside_range",
            Caution::MissingParameters { .. } => "caution.missing_parameters",
            Caution::IonicStrengthBeyond { .. } => "caution.ionic_strength",
            Caution::Residue { .. } => "caution.residue",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            Caution::ParametersOutsideRange {
                count,
                of,
                temperature_k,
            } => vec![
                ("count", count.to_string()),
                ("of", of.to_string()),
                ("temperature", format!("{:.1}", temperature_k - 273.15)),
            ],
            Caution::MissingParameters { pairs } => vec![("pairs", lang.list(pairs))],
            Caution::IonicStrengthBeyond { value, limit } => vec![
                ("value", format!("{value:.1}")),
                ("limit", limit.to_string()),
            ],
            Caution::Residue { components } => {
                let amounts: Vec<String> = components
                    .iter()
                    .map(|(name, mol)| format!("{name} {mol:.3e} mol"))
                    .collect();
                vec![("residue", lang.list(&amounts))]
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl std::fmt::Display for Caution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

#[cfg(test)]
mod tests;
