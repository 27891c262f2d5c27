//! Where an element, water, energy or carbon of a run goes.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_account::sankey::{Carrier, Sankey, of_footprint, sankey};
use saltern_account::statement::Statement;
use saltern_base::book::NodeKind;
use saltern_run::RunContents;
use saltern_run::accounts::Accounts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::period::{Days, Period};
use super::{CONCERN, NodeView};
use crate::access::Caller;
use crate::house::House;
use crate::problem::Problem;
use crate::routes::closings::blocking;
use crate::routes::extract::{Asked, At};
use crate::routes::views::number;

/// What of a book.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// `mass`, `water`, `energy`, `carbon` or the symbol of an element; all mass if left out.
    carrier: Option<String>,
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
    fn of(run: &RunContents, carrier: &str, days: &Days) -> Result<Self, Problem> {
        let statement = Statement::of(&run.book, days.places());
        let of = match carrier {
            "carbon" => return CirculationView::of_carbon(run, days),
            "mass" => Carrier::Mass,
            "water" => Carrier::Water,
            "energy" => Carrier::Energy,
            element => Carrier::Element(element),
        };
        let kind = |id: &str| {
            let node = statement.nodes.iter().find(|node| node.id == id);
            node.and_then(|node| node.kind)
                .map_or("", |kind| kind.name())
        };
        let drawn = sankey(&statement, of, 0.0)?;
        Ok(CirculationView::drawn(run, carrier, days, drawn, kind))
    }

    /// From what is used, by the factor that counts it, to who uses it.
    fn of_carbon(run: &RunContents, days: &Days) -> Result<Self, Problem> {
        let accounts = Accounts::within(run, &run.tables, days.places())?;
        let drawn = of_footprint(accounts.footprint.as_ref());
        let node = |id: &str| run.book.nodes.iter().find(|node| node.id == id);
        // What is used is no node of the book.
        let kind = |id: &str| node(id).map_or(NodeKind::Utility.name(), |node| node.kind.name());
        Ok(CirculationView::drawn(run, "carbon", days, drawn, kind))
    }

    fn drawn(
        run: &RunContents,
        carrier: &str,
        days: &Days,
        drawn: Sankey,
        kind: impl Fn(&str) -> &'static str,
    ) -> Self {
        let Sankey {
            unit,
            nodes,
            links,
            unknown,
            ..
        } = drawn;
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
        CirculationView {
            carrier: carrier.into(),
            unit: unit.into(),
            from: days.from.to_string(),
            to: days.to.to_string(),
            nodes: passed.collect(),
            links: links.collect(),
            unknown,
        }
    }
}

/// Where an element, water, energy, carbon or all mass of a run goes within some days.
#[utoipa::path(get, path = "/api/runs/{name}/circulation", tag = "runs",
    params(("name" = String, Path, description = "Name of a run"), Which, Period),
    responses((status = 200, body = CirculationView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn circulation(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
    Asked(which): Asked<Which>,
    Asked(period): Asked<Period>,
) -> Result<Json<CirculationView>, Problem> {
    caller.check_park(CONCERN)?;
    blocking(&house, move |house| {
        let run = house.runs.read(&house.runs.find(&name)?)?;
        let days = period.of(&run)?;
        let carrier = which.carrier.as_deref().unwrap_or("mass");
        Ok(Json(CirculationView::of(&run, carrier, &days)?))
    })
    .await
}
