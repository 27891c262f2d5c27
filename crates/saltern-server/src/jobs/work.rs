//! Doing jobs, one after another, on a thread of their own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use super::{Job, JobOrder, Jobs, MakeCommand, Phase, Told, Trouble, shifts};
use crate::error::ServerError;
use crate::house::House;
use crate::nights::{ESTIMATES, STATE};
use crate::problem::Sentence;
use crate::runs::{About, RUNS};

/// How often it is looked for work.
const LOOK: Duration = Duration::from_millis(200);
/// Lines meant for people of which the last are told where a job ends without a word of its own.
const LAST_LINES: usize = 3;

/// Works until the house is closed.
pub(crate) fn work(house: &Arc<House>, make: MakeCommand, data: &Path) -> Option<JoinHandle<()>> {
    let (jobs, house, data) = (
        Arc::clone(&house.jobs),
        Arc::downgrade(house),
        data.to_path_buf(),
    );
    let run = move || {
        while !jobs.board().is_over && house.strong_count() > 0 {
            match next(&jobs, &house) {
                Some(job) => one(&jobs, &house, &make, &data, &job),
                None => std::thread::sleep(LOOK),
            }
        }
    };
    // Without this thread jobs wait, and everything else is there.
    let thread = std::thread::Builder::new().name("jobs".into());
    thread.spawn(run).ok()
}

/// The next job, which is at work from now on.
fn next(jobs: &Jobs, house: &Weak<House>) -> Option<Job> {
    let house = house.upgrade()?;
    let job = {
        let mut board = jobs.board();
        let mut waiting = board.jobs.iter_mut();
        let job = waiting.find(|job| job.phase == Phase::Waiting)?;
        (job.phase, job.begun_us) = (Phase::Running, Some(house.wall_us()));
        job.clone()
    };
    // What can't be kept now is kept when it ends.
    let _ = jobs.save(&house.records, house.wall_us());
    Some(job)
}

fn one(jobs: &Jobs, house: &Weak<House>, make: &MakeCommand, data: &Path, job: &Job) {
    tracing::info!(job = job.id, name = job.name, "a job begins");
    let order = order(data, job);
    let found = attempt(jobs, make, &order, job.id);
    let Some(house) = house.upgrade() else { return };
    let phase = {
        let mut board = jobs.board();
        let is_over = board.is_over;
        let Some(job) = board.job(job.id) else { return };
        if job.phase == Phase::Running {
            job.phase = match &found {
                Ok(()) => Phase::Done,
                Err(_) if is_over => Phase::Interrupted,
                Err(_) => Phase::Failed,
            };
            job.ended_us = Some(house.wall_us());
        }
        if job.phase == Phase::Failed {
            job.problems = found.err().unwrap_or_default();
        }
        job.phase
    };
    tracing::info!(job = job.id, ?phase, "a job ends");
    if phase == Phase::Cancelled {
        // Nothing was there before it began.
        let _ = std::fs::remove_dir_all(&order.out);
    }
    tidy(&data.join(RUNS), &job.name);
    if !job.shifts.is_empty() {
        shifts::hand_over(&data.join(RUNS), &job.name);
    }
    if order.out.is_dir() {
        let about = About {
            by: job.by.clone(),
            at_ms: house.wall_us() as f64 / 1e3,
            state: job.state.map(|evening| evening.to_string()),
            schedule: job.schedule.clone(),
            shifts: job.shifts.clone(),
        };
        about.write(&order.out);
    }
    // A job that is not kept is told as interrupted after the next start.
    let _ = jobs.save(&house.records, house.wall_us());
}

fn order(data: &Path, job: &Job) -> JobOrder {
    let runs = data.join(RUNS);
    let estimates = data.join(ESTIMATES);
    let state = job
        .state
        .map(|evening| estimates.join(evening.to_string()).join(STATE));
    let plan = job.schedule.as_ref().map(|plan| runs.join(plan));
    let schedule = match job.shifts.is_empty() {
        true => plan.map(|plan| saltern_run::folder::schedule_of(&plan)),
        false => Some(shifts::waiting(&runs, &job.name)),
    };
    JobOrder {
        kind: job.kind,
        from: job.from,
        to: job.to,
        state,
        schedule,
        weathers: job.weathers,
        seed: job.seed,
        out: runs.join(&job.name),
    }
}

/// Starts the program and listens to it until it ends.
fn attempt(jobs: &Jobs, make: &MakeCommand, order: &JobOrder, id: u64) -> Result<(), Vec<Trouble>> {
    let mut command = make(order);
    // Its standard input is closed when this process is gone, however that came about.
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    let said = child.stderr.take();
    {
        let mut board = jobs.board();
        board.child = Some(child);
        let is_running = board.job(id).is_some_and(|job| job.phase == Phase::Running);
        if board.is_over || !is_running {
            board.kill();
        }
    }
    let (mut problems, mut last) = (Vec::new(), Vec::new());
    for line in said
        .into_iter()
        .flat_map(|said| BufReader::new(said).lines())
        .map_while(Result::ok)
    {
        match Told::read(&line) {
            Some(Told::Progress { done, of }) => {
                if let Some(job) = jobs.board().job(id) {
                    job.progress = Some((done, of));
                }
            }
            Some(Told::Problem { code, message }) => problems.push(Trouble { code, message }),
            None => last.push(line),
        }
    }
    let child = jobs.board().child.take();
    let ended = child.map(|mut child| child.wait());
    match ended {
        Some(Ok(status)) if status.success() => Ok(()),
        Some(Ok(_)) if !problems.is_empty() => Err(problems),
        Some(Ok(status)) => Err(failed(ending(status, &last))),
        Some(Err(error)) => Err(failed(error.to_string())),
        None => Err(failed(String::new())),
    }
}

fn ending(status: ExitStatus, lines: &[String]) -> String {
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    format!("{status} {}", last.join(" ")).trim().to_string()
}

fn failed(reason: String) -> Vec<Trouble> {
    let error = ServerError::JobFailed { reason };
    vec![Trouble {
        code: error.code().into(),
        message: Sentence::of(|lang| error.text(lang)),
    }]
}

/// Removes what a program that was ended left half-made beside a run.
pub(super) fn tidy(runs: &Path, name: &str) {
    let begins = format!(".{name}.partial-");
    for entry in std::fs::read_dir(runs).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&begins) {
            // What stays is hidden, and goes with the next of that name.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
