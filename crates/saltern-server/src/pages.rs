//! Three plain pages to see a base by, and one to sign in. They need nothing from outside.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::access::Caller;
use crate::house::House;

/// What pages may load: themselves only. No other site may put them into a frame.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// Pages and what they load.
pub(crate) fn router() -> Router<Arc<House>> {
    Router::new()
        .route(
            "/",
            get(|house, headers| page(house, headers, include_str!("pages/lake.html"))),
        )
        .route(
            "/trend",
            get(|house, headers| page(house, headers, include_str!("pages/trend.html"))),
        )
        .route(
            "/alarms",
            get(|house, headers| page(house, headers, include_str!("pages/alarms.html"))),
        )
        .route(
            "/sign-in",
            get(|| async { html(include_str!("pages/sign-in.html")) }),
        )
        .route(
            "/page.css",
            get(|| async { file("text/css", include_str!("pages/page.css")) }),
        )
        .route(
            "/page.js",
            get(|| async { file("text/javascript", include_str!("pages/page.js")) }),
        )
        .route(
            "/lake.js",
            get(|| async { file("text/javascript", include_str!("pages/lake.js")) }),
        )
        .route(
            "/trend.js",
            get(|| async { file("text/javascript", include_str!("pages/trend.js")) }),
        )
        .route(
            "/alarms.js",
            get(|| async { file("text/javascript", include_str!("pages/alarms.js")) }),
        )
        .route(
            "/demo.js",
            get(|| async { file("text/javascript", include_str!("pages/demo.js")) }),
        )
        .route(
            "/sign-in.js",
            get(|| async { file("text/javascript", include_str!("pages/sign-in.js")) }),
        )
}

/// A page for who is signed in; others are asked to do so first.
async fn page(State(house): State<Arc<House>>, headers: HeaderMap, text: &'static str) -> Response {
    match Caller::of(&house, &headers).await {
        Ok(Some(_)) => html(text),
        Ok(None) => Redirect::to("/sign-in").into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn html(text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Html(text)).into_response()
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}
