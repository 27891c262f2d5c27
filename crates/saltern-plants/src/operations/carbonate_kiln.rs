//! Kiln of carbonates: limestone to quicklime, bicarbonate to soda ash, the liquor between dried.
//!
//! ```text
//! CaCO3 → CaO + CO2                       178.5 kJ/mol   (Hess, CODATA 1989)
//! 2 NaHCO3 → Na2CO3 + CO2 + H2O(g)        135.6 kJ       (Hess, NBS 1982)
//! fuel = max(heat, 0) / efficiency
//! ```
//!
//! both to the share `conversion`; the heat is the difference of enthalpies from feed to products. Solids are handed on at
//! `temperature`, 110 °C at most as in `calciner.rs`, what they hold above it taken as recovered. The carbon dioxide of the
//! fuel is not in the gas: where a works lives on that of its coke, it has more than here.

use saltern_brine::database::MineralId;

use crate::chain::{Chain, apart};
use crate::kinds::{Kind, Motors};
use crate::matter::{Matter, SubstanceId};
use crate::operation::{Figure, Operation, Outcome, UnitError, Utilities};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "carbonate_kiln",
    inlets: &["in"],
    outlets: &["solids", "gas"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Kiln {
    conversion: f64,
    temperature_k: f64,
    gas_temperature_k: f64,
    efficiency: f64,
    limestone: MineralId,
    bicarbonate: MineralId,
    dioxide: SubstanceId,
    soda: SubstanceId,
    chain: Chain,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Kiln {
        conversion: settings.number("conversion"),
        temperature_k: settings.number("temperature"),
        gas_temperature_k: settings.number("gas_temperature"),
        efficiency: settings.number("efficiency"),
        limestone: settings.mineral_named("kind", "Calcite", matter)?,
        bicarbonate: settings.mineral_named("kind", "Nahcolite", matter)?,
        dioxide: settings.substance_named("kind", "CO2", matter)?,
        soda: settings.substance_named("kind", "Na2CO3", matter)?,
        chain: Chain::new(settings, matter)?,
    }))
}

impl Operation for Kiln {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let mut burnt = inlets[0].clone();
        self.chain.dry(&mut burnt);
        let limestone = self.conversion * burnt.solids_mol_s[self.limestone];
        burnt.solids_mol_s[self.limestone] -= limestone;
        burnt.others_mol_s[self.chain.ca_o] += limestone;
        let pairs = 0.5 * self.conversion * burnt.solids_mol_s[self.bicarbonate];
        burnt.solids_mol_s[self.bicarbonate] -= 2.0 * pairs;
        burnt.others_mol_s[self.soda] += pairs;
        burnt.others_mol_s[self.chain.steam] += pairs;
        burnt.others_mol_s[self.dioxide] += limestone + pairs;
        let (mut gas, mut solids) = apart(&burnt, room.matter);
        solids.temperature_k = self.temperature_k;
        gas.temperature_k = self.gas_temperature_k;
        let heat_w = room.enthalpy_w(1, &solids)? + room.enthalpy_w(2, &gas)?
            - room.enthalpy_w(3, &inlets[0])?;
        let fuel_w = heat_w.max(0.0) / self.efficiency;
        Ok(Outcome {
            outlets: vec![solids, gas],
            utilities: Some(Utilities {
                heating_w: fuel_w,
                cooling_w: (-heat_w).max(0.0),
            }),
            figures: vec![Figure {
                code: "plants.figure.fuel_heat",
                value: fuel_w,
                unit: "W",
            }],
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

    /// 178.5 kJ a mole of limestone (CODATA: −1206.9 to −634.92 and −393.51), 67.8 a mole of bicarbonate (NBS 1982:
    /// −950.81, −1130.68, −393.51, −241.82). Minerals follow their log K: calcite stands 3.4 kJ off, 2 % of what it takes.
    #[test]
    fn burning_takes_the_heat_of_handbooks() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let at = [
            ("conversion", Setting::Number(1.0)),
            ("temperature", Setting::Number(298.15)),
            ("gas_temperature", Setting::Number(298.15)),
        ];
        for (mineral, kj, within) in [("Calcite", 178.5, 4.0), ("Nahcolite", 67.8, 1.5)] {
            let inlets = [trial::stream(&matter, 298.15, &[(mineral, 1.0)])];
            let out = trial::run("carbonate_kiln", &at, &inlets, &mut room).unwrap();
            let heat = 1e-3 * trial::heat_w(&inlets, &out, &mut room);
            assert!((heat - kj).abs() < within, "{mineral}: {heat} kJ");
        }
    }
}
