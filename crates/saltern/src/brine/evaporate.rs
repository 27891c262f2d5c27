//! `brine evaporate`: one brine, step by step.

use saltern_brine::database::Database;
use saltern_brine::equilibrium::State;
use saltern_brine::evaporation::{self, Step, Until};
use saltern_brine::phases;
use saltern_units::Lang;
use saltern_units::message::Message;

use super::path::{Traveller, columns};
use super::session::{Brines, Model};
use crate::args::EvaporateArgs;
use crate::failure::{CliError, Failure};
use crate::talk;

/// Runs the command.
pub(crate) fn run(args: &EvaporateArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let until = until(&args.until, &model.database, lang)?;
    let brines = Brines::read(&args.assay.table, &model)?;
    let (traveller, mut solver) = Traveller::start(&model, &brines, &args.assay.id, lang)?;
    let path = evaporation::evaporate(
        &mut solver,
        &traveller.brine.amounts_mol,
        traveller.assay.temperature_k,
        args.mode.into(),
        until,
        args.steps as usize,
    )
    .map_err(|error| traveller.failed(error))?;
    let columns = columns(&path, args.mode, traveller.reachable(&[]));
    let output = args.chemistry.output.as_deref();
    traveller.write(&columns, &path, |_| Vec::new(), output)?;
    say_if_short(&path, until, lang);
    Ok(())
}

/// A path that was to end somewhere and didn't: ice melts as fast as water is taken, or a mineral never comes.
fn say_if_short(path: &[Step], until: Until, lang: Lang) {
    let Some(last) = path.last() else { return };
    let short = match until {
        Until::Dry => last.state.state == State::Wet,
        Until::Mineral(m) => last.state.solids_mol[m] <= 0.0,
        Until::WaterShare(_) => false,
        Until::WaterActivity(a) => last.state.water_activity > a,
    };
    if short {
        let share = 100.0 * last.state.water_kg / path[0].state.water_kg;
        talk(&lang.pick(
            format!("warning[evaporate.short]: the path ends with {share:.2} % of the first liquid water left; more --steps go further"),
            format!("警告[evaporate.short]：路径结束时仍有 {share:.2} % 的初始液态水；增加 --steps 可继续"),
        ));
    }
}

/// `dry`, `water 5 %`, `water_activity 0.7`, or the name of a mineral.
fn until(text: &str, database: &Database, lang: Lang) -> Result<Until, Failure> {
    if text.trim() == "dry" {
        return Ok(Until::Dry);
    }
    if let Some(share) = text
        .trim()
        .strip_prefix("water ")
        .and_then(|s| s.trim().strip_suffix('%'))
    {
        return match share.trim().parse::<f64>() {
            Ok(percent) if percent > 0.0 && percent < 100.0 => {
                Ok(Until::WaterShare(percent / 100.0))
            }
            _ => {
                let accepted =
                    lang.pick("more than 0 % and less than 100 %", "大于 0 % 且小于 100 %");
                Err(refused(text, accepted).into())
            }
        };
    }
    if let Some(value) = text.trim().strip_prefix("water_activity ") {
        return match value.trim().parse::<f64>() {
            Ok(a) if a > 0.0 && a < 1.0 => Ok(Until::WaterActivity(a)),
            _ => {
                let accepted = lang.pick("more than 0 and less than 1", "大于 0 且小于 1");
                Err(refused(text, accepted).into())
            }
        };
    }
    phases::find(database, text.trim())
        .map(Until::Mineral)
        .map_err(|e| {
            let e = e.text(lang);
            let accepted = lang.pick(
                format!("\"dry\", \"water 5 %\", \"water_activity 0.7\" or a mineral ({e})"),
                format!("“dry”、“water 5 %”、“water_activity 0.7”或矿物名（{e}）"),
            );
            refused(text, &accepted).into()
        })
}

fn refused(value: &str, accepted: &str) -> CliError {
    CliError::BadOption {
        option: "--until",
        value: value.into(),
        accepted: accepted.into(),
    }
}
