//! Absorption of bromine out of air by sulfur dioxide and water.
//!
//! ```text
//! Br2 + SO2 + 2 H2O → 2 HBr + H2SO4        Cl2 + SO2 + 2 H2O → 2 HCl + H2SO4
//! absorbed halogen = absorbed · (Br2 + Cl2), no more than there is sulfur dioxide
//! sulfur dioxide = sulfur_dioxide_ratio · absorbed halogen, less what the air brings
//! ```
//!
//! so 0.401 kg of sulfur dioxide a kg of bromine. The acid is given its strength by water on demand; hydrochloric acid
//! counts in it mole by mole as hydrobromic. What is not absorbed and sulfur dioxide in surplus leave with the air. The
//! reactions are those of the works on sea water since 1934 (textbook); 13 % is the strength told of them (teaching slides on
//! bromine from sea water, slideplayer.com/slide/14546087). That works reach 98 % is assumed.
//!
//! **Heat.** The reaction gives some 290 kJ a mole of bromine. Acid and air leave as warm as that makes them, or cooled to
//! `temperature`.

use saltern_brine::database::WATER;

use super::bromine_tower::Bromine;
use crate::chain::apart;
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError, demand};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "bromine_absorber",
    inlets: &["air", "sulfur_dioxide", "water"],
    outlets: &["acid", "air"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Absorber {
    absorbed: f64,
    sulfur_dioxide_ratio: f64,
    strength: f64,
    temperature_k: f64,
    acid_kg_mol: f64,
    at: Bromine,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let kg_mol = |symbol: &str| {
        matter
            .element(symbol)
            .map_or(0.0, |e| matter.element_kg_mol[e])
    };
    Ok(Box::new(Absorber {
        absorbed: settings.number("absorbed"),
        sulfur_dioxide_ratio: settings.number("sulfur_dioxide_ratio"),
        strength: settings.number("acid_strength"),
        temperature_k: settings.number("temperature"),
        acid_kg_mol: kg_mol("H") + kg_mol("Br"),
        at: Bromine::new(settings, matter)?,
    }))
}

impl Absorber {
    /// What has reacted, at the temperature it has by itself or cooled to the one that is set.
    fn cooled(
        &self,
        taken: &[Stream],
        mut reacted: Stream,
        room: &mut Room<'_>,
    ) -> Result<Stream, UnitError> {
        reacted.temperature_k = self.temperature_k;
        if reacted.is_nothing() {
            return Ok(reacted);
        }
        let mut enthalpy_w = 0.0;
        for (slot, stream) in taken.iter().enumerate() {
            enthalpy_w += room.enthalpy_w(10 + slot, stream)?;
        }
        if room.enthalpy_w(13, &reacted)? <= enthalpy_w {
            return Ok(reacted);
        }
        reacted.temperature_k = taken[0].temperature_k.min(self.temperature_k);
        Ok(room.settle_adiabatic(14, &[], &reacted, enthalpy_w)?.0)
    }
}

impl Operation for Absorber {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (at, matter) = (&self.at, room.matter);
        let [air, sulfur, water] = [0, 1, 2].map(|port: usize| &inlets[port]);
        let [bromine, chlorine] = [at.vapour, at.chlorine].map(|s| air.others_mol_s[s]);
        let halogen = bromine + chlorine;
        let asked = self.absorbed * halogen;
        let lacking = self.sulfur_dioxide_ratio * asked - air.others_mol_s[at.sulfur_dioxide];
        let offered = sulfur.others_mol_s[at.sulfur_dioxide];
        let gas_factor = demand("sulfur dioxide, mol/s", lacking, offered)?;
        let mut mixed = air.clone();
        mixed.add(&sulfur.times(gas_factor));
        let reacted = asked.min(mixed.others_mol_s[at.sulfur_dioxide]);
        let share = if halogen > 0.0 {
            reacted / halogen
        } else {
            0.0
        };

        let kg_mol = |s: usize| matter.substances[s].molar_mass_kg_mol;
        let acid_kg_s = 2.0 * reacted * self.acid_kg_mol / self.strength;
        let taken_up_kg_s = share * (bromine * kg_mol(at.vapour) + chlorine * kg_mol(at.chlorine))
            + reacted * kg_mol(at.sulfur_dioxide);
        let lacking_kg_s = acid_kg_s - taken_up_kg_s;
        let water_factor = demand("water, kg/s", lacking_kg_s, water.mass_kg_s(matter))?;
        mixed.add(&water.times(water_factor));
        if mixed.brine_mol_s[WATER] < 2.0 * reacted {
            return Err(UnitError::Cannot {
                what: "water for the sulfur dioxide (mol/s)",
                reached: mixed.brine_mol_s[WATER],
                asked: 2.0 * reacted,
            });
        }
        let [_, dissolved, _, dissolved_chlorine] = at.halogens().map(|s| mixed.others_mol_s[s]);
        let stay = 1.0 - share;
        let left = [
            stay * bromine,
            dissolved,
            stay * chlorine,
            dissolved_chlorine,
        ];
        at.turn(&mut mixed, left, reacted);
        let taken = [
            air.clone(),
            sulfur.times(gas_factor),
            water.times(water_factor),
        ];
        let mixed = self.cooled(&taken, mixed, room)?;
        let (air, acid) = apart(&mixed, matter);
        let mut outcome = Outcome::of(vec![acid, air]);
        outcome.taken = vec![(1, gas_factor), (2, water_factor)];
        if reacted > 0.0 {
            let acid = &outcome.outlets[0];
            outcome.figures.push(Figure {
                code: "plants.figure.acid_strength",
                value: acid.brine_mol_s[at.bromide] * self.acid_kg_mol / acid.mass_kg_s(matter),
                unit: "1",
            });
        } else {
            outcome
                .remarks
                .push(Remark::NothingToDo { what: "absorption" });
        }
        if reacted < SHORT * asked {
            outcome.remarks.push(Remark::Limited {
                what: "halogen absorbed for want of sulfur dioxide (mol/s)",
                asked,
                reached: reacted,
            });
        }
        Ok(outcome)
    }
}

/// Below this share of what was asked, sulfur dioxide is what lacks.
const SHORT: f64 = 1.0 - 1e-9;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::trial;
    use crate::settings::Setting;
    use saltern_brine::thermo::default_database;

    /// By hand: of a mole of bromine 0.98 takes 0.98 of sulfur dioxide and gives 1.96 of HBr, 158.6 g, in 1.22 kg of acid
    /// of 13 %. With its sulfuric acid as bisulfate (−886.9, CODATA) it gives 2 · 121.41 + 886.9 + 30.91 − 296.81 − 2 · 285.83
    /// = 292.2 kJ/mol.
    #[test]
    fn a_mole_of_bromine_takes_one_of_sulfur_dioxide() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let inlets = [
            trial::stream(&matter, 298.15, &[("Br2_gas", 1.0), ("N2", 100.0)]),
            trial::stream(&matter, 298.15, &[("SO2", 1.0)]),
            Stream::water(&matter, 1.0, 298.15),
        ];
        let settings = [
            ("absorbed", Setting::Number(0.98)),
            ("sulfur_dioxide_ratio", Setting::Number(1.0)),
            ("acid_strength", Setting::Number(0.13)),
            ("temperature", Setting::Number(298.15)),
        ];
        let out = trial::run("bromine_absorber", &settings, &inlets, &mut room).unwrap();
        let acid = &out.outlets[0];
        assert!((acid.brine_mol_s[database.component("Br-").unwrap()] - 1.96).abs() < 1e-12);
        assert!((acid.mass_kg_s(&matter) - 1.22).abs() < 1e-3);
        assert!((out.taken[0].1 - 0.98).abs() < 1e-12);
        let heat = trial::heat_w(&inlets, &out, &mut room) / 0.98e3;
        assert!((heat + 292.2).abs() < 5.0, "{heat} kJ/mol");
    }

    #[test]
    fn it_works_over_its_whole_range() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        for (bromine, chlorine) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.3, 0.1)] {
            for ratio in [0.5, 1.0, 2.0] {
                for strength in [0.01, 0.13, 0.3] {
                    for (absorbed, celsius) in [(0.0, 0.0), (0.9, 25.0), (1.0, 80.0)] {
                        let gases = [("Br2_gas", bromine), ("Cl2", chlorine), ("N2", 50.0)];
                        let inlets = [
                            trial::stream(&matter, 298.15, &gases),
                            trial::stream(&matter, 298.15, &[("SO2", 1.0)]),
                            Stream::water(&matter, 1.0, 298.15),
                        ];
                        let settings = [
                            ("absorbed", Setting::Number(absorbed)),
                            ("sulfur_dioxide_ratio", Setting::Number(ratio)),
                            ("acid_strength", Setting::Number(strength)),
                            ("temperature", Setting::Number(273.15 + celsius)),
                        ];
                        let out = trial::run("bromine_absorber", &settings, &inlets, &mut room);
                        let out = out.unwrap();
                        assert!(trial::heat_w(&inlets, &out, &mut room).is_finite());
                    }
                }
            }
        }
    }
}
