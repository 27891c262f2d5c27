//! Ways in. A door joins a route to what it needs; the check is a part of the door, and the description of the API says it.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::caller::Caller;
use super::right::Right;
use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;

/// What a door needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing: health, metrics, the description of the API, signing in.
    Nothing,
    /// Someone, whoever it is.
    Someone,
    /// A right.
    Right(Right),
}

impl Needs {
    fn name(self) -> &'static str {
        match self {
            Needs::Nothing => "nothing",
            Needs::Someone => "someone",
            Needs::Right(right) => right.name(),
        }
    }
}

/// All ways in.
pub(crate) struct Doors {
    /// Without a house the doors are described and lead nowhere.
    house: Option<Arc<House>>,
    router: OpenApiRouter<Arc<House>>,
}

impl Doors {
    pub(crate) fn new(house: Option<Arc<House>>, api: utoipa::openapi::OpenApi) -> Doors {
        Doors {
            house,
            router: OpenApiRouter::with_openapi(api),
        }
    }

    /// Adds a door.
    pub(crate) fn door(mut self, needs: Needs, ways: UtoipaMethodRouter<Arc<House>>) -> Doors {
        let (schemas, mut paths, methods) = ways;
        for (path, item) in &mut paths.paths {
            describe(path, item, needs);
        }
        let methods = match &self.house {
            Some(house) => {
                let state = (Arc::clone(house), needs);
                methods.route_layer(middleware::from_fn_with_state(state, check))
            }
            None => methods,
        };
        self.router = self.router.routes((schemas, paths, methods));
        self
    }

    pub(crate) fn into_parts(self) -> (axum::Router<Arc<House>>, utoipa::openapi::OpenApi) {
        self.router.split_for_parts()
    }
}

/// Writes what a door needs into the description of the API, and a name of its own for each way: clients are made from it.
fn describe(path: &str, item: &mut utoipa::openapi::path::PathItem, needs: Needs) {
    use utoipa::openapi::extensions::ExtensionsBuilder;
    use utoipa::openapi::security::SecurityRequirement;
    let operations = [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("delete", &mut item.delete),
        ("patch", &mut item.patch),
    ];
    for (method, operation) in operations {
        let Some(operation) = operation else {
            continue;
        };
        operation.operation_id = Some(name(method, path));
        let extensions = ExtensionsBuilder::new()
            .add("x-needs", needs.name())
            .build();
        operation
            .extensions
            .get_or_insert_default()
            .merge(extensions);
        if needs == Needs::Nothing {
            continue;
        }
        let none: [&str; 0] = [];
        operation.security = Some(vec![
            SecurityRequirement::new("token", none),
            SecurityRequirement::new("session", none),
        ]);
    }
}

/// `post_alarms_id_answer` for `POST /api/alarms/{id}/answer`.
fn name(method: &str, path: &str) -> String {
    let parts = path.split(['/', '{', '}']);
    let parts = parts.filter(|part| !part.is_empty() && *part != "api");
    parts.fold(method.to_string(), |name, part| format!("{name}_{part}"))
}

/// Lets a request through or says why not.
async fn check(State(state): State<(Arc<House>, Needs)>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let way = request.extensions().get::<MatchedPath>().cloned();
    let (who, response) = pass(state, request, next).await;
    let status = response.status().as_u16();
    let way = way.as_ref().map_or("", MatchedPath::as_str);
    let ms = begun.elapsed().as_secs_f64() * 1e3;
    let who = who.unwrap_or_default();
    tracing::info!(%method, way, who, status, ms, "request");
    response
}

/// The answer to a request, and who asked.
async fn pass(
    (house, needs): (Arc<House>, Needs),
    mut request: Request,
    next: Next,
) -> (Option<String>, Response) {
    house.tally.requests.fetch_add(1, Relaxed);
    if needs == Needs::Nothing {
        return (None, next.run(request).await);
    }
    // A request's body is not to be held while waiting.
    let (method, headers) = (request.method().clone(), request.headers().clone());
    match admit(&house, needs, &method, &headers).await {
        Ok(caller) => {
            let who = caller.name.clone();
            request.extensions_mut().insert(caller);
            (Some(who), next.run(request).await)
        }
        Err(problem) => {
            house.tally.denied.fetch_add(1, Relaxed);
            (None, problem.into_response())
        }
    }
}

async fn admit(
    house: &Arc<House>,
    needs: Needs,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Caller, Problem> {
    let caller = Caller::of(house, headers).await?;
    let caller = caller.ok_or(ServerError::SignIn)?;
    let limited = house.limits.request(&caller.name, !method.is_safe());
    limited.map_err(Problem::limited)?;
    if !caller.may_change(method, headers) {
        return Err(ServerError::NoGuard.into());
    }
    match needs {
        Needs::Right(right) if !caller.rights.contains(&right) => Err(ServerError::NotAllowed {
            who: caller.name,
            needs: right,
        }
        .into()),
        _ => Ok(caller),
    }
}
