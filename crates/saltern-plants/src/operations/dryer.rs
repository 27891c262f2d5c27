//! Dryer: free water leaves as steam until the product has a given moisture; crystal water stays.
//!
//! What the adhering liquor holds crystallises as its water goes, by equilibrium at the temperature of the product, and
//! may bind water of its own (bischofite, carnallite). The water to be driven off is where
//!
//! ```text
//! (free water left after crystallisation) / (mass of the product) = moisture
//! ```
//!
//! Crystal water is not driven off, so temperatures at which the hydrates present lose theirs are beyond this unit.

use saltern_brine::database::{MineralId, WATER};
use saltern_numerics::root::{Sharpness, falling};

use crate::kinds::{Kind, Motors};
use crate::matter::{Matter, SubstanceId};
use crate::operation::{Operation, Outcome, UnitError};
use crate::operations::crystalliser::boil;
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "dryer",
    inlets: &["in"],
    outlets: &["out", "vapour"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

/// Relative precision of the water driven off.
const SHARP: Sharpness = Sharpness {
    relative: 1e-13,
    absolute: 0.0,
    value: 0.0,
};

#[derive(Debug)]
struct Dryer {
    temperature_k: f64,
    phases: Vec<MineralId>,
    moisture: f64,
    steam: SubstanceId,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Dryer {
        temperature_k: settings.number("temperature"),
        phases: settings.minerals("phases", matter)?,
        moisture: settings.number("moisture"),
        steam: matter.substance("Steam").unwrap_or_default(),
    }))
}

impl Operation for Dryer {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let feed = &inlets[0];
        let too_wet = |stream: &Stream, matter: &Matter<'_>| {
            let water_kg_s =
                stream.brine_mol_s[WATER] * matter.database.components[WATER].molar_mass_kg_mol;
            let mass_kg_s = stream.mass_kg_s(matter);
            if mass_kg_s > 0.0 {
                water_kg_s / mass_kg_s - self.moisture
            } else {
                0.0
            }
        };
        let matter = room.matter;
        let mut share = 0.0;
        if too_wet(feed, matter) > 0.0 {
            let mut excess = |share: f64| -> Result<f64, UnitError> {
                let (dried, _) = self.dried(feed, share, room)?;
                Ok(too_wet(&dried, matter))
            };
            if excess(0.0)? > 0.0 {
                let found = falling(0.9, (0.0, 1.0), &SHARP, &mut excess)?;
                share = found.map_or(1.0, |bracket| bracket.high.0);
            }
        }
        if share == 0.0 {
            let mut out = feed.clone();
            out.temperature_k = self.temperature_k;
            let mut vapour = Stream::nothing(matter);
            vapour.temperature_k = self.temperature_k;
            return Ok(Outcome::of(vec![out, vapour]));
        }
        let (out, vapour) = self.dried(feed, share, room)?;
        Ok(Outcome::of(vec![out, vapour]))
    }
}

impl Dryer {
    /// With a share of the free water driven off.
    fn dried(
        &self,
        feed: &Stream,
        share: f64,
        room: &mut Room<'_>,
    ) -> Result<(Stream, Stream), UnitError> {
        let mut left = feed.clone();
        let mut vapour = Stream::nothing(room.matter);
        vapour.temperature_k = self.temperature_k;
        boil(&mut left, &mut vapour, share, self.steam);
        let (out, _) = room.settle(0, &self.phases, &left, self.temperature_k)?;
        Ok((out, vapour))
    }
}
