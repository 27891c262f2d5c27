//! What a reader of a footprint must know beside its figure.

use crate::message::catalogue;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};

/// A notice that travels with a footprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// `carbon.mixed`: direct and life-cycle factors in one sum.
    Mixed {
        /// Direct factors.
        direct: Vec<String>,
        /// Life-cycle factors.
        life_cycle: Vec<String>,
    },
    /// `carbon.no_factor`.
    NoFactor {
        /// What has none.
        flows: Vec<String>,
    },
    /// `carbon.co2_only`.
    Co2Only {
        /// The factor.
        factor: String,
    },
    /// `carbon.years_apart`.
    YearsApart {
        /// First.
        from: u16,
        /// Last.
        to: u16,
    },
}

impl Notice {
    /// The sentence in a language.
    pub fn text(&self, lang: Lang) -> String {
        Message::text(self, lang)
    }
}

impl Message for Notice {
    fn code(&self) -> &'static str {
        match self {
            Notice::Mixed { .. } => "carbon.mixed",
            Notice::NoFactor { .. } => "carbon.no_factor",
            Notice::Co2Only { .. } => "carbon.co2_only",
            Notice::YearsApart { .. } => "carbon.years_apart",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            Notice::Mixed { direct, life_cycle } => vec![
                ("direct", lang.list(direct)),
                ("life_cycle", lang.list(life_cycle)),
            ],
            Notice::NoFactor { flows } => vec![("flows", lang.list(flows))],
            Notice::Co2Only { factor } => vec![("factor", factor.clone())],
            Notice::YearsApart { from, to } => {
                vec![("from", from.to_string()), ("to", to.to_string())]
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}
