//! What a reader of a reconciliation should know beside its figures.

use crate::error::shown;
use crate::message::catalogue;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};

/// A notice that travels with a reconciliation.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// `reconcile.gross_error`: a measurement taken out.
    GrossError {
        /// The measurement.
        id: String,
        /// Its test statistic.
        z: f64,
        /// What was accepted.
        limit: f64,
    },
    /// `reconcile.indistinguishable`.
    Indistinguishable {
        /// The measurement taken out.
        id: String,
        /// Those whose errors look the same.
        others: Vec<String>,
    },
    /// `reconcile.blind`: a meter that the balances hardly check.
    Blind {
        /// The meter.
        id: String,
        /// Smallest error that would be found, in standard deviations.
        sigmas: f64,
    },
    /// `reconcile.unobservable`.
    Unobservable {
        /// The quantity.
        id: String,
    },
    /// `reconcile.negative`.
    Negative {
        /// The quantity.
        id: String,
        /// Its reconciled value.
        value: f64,
    },
}

impl Notice {
    /// The sentence in a language.
    pub fn text(&self, lang: Lang) -> String {
        Message::text(self, lang)
    }
}

impl Message for Notice {
    fn code(&self) -> &'static str {
        match self {
            Notice::GrossError { .. } => "reconcile.gross_error",
            Notice::Indistinguishable { .. } => "reconcile.indistinguishable",
            Notice::Blind { .. } => "reconcile.blind",
            Notice::Unobservable { .. } => "reconcile.unobservable",
            Notice::Negative { .. } => "reconcile.negative",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            Notice::GrossError { id, z, limit } => vec![
                ("id", id.clone()),
                ("z", format!("{z:.2}")),
                ("limit", format!("{limit:.2}")),
            ],
            Notice::Indistinguishable { id, others } => {
                vec![("id", id.clone()), ("others", lang.list(others))]
            }
            Notice::Blind { id, sigmas } => {
                vec![("id", id.clone()), ("bias", format!("{sigmas:.0}"))]
            }
            Notice::Unobservable { id } => vec![("id", id.clone())],
            Notice::Negative { id, value } => {
                vec![("id", id.clone()), ("value", shown(*value))]
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}
