//! Numbers used at temperatures that they were not fitted at.

use super::missing::names;
use super::weight::{Shares, Triple, leverage, usual_drift_per_k};
use super::{Caution, LEAST_EFFECT, LEAST_SHARE, NAMED, Outside};
use crate::assembly::kind_name;
use crate::database::{Database, Interaction, Provenance};
use crate::equilibrium::{Equilibrium, State};

/// A range is not exact to less than this, K.
const RANGE_MARGIN_K: f64 = 0.5;
/// A solid within this of saturation, log10, is about to appear, or has just been redissolved.
const NEARLY_SATURATED: f64 = 0.1;

/// Ranges of a database's parameters, laid out to be looked through.
#[derive(Clone, Debug)]
pub(super) struct Ranges {
    rows: Vec<Row>,
    drift_per_k: f64,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    /// In [`Database::interactions`].
    interaction: usize,
    low_k: f64,
    high_k: f64,
    species: Triple,
}

impl Ranges {
    pub(super) fn of(database: &Database) -> Ranges {
        let row = |(interaction, i): (usize, &Interaction)| {
            let (low_k, high_k) = range(&i.provenance)?;
            let (a, b, c) = i.species;
            Some(Row {
                interaction,
                low_k,
                high_k,
                species: [a, b, c.unwrap_or(a)],
            })
        };
        let rows = database.interactions.iter().enumerate();
        Ranges {
            rows: rows.filter_map(row).collect(),
            drift_per_k: usual_drift_per_k(database),
        }
    }

    /// Parameters that may have drifted far enough to be seen, the largest first.
    pub(super) fn parameters(
        &self,
        state: &Equilibrium,
        shares: &Shares,
        database: &Database,
    ) -> Option<Caution> {
        let t = state.temperature_k;
        let mut found = Vec::new();
        for row in &self.rows {
            let beyond_k = (row.low_k - t).max(t - row.high_k);
            if beyond_k <= RANGE_MARGIN_K {
                continue;
            }
            let (scarcest, share) = shares.scarcest(row.species);
            if share < LEAST_SHARE {
                continue;
            }
            let i = &database.interactions[row.interaction];
            let lever = leverage(i.kind, row.species, scarcest, state, database);
            let effect = (i.at(t) * lever).abs() * self.drift_per_k * beyond_k;
            if effect >= LEAST_EFFECT {
                found.push((share * effect, row));
            }
        }
        let outside = |row: &Row| Outside {
            what: format!(
                "{} {}",
                kind_name(database.interactions[row.interaction].kind),
                names(database, row.species).join("–")
            ),
            from_degc: row.low_k - 273.15,
            to_degc: row.high_k - 273.15,
        };
        let (largest, more) = largest(found, outside)?;
        Some(Caution::ParametersOutsideRange {
            largest,
            more,
            temperature_k: t,
        })
    }
}

/// log K of the solids that are there, or nearly so, outside their ranges, the most plentiful first.
pub(super) fn log_k(state: &Equilibrium, database: &Database) -> Option<Caution> {
    let t = state.temperature_k;
    let mut found = Vec::new();
    for (m, mineral) in database.minerals.iter().enumerate() {
        let Some((low_k, high_k)) = range(&mineral.provenance) else {
            continue;
        };
        if (low_k - t).max(t - high_k) <= RANGE_MARGIN_K {
            continue;
        }
        let amount = state.solids_mol.get(m).copied().unwrap_or(0.0);
        let near = || {
            state.state == State::Wet
                && state.saturation_index_of(database, m).abs() < NEARLY_SATURATED
        };
        if amount > 0.0 || near() {
            let outside = Outside {
                what: mineral.name.clone(),
                from_degc: low_k - 273.15,
                to_degc: high_k - 273.15,
            };
            found.push((amount, outside));
        }
    }
    let (largest, more) = largest(found, |outside: Outside| outside)?;
    Some(Caution::LogKOutsideRange {
        largest,
        more,
        temperature_k: t,
    })
}

/// The first few by weight, and how many are left.
fn largest<T>(
    mut found: Vec<(f64, T)>,
    told: impl Fn(T) -> Outside,
) -> Option<(Vec<Outside>, usize)> {
    if found.is_empty() {
        return None;
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let more = found.len().saturating_sub(NAMED);
    found.truncate(NAMED);
    Some((
        found.into_iter().map(|(_, item)| told(item)).collect(),
        more,
    ))
}

/// Where a number holds; `None` without either bound.
fn range(provenance: &Provenance) -> Option<(f64, f64)> {
    match (provenance.temperature_k_min, provenance.temperature_k_max) {
        (None, None) => None,
        (low, high) => Some((
            low.unwrap_or(f64::NEG_INFINITY),
            high.unwrap_or(f64::INFINITY),
        )),
    }
}
