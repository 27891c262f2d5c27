//! What stands in the way of more.

use super::answer::Binding;
use super::name::Name;
use crate::programme::Programme;
use crate::solution::Solution;

/// Rows and bounds that are worth something, the most first.
pub(super) fn bindings(programme: &Programme<Name>, solution: &Solution) -> Vec<Binding> {
    let limits = |name: &Name| matches!(name, Name::Wagons(_) | Name::Warehouse(_) | Name::Crew(_));
    let decides = |name: &Name| {
        matches!(
            name,
            Name::Feed(_) | Name::Take(_) | Name::Sold(_) | Name::Store(_)
        )
    };
    let rows = (solution.duals.iter().enumerate()).filter_map(|(row, dual)| {
        let (name, step) = programme.row_name(row)?;
        let worth = -dual;
        (limits(&name) && *dual < -1e-2).then_some(Binding {
            name,
            is_row: true,
            step,
            worth,
        })
    });
    let columns = (solution.reduced_costs.iter().enumerate()).filter_map(|(column, cost)| {
        let (name, step) = programme.column_name(column)?;
        let free = programme.lower[column] < programme.upper[column];
        (free && decides(&name) && *cost < -1e-2).then_some(Binding {
            name,
            is_row: false,
            step,
            worth: -cost,
        })
    });
    let mut all: Vec<Binding> = rows.chain(columns).collect();
    all.sort_by(|a, b| b.worth.abs().total_cmp(&a.worth.abs()));
    all
}
