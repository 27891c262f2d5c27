//! A clock that runs at real or faster time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::error::DemoError;

/// Fastest that is played: a day in under two and a half minutes. Beyond that instruments that are read every few seconds
/// by the wall's clock would seem silent.
pub const FASTEST: f64 = 600.0;

/// Where the clock was when its pace was last set.
#[derive(Clone, Copy)]
struct Mark {
    at: Instant,
    time_us: i64,
    speed: f64,
}

/// A clock that all who hold it see the same.
#[derive(Clone)]
pub(crate) struct Clock(Arc<Mutex<Mark>>);

impl Clock {
    pub(crate) fn new(time_us: i64, speed: f64) -> Result<Clock, DemoError> {
        check(speed)?;
        Ok(Clock(Arc::new(Mutex::new(Mark {
            at: Instant::now(),
            time_us,
            speed,
        }))))
    }

    fn mark(&self) -> Mark {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// µs since 1970.
    pub(crate) fn now_us(&self) -> i64 {
        self.mark().now_us()
    }

    pub(crate) fn speed(&self) -> f64 {
        self.mark().speed
    }

    /// Goes on from now at another pace.
    pub(crate) fn set_speed(&self, speed: f64) -> Result<(), DemoError> {
        check(speed)?;
        let mut mark = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *mark = Mark {
            at: Instant::now(),
            time_us: mark.now_us(),
            speed,
        };
        Ok(())
    }
}

impl Mark {
    fn now_us(&self) -> i64 {
        let since_us = self.at.elapsed().as_secs_f64() * 1e6 * self.speed;
        self.time_us.saturating_add(since_us as i64)
    }
}

fn check(speed: f64) -> Result<(), DemoError> {
    match (1.0..=FASTEST).contains(&speed) {
        true => Ok(()),
        false => Err(DemoError::BadSpeed {
            speed,
            fastest: FASTEST,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_goes_back_when_its_pace_changes() {
        let clock = Clock::new(1_000, 600.0).expect("a clock");
        let mut last = clock.now_us();
        for speed in [1.0, 600.0, 60.0] {
            clock.set_speed(speed).expect("a pace");
            let now = clock.now_us();
            assert!(now >= last);
            last = now;
        }
        for bad in [0.5, 601.0, f64::NAN] {
            assert!(clock.set_speed(bad).is_err());
        }
    }
}
