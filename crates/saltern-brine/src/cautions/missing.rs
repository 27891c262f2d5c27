//! Interactions that a state has and the database has no parameter for.

use super::weight::{Shares, Triple, leverage, usual_size};
use super::{Caution, LEAST_EFFECT, LEAST_SHARE, Missing, NAMED};
use crate::assembly::kind_name;
use crate::database::{Database, InteractionKind, SpeciesId};
use crate::equilibrium::Equilibrium;
use crate::gaps::gaps;

/// Gaps of a database, laid out to be looked through.
#[derive(Clone, Debug)]
pub(super) struct Gaps {
    all: Vec<(InteractionKind, Triple)>,
    /// Usual size of β0, θ, ψ and λ.
    usual: [f64; 4],
}

const KINDS: [InteractionKind; 4] = [
    InteractionKind::Beta0,
    InteractionKind::Theta,
    InteractionKind::Psi,
    InteractionKind::Lambda,
];

impl Gaps {
    pub(super) fn of(database: &Database) -> Gaps {
        let row = |gap: crate::gaps::Gap| {
            let (a, b, c) = gap.species;
            (gap.kind, [a, b, c.unwrap_or(a)])
        };
        Gaps {
            all: gaps(database).into_iter().map(row).collect(),
            usual: KINDS.map(|kind| usual_size(database, kind)),
        }
    }

    pub(super) fn caution(
        &self,
        state: &Equilibrium,
        shares: &Shares,
        database: &Database,
    ) -> Option<Caution> {
        let mut found: Vec<(f64, Missing)> = Vec::new();
        let mut touched: Vec<(SpeciesId, f64)> = Vec::new();
        for &(kind, species) in &self.all {
            let (scarcest, share) = shares.scarcest(species);
            if share < LEAST_SHARE {
                continue;
            }
            let usual = KINDS.iter().zip(self.usual).find(|(k, _)| **k == kind);
            let usual = usual.map_or(0.0, |(_, size)| size);
            let effect = usual * leverage(kind, species, scarcest, state, database);
            if effect < LEAST_EFFECT {
                continue;
            }
            if touched.iter().all(|(s, _)| *s != scarcest) {
                touched.push((scarcest, share));
            }
            let missing = Missing {
                kind: kind_name(kind),
                species: names(database, species),
                share,
            };
            found.push((share * effect, missing));
        }
        if found.is_empty() {
            return None;
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        let more = found.len().saturating_sub(NAMED);
        found.truncate(NAMED);
        Some(Caution::MissingParameters {
            largest: found.into_iter().map(|(_, missing)| missing).collect(),
            more,
            share: touched.iter().map(|(_, share)| share).sum::<f64>().min(1.0),
        })
    }
}

pub(super) fn names(database: &Database, species: Triple) -> Vec<String> {
    let count = if species[2] == species[0] { 2 } else { 3 };
    let name = |&s: &SpeciesId| database.species[s].name.clone();
    species[..count].iter().map(name).collect()
}
