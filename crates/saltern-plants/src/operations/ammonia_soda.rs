//! Ammonia–soda (Solvay) works between brine and bicarbonate: absorption of ammonia, carbonation, filters and the
//! distillation that gives the ammonia back, as one unit around which the ammonia closes.
//!
//! ```text
//! NaCl + NH3 + CO2 + H2O → NaHCO3 + NH4Cl        2 NH4Cl + CaO → CaCl2 + 2 NH3 + H2O
//! together: 2 NaCl + 2 CO2 + H2O + CaO → 2 NaHCO3 + CaCl2
//! NaHCO3 = min(conversion · NaCl, captured · CO2, 2 · CaO)
//! ```
//!
//! The process is that of Solvay (1861), its sum textbook stoichiometry; the calcium chloride leaves with the unconverted
//! salt as the distillers' waste. Lime beyond the need leaves with it as Ca(OH)2. What ammonia is lost is made up on demand
//! and leaves with the gas. No stream table of a soda works on a salt lake is public (`facts/plants.md` §7): conversion,
//! capture, loss and steam are settings, their defaults assumed.
//!
//! **Heat.** Reactions take and give what the enthalpies of the streams say; the distillation buys steam, `steam_heat` a
//! mass of soda ash, and what of it is not in the streams is cooled away. The share `live_steam` of it is blown in and ends
//! as water of the waste, made of water on demand; the ammonium chloride between the columns is in no stream.
//!
//! **Range.** Purified brine: magnesium, sulfate and other ions pass into the waste as they are.

use saltern_brine::database::{ComponentId, HYDROGEN, MineralId, WATER};

use crate::chain::apart;
use crate::kinds::{Kind, Motors};
use crate::matter::{Matter, SubstanceId};
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError, Utilities, demand};
use crate::parting;
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "ammonia_soda",
    inlets: &["brine", "gas", "lime", "ammonia", "water"],
    outlets: &["bicarbonate", "waste", "gas"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

/// Share of the water that the reaction may take at most: brine stays brine.
const WATER_SHARE: f64 = 0.5;
/// Below this share of what was asked, the reaction is limited by something else.
const SHORT: f64 = 1.0 - 1e-9;

#[derive(Debug)]
struct Works {
    conversion: f64,
    captured: f64,
    liquor_kg_kg: f64,
    ammonia_kg_kg: f64,
    steam_j_kg: f64,
    live: f64,
    live_k: f64,
    temperature_k: f64,
    sodium: ComponentId,
    calcium: ComponentId,
    chloride: ComponentId,
    bicarbonate: MineralId,
    slaked: MineralId,
    lime: SubstanceId,
    dioxide: SubstanceId,
    steam: SubstanceId,
    soda: SubstanceId,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let component = |name: &str| settings.component_named("kind", name, matter);
    let mineral = |name: &str| settings.mineral_named("kind", name, matter);
    let substance = |name: &str| settings.substance_named("kind", name, matter);
    Ok(Box::new(Works {
        conversion: settings.number("conversion"),
        captured: settings.number("captured"),
        liquor_kg_kg: parting::liquor_kg_kg(settings.number("moisture")),
        ammonia_kg_kg: settings.number("ammonia_loss"),
        steam_j_kg: settings.number("steam_heat"),
        live: settings.number("live_steam"),
        live_k: settings.number("steam_temperature"),
        temperature_k: settings.number("temperature"),
        sodium: component("Na+")?,
        calcium: component("Ca+2")?,
        chloride: component("Cl-")?,
        bicarbonate: mineral("Nahcolite")?,
        slaked: mineral("Portlandite")?,
        lime: substance("CaO")?,
        dioxide: substance("CO2")?,
        steam: substance("Steam")?,
        soda: substance("Na2CO3")?,
    }))
}

impl Works {
    /// Bicarbonate made, mol/s, and what the brine alone would let be made.
    fn made(&self, brine: &Stream, gas: &Stream, lime: &Stream) -> (f64, f64) {
        let salt = brine.brine_mol_s[self.sodium].min(brine.brine_mol_s[self.chloride]);
        let asked = (self.conversion * salt)
            .min(WATER_SHARE * brine.brine_mol_s[WATER])
            .max(0.0);
        let burnt = lime.others_mol_s[self.lime] + lime.solids_mol_s[self.slaked];
        let gas = self.captured * gas.others_mol_s[self.dioxide];
        (asked.min(gas).min(2.0 * burnt).max(0.0), asked)
    }

    /// How much of the water offered is live steam, where the distillation takes so much heat.
    fn live_steam(
        &self,
        steam_w: f64,
        water: &Stream,
        room: &mut Room<'_>,
    ) -> Result<f64, UnitError> {
        let wanted_w = self.live * steam_w;
        if wanted_w <= 0.0 {
            return Ok(0.0);
        }
        let mut boiled = water.clone();
        boiled.others_mol_s[self.steam] += std::mem::take(&mut boiled.brine_mol_s[WATER]);
        boiled.temperature_k = self.live_k;
        let offered_w = room.enthalpy_w(30, &boiled)? - room.enthalpy_w(31, water)?;
        demand("heat of the live steam, W", wanted_w, offered_w)
    }

    /// The lime that the distillers take and what of it is left, as milk, in the liquor.
    fn distil(&self, liquor: &mut Stream, made: f64) {
        let slaked = std::mem::take(&mut liquor.others_mol_s[self.lime]);
        liquor.solids_mol_s[self.slaked] += slaked;
        liquor.brine_mol_s[WATER] -= slaked;
        // Ca(OH)2 + 2 H+ → Ca+2 + 2 H2O
        let used = 0.5 * made;
        liquor.solids_mol_s[self.slaked] -= used;
        liquor.brine_mol_s[self.calcium] += used;
        liquor.brine_mol_s[WATER] += 2.0 * used;
        liquor.brine_mol_s[HYDROGEN] -= 2.0 * used;
    }
}

impl Operation for Works {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let matter = room.matter;
        let [brine, gas, lime, ammonia, water] = [0, 1, 2, 3, 4].map(|port: usize| &inlets[port]);
        let (made, asked) = self.made(brine, gas, lime);
        let soda_kg_s = 0.5 * made * matter.substances[self.soda].molar_mass_kg_mol;
        let lost_kg_s = self.ammonia_kg_kg * soda_kg_s;
        let factor = demand("ammonia lost, kg/s", lost_kg_s, ammonia.mass_kg_s(matter))?;

        let water_factor = self.live_steam(self.steam_j_kg * soda_kg_s, water, room)?;

        let mut liquor = brine.clone();
        liquor.add(gas);
        liquor.add(lime);
        liquor.add(&ammonia.times(factor));
        liquor.add(&water.times(water_factor));
        let steam = std::mem::take(&mut liquor.others_mol_s[self.steam]);
        liquor.brine_mol_s[WATER] += steam;
        // CO2 + H2O + Na+ → NaHCO3 + H+
        liquor.others_mol_s[self.dioxide] -= made;
        liquor.brine_mol_s[WATER] -= made;
        liquor.brine_mol_s[self.sodium] -= made;
        liquor.brine_mol_s[HYDROGEN] += made;
        if liquor.brine_mol_s[WATER] < lime.others_mol_s[self.lime] {
            return Err(UnitError::Cannot {
                what: "water for slaking the lime (mol/s)",
                reached: liquor.brine_mol_s[WATER].max(0.0),
                asked: lime.others_mol_s[self.lime],
            });
        }
        self.distil(&mut liquor, made);

        // The cake is washed: water goes along, no salt.
        let mut cake = Stream::nothing(matter);
        cake.solids_mol_s[self.bicarbonate] = made;
        let water_kg_mol = matter.database.components[WATER].molar_mass_kg_mol;
        let wet_mol_s = self.liquor_kg_kg * cake.mass_kg_s(matter) / water_kg_mol;
        cake.brine_mol_s[WATER] = wet_mol_s.min(WATER_SHARE * liquor.brine_mol_s[WATER]);
        liquor.brine_mol_s[WATER] -= cake.brine_mol_s[WATER];
        let (mut vent, mut waste) = apart(&liquor, matter);
        for stream in [&mut cake, &mut waste, &mut vent] {
            stream.temperature_k = self.temperature_k;
        }
        let mut heat_w = 0.0;
        for (slot, stream) in [&cake, &waste, &vent].into_iter().enumerate() {
            heat_w += room.enthalpy_w(slot, stream)?;
        }
        let taken = [
            brine.clone(),
            gas.clone(),
            lime.clone(),
            ammonia.times(factor),
            water.times(water_factor),
        ];
        for (slot, stream) in taken.iter().enumerate() {
            heat_w -= room.enthalpy_w(10 + slot, stream)?;
        }
        let steam_w = (self.steam_j_kg * soda_kg_s).max(heat_w);
        let mut remarks = Vec::new();
        if made < SHORT * asked {
            remarks.push(Remark::Limited {
                what: "bicarbonate for want of carbon dioxide or lime (mol/s)",
                asked,
                reached: made,
            });
        }
        Ok(Outcome {
            outlets: vec![cake, waste, vent],
            taken: vec![(3, factor), (4, water_factor)],
            utilities: Some(Utilities {
                heating_w: steam_w.max(0.0),
                cooling_w: (steam_w.max(0.0) - heat_w).max(0.0),
            }),
            figures: vec![Figure {
                code: "plants.figure.soda",
                value: 3.6 * soda_kg_s,
                unit: "t/h",
            }],
            remarks,
            ..Outcome::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::trial;
    use crate::settings::Setting;
    use saltern_brine::thermo::default_database;

    /// By hand: 6 mol of salt at 73 % make 4.38 mol of bicarbonate and 2.19 of calcium chloride from 2.19 of lime and 4.38
    /// of carbon dioxide; 1.62 mol of salt stay. Half the gas halves it, and that is told.
    #[test]
    fn salt_and_limestone_become_soda_and_calcium_chloride() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let brine = trial::stream(
            &matter,
            298.15,
            &[("H2O", 55.5), ("Na+", 6.0), ("Cl-", 6.0)],
        );
        let gas = |n| trial::stream(&matter, 303.15, &[("CO2", n), ("N2", 6.0)]);
        let lime = trial::stream(&matter, 303.15, &[("CaO", 2.3)]);
        let ammonia = trial::stream(&matter, 298.15, &[("NH3", 1.0)]);
        let water = Stream::water(&matter, 1.0, 288.15);
        let inlets = |n| {
            let all = [&brine, &gas(n), &lime, &ammonia, &water];
            all.map(Clone::clone)
        };
        let settings = [
            ("conversion", Setting::Number(0.73)),
            ("captured", Setting::Number(1.0)),
        ];
        let out = trial::run("ammonia_soda", &settings, &inlets(4.5), &mut room).unwrap();
        let (cake, waste, vent) = (&out.outlets[0], &out.outlets[1], &out.outlets[2]);
        let ion =
            |stream: &Stream, name: &str| stream.brine_mol_s[database.component(name).unwrap()];
        let solid =
            |stream: &Stream, name: &str| stream.solids_mol_s[database.mineral(name).unwrap()];
        assert!((solid(cake, "Nahcolite") - 4.38).abs() < 1e-12);
        assert!((ion(waste, "Ca+2") - 2.19).abs() < 1e-12);
        assert!((ion(waste, "Na+") - 1.62).abs() < 1e-12);
        assert!((solid(waste, "Portlandite") - 0.11).abs() < 1e-12);
        assert!(ion(waste, "H+").abs() < 1e-12);
        assert!((vent.others_mol_s[matter.substance("CO2").unwrap()] - 0.12).abs() < 1e-12);
        // 2.19 mol of soda, 0.232 kg, at 4 MJ/kg: 0.929 MJ, at 2.64 MJ a kg of steam from water of 15 degC 0.35 kg.
        let live_kg_s = out.taken[1].1;
        assert!((live_kg_s - 0.35).abs() < 0.01, "{live_kg_s}");
        let utilities = out.utilities.unwrap();
        let heat_w = trial::heat_w(&inlets(4.5), &out, &mut room);
        let net = utilities.heating_w - utilities.cooling_w;
        assert!(
            (net - heat_w).abs() < 1e-6 * utilities.heating_w,
            "{net} {heat_w}"
        );
        let out = trial::run("ammonia_soda", &settings, &inlets(2.19), &mut room).unwrap();
        assert!((solid(&out.outlets[0], "Nahcolite") - 2.19).abs() < 1e-12);
        assert!(matches!(out.remarks[..], [Remark::Limited { .. }]));
    }
}
