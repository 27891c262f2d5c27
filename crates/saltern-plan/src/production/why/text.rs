//! Obstacles and reliefs in words.

use super::{Obstacle, Relief, What};
use crate::message::catalogue;
use crate::why::text::{first_few, places};
use jiff::civil::Date;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};
use saltern_units::quantity::significant;

impl What {
    fn codes(self) -> (&'static str, &'static str) {
        match self {
            What::Contract(_) => ("why.contract", "change.contract"),
            What::Grade(_) => ("why.grade", "change.grade"),
            What::Market(_) => ("why.market", "change.market"),
            What::Wagons(_) => ("why.wagons", "change.wagons"),
            What::Warehouse(_) => ("why.warehouse", "change.room"),
            What::Stock(_) => ("why.stock", "change.room"),
            What::Plant(_) => ("why.plant", "change.plant"),
            What::Harvest(_) => ("why.harvest", "change.harvest"),
            What::Crew(_) => ("why.crew", "change.harvest"),
            What::Salt(_) => ("why.salt", "change.harvest"),
            What::Heap(_) => ("why.heap", "change.harvest"),
        }
    }
}

impl Message for Obstacle {
    fn code(&self) -> &'static str {
        self.what.codes().0
    }

    fn fields(&self, lang: Lang) -> Fields {
        let (least, most) = self.value;
        let (scale, unit) = match self.what {
            What::Grade(_) => (100.0, "%"),
            _ => (1.0, "t"),
        };
        let number = |value: f64| significant(scale * value, 4);
        let value = if (most - least).abs() < 1e-9 * most.abs().max(1.0) {
            format!("{} {unit}", number(most))
        } else {
            let to = lang.pick(" to ", "～");
            format!("{}{to}{} {unit}", number(least), number(most))
        };
        vec![
            ("name", self.id.clone()),
            ("value", value),
            ("times", times(&self.times, lang)),
            ("places", places(&self.places, lang)),
        ]
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl Message for Relief {
    fn code(&self) -> &'static str {
        self.what.codes().1
    }

    fn fields(&self, lang: Lang) -> Fields {
        vec![
            ("name", self.id.clone()),
            ("by", significant(self.by_t, 4)),
            ("times", times(&self.times, lang)),
            ("places", places(&self.places, lang)),
        ]
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

/// Stretches of days, the first few in full.
fn times(times: &[(Date, Date)], lang: Lang) -> String {
    let one =
        |(from, to): &(Date, Date)| lang.pick(format!("{from} to {to}"), format!("{from} 至 {to}"));
    first_few(times.iter().map(one).collect(), lang)
}
