//! A value of a tag at an instant.

use crate::quality::Quality;

/// A tag's number in a store: given when its name is first seen, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagId(pub u32);

/// A value at an instant. Two samples of a tag at one instant are one: the later word counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Microseconds since 1970-01-01T00:00:00 UTC.
    pub time_us: i64,
    /// In the tag's unit; NaN where there is none, as at the beginning of a gap.
    pub value: f64,
    /// How far it can be trusted.
    pub quality: Quality,
}

impl Sample {
    /// A good value.
    pub const fn good(time_us: i64, value: f64) -> Sample {
        Sample {
            time_us,
            value,
            quality: Quality::GOOD,
        }
    }

    /// The beginning of a gap: no value, and why.
    pub const fn gap(time_us: i64, quality: Quality) -> Sample {
        Sample {
            time_us,
            value: f64::NAN,
            quality,
        }
    }

    /// Whether it has a value that may be used.
    pub const fn is_usable(&self) -> bool {
        self.quality.is_usable() && !self.value.is_nan()
    }

    /// Whether all bits are the same, missing values among them.
    pub const fn is_same(&self, other: &Sample) -> bool {
        self.time_us == other.time_us
            && self.quality.byte() == other.quality.byte()
            && self.value.to_bits() == other.value.to_bits()
    }
}

/// A sample and whose it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Whose.
    pub tag: TagId,
    /// What.
    pub sample: Sample,
}
