//! The proof that bounds cannot hold together.
//!
//! Farkas' lemma: `l ≤ x ≤ u`, `L ≤ Ax ≤ U` has no solution if and only if weights y of the rows exist with
//!
//! ```text
//! Σ y⁺L − Σ y⁻U  >  max {zᵀx : l ≤ x ≤ u},   z = Aᵀy
//! ```
//!
//! Bounds with a weight other than zero are the conflict. Taken from one row of a simplex tableau it is irreducible: the
//! row says that one basic variable is a sum of nonbasic ones, which are independent of each other, so that without any one
//! of the bounds the others can be met (J. Gleeson, J. Ryan, ORSA J. Comput. 2 (1990) 61–63: irreducible conflicts are the
//! vertices of the polyhedron of proofs; J. W. Chinneck, Feasibility and Infeasibility in Optimization, Springer 2008, ch. 6).

use super::bound::{At, Bound, Side};
use crate::programme::{Matrix, Programme};

/// Weights below this share of the greatest count as zero: the solver's own tolerance of a coefficient.
const SMALL: f64 = 1e-9;

/// A bound with its weight in a proof, above zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Held {
    pub(crate) bound: Bound,
    pub(crate) weight: f64,
}

/// Bounds that cannot hold together, with the weights that prove it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Certificate {
    pub(crate) held: Vec<Held>,
    /// Weighted sum of what must be at least less what may be at most: above zero.
    pub(crate) excess: f64,
}

impl Certificate {
    /// The proof from weights of the rows of either sign; `None` if they prove nothing.
    pub(crate) fn of<N: Copy + PartialEq>(
        programme: &Programme<N>,
        weights: &[f64],
    ) -> Option<Certificate> {
        let matrix = programme.matrix();
        let reversed: Vec<f64> = weights.iter().map(|y| -y).collect();
        [weights, &reversed]
            .into_iter()
            .filter_map(|y| one(programme, &matrix, y))
            .max_by(|a, b| a.excess.total_cmp(&b.excess))
    }

    /// Two bounds of one column or row that cross.
    pub(super) fn crossed(at: At, excess: f64) -> Certificate {
        let held = [Side::Lower, Side::Upper].map(|side| Held {
            bound: Bound { at, side },
            weight: 1.0,
        });
        Certificate {
            held: held.to_vec(),
            excess,
        }
    }

    /// The bounds.
    pub(crate) fn bounds(&self) -> impl Iterator<Item = Bound> {
        self.held.iter().map(|held| held.bound)
    }

    /// An excess that is more than rounding.
    pub(super) fn rounding(&self) -> f64 {
        1e-6 * self.held.iter().map(|held| held.weight).fold(0.0, f64::max)
    }
}

fn one<N: Copy + PartialEq>(
    programme: &Programme<N>,
    matrix: &Matrix,
    y: &[f64],
) -> Option<Certificate> {
    let scale = y.iter().fold(0.0_f64, |most, y| most.max(y.abs()));
    if scale == 0.0 {
        return None;
    }
    let mut held = Vec::new();
    let mut hold = |at: At, low: bool, weight: f64| {
        let side = if low { Side::Lower } else { Side::Upper };
        held.push(Held {
            bound: Bound { at, side },
            weight: weight.abs(),
        });
    };
    for (row, &weight) in y.iter().enumerate() {
        if weight.abs() > SMALL * scale {
            hold(At::Row(row), weight > 0.0, weight);
        }
    }
    for column in 0..programme.column_count() {
        let entries = matrix.starts[column] as usize..matrix.starts[column + 1] as usize;
        let terms = entries.map(|e| y[matrix.rows[e] as usize] * matrix.values[e]);
        let (sum, most) = terms.fold((0.0, 0.0_f64), |(sum, most), term| {
            (sum + term, most.max(term.abs()))
        });
        if sum.abs() > SMALL * most.max(scale) {
            hold(At::Column(column), sum < 0.0, sum);
        }
    }
    let signed = |held: &Held| match held.bound.side {
        Side::Lower => held.weight * held.bound.value(programme),
        Side::Upper => -held.weight * held.bound.value(programme),
    };
    let excess: f64 = held.iter().map(signed).sum();
    (excess.is_finite() && excess > 0.0).then_some(Certificate { held, excess })
}
