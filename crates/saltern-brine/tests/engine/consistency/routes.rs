//! A state is a function of matter and temperature: not of where the solver came from, of how much there is, of the
//! order of a list, or of what was taken away and put back.

use super::grid::{Case, Set};
use super::ledger::Ledger;
use super::{ANSWER, WET_OR_DRY};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::{Equilibrium, Solver, State};

pub(super) struct Routes<'a> {
    database: &'a Database,
    solver: Solver<'a>,
    reversed: Solver<'a>,
    /// The state before this one on the walk: another water content, brine or temperature.
    before: Option<(&'static str, Equilibrium)>,
}

impl<'a> Routes<'a> {
    pub(super) fn new(set: &'a Set) -> Self {
        let reversed: Vec<_> = set.allowed.iter().rev().copied().collect();
        Routes {
            database: &set.database,
            solver: Solver::new(&set.database, &set.allowed),
            reversed: Solver::new(&set.database, &reversed),
            before: None,
        }
    }

    fn solve(
        &mut self,
        amounts_mol: &[f64],
        kelvin: f64,
        warm: Option<&Equilibrium>,
    ) -> Result<Equilibrium, String> {
        self.solver
            .equilibrate(amounts_mol, kelvin, warm)
            .map_err(|e| e.to_string())
    }
}

pub(super) fn look(
    routes: &mut Routes<'_>,
    case: &Case<'_>,
    state: &Equilibrium,
    ledger: &mut Ledger,
) {
    let t = case.kelvin();
    let reversed = routes
        .reversed
        .equilibrate(&case.amounts_mol, t, None)
        .map_err(|e| e.to_string());
    compare(
        case,
        "the order of minerals",
        state,
        reversed,
        1.0,
        0.0,
        ledger,
    );
    for scale in [1e-6, 7.0, 1e6] {
        let scaled: Vec<f64> = case.amounts_mol.iter().map(|b| b * scale).collect();
        let other = routes.solve(&scaled, t, None);
        compare(case, "how much there is", state, other, scale, 1e-8, ledger);
    }
    let before = routes.before.take();
    if let Some((_, before)) = before.filter(|(brine, _)| *brine == case.brine) {
        let warm = routes.solve(&case.amounts_mol, t, Some(&before));
        compare(
            case,
            "coming from a weaker brine",
            state,
            warm,
            1.0,
            1e-8,
            ledger,
        );
    }
    for (identity, kelvin) in [
        ("coming from the cold", -15.0),
        ("coming from the warm", 15.0),
    ] {
        // Where there is no answer elsewhere there is no route from there.
        if let Ok(elsewhere) = routes.solve(&case.amounts_mol, t + kelvin, None) {
            let other = routes.solve(&case.amounts_mol, t, Some(&elsewhere));
            compare(case, identity, state, other, 1.0, 1e-8, ledger);
        }
    }
    if state.state == State::Wet {
        decanted(routes, case, state, ledger);
        // Twice as much water added and taken away again.
        let mut diluted = case.amounts_mol.clone();
        diluted[0] *= 3.0;
        if let Ok(thinner) = routes.solve(&diluted, t, Some(state)) {
            let other = routes.solve(&case.amounts_mol, t, Some(&thinner));
            compare(
                case,
                "diluted and evaporated",
                state,
                other,
                1.0,
                1e-8,
                ledger,
            );
        }
    }
    routes.before = Some((case.brine, state.clone()));
}

/// Brine poured off its solids is at equilibrium by itself.
fn decanted(routes: &mut Routes<'_>, case: &Case<'_>, state: &Equilibrium, ledger: &mut Ledger) {
    let liquid = state.liquid_amounts_mol(routes.database, &case.amounts_mol);
    match routes.solve(&liquid, case.kelvin(), None) {
        Ok(other) if other.state == State::Wet => {
            let error = activities_apart(case, state, &other);
            ledger.note(
                case,
                "brine poured off its solids stays as it is",
                error,
                1e-8,
                "",
            );
        }
        other => {
            let what = other.err().unwrap_or("dry".to_string());
            ledger.note(
                case,
                "brine poured off its solids stays as it is",
                f64::NAN,
                1e-8,
                &what,
            );
        }
    }
}

/// Largest difference of ln a of the components there is something of.
fn activities_apart(case: &Case<'_>, a: &Equilibrium, b: &Equilibrium) -> f64 {
    let there = |&c: &usize| case.amounts_mol[c] > 0.0;
    (0..case.amounts_mol.len())
        .filter(there)
        .map(|c| (a.ln_activity[c] - b.ln_activity[c]).abs())
        .fold(
            0.0,
            |worst, d| if d.is_nan() { d } else { f64::max(worst, d) },
        )
}

fn compare(
    case: &Case<'_>,
    identity: &'static str,
    one: &Equilibrium,
    other: Result<Equilibrium, String>,
    scale: f64,
    tolerated: f64,
    ledger: &mut Ledger,
) {
    let tolerated = f64::max(tolerated, 1e-300);
    let other = match other {
        Ok(other) => other,
        Err(error) => {
            let why = format!("{identity}: {error}");
            return ledger.note(case, ANSWER, f64::NAN, 1.0, &why);
        }
    };
    if one.state != other.state {
        return ledger.note(case, WET_OR_DRY, f64::NAN, 1.0, identity);
    }
    ledger.note(case, WET_OR_DRY, 0.0, 1.0, "");
    let size: f64 = case.amounts_mol[1..].iter().map(|b| b.abs()).sum();
    let solids = one.solids_mol.iter().zip(&other.solids_mol);
    let mut apart = solids
        .map(|(a, b)| (a - b / scale).abs() / size)
        .fold(0.0, f64::max);
    if one.state == State::Wet {
        apart = apart.max((one.water_kg - other.water_kg / scale).abs() / case.water_kg);
        apart = apart.max(activities_apart(case, one, &other));
    }
    ledger.note(case, identity, apart, tolerated, "");
}
