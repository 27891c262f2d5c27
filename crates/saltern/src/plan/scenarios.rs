//! `plan --scenarios N`: decisions of the day before that suit whatever sun and wind may bring.

use saltern_base::energy::{Energy, Identity};
use saltern_base::frame::{Column, Frame, Values};
use saltern_plan::dispatch::stages::{self, Answer};
use saltern_plan::dispatch::{
    Ends, Guide, Name, OnOff, Outcome, Outside, Plan, Rules, Series, Totals, window,
};
use saltern_plan::forecast::{Drawn, Observed, Settings, Track, follow, scenarios};
use saltern_plan::solution::{Solution, Status};
use saltern_plan::solver::Options;
use saltern_run::contents::Name as Label;
use saltern_run::plan::TIME;
use saltern_run::scenarios::{DECISIONS, Decided, SCENARIOS, ScenariosAnswer, Uncertain};
use std::ops::Range;
use std::time::Instant;

use super::failure::PlanFailure;
use super::{Solved, refused};
use crate::args::PlanArgs;
use crate::failure::Failure;

/// A plan for many scenarios.
pub(super) struct Planned {
    /// The mean of all scenarios' dispatches, as a plan of its own.
    pub(super) solved: Solved,
    /// The series of that mean.
    pub(super) series: Series,
    /// What it came to; none where there is no plan.
    pub(super) answer: Option<ScenariosAnswer>,
    /// What is available in each scenario, and what is decided.
    pub(super) frames: Vec<Frame>,
}

/// Where the day lies in the period, and what it begins and ends with.
struct Day {
    steps: Range<usize>,
    settings: Settings,
    series: Series,
    ends: Ends,
}

/// Plans a day for scenarios. `whole` is the plan over the whole period, whose levels the day begins with and whose prices
/// its last levels are worth.
pub(super) fn plan(
    args: &PlanArgs,
    (energy, outside): (&Energy, &Outside),
    series: &Series,
    whole: &Solved,
    options: &Options,
) -> Result<Option<Planned>, Failure> {
    let Some(followed) = &whole.outcome else {
        return Ok(None);
    };
    let count = args.scenarios.map_or(1, |n| n as usize);
    let day = day(args, energy, series, whole, followed)?;
    let observed = uncertain(energy, outside, series.steps())?;
    let tracks = tracks(&observed, &day);
    let drawn = scenarios(&tracks, day.steps.start, count, args.seed);
    let Some(drawn) = drawn else {
        return Err(too_early(energy, &day));
    };
    let started = Instant::now();
    let rules = Rules {
        whole_units: !args.relaxed,
        flexible: true,
    };
    let build = |own: &Series| stages::scenario(energy, own, &day.ends, rules);
    let all: Vec<Series> = drawn
        .values
        .iter()
        .map(|scenario| {
            let powers = observed.iter().zip(scenario);
            let powers = powers.filter_map(|(o, mw)| Some((o.generator?, mw.as_slice())));
            day.series.clone().with_generation(energy, 0, powers)
        })
        .collect();
    let plans: Vec<Plan> = all.iter().map(build).collect();
    let build_s = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let staged = stages::here_and_now(&plans, options).map_err(refused)?;
    let mean_series = Series::mean(&all);
    let mean = build(&mean_series);
    let mut solution = nothing(&mean, staged.status);
    (solution.gap, solution.iterations) = (staged.gap, staged.iterations);
    let mut planned = Planned {
        solved: Solved {
            plan: mean,
            solution,
            outcome: None,
            totals: None,
            quotas: Vec::new(),
            rolled: None,
            size: Some(staged.size),
            build_s,
            solve_s: 0.0,
        },
        series: mean_series,
        answer: None,
        frames: Vec::new(),
    };
    if let Some(answer) = staged.answer {
        let compared = compared(energy, &day, &plans, &answer, &planned, rules, options)?;
        planned.put(energy, &day, &all, &answer);
        planned.frames = vec![
            available(energy, &day, &observed, &drawn),
            decisions(energy, &day, &answer),
        ];
        planned.answer = Some(ScenariosAnswer {
            count,
            seed: args.seed,
            from: written(energy, day.steps.start),
            steps: day.steps.len(),
            days: drawn
                .from
                .iter()
                .map(|origin| energy.window.moment(*origin).date().to_string())
                .collect(),
            here_and_now: answer.cost,
            costs: answer.costs.clone(),
            decided: decided(energy, &answer).map(|(d, _)| d).collect(),
            uncertain: observed
                .iter()
                .filter_map(|one| Some(&energy.generators[one.generator?].who))
                .map(|who| Uncertain {
                    id: who.id.clone(),
                    name: Label::from(&who.name),
                })
                .collect(),
            ..compared
        });
    }
    planned.solved.solve_s = started.elapsed().as_secs_f64();
    Ok(Some(planned))
}

/// The generators that hang on weather, as far as the period is planned for.
fn uncertain(energy: &Energy, outside: &Outside, steps: usize) -> Result<Vec<Observed>, Failure> {
    let mut observed = Observed::of(energy, outside);
    observed.retain(|one| one.generator.is_some());
    if observed.is_empty() {
        return Err(PlanFailure::NothingToForecast.into());
    }
    for one in &mut observed {
        one.values.truncate(steps);
    }
    Ok(observed)
}

/// The day asked for, or the last of the period.
fn day(
    args: &PlanArgs,
    energy: &Energy,
    series: &Series,
    whole: &Solved,
    followed: &Outcome,
) -> Result<Day, Failure> {
    let per_day = (24 * 60 / energy.window.step_min.max(1)) as usize;
    let ahead = args.ahead.map_or(per_day, |n| n as usize);
    let first = match &args.day {
        Some(text) => {
            let date = super::day("--day", text)?;
            let midnight = date.to_datetime(jiff::civil::Time::midnight());
            let found = energy.window.step_of(midnight);
            found.filter(|step| *step < series.steps()).ok_or_else(|| {
                let last = energy.window.moment(series.steps() - 1).date();
                super::bad_day(text, energy.window.start.date(), last)
            })?
        }
        None => series.steps().saturating_sub(per_day) / per_day * per_day,
    };
    let steps = first..(first + ahead).min(series.steps());
    let guide = Guide::of(energy, series, &whole.plan, &whole.solution);
    let (own, ends) = window(series, &guide, followed, steps.clone());
    Ok(Day {
        settings: Settings::ahead(steps.len()),
        steps,
        series: own,
        ends,
    })
}

/// Forecasts at the same time of each day up to the one that is planned.
fn tracks<'a>(observed: &'a [Observed], day: &Day) -> Vec<Track<'a>> {
    let origin = day.steps.start;
    let of = |one: &'a Observed| {
        let wanted = |at: usize| at <= origin && at % one.per_day == origin % one.per_day;
        let mut issues = Vec::new();
        follow(one, &day.settings, &wanted, &mut |issue| issues.push(issue));
        Track {
            observed: one,
            issues,
        }
    };
    observed.iter().map(of).collect()
}

/// No forecast was made at that day, or none was over by it.
fn too_early(energy: &Energy, day: &Day) -> Failure {
    let per_day = (24 * 60 / energy.window.step_min.max(1)) as usize;
    let days = day.settings.learning_days + day.steps.len().div_ceil(per_day);
    let first = energy.window.moment(days * per_day);
    PlanFailure::TooEarly {
        day: energy.window.moment(day.steps.start).date().to_string(),
        first: first.date().to_string(),
    }
    .into()
}

/// A solution in which nothing happens.
fn nothing(plan: &Plan, status: Status) -> Solution {
    let p = &plan.programme;
    Solution {
        status,
        feasible: false,
        objective: 0.0,
        columns: vec![0.0; p.column_count()],
        reduced_costs: vec![0.0; p.column_count()],
        rows: vec![0.0; p.row_count()],
        duals: vec![0.0; p.row_count()],
        iterations: 0,
        gap: 0.0,
    }
}

/// What else it might have cost: for the mean, knowing each scenario, in what came.
fn compared(
    energy: &Energy,
    day: &Day,
    plans: &[Plan],
    answer: &Answer,
    planned: &Planned,
    rules: Rules,
    options: &Options,
) -> Result<ScenariosAnswer, Failure> {
    let for_mean = stages::decided_for(&planned.solved.plan, options).map_err(refused)?;
    let of_mean = match for_mean {
        Some(decisions) => stages::met(plans, decisions, options).map_err(refused)?,
        None => None,
    };
    let known = stages::wait_and_see(plans, options).map_err(refused)?;
    let mean = |costs: Vec<f64>| costs.iter().sum::<f64>() / costs.len() as f64;
    let truth = [stages::scenario(energy, &day.series, &day.ends, rules)];
    let came = stages::met(&truth, answer.decisions.clone(), options).map_err(refused)?;
    let best = stages::wait_and_see(&truth, options).map_err(refused)?;
    Ok(ScenariosAnswer {
        count: 0,
        seed: 0,
        from: String::new(),
        steps: 0,
        days: Vec::new(),
        here_and_now: 0.0,
        of_mean: of_mean.map(|answer| answer.cost),
        wait_and_see: known.map(mean),
        costs: Vec::new(),
        came: came.map(|answer| answer.cost),
        known: best.map(mean),
        decided: Vec::new(),
        uncertain: Vec::new(),
    })
}

impl Planned {
    /// Puts the mean of what happens in all scenarios in the place of a plan.
    fn put(&mut self, energy: &Energy, day: &Day, all: &[Series], answer: &Answer) {
        let met = answer.scenarios.iter().zip(all);
        let outcomes: Vec<Outcome> = met
            .map(|((plan, solution), own)| Outcome::of(energy, own, plan, solution, &day.ends))
            .collect();
        let outcome = Outcome::mean(&outcomes);
        let count = answer.scenarios.len() as f64;
        let solution = &mut self.solved.solution;
        solution.feasible = true;
        solution.objective = answer.cost;
        for (_, own) in &answer.scenarios {
            for (mean, value) in solution.columns.iter_mut().zip(&own.columns) {
                *mean += value / count;
            }
        }
        let plan = &self.solved.plan;
        let totals = Totals::of(energy, &self.series, plan, solution, &outcome);
        self.solved.totals = Some(totals);
        self.solved.outcome = Some(outcome);
    }
}

fn written(energy: &Energy, step: usize) -> String {
    let moment = energy.window.moment(step);
    moment.strftime("%Y-%m-%dT%H:%M").to_string()
}

fn times(energy: &Energy, day: &Day) -> Vec<String> {
    day.steps.clone().map(|t| written(energy, t)).collect()
}

fn texts(name: &str, values: Vec<String>) -> Column {
    Column {
        name: name.into(),
        unit: String::new(),
        values: Values::Text(values),
    }
}

fn numbers(name: &str, unit: &str, values: Vec<f64>) -> Column {
    Column {
        name: name.into(),
        unit: unit.into(),
        values: Values::Number(values),
    }
}

/// One row a scenario and step, one column a unit; scenario 0 is what came.
fn available(energy: &Energy, day: &Day, observed: &[Observed], drawn: &Drawn) -> Frame {
    let steps = times(energy, day);
    let came: Vec<Vec<f64>> = observed
        .iter()
        .map(|one| one.values[day.steps.clone()].to_vec())
        .collect();
    let all: Vec<&Vec<Vec<f64>>> = std::iter::once(&came).chain(&drawn.values).collect();
    let numbered = (0..all.len()).flat_map(|s| std::iter::repeat_n(s as i64, steps.len()));
    let mut columns = vec![
        Column {
            name: "scenario".into(),
            unit: String::new(),
            values: Values::Integer(numbered.collect()),
        },
        texts(TIME, all.iter().flat_map(|_| steps.clone()).collect()),
    ];
    for (o, one) in observed.iter().enumerate() {
        let values = all.iter().flat_map(|scenario| scenario[o].clone());
        columns.push(numbers(&one.id, "MW", values.collect()));
    }
    Frame {
        name: SCENARIOS.into(),
        columns,
    }
}

/// What was decided with its values.
fn decided<'a>(
    energy: &'a Energy,
    answer: &'a Answer,
) -> impl Iterator<Item = (Decided, &'a Vec<f64>)> {
    let blocks = answer.decisions.blocks.iter();
    blocks.filter_map(|(name, values)| {
        let (who, on_off): (&Identity, bool) = match name {
            Name::On(OnOff::Generator(g)) => (&energy.generators[*g].who, true),
            Name::On(OnOff::Converter(c)) => (&energy.converters[*c].who, true),
            Name::Scheduled(g) => (&energy.grids[*g].who, false),
            _ => return None,
        };
        let suffix = if on_off { "on" } else { "scheduled" };
        let decided = Decided {
            column: format!("{}.{suffix}", who.id),
            unit: if on_off { "-" } else { "MW" }.into(),
            id: who.id.clone(),
            name: Label::from(&who.name),
            on_off,
        };
        Some((decided, values))
    })
}

/// One row a step, one column a decision.
fn decisions(energy: &Energy, day: &Day, answer: &Answer) -> Frame {
    let columns = decided(energy, answer)
        .map(|(own, values)| numbers(&own.column, &own.unit, values.clone()));
    Frame {
        name: DECISIONS.into(),
        columns: std::iter::once(texts(TIME, times(energy, day)))
            .chain(columns)
            .collect(),
    }
}
