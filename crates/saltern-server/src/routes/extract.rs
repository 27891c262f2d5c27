//! What comes with a request, refused in the one form of problems where it can't be read.

use axum::extract::{FromRequest, FromRequestParts, Json, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::MOST_BYTES;
use crate::error::ServerError;
use crate::problem::Problem;

/// The body as JSON.
pub(super) struct Body<T>(pub(super) T);

/// What stands after the question mark.
pub(super) struct Asked<T>(pub(super) T);

/// What stands in the path.
pub(super) struct At<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Body(body)),
            Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(ServerError::TooLarge { most: MOST_BYTES }.into())
            }
            Err(refused) => Err(bad(refused.body_text())),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let asked = Query::<T>::from_request_parts(parts, state).await;
        asked
            .map(|Query(asked)| Asked(asked))
            .map_err(|refused| bad(refused.body_text()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let at = Path::<T>::from_request_parts(parts, state).await;
        at.map(|Path(at)| At(at))
            .map_err(|refused| bad(refused.body_text()))
    }
}

fn bad(reason: String) -> Problem {
    ServerError::BadRequest { reason }.into()
}
