//! Reading one tag of a file.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use parquet::basic::LogicalType;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};

use super::layout;
use super::place::{KEY, Place, Places};
use crate::error::HistoryError;
use saltern_samples::Series;
use saltern_samples::bucket::Bucket;

/// Tag, time, value and quality.
const SAMPLE_COLUMNS: usize = 4;

/// An open file and where its tags are.
pub(crate) struct Opened {
    reader: SerializedFileReader<File>,
    places: Places,
    decimals: Option<u8>,
}

/// Opens a file and finds the places of all its tags.
pub(crate) fn spans(path: &Path) -> std::result::Result<Opened, HistoryError> {
    open(path).map_err(|e| HistoryError::unreadable(path, e))
}

/// Reads with the Parquet crate. Where pages are damaged in certain ways it (60.1) panics instead of refusing them; a damaged
/// file must not end the thread that merges all the others.
fn refusing<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(ParquetError::General(format!(
            "it can't be decoded: {}",
            said.unwrap_or_default()
        )))
    })
}

fn open(path: &Path) -> Result<Opened> {
    refusing(|| open_sound(path))
}

fn open_sound(path: &Path) -> Result<Opened> {
    let file = File::open(path).map_err(|e| ParquetError::External(Box::new(e)))?;
    let reader = SerializedFileReader::new(file)?;
    let footer = reader.metadata().file_metadata();
    let index = footer
        .key_value_metadata()
        .and_then(|pairs| pairs.iter().find(|pair| pair.key == KEY))
        .and_then(|pair| pair.value.as_deref())
        .ok_or_else(|| ParquetError::General(format!("its footer has no {KEY}")))?;
    let places = Places::new(index);
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
    pub(crate) fn places(&self) -> Result<Vec<Place>> {
        self.places.all().map(known).collect()
    }

    /// The row group of a place, where there is one with these columns and so many rows.
    fn group(&self, place: &Place, columns: usize) -> Result<Box<dyn RowGroupReader + '_>> {
        let meta = self.reader.metadata();
        let there = meta.row_groups().get(place.group).is_some_and(|group| {
            let end = place.first_row.checked_add(place.rows);
            let rows = usize::try_from(group.num_rows()).unwrap_or(0);
            group.num_columns() >= columns && end.is_some_and(|end| end <= rows)
        });
        if !there {
            return Err(ParquetError::General(format!(
                "there is no row group {} with rows {} to {} of tag {}",
                place.group,
                place.first_row,
                place.first_row.saturating_add(place.rows),
                place.tag
            )));
        }
        self.reader.get_row_group(place.group)
    }

    /// Adds the samples at a place to a series.
    pub(crate) fn samples(&self, place: &Place, into: &mut Series) -> Result<()> {
        refusing(|| self.sound_samples(place, into))
    }

    fn sound_samples(&self, place: &Place, into: &mut Series) -> Result<()> {
        let group = self.group(place, SAMPLE_COLUMNS)?;
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
                let reason = "column `value` has another type";
                return Err(ParquetError::General(reason.into()));
            }
        };
        let times_us = whole_numbers(group, 1, place)?;
        into.times_us.extend(times_us);
        into.values.extend(values);
        into.qualities
            .extend(qualities.into_iter().map(|q| q as u8));
        Ok(())
    }

    /// The buckets at a place.
    pub(crate) fn buckets(&self, place: &Place) -> Result<Vec<Bucket>> {
        refusing(|| self.sound_buckets(place))
    }

    fn sound_buckets(&self, place: &Place) -> Result<Vec<Bucket>> {
        let group = self.group(place, layout::NUMBERS.len() + 4)?;
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

    /// Where a tag is.
    pub(crate) fn of_tag<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = Result<Place>> + 'a {
        self.places.of(tag).map(known)
    }
}

fn known(place: Option<Place>) -> Result<Place> {
    place.ok_or_else(|| ParquetError::General(format!("a line of {KEY} in its footer is none")))
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

/// The samples of a tag in a file.
pub(crate) struct Found<'a> {
    path: &'a Path,
    file: Opened,
    places: Vec<Place>,
}

/// Finds the samples of a tag in `from_us..to_us`.
pub(crate) fn find<'a>(
    path: &'a Path,
    tag: &str,
    from_us: i64,
    to_us: i64,
) -> std::result::Result<Found<'a>, HistoryError> {
    let file = spans(path)?;
    let places: Result<Vec<Place>> = file.of_tag(tag).collect();
    let mut places = places.map_err(|e| HistoryError::unreadable(path, e))?;
    places.retain(|place| place.to_us >= from_us && place.from_us < to_us);
    Ok(Found { path, file, places })
}

impl Found<'_> {
    /// How many there are at most.
    pub(crate) fn rows(&self) -> usize {
        self.places.iter().map(|place| place.rows).sum()
    }

    /// Adds those in `from_us..to_us` to a series.
    pub(crate) fn append(
        &self,
        from_us: i64,
        to_us: i64,
        into: &mut Series,
    ) -> std::result::Result<(), HistoryError> {
        for place in &self.places {
            let unreadable = |e| HistoryError::unreadable(self.path, e);
            if from_us <= place.from_us && place.to_us < to_us {
                self.file.samples(place, into).map_err(unreadable)?;
            } else {
                let mut samples = Series::default();
                self.file.samples(place, &mut samples).map_err(unreadable)?;
                into.append_ordered_between(&samples, from_us, to_us);
            }
        }
        Ok(())
    }
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
        let place = place.map_err(|e| HistoryError::unreadable(path, e))?;
        if place.to_us >= from_us && place.from_us < to_us {
            let buckets = file
                .buckets(&place)
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
    use saltern_samples::quality::Quality;
    use saltern_samples::sample::Sample;

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
                let path = folder.path().join(&part.file);
                let found = find(&path, name, 5_000, 29_990_000).expect("found");
                found.append(5_000, 29_990_000, &mut read).expect("read");
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
        let error = find(&path, "a", 0, 1).err().expect("refused");
        assert!(matches!(&error, HistoryError::NotRead { path: named, .. } if *named == path));
    }
}
