//! What is done to every value that comes in, whatever brought it: it becomes a number in the tag's unit, its quality and
//! instant are settled, and what says nothing new is held back.

use saltern_base::tags::{Source, Tag, Writing};
use saltern_samples::{Quality, Sample, TagId};

/// After so many of its periods a value is passed on though it has not changed, so that a store sees that the source lives.
const PERIODS_HELD_BACK: f64 = 10.0;

/// What the way in must know of a tag.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slot {
    /// Its row.
    pub(crate) tag: TagId,
    /// Its id.
    pub(crate) id: String,
    /// Where its values come from.
    pub(crate) source: Source,
    /// How often a value is expected, s.
    pub(crate) period_s: f64,
    /// How it may be written to.
    pub(crate) writing: Option<Writing>,
    low: f64,
    high: f64,
    deadband: f64,
}

impl Slot {
    /// Of the tag in a row.
    pub(crate) fn new(row: usize, tag: &Tag) -> Slot {
        Slot {
            tag: TagId(row as u32),
            id: tag.who.id.clone(),
            source: tag.source.clone(),
            period_s: tag.period_s,
            writing: tag.writing,
            low: tag.low.unwrap_or(f64::NEG_INFINITY),
            high: tag.high.unwrap_or(f64::INFINITY),
            deadband: tag.deadband,
        }
    }
}

/// A value as a protocol gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'v> {
    /// A number. Whole numbers beyond 2⁵³ lose their last digits on the way here.
    Number(f64),
    /// Yes is 1, no is 0.
    Bool(bool),
    /// A number in writing, `true` or `false`.
    Text(&'v str),
    /// No value.
    Nothing,
    /// Something that no number can be made of.
    Strange,
}

/// A value that came in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival<'v> {
    /// What came.
    pub(crate) value: Value<'v>,
    /// What the source says of it.
    pub(crate) quality: Quality,
    /// When it was taken, µs since 1970, where the protocol tells.
    pub(crate) time_us: Option<i64>,
}

impl<'v> Arrival<'v> {
    /// A good value without an instant of its own.
    pub(crate) fn good(value: Value<'v>) -> Arrival<'v> {
        Arrival {
            value,
            quality: Quality::GOOD,
            time_us: None,
        }
    }

    /// No value, and why.
    pub(crate) fn none(quality: Quality) -> Arrival<'v> {
        Arrival {
            value: Value::Nothing,
            quality,
            time_us: None,
        }
    }
}

/// What becomes of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// It is passed on; `true` where it could not be used as it came.
    Pass(Sample, bool),
    /// It says nothing new.
    Hold,
    /// Its instant lies in the future.
    Future,
}

/// What was last passed on of a tag in this session.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Held(Option<Sample>);

/// Treats one value. `skew_us` is how far the source's clock may be ahead of ours.
pub(crate) fn treat(
    slot: &Slot,
    held: &mut Held,
    arrival: Arrival<'_>,
    now_us: i64,
    skew_us: i64,
) -> Outcome {
    let time_us = arrival.time_us.unwrap_or(now_us);
    if time_us > now_us.saturating_add(skew_us) {
        return Outcome::Future;
    }
    let number = number(arrival.value);
    let (value, quality) = match number {
        // A number that says nothing although the source calls it good.
        Some(value) if !value.is_finite() => (f64::NAN, arrival.quality.worst(Quality::BAD)),
        Some(value) if value < slot.low || value > slot.high => {
            (value, arrival.quality.worst(Quality::RANGE_EXCEEDED))
        }
        Some(value) => (value, arrival.quality),
        None if arrival.quality.is_usable() => (f64::NAN, unusable(arrival.value)),
        None => (f64::NAN, arrival.quality),
    };
    let sample = Sample {
        time_us,
        value,
        quality,
    };
    if !is_news(slot, held.0, &sample) {
        return Outcome::Hold;
    }
    if held.0.is_none_or(|last| last.time_us <= time_us) {
        held.0 = Some(sample);
    }
    Outcome::Pass(sample, arrival.quality.is_usable() && !quality.is_usable())
}

/// Why a value that the source calls usable is not.
fn unusable(value: Value<'_>) -> Quality {
    match value {
        Value::Nothing => Quality::BAD,
        _ => Quality::CONFIGURATION_ERROR,
    }
}

fn number(value: Value<'_>) -> Option<f64> {
    match value {
        Value::Number(number) => Some(number),
        Value::Bool(yes) => Some(f64::from(u8::from(yes))),
        Value::Text(text) => match text.trim() {
            "true" | "True" | "TRUE" => Some(1.0),
            "false" | "False" | "FALSE" => Some(0.0),
            text => text.parse().ok(),
        },
        Value::Nothing | Value::Strange => None,
    }
}

fn is_news(slot: &Slot, last: Option<Sample>, sample: &Sample) -> bool {
    let Some(last) = last else { return true };
    // What comes late fills a gap of which nothing is known here.
    if sample.time_us < last.time_us || sample.quality != last.quality {
        return true;
    }
    let elapsed_s = (sample.time_us - last.time_us) as f64 * 1e-6;
    match (sample.value.is_nan(), last.value.is_nan()) {
        (true, true) => elapsed_s >= slot.period_s * PERIODS_HELD_BACK,
        (false, false) if sample.is_same(&last) => false,
        (false, false) if slot.deadband > 0.0 => {
            (sample.value - last.value).abs() > slot.deadband
                || elapsed_s >= slot.period_s * PERIODS_HELD_BACK
        }
        _ => true,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn slot(row: u32) -> Slot {
        Slot {
            tag: TagId(row),
            id: format!("t{row}"),
            source: Source::Manual,
            period_s: 10.0,
            writing: None,
            low: 0.0,
            high: 100.0,
            deadband: 0.5,
        }
    }

    const SECOND: i64 = 1_000_000;

    fn passed(held: &mut Held, value: Value<'_>, quality: Quality, time_us: i64) -> Outcome {
        let arrival = Arrival {
            value,
            quality,
            time_us: Some(time_us),
        };
        treat(&slot(0), held, arrival, 1000 * SECOND, SECOND)
    }

    #[test]
    fn everything_that_can_be_a_number_becomes_one() {
        let read = |value| match passed(&mut Held::default(), value, Quality::GOOD, 0) {
            Outcome::Pass(sample, _) => (sample.value, sample.quality),
            _ => (f64::NAN, Quality::BAD),
        };
        assert_eq!(read(Value::Bool(true)), (1.0, Quality::GOOD));
        assert_eq!(read(Value::Text(" 4.5 ")), (4.5, Quality::GOOD));
        assert_eq!(read(Value::Text("false")), (0.0, Quality::GOOD));
        assert_eq!(read(Value::Number(101.0)), (101.0, Quality::RANGE_EXCEEDED));
        assert_eq!(read(Value::Text("open")).1, Quality::CONFIGURATION_ERROR);
        assert_eq!(read(Value::Number(f64::INFINITY)).1, Quality::BAD);
        assert_eq!(read(Value::Nothing).1, Quality::BAD);
    }

    #[test]
    fn what_cannot_be_used_is_said_to_be_so() {
        let refused = |value, quality| match passed(&mut Held::default(), value, quality, 0) {
            Outcome::Pass(_, refused) => refused,
            _ => false,
        };
        assert!(refused(Value::Number(f64::NAN), Quality::GOOD));
        assert!(refused(Value::Strange, Quality::GOOD));
        // The source says so itself.
        assert!(!refused(Value::Nothing, Quality::SENSOR_FAILURE));
        let future = passed(
            &mut Held::default(),
            Value::Number(1.0),
            Quality::GOOD,
            2000 * SECOND,
        );
        assert_eq!(future, Outcome::Future);
    }

    #[test]
    fn small_changes_wait_and_silence_does_not_last() {
        let mut held = Held::default();
        let mut at = |value, time_s| {
            let outcome = passed(
                &mut held,
                Value::Number(value),
                Quality::GOOD,
                time_s * SECOND,
            );
            matches!(outcome, Outcome::Pass(..))
        };
        assert!(at(10.0, 0));
        assert!(!at(10.4, 1));
        assert!(at(10.6, 2));
        assert!(!at(10.6, 3));
        assert!(at(10.6, 102), "ten periods");
        assert!(at(10.6, 50), "late values fill gaps");
        assert!(!at(10.6, 103), "and do not count as the last word");
    }

    proptest! {
        /// Whoever holds the last passed value is never wrong by more than the deadband.
        #[test]
        fn what_is_held_back_is_within_the_deadband(values in prop::collection::vec(0.0f64..100.0, 1..200)) {
            let (mut held, mut known) = (Held::default(), f64::NAN);
            for (i, value) in values.iter().enumerate() {
                match passed(&mut held, Value::Number(*value), Quality::GOOD, i as i64) {
                    Outcome::Pass(sample, refused) => {
                        prop_assert!(!refused);
                        known = sample.value;
                    }
                    _ => prop_assert!((known - value).abs() <= 0.5),
                }
            }
        }

        /// What leaves is fit for a store: a usable quality has a number.
        #[test]
        fn what_leaves_is_consistent(value in any::<f64>(), byte in any::<u8>()) {
            let quality = Quality::from_byte(byte);
            if let Outcome::Pass(sample, _) = passed(&mut Held::default(), Value::Number(value), quality, 0) {
                prop_assert!(sample.value.is_finite() || !sample.quality.is_usable());
                prop_assert!(!sample.value.is_infinite());
            }
        }
    }
}
