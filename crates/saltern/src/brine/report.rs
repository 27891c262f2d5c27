//! Rows that failed: counted while the table is written, told at its end.

use std::sync::Mutex;

use saltern_brine::equilibrium::BrineError;
use saltern_units::Lang;
use saltern_units::message::Message;
use saltern_units::place::Place;

use crate::failure::{CliError, Failure};

/// Rows whose equilibrium was not found. They stand in the table with blank values, and the command
/// ends with exit code 1.
#[derive(Default)]
pub(crate) struct Failed(Mutex<Vec<(Place, BrineError)>>);

impl Failed {
    /// Notes a row; gives the text for its `notices` cell.
    pub(crate) fn note(&self, place: &Place, error: BrineError, lang: Lang) -> String {
        let text = error.text(lang);
        // A poisoned lock means that another thread panicked, which ends the program anyway.
        if let Ok(mut failed) = self.0.lock() {
            failed.push((place.clone(), error));
        }
        text
    }

    /// An error if any row failed.
    pub(crate) fn into_result(self, rows: usize) -> Result<(), Failure> {
        let failed = self.0.into_inner().unwrap_or_default();
        let count = failed.len();
        match failed.into_iter().min_by_key(|(place, _)| place.row) {
            None => Ok(()),
            Some((place, error)) => Err(CliError::NotConverged {
                place,
                failed: count,
                rows,
                error,
            }
            .into()),
        }
    }
}
