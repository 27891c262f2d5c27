//! Crystalliser: a liquor brought to a temperature, some of its water boiled off, and its solids to equilibrium, or part
//! of the way to it. Cooling, evaporative and reactive crystallisation are this: what reacts is fed together.
//!
//! ```text
//! vapour = v · (free water),   out = (1 − a) · (what is left, as it is) + a · (what is left, at equilibrium)
//! ```
//!
//! a is the approach to equilibrium: the share of the supersaturation that is relieved, one for long residence times.
//! Kinetics and sizes of crystals are not modelled.

use saltern_brine::database::{MineralId, WATER};

use crate::kinds::{Kind, Motors};
use crate::matter::{Matter, SubstanceId};
use crate::operation::{Operation, Outcome, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "crystalliser",
    inlets: &["in"],
    outlets: &["out", "vapour"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Crystalliser {
    temperature_k: f64,
    phases: Vec<MineralId>,
    approach: f64,
    vapour_share: f64,
    steam: Option<SubstanceId>,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Crystalliser {
        temperature_k: settings.number("temperature"),
        phases: settings.minerals("phases", matter)?,
        approach: settings.number("approach"),
        vapour_share: settings.number("vapour"),
        steam: matter.substance("Steam"),
    }))
}

impl Operation for Crystalliser {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let mut left = inlets[0].clone();
        let mut vapour = Stream::nothing(room.matter);
        vapour.temperature_k = self.temperature_k;
        left.temperature_k = self.temperature_k;
        if let Some(steam) = self.steam {
            boil(&mut left, &mut vapour, self.vapour_share, steam);
        }
        let reacting = left.times(self.approach);
        let mut out = left.less(&reacting);
        let (settled, _) = room.settle(0, &self.phases, &reacting, self.temperature_k)?;
        out.add(&settled);
        Ok(Outcome::of(vec![out, vapour]))
    }
}

/// A share of the free water of a stream becomes steam.
pub(crate) fn boil(left: &mut Stream, vapour: &mut Stream, share: f64, steam: SubstanceId) {
    let water = share * left.brine_mol_s[WATER].max(0.0);
    left.brine_mol_s[WATER] -= water;
    vapour.others_mol_s[steam] += water;
}
