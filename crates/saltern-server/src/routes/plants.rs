//! Plants and their flowsheets.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_base::model::Plant as PlantOfBase;
use serde::Serialize;
use utoipa::ToSchema;

use super::closings::blocking;
use super::extract::At;
use super::views::sentence;
use crate::access::Caller;
use crate::error::ServerError;
use crate::house::House;
use crate::operation::Live;
use crate::plants::Plant;
use crate::problem::{Problem, Sentence};

/// A tonne a day, kg/s.
const T_D: f64 = 1e3 / 86_400.0;

/// A plant in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct PlantOfBaseView {
    /// Id.
    id: String,
    /// Name.
    name: Sentence,
    /// Feed by which its load is counted.
    lead: String,
    /// That feed at full load, t/d; null where the rate in the plant's file is meant.
    capacity_t_d: Option<f64>,
    /// Load below which it stands, 0…1.
    load_min: f64,
}

impl PlantOfBaseView {
    fn of(plant: &PlantOfBase) -> PlantOfBaseView {
        PlantOfBaseView {
            id: plant.id.clone(),
            name: sentence(&plant.file.name),
            lead: plant.lead.clone(),
            capacity_t_d: plant.capacity_kg_s.map(|kg_s| kg_s / T_D),
            load_min: plant.load_min,
        }
    }
}

/// Plants that may be seen: one's own, and what the park shares.
fn seen<'a>(live: &'a Live, caller: &'a Caller) -> impl Iterator<Item = &'a PlantOfBase> {
    let tags = &live.lake.tags;
    let others = move |id: &str| {
        let mut assets = tags.assets.iter().enumerate();
        let asset = assets.find(|(_, asset)| asset.node.as_deref() == Some(id));
        let tenant = asset.and_then(|(i, _)| tags.tenant(i));
        caller.tenant.is_some() && tenant.is_some() && tenant != caller.tenant.as_deref()
    };
    let plants = live.lake.base.as_ref().map_or(&[][..], |base| &base.plants);
    plants.iter().filter(move |plant| !others(&plant.id))
}

/// Plants that may be seen.
#[utoipa::path(get, path = "/api/plants", tag = "plants", responses(
    (status = 200, body = Vec<PlantOfBaseView>), (status = "4XX", body = Problem)
))]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
) -> Json<Vec<PlantOfBaseView>> {
    let live = house.live();
    Json(seen(&live, &caller).map(PlantOfBaseView::of).collect())
}

/// The flowsheet of a plant at the steady state of its file.
#[utoipa::path(get, path = "/api/plants/{id}", tag = "plants",
    params(("id" = String, Path, description = "Id of a plant")),
    responses((status = 200, body = Plant), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn one(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
) -> Result<Json<Plant>, Problem> {
    if !seen(&house.live(), &caller).any(|plant| plant.id == id) {
        return Err(ServerError::UnknownPlant { plant: id }.into());
    }
    blocking(&house, move |house| match &house.solve_plant {
        Some(solve) => Ok(Json(solve(&id)?)),
        None => Err(ServerError::NoFlowsheets.into()),
    })
    .await
}
