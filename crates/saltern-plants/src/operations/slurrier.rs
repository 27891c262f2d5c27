//! Slurrier: liquor added to solids in proportion to them, recycled liquor first, fresh water for the rest; nothing
//! reacts, so a tank or a carbonator follows.
//!
//! ```text
//! fresh = max(0, ratio · mass of the solids − recycled)
//! ```

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Operation, Outcome, UnitError, demand};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "slurrier",
    inlets: &["in", "recycled", "water"],
    outlets: &["out"],
    open_to_air: true,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Slurrier {
    ratio: f64,
}

fn build(settings: &Settings, _: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Slurrier {
        ratio: settings.number("ratio"),
    }))
}

impl Operation for Slurrier {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let matter = room.matter;
        let [feed, recycled, water] = inlets else {
            return Ok(Outcome::default());
        };
        let solids_kg_s = feed.mass_kg_s(matter) - feed.liquid_kg_s(matter);
        let fresh_kg_s = (self.ratio * solids_kg_s - recycled.mass_kg_s(matter)).max(0.0);
        let factor = demand("water, kg/s", fresh_kg_s, water.mass_kg_s(matter))?;
        let streams = [feed.clone(), recycled.clone(), water.times(factor)];
        Ok(Outcome {
            outlets: vec![room.blend(0, &streams)?],
            taken: vec![(2, factor)],
            ..Outcome::default()
        })
    }
}
