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

/// What all pages are: a frame that their scripts fill.
const FRAME: &str = include_str!("pages/page.html");

/// What pages load, by path and kind.
const FILES: [(&str, &str, &str); 7] = [
    ("/page.css", "text/css", include_str!("pages/page.css")),
    ("/page.js", SCRIPT, include_str!("pages/page.js")),
    ("/lake.js", SCRIPT, include_str!("pages/lake.js")),
    ("/trend.js", SCRIPT, include_str!("pages/trend.js")),
    ("/alarms.js", SCRIPT, include_str!("pages/alarms.js")),
    ("/demo.js", SCRIPT, include_str!("pages/demo.js")),
    ("/sign-in.js", SCRIPT, include_str!("pages/sign-in.js")),
];
const SCRIPT: &str = "text/javascript";

/// Pages and what they load.
pub(crate) fn router() -> Router<Arc<House>> {
    let pages = Router::new()
        .route("/", get(|house, headers| page(house, headers, "lake")))
        .route(
            "/trend",
            get(|house, headers| page(house, headers, "trend")),
        )
        .route(
            "/alarms",
            get(|house, headers| page(house, headers, "alarms")),
        )
        .route("/sign-in", get(|| async { html("sign-in") }));
    FILES.into_iter().fold(pages, |router, (path, kind, text)| {
        router.route(path, get(move || std::future::ready(file(kind, text))))
    })
}

/// A page for who is signed in; others are asked to do so first.
async fn page(State(house): State<Arc<House>>, headers: HeaderMap, name: &str) -> Response {
    match Caller::of(&house, &headers).await {
        Ok(Some(_)) => html(name),
        Ok(None) => Redirect::to("/sign-in").into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// The page of a name, which is its script's as well.
fn html(name: &str) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Html(FRAME.replace("{page}", name))).into_response()
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}
