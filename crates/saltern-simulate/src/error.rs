//! Why a base could not be simulated.

use std::fmt;

use jiff::civil::Date;
use saltern_brine::equilibrium::BrineError;
use saltern_units::message::{Catalogue, Fields, Lang, Message};
use saltern_units::table::TableError;

use crate::notice::catalogue;
use crate::plants::PlantError;

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
    /// `simulate.plants`: what is wrong with the plants of the base.
    Plants {
        /// All of it.
        errors: Vec<PlantError>,
    },
    /// `simulate.tables`: a table of plants that is built in; none where the tests pass.
    Tables(TableError),
    /// `simulate.stopped`: the caller asked to stop.
    Stopped {
        /// Days done.
        day: u32,
    },
}

impl SimulateError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        Message::code(self)
    }
}

impl Message for SimulateError {
    fn code(&self) -> &'static str {
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
            SimulateError::Plants { .. } => "simulate.plants",
            SimulateError::Tables(_) => "simulate.tables",
            SimulateError::Stopped { .. } => "simulate.stopped",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            SimulateError::PeriodReversed { from, to } => {
                vec![("from", from.to_string()), ("to", to.to_string())]
            }
            SimulateError::WeatherTooShort { hours, needed } => {
                vec![("hours", hours.to_string()), ("needed", needed.to_string())]
            }
            SimulateError::WeatherNotFinite { hour } => vec![("hour", hour.to_string())],
            SimulateError::BrineMissing {
                what,
                given,
                needed,
            } => vec![
                ("what", phrase(lang, what)),
                ("given", given.to_string()),
                ("needed", needed.to_string()),
            ],
            SimulateError::BadBrine {
                brine,
                component,
                amount_mol_kgw,
            } => vec![
                ("brine", brine.clone()),
                ("component", phrase(lang, component)),
                ("amount", amount_mol_kgw.to_string()),
            ],
            SimulateError::UnknownMineral {
                pond,
                mineral,
                nearest,
            } => vec![
                ("pond", pond.clone()),
                ("mineral", mineral.clone()),
                ("near", meant(nearest.as_deref(), lang)),
            ],
            SimulateError::BadPond {
                pond,
                attribute,
                value,
                accepted,
            } => vec![
                ("pond", pond.clone()),
                ("attribute", attribute.to_string()),
                ("value", value.to_string()),
                ("accepted", phrase(lang, accepted)),
            ],
            SimulateError::OpeningNotSolved { place, error } => {
                vec![("place", place.clone()), ("error", error.text(lang))]
            }
            SimulateError::OpeningDry { place } => vec![("place", place.clone())],
            SimulateError::SnapshotMismatch { what } => vec![("what", phrase(lang, what))],
            SimulateError::Plants { errors } => {
                let told: Vec<String> = errors.iter().map(|e| Message::text(e, lang)).collect();
                vec![("errors", told.join("; "))]
            }
            SimulateError::Tables(error) => vec![("error", Message::text(error, lang))],
            SimulateError::Stopped { day } => vec![("day", day.to_string())],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

fn meant(nearest: Option<&str>, lang: Lang) -> String {
    nearest.map_or(String::new(), |near| {
        lang.pick(
            format!("; did you mean {near}?"),
            format!("；是否指 {near}？"),
        )
    })
}

/// Evidence that is worded (`0 or more`), in a language; names stay as they are.
fn phrase(lang: Lang, en: &str) -> String {
    let same = catalogue()
        .entries()
        .iter()
        .find(|e| e.code.starts_with("phrase.") && e.en == en);
    same.map_or(en, |e| lang.pick(&e.en, &e.zh)).to_string()
}

impl std::error::Error for SimulateError {}

impl fmt::Display for SimulateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_chinese(c: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&c)
    }

    fn one_of_each() -> Vec<SimulateError> {
        let day = Date::constant(2025, 1, 1);
        let pond = || "p1".to_string();
        vec![
            SimulateError::PeriodReversed { from: day, to: day },
            SimulateError::WeatherTooShort {
                hours: 1,
                needed: 24,
            },
            SimulateError::WeatherNotFinite { hour: 3 },
            SimulateError::BrineMissing {
                what: "brines of the base",
                given: 1,
                needed: 2,
            },
            SimulateError::BadBrine {
                brine: "b".into(),
                component: "number of components".into(),
                amount_mol_kgw: 3.0,
            },
            SimulateError::UnknownMineral {
                pond: pond(),
                mineral: "Halte".into(),
                nearest: Some("Halite".into()),
            },
            SimulateError::BadPond {
                pond: pond(),
                attribute: "leakage",
                value: -1.0,
                accepted: "0 or more",
            },
            SimulateError::OpeningNotSolved {
                place: pond(),
                error: BrineError::BadAmount {
                    component: "Na+".into(),
                    amount_mol: -1.0,
                },
            },
            SimulateError::OpeningDry { place: pond() },
            SimulateError::SnapshotMismatch { what: "ponds" },
            SimulateError::Plants {
                errors: vec![PlantError::OutletUnjoined {
                    place: saltern_units::place::Place::row("plants.csv", 2),
                    stream: "tails".into(),
                }],
            },
            SimulateError::Stopped { day: 4 },
        ]
    }

    #[test]
    fn every_error_has_its_sentence_in_both_languages() {
        for error in one_of_each() {
            let code = error.code();
            assert!(
                catalogue().entries().iter().any(|e| e.code == code),
                "{code}"
            );
            let (en, zh) = (error.text(Lang::En), error.text(Lang::Zh));
            assert!(!en.contains('{') && !zh.contains('{'), "{en} / {zh}");
            assert!(zh.chars().any(is_chinese), "{code}: {zh}");
            assert_eq!(en, error.to_string());
        }
    }

    #[test]
    fn evidence_that_is_worded_is_translated_too() {
        let texts: Vec<String> = one_of_each().iter().map(|e| e.text(Lang::Zh)).collect();
        assert_eq!(texts[3], "基地的卤水：已解析 1 个，引用了 2 个");
        assert_eq!(texts[6], "盐池 p1：leakage = -1；应为0 或更大");
        assert!(texts[7].contains("Na+ 的量为 -1 mol"), "{}", texts[7]);
    }
}
