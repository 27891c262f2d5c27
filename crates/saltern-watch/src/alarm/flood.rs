//! Floods: more alarms than a person can answer.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// When a flood begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time over which alarms are counted, µs.
    pub window_us: i64,
    /// More than so many begin a flood.
    pub begins_above: usize,
    /// Fewer than so many end it.
    pub ends_below: usize,
}

impl Default for Limits {
    /// More than 10 in 10 minutes begin a flood (self-audit by Inductive Automation), fewer than 5 end it (recalled from
    /// ISA-18.2; check against the standard).
    fn default() -> Self {
        Limits {
            window_us: 600 * super::SECOND_US,
            begins_above: 10,
            ends_below: 5,
        }
    }
}

/// Alarms announced lately.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Flood {
    recent: VecDeque<i64>,
    pub(super) is_on: bool,
}

impl Flood {
    /// Counts an alarm; tells whether a flood begins with it.
    pub(super) fn count(&mut self, now_us: i64, limits: &Limits) -> bool {
        self.recent.push_back(now_us);
        self.forget(now_us, limits);
        let begins = !self.is_on && self.recent.len() > limits.begins_above;
        self.is_on |= begins;
        begins
    }

    /// Tells whether a flood ends now.
    pub(super) fn ends(&mut self, now_us: i64, limits: &Limits) -> bool {
        if !self.is_on {
            return false;
        }
        self.forget(now_us, limits);
        let ends = self.recent.len() < limits.ends_below;
        self.is_on = !ends;
        ends
    }

    fn forget(&mut self, now_us: i64, limits: &Limits) {
        while self
            .recent
            .front()
            .is_some_and(|time| now_us - time >= limits.window_us)
        {
            self.recent.pop_front();
        }
    }
}
