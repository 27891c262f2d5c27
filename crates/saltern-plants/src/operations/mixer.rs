//! Mixer: streams put together, nothing reacting.

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Operation, Outcome, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "mixer",
    inlets: &["in"],
    outlets: &["out"],
    open_to_air: true,
    motors: Motors::Without,
    build,
};

#[derive(Debug)]
struct Mixer {
    temperature_k: Option<f64>,
}

fn build(settings: &Settings, _: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Mixer {
        temperature_k: settings.optional_number("temperature"),
    }))
}

impl Operation for Mixer {
    fn run(&self, inlets: &[Stream], _: &mut Room<'_>) -> Result<Outcome, UnitError> {
        // Streams at one port come blended; to leave them so is all there is to do.
        let mut out = inlets[0].clone();
        if let Some(t) = self.temperature_k {
            out.temperature_k = t;
        }
        Ok(Outcome::of(vec![out]))
    }
}
