//! Runs side by side.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_base::frame::{Frame, Values};
use saltern_run::{RunContents, compare as side};
use saltern_units::Lang;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CONCERN, length};
use crate::access::Caller;
use crate::house::House;
use crate::problem::{Problem, Sentence};
use crate::routes::closings::blocking;
use crate::routes::extract::Asked;
use crate::routes::views::number;

/// Most runs that are compared at once.
const MOST: usize = 6;

/// Which runs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Names with commas between them, two to six.
    #[param(example = "dry,wet")]
    runs: String,
}

/// Key figures of runs.
#[derive(Serialize, ToSchema)]
pub(crate) struct ComparisonView {
    /// Names of the runs.
    runs: Vec<String>,
    /// Figures.
    figures: Vec<ComparedView>,
}

/// A key figure.
#[derive(Serialize, ToSchema)]
struct ComparedView {
    /// What it is.
    name: Sentence,
    /// Unit.
    unit: String,
    /// Its value in each run; null where a run has none.
    values: Vec<Option<f64>>,
}

/// Key figures of runs, side by side.
#[utoipa::path(get, path = "/api/runs/compare", tag = "runs", params(Which), responses(
    (status = 200, body = ComparisonView), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(crate) async fn compare(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Asked(which): Asked<Which>,
) -> Result<Json<ComparisonView>, Problem> {
    caller.check_park(CONCERN)?;
    blocking(&house, move |house| {
        let mut runs: Vec<(String, Arc<RunContents>)> = Vec::new();
        for name in which
            .runs
            .split(',')
            .filter(|name| !name.is_empty())
            .take(MOST)
        {
            let run = house.runs.read(&house.runs.find(name)?)?;
            runs.push((name.into(), run));
        }
        let named: Vec<(String, &RunContents)> = runs
            .iter()
            .map(|(name, run)| (name.clone(), run.as_ref()))
            .collect();
        let frame = |lang| side::compare(&named, lang).map_err(|error| Problem::wrong(&error));
        let (en, zh) = (frame(Lang::En)?, frame(Lang::Zh)?);
        let text = |frame: &Frame, column: usize, row: usize| match &frame.columns[column].values {
            Values::Text(texts) => texts[row].clone(),
            _ => String::new(),
        };
        let value = |column: usize, row: usize| match &en.columns[column].values {
            Values::Number(values) => number(values[row]),
            _ => None,
        };
        let rows = length(&en);
        let figures = (0..rows).map(|row| ComparedView {
            name: Sentence {
                en: text(&en, 0, row),
                zh: text(&zh, 0, row),
            },
            unit: text(&en, 1, row),
            values: (2..en.columns.len())
                .map(|column| value(column, row))
                .collect(),
        });
        Ok(Json(ComparisonView {
            runs: named.iter().map(|(name, _)| name.clone()).collect(),
            figures: figures.collect(),
        }))
    })
    .await
}
