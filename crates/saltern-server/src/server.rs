//! Putting a house together, opening its doors, and closing them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::{Listener, ListenerExt, TapIo};
use saltern_base::tags::Protocol;
use saltern_connect::opcua::Application;
use saltern_demo::Demo;
use saltern_history::{History, HistoryError, Options};
use saltern_records::{NewUser, Records, Role, Secret};
use saltern_samples::{Reading, TagId};
use saltern_units::message::Message;
use saltern_watch::Watch;
use saltern_watch::watch::Outcome;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use crate::closings::{self, Closings};
use crate::copies;
use crate::desk::{self, Laboratory};
use crate::diagrams::{DiagramMaker, Diagrams};
use crate::dispatcher::Dispatch;
use crate::encrypted::{Encrypted, Identity};
use crate::error::ServerError;
use crate::house::{Clock, House, Parts};
use crate::jobs::{self, Jobs, MakeCommand};
use crate::nights::{self, ESTIMATES, Nights};
use crate::operation::{Lake, Live, Word, keeper};
use crate::outward::{self, Outward};
use crate::pages::PageFile;
use crate::plants::SolvePlant;
use crate::problem::Problem;
use crate::routes;
use crate::runs::{RUNS, Runs};

/// Folder of samples within the data.
pub const HISTORY: &str = "history";
/// File of records within the data.
pub const RECORDS: &str = "records.sqlite";
/// Folder of certificates and of what waits to be sent, within the data.
pub const CONNECTIONS: &str = "connections";
/// Folder of back-ups within the data.
pub const BACKUPS: &str = "backups";

/// Most that waits on disk for one system above.
const OUTBOX_BYTES: u64 = 1 << 30;
/// Words that may wait for the keeper before senders wait.
const WAITING: usize = 256;
/// How much of a past the watch sees: a day and an hour.
const REHEARSED_US: i64 = 25 * 3_600_000_000;
/// Readings of a past that are stored together.
const PAST: usize = 50_000;
/// How often the base folder is looked at.
const FOLDER: Duration = Duration::from_secs(2);

/// Reads the base anew.
pub type ReadLake = Box<dyn Fn() -> Result<Lake, Vec<Problem>> + Send + Sync>;
/// Something that changes when the base folder does.
pub type Stamp = Box<dyn Fn() -> u64 + Send + Sync>;

/// How a base is served.
pub struct Settings {
    /// Where data are kept.
    pub data: PathBuf,
    /// Where samples are kept, if on a PostgreSQL server.
    pub database: Option<String>,
    /// Whether the plant may be written to at all.
    pub allow_writes: bool,
    /// The plant's clock; a plant that is played brings its own.
    pub clock: Clock,
    /// The clock of people's affairs: sessions, tokens, orders that wait, the audit.
    pub wall: Clock,
    /// The plant, where it is played; [`serve`] opens its servers.
    pub demo: Option<Demo>,
    /// Readings that are stored before anything else, by row of the tag: the past of a plant that is played for the first time.
    pub past: Vec<Reading>,
    /// How estimates are made by night, if they are.
    pub nights: Option<Nights>,
    /// Makes commands of jobs; without it none are done.
    pub jobs: Option<MakeCommand>,
    /// What the assay desk knows of brines; without it analyses are taken as they come.
    pub laboratory: Option<Laboratory>,
    /// Plans some days of a dispatch while somebody waits; without it nothing is asked.
    pub dispatch: Option<Dispatch>,
    /// What phase diagrams are made by; without it there are none.
    pub diagrams: Option<DiagramMaker>,
    /// Solves flowsheets of plants; without it none are shown.
    pub solve_plant: Option<SolvePlant>,
    /// Folder of a run that is the plan; `None` for the one that was given last.
    pub plan: Option<PathBuf>,
    /// How samples are kept; its clock is replaced by the one above.
    pub store: Options,
    /// Reads the base.
    pub read: ReadLake,
    /// Changes when the base folder does.
    pub stamp: Stamp,
    /// Files of the console, which browsers load; none leaves the API alone.
    pub console: &'static [PageFile],
    /// Reads dropped workbooks; without it only CSV is read.
    pub workbook: Option<saltern_connect::Workbook>,
    /// Seed of what connections leave to chance.
    pub seed: u64,
    /// What the way to browsers and programs is encrypted with; `None` leaves it open to this machine alone.
    pub identity: Option<Identity>,
    /// Where the tags are shown to other systems over OPC UA, if anywhere.
    pub outward: Option<Outward>,
    /// Password of the administrator who is added where there are no users; made up if `None`.
    pub password: Option<String>,
}

/// A base at work.
pub struct Serving {
    house: Arc<House>,
    keeper: std::thread::JoinHandle<()>,
    jobs: Option<std::thread::JoinHandle<()>>,
    identity: Option<Identity>,
    /// Name and password of the administrator who was added, if there were no users and no password was given.
    pub first: Option<(String, String)>,
}

/// Serves a base at an address until `is_over` says so. `begun` is told when it listens, and where.
///
/// # Errors
/// What [`start`] and [`listen`] say, or a listener that fails.
pub fn serve(
    settings: Settings,
    address: SocketAddr,
    begun: impl FnOnce(&Serving, SocketAddr),
    is_over: impl Fn() -> bool,
) -> Result<(), Vec<Problem>> {
    let one = |error: ServerError| vec![Problem::from(error)];
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|_| one(ServerError::Failed))?;
    runtime.block_on(async {
        let listener = listen(address, settings.identity.is_some())
            .await
            .map_err(one)?;
        let address = listener.local_addr().unwrap_or(address);
        let (outward, folder) = (settings.outward.clone(), settings.data.join(CONNECTIONS));
        if let Some(demo) = &settings.demo {
            demo.play()
                .await
                .map_err(|error| vec![Problem::from(error)])?;
        }
        let serving = start(settings)?;
        if let Some(outward) = outward {
            let shown = outward::show(&serving.house, outward, folder).await;
            shown.map_err(|error| vec![Problem::from(error)])?;
        }
        tracing::info!(%address, "listening");
        begun(&serving, address);
        let stop = async {
            while !is_over() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        serving.serve(listener, stop).await.map_err(one)
    })
}

/// Opens stores and records, begins to watch, and connects to other systems. To be called within a Tokio runtime.
///
/// # Errors
/// All that is wrong with the base, or what keeps the stores from opening.
pub fn start(settings: Settings) -> Result<Serving, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let lake = (settings.read)()?;
    let clock = Arc::clone(&settings.clock);
    let options = Options {
        clock: Arc::clone(&clock),
        ..settings.store
    };
    let ahead_us = options.ahead.as_micros() as i64;
    let folder = settings.data.join(HISTORY);
    make(&settings.data).map_err(|e| one(e.into()))?;
    let records = Records::open(&settings.data.join(RECORDS)).map_err(|e| one(e.into()))?;
    let history = History::open(&folder, settings.database.as_deref(), options);
    let history = history.map_err(|e| one(e.into()))?;
    let live = register(&history, Live::new(1, lake, settings.nights.is_some())).map_err(one)?;
    remember(&history, &live, &settings.past).map_err(|e| one(e.into()))?;
    live.learn(&settings.past);
    let last_us = settings.past.iter().map(|r| r.sample.time_us).max();
    let begin_us = last_us.map_or_else(&*clock, |last_us| last_us - REHEARSED_US);
    let yesterday = settings.past.iter().copied();
    let yesterday: Vec<Reading> = yesterday
        .filter(|reading| reading.sample.time_us > begin_us)
        .collect();
    let mut watch = keeper::watch(&records, &live, begin_us).map_err(problems)?;
    let rehearsed = rehearse(&mut watch, &yesterday);
    let first = first_user(&records, settings.password, (settings.wall)()).map_err(one)?;
    let now_us = (settings.wall)();
    let plan = closings::choose(&records, settings.plan.as_deref(), &live.lake.id, now_us);
    let (plan, no_plan) = plan.map_err(one)?;
    let (words, heard) = mpsc::channel(WAITING);
    let desk = settings.laboratory.map(|of| (of, desk::open()));
    let (inlet, laboratory) = match desk {
        Some((of, (inlet, arrivals))) => (Some(inlet), Some((of, arrivals))),
        None => (None, None),
    };
    let live = Arc::new(live);
    let jobs = Jobs::load(&records, &settings.data.join(RUNS)).map_err(one)?;
    let house = Arc::new(House::new(Parts {
        history,
        records,
        clock,
        wall: settings.wall,
        demo: settings.demo,
        has_nights: settings.nights.is_some(),
        desk: inlet,
        dispatch: settings.dispatch,
        closings: Closings::new(&settings.data, plan, no_plan),
        diagrams: settings.diagrams.map(Diagrams::new),
        solve_plant: settings.solve_plant,
        runs: Runs::new(&settings.data),
        jobs: Arc::new(jobs),
        has_jobs: settings.jobs.is_some(),
        ahead_us,
        allow_writes: settings.allow_writes,
        encrypted: settings.identity.is_some(),
        console: settings.console,
        backups: copies::folder(&settings.data),
        words,
        live: Arc::clone(&live),
        watch,
    }));
    let keeper =
        keep(Arc::clone(&house), Arc::clone(&live), heard, rehearsed).map_err(|e| one(e.into()))?;
    let ways = saltern_connect::Settings {
        clock: Arc::clone(&house.clock),
        ahead_s: ahead_us as f64 / 1e6,
        folder: settings.data.join(CONNECTIONS),
        application: Application::here(&live.lake.id),
        outbox_bytes: OUTBOX_BYTES,
        utc_offset_s: live
            .lake
            .base
            .as_ref()
            .map_or(0.0, |base| base.site.utc_offset_h * 3600.0),
        workbook: settings.workbook,
        seed: settings.seed,
    };
    connect(&house, &live, &ways);
    let folder = Folder {
        read: settings.read,
        stamp: settings.stamp,
        ways,
        runtime: Handle::current(),
    };
    look_at_folder(&house, folder);
    if let Some((laboratory, arrivals)) = laboratory {
        desk::work(&house, laboratory, arrivals);
    }
    if let Some(nights) = settings.nights {
        nights::work(&house, nights, settings.data.join(ESTIMATES));
    }
    closings::work(&house);
    let jobs = settings.jobs;
    let jobs = jobs.and_then(|make| jobs::work(&house, make, &settings.data));
    Ok(Serving {
        house,
        keeper,
        jobs,
        identity: settings.identity,
        first,
    })
}

/// Connects to the systems that a base names. Those of the base before end when nobody takes their readings any more.
fn connect(house: &Arc<House>, live: &Arc<Live>, ways: &saltern_connect::Settings) {
    let (inlet, mut brought) = mpsc::channel(WAITING);
    let connections = saltern_connect::start(&live.lake.tags, ways, &inlet);
    house.set_connections(connections);
    tell_above(house, live);
    let (words, house, of) = (house.words.clone(), Arc::downgrade(house), Arc::clone(live));
    tokio::spawn(async move {
        while let Some(batch) = brought.recv().await {
            let readings = batch.readings;
            let of = Arc::clone(&of);
            let is_current = house
                .upgrade()
                .is_some_and(|house| house.live().generation <= of.generation);
            if !is_current || words.send(Word::Brought { of, readings }).await.is_err() {
                return;
            }
        }
    });
}

/// Hands readings on to the systems above that a base names. They have a way of their own, so that none is missed: what waits
/// is on disk, where it is bounded and counted.
fn tell_above(house: &Arc<House>, live: &Arc<Live>) {
    let mut connections = live.lake.tags.connections.iter();
    if !connections.any(|connection| connection.protocol == Protocol::Forward) {
        return house.set_upward(None);
    }
    let (upward, mut flashes) = mpsc::unbounded_channel();
    house.set_upward(Some(upward));
    let (house, generation) = (Arc::downgrade(house), live.generation);
    tokio::spawn(async move {
        while let Some(flash) = flashes.recv().await {
            let connections = house.upgrade().and_then(|house| house.connections());
            if let Some(connections) = connections.filter(|_| flash.live.generation == generation) {
                connections.tell(&flash.readings).await;
            }
        }
    });
}

/// The keeper's thread has a runtime of its own: it waits for disks, and nobody else shall.
fn keep(
    house: Arc<House>,
    live: Arc<Live>,
    heard: mpsc::Receiver<Word>,
    rehearsed: Outcome,
) -> Result<std::thread::JoinHandle<()>, ServerError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let runtime = runtime.map_err(|_| ServerError::Failed)?;
    let thread = std::thread::Builder::new().name("keeper".into());
    let work = move || runtime.block_on(keeper::run(house, live, heard, rehearsed));
    thread.spawn(work).map_err(|_| ServerError::Failed)
}

fn make(folder: &Path) -> Result<(), ServerError> {
    std::fs::create_dir_all(folder).map_err(|error| ServerError::DataFolder {
        path: folder.to_path_buf(),
        reason: error.to_string(),
    })
}

fn problems<M: Message>(errors: Vec<M>) -> Vec<Problem> {
    let status = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
    errors
        .iter()
        .map(|error| Problem::of(status, error))
        .collect()
}

fn register(history: &History, mut live: Live) -> Result<Live, Problem> {
    live.stored = history.register(&live.names())?;
    live.learn(&latest(history, &live)?);
    Ok(live)
}

/// What is known of each tag from before: an assay of last week is what there is until the next.
fn latest(history: &History, live: &Live) -> Result<Vec<Reading>, HistoryError> {
    let mut known = Vec::new();
    for (row, stored) in (0..).zip(&live.stored) {
        if let Some(sample) = history.latest(*stored)? {
            let tag = TagId(row);
            known.push(Reading { tag, sample });
        }
    }
    Ok(known)
}

/// Lets the watch see the last day of a past, so that what is calculated over a day is there from the first.
fn rehearse(watch: &mut Watch, past: &[Reading]) -> Outcome {
    let mut outcome = Outcome::default();
    let mut by_time: BTreeMap<i64, Vec<Reading>> = BTreeMap::new();
    for reading in past {
        by_time
            .entry(reading.sample.time_us)
            .or_default()
            .push(*reading);
    }
    for (time_us, readings) in by_time {
        watch.take(&readings, time_us, &mut outcome);
    }
    outcome
}

/// Stores a past, by the store's own numbers of tags.
fn remember(history: &History, live: &Live, past: &[Reading]) -> Result<(), HistoryError> {
    let stored = |reading: &Reading| {
        let tag = *live.stored.get(reading.tag.0 as usize)?;
        Some(Reading { tag, ..*reading })
    };
    for part in past.chunks(PAST) {
        history.append(part.iter().filter_map(stored).collect())?;
    }
    Ok(())
}

/// Somebody has to be able to sign in.
fn first_user(
    records: &Records,
    password: Option<String>,
    now_us: i64,
) -> Result<Option<(String, String)>, Problem> {
    if !records.users()?.is_empty() {
        return Ok(None);
    }
    let given = password.is_some();
    // Twenty hexadecimal digits are eighty bits.
    let password = password.unwrap_or_else(|| Secret::new().reveal()[..20].to_string());
    let new = NewUser {
        name: "admin".into(),
        password: password.clone(),
        role: Role::Admin,
        tenant: None,
    };
    records.add_user(&new, now_us)?;
    Ok((!given).then_some((new.name, password)))
}

/// Reads the base folder anew when it changes. What can't be read is said, and the base as it was goes on.
fn look_at_folder(house: &Arc<House>, folder: Folder) {
    let house = Arc::downgrade(house);
    let mut last = (folder.stamp)();
    let look = move || {
        loop {
            std::thread::sleep(FOLDER);
            let Some(house) = house.upgrade() else {
                return;
            };
            house.limits.tidy();
            copies::answer_notes(&house);
            let now = (folder.stamp)();
            if now == last {
                continue;
            }
            last = now;
            reread(&house, &folder);
        }
    };
    // Without this thread changes wait for the next start.
    let _ = std::thread::Builder::new()
        .name("folder".into())
        .spawn(look);
}

fn reread(house: &Arc<House>, folder: &Folder) {
    let generation = house.live().generation + 1;
    let lake = match (folder.read)() {
        Ok(lake) => lake,
        Err(errors) => {
            tracing::warn!(errors = errors.len(), "the changed base folder is wrong");
            return house.reject_folder(errors);
        }
    };
    tracing::info!(generation, "the base folder was changed");
    match register(
        &house.history,
        Live::new(generation, lake, house.has_nights),
    ) {
        Ok(live) => {
            let live = Arc::new(live);
            house.reject_folder(Vec::new());
            // The keeper is gone only when the server stops.
            let _ = house.words.blocking_send(Word::Changed(Arc::clone(&live)));
            let _runtime = folder.runtime.enter();
            connect(house, &live, &folder.ways);
        }
        Err(problem) => house.reject_folder(vec![problem]),
    }
}

/// The base folder as the server looks at it.
struct Folder {
    read: ReadLake,
    stamp: Stamp,
    ways: saltern_connect::Settings,
    runtime: Handle,
}

impl Serving {
    /// The description of the API.
    pub fn description(&self) -> utoipa::openapi::OpenApi {
        routes::router(Arc::clone(&self.house)).1
    }

    /// The router alone, for tests that need no network.
    pub fn router(&self) -> axum::Router {
        routes::router(Arc::clone(&self.house)).0
    }

    /// Serves until `stop` is done, then closes in order: no more requests, then the keeper, then the stores.
    ///
    /// # Errors
    /// A listener that fails.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ServerError> {
        let ended = match &self.identity {
            Some(identity) => {
                let encrypted = Encrypted::new(listener, identity)?;
                // Tapped, because only then it hands addresses on.
                self.answer(encrypted.tap_io(|_| {}), stop).await
            }
            None => self.answer(listener.tap_io(|_| {}), stop).await,
        };
        self.close().await;
        ended
    }

    async fn answer<L, F>(
        &self,
        listener: TapIo<L, F>,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ServerError>
    where
        L: Listener<Addr = SocketAddr>,
        F: FnMut(&mut L::Io) + Send + 'static,
    {
        let service = self
            .router()
            .into_make_service_with_connect_info::<SocketAddr>();
        // Streams never end by themselves, so open ones are not waited for.
        let served = axum::serve(listener, service);
        tokio::select! {
            ended = async { served.await } => ended.map_err(|_| ServerError::Failed),
            () = stop => Ok(()),
        }
    }

    /// Saves what is to be kept and ends the keeper.
    pub async fn close(self) {
        self.house.jobs.stop();
        if let Some(jobs) = self.jobs {
            // It has ended, or it has nothing to save.
            let _ = jobs.join();
        }
        let (done, ended) = oneshot::channel();
        if self.house.tell(Word::Stop(done)).await.is_ok() {
            let _ = ended.await;
        }
        // It has said that it is done.
        let _ = self.keeper.join();
    }
}

/// Listens on an address. One that others reach is for encrypted ways alone: others come through a proxy that encrypts.
///
/// # Errors
/// An address that others reach while nothing is encrypted, or one that is taken.
pub async fn listen(address: SocketAddr, is_encrypted: bool) -> Result<TcpListener, ServerError> {
    if !is_encrypted && !address.ip().is_loopback() {
        return Err(ServerError::NotAlone {
            address: address.to_string(),
        });
    }
    let bound = TcpListener::bind(address).await;
    bound.map_err(|error| ServerError::Listen {
        address: address.to_string(),
        reason: error.to_string(),
    })
}
