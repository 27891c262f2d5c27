//! A dispatch in two stages: what is decided the day before must suit whatever comes.
//!
//! ```text
//! min  c·x + Σₛ pₛ·q(x, s)      x here and now, the same for all scenarios; the rest as each scenario s has it
//! ```
//!
//! Here and now: which units are on, and what is bought by schedule, from which deviations cost `extra_price` and
//! `less_price` of the grid. Everything else is recourse: what stores, converters, lines, halls and grids do, and what goes
//! unserved. The programme holds all scenarios at once (the deterministic equivalent), with one column for each decision
//! of the day before.
//!
//! | | cost |
//! |---|---|
//! | wait and see | each scenario planned as if it were known: nothing can be cheaper |
//! | here and now | this plan |
//! | of the mean | decisions for the mean of the scenarios, which then meet each scenario |
//!
//! Here and now less wait and see is what knowing would be worth (EVPI), of the mean less here and now is what counting with
//! scenarios is worth (VSS); neither is negative: A. Madansky, *Management Science* 6 (1960) 197–204; J. R. Birge, *Mathematical
//! Programming* 24 (1982) 314–325 (both recalled).

use super::MWH;
use super::build::{Ends, Plan, Rules, build};
use super::name::Name;
use super::outcome::Outcome;
use super::series::Series;
use crate::programme::Programme;
use crate::solution::{Solution, Status};
use crate::solver::{Options, Solver, SolverError};
use saltern_base::energy::Energy;

/// A dispatch in two stages, solved.
#[derive(Clone, Debug)]
pub struct Staged {
    /// How the solve ended.
    pub status: Status,
    /// Relative gap to the best possible.
    pub gap: f64,
    /// Rows and columns of the programme of all scenarios.
    pub size: (usize, usize),
    /// Iterations.
    pub iterations: u64,
    /// What was decided, with what came of it; none where there is no plan.
    pub answer: Option<Answer>,
}

/// What was decided here and now, and what came of it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The decisions.
    pub decisions: Decisions,
    /// Expected cost.
    pub cost: f64,
    /// Cost in each scenario.
    pub costs: Vec<f64>,
    /// The programme and the solution of each scenario; duals are those of the scenario by itself.
    pub scenarios: Vec<(Plan, Solution)>,
}

/// What is decided here and now, by block: units that are on, purchases by schedule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decisions {
    /// Blocks with a value for each step.
    pub blocks: Vec<(Name, Vec<f64>)>,
}

impl Decisions {
    fn of(plan: &Plan, solution: &Solution) -> Decisions {
        let blocks = plan.programme.column_blocks().iter();
        // What is started follows from what is on.
        let decided = |name: Name| is_here_and_now(name) && !matches!(name, Name::Start(_));
        let blocks = blocks.filter(|block| decided(block.name));
        Decisions {
            blocks: blocks
                .map(|block| (block.name, solution.columns[block.range()].to_vec()))
                .collect(),
        }
    }

    /// Fixes them in a programme, which has no whole columns left then.
    fn fix(&self, programme: &mut Programme<Name>) {
        for (name, values) in &self.blocks {
            let Some(columns) = programme.columns_of(*name) else {
                continue;
            };
            for (column, value) in columns.zip(values) {
                let value = match name {
                    Name::On(_) => value.round(),
                    _ => *value,
                };
                programme.lower[column] = value;
                programme.upper[column] = value;
            }
        }
        programme.whole.clear();
    }
}

/// Whether a block of columns is decided the day before.
fn is_here_and_now(name: Name) -> bool {
    matches!(name, Name::On(_) | Name::Start(_) | Name::Scheduled(_))
}

/// Whether a block of rows binds such decisions alone, so that one scenario's will do.
fn is_among_decisions(name: Name) -> bool {
    matches!(name, Name::Starting(_) | Name::StayOn(_) | Name::StayOff(_))
}

/// The programme of one scenario: a dispatch whose purchases have a schedule, where deviations from it cost.
pub fn scenario(energy: &Energy, series: &Series, ends: &Ends, rules: Rules) -> Plan {
    let mut plan = build(energy, series, ends, rules);
    let (steps, step_h) = (plan.steps, series.window.step_h());
    for (g, grid) in energy.grids.iter().enumerate() {
        if grid.extra_price == 0.0 && grid.less_price == 0.0 {
            continue;
        }
        let p = &mut plan.programme;
        let priced = |price: f64| price * MWH * step_h;
        let any = (0.0, f64::INFINITY);
        let most = grid.import_w / super::MW;
        let scheduled = p.add_columns(Name::Scheduled(g), steps, (0.0, most), 0.0);
        let extra = p.add_columns(Name::Extra(g), steps, any, priced(grid.extra_price));
        let less = p.add_columns(Name::Less(g), steps, any, priced(grid.less_price));
        let row = p.add_rows(Name::Deviating(g), steps, (0.0, 0.0));
        let import = plan.layout.import[g];
        for t in 0..steps {
            for (first, value) in [(import, 1.0), (scheduled, -1.0), (extra, -1.0), (less, 1.0)] {
                p.enter(row + t, first + t, value);
            }
        }
    }
    plan
}

/// Which column of the whole each column of a scenario is.
struct Whole {
    programme: Programme<(Name, usize)>,
    columns: Vec<Vec<usize>>,
}

/// Puts scenarios, all equally likely, into one programme with one column for each decision here and now.
fn whole(plans: &[Plan]) -> Whole {
    let likely = 1.0 / plans.len() as f64;
    let mut whole = Whole {
        programme: Programme::default(),
        columns: Vec::with_capacity(plans.len()),
    };
    for (s, plan) in plans.iter().enumerate() {
        let p = &plan.programme;
        let mut place = vec![0; p.column_count()];
        for block in p.column_blocks() {
            let shared = is_here_and_now(block.name) && s > 0;
            let first = if shared {
                whole.columns[0][block.first]
            } else {
                let name = (block.name, s);
                whole.programme.add_columns(
                    name,
                    block.len,
                    (f64::NEG_INFINITY, f64::INFINITY),
                    0.0,
                )
            };
            for (k, column) in block.range().enumerate() {
                let (at, into) = (first + k, &mut whole.programme);
                place[column] = at;
                into.cost[at] += likely * p.cost[column];
                into.lower[at] = into.lower[at].max(p.lower[column]);
                into.upper[at] = into.upper[at].min(p.upper[column]);
            }
        }
        let mut row_place = vec![None; p.row_count()];
        for block in p.row_blocks() {
            if s > 0 && is_among_decisions(block.name) {
                continue;
            }
            let into = &mut whole.programme;
            let first = into.add_rows((block.name, s), block.len, (0.0, 0.0));
            for (k, row) in block.range().enumerate() {
                row_place[row] = Some(first + k);
                into.row_lower[first + k] = p.row_lower[row];
                into.row_upper[first + k] = p.row_upper[row];
            }
        }
        for entry in &p.entries {
            if let Some(row) = row_place[entry.row as usize] {
                whole
                    .programme
                    .enter(row, place[entry.column as usize], entry.value);
            }
        }
        if s == 0 {
            let whole_columns = p.whole.iter().map(|c| place[*c as usize] as u32);
            whole.programme.whole = whole_columns.collect();
        }
        whole.programme.offset += likely * p.offset;
        whole.columns.push(place);
    }
    whole
}

/// Decides here and now for all scenarios at once, all equally likely.
///
/// # Errors
/// [`SolverError`] if the solver refuses a programme.
///
/// # Panics
/// If the scenarios' programmes aren't of the same shape, or there are none.
pub fn here_and_now(plans: &[Plan], options: &Options) -> Result<Staged, SolverError> {
    let alike = |plan: &Plan| {
        plan.programme.column_blocks() == plans[0].programme.column_blocks()
            && plan.programme.row_blocks() == plans[0].programme.row_blocks()
    };
    assert!(plans.iter().all(alike), "scenarios of one shape");
    let whole = whole(plans);
    let mut solver = Solver::new(&whole.programme, options)?;
    let solution = solver.solve()?;
    let mut staged = Staged {
        status: solution.status,
        gap: solution.gap,
        size: (whole.programme.row_count(), whole.programme.column_count()),
        iterations: solution.iterations,
        answer: None,
    };
    if !solution.feasible {
        return Ok(staged);
    }
    let first = Solution {
        columns: whole.columns[0]
            .iter()
            .map(|c| solution.columns[*c])
            .collect(),
        ..solution
    };
    let decisions = Decisions::of(&plans[0], &first);
    staged.answer = met(plans, decisions, options)?;
    Ok(staged)
}

/// What comes of decisions in each scenario; `None` where one of them cannot be met.
///
/// # Errors
/// [`SolverError`] if the solver refuses a programme.
pub fn met(
    plans: &[Plan],
    decisions: Decisions,
    options: &Options,
) -> Result<Option<Answer>, SolverError> {
    let mut scenarios = Vec::with_capacity(plans.len());
    for plan in plans {
        let mut plan = plan.clone();
        decisions.fix(&mut plan.programme);
        let solution = Solver::new(&plan.programme, options)?.solve()?;
        if solution.status != Status::Optimal {
            return Ok(None);
        }
        scenarios.push((plan, solution));
    }
    let costs: Vec<f64> = scenarios.iter().map(|(_, s)| s.objective).collect();
    Ok(Some(Answer {
        decisions,
        cost: costs.iter().sum::<f64>() / costs.len() as f64,
        costs,
        scenarios,
    }))
}

/// Cost of each scenario planned as if it were known; `None` where one has no plan.
///
/// # Errors
/// [`SolverError`] if the solver refuses a programme.
pub fn wait_and_see(plans: &[Plan], options: &Options) -> Result<Option<Vec<f64>>, SolverError> {
    let mut costs = Vec::with_capacity(plans.len());
    for plan in plans {
        let solution = Solver::new(&plan.programme, options)?.solve()?;
        if solution.status != Status::Optimal {
            return Ok(None);
        }
        costs.push(solution.objective);
    }
    Ok(Some(costs))
}

/// Decisions for one scenario alone, as that of the mean; `None` where it has no plan.
///
/// # Errors
/// [`SolverError`] if the solver refuses a programme.
pub fn decided_for(plan: &Plan, options: &Options) -> Result<Option<Decisions>, SolverError> {
    let solution = Solver::new(&plan.programme, options)?.solve()?;
    Ok(solution.feasible.then(|| Decisions::of(plan, &solution)))
}

impl Series {
    /// The mean of series that differ in available power and demand alone.
    ///
    /// # Panics
    /// If there are none.
    pub fn mean(all: &[Series]) -> Series {
        let mut mean = all[0].clone();
        let count = all.len() as f64;
        for (g, bounds) in mean.generation.iter_mut().enumerate() {
            bounds.high = mean_of(all.iter().map(|s| &s.generation[g].high), count);
            bounds.low = mean_of(all.iter().map(|s| &s.generation[g].low), count);
        }
        for (n, demand) in mean.demand.iter_mut().enumerate() {
            *demand = mean_of(all.iter().map(|s| &s.demand[n]), count);
        }
        mean
    }
}

fn mean_of<'a>(all: impl Iterator<Item = &'a Vec<f64>>, count: f64) -> Vec<f64> {
    let mut mean: Vec<f64> = Vec::new();
    for series in all {
        mean.resize(series.len(), 0.0);
        for (sum, value) in mean.iter_mut().zip(series) {
            *sum += value / count;
        }
    }
    mean
}

impl Outcome {
    /// The mean of dispatches of one base over the same steps, which balances as they do.
    ///
    /// # Panics
    /// If there are none.
    pub fn mean(all: &[Outcome]) -> Outcome {
        let mut mean = all[0].clone();
        let count = all.len() as f64;
        type Part = fn(&mut Outcome) -> &mut Vec<Vec<f64>>;
        type Same = fn(&Outcome) -> &Vec<Vec<f64>>;
        let parts: [(Part, Same); 13] = [
            (|o| &mut o.generation, |o| &o.generation),
            (|o| &mut o.available, |o| &o.available),
            (|o| &mut o.charge, |o| &o.charge),
            (|o| &mut o.discharge, |o| &o.discharge),
            (|o| &mut o.level, |o| &o.level),
            (|o| &mut o.conversion, |o| &o.conversion),
            (|o| &mut o.line, |o| &o.line),
            (|o| &mut o.import, |o| &o.import),
            (|o| &mut o.export, |o| &o.export),
            (|o| &mut o.shortage, |o| &o.shortage),
            (|o| &mut o.backlog, |o| &o.backlog),
            (|o| &mut o.dropped, |o| &o.dropped),
            (|o| &mut o.price, |o| &o.price),
        ];
        for (part, same) in parts {
            for (unit, series) in part(&mut mean).iter_mut().enumerate() {
                *series = mean_of(all.iter().map(|o| &same(o)[unit]), count);
            }
        }
        for (c, computed) in mean.computed.iter_mut().enumerate() {
            computed.power = mean_of(all.iter().map(|o| &o.computed[c].power), count);
        }
        mean
    }
}
