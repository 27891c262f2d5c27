//! Reading one tag of a file.

use std::fs::File;
use std::path::Path;

use parquet::basic::LogicalType;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};

use super::layout;
use super::place::{KEY, Place};
use crate::bucket::Bucket;
use crate::error::HistoryError;
use crate::series::Series;

/// An open file and where its tags are.
pub(crate) struct Opened {
    reader: SerializedFileReader<File>,
    places: Vec<Place>,
    decimals: Option<u8>,
}

/// Opens a file and finds the places of all its tags.
pub(crate) fn spans(path: &Path) -> std::result::Result<Opened, HistoryError> {
    open(path).map_err(|e| HistoryError::unreadable(path, e))
}

fn open(path: &Path) -> Result<Opened> {
    let file = File::open(path).map_err(|e| ParquetError::External(Box::new(e)))?;
    let reader = SerializedFileReader::new(file)?;
    let footer = reader.metadata().file_metadata();
    let index = footer
        .key_value_metadata()
        .and_then(|pairs| pairs.iter().find(|pair| pair.key == KEY))
        .and_then(|pair| pair.value.as_deref())
        .ok_or_else(|| ParquetError::General(format!("its footer has no {KEY}")))?;
    let places = serde_json::from_str(index)
        .map_err(|e| ParquetError::General(format!("{KEY} in its footer: {e}")))?;
    let value = footer
        .schema_descr()
        .columns()
        .get(2)
        .and_then(|c| c.logical_type_ref());
    let decimals = match value {
        Some(LogicalType::Decimal(decimal)) => u8::try_from(decimal.scale).ok(),
        _ => None,
    };
    Ok(Opened {
        reader,
        places,
        decimals,
    })
}

impl Opened {
    /// Where the tags are, in the order of their names.
    pub(crate) fn places(&self) -> &[Place] {
        &self.places
    }

    /// The samples at a place.
    pub(crate) fn samples(&self, place: &Place) -> Result<Series> {
        let group = self.reader.get_row_group(place.group)?;
        let group = group.as_ref();
        let qualities: Vec<i32> = required(group, 3, place, |column| match column {
            ColumnReader::Int32ColumnReader(reader) => Some(reader),
            _ => None,
        })?;
        let values = match (group.get_column_reader(2)?, self.decimals) {
            (ColumnReader::Int64ColumnReader(reader), Some(decimals)) => {
                let power = layout::power(decimals);
                optional(reader, place, |steps| steps as f64 / power)?
            }
            (ColumnReader::DoubleColumnReader(reader), None) => optional(reader, place, |v| v)?,
            _ => {
                return Err(ParquetError::General(
                    "column `value` has another type".into(),
                ));
            }
        };
        Ok(Series {
            times_us: whole_numbers(group, 1, place)?,
            values,
            qualities: qualities.into_iter().map(|q| q as u8).collect(),
        })
    }

    /// The buckets at a place.
    pub(crate) fn buckets(&self, place: &Place) -> Result<Vec<Bucket>> {
        let group = self.reader.get_row_group(place.group)?;
        let group = group.as_ref();
        let starts = whole_numbers(group, 1, place)?;
        let mut buckets: Vec<Bucket> = starts.into_iter().map(Bucket::empty).collect();
        let set: [fn(&mut Bucket, f64); 5] = [
            |b, v| b.min = v,
            |b, v| b.max = v,
            |b, v| b.sum = v,
            |b, v| b.first = v,
            |b, v| b.last = v,
        ];
        for (at, set) in set.into_iter().enumerate() {
            let ColumnReader::DoubleColumnReader(reader) = group.get_column_reader(2 + at)? else {
                return Err(ParquetError::General("a number has another type".into()));
            };
            let values = optional(reader, place, |v| v)?;
            for (bucket, value) in buckets.iter_mut().zip(values).filter(|(_, v)| !v.is_nan()) {
                set(bucket, value);
            }
        }
        let set: [fn(&mut Bucket, u64); 2] = [|b, n| b.count = n, |b, n| b.bad = n];
        for (at, set) in set.into_iter().enumerate() {
            let counts = whole_numbers(group, 2 + layout::NUMBERS.len() + at, place)?;
            for (bucket, count) in buckets.iter_mut().zip(counts) {
                set(bucket, count as u64);
            }
        }
        Ok(buckets)
    }

    fn of_tag<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = &'a Place> + 'a {
        let begin = self
            .places
            .partition_point(|place| place.tag.as_str() < tag);
        self.places[begin..]
            .iter()
            .take_while(move |place| place.tag == tag)
    }
}

/// A column in which every row has a value.
fn required<T: DataType>(
    group: &dyn RowGroupReader,
    column: usize,
    place: &Place,
    take: impl FnOnce(ColumnReader) -> Option<ColumnReaderImpl<T>>,
) -> Result<Vec<T::T>> {
    let mut reader = take(group.get_column_reader(column)?)
        .ok_or_else(|| ParquetError::General(format!("column {column} has another type")))?;
    reader.skip_records(place.first_row)?;
    let mut values = Vec::with_capacity(place.rows);
    reader.read_records(place.rows, None, None, &mut values)?;
    whole(values.len(), place)?;
    Ok(values)
}

fn whole_numbers(group: &dyn RowGroupReader, column: usize, place: &Place) -> Result<Vec<i64>> {
    required(group, column, place, |column| match column {
        ColumnReader::Int64ColumnReader(reader) => Some(reader),
        _ => None,
    })
}

/// A column of numbers in which a row may have none: NaN.
fn optional<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    place: &Place,
    number: impl Fn(T::T) -> f64,
) -> Result<Vec<f64>> {
    reader.skip_records(place.first_row)?;
    let mut present = Vec::with_capacity(place.rows);
    let mut levels = Vec::with_capacity(place.rows);
    reader.read_records(place.rows, Some(&mut levels), None, &mut present)?;
    whole(levels.len(), place)?;
    if present.len() == levels.len() {
        return Ok(present.into_iter().map(number).collect());
    }
    let mut present = present.into_iter().map(number);
    let value = |level: &i16| if *level > 0 { present.next() } else { None };
    Ok(levels
        .iter()
        .map(value)
        .map(|v| v.unwrap_or(f64::NAN))
        .collect())
}

fn whole(rows: usize, place: &Place) -> Result<()> {
    if rows == place.rows {
        return Ok(());
    }
    Err(ParquetError::General(format!(
        "tag {} should have {} rows in row group {} and has {rows}",
        place.tag, place.rows, place.group
    )))
}

/// Adds the samples of a tag in `from_us..to_us` to a series.
pub(crate) fn read_series(
    path: &Path,
    tag: &str,
    from_us: i64,
    to_us: i64,
    into: &mut Series,
) -> std::result::Result<(), HistoryError> {
    let file = spans(path)?;
    for place in file.of_tag(tag) {
        if place.to_us >= from_us && place.from_us < to_us {
            let samples = file
                .samples(place)
                .map_err(|e| HistoryError::unreadable(path, e))?;
            into.append_ordered_between(&samples, from_us, to_us);
        }
    }
    Ok(())
}

/// Hands out the rollups of a tag that begin in `from_us..to_us`.
pub(crate) fn read_buckets(
    path: &Path,
    tag: &str,
    from_us: i64,
    to_us: i64,
    each: &mut dyn FnMut(&Bucket),
) -> std::result::Result<(), HistoryError> {
    let file = spans(path)?;
    for place in file.of_tag(tag) {
        if place.to_us >= from_us && place.from_us < to_us {
            let buckets = file
                .buckets(place)
                .map_err(|e| HistoryError::unreadable(path, e))?;
            for bucket in buckets
                .iter()
                .filter(|b| (from_us..to_us).contains(&b.start_us))
            {
                each(bucket);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::super::{Kind, RollupWriter, SampleWriter};
    use super::*;
    use crate::quality::Quality;
    use crate::sample::Sample;

    fn sample(at: i64, value: f64) -> Sample {
        if value.is_nan() {
            Sample::gap(at, Quality::COMM_FAILURE)
        } else {
            Sample::good(at, value)
        }
    }

    #[test]
    fn a_tag_reads_back_from_among_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let next = AtomicU64::new(1);
        let mut writer = SampleWriter::new(folder.path(), 20_000, 0, &next);
        let of = |tag: usize| -> Series {
            (0..30_000)
                .map(|i| match (i + tag) % 7 {
                    0 => sample(i as i64 * 1000, f64::NAN),
                    _ if tag == 2 => sample(i as i64 * 1000, (i as f64).sqrt()),
                    _ => sample(i as i64 * 1000, (i * tag) as f64 / 100.0),
                })
                .collect()
        };
        let names = ["湖/水位", "a", "b", "c", "d"];
        let mut order: Vec<usize> = (0..5).collect();
        order.sort_by_key(|i| names[*i]);
        for tag in &order {
            writer.add(names[*tag], &of(*tag)).expect("written");
        }
        let parts = writer.finish().expect("closed").keep();
        assert_eq!(
            parts.len(),
            3,
            "two decimals, none, and doubles apart: {parts:?}"
        );
        for (tag, name) in names.iter().enumerate() {
            let mut read = Series::default();
            for part in parts.iter().filter(|p| p.spans(name)) {
                read_series(
                    &folder.path().join(&part.file),
                    name,
                    5_000,
                    29_990_000,
                    &mut read,
                )
                .expect("read");
            }
            let mut expected = Series::default();
            expected.append_between(&of(tag), 5_000, 29_990_000);
            assert_eq!(read.len(), expected.len(), "{name}");
            assert!(
                read.iter().zip(expected.iter()).all(|(a, b)| a.is_same(&b)),
                "{name}"
            );
        }
    }

    #[test]
    fn rollups_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let next = AtomicU64::new(1);
        let mut writer = RollupWriter::new(folder.path(), Kind::Minutes, 20_000, &next);
        let mut buckets = Vec::new();
        for minute in 0..1440 {
            let mut bucket = Bucket::empty(minute * 60);
            for i in 0..minute % 3 {
                bucket.add(&sample(minute * 60 + i, minute as f64 + i as f64));
            }
            bucket.add(&sample(minute * 60 + 50, f64::NAN));
            buckets.push(bucket);
        }
        for tag in ["a", "b"] {
            writer.add(tag, &buckets).expect("written");
        }
        let parts = writer.finish().expect("closed").keep();
        let mut read = Vec::new();
        read_buckets(
            &folder.path().join(&parts[0].file),
            "b",
            600,
            6000,
            &mut |b| read.push(*b),
        )
        .expect("read");
        assert_eq!(format!("{read:?}"), format!("{:?}", &buckets[10..100]));
    }

    #[test]
    fn a_damaged_file_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.parquet");
        std::fs::write(&path, b"PAR1 not really PAR1").expect("a file");
        let error = read_series(&path, "a", 0, 1, &mut Series::default()).expect_err("refused");
        assert!(matches!(&error, HistoryError::NotRead { path: named, .. } if *named == path));
    }
}
