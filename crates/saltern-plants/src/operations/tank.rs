//! Stirred tank: what comes in reacts to equilibrium, or a share of it does. Decomposition of carnallite, dissolution
//! of salt, precipitation by mixing, cooling crystallisation are all this.

use saltern_brine::database::MineralId;

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Operation, Outcome, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "tank",
    inlets: &["in"],
    outlets: &["out"],
    open_to_air: true,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Tank {
    temperature_k: Option<f64>,
    phases: Vec<MineralId>,
    approach: f64,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Tank {
        temperature_k: settings.optional_number("temperature"),
        phases: settings.minerals("phases", matter)?,
        approach: settings.number("approach"),
    }))
}

impl Operation for Tank {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let reacting = inlets[0].times(self.approach);
        let mut passing = inlets[0].less(&reacting);
        let (settled, _) = match self.temperature_k {
            Some(t) => room.settle(0, &self.phases, &reacting, t)?,
            None => {
                let enthalpy_w = room.enthalpy_w(2, &reacting)?;
                room.settle_adiabatic(0, &self.phases, &reacting, enthalpy_w)?
            }
        };
        passing.temperature_k = settled.temperature_k;
        passing.add(&settled);
        Ok(Outcome::of(vec![passing]))
    }
}
