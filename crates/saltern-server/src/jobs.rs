//! Jobs: simulations and plans that people ask for. Each is a program of its own, one at a time, so that the server answers while it
//! works and what goes wrong in it ends with it.
//!
//! What is asked for is kept in the records. A server that stops ends what it has begun; the next start tells it as interrupted.

pub(crate) mod shifts;
mod told;
mod work;
mod written;

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use saltern_records::Records;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServerError;
use crate::problem::{Problem, Sentence};

pub(crate) use shifts::ShiftView;
pub use told::{TELL, TOLD, Told};
pub(crate) use work::work;

/// Makes the command of a job: what it is started with must tell on its standard error as [`Told`] says, and end where its standard
/// input does, so that it does not outlive the server.
pub type MakeCommand = Box<dyn Fn(&JobOrder) -> Command + Send + Sync>;

/// What is to be done.
#[derive(Clone, Debug)]
pub struct JobOrder {
    /// What.
    pub kind: JobKind,
    /// First day; the base's own if `None`.
    pub from: Option<Date>,
    /// Last day; the base's own if `None`.
    pub to: Option<Date>,
    /// State of the ponds to begin with; the opening of the base if `None`.
    pub state: Option<PathBuf>,
    /// What people have set, as `simulate` reads it.
    pub schedule: Option<PathBuf>,
    /// Weathers to march through, its own among them; its own alone if `None`.
    pub weathers: Option<u16>,
    /// Seed of made-up weather; the base's own if `None`.
    pub seed: Option<u64>,
    /// Run folder to write.
    pub out: PathBuf,
}

/// A kind of job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobKind {
    /// Simulate ponds and plants.
    Simulate,
    /// Plan the dispatch of energy and computing.
    Dispatch,
    /// Plan the production of ponds and plants.
    Production,
    /// Forecast sun, wind and load, and score the forecasts.
    Forecast,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Phase {
    /// Its turn has not come.
    Waiting,
    /// At work.
    Running,
    /// The run is there.
    Done,
    /// It ended with problems.
    Failed,
    /// Somebody called it off.
    Cancelled,
    /// The server stopped before it ended.
    Interrupted,
}

/// What is wrong with a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Trouble {
    /// Stable code.
    pub(crate) code: String,
    /// The sentence.
    pub(crate) message: Sentence,
}

/// A job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: u64,
    pub(crate) kind: JobKind,
    /// Name of the run.
    pub(crate) name: String,
    #[serde(with = "written")]
    pub(crate) from: Option<Date>,
    #[serde(with = "written")]
    pub(crate) to: Option<Date>,
    /// Evening of the estimated state that it begins with.
    #[serde(with = "written")]
    pub(crate) state: Option<Date>,
    /// Run whose plan it follows.
    pub(crate) schedule: Option<String>,
    /// Harvests of that plan that it does on other days.
    #[serde(default)]
    pub(crate) shifts: Vec<ShiftView>,
    /// Weathers that it marches through.
    #[serde(default)]
    pub(crate) weathers: Option<u16>,
    /// Seed of made-up weather.
    #[serde(default)]
    pub(crate) seed: Option<u64>,
    pub(crate) by: String,
    /// Microseconds since 1970.
    pub(crate) asked_us: i64,
    pub(crate) begun_us: Option<i64>,
    pub(crate) ended_us: Option<i64>,
    pub(crate) phase: Phase,
    pub(crate) problems: Vec<Trouble>,
    /// Parts that are done, and all of them, where it has told.
    #[serde(skip)]
    pub(crate) progress: Option<(u64, u64)>,
}

/// Under which name jobs are kept in the records.
const KEPT: &str = "jobs";
/// Most that wait.
const WAITING_MOST: usize = 8;
/// Most that are remembered.
const REMEMBERED: usize = 50;

/// All jobs.
pub(crate) struct Jobs {
    board: Mutex<Board>,
}

/// Jobs, and the one at work.
#[derive(Default)]
struct Board {
    /// The latest last.
    jobs: Vec<Job>,
    child: Option<Child>,
    is_over: bool,
}

impl Phase {
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Phase::Waiting | Phase::Running)
    }
}

impl Jobs {
    /// Those of before; what had not ended was interrupted, and what it left half-made in the folder of runs goes.
    pub(crate) fn load(records: &Records, runs: &Path) -> Result<Jobs, Problem> {
        let kept = records.kept(KEPT)?;
        let jobs: Option<Vec<Job>> = kept.and_then(|(body, _)| serde_json::from_slice(&body).ok());
        let mut jobs = jobs.unwrap_or_default();
        for job in jobs.iter_mut().filter(|job| job.phase.is_open()) {
            job.phase = Phase::Interrupted;
            work::tidy(runs, &job.name);
            shifts::hand_over(runs, &job.name);
        }
        let board = Board {
            jobs,
            ..Board::default()
        };
        Ok(Jobs {
            board: Mutex::new(board),
        })
    }

    /// All that are remembered, the latest first.
    pub(crate) fn list(&self) -> Vec<Job> {
        self.board().jobs.iter().rev().cloned().collect()
    }

    /// Takes a job on and gives it its number; `ready` makes what it needs before its turn can come.
    pub(crate) fn add(
        &self,
        mut job: Job,
        ready: impl FnOnce(&Job) -> Result<(), ServerError>,
    ) -> Result<Job, ServerError> {
        let mut board = self.board();
        let is_open = |known: &&Job| known.phase.is_open();
        if board
            .jobs
            .iter()
            .filter(is_open)
            .any(|known| known.name == job.name)
        {
            return Err(ServerError::RunExists { run: job.name });
        }
        let waiting = board.jobs.iter().filter(|job| job.phase == Phase::Waiting);
        if waiting.count() >= WAITING_MOST {
            return Err(ServerError::JobsFull { most: WAITING_MOST });
        }
        ready(&job)?;
        job.id = board.jobs.last().map_or(1, |last| last.id + 1);
        board.jobs.push(job.clone());
        while board.jobs.len() > REMEMBERED {
            let Some(oldest) = board.jobs.iter().position(|job| !job.phase.is_open()) else {
                break;
            };
            board.jobs.remove(oldest);
        }
        Ok(job)
    }

    /// The job of a number, if it can still be called off.
    pub(crate) fn open(&self, id: u64) -> Result<Job, ServerError> {
        let board = self.board();
        let job = board.jobs.iter().find(|job| job.id == id);
        let job = job.ok_or(ServerError::UnknownJob { job: id })?;
        match job.phase.is_open() {
            true => Ok(job.clone()),
            false => Err(ServerError::JobOver { job: id }),
        }
    }

    /// Calls a job off.
    pub(crate) fn cancel(&self, id: u64, runs: &Path, now_us: i64) -> Result<Job, ServerError> {
        self.open(id)?;
        let mut board = self.board();
        let job = board.jobs.iter_mut().find(|job| job.id == id);
        let job = job.ok_or(ServerError::UnknownJob { job: id })?;
        let was_running = job.phase == Phase::Running;
        (job.phase, job.ended_us) = (Phase::Cancelled, Some(now_us));
        let job = job.clone();
        match was_running {
            true => board.kill(),
            false => shifts::hand_over(runs, &job.name),
        }
        Ok(job)
    }

    /// Ends what is at work, for good.
    pub(crate) fn stop(&self) {
        let mut board = self.board();
        board.is_over = true;
        board.kill();
    }

    /// Keeps all jobs, so that the next start knows them.
    pub(crate) fn save(&self, records: &Records, now_us: i64) -> Result<(), Problem> {
        let body = serde_json::to_vec(&self.board().jobs).unwrap_or_default();
        Ok(records.keep(KEPT, &body, now_us)?)
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Board {
    fn kill(&mut self) {
        if let Some(child) = &mut self.child {
            // One that has just ended needs no killing.
            let _ = child.kill();
        }
    }

    fn job(&mut self, id: u64) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.id == id)
    }
}
