//! Charge of what moves between liquors, and its restoration where a membrane lets ions through unequally.

use saltern_brine::database::HYDROGEN;

use crate::matter::Matter;

/// Share of an ion that can be moved at most, so that none is left below zero by rounding.
pub(crate) const MOST: f64 = 0.999;

/// Charge number of a component.
pub(crate) fn charge_of(matter: &Matter<'_>, component: usize) -> f64 {
    matter.database.components[component].formula.charge
}

/// Makes amounts that cross neutral. Anions follow the cations, as far as there are any; beyond that the cations stay
/// behind. The proton excess counts with the cations.
pub(crate) fn neutralise(matter: &Matter<'_>, moved: &mut [f64], available: &[f64]) {
    let (mut cations, mut anions, mut most) = (0.0, 0.0, f64::INFINITY);
    for (c, n) in moved.iter().enumerate() {
        let z = charge_of(matter, c);
        if c == HYDROGEN || z > 0.0 {
            cations += z * n;
        } else if z < 0.0 && *n > 0.0 {
            anions -= z * n;
            most = f64::min(most, MOST * available[c] / n);
        }
    }
    let (of_cations, of_anions) = if cations > 0.0 && anions > 0.0 {
        let follow = cations / anions;
        (f64::min(1.0, most * anions / cations), follow.min(most))
    } else {
        (0.0, 0.0)
    };
    for (c, n) in moved.iter_mut().enumerate() {
        let z = charge_of(matter, c);
        if c == HYDROGEN || z > 0.0 {
            *n *= of_cations;
        } else if z < 0.0 {
            *n *= of_anions;
        }
    }
}
