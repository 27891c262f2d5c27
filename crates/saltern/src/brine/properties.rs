//! `brine properties`: each brine as it is, nothing precipitated.

use saltern_brine::assay::Brine;
use saltern_brine::equilibrium::{BrineError, Equilibrium, Protons, Solver};
use saltern_units::Lang;

use super::columns::Columns;
use super::each::EachBrine;
use super::physical::pressure_pa;
use super::session::{Brines, Model, reachable};
use crate::args::PropertiesArgs;
use crate::failure::Failure;

/// Runs the command.
pub(crate) fn run(args: &PropertiesArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let brines = Brines::read(&args.assays, &model)?;
    let each = EachBrine {
        model: &model,
        columns: columns(&brines, &model),
        brines: &brines,
        allowed: &[],
        reach: speciated,
        physical_at_pa: Some(pressure_pa(&args.pressure)?),
        lang,
    };
    each.write(args.chemistry.output.as_deref())
}

fn columns(brines: &Brines, model: &Model) -> Columns {
    let reachable = reachable(brines, model);
    Columns {
        charge_error: true,
        physical: true,
        totals: reachable.components,
        molalities: reachable.species.clone(),
        gammas: reachable.species,
        indices: reachable.minerals,
        ..Columns::default()
    }
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
