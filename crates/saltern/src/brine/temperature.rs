//! `brine temperature`: one brine heated or cooled step by step.

use saltern_brine::phases;
use saltern_brine::temperature::{Until, change};
use saltern_units::Lang;
use saltern_units::place::Place;

use super::path::{Traveller, columns};
use super::session::{Brines, Model, temperature_of};
use crate::args::TemperatureArgs;
use crate::failure::{At, Failure};
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
    let brines = Brines::read(&args.assay.table, &model)?;
    let (traveller, mut solver) = Traveller::start(&model, &brines, &args.assay.id, lang)?;
    let path = change(
        &mut solver,
        &traveller.brine.amounts_mol,
        (traveller.assay.temperature_k, to_k),
        args.mode.into(),
        until,
        args.steps as usize,
    )
    .map_err(|error| traveller.failed(error))?;
    let columns = columns(&path.steps, args.mode, traveller.reachable(&[]));
    let output = args.chemistry.output.as_deref();
    traveller.write(&columns, &path.steps, |_| Vec::new(), output)?;
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
