//! A run as files: its report, its tables as a workbook.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use saltern_run::{export, report as page};
use saltern_units::Lang;
use serde::Deserialize;
use utoipa::IntoParams;

use super::CONCERN;
use crate::access::Caller;
use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;
use crate::routes::closings::blocking;
use crate::routes::extract::{Asked, At};

/// What a report may load: nothing. Its styles and drawings are within it.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// In which language.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// `en` or `zh`; English if left out.
    lang: Option<String>,
}

impl Which {
    fn lang(&self) -> Result<Lang, ServerError> {
        match self.lang.as_deref() {
            None | Some("en") => Ok(Lang::En),
            Some("zh") => Ok(Lang::Zh),
            Some(other) => Err(ServerError::WrongValue {
                name: "lang",
                value: other.into(),
                accepted: ("en, zh", "en, zh"),
            }),
        }
    }
}

/// The report of a run, a page.
#[utoipa::path(get, path = "/api/runs/{name}/report", tag = "runs",
    params(("name" = String, Path, description = "Name of a run"), Which),
    responses((status = 200, body = String, content_type = "text/html"), (status = "4XX", body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn report(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
    Asked(which): Asked<Which>,
) -> Result<Response, Problem> {
    caller.check_park(CONCERN)?;
    let lang = which.lang()?;
    blocking(&house, move |house| {
        let run = house.runs.read(&house.runs.find(&name)?)?;
        let text = page::html(&run, lang).map_err(|error| Problem::wrong(&error))?;
        let heads = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        Ok((heads, text).into_response())
    })
    .await
}

/// As what.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileKind {
    /// `csv` or `parquet`; CSV if left out.
    form: Option<String>,
}

/// Which table.
#[derive(Deserialize)]
pub(crate) struct OfRun {
    /// Name of the run.
    name: String,
    /// Name of the table.
    table: String,
}

/// A table of a run as a file.
#[utoipa::path(get, path = "/api/runs/{name}/tables/{table}", tag = "runs",
    params(("name" = String, Path, description = "Name of a run"), ("table" = String, Path, description = "Name of a table"), FileKind),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = "4XX", body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn table(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(of): At<OfRun>,
    Asked(form): Asked<FileKind>,
) -> Result<Response, Problem> {
    caller.check_park(CONCERN)?;
    blocking(&house, move |house| {
        let OfRun { name, table } = of;
        let run = house.runs.read(&house.runs.find(&name)?)?;
        let frame = export::frames(&run)
            .into_iter()
            .find(|frame| frame.name == table);
        let Some(frame) = frame else {
            return Err(ServerError::UnknownTable { run: name, table }.into());
        };
        let (bytes, kind, ending) = match form.form.as_deref() {
            None | Some("csv") => (export::csv_bytes(&frame), "text/csv; charset=utf-8", "csv"),
            Some("parquet") => (
                export::parquet_bytes(&frame),
                "application/vnd.apache.parquet",
                "parquet",
            ),
            Some(other) => {
                return Err(ServerError::WrongValue {
                    name: "form",
                    value: other.into(),
                    accepted: ("csv, parquet", "csv, parquet"),
                }
                .into());
            }
        };
        let bytes = bytes.map_err(|error| Problem::wrong(&error))?;
        let file = format!("attachment; filename=\"{name}-{table}.{ending}\"");
        let heads = [
            (header::CONTENT_TYPE, kind.to_string()),
            (header::CONTENT_DISPOSITION, file),
        ];
        Ok((heads, bytes).into_response())
    })
    .await
}

/// The tables of a run as a workbook, a sheet each.
#[utoipa::path(get, path = "/api/runs/{name}/export.xlsx", tag = "runs",
    params(("name" = String, Path, description = "Name of a run")),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn workbook(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
) -> Result<Response, Problem> {
    caller.check_park(CONCERN)?;
    blocking(&house, move |house| {
        let run = house.runs.read(&house.runs.find(&name)?)?;
        let bytes =
            export::xlsx_bytes(&export::frames(&run)).map_err(|error| Problem::wrong(&error))?;
        let file = format!("attachment; filename=\"{name}.xlsx\"");
        let heads = [
            (header::CONTENT_TYPE, XLSX.to_string()),
            (header::CONTENT_DISPOSITION, file),
        ];
        Ok((heads, bytes).into_response())
    })
    .await
}
