//! Values: the latest, a trend in few buckets, a series as it is.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use saltern_samples::TagId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Asked, At};
use super::views::{Span, Value, ms, number};
use crate::access::Caller;
use crate::error::ServerError;
use crate::house::House;
use crate::operation::Live;
use crate::problem::Problem;

/// Most buckets of a trend.
const MOST_BUCKETS: usize = 4000;
/// Most samples of a series.
const MOST_SAMPLES: usize = 1_000_000;

/// The latest value of every tag that may be seen and has one.
#[utoipa::path(get, path = "/api/values", tag = "values", responses(
    (status = 200, body = Vec<Value>), (status = "4XX", body = Problem)
))]
pub(super) async fn latest(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
) -> Json<Vec<Value>> {
    Json(known(&house.live(), &caller))
}

/// The latest values that a caller may see.
pub(super) fn known(live: &Live, caller: &Caller) -> Vec<Value> {
    let latest = live.latest();
    let known = (0u32..).zip(latest.iter());
    let known = known.filter(|(row, _)| caller.sees(live, *row));
    known
        .filter_map(|(row, sample)| sample.map(|sample| Value::of(row, &sample)))
        .collect()
}

/// How fine a trend is.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Fineness {
    /// Most buckets, 1000 if left out: about one a pixel of the picture.
    #[param(minimum = 1, maximum = 4000)]
    buckets: Option<usize>,
}

/// A trend: in each bucket the least, greatest and mean value, so that no spike is lost.
#[derive(Serialize, ToSchema)]
pub(super) struct Trend {
    /// Unit of the values.
    unit: &'static str,
    /// Where each bucket begins, milliseconds since 1970 UTC.
    start_ms: Vec<f64>,
    /// Least value; null where there is none.
    min: Vec<Option<f64>>,
    /// Greatest value.
    max: Vec<Option<f64>>,
    /// Mean.
    mean: Vec<Option<f64>>,
    /// Last value in time.
    last: Vec<Option<f64>>,
    /// Usable values.
    count: Vec<u64>,
    /// Samples that can't be used, marks of gaps among them.
    bad: Vec<u64>,
}

/// A span of a tag in few buckets.
#[utoipa::path(get, path = "/api/tags/{id}/trend", tag = "values",
    params(("id" = String, Path, description = "Id of a tag"), Span, Fineness),
    responses((status = 200, body = Trend), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn trend(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Asked(span): Asked<Span>,
    Asked(fineness): Asked<Fineness>,
) -> Result<Json<Trend>, Problem> {
    let live = house.live();
    let row = caller.row(&live, &id)?;
    let (from_us, to_us) = span.us(house.now_us())?;
    let most = fineness.buckets.unwrap_or(1000);
    if !(1..=MOST_BUCKETS).contains(&most) {
        return Err(ServerError::WrongValue {
            name: "buckets",
            value: most.to_string(),
            accepted: ("1 to 4000", "1 至 4000"),
        }
        .into());
    }
    let tag = stored(&live, row)?;
    let buckets = read(&house, move |house| {
        house.history.buckets(tag, from_us, to_us, most)
    })
    .await?;
    Ok(Json(Trend {
        unit: live.tag(row).unit.symbol,
        start_ms: buckets.iter().map(|b| ms(b.start_us)).collect(),
        min: buckets.iter().map(|b| number(b.min)).collect(),
        max: buckets.iter().map(|b| number(b.max)).collect(),
        mean: buckets.iter().map(|b| number(b.mean())).collect(),
        last: buckets.iter().map(|b| number(b.last)).collect(),
        count: buckets.iter().map(|b| b.count).collect(),
        bad: buckets.iter().map(|b| b.bad).collect(),
    }))
}

/// A span of a tag as it is, as CSV: time in UTC, value, quality.
#[utoipa::path(get, path = "/api/tags/{id}/series", tag = "values",
    params(("id" = String, Path, description = "Id of a tag"), Span),
    responses((status = 200, content_type = "text/csv", body = String), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn series(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Asked(span): Asked<Span>,
) -> Result<Response, Problem> {
    let live = house.live();
    let row = caller.row(&live, &id)?;
    let (from_us, to_us) = span.us(house.now_us())?;
    let tag = stored(&live, row)?;
    let series = read(&house, move |house| {
        house.history.series(tag, from_us, to_us)
    })
    .await?;
    if series.len() > MOST_SAMPLES {
        return Err(ServerError::WrongValue {
            name: "from",
            value: format!("{} samples", series.len()),
            accepted: (
                "a span with at most 1,000,000 samples",
                "样本不超过 1,000,000 个的时段",
            ),
        }
        .into());
    }
    let unit = live.tag(row).unit.symbol;
    let mut text = format!("time,{id} [{unit}],quality\n");
    for sample in series.iter() {
        let time = jiff::Timestamp::from_microsecond(sample.time_us).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = match number(sample.value) {
            Some(value) => writeln!(text, "{time},{value},{}", sample.quality.byte()),
            None => writeln!(text, "{time},,{}", sample.quality.byte()),
        };
    }
    let kind = [(header::CONTENT_TYPE, "text/csv; charset=utf-8")];
    Ok((kind, text).into_response())
}

fn stored(live: &Live, row: u32) -> Result<TagId, ServerError> {
    let stored = live.stored.get(row as usize).copied();
    stored.ok_or_else(|| ServerError::UnknownTag {
        tag: live.tag(row).who.id.clone(),
    })
}

/// Reads from the store on a thread that may wait for the disk.
async fn read<T: Send + 'static>(
    house: &Arc<House>,
    work: impl FnOnce(&House) -> Result<T, saltern_history::HistoryError> + Send + 'static,
) -> Result<T, Problem> {
    let house = Arc::clone(house);
    let read = tokio::task::spawn_blocking(move || work(&house)).await;
    match read {
        Ok(result) => result.map_err(Problem::from),
        Err(_) => Err(ServerError::Failed.into()),
    }
}
