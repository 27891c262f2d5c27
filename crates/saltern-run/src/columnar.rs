//! Frames to and from Parquet, without arrow.
//!
//! Numbers are optional doubles (NaN is written as null, which is what other readers expect of a missing
//! number), whole numbers INT64, texts UTF-8, days DATE. Units are in the column name (`depth [m]`) and once
//! more in the file's key-value metadata: `saltern.units` is a JSON object of header to unit.

use std::sync::Arc;

use bytes::Bytes;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use saltern_base::frame::{Column, Frame, Values};

use crate::table::split_header;

const UNITS_KEY: &str = "saltern.units";
const NAME_KEY: &str = "saltern.frame";

/// A frame as the bytes of a Parquet file.
pub(crate) fn encode(frame: &Frame) -> Result<Vec<u8>> {
    let schema = schema(frame)?;
    let properties = Arc::new(
        WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("saltern".to_owned())
            .set_key_value_metadata(Some(metadata(frame)))
            .build(),
    );
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties)?;
    let mut group = writer.next_row_group()?;
    for column in &frame.columns {
        write_column(&mut group, &column.values)?;
    }
    group.close()?;
    writer.into_inner()
}

fn metadata(frame: &Frame) -> Vec<KeyValue> {
    let units: serde_json::Map<String, serde_json::Value> = frame
        .columns
        .iter()
        .map(|c| (c.header(), c.unit.clone().into()))
        .collect();
    vec![
        KeyValue::new(NAME_KEY.to_owned(), frame.name.clone()),
        KeyValue::new(
            UNITS_KEY.to_owned(),
            serde_json::Value::Object(units).to_string(),
        ),
    ]
}

fn schema(frame: &Frame) -> Result<TypePtr> {
    let fields = frame
        .columns
        .iter()
        .map(field)
        .collect::<Result<Vec<_>>>()?;
    Ok(Arc::new(
        Type::group_type_builder("saltern")
            .with_fields(fields)
            .build()?,
    ))
}

fn field(column: &Column) -> Result<TypePtr> {
    let (physical, logical, repetition) = match &column.values {
        Values::Number(_) => (Physical::DOUBLE, None, Repetition::OPTIONAL),
        Values::Integer(_) => (Physical::INT64, None, Repetition::REQUIRED),
        Values::Text(_) => (
            Physical::BYTE_ARRAY,
            Some(LogicalType::String),
            Repetition::REQUIRED,
        ),
        Values::Date(_) => (
            Physical::INT32,
            Some(LogicalType::Date),
            Repetition::REQUIRED,
        ),
    };
    let header = column.header();
    let built = Type::primitive_type_builder(&header, physical)
        .with_logical_type(logical)
        .with_repetition(repetition)
        .build()?;
    Ok(Arc::new(built))
}

fn write_column(group: &mut SerializedRowGroupWriter<'_, Vec<u8>>, values: &Values) -> Result<()> {
    let Some(mut writer) = group.next_column()? else {
        return Err(ParquetError::General(
            "more columns than the schema".to_owned(),
        ));
    };
    match values {
        Values::Number(v) => {
            let levels: Vec<i16> = v.iter().map(|x| i16::from(!x.is_nan())).collect();
            let present: Vec<f64> = v.iter().copied().filter(|x| !x.is_nan()).collect();
            writer
                .typed::<DoubleType>()
                .write_batch(&present, Some(&levels), None)?;
        }
        Values::Integer(v) => {
            writer.typed::<Int64Type>().write_batch(v, None, None)?;
        }
        Values::Text(v) => {
            let bytes: Vec<ByteArray> = v
                .iter()
                .map(|text| ByteArray::from(text.as_str()))
                .collect();
            writer
                .typed::<ByteArrayType>()
                .write_batch(&bytes, None, None)?;
        }
        Values::Date(v) => {
            let days: Vec<i32> = v.iter().map(|day| days_since_epoch(*day)).collect();
            writer.typed::<Int32Type>().write_batch(&days, None, None)?;
        }
    }
    writer.close()
}

const EPOCH: Date = date(1970, 1, 1);

fn days_since_epoch(day: Date) -> i32 {
    // The calendar of jiff spans ±9999 years: fewer than four million days.
    (day.duration_since(EPOCH).as_hours() / 24) as i32
}

/// A frame from the bytes of a Parquet file written by [`encode`].
pub(crate) fn decode(name: &str, bytes: Vec<u8>) -> Result<Frame> {
    let reader = SerializedFileReader::new(Bytes::from(bytes))?;
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let mut columns: Vec<Column> = schema
        .columns()
        .iter()
        .map(|c| {
            let (name, unit) = split_header(c.name());
            Ok(Column {
                name,
                unit,
                values: empty(c.physical_type())?,
            })
        })
        .collect::<Result<_>>()?;
    for i in 0..reader.num_row_groups() {
        let group = reader.get_row_group(i)?;
        for (index, column) in columns.iter_mut().enumerate() {
            append(group.as_ref(), index, &mut column.values)?;
        }
    }
    let frame = Frame {
        name: name.to_owned(),
        columns,
    };
    match crate::table::check_even(&frame) {
        Ok(()) => Ok(frame),
        Err(ragged) => Err(ParquetError::General(ragged.to_string())),
    }
}

fn empty(physical: Physical) -> Result<Values> {
    Ok(match physical {
        Physical::DOUBLE => Values::Number(Vec::new()),
        Physical::INT64 => Values::Integer(Vec::new()),
        Physical::BYTE_ARRAY => Values::Text(Vec::new()),
        Physical::INT32 => Values::Date(Vec::new()),
        other => {
            return Err(ParquetError::General(format!(
                "column type {other} is not one that saltern writes"
            )));
        }
    })
}

fn append(group: &dyn RowGroupReader, index: usize, values: &mut Values) -> Result<()> {
    let rows = usize::try_from(group.metadata().num_rows())
        .map_err(|_| ParquetError::General("negative number of rows".to_owned()))?;
    match (group.get_column_reader(index)?, values) {
        (ColumnReader::DoubleColumnReader(mut reader), Values::Number(out)) => {
            let (mut present, mut levels) = (Vec::new(), Vec::new());
            reader.read_records(rows, Some(&mut levels), None, &mut present)?;
            // A column written by others may be required, and then has no levels.
            if levels.is_empty() {
                out.append(&mut present);
            } else {
                let mut present = present.into_iter();
                out.extend(levels.iter().map(|level| {
                    if *level > 0 {
                        present.next().unwrap_or(f64::NAN)
                    } else {
                        f64::NAN
                    }
                }));
            }
        }
        (ColumnReader::Int64ColumnReader(mut reader), Values::Integer(out)) => {
            reader.read_records(rows, None, None, out)?;
        }
        (ColumnReader::ByteArrayColumnReader(mut reader), Values::Text(out)) => {
            let mut texts = Vec::new();
            reader.read_records(rows, None, None, &mut texts)?;
            for text in &texts {
                out.push(text.as_utf8()?.to_owned());
            }
        }
        (ColumnReader::Int32ColumnReader(mut reader), Values::Date(out)) => {
            let mut days = Vec::new();
            reader.read_records(rows, None, None, &mut days)?;
            for day in days {
                out.push(date_from(day)?);
            }
        }
        _ => {
            return Err(ParquetError::General(
                "column types differ between row groups".to_owned(),
            ));
        }
    }
    Ok(())
}

fn date_from(days: i32) -> Result<Date> {
    EPOCH
        .checked_add(days.days())
        .map_err(|_| ParquetError::General(format!("day {days} is outside the calendar")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(a: &Values, b: &Values) -> bool {
        match (a, b) {
            (Values::Number(a), Values::Number(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .zip(b)
                        .all(|(x, y)| x.to_bits() == y.to_bits() || (x.is_nan() && y.is_nan()))
            }
            _ => a == b,
        }
    }

    proptest! {
        #[test]
        fn any_frame_reads_back(
            rows in prop::collection::vec((any::<f64>(), any::<i64>(), ".*", -700_000i32..2_900_000), 0..60),
        ) {
            let column = |name: &str, unit: &str, values| Column {
                name: name.to_owned(),
                unit: unit.to_owned(),
                values,
            };
            let frame = Frame {
                name: "any".to_owned(),
                columns: vec![
                    column("盐厚 [of sorts]", "m", Values::Number(rows.iter().map(|r| r.0).collect())),
                    column("flag", "", Values::Integer(rows.iter().map(|r| r.1).collect())),
                    column("text", "", Values::Text(rows.iter().map(|r| r.2.clone()).collect())),
                    column("day", "", Values::Date(rows.iter().map(|r| date_from(r.3)).collect::<Result<_>>()?)),
                ],
            };
            let again = decode("any", encode(&frame)?)?;
            for (a, b) in frame.columns.iter().zip(&again.columns) {
                prop_assert_eq!((&a.name, &a.unit), (&b.name, &b.unit));
                prop_assert!(same(&a.values, &b.values));
            }
        }
    }

    #[test]
    fn days_before_the_epoch_are_days() {
        for day in [date(1969, 12, 31), date(1900, 3, 1), date(2024, 2, 29)] {
            assert_eq!(date_from(days_since_epoch(day)).ok(), Some(day));
        }
    }
}
