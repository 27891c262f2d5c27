//! `estimate`: what the ponds hold today and what they lose, from samples and the model.

mod ahead;
mod leaks;
mod samples;
mod tables;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use jiff::Span;
use jiff::civil::Date;
use saltern_base::model::{Base, Label, PondState, State};
use saltern_estimate::EstimateError;
use saltern_estimate::departure::{Campaign, Prior};
use saltern_estimate::measured::{self, Days, Errors, Measured};
use saltern_estimate::observation::Quantity;
use saltern_estimate::state::{Estimate, Settings, estimate};
use saltern_run::folder::{WriteOptions, check_target};
use saltern_units::Lang;
use saltern_units::quantity;
use saltern_units::unit::Dimension;

use crate::account;
use crate::args::EstimateArgs;
use crate::failure::{CliError, Failure};
use crate::interrupt;
use crate::output::Output;
use crate::rows::threads;
use crate::simulate::{Folder, Ready, brines, march_failure, run_failure, state_file};
use crate::tables as written;
use samples::Samples;

/// What the composition of a pond may be wrong by where nothing but the base's opening is known of it (assumed).
const OPENING_ERROR: f64 = 0.1;
/// What a level may be wrong by on the first morning: a day's fall, mm (assumed).
const OPENING_DEPTH_MM: f64 = 10.0;

/// Runs the command.
pub(crate) fn run(args: &EstimateArgs, lang: Lang) -> Result<(), Failure> {
    let told = make(args, lang)?;
    let mut stdout = Output::open(None)?;
    stdout.write(told.as_bytes())?;
    stdout.finish()
}

/// Makes an estimate and its folder; what a person is told of it.
pub(crate) fn make(args: &EstimateArgs, lang: Lang) -> Result<String, Failure> {
    let errors = errors(args)?;
    let prior = prior(args)?;
    let folder = Folder::open(&args.base)?;
    let base = folder.base()?;
    let tags = folder.tags()?;
    check_target(&args.output.join("book"), args.overwrite).map_err(run_failure)?;
    let samples = samples::read(&args.samples, &base.0, &tags)?;
    let days = window(&base.0, &samples, args)?;
    let to = last(days);
    let tables = account::tables(|name| folder.table(name))?;
    let ready = Ready::read(&folder, base, tables, (Some(days.from), Some(to)))?;
    let measured = measured::collect(&ready.base, &tags, &samples.readings(), days, &errors);
    if measured.observations.is_empty() {
        let path = args.samples.clone();
        return Err(CliError::NothingMeasured { path }.into());
    }
    let given = state_file(&folder, args.state.as_deref(), &ready.base)?;
    let state = opening(&ready.base, given, &measured);
    let mut resolved = brines::Resolver::new(&ready.database);
    let base_brines = resolved.of_base(&ready.base)?;
    let state_brines = resolved.of_state(&state, &ready.base, args.state.as_deref())?;
    resolved.warn(lang);
    let campaign = Campaign {
        inputs: ready.inputs(&base_brines),
        state: &state,
        brines: &state_brines,
        metered: &measured.metered,
    };
    let settings = Settings {
        members: usize::from(args.members),
        prior,
        seed: args.seed,
        ..Settings::default()
    };
    let threads = threads(args.threads);
    let each = |count: usize, work: &(dyn Fn(usize) + Sync)| on_threads(threads, count, work);
    let found = estimate(&campaign, &measured.observations, &settings, &each).map_err(failure)?;
    let mut frames = vec![
        saltern_base::state::frame(&found.state, &ready.base),
        self::tables::estimates(&found, &ready.base),
        self::tables::departures(&found, &ready.base, &ready.database),
    ];
    let metered = &measured.metered;
    frames.push(self::tables::streams(&found));
    frames.push(self::tables::meters(
        &found,
        &ready.base,
        metered,
        prior.meter,
    ));
    let meter = prior.meter;
    frames.extend(leaks::frame(
        &ready,
        &base_brines,
        &found,
        &measured,
        days,
        meter,
    )?);
    if let Some(count) = args.ahead {
        let from = to.tomorrow().unwrap_or(to);
        let weathers = ahead::weathers(&folder, &ready.base, from, count, args)?;
        frames.extend(ahead::frames(
            &campaign, &found, from, count, &weathers, &each,
        )?);
    }
    written::write_csv(&args.output, &frames)?;
    write_book(&folder, &ready, &found, resolved.notices, args, lang)?;
    Ok(summary(&found, &measured, &ready.base, days, args, lang))
}

/// The measured book as a run: what `report`, `compare` and `account` read.
fn write_book(
    folder: &Folder,
    ready: &Ready,
    found: &Estimate,
    notices: Vec<saltern_run::Notice>,
    args: &EstimateArgs,
    lang: Lang,
) -> Result<(), Failure> {
    let mut run = ready.contents(folder, found.run.clone(), notices)?;
    run.meta.caveats.push(Label {
        en: "Measured book: the march of the model that is nearest to levels, densities, assays and meters, each within its error.".into(),
        zh: "实测账簿：在各自误差范围内最接近液位、密度、化验与流量计的模型推进结果。".into(),
    });
    let options = WriteOptions {
        overwrite: args.overwrite,
        lang,
        cancelled: &interrupt::requested,
    };
    saltern_run::folder::write(&args.output.join("book"), &run, &options).map_err(run_failure)
}

fn share(option: &'static str, text: &str) -> Result<f64, Failure> {
    positive(option, text, Dimension::Fraction)
}

fn positive(option: &'static str, text: &str, dimension: Dimension) -> Result<f64, Failure> {
    let value = quantity::parse(text, dimension).map_err(Failure::input)?;
    if value > 0.0 {
        return Ok(value);
    }
    Err(CliError::BadOption {
        option,
        value: text.into(),
        accepted: "> 0".into(),
    }
    .into())
}

fn errors(args: &EstimateArgs) -> Result<Errors, Failure> {
    Ok(Errors {
        level_m: positive("--level-error", &args.level_error, Dimension::Length)?,
        density_kg_m3: positive("--density-error", &args.density_error, Dimension::Density)?,
        assay: share("--assay-error", &args.assay_error)?,
    })
}

fn prior(args: &EstimateArgs) -> Result<Prior, Failure> {
    let ion = match (&args.opening_error, &args.state) {
        (Some(text), _) => share("--opening-error", text)?,
        (None, Some(_)) => share("--assay-error", &args.assay_error)?,
        (None, None) => OPENING_ERROR,
    };
    Ok(Prior {
        ion,
        depth_mm: OPENING_DEPTH_MM,
        meter: share("--meter-error", &args.meter_error)?,
        ..Prior::default()
    })
}

/// The days up to the last sample.
fn window(base: &Base, samples: &Samples, args: &EstimateArgs) -> Result<Days, Failure> {
    let Some((first_us, last_us)) = samples.span() else {
        let path = args.samples.clone();
        return Err(CliError::NothingMeasured { path }.into());
    };
    let first = base.site.local_day(first_us).0;
    let to = base.site.local_day(last_us).0;
    let asked = to.checked_sub(Span::new().days(i64::from(args.days) - 1));
    let from = asked.unwrap_or(first).max(first);
    let count = (to - from).get_days() + 1;
    Ok(Days {
        from,
        count: count.unsigned_abs(),
    })
}

fn last(days: Days) -> Date {
    let more = Span::new().days(i64::from(days.count) - 1);
    days.from.checked_add(more).unwrap_or(days.from)
}

/// The ponds on the first morning: as a state says, else as they open, with the first level that was read.
fn opening(base: &Base, given: Option<State>, measured: &Measured) -> State {
    let mut state = given.unwrap_or_default();
    for (p, pond) in base.ponds.iter().enumerate() {
        if state.ponds.iter().any(|known| known.pond == p) {
            continue;
        }
        let brine = &base.brines[pond.opening.brine];
        let salt_m: f64 = pond.opening.floor.iter().map(|(_, m)| m).sum();
        let level = |o: &&saltern_estimate::observation::Observation| {
            o.pond == p && o.quantity == Quantity::Level
        };
        let level_m = measured.observations.iter().find(level).map(|o| o.value);
        let depth_m = level_m.map_or(pond.opening.depth_m, |level_m| level_m - salt_m);
        state.ponds.push(PondState {
            pond: p,
            depth_m: depth_m.max(0.0),
            temperature_k: pond.opening.temperature_k,
            assay: brine.cells.clone(),
            floor: pond.opening.floor.clone(),
        });
    }
    state.ponds.sort_by_key(|pond| pond.pond);
    state
}

/// Calls the work with every number, on threads; what is asked to stop leaves the rest out.
fn on_threads(threads: usize, count: usize, work: &(dyn Fn(usize) + Sync)) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads.clamp(1, count.max(1)) {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= count || interrupt::requested() {
                        return;
                    }
                    work(i);
                }
            });
        }
    });
}

fn failure(error: EstimateError) -> Failure {
    match error {
        EstimateError::March { error } => march_failure(error),
        EstimateError::Stopped => CliError::Interrupted.into(),
        EstimateError::NotDetermined => Failure::job(error),
        other => Failure::input(other),
    }
}

/// What a person is told.
fn summary(
    found: &Estimate,
    measured: &Measured,
    base: &Base,
    days: Days,
    args: &EstimateArgs,
    lang: Lang,
) -> String {
    let (from, to) = (days.from, last(days));
    let (used, aside) = (found.used, found.set_aside.len());
    let links = {
        let mut links: Vec<usize> = measured.metered.flows.iter().map(|f| f.link).collect();
        links.sort_unstable();
        links.dedup();
        links.len()
    };
    let mut text = lang.pick(
        format!(
            "{}, {from} to {to}: {used} observations, {aside} set aside, {links} metered links, misfit {:.2}\n",
            base.name.text(lang),
            found.misfit
        ),
        format!(
            "{}，{from} 至 {to}：观测 {used} 个，剔除 {aside} 个，计量通道 {links} 条，失配 {:.2}\n",
            base.name.text(lang),
            found.misfit
        ),
    );
    if !found.converged {
        text += lang.pick(
            "warning: the most probable march was not found to the last; try a shorter window\n",
            "警告：最可几推进未完全收敛，可缩短窗口再试\n",
        );
    }
    text += &self::tables::told(found, base, lang);
    text += &format!("{}\n", args.output.display());
    text
}
