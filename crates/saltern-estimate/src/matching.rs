//! History matching: what changes slowly, from the measurements of a season.
//!
//! The same most probable march as for the state ([`crate::sensitivity`]), over months, for the sake of the departures themselves:
//! leaks, winds, meters. What is told of each is its value, how far it may be off, and how much the measurements had to say of it at all:
//! a departure that is as uncertain afterwards as it was before was assumed, not found.

use crate::departure::{Campaign, Departure};
use crate::each::Each;
use crate::error::EstimateError;
use crate::observation::Observation;
use crate::state::{Fit, Settings, fit};
use saltern_base::model::Base;
use saltern_numerics::lu::Lu;

/// A departure after a season.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matched {
    /// What.
    pub departure: Departure,
    /// Its value, in the unit of [`Departure`].
    pub value: f64,
    /// Its standard deviation, in the same.
    pub sigma: f64,
    /// Share of its variance beforehand that measurements took away, 0 … 1.
    pub informed: f64,
    /// Largest correlation with another departure, −1 … 1: near ±1 the two are known together only.
    pub correlation: f64,
    /// That other one.
    pub with: Departure,
}

/// A base after a season.
#[derive(Clone, Debug)]
pub struct History {
    /// Every departure.
    pub departures: Vec<Matched>,
    /// The base with its leaks and winds as found.
    pub base: Base,
    /// Mean square of what is left, in stated variances; about 1 where model and stated errors agree with the measurements.
    pub misfit: f64,
    /// Observations set aside.
    pub set_aside: Vec<Observation>,
    /// Whether the most probable departures were found.
    pub converged: bool,
}

/// Matches a season.
///
/// # Errors
/// As [`crate::state::estimate`].
pub fn matched(
    campaign: &Campaign<'_>,
    observations: &[Observation],
    settings: &Settings,
    each: &Each<'_>,
) -> Result<History, EstimateError> {
    let fit = fit(campaign, observations, settings, each)?;
    let row = fit.row();
    Ok(History {
        departures: known(&fit)?,
        base: fit.layout.base(campaign.inputs.base, &row),
        misfit: fit.misfit(),
        converged: fit.minimum.converged,
        set_aside: fit.set_aside,
    })
}

/// What is known of every departure of a fit.
pub(crate) fn known(fit: &Fit<'_>) -> Result<Vec<Matched>, EstimateError> {
    let n = fit.layout.len();
    let mut covariance = vec![0.0; n * n];
    (0..n).for_each(|k| covariance[k * n + k] = 1.0);
    let solved = Lu::default().solve_columns(&fit.minimum.precision, &mut covariance, n);
    solved.map_err(|_| EstimateError::NotDetermined)?;
    let row = fit.row();
    let of = |k: usize| {
        let correlation = |j: usize| {
            covariance[k * n + j] / (covariance[k * n + k] * covariance[j * n + j]).sqrt()
        };
        let others = (0..n).filter(|j| *j != k);
        let with = others.max_by(|a, b| correlation(*a).abs().total_cmp(&correlation(*b).abs()));
        let with = with.unwrap_or(k);
        Matched {
            departure: fit.layout.departures[k],
            value: row[k],
            sigma: fit.layout.sigmas[k] * covariance[k * n + k].max(0.0).sqrt(),
            informed: 1.0 - covariance[k * n + k],
            correlation: correlation(with),
            with: fit.layout.departures[with],
        }
    };
    Ok((0..n).map(of).collect())
}

impl History {
    /// A departure.
    pub fn of(&self, departure: Departure) -> Option<&Matched> {
        self.departures.iter().find(|m| m.departure == departure)
    }
}
