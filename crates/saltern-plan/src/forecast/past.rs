//! What has been seen of a series, as multiples of its scale, with its mean at each time of day.

use super::{Kind, Observed, Settings};
use std::collections::VecDeque;

/// Share of the highest clear sky below which the sun counts as down.
const DOWN: f64 = 0.03;

/// Hours over which the sun's recent index is taken.
const RECENT_SUN_H: usize = 3;

/// Values seen.
#[derive(Debug)]
pub(super) struct Past<'a> {
    of: &'a Observed,
    settings: Settings,
    /// Scale, multiple and its mean, as they were known when each value came; NaN where there was no scale.
    seen: Vec<Seen>,
    slots: Vec<VecDeque<Seen>>,
    clear_most: f64,
    /// Highest value so far.
    pub(super) most: f64,
    /// Last step in which the sun was up.
    last_up: usize,
}

/// A value with its scale and what was usual.
#[derive(Clone, Copy, Debug)]
struct Seen {
    value: f64,
    scale: f64,
    mean: f64,
}

/// Terms of the regression: 1, recent anomaly, anomaly of a day, mean, anomaly a week before.
pub(super) const TERMS: usize = 5;

impl<'a> Past<'a> {
    pub(super) fn new(of: &'a Observed, settings: Settings) -> Self {
        Past {
            of,
            settings,
            seen: Vec::with_capacity(of.values.len()),
            slots: vec![VecDeque::new(); of.per_day],
            // The clear sky is astronomy: its highest is known beforehand.
            clear_most: of.clear.iter().copied().fold(0.0, f64::max),
            most: 0.0,
            last_up: 0,
        }
    }

    /// Number of values seen.
    pub(super) fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether a step counts: not at night, for sun.
    pub(super) fn is_up(&self, step: usize) -> bool {
        self.of.kind != Kind::Sun || self.of.clear[step] > DOWN * self.clear_most
    }

    /// Sees the next value.
    pub(super) fn see(&mut self, value: f64) {
        let step = self.seen.len();
        let seen = Seen {
            value,
            scale: self.scale(step).unwrap_or(f64::NAN),
            mean: self.mean(step).unwrap_or(f64::NAN),
        };
        if self.is_up(step) && value > 0.0 {
            self.last_up = step;
        }
        self.most = self.most.max(value);
        self.seen.push(seen);
        let slot = &mut self.slots[step % self.of.per_day];
        slot.push_back(seen);
        if slot.len() > self.settings.climate_days {
            slot.pop_front();
        }
    }

    /// Scale of a step to come, MW; `None` before anything is known or where there is no sun.
    pub(super) fn scale(&self, step: usize) -> Option<f64> {
        if self.of.kind != Kind::Sun {
            return Some(1.0);
        }
        if !self.is_up(step) {
            return None;
        }
        let clear = &self.of.clear;
        let days = self.days_before(step);
        let share = days
            .filter(|s| self.is_up(*s))
            .map(|s| self.seen[s].value / clear[s])
            .fold(0.0, f64::max);
        (share > 0.0).then_some(share * clear[step])
    }

    /// Steps at the same time on the last days that have been seen.
    fn days_before(&self, step: usize) -> impl Iterator<Item = usize> {
        let n = self.of.per_day;
        let ahead = (step + 1).saturating_sub(self.seen.len()).div_ceil(n);
        let last = step.checked_sub(ahead.max(1) * n);
        let days = self.settings.climate_days;
        (0..days).filter_map(move |d| last?.checked_sub(d * n))
    }

    /// Mean multiple at the time of day of a step to come.
    pub(super) fn mean(&self, step: usize) -> Option<f64> {
        let slot = &self.slots[step % self.of.per_day];
        let scaled = slot.iter().filter(|seen| !seen.scale.is_nan());
        let (sum, scales) = scaled.fold((0.0, 0.0), |(v, e), s| (v + s.value, e + s.scale));
        (scales > 0.0).then(|| sum / scales)
    }

    /// Mean power at the time of day of a step to come, for what has no scale.
    pub(super) fn mean_power(&self, step: usize) -> f64 {
        let slot = &self.slots[step % self.of.per_day];
        slot.iter().map(|s| s.value).sum::<f64>() / slot.len().max(1) as f64
    }

    /// Mean multiple over the last steps that count, less what was usual then; and that multiple itself.
    fn recent(&self, wanted: usize, within: usize) -> (f64, f64) {
        let known = self.seen.iter().rev().take(within);
        let known = known.filter(|s| !s.scale.is_nan() && !s.mean.is_nan());
        let (mut value, mut usual, mut scale) = (0.0, 0.0, 0.0);
        for seen in known.take(wanted) {
            value += seen.value;
            usual += seen.mean * seen.scale;
            scale += seen.scale;
        }
        if scale > 0.0 {
            ((value - usual) / scale, value / scale)
        } else {
            (0.0, f64::NAN)
        }
    }

    /// What does not hang on the target: anomalies and the multiple that persists.
    pub(super) fn now(&self) -> Now {
        let n = self.of.per_day;
        let wanted = match self.of.kind {
            Kind::Sun => (RECENT_SUN_H * n / 24).max(1),
            Kind::Wind | Kind::Load => 1,
        };
        let (recent, persists) = self.recent(wanted, 2 * n);
        Now {
            recent,
            day: self.recent(n, n).0,
            persists,
        }
    }

    /// Terms of a target; `None` where it has no scale or nothing is known of its time of day.
    pub(super) fn terms(&self, now: &Now, step: usize) -> Option<Terms> {
        let scale = self.scale(step)?;
        let mean = self.mean(step)?;
        Some(Terms {
            z: [1.0, now.recent, now.day, mean, self.week_before(step)],
            scale,
            another_day: self.of.kind == Kind::Sun
                && step / self.of.per_day != self.last_up / self.of.per_day,
        })
    }

    /// Anomaly a week before a step of load, 0 where it isn't known.
    fn week_before(&self, step: usize) -> f64 {
        let weeks = (step + 1).saturating_sub(self.seen.len());
        let week = 7 * self.of.per_day;
        let before = step.checked_sub(weeks.div_ceil(week).max(1) * week);
        match before.map(|s| &self.seen[s]) {
            Some(seen) if self.of.kind == Kind::Load && !seen.mean.is_nan() => {
                seen.value / seen.scale - seen.mean
            }
            _ => 0.0,
        }
    }

    /// The value at the same time on the last day that has been seen.
    pub(super) fn day_before(&self, step: usize) -> f64 {
        let last = self.days_before(step).next();
        last.map_or(0.0, |s| self.seen[s].value)
    }
}

/// What is known when a forecast is issued.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    recent: f64,
    day: f64,
    /// Multiple of the scale that persistence keeps.
    pub(super) persists: f64,
}

/// What the regression sees of a target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) z: [f64; TERMS],
    pub(super) scale: f64,
    /// Whether a night lies between the last sun seen and the target.
    pub(super) another_day: bool,
}
