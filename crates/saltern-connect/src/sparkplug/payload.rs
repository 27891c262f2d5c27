//! The payload of Sparkplug B, by hand from the fields of its definition (Eclipse Sparkplug 3.0.0, 6.4.1, "Google Protocol
//! Buffer Schema"). Data sets, templates and metadata are passed over.

use prost::Message;
use saltern_samples::Quality;

use crate::treatment::Value;

/// A message's body.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Payload {
    /// When it was sent, ms since 1970.
    #[prost(uint64, optional, tag = "1")]
    pub(crate) timestamp: Option<u64>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) metrics: Vec<Metric>,
    /// 0 to 255 and round again.
    #[prost(uint64, optional, tag = "3")]
    pub(crate) seq: Option<u64>,
}

/// A value with its name, or with the alias that a birth gave to it.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Metric {
    #[prost(string, optional, tag = "1")]
    pub(crate) name: Option<String>,
    #[prost(uint64, optional, tag = "2")]
    pub(crate) alias: Option<u64>,
    /// When it was taken, ms since 1970.
    #[prost(uint64, optional, tag = "3")]
    pub(crate) timestamp: Option<u64>,
    #[prost(uint32, optional, tag = "4")]
    pub(crate) datatype: Option<u32>,
    #[prost(bool, optional, tag = "5")]
    pub(crate) is_historical: Option<bool>,
    #[prost(bool, optional, tag = "7")]
    pub(crate) is_null: Option<bool>,
    #[prost(message, optional, tag = "9")]
    pub(crate) properties: Option<PropertySet>,
    #[prost(oneof = "Content", tags = "10, 11, 12, 13, 14, 15")]
    pub(crate) value: Option<Content>,
}

/// What a metric holds.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum Content {
    #[prost(uint32, tag = "10")]
    Int(u32),
    #[prost(uint64, tag = "11")]
    Long(u64),
    #[prost(float, tag = "12")]
    Float(f32),
    #[prost(double, tag = "13")]
    Double(f64),
    #[prost(bool, tag = "14")]
    Boolean(bool),
    #[prost(string, tag = "15")]
    Text(String),
}

/// Properties of a metric: keys and values by place.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct PropertySet {
    #[prost(string, repeated, tag = "1")]
    pub(crate) keys: Vec<String>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) values: Vec<Property>,
}

/// A property.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Property {
    #[prost(uint32, optional, tag = "1")]
    pub(crate) datatype: Option<u32>,
    #[prost(oneof = "PropertyContent", tags = "3, 4, 8")]
    pub(crate) value: Option<PropertyContent>,
}

/// What a property holds.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum PropertyContent {
    #[prost(uint32, tag = "3")]
    Int(u32),
    #[prost(uint64, tag = "4")]
    Long(u64),
    #[prost(string, tag = "8")]
    Text(String),
}

/// Data types (6.4.16); signed ones come in fields without a sign.
pub(crate) mod datatype {
    pub(crate) const INT8: u32 = 1;
    pub(crate) const INT16: u32 = 2;
    pub(crate) const INT32: u32 = 3;
    pub(crate) const INT64: u32 = 4;
    pub(crate) const DOUBLE: u32 = 10;
    pub(crate) const BOOLEAN: u32 = 11;
}

/// The property that tells how good a value is (6.4.14): 0 bad, 192 good, 500 stale.
pub(crate) const QUALITY: &str = "Quality";

impl Metric {
    /// Its value, read by the type that it or its birth states.
    pub(crate) fn read(&self, datatype: u32) -> Value<'_> {
        if self.is_null == Some(true) {
            return Value::Nothing;
        }
        match &self.value {
            Some(Content::Int(bits)) => Value::Number(match datatype {
                datatype::INT8 => f64::from(*bits as i8),
                datatype::INT16 => f64::from(*bits as i16),
                datatype::INT32 => f64::from(*bits as i32),
                _ => f64::from(*bits),
            }),
            Some(Content::Long(bits)) => Value::Number(match datatype {
                datatype::INT8 | datatype::INT16 | datatype::INT32 | datatype::INT64 => {
                    *bits as i64 as f64
                }
                _ => *bits as f64,
            }),
            Some(Content::Float(number)) => Value::Number(f64::from(*number)),
            Some(Content::Double(number)) => Value::Number(*number),
            Some(Content::Boolean(yes)) => Value::Bool(*yes),
            Some(Content::Text(text)) => Value::Text(text),
            None => Value::Strange,
        }
    }

    /// How good the sender says it is.
    pub(crate) fn quality(&self) -> Quality {
        let said = self.properties.as_ref().and_then(|properties| {
            let place = properties.keys.iter().position(|key| key == QUALITY)?;
            match properties.values.get(place)?.value {
                Some(PropertyContent::Int(code)) => Some(u64::from(code)),
                Some(PropertyContent::Long(code)) => Some(code),
                _ => None,
            }
        });
        match said {
            None | Some(192) => Quality::GOOD,
            Some(500) => Quality::LAST_USABLE,
            Some(_) => Quality::BAD,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn signed_numbers_keep_their_sign() {
        let metric = |value| Metric {
            value: Some(value),
            ..Metric::default()
        };
        let minus = metric(Content::Int(0xFFFF_FFFE));
        assert_eq!(minus.read(datatype::INT32), Value::Number(-2.0));
        assert_eq!(
            metric(Content::Int(0xFE)).read(datatype::INT8),
            Value::Number(-2.0)
        );
        assert_eq!(minus.read(7), Value::Number(4294967294.0));
        assert_eq!(
            metric(Content::Long(u64::MAX)).read(datatype::INT64),
            Value::Number(-1.0)
        );
        let null = Metric {
            is_null: Some(true),
            ..minus
        };
        assert_eq!(null.read(datatype::INT32), Value::Nothing);
    }

    /// Protocol Buffers by hand: field 1 varint 5; field 2 of 13 bytes with name "a" and double 1.0; field 3 varint 7.
    #[test]
    fn bytes_are_those_of_the_schema() {
        let bytes = [
            0x08, 5, 0x12, 12, 0x0A, 1, b'a', 0x69, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0x18, 7,
        ];
        let read = Payload::decode(&bytes[..]).expect("a payload");
        assert_eq!((read.timestamp, read.seq), (Some(5), Some(7)));
        assert_eq!(read.metrics[0].name.as_deref(), Some("a"));
        assert_eq!(read.metrics[0].value, Some(Content::Double(1.0)));
        assert_eq!(read.encode_to_vec(), bytes);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_payload_or_not(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(payload) = Payload::decode(&bytes[..]) {
                for metric in &payload.metrics {
                    let _ = (metric.read(3), metric.quality());
                }
            }
        }
    }
}
