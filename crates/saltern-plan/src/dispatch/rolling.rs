//! Rolling dispatch: window after window, each starting where the one before ended, in one solver that is never rebuilt.
//!
//! Windows of the same length share one programme; bounds, costs and right-hand sides are those of the window. What a
//! store holds at the end of a window must be worth something, or every window empties it: its worth is taken from a
//! yearly plan, as the price at which the store's level stands in it (its *water value*), or is zero on request.

use super::build::{Ends, Plan, Rules, build, kept};
use super::outcome::{Outcome, Totals};
use super::series::{Bounds, Series};
use super::{MWH, Name};
use crate::solution::{Solution, Status};
use crate::solver::{Options, Solver, SolverError};
use saltern_base::energy::{Energy, Window};
use std::ops::Range;

/// What stores are worth at the end of a window.
#[derive(Clone, Debug, PartialEq)]
pub enum Terminal {
    /// Nothing.
    Nothing,
    /// Money per MWh of each store's level at the end of each step of the whole horizon.
    Values(Vec<Vec<f64>>),
}

impl Terminal {
    /// Water values of a solved plan over the whole horizon: minus the dual of the row that holds the level.
    ///
    /// The row of a store reads `… − level = −given`, so one more MWh at hand lowers its right-hand side by one.
    pub fn of(energy: &Energy, plan: &Plan, solution: &Solution, step_h: f64) -> Terminal {
        let values = energy.stores.iter().enumerate().map(|(s, _)| {
            let first = plan.layout.stored[s];
            // In the balance of a node the level counts per step and not per hour.
            let per = match plan.layout.charge[s] {
                Some(_) => 1.0,
                None => 1.0 / step_h,
            };
            let duals = &solution.duals[first..first + plan.steps];
            duals.iter().map(|dual| dual * per).collect()
        });
        Terminal::Values(values.collect())
    }

    fn at(&self, store: usize, step: usize) -> f64 {
        match self {
            Terminal::Nothing => 0.0,
            Terminal::Values(values) => values[store][step],
        }
    }
}

/// How to roll.
#[derive(Clone, Debug, PartialEq)]
pub struct Rolling {
    /// Steps of a window.
    pub window: usize,
    /// Worth of stores at the end of windows.
    pub terminal: Terminal,
    /// Level of each store at the start, MWh.
    pub start: Vec<f64>,
}

/// A rolled dispatch.
#[derive(Clone, Debug, PartialEq)]
pub struct Rolled {
    /// All windows one behind the other.
    pub outcome: Outcome,
    /// Sum of the windows' costs, without the worth of what stores hold at their ends.
    pub cost: f64,
    /// Cost of each window.
    pub costs: Vec<f64>,
    /// Iterations over all windows.
    pub iterations: u64,
}

/// Why a rolling plan ended early.
#[derive(Clone, Debug, PartialEq)]
pub enum RollingError {
    /// The solver refused the programme.
    Solver(SolverError),
    /// A window has no plan.
    NoPlan {
        /// Steps of the window.
        steps: Range<usize>,
        /// How its solve ended.
        status: Status,
    },
}

impl From<SolverError> for RollingError {
    fn from(error: SolverError) -> Self {
        RollingError::Solver(error)
    }
}

/// What is carried from window to window.
struct Carried {
    levels: Vec<f64>,
    waiting: Vec<f64>,
    /// Work of each class that has arrived and is due at each step to come, MWh.
    due: Vec<Vec<f64>>,
}

/// Rolls over all steps of the series. `seen` is called after each window with its number and the count of all.
///
/// # Errors
/// [`RollingError`] with the window that has no plan.
pub fn roll(
    energy: &Energy,
    series: &Series,
    rolling: &Rolling,
    options: &Options,
    seen: &mut dyn FnMut(usize, usize),
) -> Result<Rolled, RollingError> {
    let steps = series.steps();
    let windows: Vec<Range<usize>> = (0..steps)
        .step_by(rolling.window.max(1))
        .map(|first| first..(first + rolling.window).min(steps))
        .collect();
    let mut carried = Carried {
        levels: rolling.start.clone(),
        waiting: vec![0.0; energy.classes.len()],
        due: series.due.clone(),
    };
    let mut rolled = Rolled {
        outcome: Outcome::default(),
        cost: 0.0,
        costs: Vec::new(),
        iterations: 0,
    };
    let mut live: Option<(Plan, Solver)> = None;
    for (w, window) in windows.iter().enumerate() {
        let part = part(series, window, &carried);
        let ends = ends(energy, rolling, window, steps, &carried);
        let mut plan = build(energy, &part, &ends, RULES);
        let solution = match &mut live {
            Some((before, solver)) if is_alike(before, &plan) => {
                change(solver, before, &plan)?;
                let solution = solver.solve()?;
                std::mem::swap(before, &mut plan);
                solution
            }
            _ => {
                let mut solver = Solver::new(&plan.programme, options)?;
                let solution = solver.solve()?;
                live = Some((plan.clone(), solver));
                solution
            }
        };
        let Some((plan, _)) = &live else { continue };
        if solution.status != Status::Optimal {
            return Err(RollingError::NoPlan {
                steps: window.clone(),
                status: solution.status,
            });
        }
        let outcome = Outcome::of(energy, &part, plan, &solution);
        let totals = Totals::of(energy, &part, plan, &solution, &outcome);
        let cost = cost_without_worth(&totals);
        rolled.costs.push(cost);
        rolled.cost += cost;
        rolled.iterations += solution.iterations;
        hand_on(energy, &outcome, window, &mut carried);
        rolled.outcome.append(outcome);
        seen(w + 1, windows.len());
    }
    Ok(rolled)
}
