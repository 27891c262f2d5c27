//! Why there is no plan, or not the best.

use jiff::civil::Date;
use saltern_run::contents::Name;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};

use crate::failure::{Failure, catalogue};

/// What can go wrong with a plan of a base that is itself in order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PlanFailure {
    /// `plan.none`: nothing meets all that is asked, or money could be earned without end.
    NoPlan {
        /// `infeasible`, `unbounded`.
        status: &'static str,
    },
    /// `plan.no_window`: a window of a rolling plan has none.
    NoWindow {
        /// Its beginning.
        from: String,
        /// As above.
        status: &'static str,
    },
    /// `plan.none_in_time`: time or nodes ran out before any plan was found.
    NoneInTime,
    /// `plan.at_limit`: time or nodes ran out; the best plan found is written.
    AtLimit {
        /// Relative gap to the best possible.
        gap: f64,
    },
    /// `plan.refused`: the solver took the programme for malformed.
    Refused {
        /// The call.
        call: &'static str,
    },
    /// `plan.no_energy`: the energy side has no dispatch even without the plants.
    NoEnergy,
    /// `plan.nothing_to_sell`: a plan of production of a base without products.
    NothingToSell,
    /// `plan.nothing_to_build`: a plan of expansion of a base without stages or without units that may be built.
    NothingToBuild,
    /// `plan.nothing_to_forecast`: a base in which nothing changes from step to step.
    NothingToForecast,
    /// `plan.too_short`: too few days to learn from.
    TooShort {
        /// Days there are.
        days: usize,
        /// Days there must be.
        wanted: usize,
    },
    /// `plan.too_early`: no forecast, or no past one that is over, at the day for which scenarios are asked.
    TooEarly {
        /// That day.
        day: String,
        /// The first that can be asked for.
        first: String,
    },
    /// `plan.no_margin`: limits of flexible work are asked for, and neither is a margin given nor are there days enough.
    NoMargin {
        /// Fewest errors of a forecast.
        needed: usize,
    },
    /// `plan.impossible`: nothing meets all that is asked of some days.
    Impossible {
        /// What cannot hold together and the cheapest way out, in both languages.
        reasons: Name,
    },
    /// `plan.unknown_lever`: something is to be otherwise that the base has not.
    UnknownLever {
        /// Its id.
        id: String,
        /// What there is.
        known: Vec<String>,
    },
    /// `plan.outside`: days that the base's period does not hold.
    Outside {
        /// First day asked for.
        day: Date,
        /// First day of the period.
        first: Date,
        /// Its last day.
        last: Date,
    },
    /// `plan.no_temperature`: a PUE by temperature, and no temperature.
    NoTemperature {
        /// The hall.
        hall: String,
    },
}

impl From<PlanFailure> for Failure {
    fn from(error: PlanFailure) -> Failure {
        match error {
            PlanFailure::NoTemperature { .. }
            | PlanFailure::NoMargin { .. }
            | PlanFailure::NothingToSell
            | PlanFailure::NothingToForecast
            | PlanFailure::NothingToBuild
            | PlanFailure::TooEarly { .. }
            | PlanFailure::UnknownLever { .. }
            | PlanFailure::Outside { .. }
            | PlanFailure::TooShort { .. } => Failure::input(error),
            _ => Failure::job(error),
        }
    }
}

impl Message for PlanFailure {
    fn code(&self) -> &'static str {
        match self {
            PlanFailure::NoPlan { .. } => "plan.none",
            PlanFailure::NoWindow { .. } => "plan.no_window",
            PlanFailure::NoneInTime => "plan.none_in_time",
            PlanFailure::AtLimit { .. } => "plan.at_limit",
            PlanFailure::Refused { .. } => "plan.refused",
            PlanFailure::NoEnergy => "plan.no_energy",
            PlanFailure::NothingToSell => "plan.nothing_to_sell",
            PlanFailure::NothingToForecast => "plan.nothing_to_forecast",
            PlanFailure::NothingToBuild => "plan.nothing_to_build",
            PlanFailure::TooShort { .. } => "plan.too_short",
            PlanFailure::TooEarly { .. } => "plan.too_early",
            PlanFailure::NoMargin { .. } => "plan.no_margin",
            PlanFailure::NoTemperature { .. } => "plan.no_temperature",
            PlanFailure::Impossible { .. } => "plan.impossible",
            PlanFailure::UnknownLever { .. } => "plan.unknown_lever",
            PlanFailure::Outside { .. } => "plan.outside",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            PlanFailure::NoPlan { status } => vec![("status", status.to_string())],
            PlanFailure::NoWindow { from, status } => {
                vec![("from", from.clone()), ("status", status.to_string())]
            }
            PlanFailure::AtLimit { gap } => vec![("gap", format!("{:.2}", 100.0 * gap))],
            PlanFailure::Refused { call } => vec![("call", call.to_string())],
            PlanFailure::NothingToSell
            | PlanFailure::NoEnergy
            | PlanFailure::NothingToForecast
            | PlanFailure::NothingToBuild
            | PlanFailure::NoneInTime => Vec::new(),
            PlanFailure::TooEarly { day, first } => {
                vec![("day", day.clone()), ("first", first.clone())]
            }
            PlanFailure::TooShort { days, wanted } => {
                vec![("days", days.to_string()), ("wanted", wanted.to_string())]
            }
            PlanFailure::Impossible { reasons } => {
                vec![("reasons", lang.pick(&reasons.en, &reasons.zh).clone())]
            }
            PlanFailure::UnknownLever { id, known } => {
                vec![("id", id.clone()), ("known", lang.list(known))]
            }
            PlanFailure::Outside { day, first, last } => vec![
                ("day", day.to_string()),
                ("first", first.to_string()),
                ("last", last.to_string()),
            ],
            PlanFailure::NoMargin { needed } => vec![("needed", needed.to_string())],
            PlanFailure::NoTemperature { hall } => vec![("hall", hall.clone())],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}
