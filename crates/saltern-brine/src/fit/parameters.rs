//! What is to be fitted: one row a parameter, its free terms the unknowns.
//!
//! The unknowns of a Pitzer coefficient are its terms a0 … a5. Those of a log K are A2 … A6 about 25 °C and
//! log K at 25 °C in the place of A1: the same function, but unknowns that the data tell apart.

use saltern_units::place::Place;
use saltern_units::table::{Row, Table};
use saltern_units::unit::Dimension;

use super::FitError;
use crate::assembly::{Assembly, canonical_name};
use crate::database::{
    Database, HeatCapacityTerms, Interaction, LogK, Provenance, REFERENCE_TEMPERATURE_K,
    VolumeTerms,
};
use crate::layer::{self, Entry, Kind, Slot};
use crate::properties::molar_volume_m3_mol;
use crate::water::Water;

/// A parameter with what is free in it.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its row.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
    /// Between which species, or of which solid.
    pub names: Vec<String>,
    /// Where it stands in [`Plan::database`].
    pub slot: Slot,
    /// Which terms are free, by index.
    pub free: Vec<usize>,
    /// All terms with the free ones at zero, as the tables have them.
    fixed: Vec<f64>,
    /// Terms of the database before the fit; `None` where it has no such parameter.
    pub base: Option<Vec<f64>>,
    /// What is held to be known of its value.
    pub prior: Option<Prior>,
    /// Lowest temperature of its range as asked for, K.
    pub temperature_k_min: Option<f64>,
    /// Highest temperature of its range as asked for, K.
    pub temperature_k_max: Option<f64>,
    /// Remark of its row.
    pub note: String,
    /// First of its unknowns.
    pub first: usize,
}

/// Prior knowledge of a parameter's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// The value; `None` means that of the database.
    pub value: Option<f64>,
    /// Its standard deviation.
    pub deviation: f64,
}

/// Everything that is to be fitted, over a database that has a place for each.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The database with new parameters at zero.
    pub database: Database,
    /// The parameters in the order of their rows.
    pub parameters: Vec<Parameter>,
    /// Where the unknowns start.
    pub start: Vec<f64>,
}

impl Plan {
    /// Reads a table of parameters over a database.
    ///
    /// # Errors
    /// [`FitError`] with the cell.
    pub fn read(database: Database, table: &Table) -> Result<Plan, FitError> {
        let mut assembly = Assembly::resume(database);
        let (mut parameters, mut start) = (Vec::<Parameter>::new(), Vec::new());
        for row in &table.rows {
            let reader = ParameterRow { table, row };
            let (parameter, starts) = reader.read(&mut assembly, start.len())?;
            if parameters.iter().any(|p| p.slot == parameter.slot) {
                return Err(FitError::Twice {
                    place: parameter.place.clone(),
                    what: parameter.name(),
                });
            }
            start.extend(starts);
            parameters.push(parameter);
        }
        if start.is_empty() {
            let place = Place::file(&table.file);
            return Err(FitError::NothingFree { place });
        }
        Ok(Plan {
            database: assembly.database,
            parameters,
            start,
        })
    }

    /// How many unknowns there are.
    pub fn unknowns(&self) -> usize {
        self.start.len()
    }

    /// The database with the unknowns put in.
    pub fn apply(&self, unknowns: &[f64], database: &mut Database) {
        for parameter in &self.parameters {
            parameter.slot.set(database, &parameter.terms(unknowns));
        }
    }

    /// Name of each unknown: `PSI Li+ Na+ Cl- a0`, `LOG_K Halite A1`.
    pub fn unknown_names(&self) -> Vec<String> {
        let of = |p: &Parameter| {
            let name = p.name();
            let terms = p.free.clone();
            let kind = p.kind;
            terms
                .into_iter()
                .map(move |t| format!("{name} {}", term_name(kind, t)))
        };
        self.parameters.iter().flat_map(of).collect()
    }
}

impl Parameter {
    /// Its name: `PSI Li+ Na+ Cl-`.
    pub fn name(&self) -> String {
        format!("{} {}", self.kind.name(), self.names.join(" "))
    }

    /// All terms as the tables have them, at given unknowns of the plan.
    pub fn terms(&self, unknowns: &[f64]) -> Vec<f64> {
        let mut terms = self.fixed.clone();
        let unknowns = &unknowns[self.first..self.first + self.free.len()];
        for (term, value) in terms.iter_mut().enumerate() {
            let factors = self.term_by_unknowns(term);
            *value += factors
                .iter()
                .zip(unknowns)
                .map(|(f, x)| f * x)
                .sum::<f64>();
        }
        terms
    }

    /// ∂value/∂unknown of each free term at a temperature in K; the value of a log K is log10 K.
    pub fn basis(&self, temperature_k: f64) -> Vec<f64> {
        let of = |&term: &usize| basis(self.kind, term, temperature_k);
        self.free.iter().map(of).collect()
    }

    /// Value at given unknowns of the plan and a temperature in K.
    pub fn value(&self, unknowns: &[f64], temperature_k: f64) -> f64 {
        value(self.kind, &self.terms(unknowns), temperature_k)
    }

    /// Value in the database before the fit, zero where it has none.
    pub fn base_value(&self, temperature_k: f64) -> f64 {
        self.base
            .as_ref()
            .map_or(0.0, |terms| value(self.kind, terms, temperature_k))
    }

    /// ∂term/∂unknown of each of its unknowns, the term as the tables have it.
    pub(super) fn term_by_unknowns(&self, term: usize) -> Vec<f64> {
        let by = |&unknown: &usize| {
            if unknown == term {
                1.0
            } else if self.kind == Kind::LogK && term == 0 {
                -LogK::basis(REFERENCE_TEMPERATURE_K)[unknown]
            } else {
                0.0
            }
        };
        self.free.iter().map(by).collect()
    }

    /// Standard error of the value, from the covariance of all unknowns; NaN where it is not determined.
    pub fn standard_error(&self, covariance: &[f64], unknowns: usize, temperature_k: f64) -> f64 {
        let basis = self.basis(temperature_k);
        let mut sum = 0.0;
        for (i, bi) in basis.iter().enumerate() {
            for (j, bj) in basis.iter().enumerate() {
                sum += bi * bj * covariance[(self.first + i) * unknowns + self.first + j];
            }
        }
        if sum < 0.0 { 0.0 } else { sum.sqrt() }
    }
}

/// Value of a parameter: of a coefficient in its own unit, log10 K, J/(mol K), or the volume at infinite dilution in
/// cm³/mol.
pub fn value(kind: Kind, terms: &[f64], temperature_k: f64) -> f64 {
    let sum = |of: &dyn Fn(usize) -> f64| -> f64 {
        terms.iter().enumerate().map(|(k, v)| v * of(k)).sum()
    };
    match kind {
        Kind::LogK => sum(&|term| LogK::basis(temperature_k)[term]),
        _ => sum(&|term| basis(kind, term, temperature_k)),
    }
}

/// What multiplies the unknown of a term.
fn basis(kind: Kind, term: usize, temperature_k: f64) -> f64 {
    let (t, tr) = (temperature_k, REFERENCE_TEMPERATURE_K);
    match kind {
        Kind::LogK if term == 0 => 1.0,
        Kind::LogK => LogK::basis(t)[term] - LogK::basis(tr)[term],
        Kind::HeatCapacity => HeatCapacityTerms(unit(term)).at(t),
        Kind::Volume => 1e6 * volume_by_term(term, 0.0, &Water::at(t), t, 0.0),
        Kind::Interaction(_) => Interaction::basis(t)[term],
    }
}

/// ∂V/∂term of a species' apparent molar volume, m³/mol: a0 and i4 apart it is linear in its terms. `i4` is that
/// of the species.
pub(super) fn volume_slope(
    terms: &VolumeTerms,
    term: usize,
    charge: f64,
    water: &Water,
    temperature_k: f64,
    ionic_strength: f64,
) -> f64 {
    let at = |shift: f64| {
        let mut shifted = *terms;
        shifted.0[term] += shift;
        molar_volume_m3_mol(&shifted, charge, water, temperature_k, ionic_strength)
    };
    at(1.0) - at(0.0)
}

fn volume_by_term(term: usize, charge: f64, water: &Water, t: f64, ionic_strength: f64) -> f64 {
    // Where i4 is zero a term of ionic strength zero would count as one.
    let nothing = VolumeTerms([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    volume_slope(&nothing, term, charge, water, t, ionic_strength)
}

fn unit<const N: usize>(term: usize) -> [f64; N] {
    std::array::from_fn(|k| if k == term { 1.0 } else { 0.0 })
}

/// Name of a term, `a0` or `A1`.
pub fn term_name(kind: Kind, term: usize) -> &'static str {
    let header = kind.terms()[term];
    header.split_once(' ').map_or(header, |(name, _)| name)
}

/// Whether a term may be free: the volume is not linear in two of its terms.
fn may_be_free(kind: Kind, term: usize) -> bool {
    !(kind == Kind::Volume && matches!(term_name(kind, term), "a0" | "i4"))
}

/// One row of the table.
struct ParameterRow<'t> {
    table: &'t Table,
    row: &'t Row,
}

/// What the `terms` cell says.
struct Terms {
    free: Vec<usize>,
    given: Vec<(usize, f64)>,
}

impl ParameterRow<'_> {
    fn read(
        &self,
        assembly: &mut Assembly,
        first: usize,
    ) -> Result<(Parameter, Vec<f64>), FitError> {
        let place = Place::row(&self.table.file, self.row.number);
        let wrong = |problem| FitError::parameter(place.clone(), problem);
        let kind = layer::kind_in(self.table, self.row)?;
        let names = layer::names_in(self.table, self.row, kind).map_err(wrong)?;
        let base = base_terms(assembly, kind, &names);
        let Terms { free, given } = self.terms(kind)?;
        let keep = self.choice("rest", &["zero", "base"])? == 1;
        let optional = |name: &str, dimension| match self.table.find(name) {
            Some(c) => self.table.cell(self.row, c).optional_quantity(dimension),
            None => Ok(None),
        };
        let temperature_k_min = optional("t_min", Dimension::Temperature)?;
        let temperature_k_max = optional("t_max", Dimension::Temperature)?;
        let reaction = self.text("reaction");
        let entry = Entry {
            kind,
            names: names.clone(),
            reaction: (!reaction.is_empty()).then(|| reaction.to_string()),
            molar_volume_m3_mol: self.number("molar_volume")?.map(|v| v * 1e-6),
            terms: vec![0.0; kind.terms().len()],
            provenance: Provenance::default(),
        };
        let slot = entry.put(assembly).map_err(wrong)?;
        let shift = shift_of_reaction(&assembly.database, slot, kind);
        let kept = base.clone().filter(|_| keep);
        let mut fixed = kept.unwrap_or_else(|| shift.clone());
        free.iter().for_each(|&term| fixed[term] = shift[term]);
        given
            .iter()
            .for_each(|&(term, value)| fixed[term] = value + shift[term]);
        let start = self.start(kind, &free, &fixed, base.as_deref())?;
        let parameter = Parameter {
            kind,
            names,
            slot,
            free,
            fixed,
            base,
            prior: self.prior()?,
            temperature_k_min,
            temperature_k_max,
            note: self.text("note").to_string(),
            first,
            place,
        };
        Ok((parameter, start))
    }

    fn text(&self, column: &str) -> &str {
        let found = self.table.find(column);
        found.map_or("", |c| self.table.cell(self.row, c).raw())
    }

    fn place(&self, column: &str) -> Place {
        let found = self.table.find(column);
        found.map_or_else(
            || Place::row(&self.table.file, self.row.number),
            |c| self.table.cell(self.row, c).place(),
        )
    }

    fn number(&self, column: &str) -> Result<Option<f64>, FitError> {
        let found = self.table.find(column);
        let read = found.map(|c| self.table.cell(self.row, c).optional_number());
        Ok(read.transpose()?.flatten())
    }

    fn choice(&self, column: &str, words: &[&str]) -> Result<usize, FitError> {
        match self.table.find(column) {
            Some(c) if !self.text(column).is_empty() => {
                Ok(self.table.cell(self.row, c).choice(words)?)
            }
            _ => Ok(0),
        }
    }

    fn terms(&self, kind: Kind) -> Result<Terms, FitError> {
        let column = self.table.column("terms")?;
        let text = self.table.cell(self.row, column).text()?;
        let count = kind.terms().len();
        let names: Vec<&str> = (0..count).map(|t| term_name(kind, t)).collect();
        let refused = || FitError::BadTerms {
            place: self.place("terms"),
            value: text.to_string(),
            accepted: names.join(" "),
        };
        let mut terms = Terms {
            free: Vec::new(),
            given: Vec::new(),
        };
        let mut seen = vec![false; count];
        for word in text.split_whitespace() {
            let (name, number) = match word.split_once('=') {
                Some((name, number)) => (name, Some(number)),
                None => (word, None),
            };
            let term = names.iter().position(|n| *n == name).ok_or_else(refused)?;
            if std::mem::replace(&mut seen[term], true) {
                return Err(refused());
            }
            match number {
                None if may_be_free(kind, term) => terms.free.push(term),
                None => return Err(refused()),
                Some(number) => {
                    let value = number.parse::<f64>().ok().filter(|v| v.is_finite());
                    terms.given.push((term, value.ok_or_else(refused)?));
                }
            }
        }
        terms.free.sort_unstable();
        Ok(terms)
    }

    /// Where the unknowns start: as asked, else where the database has them, else zero.
    fn start(
        &self,
        kind: Kind,
        free: &[usize],
        fixed: &[f64],
        base: Option<&[f64]>,
    ) -> Result<Vec<f64>, FitError> {
        let text = self.text("start");
        if text.is_empty() {
            let zero = vec![0.0; kind.terms().len()];
            let base = base.unwrap_or(&zero);
            let held: f64 = (1..zero.len())
                .filter(|t| kind == Kind::LogK && !free.contains(t))
                .map(|t| fixed[t] * LogK::basis(REFERENCE_TEMPERATURE_K)[t])
                .sum();
            let at_reference = value(kind, base, REFERENCE_TEMPERATURE_K) - held - fixed[0];
            let of = |&term: &usize| match (kind, term) {
                (Kind::LogK, 0) => at_reference,
                _ => base[term],
            };
            return Ok(free.iter().map(of).collect());
        }
        let numbers: Option<Vec<f64>> = text
            .split_whitespace()
            .map(|word| word.parse().ok().filter(|v: &f64| v.is_finite()))
            .collect();
        let mut numbers =
            numbers
                .filter(|n| n.len() == free.len())
                .ok_or_else(|| FitError::Count {
                    place: self.place("start"),
                    value: text.to_string(),
                    needed: free.len(),
                })?;
        if kind == Kind::LogK && free.first() == Some(&0) {
            let rest: Vec<(usize, f64)> =
                free.iter().copied().zip(numbers.clone()).skip(1).collect();
            for (term, number) in rest {
                numbers[0] += number * LogK::basis(REFERENCE_TEMPERATURE_K)[term];
            }
        }
        Ok(numbers)
    }

    fn prior(&self) -> Result<Option<Prior>, FitError> {
        let value = self.number("prior")?;
        match self.number("prior_sd")? {
            Some(deviation) if deviation > 0.0 => Ok(Some(Prior { value, deviation })),
            Some(deviation) => Err(FitError::NotPositive {
                place: self.place("prior_sd"),
                value: deviation.to_string(),
            }),
            None => Ok(None),
        }
    }
}

/// Terms of a parameter that a database has.
fn base_terms(assembly: &Assembly, kind: Kind, names: &[String]) -> Option<Vec<f64>> {
    let database = &assembly.database;
    let species = || database.species(&canonical_name(&names[0]));
    let slot = match kind {
        Kind::Interaction(kind) => Slot::Interaction(assembly.interaction(kind, names)?),
        Kind::LogK => match database.mineral(&names[0]) {
            Some(id) => Slot::Mineral(id),
            None => Slot::Species(species()?),
        },
        Kind::HeatCapacity => Slot::HeatCapacity(species()?),
        Kind::Volume => Slot::Volume(species()?),
    };
    slot.terms(database)
}

/// What a parameter put in with zero terms has: zero, or for a reaction written with species that are no
/// components their log K.
fn shift_of_reaction(database: &Database, slot: Slot, kind: Kind) -> Vec<f64> {
    let zero = || vec![0.0; kind.terms().len()];
    slot.terms(database).unwrap_or_else(zero)
}
