//! How good forecasts were, by lead: errors, bands, and skill against simpler methods.

use super::{Issue, LEVELS, Observed, level};

/// Who forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The forecast.
    Forecast,
    /// That the last multiple of the scale stays.
    Persistence,
    /// As a day before.
    DayBefore,
    /// The mean at that time of day.
    Climatology,
}

impl Method {
    /// All of them, the forecast first.
    pub const ALL: [Method; 4] = [
        Method::Forecast,
        Method::Persistence,
        Method::DayBefore,
        Method::Climatology,
    ];
}

/// Scores of one lead, or of all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// Forecasts scored.
    pub count: usize,
    absolute: [f64; 4],
    squared: [f64; 4],
    signed: [f64; 4],
    pinball: f64,
    within: [usize; 3],
}

/// Central bands whose coverage is counted, by the number of their lower quantile: 50, 80, 90 %.
const BANDS: [usize; 3] = [4, 1, 0];

impl Score {
    fn add(&mut self, forecasts: [f64; 4], quantiles: &[f64; LEVELS], actual: f64) {
        self.count += 1;
        for (m, forecast) in forecasts.iter().enumerate() {
            let error = forecast - actual;
            self.absolute[m] += error.abs();
            self.squared[m] += error * error;
            self.signed[m] += error;
        }
        for (q, quantile) in quantiles.iter().enumerate() {
            let above = actual - quantile;
            self.pinball += (level(q) * above).max((level(q) - 1.0) * above);
        }
        for (within, lower) in self.within.iter_mut().zip(BANDS) {
            let band = quantiles[lower]..=quantiles[LEVELS - 1 - lower];
            *within += usize::from(band.contains(&actual));
        }
    }

    fn merge(&mut self, other: &Score) {
        self.count += other.count;
        for m in 0..4 {
            self.absolute[m] += other.absolute[m];
            self.squared[m] += other.squared[m];
            self.signed[m] += other.signed[m];
        }
        self.pinball += other.pinball;
        for (own, other) in self.within.iter_mut().zip(other.within) {
            *own += other;
        }
    }

    /// Mean absolute error, MW.
    pub fn mae(&self, method: Method) -> f64 {
        self.absolute[method as usize] / self.count as f64
    }

    /// Root of the mean squared error, MW.
    pub fn rmse(&self, method: Method) -> f64 {
        (self.squared[method as usize] / self.count as f64).sqrt()
    }

    /// Mean of forecast less actual, MW.
    pub fn bias(&self, method: Method) -> f64 {
        self.signed[method as usize] / self.count as f64
    }

    /// 1 − RMSE / RMSE of another method: 1 is perfect, 0 no better, negative worse.
    pub fn skill(&self, against: Method) -> f64 {
        1.0 - self.rmse(Method::Forecast) / self.rmse(against)
    }

    /// Continuous ranked probability score, MW: twice the pinball loss over all levels, by the trapezoid on the levels
    /// (0 at both ends). For a forecast without spread it is the mean absolute error.
    pub fn crps(&self) -> f64 {
        2.0 * self.pinball / ((LEVELS + 1) as f64 * self.count as f64)
    }

    /// Share of what came that lay in the central bands of 50, 80 and 90 %.
    pub fn coverage(&self) -> [f64; 3] {
        self.within.map(|within| within as f64 / self.count as f64)
    }
}

/// Scores of a series by lead.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// Score of each lead, the first step ahead first.
    pub by_lead: Vec<Score>,
}

impl Scores {
    /// None yet.
    pub fn new(horizon: usize) -> Scores {
        Scores {
            by_lead: vec![Score::default(); horizon],
        }
    }

    /// Adds what became of a forecast.
    pub fn add(&mut self, observed: &Observed, issue: &Issue) {
        for (lead, ahead) in issue.ahead.iter().enumerate().filter(|(_, a)| a.counts) {
            let forecasts = [
                ahead.expected,
                ahead.persistence,
                ahead.day_before,
                ahead.climatology,
            ];
            self.by_lead[lead].add(forecasts, &ahead.quantiles, observed.values[ahead.step]);
        }
    }

    /// Over some leads.
    pub fn over(&self, leads: std::ops::Range<usize>) -> Score {
        let mut all = Score::default();
        for score in &self.by_lead[leads.start..leads.end.min(self.by_lead.len())] {
            all.merge(score);
        }
        all
    }

    /// Over all leads.
    pub fn all(&self) -> Score {
        self.over(0..self.by_lead.len())
    }

    /// Whether the forecast is better than persistence, and than the day before.
    pub fn beats_persistence(&self) -> bool {
        let all = self.all();
        all.skill(Method::Persistence) > 0.0 && all.skill(Method::DayBefore) > 0.0
    }
}
