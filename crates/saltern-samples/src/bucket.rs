//! A long series in few buckets: the least, the greatest, the mean and the number in each, so that no spike is lost.

use crate::quality::Quality;
use crate::sample::Sample;
use crate::series::Series;

/// A minute, an hour and a day in microseconds.
pub const MINUTE_US: i64 = 60_000_000;
/// An hour in microseconds.
pub const HOUR_US: i64 = 60 * MINUTE_US;
/// A day in microseconds.
pub const DAY_US: i64 = 24 * HOUR_US;
/// Whatever is counted from here on stays within 64 bits.
const FARTHEST_US: i64 = i64::MAX / 8;

/// What lies in a span of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// Where it begins, microseconds since 1970-01-01T00:00:00 UTC.
    pub start_us: i64,
    /// Least usable value; NaN where there is none.
    pub min: f64,
    /// Greatest usable value; NaN where there is none.
    pub max: f64,
    /// Sum of the usable values.
    pub sum: f64,
    /// Usable values.
    pub count: u64,
    /// Samples that cannot be used, gap marks among them.
    pub bad: u64,
    /// First and last usable value in time; NaN where there is none.
    pub first: f64,
    /// Last usable value in time.
    pub last: f64,
}

impl Bucket {
    /// An empty one.
    pub const fn empty(start_us: i64) -> Bucket {
        Bucket {
            start_us,
            min: f64::NAN,
            max: f64::NAN,
            sum: 0.0,
            count: 0,
            bad: 0,
            first: f64::NAN,
            last: f64::NAN,
        }
    }

    /// Whether nothing lies in it.
    pub const fn is_empty(&self) -> bool {
        self.count == 0 && self.bad == 0
    }

    /// Mean of the usable values; NaN where there is none.
    pub fn mean(&self) -> f64 {
        self.sum / self.count as f64
    }

    /// Adds a sample that is later than all before it.
    pub fn add(&mut self, sample: &Sample) {
        self.add_all(&[sample.value], &[sample.quality.byte()]);
    }

    /// Adds samples that are later than all before them, by their values and qualities.
    fn add_all(&mut self, values: &[f64], qualities: &[u8]) {
        for (value, quality) in values.iter().zip(qualities) {
            if value.is_nan() || !Quality::from_byte(*quality).is_usable() {
                self.bad += 1;
                continue;
            }
            if self.count == 0 {
                (self.min, self.max, self.first) = (*value, *value, *value);
            } else if *value < self.min {
                self.min = *value;
            } else if *value > self.max {
                self.max = *value;
            }
            self.sum += *value;
            self.last = *value;
            self.count += 1;
        }
    }

    /// Adds a later bucket's content.
    pub fn join(&mut self, later: &Bucket) {
        self.bad += later.bad;
        if later.count == 0 {
            return;
        }
        self.min = self.min.min(later.min);
        self.max = self.max.max(later.max);
        self.sum += later.sum;
        if self.count == 0 {
            self.first = later.first;
        }
        self.last = later.last;
        self.count += later.count;
    }
}

/// Spans of one width that cover a time, beginning at a multiple of the width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Where the first begins.
    pub start_us: i64,
    /// Width of each.
    pub width_us: i64,
    /// How many.
    pub count: usize,
}

impl Grid {
    /// At most `buckets` spans over `from_us..to_us`. From a minute on the width is whole minutes, from an hour on whole
    /// hours where that doesn't widen it by more than a quarter, so that rollups can fill them.
    ///
    /// What is asked for beyond 36 000 years from 1970 is not covered.
    pub fn over(from_us: i64, to_us: i64, buckets: usize) -> Grid {
        let from_us = from_us.clamp(-FARTHEST_US, FARTHEST_US);
        let to_us = to_us.clamp(-FARTHEST_US, FARTHEST_US).max(from_us + 1);
        let fair_us = |buckets: usize| {
            let length = (to_us - from_us) as u64;
            length.div_ceil(buckets.max(1) as u64) as i64
        };
        let grid = |fair_us: i64| Grid::of_width(from_us, to_us, round_us(fair_us));
        // Where the begin is moved back to a multiple of the width, one bucket is kept for that.
        let even = grid(fair_us(buckets));
        match even.count <= buckets {
            true => even,
            false => grid(fair_us(buckets.saturating_sub(1))),
        }
    }

    fn of_width(from_us: i64, to_us: i64, width_us: i64) -> Grid {
        let start_us = from_us.div_euclid(width_us) * width_us;
        Grid {
            start_us,
            width_us,
            count: ((to_us - start_us + width_us - 1) / width_us) as usize,
        }
    }

    /// Where the last ends.
    pub const fn end_us(&self) -> i64 {
        self.start_us + self.width_us * self.count as i64
    }

    /// The spans, empty.
    pub fn buckets(&self) -> Vec<Bucket> {
        (0..self.count as i64)
            .map(|at| Bucket::empty(self.start_us + at * self.width_us))
            .collect()
    }

    /// Adds the samples of a series that is in order to the buckets of this grid.
    pub fn fill(&self, series: &Series, buckets: &mut [Bucket]) {
        let covered = series.between(self.start_us, self.end_us());
        let mut at = covered.start;
        while at < covered.end {
            let Some(place) = self.place(series.times_us[at]) else {
                return;
            };
            let end_us = self.start_us + (place as i64 + 1) * self.width_us;
            let rest = &series.times_us[at..covered.end];
            let end = at + rest.partition_point(|time| *time < end_us);
            buckets[place].add_all(&series.values[at..end], &series.qualities[at..end]);
            at = end;
        }
    }

    /// The place of an instant that the grid covers.
    pub fn place(&self, time_us: i64) -> Option<usize> {
        let place = usize::try_from((time_us - self.start_us).div_euclid(self.width_us)).ok()?;
        (place < self.count).then_some(place)
    }
}

/// A width that is no less: see [`Grid::over`].
fn round_us(fair_us: i64) -> i64 {
    let to_multiple =
        |of: i64| fair_us.div_euclid(of) * of + if fair_us % of == 0 { 0 } else { of };
    let hours = to_multiple(HOUR_US);
    if fair_us < MINUTE_US {
        fair_us
    } else if hours - fair_us <= fair_us / 4 {
        hours
    } else {
        to_multiple(MINUTE_US)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_grid_covers_its_time_and_keeps_its_number(
            from in -1_000_000_000_000i64..2_000_000_000_000_000,
            length in 1i64..200_000_000_000_000,
            buckets in 2usize..2000,
        ) {
            let grid = Grid::over(from, from + length, buckets);
            prop_assert!(grid.count <= buckets, "{grid:?}");
            prop_assert!(grid.start_us <= from && grid.end_us() >= from + length);
            prop_assert_eq!(grid.place(from), Some(0));
            prop_assert!(grid.place(from + length - 1).is_some());
            if grid.width_us >= MINUTE_US {
                prop_assert_eq!(grid.width_us % MINUTE_US, 0);
            }
        }

        /// Anybody may ask for any time: ends that did not fit into 64 bits panicked.
        #[test]
        fn a_grid_is_over_any_time(from in any::<i64>(), to in any::<i64>(), buckets in 0usize..2000) {
            let grid = Grid::over(from, to, buckets);
            prop_assert!(grid.count >= 1 && grid.count <= buckets.max(2), "{grid:?}");
            prop_assert!(grid.end_us() > grid.start_us);
        }

        /// Three days by the hour came in spans of 61 minutes.
        #[test]
        fn whole_hours_are_cut_at_whole_hours(from in -1_000_000i64..1_000_000, hours in 1usize..5000) {
            let from_us = from * HOUR_US;
            let grid = Grid::over(from_us, from_us + hours as i64 * HOUR_US, hours);
            prop_assert_eq!(grid, Grid { start_us: from_us, width_us: HOUR_US, count: hours });
        }

        /// Buckets of buckets are buckets of the samples.
        #[test]
        fn joining_is_adding(values in prop::collection::vec(prop::option::of(-1e3f64..1e3), 1..60), cut in 0usize..60) {
            let samples: Vec<Sample> = values
                .iter()
                .enumerate()
                .map(|(at, value)| Sample::good(at as i64, value.unwrap_or(f64::NAN)))
                .collect();
            let fill = |samples: &[Sample]| {
                let mut bucket = Bucket::empty(0);
                samples.iter().for_each(|s| bucket.add(s));
                bucket
            };
            let whole = fill(&samples);
            let cut = cut.min(samples.len());
            let mut joined = fill(&samples[..cut]);
            joined.join(&fill(&samples[cut..]));
            let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
            prop_assert!(same(whole.min, joined.min) && same(whole.max, joined.max));
            prop_assert!(same(whole.first, joined.first) && same(whole.last, joined.last));
            prop_assert_eq!((whole.count, whole.bad), (joined.count, joined.bad));
            prop_assert!((whole.sum - joined.sum).abs() < 1e-9);
        }
    }

    proptest! {
        /// Filling a grid is putting each sample where it belongs.
        #[test]
        fn filling_is_placing(
            steps in prop::collection::vec((1i64..400, prop::option::of(-1e3f64..1e3)), 0..80),
            from in 0i64..4000,
            length in 1i64..20_000,
            most in 2usize..40,
        ) {
            let mut time = 0;
            let sample = |(step, value): &(i64, Option<f64>)| {
                time += step;
                Sample::good(time, value.unwrap_or(f64::NAN))
            };
            let series: Series = steps.iter().map(sample).collect();
            let grid = Grid::over(from, from + length, most);
            let (mut filled, mut placed) = (grid.buckets(), grid.buckets());
            grid.fill(&series, &mut filled);
            for sample in series.iter() {
                if let Some(place) = grid.place(sample.time_us) {
                    placed[place].add(&sample);
                }
            }
            prop_assert_eq!(format!("{filled:?}"), format!("{placed:?}"));
        }
    }

    #[test]
    fn a_month_in_a_thousand_buckets_is_filled_by_minutes() {
        let grid = Grid::over(0, 30 * DAY_US, 1000);
        assert_eq!(grid.width_us, 44 * MINUTE_US);
        assert_eq!(grid.count, 982);
    }
}
