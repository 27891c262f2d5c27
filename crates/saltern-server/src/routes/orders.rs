//! Writes to the plant: off by default, within limits, with a reason, and where a tag is marked so with a second person.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_connect::ConnectError;
use saltern_records::{NewOrder, Order};
use saltern_samples::TagId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{At, Body};
use super::views::ms;
use crate::access::Caller;
use crate::audit::note;
use crate::error::ServerError;
use crate::house::House;
use crate::operation::Live;
use crate::problem::Problem;

/// How long an order waits for a second person: an hour.
const WAITS_US: i64 = 3_600_000_000;

/// A value for a tag.
#[derive(Deserialize, ToSchema)]
pub(super) struct Ordered {
    /// Id of a tag that may be written.
    tag: String,
    /// In its unit.
    value: f64,
    /// Why; not blank.
    why: String,
}

/// An order.
#[derive(Serialize, ToSchema)]
pub(super) struct OrderView {
    /// Number; null for one that was carried out at once.
    id: Option<i64>,
    /// Id of the tag.
    tag: String,
    /// In its unit.
    value: f64,
    /// Why.
    why: String,
    /// Who ordered it.
    who: String,
    /// Until when it waits, milliseconds since 1970 UTC.
    ends_ms: Option<f64>,
    /// `waiting`, `agreed` or `refused`.
    standing: &'static str,
    /// The second person.
    second: Option<String>,
}

impl OrderView {
    fn of(order: Order) -> OrderView {
        OrderView {
            id: Some(order.id),
            tag: order.tag,
            value: order.value,
            why: order.why,
            who: order.who,
            ends_ms: Some(ms(order.ends_us)),
            standing: order.standing.name(),
            second: order.second,
        }
    }
}

/// Orders that wait for a second person.
#[utoipa::path(get, path = "/api/orders", tag = "orders", responses(
    (status = 200, body = Vec<OrderView>), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn waiting(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Vec<OrderView>>, Problem> {
    let now_us = house.wall_us();
    let orders = house
        .ask(move |records| records.orders_waiting(now_us))
        .await?;
    let live = house.live();
    let seen = orders
        .into_iter()
        .filter(|order| caller.row(&live, &order.tag).is_ok());
    Ok(Json(seen.map(OrderView::of).collect()))
}

/// Order a write to the plant. Carried out at once, or when a second person agrees.
#[utoipa::path(post, path = "/api/orders", tag = "orders", request_body = Ordered, responses(
    (status = 200, body = OrderView), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn order(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Body(ordered): Body<Ordered>,
) -> Result<Json<OrderView>, Problem> {
    let live = house.live();
    let two = check(&house, &live, &caller, &ordered.tag, ordered.value)?;
    if ordered.why.trim().is_empty() {
        return Err(ServerError::NoReason { tag: ordered.tag }.into());
    }
    let detail = serde_json::json!({ "value": ordered.value, "why": ordered.why }).to_string();
    let action = if two { "tag.ordered" } else { "tag.written" };
    note(&house, &caller, "control", action, &ordered.tag, &detail).await?;
    if !two {
        carry_out(&house, &live, &caller, &ordered.tag, ordered.value).await?;
        return Ok(Json(OrderView {
            id: None,
            tag: ordered.tag,
            value: ordered.value,
            why: ordered.why,
            who: caller.name,
            ends_ms: None,
            standing: "agreed",
            second: None,
        }));
    }
    let now_us = house.wall_us();
    let made = house
        .ask(move |records| {
            let new = NewOrder {
                tag: &ordered.tag,
                value: ordered.value,
                why: &ordered.why,
                who: &caller.name,
                ends_us: now_us + WAITS_US,
            };
            records.add_order(&new, now_us)
        })
        .await?;
    Ok(Json(OrderView::of(made)))
}

/// What a second person says.
#[derive(Deserialize, ToSchema)]
pub(super) struct Decision {
    /// Whether they agree.
    agrees: bool,
}

/// Agree to an order of someone else, or refuse it; one's own may be refused, which takes it back.
#[utoipa::path(post, path = "/api/orders/{id}/decision", tag = "orders", request_body = Decision,
    params(("id" = i64, Path, description = "Number of an order")),
    responses((status = 200, body = OrderView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn decide(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(id): At<i64>,
    Body(decision): Body<Decision>,
) -> Result<Json<OrderView>, Problem> {
    let order = house.ask(move |records| records.order(id)).await?;
    let live = house.live();
    // The base may have changed since it was ordered.
    check(&house, &live, &caller, &order.tag, order.value)?;
    let (who, now_us) = (caller.name.clone(), house.wall_us());
    let detail = serde_json::json!({ "order": id, "agrees": decision.agrees }).to_string();
    note(
        &house,
        &caller,
        "control",
        "order.decided",
        &order.tag,
        &detail,
    )
    .await?;
    let decided = house
        .ask(move |records| records.decide_order(id, &who, decision.agrees, now_us))
        .await?;
    if decision.agrees {
        carry_out(&house, &live, &caller, &decided.tag, decided.value).await?;
    }
    Ok(Json(OrderView::of(decided)))
}

/// Whether a second person must agree, where the write may be at all.
fn check(
    house: &House,
    live: &Live,
    caller: &Caller,
    id: &str,
    value: f64,
) -> Result<bool, ServerError> {
    let row = caller.row(live, id)?;
    caller.check_handles(live, row)?;
    if !house.allow_writes {
        return Err(ServerError::WritesOff);
    }
    let tag = || id.to_string();
    let writing = live.tag(row).writing;
    let writing = writing.ok_or_else(|| ServerError::NotWritable { tag: tag() })?;
    // A value that is no number is outside any limits.
    if !(writing.low..=writing.high).contains(&value) {
        return Err(ServerError::OutOfLimits {
            tag: tag(),
            value,
            low: writing.low,
            high: writing.high,
        });
    }
    Ok(writing.two_persons)
}

async fn carry_out(
    house: &Arc<House>,
    live: &Live,
    caller: &Caller,
    id: &str,
    value: f64,
) -> Result<(), Problem> {
    let row = caller.row(live, id)?;
    let no_way = || ConnectError::NoWay { tag: id.into() };
    let connections = house.connections().ok_or_else(no_way)?;
    let done = connections.write(TagId(row), value).await;
    if let Err(error) = &done {
        let detail = serde_json::json!({ "code": error.code(), "value": value }).to_string();
        note(house, caller, "error", "write.failed", id, &detail).await?;
    }
    Ok(done?)
}
