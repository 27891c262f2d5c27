//! Columns and encodings of the files.

use std::sync::Arc;

use parquet::basic::{
    Compression, Encoding, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel,
};
use parquet::errors::Result;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::{ColumnPath, Type, TypePtr};

/// How the values of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// Whole numbers of 10⁻ᵈ: small where values stand at a resolution.
    Decimal(u8),
    /// Every bit.
    Double,
}

/// Most decimals tried: a nanometre of a metre.
const MOST_DECIMALS: u8 = 9;
/// Beyond this a double is no longer told apart from its neighbours by its decimals.
const MOST_STEPS: f64 = 9e15;

impl Form {
    /// The narrowest form in which all values read back to the bit.
    pub(crate) fn of(values: &[f64]) -> Form {
        let mut decimals = 0;
        for value in values.iter().filter(|value| !value.is_nan()) {
            while steps(*value, decimals).is_none() {
                decimals += 1;
                if decimals > MOST_DECIMALS {
                    return Form::Double;
                }
            }
        }
        Form::Decimal(decimals)
    }

    /// Part of a file's name.
    pub(super) fn suffix(self) -> String {
        match self {
            Form::Decimal(decimals) => format!("d{decimals}"),
            Form::Double => "f".to_owned(),
        }
    }
}

/// The value in units of 10⁻ᵈ, if it reads back to the bit.
pub(super) fn steps(value: f64, decimals: u8) -> Option<i64> {
    let scaled = (value * power(decimals)).round();
    let fits = scaled.abs() <= MOST_STEPS
        && from_steps(scaled as i64, decimals).to_bits() == value.to_bits();
    fits.then_some(scaled as i64)
}

/// Back again: a division of two exact numbers, so the nearest double to the decimal.
fn from_steps(steps: i64, decimals: u8) -> f64 {
    steps as f64 / power(decimals)
}

/// What steps are divided by.
pub(super) fn power(decimals: u8) -> f64 {
    10f64.powi(i32::from(decimals))
}

fn column(
    name: &str,
    physical: Physical,
    logical: Option<LogicalType>,
    optional: bool,
) -> Result<TypePtr> {
    let repetition = if optional {
        Repetition::OPTIONAL
    } else {
        Repetition::REQUIRED
    };
    let decimal = match &logical {
        Some(LogicalType::Decimal(decimal)) => Some((decimal.precision, decimal.scale)),
        _ => None,
    };
    let mut builder = Type::primitive_type_builder(name, physical)
        .with_repetition(repetition)
        .with_logical_type(logical);
    if let Some((precision, scale)) = decimal {
        builder = builder.with_precision(precision).with_scale(scale);
    }
    Ok(Arc::new(builder.build()?))
}

fn instant() -> Option<LogicalType> {
    Some(LogicalType::timestamp(true, TimeUnit::MICROS))
}

fn byte() -> Option<LogicalType> {
    Some(LogicalType::integer(8, false))
}

/// Schema of samples in a form.
pub(super) fn samples(form: Form) -> Result<TypePtr> {
    let value = match form {
        Form::Decimal(decimals) => column(
            "value",
            Physical::INT64,
            Some(LogicalType::decimal(i32::from(decimals), 18)),
            true,
        )?,
        Form::Double => column("value", Physical::DOUBLE, None, true)?,
    };
    group(vec![
        column(
            "tag",
            Physical::BYTE_ARRAY,
            Some(LogicalType::String),
            false,
        )?,
        column("time", Physical::INT64, instant(), false)?,
        value,
        column("quality", Physical::INT32, byte(), false)?,
    ])
}

/// Columns of numbers of a rollup, in their order after `tag` and `start`.
pub(super) const NUMBERS: [&str; 5] = ["min", "max", "sum", "first", "last"];
/// Columns of counts of a rollup, after the numbers.
pub(super) const COUNTS: [&str; 2] = ["count", "bad"];

/// Schema of rollups.
pub(super) fn rollups() -> Result<TypePtr> {
    let mut columns = vec![
        column(
            "tag",
            Physical::BYTE_ARRAY,
            Some(LogicalType::String),
            false,
        )?,
        column("start", Physical::INT64, instant(), false)?,
    ];
    for name in NUMBERS {
        columns.push(column(name, Physical::DOUBLE, None, true)?);
    }
    for name in COUNTS {
        columns.push(column(name, Physical::INT64, None, false)?);
    }
    group(columns)
}

fn group(columns: Vec<TypePtr>) -> Result<TypePtr> {
    Ok(Arc::new(
        Type::group_type_builder("saltern")
            .with_fields(columns)
            .build()?,
    ))
}

fn properties() -> Result<WriterPropertiesBuilder> {
    Ok(WriterProperties::builder()
        .set_created_by("saltern".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_dictionary_enabled(false))
}

/// How samples in a form are encoded: instants and steps by their differences, doubles by their bytes.
pub(super) fn sample_properties(form: Form) -> Result<WriterProperties> {
    let value = match form {
        Form::Decimal(_) => Encoding::DELTA_BINARY_PACKED,
        Form::Double => Encoding::BYTE_STREAM_SPLIT,
    };
    Ok(properties()?
        .set_column_dictionary_enabled(ColumnPath::from("tag"), true)
        .set_column_dictionary_enabled(ColumnPath::from("quality"), true)
        .set_column_encoding(ColumnPath::from("time"), Encoding::DELTA_BINARY_PACKED)
        .set_column_encoding(ColumnPath::from("value"), value)
        .build())
}

/// How rollups are encoded.
pub(super) fn rollup_properties() -> Result<WriterProperties> {
    let mut builder = properties()?
        .set_column_dictionary_enabled(ColumnPath::from("tag"), true)
        .set_column_encoding(ColumnPath::from("start"), Encoding::DELTA_BINARY_PACKED);
    for name in NUMBERS {
        builder = builder.set_column_encoding(ColumnPath::from(name), Encoding::BYTE_STREAM_SPLIT);
    }
    for name in COUNTS {
        builder =
            builder.set_column_encoding(ColumnPath::from(name), Encoding::DELTA_BINARY_PACKED);
    }
    Ok(builder.build())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_form_reads_back_to_the_bit(values in prop::collection::vec(
            prop_oneof![any::<f64>(), (-1_000_000i64..1_000_000).prop_map(|n| n as f64 / 100.0)], 0..30)) {
            if let Form::Decimal(decimals) = Form::of(&values) {
                for value in values.iter().filter(|v| !v.is_nan()) {
                    let again = steps(*value, decimals).map(|n| from_steps(n, decimals).to_bits());
                    prop_assert_eq!(again, Some(value.to_bits()));
                }
            }
        }

        #[test]
        fn decimals_are_seen(numbers in prop::collection::vec(-10_000_000i64..10_000_000, 1..30)) {
            let values: Vec<f64> = numbers.iter().map(|n| *n as f64 / 1000.0).collect();
            prop_assert!(matches!(Form::of(&values), Form::Decimal(d) if d <= 3));
        }
    }

    #[test]
    fn what_is_no_decimal_keeps_its_bits() {
        assert_eq!(Form::of(&[std::f64::consts::PI]), Form::Double);
        assert_eq!(Form::of(&[-0.0]), Form::Double);
        assert_eq!(Form::of(&[1e300]), Form::Double);
        assert_eq!(Form::of(&[f64::NAN, 3.0]), Form::Decimal(0));
    }
}
