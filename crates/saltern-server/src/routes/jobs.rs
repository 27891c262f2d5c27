//! Jobs: simulations and plans that are asked for.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::closings::{blocking, day};
use super::extract::{At, Body};
use super::runs::CONCERN;
use super::views::ms;
use crate::access::Caller;
use crate::audit::note;
use crate::error::ServerError;
use crate::house::House;
use crate::jobs::{Job, JobKind, Phase, Trouble};
use crate::problem::Problem;

/// Days that are simulated from an estimated state where nobody says until when.
const AHEAD_DAYS: i32 = 364;
/// Most days of a run.
const DAYS_MOST: i32 = 3660;

/// What is to be done.
#[derive(Deserialize, ToSchema)]
pub(super) struct JobWish {
    /// What.
    kind: JobKind,
    /// Name of the run.
    #[schema(example = "wet-spring")]
    name: String,
    /// First day, of a simulation; the base's own if left out, or the day after the estimated state.
    from: Option<String>,
    /// Last day; the base's own if left out, or a year after the estimated state.
    to: Option<String>,
    /// What a simulation begins with: `opening` (the base's own) or `now` (the last night's estimate).
    state: Option<String>,
    /// Name of a run that is a plan of production, which a simulation follows.
    schedule: Option<String>,
}

/// A job.
#[derive(Serialize, ToSchema)]
pub(super) struct JobView {
    /// Number.
    id: u64,
    /// What.
    kind: JobKind,
    /// Name of the run.
    name: String,
    /// First day, if one was asked for.
    from: Option<String>,
    /// Last day, if one was asked for.
    to: Option<String>,
    /// Evening of the estimated state that it begins with.
    state: Option<String>,
    /// Run whose plan it follows.
    schedule: Option<String>,
    /// Who asked.
    by: String,
    /// When, milliseconds since 1970.
    asked_ms: f64,
    /// When it began.
    begun_ms: Option<f64>,
    /// When it ended.
    ended_ms: Option<f64>,
    /// Where it stands.
    phase: Phase,
    /// Share that is done; null where it does not tell.
    share: Option<f64>,
    /// What is wrong, of one that failed.
    problems: Vec<Trouble>,
}

impl JobView {
    fn of(job: &Job) -> JobView {
        let text = |day: Option<Date>| day.map(|day| day.to_string());
        let share = |(done, of): (u64, u64)| (of > 0).then(|| (done as f64 / of as f64).min(1.0));
        JobView {
            id: job.id,
            kind: job.kind,
            name: job.name.clone(),
            from: text(job.from),
            to: text(job.to),
            state: text(job.state),
            schedule: job.schedule.clone(),
            by: job.by.clone(),
            asked_ms: ms(job.asked_us),
            begun_ms: job.begun_us.map(ms),
            ended_ms: job.ended_us.map(ms),
            phase: job.phase,
            share: job.progress.and_then(share),
            problems: job.problems.clone(),
        }
    }
}

/// Jobs, the latest first.
#[utoipa::path(get, path = "/api/jobs", tag = "jobs", responses(
    (status = 200, body = [JobView]), (status = "4XX", body = Problem)
))]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Vec<JobView>>, Problem> {
    caller.check_park(CONCERN)?;
    Ok(Json(house.jobs.list().iter().map(JobView::of).collect()))
}

/// Begin a job, or let it wait for its turn.
#[utoipa::path(post, path = "/api/jobs", tag = "jobs", request_body = JobWish, responses(
    (status = 200, body = JobView), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn begin(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Body(wish): Body<JobWish>,
) -> Result<Json<JobView>, Problem> {
    caller.check_park(CONCERN)?;
    if !house.has_jobs {
        return Err(ServerError::NoJobs.into());
    }
    let job = job(&house, &caller, wish)?;
    let detail = serde_json::json!({
        "kind": job.kind, "from": job.from.map(|d| d.to_string()), "to": job.to.map(|d| d.to_string()),
        "state": job.state.map(|d| d.to_string()), "schedule": job.schedule,
    });
    note(
        &house,
        &caller,
        "runs",
        "job.asked",
        &job.name,
        &detail.to_string(),
    )
    .await?;
    let job = house.jobs.add(job)?;
    save(&house).await?;
    Ok(Json(JobView::of(&job)))
}

/// Call a job off; what it has made goes.
#[utoipa::path(delete, path = "/api/jobs/{id}", tag = "jobs",
    params(("id" = u64, Path, description = "Number of a job")),
    responses((status = 200, body = JobView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn cancel(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(id): At<u64>,
) -> Result<Json<JobView>, Problem> {
    caller.check_park(CONCERN)?;
    let name = house.jobs.open(id)?.name;
    note(&house, &caller, "runs", "job.cancelled", &name, "{}").await?;
    let job = house.jobs.cancel(id, house.wall_us())?;
    save(&house).await?;
    Ok(Json(JobView::of(&job)))
}

async fn save(house: &Arc<House>) -> Result<(), Problem> {
    blocking(house, |house| {
        house.jobs.save(&house.records, house.wall_us())
    })
    .await
}

/// A job as it is asked for, if it can be done.
fn job(house: &House, caller: &Caller, wish: JobWish) -> Result<Job, ServerError> {
    house.runs.place(&wish.name)?;
    let is_simulation = wish.kind == JobKind::Simulate;
    let state = match wish.state.as_deref() {
        None | Some("opening") => None,
        Some("now") if is_simulation => Some(house.runs.last_state().ok_or(ServerError::NoState)?),
        Some(other) => return Err(wrong("state", other, "opening; now, for a simulation")),
    };
    let given = day("from", wish.from.as_deref())?;
    if given.is_some() && !is_simulation {
        let value = wish.from.as_deref().unwrap_or_default();
        return Err(wrong(
            "from",
            value,
            "nothing: a plan begins with the base's own first day",
        ));
    }
    let from = given.or_else(|| state.and_then(|evening| evening.tomorrow().ok()));
    let to = day("to", wish.to.as_deref())?;
    let to = to.or_else(|| from.map(|from| from.saturating_add(AHEAD_DAYS.days())));
    if let Some((from, to)) = from.zip(to) {
        let days = (to - from).get_days();
        if !(0..DAYS_MOST).contains(&days) {
            return Err(wrong(
                "to",
                &to.to_string(),
                "a day not before `from`, within ten years",
            ));
        }
    }
    if let Some(plan) = &wish.schedule {
        let shelved = house.runs.find(plan)?;
        let has_it = saltern_run::folder::schedule_of(&shelved.path).is_file();
        let what = saltern_run::folder::read_what_was_planned(&shelved.path);
        let is_production = what.is_ok_and(|what| what.as_deref() == Some("production"));
        if !is_simulation || !has_it || !is_production || shelved.is_measured {
            return Err(ServerError::NoSchedule { run: plan.clone() });
        }
    }
    Ok(Job {
        id: 0,
        kind: wish.kind,
        name: wish.name,
        from,
        to,
        state,
        schedule: wish.schedule,
        by: caller.name.clone(),
        asked_us: house.wall_us(),
        begun_us: None,
        ended_us: None,
        phase: Phase::Waiting,
        problems: Vec::new(),
        progress: None,
    })
}

fn wrong(name: &'static str, value: &str, accepted: &'static str) -> ServerError {
    ServerError::WrongValue {
        name,
        value: value.into(),
        accepted,
    }
}
