//! What can be wrong with an estimate, with the evidence.

use crate::message::catalogue;
use saltern_simulate::SimulateError;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum EstimateError {
    /// `estimate.no_column`: a series of the march lacks a column.
    NoColumn {
        /// The column.
        column: String,
    },
    /// `estimate.unknown_component`: an observation of something the march does not know.
    UnknownComponent {
        /// The component.
        component: String,
        /// Its pond.
        pond: String,
    },
    /// `estimate.outside`: an observation of a day or pond outside the window.
    Outside {
        /// Index of the pond.
        pond: usize,
        /// Day, counted from the first.
        day: u32,
        /// Days of the window.
        days: u32,
    },
    /// `estimate.bad_value`: a value or deviation that is no number, or a deviation that is not above zero.
    BadValue {
        /// The pond.
        pond: String,
        /// Day, counted from the first.
        day: u32,
        /// The value.
        value: f64,
        /// Its standard deviation.
        sigma: f64,
    },
    /// `estimate.no_weather`: no weather to look ahead through, or too little of one.
    NoWeather {
        /// Hours of the shortest.
        hours: usize,
        /// Hours needed.
        needed: usize,
    },
    /// `estimate.stopped`: marches were left out on request.
    Stopped,
    /// `estimate.not_determined`: sensitivities that are no numbers.
    NotDetermined,
    /// `estimate.march`: the march of the model ended early.
    March {
        /// Why.
        error: SimulateError,
    },
}

impl EstimateError {
    /// The sentence in a language; `Display` is the English one.
    pub fn text(&self, lang: Lang) -> String {
        Message::text(self, lang)
    }
}

impl Message for EstimateError {
    fn code(&self) -> &'static str {
        match self {
            EstimateError::NoColumn { .. } => "estimate.no_column",
            EstimateError::UnknownComponent { .. } => "estimate.unknown_component",
            EstimateError::Outside { .. } => "estimate.outside",
            EstimateError::BadValue { .. } => "estimate.bad_value",
            EstimateError::NoWeather { .. } => "estimate.no_weather",
            EstimateError::Stopped => "estimate.stopped",
            EstimateError::NotDetermined => "estimate.not_determined",
            EstimateError::March { .. } => "estimate.march",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            EstimateError::NoColumn { column } => vec![("column", column.clone())],
            EstimateError::UnknownComponent { component, pond } => {
                vec![("component", component.clone()), ("pond", pond.clone())]
            }
            EstimateError::Outside { pond, day, days } => vec![
                ("pond", pond.to_string()),
                ("day", day.to_string()),
                ("days", days.to_string()),
            ],
            EstimateError::BadValue {
                pond,
                day,
                value,
                sigma,
            } => vec![
                ("pond", pond.clone()),
                ("day", day.to_string()),
                ("value", value.to_string()),
                ("sigma", sigma.to_string()),
            ],
            EstimateError::NoWeather { hours, needed } => {
                vec![("hours", hours.to_string()), ("needed", needed.to_string())]
            }
            EstimateError::Stopped | EstimateError::NotDetermined => Vec::new(),
            EstimateError::March { error } => vec![("why", Message::text(error, lang))],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl From<SimulateError> for EstimateError {
    fn from(error: SimulateError) -> Self {
        EstimateError::March { error }
    }
}

impl std::fmt::Display for EstimateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for EstimateError {}
