//! How much an interaction matters in a state: the share of the brine it touches, and what it does to the activity
//! coefficient of its scarcest species.

use crate::database::{Database, InteractionKind, REFERENCE_TEMPERATURE_K, SpeciesId};
use crate::equilibrium::Equilibrium;

/// Species of an interaction; the third is the first again for a pair.
pub(super) type Triple = [SpeciesId; 3];

/// What each species of a state amounts to.
pub(super) struct Shares {
    /// Share of the ionic strength (of the dissolved moles for a neutral species), 0…1, by species.
    share: Vec<f64>,
}

impl Shares {
    pub(super) fn of(state: &Equilibrium, database: &Database) -> Shares {
        let m = &state.molality_mol_kgw;
        let sum: f64 = m.iter().sum();
        let twice = 2.0 * state.ionic_strength_mol_kgw;
        let share = |(species, m): (&crate::database::Species, &f64)| match species.charge {
            _ if *m == 0.0 => 0.0,
            0.0 => m / sum,
            z => m * z * z / twice,
        };
        Shares {
            share: database.species.iter().zip(m).map(share).collect(),
        }
    }

    /// The scarcest of some species, and its share.
    pub(super) fn scarcest(&self, species: Triple) -> (SpeciesId, f64) {
        let mut least = (species[0], self.share[species[0]]);
        for s in [species[1], species[2]] {
            if self.share[s] < least.1 {
                least = (s, self.share[s]);
            }
        }
        least
    }
}

/// Change of ln γ of the scarcest species by a parameter of unit size (Pitzer 1991, chapter 3): 2 m for θ, λ and β0
/// with the molality of the partner, Z m/(2√|z z'|) for C^φ, the product of the other two for ψ, ζ, η.
pub(super) fn leverage(
    kind: InteractionKind,
    species: Triple,
    scarcest: SpeciesId,
    state: &Equilibrium,
    database: &Database,
) -> f64 {
    use InteractionKind::{Alphas, Beta0, Beta1, Beta2, CPhi, Eta, Lambda, Mu, Psi, Theta, Zeta};
    let m = &state.molality_mol_kgw;
    let pair = species[2] == species[0];
    let others = || {
        let mut left = species[..if pair { 2 } else { 3 }].to_vec();
        if let Some(at) = left.iter().position(|&s| s == scarcest) {
            left.remove(at);
        }
        left.iter().map(|&s| m[s]).product::<f64>()
    };
    let root = state.ionic_strength_mol_kgw.sqrt();
    match kind {
        Beta0 | Theta | Lambda => 2.0 * others(),
        // α = 2 and 12 of the usual pairs.
        Beta1 => 2.0 * others() * short_range(2.0 * root),
        Beta2 => 2.0 * others() * short_range(12.0 * root),
        CPhi => {
            let charge = |s: SpeciesId| database.species[s].charge.abs();
            let z: f64 = m.iter().enumerate().map(|(s, m)| m * charge(s)).sum();
            others() * z / (2.0 * (charge(species[0]) * charge(species[1])).sqrt())
        }
        Psi | Zeta | Eta => others(),
        Mu => 3.0 * others(),
        Alphas => 0.0,
    }
}

/// g(x) = 2[1 − (1 + x) e^(−x)]/x².
fn short_range(x: f64) -> f64 {
    if x < 1e-3 {
        1.0
    } else {
        2.0 * (1.0 - (1.0 + x) * (-x).exp()) / (x * x)
    }
}

/// The middle of the absolute values of a database's parameters of a kind at 25 °C: what a missing one may be.
pub(super) fn usual_size(database: &Database, kind: InteractionKind) -> f64 {
    let of_kind = database.interactions.iter().filter(|i| i.kind == kind);
    median(
        of_kind
            .map(|i| i.at(REFERENCE_TEMPERATURE_K).abs())
            .collect(),
    )
}

/// The middle of the relative changes with temperature, 1/K, of the parameters that have a temperature function: how
/// fast one outside its range may drift away.
pub(super) fn usual_drift_per_k(database: &Database) -> f64 {
    let t = REFERENCE_TEMPERATURE_K;
    let drift = |i: &crate::database::Interaction| {
        let change = (i.at(t + 1.0) - i.at(t - 1.0)).abs() / 2.0;
        (change > 0.0 && i.kind != InteractionKind::Alphas).then(|| change / i.at(t).abs())
    };
    median(database.interactions.iter().filter_map(drift).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.retain(|v| v.is_finite());
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
