//! `brine check`: what looks wrong about an analysis.

use std::sync::atomic::{AtomicUsize, Ordering};

use saltern_brine::assay::{Assay, plausibility};
use saltern_brine::equilibrium::Solver;
use saltern_units::Lang;
use saltern_units::message::Message;

use super::properties::speciated;
use super::report::Failed;
use super::session::{Brines, Model};
use crate::args::CheckArgs;
use crate::failure::Failure;
use crate::line::Line;
use crate::output::Output;
use crate::rows::write_in_order;
use crate::talk;

const HEADER: [&str; 9] = [
    "id",
    "temperature [degC]",
    "charge_error [%]",
    "density given [kg/m3]",
    "density [kg/m3]",
    "dissolved [g/kg]",
    "water_activity [-]",
    "ionic_strength [mol/kgw]",
    "notices",
];

/// Runs the command.
pub(crate) fn run(args: &CheckArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let brines = Brines::read(&args.assays, &model)?;
    let (failed, suspect) = (Failed::default(), AtomicUsize::new(0));
    let mut output = Output::open(args.chemistry.output.as_deref())?;
    output.write((HEADER.join(",") + "\n").as_bytes())?;
    write_in_order(brines.assays.len(), model.threads, &mut output, || {
        let mut solver = Solver::new(&model.database, &[]);
        let (brines, failed, suspect, model) = (&brines, &failed, &suspect, &model);
        move |range, lines| {
            for assay in &brines.assays[range] {
                let remarks = row(assay, brines, &mut solver, failed, model, lang, lines)?;
                suspect.fetch_add(usize::from(remarks > 0), Ordering::Relaxed);
            }
            Ok(())
        }
    })?;
    output.finish()?;
    let (suspect, all) = (suspect.into_inner(), brines.assays.len());
    talk(&lang.pick(
        format!("{suspect} of {all} analyses need a second look"),
        format!("{all} 份分析中有 {suspect} 份需要复核"),
    ));
    failed.into_result(all)
}

/// Writes a row; the number of remarks on it.
fn row(
    assay: &Assay,
    brines: &Brines,
    solver: &mut Solver<'_>,
    failed: &Failed,
    model: &Model,
    lang: Lang,
    lines: &mut Vec<u8>,
) -> Result<usize, Failure> {
    let mut brine = assay.dissolve(solver, brines.balance)?;
    let mut line = Line::new(lines);
    line.text(&assay.id);
    line.number(((assay.temperature_k - 273.15) * 1e9).round() / 1e9);
    line.number(brine.charge_error_percent);
    line.number(assay.density_kg_m3.unwrap_or(f64::NAN));
    let remarks = match speciated(&mut brine, solver) {
        Ok(equilibrium) => {
            line.number(equilibrium.density_kg_m3(&model.database));
            line.number(1e3 * (1.0 - brine.composition.water_kg_kg));
            line.number(equilibrium.water_activity);
            line.number(equilibrium.ionic_strength_mol_kgw);
            plausibility::remarks(assay, &brine, &equilibrium, &model.database, &model.allowed)
                .iter()
                .map(|notice| notice.text(lang))
                .collect()
        }
        Err(error) => {
            (0..4).for_each(|_| line.blank());
            vec![failed.note(&assay.place, error, lang)]
        }
    };
    line.text(&remarks.join("; "));
    line.end();
    Ok(remarks.len())
}
