//! Settings of a plant that were fitted to data, with what they are worth: `[fitted."UNIT.SETTING"]` of its file.
//!
//! ```toml
//! [fitted."rougher.recovery.Sylvite"]
//! value = "84.9 %"
//! sd = "0.6 %"
//! freedom = 41                                          # of its t; left out: normal
//! correlation = { "rougher.entrainment.Halite" = -0.31 }  # with those that stand before it
//! data = "measurements.csv, sha256 …"
//! ```
//!
//! The value takes the place of the unit's own entry; with the standard deviations the plant's measures get bands.

use saltern_numerics::distributions::{normal_quantile, student_quantile};
use saltern_units::quantity;
use saltern_units::unit::{Dimension, Unit};

use crate::bench::{Bench, step};
use crate::fit::bands::{self, Band, Known};
use crate::solve::SolveError;
use crate::target::Target;

/// A fitted setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Its path.
    pub path: String,
    /// What it stands for.
    pub target: Target,
    /// Its value, SI.
    pub value: f64,
    /// Its standard error, SI.
    pub sigma: f64,
    /// Degrees of freedom of its t; none where errors are normal.
    pub freedom: Option<usize>,
    /// Correlation with others, by their paths.
    pub correlation: Vec<(String, f64)>,
    /// What it was fitted to.
    pub data: String,
}

/// Covariance of fitted settings, row-major.
pub fn covariance(fitted: &[Fitted]) -> Vec<f64> {
    let n = fitted.len();
    let mut covariance = vec![0.0; n * n];
    for (a, own) in fitted.iter().enumerate() {
        covariance[a * n + a] = own.sigma * own.sigma;
        for (path, r) in &own.correlation {
            if let Some(b) = fitted.iter().position(|f| f.path == *path)
                && a != b
            {
                let value = r * own.sigma * fitted[b].sigma;
                (covariance[a * n + b], covariance[b * n + a]) = (value, value);
            }
        }
    }
    covariance
}

/// Half width of a 95 % interval in standard errors, by the least degrees of freedom.
pub fn half_width(fitted: &[Fitted]) -> f64 {
    match fitted.iter().filter_map(|f| f.freedom).min() {
        Some(freedom) => student_quantile(0.975, freedom),
        None => normal_quantile(0.975),
    }
}

/// Bands of the plant's measures to first order, in their order.
///
/// # Errors
/// [`SolveError`]
pub fn bands(bench: &mut Bench<'_>) -> Result<Vec<Band>, SolveError> {
    let (fitted, measures) = (bench.sheet().fitted.clone(), bench.sheet().measures.clone());
    let targets: Vec<&Target> = fitted.iter().map(|f| &f.target).collect();
    let x: Vec<f64> = fitted.iter().map(|f| f.value).collect();
    let bounds: Vec<(f64, f64)> = targets.iter().map(|t| t.range_si()).collect();
    let steps: Vec<f64> = fitted
        .iter()
        .map(|f| step(&f.target, f.value, f.value.abs()))
        .collect();
    let known = Known {
        targets: &targets,
        x: &x,
        covariance: &covariance(&fitted),
        bounds: &bounds,
        steps: &steps,
    };
    let measures: Vec<_> = measures.iter().map(|m| &m.measure).collect();
    bands::linear(bench, &known, &measures)
}

/// The section of a plant's file; `unit` is for the value, a temperature's deviation is in K.
pub fn section(fitted: &Fitted, unit: &Unit) -> String {
    let sd = match fitted.target.dimension() {
        Dimension::Temperature => format!("{} K", quantity::significant(fitted.sigma, 6)),
        _ => quantity::format_rounded(fitted.sigma, unit, 6),
    };
    let value = quantity::format_rounded(fitted.value, unit, 9);
    let mut text = format!(
        "[fitted.\"{}\"]\nvalue = \"{value}\"\nsd = \"{sd}\"\n",
        fitted.path
    );
    if let Some(freedom) = fitted.freedom {
        text += &format!("freedom = {freedom}\n");
    }
    let pairs = fitted.correlation.iter();
    let pairs: Vec<String> = pairs
        .map(|(path, r)| format!("\"{path}\" = {r:.4}"))
        .collect();
    if !pairs.is_empty() {
        text += &format!("correlation = {{ {} }}\n", pairs.join(", "));
    }
    text + &format!("data = \"{}\"\n", fitted.data.replace(['"', '\\'], "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(path: &str, sigma: f64, correlation: &[(&str, f64)]) -> Fitted {
        Fitted {
            path: path.into(),
            target: Target::FeedRate(0),
            value: 1.0,
            sigma,
            freedom: None,
            correlation: correlation
                .iter()
                .map(|(p, r)| ((*p).to_owned(), *r))
                .collect(),
            data: "a \"table\"".into(),
        }
    }

    #[test]
    fn correlations_make_a_symmetric_covariance() {
        let all = [
            fitted("a", 2.0, &[]),
            fitted("b", 3.0, &[("a", -0.5), ("c", 0.9)]),
        ];
        assert_eq!(covariance(&all), vec![4.0, -3.0, -3.0, 9.0]);
        let text = section(&all[1], Dimension::MassFlow.si());
        assert!(
            text.contains("sd = \"3 kg/s\"") && text.contains("\"a\" = -0.5000"),
            "{text}"
        );
        assert!(text.contains("data = \"a 'table'\""), "{text}");
    }
}
