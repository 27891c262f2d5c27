//! A plant that is played: its pace and its faults.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_demo::{Demo, FASTEST, Fault, FaultKind, Wish};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{At, Body};
use super::views::ms;
use crate::access::Caller;
use crate::audit::note;
use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;

/// How a played plant stands.
#[derive(Serialize, ToSchema)]
pub(super) struct DemoView {
    /// Its clock, milliseconds since 1970 UTC.
    now_ms: f64,
    /// How many times real time.
    speed: f64,
    /// The fastest it can be.
    fastest: f64,
    /// Faults that hold.
    faults: Vec<FaultView>,
    /// Faults that there are.
    kinds: Vec<KindView>,
    /// What is wrong with the play itself.
    trouble: Option<Problem>,
}

/// A kind of fault.
#[derive(Serialize, ToSchema)]
pub(super) struct KindView {
    /// Its word.
    kind: &'static str,
    /// What it befalls: `pond`, `tag`, `link`, `connection`; empty for everything.
    befalls: &'static str,
    /// Unit of its size; null where it has none. The unit of a drift is its tag's, per day.
    unit: Option<&'static str>,
}

/// A fault.
#[derive(Serialize, ToSchema)]
pub(super) struct FaultView {
    /// Number.
    number: u32,
    /// Its kind.
    kind: &'static str,
    /// Id of what it befalls.
    target: String,
    /// How much, in the unit of its kind.
    size: f64,
    /// When it began, milliseconds since 1970 UTC by the plant's clock.
    from_ms: f64,
    /// When it ends, if that is known.
    until_ms: Option<f64>,
}

impl FaultView {
    fn of(fault: Fault) -> FaultView {
        FaultView {
            number: fault.number,
            kind: fault.kind.name(),
            target: fault.target,
            size: fault.size,
            from_ms: ms(fault.from_us),
            until_ms: fault.until_us.map(ms),
        }
    }
}

/// A fault that is asked for.
#[derive(Deserialize, ToSchema)]
pub(super) struct WishedFault {
    /// Its kind.
    #[schema(example = "leak")]
    kind: String,
    /// Id of what it befalls; left out for a storm.
    #[serde(default)]
    target: String,
    /// How much, in the unit of its kind.
    size: Option<f64>,
}

/// A pace.
#[derive(Deserialize, ToSchema)]
pub(super) struct Pace {
    /// How many times real time.
    speed: f64,
}

fn played(house: &House) -> Result<&Demo, ServerError> {
    house.demo.as_ref().ok_or(ServerError::NoDemo)
}

/// How a played plant stands: its clock, its pace, its faults.
#[utoipa::path(get, path = "/api/demo", tag = "demo", responses(
    (status = 200, body = DemoView), (status = "4XX", body = Problem)
))]
pub(super) async fn status(State(house): State<Arc<House>>) -> Result<Json<DemoView>, Problem> {
    let demo = played(&house)?.clone();
    // The plant may be marching a day.
    let status = tokio::task::spawn_blocking(move || demo.status()).await;
    let status = status.map_err(|_| ServerError::Failed)?;
    Ok(Json(DemoView {
        now_ms: ms(status.now_us),
        speed: status.speed,
        fastest: FASTEST,
        faults: status.faults.into_iter().map(FaultView::of).collect(),
        kinds: FaultKind::ALL.into_iter().map(KindView::of).collect(),
        trouble: status.trouble.map(Problem::from),
    }))
}

impl KindView {
    fn of(kind: FaultKind) -> KindView {
        KindView {
            kind: kind.name(),
            befalls: kind.befalls(),
            unit: kind.unit(),
        }
    }
}

/// Begin a fault in a played plant.
#[utoipa::path(post, path = "/api/demo/faults", tag = "demo", request_body = WishedFault, responses(
    (status = 200, body = FaultView), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn begin(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Body(wished): Body<WishedFault>,
) -> Result<Json<FaultView>, Problem> {
    let demo = played(&house)?.clone();
    caller.check_park("demo")?;
    let mut kinds = FaultKind::ALL.into_iter();
    let kind = kinds.find(|kind| kind.name() == wished.kind);
    let kind = kind.ok_or_else(|| ServerError::WrongValue {
        name: "kind",
        value: wished.kind.clone(),
        accepted: (
            "leak, stuck, drift, trip, storm, down",
            "leak, stuck, drift, trip, storm, down",
        ),
    })?;
    let wish = Wish {
        kind,
        target: wished.target,
        size: wished.size,
    };
    let detail = serde_json::json!({ "kind": kind.name(), "size": wish.size }).to_string();
    note(
        &house,
        &caller,
        "demo",
        "fault.begun",
        &wish.target,
        &detail,
    )
    .await?;
    let begun = tokio::task::spawn_blocking(move || demo.begin(&wish)).await;
    Ok(Json(FaultView::of(
        begun.map_err(|_| ServerError::Failed)??,
    )))
}

/// End a fault in a played plant.
#[utoipa::path(delete, path = "/api/demo/faults/{number}", tag = "demo",
    params(("number" = u32, Path, description = "Number of a fault")),
    responses((status = 200, body = FaultView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn end(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(number): At<u32>,
) -> Result<Json<FaultView>, Problem> {
    let demo = played(&house)?.clone();
    caller.check_park("demo")?;
    note(
        &house,
        &caller,
        "demo",
        "fault.ended",
        &number.to_string(),
        "{}",
    )
    .await?;
    let ended = tokio::task::spawn_blocking(move || demo.end(number)).await;
    Ok(Json(FaultView::of(
        ended.map_err(|_| ServerError::Failed)??,
    )))
}

/// Play at another pace.
#[utoipa::path(put, path = "/api/demo/speed", tag = "demo", request_body = Pace, responses(
    (status = 200, body = DemoView), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn set_speed(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Body(pace): Body<Pace>,
) -> Result<Json<DemoView>, Problem> {
    let demo = played(&house)?;
    caller.check_park("demo")?;
    let detail = serde_json::json!({ "speed": pace.speed }).to_string();
    note(&house, &caller, "demo", "speed.set", "", &detail).await?;
    demo.set_speed(pace.speed)?;
    status(State(house)).await
}
