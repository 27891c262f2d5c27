//! The console: files that a browser loads once and that ask the API for everything else. They hold nothing of a base, so
//! they need no session; what they show does.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;

/// A file of the console.
#[derive(Clone, Copy, Debug)]
pub struct PageFile {
    /// Path without a slash before it, `assets/index-1a2b.js`.
    pub path: &'static str,
    /// What it holds.
    pub bytes: &'static [u8],
    /// The same compressed.
    pub gzip: Option<&'static [u8]>,
}

/// The page that loads all others.
const INDEX: &str = "index.html";
/// Files under this path have the hash of their content in their name and never change.
const FOR_EVER: &str = "assets/";

/// What pages may load: themselves only. No other site may put them into a frame.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// What is shown where the console was not built.
const NONE: PageFile = PageFile {
    path: INDEX,
    bytes: include_bytes!("pages/none.html"),
    gzip: None,
};

/// Files of the console. A path that is none of them, and no door of the API, is a page of the console.
pub(crate) fn router(files: &'static [PageFile]) -> Router<Arc<House>> {
    let index = files.iter().find(|file| file.path == INDEX);
    let index = *index.unwrap_or(&NONE);
    let root = Router::new().route("/", get(move |headers| page(headers, index)));
    files.iter().fold(root, |router, file| {
        let path = format!("/{}", file.path);
        router.route(&path, get(move |headers| page(headers, *file)))
    })
}

/// Answers a path that nothing else does: with the console to a browser that wants a page, with a problem to everybody else.
pub(crate) async fn fallback(files: &'static [PageFile], request: Request) -> Response {
    let path = request.uri().path();
    let accepted = request.headers().get(header::ACCEPT);
    let wants_page = accepted
        .and_then(|accepted| accepted.to_str().ok())
        .is_some_and(|accepted| accepted.contains("text/html"));
    let is_page = !path.starts_with("/api/") && !path.contains('.') && wants_page;
    if !is_page {
        let path = path.to_string();
        return Problem::from(ServerError::UnknownRoute { path }).into_response();
    }
    let index = files.iter().find(|file| file.path == INDEX);
    page(request.headers().clone(), *index.unwrap_or(&NONE)).await
}

async fn page(headers: HeaderMap, file: PageFile) -> Response {
    let kept = match file.path.starts_with(FOR_EVER) {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let mut answer: Vec<(HeaderName, &'static str)> = vec![
        (header::CONTENT_TYPE, kind(file.path)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, kept),
        (header::VARY, "accept-encoding"),
    ];
    let accepted = headers.get(header::ACCEPT_ENCODING);
    let takes_gzip = accepted
        .and_then(|accepted| accepted.to_str().ok())
        .is_some_and(|accepted| accepted.contains("gzip"));
    let bytes = match file.gzip.filter(|_| takes_gzip) {
        Some(gzip) => {
            answer.push((header::CONTENT_ENCODING, "gzip"));
            gzip
        }
        None => file.bytes,
    };
    let mut response = (StatusCode::OK, bytes).into_response();
    for (name, value) in answer {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

/// What a file is, by its name.
fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
