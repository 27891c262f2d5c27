//! Heater or cooler: a stream to a temperature; its solids may follow or stay as they are.

use saltern_brine::database::MineralId;

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Operation, Outcome, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "heater",
    inlets: &["in"],
    outlets: &["out"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Heater {
    temperature_k: f64,
    phases: Option<Vec<MineralId>>,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let still = settings.text("phases") == "none";
    Ok(Box::new(Heater {
        temperature_k: settings.number("temperature"),
        phases: match still {
            true => None,
            false => Some(settings.minerals("phases", matter)?),
        },
    }))
}

impl Operation for Heater {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let out = match &self.phases {
            None => Stream {
                temperature_k: self.temperature_k,
                ..inlets[0].clone()
            },
            Some(phases) => room.settle(0, phases, &inlets[0], self.temperature_k)?.0,
        };
        Ok(Outcome::of(vec![out]))
    }
}
