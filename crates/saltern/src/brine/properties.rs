//! `brine properties`: each brine as it is, nothing precipitated.

use saltern_brine::assay::{Assay, Brine};
use saltern_brine::equilibrium::{BrineError, Equilibrium, Protons, Solver};
use saltern_units::Lang;
use saltern_units::message::Message;

use super::columns::{Cells, Columns, Reachable};
use super::report::Failed;
use super::session::{Brines, Model};
use crate::args::PropertiesArgs;
use crate::failure::Failure;
use crate::output::Output;
use crate::rows::write_in_order;

/// Runs the command.
pub(crate) fn run(args: &PropertiesArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let brines = Brines::read(&args.assays, &model)?;
    let columns = columns(&brines, &model);
    let failed = Failed::default();
    let mut output = Output::open(args.chemistry.output.as_deref())?;
    output.write(&columns.header(&model.database))?;
    write_in_order(brines.assays.len(), model.threads, &mut output, || {
        let mut solver = Solver::new(&model.database, &[]);
        let (brines, columns, failed, model) = (&brines, &columns, &failed, &model);
        move |range, lines| {
            for assay in &brines.assays[range] {
                row(
                    assay,
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
    Columns {
        charge_error: true,
        totals: reachable.components,
        molalities: reachable.species.clone(),
        gammas: reachable.species,
        indices: reachable.minerals,
        ..Columns::default()
    }
}

fn row(
    assay: &Assay,
    brines: &Brines,
    solver: &mut Solver<'_>,
    columns: &Columns,
    failed: &Failed,
    model: &Model,
    lang: Lang,
    lines: &mut Vec<u8>,
) -> Result<(), Failure> {
    let mut brine = assay.dissolve(solver, brines.balance)?;
    let mut notices = notices(&brine, lang);
    let equilibrium = match speciated(&mut brine, solver) {
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

/// The brine as it is, without solids.
pub(crate) fn speciated(
    brine: &mut Brine,
    solver: &mut Solver<'_>,
) -> Result<Equilibrium, BrineError> {
    match brine.speciated.take() {
        Some(equilibrium) => Ok(equilibrium),
        None => solver.speciate(
            &mut brine.amounts_mol,
            brine.temperature_k,
            Protons::AsGiven,
        ),
    }
}

/// The remarks on a brine as one cell.
pub(crate) fn notices(brine: &Brine, lang: Lang) -> String {
    let texts: Vec<String> = brine.notices.iter().map(|n| n.text(lang)).collect();
    texts.join("; ")
}
