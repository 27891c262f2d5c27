//! Forecasts as they leave the program: in `plan.json`, and the frames of their steps and scores.

use crate::contents::Name;
use saltern_units::Lang;
use serde::{Deserialize, Serialize};

/// Frame: what was forecast for each step, with bands and what came.
pub const FORECAST: &str = "forecast";
/// Frame: how good forecasts were, by series and lead.
pub const SCORES: &str = "scores";

/// What forecasts of a base came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastAnswer {
    /// Steps ahead.
    pub horizon: usize,
    /// Days seen before the first forecast.
    pub learning_days: usize,
    /// The series.
    pub series: Vec<ForecastSeries>,
}

/// A series with its scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastSeries {
    /// Id of its unit.
    pub unit: String,
    /// Name of the unit.
    pub name: Name,
    /// How it behaves.
    pub kind: ForecastKind,
    /// Whether the forecast is better than persistence and than the day before, over all leads by RMSE.
    pub beats_persistence: bool,
    /// Over all leads.
    pub all: ForecastScore,
    /// By lead.
    pub by_lead: Vec<ForecastScore>,
}

/// How a series behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForecastKind {
    /// Bound to the sun.
    Sun,
    /// Bound to the wind.
    Wind,
    /// Asked for by people.
    Load,
}

impl ForecastKind {
    /// In words.
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            ForecastKind::Sun => lang.pick("sun", "光照"),
            ForecastKind::Wind => lang.pick("wind", "风"),
            ForecastKind::Load => lang.pick("load", "负荷"),
        }
    }
}

/// Scores of a lead. Nights don't count for sun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ForecastScore {
    /// Hours from the moment of issue to the end of the step.
    pub lead_h: f64,
    /// Forecasts scored.
    pub count: usize,
    /// Mean absolute error, MW.
    pub mae_mw: f64,
    /// Root of the mean squared error, MW.
    pub rmse_mw: f64,
    /// Mean of forecast less actual, MW.
    pub bias_mw: f64,
    /// Continuous ranked probability score from 19 quantiles, MW.
    pub crps_mw: f64,
    /// Share of what came within the central band of 50 %.
    pub within_50: f64,
    /// Of 80 %.
    pub within_80: f64,
    /// Of 90 %.
    pub within_90: f64,
    /// RMSE of persistence, MW.
    pub persistence_mw: f64,
    /// RMSE of the day before, MW.
    pub day_before_mw: f64,
    /// RMSE of the mean at that time of day, MW.
    pub climatology_mw: f64,
}

/// Errors below this are of the arithmetic, not of what was forecast, MW.
const ROUNDING_MW: f64 = 1e-9;

impl ForecastScore {
    /// 1 − RMSE / RMSE of another: 1 is perfect, 0 no better, negative worse. Not a number where the other makes no error: then
    /// nothing can be better, and the ratio tells nothing.
    pub fn skill(&self, other_mw: f64) -> f64 {
        match other_mw > ROUNDING_MW {
            true => 1.0 - self.rmse_mw / other_mw,
            false => f64::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A series that repeats each day exactly: the day before was right but for rounding, and "−270 %" was told of it.
    #[test]
    fn nothing_is_better_than_what_does_not_err() {
        let score = ForecastScore {
            rmse_mw: 3.0e-14,
            ..ForecastScore::default()
        };
        assert!(score.skill(8.0e-15).is_nan());
        assert!(score.skill(0.0).is_nan());
        let score = ForecastScore {
            rmse_mw: 3.0,
            ..score
        };
        assert_eq!(score.skill(4.0), 0.25);
        assert_eq!(score.skill(2.0), -0.5);
    }
}
