//! Measurements as people's tables write them.

use saltern_brine::database::WATER;
use saltern_brine::formula::{Formula, atomic_mass_g_mol};
use saltern_units::message::nearest;
use saltern_units::table::{ColumnId, Row, Table};
use saltern_units::unit::Dimension;

use super::{Measurement, Pair, What, beside, sigma_of};
use crate::fit::error::FitError;
use crate::flowsheet::Flowsheet;
use crate::matter::Matter;
use crate::measure::{Measure, Of};
use crate::reading::{dimension_of, measure_of};

/// What a column of measurements is of.
#[derive(Clone, Copy, Debug)]
enum Column {
    Mass,
    Temperature,
    Written,
    /// Of what, and the mass reported per mass of that.
    Share(Of, f64),
}

fn columns(table: &Table, matter: &Matter<'_>) -> Result<Vec<(Pair, Column)>, FitError> {
    let mut columns = Vec::new();
    for (k, header) in table.columns.iter().enumerate() {
        let name = header.name.as_str();
        if beside(table, name) {
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
        columns.push((Pair::of(table, k), of));
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

pub(super) struct Reader<'a, 'db> {
    flowsheet: &'a Flowsheet,
    matter: &'a Matter<'db>,
    table: &'a Table,
    columns: Vec<(Pair, Column)>,
}

impl<'a, 'db> Reader<'a, 'db> {
    pub(super) fn new(
        table: &'a Table,
        flowsheet: &'a Flowsheet,
        matter: &'a Matter<'db>,
    ) -> Result<Self, FitError> {
        Ok(Reader {
            flowsheet,
            matter,
            table,
            columns: columns(table, matter)?,
        })
    }

    /// Measurements of one row, in the run it is of.
    pub(super) fn row(
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
        for &(pair, column) in &self.columns {
            if self.table.cell(row, pair.value).is_blank() {
                continue;
            }
            let (what, measure, factor) = match (column, stream, &written) {
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
                        place: self.table.cell(row, pair.value).place(),
                        column: self.table.columns[pair.value].name.clone(),
                        accepted: match stream {
                            Some(_) => "mass, temperature, shares".into(),
                            None => "value".into(),
                        },
                    });
                }
            };
            out.push(self.measurement(row, run, text, pair, (what, measure, factor))?);
        }
        Ok(())
    }

    fn measurement(
        &self,
        row: &Row,
        run: usize,
        at: &str,
        pair: Pair,
        (what, measure, factor): (What, Measure, f64),
    ) -> Result<Measurement, FitError> {
        let dimension = match what {
            What::Share(..) => Dimension::MassFraction,
            _ => dimension_of(&measure),
        };
        let unit = self.table.unit(pair.value, dimension)?;
        let cell = self.table.cell(row, pair.value);
        let number = match what {
            What::Temperature(_) => cell.number()?,
            _ => cell.non_negative()?,
        };
        let measured = unit.to_si(number) / factor;
        let sigma = sigma_of(self.table, row, pair, unit, number)? / factor;
        Ok(Measurement {
            run,
            at: at.to_owned(),
            name: self.table.columns[pair.value].name.clone(),
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
