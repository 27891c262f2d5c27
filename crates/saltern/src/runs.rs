//! Commands on runs: `compare`, `report`, `export`.

use std::io::IsTerminal;
use std::path::Path;

use saltern_run::{RunContents, compare, export, folder, report};
use saltern_units::Lang;

use crate::args::{CompareArgs, ExportArgs, ReportArgs};
use crate::failure::Failure;
use crate::output::Output;
use crate::simulate::run_failure;
use crate::{tables, talk};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// `compare`: key figures of runs side by side.
pub(crate) fn compare(args: &CompareArgs, lang: Lang) -> Result<(), Failure> {
    let runs: Vec<(String, RunContents)> = args
        .runs
        .iter()
        .map(|path| {
            folder::read(path)
                .map(|run| (path.display().to_string(), run))
                .map_err(run_failure)
        })
        .collect::<Result<_, _>>()?;
    let named: Vec<(String, &RunContents)> =
        runs.iter().map(|(name, run)| (name.clone(), run)).collect();
    let frame = compare::compare(&named, lang).map_err(run_failure)?;
    // A person at a terminal gets aligned columns; a file or a pipe gets CSV.
    let readable = args.output.is_none() && std::io::stdout().is_terminal();
    let mut bytes = if readable {
        compare::text_table(&frame).into_bytes()
    } else {
        export::csv_bytes(&frame).map_err(run_failure)?
    };
    if args.output.is_none() && bytes.starts_with(BYTE_ORDER_MARK) {
        // A mark for spreadsheets; the next program of a pipe would take it for text.
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    let mut output = Output::open(args.output.as_deref())?;
    output.write(&bytes)?;
    output.finish()
}

/// `report`: the page of a run, in either language.
pub(crate) fn report(args: &ReportArgs, lang: Lang) -> Result<(), Failure> {
    let run = folder::read(&args.run).map_err(run_failure)?;
    let page = report::html(&run, lang).map_err(run_failure)?;
    let target = args
        .output
        .clone()
        .unwrap_or_else(|| args.run.join("report.html"));
    let mut output = Output::open(Some(&target))?;
    output.write(page.as_bytes())?;
    output.finish()?;
    written(&target);
    Ok(())
}

/// `export`: the tables of a run for spreadsheets.
pub(crate) fn export(args: &ExportArgs) -> Result<(), Failure> {
    let run = folder::read(&args.run).map_err(run_failure)?;
    if let Some(folder) = &args.form.csv {
        export::csv(&run, folder).map_err(run_failure)?;
        written(folder);
    }
    if let Some(file) = &args.form.xlsx {
        tables::write_xlsx(file, &export::frames(&run))?;
        written(file);
    }
    Ok(())
}

fn written(path: &Path) {
    talk(&path.display().to_string());
}
