//! Notices: what a person should know about a result, though the work went on.

use crate::message::catalogue;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};
use saltern_units::place::Place;

/// A warning that travels with a result. Its sentence is the row of its code in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Stable code, `base.unlinked_pond`.
    pub code: &'static str,
    /// Where in the person's files, if there.
    pub place: Option<Place>,
    /// The evidence: what stands in place of `{name}` in the sentence.
    pub evidence: Vec<(&'static str, String)>,
}

impl Notice {
    /// A notice about a place in the person's files.
    pub fn at(code: &'static str, place: Place, evidence: &[(&'static str, &str)]) -> Notice {
        Notice {
            place: Some(place),
            ..Notice::new(code, evidence)
        }
    }

    /// A notice about a result.
    pub fn new(code: &'static str, evidence: &[(&'static str, &str)]) -> Notice {
        let evidence = evidence
            .iter()
            .map(|(name, value)| (*name, value.to_string()))
            .collect();
        Notice {
            code,
            place: None,
            evidence,
        }
    }

    /// The sentence in a language; `Display` is the English one.
    pub fn text(&self, lang: Lang) -> String {
        Message::text(self, lang)
    }
}

impl Message for Notice {
    fn code(&self) -> &'static str {
        self.code
    }

    fn fields(&self, lang: Lang) -> Fields {
        let place = self.place.as_ref().map(|place| ("place", place.text(lang)));
        place
            .into_iter()
            .chain(self.evidence.iter().cloned())
            .collect()
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}
