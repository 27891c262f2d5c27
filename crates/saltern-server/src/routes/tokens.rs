//! Tokens of programs.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_records::{NewToken, RecordsError, Token};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{At, Body};
use super::users::{administers, known};
use super::views::ms;
use crate::access::{Caller, Right};
use crate::audit::note;
use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;

/// Longest life of a token, days.
const MOST_DAYS: u32 = 366;

/// A token; its text is shown once, when it is made.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenView {
    /// Number.
    id: i64,
    /// What it is for.
    name: String,
    /// In whose name it acts.
    user: String,
    /// What it may be used for.
    scopes: Vec<String>,
    /// When it was made, milliseconds since 1970 UTC.
    created_ms: f64,
    /// When it ends.
    ends_ms: f64,
    /// When it was withdrawn.
    withdrawn_ms: Option<f64>,
    /// The token itself; only in the answer to making it.
    token: Option<String>,
}

impl TokenView {
    fn of(token: Token, text: Option<String>) -> TokenView {
        TokenView {
            id: token.id,
            name: token.name,
            user: token.user,
            scopes: token.scopes,
            created_ms: ms(token.created_us),
            ends_ms: ms(token.ends_us),
            withdrawn_ms: token.withdrawn_us.map(ms),
            token: text,
        }
    }
}

/// Tokens.
#[utoipa::path(get, path = "/api/tokens", tag = "people", responses(
    (status = 200, body = Vec<TokenView>), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Vec<TokenView>>, Problem> {
    let (tokens, users) = house
        .ask(|records| Ok((records.tokens()?, records.users()?)))
        .await?;
    let seen = tokens.into_iter().filter(|token| {
        let user = users.iter().find(|user| user.name == token.user);
        administers(&caller, user.and_then(|user| user.tenant.as_deref()))
    });
    Ok(Json(seen.map(|token| TokenView::of(token, None)).collect()))
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
pub(super) struct Wanted {
    /// What it is for.
    name: String,
    /// In whose name it acts.
    user: String,
    /// What it may be used for; it can never do more than its user.
    scopes: Vec<Right>,
    /// How long it lasts.
    #[schema(minimum = 1, maximum = 366)]
    days: u32,
}

/// Make a token; its text is in this answer and nowhere else.
#[utoipa::path(post, path = "/api/tokens", tag = "people", request_body = Wanted, responses(
    (status = 200, body = TokenView), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn add(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Body(wanted): Body<Wanted>,
) -> Result<Json<TokenView>, Problem> {
    if !(1..=MOST_DAYS).contains(&wanted.days) {
        return Err(ServerError::WrongValue {
            name: "days",
            value: wanted.days.to_string(),
            accepted: ("1 to 366", "1 至 366"),
        }
        .into());
    }
    known(&house, &caller, &wanted.user).await?;
    let now_us = house.wall_us();
    let new = NewToken {
        name: wanted.name.chars().take(200).collect(),
        user: wanted.user,
        scopes: wanted
            .scopes
            .iter()
            .map(|right| right.name().into())
            .collect(),
        ends_us: now_us + i64::from(wanted.days) * saltern_samples::bucket::DAY_US,
    };
    let detail = serde_json::json!({ "name": new.name, "scopes": new.scopes }).to_string();
    note(&house, &caller, "access", "token.made", &new.user, &detail).await?;
    let (text, token) = house
        .ask(move |records| records.add_token(&new, now_us))
        .await?;
    Ok(Json(TokenView::of(token, Some(text))))
}

/// Withdraw a token.
#[utoipa::path(delete, path = "/api/tokens/{id}", tag = "people",
    params(("id" = i64, Path, description = "Number of a token")),
    responses((status = 200, body = TokenView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn withdraw(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(id): At<i64>,
) -> Result<Json<TokenView>, Problem> {
    let token = house.ask(move |records| records.token(id)).await?;
    let user = known(&house, &caller, &token.user).await;
    user.map_err(|_| RecordsError::UnknownToken { id })?;
    note(
        &house,
        &caller,
        "access",
        "token.withdrawn",
        &token.user,
        &format!("{{\"id\":{id}}}"),
    )
    .await?;
    let now_us = house.wall_us();
    let token = house
        .ask(move |records| records.withdraw_token(id, now_us))
        .await?;
    Ok(Json(TokenView::of(token, None)))
}
