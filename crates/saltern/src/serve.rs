//! `saltern serve`: a base at work.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use saltern_base::energy;
use saltern_base::model::Label;
use saltern_demo::Demo;
use saltern_history::Options;
use saltern_samples::Reading;
use saltern_server::{Identity, Lake, Outward, PowerPlace, Serving, Settings};
use saltern_units::Lang;
use saltern_units::message::Message;

use crate::args::ServeArgs;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::simulate::Folder;
use crate::talk;

mod chemistry;
mod console;
pub(crate) mod copies;
mod demo;
mod dispatcher;
mod flowsheet;
mod jobs;
mod laboratory;
mod log;
mod nights;

use dispatcher::Dispatcher;

/// The environment variable with the password of the first user.
const PASSWORD: &str = "SALTERN_ADMIN_PASSWORD";

/// What is said when it begins.
struct Told {
    name: String,
    tags: usize,
    alarms: usize,
    connections: usize,
    data: PathBuf,
}

/// Serves a base until Ctrl-C.
pub(crate) fn run(args: &ServeArgs, lang: Lang) -> Result<(), Failure> {
    if let Some(path) = &args.log {
        log::begin(path)?;
    }
    // What is wrong with the folder is told as `base check` tells it.
    let lake = lake(&args.base)?;
    let data = args
        .data
        .clone()
        .unwrap_or_else(|| Path::new("data").join(&lake.id));
    let has_ponds = lake.base.is_some();
    let told = Told {
        name: lang.pick(&lake.name.en, &lake.name.zh).clone(),
        tags: lake.tags.tags.len(),
        alarms: lake.tags.alarms.len(),
        connections: lake.tags.connections.len(),
        data: data.clone(),
    };
    let dispatcher = Dispatcher::new(&args.base);
    let played = match args.demo {
        true => Some(demo::prepare(args, &data, &dispatcher, lang)?),
        false => None,
    };
    let scheme = if args.certificate.is_some() {
        "https"
    } else {
        "http"
    };
    let nights = nights::nights(args, has_ponds, lang);
    let settings = Settings {
        nights,
        ..settings(args, data, dispatcher, played, lang)
    };
    let begun = |serving: &Serving, address: std::net::SocketAddr| {
        begun(serving, &told, &format!("{scheme}://{address}/"), lang)
    };
    saltern_server::serve(settings, args.listen, begun, interrupt::requested)
        .map_err(Failure::problems)?;
    talk(lang.pick("stopped; everything is kept", "已停止；数据均已保存"));
    Ok(())
}

/// Prints what a server answers.
pub(crate) fn describe() -> Result<(), Failure> {
    let mut output = Output::open(None)?;
    // The description is made of texts and maps: it always has a form in JSON.
    let text = saltern_server::describe()
        .to_pretty_json()
        .unwrap_or_default();
    output.write((text + "\n").as_bytes())?;
    output.finish()
}

fn settings(
    args: &ServeArgs,
    data: PathBuf,
    dispatcher: Dispatcher,
    played: Option<(Demo, Vec<Reading>)>,
    lang: Lang,
) -> Settings {
    let (read, stamped) = (args.base.clone(), args.base.clone());
    let wall = Options::default().clock;
    let (demo, past) = played.map_or((None, Vec::new()), |(demo, past)| (Some(demo), past));
    Settings {
        data,
        database: args.database.clone(),
        allow_writes: args.allow_writes,
        clock: demo
            .as_ref()
            .map_or_else(|| Arc::clone(&wall), |demo| demo.clock()),
        wall,
        demo,
        past,
        nights: None,
        jobs: jobs::commands(&args.base),
        laboratory: Some(laboratory::laboratory()),
        dispatch: Some(dispatcher.into_dispatch()),
        diagrams: Some(chemistry::maker()),
        solve_plant: Some(flowsheet::solver(&args.base)),
        plan: args.plan.clone(),
        store: Options::default(),
        read: Box::new(move || lake(&read).map_err(|failure| failure.into_problems())),
        stamp: Box::new(move || stamp(&stamped)),
        console: console::FILES,
        workbook: Some(workbook),
        seed: 0,
        identity: identity(args),
        outward: args.opcua.map(|address| Outward { address, lang }),
        password: std::env::var(PASSWORD).ok(),
    }
}

/// A dropped workbook as CSV; its first sheet.
fn workbook(name: &str, bytes: &[u8]) -> Result<String, Label> {
    let text = saltern_run::spreadsheet::read_xlsx_as_csv(name, bytes, None);
    text.map_err(|error| Label {
        en: error.text(Lang::En),
        zh: error.text(Lang::Zh),
    })
}

fn identity(args: &ServeArgs) -> Option<Identity> {
    let (certificate, key) = (args.certificate.clone()?, args.key.clone()?);
    Some(Identity { certificate, key })
}

fn begun(serving: &Serving, told: &Told, url: &str, lang: Lang) {
    let Told {
        name,
        tags,
        alarms,
        connections,
        data,
    } = told;
    let data = data.display();
    talk(&lang.pick(
        format!("{name}: {tags} tags, {alarms} alarms, {connections} connections; data in {data}"),
        format!("{name}：{tags} 个位号、{alarms} 个报警、{connections} 个连接；数据保存在 {data}"),
    ));
    if let Some((user, password)) = &serving.first {
        talk(&lang.pick(
            format!("first user: {user}, password: {password} (shown this once; change it)"),
            format!("首位用户：{user}，口令：{password}（仅显示一次，请尽快修改）"),
        ));
    }
    talk(&lang.pick(
        format!("open {url} in a browser; Ctrl-C ends"),
        format!("请在浏览器中打开 {url}；按 Ctrl-C 结束"),
    ));
}

/// The base that a folder describes.
fn lake(path: &Path) -> Result<Lake, Failure> {
    let folder = Folder::open(path)?;
    let tags = folder.tags()?;
    let has_ponds = folder.table("ponds.csv")?.is_some();
    let base = match has_ponds {
        true => Some(folder.base()?.0),
        false => None,
    };
    let id = folder.id();
    let (name, caveats) = match &base {
        Some(base) => (base.name.clone(), base.caveats.clone()),
        None => without_ponds(&folder, &id)?,
    };
    Ok(Lake {
        name,
        caveats,
        base,
        power: power(&folder)?,
        tags,
        id,
    })
}

/// Places of the energy side. What is wrong with that is told where a dispatch is asked for.
fn power(folder: &Folder) -> Result<Vec<PowerPlace>, Failure> {
    if folder.table("energy_nodes.csv")?.is_none() {
        return Ok(Vec::new());
    }
    let Ok(read) = folder.energy() else {
        return Ok(Vec::new());
    };
    let place = |kind| {
        move |who: &energy::Identity| PowerPlace {
            id: who.id.clone(),
            name: who.name.clone(),
            kind,
        }
    };
    let generators = read.generators.iter().map(|one| &one.who);
    let stores = read.stores.iter().map(|one| &one.who);
    let grids = read.grids.iter().map(|one| &one.who);
    let power = generators.chain(stores).chain(grids).map(place("power"));
    let halls = read.halls.iter().map(|one| &one.who).map(place("hall"));
    Ok(power.chain(halls).collect())
}

/// Name and caveats of a base without ponds: those of its energy side, where it has one. What is wrong with that is told where
/// a dispatch is asked for.
fn without_ponds(folder: &Folder, id: &str) -> Result<(Label, Vec<Label>), Failure> {
    let has_energy = folder.table("energy_nodes.csv")?.is_some();
    let energy = has_energy.then(|| folder.energy().ok()).flatten();
    let own = || Label {
        en: id.into(),
        zh: id.into(),
    };
    Ok(energy.map_or_else(
        || (own(), Vec::new()),
        |energy| (energy.name, energy.caveats),
    ))
}

/// Changes when a file of the folder does.
fn stamp(path: &Path) -> u64 {
    let mut files: Vec<_> = std::fs::read_dir(path)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let about = entry.metadata().ok()?;
            Some((entry.file_name(), about.len(), about.modified().ok()))
        })
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    hasher.finish()
}
