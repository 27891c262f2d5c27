//! `brine equilibrate`: each brine with the solids that may form, after some water is taken away.

use saltern_brine::assay::Assay;
use saltern_brine::database::WATER;
use saltern_brine::equilibrium::Solver;
use saltern_brine::water::MOLES_PER_KG;
use saltern_units::Lang;

use super::columns::{Cells, Columns, Reachable};
use super::properties::notices;
use super::report::Failed;
use super::session::{Brines, Model};
use crate::args::EquilibrateArgs;
use crate::failure::{CliError, Failure};
use crate::output::Output;
use crate::rows::write_in_order;

/// Runs the command.
pub(crate) fn run(args: &EquilibrateArgs, lang: Lang) -> Result<(), Failure> {
    let removed_kg = water_removed_kg(&args.remove_water)?;
    let model = Model::open(&args.chemistry)?;
    let brines = Brines::read(&args.assays, &model)?;
    let columns = columns(&brines, &model);
    let failed = Failed::default();
    let mut output = Output::open(args.chemistry.output.as_deref())?;
    output.write(&columns.header(&model.database))?;
    write_in_order(brines.assays.len(), model.threads, &mut output, || {
        let mut solver = Solver::new(&model.database, &model.allowed);
        let (brines, columns, failed, model) = (&brines, &columns, &failed, &model);
        move |range, lines| {
            for assay in &brines.assays[range] {
                row(
                    assay,
                    removed_kg,
                    brines,
                    &mut solver,
                    columns,
                    failed,
                    model,
                    lang,
                    lines,
                )?;
            }
            Ok(())
        }
    })?;
    output.finish()?;
    failed.into_result(brines.assays.len())
}

fn columns(brines: &Brines, model: &Model) -> Columns {
    let reachable = Reachable::from(
        &model.database,
        brines.components(&brines.assays, &model.database),
    );
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

fn row(
    assay: &Assay,
    removed_kg: f64,
    brines: &Brines,
    solver: &mut Solver<'_>,
    columns: &Columns,
    failed: &Failed,
    model: &Model,
    lang: Lang,
    lines: &mut Vec<u8>,
) -> Result<(), Failure> {
    let mut brine = assay.dissolve(solver, brines.balance)?;
    brine.amounts_mol[WATER] = (brine.amounts_mol[WATER] - removed_kg * MOLES_PER_KG).max(0.0);
    let mut notices = notices(&brine, lang);
    // Every row starts cold, so that rows don't depend on which thread met which before.
    let equilibrium = match solver.equilibrate(&brine.amounts_mol, assay.temperature_k, None) {
        Ok(equilibrium) => {
            model.caution(&equilibrium, lang, &mut notices);
            Some(equilibrium)
        }
        Err(error) => {
            notices = failed.note(&assay.place, error, lang);
            None
        }
    };
    let cells = Cells {
        id: &assay.id,
        step: 0,
        equilibrium: equilibrium.as_ref(),
        temperature_k: assay.temperature_k,
        charge_error_percent: brine.charge_error_percent,
        removed_mol: &[],
        state: None,
        notices: &notices,
    };
    columns.write(&model.database, &cells, lines);
    Ok(())
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
