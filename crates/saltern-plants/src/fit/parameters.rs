//! What is to be fitted: numbers of the plant with a first guess, bounds and, where something is known, a prior.
//!
//! One parameter a row: `parameter` (its path, `flotation.recovery.Sylvite`), `unit` (left out: the setting's own),
//! `first` (left out: as the plant has it), `lower`, `upper` (left out: the range of the setting), `prior`, `prior_sd`.

use saltern_units::place::Place;
use saltern_units::quantity::significant;
use saltern_units::table::{Row, Table, TableError};
use saltern_units::unit::{self, Dimension, Unit};

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
    refuse_unknown(table)?;
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
        let mut line = Line {
            table,
            row,
            unit: parameter.unit,
        };
        parameter.unit = line.stated_unit(parameter.target.dimension())?;
        line.unit = parameter.unit;
        parameter.bounds = line.bounds(parameter.bounds)?;
        if let Some(first) = line.number("first")? {
            parameter.first = line.within(&first, parameter.bounds)?;
        }
        parameter.prior = line.prior(parameter.bounds)?;
        parameters.push(with_first(parameter, flowsheet, matter)?);
    }
    Ok(parameters)
}

fn refuse_unknown(table: &Table) -> Result<(), FitError> {
    for (k, header) in table.columns.iter().enumerate() {
        if !COLUMNS.contains(&header.name.as_str()) {
            return Err(FitError::UnknownColumn {
                place: table.header_place(k),
                column: header.name.clone(),
                accepted: COLUMNS.join(", "),
            });
        }
    }
    Ok(())
}

/// What a row says of its parameter, in the unit that it states.
struct Line<'t> {
    table: &'t Table,
    row: &'t Row,
    unit: &'static Unit,
}

impl Line<'_> {
    /// The unit that the row states, else the parameter's own.
    fn stated_unit(&self, dimension: Dimension) -> Result<&'static Unit, FitError> {
        let cell = self
            .table
            .find("unit")
            .map(|c| self.table.cell(self.row, c));
        let Some((cell, text)) = cell.and_then(|c| c.optional_text().map(|text| (c, text))) else {
            return Ok(self.unit);
        };
        let found = unit::find(Some(text), dimension).map_err(|error| TableError::Unit {
            place: cell.place(),
            error: Box::new(error),
        })?;
        Ok(found)
    }

    /// A number, SI, and its place.
    fn number(&self, column: &str) -> Result<Option<(f64, Place)>, FitError> {
        let Some(column) = self.table.find(column) else {
            return Ok(None);
        };
        let cell = self.table.cell(self.row, column);
        let number = cell.optional_number()?;
        Ok(number.map(|n| (self.unit.to_si(n), cell.place())))
    }

    /// A number that lies in a range, but for rounding.
    fn within(&self, given: &(f64, Place), range: (f64, f64)) -> Result<f64, FitError> {
        let slack = 1e-12 * (range.0.abs().min(1e300) + range.1.abs().min(1e300));
        if given.0 >= range.0 - slack && given.0 <= range.1 + slack {
            return Ok(given.0);
        }
        Err(self.outside(given, range))
    }

    fn outside(&self, (value, place): &(f64, Place), range: (f64, f64)) -> FitError {
        let shown = |si: f64| shown(self.unit, si);
        FitError::OutOfBounds {
            place: place.clone(),
            value: shown(*value),
            accepted: format!("{} … {}", shown(range.0), shown(range.1)),
        }
    }

    /// Bounds, within those of the parameter itself.
    fn bounds(&self, range: (f64, f64)) -> Result<(f64, f64), FitError> {
        let mut bounds = range;
        if let Some(lower) = self.number("lower")? {
            bounds.0 = self.within(&lower, range)?;
        }
        let Some(upper) = self.number("upper")? else {
            return Ok(bounds);
        };
        bounds.1 = self.within(&upper, range)?;
        if bounds.0 >= bounds.1 {
            return Err(self.outside(&upper, (bounds.0, range.1)));
        }
        Ok(bounds)
    }

    /// Mean and standard deviation of what is known before.
    fn prior(&self, bounds: (f64, f64)) -> Result<Option<(f64, f64)>, FitError> {
        let Some(prior) = self.number("prior")? else {
            return Ok(None);
        };
        let mean = self.within(&prior, bounds)?;
        let sd = self.number("prior_sd")?;
        let sd = sd.map(|(sd, _)| sd - self.unit.to_si(0.0));
        match sd.filter(|sd| *sd > 0.0) {
            Some(sd) => Ok(Some((mean, sd))),
            None => Err(FitError::NoDeviation {
                place: prior.1,
                column: "prior_sd".into(),
            }),
        }
    }
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
