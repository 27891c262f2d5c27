//! Which solids are there: a primal active-set method around [`crate::newton`].
//!
//! Newton's method runs with the present set of solids; a solid whose amount falls below zero leaves,
//! the most supersaturated candidate enters. Where the entering solid is a combination of the solids and
//! the liquid already there (an invariant point), Newton's matrix would be singular: matter is then moved
//! along that combination until a solid is used up, or the liquid is, which means dry.

use crate::network::Network;
use crate::newton::{ELIMINATED_SHARE, Iterate, Newton, Traces};
use crate::water::MOLES_PER_KG;

/// Iterations before a settling is given up.
const MAX_ITERATIONS: u32 = 80;
/// Changes of the set before a settling is given up.
const MAX_CHANGES: u32 = 60;
/// Changes after which the set changes only at full convergence, so that it cannot cycle on noise.
const EAGER_CHANGES: u32 = 16;
/// The iteration ends when the *next* Newton step would be below this (in logarithms).
const CONVERGED: f64 = 2e-8;
/// Largest scaled residual of a solution.
const CLOSED: f64 = 1e-9;
/// With every equation closed to this, steps up to [`BALANCED_STEP`] are rounding: a trace (H+ over large
/// amounts of trona, say) is then a difference of large amounts and cannot be known better.
const BALANCED: f64 = 1e-12;
const BALANCED_STEP: f64 = 1e-4;
/// Newton steps below this are close enough to decide about solids.
const NEARLY: f64 = 0.05;
/// ln(IAP/K) above which a solid is supersaturated.
pub(crate) const SUPERSATURATED: f64 = 1e-9;
/// Liquid below this share of all water means dry.
const DRY_SHARE: f64 = 1e-7;
/// Ionic strength beyond which the model is not asked any more, mol/kgw: what is left counts as dry.
pub(crate) const IONIC_STRENGTH_CEILING: f64 = 60.0;

/// How a settling ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A brine in equilibrium with its solids.
    Wet,
    /// The liquid is used up.
    Dry,
}

/// Why a settling ended without a result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Unsettled {
    pub(crate) residual: f64,
}

/// Effort spent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Effort {
    pub(crate) iterations: u32,
    pub(crate) changes: u32,
}

/// Brings `x` to equilibrium with totals `b`, changing its set of solids as needed.
///
/// A brine that is found without the slopes of its traces is one: its equations hold. That none is found, or that
/// the liquid runs out on the way, says something only where the slopes are whole.
pub(crate) fn settle(
    traces: Traces,
    network: &Network,
    b: &[f64],
    x: &mut Iterate,
    newton: &mut Newton,
    effort: &mut Effort,
) -> Result<Outcome, Unsettled> {
    let driest = driest_ln_water(b);
    let mut changes = 0;
    let mut last_size = 1.0;
    for _ in 0..MAX_ITERATIONS {
        effort.iterations += 1;
        newton.evaluate(network, x);
        let Ok(step) = newton.step(network, b, x, traces) else {
            if traces == Traces::Eliminated {
                break;
            }
            // Singular: the newest solid does not fit the others; without it the rest is regular.
            if x.solids.pop().is_none() {
                break;
            }
            changes += 1;
            last_size = 1.0;
            continue;
        };
        if !step.size.is_finite() {
            break;
        }
        if x.ln_water < driest {
            return Ok(Outcome::Dry);
        }
        let converged = step.taken == 1.0 && arrived(network, b, x, newton, step.size, last_size);
        last_size = step.size;
        if converged || (step.size < NEARLY && changes < EAGER_CHANGES) {
            let margin = if converged {
                SUPERSATURATED
            } else {
                0.1 * step.size
            };
            match change_set(network, b, x, newton, margin, converged) {
                Change::None if converged => {
                    let beyond = newton.activity.ionic_strength > IONIC_STRENGTH_CEILING;
                    return Ok(if beyond { Outcome::Dry } else { Outcome::Wet });
                }
                Change::None => {}
                Change::Dry => return Ok(Outcome::Dry),
                Change::Some => {
                    changes += 1;
                    effort.changes += 1;
                    last_size = 1.0;
                    if changes > MAX_CHANGES {
                        break;
                    }
                }
            }
        }
    }
    Err(Unsettled {
        residual: newton.residual,
    })
}

/// Whether the iterate is a solution; activities are then those at the iterate.
pub(crate) fn arrived(
    network: &Network,
    b: &[f64],
    x: &Iterate,
    newton: &mut Newton,
    size: f64,
    last_size: f64,
) -> bool {
    let balanced = newton.residual < BALANCED && size < BALANCED_STEP;
    // Newton's method squares the error; what is left out for the traces shrinks it by their share.
    let shrinks = (size / last_size).powi(2).clamp(ELIMINATED_SHARE, 1.0);
    if size * shrinks >= CONVERGED && !balanced {
        return false;
    }
    newton.evaluate_activities(network, x);
    newton.measure_residual(network, b, x);
    newton.residual < CLOSED || balanced
}

/// ln of the liquid water below which there is none.
pub(crate) fn driest_ln_water(b: &[f64]) -> f64 {
    (DRY_SHARE * b[0] / MOLES_PER_KG).ln()
}

enum Change {
    None,
    Some,
    Dry,
}

fn change_set(
    network: &Network,
    b: &[f64],
    x: &mut Iterate,
    newton: &Newton,
    margin: f64,
    converged: bool,
) -> Change {
    if drop_used_up(b, x) {
        return Change::Some;
    }
    let Some(entering) = most_supersaturated(network, x, newton, margin) else {
        return Change::None;
    };
    match enter(network, b, x, newton, entering) {
        // Far from convergence a solid may seem supersaturated that is not: nothing to end in dryness for.
        Change::Dry if !converged => Change::None,
        change => change,
    }
}

/// Removes the solid whose amount is most below zero.
fn drop_used_up(b: &[f64], x: &mut Iterate) -> bool {
    let tolerance = 1e-15 * b[0].abs();
    let most_negative =
        (0..x.solids.len()).min_by(|&i, &j| x.solids[i].1.total_cmp(&x.solids[j].1));
    match most_negative {
        Some(k) if x.solids[k].1 < -tolerance => {
            x.solids.remove(k);
            true
        }
        _ => false,
    }
}

/// The candidate with the largest ln(IAP/K) per ion, if any is above the margin.
pub(crate) fn most_supersaturated(
    network: &Network,
    x: &Iterate,
    newton: &Newton,
    margin: f64,
) -> Option<usize> {
    let mut best = None;
    let mut best_drive = 0.0;
    for s in 0..network.phases.len() {
        if newton.out_of_reach(network, s) || x.solids.iter().any(|&(active, _)| active == s) {
            continue;
        }
        let affinity = newton.ln_saturation(network, s);
        if affinity > margin.max(SUPERSATURATED) {
            let ions: f64 = newton
                .members(network, s)
                .map(|(mineral, share)| share * network.ions_of(mineral))
                .sum();
            let drive = affinity / ions.max(1.0);
            if drive > best_drive {
                (best, best_drive) = (Some(s), drive);
            }
        }
    }
    best
}

/// Adds a solid, pivoting where it is a combination of what is already there.
fn enter(
    network: &Network,
    b: &[f64],
    x: &mut Iterate,
    newton: &Newton,
    entering: usize,
) -> Change {
    let liquid = liquid_amounts(network, b, x, newton);
    let Some(shares) = as_combination(network, x, newton, &liquid, entering) else {
        x.solids.push((entering, 0.0));
        return Change::Some;
    };
    // Forming one mole of the entering solid uses shares[k] of solid k and the last share of the liquid.
    let (solid_shares, liquid_share) = (&shares[..x.solids.len()], shares[x.solids.len()]);
    let mut most = f64::INFINITY;
    let mut used_up = None;
    for (k, (&share, &(_, amount))) in solid_shares.iter().zip(&x.solids).enumerate() {
        if share > 1e-9 && amount.max(0.0) / share < most {
            (most, used_up) = (amount.max(0.0) / share, Some(k));
        }
    }
    if liquid_share > 0.0 && 1.0 / liquid_share <= most {
        return Change::Dry;
    }
    let Some(used_up) = used_up else {
        return Change::None;
    };
    for (k, share) in solid_shares.iter().enumerate() {
        x.solids[k].1 -= share * most;
    }
    x.ln_water += (1.0 - liquid_share * most).max(1e-3).ln();
    x.solids[used_up] = (entering, most);
    Change::Some
}

/// Component amounts that the solids leave to the liquid. Not counted from its molalities: short of convergence they
/// carry a charge, and no combination of neutral solids with that would make another neutral one.
fn liquid_amounts(network: &Network, b: &[f64], x: &Iterate, newton: &Newton) -> Vec<f64> {
    let mut liquid = b.to_vec();
    for &(s, amount) in &x.solids {
        for (mineral, share) in newton.members(network, s) {
            for &(c, nu) in network.dissolution_terms(mineral) {
                liquid[c] -= share * nu * amount;
            }
        }
    }
    liquid
}

/// The shares of the active solids and the liquid that make up one mole of `entering`, if they can.
fn as_combination(
    network: &Network,
    x: &Iterate,
    newton: &Newton,
    liquid: &[f64],
    entering: usize,
) -> Option<Vec<f64>> {
    let n = network.component_count();
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut columns: Vec<(Vec<f64>, f64)> = Vec::new();
    let vectors = x
        .solids
        .iter()
        .map(|&(s, _)| newton.composition(network, s))
        .chain([liquid.to_vec()]);
    // Modified Gram–Schmidt; `columns` keeps each vector's coefficients in the orthonormal basis.
    for vector in vectors {
        let norm = vector.iter().map(|v| v * v).sum::<f64>().sqrt();
        let mut rest: Vec<f64> = vector.iter().map(|v| v / norm).collect();
        let mut coefficients = Vec::with_capacity(basis.len() + 1);
        for q in &basis {
            let dot: f64 = q.iter().zip(&rest).map(|(a, b)| a * b).sum();
            for (r, a) in rest.iter_mut().zip(q) {
                *r -= dot * a;
            }
            coefficients.push(dot);
        }
        let left = rest.iter().map(|v| v * v).sum::<f64>().sqrt();
        coefficients.push(left);
        rest.iter_mut()
            .for_each(|v| *v /= left.max(f64::MIN_POSITIVE));
        basis.push(rest);
        columns.push((coefficients, norm));
    }
    let target = newton.composition(network, entering);
    let target_norm = target.iter().map(|v| v * v).sum::<f64>().sqrt();
    let mut rest = target.clone();
    let mut projections = Vec::with_capacity(basis.len());
    for q in &basis {
        let dot: f64 = q.iter().zip(&rest).map(|(a, b)| a * b).sum();
        for (r, a) in rest.iter_mut().zip(q) {
            *r -= dot * a;
        }
        projections.push(dot);
    }
    let left = rest[..n].iter().map(|v| v * v).sum::<f64>().sqrt();
    if left > 1e-8 * target_norm {
        return None;
    }
    // Back substitution through the triangular coefficients.
    let mut shares = vec![0.0; columns.len()];
    for k in (0..columns.len()).rev() {
        let mut value = projections[k];
        for j in k + 1..columns.len() {
            value -= columns[j].0[k] * shares[j];
        }
        let diagonal = columns[k].0[k];
        shares[k] = if diagonal > 1e-10 {
            value / diagonal
        } else {
            0.0
        };
    }
    for (share, (_, norm)) in shares.iter_mut().zip(&columns) {
        *share /= norm;
    }
    Some(shares)
}
