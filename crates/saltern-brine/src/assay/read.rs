//! From a table to assays: which column means what, and each row's numbers.

use saltern_units::place::Place;
use saltern_units::table::{Cell, Header, Row, Table};
use saltern_units::unit::{self, Dimension, Unit};

use super::{Analysed, Analyte, Assay, AssayError, DIMENSIONS};

/// Columns that may stand in an assay table for people to read; their content is passed over.
const REMARKS: [&str; 7] = [
    "name", "note", "source", "date", "place", "comment", "sample",
];

/// Temperatures that an assay may have, K: −60 to 300 °C. Databases hold for less and say so.
const TEMPERATURE_RANGE_K: (f64, f64) = (213.15, 573.15);
/// Densities that a brine may have, kg/m³. Concentrated calcium bromide reaches 1.7; the rest is a slip.
const DENSITY_RANGE_KG_M3: (f64, f64) = (900.0, 2000.0);
/// pH that a brine may have. Concentrated acid chloride brines are below zero on the unscaled Pitzer scale.
const PH_RANGE: (f64, f64) = (-3.0, 15.0);

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    Id,
    Temperature,
    Density,
    Ph,
    Component(Analyte, &'static Unit),
    Remark,
}

/// Every row of a table as an assay. `id` and `temperature` must be there.
pub(super) fn assays(table: &Table) -> Result<Vec<Assay>, AssayError> {
    let roles = roles(table)?;
    let (id, temperature) = (table.column("id")?, table.column("temperature")?);
    table
        .rows
        .iter()
        .map(|row| {
            let name = table.cell(row, id).text()?.to_string();
            let kelvin = bounded(
                table.cell(row, temperature),
                Dimension::Temperature,
                TEMPERATURE_RANGE_K,
            )?;
            assay(table, row, &roles, name, kelvin)
        })
        .collect()
}

/// An assay from the cells of one row, as (header with unit, text); `fallback_k` is its temperature
/// where the row gives none.
pub(super) fn from_cells(
    place: &Place,
    id: &str,
    cells: &[(String, String)],
    fallback_k: f64,
) -> Result<Assay, AssayError> {
    let table = one_row(place, cells)?;
    let roles = roles(&table)?;
    let row = &table.rows[0];
    let kelvin = match table
        .find("temperature")
        .map(|c| table.cell(row, c))
        .filter(|c| !c.is_blank())
    {
        Some(cell) => bounded(cell, Dimension::Temperature, TEMPERATURE_RANGE_K)?,
        None => fallback_k,
    };
    assay(&table, row, &roles, id.to_string(), kelvin)
}

/// The cells as a table of one row that keeps its place in the file they came from.
fn one_row(place: &Place, cells: &[(String, String)]) -> Result<Table, AssayError> {
    let line = |of: fn(&(String, String)) -> &String| {
        let quoted: Vec<String> = cells
            .iter()
            .map(|c| format!("\"{}\"", of(c).replace('"', "\"\"")))
            .collect();
        quoted.join(",")
    };
    let text = format!("{}\n{}\n", line(|c| &c.0), line(|c| &c.1));
    let mut table = Table::read(&place.file, &text)?;
    if let Some(row) = place.row {
        table.rows[0].number = row;
    }
    Ok(table)
}

fn roles(table: &Table) -> Result<Vec<Role>, AssayError> {
    (0..table.columns.len()).map(|i| role(table, i)).collect()
}

fn role(table: &Table, column: usize) -> Result<Role, AssayError> {
    let Header { name, unit } = &table.columns[column];
    if let Some(analyte) = Analyte::from_name(name) {
        let found = DIMENSIONS
            .iter()
            .find_map(|d| unit::find(Some(unit), *d).ok());
        let unit = found.ok_or_else(|| AssayError::UnknownUnit {
            place: table.header_place(column),
            name: name.clone(),
            value: unit.clone(),
        })?;
        return Ok(Role::Component(analyte, unit));
    }
    match name.as_str() {
        "id" => Ok(Role::Id),
        "temperature" => table
            .unit(column, Dimension::Temperature)
            .map(|_| Role::Temperature)
            .map_err(Into::into),
        "density" => table
            .unit(column, Dimension::Density)
            .map(|_| Role::Density)
            .map_err(Into::into),
        "pH" if unit.is_empty() || unit == "-" => Ok(Role::Ph),
        remark if unit.is_empty() && REMARKS.contains(&remark) => Ok(Role::Remark),
        _ => Err(AssayError::UnknownColumn {
            place: table.header_place(column),
            name: name.clone(),
        }),
    }
}

fn assay(
    table: &Table,
    row: &Row,
    roles: &[Role],
    id: String,
    temperature_k: f64,
) -> Result<Assay, AssayError> {
    let place = Place::row(&table.file, row.number);
    let mut assay = Assay {
        id,
        place,
        temperature_k,
        density_kg_m3: None,
        ph: None,
        analysed: Vec::new(),
    };
    for (column, role) in roles.iter().enumerate() {
        let cell = table.cell(row, column);
        if cell.is_blank() {
            continue;
        }
        match *role {
            Role::Density => {
                assay.density_kg_m3 = Some(bounded(cell, Dimension::Density, DENSITY_RANGE_KG_M3)?);
            }
            Role::Ph => assay.ph = Some(ph(cell)?),
            Role::Component(analyte, unit) => {
                let value = concentration(cell, analyte)?;
                assay.analysed.push(Analysed {
                    analyte,
                    value,
                    unit,
                });
            }
            Role::Id | Role::Temperature | Role::Remark => {}
        }
    }
    if assay.analysed.is_empty() {
        return Err(AssayError::NothingAnalysed { place: assay.place });
    }
    not_twice(&assay)?;
    Ok(assay)
}

/// Acid waters have negative alkalinity; nothing else can be below zero.
fn concentration(cell: Cell<'_>, analyte: Analyte) -> Result<f64, AssayError> {
    let value = if analyte == Analyte::Alkalinity {
        cell.number()?
    } else {
        cell.non_negative()?
    };
    Ok(value)
}

fn ph(cell: Cell<'_>) -> Result<f64, AssayError> {
    let value = cell.number()?;
    within(cell, value, PH_RANGE, "")
}

fn bounded(cell: Cell<'_>, dimension: Dimension, range: (f64, f64)) -> Result<f64, AssayError> {
    let value = cell.quantity(dimension)?;
    within(
        cell,
        value,
        range,
        if dimension == Dimension::Temperature {
            " K"
        } else {
            " kg/m3"
        },
    )
}

fn within(
    cell: Cell<'_>,
    value: f64,
    (low, high): (f64, f64),
    unit: &str,
) -> Result<f64, AssayError> {
    if (low..=high).contains(&value) {
        return Ok(value);
    }
    Err(AssayError::OutOfRange {
        place: cell.place(),
        value: cell.raw().into(),
        accepted: format!("{low}{unit} … {high}{unit}"),
    })
}

/// Boron and carbon can each be given in several columns that would be counted twice.
fn not_twice(assay: &Assay) -> Result<(), AssayError> {
    let given = |a: &Analyte| {
        assay
            .analysed
            .iter()
            .any(|x| x.analyte == *a && x.value != 0.0)
    };
    let rivals: [(&[Analyte], &[Analyte]); 3] = [
        (&[Analyte::B], &[Analyte::B2o3, Analyte::H3bo3]),
        (&[Analyte::B2o3], &[Analyte::H3bo3]),
        (&[Analyte::C], &[Analyte::Hco3, Analyte::Co3]),
    ];
    for (ones, others) in rivals {
        if let (Some(one), Some(other)) = (
            ones.iter().find(|a| given(a)),
            others.iter().find(|a| given(a)),
        ) {
            return Err(AssayError::GivenTwice {
                place: assay.place.clone(),
                first: one.name(),
                second: other.name(),
            });
        }
    }
    Ok(())
}
