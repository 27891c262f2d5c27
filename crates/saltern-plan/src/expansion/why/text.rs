//! Hindrances and reliefs in words.

use super::{Hindrance, Part, Relief, What};
use crate::message::catalogue;
use crate::why::text::places;
use saltern_base::energy::UnitRef;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};
use saltern_units::quantity::significant;

impl Message for Hindrance {
    fn code(&self) -> &'static str {
        match self.what {
            What::Budget => "why.build_budget",
            What::Carbon => "why.build_carbon",
            What::Most(_) => "why.build_most",
            What::Least(_) => "why.build_least",
            What::Demand(_) => "why.build_demand",
            What::Work(_) => "why.build_work",
            What::Grid(_) => "why.build_grid",
            What::Unit(_) => "why.build_unit",
            What::Shortage(_) => "why.build_shortage",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        vec![
            ("name", lang.pick(&self.name.en, &self.name.zh).to_string()),
            ("year", self.year.to_string()),
            ("value", amount(self.what, self.value, lang)),
            ("places", places(&self.places, lang)),
        ]
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl Message for Relief {
    fn code(&self) -> &'static str {
        match self.what {
            What::Budget => "change.build_budget",
            What::Carbon => "change.build_carbon",
            What::Most(_) | What::Unit(_) | What::Shortage(_) => "change.build_most",
            What::Least(_) => "change.build_least",
            What::Demand(_) => "change.build_demand",
            What::Work(_) => "change.build_work",
            What::Grid(_) => "change.build_grid",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let by = match self.what {
            What::Demand(_) | What::Work(_) | What::Grid(_) => {
                format!("{} MWh", significant(self.by, 4))
            }
            _ => amount(self.what, self.by, lang),
        };
        vec![
            ("name", lang.pick(&self.name.en, &self.name.zh).to_string()),
            ("year", self.year.to_string()),
            ("by", by),
            ("places", places(&self.places, lang)),
        ]
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

/// An amount with its unit.
fn amount(what: What, value: f64, lang: Lang) -> String {
    let unit = match what {
        What::Budget => {
            let millions = significant(value / 1e6, 4);
            return lang.pick(format!("{millions} million"), format!("{millions} 百万"));
        }
        What::Carbon => "t",
        What::Most(Part::Energy(_)) | What::Least(Part::Energy(_)) | What::Work(_) => "MWh",
        What::Unit(UnitRef::Hall(_)) => "MW",
        _ => "MW",
    };
    format!("{} {unit}", significant(value, 4))
}
