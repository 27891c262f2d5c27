//! What is wrong with pilot data, or why they cannot be fitted.

use saltern_units::message::{Catalogue, Fields, Lang, Message};
use saltern_units::place::Place;
use saltern_units::table::TableError;

use crate::message::catalogue;
use crate::settings::SettingError;
use crate::solve::SolveError;

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum FitError {
    /// A cell of a table.
    Table(TableError),
    /// A value of a run that its unit refuses.
    Setting {
        /// The cell.
        place: Place,
        /// Why.
        error: SettingError,
    },
    /// `pilot.unknown_column`
    UnknownColumn {
        /// The header.
        place: Place,
        /// Its name.
        column: String,
        /// What is accepted.
        accepted: String,
    },
    /// `pilot.unknown_path`: nothing of the plant that can be set.
    UnknownPath {
        /// Where.
        place: Place,
        /// As written.
        value: String,
        /// What is accepted.
        accepted: Vec<String>,
    },
    /// `pilot.unknown_place`: no stream and no measure.
    UnknownPlace {
        /// The cell.
        place: Place,
        /// As written.
        value: String,
        /// Streams there are.
        accepted: Vec<String>,
    },
    /// `pilot.no_deviation`: a measurement without a standard deviation above zero.
    NoDeviation {
        /// The measurement.
        place: Place,
        /// Column it is looked for in.
        column: String,
    },
    /// `pilot.twice`: a parameter or a run that stands there twice.
    Twice {
        /// The second.
        place: Place,
        /// What.
        value: String,
    },
    /// `pilot.no_first`: a parameter without a value to start from.
    NoFirst {
        /// The parameter.
        place: Place,
        /// Its path.
        value: String,
    },
    /// `pilot.out_of_bounds`: a first guess, a prior or a bound outside the bounds.
    OutOfBounds {
        /// The cell.
        place: Place,
        /// The value.
        value: String,
        /// The bounds.
        accepted: String,
    },
    /// `pilot.no_parameters`
    NoParameters,
    /// `pilot.too_few`: fewer measurements and priors than parameters.
    TooFew {
        /// Measurements and priors.
        data: usize,
        /// Parameters.
        parameters: usize,
    },
    /// `pilot.no_start`: a run that has no steady state at the first guess.
    NoStart {
        /// The run; empty for the plant as its file has it.
        run: String,
        /// Why.
        error: Box<SolveError>,
    },
    /// `pilot.no_value`: a measurement that the model has no value for at the first guess.
    NoValue {
        /// The measurement.
        place: Place,
    },
    /// `pilot.not_converged`
    NotConverged {
        /// Steps taken.
        iterations: u32,
    },
    /// `pilot.no_measure`: the plant declares no measure of that id.
    NoMeasure {
        /// As asked.
        value: String,
        /// What there is.
        accepted: Vec<String>,
    },
}

impl FitError {
    /// Whether what was handed in is wrong, rather than that the work failed.
    pub fn is_input(&self) -> bool {
        !matches!(self, FitError::NotConverged { .. })
    }
}

impl From<TableError> for FitError {
    fn from(error: TableError) -> FitError {
        FitError::Table(error)
    }
}

impl Message for FitError {
    fn code(&self) -> &'static str {
        match self {
            FitError::Table(error) => error.code(),
            FitError::Setting { .. } => "pilot.setting",
            FitError::UnknownColumn { .. } => "pilot.unknown_column",
            FitError::UnknownPath { .. } => "pilot.unknown_path",
            FitError::UnknownPlace { .. } => "pilot.unknown_place",
            FitError::NoDeviation { .. } => "pilot.no_deviation",
            FitError::Twice { .. } => "pilot.twice",
            FitError::NoFirst { .. } => "pilot.no_first",
            FitError::OutOfBounds { .. } => "pilot.out_of_bounds",
            FitError::NoParameters => "pilot.no_parameters",
            FitError::TooFew { .. } => "pilot.too_few",
            FitError::NoStart { run, .. } if run.is_empty() => "pilot.no_start_design",
            FitError::NoStart { .. } => "pilot.no_start",
            FitError::NoValue { .. } => "pilot.no_value",
            FitError::NotConverged { .. } => "pilot.not_converged",
            FitError::NoMeasure { .. } => "pilot.no_measure",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let at = |place: &Place| ("place", place.text(lang));
        let value = |value: &String| ("value", value.clone());
        let listed = |known: &[String]| ("accepted", lang.list(known));
        match self {
            FitError::Table(error) => error.fields(lang),
            FitError::Setting { place, error } => {
                vec![at(place), ("error", Message::text(error, lang))]
            }
            FitError::UnknownColumn {
                place,
                column,
                accepted,
            } => vec![
                at(place),
                ("column", column.clone()),
                ("accepted", accepted.clone()),
            ],
            FitError::UnknownPath {
                place,
                value: v,
                accepted,
            }
            | FitError::UnknownPlace {
                place,
                value: v,
                accepted,
            } => vec![at(place), value(v), listed(accepted)],
            FitError::NoDeviation { place, column } => vec![at(place), ("column", column.clone())],
            FitError::Twice { place, value: v } | FitError::NoFirst { place, value: v } => {
                vec![at(place), value(v)]
            }
            FitError::OutOfBounds {
                place,
                value: v,
                accepted,
            } => vec![at(place), value(v), ("accepted", accepted.clone())],
            FitError::NoParameters => Vec::new(),
            FitError::TooFew { data, parameters } => vec![
                ("data", data.to_string()),
                ("parameters", parameters.to_string()),
            ],
            FitError::NoStart { run, error } => vec![
                ("run", run.clone()),
                ("error", Message::text(error.as_ref(), lang)),
            ],
            FitError::NoValue { place } => vec![at(place)],
            FitError::NotConverged { iterations } => vec![("iterations", iterations.to_string())],
            FitError::NoMeasure { value: v, accepted } => vec![value(v), listed(accepted)],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        match self {
            FitError::Table(error) => error.catalogue(),
            _ => catalogue(),
        }
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            // A unit in a header is told with its place there.
            FitError::Table(error) => Message::text(error, lang),
            _ => catalogue().render(self.code(), lang, &self.fields(lang)),
        }
    }
}

impl std::fmt::Display for FitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Message::text(self, Lang::En))
    }
}

impl std::error::Error for FitError {}
