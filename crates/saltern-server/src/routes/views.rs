//! Forms that several answers share.

use saltern_base::model::Label;
use saltern_samples::{Quality, Sample};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServerError;
use crate::problem::Sentence;

/// Microseconds in a millisecond.
const MS: i64 = 1000;

/// A text in both languages.
pub(super) fn sentence(label: &Label) -> Sentence {
    Sentence {
        en: label.en.clone(),
        zh: label.zh.clone(),
    }
}

/// A value of a tag.
#[derive(Serialize, ToSchema)]
pub(super) struct Value {
    /// Number of the tag in the list of tags.
    n: u32,
    /// Milliseconds since 1970 UTC.
    time_ms: f64,
    /// In the tag's unit; null where there is none.
    value: Option<f64>,
    /// OPC DA quality byte: from 192 on good, from 64 on uncertain, below bad.
    quality: u8,
}

impl Value {
    /// Number of the tag.
    pub(super) fn n(&self) -> u32 {
        self.n
    }

    pub(super) fn of(n: u32, sample: &Sample) -> Value {
        Value {
            n,
            time_ms: ms(sample.time_us),
            value: number(sample.value),
            quality: sample.quality.byte(),
        }
    }
}

/// A number as JSON has them.
pub(super) fn number(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// Milliseconds since 1970.
pub(super) fn ms(time_us: i64) -> f64 {
    time_us as f64 / MS as f64
}

/// An instant: milliseconds since 1970 UTC, or a text such as `2026-07-01T08:00:00+08:00`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum When {
    /// Milliseconds since 1970 UTC.
    Ms(f64),
    /// RFC 3339.
    Text(String),
}

/// Years 1900 to 2200: beyond them an instant is a mistake.
const SPAN_US: std::ops::Range<i64> = -2_208_988_800_000_000..7_258_118_400_000_000;

impl When {
    /// Microseconds since 1970; `None` for what is no instant.
    pub(super) fn us(&self) -> Option<i64> {
        let us = match self {
            When::Ms(ms) if ms.is_finite() => (ms * MS as f64).round() as i64,
            When::Ms(_) => return None,
            When::Text(text) => match text.trim().parse::<f64>() {
                // In a query everything is a text.
                Ok(ms) => return When::Ms(ms).us(),
                Err(_) => text
                    .trim()
                    .parse::<jiff::Timestamp>()
                    .ok()?
                    .as_microsecond(),
            },
        };
        SPAN_US.contains(&us).then_some(us)
    }

    /// As [`When::us`], for an entry of a query.
    pub(super) fn asked(name: &'static str, text: &str) -> Result<i64, ServerError> {
        let when = When::Text(text.into()).us();
        when.ok_or_else(|| ServerError::WrongValue {
            name,
            value: text.into(),
            accepted: (
                "milliseconds since 1970, or 2026-07-01T08:00:00+08:00",
                "自 1970 年起的毫秒数，或 2026-07-01T08:00:00+08:00",
            ),
        })
    }
}

/// A span from a query: `from` and `to`, the last day where they are left out.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Span {
    /// From, milliseconds since 1970 or RFC 3339; a day before `to` if left out.
    from: Option<String>,
    /// To, exclusive; now if left out.
    to: Option<String>,
}

impl Span {
    /// Both ends, µs since 1970.
    pub(super) fn us(&self, now_us: i64) -> Result<(i64, i64), ServerError> {
        self.us_or(now_us, saltern_samples::bucket::DAY_US)
    }

    /// Both ends, with the length that is meant where `from` is left out.
    pub(super) fn us_or(&self, now_us: i64, length_us: i64) -> Result<(i64, i64), ServerError> {
        let end = |name, text: &Option<String>, or: i64| {
            text.as_deref()
                .map_or(Ok(or), |text| When::asked(name, text))
        };
        let to_us = end("to", &self.to, now_us + 1)?;
        let from_us = end("from", &self.from, to_us - length_us)?;
        if from_us >= to_us {
            return Err(ServerError::WrongValue {
                name: "from",
                value: self.from.clone().unwrap_or_default(),
                accepted: ("an instant before `to`", "早于 `to` 的时刻"),
            });
        }
        Ok((from_us, to_us))
    }
}

/// Quality from its byte.
pub(super) fn quality(byte: Option<u8>) -> Quality {
    byte.map_or(Quality::GOOD, Quality::from_byte)
}
