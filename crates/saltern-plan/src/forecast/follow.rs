//! Going through a series step by step: forecast, see what comes, learn from it.

use super::errors::Errors;
use super::past::{Past, TERMS, Terms};
use super::regression::Regression;
use super::{LEVELS, Observed, Settings};
use std::collections::VecDeque;

/// Heights of a forecast whose errors are kept apart: fifths of the scale.
const HEIGHTS: usize = 5;

/// A forecast of the steps ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// Values that had been seen; the first step ahead has this number.
    pub origin: usize,
    /// The steps ahead in order.
    pub ahead: Vec<Ahead>,
}

/// A forecast of one step, MW, with what simpler methods say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ahead {
    /// Number of the step.
    pub step: usize,
    /// What is expected.
    pub expected: f64,
    /// Quantiles at [`super::level`]; all as expected where nothing can vary.
    pub quantiles: [f64; LEVELS],
    /// That the last multiple of the scale stays: of sun the clear-sky index, of all else the value.
    pub persistence: f64,
    /// That it will be as at the same time of the last day seen.
    pub day_before: f64,
    /// The mean at that time of day over the last days.
    pub climatology: f64,
    /// Whether it counts when scored: not where the sun is down.
    pub counts: bool,
}

/// Goes through a series, and hands out the forecast at each wanted origin once enough has been seen.
///
/// Only values before the origin enter a forecast.
pub fn follow(
    observed: &Observed,
    settings: &Settings,
    wanted: &dyn Fn(usize) -> bool,
    seen: &mut dyn FnMut(Issue),
) {
    let mut learner = Learner::new(observed, *settings);
    let ready = settings.learning_days * observed.per_day;
    for (origin, value) in observed.values.iter().enumerate() {
        learner.look_ahead();
        if origin >= ready && wanted(origin) {
            seen(learner.issue());
        }
        learner.see(*value);
    }
}

/// What has been seen and learnt.
struct Learner<'a> {
    of: &'a Observed,
    settings: Settings,
    past: Past<'a>,
    /// By lead, for targets on the same day and on another.
    regressions: Vec<[Regression; 2]>,
    /// By lead, same or another day, and height; the last is of all heights.
    errors: Vec<[[Errors; HEIGHTS + 1]; 2]>,
    errors_kept: usize,
    /// Forecasts of the last origins, newest first.
    open: VecDeque<Vec<Option<Open>>>,
}

/// A forecast whose target hasn't come yet.
#[derive(Clone, Copy)]
struct Open {
    terms: Terms,
    expected: f64,
    height: usize,
}

impl<'a> Learner<'a> {
    fn new(of: &'a Observed, settings: Settings) -> Self {
        let memory = (settings.memory_days * of.per_day).max(2) as f64;
        let regression = Regression::new(1.0 - 1.0 / memory);
        Learner {
            of,
            settings,
            past: Past::new(of, settings),
            regressions: vec![[regression.clone(), regression]; settings.horizon],
            errors: vec![Default::default(); settings.horizon],
            errors_kept: (settings.errors_kept * of.per_day / 24).max(100),
            open: VecDeque::new(),
        }
    }

    /// Forecasts all leads from what has been seen.
    fn look_ahead(&mut self) {
        let first = self.past.len();
        let leads = self.settings.horizon.min(self.of.values.len() - first);
        let now = self.past.now();
        let forecasts = (0..leads).map(|lead| {
            let terms = self.past.terms(&now, first + lead)?;
            let b = self.regressions[lead][usize::from(terms.another_day)].coefficients();
            let x: f64 = (0..TERMS).map(|i| b[i] * terms.z[i]).sum();
            let expected = (x * terms.scale).clamp(0.0, self.of.capacity);
            Some(Open {
                expected,
                height: self.height(expected, terms.scale),
                terms,
            })
        });
        let forecasts = forecasts.collect();
        self.open.push_front(forecasts);
        self.open.truncate(self.settings.horizon);
    }

    /// Which fifth of the most there can be.
    fn height(&self, expected: f64, scale: f64) -> usize {
        let most = match self.of.kind {
            super::Kind::Sun => scale,
            _ if self.of.capacity.is_finite() => self.of.capacity,
            _ => self.past.most,
        };
        let share = expected / most.max(f64::MIN_POSITIVE);
        ((share * HEIGHTS as f64) as usize).min(HEIGHTS - 1)
    }

    /// The newest forecast, with its quantiles.
    fn issue(&self) -> Issue {
        let first = self.past.len();
        let now = self.past.now();
        let newest = self.open.front().map_or(&[][..], Vec::as_slice);
        let ahead = newest.iter().enumerate().map(|(lead, open)| {
            let step = first + lead;
            let power = self.past.mean_power(step);
            let mut ahead = Ahead {
                step,
                expected: power,
                quantiles: [power; LEVELS],
                persistence: power,
                day_before: self.past.day_before(step),
                climatology: power,
                counts: self.past.is_up(step),
            };
            if let Some(open) = open {
                let scale = open.terms.scale;
                ahead.expected = open.expected;
                ahead.quantiles = self.quantiles(lead, open);
                ahead.climatology = open.terms.z[3] * scale;
                ahead.persistence = if now.persists.is_nan() {
                    ahead.climatology
                } else {
                    (now.persists * scale).min(self.of.capacity)
                };
            }
            ahead
        });
        Issue {
            origin: first,
            ahead: ahead.collect(),
        }
    }

    fn quantiles(&self, lead: usize, open: &Open) -> [f64; LEVELS] {
        let errors = &self.errors[lead][usize::from(open.terms.another_day)];
        let own = &errors[open.height];
        let errors = if own.is_enough() {
            own
        } else {
            &errors[HEIGHTS]
        };
        errors
            .quantiles()
            .map(|error| (open.expected + error * open.terms.scale).clamp(0.0, self.of.capacity))
    }

    /// Sees the next value, and learns from it for every lead.
    fn see(&mut self, value: f64) {
        for (lead, forecasts) in self.open.iter().enumerate() {
            let Some(Some(open)) = forecasts.get(lead) else {
                continue;
            };
            let another = usize::from(open.terms.another_day);
            let scale = open.terms.scale;
            // Weighed so that it is the error in MW that becomes least.
            self.regressions[lead][another].learn(&open.terms.z, value / scale, scale * scale);
            let error = (value - open.expected) / scale;
            let errors = &mut self.errors[lead][another];
            errors[open.height].keep(error, self.errors_kept);
            errors[HEIGHTS].keep(error, self.errors_kept);
        }
        self.past.see(value);
    }
}
