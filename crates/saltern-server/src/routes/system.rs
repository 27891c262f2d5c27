//! How the server itself does.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use saltern_connect::{Health, Phase};
use saltern_history::Counts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::Body;
use super::views::ms;
use crate::access::Caller;
use crate::audit::note;
use crate::copies;
use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;

/// Whether the server is at work.
#[derive(Serialize, ToSchema)]
pub(super) struct Healthy {
    /// `ok`, or `troubled` where something is wrong that someone signed in can read about.
    status: &'static str,
    /// Version of the program.
    version: &'static str,
}

/// Whether the server is at work. For probes: needs no session and tells nothing about the base.
#[utoipa::path(get, path = "/healthz", tag = "system", responses((status = 200, body = Healthy)))]
pub(super) async fn healthz(State(house): State<Arc<House>>) -> Json<Healthy> {
    Json(Healthy {
        status: if house.wrong().is_empty() {
            "ok"
        } else {
            "troubled"
        },
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// How the server does, in detail.
#[derive(Serialize, ToSchema)]
pub(super) struct SystemView {
    /// What is wrong now.
    problems: Vec<Problem>,
    /// Connections to other systems.
    connections: Vec<ConnectionView>,
    /// Samples stored since the start.
    stored: u64,
    /// Samples turned away since the start, by code.
    refused: std::collections::BTreeMap<&'static str, u64>,
    /// Samples that wait in memory for the store.
    held: u64,
    /// Samples that were lost because they could not be stored for too long.
    lost: u64,
    /// Samples in the journal.
    journal: u64,
    /// Samples in files.
    filed: u64,
    /// Bytes of those files.
    filed_bytes: u64,
    /// Whether a flood of alarms is on.
    flood: bool,
}

/// How the server does: what is wrong, connections, counts.
#[utoipa::path(get, path = "/api/system", tag = "system", responses(
    (status = 200, body = SystemView), (status = "4XX", body = Problem)
))]
pub(super) async fn system(State(house): State<Arc<House>>) -> Json<SystemView> {
    let counts = house.history.counts();
    Json(SystemView {
        problems: house.wrong(),
        connections: house.health().into_iter().map(ConnectionView::of).collect(),
        stored: counts.stored,
        refused: refused(&house),
        held: house.tally.held.load(Relaxed),
        lost: house.tally.lost.load(Relaxed),
        journal: counts.waiting as u64,
        filed: counts.filed,
        filed_bytes: counts.filed_bytes,
        flood: house.watch().board().is_in_flood(),
    })
}

/// How a connection does. Counts are since the start.
#[derive(Serialize, ToSchema)]
struct ConnectionView {
    /// Id.
    id: String,
    /// `connecting`, `live`, `waiting` or `stopped`.
    phase: &'static str,
    /// Since when, milliseconds since 1970 UTC.
    since_ms: f64,
    /// When the other was last heard.
    last_heard_ms: Option<f64>,
    /// Sessions that were begun.
    attempts: u64,
    /// Sessions that became live after one had been lost.
    reconnects: u64,
    /// Readings that were handed on.
    readings: u64,
    /// Values and messages that could not be used.
    refused: u64,
    /// Outages that were marked as gaps.
    gaps: u64,
    /// What is wrong.
    trouble: Option<Problem>,
}

impl ConnectionView {
    fn of((id, health): (String, Health)) -> ConnectionView {
        ConnectionView {
            id,
            phase: match health.phase {
                Phase::Connecting => "connecting",
                Phase::Live => "live",
                Phase::Waiting => "waiting",
                Phase::Stopped => "stopped",
            },
            since_ms: ms(health.since_us),
            last_heard_ms: health.last_heard_us.map(ms),
            attempts: health.attempts,
            reconnects: health.reconnects,
            readings: health.readings,
            refused: health.refused,
            gaps: health.gaps,
            trouble: health.trouble.map(Problem::from),
        }
    }
}

fn refused(house: &House) -> std::collections::BTreeMap<&'static str, u64> {
    let by_reason = house.tally.refused();
    let mut refused: std::collections::BTreeMap<_, _> = by_reason
        .into_iter()
        .map(|(refusal, count)| (refusal.code(), count))
        .collect();
    refused.insert("sample.unreadable", house.tally.unreadable.load(Relaxed));
    refused
}

/// Figures for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "system", responses(
    (status = 200, content_type = "text/plain", body = String)
))]
pub(super) async fn metrics(State(house): State<Arc<House>>) -> Response {
    let counts = house.history.counts();
    let kind = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    (kind, exposition(&house, &counts)).into_response()
}

/// The text that Prometheus reads (its exposition format, version 0.0.4).
fn exposition(house: &House, counts: &Counts) -> String {
    let tally = &house.tally;
    let counters = [
        ("samples_stored_total", "Samples stored.", counts.stored),
        ("commits_total", "Commits of samples.", counts.commits),
        (
            "commits_failed_total",
            "Commits that failed.",
            counts.failed,
        ),
        (
            "samples_lost_total",
            "Samples lost.",
            tally.lost.load(Relaxed),
        ),
        (
            "values_total",
            "Values that passed the keeper.",
            tally.passed.load(Relaxed),
        ),
        ("requests_total", "Requests.", tally.requests.load(Relaxed)),
        (
            "requests_denied_total",
            "Requests refused for want of a session or right.",
            tally.denied.load(Relaxed),
        ),
        (
            "stream_rounds_missed_total",
            "Rounds that slow streams missed.",
            tally.missed.load(Relaxed),
        ),
    ];
    let standing = {
        let watch = house.watch();
        let board = watch.board();
        let alarms = 0..board.definitions().len() as u32;
        let states = alarms.filter_map(|alarm| board.state(alarm));
        states.filter(|state| state.is_shown()).count() as u64
    };
    let gauges = [
        (
            "samples_held",
            "Samples that wait in memory for the store.",
            tally.held.load(Relaxed),
        ),
        (
            "samples_in_journal",
            "Samples in the journal.",
            counts.waiting as u64,
        ),
        ("samples_in_files", "Samples in files.", counts.filed),
        (
            "file_bytes",
            "Bytes of files of samples.",
            counts.filed_bytes,
        ),
        (
            "streams",
            "Streams that are open.",
            tally.streams.load(Relaxed),
        ),
        (
            "alarms_standing",
            "Alarms that ask for an answer.",
            standing,
        ),
        (
            "problems",
            "What is wrong with the server.",
            house.wrong().len() as u64,
        ),
    ];
    let mut text = String::new();
    let counters = counters.map(|(name, help, value)| ("counter", name, help, value));
    let gauges = gauges.map(|(name, help, value)| ("gauge", name, help, value));
    for (kind, name, help, value) in counters.into_iter().chain(gauges) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "# HELP saltern_{name} {help}\n# TYPE saltern_{name} {kind}\nsaltern_{name} {value}"
        );
    }
    text.push_str("# HELP saltern_samples_refused_total Samples turned away.\n# TYPE saltern_samples_refused_total counter\n");
    for (code, count) in refused(house) {
        let _ = writeln!(
            text,
            "saltern_samples_refused_total{{code=\"{code}\"}} {count}"
        );
    }
    text.push_str("# HELP saltern_connection_live Whether a connection is live.\n# TYPE saltern_connection_live gauge\n");
    for (id, health) in house.health() {
        let live = u8::from(health.phase == Phase::Live);
        let id = id.replace(['"', '\\', '\n'], "_");
        let _ = writeln!(
            text,
            "saltern_connection_live{{connection=\"{id}\"}} {live}"
        );
    }
    text
}

/// What a back-up is called.
#[derive(Deserialize, ToSchema)]
pub(super) struct BackUp {
    /// Name of a new folder among the back-ups: letters, digits, `-`, `_`; the time if left out.
    name: Option<String>,
}

/// A back-up.
#[derive(Serialize, ToSchema)]
pub(super) struct BackedUp {
    /// Folder on the server.
    folder: String,
}

/// Make a back-up of samples and records while everything goes on.
#[utoipa::path(post, path = "/api/backup", tag = "system", request_body = BackUp, responses(
    (status = 200, body = BackedUp), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn back_up(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Body(wanted): Body<BackUp>,
) -> Result<Json<BackedUp>, Problem> {
    caller.check_park("backup")?;
    let name = wanted
        .name
        .unwrap_or_else(|| format!("{}", house.now_us() / 1_000_000));
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !(1..=64).contains(&name.len()) || !name.chars().all(plain) {
        return Err(ServerError::WrongValue {
            name: "name",
            value: name,
            accepted: (
                "1 to 64 letters, digits, - and _",
                "1 至 64 个字母、数字、- 与 _",
            ),
        }
        .into());
    }
    note(&house, &caller, "backup", "backup.made", &name, "{}").await?;
    let folder = house.backups.join(&name);
    let told = folder.display().to_string();
    let work = {
        let house = Arc::clone(&house);
        move || copies::copy_house(&house, &folder)
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| ServerError::Failed)??;
    Ok(Json(BackedUp { folder: told }))
}
