//! `plan`: what a base should do, from its folder to a run folder with its report.

mod answer;
mod expansion;
mod failure;
mod forecast;
mod foresight;
mod limits;
mod outside;
mod plants;
mod production;
mod reasons;
mod scenarios;
mod summary;
mod tracing;
pub(crate) mod what_if;

use std::path::PathBuf;
use std::time::Instant;

use jiff::civil::Date;
use saltern_base::energy::Energy;
use saltern_base::frame::Frame;
use saltern_plan::dispatch::{
    self, Ends, Guide, Outcome, Outside, Plan, QuotaTrack, RollingError, Rules, Series, Totals,
};
use saltern_plan::forecast::Observed;
use saltern_plan::solution::{Solution, Status};
use saltern_plan::solver::{Method, Options, Solver, SolverError};
use saltern_run::folder::{WriteOptions, check_target};
use saltern_run::plan::{PlanAnswer, PlanCase};
use saltern_run::scenarios::ForesightAnswer;
use saltern_run::{RunContents, RunMeta, WeatherOrigin};
use saltern_units::Lang;
use saltern_units::date;
use saltern_units::quantity;
use saltern_units::unit::Dimension;

use failure::PlanFailure;
use foresight::Windows;

use crate::args::{PlanArgs, SolverMethod, What};
use crate::failure::{CliError, Failure};
use crate::interrupt;
use crate::simulate::{Folder, run_failure};

/// Runs the command.
pub(crate) fn run(args: &PlanArgs, lang: Lang) -> Result<(), Failure> {
    match args.what {
        What::Dispatch if args.scenarios.is_some() => for_scenarios(args, lang),
        What::Dispatch => dispatched(args, lang),
        What::Production => production::run(args, lang),
        What::Forecast => forecast::run(args, lang),
        What::Expansion => expansion::run(args, lang),
    }
}

/// What a dispatch is asked of.
struct Asked {
    started: Instant,
    folder: Folder,
    energy: Energy,
    options: Options,
    /// Run folder to write.
    target: PathBuf,
    outside: Outside,
    weather: WeatherOrigin,
    /// Series of the steps that are planned.
    series: Series,
}

impl Asked {
    fn read(args: &PlanArgs) -> Result<Asked, Failure> {
        let started = Instant::now();
        let folder = Folder::open(&args.base)?;
        let mut energy = energy(args, &folder)?;
        let steps = steps(args, &energy)?;
        plants::read(&folder, &mut energy, args.run.as_deref(), steps)?;
        let options = options(args)?;
        let target = args
            .output
            .clone()
            .unwrap_or_else(|| PathBuf::from("runs").join(&energy.base));
        check_target(&target, args.overwrite).map_err(run_failure)?;
        let (outside, weather) = outside::read(&folder, &energy)?;
        let mut series = Series::of(&energy, &outside);
        series.truncate(steps);
        Ok(Asked {
            started,
            folder,
            energy,
            options,
            target,
            outside,
            weather,
            series,
        })
    }
}

/// Plans the dispatch.
fn dispatched(args: &PlanArgs, lang: Lang) -> Result<(), Failure> {
    let asked = Asked::read(args)?;
    let (energy, series, options) = (&asked.energy, &asked.series, &asked.options);
    let rules = Rules {
        whole_units: !args.relaxed,
        flexible: true,
    };
    let mut solved = solve(energy, series, rules, options)?;
    let mut foresight = None;
    if let Some(window) = args.window {
        let windows = (window as usize, args.execute.unwrap_or(window) as usize);
        let observed = match args.forecast {
            true => Some(forecast::observed(energy, &asked.outside, series.steps())?),
            false => None,
        };
        foresight = solved.roll(energy, series, windows, observed.as_deref(), options)?;
    }
    let window = args.window.map(|n| n as usize);
    let mut answer = answer::answer(energy, series, &solved, window);
    answer.foresight = foresight;
    reasons::find(
        energy,
        &asked.outside,
        series,
        &solved,
        options,
        &mut answer,
    )?;
    if args.compare && solved.outcome.is_some() {
        answer.without_flexibility = Some(rigid(energy, series, options)?);
    }
    let made = Made {
        asked: &asked,
        series,
        solved: &solved,
        frames: Vec::new(),
    };
    made.write(args, lang, answer)
}

/// Plans a day for scenarios.
fn for_scenarios(args: &PlanArgs, lang: Lang) -> Result<(), Failure> {
    let asked = Asked::read(args)?;
    let (energy, options) = (&asked.energy, &asked.options);
    // The whole period only lends its levels and prices, for which units may be partly on.
    let relaxed = Rules {
        whole_units: false,
        flexible: true,
    };
    let whole = solve(energy, &asked.series, relaxed, options)?;
    let given = (energy, &asked.outside);
    let planned = scenarios::plan(args, given, &asked.series, &whole, options)?;
    let (series, solved, found, frames) = match planned {
        Some(planned) => (
            planned.series,
            planned.solved,
            planned.answer,
            planned.frames,
        ),
        None => (asked.series.clone(), whole, None, Vec::new()),
    };
    let mut answer = answer::answer(energy, &series, &solved, None);
    answer.scenarios = found;
    if frames.is_empty() && solved.size.is_none() {
        reasons::find(
            energy,
            &asked.outside,
            &series,
            &solved,
            options,
            &mut answer,
        )?;
    }
    let made = Made {
        asked: &asked,
        series: &series,
        solved: &solved,
        frames,
    };
    made.write(args, lang, answer)
}

/// A plan to be written.
struct Made<'a> {
    asked: &'a Asked,
    /// Series of its steps, which may be fewer than were asked for.
    series: &'a Series,
    solved: &'a Solved,
    /// Frames besides that of its steps.
    frames: Vec<Frame>,
}

impl Made<'_> {
    /// Writes the run folder and tells what a person wants to know. A plan that isn't the best there is is called failed.
    fn write(self, args: &PlanArgs, lang: Lang, mut answer: PlanAnswer) -> Result<(), Failure> {
        let Made {
            asked,
            series,
            solved,
            ..
        } = self;
        let (energy, target) = (&asked.energy, &asked.target);
        let (book, closure) = match &solved.outcome {
            Some(outcome) => dispatch::book(energy, series, outcome),
            None => dispatch::book(energy, series, &Outcome::nothing(energy, series)),
        };
        let mut frames = Vec::new();
        if let Some(outcome) = &solved.outcome {
            let published = limits::publish(energy, series, outcome, args)?;
            let curves = published.as_ref().map_or(&[][..], |p| &p.curves);
            answer.units = answer::units(energy, series, solved, curves);
            frames.push(answer::frame(energy, series, solved, curves));
            let traced = dispatch::trace(energy, series, outcome);
            answer.matching = Some(tracing::answer(energy, &traced));
            frames.push(tracing::frame(energy, series, &traced));
            if let Some(published) = published {
                frames.push(limits::frame(energy, series, &published.curves));
                answer.limits = Some(published.answer);
            }
        }
        let meta = RunMeta {
            saltern: env!("CARGO_PKG_VERSION").into(),
            base: energy.base.clone(),
            inputs: asked.folder.hashes(),
            from: series.window.start.date(),
            to: series.window.moment(series.steps() - 1).date(),
            days: days(series),
            elapsed_s: asked.started.elapsed().as_secs_f64(),
            equilibria: 0,
            failures: 0,
            closure,
            weather: asked.weather.clone(),
            weathers: None,
            database: String::new(),
            caveats: energy.caveats.clone(),
        };
        frames.extend(self.frames);
        let run = RunContents::of_plan(energy, meta, book, frames, answer);
        let write = WriteOptions {
            overwrite: args.overwrite,
            lang,
            cancelled: &interrupt::requested,
        };
        saltern_run::folder::write(target, &run, &write).map_err(run_failure)?;
        print!("{}", summary::text(&run, target, lang));
        verdict(solved)
    }
}

/// The energy side of a base, with the price of carbon that is asked for.
fn energy(args: &PlanArgs, folder: &Folder) -> Result<Energy, Failure> {
    let mut energy = folder.energy()?;
    if let Some(text) = &args.carbon_price {
        energy.carbon_price =
            quantity::parse(text, Dimension::MassPrice).map_err(Failure::input)?;
    }
    Ok(energy)
}

/// Days that the steps touch.
fn days(series: &Series) -> u32 {
    let last = series.window.moment(series.steps().saturating_sub(1));
    let days = last.date().duration_since(series.window.start.date());
    days.as_hours() as u32 / 24 + 1
}

/// A plan as it was found.
pub(crate) struct Solved {
    pub(crate) plan: Plan,
    pub(crate) solution: Solution,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) totals: Option<Totals>,
    /// Quotas, each with what its windows were given.
    pub(crate) quotas: Vec<QuotaTrack>,
    /// Cost of a rolling plan, its windows and their iterations.
    pub(crate) rolled: Option<(f64, u64)>,
    /// Rows and columns, where they are not those of the plan.
    pub(crate) size: Option<(usize, usize)>,
    pub(crate) build_s: f64,
    pub(crate) solve_s: f64,
}

/// Builds and solves the plan of the whole period.
fn solve(
    energy: &Energy,
    series: &Series,
    rules: Rules,
    options: &Options,
) -> Result<Solved, Failure> {
    solve_between(energy, series, &Ends::Whole, rules, options)
}

/// Builds and solves the plan of steps with such ends.
fn solve_between(
    energy: &Energy,
    series: &Series,
    ends: &Ends,
    rules: Rules,
    options: &Options,
) -> Result<Solved, Failure> {
    let started = Instant::now();
    let plan = dispatch::build(energy, series, ends, rules);
    let mut solver = Solver::new(&plan.programme, options).map_err(refused)?;
    let build_s = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let mut solution = solver.solve().map_err(refused)?;
    let priced = matches!(solution.status, Status::Optimal | Status::Limit);
    if priced && solution.feasible && !plan.programme.whole.is_empty() {
        solver
            .price(&plan.programme, &mut solution)
            .map_err(refused)?;
    }
    let solve_s = started.elapsed().as_secs_f64();
    let outcome = solution
        .feasible
        .then(|| Outcome::of(energy, series, &plan, &solution, ends));
    let totals = outcome
        .as_ref()
        .map(|outcome| Totals::of(energy, series, &plan, &solution, outcome));
    let quotas = outcome.as_ref().map_or_else(Vec::new, |outcome| {
        dispatch::quotas(energy, series, &plan, &solution, outcome)
    });
    Ok(Solved {
        plan,
        solution,
        outcome,
        totals,
        quotas,
        rolled: None,
        size: None,
        build_s,
        solve_s,
    })
}

impl Solved {
    /// Rolls through windows, guided by this plan, and puts what comes out in its place; on forecasts of what is observed,
    /// with what that costs beside knowing.
    fn roll(
        &mut self,
        energy: &Energy,
        series: &Series,
        (window, execute): (usize, usize),
        observed: Option<&[Observed]>,
        options: &Options,
    ) -> Result<Option<ForesightAnswer>, Failure> {
        let Some(outcome) = &self.outcome else {
            return Ok(None);
        };
        let started = Instant::now();
        let windows = Windows {
            window,
            execute,
            guide: &Guide::of(energy, series, &self.plan, &self.solution),
            start: &outcome.start.clone(),
        };
        let (rolled, foresight) = match observed {
            Some(observed) => {
                let (rolled, answer) = windows.on_forecasts(energy, series, observed, options)?;
                (rolled, Some(answer))
            }
            None => (windows.roll(energy, series, None, options)?, None),
        };
        self.solve_s += started.elapsed().as_secs_f64();
        self.totals = Some(Totals::rolled(energy, series, &rolled));
        self.quotas = dispatch::rolled_quotas(energy, series, &rolled, &self.quotas);
        self.rolled = Some((rolled.cost, rolled.iterations));
        self.outcome = Some(rolled.outcome);
        Ok(foresight)
    }
}

/// The plan without storage and waiting work.
fn rigid(energy: &Energy, series: &Series, options: &Options) -> Result<PlanCase, Failure> {
    let rules = Rules {
        whole_units: false,
        flexible: false,
    };
    let solved = solve(energy, series, rules, options)?;
    let totals = solved.totals.unwrap_or_default();
    Ok(PlanCase {
        objective: solved.outcome.map(|_| solved.solution.objective),
        carbon_t: totals.carbon_t,
        curtailed_mwh: totals.curtailed_mwh,
    })
}

/// A plan that isn't the best there is is written and called failed.
fn verdict(solved: &Solved) -> Result<(), Failure> {
    match solved.solution.status {
        Status::Optimal => Ok(()),
        Status::Limit if solved.outcome.is_some() => Err(PlanFailure::AtLimit {
            gap: solved.solution.gap,
        }
        .into()),
        Status::Limit => Err(PlanFailure::NoneInTime.into()),
        status => Err(PlanFailure::NoPlan {
            status: answer::status(status),
        }
        .into()),
    }
}

fn options(args: &PlanArgs) -> Result<Options, Failure> {
    let time_limit_s = match &args.time_limit {
        None => None,
        Some(text) => Some(quantity::parse(text, Dimension::Time).map_err(Failure::input)?),
    };
    Ok(Options {
        method: match args.method {
            None | Some(SolverMethod::Simplex) => Method::Simplex,
            Some(SolverMethod::InteriorPoint) => Method::InteriorPoint,
        },
        time_limit_s,
        nodes_max: args.nodes,
        ..Options::default()
    })
}

/// Steps of the plan: as the base says, or up to a day, or so many.
fn steps(args: &PlanArgs, energy: &Energy) -> Result<usize, Failure> {
    let all = energy.window.steps;
    let asked = match (&args.to, args.steps) {
        (Some(text), _) => {
            let to = day("--to", text)?;
            energy
                .window
                .steps_of_days(energy.window.start.date(), to)
                .len()
        }
        (None, Some(steps)) => steps as usize,
        (None, None) => all,
    };
    if asked == 0 || asked > all {
        let last = energy.window.moment(all - 1).date();
        return Err(CliError::BadOption {
            option: if args.to.is_some() { "--to" } else { "--steps" },
            value: args
                .to
                .clone()
                .or(args.steps.map(|n| n.to_string()))
                .unwrap_or_default(),
            accepted: format!("{} … {last}, 1 … {all}", energy.window.start.date()),
        }
        .into());
    }
    Ok(asked)
}

/// A day outside the period.
fn bad_day(text: &str, first: Date, last: Date) -> Failure {
    CliError::BadOption {
        option: "--day",
        value: text.into(),
        accepted: format!("{first} … {last}"),
    }
    .into()
}

fn day(option: &'static str, text: &str) -> Result<Date, Failure> {
    date::parse(text).ok_or_else(|| {
        CliError::BadOption {
            option,
            value: text.into(),
            accepted: date::ACCEPTED.into(),
        }
        .into()
    })
}

fn refused(error: SolverError) -> Failure {
    let SolverError::Refused { call } = error;
    PlanFailure::Refused { call }.into()
}

fn no_window(series: &Series, error: RollingError) -> Failure {
    match error {
        RollingError::Solver(error) => refused(error),
        RollingError::NoPlan { steps, status } => PlanFailure::NoWindow {
            from: series.window.moment(steps.start).to_string(),
            status: answer::status(status),
        }
        .into(),
    }
}
