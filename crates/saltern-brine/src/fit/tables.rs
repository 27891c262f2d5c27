//! What a fit leaves behind as tables: the layer, the rows of data/thermo, residuals, covariance, validation.

use std::fmt::Write as _;

use super::data::Measurement;
use super::parameters::{Parameter, Plan};
use super::regression::Fit;
use super::validation::LeftOut;
use crate::database::{ComponentId, Database, REFERENCE_TEMPERATURE_K};
use crate::layer::{FORMS, Kind, Slot};
use crate::thermo::{HEAT_CAPACITY, LOG_K, TERMS, VOLUME};

/// A fit with everything that its tables and report show.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// What was fitted.
    pub plan: &'a Plan,
    /// To what.
    pub measurements: &'a [Measurement],
    /// With what result.
    pub fit: &'a Fit,
    /// Key of the source under which the parameters go out.
    pub key: &'a str,
}

/// A line of CSV.
#[derive(Debug, Default)]
pub(super) struct Line(String);

impl Line {
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        if text.contains([',', '"', '\n']) {
            // Writing to a String cannot fail.
            let _ = write!(self.0, "\"{}\"", text.replace('"', "\"\""));
        } else if text.is_empty() && self.0.is_empty() {
            self.0.push_str("\"\"");
        } else {
            self.0.push_str(text);
        }
        self
    }

    /// A number; blank where there is none.
    pub(super) fn number(&mut self, value: f64) -> &mut Self {
        self.text(&number(value))
    }

    pub(super) fn end(self, out: &mut String) {
        out.push_str(&self.0);
        out.push('\n');
    }
}

/// A number in ten significant digits, blank where it is not finite.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let rounded: f64 = format!("{value:.9e}").parse().unwrap_or(value);
    if rounded == 0.0 {
        "0".to_string()
    } else if (1e-5..1e9).contains(&rounded.abs()) {
        format!("{rounded}")
    } else {
        format!("{rounded:e}")
    }
}

/// Degrees of a temperature, without the noise of 273.15.
pub(super) fn degc(kelvin: f64) -> f64 {
    ((kelvin - 273.15) * 1e6).round() / 1e6
}

impl Outcome<'_> {
    /// The database with the fitted values in it.
    pub fn database(&self) -> Database {
        let mut database = self.plan.database.clone();
        self.plan.apply(&self.fit.minimum.x, &mut database);
        database
    }

    /// Range of a parameter: as asked for, else that of the data it touches, K.
    pub fn range_k(&self, index: usize) -> (f64, f64) {
        let parameter = &self.plan.parameters[index];
        let (low, high) =
            self.fit.ranges[index].unwrap_or((REFERENCE_TEMPERATURE_K, REFERENCE_TEMPERATURE_K));
        let low = parameter.temperature_k_min.unwrap_or(low);
        (low, parameter.temperature_k_max.unwrap_or(high).max(low))
    }

    /// Standard error of each term of a parameter, as the tables write it; NaN for fixed and undetermined ones.
    fn standard_errors(&self, parameter: &Parameter) -> Vec<f64> {
        let n = self.plan.unknowns();
        let covariance = &self.fit.minimum.covariance;
        let of = |k: usize, l: usize| covariance[(parameter.first + k) * n + parameter.first + l];
        let mut errors = vec![f64::NAN; parameter.kind.terms().len()];
        for &term in &parameter.free {
            // A1 is made from all unknowns of its log K.
            let factors = parameter.term_by_unknowns(term);
            let mut variance = 0.0;
            for (i, a) in factors.iter().enumerate() {
                for (j, b) in factors.iter().enumerate() {
                    if a * b != 0.0 {
                        variance += a * b * of(i, j);
                    }
                }
            }
            errors[term] = if variance < 0.0 { 0.0 } else { variance.sqrt() };
        }
        errors
    }

    /// What goes out as the text of the source.
    fn reference(&self) -> String {
        let mut sources: Vec<&str> = Vec::new();
        for m in self.measurements.iter().filter(|m| m.weight > 0.0) {
            if !sources.contains(&m.source.as_str()) {
                sources.push(&m.source);
            }
        }
        format!(
            "fitted here to {} measurements of {}",
            self.fit.counted,
            sources.join(" ")
        )
    }

    /// The fitted parameters as a layer, with standard errors.
    pub fn layer(&self) -> String {
        let forms = self.forms();
        let titles = || {
            let of = |kind: &Kind| {
                (0..kind.terms().len())
                    .map(|k| kind.layer_header(k))
                    .collect()
            };
            forms.iter().flat_map(of as fn(&Kind) -> Vec<String>)
        };
        let mut head = Line::default();
        for title in ["kind", "species1", "species2", "species3", "reaction"] {
            head.text(title);
        }
        head.text("molar_volume [cm3/mol]");
        titles().for_each(|t| {
            head.text(&t);
        });
        for title in [
            "t_min [degC]",
            "t_max [degC]",
            "source",
            "reference",
            "note",
        ] {
            head.text(title);
        }
        head.text("se value at 25 degC");
        titles().for_each(|t| {
            head.text(&format!("se {t}"));
        });
        let mut out = String::new();
        head.end(&mut out);
        let (database, reference) = (self.database(), self.reference());
        for (index, parameter) in self.plan.parameters.iter().enumerate() {
            self.layer_row(index, parameter, &forms, &database, &reference)
                .end(&mut out);
        }
        out
    }

    /// One kind of each form of terms that is there: these decide the columns.
    fn forms(&self) -> Vec<Kind> {
        let used = |form: &Kind| {
            let parameters = &self.plan.parameters;
            parameters.iter().any(|p| p.kind.terms() == form.terms())
        };
        FORMS.into_iter().filter(used).collect()
    }

    fn layer_row(
        &self,
        index: usize,
        parameter: &Parameter,
        forms: &[Kind],
        database: &Database,
        reference: &str,
    ) -> Line {
        let mut line = Line::default();
        line.text(parameter.kind.name());
        for k in 0..3 {
            line.text(parameter.names.get(k).map_or("", String::as_str));
        }
        let (reaction, volume) = reaction_of(database, parameter.slot);
        line.text(&reaction);
        line.number(volume.map_or(f64::NAN, |v| v * 1e6));
        let write = |line: &mut Line, values: &[f64]| {
            for form in forms {
                let here = form.terms() == parameter.kind.terms();
                for k in 0..form.terms().len() {
                    line.number(if here { values[k] } else { f64::NAN });
                }
            }
        };
        write(&mut line, &parameter.terms(&self.fit.minimum.x));
        let (low, high) = self.range_k(index);
        line.number(degc(low)).number(degc(high));
        line.text(self.key).text(reference).text(&parameter.note);
        let n = self.plan.unknowns();
        let covariance = &self.fit.minimum.covariance;
        let error = parameter.standard_error(covariance, n, REFERENCE_TEMPERATURE_K);
        line.number(if parameter.free.is_empty() {
            f64::NAN
        } else {
            error
        });
        write(&mut line, &self.standard_errors(parameter));
        line
    }

    /// Rows in the form of the tables of data/thermo: the name of each table that has rows, and its text.
    pub fn thermo_rows(&self) -> Vec<(&'static str, String)> {
        let origin = ["t_min [degC]", "t_max [degC]", "source", "note"];
        let heads: [(&str, Vec<&str>); 5] = [
            (
                "interactions.csv",
                [
                    &["kind", "species1", "species2", "species3"][..],
                    &TERMS,
                    &origin,
                ]
                .concat(),
            ),
            (
                "minerals.csv",
                [
                    &["mineral", "reaction"][..],
                    &LOG_K,
                    &["molar_volume [cm3/mol]"],
                    &origin,
                ]
                .concat(),
            ),
            (
                "species.csv",
                [&["species", "reaction"][..], &LOG_K, &origin].concat(),
            ),
            (
                "heat_capacities.csv",
                [&["species"][..], &HEAT_CAPACITY, &origin].concat(),
            ),
            (
                "volumes.csv",
                [&["species"][..], &VOLUME, &["source"]].concat(),
            ),
        ];
        let database = self.database();
        let mut tables = Vec::new();
        for (table, (name, head)) in heads.into_iter().enumerate() {
            let of_table = |(_, p): &(usize, &Parameter)| table_of(p.slot) == table;
            let rows: Vec<_> = self
                .plan
                .parameters
                .iter()
                .enumerate()
                .filter(of_table)
                .collect();
            if rows.is_empty() {
                continue;
            }
            let (mut out, mut line) = (String::new(), Line::default());
            head.iter().for_each(|title| {
                line.text(title);
            });
            line.end(&mut out);
            for (index, parameter) in rows {
                self.thermo_row(index, parameter, &database).end(&mut out);
            }
            tables.push((name, out));
        }
        tables
    }

    fn thermo_row(&self, index: usize, parameter: &Parameter, database: &Database) -> Line {
        let mut line = Line::default();
        let (reaction, volume) = reaction_of(database, parameter.slot);
        match parameter.slot {
            Slot::Interaction(_) => {
                line.text(parameter.kind.name());
                for k in 0..3 {
                    line.text(parameter.names.get(k).map_or("", String::as_str));
                }
            }
            Slot::Mineral(_) | Slot::Species(_) => {
                line.text(&parameter.names[0]).text(&reaction);
            }
            Slot::HeatCapacity(_) | Slot::Volume(_) => {
                line.text(&parameter.names[0]);
            }
        }
        for value in parameter.terms(&self.fit.minimum.x) {
            line.number(value);
        }
        if matches!(parameter.slot, Slot::Mineral(_)) {
            line.number(volume.map_or(f64::NAN, |v| v * 1e6));
        }
        if matches!(parameter.slot, Slot::Volume(_)) {
            line.text(self.key);
            return line;
        }
        let (low, high) = self.range_k(index);
        line.number(degc(low)).number(degc(high));
        line.text(self.key).text(&self.note_with_error(index));
        line
    }

    /// Remark of a parameter with the standard error of its value, at 25 °C or where its range comes nearest to that.
    fn note_with_error(&self, index: usize) -> String {
        let parameter = &self.plan.parameters[index];
        let (low, high) = self.range_k(index);
        let temperature_k = REFERENCE_TEMPERATURE_K.clamp(low, high);
        let (covariance, n) = (&self.fit.minimum.covariance, self.plan.unknowns());
        let error = parameter.standard_error(covariance, n, temperature_k);
        let mut note = parameter.note.clone();
        if error.is_nan() || error <= 0.0 {
            return note;
        }
        if !note.is_empty() {
            note.push_str("; ");
        }
        let short: f64 = format!("{error:.1e}").parse().unwrap_or(error);
        // Writing to a String cannot fail.
        let celsius = number(degc(temperature_k));
        let _ = write!(note, "se {} at {celsius} degC", number(short));
        note
    }

    /// Every measurement with what the model says of it, before and after.
    pub fn residuals(&self) -> String {
        let mut out = String::from(
            "row,source,temperature [degC],ionic strength [mol/kgw],quantity,of,measured,model,model before,\
             deviation [%],deviation before [%],residual [sd],weight,loss weight,note\n",
        );
        for ((p, before), loss) in self
            .fit
            .predictions
            .iter()
            .zip(&self.fit.before)
            .zip(&self.fit.weights)
        {
            let m = &self.measurements[p.measurement];
            let mut line = Line::default();
            line.number(m.place.row.map_or(f64::NAN, |r| r as f64));
            line.text(&m.source).number(degc(m.temperature_k()));
            line.number(p.ionic_strength).text(m.quantity.name());
            let solid = p
                .solid
                .map(|s| self.plan.database.minerals[s].name.as_str());
            line.text(solid.unwrap_or(&m.of));
            line.number(p.measured).number(p.model).number(before.model);
            line.number(100.0 * p.relative)
                .number(100.0 * before.relative);
            line.number(p.residual).number(m.weight).number(*loss);
            line.text(&m.note);
            line.end(&mut out);
        }
        out
    }

    /// Covariance of the unknowns; blank where one is not determined. That of `A1` is of log K at 25 °C.
    pub fn covariance(&self) -> String {
        let names = self.plan.unknown_names();
        let mut out = String::new();
        let mut head = Line::default();
        head.text("unknown").text("value");
        names.iter().for_each(|name| {
            head.text(name);
        });
        head.end(&mut out);
        for (k, row) in self.fit.minimum.covariance.chunks(names.len()).enumerate() {
            let mut line = Line::default();
            line.text(&names[k]).number(self.fit.minimum.x[k]);
            row.iter().for_each(|v| {
                line.number(*v);
            });
            line.end(&mut out);
        }
        out
    }
}

/// Each source left out in turn.
pub fn validation(left_out: &[LeftOut]) -> String {
    let mut out = String::from(
        "source left out,measurements,rms with it [sd],rms without it [sd],median deviation without it [%],\
         rms of the others without it [sd],determined by it alone\n",
    );
    for l in left_out {
        let mut line = Line::default();
        line.text(&l.source).number(l.count as f64);
        line.number(l.rms_within).number(l.rms_without);
        line.number(100.0 * l.median_without).number(l.rms_others);
        line.text(&l.only_here.join("; "));
        line.end(&mut out);
    }
    out
}

/// Which table of data/thermo, in the order of [`Outcome::thermo_rows`], a parameter belongs to.
fn table_of(slot: Slot) -> usize {
    match slot {
        Slot::Interaction(_) => 0,
        Slot::Mineral(_) => 1,
        Slot::Species(_) => 2,
        Slot::HeatCapacity(_) => 3,
        Slot::Volume(_) => 4,
    }
}

/// Reaction in master species as data/thermo writes it, and the molar volume of a solid, m³/mol.
fn reaction_of(database: &Database, slot: Slot) -> (String, Option<f64>) {
    let side = |terms: Vec<(ComponentId, f64)>| {
        let write = |(c, n): (ComponentId, f64)| {
            let name = &database.components[c].name;
            if n == 1.0 {
                name.clone()
            } else {
                format!("{n} {name}")
            }
        };
        terms.into_iter().map(write).collect::<Vec<String>>()
    };
    let split = |terms: &[(ComponentId, f64)]| {
        let positive = terms.iter().copied().filter(|(_, n)| *n > 0.0).collect();
        let negative = terms
            .iter()
            .filter(|(_, n)| *n < 0.0)
            .map(|&(c, n)| (c, -n))
            .collect();
        (side(positive), side(negative))
    };
    match slot {
        Slot::Interaction(_) | Slot::HeatCapacity(_) | Slot::Volume(_) => (String::new(), None),
        Slot::Mineral(id) => {
            let mineral = &database.minerals[id];
            let (products, mut reactants) = split(&mineral.dissolution);
            reactants.insert(0, mineral.formula_text.clone());
            let text = format!("{} = {}", reactants.join(" + "), products.join(" + "));
            (text, mineral.molar_volume_m3_mol)
        }
        Slot::Species(id) => {
            let species = &database.species[id];
            let (reactants, mut products) = split(&species.formation);
            products.insert(0, species.name.clone());
            let text = format!("{} = {}", reactants.join(" + "), products.join(" + "));
            (text, None)
        }
    }
}
