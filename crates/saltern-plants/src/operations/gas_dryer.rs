//! Drying of a gas by cooling it: its steam leaves as acid of a given strength, the rest of the gas goes on dry.
//!
//! ```text
//! acid: n_w = removal · n_steam,   m_HCl = w/(1 − w) · m_w      no more HCl than there is
//! ```
//!
//! So a loop of hydrogen chloride gives up HCl with every mole of water that it dried off. The strength that the
//! condenser reaches is a setting; near its azeotrope at 1 atm and 110 °C it is 20 %, cold and under HCl 36 % and more
//! (recalled).

use saltern_brine::database::{HYDROGEN, WATER};

use crate::chain::Chain;
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Operation, Outcome, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "gas_dryer",
    inlets: &["in"],
    outlets: &["gas", "acid"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Dryer {
    removal: f64,
    strength: f64,
    temperature_k: f64,
    chain: Chain,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Dryer {
        removal: settings.number("removal"),
        strength: settings.number("acid_strength"),
        temperature_k: settings.number("temperature"),
        chain: Chain::new(settings, matter)?,
    }))
}

impl Operation for Dryer {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (chain, matter) = (&self.chain, room.matter);
        let mut gas = inlets[0].clone();
        let kg_mol = |s: usize| matter.substances[s].molar_mass_kg_mol;
        let water = self.removal * gas.others_mol_s[chain.steam];
        let ratio = self.strength / (1.0 - self.strength);
        let h_cl = ratio * water * kg_mol(chain.steam) / kg_mol(chain.h_cl);
        let h_cl = h_cl.min(gas.others_mol_s[chain.h_cl]);
        gas.others_mol_s[chain.steam] -= water;
        gas.others_mol_s[chain.h_cl] -= h_cl;
        gas.temperature_k = self.temperature_k;
        let mut acid = Stream::nothing(matter);
        acid.temperature_k = self.temperature_k;
        acid.brine_mol_s[WATER] = water;
        acid.brine_mol_s[HYDROGEN] = h_cl;
        acid.brine_mol_s[chain.chloride] = h_cl;
        Ok(Outcome::of(vec![gas, acid]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::trial;
    use crate::settings::Setting;
    use saltern_brine::thermo::default_database;

    /// 18.015 g of water with 36 % of acid hold 10.13 g of HCl, 0.278 mol.
    #[test]
    fn water_takes_its_share_of_acid_over_the_whole_range() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        for (steam, h_cl) in [(0.0, 0.0), (1.0, 10.0), (1.0, 0.1), (0.0, 1.0)] {
            for strength in [0.0, 0.2, 0.36, 0.42] {
                for removal in [0.0, 0.5, 1.0] {
                    let amounts = [("Steam", steam), ("HCl", h_cl), ("H2", 0.1)];
                    let inlets = [trial::stream(&matter, 420.0, &amounts)];
                    let settings = [
                        ("acid_strength", Setting::Number(strength)),
                        ("removal", Setting::Number(removal)),
                    ];
                    let out = trial::run("gas_dryer", &settings, &inlets, &mut room).unwrap();
                    assert!(trial::heat_w(&inlets, &out, &mut room).is_finite());
                    let acid = &out.outlets[1].brine_mol_s;
                    if h_cl == 10.0 && strength == 0.36 && removal == 1.0 {
                        assert!((acid[HYDROGEN] - 0.278).abs() < 1e-3, "{}", acid[HYDROGEN]);
                    }
                }
            }
        }
    }
}
