//! Samples that are sent to us. Each is judged by itself: what can't be taken is said, and the rest is taken.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_history::{Accepted, Refusal};
use saltern_samples::{Quality, Reading, Sample, TagId};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use utoipa::ToSchema;

use super::extract::Body;
use super::views::{When, quality};
use crate::access::Caller;
use crate::error::ServerError;
use crate::house::House;
use crate::operation::{Live, Word};
use crate::problem::{Problem, Sentence};

/// Most samples of a request.
const MOST: usize = 200_000;

/// Samples.
#[derive(Deserialize, ToSchema)]
pub(super) struct Sent {
    /// In any order.
    #[schema(value_type = Vec<SentSample>, max_items = 200_000)]
    samples: Vec<serde_json::Value>,
}

/// A sample.
#[derive(Deserialize, ToSchema)]
pub(super) struct SentSample {
    /// Id of a tag.
    tag: String,
    /// Milliseconds since 1970 UTC, or RFC 3339; now if left out.
    time: Option<When>,
    /// In the tag's unit; null is no value, and then the quality must be bad.
    value: Option<f64>,
    /// OPC DA quality byte; good if left out.
    quality: Option<u8>,
}

/// What became of samples. When this is answered, what is stored is on disk.
#[derive(Serialize, ToSchema)]
pub(super) struct Taken {
    /// Samples that are stored.
    stored: usize,
    /// Samples that were turned away, the first thousand.
    refused: Vec<RefusedSample>,
    /// How many were turned away.
    refused_count: usize,
}

/// A sample that was turned away.
#[derive(Serialize, ToSchema)]
pub(super) struct RefusedSample {
    /// Its place among those sent, from 0.
    place: usize,
    /// Stable code, such as `sample.future`.
    code: &'static str,
    /// Why.
    message: Sentence,
}

/// Send samples; answered when they are durable.
#[utoipa::path(post, path = "/api/samples", tag = "values", request_body = Sent, responses(
    (status = 200, body = Taken), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn send(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Body(sent): Body<Sent>,
) -> Result<Json<Taken>, Problem> {
    if sent.samples.len() > MOST {
        return Err(ServerError::WrongValue {
            name: "samples",
            value: sent.samples.len().to_string(),
            accepted: ("at most 200,000 at once", "每次至多 200,000 个"),
        }
        .into());
    }
    let live = house.live();
    let now_us = house.now_us();
    let (mut readings, mut places) = (Vec::new(), Vec::new());
    let mut refused: Vec<(usize, Problem)> = Vec::new();
    let mut unknown = Vec::new();
    for (place, sample) in sent.samples.into_iter().enumerate() {
        match reading(sample, &caller, &live, now_us) {
            Ok(reading) => {
                readings.push(reading);
                places.push(place);
            }
            Err(error) => {
                if matches!(error, ServerError::UnknownTag { .. }) {
                    unknown.push((place, Refusal::UnknownTag));
                }
                refused.push((place, error.into()));
            }
        }
    }
    house.tally.refuse(&unknown);
    house.tally.unreadable(refused.len() - unknown.len());
    let accepted = stored(&house, live, readings).await?;
    let late = accepted.refused.iter();
    refused.extend(late.map(|(i, refusal)| (places[*i], Problem::refusal(*refusal))));
    refused.sort_by_key(|(place, _)| *place);
    let refused_count = refused.len();
    refused.truncate(1000);
    let refused = refused.into_iter().map(|(place, problem)| RefusedSample {
        place,
        code: problem.code,
        message: problem.message,
    });
    Ok(Json(Taken {
        stored: accepted.stored,
        refused: refused.collect(),
        refused_count,
    }))
}

/// Hands readings to the keeper; answered when they are durable.
pub(super) async fn stored(
    house: &House,
    of: Arc<Live>,
    readings: Vec<Reading>,
) -> Result<Accepted, Problem> {
    let (answer, answered) = oneshot::channel();
    let word = Word::Sent {
        of,
        readings,
        answer,
    };
    house.tell(word).await?;
    let accepted = answered.await.map_err(|_| ServerError::Stopping)?;
    Ok(accepted?)
}

fn reading(
    sample: serde_json::Value,
    caller: &Caller,
    live: &Live,
    now_us: i64,
) -> Result<Reading, ServerError> {
    let sent: SentSample =
        serde_json::from_value(sample).map_err(|error| ServerError::WrongSample {
            reason: error.to_string(),
        })?;
    let row = caller.row(live, &sent.tag)?;
    caller.check_handles(live, row)?;
    let time_us = match &sent.time {
        None => now_us,
        Some(when) => when.us().ok_or_else(|| ServerError::WrongSample {
            reason: format!("time: {when:?}"),
        })?,
    };
    let sample = match sent.value {
        Some(value) => Sample {
            time_us,
            value,
            quality: quality(sent.quality),
        },
        None => Sample::gap(
            time_us,
            sent.quality.map_or(Quality::BAD, Quality::from_byte),
        ),
    };
    let tag = TagId(row);
    Ok(Reading { tag, sample })
}
