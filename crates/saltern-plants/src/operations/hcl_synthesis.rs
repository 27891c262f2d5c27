//! Hydrogen chloride from its elements, and its uptake in water.
//!
//! ```text
//! H2 + Cl2 → 2 HCl      −92.3 kJ a mol of HCl
//! ```
//!
//! The lesser of the two burns whole. Hydrogen is taken on demand at `hydrogen_excess` over the chlorine where that is
//! given, whole otherwise. Oxygen that chlorine brings burns with hydrogen first: O2 + 2 H2 → 2 H2O.

use crate::chain::Chain;
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Operation, Outcome, Remark, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "hcl_synthesis",
    inlets: &["chlorine", "hydrogen"],
    outlets: &["gas"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Burner {
    excess: Option<f64>,
    temperature_k: f64,
    chain: Chain,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Burner {
        excess: settings.optional_number("hydrogen_excess"),
        temperature_k: settings.number("temperature"),
        chain: Chain::new(settings, matter)?,
    }))
}

impl Operation for Burner {
    fn run(&self, inlets: &[Stream], _: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let chain = &self.chain;
        let mut gas = inlets[0].clone();
        let needed = gas.others_mol_s[chain.cl2] + 2.0 * gas.others_mol_s[chain.o2];
        let offered = inlets[1].others_mol_s[chain.h2];
        let factor = match self.excess {
            Some(excess) if needed > 0.0 && offered > 0.0 => (1.0 + excess) * needed / offered,
            Some(_) => 0.0,
            None => 1.0,
        };
        gas.add(&inlets[1].times(factor));
        let burning = gas.others_mol_s[chain.o2].min(0.5 * gas.others_mol_s[chain.h2]);
        gas.others_mol_s[chain.o2] -= burning;
        gas.others_mol_s[chain.h2] -= 2.0 * burning;
        gas.others_mol_s[chain.steam] += 2.0 * burning;
        let burning_chlorine = gas.others_mol_s[chain.cl2];
        let formed = burning_chlorine.min(gas.others_mol_s[chain.h2]);
        gas.others_mol_s[chain.cl2] -= formed;
        gas.others_mol_s[chain.h2] -= formed;
        gas.others_mol_s[chain.h_cl] += 2.0 * formed;
        gas.temperature_k = self.temperature_k;
        let left = gas.others_mol_s[chain.cl2];
        let mut outcome = Outcome::of(vec![gas]);
        if self.excess.is_some() {
            outcome.taken = vec![(1, factor)];
        }
        if left > 1e-9 * needed {
            outcome.remarks.push(Remark::Limited {
                what: "synthesis of HCl for want of hydrogen: chlorine burnt (mol/s)",
                asked: burning_chlorine,
                reached: burning_chlorine - left,
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

    #[test]
    fn chlorine_burns_with_its_heat_over_the_whole_range() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut room = Room::new(&matter);
        for (chlorine, oxygen, hydrogen) in [
            (0.0, 0.0, 1.0),
            (1.0, 0.0, 1.0),
            (1.0, 0.1, 1.0),
            (1.0, 0.1, 0.0),
        ] {
            for excess in [None, Some(0.0), Some(0.05), Some(0.5)] {
                let inlets = [
                    trial::stream(&matter, 298.15, &[("Cl2", chlorine), ("O2", oxygen)]),
                    trial::stream(&matter, 298.15, &[("H2", hydrogen)]),
                ];
                let mut settings = vec![("temperature", Setting::Number(298.15))];
                if let Some(excess) = excess {
                    settings.push(("hydrogen_excess", Setting::Number(excess)));
                }
                let out = trial::run("hcl_synthesis", &settings, &inlets, &mut room).unwrap();
                let of = |name: &str| out.outlets[0].others_mol_s[matter.substance(name).unwrap()];
                let heat = trial::heat_w(&inlets, &out, &mut room);
                // 92.31 kJ/mol HCl, 241.83 kJ/mol of steam (JANAF 1998).
                let expected = -92.31e3 * of("HCl") - 241.83e3 * of("Steam");
                assert!((heat - expected).abs() < 100.0, "{heat} {expected}");
            }
        }
    }
}
