//! Electrolysis of molten magnesium chloride.
//!
//! ```text
//! MgCl2 → Mg + Cl2,   P = 2 F V n_Mg / (CE η),   so E = 2.205429 V/CE kWh/kg Mg of direct current
//! MgOHCl → MgO + HCl,   MgCl2·nH2O → MgO + 2 HCl + (n − 1) H2O       in the melt
//! ```
//!
//! η is what the rectifier gives of what it takes. What current efficiency lacks is metal and chlorine burning back to the salt: heat of the cell, not matter. The
//! share `recovery` of the dry MgCl2 becomes metal, the rest leaves with the sludge, as does MgO and whatever else comes
//! in. Anodes are taken as lasting: no carbon is burnt. Products leave at `temperature` (25 °C: cold ingots, cooled
//! gas), so the heat that the solver finds is all that the cell house loses. Reversible heat of the reaction:
//! 641 kJ/mol, 7.33 kWh/kg.

use crate::chain::{Chain, FARADAY_C_MOL, apart};
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "magnesium_electrolyser",
    inlets: &["in"],
    outlets: &["metal", "chlorine", "sludge"],
    open_to_air: true,
    motors: Motors::Modelled,
    build,
};

#[derive(Debug)]
struct Electrolyser {
    voltage_v: f64,
    current_efficiency: f64,
    rectifier: f64,
    recovery: f64,
    temperature_k: f64,
    chain: Chain,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Electrolyser {
        voltage_v: settings.number("cell_voltage"),
        current_efficiency: settings.number("current_efficiency"),
        rectifier: settings.number("rectifier_efficiency"),
        recovery: settings.number("recovery"),
        temperature_k: settings.number("temperature"),
        chain: Chain::new(settings, matter)?,
    }))
}

impl Operation for Electrolyser {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (chain, matter) = (&self.chain, room.matter);
        let mut melt = inlets[0].clone();
        let dry = std::mem::take(&mut melt.others_mol_s[chain.mg_cl2]);
        let (hydrates, basic, bound) = chain.take_magnesium_chloride(&mut melt);
        melt.others_mol_s[chain.mg_o] += hydrates + basic;
        melt.others_mol_s[chain.h_cl] += 2.0 * hydrates + basic;
        melt.others_mol_s[chain.steam] += bound - hydrates;
        let reduced = self.recovery * dry;
        melt.others_mol_s[chain.mg_cl2] = dry - reduced;
        melt.others_mol_s[chain.cl2] += reduced;
        let (gas, sludge) = apart(&melt, matter);
        let mut metal = Stream::nothing(matter);
        metal.others_mol_s[chain.mg] = reduced;
        let mut outlets = vec![metal, gas, sludge];
        for outlet in &mut outlets {
            outlet.temperature_k = self.temperature_k;
        }
        let mut outcome = Outcome::of(outlets);
        outcome.power_w = 2.0 * FARADAY_C_MOL * self.voltage_v * reduced
            / (self.current_efficiency * self.rectifier);
        outcome.figures.push(Figure {
            code: "plants.figure.current",
            value: 2.0 * FARADAY_C_MOL * reduced / self.current_efficiency,
            unit: "A",
        });
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::trial;
    use crate::settings::Setting;
    use saltern_brine::thermo::default_database;

    fn settings(voltage: f64, efficiency: f64, recovery: f64) -> Vec<(&'static str, Setting)> {
        vec![
            ("cell_voltage", Setting::Number(voltage)),
            ("current_efficiency", Setting::Number(efficiency)),
            ("recovery", Setting::Number(recovery)),
        ]
    }

    /// facts/plants.md §5.5: 2.5 V, CE 1 → 5.51; 3.0 V, 0.9 → 7.35; 4.5 V, 0.92 → 10.79 kWh/kg.
    #[test]
    fn power_is_faradays() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let inlets = [trial::stream(&matter, 298.15, &[("MgCl2", 10.0)])];
        for (v, ce, kwh_kg) in [(2.5, 1.0, 5.51), (3.0, 0.9, 7.35), (4.5, 0.92, 10.79)] {
            let settings = settings(v, ce, 1.0);
            let out = trial::run("magnesium_electrolyser", &settings, &inlets, &mut room).unwrap();
            let kg_s = out.outlets[0].mass_kg_s(&matter);
            let found = out.power_w / kg_s / 3.6e6;
            assert!((found - kwh_kg).abs() < 0.006, "{found}");
            assert!((found - 2.205429 * v / ce).abs() < 2e-4, "{found}");
            // Power less the heat of the reaction, 641.3 kJ/mol, is lost as heat.
            let heat = trial::heat_w(&inlets, &out, &mut room);
            assert!((heat + out.power_w - 6413.17e3).abs() < 1e3, "{heat}");
        }
    }

    #[test]
    fn it_works_over_its_whole_range() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let feeds: [&[(&str, f64)]; 4] = [
            &[],
            &[("MgCl2", 1.0), ("MgOHCl", 0.05), ("Halite", 0.02)],
            &[("MgCl2_dihydrate", 1.0), ("MgO", 0.1)],
            &[("Bischofite", 1.0), ("Inert", 0.1)],
        ];
        for feed in feeds {
            let inlets = [trial::stream(&matter, 298.15, feed)];
            for v in [2.5, 4.0, 8.0] {
                for ce in [0.5, 0.9, 1.0] {
                    for recovery in [0.0, 0.95, 1.0] {
                        let settings = settings(v, ce, recovery);
                        let out =
                            trial::run("magnesium_electrolyser", &settings, &inlets, &mut room);
                        assert!(trial::heat_w(&inlets, &out.unwrap(), &mut room).is_finite());
                    }
                }
            }
        }
    }
}
