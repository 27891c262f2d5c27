//! `brine equilibrate`: each brine with the solids that may form, after some water is taken away.

use saltern_brine::assay::Brine;
use saltern_brine::database::WATER;
use saltern_brine::equilibrium::Solver;
use saltern_brine::water::MOLES_PER_KG;
use saltern_units::Lang;

use super::columns::Columns;
use super::each::EachBrine;
use super::session::{Brines, Model, reachable};
use crate::args::EquilibrateArgs;
use crate::failure::{CliError, Failure};

/// Runs the command.
pub(crate) fn run(args: &EquilibrateArgs, lang: Lang) -> Result<(), Failure> {
    let removed_kg = water_removed_kg(&args.remove_water)?;
    let model = Model::open(&args.chemistry)?;
    let brines = Brines::read(&args.assays, &model)?;
    let each = EachBrine {
        model: &model,
        columns: columns(&brines, &model),
        brines: &brines,
        allowed: &model.allowed,
        reach: |brine: &mut Brine, solver: &mut Solver<'_>| {
            let water_mol = brine.amounts_mol[WATER] - removed_kg * MOLES_PER_KG;
            brine.amounts_mol[WATER] = water_mol.max(0.0);
            solver.equilibrate(&brine.amounts_mol, brine.temperature_k, None)
        },
        physical_at_pa: None,
        lang,
    };
    each.write(args.chemistry.output.as_deref())
}

fn columns(brines: &Brines, model: &Model) -> Columns {
    let reachable = reachable(brines, model);
    let solids = reachable
        .minerals
        .into_iter()
        .filter(|m| model.allowed.contains(m))
        .collect();
    Columns {
        charge_error: true,
        totals: reachable.components,
        molalities: reachable.species,
        solids,
        ..Columns::default()
    }
}

/// `0.5 kg/kgw`: kilograms of water taken from each kilogram.
fn water_removed_kg(text: &str) -> Result<f64, Failure> {
    let refused = || CliError::BadOption {
        option: "--remove-water",
        value: text.into(),
        accepted: "0 kg/kgw to 1 kg/kgw, such as \"0.5 kg/kgw\"".into(),
    };
    let number = text.trim().strip_suffix("kg/kgw").ok_or_else(refused)?;
    let value: f64 = number.trim().parse().map_err(|_| refused())?;
    if (0.0..=1.0).contains(&value) {
        Ok(value)
    } else {
        Err(refused().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn water_is_removed_in_kilograms_per_kilogram() {
        assert_eq!(water_removed_kg("0.5 kg/kgw").ok(), Some(0.5));
        assert_eq!(water_removed_kg("1kg/kgw").ok(), Some(1.0));
        for bad in [
            "0.5",
            "-0.1 kg/kgw",
            "2 kg/kgw",
            "NaN kg/kgw",
            "half kg/kgw",
        ] {
            assert!(water_removed_kg(bad).is_err(), "{bad}");
        }
    }
}
