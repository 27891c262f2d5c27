//! Signing in and out.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use saltern_records::{Act, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::Body;
use crate::access::{Caller, cookie_name, cookie_of};
use crate::audit::note;
use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;

/// How long a session lasts: a shift of twelve hours.
const LASTS_S: i64 = 12 * 3600;

/// Name and password.
#[derive(Deserialize, ToSchema)]
pub(super) struct SignIn {
    /// Name.
    name: String,
    /// Password.
    password: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Who {
    /// Name.
    name: String,
    /// `viewer`, `operator`, `engineer` or `admin`.
    #[schema(value_type = String)]
    role: Role,
    /// Enterprise; null for people of the whole park.
    tenant: Option<String>,
    /// What they may do.
    rights: Vec<crate::access::Right>,
    /// What changes from a browser carry in the header x-saltern-guard.
    guard: Option<String>,
}

impl Who {
    fn of(caller: &Caller) -> Who {
        Who {
            name: caller.name.clone(),
            role: caller.role,
            tenant: caller.tenant.clone(),
            rights: caller.rights.clone(),
            guard: caller.guard().map(String::from),
        }
    }
}

/// Sign in: answers with a cookie and the guard for changes.
#[utoipa::path(post, path = "/api/session", tag = "session", request_body = SignIn, responses(
    (status = 200, body = Who), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn sign_in(
    State(house): State<Arc<House>>,
    from: Option<Extension<ConnectInfo<SocketAddr>>>,
    Body(given): Body<SignIn>,
) -> Result<Response, Problem> {
    let from = from.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Extension(info)| {
        info.0.ip()
    });
    let allowed = house.limits.sign_in(from, &given.name);
    allowed.map_err(Problem::limited)?;
    let now_us = house.wall_us();
    let begun = house
        .ask(move |records| {
            let detail = serde_json::json!({ "from": from.to_string() }).to_string();
            let act = |who, tenant, action| Act {
                time_us: now_us,
                who,
                tenant,
                category: "access",
                action,
                object: "session",
                detail: &detail,
            };
            let Some(user) = records.check_password(&given.name, &given.password)? else {
                // A name that someone made up may be as long as a request.
                let who: String = given.name.chars().take(64).collect();
                records.audit(&act(&who, None, "session.refused"))?;
                return Ok(None);
            };
            records.audit(&act(&user.name, user.tenant.as_deref(), "session.begun"))?;
            let (secret, _) = records.begin_session(&user.name, now_us, LASTS_S * 1_000_000)?;
            Ok(Some(secret))
        })
        .await?;
    let secret = begun.ok_or(ServerError::Wrong)?;
    let name = cookie_name(&house);
    let secure = if house.encrypted { "; Secure" } else { "" };
    let cookie = format!(
        "{name}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={LASTS_S}{secure}",
        secret.reveal()
    );
    let cookie = HeaderValue::from_str(&cookie).map_err(|_| ServerError::Failed)?;
    let caller = Caller::by_session(&house, secret.reveal()).await?;
    let caller = caller.ok_or(ServerError::SignIn)?;
    Ok(([(header::SET_COOKIE, cookie)], Json(Who::of(&caller))).into_response())
}

/// Who is signed in, and what they may do.
#[utoipa::path(get, path = "/api/session", tag = "session", responses(
    (status = 200, body = Who), (status = "4XX", body = Problem)
))]
pub(super) async fn who(Extension(caller): Extension<Caller>) -> Json<Who> {
    Json(Who::of(&caller))
}

/// Sign out.
#[utoipa::path(delete, path = "/api/session", tag = "session", responses(
    (status = 204), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn sign_out(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    if let Some(secret) = cookie_of(&house, &headers) {
        let secret = secret.to_string();
        house
            .ask(move |records| records.end_session(&secret))
            .await?;
    }
    note(&house, &caller, "access", "session.ended", "session", "{}").await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A password in place of another.
#[derive(Deserialize, ToSchema)]
pub(super) struct Change {
    /// The old one.
    old: String,
    /// The new one, at least 12 characters.
    new: String,
}

/// Change one's own password; all sessions end.
#[utoipa::path(put, path = "/api/session/password", tag = "session", request_body = Change, responses(
    (status = 204), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn change_password(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Body(change): Body<Change>,
) -> Result<StatusCode, Problem> {
    let allowed = house
        .limits
        .sign_in(Ipv4Addr::UNSPECIFIED.into(), &caller.name);
    allowed.map_err(Problem::limited)?;
    let name = caller.name.clone();
    let right = house
        .ask(move |records| {
            let right = records.check_password(&name, &change.old)?.is_some();
            if right {
                records.set_password(&name, &change.new)?;
            }
            Ok(right)
        })
        .await?;
    if !right {
        return Err(ServerError::Wrong.into());
    }
    note(
        &house,
        &caller,
        "access",
        "password.changed",
        &caller.name,
        "{}",
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
