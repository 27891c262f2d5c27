//! The brines of a base and of a state as component amounts.

use std::path::Path;

use saltern_base::model::{Base, NamedBrine, PondState, State};
use saltern_base::{BaseError, Notice as BaseNotice};
use saltern_brine::assay::plausibility::CHARGE_ERROR_LIMIT_PERCENT;
use saltern_brine::assay::{Analyte, Assay, Balance, Brine, Notice as AssayNotice, plausibility};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::{Protons, Solver};
use saltern_run::Notice;
use saltern_simulate::BrineAmounts;
use saltern_units::Lang;
use saltern_units::place::Place;

use super::run_notice;
use crate::failure::Failure;

/// Temperature of an analysis that states none, K: that of the laboratory.
const LABORATORY_K: f64 = 298.15;
/// Charge error above which the balancing of an analysis is told, %.
const TOLD_PERCENT: f64 = 0.5;
/// Charge error above which an analysis is no brine and is refused, %.
const REFUSED_PERCENT: f64 = 20.0;

/// Turns assays into component amounts.
///
/// A year of evaporation would leave the residual charge of an analysis in the last drop of brine, so
/// every brine is balanced on chloride, the ion there is most of; the change is told where it counts.
pub(crate) struct Resolver<'db> {
    solver: Solver<'db>,
    balance: Balance,
    pub(crate) notices: Vec<Notice>,
    /// Brines whose charges are further apart than an analysis may be.
    poor: Vec<BaseNotice>,
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
            poor: Vec::new(),
        }
    }

    /// Warns of poor analyses before work that takes long begins on them.
    pub(crate) fn warn(&self, lang: Lang) {
        for notice in &self.poor {
            crate::talk(&format!("warning[{}]: {}", notice.code, notice.text(lang)));
        }
    }

    /// An error for each poor analysis.
    pub(crate) fn refuse_poor(&self) -> Result<(), Failure> {
        if self.poor.is_empty() {
            return Ok(());
        }
        let poor = self.poor.iter().cloned().map(Failure::input);
        Err(Failure::Several(poor.collect()))
    }

    /// Notices of analyses besides the poor ones.
    pub(crate) fn minor(&self) -> impl Iterator<Item = &Notice> {
        let poor = |notice: &&Notice| self.poor.iter().any(|other| other.code == notice.code);
        self.notices.iter().filter(move |notice| !poor(notice))
    }

    /// The brines of `brines.csv`, in that order; everything that is wrong with them at once.
    pub(crate) fn of_base(&mut self, base: &Base) -> Result<Vec<BrineAmounts>, Failure> {
        let (mut brines, mut failures) = (Vec::new(), Vec::new());
        for brine in &base.brines {
            match self.named(brine) {
                Ok(amounts) => brines.push(amounts),
                Err(failure) => failures.push(failure),
            }
        }
        if failures.is_empty() {
            Ok(brines)
        } else {
            Err(Failure::Several(failures))
        }
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
        refuse_unbalanced(assay, &brine)?;
        self.tell(assay, &brine);
        Ok(BrineAmounts {
            amounts_mol_kgw: brine.amounts_mol,
        })
    }

    fn tell(&mut self, assay: &Assay, brine: &Brine) {
        let percent = brine.charge_error_percent;
        let poor = percent.abs() > CHARGE_ERROR_LIMIT_PERCENT;
        if poor {
            self.tell_poor(assay, percent);
        }
        let place = match assay.place.row {
            Some(_) => format!("{}, “{}”", assay.place, assay.id),
            None => assay.place.to_string(),
        };
        let balanced = (!poor && percent.abs() > TOLD_PERCENT)
            .then_some(AssayNotice::Balanced { ion: "Cl", percent });
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

    fn tell_poor(&mut self, assay: &Assay, percent: f64) {
        let percent = format!("{percent:+.1}");
        let limit = CHARGE_ERROR_LIMIT_PERCENT.to_string();
        let evidence = [
            ("id", assay.id.as_str()),
            ("percent", &percent),
            ("limit", &limit),
            ("ion", "Cl"),
        ];
        let notice = BaseNotice::at("base.charge_error", table_place(assay), &evidence);
        if !self.poor.contains(&notice) {
            self.notices.push(run_notice(&notice, "", 1));
            self.poor.push(notice);
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

fn refuse_unbalanced(assay: &Assay, brine: &Brine) -> Result<(), Failure> {
    let percent = brine.charge_error_percent;
    if percent.abs() <= REFUSED_PERCENT {
        return Ok(());
    }
    Err(Failure::input(BaseError::UnbalancedBrine {
        place: table_place(assay),
        id: assay.id.clone(),
        percent,
        limit_percent: CHARGE_ERROR_LIMIT_PERCENT,
    }))
}

/// The row of an analysis; the file where only its id is known.
fn table_place(assay: &Assay) -> Place {
    match assay.place.row {
        Some(_) => assay.place.clone(),
        None => Place::file(&assay.place.file),
    }
}
