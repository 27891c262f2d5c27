//! Energy and computing: some days of the dispatch solved while somebody waits, as the base has it or with something otherwise.

pub(super) mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::closings::{blocking, day};
use super::extract::Body;
use super::views::sentence;
use crate::access::Caller;
use crate::dispatcher::{DAYS_MOST, DispatchWish, Dispatched, Lever};
use crate::error::{Both, ServerError};
use crate::house::House;
use crate::problem::{Problem, Sentence};
use view::{DispatchView, Sources};

/// What concerns the whole park, as it is named to those whom it does not belong to.
const CONCERN: &str = "energy";
/// Days that are planned where nobody says how many.
const DAYS: u32 = 3;
/// Most that a capacity may be multiplied by.
const SCALE_MOST: f64 = 10.0;
/// Longest time that work may wait, h.
const DEADLINE_MOST_H: f64 = 168.0;
/// Dearest carbon dioxide, money a tonne.
const CARBON_MOST: f64 = 10_000.0;

/// What is asked of a dispatch. What is left out is as in the base.
#[derive(Deserialize, ToSchema)]
pub(super) struct WhatIf {
    /// First day; today if left out, or the same day of the base's own year.
    #[serde(default)]
    #[schema(example = "2027-07-02")]
    from: Option<String>,
    /// Days, 1 to 14; 3 if left out.
    #[serde(default)]
    days: Option<u32>,
    /// What capacities are multiplied by, 0 to 10: of generators, stores and halls, and of what grids give; by id.
    #[serde(default)]
    #[schema(example = json!({"pv": 1.5, "battery": 2}))]
    scales: BTreeMap<String, f64>,
    /// Hours that work of a class may wait, 0 to 168; by id.
    #[serde(default)]
    #[schema(example = json!({"batch": 48}))]
    deadlines_h: BTreeMap<String, f64>,
    /// What a tonne of direct carbon dioxide costs, 0 to 10,000 in the base's currency.
    #[serde(default)]
    carbon_price: Option<f64>,
}

/// Some days of a dispatch, solved now.
#[derive(Serialize, ToSchema)]
pub(super) struct WhatIfView {
    #[serde(flatten)]
    dispatch: DispatchView,
    /// First day of the base's period.
    period_from: String,
    /// Its last day.
    period_to: String,
    /// What is not measured; to be shown wherever the figures are.
    caveats: Vec<Sentence>,
    /// What may be otherwise, as it is in the base.
    levers: Vec<LeverView>,
}

/// Something that may be otherwise.
#[derive(Serialize, ToSchema)]
struct LeverView {
    /// Id of the unit or class; `carbon_price` for that.
    id: String,
    /// Its name.
    name: Sentence,
    /// `pv`, `wind`, `solar_field`, `hydro`, `fuel`, `store`, `import`, `hall`, `deadline`, `carbon_price`.
    kind: &'static str,
    /// Its value in the base.
    value: f64,
    /// Unit of the value.
    unit: String,
}

impl LeverView {
    fn of(lever: &Lever) -> LeverView {
        LeverView {
            id: lever.id.clone(),
            name: sentence(&lever.name),
            kind: lever.kind,
            value: lever.value,
            unit: lever.unit.clone(),
        }
    }
}

impl WhatIfView {
    fn of(found: &Dispatched) -> WhatIfView {
        let sources = Sources {
            plan: &found.plan,
            dispatch: &found.dispatch,
            tracing: Some(&found.tracing),
        };
        WhatIfView {
            dispatch: DispatchView::of(&sources, |_| true),
            period_from: found.period.0.to_string(),
            period_to: found.period.1.to_string(),
            caveats: found.caveats.iter().map(sentence).collect(),
            levers: found.levers.iter().map(LeverView::of).collect(),
        }
    }
}

impl WhatIf {
    /// As the planner is asked, if every number is one that it may be.
    fn wish(self, today: Date) -> Result<DispatchWish, ServerError> {
        let days = self.days.unwrap_or(DAYS);
        if !(1..=DAYS_MOST).contains(&days) {
            return Err(ServerError::wrong(
                "days",
                &days.to_string(),
                ("1 to 14", "1 至 14"),
            ));
        }
        within(
            "scales",
            self.scales.values(),
            SCALE_MOST,
            ("0 to 10", "0 至 10"),
        )?;
        let deadlines = self.deadlines_h.values();
        within(
            "deadlines_h",
            deadlines,
            DEADLINE_MOST_H,
            ("0 to 168", "0 至 168"),
        )?;
        let carbon = self.carbon_price.iter();
        within(
            "carbon_price",
            carbon,
            CARBON_MOST,
            ("0 to 10000", "0 至 10000"),
        )?;
        Ok(DispatchWish {
            from: day("from", self.from.as_deref())?,
            today,
            days,
            scales: self.scales,
            deadlines_h: self.deadlines_h,
            carbon_price: self.carbon_price,
        })
    }
}

fn within<'a>(
    name: &'static str,
    mut values: impl Iterator<Item = &'a f64>,
    most: f64,
    accepted: Both,
) -> Result<(), ServerError> {
    match values.find(|value| !(0.0..=most).contains(*value)) {
        Some(value) => Err(ServerError::wrong(name, &value.to_string(), accepted)),
        None => Ok(()),
    }
}

/// Some days of the dispatch, solved now: a window of the plan of the base's whole period, with what is asked for otherwise.
/// Nothing is kept. One is solved at a time.
#[utoipa::path(post, path = "/api/energy/dispatch", tag = "energy", request_body = WhatIf, responses(
    (status = 200, body = WhatIfView), (status = "4XX", body = Problem)
))]
pub(super) async fn what_if(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Body(asked): Body<WhatIf>,
) -> Result<Json<WhatIfView>, Problem> {
    caller.check_park(CONCERN)?;
    if house.dispatch.is_none() {
        return Err(ServerError::NoEnergy.into());
    }
    let wish = asked.wish(today(&house))?;
    let turn = house.turns.wait().await?;
    blocking(&house, move |house| {
        // Kept until it is solved, also where nobody waits for the answer any more.
        let _turn = turn;
        let dispatch = house.dispatch.as_ref().ok_or(ServerError::NoEnergy)?;
        let found = dispatch(&wish).map_err(first)?;
        Ok(Json(WhatIfView::of(&found)))
    })
    .await
}

/// The first of several problems, which is the one to mend first.
fn first(problems: Vec<Problem>) -> Problem {
    let mut problems = problems.into_iter();
    problems
        .next()
        .unwrap_or_else(|| ServerError::Failed.into())
}

/// The day that it is where the plant is.
fn today(house: &House) -> Date {
    let live = house.live();
    let base = live.lake.base.as_ref();
    let offset_h = base.map_or(0.0, |base| base.site.utc_offset_h);
    let there_us = house.now_us() + (offset_h * 3.6e9) as i64;
    let there = Timestamp::from_microsecond(there_us).unwrap_or_default();
    there.to_zoned(jiff::tz::TimeZone::UTC).date()
}
