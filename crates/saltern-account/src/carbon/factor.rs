//! Emission factors: tables of them, and the user's own on top.

use crate::error::AccountError;
use crate::measure::{Basis, CO2E, Measure};
use saltern_base::model::Label;
use saltern_units::place::Place;
use saltern_units::table::{ColumnId, Table};

/// Which gases a factor counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gas {
    /// CO2 alone.
    Co2,
    /// All greenhouse gases by their warming potential.
    Co2e,
}

/// Scopes of the GHG Protocol that a factor covers; more than one where they cannot be taken apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scopes {
    /// Own stacks.
    pub one: bool,
    /// Purchased electricity and heat.
    pub two: bool,
    /// Everything up the chain.
    pub three: bool,
}

impl Scopes {
    /// Reads `1`, `2`, `3`, `1+3`, `2+3`.
    fn read(text: &str) -> Option<Scopes> {
        let mut scopes = Scopes::default();
        for part in text.split('+') {
            let scope = match part.trim() {
                "1" => &mut scopes.one,
                "2" => &mut scopes.two,
                "3" => &mut scopes.three,
                _ => return None,
            };
            if std::mem::replace(scope, true) {
                return None;
            }
        }
        Some(scopes)
    }

    /// As read.
    pub fn text(self) -> String {
        let named = [(self.one, "1"), (self.two, "2"), (self.three, "3")];
        let covered: Vec<&str> = named
            .iter()
            .filter(|(has, _)| *has)
            .map(|(_, name)| *name)
            .collect();
        covered.join("+")
    }
}

/// What a factor says, whichever kind it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// Id.
    pub id: String,
    /// kg CO2 or CO2e in a base unit (kg, m³, J).
    pub kg_per_unit: f64,
    /// Base units of what it is a factor of.
    pub per: Basis,
    /// Value as written.
    pub value: f64,
    /// Unit as written.
    pub unit: String,
    /// Gases counted.
    pub gas: Gas,
    /// Scopes covered.
    pub scopes: Scopes,
    /// Where it holds; empty for everywhere.
    pub region: Label,
    /// Year of its data, where the source gives one.
    pub year: Option<u16>,
    /// Where the value comes from.
    pub source: Label,
    /// What else is to be known.
    pub note: String,
    /// Where it stands.
    pub place: Place,
}

/// What leaves where the fuel is burnt or the electricity made. Never a life-cycle factor.
#[derive(Clone, Debug, PartialEq)]
pub struct DirectFactor(pub Terms);

/// Everything from the ground on. Never a direct factor.
#[derive(Clone, Debug, PartialEq)]
pub struct LifeCycleFactor(pub Terms);

/// A factor of either kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Factor {
    /// Direct emissions.
    Direct(DirectFactor),
    /// Life-cycle emissions.
    LifeCycle(LifeCycleFactor),
}

impl Factor {
    /// What it says.
    pub fn terms(&self) -> &Terms {
        match self {
            Factor::Direct(DirectFactor(terms)) | Factor::LifeCycle(LifeCycleFactor(terms)) => {
                terms
            }
        }
    }

    /// Name of its kind in tables.
    pub fn kind(&self) -> &'static str {
        match self {
            Factor::Direct(_) => "direct",
            Factor::LifeCycle(_) => "life-cycle",
        }
    }
}

/// Factors by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Factors {
    /// All factors; no id comes twice.
    pub all: Vec<Factor>,
}

impl Factors {
    /// Reads a table of factors. `region_zh` and `source_zh` may stand beside; where one is blank or absent, what is not
    /// in Chinese holds for both languages.
    ///
    /// # Errors
    /// What is wrong, with file, row and column; a factor without unit or source is [`AccountError::Needed`].
    pub fn read(file: &str, text: &str) -> Result<Factors, AccountError> {
        let table = Table::read(file, text)?;
        let mut factors = Factors::default();
        let names = [
            "id", "value", "unit", "gas", "kind", "scopes", "region", "year", "source",
        ];
        let columns = names
            .iter()
            .map(|name| table.column(name))
            .collect::<Result<Vec<_>, _>>()?;
        let note = table.find("note");
        let chinese = ["region_zh", "source_zh"].map(|name| table.find(name));
        for row in &table.rows {
            let cell = |i: usize| table.cell(row, columns[i]);
            let label = |i: usize, zh: Option<ColumnId>| {
                let zh = zh.and_then(|column| table.cell(row, column).optional_text());
                Label {
                    en: cell(i).raw().into(),
                    zh: zh.unwrap_or(cell(i).raw()).into(),
                }
            };
            let id = cell(0).text()?;
            if factors.find(id).is_some() {
                return Err(AccountError::Duplicate {
                    place: cell(0).place(),
                    id: id.into(),
                });
            }
            for (i, what) in [(2, "unit"), (8, "source")] {
                if cell(i).is_blank() {
                    return Err(AccountError::Needed {
                        place: cell(i).place(),
                        what,
                        id: id.into(),
                    });
                }
            }
            let measure = Measure::read(cell(2).raw()).map_err(|e| e.at(cell(2).place()))?;
            let per = CO2E.times(measure.basis, -1);
            if per == CO2E || measure.basis.co2e != 1 {
                let error = AccountError::UnitOf {
                    id: id.into(),
                    unit: cell(2).raw().into(),
                    accepted: "kgCO2e/kWh, kgCO2e/kg, kgCO2e/m3".into(),
                };
                return Err(error.at(cell(2).place()));
            }
            let value = cell(1).number()?;
            let gas = [Gas::Co2, Gas::Co2e][cell(3).choice(&["CO2", "CO2e"])?];
            let direct = cell(4).choice(&["direct", "life-cycle"])? == 0;
            let scopes = match Scopes::read(cell(5).text()?) {
                Some(scopes) => scopes,
                // `choice` makes the error, naming what is accepted.
                None => {
                    cell(5).choice(&["1", "2", "3", "1+3", "2+3"])?;
                    Scopes::default()
                }
            };
            let year = if cell(7).is_blank() {
                None
            } else {
                u16::try_from(cell(7).count()?).ok()
            };
            let terms = Terms {
                id: id.into(),
                kg_per_unit: value * measure.factor,
                per,
                value,
                unit: cell(2).raw().into(),
                gas,
                scopes,
                region: label(6, chinese[0]),
                year,
                source: label(8, chinese[1]),
                note: note.map_or("", |c| table.cell(row, c).raw()).into(),
                place: cell(0).place(),
            };
            factors.all.push(if direct {
                Factor::Direct(DirectFactor(terms))
            } else {
                Factor::LifeCycle(LifeCycleFactor(terms))
            });
        }
        Ok(factors)
    }

    /// Lays others on top: where an id is in both, theirs counts.
    #[must_use]
    pub fn with(mut self, above: Factors) -> Factors {
        for factor in above.all {
            match self
                .all
                .iter_mut()
                .find(|f| f.terms().id == factor.terms().id)
            {
                Some(below) => *below = factor,
                None => self.all.push(factor),
            }
        }
        self
    }

    /// A factor by id.
    pub fn find(&self, id: &str) -> Option<&Factor> {
        self.all.iter().find(|factor| factor.terms().id == id)
    }
}
