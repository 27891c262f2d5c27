//! Screen: solids parted by size, each mineral by the share of it that is coarser than the aperture.
//!
//! ```text
//! oversize of a mineral = n (η s + μ (1 − s)),   liquor that adheres = x/(1 − x) · (mass of the oversize)
//! ```
//!
//! s is the coarse share, η the efficiency with which coarse grains reach the oversize, μ the share of fine grains
//! carried along, x the liquor in the wet oversize. Streams carry no sizes, so s belongs to the unit; what breaks or
//! dissolves upstream does not change it.

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Operation, Outcome, UnitError};
use crate::parting::{self, ByMineral};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "screen",
    inlets: &["in"],
    outlets: &["oversize", "undersize"],
    open_to_air: true,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Screen {
    coarse: ByMineral,
    efficiency: f64,
    misplaced: f64,
    liquor_kg_kg: f64,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Screen {
        coarse: ByMineral {
            single: settings.mineral_shares("coarse_by_mineral", matter)?,
            rest: settings.number("coarse"),
        },
        efficiency: settings.number("efficiency"),
        misplaced: settings.number("misplaced"),
        liquor_kg_kg: parting::liquor_kg_kg(settings.number("moisture")),
    }))
}

impl Operation for Screen {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (feed, matter) = (&inlets[0], room.matter);
        let above = |coarse: f64| self.efficiency * coarse + self.misplaced * (1.0 - coarse);
        let share = |m| above(self.coarse.of(m));
        let mut oversize = parting::solids(feed, matter, share, above(self.coarse.rest));
        let liquor_kg_s = self.liquor_kg_kg * parting::solids_kg_s(&oversize, matter);
        let undersize = parting::with_liquor(&mut oversize, feed, liquor_kg_s, matter);
        Ok(Outcome::of(vec![oversize, undersize]))
    }
}
