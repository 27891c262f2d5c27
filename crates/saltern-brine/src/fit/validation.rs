//! Each source left out in turn: does what the others say predict it?

use super::FitError;
use super::data::Measurement;
use super::parameters::Plan;
use super::regression::{Options, Pass, fit_watched, root_mean_square};

/// What the other sources say of one.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// Key of the source.
    pub source: String,
    /// Its measurements that count.
    pub count: usize,
    /// Root mean square of its residuals with all sources fitted, in standard deviations.
    pub rms_within: f64,
    /// The same with this source left out of the fit.
    pub rms_without: f64,
    /// Median relative difference, model from measured, with this source left out.
    pub median_without: f64,
    /// Root mean square of the others' residuals without it.
    pub rms_others: f64,
    /// Unknowns that no other source determines, by name.
    pub only_here: Vec<String>,
}

/// Leaves out each source in turn; sources in the order of the data. Empty where there is but one.
///
/// # Errors
/// As [`super::regression::fit`].
pub fn leave_one_source_out(
    plan: &Plan,
    measurements: &[Measurement],
    options: &Options,
) -> Result<Vec<LeftOut>, FitError> {
    leave_one_source_out_watched(plan, measurements, options, &mut |_, _, _| ())
}

/// As [`leave_one_source_out`], and tells of each pass: the number of its fit (from 1), how many fits there are, the pass.
///
/// # Errors
/// As [`super::regression::fit`].
pub fn leave_one_source_out_watched(
    plan: &Plan,
    measurements: &[Measurement],
    options: &Options,
    watch: &mut dyn FnMut(usize, usize, Pass),
) -> Result<Vec<LeftOut>, FitError> {
    let mut sources: Vec<&str> = Vec::new();
    for m in measurements.iter().filter(|m| m.weight > 0.0) {
        if !sources.contains(&m.source.as_str()) {
            sources.push(&m.source);
        }
    }
    if sources.len() < 2 {
        return Ok(Vec::new());
    }
    let fits = sources.len() + 1;
    let all = fit_watched(plan, measurements, options, &mut |p| watch(1, fits, p))?;
    let names = plan.unknown_names();
    let determined = |k: usize, fit: &super::regression::Fit| {
        fit.undetermined().iter().all(|(unknown, _)| *unknown != k)
    };
    let mut out = Vec::new();
    for (number, source) in sources.into_iter().enumerate() {
        let kept: Vec<Measurement> = measurements
            .iter()
            .map(|m| {
                let mut m = m.clone();
                m.weight = if m.source == source { 0.0 } else { m.weight };
                m
            })
            .collect();
        let mut tell = |p| watch(number + 2, fits, p);
        let without = fit_watched(plan, &kept, options, &mut tell)?;
        let is_here = |p: &&super::model::Prediction| {
            let m = &measurements[p.measurement];
            m.source == source && m.weight > 0.0
        };
        let mut relative: Vec<f64> = without
            .predictions
            .iter()
            .filter(is_here)
            .filter(|p| p.is_answered())
            .map(|p| p.relative)
            .collect();
        relative.sort_unstable_by(f64::total_cmp);
        let only_here = (0..names.len())
            .filter(|&k| determined(k, &all) && !determined(k, &without))
            .map(|k| names[k].clone());
        out.push(LeftOut {
            source: source.to_string(),
            count: relative.len(),
            rms_within: root_mean_square(all.predictions.iter().filter(is_here), measurements),
            rms_without: root_mean_square(without.predictions.iter().filter(is_here), measurements),
            median_without: relative
                .get(relative.len() / 2)
                .copied()
                .unwrap_or(f64::NAN),
            rms_others: root_mean_square(without.predictions.iter().filter(|p| !is_here(p)), &kept),
            only_here: only_here.collect(),
        });
    }
    Ok(out)
}
