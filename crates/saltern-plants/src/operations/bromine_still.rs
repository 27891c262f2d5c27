//! Steaming-out tower: chlorine oxidises hydrobromic acid, live steam carries the bromine off, which is condensed and
//! settled out of its water; the water goes back to the tower.
//!
//! ```text
//! 2 Br− + Cl2 → Br2 + 2 Cl−        chlorine = ½ chlorine_ratio · Br−
//! H(acid) + H(chlorine) + s H(steam) = H(tail, bottom) + H(bromine, gas; condenser) + Q
//! Q = Br2 (h_vapour(top) − h_liquid(condenser)) + … + reflux · Br2 (h_steam(top) − h_water(condenser))
//! ```
//!
//! The steam s is what closes the balance, and is made of water on demand; its heat is bought, Q is cooled away. It condenses
//! into the tail acid, which holds the sulfuric acid of the absorber and the hydrochloric acid of the chlorine. Free halogen
//! that is left in the tail is a setting: 0.05 g/L, as much chlorine as bromine, is told of such towers on carnallite end
//! liquors (Korn, Freiberger Forschungshefte A 354, 58, sachsen.digital/werkansicht/30091: fed at 85 to 90 °C, overhead at 80 to 85, run off at 110 °C);
//! at the boil bromine is so volatile (`bromine_tower/equilibrium.rs`: 4·10⁻⁴ mol/(m³ Pa) at 100 °C, over a thousand times
//! as much in vapour as in water by moles) that steam for the heat is steam enough. The overhead holds, a mole of
//! bromine, as much water as its vapour pressure at 82 °C has it: 51 kPa of 101 (IAPWS), one mole.
//!
//! **Range.** The process is that of Kubierschky (1907, recalled). Chlorine in surplus leaves as gas; the bromine is taken
//! as freed from it, and its water, a few parts in ten thousand, as none. The tail is handed on at its boil, less what an
//! exchanger takes of it, which is the unit before.

use saltern_brine::database::WATER;

use super::bromine_tower::Bromine;
use crate::chain::apart;
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError, Utilities, demand};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "bromine_still",
    inlets: &["acid", "chlorine", "water"],
    outlets: &["bromine", "acid", "gas"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

/// Secants that the steam is sought with.
const SECANTS: u32 = 30;
/// Share of the heat that passes at which the balance is closed.
const CLOSED: f64 = 1e-13;

#[derive(Debug)]
struct Still {
    chlorine_ratio: f64,
    left_kg_kg: f64,
    reflux: f64,
    bottom_k: f64,
    top_k: f64,
    condenser_k: f64,
    steam_k: f64,
    at: Bromine,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let number = |name: &str| settings.number(name);
    Ok(Box::new(Still {
        chlorine_ratio: number("chlorine_ratio"),
        left_kg_kg: number("left"),
        reflux: number("reflux"),
        bottom_k: number("temperature"),
        top_k: number("top_temperature"),
        condenser_k: number("condenser_temperature"),
        steam_k: number("steam_temperature"),
        at: Bromine::new(settings, matter)?,
    }))
}

/// What comes out of the tower without its steam.
struct Parted {
    bromine: Stream,
    tail: Stream,
    gas: Stream,
    /// Heat that the condenser takes, W.
    condensed_w: f64,
}

impl Still {
    /// Bromine, tail and gas out of acid and chlorine put together.
    fn parted(&self, mixed: &Stream, room: &mut Room<'_>) -> Result<Parted, UnitError> {
        let (at, matter) = (&self.at, room.matter);
        let kg_mol = |s: usize| matter.substances[s].molar_mass_kg_mol;
        let mut tail = mixed.clone();
        let [vapour, dissolved, chlorine, dissolved_chlorine] =
            at.halogens().map(|s| mixed.others_mol_s[s]);
        let chlorine = chlorine + dissolved_chlorine;
        let oxidised = chlorine.min(0.5 * mixed.brine_mol_s[at.bromide].max(0.0));
        let bromine = vapour + dissolved + oxidised;
        let surplus = chlorine - oxidised;
        let left_kg_s = self.left_kg_kg * tail.liquid_kg_s(matter);
        let bromine_left = bromine.min(left_kg_s / kg_mol(at.liquid));
        let chlorine_left = surplus.min(left_kg_s / kg_mol(at.chlorine));
        let halogens = [
            bromine - bromine_left,
            bromine_left,
            surplus - chlorine_left,
            chlorine_left,
        ];
        at.turn(&mut tail, halogens, 0.0);
        let (mut vapours, mut tail) = apart(&tail, matter);
        tail.temperature_k = self.bottom_k;
        let reflux = self.reflux * vapours.others_mol_s[at.vapour];
        vapours.others_mol_s[at.steam] += reflux;
        vapours.temperature_k = self.top_k;
        let hot_w = room.enthalpy_w(10, &vapours)?;
        vapours.others_mol_s[at.steam] -= reflux;
        let distilled = std::mem::take(&mut vapours.others_mol_s[at.vapour]);
        vapours.temperature_k = self.condenser_k;
        let mut liquid = Stream::nothing(matter);
        liquid.temperature_k = self.condenser_k;
        liquid.others_mol_s[at.liquid] = distilled;
        let water_kg_mol = matter.database.components[WATER].molar_mass_kg_mol;
        let back = Stream::water(matter, reflux * water_kg_mol, self.condenser_k);
        let mut cold_w = room.enthalpy_w(11, &vapours)?;
        for (slot, stream) in [(12, &liquid), (13, &back)] {
            cold_w += room.enthalpy_w(slot, stream)?;
        }
        Ok(Parted {
            bromine: liquid,
            tail,
            gas: vapours,
            condensed_w: hot_w - cold_w,
        })
    }

    /// Live steam, mol/s, that the balance asks for, and the heat that is over without any, W.
    fn steam(
        &self,
        out: &Parted,
        given_w: f64,
        room: &mut Room<'_>,
    ) -> Result<(f64, f64), UnitError> {
        let others_w = room.enthalpy_w(14, &out.bromine)? + room.enthalpy_w(15, &out.gas)?;
        let steam_j_mol = self.steam_j_mol(room)?;
        let lacking_w = |steam: f64, room: &mut Room<'_>| -> Result<f64, UnitError> {
            let mut tail = out.tail.clone();
            tail.brine_mol_s[WATER] += steam;
            let asked_w = room.enthalpy_w(16, &tail)? + others_w + out.condensed_w;
            Ok(asked_w - given_w - steam * steam_j_mol)
        };
        let first_w = lacking_w(0.0, room)?;
        if first_w <= 0.0 {
            return Ok((0.0, -first_w));
        }
        let scale_w = first_w.max(out.condensed_w.abs());
        let water_kg_mol = room.matter.database.components[WATER].molar_mass_kg_mol;
        let drop = Stream::water(room.matter, water_kg_mol, self.bottom_k);
        let mut fall_j_mol = steam_j_mol - room.enthalpy_w(17, &drop)?;
        let (mut steam, mut lacks_w) = (0.0, first_w);
        for _ in 0..SECANTS {
            let next = steam + lacks_w / fall_j_mol;
            let next_w = lacking_w(next, room)?;
            if next != steam && next_w != lacks_w {
                fall_j_mol = (lacks_w - next_w) / (next - steam);
            }
            (steam, lacks_w) = (next, next_w);
            if lacks_w.abs() <= CLOSED * scale_w {
                break;
            }
        }
        Ok((steam, 0.0))
    }

    fn steam_j_mol(&self, room: &mut Room<'_>) -> Result<f64, UnitError> {
        let mut steam = Stream::nothing(room.matter);
        steam.temperature_k = self.steam_k;
        steam.others_mol_s[self.at.steam] = 1.0;
        Ok(room.enthalpy_w(18, &steam)?)
    }
}

impl Operation for Still {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (at, matter) = (&self.at, room.matter);
        let [acid, chlorine, water] = [0, 1, 2].map(|port: usize| &inlets[port]);
        let wanted = 0.5 * self.chlorine_ratio * acid.brine_mol_s[at.bromide].max(0.0);
        let gas_factor = demand(
            "chlorine, mol/s",
            wanted,
            chlorine.others_mol_s[at.chlorine],
        )?;
        let chlorine = chlorine.times(gas_factor);
        let mut mixed = acid.clone();
        mixed.add(&chlorine);
        let mut out = self.parted(&mixed, room)?;
        let distilled = out.bromine.others_mol_s[at.liquid];
        if distilled <= 0.0 {
            let (gas, tail) = apart(&mixed, matter);
            return Ok(Outcome {
                outlets: vec![Stream::nothing(matter), tail, gas],
                taken: vec![(1, gas_factor), (2, 0.0)],
                remarks: vec![Remark::NothingToDo {
                    what: "distillation: no bromine in the acid",
                }],
                ..Outcome::default()
            });
        }
        let given_w = room.enthalpy_w(20, acid)? + room.enthalpy_w(21, &chlorine)?;
        let (steam, over_w) = self.steam(&out, given_w, room)?;
        let offered = water.brine_mol_s[WATER];
        let water_factor = demand("water of the live steam, mol/s", steam, offered)?;
        let water = water.times(water_factor);
        // What the water brings along goes with it.
        out.tail
            .brine_mol_s
            .iter_mut()
            .zip(&water.brine_mol_s)
            .for_each(|(n, more)| *n += more);
        let boiled_w = steam * self.steam_j_mol(room)? - room.enthalpy_w(22, &water)?;
        let kg_mol = matter.database.components[WATER].molar_mass_kg_mol;
        let ratio = steam * kg_mol / out.bromine.mass_kg_s(matter);
        Ok(Outcome {
            outlets: vec![out.bromine, out.tail, out.gas],
            taken: vec![(1, gas_factor), (2, water_factor)],
            utilities: Some(Utilities {
                heating_w: boiled_w.max(0.0),
                cooling_w: (out.condensed_w + over_w).max(0.0),
            }),
            figures: vec![Figure {
                code: "plants.figure.live_steam",
                value: ratio,
                unit: "kg/kg",
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

    fn acid(matter: &Matter<'_>, celsius: f64, hydrobromic: f64) -> Stream {
        let ions = [
            ("H2O", 52.0),
            ("H+", 2.0 * hydrobromic),
            ("Br-", hydrobromic),
            ("SO4-2", 0.5 * hydrobromic),
        ];
        trial::stream(matter, 273.15 + celsius, &ions)
    }

    /// 2 mol of HBr and 1.02 of chlorine: a mole of bromine, 159.8 g, less 40 mg in a kg of tail. By hand, the acid (13 %)
    /// takes some 3.4 kJ/(kg K) from 75 to 105 °C, a mole of bromine and one of water 33 and 42 kJ, the reaction gives 91:
    /// 0.1 to 0.2 kg of steam of 2.3 MJ. Heat bought less heat cooled away is what the streams take up.
    #[test]
    fn steam_is_what_the_balance_asks_for() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let inlets = [
            acid(&matter, 25.0, 2.0),
            trial::stream(&matter, 298.15, &[("Cl2", 1.0)]),
            Stream::water(&matter, 1.0, 288.15),
        ];
        let settings = [("chlorine_ratio", Setting::Number(1.02))];
        let out = trial::run("bromine_still", &settings, &inlets, &mut room).unwrap();
        let bromine = out.outlets[0].others_mol_s[matter.substance("Br2").unwrap()];
        assert!((bromine - 1.0).abs() < 1e-3, "{bromine}");
        assert!((out.taken[0].1 - 1.02).abs() < 1e-12);
        let heat = trial::heat_w(&inlets, &out, &mut room);
        let utilities = out.utilities.unwrap();
        let net = utilities.heating_w - utilities.cooling_w;
        assert!(
            (net - heat).abs() < 1e-6 * utilities.heating_w,
            "{net} {heat}"
        );
        // 1.2 kg over 80 K at 3.4 kJ, bromine's 33 and 42, less 91: 310 kJ; steam leaves 2.3 MJ a kg.
        let steam_kg_s = out.taken[1].1;
        assert!((steam_kg_s - 0.135).abs() < 0.03, "{steam_kg_s}");
    }

    #[test]
    fn it_works_over_its_whole_range() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        for hydrobromic in [0.0, 1e-3, 2.0, 5.0] {
            for ratio in [0.0, 0.9, 1.5] {
                for (celsius, reflux) in [(10.0, 0.0), (60.0, 1.0), (90.0, 10.0)] {
                    let inlets = [
                        acid(&matter, celsius, hydrobromic),
                        trial::stream(&matter, 298.15, &[("Cl2", 1.0)]),
                        Stream::water(&matter, 1.0, 288.15),
                    ];
                    let settings = [
                        ("chlorine_ratio", Setting::Number(ratio)),
                        ("reflux", Setting::Number(reflux)),
                    ];
                    let out = trial::run("bromine_still", &settings, &inlets, &mut room).unwrap();
                    let heat = trial::heat_w(&inlets, &out, &mut room);
                    let net = out.utilities.map_or(heat, |u| u.heating_w - u.cooling_w);
                    assert!(
                        (net - heat).abs() < 1e-6 * heat.abs().max(1.0),
                        "{net} {heat}"
                    );
                }
            }
        }
    }
}
