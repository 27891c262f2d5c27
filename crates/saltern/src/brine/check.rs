//! `brine check`: what looks wrong about an analysis.

use std::sync::atomic::{AtomicUsize, Ordering};

use saltern_brine::assay::{Assay, Balance, Notice, plausibility, repetition};
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
    let repeated = repetition::remarks(&brines.assays);
    let (failed, suspect) = (Failed::default(), AtomicUsize::new(0));
    let mut output = Output::open(args.chemistry.output.as_deref())?;
    output.write((HEADER.join(",") + "\n").as_bytes())?;
    write_in_order(brines.assays.len(), model.threads, &mut output, || {
        let mut solver = Solver::new(&model.database, &[]);
        let (suspect, repeated, assays) = (&suspect, &repeated, &brines.assays);
        let desk = Desk {
            balance: brines.balance,
            failed: &failed,
            model: &model,
            lang,
        };
        move |range, lines| {
            for number in range {
                let remarks = desk.row(&assays[number], &repeated[number], &mut solver, lines)?;
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

/// What every row is looked at with.
struct Desk<'a> {
    balance: Balance,
    failed: &'a Failed,
    model: &'a Model,
    lang: Lang,
}

impl Desk<'_> {
    /// Writes a row; the number of remarks on it, those from its comparison with others among them.
    fn row(
        &self,
        assay: &Assay,
        repeated: &[Notice],
        solver: &mut Solver<'_>,
        lines: &mut Vec<u8>,
    ) -> Result<usize, Failure> {
        let Desk { model, lang, .. } = *self;
        let mut brine = assay.dissolve(solver, self.balance_of(assay))?;
        let mut line = Line::new(lines);
        line.text(&assay.id);
        line.number(((assay.temperature_k - 273.15) * 1e9).round() / 1e9);
        line.number(brine.charge_error_percent);
        line.number(assay.density_kg_m3.unwrap_or(f64::NAN));
        let mut remarks: Vec<String> = match speciated(&mut brine, solver) {
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
                vec![self.failed.note(&assay.place, error, lang)]
            }
        };
        remarks.extend(repeated.iter().map(|notice| notice.text(lang)));
        line.text(&remarks.join("; "));
        line.end();
        Ok(remarks.len())
    }

    /// A pH that was measured is looked at as it is; only one that is missing may come from the charge balance.
    fn balance_of(&self, assay: &Assay) -> Balance {
        match self.balance {
            Balance::Ph if assay.ph.is_some() => Balance::None,
            other => other,
        }
    }
}
