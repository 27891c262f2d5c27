//! Derivatives of an equilibrium: against finite differences, and in the identities that G imposes on them.
//!
//! At equilibrium G/RT = Σ b_c (ln a_c + μ°_c/RT) is stationary in how matter is arranged. So ∂ln a_i/∂b_j is
//! symmetric, Σ_j b_j ∂ln a_i/∂b_j = 0 (more of the same brine is the same brine), and by the envelope theorem
//! Σ_c b_c ∂ln a_c/∂p is the partial derivative of G/RT by a parameter: the amount of a solid for its ln K, less
//! that of a species, and 2 W m_i m_j for a θ.

use super::grid::{Case, Set};
use super::ledger::Ledger;
use saltern_brine::database::{
    ComponentId, Database, HYDROGEN, Interaction, InteractionKind, WATER,
};
use saltern_brine::equilibrium::{Equilibrium, Solver, State};
use saltern_brine::sensitivity::{Direction, Tangent};
use std::f64::consts::LN_10;

pub(super) struct Slopes<'a> {
    set: &'a Set,
    solver: Solver<'a>,
}

impl<'a> Slopes<'a> {
    pub(super) fn new(set: &'a Set) -> Self {
        let solver = Solver::new(&set.database, &set.allowed);
        Slopes { set, solver }
    }
}

pub(super) fn look(
    with: &mut Slopes<'_>,
    case: &Case<'_>,
    state: &Equilibrium,
    ledger: &mut Ledger,
) {
    if state.state == State::Dry {
        return;
    }
    let directions = directions(&with.set.database, case, state);
    let tangents = match with.solver.tangents(&case.amounts_mol, state, &directions) {
        Ok(tangents) => tangents,
        Err(error) => {
            ledger.note(
                case,
                "there are derivatives",
                f64::NAN,
                1.0,
                &error.to_string(),
            );
            return;
        }
    };
    reciprocity(case, &directions, &tangents, ledger);
    envelope(
        &with.set.database,
        case,
        state,
        &directions,
        &tangents,
        ledger,
    );
    for (direction, tangent) in directions.iter().zip(&tangents) {
        finite_difference(with, case, state, *direction, tangent, ledger);
    }
}

/// Every amount there is, temperature, and every log K and parameter that acts in this state.
fn directions(database: &Database, case: &Case<'_>, state: &Equilibrium) -> Vec<Direction> {
    let amounts = there(case).map(Direction::Amount);
    let solids = (0..state.solids_mol.len()).filter(|&m| state.solids_mol[m] > 0.0);
    let secondary = |&s: &usize| {
        state.molality_mol_kgw[s] > 0.0 && database.components.iter().all(|c| c.species != Some(s))
    };
    let acts = |&i: &usize| {
        gibbs_slope(&database.interactions[i], database, state).is_some_and(|g| g != 0.0)
    };
    amounts
        .chain([Direction::Temperature])
        .chain(solids.map(Direction::MineralLogK))
        .chain(
            (0..database.species.len())
                .filter(secondary)
                .map(Direction::SpeciesLogK),
        )
        .chain(
            (0..database.interactions.len())
                .filter(acts)
                .map(Direction::Interaction),
        )
        .collect()
}

/// Water, and whatever has an amount that is neither nothing nor a trace of rounding.
fn there<'a>(case: &'a Case<'_>) -> impl Iterator<Item = ComponentId> + use<'a> {
    let amounts: &'a [f64] = &case.amounts_mol;
    (0..amounts.len()).filter(|&c| amounts[c].abs() > 1e-9)
}

/// ∂ln a_i/∂b_j = ∂ln a_j/∂b_i, and Σ_j b_j ∂ln a_i/∂b_j = 0.
fn reciprocity(
    case: &Case<'_>,
    directions: &[Direction],
    tangents: &[Tangent],
    ledger: &mut Ledger,
) {
    let b = &case.amounts_mol;
    let by_amount: Vec<(ComponentId, &Tangent)> = directions
        .iter()
        .zip(tangents)
        .filter_map(|(d, t)| match d {
            Direction::Amount(c) => Some((*c, t)),
            _ => None,
        })
        .collect();
    // As changes with the logarithms of the amounts, over the largest of them.
    let scaled = |i: ComponentId, j: ComponentId, t: &Tangent| b[i] * b[j] * t.ln_activity[i];
    let largest = by_amount
        .iter()
        .flat_map(|&(j, t)| there(case).map(move |i| scaled(i, j, t).abs()))
        .fold(1e-6, f64::max);
    let (mut asymmetry, mut sum) = (0.0_f64, 0.0_f64);
    for &(i, by_i) in &by_amount {
        let mut total = 0.0;
        for &(j, by_j) in &by_amount {
            asymmetry = asymmetry.max((scaled(i, j, by_j) - scaled(j, i, by_i)).abs());
            total += scaled(i, j, by_j);
        }
        sum = sum.max(total.abs());
    }
    ledger.note(
        case,
        "d ln a by amounts is symmetric",
        asymmetry / largest,
        1e-7,
        "",
    );
    ledger.note(
        case,
        "more of the same brine is the same brine",
        sum / largest,
        1e-7,
        "",
    );
}

/// Σ_c b_c ∂ln a_c/∂p against the partial derivative of G/RT.
fn envelope(
    database: &Database,
    case: &Case<'_>,
    state: &Equilibrium,
    directions: &[Direction],
    tangents: &[Tangent],
    ledger: &mut Ledger,
) {
    let size: f64 = case.amounts_mol[HYDROGEN + 1..].iter().sum();
    for (direction, tangent) in directions.iter().zip(tangents) {
        let (expected, name) = match *direction {
            Direction::MineralLogK(m) => (LN_10 * state.solids_mol[m], &database.minerals[m].name),
            Direction::SpeciesLogK(s) => (
                -LN_10 * state.molality_mol_kgw[s] * state.water_kg,
                &database.species[s].name,
            ),
            Direction::Interaction(i) => {
                let row = &database.interactions[i];
                let slope = gibbs_slope(row, database, state).unwrap_or(f64::NAN);
                (
                    slope * state.water_kg,
                    &database.species[row.species.0].name,
                )
            }
            Direction::Amount(_) | Direction::Temperature => continue,
        };
        let terms = there(case).map(|c| case.amounts_mol[c] * tangent.ln_activity[c]);
        let error = (terms.sum::<f64>() - expected).abs() / (size + expected.abs());
        ledger.note(
            case,
            "envelope theorem for log K and parameters",
            error,
            1e-7,
            name,
        );
    }
}

/// ∂(G^ex/RT)/∂P of the liquid that holds a kilogram of water; `None` for kinds that are not looked at.
fn gibbs_slope(row: &Interaction, database: &Database, state: &Equilibrium) -> Option<f64> {
    use InteractionKind::{Beta0, CPhi, Lambda, Psi, Theta, Zeta};
    let m = &state.molality_mol_kgw;
    let (a, b, c) = row.species;
    let charge = |s: usize| database.species[s].charge.abs();
    Some(match (row.kind, c) {
        (Beta0 | Theta, _) => 2.0 * m[a] * m[b],
        (Lambda, _) => m[a] * m[b] * if a == b { 1.0 } else { 2.0 },
        (CPhi, _) => {
            let z: f64 = m.iter().enumerate().map(|(s, m)| m * charge(s)).sum();
            m[a] * m[b] * z / (2.0 * (charge(a) * charge(b)).sqrt())
        }
        (Psi | Zeta, Some(c)) => m[a] * m[b] * m[c],
        _ => return None,
    })
}

/// Central differences by each amount and by temperature, where no solid comes or goes in between.
fn finite_difference(
    with: &mut Slopes<'_>,
    case: &Case<'_>,
    state: &Equilibrium,
    direction: Direction,
    tangent: &Tangent,
    ledger: &mut Ledger,
) {
    let (identity, step) = match direction {
        Direction::Amount(c) => (
            "derivative by amounts by finite difference",
            1e-5 * case.amounts_mol[c].abs(),
        ),
        Direction::Temperature => ("derivative by temperature by finite difference", 2e-3),
        _ => return,
    };
    let mut side = |step: f64| {
        let (mut amounts, mut t) = (case.amounts_mol.clone(), case.kelvin());
        match direction {
            Direction::Amount(c) => amounts[c] += step,
            _ => t += step,
        }
        let other = with.solver.equilibrate(&amounts, t, Some(state)).ok()?;
        let solids = other.solids_mol.iter().zip(&state.solids_mol);
        let same =
            other.state == State::Wet && solids.clone().all(|(a, b)| (*a > 0.0) == (*b > 0.0));
        same.then_some(other)
    };
    let (Some(down), Some(up)) = (side(-step), side(step)) else {
        return;
    };
    // A nearly invariant brine bends within any step that rounding allows; the identities above are the sharp ones.
    // Changes over a step as large as the amount, or a kelvin, so that all are of one size.
    let reach = match direction {
        Direction::Amount(c) => case.amounts_mol[c].abs(),
        _ => 1.0,
    };
    let salts: f64 = case.amounts_mol[HYDROGEN + 1..].iter().sum();
    let mut worst = 0.0_f64;
    let mut see = |up: f64, down: f64, exact: f64, size: f64| {
        let found = (up - down) / (2.0 * step);
        let change = 1.0 + (reach * exact / size).abs();
        worst = worst.max(reach * (found - exact).abs() / size / change);
    };
    see(up.water_kg, down.water_kg, tangent.water_kg, case.water_kg);
    for c in there(case).chain([WATER]) {
        see(
            up.ln_activity[c],
            down.ln_activity[c],
            tangent.ln_activity[c],
            1.0,
        );
    }
    for (m, exact) in tangent.solids_mol.iter().enumerate() {
        see(
            up.solids_mol[m],
            down.solids_mol[m],
            *exact,
            salts + case.water_kg * 55.5,
        );
    }
    ledger.note(case, identity, worst, 1e-3, "");
}
