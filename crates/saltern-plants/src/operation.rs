//! A unit operation: streams in, streams out, power, remarks.

use saltern_brine::equilibrium::BrineError;
use saltern_units::message::{Catalogue, Fields, Lang, Message};
use saltern_units::quantity::significant;

use crate::message::{catalogue, phrase};
use crate::room::Room;
use crate::stream::Stream;

/// What a unit does. The names of its ports are those of its [`crate::kinds::Kind`].
pub trait Operation: std::fmt::Debug {
    /// From one stream an inlet port to one stream an outlet port, in the order of the kind's ports. A port on which
    /// nothing flows has [`Stream::nothing`]. Every element that comes in goes out.
    ///
    /// # Errors
    /// [`UnitError`]
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError>;
}

/// What a unit made of its inlets. Heat is not among it: it is the difference of enthalpies, less the power, and so
/// the same sum for every unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// One stream an outlet port.
    pub outlets: Vec<Stream>,
    /// What it took of an inlet port, as a multiple of what was offered there: (port, factor). For ports at which a
    /// feed is given on demand (water to decompose with, a reagent); all else is taken whole.
    pub taken: Vec<(usize, f64)>,
    /// Electric power taken up, W.
    pub power_w: f64,
    /// Heat bought and heat to be taken away, where that is not the net heat and its sign.
    pub utilities: Option<Utilities>,
    /// Figures of its own (approach, stages, area), for the report.
    pub figures: Vec<Figure>,
    /// What people should know.
    pub remarks: Vec<Remark>,
}

impl Outcome {
    /// Outlets alone.
    pub fn of(outlets: Vec<Stream>) -> Outcome {
        Outcome {
            outlets,
            ..Outcome::default()
        }
    }
}

/// Heat that a unit buys and heat that must be taken from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Utilities {
    /// By steam or fuel (its lower heating value), W.
    pub heating_w: f64,
    /// By cooling water or air, W.
    pub cooling_w: f64,
}

/// A figure of a unit, for the report.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name in `messages.csv`, `plants.figure.…`.
    pub code: &'static str,
    /// Value in the unit.
    pub value: f64,
    /// Unit, for people.
    pub unit: &'static str,
}

/// What people should know of a unit's result; the result stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Remark {
    /// `plants.extrapolated`: an operating point beyond where the equation was measured.
    Extrapolated {
        /// What lies outside.
        what: &'static str,
        /// Its value.
        value: f64,
        /// The range, with its unit.
        range: String,
    },
    /// `plants.limited`: less than asked, because nature or the equipment stops there.
    Limited {
        /// What falls short.
        what: &'static str,
        /// What was asked.
        asked: f64,
        /// How far it gets.
        reached: f64,
    },
    /// `plants.nothing_to_do`: what the unit is there for does not happen.
    NothingToDo {
        /// What does not happen.
        what: &'static str,
    },
}

/// Why a unit gives no result.
#[derive(Clone, Debug, PartialEq)]
pub enum UnitError {
    /// The chemistry failed.
    Brine(BrineError),
    /// `plants.out_of_range`: an operating point at which the unit has no meaning.
    OutOfRange {
        /// What is out of range.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What is accepted.
        accepted: String,
    },
    /// `plants.cannot`: the unit cannot do what is asked with what comes in.
    Cannot {
        /// What it was to do.
        what: &'static str,
        /// How far it gets.
        reached: f64,
        /// What was asked.
        asked: f64,
    },
}

/// What multiple of an offer meets a need: for [`Outcome::taken`].
///
/// # Errors
/// [`UnitError::Cannot`] where something is needed and none of it is offered.
pub fn demand(what: &'static str, needed: f64, offered: f64) -> Result<f64, UnitError> {
    match (needed > 0.0, offered > 0.0) {
        (false, _) => Ok(0.0),
        (true, true) => Ok(needed / offered),
        (true, false) => Err(UnitError::Cannot {
            what,
            reached: 0.0,
            asked: needed,
        }),
    }
}

impl From<BrineError> for UnitError {
    fn from(error: BrineError) -> Self {
        UnitError::Brine(error)
    }
}

impl Message for UnitError {
    fn code(&self) -> &'static str {
        match self {
            UnitError::Brine(error) => error.code(),
            UnitError::OutOfRange { .. } => "plants.out_of_range",
            UnitError::Cannot { .. } => "plants.cannot",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            UnitError::Brine(error) => error.fields(lang),
            UnitError::OutOfRange {
                what,
                value,
                accepted,
            } => vec![
                ("what", phrase(what, lang)),
                ("value", significant(*value, 6)),
                ("accepted", phrase(accepted, lang)),
            ],
            UnitError::Cannot {
                what,
                reached,
                asked,
            } => vec![
                ("what", phrase(what, lang)),
                ("reached", significant(*reached, 6)),
                ("asked", significant(*asked, 6)),
            ],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        match self {
            UnitError::Brine(error) => error.catalogue(),
            _ => catalogue(),
        }
    }
}

impl Message for Remark {
    fn code(&self) -> &'static str {
        match self {
            Remark::Extrapolated { .. } => "plants.extrapolated",
            Remark::Limited { .. } => "plants.limited",
            Remark::NothingToDo { .. } => "plants.nothing_to_do",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            Remark::Extrapolated { what, value, range } => vec![
                ("what", phrase(what, lang)),
                ("value", significant(*value, 4)),
                ("range", phrase(range, lang)),
            ],
            Remark::Limited {
                what,
                asked,
                reached,
            } => vec![
                ("what", phrase(what, lang)),
                ("asked", significant(*asked, 4)),
                ("reached", significant(*reached, 4)),
            ],
            Remark::NothingToDo { what } => vec![("what", phrase(what, lang))],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl std::fmt::Display for UnitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Message::text(self, Lang::En))
    }
}

impl std::error::Error for UnitError {}
