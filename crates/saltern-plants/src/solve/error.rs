//! Why there is no steady state to show.

use saltern_units::message::{Catalogue, Fields, Lang, Message};
use saltern_units::quantity::significant;

use super::TOLERANCE;
use crate::message::catalogue;
use crate::operation::UnitError;
use crate::settings::SettingError;

/// Why a flowsheet has no steady state to show.
#[derive(Clone, Debug, PartialEq)]
pub enum SolveError {
    /// `plants.unit_failed`
    Unit {
        /// Id of the unit.
        unit: String,
        /// Why.
        error: UnitError,
    },
    /// `plants.not_converged`
    NotConverged {
        /// Ids of the torn streams, each with its residual.
        tears: Vec<(String, f64)>,
        /// Largest residual.
        residual: f64,
        /// Passes made.
        passes: u32,
        /// Unit and quantity of the largest residual.
        worst: String,
        /// The last failure of a unit on the way, if any.
        failure: Option<Box<SolveError>>,
    },
    /// `plants.not_closed`
    NotClosed {
        /// Id of the unit.
        unit: String,
        /// Element.
        element: String,
        /// Missing share.
        error: f64,
    },
    /// `plants.spec_not_reached`
    SpecNotReached {
        /// Id of the spec.
        spec: String,
        /// Target.
        asked: f64,
        /// What was changed.
        manipulated: String,
        /// Between what.
        range: (f64, f64),
        /// What the measure did.
        reached: (f64, f64),
    },
    /// A design spec sets what cannot be set.
    Setting(SettingError),
}

impl Message for SolveError {
    fn code(&self) -> &'static str {
        match self {
            SolveError::Unit { .. } => "plants.unit_failed",
            SolveError::NotConverged { .. } => "plants.not_converged",
            SolveError::NotClosed { .. } => "plants.not_closed",
            SolveError::SpecNotReached { .. } => "plants.spec_not_reached",
            SolveError::Setting(error) => error.code(),
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            SolveError::Unit { unit, error } => {
                vec![
                    ("unit", unit.clone()),
                    ("error", Message::text(error, lang)),
                ]
            }
            SolveError::NotConverged {
                tears,
                residual,
                passes,
                worst,
                ..
            } => {
                let tears = tears.iter().map(|(id, r)| format!("{id} ({r:.1e})"));
                vec![
                    ("tears", lang.list(&tears.collect::<Vec<_>>())),
                    ("residual", format!("{residual:.1e}")),
                    ("tolerance", format!("{TOLERANCE:.0e}")),
                    ("passes", passes.to_string()),
                    ("worst", worst.clone()),
                ]
            }
            SolveError::NotClosed {
                unit,
                element,
                error,
            } => vec![
                ("unit", unit.clone()),
                ("element", element.clone()),
                ("error", format!("{error:.1e}")),
            ],
            SolveError::SpecNotReached {
                spec,
                asked,
                manipulated,
                range,
                reached,
            } => vec![
                ("spec", spec.clone()),
                ("asked", significant(*asked, 6)),
                ("manipulated", manipulated.clone()),
                ("lowest", significant(range.0, 6)),
                ("highest", significant(range.1, 6)),
                ("least", significant(reached.0, 6)),
                ("most", significant(reached.1, 6)),
            ],
            SolveError::Setting(error) => error.fields(lang),
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl std::fmt::Display for SolveError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Message::text(self, Lang::En))
    }
}

impl std::error::Error for SolveError {}
