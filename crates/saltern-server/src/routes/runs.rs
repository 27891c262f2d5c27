//! Runs: what was simulated and planned, and the measured books beside them.

pub(super) mod accounts;
pub(super) mod circulation;
pub(super) mod compare;
pub(super) mod dispatch;
pub(super) mod files;
mod period;
pub(super) mod production;
pub(super) mod series;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use saltern_base::frame::{Frame, Values};
use saltern_run::accounts::UTILITIES;
use saltern_run::folder::{read_what_was_planned, read_what_was_run};
use saltern_run::{RunContents, RunError, RunMeta, WeatherOrigin, export, figures};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::closings::blocking;
use super::extract::{At, Body};
use super::views::{number, sentence};
use crate::access::Caller;
use crate::audit::note;
use crate::house::House;
use crate::jobs::ShiftView;
use crate::problem::{Problem, Sentence};
use crate::runs::{About, Shelved, unreadable};

/// What concerns the whole park, as it is named to those whom it does not belong to.
pub(super) const CONCERN: &str = "runs";
/// Kind of a run that is no plan.
const SIMULATED: &str = "simulate";
/// Kind of what was measured.
const MEASURED: &str = "measured";

/// Runs.
#[derive(Serialize, ToSchema)]
pub(super) struct RunsView {
    /// Whether new ones can be made here.
    makes: bool,
    /// The last evening whose state of the ponds is known, from which a simulation can begin.
    state: Option<String>,
    /// Runs by name, then measured books, the latest first.
    runs: Vec<RunView>,
    /// Why some cannot be read.
    problems: Vec<Problem>,
}

/// A run in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct RunView {
    /// Name.
    #[schema(example = "measured-2027-07-01")]
    name: String,
    /// `simulate`, `dispatch`, `production`, `expansion`, `forecast`, `measured`.
    kind: String,
    /// First day.
    from: String,
    /// Last day.
    to: String,
    /// Whether its weather was made up after normals.
    synthetic: bool,
    /// Largest part of any element that the book cannot place.
    closure: Option<f64>,
    /// Equilibria that were not found.
    failures: u64,
    /// Who made it, if it was made here.
    by: Option<String>,
    /// When, milliseconds since 1970.
    at_ms: Option<f64>,
    /// Evening of the estimated state that it begins with, if it does.
    state: Option<String>,
    /// Run whose plan it follows, if it does.
    schedule: Option<String>,
    /// Harvests of that plan that it does on other days.
    shifts: Vec<ShiftView>,
    /// Weathers that its bands are over; null where it has none.
    weathers: Option<u32>,
    /// What somebody has to say of it.
    note: Option<String>,
}

/// A run.
#[derive(Serialize, ToSchema)]
pub(super) struct RunDetailView {
    #[serde(flatten)]
    run: RunView,
    /// Name of the base.
    base: Sentence,
    /// Where its weather comes from; blank where nothing hangs on it.
    weather: String,
    /// Seed of a made-up weather.
    seed: Option<u64>,
    /// Thermodynamic database.
    database: String,
    /// Version of the program.
    version: String,
    /// How long it took, s.
    elapsed_s: f64,
    /// What is not measured about it; to be shown wherever its figures are.
    caveats: Vec<Sentence>,
    /// Elements whose way can be asked for.
    elements: Vec<String>,
    /// Whether its book has energy, water.
    energy: bool,
    /// Whether its book has water.
    water: bool,
    /// Whether something was used that can be counted as carbon.
    carbon: bool,
    /// Nodes of its book.
    nodes: Vec<NodeView>,
    /// Names of its series.
    series: Vec<String>,
    /// Names of its tables: its series and its book, each as CSV or Parquet.
    tables: Vec<String>,
}

/// A node of a book.
#[derive(Serialize, ToSchema)]
pub(super) struct NodeView {
    /// Id.
    id: String,
    /// Name.
    name: Sentence,
    /// `pond`, `source`, `sky`, `ground`, `stockpile`, `market`, `plant`, `utility`.
    kind: String,
}

impl RunView {
    fn of(shelved: &Shelved) -> Result<RunView, RunError> {
        let meta = read_what_was_run(&shelved.path)?;
        let kind = match shelved.is_measured {
            true => MEASURED.into(),
            false => read_what_was_planned(&shelved.path)?.unwrap_or_else(|| SIMULATED.into()),
        };
        Ok(RunView::new(shelved, kind, &meta))
    }

    fn new(shelved: &Shelved, kind: String, meta: &RunMeta) -> RunView {
        let about = About::read(&shelved.path);
        let closure = figures::worst(meta.closure.values());
        RunView {
            name: shelved.name.clone(),
            kind,
            from: meta.from.to_string(),
            to: meta.to.to_string(),
            synthetic: matches!(meta.weather, WeatherOrigin::Synthetic { .. }),
            closure: number(closure),
            failures: meta.failures,
            by: about.as_ref().map(|about| about.by.clone()),
            at_ms: about.as_ref().and_then(|about| number(about.at_ms)),
            state: about.as_ref().and_then(|about| about.state.clone()),
            schedule: about.as_ref().and_then(|about| about.schedule.clone()),
            shifts: about.map_or_else(Vec::new, |about| about.shifts),
            weathers: meta.weathers.as_ref().map(|all| all.members),
            note: shelved.note(),
        }
    }
}

impl RunDetailView {
    fn of(shelved: &Shelved, run: &RunContents) -> RunDetailView {
        let (meta, book) = (&run.meta, &run.book);
        let energy = book.streams.iter().any(|stream| stream.kind.is_energy());
        let (weather, seed) = match &meta.weather {
            WeatherOrigin::File { name } => (name.clone(), None),
            WeatherOrigin::Synthetic { name, seed } => (name.clone(), Some(*seed)),
            WeatherOrigin::None => (String::new(), None),
        };
        let planned = run.plan.as_ref().map(|plan| plan.what.clone());
        let kind = match shelved.is_measured {
            true => MEASURED.into(),
            false => planned.unwrap_or_else(|| SIMULATED.into()),
        };
        RunDetailView {
            run: RunView::new(shelved, kind, meta),
            base: Sentence {
                en: run.base.name.en.clone(),
                zh: run.base.name.zh.clone(),
            },
            weather,
            seed,
            database: meta.database.clone(),
            version: meta.saltern.clone(),
            elapsed_s: number(meta.elapsed_s).unwrap_or_default(),
            caveats: meta.caveats.iter().map(sentence).collect(),
            elements: match book.postings.is_empty() {
                true => Vec::new(),
                false => book.elements.clone(),
            },
            energy,
            carbon: energy || run.tables.contains_key(UTILITIES),
            water: book.postings.iter().any(|posting| posting.water_kg > 0.0),
            nodes: book
                .nodes
                .iter()
                .map(|node| NodeView::of(run, &node.id, node.kind.name()))
                .collect(),
            series: run.series.iter().map(|frame| frame.name.clone()).collect(),
            tables: export::names(run),
        }
    }
}

impl NodeView {
    fn of(run: &RunContents, id: &str, kind: &str) -> NodeView {
        NodeView {
            id: id.into(),
            name: Sentence::of(|lang| saltern_run::accounts::name(&run.base, id, lang)),
            kind: kind.into(),
        }
    }
}

/// Rows of a frame.
fn length(frame: &Frame) -> usize {
    match frame.columns.first().map(|column| &column.values) {
        Some(Values::Number(v)) => v.len(),
        Some(Values::Integer(v)) => v.len(),
        Some(Values::Text(v)) => v.len(),
        Some(Values::Date(v)) => v.len(),
        None => 0,
    }
}

/// Runs and measured books.
#[utoipa::path(get, path = "/api/runs", tag = "runs", responses(
    (status = 200, body = RunsView), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<RunsView>, Problem> {
    caller.check_park(CONCERN)?;
    blocking(&house, |house| {
        let (mut runs, mut problems) = (Vec::new(), Vec::new());
        for shelved in house.runs.list() {
            match RunView::of(&shelved) {
                Ok(run) => runs.push(run),
                Err(error) => problems.push(unreadable(error)),
            }
        }
        Ok(Json(RunsView {
            makes: house.has_jobs,
            state: house.runs.last_state().map(|evening| evening.to_string()),
            runs,
            problems,
        }))
    })
    .await
}

/// A run: what it was made from, and what is not measured about it.
#[utoipa::path(get, path = "/api/runs/{name}", tag = "runs",
    params(("name" = String, Path, description = "Name of a run")),
    responses((status = 200, body = RunDetailView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn one(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
) -> Result<Json<RunDetailView>, Problem> {
    caller.check_park(CONCERN)?;
    blocking(&house, move |house| {
        let shelved = house.runs.find(&name)?;
        let run = house.runs.read(&shelved)?;
        Ok(Json(RunDetailView::of(&shelved, &run)))
    })
    .await
}

/// What a run is called, and what is to be said of it. What is left out stays.
#[derive(Deserialize, ToSchema)]
pub(super) struct Naming {
    /// Another name.
    #[schema(example = "wet-spring-2")]
    name: Option<String>,
    /// What somebody has to say of it, up to 500 characters in any language; nothing takes away what was said.
    note: Option<String>,
}

/// Name a run otherwise, or say something of it. What was measured keeps its name.
#[utoipa::path(patch, path = "/api/runs/{name}", tag = "runs",
    params(("name" = String, Path, description = "Name of a run")), request_body = Naming,
    responses((status = 200, body = RunView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn rename(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
    Body(naming): Body<Naming>,
) -> Result<Json<RunView>, Problem> {
    caller.check_park(CONCERN)?;
    let shelved = house.runs.find(&name)?;
    let detail = serde_json::json!({ "name": &naming.name, "note": &naming.note }).to_string();
    note(&house, &caller, "runs", "run.renamed", &name, &detail).await?;
    blocking(&house, move |house| {
        if let Some(note) = &naming.note {
            shelved.annotate(note)?;
        }
        let shelved = match &naming.name {
            Some(name) => house.runs.rename(&shelved, name)?,
            None => shelved,
        };
        Ok(Json(RunView::of(&shelved).map_err(unreadable)?))
    })
    .await
}

/// Take a run away. What was measured stays.
#[utoipa::path(delete, path = "/api/runs/{name}", tag = "runs",
    params(("name" = String, Path, description = "Name of a run")),
    responses((status = 204), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn remove(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
) -> Result<StatusCode, Problem> {
    caller.check_park(CONCERN)?;
    let shelved = house.runs.find(&name)?;
    note(&house, &caller, "runs", "run.removed", &name, "{}").await?;
    blocking(&house, move |house| Ok(house.runs.remove(&shelved)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}
