//! `serve --demo`: the base as a plant to play with.

use std::path::Path;

use jiff::Timestamp;
use saltern_base::model::Site;
use saltern_demo::{Demo, DemoError, Parts, PowerUnit, Settings, Wish};
use saltern_samples::Reading;
use saltern_server::{CONNECTIONS, ESTIMATES};
use saltern_units::{Lang, date};

use super::dispatcher::Dispatcher;
use crate::args::ServeArgs;
use crate::failure::{CliError, Failure};
use crate::progress::Progress;
use crate::simulate::{Folder, allowed, brines, names, weather};
use crate::tables::write_csv;
use crate::talk;

/// Folder of the played plant within the data.
const FOLDER: &str = "demo";

/// Marches the base to the instant at which the plant is seen, and begins the faults that are asked for.
pub(super) fn prepare(
    args: &ServeArgs,
    data: &Path,
    dispatcher: &Dispatcher,
    lang: Lang,
) -> Result<(Demo, Vec<Reading>), Failure> {
    let wishes: Result<Vec<Wish>, DemoError> = args.fault.iter().map(|f| Wish::read(f)).collect();
    let wishes = wishes.map_err(Failure::input)?;
    let folder = Folder::open(&args.base)?;
    let (base, _) = folder.base()?;
    let tags = folder.tags()?;
    let settings = Settings {
        folder: data.join(FOLDER),
        drops: data.join(CONNECTIONS),
        speed: args.speed,
        at_us: args
            .at
            .as_deref()
            .map(|at| instant(at, &base.site))
            .transpose()?,
    };
    let database = folder.database(&base.chemistry.database)?;
    names(&folder, &database)?;
    let (weather, _, _) = weather::chosen(&folder, &base.weather, &base.site)?;
    let mut resolver = brines::Resolver::new(&database);
    let brines = resolver.of_base(&base)?;
    resolver.warn(lang);
    let parts = Parts {
        allowed: allowed(&folder, &base, &database)?,
        brines,
        weather,
        power: power(&folder, dispatcher)?,
        database,
        base: base.clone(),
    };
    std::fs::create_dir_all(&settings.folder).map_err(|error| {
        Failure::input(DemoError::Record {
            path: settings.folder.display().to_string(),
            reason: error.to_string(),
        })
    })?;
    let mut bar: Option<Progress> = None;
    let on_day = &mut |done: usize, days: usize| {
        bar.get_or_insert_with(|| Progress::new(days)).at(done);
    };
    let prepared = Demo::prepare(parts, tags, settings, on_day);
    drop(bar);
    let (demo, past) = prepared.map_err(failure)?;
    if let Some((evening, state)) = &past.survey {
        let folder = data.join(ESTIMATES).join(evening.to_string());
        write_csv(&folder, &[saltern_base::state::frame(state, &base)])?;
    }
    for wish in &wishes {
        demo.begin(wish).map_err(failure)?;
    }
    tell(&demo, lang);
    Ok((demo, past.readings))
}

/// The electricity of the base's park, where it has one.
fn power(folder: &Folder, dispatcher: &Dispatcher) -> Result<Vec<PowerUnit>, Failure> {
    match folder.table("energy_nodes.csv")? {
        Some(_) => Ok(dispatcher.period()?.meters()),
        None => Ok(Vec::new()),
    }
}

/// What a plant cannot be played for: the input, or a day of it.
fn failure(error: DemoError) -> Failure {
    match error {
        DemoError::March { .. } | DemoError::Face { .. } => Failure::job(error),
        other => Failure::input(other),
    }
}

fn tell(demo: &Demo, lang: Lang) {
    let status = demo.status();
    let now = Timestamp::from_microsecond(status.now_us).unwrap_or_default();
    let speed = status.speed;
    talk(&lang.pick(
        format!("a played plant: its clock says {now:.0} and runs {speed} times as fast as ours"),
        format!("演示工厂：时钟 {now:.0}，为实时的 {speed} 倍"),
    ));
}

/// An instant, or the noon of a day at the site.
fn instant(text: &str, site: &Site) -> Result<i64, Failure> {
    const NOON_US: i64 = 12 * 3_600_000_000;
    let instant = text
        .parse::<Timestamp>()
        .ok()
        .map(Timestamp::as_microsecond);
    let noon = || date::parse(text).map(|day| site.midnight_us(day) + NOON_US);
    instant.or_else(noon).ok_or_else(|| {
        CliError::BadOption {
            option: "--at",
            value: text.into(),
            accepted: "2027-07-01, 2027-07-01T04:00:00Z".into(),
        }
        .into()
    })
}
