//! Closings of shifts, days and months.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use jiff::ToSpan;
use jiff::civil::Date;
use saltern_account::periods::{Closing, Figure, Recorded};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Asked, At, Body};
use super::views::number;
use crate::access::Caller;
use crate::audit::note;
use crate::closings::{self, By, Period, Standing};
use crate::error::ServerError;
use crate::house::House;
use crate::operation::Live;
use crate::problem::Problem;

/// Days that are listed where nobody says from when on.
const LISTED_DAYS: i32 = 100;
/// Deviations on either side that hold the truth 95 times of 100.
const BAND: f64 = 1.96;
/// Figures that say how the period was covered, and are everybody's.
const COMMON: [&str; 3] = ["hours", "days", "uncovered"];

/// Which closings.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// `shift`, `day` or `month`; all if left out.
    kind: Option<String>,
    /// First day, `2027-06-01`; a hundred days before the last if left out.
    from: Option<String>,
    /// Last day; today if left out.
    to: Option<String>,
}

/// Closings, and what they are held against.
#[derive(Serialize, ToSchema)]
pub(super) struct ClosingsView {
    /// The plan, if one was given.
    plan: Option<PlanView>,
    /// Why the plan cannot be read.
    problems: Vec<Problem>,
    /// The earliest first.
    closings: Vec<HeadView>,
}

/// A plan.
#[derive(Serialize, ToSchema)]
struct PlanView {
    /// First day that it covers.
    from: String,
    /// Last day.
    to: String,
}

/// A closing in a list.
#[derive(Serialize, ToSchema)]
struct HeadView {
    /// `2027-06`, `2027-06-01` or `2027-06-01T0800`: the month, the day, the shift that begins then by local standard time.
    #[schema(example = "2027-06-01T0800")]
    id: String,
    /// `shift`, `day` or `month`.
    kind: &'static str,
    /// First day; of a shift that on which it begins.
    from: String,
    /// Last day.
    to: String,
    /// Since when it is locked; null for a draft.
    locked: Option<LockView>,
    /// Figures that the caller may see.
    figures: usize,
    /// How many of them were restated.
    restated: usize,
}

/// A lock.
#[derive(Serialize, ToSchema)]
struct LockView {
    /// Since which day.
    on: String,
    /// By whom.
    by: String,
}

/// A closing with its figures.
#[derive(Serialize, ToSchema)]
pub(super) struct ClosingView {
    #[serde(flatten)]
    head: HeadView,
    /// What it lacks: nothing to make it from any more, a plan that does not cover it.
    problems: Vec<Problem>,
    /// Figures by their ids.
    values: Vec<ClosedView>,
}

/// A figure.
#[derive(Serialize, ToSchema)]
struct ClosedView {
    /// What it is of, a dot, and what it is: `n0_n1.flow.volume`, `c1.leakage`, `c1.inflow[K]`.
    id: String,
    /// The value that counts; null where the period was locked without it.
    value: Option<f64>,
    /// Unit.
    unit: String,
    /// Lower end of the band that holds the truth 95 times of 100; null where no band is known.
    low: Option<f64>,
    /// Its upper end.
    high: Option<f64>,
    /// What the plan has.
    planned: Option<f64>,
    /// The value less what was planned.
    difference: Option<f64>,
    /// What a locked figure would be now, where that is another value.
    now: Option<f64>,
    /// What it was before, oldest first.
    restatements: Vec<RestatementView>,
}

/// A change of a figure of a locked period.
#[derive(Serialize, ToSchema)]
struct RestatementView {
    /// What it was; null where it was not there before.
    old: Option<f64>,
    /// What it is from then on.
    new: Option<f64>,
    /// The day of the change.
    on: String,
    /// Who changed it.
    by: String,
    /// Why.
    why: String,
}

/// Why a locked closing changes.
#[derive(Deserialize, ToSchema)]
pub(super) struct Reason {
    /// Not blank.
    why: String,
}

impl HeadView {
    fn of(period: Period, closing: &Closing, live: &Live, caller: &Caller) -> HeadView {
        let seen = || {
            closing
                .figures
                .iter()
                .filter(|f| is_seen(live, caller, &f.id))
        };
        let days = period.days();
        HeadView {
            id: period.id(),
            kind: period.kind(),
            from: days.from.to_string(),
            to: days.to.to_string(),
            locked: closing.lock_of(days).map(|lock| LockView {
                on: lock.on.to_string(),
                by: lock.by.clone(),
            }),
            figures: seen().count(),
            restated: seen().filter(|f| !f.restatements.is_empty()).count(),
        }
    }
}

impl ClosingView {
    fn of(standing: &Standing, live: &Live, caller: &Caller) -> ClosingView {
        let closing = &standing.closing;
        let seen = closing
            .figures
            .iter()
            .filter(|f| is_seen(live, caller, &f.id));
        let days = standing.period.days();
        let appeared = standing
            .changed
            .iter()
            .filter(|f| closing.figure(&f.id, days).is_none() && is_seen(live, caller, &f.id));
        ClosingView {
            head: HeadView::of(standing.period, closing, live, caller),
            problems: standing.problems.clone(),
            values: seen
                .map(|figure| ClosedView::of(figure, standing))
                .chain(appeared.map(ClosedView::appeared))
                .collect(),
        }
    }

    /// One line a figure.
    fn csv(&self) -> String {
        let mut text = "id,value,unit,low_95,high_95,planned,difference,now,restated\n".to_string();
        let cell = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        for figure in &self.values {
            let numbers = [
                figure.low,
                figure.high,
                figure.planned,
                figure.difference,
                figure.now,
            ];
            let numbers = numbers.map(cell).join(",");
            let (value, restated) = (cell(figure.value), figure.restatements.len());
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "{},{value},{},{numbers},{restated}",
                figure.id, figure.unit
            );
        }
        text
    }
}

impl ClosedView {
    /// One that a locked closing has not: there is nothing but what it would be.
    fn appeared(figure: &Figure) -> ClosedView {
        ClosedView {
            id: figure.id.clone(),
            value: None,
            unit: figure.unit.clone(),
            low: None,
            high: None,
            planned: figure.planned,
            difference: None,
            now: number(figure.value),
            restatements: Vec::new(),
        }
    }

    fn of(figure: &Recorded, standing: &Standing) -> ClosedView {
        let value = figure.current();
        let half = figure.current_deviation().map(|sigma| BAND * sigma);
        let now = standing.changed.iter().find(|now| now.id == figure.id);
        ClosedView {
            id: figure.id.clone(),
            value: number(value),
            unit: figure.unit.clone(),
            low: half.and_then(|half| number(value - half)),
            high: half.and_then(|half| number(value + half)),
            planned: figure.planned,
            difference: figure.planned.and_then(|planned| number(value - planned)),
            now: now.and_then(|now| number(now.value)),
            restatements: figure
                .restatements
                .iter()
                .map(|r| RestatementView {
                    old: r.old.and_then(number),
                    new: number(r.new),
                    on: r.on.to_string(),
                    by: r.by.clone(),
                    why: r.reason.clone(),
                })
                .collect(),
        }
    }
}

/// Whether a caller may see a figure: by the tag, the pond or the plant that it is of. What is of nothing that the base has is for
/// people of the park alone.
fn is_seen(live: &Live, caller: &Caller, id: &str) -> bool {
    let Some(own) = caller.tenant.as_deref() else {
        return true;
    };
    let (plain, member) = match id.split_once('[') {
        Some((plain, member)) => (plain, Some(member.trim_end_matches(']'))),
        None => (id, None),
    };
    if plain == "alarms" {
        return member.is_none_or(|tenant| tenant == own);
    }
    let Some((of, _)) = plain.rsplit_once('.') else {
        return COMMON.contains(&plain);
    };
    if let Some(row) = live.row(of) {
        return caller.sees(live, row);
    }
    let tags = &live.lake.tags;
    let asset = |name: &str| {
        let mut assets = tags.assets.iter();
        assets.position(|asset| asset.node.as_deref().unwrap_or(&asset.who.id) == name)
    };
    // Of a plant's stream the plant stands before the first dot.
    let asset = asset(of).or_else(|| asset(of.split('.').next().unwrap_or_default()));
    asset.is_some_and(|asset| tags.tenant(asset).is_none_or(|tenant| tenant == own))
}

/// Closings of shifts, days and months.
#[utoipa::path(get, path = "/api/closings", tag = "closings", params(Which), responses(
    (status = 200, body = ClosingsView), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Asked(which): Asked<Which>,
) -> Result<Json<ClosingsView>, Problem> {
    let kind = which.kind.as_deref();
    if let Some(kind) = kind.filter(|kind| !["shift", "day", "month"].contains(kind)) {
        return Err(ServerError::WrongValue {
            name: "kind",
            value: kind.into(),
            accepted: ("shift, day, month", "shift, day, month"),
        }
        .into());
    }
    let to = day("to", which.to.as_deref())?;
    let to = to.unwrap_or_else(|| house_day(&house));
    let from = day("from", which.from.as_deref())?;
    let from = from.unwrap_or_else(|| to.saturating_sub(LISTED_DAYS.days()));
    let wanted = which.kind;
    let is_asked = move |period: &Period| {
        let days = period.days();
        let of_kind = wanted.as_deref().is_none_or(|kind| kind == period.kind());
        of_kind && from <= days.to && days.from <= to
    };
    blocking(&house, move |house| {
        let live = house.live();
        let mut closings = Vec::new();
        for period in house.closings.periods().into_iter().filter(is_asked) {
            let closing = house.closings.kept(period)?;
            closings.push(HeadView::of(period, &closing, &live, &caller));
        }
        let (plan, problem) = house.closings.plan();
        Ok(Json(ClosingsView {
            plan: plan.map(|plan| PlanView {
                from: plan.days.from.to_string(),
                to: plan.days.to.to_string(),
            }),
            problems: problem.cloned().into_iter().collect(),
            closings,
        }))
    })
    .await
}

/// A closing with all its figures, as JSON or, where that is accepted alone, as CSV. A draft is brought up to what has come since.
#[utoipa::path(get, path = "/api/closings/{id}", tag = "closings",
    params(("id" = String, Path, description = "Id of a closing")),
    responses((status = 200, content((ClosingView = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn one(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = blocking(&house, move |house| {
        let standing = closings::look(house, closings::named(house, &id)?)?;
        Ok(ClosingView::of(&standing, &house.live(), &caller))
    })
    .await?;
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    if accepts.is_some_and(|accepts| accepts.trim_start().starts_with("text/csv")) {
        let kind = [(header::CONTENT_TYPE, "text/csv; charset=utf-8")];
        return Ok((kind, view.csv()).into_response());
    }
    Ok(Json(view).into_response())
}

/// Lock a closing as it stands: from then on its figures change by restatement only.
#[utoipa::path(post, path = "/api/closings/{id}/lock", tag = "closings",
    params(("id" = String, Path, description = "Id of a closing")),
    responses((status = 200, body = ClosingView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn lock(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
) -> Result<Json<ClosingView>, Problem> {
    caller.check_park("closings")?;
    let period = closings::named(&house, &id)?;
    blocking(&house, move |house| {
        // Locking a copy first says whether it may be locked before that is written down.
        let mut closing = house.closings.kept(period)?;
        Ok(closing.lock(period.days(), closings::today(house), "")?)
    })
    .await?;
    note(
        &house,
        &caller,
        "configuration",
        "closing.locked",
        &id,
        "{}",
    )
    .await?;
    blocking(&house, move |house| {
        let standing = closings::lock(house, period, &by(house, &caller))?;
        Ok(Json(ClosingView::of(&standing, &house.live(), &caller)))
    })
    .await
}

/// Restate a locked closing: figures that are others now become what they are, and keep what they were, who changed them and why.
#[utoipa::path(post, path = "/api/closings/{id}/restatement", tag = "closings", request_body = Reason,
    params(("id" = String, Path, description = "Id of a closing")),
    responses((status = 200, body = ClosingView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn restate(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Body(reason): Body<Reason>,
) -> Result<Json<ClosingView>, Problem> {
    caller.check_park("closings")?;
    let period = closings::named(&house, &id)?;
    let why = reason.why;
    let changed = {
        let why = why.clone();
        blocking(&house, move |house| {
            let standing = closings::look(house, period)?;
            closings::check_restatement(&standing, &why)?;
            Ok(standing.changed.len())
        })
        .await?
    };
    let detail = serde_json::json!({ "figures": changed, "why": why.trim() }).to_string();
    note(
        &house,
        &caller,
        "configuration",
        "closing.restated",
        &id,
        &detail,
    )
    .await?;
    blocking(&house, move |house| {
        let standing = closings::restate(house, period, &by(house, &caller), &why)?;
        Ok(Json(ClosingView::of(&standing, &house.live(), &caller)))
    })
    .await
}

fn by(house: &House, caller: &Caller) -> By {
    By {
        name: caller.name.clone(),
        on: closings::today(house),
    }
}

/// Today by the plant's clock.
fn house_day(house: &House) -> Date {
    let live = house.live();
    let base = live.lake.base.as_ref();
    base.map_or_else(
        || closings::today(house),
        |base| base.site.local_day(house.now_us()).0,
    )
}

pub(super) fn day(name: &'static str, text: Option<&str>) -> Result<Option<Date>, ServerError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let day = saltern_units::date::parse(text).ok_or_else(|| ServerError::WrongValue {
        name,
        value: text.into(),
        accepted: ("a day such as 2027-06-01", "形如 2027-06-01 的日期"),
    })?;
    Ok(Some(day))
}

/// Works on a thread that may wait for the disk.
pub(super) async fn blocking<T: Send + 'static>(
    house: &Arc<House>,
    work: impl FnOnce(&House) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let house = Arc::clone(house);
    let done = tokio::task::spawn_blocking(move || work(&house)).await;
    done.unwrap_or_else(|_| Err(ServerError::Failed.into()))
}
