//! What can be wrong with a fit's tables, with the place and what is accepted.

use std::sync::LazyLock;

use saltern_units::message::{Catalogue, Fields, Lang, Message};
use saltern_units::place::Place;
use saltern_units::table::TableError;

use crate::assay::AssayError;
use crate::assembly::DatabaseProblem;
use crate::layer::LayerError;
use crate::phases::PhaseError;

/// Why a fit could not be made.
#[derive(Clone, Debug, PartialEq)]
pub enum FitError {
    /// `table.…`: a table or a cell of it.
    Table(TableError),
    /// `assay.…`: the composition of a measurement.
    Assay(Box<AssayError>),
    /// `table.…` or `database.…`: a row of parameters that does not fit the database.
    Parameter(Box<LayerError>),
    /// `phases.…`: a solid that the database lacks and no row of the parameters adds.
    Solid {
        /// The cell.
        place: Place,
        /// What is wrong.
        error: Box<PhaseError>,
    },
    /// `fit.bad_terms`: terms that are not understood.
    BadTerms {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
        /// What is accepted.
        accepted: String,
    },
    /// `fit.count`: not one number for each free term.
    Count {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
        /// How many numbers are needed.
        needed: usize,
    },
    /// `fit.twice`: a parameter that stands in two rows.
    Twice {
        /// The second row.
        place: Place,
        /// What.
        what: String,
    },
    /// `fit.nothing_free`: no row has a free term.
    NothingFree {
        /// The table.
        place: Place,
    },
    /// `fit.bad_unit`: the unit of a value.
    BadUnit {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
        /// What is accepted.
        accepted: &'static str,
    },
    /// `fit.not_positive`: a value, deviation or weight that must be above zero.
    NotPositive {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
    },
    /// `fit.not_a_salt`: a formula that is no salt of two components.
    NotASalt {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
    },
    /// `fit.absent`: a constituent of the salt or solid that the brine does not hold.
    Absent {
        /// The row.
        place: Place,
        /// Salt or solid.
        what: String,
        /// Component.
        component: String,
    },
    /// `fit.bad_balance`: neither `none`, `pH` nor an ion of the database.
    BadBalance {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
    },
    /// `fit.no_answer`: the model has no answer for any measurement with the parameters to start from.
    NoAnswer {
        /// The table.
        place: Place,
        /// How many measurements have a weight.
        count: usize,
    },
    /// `fit.differs`: the database has other values than the fit.
    Differs {
        /// The parameters.
        place: Place,
        /// How many differ.
        count: usize,
        /// Of how many.
        of: usize,
    },
    /// `fit.no_data`: no measurement with a weight above zero.
    NoData {
        /// The table.
        place: Place,
    },
}

impl From<TableError> for FitError {
    fn from(error: TableError) -> Self {
        FitError::Table(error)
    }
}

impl From<AssayError> for FitError {
    fn from(error: AssayError) -> Self {
        FitError::Assay(Box::new(error))
    }
}

impl From<LayerError> for FitError {
    fn from(error: LayerError) -> Self {
        FitError::Parameter(Box::new(error))
    }
}

impl FitError {
    /// A row of parameters that does not fit the database.
    pub(super) fn parameter(place: Place, problem: DatabaseProblem) -> FitError {
        let problem = Box::new(problem);
        LayerError::Parameter { place, problem }.into()
    }

    /// Whether the person's input is wrong, rather than the computation having failed.
    pub fn is_input(&self) -> bool {
        match self {
            FitError::Assay(error) => error.is_input(),
            FitError::NoAnswer { .. } | FitError::Differs { .. } => false,
            _ => true,
        }
    }

    /// The message of another room that this one passes on.
    fn inner(&self) -> Option<&dyn Message> {
        match self {
            FitError::Table(error) => Some(error),
            FitError::Assay(error) => Some(error.as_ref()),
            FitError::Parameter(error) => Some(error.as_ref()),
            FitError::Solid { error, .. } => Some(error.as_ref()),
            _ => None,
        }
    }

    fn place(&self) -> Option<&Place> {
        match self {
            FitError::Table(_) | FitError::Assay(_) | FitError::Parameter(_) => None,
            FitError::Solid { place, .. }
            | FitError::BadTerms { place, .. }
            | FitError::Count { place, .. }
            | FitError::Twice { place, .. }
            | FitError::NothingFree { place }
            | FitError::BadUnit { place, .. }
            | FitError::NotPositive { place, .. }
            | FitError::NotASalt { place, .. }
            | FitError::Absent { place, .. }
            | FitError::BadBalance { place, .. }
            | FitError::NoAnswer { place, .. }
            | FitError::Differs { place, .. }
            | FitError::NoData { place } => Some(place),
        }
    }
}

impl Message for FitError {
    fn code(&self) -> &'static str {
        match self {
            FitError::Table(_)
            | FitError::Assay(_)
            | FitError::Parameter(_)
            | FitError::Solid { .. } => self.inner().map_or("fit", Message::code),
            FitError::BadTerms { .. } => "fit.bad_terms",
            FitError::Count { .. } => "fit.count",
            FitError::Twice { .. } => "fit.twice",
            FitError::NothingFree { .. } => "fit.nothing_free",
            FitError::BadUnit { .. } => "fit.bad_unit",
            FitError::NotPositive { .. } => "fit.not_positive",
            FitError::NotASalt { .. } => "fit.not_a_salt",
            FitError::Absent { .. } => "fit.absent",
            FitError::BadBalance { .. } => "fit.bad_balance",
            FitError::NoAnswer { .. } => "fit.no_answer",
            FitError::Differs { .. } => "fit.differs",
            FitError::NoData { .. } => "fit.no_data",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let mut fields = match self.inner() {
            Some(inner) => inner.fields(lang),
            None => Vec::new(),
        };
        if let Some(place) = self.place() {
            fields.push(("place", place.text(lang)));
        }
        match self {
            FitError::BadTerms {
                value, accepted, ..
            } => fields.extend([("value", value.clone()), ("accepted", accepted.clone())]),
            FitError::Count { value, needed, .. } => {
                fields.extend([("value", value.clone()), ("needed", needed.to_string())]);
            }
            FitError::Twice { what, .. } => fields.push(("what", what.clone())),
            FitError::BadUnit {
                value, accepted, ..
            } => fields.extend([("value", value.clone()), ("accepted", accepted.to_string())]),
            FitError::NotPositive { value, .. }
            | FitError::NotASalt { value, .. }
            | FitError::BadBalance { value, .. } => fields.push(("value", value.clone())),
            FitError::Differs { count, of, .. } => {
                fields.extend([("count", count.to_string()), ("of", of.to_string())]);
            }
            FitError::NoAnswer { count, .. } => fields.push(("count", count.to_string())),
            FitError::Absent {
                what, component, ..
            } => fields.extend([("what", what.clone()), ("component", component.clone())]),
            _ => {}
        }
        fields
    }

    fn catalogue(&self) -> &'static Catalogue {
        self.inner().map_or_else(catalogue, Message::catalogue)
    }

    fn text(&self, lang: Lang) -> String {
        match (self.inner(), self.place()) {
            (Some(inner), Some(place)) => {
                let colon = lang.pick(": ", "：");
                format!("{}{colon}{}", place.text(lang), inner.text(lang))
            }
            (Some(inner), None) => inner.text(lang),
            (None, _) => catalogue().render(self.code(), lang, &self.fields(lang)),
        }
    }
}

/// Sentences of this module.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("messages.csv")));
    &CATALOGUE
}

impl std::fmt::Display for FitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for FitError {}
