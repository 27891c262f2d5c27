//! `fit`: pilot data to model. Reconciled here, because plants do not know accounts; fitted by the crate of plants.

mod balance;
pub(crate) mod summary;

use std::path::Path;

use saltern_base::frame::Frame;
use saltern_plants::fit::data::Pilot;
use saltern_plants::fit::model::{Model, Watch};
use saltern_plants::fit::parameters::{self, Parameter};
use saltern_plants::fit::regression::{Errors, Options, fit};
use saltern_plants::fit::study::{Questions, Study};
use saltern_plants::fit::{FitError, plot, tables};
use saltern_plants::fitted;
use saltern_plants::flowsheet::{Flowsheet, NamedMeasure};
use saltern_plants::matter::Matter;
use saltern_plants::reading::{dimension_of, measure_of};
use saltern_run::digest::sha256_hex;
use saltern_run::export;
use saltern_units::Lang;
use saltern_units::message::Message as _;

use crate::args::{ErrorsName, PilotArgs};
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Progress;
use crate::simulate::folder::Folder;
use crate::{files, plant, reconcile, tables as written};
use balance::Balance;

/// Runs the command.
pub(crate) fn run(args: &PilotArgs, lang: Lang) -> Result<(), Failure> {
    reconcile::check_significance(args.significance)?;
    let folder = Folder::open(&args.base)?;
    let (database, brines) = plant::chemistry(&folder, lang)?;
    let matter = Matter::new(&database).map_err(Failure::input)?;
    let file = plant::plants(&folder, Some(&args.plant))?.remove(0);
    let sheet = plant::flowsheet(&file, &brines, &matter)?;
    let questions = questions(args, &sheet, &matter)?;
    let (pilot, asked) = read(args, &sheet, &matter)?;
    let sheets = pilot
        .runs
        .iter()
        .map(|_| plant::flowsheet(&file, &brines, &matter));
    let sheets = sheets.collect::<Result<Vec<_>, _>>()?;
    let mut model = Model::new(pilot, &asked, sheets, sheet, &matter).map_err(failure)?;
    model.check().map_err(failure)?;
    for run in model.pilot.empty_runs() {
        crate::talk(&lang.pick(
            format!("note: nothing was measured in run {run}"),
            format!("提示：试验 {run} 没有测量值"),
        ));
    }
    let balance = if args.no_reconcile {
        Balance::default()
    } else {
        balance::reconcile_runs(&mut model, &matter, args)?
    };
    for notice in &balance.notices {
        crate::talk(&format!(
            "warning[{}]: {}",
            notice.code(),
            notice.text(lang)
        ));
    }
    let options = Options {
        errors: match args.errors {
            ErrorsName::Scaled => Errors::Scaled,
            ErrorsName::Stated => Errors::Stated,
        },
        reconciled: balance.freedom,
        ..Options::default()
    };
    let mut progress = Progress::new(0);
    let stand = move |n| lang.pick(format!("fit, trial {n},"), format!("拟合，第 {n} 次试算，"));
    model.watch = Watch(Some(Box::new(move |n| progress.stands(|| stand(n)))));
    let found = fit(&mut model, &options).map_err(failure)?;
    let study = Study::new(&mut model, found, options, questions).map_err(failure)?;
    let said = summary::summary(&study, &balance, lang);
    if let Some(out) = &args.output {
        write(out, &study, &balance, args, &said, lang)?;
        crate::talk(&out.display().to_string());
    }
    let mut stdout = Output::open(None)?;
    stdout.write(said.as_bytes())?;
    stdout.finish()
}

/// The measures to give bands for: those that the plant declares, and the one asked for.
fn questions(
    args: &PilotArgs,
    sheet: &Flowsheet,
    matter: &Matter<'_>,
) -> Result<Questions, Failure> {
    let mut measures = sheet.measures.clone();
    let mut chosen = 0;
    if let Some(asked) = &args.measure {
        let known = measures.iter().position(|m| m.id == *asked);
        chosen = match (known, measure_of(asked, sheet, matter)) {
            (Some(k), _) => k,
            (None, Some(measure)) => {
                measures.push(NamedMeasure {
                    id: asked.clone(),
                    name: saltern_base::model::Label {
                        en: asked.clone(),
                        zh: asked.clone(),
                    },
                    dimension: dimension_of(&measure),
                    measure,
                });
                measures.len() - 1
            }
            (None, None) => {
                return Err(failure(FitError::NoMeasure {
                    value: asked.clone(),
                    accepted: measures.iter().map(|m| m.id.clone()).collect(),
                }));
            }
        };
    }
    Ok(Questions {
        measures,
        chosen,
        samples: args.samples as usize,
        seed: args.seed,
    })
}

fn read(
    args: &PilotArgs,
    sheet: &Flowsheet,
    matter: &Matter<'_>,
) -> Result<(Pilot, Vec<Parameter>), Failure> {
    let data = files::table(&args.data)?;
    let runs = args.runs.as_deref().map(files::table).transpose()?;
    let pilot = Pilot::read(&data, runs.as_ref(), sheet, matter).map_err(failure)?;
    let asked = match &args.parameters {
        Some(path) => parameters::read(&files::table(path)?, sheet, matter),
        None => parameters::named(&args.parameter, sheet, matter),
    };
    Ok((pilot, asked.map_err(failure)?))
}

fn write(
    out: &Path,
    study: &Study<'_, '_>,
    balance: &Balance,
    args: &PilotArgs,
    said: &str,
    lang: Lang,
) -> Result<(), Failure> {
    let mut frames: Vec<Frame> = tables::frames(study, lang);
    frames.extend(balance.frame.clone());
    written::write_csv(out, &frames)?;
    written::write(&out.join("fit.json"), export::json_text(&frames).as_bytes())?;
    written::write(
        &out.join("residuals.svg"),
        plot::residuals(study, lang).as_bytes(),
    )?;
    written::write(&out.join("summary.txt"), said.as_bytes())?;
    let data = provenance(args)?;
    let mut text = format!(
        "# Fitted settings of the plant {}, to be put at the end of plants/{}.toml.\n# {}\n",
        args.plant,
        args.plant,
        concat!("saltern ", env!("CARGO_PKG_VERSION"))
    );
    for own in &study.fitted(&data) {
        let same = study.model.unknowns.iter().find(|u| u.path == own.path);
        let unit = same.map_or_else(|| own.target.unit(), |u| u.unit);
        text += &format!("\n{}", fitted::section(own, unit));
    }
    written::write(&out.join("fitted.toml"), text.as_bytes())
}

/// The table the fit is to, and its hash.
fn provenance(args: &PilotArgs) -> Result<String, Failure> {
    let hash = sha256_hex(&files::bytes(&args.data)?);
    let name = args
        .data
        .file_name()
        .map(|n| n.to_string_lossy().into_owned());
    Ok(format!(
        "{}, sha256 {}",
        name.unwrap_or_default(),
        &hash[..16]
    ))
}

fn failure(error: FitError) -> Failure {
    if error.is_input() {
        Failure::input(error)
    } else {
        Failure::job(error)
    }
}
