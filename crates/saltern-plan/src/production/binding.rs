//! What stands in the way of more: limits of the base whose duals say that one more unit would earn something. Bounds that
//! are there only because the programme may not go far from a trajectory are none of them.

use super::answer::Binding;
use super::name::Name;
use crate::programme::Programme;
use crate::solution::Solution;

/// Money per unit below which a limit is not told.
const NOTHING: f64 = 1e-2;

/// Limits that are worth something, the most over all their steps first. `wide` is the same programme without a box.
pub(super) fn bindings(
    programme: &Programme<Name>,
    wide: &Programme<Name>,
    solution: &Solution,
) -> Vec<Binding> {
    let limits = |name: &Name| matches!(name, Name::Wagons(_) | Name::Warehouse(_) | Name::Crew(_));
    let decides = |name: &Name| {
        matches!(
            name,
            Name::Feed(_) | Name::Take(_) | Name::Sold(_) | Name::Store(_)
        )
    };
    let rows = (solution.duals.iter().enumerate()).filter_map(|(row, dual)| {
        let (name, step) = programme.row_name(row)?;
        (limits(&name) && -dual > NOTHING).then_some((name, step, -dual))
    });
    let columns = (solution.reduced_costs.iter().enumerate()).filter_map(|(column, cost)| {
        let (name, step) = programme.column_name(column)?;
        let free = programme.lower[column] < programme.upper[column];
        let own = programme.upper[column] >= wide.upper[column];
        (free && own && decides(&name) && -cost > NOTHING).then_some((name, step, -cost))
    });
    merged(rows.chain(columns))
}

/// Consecutive steps of one limit as one, with the mean of what it is worth.
fn merged(all: impl Iterator<Item = (Name, usize, f64)>) -> Vec<Binding> {
    let mut merged: Vec<Binding> = Vec::new();
    for (name, step, worth) in all {
        match merged.last_mut() {
            Some(last) if last.name == name && last.to + 1 == step => {
                let before = (step - last.from) as f64;
                last.worth = (last.worth * before + worth) / (before + 1.0);
                last.to = step;
            }
            _ => merged.push(Binding {
                name,
                from: step,
                to: step,
                worth,
            }),
        }
    }
    let total = |binding: &Binding| binding.worth * (binding.to - binding.from + 1) as f64;
    merged.sort_by(|a, b| total(b).total_cmp(&total(a)));
    merged
}
