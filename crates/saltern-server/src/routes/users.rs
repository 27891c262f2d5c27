//! Users. An enterprise's administrators see and change its own people; those of the park everybody.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use saltern_records::{NewUser, RecordsError, Role, User};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{At, Body};
use super::views::ms;
use crate::access::Caller;
use crate::audit::note;
use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;

/// A user.
#[derive(Serialize, ToSchema)]
pub(super) struct UserView {
    /// Name.
    name: String,
    /// `viewer`, `operator`, `engineer` or `admin`.
    #[schema(value_type = String)]
    role: Role,
    /// Enterprise; null for people of the whole park.
    tenant: Option<String>,
    /// Whether they may sign in.
    active: bool,
    /// When they were added, milliseconds since 1970 UTC.
    created_ms: f64,
}

impl UserView {
    fn of(user: User) -> UserView {
        UserView {
            name: user.name,
            role: user.role,
            tenant: user.tenant,
            active: user.active,
            created_ms: ms(user.created_us),
        }
    }
}

/// Whether someone administers the people of an enterprise.
pub(super) fn administers(caller: &Caller, tenant: Option<&str>) -> bool {
    caller.tenant.is_none() || caller.tenant.as_deref() == tenant
}

/// A user whom the caller administers; others are as unknown as those who don't exist.
pub(super) async fn known(
    house: &Arc<House>,
    caller: &Caller,
    name: &str,
) -> Result<User, Problem> {
    let asked = name.to_string();
    let user = house.ask(move |records| records.user(&asked)).await?;
    if administers(caller, user.tenant.as_deref()) {
        return Ok(user);
    }
    let name = name.to_string();
    Err(RecordsError::UnknownUser { name }.into())
}

/// Users.
#[utoipa::path(get, path = "/api/users", tag = "people", responses(
    (status = 200, body = Vec<UserView>), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Vec<UserView>>, Problem> {
    let users = house.ask(|records| records.users()).await?;
    let seen = users
        .into_iter()
        .filter(|user| administers(&caller, user.tenant.as_deref()));
    Ok(Json(seen.map(UserView::of).collect()))
}

/// A user to be added.
#[derive(Deserialize, ToSchema)]
pub(super) struct Added {
    /// Name: 1 to 64 letters, digits, `.`, `-`, `_` or `@`.
    name: String,
    /// Password, at least 12 characters.
    password: String,
    /// `viewer`, `operator`, `engineer` or `admin`.
    #[schema(value_type = String)]
    role: Role,
    /// Enterprise; left out for people of the whole park.
    tenant: Option<String>,
}

/// Add a user.
#[utoipa::path(post, path = "/api/users", tag = "people", request_body = Added, responses(
    (status = 200, body = UserView), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn add(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Body(added): Body<Added>,
) -> Result<Json<UserView>, Problem> {
    if !administers(&caller, added.tenant.as_deref()) {
        return Err(ServerError::NotYours {
            who: caller.name,
            what: added.tenant.unwrap_or_else(|| "park".into()),
        }
        .into());
    }
    if let Some(tenant) = &added.tenant {
        let live = house.live();
        if !live.tenants().contains(tenant.as_str()) {
            return Err(ServerError::WrongValue {
                name: "tenant",
                value: tenant.clone(),
                accepted: ("an enterprise of assets.csv", "assets.csv 中的企业"),
            }
            .into());
        }
    }
    let detail = serde_json::json!({ "role": added.role, "tenant": added.tenant }).to_string();
    note(
        &house,
        &caller,
        "access",
        "user.added",
        &added.name,
        &detail,
    )
    .await?;
    let now_us = house.wall_us();
    let new = NewUser {
        name: added.name,
        password: added.password,
        role: added.role,
        tenant: added.tenant,
    };
    let user = house
        .ask(move |records| records.add_user(&new, now_us))
        .await?;
    Ok(Json(UserView::of(user)))
}

/// What changes about a user.
#[derive(Deserialize, ToSchema)]
pub(super) struct Changed {
    /// `viewer`, `operator`, `engineer` or `admin`; as it was if left out.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    /// Whether they may sign in; as it was if left out.
    active: Option<bool>,
}

/// Change a user's role, or whether they may sign in; their sessions end.
#[utoipa::path(patch, path = "/api/users/{name}", tag = "people", request_body = Changed,
    params(("name" = String, Path, description = "Name of a user")),
    responses((status = 200, body = UserView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn change(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
    Body(changed): Body<Changed>,
) -> Result<Json<UserView>, Problem> {
    let user = known(&house, &caller, &name).await?;
    let role = changed.role.unwrap_or(user.role);
    let active = changed.active.unwrap_or(user.active);
    let detail = serde_json::json!({ "role": role, "active": active }).to_string();
    note(&house, &caller, "access", "user.changed", &name, &detail).await?;
    let user = house
        .ask(move |records| records.change_user(&name, role, active))
        .await?;
    Ok(Json(UserView::of(user)))
}

/// A new password.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewPassword {
    /// At least 12 characters.
    password: String,
}

/// Give a user a new password; their sessions end.
#[utoipa::path(put, path = "/api/users/{name}/password", tag = "people", request_body = NewPassword,
    params(("name" = String, Path, description = "Name of a user")),
    responses((status = 204), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn set_password(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
    Body(new): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    known(&house, &caller, &name).await?;
    note(&house, &caller, "access", "password.set", &name, "{}").await?;
    house
        .ask(move |records| records.set_password(&name, &new.password))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
