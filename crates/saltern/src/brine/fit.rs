//! `brine fit`: parameters from measurements.

use std::path::Path;

use saltern_brine::fit::agreement::differences;
use saltern_brine::fit::data;
use saltern_brine::fit::parameters::Plan;
use saltern_brine::fit::regression::{HUBER, Options, Pass, fit_watched};
use saltern_brine::fit::report::page;
use saltern_brine::fit::summary::summary;
use saltern_brine::fit::tables::{Outcome, validation};
use saltern_brine::fit::validation::{LeftOut, leave_one_source_out_watched};
use saltern_brine::fit::{FitError, Loss};
use saltern_units::Lang;
use saltern_units::place::Place;

use crate::args::{FitArgs, LossName};
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Progress;
use crate::{database, files, talk};

/// Runs the command.
pub(crate) fn run(args: &FitArgs, lang: Lang) -> Result<(), Failure> {
    let base = database::open(&args.database)?;
    let plan = Plan::read(base, &files::table(&args.parameters)?).map_err(failure)?;
    let measurements = data::read(&files::table(&args.data)?, &plan.database).map_err(failure)?;
    let options = Options {
        loss: match args.loss {
            LossName::Huber => Loss::Huber(HUBER),
            LossName::Squares => Loss::Squares,
        },
    };
    let mut progress = Progress::new(0);
    let mut tell = |text: &str, pass| progress.stands(|| stand(text, pass, lang));
    let fitted = fit_watched(&plan, &measurements, &options, &mut |p| tell("", p));
    let fitted = fitted.map_err(failure)?;
    let left_out = if args.validate {
        let mut tell_of = |fit, fits, p| tell(&format!(" {fit}/{fits}"), p);
        leave_one_source_out_watched(&plan, &measurements, &options, &mut tell_of)
            .map_err(failure)?
    } else {
        Vec::new()
    };
    drop(progress);
    let outcome = Outcome {
        plan: &plan,
        measurements: &measurements,
        fit: &fitted,
        key: &args.key,
    };
    let differing = if args.check {
        differences(&outcome, args.tolerance)
    } else {
        Vec::new()
    };
    let mut said = summary(&outcome, &left_out, lang);
    for difference in &differing {
        said.push('\n');
        said.push_str(&difference.text(lang));
    }
    let mut stdout = Output::open(None)?;
    match &args.output {
        Some(folder) => {
            write_folder(folder, &outcome, args, &left_out, lang)?;
            stdout.write(format!("{said}\n").as_bytes())?;
            stdout.finish()?;
        }
        None => {
            stdout.write(outcome.layer().as_bytes())?;
            stdout.finish()?;
            talk(&said);
        }
    }
    if differing.is_empty() {
        return Ok(());
    }
    Err(failure(FitError::Differs {
        place: Place::file(args.parameters.display().to_string()),
        count: differing.len(),
        of: plan.parameters.len(),
    }))
}

/// Where a fit stands, for the line on stderr.
fn stand(which: &str, Pass { round, pass }: Pass, lang: Lang) -> String {
    lang.pick(
        format!("fit{which}, round {round}, pass {pass},"),
        format!("拟合{which}，第 {round} 轮，第 {pass} 次，"),
    )
}

fn write_folder(
    folder: &Path,
    outcome: &Outcome<'_>,
    args: &FitArgs,
    left_out: &[LeftOut],
    lang: Lang,
) -> Result<(), Failure> {
    let write = |name: &str, text: &str| {
        let mut file = Output::open(Some(&folder.join(name)))?;
        file.write(text.as_bytes())?;
        file.finish()
    };
    write("parameters.csv", &outcome.layer())?;
    for (name, text) in outcome.thermo_rows() {
        write(name, &text)?;
    }
    write("residuals.csv", &outcome.residuals())?;
    write("covariance.csv", &outcome.covariance())?;
    if args.validate {
        write("validation.csv", &validation(left_out))?;
    }
    let title = args.data.file_name().map(|n| n.to_string_lossy());
    let page = page(outcome, left_out, &title.unwrap_or_default(), lang);
    write("report.html", &page)
}

fn failure(error: FitError) -> Failure {
    if error.is_input() {
        Failure::input(error)
    } else {
        Failure::job(error)
    }
}
