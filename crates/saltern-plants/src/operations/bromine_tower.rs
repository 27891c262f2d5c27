//! Blowing-out tower: chlorine oxidises the bromide of an acid brine, air carries the bromine off.
//!
//! ```text
//! 2 Br− + Cl2 → Br2 + 2 Cl−        chlorine = ½ chlorine_ratio · Br− + what sulfur dioxide of the air takes
//! SO2 + Cl2 + 2 H2O → SO4−2 + 2 Cl− + 4 H+
//! ```
//!
//! How much of the bromide becomes bromine, how much bromine chloride, and what of it the air carries off is by equilibrium
//! on `stages` stages (`bromine_tower/equilibrium.rs`, `bromine_tower/stages.rs`): nothing is taken for granted but the
//! number of stages and how much better than water the brine dissolves bromine. Bromine chloride counts, in the air and in
//! the brine, as half bromine and half chlorine, into which its vapour goes. Brine and air leave at the one temperature that
//! leaves the enthalpy as it is.
//!
//! **Range.** The process is that of H. H. Dow (patented 1891). Water that evaporates is left out: air that goes round is as wet
//! as the brine leaves it. The bromine of the air is taken as thin; hydrolysis as none, which a pH below 4 makes sure of
//! (above it is remarked).

use saltern_brine::database::{ComponentId, HYDROGEN, WATER};

use crate::chain::apart;
use crate::kinds::{Kind, Motors};
use crate::matter::{Matter, Phase, SubstanceId};
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError, demand};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

mod equilibrium;
mod stages;

use equilibrium::Halogens;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "bromine_tower",
    inlets: &["brine", "chlorine", "air"],
    outlets: &["brine", "air"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

/// Share of the halogens that is rounding.
const ROUNDING: f64 = 1e-12;
/// Imbalance of a stage over all that comes in up to which the tower is solved.
const AT_REST: f64 = 1e-9;
/// Above this bromine hydrolyses.
const HIGHEST_PH: f64 = 4.0;

#[derive(Debug)]
struct BromineTower {
    chlorine_ratio: f64,
    stages: usize,
    solubility: f64,
    pressure_pa: f64,
    at: Bromine,
}

/// Ids of halogens and what they react with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bromine {
    pub(super) bromide: ComponentId,
    pub(super) chloride: ComponentId,
    pub(super) sulfate: ComponentId,
    pub(super) liquid: SubstanceId,
    pub(super) vapour: SubstanceId,
    pub(super) dissolved: SubstanceId,
    pub(super) chlorine: SubstanceId,
    pub(super) dissolved_chlorine: SubstanceId,
    pub(super) sulfur_dioxide: SubstanceId,
    pub(super) steam: SubstanceId,
}

impl Bromine {
    pub(super) fn new(settings: &Settings, matter: &Matter<'_>) -> Result<Bromine, SettingError> {
        let component = |name: &str| settings.component_named("kind", name, matter);
        let substance = |name: &str| settings.substance_named("kind", name, matter);
        Ok(Bromine {
            bromide: component("Br-")?,
            chloride: component("Cl-")?,
            sulfate: component("SO4-2")?,
            liquid: substance("Br2")?,
            vapour: substance("Br2_gas")?,
            dissolved: substance("Br2_dissolved")?,
            chlorine: substance("Cl2")?,
            dissolved_chlorine: substance("Cl2_dissolved")?,
            sulfur_dioxide: substance("SO2")?,
            steam: substance("Steam")?,
        })
    }
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(BromineTower {
        chlorine_ratio: settings.number("chlorine_ratio"),
        stages: settings.number("stages") as usize,
        solubility: settings.number("solubility"),
        pressure_pa: settings.number("ambient_pressure"),
        at: Bromine::new(settings, matter)?,
    }))
}

impl BromineTower {
    /// Bromine atoms and halogen molecules in the brine and in the air, mol/s, sulfur dioxide having taken its share of
    /// the brine's.
    fn fed(&self, mixed: &Stream, brine: &Stream, air: &Stream) -> [[f64; 2]; 2] {
        let at = &self.at;
        let in_air = air.others_mol_s[at.vapour] + air.others_mol_s[at.chlorine];
        let sulfur = mixed.others_mol_s[at.sulfur_dioxide];
        let all: f64 = at.halogens().map(|s| mixed.others_mol_s[s]).iter().sum();
        let bromine =
            brine.brine_mol_s[at.bromide].max(0.0) + 2.0 * brine.others_mol_s[at.dissolved];
        [
            [(all - in_air - sulfur).max(0.0), bromine],
            [in_air, 2.0 * air.others_mol_s[at.vapour]],
        ]
    }

    /// The tower: what leaves with the air (halogen molecules and bromine atoms) and what stays bromide, mol/s.
    fn blown(
        &self,
        fed: [[f64; 2]; 2],
        m3_s: f64,
        halogens: &Halogens,
    ) -> Result<([f64; 2], f64), UnitError> {
        let [brine, gas] = fed.map(|pair| pair.map(|n| n / m3_s));
        let tower = stages::tower(halogens, self.stages, brine, gas);
        if tower.residual > AT_REST {
            return Err(UnitError::Cannot {
                what: "blowing out: imbalance of a stage over all that comes in",
                reached: tower.residual,
                asked: AT_REST,
            });
        }
        let lifted = [0, 1].map(|i| tower.gas[i].clamp(0.0, brine[i] + gas[i]));
        let left = [0, 1].map(|i| brine[i] + gas[i] - lifted[i]);
        let bromide = halogens.held(left).bromide * m3_s;
        Ok((lifted.map(|n| n * m3_s), bromide))
    }
}

impl Bromine {
    /// The substances that are halogens: bromine first, as vapour and dissolved, chlorine after.
    pub(super) fn halogens(&self) -> [SubstanceId; 4] {
        [
            self.vapour,
            self.dissolved,
            self.chlorine,
            self.dissolved_chlorine,
        ]
    }

    /// Turns halogens of a stream (its four amounts as in [`Bromine::halogens`]) into others; what they lack goes to the
    /// brine as bromide and chloride, what sulfur dioxide there is becomes sulfuric acid.
    pub(super) fn turn(&self, stream: &mut Stream, halogens_mol_s: [f64; 4], sulfur_mol_s: f64) {
        let ions = [self.bromide, self.bromide, self.chloride, self.chloride];
        for ((substance, ion), n) in self.halogens().into_iter().zip(ions).zip(halogens_mol_s) {
            stream.brine_mol_s[ion] += 2.0 * (stream.others_mol_s[substance] - n);
            stream.others_mol_s[substance] = n;
        }
        for ion in [self.bromide, self.chloride] {
            // All of it oxidised: what is left is rounding, and a negative amount is no brine.
            let left = &mut stream.brine_mol_s[ion];
            if *left < 0.0
                && -*left < ROUNDING * (halogens_mol_s.iter().sum::<f64>() + sulfur_mol_s)
            {
                *left = 0.0;
            }
        }
        stream.others_mol_s[self.sulfur_dioxide] -= sulfur_mol_s;
        stream.brine_mol_s[self.sulfate] += sulfur_mol_s;
        stream.brine_mol_s[HYDROGEN] += 4.0 * sulfur_mol_s;
        stream.brine_mol_s[WATER] -= 2.0 * sulfur_mol_s;
    }
}

impl Operation for BromineTower {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (at, matter) = (&self.at, room.matter);
        let [brine, chlorine, air] = [0, 1, 2].map(|port: usize| &inlets[port]);
        let Some(state) = room.speciate(0, brine)? else {
            // No brine: nothing reacts, whatever the air brings passes.
            return Ok(passed(brine, air));
        };
        let bromide = brine.brine_mol_s[at.bromide].max(0.0);
        let sulfur = air.others_mol_s[at.sulfur_dioxide];
        let wanted = 0.5 * self.chlorine_ratio * bromide + sulfur;
        let factor = demand(
            "chlorine, mol/s",
            wanted,
            chlorine.others_mol_s[at.chlorine],
        )?;
        let mut mixed = brine.clone();
        mixed.add(&chlorine.times(factor));
        mixed.add(air);
        if mixed.brine_mol_s[WATER] < 4.0 * sulfur {
            return Err(UnitError::Cannot {
                what: "water for the sulfur dioxide (mol/s)",
                reached: mixed.brine_mol_s[WATER],
                asked: 4.0 * sulfur,
            });
        }
        let m3_s = brine.liquid_kg_s(matter) / state.density_kg_m3(matter.database);
        let carrier_mol_s = carrier_mol_s(&mixed, at, matter);
        let halogens = Halogens::new(
            brine.brine_mol_s[at.chloride] / m3_s,
            brine.temperature_k,
            self.solubility,
            carrier_mol_s / (m3_s * self.pressure_pa),
        );
        let fed = self.fed(&mixed, brine, air);
        let (lifted, left) = self.blown(fed, m3_s, &halogens)?;
        let [halogen, bromine] = [0, 1].map(|i| fed[0][i] + fed[1][i]);
        let vapour = 0.5 * lifted[1];
        let gone = (lifted[0] - vapour).max(0.0);
        let dissolved = (0.5 * (bromine - left) - vapour).max(0.0);
        let stays = (halogen - vapour - gone - dissolved).max(0.0);

        let mut enthalpy_w = room.enthalpy_w(1, brine)? + room.enthalpy_w(2, air)?;
        enthalpy_w += room.enthalpy_w(3, &chlorine.times(factor))?;
        at.turn(&mut mixed, [vapour, dissolved, gone, stays], sulfur);
        mixed.temperature_k = brine.temperature_k;
        let (settled, _) = room.settle_adiabatic(4, &[], &mixed, enthalpy_w)?;
        let (air, brine) = apart(&settled, matter);
        let mut remarks = Vec::new();
        if bromide > 0.0 {
            let ph = state.ph();
            if ph > HIGHEST_PH {
                remarks.push(Remark::Extrapolated {
                    what: "pH of the brine",
                    value: ph,
                    range: "… 4".to_owned(),
                });
            }
        } else {
            remarks.push(Remark::NothingToDo {
                what: "blowing out: no bromide in the brine",
            });
        }
        let share = |n: f64| if bromine > 0.0 { n / bromine } else { 0.0 };
        let figure = |code, value, unit| Figure { code, value, unit };
        Ok(Outcome {
            outlets: vec![brine, air],
            taken: vec![(1, factor)],
            figures: vec![
                figure("plants.figure.oxidised", 1.0 - share(left), "1"),
                figure("plants.figure.blown_out", share(lifted[1]), "1"),
                figure("plants.figure.stripping", halogens.stripping_factor(), "1"),
            ],
            remarks,
            ..Outcome::default()
        })
    }
}

fn passed(brine: &Stream, air: &Stream) -> Outcome {
    Outcome {
        outlets: vec![brine.clone(), air.clone()],
        taken: vec![(1, 0.0)],
        remarks: vec![Remark::NothingToDo {
            what: "blowing out: no bromide in the brine",
        }],
        ..Outcome::default()
    }
}

/// Gas that carries halogens off, mol/s: all but they and the sulfur dioxide that reacts.
fn carrier_mol_s(mixed: &Stream, at: &Bromine, matter: &Matter<'_>) -> f64 {
    let react = at.halogens();
    let substances = matter.substances.iter().enumerate();
    substances
        .filter(|(s, substance)| {
            substance.phase == Phase::Gas && *s != at.sulfur_dioxide && !react.contains(s)
        })
        .map(|(s, _)| mixed.others_mol_s[s])
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::trial;
    use crate::settings::Setting;
    use saltern_brine::thermo::default_database;

    /// 3 g/L of bromine in a brine of magnesium chloride at 15 °C, 1.05 of the stoichiometric chlorine, 150 m³ of air: what
    /// the chlorine oxidises is bromine or bromine chloride, so that the air holds it as vapour and brine and air together
    /// have all of it; nothing is gained or lost of heat.
    #[test]
    fn chlorine_and_air_take_bromine_out_of_brine() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let inlets = [
            brine(&matter, 288.15, 0.035),
            chlorine(&matter),
            air(&matter, 6.5),
        ];
        let settings = [("chlorine_ratio", Setting::Number(1.05))];
        let out = trial::run("bromine_tower", &settings, &inlets, &mut room).unwrap();
        let vapour = out.outlets[1].others_mol_s[matter.substance("Br2_gas").unwrap()];
        let taken = out.taken[0].1;
        assert!((taken - 0.5 * 1.05 * 0.035).abs() < 1e-12, "{taken}");
        assert!(
            vapour > 0.8 * 0.5 * 0.035 && vapour < 0.5 * 0.035,
            "{vapour}"
        );
        let heat = trial::heat_w(&inlets, &out, &mut room);
        assert!(heat.abs() < 1e-3, "{heat} W");
        // Chlorine on dissolved bromide gives 93.9 kJ/mol, bromine's vapour takes 33.5 of them: about a degree.
        let warmer = out.outlets[0].temperature_k - 288.15;
        assert!(warmer > 0.1 && warmer < 1.0, "{warmer} K");
    }

    /// Sulfur dioxide that comes back with the air takes its chlorine: as much more is asked, and it ends as acid.
    #[test]
    fn sulfur_dioxide_takes_chlorine() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let mut loaded = air(&matter, 6.5);
        loaded.others_mol_s[matter.substance("SO2").unwrap()] = 0.002;
        let inlets = [brine(&matter, 288.15, 0.035), chlorine(&matter), loaded];
        let settings = [("chlorine_ratio", Setting::Number(1.0))];
        let out = trial::run("bromine_tower", &settings, &inlets, &mut room).unwrap();
        assert!((out.taken[0].1 - 0.0195).abs() < 1e-12);
        let acid = out.outlets[0].brine_mol_s[HYDROGEN] - inlets[0].brine_mol_s[HYDROGEN];
        assert!((acid - 0.008).abs() < 1e-12, "{acid}");
    }

    fn brine(matter: &Matter<'_>, t: f64, bromide: f64) -> Stream {
        let ions = [
            ("H2O", 55.5),
            ("Mg+2", 4.6),
            ("Na+", 0.1),
            ("Cl-", 9.31 - bromide),
            ("Br-", bromide),
            ("H+", 0.01),
        ];
        trial::stream(matter, t, &ions)
    }

    fn chlorine(matter: &Matter<'_>) -> Stream {
        trial::stream(matter, 298.15, &[("Cl2", 1.0)])
    }

    fn air(matter: &Matter<'_>, mol_s: f64) -> Stream {
        let gases = [("N2", 0.79 * mol_s), ("O2", 0.21 * mol_s)];
        trial::stream(matter, 288.15, &gases)
    }

    #[test]
    fn it_works_over_its_whole_range() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        for ratio in [0.0, 0.9, 1.1, 2.0] {
            for solubility in [0.5, 2.5, 15.0] {
                for stages in [1.0, 6.0, 40.0] {
                    for bromide in [0.0, 1e-4, 0.035, 0.5] {
                        let inlets = [
                            brine(&matter, 293.15, bromide),
                            chlorine(&matter),
                            air(&matter, 10.0 * bromide.sqrt()),
                        ];
                        let settings = [
                            ("chlorine_ratio", Setting::Number(ratio)),
                            ("solubility", Setting::Number(solubility)),
                            ("stages", Setting::Number(stages)),
                        ];
                        let out = trial::run("bromine_tower", &settings, &inlets, &mut room);
                        let heat = trial::heat_w(&inlets, &out.unwrap(), &mut room);
                        assert!(heat.abs() < 1e-2, "{heat}");
                    }
                }
            }
        }
    }
}
