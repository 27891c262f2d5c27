//! What is to be fitted: numbers of the plant with a first guess, bounds and, where something is known, a prior.
//!
//! One parameter a row: `parameter` (its path, `flotation.recovery.Sylvite`), `unit` (left out: the setting's own),
//! `first` (left out: as the plant has it), `lower`, `upper` (left out: the range of the setting), `prior`, `prior_sd`.

use saltern_units::place::Place;
use saltern_units::quantity::significant;
use saltern_units::table::{Table, TableError};
use saltern_units::unit::{self, Unit};

use super::error::FitError;
use crate::flowsheet::Flowsheet;
use crate::matter::Matter;
use crate::target::Target;

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its path.
    pub path: String,
    /// What it stands for.
    pub target: Target,
    /// First guess, SI.
    pub first: f64,
    /// Bounds, SI.
    pub bounds: (f64, f64),
    /// What is known beforehand and its standard deviation, SI.
    pub prior: Option<(f64, f64)>,
    /// Unit for people.
    pub unit: &'static Unit,
    /// Where it is asked for.
    pub place: Place,
}

const COLUMNS: [&str; 8] = [
    "parameter",
    "unit",
    "first",
    "lower",
    "upper",
    "prior",
    "prior_sd",
    "note",
];

/// Parameters by their paths alone: first guess as the plant has it, bounds of the setting, no prior.
///
/// # Errors
/// [`FitError`]
pub fn named(
    paths: &[String],
    flowsheet: &Flowsheet,
    matter: &Matter<'_>,
) -> Result<Vec<Parameter>, FitError> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for path in paths {
        let place = Place::file(format!("--parameter {path}"));
        let parameter = of_path(path, &place, flowsheet, matter)?;
        if parameters.iter().any(|p| p.path == *path) {
            let value = path.clone();
            return Err(FitError::Twice { place, value });
        }
        parameters.push(with_first(parameter, flowsheet, matter)?);
    }
    Ok(parameters)
}

/// Parameters of a table.
///
/// # Errors
/// [`FitError`]
pub fn read(
    table: &Table,
    flowsheet: &Flowsheet,
    matter: &Matter<'_>,
) -> Result<Vec<Parameter>, FitError> {
    for (k, header) in table.columns.iter().enumerate() {
        if !COLUMNS.contains(&header.name.as_str()) {
            return Err(FitError::UnknownColumn {
                place: table.header_place(k),
                column: header.name.clone(),
                accepted: COLUMNS.join(", "),
            });
        }
    }
    let name = table.column("parameter")?;
    let mut parameters: Vec<Parameter> = Vec::new();
    for row in &table.rows {
        let cell = table.cell(row, name);
        let path = cell.text()?;
        let mut parameter = of_path(path, &cell.place(), flowsheet, matter)?;
        if parameters.iter().any(|p| p.path == path) {
            return Err(FitError::Twice {
                place: cell.place(),
                value: path.to_owned(),
            });
        }
        if let Some(column) = table.find("unit") {
            let cell = table.cell(row, column);
            if let Some(text) = cell.optional_text() {
                let found = unit::find(Some(text), parameter.target.dimension());
                parameter.unit = found.map_err(|error| TableError::Unit {
                    place: cell.place(),
                    error: Box::new(error),
                })?;
            }
        }
        let unit = parameter.unit;
        let number = |column: &str| -> Result<Option<(f64, Place)>, FitError> {
            let Some(column) = table.find(column) else {
                return Ok(None);
            };
            let cell = table.cell(row, column);
            Ok(cell
                .optional_number()?
                .map(|n| (unit.to_si(n), cell.place())))
        };
        let range = parameter.bounds;
        let outside = |(value, place): &(f64, Place), range: (f64, f64)| FitError::OutOfBounds {
            place: place.clone(),
            value: shown(unit, *value),
            accepted: format!("{} … {}", shown(unit, range.0), shown(unit, range.1)),
        };
        let slack = 1e-12 * (range.0.abs().min(1e300) + range.1.abs().min(1e300));
        let within = |v: f64, (low, high): (f64, f64)| v >= low - slack && v <= high + slack;
        for (column, bound) in [
            ("lower", &mut parameter.bounds.0),
            ("upper", &mut parameter.bounds.1),
        ] {
            if let Some(given) = number(column)? {
                if !within(given.0, range) {
                    return Err(outside(&given, range));
                }
                *bound = given.0;
            }
        }
        let bounds = parameter.bounds;
        if let (Some(upper), true) = (number("upper")?, bounds.0 >= bounds.1) {
            return Err(outside(&upper, (bounds.0, range.1)));
        }
        if let Some(first) = number("first")? {
            if !within(first.0, bounds) {
                return Err(outside(&first, bounds));
            }
            parameter.first = first.0;
        }
        if let Some(prior) = number("prior")? {
            if !within(prior.0, bounds) {
                return Err(outside(&prior, bounds));
            }
            let sd = number("prior_sd")?.map(|(sd, _)| sd - unit.to_si(0.0));
            let sd = sd
                .filter(|sd| *sd > 0.0)
                .ok_or_else(|| FitError::NoDeviation {
                    place: prior.1.clone(),
                    column: "prior_sd".into(),
                })?;
            parameter.prior = Some((prior.0, sd));
        }
        parameters.push(with_first(parameter, flowsheet, matter)?);
    }
    Ok(parameters)
}

fn of_path(
    path: &str,
    place: &Place,
    flowsheet: &Flowsheet,
    matter: &Matter<'_>,
) -> Result<Parameter, FitError> {
    let target = Target::named(path, flowsheet, matter).ok_or_else(|| FitError::UnknownPath {
        place: place.clone(),
        value: path.to_owned(),
        accepted: Target::paths(flowsheet),
    })?;
    Ok(Parameter {
        path: path.to_owned(),
        first: f64::NAN,
        bounds: target.range_si(),
        prior: None,
        unit: target.unit(),
        place: place.clone(),
        target,
    })
}

/// Fills in the first guess: the prior, or what the plant has.
fn with_first(
    mut parameter: Parameter,
    flowsheet: &Flowsheet,
    matter: &Matter<'_>,
) -> Result<Parameter, FitError> {
    if parameter.first.is_nan() {
        let prior = parameter.prior.map(|(mean, _)| mean);
        let found = prior.or_else(|| parameter.target.value(flowsheet, matter));
        parameter.first = found.ok_or_else(|| FitError::NoFirst {
            place: parameter.place.clone(),
            value: parameter.path.clone(),
        })?;
    }
    let (low, high) = parameter.bounds;
    parameter.first = parameter.first.max(low).min(high);
    Ok(parameter)
}

fn shown(unit: &Unit, value_si: f64) -> String {
    format!("{} {}", significant(unit.from_si(value_si), 6), unit.symbol)
}
