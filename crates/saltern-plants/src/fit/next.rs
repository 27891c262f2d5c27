//! What to measure next: of the assays and flows that could be taken in one more test, the one that narrows a band most.
//!
//! A measurement of slope j by the parameters and standard deviation σ turns their covariance C into
//! C − C j jᵀ C /(σ² + jᵀ C j), and a band of gradient g narrows from gᵀ C g by (gᵀ C j)²/(σ² + jᵀ C j) (c-optimality; Atkinson,
//! Donev & Tobias, Optimum Experimental Designs, with SAS, 2007, chapters 10, 11). ln(1 + jᵀ C j/σ²) is what the volume of the
//! joint region loses (D-optimality). The test is taken to be one at the plant's own settings.

use super::bands::{Known, quadratic};
use super::data::{Measurement, Pilot};
use crate::bench::Bench;
use crate::flowsheet::Flowsheet;
use crate::measure::{Measure, Of};
use crate::solve::SolveError;
use crate::target::Target;
use saltern_units::unit::Unit;

/// Something that could be measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Stream.
    pub at: String,
    /// What of it, as the columns of the data are named.
    pub name: String,
    /// As the model measures it.
    pub measure: Measure,
    /// Unit of the column and the mass reported per mass of the element.
    pub unit: &'static Unit,
    /// Mass reported per mass of the element.
    pub factor: f64,
    /// Standard deviation as a share of the value.
    pub relative: f64,
    /// Least standard deviation, SI.
    pub least: f64,
}

/// What it would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Gain {
    /// Index of the candidate.
    pub candidate: usize,
    /// What the model expects there, SI.
    pub expected: f64,
    /// Standard deviation it would be measured with, SI.
    pub sigma: f64,
    /// Standard deviation of the band after it, as a share of that before.
    pub left: f64,
    /// By how much ln det of the covariance falls.
    pub information: f64,
}

/// Candidates: on every stream what the columns of the data measure, with their standard deviations: the median share of the
/// value, and no less than the least that was stated.
pub fn candidates(pilot: &Pilot, sheet: &Flowsheet) -> Vec<Candidate> {
    let mut all = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for m in &pilot.measurements {
        let streamed = matches!(&m.measure, Measure::Mass(..) | Measure::Ratio(..));
        let on_stream = sheet.stream(&m.at).is_some();
        if names.contains(&m.name.as_str()) || !streamed || !on_stream {
            continue;
        }
        names.push(&m.name);
        let alike: Vec<&Measurement> = pilot
            .measurements
            .iter()
            .filter(|o| o.name == m.name && o.sigma > 0.0)
            .collect();
        let mut shares: Vec<f64> = alike
            .iter()
            .filter(|o| o.measured > 0.0)
            .map(|o| o.sigma / o.measured)
            .collect();
        shares.sort_by(f64::total_cmp);
        let relative = shares.get(shares.len() / 2).copied().unwrap_or(0.0);
        let least = alike.iter().map(|o| o.sigma).fold(f64::INFINITY, f64::min);
        for (s, link) in sheet.streams.iter().enumerate() {
            all.push(Candidate {
                at: link.id.clone(),
                name: m.name.clone(),
                measure: elsewhere(&m.measure, s),
                unit: m.unit,
                factor: m.factor,
                relative,
                least,
            });
        }
    }
    all
}

/// The same measure of another stream.
fn elsewhere(measure: &Measure, stream: usize) -> Measure {
    match measure {
        Measure::Mass(_, of) => Measure::Mass(stream, *of),
        Measure::Ratio(a, _) => {
            let part = match a.as_ref() {
                Measure::Mass(_, of) => Measure::Mass(stream, *of),
                other => other.clone(),
            };
            Measure::Ratio(Box::new(part), Box::new(Measure::Mass(stream, Of::All)))
        }
        other => other.clone(),
    }
}

/// What each candidate would do to a band of that gradient, the best first; those without a value or influence are left out.
/// `scale` is the standard deviation of a residual: how much worse than stated measurements have been.
///
/// # Errors
/// [`SolveError`] at the estimates.
pub fn gains(
    bench: &mut Bench<'_>,
    known: &Known<'_>,
    candidates: &[Candidate],
    gradient: &[f64],
    scale: f64,
) -> Result<Vec<Gain>, SolveError> {
    let n = known.x.len();
    let set: Vec<(&Target, f64)> = known
        .targets
        .iter()
        .zip(known.x)
        .map(|(t, x)| (*t, *x))
        .collect();
    let measures: Vec<&Measure> = candidates.iter().map(|c| &c.measure).collect();
    let (values, slopes) = bench.sloped(&set, known.steps, &measures)?;
    let before = quadratic(known.covariance, gradient, gradient);
    let mut gains = Vec::new();
    for (k, candidate) in candidates.iter().enumerate() {
        let slope = &slopes[k * n..(k + 1) * n];
        let expected = values[k];
        let sigma = scale * (candidate.relative * expected.abs()).max(candidate.least);
        let own = quadratic(known.covariance, slope, slope);
        let shared = quadratic(known.covariance, gradient, slope);
        let left = (1.0 - shared * shared / (sigma * sigma + own) / before)
            .max(0.0)
            .sqrt();
        if !(left.is_finite() && expected > 0.0 && own > 0.0) {
            continue;
        }
        gains.push(Gain {
            candidate: k,
            expected,
            sigma,
            left,
            information: (own / (sigma * sigma)).ln_1p(),
        });
    }
    gains.sort_by(|a, b| a.left.total_cmp(&b.left));
    Ok(gains)
}
