//! Whether the model can be what was measured: χ² against the stated standard deviations, pure error of repeated
//! measurements, and where the two disagree.
//!
//! Lack of fit: of Σ ((y − f)/σ)² the part Σ ((y − ȳ)/σ)² within groups of repeats is error whatever the model; the ratio of
//! what is left to it, each over its degrees of freedom, is an F (Draper & Smith, Applied Regression Analysis, 3rd ed.,
//! section 2.1).

use saltern_numerics::distributions::{chi_squared_probability, variance_ratio_tail};

use super::data::{Measurement, Pilot};
use super::regression::Fit;

/// A sum of squares with its degrees of freedom.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Squares {
    /// Sum of squares, in standard deviations.
    pub sum: f64,
    /// Degrees of freedom.
    pub freedom: usize,
}

impl Squares {
    /// Chance of a sum at least so large if the standard deviations are as stated; 1 without degrees of freedom.
    pub fn chance(&self) -> f64 {
        if self.freedom == 0 {
            return 1.0;
        }
        1.0 - chi_squared_probability(self.sum, self.freedom)
    }

    /// Mean square.
    pub fn mean(&self) -> f64 {
        self.sum / self.freedom as f64
    }
}

/// How well the model agrees.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Model against measurements (reconciled where they were) and priors.
    pub model: Squares,
    /// Repeated measurements against their mean.
    pub pure: Squares,
    /// What is left of the measurements as they are when pure error is taken off.
    pub lack: Squares,
    /// Chance of a ratio of lack to pure error at least so large; none without repeats.
    pub chance_of_lack: Option<f64>,
    /// Places by how badly they are met: what, its mean square and its number.
    pub places: Vec<(String, f64, usize)>,
}

/// Compares model values with what was measured. `model` holds the model value of every measurement.
pub fn agreement(pilot: &Pilot, model: &[f64], fit: &Fit) -> Agreement {
    let squares = Squares {
        sum: fit.minimum.sum_of_squares,
        freedom: fit.freedom,
    };
    let pure = pure_error(pilot);
    let counted = || {
        pilot
            .measurements
            .iter()
            .zip(model)
            .filter(|(m, _)| m.counted)
    };
    let raw: f64 = counted()
        .map(|(m, f)| ((m.measured - f) / m.sigma).powi(2))
        .sum();
    // Unknowns of runs bring as many priors as they take degrees of freedom.
    let left = pilot
        .counted()
        .saturating_sub(fit.parameters + pure.freedom);
    let lack = Squares {
        sum: (raw - pure.sum).max(0.0),
        freedom: left,
    };
    let comparable = pure.freedom > 0 && lack.freedom > 0;
    Agreement {
        model: squares,
        pure,
        lack,
        chance_of_lack: comparable
            .then(|| variance_ratio_tail(lack.mean() / pure.mean(), lack.freedom, pure.freedom)),
        places: places(counted()),
    }
}

fn places<'p>(
    counted: impl Iterator<Item = (&'p Measurement, &'p f64)>,
) -> Vec<(String, f64, usize)> {
    let mut places: Vec<(String, f64, usize)> = Vec::new();
    for (m, f) in counted {
        let square = ((m.value - f) / m.sigma).powi(2);
        let label = m.label();
        match places.iter_mut().find(|(l, ..)| *l == label) {
            Some((_, sum, n)) => {
                *sum += square;
                *n += 1;
            }
            None => places.push((label, square, 1)),
        }
    }
    for (_, sum, n) in &mut places {
        *sum /= *n as f64;
    }
    places.sort_by(|a, b| b.1.total_cmp(&a.1));
    places
}

/// Repeats: samples of one place in one run, and in runs whose settings are the same and known exactly.
fn pure_error(pilot: &Pilot) -> Squares {
    let kin: Vec<usize> = (0..pilot.runs.len())
        .map(|r| first_alike(pilot, r))
        .collect();
    let mut groups: Vec<Vec<&Measurement>> = Vec::new();
    for m in pilot.measurements.iter().filter(|m| m.counted) {
        let same = |g: &Vec<&Measurement>| {
            kin[g[0].run] == kin[m.run] && g[0].at == m.at && g[0].name == m.name
        };
        match groups.iter_mut().find(|g| same(g)) {
            Some(group) => group.push(m),
            None => groups.push(vec![m]),
        }
    }
    let mut pure = Squares::default();
    for group in groups.iter().filter(|g| g.len() > 1) {
        let weights: f64 = group.iter().map(|m| m.sigma.powi(-2)).sum();
        let mean = group
            .iter()
            .map(|m| m.measured * m.sigma.powi(-2))
            .sum::<f64>()
            / weights;
        pure.sum += group
            .iter()
            .map(|m| ((m.measured - mean) / m.sigma).powi(2))
            .sum::<f64>();
        pure.freedom += group.len() - 1;
    }
    pure
}

/// The first run with the same settings, itself where one of its settings is known with an error only.
fn first_alike(pilot: &Pilot, run: usize) -> usize {
    let own = &pilot.runs[run].settings;
    if own.iter().any(|s| s.sigma.is_some()) {
        return run;
    }
    let alike = |other: &usize| {
        let settings = &pilot.runs[*other].settings;
        settings.len() == own.len()
            && settings
                .iter()
                .zip(own)
                .all(|(a, b)| a.target == b.target && a.value == b.value && a.sigma.is_none())
    };
    (0..=run).find(alike).unwrap_or(run)
}
