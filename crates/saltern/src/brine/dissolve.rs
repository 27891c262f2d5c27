//! `brine dissolve`: a salt given to a brine step by step, or until it stays.

use saltern_brine::blending::mass_kg;
use saltern_brine::dosing::saturate;
use saltern_brine::phases;
use saltern_units::Lang;
use saltern_units::place::Place;

use super::add::{Dose, mineral_mol, moles};
use super::path::Traveller;
use super::session::{Brines, Model};
use crate::args::DissolveArgs;
use crate::failure::{At, Failure};
use crate::talk;

/// Runs the command.
pub(crate) fn run(args: &DissolveArgs, lang: Lang) -> Result<(), Failure> {
    let mut model = Model::open(&args.chemistry)?;
    let salt = phases::find(&model.database, &args.salt).map_err(|message| {
        let place = Place::file("--salt");
        Failure::input(At { place, message })
    })?;
    // What is to stay must be allowed to.
    if !model.allowed.contains(&salt) {
        model.allowed.push(salt);
        model.allowed.sort_unstable();
    }
    let brines = Brines::read(&args.assay.table, &model)?;
    let (traveller, mut solver) = Traveller::start(&model, &brines, &args.assay.id, lang)?;
    let brine = &traveller.brine;
    let substance = mineral_mol(&model.database, salt);
    let name = &model.database.minerals[salt].name;
    let total_mol = match &args.amount {
        Some(text) => moles("--amount", text, &substance, brine, &mut solver, lang)?,
        None => {
            match saturate(&mut solver, &brine.amounts_mol, brine.temperature_k, salt)
                .map_err(|error| traveller.failed(error))?
            {
                Some(done) => {
                    let grams = 1e3 * done.salt_mol * mass_kg(&model.database, &substance);
                    talk(&lang.pick(
                        format!(
                            "{name}: {:.6} mol ({grams:.2} g) per kg of water until some stays",
                            done.salt_mol
                        ),
                        format!(
                            "{name}：每 kg 水加入 {:.6} mol（{grams:.2} g）后开始有剩余",
                            done.salt_mol
                        ),
                    ));
                    done.salt_mol
                }
                None => {
                    talk(&lang.pick(
                    format!("{name}: none dissolves; the brine is saturated with it, or it never stays"),
                    format!("{name}：不溶解；卤水已对其饱和，或其始终不能保留"),
                ));
                    0.0
                }
            }
        }
    };
    let steps = if total_mol > 0.0 {
        args.steps as usize
    } else {
        0
    };
    let dose = Dose {
        substance: &substance,
        name,
        total_mol,
        steps,
    };
    dose.write(&traveller, &mut solver, args.chemistry.output.as_deref())
}
