//! All ways in, each with what it needs.

mod alarms;
mod assays;
mod audit;
mod base;
mod closings;
mod demo;
mod diagrams;
mod energy;
mod estimates;
mod extract;
mod jobs;
mod orders;
mod plants;
mod runs;
mod samples;
mod session;
mod stream;
mod system;
mod tokens;
mod users;
mod values;
mod views;

use std::sync::Arc;

use axum::http::{Method, Uri};
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::routes;

use crate::access::{COOKIE, Doors, Needs, Right};
use crate::error::ServerError;
use crate::house::House;
use crate::pages;
use crate::problem::Problem;

/// Most bytes of a request.
pub(crate) const MOST_BYTES: usize = 16 << 20;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Saltern",
        description = "An operating salt-lake base: tags, values, alarms, orders, people.\n\nSign in with POST /api/session; changes \
                       then carry the session's guard in the header x-saltern-guard. Programs use tokens: Authorization: Bearer \
                       saltern_…. Each operation says in x-needs which right it needs. Times are milliseconds since 1970 UTC or \
                       RFC 3339 texts; values are in the unit of their tag; null is no value.",
        license(name = "Apache-2.0 OR MIT")
    ),
    components(schemas(Problem))
)]
struct Api;

/// The description of all that a server answers.
pub fn describe() -> utoipa::openapi::OpenApi {
    doors(None).into_parts().1
}

/// All ways in, each with what it needs.
fn doors(house: Option<Arc<House>>) -> Doors {
    let look = Needs::Right(Right::Look);
    let answer = Needs::Right(Right::Answer);
    let write = Needs::Right(Right::Write);
    let arrange = Needs::Right(Right::Arrange);
    let administer = Needs::Right(Right::Administer);
    Doors::new(house, api())
        .door(Needs::Nothing, routes!(system::healthz))
        .door(Needs::Nothing, routes!(system::metrics))
        .door(Needs::Nothing, routes!(session::sign_in))
        .door(Needs::Someone, routes!(session::who))
        .door(Needs::Someone, routes!(session::sign_out))
        .door(Needs::Someone, routes!(session::change_password))
        .door(look, routes!(base::base))
        .door(look, routes!(base::tags))
        .door(look, routes!(values::latest))
        .door(look, routes!(values::trend))
        .door(look, routes!(values::series))
        .door(look, routes!(stream::stream))
        .door(Needs::Right(Right::Send), routes!(samples::send))
        .door(look, routes!(alarms::list))
        .door(look, routes!(alarms::journal))
        .door(look, routes!(alarms::figures))
        .door(answer, routes!(alarms::answer))
        .door(arrange, routes!(alarms::service))
        .door(look, routes!(orders::waiting))
        .door(write, routes!(orders::order))
        .door(write, routes!(orders::decide))
        .door(look, routes!(assays::list))
        .door(answer, routes!(assays::enter))
        .door(answer, routes!(assays::decide))
        .door(look, routes!(estimates::latest))
        .door(look, routes!(estimates::forecast))
        .door(arrange, routes!(estimates::make))
        .door(look, routes!(closings::list))
        .door(look, routes!(closings::one))
        .door(arrange, routes!(closings::lock))
        .door(arrange, routes!(closings::restate))
        .door(look, routes!(runs::list))
        .door(look, routes!(runs::compare::compare))
        .door(look, routes!(runs::one))
        .door(arrange, routes!(runs::remove))
        .door(arrange, routes!(runs::rename))
        .door(look, routes!(runs::circulation::circulation))
        .door(look, routes!(runs::accounts::accounts))
        .door(look, routes!(runs::series::series))
        .door(look, routes!(runs::production::production))
        .door(look, routes!(runs::dispatch::dispatch))
        .door(look, routes!(runs::files::report))
        .door(look, routes!(runs::files::workbook))
        .door(look, routes!(runs::files::table))
        .door(look, routes!(jobs::list))
        .door(arrange, routes!(jobs::begin))
        .door(arrange, routes!(jobs::cancel))
        .door(look, routes!(energy::what_if))
        .door(look, routes!(plants::list))
        .door(look, routes!(plants::one))
        .door(look, routes!(diagrams::diagram))
        .door(look, routes!(diagrams::brine))
        .door(look, routes!(demo::status))
        .door(arrange, routes!(demo::begin))
        .door(arrange, routes!(demo::end))
        .door(arrange, routes!(demo::set_speed))
        .door(look, routes!(system::system))
        .door(administer, routes!(system::back_up))
        .door(administer, routes!(users::list))
        .door(administer, routes!(users::add))
        .door(administer, routes!(users::change))
        .door(administer, routes!(users::set_password))
        .door(administer, routes!(tokens::list))
        .door(administer, routes!(tokens::add))
        .door(administer, routes!(tokens::withdraw))
        .door(administer, routes!(audit::list))
        .door(administer, routes!(audit::check))
}

/// The router and the description of what it serves.
pub(crate) fn router(house: Arc<House>) -> (Router, utoipa::openapi::OpenApi) {
    let (router, described) = doors(Some(Arc::clone(&house))).into_parts();
    let api = described.clone();
    let files = house.console;
    let openapi = get(move || std::future::ready(Json(api.clone())));
    let router = router
        .route("/api/openapi.json", openapi)
        .merge(pages::router(files))
        .fallback(move |request| pages::fallback(files, request))
        .method_not_allowed_fallback(wrong_method)
        .with_state(house);
    (router, described)
}

fn api() -> utoipa::openapi::OpenApi {
    let mut api = Api::openapi();
    let components = api.components.get_or_insert_default();
    components.add_security_scheme(
        "token",
        SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
    );
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE))),
    );
    api
}

async fn wrong_method(uri: Uri, _method: Method) -> Problem {
    let path = uri.path().to_string();
    ServerError::WrongMethod { path }.into()
}
