//! Why a base could not be simulated.

use std::fmt;

use jiff::civil::Date;
use saltern_brine::equilibrium::BrineError;

/// Why a simulation could not run, or did not end.
#[derive(Clone, Debug, PartialEq)]
pub enum SimulateError {
    /// `simulate.period_reversed`: the last day is before the first.
    PeriodReversed {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// `simulate.weather_too_short`: the weather does not cover the period.
    WeatherTooShort {
        /// Hours given.
        hours: usize,
        /// Hours needed.
        needed: usize,
    },
    /// `simulate.weather_not_finite`: an hour of weather holds something that is not a number.
    WeatherNotFinite {
        /// Hour, counted from the first day.
        hour: usize,
    },
    /// `simulate.brine_missing`: fewer brines were resolved than the base or state names.
    BrineMissing {
        /// What names them.
        what: &'static str,
        /// Given.
        given: usize,
        /// Needed.
        needed: usize,
    },
    /// `simulate.bad_brine`: a brine has a wrong number of components, or an amount that is negative
    /// or not a number.
    BadBrine {
        /// Which: its id, or the pond of a state.
        brine: String,
        /// Component, or what is wrong.
        component: String,
        /// mol/kgw.
        amount_mol_kgw: f64,
    },
    /// `simulate.unknown_mineral`: salt on a floor that the database does not know.
    UnknownMineral {
        /// Pond.
        pond: String,
        /// Mineral.
        mineral: String,
        /// What the database knows by nearly that name.
        nearest: Option<String>,
    },
    /// `simulate.bad_pond`: a pond that cannot hold brine.
    BadPond {
        /// Pond.
        pond: String,
        /// Attribute.
        attribute: &'static str,
        /// Value in SI.
        value: f64,
        /// What is accepted.
        accepted: &'static str,
    },
    /// `simulate.opening_not_solved`: no equilibrium was found for a brine at the start.
    OpeningNotSolved {
        /// Pond or source.
        place: String,
        /// Why.
        error: BrineError,
    },
    /// `simulate.opening_dry`: a brine at the start has no liquid at equilibrium.
    OpeningDry {
        /// Pond or source.
        place: String,
    },
    /// `simulate.snapshot_mismatch`: the snapshot is of another base or chemistry.
    SnapshotMismatch {
        /// What differs.
        what: &'static str,
    },
    /// `simulate.stopped`: the caller asked to stop.
    Stopped {
        /// Days done.
        day: u32,
    },
}

impl SimulateError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            SimulateError::PeriodReversed { .. } => "simulate.period_reversed",
            SimulateError::WeatherTooShort { .. } => "simulate.weather_too_short",
            SimulateError::WeatherNotFinite { .. } => "simulate.weather_not_finite",
            SimulateError::BrineMissing { .. } => "simulate.brine_missing",
            SimulateError::BadBrine { .. } => "simulate.bad_brine",
            SimulateError::UnknownMineral { .. } => "simulate.unknown_mineral",
            SimulateError::BadPond { .. } => "simulate.bad_pond",
            SimulateError::OpeningNotSolved { .. } => "simulate.opening_not_solved",
            SimulateError::OpeningDry { .. } => "simulate.opening_dry",
            SimulateError::SnapshotMismatch { .. } => "simulate.snapshot_mismatch",
            SimulateError::Stopped { .. } => "simulate.stopped",
        }
    }
}

impl std::error::Error for SimulateError {}

impl fmt::Display for SimulateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SimulateError::PeriodReversed { from, to } => {
                write!(f, "the period ends on {to}, before it begins on {from}")
            }
            SimulateError::WeatherTooShort { hours, needed } => {
                write!(
                    f,
                    "the weather covers {hours} hours; the period needs {needed}"
                )
            }
            SimulateError::WeatherNotFinite { hour } => {
                write!(
                    f,
                    "hour {hour} of the weather holds a value that is not a number"
                )
            }
            SimulateError::BrineMissing {
                what,
                given,
                needed,
            } => {
                write!(
                    f,
                    "{what}: {given} brines were resolved, {needed} are named"
                )
            }
            SimulateError::BadBrine {
                brine,
                component,
                amount_mol_kgw,
            } => write!(
                f,
                "brine {brine}: {component} = {amount_mol_kgw} mol/kgw; expected a finite amount, not negative"
            ),
            SimulateError::UnknownMineral {
                pond,
                mineral,
                nearest,
            } => {
                write!(f, "pond {pond}: the database has no mineral {mineral}")?;
                match nearest {
                    Some(near) => write!(f, "; did you mean {near}?"),
                    None => Ok(()),
                }
            }
            SimulateError::BadPond {
                pond,
                attribute,
                value,
                accepted,
            } => {
                write!(f, "pond {pond}: {attribute} = {value}; expected {accepted}")
            }
            SimulateError::OpeningNotSolved { place, error } => {
                write!(
                    f,
                    "{place}: no equilibrium was found for its brine ({error:?})"
                )
            }
            SimulateError::OpeningDry { place } => {
                write!(f, "{place}: its brine has no liquid left at equilibrium")
            }
            SimulateError::SnapshotMismatch { what } => {
                write!(
                    f,
                    "the state to start from belongs to another base: {what} differ"
                )
            }
            SimulateError::Stopped { day } => write!(f, "stopped after {day} days"),
        }
    }
}
