//! `simulate`: from a base folder to a run folder with its report.

pub(crate) mod brines;
pub(crate) mod folder;
mod judge;
mod ready;
pub(crate) mod summary;
pub(crate) mod weather;
mod weathers;

use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::civil::Date;
use saltern_base::model::{Base, Label, Schedule, State, WeatherChoice};
use saltern_base::{schedule, state};
use saltern_brine::database::{Database, MineralId};
use saltern_brine::phases;
use saltern_plants::matter::Matter;
use saltern_run::accounts::Accounts;
use saltern_run::folder::{WriteOptions, check_target};
use saltern_run::{Notice, RunContents, RunError};
use saltern_simulate::plants::{self, PlantError};
use saltern_simulate::{Inputs, Next, SimulateError, Simulation, Start};
use saltern_units::Lang;
use saltern_units::date;
use saltern_units::message::Message;
use saltern_units::place::Place;

use crate::account;
use crate::args::SimulateArgs;
use crate::failure::{At, CliError, Failure};
use crate::interrupt;
use crate::progress::Progress;
pub(crate) use folder::Folder;
pub(crate) use ready::Ready;

/// Closure that a simulated book must reach, every element at every node.
const CLOSURE_LIMIT: f64 = 1e-9;

/// Runs the command.
pub(crate) fn run(args: &SimulateArgs, lang: Lang) -> Result<(), Failure> {
    let started = Instant::now();
    let asked = (
        day("--from", args.from.as_deref())?,
        day("--to", args.to.as_deref())?,
    );
    let folder = Folder::open(&args.base)?;
    let mut base = folder.base()?;
    seed(&mut base.0, args.seed)?;
    let target = args
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from("runs").join(&base.0.id));
    let tables = account::tables(|name| folder.table(name))?;
    check_target(&target, args.overwrite).map_err(run_failure)?;
    let ready = Ready::read(&folder, base, tables, asked)?;
    let base = &ready.base;
    let state = state_file(&folder, args.state.as_deref(), base)?;
    let schedule = schedule_file(&folder, args.schedule.as_deref(), base, ready.period)?;
    judge::names(&folder, &ready.database, args.state.as_deref())?;
    let mut resolved = brines::Resolver::new(&ready.database);
    let base_brines = resolved.of_base(base)?;
    let state_brines = state
        .as_ref()
        .map(|s| resolved.of_state(s, base, args.state.as_deref()))
        .transpose()?;

    resolved.warn(lang);
    let start = match (&state, &state_brines) {
        (Some(state), Some(brines)) => Start::State { state, brines },
        _ => Start::Opening,
    };
    let inputs = Inputs {
        start,
        schedule: schedule.as_ref(),
        ..ready.inputs(&base_brines)
    };
    let (simulation, bands) = match args.weathers {
        None => (march(&inputs)?, None),
        Some(members) => {
            let drawn = weathers::draw(&folder, base, ready.period, members)?;
            let (production, caveat) = (folder.production(base)?, drawn.caveat.clone());
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            let threads = args.threads.map_or(cores, usize::from);
            let marched =
                weathers::march(&inputs, drawn, &production, threads).map_err(march_failure)?;
            (
                marched.simulation,
                Some((marched.bands, marched.told, caveat)),
            )
        }
    };
    let mut run = ready.contents(&folder, simulation, resolved.notices)?;
    if let Some((bands, told, caveat)) = bands {
        run.series.extend(bands);
        run.meta.weathers = Some(told);
        run.meta.caveats.extend(caveat);
    }
    run.meta.elapsed_s = started.elapsed().as_secs_f64();
    let options = WriteOptions {
        overwrite: args.overwrite,
        lang,
        cancelled: &interrupt::requested,
    };
    saltern_run::folder::write(&target, &run, &options).map_err(run_failure)?;
    let accounts = Accounts::of(&run);
    if let Err(error) = &accounts {
        // Found out only now, since streams are those of the book; the run is good without.
        crate::talk(&format!("warning[{}]: {}", error.code(), error.text(lang)));
    }
    let accounts = accounts.as_ref().ok();
    print!("{}", summary::text(&run, accounts, &target, lang));
    verdict(&run)
}

/// Puts a seed in place of the base's; a file of weather has none.
fn seed(base: &mut Base, asked: Option<u64>) -> Result<(), Failure> {
    match (&mut base.weather, asked) {
        (_, None) => Ok(()),
        (WeatherChoice::Normals { seed, .. }, Some(asked)) => {
            *seed = asked;
            Ok(())
        }
        (WeatherChoice::File { path }, Some(asked)) => Err(CliError::BadOption {
            option: "--seed",
            value: asked.to_string(),
            accepted: format!("no seed: the weather is that of {path}"),
        }
        .into()),
    }
}

/// What is assumed or not measured: of the base, then of its plants.
pub(crate) fn caveats(base: &Base) -> Vec<Label> {
    let plants = base.plants.iter().map(|plant| &plant.file);
    let of_plants = told_once(plants.map(|file| (&file.name, file.caveats.as_slice())));
    base.caveats.iter().cloned().chain(of_plants).collect()
}

/// Caveats of plants under the names of those they hold of; what holds of several comes last.
fn told_once<'a>(plants: impl Iterator<Item = (&'a Label, &'a [Label])>) -> Vec<Label> {
    let mut told: Vec<(&Label, Vec<&Label>)> = Vec::new();
    for (name, caveats) in plants {
        for caveat in caveats {
            match told.iter_mut().find(|(known, _)| *known == caveat) {
                Some((_, names)) => names.push(name),
                None => told.push((caveat, vec![name])),
            }
        }
    }
    told.sort_by_key(|(_, names)| names.len() > 1);
    let line = |(caveat, names): (&Label, Vec<&Label>)| {
        let names = |lang: Lang| {
            let names: Vec<&str> = names.iter().map(|name| name.text(lang)).collect();
            names.join(lang.pick("; ", "、")) // names may hold commas
        };
        Label {
            en: format!("{}: {}", names(Lang::En), caveat.en),
            zh: format!("{}：{}", names(Lang::Zh), caveat.zh),
        }
    };
    told.into_iter().map(line).collect()
}

/// A run that did not close, or has cells that were not solved, is written and called failed.
pub(crate) fn verdict(run: &RunContents) -> Result<(), Failure> {
    let closure = saltern_run::figures::worst(run.meta.closure.values());
    if run.meta.failures > 0 || closure.is_nan() || closure > CLOSURE_LIMIT {
        return Err(CliError::RunFailed {
            failures: run.meta.failures,
            closure,
            limit: CLOSURE_LIMIT,
        }
        .into());
    }
    Ok(())
}

fn march(inputs: &Inputs<'_>) -> Result<Simulation, Failure> {
    let mut bar: Option<Progress> = None;
    let result = saltern_simulate::simulate(inputs, &mut |progress| {
        bar.get_or_insert_with(|| Progress::new(progress.days as usize))
            .at(progress.day as usize);
        if interrupt::requested() {
            Next::Stop
        } else {
            Next::Continue
        }
    });
    result.map_err(march_failure)
}

/// Names of the base's tables that the database must know.
pub(crate) fn names(folder: &Folder, database: &Database) -> Result<(), Failure> {
    judge::names(folder, database, None)
}

/// Why a march ended early, with its exit code.
pub(crate) fn march_failure(error: SimulateError) -> Failure {
    match error {
        SimulateError::Stopped { .. } => CliError::Interrupted.into(),
        SimulateError::OpeningNotSolved { .. } => Failure::job(error),
        SimulateError::Plants { errors } => plant_failures(errors),
        other => Failure::input(other),
    }
}

/// All that is wrong with plants, each with its place.
pub(crate) fn plant_failures(errors: Vec<PlantError>) -> Failure {
    Failure::Several(errors.into_iter().map(Failure::input).collect())
}

/// The solids that the base lets form.
pub(crate) fn allowed(
    folder: &Folder,
    base: &Base,
    database: &Database,
) -> Result<Vec<MineralId>, Failure> {
    judge::phases(folder, base, database)?;
    // Names are quoted, since some hold a comma.
    let quoted: Vec<String> = base
        .chemistry
        .suppress
        .iter()
        .map(|name| format!("\"{name}\""))
        .collect();
    phases::select(database, &base.chemistry.phases, &quoted.join(",")).map_err(|message| {
        let place = Place::entry("base.toml", "chemistry");
        Failure::input(At { place, message })
    })
}

fn day(option: &'static str, text: Option<&str>) -> Result<Option<Date>, Failure> {
    let Some(text) = text else { return Ok(None) };
    match date::parse(text) {
        Some(day) => Ok(Some(day)),
        None => Err(CliError::BadOption {
            option,
            value: text.into(),
            accepted: date::ACCEPTED.into(),
        }
        .into()),
    }
}

pub(crate) fn period(
    base: &Base,
    (from, to): (Option<Date>, Option<Date>),
) -> Result<(Date, Date), Failure> {
    let period = (from.unwrap_or(base.from), to.unwrap_or(base.to));
    if period.1 < period.0 {
        let option = if to.is_some() { "--to" } else { "--from" };
        let value = if to.is_some() { period.1 } else { period.0 }.to_string();
        let accepted = if to.is_some() {
            format!("{} or later", period.0)
        } else {
            format!("{} or earlier", period.1)
        };
        return Err(CliError::BadOption {
            option,
            value,
            accepted,
        }
        .into());
    }
    Ok(period)
}

pub(crate) fn state_file(
    folder: &Folder,
    path: Option<&Path>,
    base: &Base,
) -> Result<Option<State>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let text = folder.outside(path)?;
    state::read(&path.display().to_string(), &text, base)
        .map(Some)
        .map_err(folder::failures)
}

fn schedule_file(
    folder: &Folder,
    path: Option<&Path>,
    base: &Base,
    period: (Date, Date),
) -> Result<Option<Schedule>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let text = folder.outside(path)?;
    schedule::read(&path.display().to_string(), &text, base, period)
        .map(Some)
        .map_err(folder::failures)
}

/// A message as a run keeps it: both languages, so that the report can be written again in either.
pub(crate) fn run_notice(message: &impl Message, place: &str, count: u32) -> Notice {
    Notice {
        code: message.code().into(),
        place: place.into(),
        en: message.text(Lang::En),
        zh: message.text(Lang::Zh),
        count: u64::from(count),
    }
}

/// A run folder's error with its exit code: what the person named wrongly is input, the rest failed.
pub(crate) fn run_failure(error: RunError) -> Failure {
    match error {
        RunError::Cancelled { .. } => CliError::Interrupted.into(),
        RunError::Io { .. } => Failure::job(error),
        _ => Failure::input(error),
    }
}

/// `base check`: reads a base with its weather and brines, and says what is wrong with it.
pub(crate) fn check(path: &Path, lang: Lang) -> Result<(), Failure> {
    let folder = Folder::open(path)?;
    let (base, notices) = folder.base()?;
    let weather = weather::read(&folder, &base, (base.from, base.to))?;
    let database = folder.database(&base.chemistry.database)?;
    allowed(&folder, &base, &database)?;
    judge::names(&folder, &database, None)?;
    let mut resolver = brines::Resolver::new(&database);
    let base_brines = resolver.of_base(&base)?;
    let matter = Matter::new(&database).map_err(Failure::input)?;
    plants::read(&base, &base_brines, &matter).map_err(plant_failures)?;
    // Its energy side, where it has one.
    if folder.table("energy_nodes.csv")?.is_some() {
        folder.energy()?;
    }
    let live = folder.tags()?;
    let formulas = saltern_watch::calculate::Program::of_base(&live);
    formulas
        .map_err(|errors| Failure::Several(errors.into_iter().map(Failure::input).collect()))?;
    for notice in &notices {
        crate::talk(&format!(
            "warning[{}]: {}",
            notice.code(),
            notice.text(lang)
        ));
    }
    for notice in weather.notices.iter().chain(resolver.minor()) {
        crate::talk(&format!(
            "warning[{}]: {}: {}",
            notice.code,
            notice.place,
            lang.pick(&notice.en, &notice.zh)
        ));
    }
    resolver.refuse_poor()?;
    let (ponds, links, plants) = (base.ponds.len(), base.links.len(), base.plants.len());
    let (tags, alarms) = (live.tags.len(), live.alarms.len());
    println!(
        "{}",
        lang.pick(
            format!(
                "{}: {ponds} ponds, {links} links, {plants} plants, {tags} tags, {alarms} alarms, {} to {}: in order",
                base.id, base.from, base.to
            ),
            format!(
                "{}：{ponds} 个盐池，{links} 条通道，{plants} 个工厂，{tags} 个位号，{alarms} 个报警，{} 至 {}：无误",
                base.id, base.from, base.to
            ),
        )
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caveat_of_several_plants_is_told_once() {
        let label = |en: &str, zh: &str| Label {
            en: en.to_owned(),
            zh: zh.to_owned(),
        };
        let (motors, ore) = (label("Motors.", "电机。"), label("Ore.", "矿石。"));
        let (potash, metal) = (label("KCl", "氯化钾"), label("Mg, Cl2", "镁"));
        let plants = [
            (&potash, vec![motors.clone(), ore.clone()]),
            (&metal, vec![motors.clone()]),
        ];
        let told = told_once(plants.iter().map(|(name, all)| (*name, all.as_slice())));
        let expected = [
            label("KCl: Ore.", "氯化钾：矿石。"),
            label("KCl; Mg, Cl2: Motors.", "氯化钾、镁：电机。"),
        ];
        assert_eq!(told, expected);
    }
}
