//! Chlor-alkali electrolysis in membrane cells.
//!
//! ```text
//! n = depletion · min(n_Na, n_Cl);   NaCl + H2O → NaOH + ½ Cl2 + ½ H2,   I = F n / CE,   P = V I / η
//! x = ½ n (1/CE − 1):  H2O → H2 + ½ O2         the current that hydroxide carries back
//! ```
//!
//! so 670.087 V/CE kWh of direct current a t NaOH, η being what the rectifier gives of what it takes. Hydroxide that crosses back is oxidised at the anode: to the balance it is water that is
//! electrolysed. Each sodium drags `water_transport` mol of water through the membrane; water on demand at `water` thins
//! the caustic to `caustic_strength`. Where the drag alone thins it more, no water is taken and the strength is as it
//! comes. All else of the brine leaves with the depleted brine; vapour in the gases and chlorate are left out.

use saltern_brine::database::{HYDROGEN, WATER};

use crate::chain::{Chain, FARADAY_C_MOL};
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "chlor_alkali",
    inlets: &["brine", "water"],
    outlets: &["caustic", "chlorine", "hydrogen", "depleted"],
    open_to_air: true,
    motors: Motors::Modelled,
    build,
};

#[derive(Debug)]
struct Cells {
    voltage_v: f64,
    current_efficiency: f64,
    rectifier: f64,
    depletion: f64,
    strength: f64,
    transport: f64,
    temperature_k: f64,
    chain: Chain,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Cells {
        voltage_v: settings.number("cell_voltage"),
        current_efficiency: settings.number("current_efficiency"),
        rectifier: settings.number("rectifier_efficiency"),
        depletion: settings.number("depletion"),
        strength: settings.number("caustic_strength"),
        transport: settings.number("water_transport"),
        temperature_k: settings.number("temperature"),
        chain: Chain::new(settings, matter)?,
    }))
}

impl Operation for Cells {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (chain, matter) = (&self.chain, room.matter);
        let (brine, water) = (&inlets[0], &inlets[1]);
        let salt = brine.brine_mol_s[chain.sodium].min(brine.brine_mol_s[chain.chloride]);
        let n = self.depletion * salt.max(0.0);
        let carried_back = 0.5 * n * (1.0 / self.current_efficiency - 1.0);
        let drag = self.transport * n;
        // Anolyte: salt and dragged water leave it; hydroxide that comes back brings a water each pair.
        let mut depleted = brine.clone();
        depleted.brine_mol_s[chain.sodium] -= n;
        depleted.brine_mol_s[chain.chloride] -= n;
        depleted.brine_mol_s[WATER] += carried_back - drag;
        let left = depleted.brine_mol_s[WATER];
        if left < 0.0 {
            return Err(UnitError::OutOfRange {
                what: "depletion: water of the brine left (mol/s)",
                value: left,
                accepted: "0 …".to_owned(),
            });
        }
        let free = drag - n - 2.0 * carried_back;
        let (factor, added) = self.thinned(n, free, water, matter)?;
        let mut caustic = added;
        caustic.brine_mol_s[chain.sodium] += n;
        caustic.brine_mol_s[HYDROGEN] -= n;
        caustic.brine_mol_s[WATER] += n + free;
        let mut chlorine = Stream::nothing(matter);
        chlorine.others_mol_s[chain.cl2] = 0.5 * n;
        chlorine.others_mol_s[chain.o2] = 0.5 * carried_back;
        let mut hydrogen = Stream::nothing(matter);
        hydrogen.others_mol_s[chain.h2] = 0.5 * n + carried_back;
        let strength = n * NAOH_KG_MOL / caustic.mass_kg_s(matter);
        let mut outlets = vec![caustic, chlorine, hydrogen, depleted];
        for outlet in &mut outlets {
            outlet.temperature_k = self.temperature_k;
        }
        let mut outcome = Outcome::of(outlets);
        outcome.taken = vec![(1, factor)];
        outcome.power_w =
            FARADAY_C_MOL * self.voltage_v * n / (self.current_efficiency * self.rectifier);
        if n > 0.0 && strength < self.strength * (1.0 - 1e-9) {
            outcome.remarks.push(Remark::Limited {
                what: "strength of the caustic, thinned by the water through the membrane",
                asked: self.strength,
                reached: strength,
            });
        }
        if n > 0.0 {
            outcome.figures.push(Figure {
                code: "plants.figure.caustic_strength",
                value: strength,
                unit: "1",
            });
        } else {
            outcome.remarks.push(Remark::NothingToDo {
                what: "electrolysis",
            });
        }
        Ok(outcome)
    }
}

/// Molar mass of NaOH, kg/mol.
const NAOH_KG_MOL: f64 = 0.039_997;

impl Cells {
    /// Share of the water offered that thins the caustic to its strength, and that water.
    fn thinned(
        &self,
        n: f64,
        free: f64,
        water: &Stream,
        matter: &Matter<'_>,
    ) -> Result<(f64, Stream), UnitError> {
        let water_kg_mol = matter.database.components[WATER].molar_mass_kg_mol;
        let lacking_kg_s = n * NAOH_KG_MOL * (1.0 / self.strength - 1.0) - free * water_kg_mol;
        if lacking_kg_s <= 0.0 {
            return Ok((0.0, water.times(0.0)));
        }
        let offered_kg_s = water.mass_kg_s(matter);
        if offered_kg_s <= 0.0 {
            return Err(UnitError::Cannot {
                what: "water for the caustic (kg/s)",
                reached: 0.0,
                asked: lacking_kg_s,
            });
        }
        let factor = lacking_kg_s / offered_kg_s;
        Ok((factor, water.times(factor)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::trial;
    use crate::settings::Setting;
    use saltern_brine::thermo::default_database;

    const BRINE: [(&str, f64); 4] = [("H2O", 55.5), ("Na+", 6.1), ("K+", 0.05), ("Cl-", 6.15)];

    fn settings(v: f64, ce: f64, depletion: f64) -> Vec<(&'static str, Setting)> {
        vec![
            ("cell_voltage", Setting::Number(v)),
            ("current_efficiency", Setting::Number(ce)),
            ("depletion", Setting::Number(depletion)),
        ]
    }

    /// facts/plants.md §5.6: CE 0.96: 2059 kWh a t NaOH at 2.95 V, 2185 at 3.13 V.
    #[test]
    fn power_is_faradays() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let water = Stream::water(&matter, 1.0, 298.15);
        let inlets = [trial::stream(&matter, 298.15, &BRINE), water];
        for (v, kwh_t) in [(2.95, 2059.0), (3.13, 2185.0)] {
            let settings = settings(v, 0.96, 0.4);
            let out = trial::run("chlor_alkali", &settings, &inlets, &mut room).unwrap();
            let sodium = database.component("Na+").unwrap();
            let kg_s = out.outlets[0].brine_mol_s[sodium] * NAOH_KG_MOL;
            let found = out.power_w / kg_s / 3.6;
            assert!((found / 1e3 - kwh_t).abs() < 1.0, "{found}");
            let strength = kg_s / out.outlets[0].mass_kg_s(&matter);
            assert!((strength - 0.32).abs() < 1e-12, "{strength}");
        }
    }

    /// At CE 1 the cells take 223 kJ a mol NaOH at infinite dilution (446 a mol Cl2); a strong caustic a few less
    /// or more for its heat of dilution.
    #[test]
    fn heat_is_power_less_the_heat_of_the_reaction() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let water = Stream::water(&matter, 1.0, 298.15);
        let inlets = [trial::stream(&matter, 298.15, &BRINE), water];
        let mut settings = settings(3.0, 1.0, 0.4);
        settings.push(("temperature", Setting::Number(298.15)));
        let out = trial::run("chlor_alkali", &settings, &inlets, &mut room).unwrap();
        let n = 2.0 * out.outlets[1].others_mol_s[matter.substance("Cl2").unwrap()];
        let heat = trial::heat_w(&inlets, &out, &mut room);
        let taken = (heat + out.power_w) / n;
        assert!((taken - 223e3).abs() < 8e3, "{taken}");
    }

    #[test]
    fn it_works_over_its_whole_range() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let water = Stream::water(&matter, 1.0, 298.15);
        for strength in [0.0, 0.2, 1.0] {
            let brine = BRINE.map(|(name, n)| (name, if name == "H2O" { n } else { n * strength }));
            let inlets = [trial::stream(&matter, 298.15, &brine), water.clone()];
            for ce in [0.5, 0.96, 1.0] {
                for depletion in [0.0, 0.4, 0.9] {
                    for caustic in [0.1, 0.32, 0.5] {
                        for drag in [2.0, 4.0, 6.0] {
                            let mut settings = settings(3.0, ce, depletion);
                            settings.push(("caustic_strength", Setting::Number(caustic)));
                            settings.push(("water_transport", Setting::Number(drag)));
                            settings.push(("temperature", Setting::Number(298.15 + 60.0)));
                            let out = trial::run("chlor_alkali", &settings, &inlets, &mut room);
                            assert!(out.is_ok(), "{out:?}");
                        }
                    }
                }
            }
        }
        let inlets = [Stream::nothing(&matter), water];
        let out = trial::run(
            "chlor_alkali",
            &settings(3.0, 0.96, 0.4),
            &inlets,
            &mut room,
        );
        assert!(out.unwrap().outlets[0].is_nothing());
    }
}
