//! Interactions that a database has no parameter for; the model takes them as zero.

use std::collections::HashSet;

use crate::database::{Database, InteractionKind, SpeciesId};

/// An interaction without a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    /// β0 for a cation and an anion without any β, θ for two like ions, ψ for two like ions and one of the other
    /// sign, λ for a neutral species and an ion.
    pub(crate) kind: InteractionKind,
    /// In the order of [`crate::database::Interaction::species`].
    pub(crate) species: (SpeciesId, SpeciesId, Option<SpeciesId>),
}

/// Every gap between the species of a database.
pub(crate) fn gaps(database: &Database) -> Vec<Gap> {
    use InteractionKind::{Beta0, Beta1, Beta2, Lambda, Psi, Theta};
    let given: HashSet<_> = database
        .interactions
        .iter()
        .map(|i| match i.kind {
            Beta1 | Beta2 => (Beta0, i.species),
            kind => (kind, i.species),
        })
        .collect();
    let of_sign = |sign: i8| -> Vec<SpeciesId> {
        let is = |s: &SpeciesId| {
            let charge = database.species[*s].charge;
            i8::from(charge > 0.0) - i8::from(charge < 0.0) == sign
        };
        (0..database.species.len()).filter(is).collect()
    };
    let (cations, anions, neutrals) = (of_sign(1), of_sign(-1), of_sign(0));
    let mut missing = Vec::new();
    let mut want = |kind, species| {
        if !given.contains(&(kind, species)) {
            missing.push(Gap { kind, species });
        }
    };
    for &c in &cations {
        for &a in &anions {
            want(Beta0, (c, a, None));
        }
    }
    for (like, unlike) in [(&cations, &anions), (&anions, &cations)] {
        for (n, &i) in like.iter().enumerate() {
            for &j in &like[n + 1..] {
                want(Theta, (i, j, None));
                for &k in unlike {
                    want(Psi, (i, j, Some(k)));
                }
            }
        }
    }
    for &n in &neutrals {
        for &ion in cations.iter().chain(&anions) {
            want(Lambda, (n, ion, None));
        }
    }
    missing
}
