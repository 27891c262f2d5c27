//! Rolling dispatch: window after window, each starting where the one before ended, in one solver that is never rebuilt.
//!
//! Windows of the same length share one programme; bounds, costs and right-hand sides are those of the window. What a
//! store holds at the end of a window must be worth something, or every window empties it: its worth is taken from a
//! yearly plan, as the price at which the store's level stands in it (its *water value*), or is zero on request.
//!
//! A window may look further ahead than it is carried out, and may see what is foreseen instead of what comes beyond the
//! steps that are carried out. Those it knows: what is carried out balances.

use super::Name;
use super::build::{Before, Ends, Plan, Rules, build, counted, kept};
use super::name::OnOff;
use super::outcome::Outcome;
use super::quotas::{self, QuotaShare};
use super::series::Series;
use crate::solution::{Solution, Status};
use crate::solver::{Options, Solver, SolverError};
use saltern_base::energy::Energy;
use std::ops::Range;

/// What a plan over the whole horizon tells its windows.
#[derive(Clone, Debug, PartialEq)]
pub struct Guide {
    /// Worth of a MWh in each store at the end of each step.
    worth: Vec<Vec<f64>>,
    /// What counts against each quota in each step: t of carbon dioxide or MWh.
    share: Vec<Vec<f64>>,
    /// What a MWh of each queue's work costs that waits at the end of each step.
    later: Vec<Vec<f64>>,
}

impl Guide {
    /// Worth of a MWh in each store at the end of a step.
    pub fn worth_at(&self, step: usize) -> Vec<f64> {
        self.worth.iter().map(|worth| worth[step]).collect()
    }

    /// What a MWh of each queue's work costs that waits at the end of a step.
    pub fn later_at(&self, step: usize) -> Vec<f64> {
        self.later.iter().map(|later| later[step]).collect()
    }

    /// Water values, shares of quotas and what waiting work costs, of a solved plan.
    ///
    /// The row of a store reads `… + kept·level(t−1) − level(t) = 0`: one more MWh at the end of step t stands in the row of
    /// step t + 1 with what is kept of it, and is worth that row's dual. The row of a queue's work reads
    /// `computed(t) + waiting(t) − waiting(t−1) = arriving(t)`: one more MWh that waits at the end of step t is one more to be
    /// done from step t + 1 on, and costs that row's dual.
    pub fn of(energy: &Energy, series: &Series, plan: &Plan, solution: &Solution) -> Guide {
        let step_h = series.window.step_h();
        let worth = energy.stores.iter().enumerate().map(|(s, store)| {
            let first = plan.layout.stored[s];
            // In the balance of a node a level counts as power over the step.
            let per = match plan.layout.charge[s] {
                Some(_) => 1.0,
                None => 1.0 / step_h,
            };
            let kept = kept(store, step_h) * per;
            let after = |t: usize| solution.duals[first + (t + 1) % plan.steps];
            (0..plan.steps).map(|t| kept * after(t)).collect()
        });
        let share = energy.quotas.iter().map(|quota| {
            let counted = counted(energy, series, quota.limit);
            quotas::used(series, quota, &counted, |c| {
                &solution.columns[c.first(&plan.layout)..][..plan.steps]
            })
        });
        let later = plan.layout.compute.work.iter().map(|row| {
            let after = |t: usize| match t + 1 < plan.steps {
                true => solution.duals[row + t + 1],
                false => 0.0,
            };
            (0..plan.steps).map(after).collect()
        });
        Guide {
            worth: worth.collect(),
            share: share.collect(),
            later: later.collect(),
        }
    }
}

/// The series of some steps and what holds at their ends, where the plan over the whole horizon is followed until then.
pub fn window(
    series: &Series,
    guide: &Guide,
    followed: &Outcome,
    steps: Range<usize>,
) -> (Series, Ends) {
    let before = |all: &Vec<f64>| steps.start.checked_sub(1).map(|last| all[last]);
    let levels = followed.level.iter().zip(&followed.start);
    let levels = levels.map(|(level, start)| before(level).unwrap_or(*start));
    let waiting = followed.backlog.iter();
    let waiting = waiting.map(|backlog| before(backlog).unwrap_or(0.0));
    let open = series.arriving.iter().zip(&series.due);
    let open = open.map(|(arriving, due)| {
        let sum = |all: &[f64]| all[..steps.start].iter().sum::<f64>();
        (sum(arriving) - sum(due)).max(0.0)
    });
    let ends = Ends::Window {
        levels: levels.collect(),
        worth: guide.worth.iter().map(|w| w[steps.end - 1]).collect(),
        waiting: waiting.collect(),
        open: open.collect(),
        goes_on: steps.end < series.steps(),
        later: guide.later_at(steps.end - 1),
        before: Vec::new(),
    };
    let quota = series.quota.iter().enumerate().map(|(q, limit)| {
        let share = &guide.share[q];
        let spare = limit - share.iter().sum::<f64>();
        share[steps.clone()].iter().sum::<f64>() + spare.max(0.0)
    });
    (series.part(&steps, quota.collect()), ends)
}

/// How to roll.
#[derive(Clone, Debug, PartialEq)]
pub struct Rolling {
    /// Steps that a window looks over.
    pub window: usize,
    /// Steps of a window that are carried out before the next one looks again; at most all of them.
    pub execute: usize,
    /// What is foreseen; without it windows know what comes.
    pub foreseen: Option<Foreseen>,
    /// What a plan over the whole horizon tells; without one, what stores hold at the end of a window is worth nothing
    /// and a quota holds for whatever of it is left.
    pub guide: Option<Guide>,
    /// Level of each store at the start, MWh.
    pub start: Vec<f64>,
}

/// What each window expects of the steps beyond those it is carried out for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Foreseen {
    /// Available power by generator, window and step from the first that isn't carried out, MW. A generator without
    /// forecasts, and a window with an empty one, knows what comes.
    pub generation: Vec<Option<Vec<Vec<f64>>>>,
}

impl Foreseen {
    /// The series of a window as it is foreseen beyond the steps that are carried out.
    fn seen(&self, energy: &Energy, part: Series, window: usize, executed: usize) -> Series {
        let windows = self.generation.iter().enumerate();
        let expected = windows.filter_map(|(g, windows)| {
            let expected = windows.as_ref()?.get(window)?;
            Some((g, expected.as_slice()))
        });
        part.with_generation(energy, executed, expected)
    }
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
    /// Cost of each block over all windows.
    pub blocks: Vec<(Name, f64)>,
    /// What stores hold at the end of the last window is worth, by the guide.
    pub left: f64,
    /// Iterations over all windows.
    pub iterations: u64,
    /// What each window was given of each quota.
    pub quotas: Vec<Vec<QuotaShare>>,
}

impl Rolled {
    /// Adds a window's costs by block.
    fn add(&mut self, blocks: Vec<(Name, f64)>) {
        for (name, money) in blocks {
            match self.blocks.iter_mut().find(|(own, _)| *own == name) {
                Some((_, sum)) => *sum += money,
                None => self.blocks.push((name, money)),
            }
        }
    }
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
#[derive(Debug)]
struct Carried {
    /// Level of each store, MWh.
    levels: Vec<f64>,
    /// Work of each queue that waits, MWh.
    waiting: Vec<f64>,
    /// Work of each queue that has arrived and isn't due yet, MWh.
    open: Vec<f64>,
    /// What is left of each quota beyond the shares of the windows to come.
    spare: Vec<f64>,
    /// What units that are on or off, or that ramp, did last.
    before: Vec<(OnOff, Before)>,
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
    let execute = rolling.execute.clamp(1, rolling.window.max(1));
    let windows: Vec<Range<usize>> = (0..steps)
        .step_by(execute)
        .map(|first| first..(first + rolling.window.max(1)).min(steps))
        .collect();
    let mut carried = Carried {
        levels: rolling.start.clone(),
        waiting: vec![0.0; series.class_of.len()],
        open: vec![0.0; series.class_of.len()],
        spare: spare(series, rolling),
        before: Vec::new(),
    };
    let mut rolled = Rolled {
        outcome: Outcome::default(),
        cost: 0.0,
        costs: Vec::new(),
        blocks: Vec::new(),
        left: 0.0,
        iterations: 0,
        quotas: Vec::new(),
    };
    let mut live = Live { held: None };
    for (w, window) in windows.iter().enumerate() {
        let executed = window.start..(window.start + execute).min(steps);
        let mut part = part(series, window, rolling, &carried);
        if let Some(foreseen) = &rolling.foreseen {
            part = foreseen.seen(energy, part, w, executed.len());
        }
        let ends = ends(energy, rolling, window, steps, &carried);
        let plan = build(energy, &part, &ends, Rules::default());
        let solution = live.solve(&plan, options)?;
        if solution.status != Status::Optimal {
            return Err(RollingError::NoPlan {
                steps: window.clone(),
                status: solution.status,
            });
        }
        let mut outcome = Outcome::of(energy, &part, &plan, &solution, &ends);
        outcome.truncate(executed.len());
        let costs = costs(&plan, &solution, executed.len());
        let cost = costs.iter().map(|(_, money)| money).sum();
        rolled.costs.push(cost);
        rolled.add(costs);
        rolled.cost += cost;
        rolled.left = worth_at_end(rolling, executed.end, &outcome);
        rolled.iterations += solution.iterations;
        let used = carried.hand_on(
            energy,
            series,
            rolling,
            &executed,
            (&plan, &part, &solution),
            &outcome,
        );
        let prices = quotas::prices(&plan, &solution, used.len());
        let shares = used.into_iter().zip(prices).enumerate();
        let shares = shares.map(|(q, (used, price))| QuotaShare {
            from: executed.start,
            to: executed.end,
            // What is planned beyond the steps that are carried out has shares of its own.
            given: part.quota[q] - share_of(rolling, q, &(executed.end..window.end)),
            used,
            price,
        });
        rolled.quotas.push(shares.collect());
        rolled.outcome.append(outcome);
        seen(w + 1, windows.len());
    }
    Ok(rolled)
}

/// The solver that is kept, and the programme in it.
struct Live {
    held: Option<(Plan, Solver)>,
}

impl Live {
    /// Solves a plan: by changing what differs if the programme in the solver has the same shape, else anew.
    fn solve(&mut self, plan: &Plan, options: &Options) -> Result<Solution, SolverError> {
        match &mut self.held {
            Some((before, solver)) if is_alike(before, plan) => {
                change(solver, before, plan)?;
                before.programme.clone_from(&plan.programme);
                solver.solve()
            }
            _ => {
                let mut solver = Solver::new(&plan.programme, options)?;
                let solution = solver.solve()?;
                self.held = Some((plan.clone(), solver));
                Ok(solution)
            }
        }
    }
}

/// Whether two programmes have the same columns, rows and places of entries.
fn is_alike(a: &Plan, b: &Plan) -> bool {
    let (a, b) = (&a.programme, &b.programme);
    let places = |p: &crate::programme::Programme<Name>| {
        p.entries
            .iter()
            .map(|e| (e.row, e.column))
            .collect::<Vec<_>>()
    };
    a.column_blocks() == b.column_blocks()
        && a.row_blocks() == b.row_blocks()
        && a.whole == b.whole
        && a.entries.len() == b.entries.len()
        && places(a) == places(b)
}

/// Changes bounds, costs, right-hand sides and coefficients in place.
fn change(solver: &mut Solver, before: &Plan, after: &Plan) -> Result<(), SolverError> {
    let (a, b) = (&before.programme, &after.programme);
    let (columns, rows) = (0..b.column_count(), 0..b.row_count());
    solver.set_costs(columns.clone(), &b.cost)?;
    solver.set_column_bounds(columns, &b.lower, &b.upper)?;
    solver.set_row_bounds(rows, &b.row_lower, &b.row_upper)?;
    let entries = a.entries.iter().zip(&b.entries);
    if entries.clone().any(|(a, b)| a.value != b.value) {
        // Entries at one place add up, so all of a changed place are summed.
        let changed: std::collections::BTreeSet<(u32, u32)> = entries
            .filter(|(a, b)| a.value != b.value)
            .map(|(_, b)| (b.row, b.column))
            .collect();
        let mut sums = std::collections::BTreeMap::new();
        for entry in &b.entries {
            if changed.contains(&(entry.row, entry.column)) {
                *sums.entry((entry.row, entry.column)).or_insert(0.0) += entry.value;
            }
        }
        for ((row, column), value) in sums {
            solver.set_coefficient(row as usize, column as usize, value)?;
        }
    }
    Ok(())
}

/// Costs by block of the first steps, which are carried out. Levels and work that waits stand in a programme at what they are
/// worth to the next window, not at a cost.
fn costs(plan: &Plan, solution: &Solution, executed: usize) -> Vec<(Name, f64)> {
    let blocks = plan.programme.column_blocks().iter();
    let blocks = blocks.filter(|block| !matches!(block.name, Name::Level(_) | Name::Backlog(_)));
    let costs = blocks.filter_map(|block| {
        let columns = block.range().take(executed);
        let sum: f64 = columns
            .map(|c| plan.programme.cost[c] * solution.columns[c])
            .sum();
        (sum != 0.0).then_some((block.name, sum))
    });
    costs.collect()
}

/// Worth at a step's end of what stores hold then.
fn worth_at_end(rolling: &Rolling, end: usize, outcome: &Outcome) -> f64 {
    let Some(guide) = &rolling.guide else {
        return 0.0;
    };
    let levels = outcome.level.iter().zip(&guide.worth);
    levels
        .map(|(level, worth)| level.last().unwrap_or(&0.0) * worth[end - 1])
        .sum()
}

/// What of each quota no step has a share of.
fn spare(series: &Series, rolling: &Rolling) -> Vec<f64> {
    let of = |(q, limit): (usize, &f64)| match &rolling.guide {
        Some(guide) => limit - guide.share[q].iter().sum::<f64>(),
        None => *limit,
    };
    series.quota.iter().enumerate().map(of).collect()
}

fn ends(
    energy: &Energy,
    rolling: &Rolling,
    window: &Range<usize>,
    steps: usize,
    carried: &Carried,
) -> Ends {
    let worth = (0..energy.stores.len()).map(|s| match &rolling.guide {
        Some(guide) => guide.worth[s][window.end - 1],
        None => 0.0,
    });
    let later = match &rolling.guide {
        Some(guide) => guide.later_at(window.end - 1),
        None => vec![0.0; carried.waiting.len()],
    };
    Ends::Window {
        levels: carried.levels.clone(),
        worth: worth.collect(),
        waiting: carried.waiting.clone(),
        open: carried.open.clone(),
        goes_on: window.end < steps,
        later,
        before: carried.before.clone(),
    }
}

impl Carried {
    /// Takes over what a window leaves; answers what it used of each quota.
    fn hand_on(
        &mut self,
        energy: &Energy,
        series: &Series,
        rolling: &Rolling,
        executed: &Range<usize>,
        (plan, part, solution): (&Plan, &Series, &Solution),
        outcome: &Outcome,
    ) -> Vec<f64> {
        let last = |series: &Vec<f64>| series.last().copied().unwrap_or(0.0);
        self.levels = outcome.level.iter().map(last).collect();
        self.waiting = outcome.backlog.iter().map(last).collect();
        for (queue, open) in self.open.iter_mut().enumerate() {
            for t in executed.clone() {
                *open += series.arriving[queue][t] - series.due[queue][t];
            }
        }
        self.before = before(energy, plan, solution, executed.len(), &self.before);
        let used = Guide::of(energy, part, plan, solution).share;
        let used: Vec<f64> = used
            .iter()
            .map(|steps| steps[..executed.len()].iter().sum())
            .collect();
        for (q, spare) in self.spare.iter_mut().enumerate() {
            *spare += share_of(rolling, q, executed) - used[q];
        }
        used
    }
}

/// What units that are on or off, or that ramp, did in the last of the steps that were carried out.
fn before(
    energy: &Energy,
    plan: &Plan,
    solution: &Solution,
    executed: usize,
    earlier: &[(OnOff, Before)],
) -> Vec<(OnOff, Before)> {
    let generators = energy.generators.iter().enumerate();
    let generators = generators.map(|(g, own)| {
        let power = plan.layout.generation[g];
        (OnOff::Generator(g), own.commitment, power)
    });
    let converters = energy.converters.iter().enumerate();
    let converters = converters.map(|(c, own)| {
        let power = plan.layout.conversion[c];
        (OnOff::Converter(c), own.commitment, power)
    });
    let all = generators.chain(converters);
    let all = all.filter(|(_, own, _)| own.is_on_off() || own.ramp_per_s.is_finite());
    let of = |(unit, _, power): (OnOff, _, usize)| {
        let on = plan.programme.columns_of(Name::On(unit));
        let is_on = |t: usize| {
            on.as_ref()
                .is_none_or(|columns| solution.columns[columns.start + t] > 0.5)
        };
        let last = is_on(executed - 1);
        let same = (0..executed)
            .rev()
            .take_while(|t| is_on(*t) == last)
            .count();
        let found = earlier.iter().find(|(own, _)| *own == unit);
        let steps = match found {
            Some((_, before)) if same == executed && before.on == last => before.steps + same,
            // Nobody knows for how long it had been as it was.
            None if same == executed => usize::MAX / 2,
            _ => same,
        };
        let power = solution.columns[power + executed - 1];
        let before = Before {
            on: last,
            steps,
            power,
        };
        (unit, before)
    };
    all.map(of).collect()
}

fn share_of(rolling: &Rolling, quota: usize, window: &Range<usize>) -> f64 {
    rolling
        .guide
        .as_ref()
        .map_or(0.0, |guide| guide.share[quota][window.clone()].iter().sum())
}

/// The series of a window.
fn part(series: &Series, window: &Range<usize>, rolling: &Rolling, carried: &Carried) -> Series {
    let quota = (0..series.quota.len())
        .map(|q| share_of(rolling, q, window) + carried.spare[q].max(0.0))
        .collect();
    series.part(window, quota)
}
