//! Regression of parameters on measurements: which coefficients make the model meet the data, how well the data
//! determine them, and what one source says about another.
//!
//! - [`parameters`]: what is to be fitted, from a table; a [`parameters::Plan`] over a database.
//! - [`data`]: the measurements, from a table.
//! - [`state`]: one brine speciated, with the derivatives of its activities by any parameter.
//! - [`model`]: what the model says a measurement should be, and its residual.
//! - [`regression`]: the fit.
//! - [`validation`]: each source left out in turn.
//! - [`agreement`]: whether a database's values are those of a fit.
//! - [`tables`], [`summary`], [`report`]: what people get to read of it.
//!
//! The Pitzer model is linear in its parameters at given molalities of the species; association and weak acids
//! bend it a little. So Gauss–Newton with exact derivatives takes a few steps.

pub mod agreement;
pub mod data;
mod error;
pub mod model;
pub mod parameters;
pub mod regression;
pub mod report;
pub mod state;
pub mod summary;
pub mod tables;
pub mod validation;

pub use error::{FitError, catalogue};
/// How large residuals count.
pub use saltern_numerics::least_squares::Loss;

#[cfg(test)]
mod tests;
