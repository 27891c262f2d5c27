//! Runs as people's tables write them: what was different in each.

use saltern_units::table::{Row, Table};

use super::{Pair, Run, RunSetting, beside, sigma_of};
use crate::fit::error::FitError;
use crate::flowsheet::Flowsheet;
use crate::matter::Matter;
use crate::target::Target;

/// Runs, one a row.
pub(super) fn read(
    table: &Table,
    flowsheet: &Flowsheet,
    matter: &Matter<'_>,
) -> Result<Vec<Run>, FitError> {
    let id = table.column("run")?;
    let targets = targets(table, flowsheet, matter)?;
    let mut runs: Vec<Run> = Vec::new();
    for row in &table.rows {
        let cell = table.cell(row, id);
        let name = cell.text()?;
        if runs.iter().any(|run| run.id == name) {
            return Err(FitError::Twice {
                place: cell.place(),
                value: name.to_owned(),
            });
        }
        let settings = targets
            .iter()
            .filter_map(|(pair, target)| setting(table, row, *pair, target).transpose())
            .collect::<Result<_, _>>()?;
        runs.push(Run {
            id: name.to_owned(),
            settings,
        });
    }
    Ok(runs)
}

/// What each column sets.
fn targets(
    table: &Table,
    flowsheet: &Flowsheet,
    matter: &Matter<'_>,
) -> Result<Vec<(Pair, Target)>, FitError> {
    let mut targets = Vec::new();
    for (k, header) in table.columns.iter().enumerate() {
        let name = header.name.as_str();
        if beside(table, name) {
            continue;
        }
        let target =
            Target::named(name, flowsheet, matter).ok_or_else(|| FitError::UnknownPath {
                place: table.header_place(k),
                value: name.to_owned(),
                accepted: Target::paths(flowsheet),
            })?;
        targets.push((Pair::of(table, k), target));
    }
    Ok(targets)
}

/// What a run says of one target; nothing where the cell is blank.
fn setting(
    table: &Table,
    row: &Row,
    pair: Pair,
    target: &Target,
) -> Result<Option<RunSetting>, FitError> {
    let unit = table.unit(pair.value, target.dimension())?;
    let cell = table.cell(row, pair.value);
    let Some(number) = cell.optional_number()? else {
        return Ok(None);
    };
    let deviates = pair.sigma.is_some_and(|sd| !table.cell(row, sd).is_blank());
    let sigma = deviates.then(|| sigma_of(table, row, pair, unit, number));
    Ok(Some(RunSetting {
        path: table.columns[pair.value].name.clone(),
        target: target.clone(),
        value: unit.to_si(number),
        sigma: sigma.transpose()?,
        place: cell.place(),
    }))
}
