//! What can be wrong with an assay, with the place and what is accepted.

use std::sync::LazyLock;

use saltern_units::message::{Catalogue, Fields, Lang, Message, nearest};
use saltern_units::place::Place;
use saltern_units::table::TableError;

use super::{Analyte, DIMENSIONS};
use crate::equilibrium::BrineError;

/// What is wrong with an assay.
#[derive(Clone, Debug, PartialEq)]
pub enum AssayError {
    /// `table.…`: the table or a cell of it.
    Table(TableError),
    /// `assay.unknown_column`: neither a component nor one of the other columns of an assay.
    UnknownColumn {
        /// The header.
        place: Place,
        /// Its name.
        name: String,
    },
    /// `assay.unknown_unit`: a component in a unit that is not a concentration, or without one.
    UnknownUnit {
        /// The header.
        place: Place,
        /// Component.
        name: String,
        /// Unit as written.
        value: String,
    },
    /// `assay.out_of_range`: a temperature, density or pH that no brine has.
    OutOfRange {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
        /// Accepted range with its unit.
        accepted: String,
    },
    /// `assay.nothing_analysed`: a row without any component.
    NothingAnalysed {
        /// The row.
        place: Place,
    },
    /// `assay.given_twice`: two columns that carry the same element.
    GivenTwice {
        /// The row.
        place: Place,
        /// One column.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// `assay.unknown_to_database`: a component that the database has no data for.
    UnknownToDatabase {
        /// The row.
        place: Place,
        /// Component.
        name: &'static str,
        /// What is written, with its unit.
        value: String,
        /// The database.
        database: Box<Knows>,
    },
    /// `assay.ph_needed`: carbonate or boron, and nothing that says how acid the brine is.
    PhNeeded {
        /// The row.
        place: Place,
        /// Component.
        name: &'static str,
    },
    /// `assay.no_water`: the dissolved salts weigh as much as the brine.
    NoWater {
        /// The row.
        place: Place,
        /// Mass of salts in a kilogram of brine, kg.
        salts_kg_kg: f64,
    },
    /// `assay.no_density`: no density was found at which the volumetric analysis fits the model.
    NoDensity {
        /// The row.
        place: Place,
        /// The last density tried, kg/m³.
        density_kg_m3: f64,
    },
    /// `assay.cannot_balance`: the ion would have to be negative.
    CannotBalance {
        /// The row.
        place: Place,
        /// The ion.
        ion: String,
        /// What it would have to be, mol per kg of water.
        needed_mol_kgw: f64,
    },
    /// `assay.no_start`: the speciation of the brine did not converge.
    NoStart {
        /// The row.
        place: Place,
        /// What the solver says.
        error: BrineError,
    },
}

/// A database and the components of assays that it knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Knows {
    /// Name of the database.
    pub name: String,
    /// Components as columns spell them.
    pub known: Vec<String>,
}

impl From<TableError> for AssayError {
    fn from(error: TableError) -> Self {
        AssayError::Table(error)
    }
}

impl AssayError {
    /// Where the trouble is.
    pub fn place(&self) -> &Place {
        match self {
            AssayError::Table(error) => error.place(),
            AssayError::UnknownColumn { place, .. }
            | AssayError::UnknownUnit { place, .. }
            | AssayError::OutOfRange { place, .. }
            | AssayError::NothingAnalysed { place }
            | AssayError::GivenTwice { place, .. }
            | AssayError::UnknownToDatabase { place, .. }
            | AssayError::PhNeeded { place, .. }
            | AssayError::NoWater { place, .. }
            | AssayError::NoDensity { place, .. }
            | AssayError::CannotBalance { place, .. }
            | AssayError::NoStart { place, .. } => place,
        }
    }

    /// Whether the person's input is wrong, rather than the computation having failed.
    pub fn is_input(&self) -> bool {
        !matches!(
            self,
            AssayError::NoStart { .. } | AssayError::NoDensity { .. }
        )
    }
}

/// Names of components as columns spell them.
fn component_names() -> Vec<&'static str> {
    Analyte::ALL.iter().map(|a| a.name()).collect()
}

impl Message for AssayError {
    fn code(&self) -> &'static str {
        match self {
            AssayError::Table(error) => error.code(),
            AssayError::UnknownColumn { .. } => "assay.unknown_column",
            AssayError::UnknownUnit { .. } => "assay.unknown_unit",
            AssayError::OutOfRange { .. } => "assay.out_of_range",
            AssayError::NothingAnalysed { .. } => "assay.nothing_analysed",
            AssayError::GivenTwice { .. } => "assay.given_twice",
            AssayError::UnknownToDatabase { .. } => "assay.unknown_to_database",
            AssayError::PhNeeded { .. } => "assay.ph_needed",
            AssayError::NoWater { .. } => "assay.no_water",
            AssayError::NoDensity { .. } => "assay.no_density",
            AssayError::CannotBalance { .. } => "assay.cannot_balance",
            AssayError::NoStart { .. } => "assay.no_start",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        if let AssayError::Table(error) = self {
            return error.fields(lang);
        }
        let mut fields = vec![("place", self.place().text(lang))];
        match self {
            AssayError::Table(_) | AssayError::NothingAnalysed { .. } => {}
            AssayError::UnknownColumn { name, .. } => {
                let near = nearest(name, component_names()).map_or(String::new(), |n| {
                    lang.pick(format!(" (did you mean {n}?)"), format!("(是否指 {n}?)"))
                });
                fields.extend([
                    ("name", name.clone()),
                    ("near", near),
                    ("accepted", lang.list(&component_names())),
                ]);
            }
            AssayError::UnknownUnit { name, value, .. } => {
                let units: Vec<&str> = DIMENSIONS
                    .iter()
                    .flat_map(|d| d.units())
                    .map(|u| u.symbol)
                    .collect();
                let value = if value.is_empty() {
                    lang.pick("none", "无").into()
                } else {
                    format!("[{value}]")
                };
                fields.extend([
                    ("name", name.clone()),
                    ("value", value),
                    ("accepted", lang.list(&units)),
                ]);
            }
            AssayError::OutOfRange {
                value, accepted, ..
            } => {
                fields.extend([("value", value.clone()), ("accepted", accepted.clone())]);
            }
            AssayError::GivenTwice { first, second, .. } => {
                fields.extend([("first", first.to_string()), ("second", second.to_string())]);
            }
            AssayError::UnknownToDatabase {
                name,
                value,
                database,
                ..
            } => fields.extend([
                ("name", name.to_string()),
                ("value", value.clone()),
                ("database", database.name.clone()),
                ("known", lang.list(&database.known)),
            ]),
            AssayError::PhNeeded { name, .. } => fields.push(("name", name.to_string())),
            AssayError::NoWater { salts_kg_kg, .. } => {
                fields.push(("salts", format!("{:.0}", salts_kg_kg * 1e3)));
            }
            AssayError::NoDensity { density_kg_m3, .. } => {
                fields.push(("density", format!("{density_kg_m3:.0}")));
            }
            AssayError::CannotBalance {
                ion,
                needed_mol_kgw,
                ..
            } => {
                fields.extend([
                    ("ion", ion.clone()),
                    ("needed", format!("{needed_mol_kgw:.4}")),
                ]);
            }
            AssayError::NoStart { error, .. } => fields.push(("error", error.text(lang))),
        }
        fields
    }

    fn catalogue(&self) -> &'static Catalogue {
        match self {
            AssayError::Table(error) => error.catalogue(),
            _ => catalogue(),
        }
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            AssayError::Table(error) => error.text(lang),
            _ => self
                .catalogue()
                .render(self.code(), lang, &self.fields(lang)),
        }
    }
}

/// Sentences of this module's errors and notices.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("messages.csv")));
    &CATALOGUE
}

impl std::fmt::Display for AssayError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for AssayError {}
