//! Everything that is told of a fit, worked out once: profiles, what is determined, agreement, bands, the next assay.

pub use saltern_numerics::profile::{End, Profile};

use super::agreement::{Agreement, agreement};
use super::bands::{self, Band, Known, Sampled};
use super::error::FitError;
use super::identifiability::{Combination, combinations};
use super::model::{Model, Watch};
use super::next::{self, Candidate, Gain};
use super::regression::{Fit, Options};
use crate::fitted::Fitted;
use crate::flowsheet::NamedMeasure;
use crate::solve::SolveError;
use crate::target::Target;

/// What is asked beside the fit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Questions {
    /// Measures to give bands for.
    pub measures: Vec<NamedMeasure>,
    /// Which of them the next assay is to narrow.
    pub chosen: usize,
    /// Samples of a band; none for bands to first order alone.
    pub samples: usize,
    /// Seed of the samples.
    pub seed: u64,
}

/// Everything that is told of a fit.
#[derive(Debug)]
pub struct Study<'a, 'm> {
    /// The model.
    pub model: &'a Model<'m>,
    /// The fit.
    pub fit: Fit,
    /// What was asked for.
    pub options: Options,
    /// What was asked beside it.
    pub questions: Questions,
    /// Model value of every measurement at the estimates, SI.
    pub predictions: Vec<f64>,
    /// Profile of each parameter.
    pub profiles: Vec<Profile>,
    /// Combinations of parameters, the best determined first.
    pub combinations: Vec<Combination>,
    /// How well the model agrees.
    pub agreement: Agreement,
    /// Band of each measure to first order, in the plant as its file has it.
    pub bands: Vec<Band>,
    /// The same by sampling; empty where none was asked for.
    pub sampled: Vec<Sampled>,
    /// What could be measured.
    pub candidates: Vec<Candidate>,
    /// What it would do, the best first; empty without measures.
    pub gains: Vec<Gain>,
}

impl<'a, 'm> Study<'a, 'm> {
    /// Works everything out.
    ///
    /// # Errors
    /// [`FitError`]
    pub fn new(
        model: &'a mut Model<'m>,
        fit: Fit,
        options: Options,
        questions: Questions,
    ) -> Result<Study<'a, 'm>, FitError> {
        let no_state = |error: SolveError| FitError::NoStart {
            run: String::new(),
            error: Box::new(error),
        };
        let profiles = (0..fit.parameters)
            .map(|k| fit.profile(k, model, &options))
            .collect();
        let predictions = model.predictions(fit.x()).map_err(no_state)?;
        let combinations = combinations(model, &fit);
        let agreement = agreement(&model.pilot, &predictions, &fit);
        let candidates = next::candidates(&model.pilot, model.design.sheet());
        let p = fit.parameters;
        let unknowns = model.unknowns[..p].to_vec();
        let targets: Vec<&Target> = unknowns.iter().map(|u| &u.target).collect();
        let limits: Vec<(f64, f64)> = unknowns.iter().map(|u| u.bounds).collect();
        let (covariance, steps) = (fit.of_parameters(), model.steps(fit.x()));
        let known = Known {
            targets: &targets,
            x: &fit.x()[..p],
            covariance: &covariance,
            bounds: &limits,
            steps: &steps[..p],
        };
        model.watch = Watch::default(); // what is left is soon done, and the line should go
        let measures: Vec<_> = questions.measures.iter().map(|m| &m.measure).collect();
        let bands = bands::linear(&mut model.design, &known, &measures).map_err(no_state)?;
        let sampled = if questions.samples > 0 && covariance.iter().all(|v| v.is_finite()) {
            let draws = (questions.samples, questions.seed);
            let freedom = fit.scaled.then_some(fit.freedom);
            let confidence = options.confidence;
            bands::sampled(
                &mut model.design,
                &known,
                &measures,
                draws,
                freedom,
                confidence,
            )
        } else {
            Vec::new()
        };
        let gains = match bands.get(questions.chosen) {
            Some(band) => {
                let scale = fit.variance.sqrt();
                let (bench, gradient) = (&mut model.design, &band.gradient);
                next::gains(bench, &known, &candidates, gradient, scale).map_err(no_state)?
            }
            None => Vec::new(),
        };
        Ok(Study {
            model,
            fit,
            options,
            questions,
            predictions,
            profiles,
            combinations,
            agreement,
            bands,
            sampled,
            candidates,
            gains,
        })
    }

    /// The parameters as a plant's file takes them; `data` says what they were fitted to. Those that the data do not
    /// determine are left out.
    pub fn fitted(&self, data: &str) -> Vec<Fitted> {
        let mut all: Vec<Fitted> = Vec::new();
        for (k, unknown) in self.model.unknowns[..self.fit.parameters]
            .iter()
            .enumerate()
        {
            let (deviation, rests) = (self.fit.deviation(k), self.fit.minimum.at_bound[k]);
            if !deviation.is_finite() && !rests {
                continue; // What the data do not determine is not handed on as if they did.
            }
            let index = |path: &str| self.model.unknowns.iter().position(|u| u.path == path);
            let correlation = all.iter().filter_map(|other| {
                let j = index(&other.path)?;
                Some((other.path.clone(), self.fit.correlation(k, j)))
            });
            let correlation: Vec<(String, f64)> =
                correlation.filter(|(_, r)| r.is_finite()).collect();
            all.push(Fitted {
                path: unknown.path.clone(),
                target: unknown.target.clone(),
                value: self.fit.x()[k],
                sigma: if deviation.is_finite() {
                    deviation
                } else {
                    0.0
                },
                freedom: self.fit.scaled.then_some(self.fit.freedom),
                correlation,
                data: if rests {
                    format!("{data}; rests at its bound")
                } else {
                    data.to_owned()
                },
            });
        }
        all
    }
}
