//! What is kept of a plant that is played, so that it goes on after a restart.

use std::io::ErrorKind;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::DemoError;
use crate::fault::Fault;
use crate::orders::SetPoint;

/// A world is a function of these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// First day that was marched, `2027-01-01`.
    pub(crate) first: String,
    /// An instant that the clock has not passed, µs since 1970.
    pub(crate) clock_us: i64,
    /// All faults there ever were.
    pub(crate) faults: Vec<Fault>,
    /// All set-points that were ever written.
    pub(crate) set_points: Vec<SetPoint>,
}

impl Record {
    /// What was kept; `None` where nothing was.
    pub(crate) fn read(path: &Path) -> Result<Option<Record>, DemoError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(wrong(path, &error.to_string())),
        };
        let record = serde_json::from_str(&text);
        record.map(Some).map_err(|e| wrong(path, &e.to_string()))
    }

    /// Keeps it, whole or not at all.
    pub(crate) fn write(&self, path: &Path) -> Result<(), DemoError> {
        let text = serde_json::to_string_pretty(self).map_err(|e| wrong(path, &e.to_string()))?;
        let beside = path.with_extension("json.new");
        let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
        written.map_err(|error| wrong(path, &error.to_string()))
    }
}

fn wrong(path: &Path, reason: &str) -> DemoError {
    DemoError::Record {
        path: path.display().to_string(),
        reason: reason.into(),
    }
}
