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
use crate::jobs::{Job, JobKind, Phase, ShiftView, Trouble, shifts};
use crate::problem::Problem;

/// Days that are simulated from an estimated state where nobody says until when.
const AHEAD_DAYS: i32 = 364;
/// Most weathers of a simulation.
const WEATHERS_MOST: u16 = 100;
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
    /// Name of a run whose schedule a simulation follows: a plan of production, or a simulation of one that was changed.
    schedule: Option<String>,
    /// Harvests of that schedule to be done on other days.
    #[serde(default)]
    shifts: Vec<ShiftView>,
    /// Weathers that a simulation marches through, for bands of months of feed ahead and of products; its own among them.
    #[schema(minimum = 1, maximum = 100)]
    weathers: Option<u16>,
    /// Seed of made-up weather, of the first of many; the base's own if left out.
    seed: Option<u64>,
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
    /// Harvests of that plan that it does on other days.
    shifts: Vec<ShiftView>,
    /// Weathers that it marches through.
    weathers: Option<u16>,
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
            shifts: job.shifts.clone(),
            weathers: job.weathers,
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
        "shifts": job.shifts, "weathers": job.weathers,
    });
    let changed = changed(&house, &job).await?;
    note(
        &house,
        &caller,
        "runs",
        "job.asked",
        &job.name,
        &detail.to_string(),
    )
    .await?;
    let job = house.jobs.add(job, |job| match &changed {
        Some(text) => shifts::keep(house.runs.folder(), &job.name, text),
        None => Ok(()),
    })?;
    save(&house).await?;
    Ok(Json(JobView::of(&job)))
}

/// The schedule that a job follows with its harvests moved; nothing where none is.
async fn changed(house: &Arc<House>, job: &Job) -> Result<Option<Vec<u8>>, Problem> {
    let (Some(plan), false) = (job.schedule.clone(), job.shifts.is_empty()) else {
        return Ok(None);
    };
    let shifts = job.shifts.clone();
    blocking(house, move |house| {
        let shelved = house.runs.find(&plan)?;
        let live = house.live();
        let base = live.lake.base.as_ref();
        let base = base.ok_or(ServerError::NoSchedule { run: plan })?;
        shifts::moved(base, &shelved.path, &shifts).map(Some)
    })
    .await
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
    let job = house
        .jobs
        .cancel(id, house.runs.folder(), house.wall_us())?;
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
        Some(other) => {
            return Err(ServerError::wrong(
                "state",
                other,
                (
                    "opening; now, for a simulation",
                    "opening；模拟时也可为 now",
                ),
            ));
        }
    };
    let given = day("from", wish.from.as_deref())?;
    if given.is_some() && !is_simulation {
        let value = wish.from.as_deref().unwrap_or_default();
        return Err(ServerError::wrong(
            "from",
            value,
            (
                "nothing: a plan begins with the base's own first day",
                "不填：计划自基地首日开始",
            ),
        ));
    }
    let from = given.or_else(|| state.and_then(|evening| evening.tomorrow().ok()));
    let to = day("to", wish.to.as_deref())?;
    let to = to.or_else(|| from.map(|from| from.saturating_add(AHEAD_DAYS.days())));
    if let Some((from, to)) = from.zip(to) {
        let days = (to - from).get_days();
        if !(0..DAYS_MOST).contains(&days) {
            return Err(ServerError::wrong(
                "to",
                &to.to_string(),
                (
                    "a day not before `from`, within ten years",
                    "不早于 `from`、十年以内的日期",
                ),
            ));
        }
    }
    if let Some(plan) = &wish.schedule {
        let shelved = house.runs.find(plan)?;
        let has_it = saltern_run::folder::schedule_of(&shelved.path).is_file();
        let what = saltern_run::folder::read_what_was_planned(&shelved.path);
        // What a dispatch decides is another table.
        let is_of_ponds = what.is_ok_and(|what| what.is_none_or(|what| what == "production"));
        if !is_simulation || !has_it || !is_of_ponds || shelved.is_measured {
            return Err(ServerError::NoSchedule { run: plan.clone() });
        }
    }
    if !wish.shifts.is_empty() && wish.schedule.is_none() {
        return Err(ServerError::wrong(
            "shifts",
            &wish.shifts[0].id,
            (
                "nothing where no schedule is followed",
                "未按计划运行时不填",
            ),
        ));
    }
    for (name, given) in [
        ("weathers", wish.weathers.map(u64::from)),
        ("seed", wish.seed),
    ] {
        if let (Some(given), false) = (given, is_simulation) {
            return Err(ServerError::wrong(
                name,
                &given.to_string(),
                ("nothing: it is for simulations", "不填：仅用于模拟"),
            ));
        }
    }
    if let Some(given) = wish
        .weathers
        .filter(|count| !(1..=WEATHERS_MOST).contains(count))
    {
        return Err(ServerError::wrong(
            "weathers",
            &given.to_string(),
            ("1 to 100", "1 至 100"),
        ));
    }
    Ok(Job {
        id: 0,
        kind: wish.kind,
        name: wish.name,
        from,
        to,
        state,
        schedule: wish.schedule,
        shifts: wish.shifts,
        weathers: wish.weathers,
        seed: wish.seed,
        by: caller.name.clone(),
        asked_us: house.wall_us(),
        begun_us: None,
        ended_us: None,
        phase: Phase::Waiting,
        problems: Vec::new(),
        progress: None,
    })
}
