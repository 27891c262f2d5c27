//! Dehydration of magnesium chloride, by hot air to its lower hydrates or in hydrogen chloride to the anhydrous salt.
//!
//! ```text
//! MgCl2·nH2O → MgCl2·kH2O + (n − k) H2O                      k = 4, 2 or 0
//! MgCl2 + H2O ⇌ MgOHCl + HCl      share h of all magnesium chloride leaves as MgOHCl
//! ```
//!
//! In air the hydrate loses HCl below the dihydrate; HCl in the gas holds it back (Norsk Hydro's fluid beds,
//! `facts/plants.md` §5.5). No open equation for h over temperature and gas was found: it is a setting. Where less
//! leaves as MgOHCl than came in, HCl of the gas makes up for it, as far as there is any. The adhering liquor dries
//! with the salt, its other solutes to anhydrous salts. Gas is taken on demand at `gas_ratio` mol a mol of water
//! driven off, or whole where none is given. Solids are handed on at `temperature`, at most 110 °C.

use crate::chain::{Chain, apart};
use crate::kinds::{Kind, Motors};
use crate::matter::{Matter, SubstanceId};
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "magnesium_dehydrator",
    inlets: &["in", "gas"],
    outlets: &["solids", "gas"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Dehydrator {
    product: SubstanceId,
    bound: f64,
    hydrolysis: f64,
    gas_ratio: Option<f64>,
    temperature_k: f64,
    gas_temperature_k: f64,
    chain: Chain,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let chain = Chain::new(settings, matter)?;
    let (product, bound) = match settings.text("product") {
        "tetrahydrate" => (chain.tetrahydrate, 4.0),
        "dihydrate" => (chain.dihydrate, 2.0),
        _ => (chain.mg_cl2, 0.0),
    };
    Ok(Box::new(Dehydrator {
        product,
        bound,
        hydrolysis: settings.number("hydrolysis"),
        gas_ratio: settings.optional_number("gas_ratio"),
        temperature_k: settings.number("temperature"),
        gas_temperature_k: settings.number("gas_temperature"),
        chain,
    }))
}

impl Operation for Dehydrator {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (chain, matter) = (&self.chain, room.matter);
        let mut dried = inlets[0].clone();
        chain.dry(&mut dried);
        let (chloride, basic, bound) = chain.take_magnesium_chloride(&mut dried);
        let total = chloride + basic;
        let steam = dried.others_mol_s[chain.steam];
        // Water of the salt and of its liquor, less what the product keeps.
        let asked = self.hydrolysis * total;
        let kept = |basic_left: f64| self.bound * (total - basic_left);
        let driven = (bound + steam - kept(asked)).max(0.0);
        let factor = self.taken(&inlets[1], driven, matter)?;
        dried.add(&inlets[1].times(factor));
        let h_cl = dried.others_mol_s[chain.h_cl];
        // Hydrolysis needs a water and gives an HCl; its reverse the other way round.
        let most = basic + (bound + steam).max(0.0).min(chloride);
        let basic_left = asked.clamp((basic - h_cl).max(0.0), most);
        let formed = basic_left - basic;
        let mut water = bound + steam - formed;
        let product = if kept(basic_left) <= water {
            water -= kept(basic_left);
            self.product
        } else {
            chain.mg_cl2 // drier than asked already: it takes up no water
        };
        dried.others_mol_s[product] += total - basic_left;
        dried.others_mol_s[chain.mg_oh_cl] += basic_left;
        dried.others_mol_s[chain.h_cl] = h_cl + formed;
        // Steam that came with the gas goes on with it.
        dried.others_mol_s[chain.steam] += water - steam;
        let (mut gas, mut solids) = apart(&dried, matter);
        solids.temperature_k = self.temperature_k;
        gas.temperature_k = self.gas_temperature_k;
        let mut outcome = Outcome::of(vec![solids, gas]);
        if self.gas_ratio.is_some() {
            outcome.taken = vec![(1, factor)];
        }
        if product != self.product {
            outcome.remarks.push(Remark::NothingToDo {
                what: "dehydration",
            });
        }
        if (basic_left - asked).abs() > 1e-9 * total {
            outcome.remarks.push(Remark::Limited {
                what: "share of magnesium chloride that leaves as MgOHCl",
                asked: self.hydrolysis,
                reached: basic_left / total,
            });
        }
        if total > 0.0 {
            outcome.figures.push(Figure {
                code: "plants.figure.hydrolysed",
                value: basic_left / total,
                unit: "1",
            });
        }
        Ok(outcome)
    }
}

impl Dehydrator {
    fn taken(&self, gas: &Stream, driven: f64, matter: &Matter<'_>) -> Result<f64, UnitError> {
        let Some(ratio) = self.gas_ratio else {
            return Ok(1.0);
        };
        let offered: f64 = apart(gas, matter).0.others_mol_s.iter().sum();
        let needed = ratio * driven;
        if needed <= 0.0 {
            return Ok(0.0);
        }
        if offered <= 0.0 {
            return Err(UnitError::Cannot {
                what: "gas to dry with (mol/s)",
                reached: 0.0,
                asked: needed,
            });
        }
        Ok(needed / offered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::trial;
    use crate::settings::Setting;
    use saltern_brine::thermo::default_database;

    fn text(word: &str) -> Setting {
        Setting::Text(word.to_owned())
    }

    /// MgCl2·2H2O → MgCl2 + 2 H2O(g): 154.7 kJ/mol from llnl.dat's formation enthalpies; in 10 mol HCl a mol of water
    /// none of it hydrolyses.
    #[test]
    fn the_dihydrate_dries_in_acid_gas() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let inlets = [
            trial::stream(
                &matter,
                298.15,
                &[("MgCl2_dihydrate", 0.9), ("MgOHCl", 0.1)],
            ),
            trial::stream(&matter, 298.15, &[("HCl", 1.0)]),
        ];
        let settings = [
            ("product", text("anhydrous")),
            ("hydrolysis", Setting::Number(0.0)),
            ("gas_ratio", Setting::Number(10.0)),
            ("temperature", Setting::Number(298.15)),
            ("gas_temperature", Setting::Number(298.15)),
        ];
        let out = trial::run("magnesium_dehydrator", &settings, &inlets, &mut room).unwrap();
        let of = |stream: &Stream, name: &str| stream.others_mol_s[matter.substance(name).unwrap()];
        assert!((of(&out.outlets[0], "MgCl2") - 1.0).abs() < 1e-12);
        // 1.8 mol of the hydrate and 0.1 of the reversed hydrolysis; gas was dosed on the former.
        assert!((of(&out.outlets[1], "Steam") - 1.9).abs() < 1e-12);
        assert!((of(&out.outlets[1], "HCl") - 17.9).abs() < 1e-10);
        // MgOHCl + HCl → MgCl2 + H2O(g): +8.8 kJ/mol.
        let heat = trial::heat_w(&inlets, &out, &mut room);
        assert!(
            (heat - (0.9 * 154.74e3 + 0.1 * 8.8e3)).abs() < 200.0,
            "{heat}"
        );
    }

    #[test]
    fn it_works_over_its_whole_range() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        let feeds: [&[(&str, f64)]; 5] = [
            &[],
            &[
                ("Bischofite", 1.0),
                ("H2O", 3.0),
                ("Mg+2", 0.2),
                ("Na+", 0.1),
                ("Cl-", 0.5),
                ("Carnallite", 0.01),
            ],
            &[("MgCl2_dihydrate", 1.0), ("MgOHCl", 0.05)],
            &[("MgCl2", 1.0), ("MgOHCl", 0.3)],
            &[("MgCl2_tetrahydrate", 1.0), ("Inert", 0.1)],
        ];
        let gases: [&[(&str, f64)]; 2] =
            [&[("N2", 0.8), ("O2", 0.2)], &[("HCl", 0.9), ("Steam", 0.1)]];
        for feed in feeds {
            for gas in gases {
                let inlets = [
                    trial::stream(&matter, 298.15, feed),
                    trial::stream(&matter, 400.0, gas),
                ];
                for product in ["tetrahydrate", "dihydrate", "anhydrous"] {
                    for hydrolysis in [0.0, 0.03, 0.5, 1.0] {
                        for ratio in [None, Some(0.0), Some(5.0), Some(50.0)] {
                            let mut settings = vec![
                                ("product", text(product)),
                                ("hydrolysis", Setting::Number(hydrolysis)),
                            ];
                            if let Some(ratio) = ratio {
                                settings.push(("gas_ratio", Setting::Number(ratio)));
                            }
                            let out =
                                trial::run("magnesium_dehydrator", &settings, &inlets, &mut room)
                                    .unwrap();
                            for stream in &out.outlets {
                                assert!(stream.others_mol_s.iter().all(|n| *n >= -1e-15));
                            }
                            assert!(trial::heat_w(&inlets, &out, &mut room).is_finite());
                        }
                    }
                }
            }
        }
    }
}
