//! Series of a run: columns of one unit, day by day.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use jiff::civil::Date;
use saltern_base::frame::{Frame, Values};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CONCERN, length};
use crate::access::Caller;
use crate::house::House;
use crate::problem::Problem;
use crate::routes::closings::{blocking, day};
use crate::routes::extract::{Asked, At};
use crate::routes::views::number;

/// Columns that say what a row is of.
const OF: [&str; 6] = ["pond", "plant", "stage", "product", "series", "consumer"];
/// Columns that say when a row is: a day, or a moment of one.
const WHEN: [&str; 3] = ["date", "day", "time"];

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Name of the series, as the run lists them: `ponds`, `floor`, `plants`, `months_ahead_bands`; `ponds` if left out.
    frame: Option<String>,
    /// Id of the pond, plant, stage, forecast series or consumer, or the product; all rows if left out.
    of: Option<String>,
    /// First day; that of the series if left out.
    from: Option<String>,
    /// Last day; that of the series if left out.
    to: Option<String>,
}

/// Columns of equal length.
#[derive(Serialize, ToSchema)]
#[schema(as = RunSeriesView)]
pub(crate) struct SeriesView {
    /// Columns; none where the run has no such series.
    columns: Vec<ColumnView>,
}

/// A column: numbers or texts.
#[derive(Serialize, ToSchema)]
struct ColumnView {
    /// Name.
    name: String,
    /// Unit; blank for days and texts.
    unit: String,
    /// Numbers; empty for a column of texts.
    numbers: Vec<Option<f64>>,
    /// Texts and days; empty for a column of numbers.
    texts: Vec<String>,
}

/// Series of a run.
#[utoipa::path(get, path = "/api/runs/{name}/series", tag = "runs",
    params(("name" = String, Path, description = "Name of a run"), Which),
    responses((status = 200, body = SeriesView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn series(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
    Asked(which): Asked<Which>,
) -> Result<Json<SeriesView>, Problem> {
    caller.check_park(CONCERN)?;
    let days = (
        day("from", which.from.as_deref())?,
        day("to", which.to.as_deref())?,
    );
    blocking(&house, move |house| {
        let run = house.runs.read(&house.runs.find(&name)?)?;
        let frame = run.frame(
            which
                .frame
                .as_deref()
                .unwrap_or(saltern_run::columns::PONDS),
        );
        let of = which.of.as_deref();
        let columns = frame.map_or_else(Vec::new, |frame| columns(frame, of, days));
        Ok(Json(SeriesView { columns }))
    })
    .await
}

fn columns(frame: &Frame, of: Option<&str>, days: (Option<Date>, Option<Date>)) -> Vec<ColumnView> {
    let ids = frame
        .columns
        .iter()
        .find(|column| OF.contains(&column.name.as_str()));
    let when = frame
        .columns
        .iter()
        .find(|column| WHEN.contains(&column.name.as_str()));
    let is_within = |row: usize| {
        let day = when.and_then(|column| day_of(&column.values, row));
        day.is_none_or(|day| {
            days.0.is_none_or(|from| day >= from) && days.1.is_none_or(|to| day <= to)
        })
    };
    let is_wanted = |row: usize| match (of, ids.map(|ids| &ids.values)) {
        (Some(of), Some(Values::Text(ids))) => ids[row] == of,
        (of, _) => of.is_none(),
    };
    let rows: Vec<usize> = (0..length(frame))
        .filter(|row| is_wanted(*row) && is_within(*row))
        .collect();
    let view = |column: &saltern_base::frame::Column| {
        let (mut numbers, mut texts) = (Vec::new(), Vec::new());
        for &row in &rows {
            match &column.values {
                Values::Number(v) => numbers.push(number(v[row])),
                Values::Integer(v) => numbers.push(number(v[row] as f64)),
                Values::Text(v) => texts.push(v[row].clone()),
                Values::Date(v) => texts.push(v[row].to_string()),
            }
        }
        ColumnView {
            name: column.name.clone(),
            unit: column.unit.clone(),
            numbers,
            texts,
        }
    };
    frame.columns.iter().map(view).collect()
}

/// The day of a row; moments are texts that begin with theirs.
fn day_of(values: &Values, row: usize) -> Option<Date> {
    match values {
        Values::Date(days) => Some(days[row]),
        Values::Text(texts) => texts[row].get(..10)?.parse().ok(),
        _ => None,
    }
}
