//! Where an element, water or energy of a run goes.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use jiff::civil::Date;
use saltern_account::sankey::{Carrier, Sankey, sankey};
use saltern_account::statement::Statement;
use saltern_run::RunContents;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CONCERN, NodeView};
use crate::access::Caller;
use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;
use crate::routes::closings::{blocking, day};
use crate::routes::extract::{Asked, At};
use crate::routes::views::number;

/// What of a book.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// `mass`, `water`, `energy` or the symbol of an element; all mass if left out.
    carrier: Option<String>,
    /// First day; that of the run if left out.
    from: Option<String>,
    /// Last day; that of the run if left out.
    to: Option<String>,
}

/// Nodes and what flows between them.
#[derive(Serialize, ToSchema)]
pub(crate) struct CirculationView {
    /// What flows.
    carrier: String,
    /// Unit of all amounts.
    unit: String,
    /// First day.
    from: String,
    /// Last day.
    to: String,
    /// Nodes that something passes.
    nodes: Vec<PassedView>,
    /// One a pair of nodes and direction, the largest first.
    links: Vec<LinkView>,
    /// Streams of which it is not known how much they carried; they are in no link.
    unknown: Vec<String>,
}

/// A node.
#[derive(Serialize, ToSchema)]
struct PassedView {
    #[serde(flatten)]
    node: NodeView,
    /// What it holds more at the end than at the beginning.
    stock_change: Option<f64>,
}

/// What flows from a node to another.
#[derive(Serialize, ToSchema)]
#[schema(as = CirculationLink)]
struct LinkView {
    /// Place of the node that it leaves, among the nodes.
    from: usize,
    /// Place of the node that it enters.
    to: usize,
    /// Amount.
    amount: f64,
    /// Streams that make it up.
    streams: Vec<String>,
}

impl CirculationView {
    fn of(run: &RunContents, carrier: &str, days: (Date, Date)) -> Result<Self, Problem> {
        let since = |day: Date| (day - run.book.from).get_days().unsigned_abs();
        let statement = Statement::of(&run.book, since(days.0)..since(days.1) + 1);
        let of = match carrier {
            "mass" => Carrier::Mass,
            "water" => Carrier::Water,
            "energy" => Carrier::Energy,
            element => Carrier::Element(element),
        };
        let Sankey {
            unit,
            nodes,
            links,
            unknown,
            ..
        } = sankey(&statement, of, 0.0)?;
        let kind = |id: &str| {
            let node = statement.nodes.iter().find(|node| node.id == id);
            node.and_then(|node| node.kind)
                .map_or("", |kind| kind.name())
        };
        let passed = nodes.iter().map(|node| PassedView {
            node: NodeView::of(run, &node.id, kind(&node.id)),
            stock_change: number(node.stock_change),
        });
        let links = links.into_iter().map(|link| LinkView {
            from: link.from,
            to: link.to,
            amount: link.amount,
            streams: link.streams,
        });
        Ok(CirculationView {
            carrier: carrier.into(),
            unit: unit.into(),
            from: days.0.to_string(),
            to: days.1.to_string(),
            nodes: passed.collect(),
            links: links.collect(),
            unknown,
        })
    }
}

/// Where an element, water, energy or all mass of a run goes within some days.
#[utoipa::path(get, path = "/api/runs/{name}/circulation", tag = "runs",
    params(("name" = String, Path, description = "Name of a run"), Which),
    responses((status = 200, body = CirculationView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn circulation(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
    Asked(which): Asked<Which>,
) -> Result<Json<CirculationView>, Problem> {
    caller.check_park(CONCERN)?;
    let (from, to) = (
        day("from", which.from.as_deref())?,
        day("to", which.to.as_deref())?,
    );
    blocking(&house, move |house| {
        let run = house.runs.read(&house.runs.find(&name)?)?;
        let within = |day: Date| day.clamp(run.meta.from, run.meta.to);
        let days = (
            within(from.unwrap_or(run.meta.from)),
            within(to.unwrap_or(run.meta.to)),
        );
        if from.zip(to).is_some_and(|(from, to)| to < from) || days.1 < days.0 {
            return Err(ServerError::WrongValue {
                name: "to",
                value: which.to.clone().unwrap_or_default(),
                accepted: "a day that is not before `from`",
            }
            .into());
        }
        let carrier = which.carrier.as_deref().unwrap_or("mass");
        Ok(Json(CirculationView::of(&run, carrier, days)?))
    })
    .await
}
