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

use saltern_brine::database::WATER;
use saltern_brine::formula::{Formula, atomic_mass_g_mol};
use saltern_units::message::nearest;
use saltern_units::place::Place;
use saltern_units::table::{ColumnId, Row, Table, TableError};
use saltern_units::unit::{self, Dimension, Unit};

use super::error::FitError;
use crate::flowsheet::{Flowsheet, StreamId};
use crate::matter::Matter;
use crate::measure::{Measure, Of};
use crate::reading::{dimension_of, measure_of};
use crate::target::Target;

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
            pilot.runs = read_runs(table, flowsheet, matter)?;
        }
        let reader = Reader {
            flowsheet,
            matter,
            table: data,
            columns: columns(data, matter)?,
        };
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

/// What a column of measurements is of.
#[derive(Clone, Copy, Debug)]
enum Column {
    Mass,
    Temperature,
    Written,
    Share(Of, f64),
}

struct ColumnPair {
    value: ColumnId,
    sigma: Option<ColumnId>,
    of: Column,
}

fn columns(table: &Table, matter: &Matter<'_>) -> Result<Vec<ColumnPair>, FitError> {
    let mut columns = Vec::new();
    for (k, header) in table.columns.iter().enumerate() {
        let name = header.name.as_str();
        let value_of_sd = name.strip_suffix(SD);
        if BESIDE.contains(&name) || value_of_sd.is_some_and(|v| table.find(v).is_some()) {
            continue;
        }
        let of = match name {
            "mass" => Column::Mass,
            "temperature" => Column::Temperature,
            "value" => Column::Written,
            _ => {
                let (of, factor) =
                    reported_as(name, matter).ok_or_else(|| FitError::UnknownColumn {
                        place: table.header_place(k),
                        column: name.to_owned(),
                        accepted: match nearest(name, names(matter)) {
                            Some(near) => format!("{ACCEPTED} ({near}?)"),
                            None => ACCEPTED.to_owned(),
                        },
                    })?;
                Column::Share(of, factor)
            }
        };
        columns.push(ColumnPair {
            value: k,
            sigma: table.find(&format!("{name}{SD}")),
            of,
        });
    }
    Ok(columns)
}

const ACCEPTED: &str = "run, place, mass, temperature, value, solids, liquid, elements (K), salts, oxides and ions \
                        (KCl, K2O, SO4), minerals (Halite), substances, each with NAME_sd; note, date, sample";

fn names<'m>(matter: &'m Matter<'_>) -> impl Iterator<Item = &'m str> {
    let fixed = [
        "mass",
        "temperature",
        "value",
        "solids",
        "liquid",
        "place",
        "run",
    ];
    let minerals = matter.database.minerals.iter().map(|m| m.name.as_str());
    fixed.into_iter().chain(minerals)
}

/// What a share is of, and the mass that is reported per mass of that.
fn reported_as(name: &str, matter: &Matter<'_>) -> Option<(Of, f64)> {
    if name == "H2O" {
        return Some((Of::Component(WATER), 1.0));
    }
    let as_salt = || {
        let formula = Formula::parse(name).ok()?;
        let (first, _) = formula.elements.first()?;
        let element = matter.element(first)?;
        let of_it_g = formula.count(first) * atomic_mass_g_mol(first)?;
        let factor = 1e3 * formula.molar_mass_kg_mol() / of_it_g;
        Some((Of::Element(element), factor))
    };
    // A salt of the brine is meant even where the plant can hold it as a dry substance, too.
    let of_brine = |f: &Formula| {
        let metals = ["Li", "Na", "K", "Rb", "Cs", "Mg", "Ca", "Sr", "Ba"];
        let acids = ["Cl", "S", "C", "N", "Br"];
        f.elements
            .first()
            .is_some_and(|(e, _)| metals.contains(&e.as_str()))
            && acids.iter().any(|acid| f.count(acid) > 0.0)
            && f.count("H") == 0.0
    };
    if matter.database.mineral(name).is_none() && Formula::parse(name).is_ok_and(|f| of_brine(&f)) {
        return as_salt();
    }
    Of::named(name, matter).map(|of| (of, 1.0)).or_else(as_salt)
}

struct Reader<'a, 'db> {
    flowsheet: &'a Flowsheet,
    matter: &'a Matter<'db>,
    table: &'a Table,
    columns: Vec<ColumnPair>,
}

impl Reader<'_, '_> {
    fn row(
        &self,
        row: &Row,
        run: usize,
        at: ColumnId,
        out: &mut Vec<Measurement>,
    ) -> Result<(), FitError> {
        let cell = self.table.cell(row, at);
        let text = cell.text()?;
        let stream = self.flowsheet.stream(text);
        let written = measure_of(text, self.flowsheet, self.matter);
        if stream.is_none() && written.is_none() {
            let streams = self.flowsheet.streams.iter();
            return Err(FitError::UnknownPlace {
                place: cell.place(),
                value: text.to_owned(),
                accepted: streams.map(|s| s.id.clone()).collect(),
            });
        }
        for column in &self.columns {
            if self.table.cell(row, column.value).is_blank() {
                continue;
            }
            let (what, measure, factor) = match (column.of, stream, &written) {
                (Column::Mass, Some(s), _) => (What::Mass(s), Measure::Mass(s, Of::All), 1.0),
                (Column::Temperature, Some(s), _) => {
                    (What::Temperature(s), Measure::Temperature(s), 1.0)
                }
                (Column::Share(of, factor), Some(s), _) => {
                    let (part, all) = (Measure::Mass(s, of), Measure::Mass(s, Of::All));
                    let share = Measure::Ratio(Box::new(part), Box::new(all));
                    (What::Share(s, of), share, factor)
                }
                (Column::Written, None, Some(measure)) => (What::Written, measure.clone(), 1.0),
                // A value that belongs to no place of that kind.
                _ => {
                    return Err(FitError::UnknownColumn {
                        place: self.table.cell(row, column.value).place(),
                        column: self.table.columns[column.value].name.clone(),
                        accepted: match stream {
                            Some(_) => "mass, temperature, shares".into(),
                            None => "value".into(),
                        },
                    });
                }
            };
            out.push(self.measurement(row, run, text, column, (what, measure, factor))?);
        }
        Ok(())
    }

    fn measurement(
        &self,
        row: &Row,
        run: usize,
        at: &str,
        column: &ColumnPair,
        (what, measure, factor): (What, Measure, f64),
    ) -> Result<Measurement, FitError> {
        let dimension = match column.of {
            Column::Share(..) => Dimension::MassFraction,
            _ => dimension_of(&measure),
        };
        let unit = self.table.unit(column.value, dimension)?;
        let cell = self.table.cell(row, column.value);
        let number = match what {
            What::Temperature(_) => cell.number()?,
            _ => cell.non_negative()?,
        };
        let measured = unit.to_si(number) / factor;
        let sigma = sigma_of(self.table, row, column, unit, number)? / factor;
        Ok(Measurement {
            run,
            at: at.to_owned(),
            name: self.table.columns[column.value].name.clone(),
            what,
            measure,
            measured,
            sigma,
            value: measured,
            counted: true,
            unit,
            factor,
            place: cell.place(),
        })
    }
}

/// The standard deviation of a value, SI, from its own column.
fn sigma_of(
    table: &Table,
    row: &Row,
    column: &ColumnPair,
    unit: &'static Unit,
    number: f64,
) -> Result<f64, FitError> {
    let header = &table.columns[column.value];
    let missing = || FitError::NoDeviation {
        place: table.cell(row, column.value).place(),
        column: format!("{}{SD}", header.name),
    };
    let sd = column.sigma.ok_or_else(missing)?;
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

fn read_runs(
    table: &Table,
    flowsheet: &Flowsheet,
    matter: &Matter<'_>,
) -> Result<Vec<Run>, FitError> {
    let id = table.column("run")?;
    let mut targets = Vec::new();
    for (k, header) in table.columns.iter().enumerate() {
        let name = header.name.as_str();
        let of_other = name
            .strip_suffix(SD)
            .is_some_and(|v| table.find(v).is_some());
        if BESIDE.contains(&name) || of_other {
            continue;
        }
        let target =
            Target::named(name, flowsheet, matter).ok_or_else(|| FitError::UnknownPath {
                place: table.header_place(k),
                value: name.to_owned(),
                accepted: Target::paths(flowsheet),
            })?;
        let pair = ColumnPair {
            value: k,
            sigma: table.find(&format!("{name}{SD}")),
            of: Column::Written,
        };
        targets.push((pair, target));
    }
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
        let mut settings = Vec::new();
        for (pair, target) in &targets {
            let unit = table.unit(pair.value, target.dimension())?;
            let cell = table.cell(row, pair.value);
            let Some(number) = cell.optional_number()? else {
                continue;
            };
            let deviates = pair.sigma.is_some_and(|sd| !table.cell(row, sd).is_blank());
            settings.push(RunSetting {
                path: table.columns[pair.value].name.clone(),
                target: target.clone(),
                value: unit.to_si(number),
                sigma: deviates
                    .then(|| sigma_of(table, row, pair, unit, number))
                    .transpose()?,
                place: cell.place(),
            });
        }
        runs.push(Run {
            id: name.to_owned(),
            settings,
        });
    }
    Ok(runs)
}
