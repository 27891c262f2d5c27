//! Boiler: water to saturated steam, by fuel or by electricity; the share `blowdown` of the water leaves hot.
//!
//! ```text
//! fuel heat (lower heating value) = (H_out − H_in)/η,     or  power = (H_out − H_in)/η
//! ```
//!
//! The solver shows the heat taken up by the water; `fuel_heat` is what the fuel holds. Efficiency is the user's; 0.9 is
//! assumed. Carbon belongs to the fuel and is counted where factors are.

use saltern_brine::database::WATER;

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, UnitError, Utilities};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "boiler",
    inlets: &["water"],
    outlets: &["steam", "blowdown"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Boiler {
    temperature_k: f64,
    efficiency: f64,
    blowdown: f64,
    electric: bool,
    steam: Option<usize>,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Boiler {
        temperature_k: settings.number("temperature"),
        efficiency: settings.number("efficiency"),
        blowdown: settings.number("blowdown"),
        electric: settings.text("drive") == "electricity",
        steam: matter.substance("Steam"),
    }))
}

impl Operation for Boiler {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let matter = room.matter;
        let feed = &inlets[0];
        let mut steam = Stream::nothing(matter);
        steam.temperature_k = self.temperature_k;
        let mut blowdown = feed.clone();
        blowdown.temperature_k = self.temperature_k;
        if let Some(id) = self.steam {
            let mol_s = (1.0 - self.blowdown) * feed.brine_mol_s[WATER].max(0.0);
            steam.others_mol_s[id] = mol_s;
            blowdown.brine_mol_s[WATER] -= mol_s;
        }
        let heat_w = room.enthalpy_w(0, &steam)? + room.enthalpy_w(1, &blowdown)?
            - room.enthalpy_w(2, feed)?;
        let used_w = heat_w / self.efficiency;
        Ok(Outcome {
            outlets: vec![steam, blowdown],
            power_w: if self.electric { used_w } else { 0.0 },
            utilities: Some(Utilities {
                heating_w: if self.electric { 0.0 } else { used_w },
                cooling_w: 0.0, // what is lost goes up the stack
            }),
            figures: vec![Figure {
                code: "plants.figure.fuel_heat",
                value: if self.electric { 0.0 } else { used_w },
                unit: "W",
            }],
            ..Outcome::default()
        })
    }
}
