//! The brines of a base and of a state as component amounts.

use std::path::Path;

use saltern_base::model::{Base, NamedBrine, PondState, State};
use saltern_brine::assay::{Analyte, Assay, Balance, Brine, Notice as AssayNotice, plausibility};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::{Protons, Solver};
use saltern_run::Notice;
use saltern_simulate::BrineAmounts;
use saltern_units::place::Place;

use super::run_notice;
use crate::failure::Failure;

/// Temperature of an analysis that states none, K: that of the laboratory.
const LABORATORY_K: f64 = 298.15;
/// Charge error above which the balancing of an analysis is told, %.
const TOLD_PERCENT: f64 = 0.5;

/// Turns assays into component amounts.
///
/// A year of evaporation would leave the residual charge of an analysis in the last drop of brine, so
/// every brine is balanced on chloride, the ion there is most of; the change is told where it counts.
pub(crate) struct Resolver<'db> {
    solver: Solver<'db>,
    balance: Balance,
    pub(crate) notices: Vec<Notice>,
}

impl<'db> Resolver<'db> {
    pub(crate) fn new(database: &'db Database) -> Self {
        let balance = Analyte::Cl
            .component(database)
            .map_or(Balance::None, Balance::Ion);
        Resolver {
            solver: Solver::new(database, &[]),
            balance,
            notices: Vec::new(),
        }
    }

    /// The brines of `brines.csv`, in that order.
    pub(crate) fn of_base(&mut self, base: &Base) -> Result<Vec<BrineAmounts>, Failure> {
        base.brines.iter().map(|brine| self.named(brine)).collect()
    }

    /// The brine of each pond of a state: its own assay, or that of the pond's opening where the
    /// state gives a level only.
    pub(crate) fn of_state(
        &mut self,
        state: &State,
        base: &Base,
        file: Option<&Path>,
    ) -> Result<Vec<BrineAmounts>, Failure> {
        let file = file.map_or(String::new(), |f| f.display().to_string());
        state
            .ponds
            .iter()
            .map(|pond| self.of_pond(pond, base, &file))
            .collect()
    }

    fn of_pond(
        &mut self,
        pond: &PondState,
        base: &Base,
        file: &str,
    ) -> Result<BrineAmounts, Failure> {
        let id = &base.ponds[pond.pond].id;
        let analysed = |(header, _): &(String, String)| {
            let name = header.split('[').next().unwrap_or(header).trim();
            Analyte::from_name(name).is_some()
        };
        if !pond.assay.iter().any(analysed) {
            return self.named(&base.brines[base.ponds[pond.pond].opening.brine]);
        }
        let place = Place::entry(file, id);
        let assay = Assay::from_cells(&place, id, &pond.assay, pond.temperature_k)?;
        self.resolved(&assay)
    }

    fn named(&mut self, brine: &NamedBrine) -> Result<BrineAmounts, Failure> {
        let place = Place::row("brines.csv", brine.row);
        let assay = Assay::from_cells(&place, &brine.id, &brine.cells, LABORATORY_K)?;
        self.resolved(&assay)
    }

    fn resolved(&mut self, assay: &Assay) -> Result<BrineAmounts, Failure> {
        let brine = assay.dissolve(&mut self.solver, self.balance)?;
        self.tell(assay, &brine);
        Ok(BrineAmounts {
            amounts_mol_kgw: brine.amounts_mol,
        })
    }

    fn tell(&mut self, assay: &Assay, brine: &Brine) {
        let place = assay.place.to_string();
        let percent = brine.charge_error_percent;
        let balanced =
            (percent.abs() > TOLD_PERCENT).then_some(AssayNotice::Balanced { ion: "Cl", percent });
        let density = self
            .model_density(brine)
            .and_then(|model| plausibility::density(assay, model));
        for notice in brine.notices.iter().chain(&balanced).chain(&density) {
            let notice = run_notice(notice, &place, 1);
            if !self.notices.contains(&notice) {
                self.notices.push(notice);
            }
        }
    }

    /// `None` where it can't be found; the brine itself could, so that is no reason to stop.
    fn model_density(&mut self, brine: &Brine) -> Option<f64> {
        let database = self.solver.database();
        if let Some(speciated) = &brine.speciated {
            return Some(speciated.density_kg_m3(database));
        }
        let mut amounts = brine.amounts_mol.clone();
        let speciated = self
            .solver
            .speciate(&mut amounts, brine.temperature_k, Protons::AsGiven)
            .ok()?;
        Some(speciated.density_kg_m3(database))
    }
}
