//! Samples of one tag in columns, in order of time.

use std::ops::Range;

use crate::quality::Quality;
use crate::sample::Sample;

/// Samples of one tag. All columns are of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Microseconds since 1970-01-01T00:00:00 UTC.
    pub times_us: Vec<i64>,
    /// Values; NaN where there is none.
    pub values: Vec<f64>,
    /// Bytes of quality.
    pub qualities: Vec<u8>,
}

impl Series {
    /// Makes room for so many more.
    pub fn reserve(&mut self, samples: usize) {
        self.times_us.reserve(samples);
        self.values.reserve(samples);
        self.qualities.reserve(samples);
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.times_us.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.times_us.is_empty()
    }

    /// Adds one at the end, wherever in time it belongs.
    pub fn push(&mut self, sample: Sample) {
        self.times_us.push(sample.time_us);
        self.values.push(sample.value);
        self.qualities.push(sample.quality.byte());
    }

    /// The sample at a place.
    pub fn get(&self, place: usize) -> Option<Sample> {
        Some(Sample {
            time_us: *self.times_us.get(place)?,
            value: self.values[place],
            quality: Quality::from_byte(self.qualities[place]),
        })
    }

    /// All in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Sample> + '_ {
        (0..self.len()).map(|place| Sample {
            time_us: self.times_us[place],
            value: self.values[place],
            quality: Quality::from_byte(self.qualities[place]),
        })
    }

    /// Adds another's samples at the end.
    pub fn append(&mut self, other: &Series) {
        self.times_us.extend_from_slice(&other.times_us);
        self.values.extend_from_slice(&other.values);
        self.qualities.extend_from_slice(&other.qualities);
    }

    /// Adds those of another that lie in `from_us..to_us`, whatever its order.
    pub fn append_between(&mut self, other: &Series, from_us: i64, to_us: i64) {
        if other.is_in_order() {
            self.append_ordered_between(other, from_us, to_us);
        } else {
            for sample in other.iter() {
                if (from_us..to_us).contains(&sample.time_us) {
                    self.push(sample);
                }
            }
        }
    }

    /// The same where the other is known to be in order.
    pub fn append_ordered_between(&mut self, other: &Series, from_us: i64, to_us: i64) {
        let range = other.between(from_us, to_us);
        self.times_us
            .extend_from_slice(&other.times_us[range.clone()]);
        self.values.extend_from_slice(&other.values[range.clone()]);
        self.qualities.extend_from_slice(&other.qualities[range]);
    }

    /// Whether every instant is later than the one before it.
    pub fn is_in_order(&self) -> bool {
        self.times_us.windows(2).all(|pair| pair[0] < pair[1])
    }

    /// The places of `from_us..to_us` in a series that is in order.
    pub fn between(&self, from_us: i64, to_us: i64) -> Range<usize> {
        let begin = self.times_us.partition_point(|time| *time < from_us);
        let end = self.times_us.partition_point(|time| *time < to_us);
        begin..end.max(begin)
    }

    /// Puts samples in order of time. Where several stand at one instant the one that was added last stays.
    pub fn settle(&mut self) {
        if self.is_in_order() {
            return;
        }
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_by_key(|place| self.times_us[*place as usize]);
        let mut settled = Series::default();
        for (at, place) in order.iter().enumerate() {
            let time = self.times_us[*place as usize];
            let next = order.get(at + 1).map(|next| self.times_us[*next as usize]);
            if next != Some(time) {
                settled.times_us.push(time);
                settled.values.push(self.values[*place as usize]);
                settled.qualities.push(self.qualities[*place as usize]);
            }
        }
        *self = settled;
    }
}

impl FromIterator<Sample> for Series {
    fn from_iter<I: IntoIterator<Item = Sample>>(samples: I) -> Series {
        let mut series = Series::default();
        for sample in samples {
            series.push(sample);
        }
        series
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Settling is what a map from instants to values does, the later word replacing the earlier.
        #[test]
        fn settled_is_a_map(came in prop::collection::vec((0i64..30, -5i8..5), 0..80)) {
            let mut series: Series =
                came.iter().map(|(time, value)| Sample::good(*time, f64::from(*value))).collect();
            series.settle();
            let map: BTreeMap<i64, f64> = came.iter().map(|(t, v)| (*t, f64::from(*v))).collect();
            let pairs: Vec<(i64, f64)> = series.iter().map(|s| (s.time_us, s.value)).collect();
            prop_assert_eq!(pairs, map.into_iter().collect::<Vec<_>>());
            prop_assert!(series.is_in_order());
        }

        #[test]
        fn a_part_of_time_is_the_same_in_any_order(
            came in prop::collection::vec(0i64..30, 0..40),
            from in 0i64..30,
            width in 0i64..30,
        ) {
            let series: Series = came.iter().map(|time| Sample::good(*time, 1.0)).collect();
            let mut ordered = series.clone();
            ordered.settle();
            let (mut a, mut b) = (Series::default(), Series::default());
            a.append_between(&series, from, from + width);
            b.append_between(&ordered, from, from + width);
            a.settle();
            prop_assert_eq!(a, b);
        }
    }
}
