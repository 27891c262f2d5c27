//! Which samples may enter, and why others may not.

use saltern_units::Lang;

use saltern_samples::sample::{Reading, Sample, TagId};

/// Why a sample was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Refusal {
    /// A tag that the store doesn't know.
    UnknownTag,
    /// Later than the clock allows.
    Future,
    /// Older than what is kept of the tag.
    TooOld,
    /// A usable quality and no number.
    NotANumber,
    /// An infinite value.
    NotFinite,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Refusal; 5] = [
        Refusal::UnknownTag,
        Refusal::Future,
        Refusal::TooOld,
        Refusal::NotANumber,
        Refusal::NotFinite,
    ];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::UnknownTag => "sample.unknown_tag",
            Refusal::Future => "sample.future",
            Refusal::TooOld => "sample.too_old",
            Refusal::NotANumber => "sample.not_a_number",
            Refusal::NotFinite => "sample.not_finite",
        }
    }

    /// In words.
    pub fn text(self, lang: Lang) -> String {
        crate::message::catalogue().render(self.code(), lang, &[])
    }
}

/// What is asked of the samples of a tag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Values are rounded to multiples of this; `None` keeps every bit.
    pub resolution: Option<f64>,
    /// Days that samples are kept; `None` keeps them for good.
    pub keep_days: Option<u32>,
}

impl Rule {
    /// Every bit, for good.
    pub const KEEP_ALL: Rule = Rule {
        resolution: None,
        keep_days: None,
    };

    /// The earliest instant that is kept.
    pub fn oldest_us(&self, now_us: i64) -> i64 {
        self.keep_days.map_or(i64::MIN, |days| {
            now_us.saturating_sub(i64::from(days) * saltern_samples::bucket::DAY_US)
        })
    }

    /// The sample as it is stored, or why it is not. `latest_us` is the latest instant that is believed.
    pub fn admit(&self, sample: Sample, now_us: i64, latest_us: i64) -> Result<Sample, Refusal> {
        if sample.time_us > latest_us {
            return Err(Refusal::Future);
        }
        if sample.time_us < self.oldest_us(now_us) {
            return Err(Refusal::TooOld);
        }
        if sample.value.is_nan() {
            if sample.quality.is_usable() {
                return Err(Refusal::NotANumber);
            }
            return Ok(Sample::gap(sample.time_us, sample.quality));
        }
        if sample.value.is_infinite() {
            return Err(Refusal::NotFinite);
        }
        let value = self
            .resolution
            .map_or(sample.value, |step| to_step(sample.value, step));
        Ok(Sample { value, ..sample })
    }
}

/// What became of samples that were offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Samples that are stored.
    pub stored: usize,
    /// Places of those that were turned away, and why.
    pub refused: Vec<(usize, Refusal)>,
}

/// Leaves the samples that may be stored, as they are stored.
pub(crate) fn admit(
    readings: &mut Vec<Reading>,
    rule: impl Fn(TagId) -> Option<Rule>,
    now_us: i64,
    latest_us: i64,
) -> Accepted {
    let mut refused = Vec::new();
    let mut place = 0;
    readings.retain_mut(|reading| {
        let admitted = match rule(reading.tag) {
            Some(rule) => rule.admit(reading.sample, now_us, latest_us),
            None => Err(Refusal::UnknownTag),
        };
        place += 1;
        match admitted {
            Ok(sample) => {
                reading.sample = sample;
                true
            }
            Err(refusal) => {
                refused.push((place - 1, refusal));
                false
            }
        }
    });
    Accepted {
        stored: readings.len(),
        refused,
    }
}

/// The nearest multiple of a step. Steps like 0.01 are not binary numbers: their inverse is, so that 12.34 stays 12.34.
fn to_step(value: f64, step: f64) -> f64 {
    let inverse = (1.0 / step).round();
    let rounded = if step < 1.0 && ((1.0 / step) - inverse).abs() < 1e-9 * inverse {
        (value * inverse).round() / inverse
    } else {
        (value / step).round() * step
    };
    // Too large for the step to mean anything, or minus nothing.
    if rounded.is_finite() {
        rounded + 0.0
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use saltern_samples::quality::Quality;

    const NOW: i64 = 1_700_000_000_000_000;

    #[test]
    fn what_cannot_be_is_turned_away() {
        let rule = Rule {
            resolution: Some(0.01),
            keep_days: Some(10),
        };
        let admit = |sample| rule.admit(sample, NOW, NOW + 5);
        assert_eq!(admit(Sample::good(NOW + 6, 1.0)), Err(Refusal::Future));
        assert_eq!(
            admit(Sample::good(
                NOW - 11 * saltern_samples::bucket::DAY_US,
                1.0
            )),
            Err(Refusal::TooOld)
        );
        assert_eq!(admit(Sample::good(NOW, f64::NAN)), Err(Refusal::NotANumber));
        assert_eq!(
            admit(Sample::good(NOW, f64::INFINITY)),
            Err(Refusal::NotFinite)
        );
        let gap = admit(Sample::gap(NOW, Quality::COMM_FAILURE)).map(|s| s.value.is_nan());
        assert_eq!(gap, Ok(true));
        assert_eq!(
            admit(Sample::good(NOW, 12.3449)),
            Ok(Sample::good(NOW, 12.34))
        );
    }

    #[test]
    fn steps_that_are_no_binary_numbers_give_the_nearest_decimal() {
        for (value, step, rounded) in [
            (0.1 + 0.2, 0.1, 0.3),
            (12.349_999, 0.05, 12.35),
            (1e300, 0.01, 1e300),
            (-0.001, 0.01, 0.0),
            (149.0, 100.0, 100.0),
            (7.3, 2.5, 7.5),
        ] {
            assert_eq!(to_step(value, step).to_bits(), f64::to_bits(rounded));
        }
    }
}
