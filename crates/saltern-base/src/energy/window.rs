//! The steps of a plan: a first moment, a length, a count.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Unit};

/// Consecutive steps of equal length, in local standard time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Beginning of the first step.
    pub start: DateTime,
    /// Length of a step, min; it divides an hour.
    pub step_min: u32,
    /// Steps.
    pub steps: usize,
}

impl Window {
    /// All steps of the days from `from` to `to`, both included.
    pub fn of_days(from: Date, to: Date, step_min: u32) -> Window {
        let days = from
            .until((Unit::Day, to))
            .map_or(0, |span| i64::from(span.get_days()) + 1);
        Window {
            start: from.to_datetime(jiff::civil::Time::midnight()),
            step_min,
            steps: days.max(0) as usize * 24 * 60 / step_min as usize,
        }
    }

    /// Hours in a step.
    pub fn step_h(&self) -> f64 {
        f64::from(self.step_min) / 60.0
    }

    /// Beginning of a step.
    pub fn moment(&self, step: usize) -> DateTime {
        let ahead = SignedDuration::from_mins(step as i64 * i64::from(self.step_min));
        self.start.saturating_add(ahead)
    }

    /// Step in which a moment lies; `None` if outside.
    pub fn step_of(&self, moment: DateTime) -> Option<usize> {
        let ahead = self.steps_before(moment)?;
        (moment >= self.start && ahead < self.steps).then_some(ahead)
    }

    /// Whole steps between the start and a moment, 0 before the start and at most all of them.
    pub fn steps_before(&self, moment: DateTime) -> Option<usize> {
        let ahead = moment.duration_since(self.start).as_mins();
        let steps = ahead.div_euclid(i64::from(self.step_min));
        Some(steps.max(0) as usize)
    }

    /// Steps of the days from `from` to `to`, both included, as far as they lie in the window.
    pub fn steps_of_days(&self, from: Date, to: Date) -> std::ops::Range<usize> {
        let midnight = jiff::civil::Time::midnight();
        let begin = self.steps_before(from.to_datetime(midnight)).unwrap_or(0);
        let after = to.tomorrow().unwrap_or(to).to_datetime(midnight);
        let end = self.steps_before(after).unwrap_or(0).min(self.steps);
        begin.min(end)..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    #[test]
    fn the_96_point_day() {
        let window = Window::of_days(date(2027, 3, 1), date(2027, 3, 1), 15);
        assert_eq!(window.steps, 96);
        assert_eq!(window.moment(5), datetime(2027, 3, 1, 1, 15, 0, 0));
        assert_eq!(window.step_of(datetime(2027, 3, 1, 1, 29, 0, 0)), Some(5));
        assert_eq!(window.step_of(datetime(2027, 3, 2, 0, 0, 0, 0)), None);
        assert_eq!(window.step_of(datetime(2027, 2, 28, 23, 59, 0, 0)), None);
    }

    #[test]
    fn days_as_steps() {
        let window = Window::of_days(date(2027, 1, 1), date(2027, 12, 31), 60);
        assert_eq!(window.steps, 8760);
        assert_eq!(
            window.steps_of_days(date(2027, 1, 2), date(2027, 1, 2)),
            24..48
        );
        assert_eq!(
            window.steps_of_days(date(2027, 12, 31), date(2028, 1, 5)),
            8736..8760
        );
    }
}
