//! Precipitation of a metal as its hydroxide by lime, burnt magnesia or caustic soda.
//!
//! ```text
//! M^z+ + z OH− → M(OH)z      reagent taken = dose · z n_M / (OH− that the reagent brings)
//! ```
//!
//! A reagent brings the hydroxide that it holds over its water (NaOH liquor, Portlandite in milk of lime), and two for
//! each CaO or MgO, which slake. What then forms is the equilibrium of the brine set with brucite and portlandite
//! allowed, so an overdose dissolves or stays as lime, and gypsum falls where sulfate meets it. The oxychlorides that
//! grow in strong MgCl2 over days are not in the set. Ammonia is not offered: the set has no ammonium.

use saltern_brine::database::{ComponentId, HYDROGEN, MineralId, WATER};

use crate::chain::Chain;
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "hydroxide_precipitator",
    inlets: &["in", "reagent"],
    outlets: &["out"],
    open_to_air: true,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Precipitator {
    metal: ComponentId,
    charge: f64,
    dose: f64,
    temperature_k: Option<f64>,
    phases: Vec<MineralId>,
    chain: Chain,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let metal = settings.component("metal", matter)?;
    Ok(Box::new(Precipitator {
        metal,
        charge: matter.database.components[metal].formula.charge.max(0.0),
        dose: settings.number("dose"),
        temperature_k: settings.optional_number("temperature"),
        phases: settings.minerals("phases", matter)?,
        chain: Chain::new(settings, matter)?,
    }))
}

impl Operation for Precipitator {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (feed, reagent) = (&inlets[0], &inlets[1]);
        let matter = room.matter;
        let metal = feed.brine_mol_s[self.metal].max(0.0);
        let needed = self.dose * self.charge * metal;
        let brought = self.hydroxide(reagent, matter);
        if needed > 0.0 && brought <= 0.0 {
            return Err(UnitError::Cannot {
                what: "hydroxide of the reagent (mol/s)",
                reached: brought.max(0.0),
                asked: needed,
            });
        }
        let factor = if needed > 0.0 { needed / brought } else { 0.0 };
        let reagent = self.slaked(&reagent.times(factor));
        let blend = room.blend(2, &[feed.clone(), reagent])?;
        let settled = match self.temperature_k {
            Some(t) => room.settle(0, &self.phases, &blend, t)?.0,
            None => {
                let enthalpy_w = self.enthalpy_w(inlets, factor, room)?;
                room.settle_adiabatic(0, &self.phases, &blend, enthalpy_w)?
                    .0
            }
        };
        let left = settled.brine_mol_s[self.metal];
        let mut outcome = Outcome::of(vec![settled]);
        outcome.taken = vec![(1, factor)];
        if metal > 0.0 {
            outcome.figures.push(Figure {
                code: "plants.figure.precipitated",
                value: 1.0 - left / metal,
                unit: "1",
            });
        } else {
            outcome.remarks.push(Remark::NothingToDo {
                what: "precipitation",
            });
        }
        Ok(outcome)
    }
}

impl Precipitator {
    /// Hydroxide that a reagent brings, mol/s: the lack of protons of its brine and minerals, two for each oxide.
    fn hydroxide(&self, reagent: &Stream, matter: &Matter<'_>) -> f64 {
        let oxides = reagent.others_mol_s[self.chain.ca_o] + reagent.others_mol_s[self.chain.mg_o];
        2.0 * oxides - reagent.component_mol_s(matter, HYDROGEN)
            + reagent.others_mol_s[self.chain.na_oh]
    }

    /// Oxides and solid caustic soda go into the brine.
    fn slaked(&self, reagent: &Stream) -> Stream {
        let mut slaked = reagent.clone();
        let cations = [
            (self.chain.ca_o, self.chain.calcium, 1.0, 2.0),
            (self.chain.mg_o, self.chain.magnesium, 1.0, 2.0),
            (self.chain.na_oh, self.chain.sodium, 1.0, 1.0),
        ];
        for (oxide, cation, water, protons) in cations {
            let n = std::mem::take(&mut slaked.others_mol_s[oxide]);
            slaked.brine_mol_s[cation] += n;
            slaked.brine_mol_s[WATER] += water * n;
            slaked.brine_mol_s[HYDROGEN] -= protons * n;
        }
        slaked
    }

    /// Enthalpy of what comes in, the reagent as it comes.
    fn enthalpy_w(
        &self,
        inlets: &[Stream],
        factor: f64,
        room: &mut Room<'_>,
    ) -> Result<f64, UnitError> {
        let feed_w = room.enthalpy_w(3, &inlets[0])?;
        Ok(feed_w + room.enthalpy_w(4, &inlets[1].times(factor))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::trial;
    use crate::settings::Setting;
    use saltern_brine::thermo::default_database;

    const BRINE: [(&str, f64); 5] = [
        ("H2O", 55.5),
        ("Mg+2", 1.0),
        ("Na+", 0.5),
        ("Cl-", 2.3),
        ("SO4-2", 0.1),
    ];

    fn lime(matter: &Matter<'_>) -> Stream {
        trial::stream(matter, 298.15, &[("CaO", 1.0), ("H2O", 10.0)])
    }

    fn caustic(matter: &Matter<'_>) -> Stream {
        trial::stream(matter, 298.15, &[("Na+", 1.0), ("H2O", 9.0), ("H+", -1.0)])
    }

    /// A mole of CaO a mole of magnesium; 99 % of it and more falls.
    #[test]
    fn lime_takes_magnesium_at_its_stoichiometry() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let feed = trial::stream(&matter, 298.15, &BRINE);
        let inlets = [feed, lime(&matter)];
        let settings = [("temperature", Setting::Number(298.15))];
        let out = trial::run("hydroxide_precipitator", &settings, &inlets, &mut room).unwrap();
        assert!((out.taken[0].1 - 1.0).abs() < 1e-12);
        let brucite = database.mineral("Brucite").unwrap();
        assert!(out.outlets[0].solids_mol_s[brucite] > 0.99);
        // CaO(s) + Mg+2 + H2O(l) → Mg(OH)2(s) + Ca+2: −82.5 kJ by the formation enthalpies; more where gypsum falls.
        let heat = trial::heat_w(&inlets, &out, &mut room);
        assert!((heat + 82.5e3).abs() < 5e3, "{heat}");
    }

    #[test]
    fn it_works_over_its_whole_range() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        for strength in [0.0, 0.01, 1.0, 4.5] {
            let brine = BRINE.map(|(name, n)| (name, if name == "H2O" { n } else { n * strength }));
            let feed = trial::stream(&matter, 298.15, &brine);
            for reagent in [lime(&matter), caustic(&matter)] {
                for dose in [0.0, 0.5, 0.999, 1.0, 1.05, 2.0] {
                    for t in [0.0, 25.0, 60.0, 100.0] {
                        let settings = [
                            ("dose", Setting::Number(dose)),
                            ("temperature", Setting::Number(t + 273.15)),
                        ];
                        let inlets = [feed.clone(), reagent.clone()];
                        let out =
                            trial::run("hydroxide_precipitator", &settings, &inlets, &mut room);
                        assert!(out.is_ok(), "{strength} {dose} {t}: {out:?}");
                    }
                }
            }
        }
        let nothing = Stream::nothing(&matter);
        let inlets = [nothing.clone(), nothing];
        let out = trial::run("hydroxide_precipitator", &[], &inlets, &mut room).unwrap();
        assert!(out.outlets[0].is_nothing());
    }
}
