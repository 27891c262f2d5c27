//! Bischofite from old brine: water boiled off to a given ratio of water to magnesium, then cooled to equilibrium.
//!
//! ```text
//! evaporated = n_H2O − r n_Mg          (nothing where the brine already is as strong)
//! ```
//!
//! With r between 6, the water of bischofite itself, and 9.6, the saturated solution at 25 °C, a share
//! (9.6 − r)/(9.6 − 6) of the magnesium falls. Halite and carnallite of the feed fall first; a separator before this
//! unit, or two of these in a row, keep them apart. Vapour leaves at `vapour_temperature`.

use saltern_brine::database::{MineralId, WATER};
use saltern_brine::equilibrium::State;

use crate::chain::Chain;
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "bischofite_crystalliser",
    inlets: &["in"],
    outlets: &["slurry", "vapour"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Crystalliser {
    ratio: f64,
    temperature_k: f64,
    vapour_temperature_k: f64,
    phases: Vec<MineralId>,
    chain: Chain,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Crystalliser {
        ratio: settings.number("water_ratio"),
        temperature_k: settings.number("temperature"),
        vapour_temperature_k: settings.number("vapour_temperature"),
        phases: settings.minerals("phases", matter)?,
        chain: Chain::new(settings, matter)?,
    }))
}

impl Operation for Crystalliser {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let mut slurry = inlets[0].clone();
        let matter = room.matter;
        let magnesium = slurry.component_mol_s(matter, self.chain.magnesium);
        let water = slurry.component_mol_s(matter, WATER);
        let surplus = (water - self.ratio * magnesium).max(0.0);
        // A brine without magnesium would be boiled dry: that is no bischofite.
        let evaporated = if magnesium > 0.0 {
            surplus.min(slurry.brine_mol_s[WATER].max(0.0))
        } else {
            0.0
        };
        slurry.brine_mol_s[WATER] -= evaporated;
        let mut vapour = Stream::nothing(matter);
        vapour.temperature_k = self.vapour_temperature_k;
        vapour.others_mol_s[self.chain.steam] = evaporated;
        let (slurry, state) = room.settle(0, &self.phases, &slurry, self.temperature_k)?;
        let crystals = slurry.solids_mol_s[self.chain.bischofite];
        let mut outcome = Outcome::of(vec![slurry, vapour]);
        if evaporated == 0.0 {
            outcome.remarks.push(Remark::NothingToDo {
                what: "evaporation",
            });
        }
        if state.is_some_and(|state| state.state != State::Wet) {
            outcome.remarks.push(Remark::Extrapolated {
                what: "water to magnesium (mol/mol)",
                value: self.ratio,
                range: "slurries that keep a liquor".to_owned(),
            });
        }
        if magnesium > 0.0 {
            outcome.figures.push(Figure {
                code: "plants.figure.crystallised",
                value: crystals / magnesium,
                unit: "1",
            });
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

    const OLD: [(&str, f64); 5] = [
        ("H2O", 55.5),
        ("Mg+2", 5.2),
        ("Na+", 0.1),
        ("K+", 0.05),
        ("Cl-", 10.55),
    ];

    /// Saturated at 25 °C: 5.81 mol MgCl2 a kg of water (handbooks, 35.6 wt%), so 9.55 mol of water a mol.
    #[test]
    fn the_lever_rule_holds_on_the_solubility_of_handbooks() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let brine = [("H2O", 55.5), ("Mg+2", 5.0), ("Cl-", 10.0)];
        let inlets = [trial::stream(&matter, 298.15, &brine)];
        let settings = [
            ("water_ratio", Setting::Number(8.0)),
            ("temperature", Setting::Number(298.15)),
        ];
        let out = trial::run("bischofite_crystalliser", &settings, &inlets, &mut room).unwrap();
        let bischofite = database.mineral("Bischofite").unwrap();
        let share = out.outlets[0].solids_mol_s[bischofite] / 5.0;
        assert!(
            (share - (9.55 - 8.0) / (9.55 - 6.0)).abs() < 0.02,
            "{share}"
        );
    }

    #[test]
    fn it_works_over_its_whole_range() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        for strength in [0.0, 0.1, 0.6, 1.0] {
            let brine = OLD.map(|(name, n)| (name, if name == "H2O" { n } else { n * strength }));
            let inlets = [trial::stream(&matter, 298.15, &brine)];
            for ratio in [6.5, 7.0, 8.0, 9.5, 12.0, 20.0] {
                for t in [0.0, 25.0, 50.0, 90.0] {
                    let settings = [
                        ("water_ratio", Setting::Number(ratio)),
                        ("temperature", Setting::Number(273.15 + t)),
                    ];
                    let out = trial::run("bischofite_crystalliser", &settings, &inlets, &mut room);
                    let out = out.unwrap_or_else(|e| panic!("{strength} {ratio} {t}: {e}"));
                    assert!(trial::heat_w(&inlets, &out, &mut room).is_finite());
                }
            }
        }
        let inlets = [Stream::nothing(&matter)];
        let out = trial::run(
            "bischofite_crystalliser",
            &[("water_ratio", Setting::Number(8.0))],
            &inlets,
            &mut room,
        );
        assert!(out.unwrap().outlets[0].is_nothing());
    }
}
