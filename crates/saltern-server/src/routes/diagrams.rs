//! Phase diagrams at any temperature, and what their brines do.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::closings::blocking;
use super::extract::{Asked, Body};
use crate::diagrams::{BrineOf, BrinePath, Diagram, DiagramOf, Diagrams};
use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;

/// Temperatures that are not refused, °C.
const TEMPERATURES_DEGC: std::ops::RangeInclusive<f64> = -60.0..=300.0;

fn maker<'a>(house: &'a House, of: &DiagramOf) -> Result<&'a Diagrams, Problem> {
    if !TEMPERATURES_DEGC.contains(&of.temperature_degc) {
        return Err(ServerError::WrongValue {
            name: "temperature_degc",
            value: of.temperature_degc.to_string(),
            accepted: ("-60 ≤ t ≤ 300", "-60 ≤ t ≤ 300"),
        }
        .into());
    }
    house
        .diagrams
        .as_ref()
        .ok_or_else(|| ServerError::NoDiagrams.into())
}

/// The phase diagram of a system at a temperature.
#[utoipa::path(get, path = "/api/diagrams", tag = "diagrams", params(DiagramOf), responses(
    (status = 200, body = Diagram), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn diagram(
    State(house): State<Arc<House>>,
    Asked(of): Asked<DiagramOf>,
) -> Result<Response, Problem> {
    blocking(&house, move |house| {
        let diagram = maker(house, &of)?.diagram(&of)?;
        Ok(Json(&*diagram).into_response())
    })
    .await
}

/// What a tonne of a brine of a diagram does while it evaporates. Nothing is kept.
#[utoipa::path(post, path = "/api/diagrams/brine", tag = "diagrams", request_body = BrineOf, responses(
    (status = 200, body = BrinePath), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn brine(
    State(house): State<Arc<House>>,
    Body(of): Body<BrineOf>,
) -> Result<Json<BrinePath>, Problem> {
    blocking(&house, move |house| {
        Ok(Json(maker(house, &of.diagram)?.brine(&of)?))
    })
    .await
}
