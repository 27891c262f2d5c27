//! A number that may be infinite: null in JSON, which has no infinity.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(super) fn serialize<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
    value.is_finite().then_some(*value).serialize(to)
}

pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<f64, D::Error> {
    let value = Option::<f64>::deserialize(from)?;
    Ok(value.unwrap_or(f64::INFINITY))
}
