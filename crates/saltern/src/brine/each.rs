//! One row a brine: each assay is dissolved, brought to a state and written, in order, on several threads.

use std::path::Path;

use saltern_brine::assay::{Assay, Brine};
use saltern_brine::database::MineralId;
use saltern_brine::equilibrium::{BrineError, Equilibrium, Solver};
use saltern_units::Lang;
use saltern_units::message::Message;

use super::columns::{Cells, Columns};
use super::physical::Physics;
use super::report::Failed;
use super::session::{Brines, Model, append};
use crate::failure::Failure;
use crate::output::Output;
use crate::rows::write_in_order;

/// What a command does to every brine of a table.
pub(crate) struct EachBrine<'a, R> {
    pub(crate) model: &'a Model,
    pub(crate) brines: &'a Brines,
    pub(crate) columns: Columns,
    /// Solids that may form.
    pub(crate) allowed: &'a [MineralId],
    /// Brings a dissolved brine to the state that is written. It starts cold, so that rows don't depend on
    /// which thread met which before.
    pub(crate) reach: R,
    /// Pressure, Pa, at which boiling points are wanted along with the other physical properties.
    pub(crate) physical_at_pa: Option<f64>,
    pub(crate) lang: Lang,
}

/// What one thread works with.
struct Bench<'a> {
    solver: Solver<'a>,
    physics: Option<Physics<'a>>,
}

impl<R> EachBrine<'_, R>
where
    R: Fn(&mut Brine, &mut Solver<'_>) -> Result<Equilibrium, BrineError> + Sync,
{
    /// Writes the table to a file, or to stdout. A brine that cannot be solved has a row that says so.
    pub(crate) fn write(&self, path: Option<&Path>) -> Result<(), Failure> {
        let (model, assays) = (self.model, &self.brines.assays);
        let failed = Failed::default();
        let mut output = Output::open(path)?;
        output.write(&self.columns.header(&model.database))?;
        write_in_order(assays.len(), model.threads, &mut output, || {
            let physics = |pascal| Physics::new(&model.database, &model.allowed, pascal, self.lang);
            let mut bench = Bench {
                solver: Solver::new(&model.database, self.allowed),
                physics: self.physical_at_pa.map(physics),
            };
            let failed = &failed;
            move |range, lines| {
                assays[range]
                    .iter()
                    .try_for_each(|assay| self.row(assay, &mut bench, failed, lines))
            }
        })?;
        output.finish()?;
        failed.into_result(assays.len())
    }

    fn row(
        &self,
        assay: &Assay,
        bench: &mut Bench<'_>,
        failed: &Failed,
        lines: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        let Bench { solver, physics } = bench;
        let mut brine = assay.dissolve(solver, self.brines.balance)?;
        let mut notices = notices(&brine, self.lang);
        let equilibrium = match (self.reach)(&mut brine, solver) {
            Ok(equilibrium) => {
                self.model.caution(&equilibrium, self.lang, &mut notices);
                Some(equilibrium)
            }
            Err(error) => {
                notices = failed.note(&assay.place, error, self.lang);
                None
            }
        };
        let physical = equilibrium.as_ref().zip(physics.as_mut());
        let physical =
            physical.and_then(|(state, physics)| physics.of(state, &brine.amounts_mol, solver));
        if let Some((state, physical)) = equilibrium.as_ref().zip(physical.as_ref()) {
            for text in &physical.notices {
                append(&mut notices, text);
            }
            for temperature_k in physical.elsewhere_k() {
                self.model
                    .caution_at(state, temperature_k, self.lang, &mut notices);
            }
        }
        let cells = Cells {
            id: &assay.id,
            step: 0,
            own: &[],
            equilibrium: equilibrium.as_ref(),
            temperature_k: assay.temperature_k,
            charge_error_percent: brine.charge_error_percent,
            removed_mol: &[],
            physical: physical.as_ref(),
            state: None,
            notices: &notices,
        };
        self.columns.write(&self.model.database, &cells, lines);
        Ok(())
    }
}

/// The remarks on a brine as one cell.
pub(crate) fn notices(brine: &Brine, lang: Lang) -> String {
    let texts: Vec<String> = brine.notices.iter().map(|n| n.text(lang)).collect();
    texts.join("; ")
}
