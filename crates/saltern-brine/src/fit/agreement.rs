//! Whether a database's values are those that a fit gives: data and fit shipped together, checked together.

use saltern_units::message::Lang;

use super::tables::{Outcome, degc, number};
use crate::layer::Kind;

/// A parameter whose value in the database is not that of the fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its name, `PSI Li+ Na+ Cl-`.
    pub name: String,
    /// Where they differ most, K.
    pub temperature_k: f64,
    /// The fit's value there.
    pub fitted: f64,
    /// The database's; `None` where it lacks the parameter.
    pub database: Option<f64>,
}

/// How far a value may lie from the database's: of log10 K and coefficients 1e-3 and more is what shows in a
/// solubility; heat capacities and volumes in their own units.
fn default_tolerance(kind: Kind) -> f64 {
    match kind {
        Kind::Interaction(_) => 0.002,
        Kind::LogK => 0.005,
        Kind::HeatCapacity => 1.0,
        Kind::Volume => 0.05,
    }
}

/// Parameters of a fit that the database it started from has otherwise, at the ends or the middle of their range, by
/// more than the tolerance (`None`: the kind's own) and half their standard error.
pub fn differences(outcome: &Outcome<'_>, tolerance: Option<f64>) -> Vec<Difference> {
    let minimum = &outcome.fit.minimum;
    let n = outcome.plan.unknowns();
    let mut out = Vec::new();
    for (index, parameter) in outcome.plan.parameters.iter().enumerate() {
        let (low, high) = outcome.range_k(index);
        let bound = tolerance.unwrap_or_else(|| default_tolerance(parameter.kind));
        let mut worst: Option<(f64, Difference)> = None;
        for temperature_k in [low, 0.5 * (low + high), high] {
            let fitted = parameter.value(&minimum.x, temperature_k);
            let database = parameter
                .base
                .as_ref()
                .map(|_| parameter.base_value(temperature_k));
            let error = parameter.standard_error(&minimum.covariance, n, temperature_k);
            let allowed = bound.max(if error.is_finite() { 0.5 * error } else { 0.0 });
            let off = database.map_or(f64::INFINITY, |d| (fitted - d).abs());
            if off > allowed && worst.as_ref().is_none_or(|(most, _)| off > *most) {
                let difference = Difference {
                    name: parameter.name(),
                    temperature_k,
                    fitted,
                    database,
                };
                worst = Some((off, difference));
            }
        }
        out.extend(worst.map(|(_, difference)| difference));
    }
    out
}

impl Difference {
    /// In words.
    pub fn text(&self, lang: Lang) -> String {
        let (name, fitted) = (&self.name, format!("{:.5}", self.fitted));
        let celsius = number((degc(self.temperature_k) * 10.0).round() / 10.0);
        match self.database {
            Some(there) => lang.pick(
                format!(
                    "differs: {name} at {celsius} degC: fitted {fitted}, in the database {there:.5}"
                ),
                format!("不一致：{name}，{celsius} degC：拟合值 {fitted}，数据库中 {there:.5}"),
            ),
            None => lang.pick(
                format!(
                    "differs: {name} is not in the database; fitted {fitted} at {celsius} degC"
                ),
                format!("不一致：数据库中没有 {name}；{celsius} degC 时拟合值 {fitted}"),
            ),
        }
    }
}
