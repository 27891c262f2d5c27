//! Writing files: rows are gathered to row groups, row groups to files.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::TypePtr;

use super::layout::{self, Form};
use super::place::{self, KEY, Place};
use super::{Kind, Part};
use crate::error::HistoryError;
use saltern_samples::Series;
use saltern_samples::bucket::Bucket;

/// Rows from which on a row group is closed: a tag that is read alone is read with at most so many others' rows.
const GROUP_ROWS: usize = 1 << 16;
/// Rows from which on a file is closed, so that footers stay short.
const FILE_ROWS: usize = 1 << 22;

/// What the name of a file ends with while it is written, so that whoever reads the folder of a store at work meets whole
/// files alone.
const UNFINISHED: &str = ".part";

/// Writes the samples of one day, tag by tag in the order of their names, to as many files as they need.
pub(crate) struct SampleWriter<'a> {
    target: Target<'a>,
    open: BTreeMap<Form, (Group<Series>, Writer)>,
    done: Made,
}

/// Writes the rollups of one day likewise.
pub(crate) struct RollupWriter<'a> {
    target: Target<'a>,
    open: Option<(Group<Vec<Bucket>>, Writer)>,
    done: Made,
}

/// Files that are on disk and not yet listed: removed unless they are kept, because what failed half-way may have failed
/// for want of room.
#[derive(Debug)]
pub(crate) struct Made {
    folder: PathBuf,
    parts: Vec<Part>,
}

impl Made {
    pub(crate) fn new(folder: &Path) -> Made {
        Made {
            folder: folder.to_path_buf(),
            parts: Vec::new(),
        }
    }

    pub(crate) fn parts_mut(&mut self) -> &mut [Part] {
        &mut self.parts
    }

    pub(crate) fn join(&mut self, mut other: Made) {
        self.parts.append(&mut other.parts);
    }

    /// They are listed.
    pub(crate) fn keep(mut self) -> Vec<Part> {
        std::mem::take(&mut self.parts)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for part in &self.parts {
            // Where this fails the next start does it.
            let _ = fs::remove_file(self.folder.join(&part.file));
        }
    }
}

/// Where files go and what they are.
struct Target<'a> {
    folder: &'a Path,
    kind: Kind,
    day: i64,
    level: i64,
    next: &'a AtomicU64,
}

/// Rows of one row group in the making.
#[derive(Default)]
struct Group<Rows> {
    tags: Vec<(String, usize)>,
    rows: Rows,
}

/// A file in the making: removed unless it is finished.
struct Writer {
    path: PathBuf,
    relative: String,
    /// `None` once it is finished.
    parquet: Option<SerializedFileWriter<BufWriter<File>>>,
    places: Vec<Place>,
    rows: usize,
}

impl Target<'_> {
    /// `samples/2026-11/2026-11-22-00000042-d2.parquet`.
    fn next_file(&mut self, suffix: &str) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let date = jiff::Span::new()
            .try_days(self.day)
            .and_then(|days| Date::constant(1970, 1, 1).checked_add(days))
            .map_or_else(|_| format!("day{}", self.day), |date| date.to_string());
        let month = date.get(..7).unwrap_or("other");
        let kind = self.kind.code();
        format!("{kind}/{month}/{date}-{number:08}-{suffix}.parquet")
    }

    fn create(
        &mut self,
        suffix: &str,
        schema: Result<TypePtr>,
        properties: Result<WriterProperties>,
    ) -> std::result::Result<Writer, HistoryError> {
        let relative = self.next_file(suffix);
        let path = self.folder.join(format!("{relative}{UNFINISHED}"));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|e| HistoryError::file(folder, &e))?;
        }
        let file = File::create(&path).map_err(|e| HistoryError::file(&path, &e))?;
        let parquet = schema
            .and_then(|schema| {
                SerializedFileWriter::new(BufWriter::new(file), schema, Arc::new(properties?))
            })
            .map_err(|e| not_written(&path, e))?;
        Ok(Writer {
            path,
            relative,
            parquet: Some(parquet),
            places: Vec::new(),
            rows: 0,
        })
    }

    /// Ends a file: its bytes are on disk when this returns.
    fn finish(&self, mut writer: Writer) -> std::result::Result<Part, HistoryError> {
        let path = writer.path.clone();
        let places = std::mem::take(&mut writer.places);
        let parquet = writer.file().map_err(|e| not_written(&path, e))?;
        parquet.append_key_value_metadata(KeyValue::new(KEY.to_owned(), place::lines(&places)));
        parquet.finish().map_err(|e| not_written(&path, e))?;
        let file = parquet.inner().get_ref();
        file.sync_all().map_err(|e| HistoryError::file(&path, &e))?;
        let bytes = file.metadata().map_or(0, |meta| meta.len());
        let done = self.folder.join(&writer.relative);
        fs::rename(&path, &done).map_err(|e| HistoryError::file(&done, &e))?;
        for folder in [path.parent(), path.parent().and_then(Path::parent)]
            .into_iter()
            .flatten()
        {
            sync_folder(folder)?;
        }
        let name = |place: Option<&Place>| place.map(|p| p.tag.clone()).unwrap_or_default();
        writer.parquet = None;
        Ok(Part {
            id: 0,
            kind: self.kind,
            day: self.day,
            level: self.level,
            file: writer.relative.clone(),
            rows: writer.rows as i64,
            bytes: bytes as i64,
            first_tag: name(places.first()),
            last_tag: name(places.last()),
        })
    }
}

/// The names in a folder are on disk when this returns.
fn sync_folder(folder: &Path) -> std::result::Result<(), HistoryError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|e| HistoryError::file(folder, &e))
}

/// A failure to write Parquet is mostly one of the file system underneath.
fn not_written(path: &Path, error: ParquetError) -> HistoryError {
    if let ParquetError::External(inner) = &error
        && let Some(io) = inner.downcast_ref::<std::io::Error>()
    {
        return HistoryError::file(path, io);
    }
    HistoryError::NotWritten {
        path: path.to_path_buf(),
        reason: error.to_string(),
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if self.parquet.take().is_some() {
            // Where this fails the next start does it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Writer {
    fn file(&mut self) -> Result<&mut SerializedFileWriter<BufWriter<File>>> {
        let gone = || ParquetError::General("the file is finished".into());
        self.parquet.as_mut().ok_or_else(gone)
    }

    /// Notes where the tags of the next row group are.
    fn note(&mut self, tags: &[(String, usize)], times: impl Fn(usize) -> i64) -> Result<()> {
        let group = self.file()?.flushed_row_groups().len();
        let mut first_row = 0;
        for (tag, rows) in tags {
            self.places.push(Place {
                tag: tag.clone(),
                group,
                first_row,
                rows: *rows,
                from_us: times(first_row),
                to_us: times(first_row + rows - 1),
            });
            first_row += rows;
        }
        self.rows += first_row;
        Ok(())
    }
}

fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, BufWriter<File>>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<()> {
    let Some(mut writer) = group.next_column()? else {
        return Err(ParquetError::General("more columns than the schema".into()));
    };
    writer.typed::<T>().write_batch(values, levels, None)?;
    writer.close()
}

/// The column of names, a reference to one text a tag.
fn names(tags: &[(String, usize)]) -> Vec<ByteArray> {
    tags.iter()
        .flat_map(|(tag, rows)| std::iter::repeat_n(ByteArray::from(tag.as_str()), *rows))
        .collect()
}

fn write_samples(writer: &mut Writer, form: Form, group: &Group<Series>) -> Result<()> {
    writer.note(&group.tags, |row| group.rows.times_us[row])?;
    let rows = &group.rows;
    let levels: Vec<i16> = rows.values.iter().map(|v| i16::from(!v.is_nan())).collect();
    let present = rows.values.iter().copied().filter(|v| !v.is_nan());
    let qualities: Vec<i32> = rows.qualities.iter().map(|q| i32::from(*q)).collect();
    let mut parquet = writer.file()?.next_row_group()?;
    column::<ByteArrayType>(&mut parquet, &names(&group.tags), None)?;
    column::<Int64Type>(&mut parquet, &rows.times_us, None)?;
    match form {
        Form::Decimal(decimals) => {
            let steps: Option<Vec<i64>> = present.map(|v| layout::steps(v, decimals)).collect();
            let steps = steps
                .ok_or_else(|| ParquetError::General("a value is no decimal of its file".into()))?;
            column::<Int64Type>(&mut parquet, &steps, Some(&levels))?;
        }
        Form::Double => {
            column::<DoubleType>(&mut parquet, &present.collect::<Vec<_>>(), Some(&levels))?;
        }
    }
    column::<Int32Type>(&mut parquet, &qualities, None)?;
    parquet.close()?;
    Ok(())
}

fn write_rollups(writer: &mut Writer, group: &Group<Vec<Bucket>>) -> Result<()> {
    writer.note(&group.tags, |row| group.rows[row].start_us)?;
    let rows = &group.rows;
    let numbers: [fn(&Bucket) -> f64; 5] =
        [|b| b.min, |b| b.max, |b| b.sum, |b| b.first, |b| b.last];
    let counts: [fn(&Bucket) -> u64; 2] = [|b| b.count, |b| b.bad];
    let mut parquet = writer.file()?.next_row_group()?;
    column::<ByteArrayType>(&mut parquet, &names(&group.tags), None)?;
    let starts: Vec<i64> = rows.iter().map(|b| b.start_us).collect();
    column::<Int64Type>(&mut parquet, &starts, None)?;
    for number in numbers {
        let levels: Vec<i16> = rows.iter().map(|b| i16::from(b.count > 0)).collect();
        let present: Vec<f64> = rows.iter().filter(|b| b.count > 0).map(number).collect();
        column::<DoubleType>(&mut parquet, &present, Some(&levels))?;
    }
    for count in counts {
        let values: Vec<i64> = rows.iter().map(|b| count(b) as i64).collect();
        column::<Int64Type>(&mut parquet, &values, None)?;
    }
    parquet.close()?;
    Ok(())
}

impl<'a> SampleWriter<'a> {
    /// For the samples of a day; `next` numbers the files.
    pub(crate) fn new(folder: &'a Path, day: i64, level: i64, next: &'a AtomicU64) -> Self {
        SampleWriter {
            target: Target {
                folder,
                kind: Kind::Samples,
                day,
                level,
                next,
            },
            open: BTreeMap::new(),
            done: Made::new(folder),
        }
    }

    /// Adds a tag's samples, which are in order of time. Tags come in the order of their names.
    pub(crate) fn add(
        &mut self,
        tag: &str,
        series: &Series,
    ) -> std::result::Result<(), HistoryError> {
        if series.is_empty() {
            return Ok(());
        }
        let form = Form::of(&series.values);
        if !self.open.contains_key(&form) {
            let writer = self.target.create(
                &form.suffix(),
                layout::samples(form),
                layout::sample_properties(form),
            )?;
            self.open.insert(form, (Group::default(), writer));
        }
        let Some((group, writer)) = self.open.get_mut(&form) else {
            return Ok(());
        };
        group.tags.push((tag.to_owned(), series.len()));
        group.rows.append(series);
        if group.rows.len() >= GROUP_ROWS {
            write_samples(writer, form, group).map_err(|e| not_written(&writer.path, e))?;
            *group = Group::default();
        }
        if writer.rows >= FILE_ROWS {
            self.end(form)?;
        }
        Ok(())
    }

    fn end(&mut self, form: Form) -> std::result::Result<(), HistoryError> {
        let Some((group, mut writer)) = self.open.remove(&form) else {
            return Ok(());
        };
        if !group.tags.is_empty() {
            write_samples(&mut writer, form, &group).map_err(|e| not_written(&writer.path, e))?;
        }
        self.done.parts.push(self.target.finish(writer)?);
        Ok(())
    }

    /// The files, all on disk.
    pub(crate) fn finish(mut self) -> std::result::Result<Made, HistoryError> {
        while let Some(form) = self.open.keys().next().copied() {
            self.end(form)?;
        }
        Ok(self.done)
    }
}

impl<'a> RollupWriter<'a> {
    /// For the rollups of a closed day.
    pub(crate) fn new(folder: &'a Path, kind: Kind, day: i64, next: &'a AtomicU64) -> Self {
        RollupWriter {
            target: Target {
                folder,
                kind,
                day,
                level: super::CLOSED,
                next,
            },
            open: None,
            done: Made::new(folder),
        }
    }

    /// Adds a tag's buckets. Tags come in the order of their names.
    pub(crate) fn add(
        &mut self,
        tag: &str,
        buckets: &[Bucket],
    ) -> std::result::Result<(), HistoryError> {
        if buckets.is_empty() {
            return Ok(());
        }
        if self.open.is_none() {
            let suffix = self.target.kind.code();
            let writer =
                self.target
                    .create(suffix, layout::rollups(), layout::rollup_properties())?;
            self.open = Some((Group::default(), writer));
        }
        let Some((group, writer)) = self.open.as_mut() else {
            return Ok(());
        };
        group.tags.push((tag.to_owned(), buckets.len()));
        group.rows.extend_from_slice(buckets);
        // Rollups are read a tag at a time over many days: small row groups.
        if group.rows.len() >= GROUP_ROWS / 8 {
            write_rollups(writer, group).map_err(|e| not_written(&writer.path, e))?;
            *group = Group::default();
        }
        if writer.rows >= FILE_ROWS / 8 {
            self.end()?;
        }
        Ok(())
    }

    fn end(&mut self) -> std::result::Result<(), HistoryError> {
        let Some((group, mut writer)) = self.open.take() else {
            return Ok(());
        };
        if !group.tags.is_empty() {
            write_rollups(&mut writer, &group).map_err(|e| not_written(&writer.path, e))?;
        }
        self.done.parts.push(self.target.finish(writer)?);
        Ok(())
    }

    /// The files, all on disk.
    pub(crate) fn finish(mut self) -> std::result::Result<Made, HistoryError> {
        self.end()?;
        Ok(self.done)
    }
}
