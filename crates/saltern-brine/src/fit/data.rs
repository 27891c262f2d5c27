//! Measurements: one row a measurement, its brine as in an assay table.

use saltern_units::place::Place;
use saltern_units::table::{Cell, Row, Table};
use saltern_units::unit::Dimension;

use super::FitError;
use crate::assay::{Analyte, Assay, Balance, Brine};
use crate::database::{ComponentId, Database, HYDROGEN, MineralId, WATER};
use crate::equilibrium::Solver;
use crate::formula::Formula;
use crate::phases;

/// A measurement.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// Its row.
    pub place: Place,
    /// Key of its source.
    pub source: String,
    /// The brine.
    pub assay: Assay,
    /// How its charges are balanced.
    pub balance: Balance,
    /// What was measured.
    pub quantity: Quantity,
    /// What it is of, as written: a salt or solids.
    pub of: String,
    /// The value, SI; NaN for a saturation.
    pub value: f64,
    /// Standard deviation in the same unit; relative for a saturation.
    pub deviation: f64,
    /// Factor on the inverse variance; zero: shown, not fitted.
    pub weight: f64,
    /// Remark.
    pub note: String,
}

/// What can be measured.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// φ, counting the analysed components.
    OsmoticCoefficient,
    /// a_w.
    WaterActivity,
    /// γ± of a salt: its two components with how many of each it has.
    MeanActivityCoefficient([(ComponentId, f64); 2]),
    /// The brine is saturated with each of these.
    Saturation(Vec<MineralId>),
    /// Density, kg/m³.
    Density,
    /// Heat capacity of the brine at fixed speciation, J/(K kg).
    HeatCapacity,
    /// Enthalpy of dissolving a solid in water at infinite dilution, J/mol: RT² d ln K/dT. No brine belongs to it.
    EnthalpyOfSolution(MineralId),
}

/// Names of quantities, as tables write them, in the order of the defaults below.
pub const QUANTITIES: [&str; 7] = [
    "osmotic_coefficient",
    "water_activity",
    "mean_activity_coefficient",
    "saturation",
    "density",
    "heat_capacity",
    "enthalpy_of_solution",
];

/// Standard deviations where a row gives none. Assumed: what good measurements of each kind scatter by. The mean activity
/// coefficient's and the saturation's are relative.
const DEVIATIONS: [f64; 7] = [0.005, 0.002, 0.01, 0.01, 0.5, 10.0, 500.0];

/// Units accepted for each quantity, and what turns the number into SI.
const UNITS: [&[(&str, f64)]; 7] = [
    &[("-", 1.0), ("1", 1.0)],
    &[("-", 1.0), ("1", 1.0), ("%", 0.01)],
    &[("-", 1.0), ("1", 1.0)],
    &[("-", 1.0), ("1", 1.0)],
    &[
        ("kg/m3", 1.0),
        ("g/cm3", 1e3),
        ("g/mL", 1e3),
        ("kg/L", 1e3),
        ("g/L", 1.0),
    ],
    &[("J/kg/K", 1.0), ("kJ/kg/K", 1e3), ("J/g/K", 1e3)],
    &[("kJ/mol", 1e3), ("J/mol", 1.0)],
];

impl Quantity {
    /// Its name in tables.
    pub fn name(&self) -> &'static str {
        QUANTITIES[match self {
            Quantity::OsmoticCoefficient => 0,
            Quantity::WaterActivity => 1,
            Quantity::MeanActivityCoefficient(_) => 2,
            Quantity::Saturation(_) => 3,
            Quantity::Density => 4,
            Quantity::HeatCapacity => 5,
            Quantity::EnthalpyOfSolution(_) => 6,
        }]
    }
}

/// Place of the enthalpy of solution in [`QUANTITIES`].
const ENTHALPY: usize = 6;

/// Columns that belong to the measurement and not to its brine.
const OWN: [&str; 9] = [
    "source", "balance", "quantity", "of", "value", "unit", "sd", "weight", "note",
];

/// Every row of a table of measurements. Solids are looked up in `database`, which must hold those that a fit adds.
///
/// # Errors
/// [`FitError`] with the cell.
pub fn read(table: &Table, database: &Database) -> Result<Vec<Measurement>, FitError> {
    for column in ["source", "temperature", "quantity"] {
        table.column(column)?;
    }
    let measurements: Vec<Measurement> = table
        .rows
        .iter()
        .map(|row| {
            let reader = MeasurementRow {
                table,
                row,
                database,
            };
            reader.read()
        })
        .collect::<Result<_, _>>()?;
    if measurements.iter().all(|m| m.weight == 0.0) {
        let place = Place::file(&table.file);
        return Err(FitError::NoData { place });
    }
    Ok(measurements)
}

struct MeasurementRow<'t> {
    table: &'t Table,
    row: &'t Row,
    database: &'t Database,
}

impl<'t> MeasurementRow<'t> {
    fn read(&self) -> Result<Measurement, FitError> {
        let place = Place::row(&self.table.file, self.row.number);
        let source = self.cell("source").map_or(Ok(""), |c| c.text())?;
        let index = self
            .cell("quantity")
            .map_or(Ok(0), |c| c.choice(&QUANTITIES))?;
        let assay = if index == ENTHALPY {
            self.no_brine(&place, source)?
        } else {
            self.assay(&place, source)?
        };
        let balance = self.balance(&assay)?;
        assay.check_against(self.database, balance)?;
        let quantity = self.quantity(index, &assay)?;
        let value = self.value(index)?;
        let weight = self.number("weight")?.unwrap_or(1.0);
        if weight < 0.0 {
            return Err(self.not_positive("weight"));
        }
        Ok(Measurement {
            source: source.to_string(),
            balance,
            of: self.text("of").to_string(),
            deviation: self.deviation(index, value)?,
            value,
            weight,
            note: self.text("note").to_string(),
            quantity,
            assay,
            place,
        })
    }

    fn cell(&self, column: &str) -> Option<Cell<'t>> {
        let column = self.table.find(column)?;
        Some(self.table.cell(self.row, column))
    }

    fn text(&self, column: &str) -> &'t str {
        self.cell(column).map_or("", |c| c.raw())
    }

    fn number(&self, column: &str) -> Result<Option<f64>, FitError> {
        let read = self.cell(column).map(|c| c.optional_number());
        Ok(read.transpose()?.flatten())
    }

    fn place(&self, column: &str) -> Place {
        let row = || Place::row(&self.table.file, self.row.number);
        self.cell(column).map_or_else(row, |c| c.place())
    }

    fn not_positive(&self, column: &str) -> FitError {
        FitError::NotPositive {
            place: self.place(column),
            value: self.text(column).to_string(),
        }
    }

    /// The brine: every column that is not the measurement's own, read as an assay.
    fn assay(&self, place: &Place, id: &str) -> Result<Assay, FitError> {
        let cells: Vec<(String, String)> = self
            .table
            .columns
            .iter()
            .zip(&self.row.cells)
            .filter(|(header, _)| !OWN.contains(&header.name.as_str()))
            .map(|(header, text)| (header.text(), text.clone()))
            .collect();
        // A blank temperature is refused here, where its place is known.
        let celsius = self.table.column("temperature")?;
        self.table.cell(self.row, celsius).number()?;
        Ok(Assay::from_cells(place, id, &cells, f64::NAN)?)
    }

    /// A measurement without a brine has a temperature.
    fn no_brine(&self, place: &Place, id: &str) -> Result<Assay, FitError> {
        let column = self.table.column("temperature")?;
        Ok(Assay {
            id: id.to_string(),
            place: place.clone(),
            temperature_k: self
                .table
                .cell(self.row, column)
                .quantity(Dimension::Temperature)?,
            density_kg_m3: None,
            ph: None,
            analysed: Vec::new(),
        })
    }

    fn balance(&self, assay: &Assay) -> Result<Balance, FitError> {
        let text = self.text("balance");
        if text.is_empty() {
            return Ok(default_balance(assay));
        }
        Balance::parse(text, self.database).ok_or_else(|| FitError::BadBalance {
            place: self.place("balance"),
            value: text.to_string(),
        })
    }

    fn quantity(&self, index: usize, assay: &Assay) -> Result<Quantity, FitError> {
        Ok(match index {
            0 => Quantity::OsmoticCoefficient,
            1 => Quantity::WaterActivity,
            2 => Quantity::MeanActivityCoefficient(self.salt(assay)?),
            3 => Quantity::Saturation(self.solids(assay)?),
            4 => Quantity::Density,
            5 => Quantity::HeatCapacity,
            _ => Quantity::EnthalpyOfSolution(self.solid(self.text("of"))?),
        })
    }

    fn salt(&self, assay: &Assay) -> Result<[(ComponentId, f64); 2], FitError> {
        let text = self.text("of");
        let salt = salt_of(text, self.database).ok_or_else(|| FitError::NotASalt {
            place: self.place("of"),
            value: text.to_string(),
        })?;
        for (component, _) in salt {
            self.present(text, component, assay)?;
        }
        Ok(salt)
    }

    fn solids(&self, assay: &Assay) -> Result<Vec<MineralId>, FitError> {
        let text = self.text("of");
        let mut solids = Vec::new();
        for name in split_solids(text) {
            let mineral = self.solid(name)?;
            for &(component, _) in &self.database.minerals[mineral].dissolution {
                self.present(name, component, assay)?;
            }
            solids.push(mineral);
        }
        Ok(solids)
    }

    fn solid(&self, name: &str) -> Result<MineralId, FitError> {
        phases::find(self.database, name).map_err(|error| FitError::Solid {
            place: self.place("of"),
            error: Box::new(error),
        })
    }

    /// Water and acidity are in every brine.
    fn present(&self, what: &str, component: ComponentId, assay: &Assay) -> Result<(), FitError> {
        let given = assay
            .analysed
            .iter()
            .any(|a| a.value != 0.0 && a.analyte.component(self.database) == Some(component));
        if given || component == WATER || component == HYDROGEN {
            return Ok(());
        }
        Err(FitError::Absent {
            place: Place::row(&self.table.file, self.row.number),
            what: what.to_string(),
            component: self.database.components[component].name.clone(),
        })
    }

    fn value(&self, index: usize) -> Result<f64, FitError> {
        if index == 3 {
            return Ok(f64::NAN);
        }
        let factor = self.unit(index)?;
        let column = self.table.column("value")?;
        let value = self.table.cell(self.row, column).number()?;
        if value > 0.0 || index == ENTHALPY {
            Ok(value * factor)
        } else {
            Err(self.not_positive("value"))
        }
    }

    fn unit(&self, index: usize) -> Result<f64, FitError> {
        let text = self.text("unit");
        if text.is_empty() {
            return Ok(UNITS[index][0].1);
        }
        let found = UNITS[index].iter().find(|(symbol, _)| *symbol == text);
        found
            .map(|(_, factor)| *factor)
            .ok_or_else(|| FitError::BadUnit {
                place: self.place("unit"),
                value: text.to_string(),
                accepted: UNITS[index][0].0,
            })
    }

    /// In the unit of the value, but relative for γ± and saturation.
    fn deviation(&self, index: usize, value: f64) -> Result<f64, FitError> {
        match self.number("sd")? {
            Some(sd) if sd > 0.0 => Ok(match index {
                2 => sd / value,
                3 => sd,
                _ => sd * self.unit(index)?,
            }),
            Some(_) => Err(self.not_positive("sd")),
            None => Ok(DEVIATIONS[index]),
        }
    }
}

/// Electroneutrality decides where weak acids leave the pH open; else the ions stand as given.
fn default_balance(assay: &Assay) -> Balance {
    let given = |list: &[Analyte]| {
        let found = |a: &crate::assay::Analysed| a.value != 0.0 && list.contains(&a.analyte);
        assay.analysed.iter().any(found)
    };
    use Analyte::{Alkalinity, B, B2o3, C, Co3, H3bo3, Hco3};
    let open = assay.ph.is_none() && !given(&[Alkalinity]);
    if open && given(&[B, B2o3, H3bo3, C, Hco3, Co3]) {
        Balance::Ph
    } else {
        Balance::None
    }
}

/// `Halite+Sylvite`; a name that holds a plus sign is quoted.
fn split_solids(text: &str) -> Vec<&str> {
    let (mut names, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' | '\'' => quoted = !quoted,
            '+' if !quoted => {
                names.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    names.push(&text[start..]);
    names
        .into_iter()
        .map(|name| name.trim().trim_matches(['"', '\'']))
        .collect()
}

/// The two components of a salt by its formula (`Li2SO4`, `HCl`), and how many of each it has.
fn salt_of(text: &str, database: &Database) -> Option<[(ComponentId, f64); 2]> {
    let formula = Formula::parse(text).ok()?;
    let ions = |sign: f64| {
        let of = move |(_, c): &(usize, &crate::database::Component)| c.formula.charge * sign > 0.0;
        database.components.iter().enumerate().filter(of)
    };
    for (cation, c) in ions(1.0) {
        for (anion, a) in ions(-1.0) {
            let (zc, za) = (c.formula.charge, -a.formula.charge);
            let both = greatest_common_divisor(zc, za);
            let (nc, na) = (za / both, zc / both);
            let mut rest = formula.clone();
            rest.add(-nc, &c.formula);
            rest.add(-na, &a.formula);
            if rest.elements.iter().all(|(_, n)| n.abs() < 1e-9) {
                return Some([(cation, nc), (anion, na)]);
            }
        }
    }
    None
}

fn greatest_common_divisor(a: f64, b: f64) -> f64 {
    if b < 0.5 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

impl Measurement {
    /// The brine as the solver takes it.
    ///
    /// # Errors
    /// [`FitError::Assay`].
    pub fn dissolve(&self, solver: &mut Solver<'_>) -> Result<Brine, FitError> {
        Ok(self.assay.dissolve(solver, self.balance)?)
    }

    /// Whether the activity of H+ is imposed by the analysis.
    pub fn ph_imposed(&self) -> bool {
        self.assay.ph.is_some() && self.balance != Balance::Ph
    }

    /// Temperature, K.
    pub fn temperature_k(&self) -> f64 {
        self.assay.temperature_k
    }
}
