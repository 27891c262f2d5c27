//! Bounds that may give way at a price.

use super::bound::{At, Bound, Side};
use crate::programme::Programme;

/// Lets every finite bound that has a weight give way in a bare copy of its programme: a column of slack each, with the
/// coefficients of the bound's own, so that no bound becomes a row. Answers the bounds and their columns.
pub(crate) fn way<N: Copy + PartialEq>(
    programme: &Programme<N>,
    elastic: &mut Programme<()>,
    weight: impl Fn(Bound) -> Option<f64>,
) -> Vec<(Bound, usize)> {
    let matrix = programme.matrix();
    let rows = (0..programme.row_count()).map(At::Row);
    let columns = (0..programme.column_count()).map(At::Column);
    let mut slacks = Vec::new();
    for at in rows.chain(columns) {
        for side in [Side::Lower, Side::Upper] {
            let bound = Bound { at, side };
            if !bound.value(programme).is_finite() {
                continue;
            }
            let Some(weight) = weight(bound) else {
                continue;
            };
            let own = elastic.add_columns((), 1, (0.0, f64::INFINITY), weight);
            let sign = if side == Side::Lower { 1.0 } else { -1.0 };
            match at {
                At::Row(row) => elastic.enter(row, own, sign),
                At::Column(column) => {
                    let (from, to) = (matrix.starts[column], matrix.starts[column + 1]);
                    for e in from as usize..to as usize {
                        elastic.enter(matrix.rows[e] as usize, own, -sign * matrix.values[e]);
                    }
                }
            }
            slacks.push((bound, own));
        }
    }
    slacks
}
