//! What everything in the server shares.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use saltern_connect::{Connections, Health, Phase};
use saltern_demo::Demo;
use saltern_history::History;
use saltern_records::{Records, RecordsError};
use saltern_watch::Watch;
use tokio::sync::{broadcast, mpsc};

use crate::access::Limits;
use crate::closings::Closings;
use crate::desk;
use crate::diagrams::Diagrams;
use crate::dispatcher::{Dispatch, Turns};
use crate::error::ServerError;
use crate::jobs::Jobs;
use crate::nights::Standing;
use crate::operation::{Condition, Flash, Live, Word};
use crate::pages::PageFile;
use crate::plants::SolvePlant;
use crate::problem::Problem;
use crate::runs::Runs;
use crate::tally::Tally;

/// Microseconds since 1970-01-01T00:00:00 UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What is shared.
pub(crate) struct House {
    pub(crate) history: History,
    pub(crate) records: Records,
    pub(crate) clock: Clock,
    pub(crate) wall: Clock,
    /// The plant, where it is played.
    pub(crate) demo: Option<Demo>,
    /// Whether estimates are made by night.
    pub(crate) has_nights: bool,
    /// The way to the assay desk, where there is one.
    pub(crate) desk: Option<desk::Inlet>,
    /// Plans some days of a dispatch, where the base has one.
    pub(crate) dispatch: Option<Dispatch>,
    /// Whose turn it is.
    pub(crate) turns: Turns,
    /// Closings of shifts, days and months.
    pub(crate) closings: Closings,
    /// Makes phase diagrams, where somebody knows chemistry.
    pub(crate) diagrams: Option<Diagrams>,
    /// Solves flowsheets, where somebody knows plants.
    pub(crate) solve_plant: Option<SolvePlant>,
    /// What was simulated and planned.
    pub(crate) runs: Runs,
    /// What is being simulated and planned.
    pub(crate) jobs: Arc<Jobs>,
    /// Whether jobs are done.
    pub(crate) has_jobs: bool,
    /// How far ahead of the clock a sample may be, µs.
    pub(crate) ahead_us: i64,
    /// Whether the plant may be written to at all.
    pub(crate) allow_writes: bool,
    /// Whether the way to the browser is encrypted.
    pub(crate) encrypted: bool,
    /// Files of the console.
    pub(crate) console: &'static [PageFile],
    /// Where back-ups are put.
    pub(crate) backups: PathBuf,
    pub(crate) limits: Limits,
    pub(crate) tally: Tally,
    pub(crate) words: mpsc::Sender<Word>,
    connections: RwLock<Option<Arc<Connections>>>,
    flashes: broadcast::Sender<Flash>,
    upward: Mutex<Option<mpsc::UnboundedSender<Flash>>>,
    live: RwLock<Arc<Live>>,
    watch: RwLock<Watch>,
    troubles: Mutex<HashMap<Condition, Problem>>,
    folder: Mutex<Vec<Problem>>,
    nights: Mutex<Standing>,
}

/// What a house is built of.
pub(crate) struct Parts {
    pub(crate) history: History,
    pub(crate) records: Records,
    pub(crate) clock: Clock,
    pub(crate) wall: Clock,
    pub(crate) demo: Option<Demo>,
    pub(crate) has_nights: bool,
    pub(crate) desk: Option<desk::Inlet>,
    pub(crate) dispatch: Option<Dispatch>,
    pub(crate) closings: Closings,
    pub(crate) diagrams: Option<Diagrams>,
    pub(crate) solve_plant: Option<SolvePlant>,
    pub(crate) runs: Runs,
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) has_jobs: bool,
    pub(crate) ahead_us: i64,
    pub(crate) allow_writes: bool,
    pub(crate) encrypted: bool,
    pub(crate) console: &'static [PageFile],
    pub(crate) backups: PathBuf,
    pub(crate) words: mpsc::Sender<Word>,
    pub(crate) live: Arc<Live>,
    pub(crate) watch: Watch,
}

/// Rounds that a stream may be behind before it misses some.
const ROUNDS: usize = 256;

impl House {
    pub(crate) fn new(parts: Parts) -> House {
        House {
            history: parts.history,
            records: parts.records,
            clock: parts.clock,
            wall: parts.wall,
            demo: parts.demo,
            has_nights: parts.has_nights,
            desk: parts.desk,
            dispatch: parts.dispatch,
            turns: Turns::default(),
            closings: parts.closings,
            diagrams: parts.diagrams,
            solve_plant: parts.solve_plant,
            runs: parts.runs,
            jobs: parts.jobs,
            has_jobs: parts.has_jobs,
            ahead_us: parts.ahead_us,
            allow_writes: parts.allow_writes,
            encrypted: parts.encrypted,
            console: parts.console,
            backups: parts.backups,
            limits: Limits::default(),
            tally: Tally::default(),
            connections: RwLock::default(),
            words: parts.words,
            flashes: broadcast::channel(ROUNDS).0,
            upward: Mutex::default(),
            live: RwLock::new(parts.live),
            watch: RwLock::new(parts.watch),
            troubles: Mutex::default(),
            folder: Mutex::default(),
            nights: Mutex::default(),
        }
    }

    /// What the plant's clock says.
    pub(crate) fn now_us(&self) -> i64 {
        (self.clock)()
    }

    /// What the clock of people's affairs says: sessions, tokens, orders that wait, the audit.
    pub(crate) fn wall_us(&self) -> i64 {
        (self.wall)()
    }

    /// The tags in force.
    pub(crate) fn live(&self) -> Arc<Live> {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&live)
    }

    pub(crate) fn set_live(&self, live: Arc<Live>) {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = live;
    }

    pub(crate) fn watch(&self) -> RwLockReadGuard<'_, Watch> {
        self.watch.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn watch_mut(&self) -> RwLockWriteGuard<'_, Watch> {
        self.watch.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where readings for systems above go, if the base names any.
    pub(crate) fn set_upward(&self, upward: Option<mpsc::UnboundedSender<Flash>>) {
        *self.upward.lock().unwrap_or_else(PoisonError::into_inner) = upward;
    }

    /// Tells all streams, and what is above.
    pub(crate) fn flash(&self, flash: Flash) {
        let upward = self.upward.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(upward) = upward.as_ref() {
            // Whoever takes them ends when the base changes.
            let _ = upward.send(flash.clone());
        }
        // Nobody may be listening.
        let _ = self.flashes.send(flash);
    }

    pub(crate) fn flashes(&self) -> broadcast::Receiver<Flash> {
        self.flashes.subscribe()
    }

    /// Tells the keeper something.
    pub(crate) async fn tell(&self, word: Word) -> Result<(), ServerError> {
        let told = self.words.send(word).await;
        told.map_err(|_| ServerError::Stopping)
    }

    /// Asks the records something, on a thread that may wait for the disk.
    pub(crate) async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce(&Records) -> Result<T, RecordsError> + Send + 'static,
    ) -> Result<T, Problem> {
        let house = Arc::clone(self);
        let asked = tokio::task::spawn_blocking(move || question(&house.records)).await;
        match asked {
            Ok(answer) => answer.map_err(Problem::from),
            Err(_) => Err(ServerError::Failed.into()),
        }
    }

    /// Says that a condition of the server holds and why, or that it is over.
    pub(crate) fn set_trouble(&self, condition: Condition, trouble: Option<Problem>) {
        let mut troubles = self.troubles();
        match trouble {
            Some(problem) => {
                if !troubles.contains_key(&condition) {
                    tracing::warn!(code = problem.code, message = problem.message.en, "trouble");
                }
                troubles.insert(condition, problem)
            }
            None => troubles.remove(&condition),
        };
    }

    /// Whether a condition of the server holds.
    pub(crate) fn holds(&self, condition: Condition) -> bool {
        use std::sync::atomic::Ordering::Relaxed;
        match condition {
            Condition::Lost => self.tally.lost.load(Relaxed) > 0,
            Condition::Folder => !self.folder_errors().is_empty(),
            Condition::Dropped => self.dropped() > 0,
            Condition::Nights => !self.nights().problems.is_empty(),
            Condition::Store | Condition::Records | Condition::Assay => {
                self.troubles().contains_key(&condition)
            }
        }
    }

    /// What is wrong with the server now.
    pub(crate) fn wrong(&self) -> Vec<Problem> {
        let mut all: Vec<Problem> = self.troubles().values().cloned().collect();
        all.sort_by(|a, b| a.code.cmp(b.code));
        all.extend(self.folder_errors());
        all.extend(self.nights().problems.iter().cloned());
        all
    }

    /// The changed base folder can't be read.
    pub(crate) fn reject_folder(&self, errors: Vec<Problem>) {
        *self.folder.lock().unwrap_or_else(PoisonError::into_inner) = errors;
    }

    /// What is known of the last night.
    pub(crate) fn nights(&self) -> MutexGuard<'_, Standing> {
        self.nights.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn folder_errors(&self) -> Vec<Problem> {
        let folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        folder.clone()
    }

    fn troubles(&self) -> std::sync::MutexGuard<'_, HashMap<Condition, Problem>> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Connections to other systems.
    pub(crate) fn connections(&self) -> Option<Arc<Connections>> {
        let held = self.connections.read();
        held.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_connections(&self, connections: Connections) {
        let mut held = self
            .connections
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *held = Some(Arc::new(connections));
    }

    /// Readings for systems above that were dropped.
    pub(crate) fn dropped(&self) -> u64 {
        let connections = self.connections();
        let waiting = connections
            .as_ref()
            .map(|connections| connections.waiting());
        let waiting = waiting.into_iter().flatten();
        waiting.map(|(_, waiting)| waiting.dropped).sum()
    }

    /// How each connection does, in the order of the base.
    pub(crate) fn health(&self) -> Vec<(String, Health)> {
        let connections = self.connections();
        let health = connections.as_ref().map(|connections| connections.health());
        let health = health.into_iter().flatten();
        health
            .map(|(id, health)| (id.to_string(), health))
            .collect()
    }

    /// States of connections by number, in the order of the base.
    pub(crate) fn connection_states(&self) -> Vec<u8> {
        let number = |phase| match phase {
            Phase::Connecting => 0,
            Phase::Live => 1,
            Phase::Waiting => 2,
            Phase::Stopped => 3,
        };
        let health = self.health();
        health
            .iter()
            .map(|(_, health)| number(health.phase))
            .collect()
    }
}
