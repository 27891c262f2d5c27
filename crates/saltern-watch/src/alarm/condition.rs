//! When a value raises an alarm, and when it clears it.

use saltern_samples::Sample;
use serde::{Deserialize, Serialize};

/// What an alarm watches for. Values in the unit of the tag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Watched {
    /// A value above the limit, until it is back by the deadband.
    Above {
        /// Limit.
        limit: f64,
        /// Deadband.
        deadband: f64,
    },
    /// A value below the limit.
    Below {
        /// Limit.
        limit: f64,
        /// Deadband.
        deadband: f64,
    },
    /// A change beyond the limit either way.
    Rate {
        /// Limit per hour.
        limit_per_h: f64,
        /// Deadband per hour.
        deadband_per_h: f64,
        /// Time over which it is taken.
        window_us: i64,
    },
    /// A value too far from that of the reference.
    Deviation {
        /// Limit.
        limit: f64,
        /// Deadband.
        deadband: f64,
    },
    /// A state.
    State {
        /// Its number.
        value: f64,
    },
    /// Values that may not be used.
    BadQuality,
    /// No value for too long.
    Silent {
        /// How long is too long.
        window_us: i64,
    },
}

/// What a value says about the condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It is over.
    Over,
    /// Between limit and deadband, or not known: as it was.
    AsItWas,
}

impl Watched {
    /// What a value says; `reference` is the last usable value of the reference, `rate` the change per hour.
    pub fn verdict(&self, sample: &Sample, reference: Option<f64>, rate: Option<f64>) -> Verdict {
        let usable = sample.is_usable();
        match *self {
            Watched::BadQuality => holds(!usable),
            // Silence ends with whatever comes.
            Watched::Silent { .. } => Verdict::Over,
            _ if !usable => Verdict::AsItWas,
            Watched::Above { limit, deadband } => beyond(sample.value, limit, deadband),
            Watched::Below { limit, deadband } => beyond(-sample.value, -limit, deadband),
            Watched::State { value } => holds((sample.value - value).abs() < 0.5),
            Watched::Rate {
                limit_per_h,
                deadband_per_h,
                ..
            } => rate.map_or(Verdict::AsItWas, |rate| {
                beyond(rate.abs(), limit_per_h, deadband_per_h)
            }),
            Watched::Deviation { limit, deadband } => reference
                .map_or(Verdict::AsItWas, |reference| {
                    beyond((sample.value - reference).abs(), limit, deadband)
                }),
        }
    }
}

fn holds(it: bool) -> Verdict {
    if it { Verdict::Holds } else { Verdict::Over }
}

fn beyond(value: f64, limit: f64, deadband: f64) -> Verdict {
    if value > limit {
        Verdict::Holds
    } else if value <= limit - deadband {
        Verdict::Over
    } else {
        Verdict::AsItWas
    }
}

/// Points that a rate is taken over.
const POINTS: usize = 10;

/// A few values over a window, by which a change per hour is told: no more than ten, however fast values come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Slope {
    /// Time and value, the oldest first.
    points: [(i64, f64); POINTS],
    count: usize,
}

impl Slope {
    /// Takes a value and tells the change per hour since the window began; `None` until the window is nearly full.
    pub fn take(&mut self, time_us: i64, value: f64, window_us: i64) -> Option<f64> {
        let spacing = window_us / (POINTS as i64 - 2);
        let last = self.count.checked_sub(1).map(|i| self.points[i].0);
        if last.is_none_or(|last| time_us - last >= spacing) {
            // The first point stays as long as the second is within the window.
            let old = self.points[1..self.count.max(1)]
                .iter()
                .filter(|(time, _)| *time <= time_us - window_us)
                .count();
            let old = old.max(usize::from(self.count == POINTS));
            self.points.rotate_left(old);
            self.count -= old;
            self.points[self.count] = (time_us, value);
            self.count += 1;
        }
        let (first_us, first) = self.points[0];
        let elapsed_us = time_us - first_us;
        let full = elapsed_us >= window_us - spacing && elapsed_us > 0;
        full.then(|| (value - first) / elapsed_us as f64 * 3.6e9)
    }
}
