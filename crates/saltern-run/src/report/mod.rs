//! The report: one page that tells a pond planner what the run says and how far to believe it.

use saltern_units::Lang;

use crate::contents::RunContents;
use crate::error::RunError;

/// The report of a run as a self-contained HTML page.
pub fn html(run: &RunContents, _lang: Lang) -> Result<String, RunError> {
    Ok(format!("<!doctype html><title>{}</title>", run.meta.base))
}
