//! Forecasts of sun, wind and load from their own past, with bands, and how good they were.
//!
//! A forecast is a pure function of the values seen before it is issued. It lives beside the dispatch, which asks it what
//! the hours to come will bring; the place of the sun comes from `saltern-climate`.
//!
//! A series y is seen as a multiple x of a scale e, which for sun is what a clear sky gives and for all else 1 MW:
//!
//! ```text
//! sun    e(τ) = c(τ) · max { y(s)/c(s) : s at the same time of one of the last 30 days },   c clear-sky radiation on the level
//! x̂(t+k) = b₀ + b₁·(recent anomaly) + b₂·(anomaly of the last day) + b₃·m(t+k) + b₄·(anomaly a week before t+k)
//! ŷ(t+k) = e(t+k) · x̂(t+k), between 0 and the capacity
//! ```
//!
//! m is the mean of x at that time of day over the last 30 days, an anomaly is a difference to it. The b of each lead k are
//! those of least squares over the past with a memory of 90 days, so that persistence fades into climatology as fast as
//! the series itself forgets. For sun they are apart for targets on the same day and on another, because a night lies between.
//!
//! Bands are quantiles of past errors at that lead and at a forecast of that height (fifths of the scale): order statistics
//! at q·(n + 1), which are calibrated for exchangeable errors whatever their distribution (conformal prediction).
//!
//! - Persistence that fades into the mean by lead, as the reference to beat: T. S. Nielsen, A. Joensen, H. Madsen,
//!   L. Landberg, G. Giebel, *Wind Energy* 1 (1998) 29–34 (recalled).
//! - A clear-sky index from a clear sky found in the data, autoregression in it: P. Bacher, H. Madsen, H. A. Nielsen,
//!   *Solar Energy* 83 (2009) 1772–1783 (recalled). Persistence of the index as the reference: R. Perez et al., *Solar
//!   Energy* 84 (2010) 2161–2172 (recalled).
//! - Quantiles from past errors by height of the forecast: P. Pinson, G. Kariniotakis, *Wind Energy* 13 (2010) 83–96 (recalled).

mod errors;
mod follow;
mod observed;
mod past;
mod regression;
mod scenario;
mod score;
mod window;

pub use follow::{Ahead, Issue, follow};
pub use observed::{Kind, Observed};
pub use scenario::{Drawn, Track, scenarios};
pub use score::{Method, Score, Scores};
pub use window::foreseen;

/// Levels of the quantiles of a forecast: 0.05, 0.10, … 0.95.
pub const LEVELS: usize = 19;

/// Level of a quantile by its number.
pub fn level(quantile: usize) -> f64 {
    (quantile + 1) as f64 / (LEVELS + 1) as f64
}

/// How to forecast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Steps ahead.
    pub horizon: usize,
    /// Days seen before the first forecast.
    pub learning_days: usize,
    /// Days over which climatology and clear sky are taken.
    pub climate_days: usize,
    /// Days after which what was learnt has faded to 1/e.
    pub memory_days: usize,
    /// Errors kept a lead and a height, for a step of an hour.
    pub errors_kept: usize,
}

impl Settings {
    /// The usual, so many steps ahead: four weeks of learning, assumed as the memory is.
    pub fn ahead(horizon: usize) -> Settings {
        Settings {
            horizon,
            learning_days: 28,
            climate_days: 30,
            memory_days: 90,
            errors_kept: 400,
        }
    }
}
