//! What was measured in test runs, from people's tables.
//!
//! **Measurements**, one sample a row: `run`, `place`, then a column for each thing measured and one for its standard
//! deviation: `mass [t/h]`, `mass_sd [%]`, `K [wt%]`, `K_sd [wt%]`, `temperature [degC]`, `temperature_sd [degC]`. A place is
//! a stream; or a measure as in design specs (`mass(froth, K) / mass(ore, K)`) whose value stands in `value [%]`,
//! `value_sd [%]`. Blank is not measured. A standard deviation headed `[%]` is a share of the value, unless the value is
//! headed `[%]` as well. A second row of the same run and place is a second sample.
//!
//! Columns of shares are headed as laboratories report: an element wherever it is bound (`K`); a salt, an oxide or an ion as
//! which its first element is reported (`KCl`, `MgCl2`, `K2O`, `SO4`); a mineral (`Halite`), `solids`, `liquid`, `H2O`
//! (water, crystal water with it), another substance (`Inert`).
//!
//! **Runs**, one a row: `run`, then what was different in it by its path (`ore [t/h]`, `ore.Carnallite [wt%]`,
//! `decomposition.temperature [degC]`), and `PATH_sd` where it is known with an error only.

mod measurements;
mod runs;

use saltern_units::place::Place;
use saltern_units::table::{ColumnId, Row, Table, TableError};
use saltern_units::unit::{self, Unit};

use super::error::FitError;
use crate::flowsheet::{Flowsheet, StreamId};
use crate::matter::Matter;
use crate::measure::{Measure, Of};
use crate::target::Target;
use measurements::Reader;

/// Test runs and what was measured in them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pilot {
    /// Runs.
    pub runs: Vec<Run>,
    /// Measurements, in the order of the table.
    pub measurements: Vec<Measurement>,
}

/// A test run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Id.
    pub id: String,
    /// What was different in it.
    pub settings: Vec<RunSetting>,
}

/// What was different in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSetting {
    /// As written, `ore.Carnallite`.
    pub path: String,
    /// What it stands for.
    pub target: Target,
    /// Its value, SI.
    pub value: f64,
    /// Its standard deviation, SI; none where it is known exactly.
    pub sigma: Option<f64>,
    /// The cell.
    pub place: Place,
}

/// What a measurement is of, for balances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// Mass flow of a stream.
    Mass(StreamId),
    /// Mass fraction of something in a stream.
    Share(StreamId, Of),
    /// Temperature of a stream.
    Temperature(StreamId),
    /// A measure as written.
    Written,
}

/// A measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// Index of its run.
    pub run: usize,
    /// Stream or measure, as written.
    pub at: String,
    /// Name of the column, `K`.
    pub name: String,
    /// What it is of.
    pub what: What,
    /// The same as the model measures it.
    pub measure: Measure,
    /// Measured value, SI: of the element where a salt is reported.
    pub measured: f64,
    /// Its standard deviation, SI.
    pub sigma: f64,
    /// What the fit is to meet: as measured, or reconciled.
    pub value: f64,
    /// Whether the fit is to meet it.
    pub counted: bool,
    /// Unit of the column.
    pub unit: &'static Unit,
    /// Mass reported per mass of the element it stands for.
    pub factor: f64,
    /// The cell.
    pub place: Place,
}

impl Measurement {
    /// An SI value as it is reported.
    pub fn reported(&self, value_si: f64) -> f64 {
        self.unit.from_si(value_si * self.factor)
    }

    /// A difference as it is reported.
    pub fn reported_difference(&self, value_si: f64) -> f64 {
        self.reported(value_si) - self.reported(0.0)
    }

    /// `froth K`
    pub fn label(&self) -> String {
        match self.what {
            What::Written => self.at.clone(),
            _ => format!("{} {}", self.at, self.name),
        }
    }
}

/// Columns that say no measurement.
const BESIDE: [&str; 5] = ["run", "place", "note", "date", "sample"];
const SD: &str = "_sd";

impl Pilot {
    /// Reads measurements and, where there are, runs.
    ///
    /// # Errors
    /// [`FitError`], the first in the order of the tables.
    pub fn read(
        data: &Table,
        runs: Option<&Table>,
        flowsheet: &Flowsheet,
        matter: &Matter<'_>,
    ) -> Result<Pilot, FitError> {
        let mut pilot = Pilot::default();
        if let Some(table) = runs {
            pilot.runs = runs::read(table, flowsheet, matter)?;
        }
        let reader = Reader::new(data, flowsheet, matter)?;
        let (run, at) = (data.column("run")?, data.column("place")?);
        for row in &data.rows {
            let cell = data.cell(row, run);
            let id = cell.text()?;
            let known = pilot.runs.iter().position(|r| r.id == id);
            let run = match (known, runs) {
                (Some(run), _) => run,
                (None, None) => {
                    pilot.runs.push(Run {
                        id: id.to_owned(),
                        settings: Vec::new(),
                    });
                    pilot.runs.len() - 1
                }
                (None, Some(_)) => {
                    return Err(FitError::Table(TableError::NotAllowed {
                        place: cell.place(),
                        value: id.to_owned(),
                        accepted: pilot.runs.iter().map(|r| r.id.clone()).collect(),
                    }));
                }
            };
            reader.row(row, run, at, &mut pilot.measurements)?;
        }
        Ok(pilot)
    }

    /// Runs that nothing was measured in.
    pub fn empty_runs(&self) -> Vec<&str> {
        let empty = |(k, _): &(usize, &Run)| self.measurements.iter().all(|m| m.run != *k);
        let runs = self.runs.iter().enumerate().filter(empty);
        runs.map(|(_, run)| run.id.as_str()).collect()
    }

    /// How many measurements the fit is to meet.
    pub fn counted(&self) -> usize {
        self.measurements.iter().filter(|m| m.counted).count()
    }
}

/// A column of values and the one of their standard deviations.
#[derive(Clone, Copy, Debug)]
struct Pair {
    value: ColumnId,
    sigma: Option<ColumnId>,
}

impl Pair {
    /// The column `k` and `NAME_sd` beside it.
    fn of(table: &Table, k: ColumnId) -> Pair {
        let name = &table.columns[k].name;
        Pair {
            value: k,
            sigma: table.find(&format!("{name}{SD}")),
        }
    }
}

/// Whether a column says nothing of its own: a name, a note, the standard deviation of another.
fn beside(table: &Table, name: &str) -> bool {
    let of_other = |value: &str| table.find(value).is_some();
    BESIDE.contains(&name) || name.strip_suffix(SD).is_some_and(of_other)
}

/// The standard deviation of a value, SI, from its own column.
fn sigma_of(
    table: &Table,
    row: &Row,
    pair: Pair,
    unit: &'static Unit,
    number: f64,
) -> Result<f64, FitError> {
    let header = &table.columns[pair.value];
    let missing = || FitError::NoDeviation {
        place: table.cell(row, pair.value).place(),
        column: format!("{}{SD}", header.name),
    };
    let sd = pair.sigma.ok_or_else(missing)?;
    let cell = table.cell(row, sd);
    let given = cell
        .optional_non_negative()?
        .filter(|v| *v > 0.0)
        .ok_or_else(missing)?;
    let written = table.columns[sd].unit.as_str();
    let si = if written == "%" && header.unit != "%" {
        (unit.to_si(given / 100.0 * number) - unit.to_si(0.0)).abs()
    } else {
        let own = unit::find(Some(written).filter(|w| !w.is_empty()), unit.dimension);
        let own = own.map_err(|error| TableError::Unit {
            place: table.header_place(sd),
            error: Box::new(error),
        })?;
        own.to_si(given) - own.to_si(0.0)
    };
    // A percentage of nothing is no standard deviation.
    if si > 0.0 { Ok(si) } else { Err(missing()) }
}
