//! One brine of a table on its way through several states, a row each.

use std::path::Path;

use saltern_brine::assay::{Assay, Brine};
use saltern_brine::database::{ComponentId, HYDROGEN, MineralId};
use saltern_brine::equilibrium::{BrineError, Solver};
use saltern_brine::evaporation::{self, Step};
use saltern_units::Lang;

use super::columns::{Cells, Columns, Reachable};
use super::each::notices;
use super::session::{Brines, Model};
use crate::args::Mode;
use crate::failure::{At, Failure};
use crate::output::Output;

/// A brine that is brought from state to state.
pub(super) struct Traveller<'a> {
    model: &'a Model,
    brines: &'a Brines,
    pub(super) assay: &'a Assay,
    pub(super) brine: Brine,
    lang: Lang,
}

impl<'a> Traveller<'a> {
    /// The brine of an id, and a solver of the solids that may form from it.
    pub(super) fn start(
        model: &'a Model,
        brines: &'a Brines,
        id: &str,
        lang: Lang,
    ) -> Result<(Traveller<'a>, Solver<'a>), Failure> {
        let assay = brines.by_id(id)?;
        let mut solver = Solver::new(&model.database, &model.allowed);
        let traveller = Traveller {
            model,
            brines,
            assay,
            brine: assay.dissolve(&mut solver, brines.balance)?,
            lang,
        };
        Ok((traveller, solver))
    }

    /// What went wrong with it, at its row.
    pub(super) fn failed(&self, message: BrineError) -> Failure {
        let place = self.assay.place.clone();
        Failure::job(At { place, message })
    }

    /// Everything that can exist in it, given the components of what is added (amounts by component).
    pub(super) fn reachable(&self, added: &[f64]) -> Reachable {
        let database = &self.model.database;
        let mut components = self.brines.components([self.assay], database);
        let there = |c: &ComponentId| added[*c] != 0.0;
        components.extend((HYDROGEN + 1..added.len()).filter(there));
        components.sort_unstable();
        components.dedup();
        Reachable::from(database, components)
    }

    /// Writes a table of its states to a file, or to stdout; `own` gives the values of the command's own columns.
    pub(super) fn write(
        &self,
        columns: &Columns,
        path: &[Step],
        own: impl Fn(usize) -> Vec<f64>,
        output: Option<&Path>,
    ) -> Result<(), Failure> {
        let database = &self.model.database;
        let remarks = notices(&self.brine, self.lang);
        let mut lines = columns.header(database);
        for (number, step) in path.iter().enumerate() {
            let mut notices = remarks.clone();
            self.model.caution(&step.state, self.lang, &mut notices);
            let cells = Cells {
                id: &self.assay.id,
                step: number,
                own: &own(number),
                equilibrium: Some(&step.state),
                temperature_k: step.state.temperature_k,
                charge_error_percent: self.brine.charge_error_percent,
                removed_mol: &step.removed_mol,
                physical: None,
                state: None,
                notices: &notices,
            };
            columns.write(database, &cells, &mut lines);
        }
        let mut output = Output::open(output)?;
        output.write(&lines)?;
        output.finish()
    }
}

/// Only the solids that form anywhere on the path have columns.
pub(super) fn columns(path: &[Step], mode: Mode, reachable: Reachable) -> Columns {
    let forms = |m: &MineralId| path.iter().any(|step| step.state.solids_mol[*m] > 0.0);
    let formed: Vec<MineralId> = reachable.minerals.into_iter().filter(forms).collect();
    let (solids, removed) = match mode {
        Mode::Equilibrium => (formed, Vec::new()),
        Mode::Fractional => (Vec::new(), formed),
    };
    Columns {
        step: true,
        charge_error: true,
        totals: reachable.components,
        molalities: reachable.species,
        solids,
        removed,
        ..Columns::default()
    }
}

impl From<Mode> for evaporation::Mode {
    fn from(mode: Mode) -> evaporation::Mode {
        match mode {
            Mode::Equilibrium => evaporation::Mode::Equilibrium,
            Mode::Fractional => evaporation::Mode::Fractional,
        }
    }
}
