//! `brine temperature`: one brine heated or cooled step by step.

use saltern_brine::equilibrium::Solver;
use saltern_brine::evaporation;
use saltern_brine::phases;
use saltern_brine::temperature::{Until, change};
use saltern_units::Lang;
use saltern_units::place::Place;

use super::columns::{Cells, Reachable};
use super::each::notices;
use super::evaporate::columns;
use super::session::{Brines, Model, temperature_of};
use crate::args::{Mode, TemperatureArgs};
use crate::failure::{At, Failure};
use crate::output::Output;
use crate::talk;

/// Runs the command.
pub(crate) fn run(args: &TemperatureArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let to_k = temperature_of("--to", &args.to, lang)?;
    let until = match args.until.as_deref() {
        None => Until::Temperature,
        Some("solid") => Until::FirstSolid,
        Some(name) => Until::Mineral(phases::find(&model.database, name).map_err(|message| {
            let place = Place::file("--until");
            Failure::input(At { place, message })
        })?),
    };
    let brines = Brines::read(&args.assays, &model)?;
    let assay = brines.by_id(&args.id)?;
    let mut solver = Solver::new(&model.database, &model.allowed);
    let brine = assay.dissolve(&mut solver, brines.balance)?;
    let mode = match args.mode {
        Mode::Equilibrium => evaporation::Mode::Equilibrium,
        Mode::Fractional => evaporation::Mode::Fractional,
    };
    let ends = (assay.temperature_k, to_k);
    let path = change(
        &mut solver,
        &brine.amounts_mol,
        ends,
        mode,
        until,
        args.steps as usize,
    )
    .map_err(|message| {
        let place = assay.place.clone();
        Failure::job(At { place, message })
    })?;
    let components = brines.components([assay], &model.database);
    let columns = columns(
        &path.steps,
        args.mode,
        Reachable::from(&model.database, components),
    );
    let mut output = Output::open(args.chemistry.output.as_deref())?;
    output.write(&columns.header(&model.database))?;
    let remarks = notices(&brine, lang);
    let mut lines = Vec::new();
    for (number, step) in path.steps.iter().enumerate() {
        let mut notices = remarks.clone();
        model.caution(&step.state, lang, &mut notices);
        let cells = Cells {
            id: &assay.id,
            step: number,
            own: &[],
            equilibrium: Some(&step.state),
            temperature_k: step.state.temperature_k,
            charge_error_percent: brine.charge_error_percent,
            removed_mol: &step.removed_mol,
            physical: None,
            state: None,
            notices: &notices,
        };
        columns.write(&model.database, &cells, &mut lines);
    }
    output.write(&lines)?;
    output.finish()?;
    for (mineral, at_k) in &path.appearances {
        let (name, celsius) = (&model.database.minerals[*mineral].name, at_k - 273.15);
        talk(&lang.pick(
            format!("{name} appears at {celsius:.2} degC"),
            format!("{name} 在 {celsius:.2} degC 出现"),
        ));
    }
    if until != Until::Temperature && path.appearances.is_empty() {
        talk(lang.pick(
            "warning[temperature.no_solid]: no new solid appears on the way",
            "警告[temperature.no_solid]：途中没有新固相出现",
        ));
    }
    Ok(())
}
