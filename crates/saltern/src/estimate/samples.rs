//! The samples of a long table: time, tag, value.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::DateTime;
use saltern_base::model::Base;
use saltern_base::tags::Tags;
use saltern_estimate::measured::Reading;
use saltern_samples::Sample;
use saltern_units::message::nearest;

use crate::failure::{CliError, Failure};
use crate::files;

/// Samples by tag.
pub(super) struct Samples {
    by_tag: BTreeMap<usize, Vec<Sample>>,
}

impl Samples {
    /// The first and last instant, µs since 1970.
    pub(super) fn span(&self) -> Option<(i64, i64)> {
        let times = || self.by_tag.values().flatten().map(|s| s.time_us);
        Some((times().min()?, times().max()?))
    }

    /// As the estimate takes them.
    pub(super) fn readings(&self) -> Vec<Reading<'_>> {
        let each = self.by_tag.iter();
        each.map(|(tag, samples)| Reading { tag: *tag, samples })
            .collect()
    }
}

/// Reads a table of samples. A blank value is none; the last of several at an instant counts, as in a store of samples.
pub(super) fn read(path: &Path, base: &Base, tags: &Tags) -> Result<Samples, Failure> {
    let table = files::table(path)?;
    let (time, tag, value) = (
        table.column("time")?,
        table.column("tag")?,
        table.column("value")?,
    );
    let known: BTreeMap<&str, usize> = (tags.tags.iter().enumerate())
        .map(|(i, tag)| (tag.who.id.as_str(), i))
        .collect();
    let mut by_tag: BTreeMap<usize, BTreeMap<i64, f64>> = BTreeMap::new();
    let mut failures = Vec::new();
    for row in &table.rows {
        let name = table.cell(row, tag);
        let when = table.cell(row, time);
        let Some(number) = table.cell(row, value).optional_number()? else {
            continue;
        };
        let Some(&of) = known.get(name.text()?) else {
            failures.push(Failure::from(CliError::UnknownTag {
                place: name.place(),
                tag: name.raw().into(),
                near: nearest(name.raw(), known.keys().copied()).map(String::from),
            }));
            continue;
        };
        match instant(when.text()?, base) {
            Some(time_us) => {
                by_tag.entry(of).or_default().insert(time_us, number);
            }
            None => failures.push(Failure::from(CliError::BadTime {
                place: when.place(),
                text: when.raw().into(),
            })),
        }
        if failures.len() >= FAILURES_TOLD {
            break;
        }
    }
    if !failures.is_empty() {
        return Err(Failure::Several(failures));
    }
    let sampled = |(tag, values): (usize, BTreeMap<i64, f64>)| {
        let samples = values.into_iter().map(|(t, v)| Sample::good(t, v));
        (tag, samples.collect())
    };
    Ok(Samples {
        by_tag: by_tag.into_iter().map(sampled).collect(),
    })
}

/// Rows that are told to be wrong before reading ends.
const FAILURES_TOLD: usize = 20;

/// Microseconds since 1970 of a time with a zone, or in the base's standard time.
fn instant(text: &str, base: &Base) -> Option<i64> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp.as_microsecond());
    }
    let civil: DateTime = text.parse().ok()?;
    let offset_s = (base.site.utc_offset_h * 3600.0) as i32;
    let offset = jiff::tz::Offset::from_seconds(offset_s).ok()?;
    Some(offset.to_timestamp(civil).ok()?.as_microsecond())
}
