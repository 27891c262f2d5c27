//! Uptake of hydrogen chloride in water: acid of a given strength, the other gases pass.
//!
//! ```text
//! HCl(g) → H+ + Cl−      −74.8 kJ/mol at infinite dilution
//! acid = HCl absorbed / strength, the rest of it water on demand
//! ```
//!
//! The share `absorbed` is a setting; steam of the gas condenses into the acid. Heat of a strong acid is as good as the
//! brine set's HCl parameters: beyond about 6 mol/kgw they extrapolate.

use saltern_brine::database::{HYDROGEN, WATER};

use crate::chain::Chain;
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "hcl_absorber",
    inlets: &["gas", "water"],
    outlets: &["acid", "gas"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Absorber {
    absorbed: f64,
    strength: f64,
    temperature_k: f64,
    chain: Chain,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Absorber {
        absorbed: settings.number("absorbed"),
        strength: settings.number("acid_strength"),
        temperature_k: settings.number("temperature"),
        chain: Chain::new(settings, matter)?,
    }))
}

impl Operation for Absorber {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (chain, matter) = (&self.chain, room.matter);
        let mut gas = inlets[0].clone();
        let taken_up = self.absorbed * gas.others_mol_s[chain.h_cl];
        let condensed = if taken_up > 0.0 {
            gas.others_mol_s[chain.steam]
        } else {
            0.0
        };
        gas.others_mol_s[chain.h_cl] -= taken_up;
        gas.others_mol_s[chain.steam] -= condensed;
        let h_cl_kg_s = taken_up * matter.substances[chain.h_cl].molar_mass_kg_mol;
        let water_kg_mol = matter.database.components[WATER].molar_mass_kg_mol;
        let lacking_kg_s =
            (h_cl_kg_s * (1.0 / self.strength - 1.0) - condensed * water_kg_mol).max(0.0);
        let offered_kg_s = inlets[1].mass_kg_s(matter);
        if lacking_kg_s > 0.0 && offered_kg_s <= 0.0 {
            return Err(UnitError::Cannot {
                what: "water for the acid (kg/s)",
                reached: 0.0,
                asked: lacking_kg_s,
            });
        }
        let factor = if lacking_kg_s > 0.0 {
            lacking_kg_s / offered_kg_s
        } else {
            0.0
        };
        let mut acid = inlets[1].times(factor);
        acid.brine_mol_s[HYDROGEN] += taken_up;
        acid.brine_mol_s[chain.chloride] += taken_up;
        acid.brine_mol_s[WATER] += condensed;
        acid.temperature_k = self.temperature_k;
        gas.temperature_k = self.temperature_k;
        let strength = h_cl_kg_s / acid.mass_kg_s(matter);
        let mut outcome = Outcome::of(vec![acid, gas]);
        outcome.taken = vec![(1, factor)];
        if taken_up > 0.0 {
            outcome.figures.push(Figure {
                code: "plants.figure.acid_strength",
                value: strength,
                unit: "1",
            });
        } else {
            outcome
                .remarks
                .push(Remark::NothingToDo { what: "absorption" });
        }
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::trial;
    use crate::settings::Setting;
    use saltern_brine::thermo::default_database;

    /// To 1 wt% (0.28 mol/kgw): −74.2 kJ/mol by NBS 1982 (recalled: φL of HCl there is 0.6 kJ/mol).
    #[test]
    fn a_thin_acid_gives_the_heat_of_solution() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let inlets = [
            trial::stream(&matter, 298.15, &[("HCl", 1.0)]),
            Stream::water(&matter, 1.0, 298.15),
        ];
        let settings = [
            ("absorbed", Setting::Number(1.0)),
            ("acid_strength", Setting::Number(0.01)),
            ("temperature", Setting::Number(298.15)),
        ];
        let out = trial::run("hcl_absorber", &settings, &inlets, &mut room).unwrap();
        let heat = trial::heat_w(&inlets, &out, &mut room);
        assert!((heat + 74.2e3).abs() < 0.7e3, "{heat}");
    }

    #[test]
    fn it_works_over_its_whole_range() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        for h_cl in [0.0, 1.0] {
            for strength in [0.01, 0.2, 0.31, 0.4] {
                for t in [0.0, 25.0, 80.0] {
                    let inlets = [
                        trial::stream(
                            &matter,
                            298.15,
                            &[("HCl", h_cl), ("H2", 0.1), ("Steam", 0.5)],
                        ),
                        Stream::water(&matter, 1.0, 298.15),
                    ];
                    let settings = [
                        ("acid_strength", Setting::Number(strength)),
                        ("temperature", Setting::Number(273.15 + t)),
                    ];
                    let out = trial::run("hcl_absorber", &settings, &inlets, &mut room).unwrap();
                    assert!(trial::heat_w(&inlets, &out, &mut room).is_finite());
                }
            }
        }
    }
}
