//! Brine analyses: what a laboratory writes, and the component amounts that the solver takes.
//!
//! - [`Assay`]: one brine as analysed, read from a table by [`read`].
//! - [`Composition`]: the same per kilogram of water; volumetric units need a density, which is the
//!   given one or is iterated from the model.
//! - [`Brine`]: component amounts for 1 kg of liquid water, with pH, alkalinity or a charge balance
//!   turned into a proton excess ([`Assay::dissolve`]).
//! - [`plausibility`]: what looks wrong about an analysis; [`repetition`]: about several side by side.

mod analyte;
mod composition;
mod dissolve;
mod error;
mod notice;
pub mod plausibility;
mod read;
pub mod repetition;

pub use analyte::Analyte;
pub use composition::Composition;
pub use dissolve::{Brine, alkalinity, known_to};
pub use error::{AssayError, Knows, catalogue};
pub use notice::Notice;

use saltern_units::place::Place;
use saltern_units::table::Table;
use saltern_units::unit::{Dimension, Unit};

use crate::database::{ComponentId, Database};

/// One brine as analysed.
#[derive(Clone, Debug, PartialEq)]
pub struct Assay {
    /// Id of the brine.
    pub id: String,
    /// Its row.
    pub place: Place,
    /// Temperature, K.
    pub temperature_k: f64,
    /// Measured density, kg/m³.
    pub density_kg_m3: Option<f64>,
    /// pH on the unscaled Pitzer scale.
    pub ph: Option<f64>,
    /// What was analysed; blank cells are left out.
    pub analysed: Vec<Analysed>,
}

/// One analysed component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Analysed {
    /// What.
    pub analyte: Analyte,
    /// How much, in `unit`.
    pub value: f64,
    /// The unit of the column; its dimension is one of [`DIMENSIONS`].
    pub unit: &'static Unit,
}

/// What a concentration in an assay may measure.
pub const DIMENSIONS: [Dimension; 4] = [
    Dimension::Molality,
    Dimension::Concentration,
    Dimension::MassFraction,
    Dimension::Molarity,
];

/// How the residual charge of an analysis is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Balance {
    /// Carried unchanged.
    #[default]
    None,
    /// Taken up by the pH.
    Ph,
    /// Taken up by the total of one ion.
    Ion(ComponentId),
}

impl Balance {
    /// From `none`, `pH` or the name of an ion (`Cl`, `Cl-`); `None` if it is neither or the
    /// database doesn't know it as an ion.
    pub fn parse(text: &str, database: &Database) -> Option<Balance> {
        match text {
            "none" => Some(Balance::None),
            "pH" | "ph" => Some(Balance::Ph),
            ion => {
                let component = Analyte::from_name(ion)
                    .and_then(|a| a.component(database))
                    .or_else(|| database.component(ion))?;
                let charged = database.components[component].formula.charge != 0.0;
                (charged && component > crate::database::HYDROGEN)
                    .then_some(Balance::Ion(component))
            }
        }
    }
}

/// Every row of an assay table.
pub fn read(table: &Table) -> Result<Vec<Assay>, AssayError> {
    read::assays(table)
}

impl Assay {
    /// Whether an analyte was looked for, found or not.
    pub fn has(&self, analyte: Analyte) -> bool {
        self.analysed.iter().any(|x| x.analyte == analyte)
    }

    /// An assay from the cells of one row, each with its header (`Na [g/L]`); `fallback_k` is the
    /// temperature where the cells give none, `place` the row they come from.
    pub fn from_cells(
        place: &Place,
        id: &str,
        cells: &[(String, String)],
        fallback_k: f64,
    ) -> Result<Assay, AssayError> {
        read::from_cells(place, id, cells, fallback_k)
    }
}

#[cfg(test)]
mod tests;
