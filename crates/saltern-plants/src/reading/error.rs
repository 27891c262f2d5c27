//! What can be wrong with a plant's file.

use saltern_units::message::{Catalogue, Fields, Lang, Message};
use saltern_units::place::Place;
use saltern_units::quantity::UnitError;

use crate::flowsheet::FlowsheetError;
use crate::message::{catalogue, phrase};

/// What is wrong with a plant's file.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadingError {
    /// `plants.quantity`: a quantity that is none.
    Quantity {
        /// Where.
        place: Place,
        /// What is wrong with it.
        error: UnitError,
    },
    /// What the flowsheet cannot be.
    Flowsheet(FlowsheetError),
    /// `plants.entry`: an entry that is missing, unknown or not written as it must be.
    Entry {
        /// Where.
        place: Place,
        /// What is written; empty where it is missing.
        value: String,
        /// What is accepted.
        accepted: String,
    },
}

impl Message for ReadingError {
    fn code(&self) -> &'static str {
        match self {
            ReadingError::Quantity { .. } => "plants.quantity",
            ReadingError::Flowsheet(error) => error.code(),
            ReadingError::Entry { value, .. } if value.is_empty() => "plants.missing_entry",
            ReadingError::Entry { .. } => "plants.wrong_entry",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            ReadingError::Quantity { place, error } => vec![
                ("place", place.text(lang)),
                ("error", Message::text(error, lang)),
            ],
            ReadingError::Flowsheet(error) => error.fields(lang),
            ReadingError::Entry {
                place,
                value,
                accepted,
            } => {
                let mut fields = vec![
                    ("place", place.text(lang)),
                    ("accepted", phrase(accepted, lang)),
                ];
                if !value.is_empty() {
                    fields.push(("value", value.clone()));
                }
                fields
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        match self {
            ReadingError::Flowsheet(error) => error.catalogue(),
            ReadingError::Quantity { .. } | ReadingError::Entry { .. } => catalogue(),
        }
    }
}

impl std::fmt::Display for ReadingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Message::text(self, Lang::En))
    }
}

impl std::error::Error for ReadingError {}
