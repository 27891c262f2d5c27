//! What may be built, when and at what cost: `expansion_stages.csv` and `expansion.csv`.
//!
//! A stage is a year that stands for those up to the next stage. A row of `expansion.csv` lets a unit of another table be built,
//! in one stage or, where it names none, in all stages without a row of their own.

use super::read::Reader;
use super::units::each;
use super::{Energy, UnitRef, units};
use crate::error::BaseError;
use crate::sheet::Record;
use saltern_units::place::Place;

/// s in a year, as the unit `a` has it.
const YEAR_S: f64 = 365.25 * 86_400.0;

/// Years that the last stage stands for where nothing is said.
const LAST_YEARS: u64 = 5;

/// What may be built.
#[derive(Clone, Debug, PartialEq)]
pub struct Expansion {
    /// What money a year later is worth less, as a share.
    pub discount: f64,
    /// Stages, years rising.
    pub stages: Vec<Stage>,
    /// Units that may be built.
    pub choices: Vec<Choice>,
}

/// A year that stands for some years.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The year.
    pub year: i64,
    /// Years it stands for, itself the first.
    pub years: u64,
    /// What all demands are multiplied by.
    pub demand: f64,
    /// What all arriving work is multiplied by.
    pub work: f64,
    /// Most money for what is built in it.
    pub budget: Option<f64>,
    /// Most direct carbon dioxide a year, kg.
    pub carbon_kg: Option<f64>,
    /// Its row.
    pub place: Place,
}

/// A unit that may be built.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The unit: a generator, store, converter or hall.
    pub unit: UnitRef,
    /// Its id.
    pub id: String,
    /// Share of its own table's capacity that stands before the first stage.
    pub existing: f64,
    /// On what terms it is built in each stage; `None` where it isn't.
    pub terms: Vec<Option<Terms>>,
}

/// On what terms a unit is built in a stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// Money per W.
    pub capex_w: f64,
    /// Money per J of a store.
    pub capex_j: f64,
    /// Energy of a store per power, s, where both are built together.
    pub hours_s: Option<f64>,
    /// Years that it stands.
    pub lifetime_a: f64,
    /// Least and most power built, W.
    pub power_w: (f64, f64),
    /// Least and most energy of a store built, J.
    pub energy_j: (f64, f64),
    /// Its row.
    pub place: Place,
}

/// What may be built; `None` without stages.
pub(super) fn read(energy: &Energy, discount: f64, reader: &mut Reader<'_>) -> Option<Expansion> {
    let stages = stages(reader);
    let sheet = reader.sheet("expansion");
    if let Some(sheet) = &sheet {
        reader.money_of(sheet);
    }
    let rows = each(sheet, reader, |row, reader| choice(energy, &row, reader));
    if stages.is_empty() {
        return None;
    }
    let mut choices: Vec<Choice> = Vec::new();
    let mut ordered: Vec<&Row> = rows.iter().collect();
    // Rows of all stages first, so that those of one go over them.
    ordered.sort_by_key(|row| row.year.is_some());
    for (n, row) in ordered.iter().enumerate() {
        let same = |other: &&&Row| other.id == row.id && other.year == row.year;
        if let Some(first) = ordered[..n].iter().find(same) {
            reader.errors.push(BaseError::DuplicateId {
                place: row.terms.place.clone(),
                id: row.id.clone(),
                first: Box::new(first.terms.place.clone()),
            });
        }
        let at = choices.iter().position(|choice| choice.id == row.id);
        let at = at.unwrap_or_else(|| {
            choices.push(Choice {
                unit: row.unit,
                id: row.id.clone(),
                existing: row.existing,
                terms: vec![None; stages.len()],
            });
            choices.len() - 1
        });
        let choice = &mut choices[at];
        match row.year {
            None => choice.terms.fill(Some(row.terms.clone())),
            Some(year) => match stages.iter().position(|stage| stage.year == year) {
                Some(stage) => choice.terms[stage] = Some(row.terms.clone()),
                None => reader.errors.push(BaseError::UnknownId {
                    place: row.terms.place.clone(),
                    id: year.to_string(),
                    known: stages.iter().map(|stage| stage.year.to_string()).collect(),
                }),
            },
        }
    }
    Some(Expansion {
        discount,
        stages,
        choices,
    })
}

fn stages(reader: &mut Reader<'_>) -> Vec<Stage> {
    let sheet = reader.sheet("expansion_stages");
    if let Some(sheet) = &sheet {
        reader.money_of(sheet);
    }
    let mut stages = each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let year = row.count("stage", errors);
        let years = match row.given("years") {
            None => Some(0),
            Some(_) => row.count("years", errors),
        };
        let demand = row.quantity("demand", errors);
        let work = row.quantity("work", errors);
        let budget = row.optional_quantity("budget", errors);
        let carbon = row.optional_quantity("carbon", errors);
        Some(Stage {
            year: i64::try_from(year?).ok()?,
            years: years?,
            demand: demand?,
            work: work?,
            budget: budget?,
            carbon_kg: carbon?,
            place: row.place(),
        })
    });
    for s in 0..stages.len() {
        let next = stages.get(s + 1).map(|next| next.year);
        let until = next.map_or(LAST_YEARS as i64, |next| next - stages[s].year);
        if until <= 0 {
            reader.errors.push(BaseError::WrongType {
                place: stages[s + 1].place.clone(),
                value: stages[s + 1].year.to_string(),
                accepted: format!("> {}", stages[s].year),
            });
            return Vec::new();
        }
        if stages[s].years == 0 {
            stages[s].years = until as u64;
        }
    }
    stages
}

/// A row of `expansion.csv`.
struct Row {
    unit: UnitRef,
    id: String,
    year: Option<i64>,
    existing: f64,
    terms: Terms,
}

fn choice(energy: &Energy, row: &Record<'_>, reader: &mut Reader<'_>) -> Option<Row> {
    let errors = &mut reader.errors;
    let id = row.text("unit", errors)?;
    let year = match row.given("stage") {
        None => None,
        Some(_) => Some(i64::try_from(row.count("stage", errors)?).ok()?),
    };
    let capex_w = row.quantity("capex", errors);
    let capex_j = row.quantity("capex_energy", errors);
    let hours_s = row.optional_quantity("hours", errors);
    let lifetime = row.quantity("lifetime", errors);
    let power_min = row.quantity("build_min", errors);
    let power_max = row.optional_quantity("build_max", errors);
    let energy_min = row.quantity("energy_min", errors);
    let energy_max = row.optional_quantity("energy_max", errors);
    let existing = row.quantity("existing", errors);
    let Some(unit) = units::unit(energy, &id).filter(|unit| may_be_built(*unit)) else {
        let known = units::listed(energy).filter(|(_, unit)| may_be_built(*unit));
        errors.push(BaseError::UnknownId {
            place: row.place_of("unit"),
            id,
            known: known.map(|(id, _)| id.to_string()).collect(),
        });
        return None;
    };
    let (power_w, energy_j) = (
        (power_min?, power_max?.unwrap_or(f64::INFINITY)),
        (energy_min?, energy_max?.unwrap_or(f64::INFINITY)),
    );
    if power_w.0 > power_w.1 || energy_j.0 > energy_j.1 {
        errors.push(BaseError::WrongType {
            place: row.place(),
            value: id,
            accepted: "build_min ≤ build_max, energy_min ≤ energy_max".into(),
        });
        return None;
    }
    Some(Row {
        unit,
        id,
        year,
        existing: existing?,
        terms: Terms {
            capex_w: capex_w?,
            capex_j: capex_j?,
            hours_s: hours_s?,
            lifetime_a: lifetime? / YEAR_S,
            power_w,
            energy_j,
            place: row.place(),
        },
    })
}

/// Lines and grids are not built here: what they cost is nobody's row of a unit.
fn may_be_built(unit: UnitRef) -> bool {
    matches!(
        unit,
        UnitRef::Generator(_) | UnitRef::Store(_) | UnitRef::Converter(_) | UnitRef::Hall(_)
    )
}
