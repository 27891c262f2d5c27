//! The dispatch that a run planned.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use jiff::ToSpan;
use saltern_run::plan::{DISPATCH, TRACING};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::CONCERN;
use crate::access::Caller;
use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;
use crate::routes::closings::{blocking, day};
use crate::routes::energy::view::{DispatchView, Sources};
use crate::routes::extract::{Asked, At};

/// Days that are shown where nobody says how many.
const DAYS: u32 = 7;
/// Most days that are shown at once.
const DAYS_MOST: u32 = 31;

/// Which days.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// First day; that of the run if left out or before it.
    from: Option<String>,
    /// Days, 1 to 31; 7 if left out.
    days: Option<u32>,
}

/// A planned dispatch, some days of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunDispatchView {
    #[serde(flatten)]
    dispatch: DispatchView,
    /// First day of the run.
    period_from: String,
    /// Its last day.
    period_to: String,
}

/// The dispatch that a run planned: figures of the whole run, units step by step over some days.
#[utoipa::path(get, path = "/api/runs/{name}/dispatch", tag = "runs",
    params(("name" = String, Path, description = "Name of a run"), Which),
    responses((status = 200, body = RunDispatchView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn dispatch(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
    Asked(which): Asked<Which>,
) -> Result<Json<RunDispatchView>, Problem> {
    caller.check_park(CONCERN)?;
    let from = day("from", which.from.as_deref())?;
    let days = which.days.unwrap_or(DAYS);
    if !(1..=DAYS_MOST).contains(&days) {
        return Err(ServerError::WrongValue {
            name: "days",
            value: days.to_string(),
            accepted: ("1 to 31", "1 至 31"),
        }
        .into());
    }
    blocking(&house, move |house| {
        let run = house.runs.read(&house.runs.find(&name)?)?;
        let none = || ServerError::NoDispatch { run: name.clone() };
        let plan = run.plan.as_ref().filter(|plan| plan.what == "dispatch");
        let plan = plan.ok_or_else(none)?;
        let from = from.map_or(run.meta.from, |from| from.clamp(run.meta.from, run.meta.to));
        let behind = from.saturating_add(i64::from(days).days());
        // Texts of moments stand in the order of time.
        let (from, behind) = (from.to_string(), behind.to_string());
        let is_shown = |time: &str| time >= &*from && time < &*behind;
        let nothing = saltern_base::frame::Frame {
            name: DISPATCH.into(),
            columns: Vec::new(),
        };
        let sources = Sources {
            plan,
            dispatch: run.frame(DISPATCH).unwrap_or(&nothing),
            tracing: run.frame(TRACING),
        };
        Ok(Json(RunDispatchView {
            dispatch: DispatchView::of(&sources, is_shown),
            period_from: run.meta.from.to_string(),
            period_to: run.meta.to.to_string(),
        }))
    })
    .await
}
