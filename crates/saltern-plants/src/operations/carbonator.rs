//! Carbonation and its reverse: Li2CO3 dissolves as bicarbonate under CO2, and comes out pure when that is driven off.
//!
//! ```text
//! carbonate   Li2CO3 + CO2 + H2O → 2 LiHCO3         CO2 = ratio × carbonate that comes in
//! drive off   2 LiHCO3 → Li2CO3 + CO2 + H2O         CO2 = conversion × protons / 2
//! ```
//!
//! By extent; the solids then settle with the liquor. What CO2 a gas space would hold is not computed: ratio (1.1) and
//! conversion (0.98) are assumed. LiHCO3 dissolves to about 5.7 g/100 g of water at 20 °C under CO2 (recalled), so a slurry
//! needs some 19 kg of water a kg of Li2CO3.

use saltern_brine::database::{ComponentId, HYDROGEN, MineralId, WATER};

use crate::kinds::{Kind, Motors};
use crate::matter::{Matter, SubstanceId};
use crate::operation::{Operation, Outcome, UnitError, demand};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// Dissolves carbonates under CO2.
pub const KIND: Kind = Kind {
    name: "carbonator",
    inlets: &["in", "recycled", "gas"],
    outlets: &["out", "gas"],
    open_to_air: true,
    motors: Motors::Driven,
    build: build_carbonator,
};

/// Drives CO2 off again.
pub const DECARBONATOR: Kind = Kind {
    name: "decarbonator",
    inlets: &["in"],
    outlets: &["out", "gas"],
    open_to_air: false,
    motors: Motors::Driven,
    build: build_decarbonator,
};

#[derive(Debug)]
struct Tank {
    carbon: ComponentId,
    dioxide: SubstanceId,
    temperature_k: f64,
    phases: Vec<MineralId>,
}

impl Tank {
    fn new(settings: &Settings, matter: &Matter<'_>) -> Result<Tank, SettingError> {
        Ok(Tank {
            carbon: settings.component("carbon", matter)?,
            dioxide: settings.substance("gas", matter)?,
            temperature_k: settings.number("temperature"),
            phases: settings.minerals("phases", matter)?,
        })
    }

    /// Adds CO2 to the liquor (takes it out, where negative): CO2 + H2O = CO3-2 + 2 H+.
    fn dissolve(&self, stream: &mut Stream, mol_s: f64) {
        stream.brine_mol_s[self.carbon] += mol_s;
        stream.brine_mol_s[HYDROGEN] += 2.0 * mol_s;
        stream.brine_mol_s[WATER] -= mol_s;
    }
}

#[derive(Debug)]
struct Carbonator {
    tank: Tank,
    ratio: f64,
}

fn build_carbonator(
    settings: &Settings,
    matter: &Matter<'_>,
) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Carbonator {
        tank: Tank::new(settings, matter)?,
        ratio: settings.number("ratio"),
    }))
}

impl Operation for Carbonator {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (feed, recycled, gas) = (&inlets[0], &inlets[1], &inlets[2]);
        let tank = &self.tank;
        let matter = room.matter;
        let carbonate = feed.component_mol_s(matter, tank.carbon);
        // Bicarbonate that comes along needs none.
        let protons = feed.component_mol_s(matter, HYDROGEN).max(0.0);
        let needed = (self.ratio * (carbonate - protons)).max(0.0);
        let back = recycled.others_mol_s[tank.dioxide];
        let fresh = (needed - back).max(0.0);
        let factor = demand("CO2, mol/s", fresh, gas.others_mol_s[tank.dioxide])?;
        let mut off = recycled.clone();
        off.add(&gas.times(factor));
        let used = needed.min(off.others_mol_s[tank.dioxide]);
        off.others_mol_s[tank.dioxide] -= used;
        let mut mixed = feed.clone();
        tank.dissolve(&mut mixed, used);
        let (out, _) = room.settle(0, &tank.phases, &mixed, tank.temperature_k)?;
        off.temperature_k = tank.temperature_k;
        Ok(Outcome {
            outlets: vec![out, off],
            taken: vec![(2, factor)],
            ..Outcome::default()
        })
    }
}

#[derive(Debug)]
struct Decarbonator {
    tank: Tank,
    conversion: f64,
}

fn build_decarbonator(
    settings: &Settings,
    matter: &Matter<'_>,
) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Decarbonator {
        tank: Tank::new(settings, matter)?,
        conversion: settings.number("conversion"),
    }))
}

impl Operation for Decarbonator {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let tank = &self.tank;
        let matter = room.matter;
        let mut liquor = inlets[0].clone();
        let protons = liquor.brine_mol_s[HYDROGEN].max(0.0);
        let carbon = liquor.brine_mol_s[tank.carbon].max(0.0);
        let driven = (self.conversion * 0.5 * protons).min(self.conversion * carbon);
        tank.dissolve(&mut liquor, -driven);
        let (out, _) = room.settle(0, &tank.phases, &liquor, tank.temperature_k)?;
        let mut gas = Stream::nothing(matter);
        gas.temperature_k = tank.temperature_k;
        gas.others_mol_s[tank.dioxide] = driven;
        Ok(Outcome::of(vec![out, gas]))
    }
}
