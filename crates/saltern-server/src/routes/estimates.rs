//! What the ponds hold and lose by the last night's estimate.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::Asked;
use super::views::number;
use crate::access::Caller;
use crate::audit::note;
use crate::error::ServerError;
use crate::house::House;
use crate::nights::{Found, NextPhase, OfDay, OfPond, PondLeak};
use crate::operation::Live;
use crate::problem::Problem;

/// Estimates of a night.
#[derive(Serialize, ToSchema)]
pub(super) struct EstimatesView {
    /// The evening they hold of, `2027-07-01`; null before the first night.
    evening: Option<String>,
    /// Whether some are being made.
    at_work: bool,
    /// Why the last were not made.
    problems: Vec<Problem>,
    /// Quantities of ponds.
    ponds: Vec<QuantityView>,
    /// What the leak sensor says.
    leaks: Vec<LeakView>,
    /// Minerals that come next.
    phases: Vec<PhaseView>,
}

/// A quantity of a pond.
#[derive(Serialize, ToSchema)]
struct QuantityView {
    /// Id of the pond.
    pond: String,
    /// What: `level`, `leak`, `salt`, an element.
    quantity: String,
    /// Unit.
    unit: String,
    /// The most probable value.
    value: Option<f64>,
    /// Lower end of the band that holds the truth 95 times of 100.
    low: Option<f64>,
    /// Its upper end.
    high: Option<f64>,
}

/// What the leak sensor says of a pond.
#[derive(Serialize, ToSchema)]
struct LeakView {
    /// Id of the pond.
    pond: String,
    /// Leak beyond what the base says, mm/d.
    beyond_mm_d: Option<f64>,
    /// Its standard deviation, mm/d.
    sigma_mm_d: Option<f64>,
    /// The same in deviations.
    deviations: Option<f64>,
    /// From how many deviations on it is called a leak.
    threshold: Option<f64>,
    /// Whether it is called one.
    found: bool,
}

/// A mineral that comes next in a pond.
#[derive(Serialize, ToSchema)]
struct PhaseView {
    /// Id of the pond.
    pond: String,
    /// Name of the mineral.
    mineral: String,
    /// Share of the futures in which it comes within the days looked at, %.
    share_percent: Option<f64>,
    /// Days until then: the early end of the band.
    low_d: Option<f64>,
    /// Its middle.
    middle_d: Option<f64>,
    /// Its late end; null where it does not come in so many futures.
    high_d: Option<f64>,
}

impl QuantityView {
    fn of(found: &OfPond) -> QuantityView {
        QuantityView {
            pond: found.pond.clone(),
            quantity: found.quantity.clone(),
            unit: found.unit.clone(),
            value: number(found.value),
            low: number(found.low),
            high: number(found.high),
        }
    }
}

impl LeakView {
    fn of(found: &PondLeak) -> LeakView {
        LeakView {
            pond: found.pond.clone(),
            beyond_mm_d: number(found.beyond_mm_d),
            sigma_mm_d: number(found.sigma_mm_d),
            deviations: number(found.deviations),
            threshold: number(found.threshold),
            found: found.is_leak,
        }
    }
}

impl PhaseView {
    fn of(found: &NextPhase) -> PhaseView {
        PhaseView {
            pond: found.pond.clone(),
            mineral: found.mineral.clone(),
            share_percent: number(found.share_percent),
            low_d: number(found.low_d),
            middle_d: number(found.middle_d),
            high_d: number(found.high_d),
        }
    }
}

/// What the ponds hold and lose by the last night's estimate. An enterprise sees its own ponds and the shared.
#[utoipa::path(get, path = "/api/estimates", tag = "estimates", responses(
    (status = 200, body = EstimatesView), (status = "4XX", body = Problem)
))]
pub(super) async fn latest(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<EstimatesView>, Problem> {
    if !house.has_nights {
        return Err(ServerError::NoEstimates.into());
    }
    let standing = house.nights().clone();
    let live = house.live();
    let found = standing.found.as_deref();
    Ok(Json(EstimatesView {
        evening: found.map(|found| found.evening.to_string()),
        at_work: standing.at_work,
        problems: standing.problems,
        ponds: seen(
            found,
            &live,
            &caller,
            |f| &f.ponds,
            |p| &p.pond,
            QuantityView::of,
        ),
        leaks: seen(
            found,
            &live,
            &caller,
            |f| &f.leaks,
            |p| &p.pond,
            LeakView::of,
        ),
        phases: seen(
            found,
            &live,
            &caller,
            |f| &f.phases,
            |p| &p.pond,
            PhaseView::of,
        ),
    }))
}

/// Which forecast.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WhichForecast {
    /// Id of a pond; all ponds if left out.
    pond: Option<String>,
    /// `level`, `density`, an element; all if left out.
    quantity: Option<String>,
}

/// How the ponds may go on.
#[derive(Serialize, ToSchema)]
pub(super) struct ForecastView {
    /// The evening that it was made of; null before the first night.
    evening: Option<String>,
    /// Days to come.
    days: Vec<String>,
    /// What of them, a pond and quantity each.
    series: Vec<ForecastSeries>,
}

/// A quantity of a pond on the days to come.
#[derive(Serialize, ToSchema)]
struct ForecastSeries {
    /// Id of the pond.
    pond: String,
    /// What.
    quantity: String,
    /// Unit.
    unit: String,
    /// Lower end of the band that 90 of 100 futures pass, by day.
    low: Vec<Option<f64>>,
    /// Its middle.
    middle: Vec<Option<f64>>,
    /// Its upper end.
    high: Vec<Option<f64>>,
}

impl ForecastView {
    fn of(evening: Option<String>, rows: &[&OfDay]) -> ForecastView {
        let mut view = ForecastView {
            evening,
            days: Vec::new(),
            series: Vec::new(),
        };
        let mut places: HashMap<(&str, &str), usize> = HashMap::new();
        for row in rows {
            if view.days.last() != Some(&row.date) {
                view.days.push(row.date.clone());
            }
            let key = (row.pond.as_str(), row.quantity.as_str());
            let at = *places.entry(key).or_insert_with(|| {
                view.series.push(ForecastSeries {
                    pond: row.pond.clone(),
                    quantity: row.quantity.clone(),
                    unit: row.unit.clone(),
                    low: Vec::new(),
                    middle: Vec::new(),
                    high: Vec::new(),
                });
                view.series.len() - 1
            });
            let series = &mut view.series[at];
            series.low.push(number(row.low));
            series.middle.push(number(row.middle));
            series.high.push(number(row.high));
        }
        view
    }
}

/// How the ponds may go on, by the last night's estimate. An enterprise sees its own ponds and the shared.
#[utoipa::path(get, path = "/api/estimates/forecast", tag = "estimates", params(WhichForecast), responses(
    (status = 200, body = ForecastView), (status = "4XX", body = Problem)
))]
pub(super) async fn forecast(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Asked(which): Asked<WhichForecast>,
) -> Result<Json<ForecastView>, Problem> {
    if !house.has_nights {
        return Err(ServerError::NoEstimates.into());
    }
    let found = house.nights().found.clone();
    let live = house.live();
    let is_asked = |row: &&OfDay| {
        let is = |asked: &Option<String>, own: &str| asked.as_deref().is_none_or(|it| it == own);
        is(&which.pond, &row.pond) && is(&which.quantity, &row.quantity)
    };
    let rows = found.iter().flat_map(|found| &found.ahead);
    let rows = rows.filter(is_asked);
    let rows: Vec<&OfDay> = rows.filter(|row| sees(&live, &caller, &row.pond)).collect();
    let evening = found.as_ref().map(|found| found.evening.to_string());
    Ok(Json(ForecastView::of(evening, &rows)))
}

/// Whether a pond's estimates may be seen.
fn sees(live: &Live, caller: &Caller, pond: &str) -> bool {
    let sensor = live.soft.row(pond, "leak");
    sensor.is_some_and(|row| caller.sees(live, row))
}

/// Rows of ponds that the caller may see.
fn seen<T, V>(
    found: Option<&Found>,
    live: &Live,
    caller: &Caller,
    rows: impl Fn(&Found) -> &Vec<T>,
    pond: impl Fn(&T) -> &str,
    view: impl Fn(&T) -> V,
) -> Vec<V> {
    let is_seen = |row: &&T| sees(live, caller, pond(row));
    let all = found.into_iter().flat_map(rows);
    all.filter(is_seen).map(view).collect()
}

/// Make estimates of yesterday evening now.
#[utoipa::path(post, path = "/api/estimates", tag = "estimates", responses(
    (status = 200, body = EstimatesView), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn make(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<EstimatesView>, Problem> {
    if !house.has_nights {
        return Err(ServerError::NoEstimates.into());
    }
    caller.check_park("estimates")?;
    note(&house, &caller, "estimates", "estimate.asked", "", "{}").await?;
    house.nights().asked = true;
    latest(State(house), Extension(caller)).await
}
