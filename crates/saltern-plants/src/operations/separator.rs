//! Separator of solids from liquor (filter, centrifuge): each solid by its recovery, the liquor that adheres goes with
//! the solids.
//!
//! ```text
//! solids:  n_m r_m,  liquor w_e = e · (mass of the solids)   or   w_e = x/(1 − x) · (mass of the solids)
//! ```
//!
//! with e kg of liquor a kg of solids, or x the share of liquor in the wet cake.

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Operation, Outcome, UnitError};
use crate::parting::{self, ByMineral};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "separator",
    inlets: &["in"],
    outlets: &["solids", "liquor"],
    open_to_air: true,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Separator {
    recovery: ByMineral,
    liquor_kg_kg: f64,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let moisture = settings.optional_number("moisture").unwrap_or(0.0);
    let entrained = settings.optional_number("entrained_liquor");
    Ok(Box::new(Separator {
        recovery: ByMineral {
            single: settings.mineral_shares("recovery", matter)?,
            rest: settings.number("solids_recovery"),
        },
        liquor_kg_kg: entrained.unwrap_or(parting::liquor_kg_kg(moisture)),
    }))
}

impl Operation for Separator {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (slurry, matter) = (&inlets[0], room.matter);
        let recovery = |m| self.recovery.of(m);
        let mut cake = parting::solids(slurry, matter, recovery, self.recovery.rest);
        let liquor_kg_s = self.liquor_kg_kg * parting::solids_kg_s(&cake, matter);
        let liquor = parting::with_liquor(&mut cake, slurry, liquor_kg_s, matter);
        Ok(Outcome::of(vec![cake, liquor]))
    }
}
