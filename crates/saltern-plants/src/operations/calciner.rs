//! Calciner: hydroxides to oxides, magnesium chloride hydrates by pyrohydrolysis, the liquor between them dried.
//!
//! ```text
//! Mg(OH)2 → MgO + H2O        Ca(OH)2 → CaO + H2O               share `conversion`
//! MgCl2·nH2O → MgO + 2 HCl + (n − 1) H2O,  MgOHCl → MgO + HCl    share `pyrohydrolysis`, the rest dries to MgCl2
//! fuel = max(heat, 0) / efficiency
//! ```
//!
//! The heat is the difference of enthalpies from feed to products. Gas leaves hot; solids are handed on at `temperature`
//! at most 110 °C, the range of the brine set: what they hold above it (MgO from 900 °C: 37 kJ/mol of 124) is taken as
//! recovered into the air. Pyrohydrolysis beyond the water that the hydrate brings stops there.

use crate::chain::{Chain, apart};
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, UnitError, Utilities};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "calciner",
    inlets: &["in"],
    outlets: &["solids", "gas"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Calciner {
    conversion: f64,
    pyrohydrolysis: f64,
    temperature_k: f64,
    gas_temperature_k: f64,
    efficiency: f64,
    chain: Chain,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Calciner {
        conversion: settings.number("conversion"),
        pyrohydrolysis: settings.number("pyrohydrolysis"),
        temperature_k: settings.number("temperature"),
        gas_temperature_k: settings.number("gas_temperature"),
        efficiency: settings.number("efficiency"),
        chain: Chain::new(settings, matter)?,
    }))
}

impl Operation for Calciner {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let mut burnt = inlets[0].clone();
        self.chain.dry(&mut burnt);
        self.dehydroxylate(&mut burnt);
        self.pyrohydrolyse(&mut burnt);
        let (mut gas, mut solids) = apart(&burnt, room.matter);
        solids.temperature_k = self.temperature_k;
        gas.temperature_k = self.gas_temperature_k;
        let heat_w = room.enthalpy_w(1, &solids)? + room.enthalpy_w(2, &gas)?
            - room.enthalpy_w(3, &inlets[0])?;
        let mut outcome = Outcome::of(vec![solids, gas]);
        let fuel_w = heat_w.max(0.0) / self.efficiency;
        outcome.utilities = Some(Utilities {
            heating_w: fuel_w,
            cooling_w: (-heat_w).max(0.0),
        });
        outcome.figures.push(Figure {
            code: "plants.figure.fuel_heat",
            value: fuel_w,
            unit: "W",
        });
        Ok(outcome)
    }
}

impl Calciner {
    fn dehydroxylate(&self, burnt: &mut Stream) {
        let pairs = [
            (self.chain.brucite, self.chain.mg_o),
            (self.chain.portlandite, self.chain.ca_o),
        ];
        for (hydroxide, oxide) in pairs {
            let n = self.conversion * burnt.solids_mol_s[hydroxide];
            burnt.solids_mol_s[hydroxide] -= n;
            burnt.others_mol_s[oxide] += n;
            burnt.others_mol_s[self.chain.steam] += n;
        }
    }

    fn pyrohydrolyse(&self, burnt: &mut Stream) {
        let chain = &self.chain;
        let (chloride, basic, bound) = chain.take_magnesium_chloride(burnt);
        // Steam dried off the liquor counts as well: it stands over the salt.
        let water = bound + burnt.others_mol_s[chain.steam];
        let reacting = (self.pyrohydrolysis * chloride).min(water);
        let basic_reacting = self.pyrohydrolysis * basic;
        burnt.others_mol_s[chain.mg_o] += reacting + basic_reacting;
        burnt.others_mol_s[chain.h_cl] += 2.0 * reacting + basic_reacting;
        burnt.others_mol_s[chain.steam] = water - reacting;
        burnt.others_mol_s[chain.mg_cl2] += chloride - reacting;
        burnt.others_mol_s[chain.mg_oh_cl] += basic - basic_reacting;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::trial;
    use crate::settings::Setting;
    use saltern_brine::thermo::default_database;

    /// Mg(OH)2 → MgO + H2O(g): 81.2 kJ/mol at 25 °C (37.2 of slaking and 44.0 of evaporation).
    #[test]
    fn magnesia_takes_the_heat_of_dehydroxylation() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let inlets = [trial::stream(&matter, 298.15, &[("Brucite", 1.0)])];
        let settings = [
            ("temperature", Setting::Number(298.15)),
            ("gas_temperature", Setting::Number(298.15)),
        ];
        let out = trial::run("calciner", &settings, &inlets, &mut room).unwrap();
        let of = |stream: &Stream, name: &str| stream.others_mol_s[matter.substance(name).unwrap()];
        assert_eq!(of(&out.outlets[0], "MgO"), 1.0);
        assert_eq!(of(&out.outlets[1], "Steam"), 1.0);
        let heat = trial::heat_w(&inlets, &out, &mut room);
        assert!((heat - 81.2e3).abs() < 0.5e3, "{heat}");
    }

    /// MgCl2·6H2O → MgO + 2 HCl + 5 H2O(g): 503.6 kJ/mol by Hess from NBS 1982; bischofite stands 4 kJ off here.
    #[test]
    fn bischofite_burns_to_magnesia_and_acid() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let inlets = [trial::stream(&matter, 298.15, &[("Bischofite", 1.0)])];
        let settings = [
            ("pyrohydrolysis", Setting::Number(1.0)),
            ("temperature", Setting::Number(298.15)),
            ("gas_temperature", Setting::Number(298.15)),
        ];
        let out = trial::run("calciner", &settings, &inlets, &mut room).unwrap();
        let of = |stream: &Stream, name: &str| stream.others_mol_s[matter.substance(name).unwrap()];
        assert!((of(&out.outlets[1], "HCl") - 2.0).abs() < 1e-12);
        assert!((of(&out.outlets[1], "Steam") - 5.0).abs() < 1e-12);
        let heat = trial::heat_w(&inlets, &out, &mut room);
        assert!((heat - 503.6e3).abs() < 5e3, "{heat}");
    }

    #[test]
    fn it_works_over_its_whole_range() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let cakes: [&[(&str, f64)]; 5] = [
            &[],
            &[("Brucite", 1.0), ("H2O", 2.0), ("Na+", 0.1), ("Cl-", 0.1)],
            &[
                ("Bischofite", 1.0),
                ("Halite", 0.1),
                ("H2O", 3.0),
                ("Mg+2", 0.2),
                ("Cl-", 0.4),
            ],
            &[("MgCl2", 1.0)],
            &[
                ("Portlandite", 0.1),
                ("H2O", 3.0),
                ("Na+", 0.3),
                ("Ca+2", 0.01),
                ("Cl-", 0.22),
                ("H+", -0.1),
            ],
        ];
        for cake in cakes {
            let inlets = [trial::stream(&matter, 298.15, cake)];
            for conversion in [0.0, 0.5, 1.0] {
                for pyrohydrolysis in [0.0, 0.5, 1.0] {
                    for (t, gas) in [(0.0, 100.0), (110.0, 900.0)] {
                        let settings = [
                            ("conversion", Setting::Number(conversion)),
                            ("pyrohydrolysis", Setting::Number(pyrohydrolysis)),
                            ("temperature", Setting::Number(273.15 + t)),
                            ("gas_temperature", Setting::Number(273.15 + gas)),
                        ];
                        let out = trial::run("calciner", &settings, &inlets, &mut room).unwrap();
                        assert!(trial::heat_w(&inlets, &out, &mut room).is_finite());
                    }
                }
            }
        }
    }
}
