//! What was done, by whom.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_records::Link;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::Asked;
use super::views::ms;
use crate::access::Caller;
use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;

/// Which acts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only acts before this number.
    before: Option<i64>,
    /// Most acts; 100 if left out.
    #[param(minimum = 1, maximum = 10000)]
    most: Option<usize>,
}

/// An act.
#[derive(Serialize, ToSchema)]
pub(super) struct ActView {
    /// Number.
    sequence: i64,
    /// When, milliseconds since 1970 UTC.
    time_ms: f64,
    /// Who.
    who: String,
    /// Of which enterprise.
    tenant: Option<String>,
    /// `access`, `control`, `configuration`, `backup` or `error`.
    category: String,
    /// What.
    action: String,
    /// To what.
    object: String,
    /// The rest, as JSON.
    detail: String,
    /// Hash of this act and all before it. Keep one elsewhere, and you can tell later that nothing before it was changed.
    hash: String,
}

impl ActView {
    fn of(link: Link) -> ActView {
        ActView {
            sequence: link.sequence,
            time_ms: ms(link.time_us),
            who: link.who,
            tenant: link.tenant,
            category: link.category,
            action: link.action,
            object: link.object,
            detail: link.detail,
            hash: link.hash,
        }
    }
}

/// What was done, the latest first.
#[utoipa::path(get, path = "/api/audit", tag = "people", params(Which), responses(
    (status = 200, body = Vec<ActView>), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Asked(which): Asked<Which>,
) -> Result<Json<Vec<ActView>>, Problem> {
    let most = which.most.unwrap_or(100);
    if !(1..=10_000).contains(&most) {
        return Err(ServerError::WrongValue {
            name: "most",
            value: most.to_string(),
            accepted: ("1 to 10000", "1 至 10000"),
        }
        .into());
    }
    let tenant = caller.tenant;
    let links = house
        .ask(move |records| records.audited(which.before, tenant.as_deref(), most))
        .await?;
    Ok(Json(links.into_iter().map(ActView::of).collect()))
}

/// Whether the chain of acts holds.
#[derive(Serialize, ToSchema)]
pub(super) struct Chain {
    /// Whether it does.
    holds: bool,
    /// Acts from the first on that hold.
    acts: i64,
    /// The first that is not what it was.
    broken_at: Option<i64>,
}

/// Check that nothing was changed in what was written down.
#[utoipa::path(get, path = "/api/audit/check", tag = "people", responses(
    (status = 200, body = Chain), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn check(State(house): State<Arc<House>>) -> Result<Json<Chain>, Problem> {
    let checked = house.ask(|records| records.verify_audit()).await?;
    Ok(Json(match checked {
        Ok(acts) => Chain {
            holds: true,
            acts,
            broken_at: None,
        },
        Err(broken) => Chain {
            holds: false,
            acts: broken.sequence - 1,
            broken_at: Some(broken.sequence),
        },
    }))
}
