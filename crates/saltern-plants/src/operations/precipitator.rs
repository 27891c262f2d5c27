//! Precipitation by a reagent given as a multiple of its stoichiometry: Li2CO3 by soda ash, Mg(OH)2 by lime or soda.
//!
//! ```text
//! reagent = multiple · ν · n_target − what of it the liquor brings along, never below 0
//! then equilibrium with the solids that may form, at the temperature
//! ```
//!
//! `reagent` is a component (`C` for carbonate) or `OH`, counted as lacking protons. Solubility and losses come from the
//! equilibrium: Li2CO3 is the less soluble the hotter (13.3 g/L at 20 °C, 7.2 at 100 °C; CRC, recalled), so it is made hot.

use saltern_brine::database::{ComponentId, HYDROGEN, MineralId};

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError, demand};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "precipitator",
    inlets: &["in", "reagent"],
    outlets: &["out"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Precipitator {
    target: ComponentId,
    /// `None` for hydroxide.
    reagent: Option<ComponentId>,
    stoichiometry: f64,
    multiple: f64,
    credit: bool,
    temperature_k: f64,
    phases: Vec<MineralId>,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Precipitator {
        target: settings.component("target", matter)?,
        reagent: match settings.text("reagent") {
            "OH" => None,
            _ => Some(settings.component("reagent", matter)?),
        },
        stoichiometry: settings.number("stoichiometry"),
        multiple: settings.number("multiple"),
        credit: settings.text("credit") == "yes",
        temperature_k: settings.number("temperature"),
        phases: settings.minerals("phases", matter)?,
    }))
}

impl Precipitator {
    fn reagent_mol_s(&self, stream: &Stream, matter: &Matter<'_>) -> f64 {
        match self.reagent {
            Some(c) => stream.component_mol_s(matter, c),
            None => -stream.component_mol_s(matter, HYDROGEN),
        }
    }
}

impl Operation for Precipitator {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let matter = room.matter;
        let (feed, reagent) = (&inlets[0], &inlets[1]);
        let target = feed.component_mol_s(matter, self.target);
        let brought = match self.credit {
            true => self.reagent_mol_s(feed, matter).max(0.0),
            false => 0.0,
        };
        let needed = (self.multiple * self.stoichiometry * target - brought).max(0.0);
        let factor = demand(
            "reagent, mol/s",
            needed,
            self.reagent_mol_s(reagent, matter),
        )?;
        let mut mixed = feed.clone();
        mixed.add(&reagent.times(factor));
        let (out, _) = room.settle(0, &self.phases, &mixed, self.temperature_k)?;
        let left = out.brine_mol_s[self.target];
        let total = out.component_mol_s(matter, self.target);
        let remarks = if total > 0.0 && left >= total {
            vec![Remark::NothingToDo {
                what: "precipitation: nothing of the target comes out",
            }]
        } else {
            Vec::new()
        };
        Ok(Outcome {
            outlets: vec![out],
            taken: vec![(1, factor)],
            power_w: 0.0,
            figures: vec![Figure {
                code: "plants.figure.precipitated",
                value: if total > 0.0 { 1.0 - left / total } else { 0.0 },
                unit: "1",
            }],
            remarks,
            ..Outcome::default()
        })
    }
}
