//! Why something is left undone, in words.

use saltern_base::model::Base;
use saltern_base::production::Production;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};
use saltern_units::quantity::significant;

use super::{Because, Doable, Undone};
use crate::message::catalogue;

/// Something left undone with the names of what it is told by.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// What.
    pub undone: &'a Undone,
    /// The base.
    pub base: &'a Base,
    /// What may be decided.
    pub production: &'a Production,
}

impl Message for Told<'_> {
    fn code(&self) -> &'static str {
        let of = self.undone.of;
        match (self.undone.because, of) {
            (Because::Season, _) => "undone.season",
            (Because::Salt(_), Doable::Flow(_)) => "undone.less_salt",
            (Because::Salt(_), _) => "undone.salt",
            (Because::Heap(_), Doable::Harvest(_)) => "undone.heap_full",
            (Because::Heap(_), _) => "undone.heap",
            (Because::Crew(_), _) => "undone.crew",
            (Because::Grade(_), _) => "undone.grade",
            (Because::Product(_), Doable::Flow(_)) => "undone.less_product",
            (Because::Product(_), _) => "undone.product",
            (Because::Energy, _) => "undone.energy",
            (Because::Drawn, _) => "undone.drawn",
            (Because::Box, _) => "undone.box",
            (Because::Nothing, _) => "undone.nothing",
        }
    }

    fn fields(&self, _: Lang) -> Fields {
        let what = self.undone.because.what();
        let name = what.map(|what| what.id(self.base, self.production));
        vec![
            ("id", self.undone.id(self.base, self.production)),
            ("name", name.unwrap_or_default()),
            (
                "worth",
                format!(
                    "{} {}",
                    significant(self.undone.worth, 3),
                    self.production.currency
                ),
            ),
        ]
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}
