//! Values of OPC UA and ours.

use opcua_types::{DateTime, UAString, Variant, VariantScalarTypeId};

use crate::treatment::Value;

/// Ticks of 100 ns from 1601-01-01 to 1970-01-01 (OPC 10000-6, 5.2.2.5).
const EPOCH_TICKS: i64 = 116_444_736_000_000_000;

/// What stands in a scalar.
pub(super) fn of(variant: &Variant) -> Value<'_> {
    match variant {
        // A value within a value; a third wrapping is not followed.
        Variant::Variant(inner) if !matches!(**inner, Variant::Variant(_)) => of(inner),
        Variant::Boolean(truth) => Value::Bool(*truth),
        Variant::SByte(n) => Value::Number(f64::from(*n)),
        Variant::Byte(n) => Value::Number(f64::from(*n)),
        Variant::Int16(n) => Value::Number(f64::from(*n)),
        Variant::UInt16(n) => Value::Number(f64::from(*n)),
        Variant::Int32(n) => Value::Number(f64::from(*n)),
        Variant::UInt32(n) => Value::Number(f64::from(*n)),
        Variant::Int64(n) => Value::Number(*n as f64),
        Variant::UInt64(n) => Value::Number(*n as f64),
        Variant::Float(n) => Value::Number(shortest(*n)),
        Variant::Double(n) => Value::Number(*n),
        Variant::String(text) => Value::Text(text.as_ref()),
        Variant::Empty => Value::Nothing,
        _ => Value::Strange,
    }
}

/// A scalar as a number; a truth is 1 or 0. `None` where there is no finite number in it.
pub(super) fn number(variant: &Variant) -> Option<f64> {
    match of(variant) {
        Value::Number(number) => Some(number).filter(|number| number.is_finite()),
        Value::Bool(truth) => Some(f64::from(u8::from(truth))),
        _ => None,
    }
}

/// A single-precision number as the decimal it was meant to be: 0.1 stays 0.1, so that a store keeps it short.
fn shortest(value: f32) -> f64 {
    if value.is_finite() {
        value.to_string().parse().unwrap_or(f64::from(value))
    } else {
        f64::from(value)
    }
}

/// A number as a scalar of a type; `None` where it does not fit.
pub(super) fn scalar(value: f64, kind: VariantScalarTypeId) -> Option<Variant> {
    let whole = |low: f64, high: f64| {
        let fits = value.fract() == 0.0 && (low..=high).contains(&value);
        fits.then_some(value)
    };
    Some(match kind {
        VariantScalarTypeId::Boolean => Variant::Boolean(match value {
            0.0 => false,
            1.0 => true,
            _ => return None,
        }),
        VariantScalarTypeId::SByte => Variant::SByte(whole(-128.0, 127.0)? as i8),
        VariantScalarTypeId::Byte => Variant::Byte(whole(0.0, 255.0)? as u8),
        VariantScalarTypeId::Int16 => Variant::Int16(whole(-32_768.0, 32_767.0)? as i16),
        VariantScalarTypeId::UInt16 => Variant::UInt16(whole(0.0, 65_535.0)? as u16),
        VariantScalarTypeId::Int32 => {
            Variant::Int32(whole(f64::from(i32::MIN), f64::from(i32::MAX))? as i32)
        }
        VariantScalarTypeId::UInt32 => Variant::UInt32(whole(0.0, f64::from(u32::MAX))? as u32),
        // Beyond 2^53 a number of ours is not exact.
        VariantScalarTypeId::Int64 => {
            Variant::Int64(whole(-9_007_199_254_740_992.0, 9_007_199_254_740_992.0)? as i64)
        }
        VariantScalarTypeId::UInt64 => Variant::UInt64(whole(0.0, 9_007_199_254_740_992.0)? as u64),
        VariantScalarTypeId::Float => {
            let single = value as f32;
            Variant::Float(Some(single).filter(|single| single.is_finite())?)
        }
        VariantScalarTypeId::Double => Variant::Double(value),
        VariantScalarTypeId::String => Variant::String(UAString::from(value.to_string())),
        _ => return None,
    })
}

/// An instant in microseconds since 1970.
pub(super) fn micros(time: DateTime) -> i64 {
    time.ticks().saturating_sub(EPOCH_TICKS).div_euclid(10)
}

/// The instant of microseconds since 1970.
pub(super) fn instant(micros: i64) -> DateTime {
    DateTime::from(micros.saturating_mul(10).saturating_add(EPOCH_TICKS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_there_and_back() {
        for (kind, value) in [
            (VariantScalarTypeId::Boolean, 1.0),
            (VariantScalarTypeId::SByte, -7.0),
            (VariantScalarTypeId::UInt16, 65_535.0),
            (VariantScalarTypeId::Int64, -9e15),
            (VariantScalarTypeId::Float, 0.1),
            (VariantScalarTypeId::Double, 1.0 / 3.0),
        ] {
            let scalar = scalar(value, kind).unwrap();
            assert_eq!(number(&scalar), Some(value), "{kind:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_not_bent() {
        assert_eq!(scalar(256.0, VariantScalarTypeId::Byte), None);
        assert_eq!(scalar(0.5, VariantScalarTypeId::Int32), None);
        assert_eq!(scalar(2.0, VariantScalarTypeId::Boolean), None);
        assert_eq!(scalar(1e300, VariantScalarTypeId::Float), None);
        assert_eq!(scalar(f64::NAN, VariantScalarTypeId::UInt32), None);
    }

    #[test]
    fn what_is_no_number_is_none() {
        assert_eq!(number(&Variant::Double(f64::NAN)), None);
        assert_eq!(number(&Variant::from("dry")), None);
        assert_eq!(of(&Variant::from("dry")), Value::Text("dry"));
        assert_eq!(number(&Variant::Empty), None);
        assert_eq!(number(&Variant::from(vec![1.0, 2.0])), None);
    }

    /// A server may send any number of ticks. The least were so far before 1970 that counting from there panicked.
    #[test]
    fn any_number_of_ticks_is_an_instant() {
        assert!(micros(DateTime::from(i64::MIN)) < micros(DateTime::epoch()));
        assert!(micros(DateTime::from(i64::MAX)) > micros(DateTime::ymd(9999, 1, 1)));
    }

    #[test]
    fn instants_keep_their_microsecond() {
        let at = 1_795_372_800_123_456;
        assert_eq!(micros(instant(at)), at);
        assert_eq!(micros(DateTime::ymd(1970, 1, 1)), 0);
    }
}
