//! Out of the journal into files, and files into fewer files: generations are written out, many small files of a day
//! become few larger ones, and a day that is over is closed with rollups beside it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::acceptance::Rule;
use crate::error::HistoryError;
use crate::part::{CLOSED, Kind, Made, Opened, PartFile, RollupWriter, SampleWriter, spans};
use crate::recent::Generation;
use crate::state::{begin_of, day_of};
use saltern_samples::Series;
use saltern_samples::bucket::{Bucket, DAY_US, HOUR_US, MINUTE_US};
use saltern_samples::sample::TagId;

/// Files of one level from which on they are merged to the next.
const FAN: usize = 8;

/// Writes a generation to a file a day (and form).
pub(crate) fn write_out(
    folder: &Path,
    generation: &Generation,
    names: &HashMap<TagId, Arc<str>>,
    next: &AtomicU64,
) -> Result<Made, HistoryError> {
    let mut tags: Vec<(&str, TagId)> = generation
        .tags()
        .filter_map(|tag| Some((names.get(&tag)?.as_ref(), tag)))
        .collect();
    tags.sort_unstable();
    let mut days = BTreeSet::new();
    for (_, tag) in &tags {
        if let Some(series) = generation.of(*tag) {
            days.extend(series.times_us.iter().map(|time| day_of(*time)));
        }
    }
    let mut made = Made::new(folder);
    for day in days {
        let mut writer = SampleWriter::new(folder, day, 0, next);
        for (name, tag) in &tags {
            let Some(series) = generation.of(*tag) else {
                continue;
            };
            let mut of_day = Series::default();
            of_day.append_between(series, begin_of(day), begin_of(day.saturating_add(1)));
            of_day.settle();
            writer.add(name, &of_day)?;
        }
        made.join(writer.finish()?);
    }
    Ok(made)
}

/// What should be merged next: the day and its files, older first, and the level of what they become.
pub(crate) fn next_merge(
    parts: &[Arc<PartFile>],
    closed_before_day: i64,
) -> Option<(i64, i64, Vec<Arc<PartFile>>)> {
    let mut days: BTreeMap<i64, Vec<&Arc<PartFile>>> = BTreeMap::new();
    for part in parts.iter().filter(|p| p.part.kind == Kind::Samples) {
        days.entry(part.part.day).or_default().push(part);
    }
    let oldest_first = |mut parts: Vec<Arc<PartFile>>| {
        parts.sort_by_key(|p| (Reverse(p.part.level), p.part.id));
        parts
    };
    let closable = days.iter().find(|(day, parts)| {
        **day < closed_before_day && parts.iter().any(|p| p.part.level < CLOSED)
    });
    if let Some((day, _)) = closable {
        let all = parts
            .iter()
            .filter(|p| p.part.day == *day)
            .cloned()
            .collect();
        return Some((*day, CLOSED, oldest_first(all)));
    }
    days.iter().find_map(|(day, parts)| {
        let mut levels: BTreeMap<i64, Vec<Arc<PartFile>>> = BTreeMap::new();
        for part in parts.iter().filter(|p| p.part.level < CLOSED) {
            levels
                .entry(part.part.level)
                .or_default()
                .push(Arc::clone(part));
        }
        // A generation leaves a file a form: what counts is how many generations are in a level.
        let (level, parts) = levels
            .into_iter()
            .find(|(_, parts)| generations(parts) >= FAN)?;
        Some((*day, level + 1, oldest_first(parts)))
    })
}

/// How many writings the files come from, at least: those that span the same tags in the same form were written apart.
fn generations(parts: &[Arc<PartFile>]) -> usize {
    let mut forms: BTreeMap<&str, usize> = BTreeMap::new();
    for part in parts {
        let form = part.part.file.rsplit('-').next().unwrap_or_default();
        *forms.entry(form).or_default() += 1;
    }
    forms.into_values().max().unwrap_or(0)
}

/// Merges the files of a day; a closed day gets rollups, and loses the samples that are no longer kept, not their rollups.
pub(crate) fn merge(
    folder: &Path,
    day: i64,
    level: i64,
    parts: &[Arc<PartFile>],
    oldest_us: &dyn Fn(&str) -> i64,
    next: &AtomicU64,
) -> Result<Made, HistoryError> {
    let files = Sources::open(parts)?;
    let mut minutes = RollupWriter::new(folder, Kind::Minutes, day, next);
    let mut hours = RollupWriter::new(folder, Kind::Hours, day, next);
    let mut samples = SampleWriter::new(folder, day, level, next);
    for tag in files.tags()? {
        let mut series = files.samples(&tag)?;
        let oldest = oldest_us(&tag);
        let leaving = oldest > begin_of(day);
        if level == CLOSED {
            for (writer, kind, grain) in [
                (&mut minutes, Kind::Minutes, MINUTE_US),
                (&mut hours, Kind::Hours, HOUR_US),
            ] {
                let mut buckets = rolled_up(&series, grain, leaving);
                if leaving {
                    files.keep_rollups(&tag, kind, &mut buckets)?;
                }
                writer.add(&tag, &buckets)?;
            }
            if leaving {
                let mut kept = Series::default();
                kept.append_between(&series, oldest, i64::MAX);
                series = kept;
            }
        }
        samples.add(&tag, &series)?;
    }
    let mut made = samples.finish()?;
    made.join(minutes.finish()?);
    made.join(hours.finish()?);
    Ok(made)
}

/// The open files of a day, those that overrule others later.
struct Sources<'a>(Vec<(&'a PartFile, Opened)>);

impl<'a> Sources<'a> {
    fn open(parts: &'a [Arc<PartFile>]) -> Result<Sources<'a>, HistoryError> {
        let open = |part: &'a Arc<PartFile>| Ok((part.as_ref(), spans(part.path())?));
        parts
            .iter()
            .map(open)
            .collect::<Result<_, _>>()
            .map(Sources)
    }

    /// Tags of which there is anything, in order.
    fn tags(&self) -> Result<BTreeSet<String>, HistoryError> {
        let mut tags = BTreeSet::new();
        for (part, file) in &self.0 {
            let places = file
                .places()
                .map_err(|e| HistoryError::unreadable(part.path(), e))?;
            tags.extend(places.into_iter().map(|place| place.tag));
        }
        Ok(tags)
    }

    fn samples(&self, tag: &str) -> Result<Series, HistoryError> {
        let mut series = Series::default();
        for (part, file) in self.0.iter().filter(|(p, _)| p.part.kind == Kind::Samples) {
            let unreadable = |e| HistoryError::unreadable(part.path(), e);
            for place in file.of_tag(tag) {
                let place = place.map_err(unreadable)?;
                file.samples(&place, &mut series).map_err(unreadable)?;
            }
        }
        series.settle();
        Ok(series)
    }

    /// Adds the buckets that an earlier closing made of samples that have left since. Of two of a span the one that saw
    /// more stays.
    fn keep_rollups(
        &self,
        tag: &str,
        kind: Kind,
        buckets: &mut Vec<Bucket>,
    ) -> Result<(), HistoryError> {
        let seen = |bucket: &Bucket| bucket.count + bucket.bad;
        let mut fullest: BTreeMap<i64, Bucket> = buckets
            .drain(..)
            .map(|bucket| (bucket.start_us, bucket))
            .collect();
        for (part, file) in self.0.iter().filter(|(p, _)| p.part.kind == kind) {
            let unreadable = |e| HistoryError::unreadable(part.path(), e);
            for place in file.of_tag(tag) {
                let place = place.map_err(unreadable)?;
                for old in file.buckets(&place).map_err(unreadable)? {
                    let bucket = fullest.entry(old.start_us).or_insert(old);
                    if seen(&old) > seen(bucket) {
                        *bucket = old;
                    }
                }
            }
        }
        buckets.extend(fullest.into_values());
        Ok(())
    }
}

/// A row a grain; nothing where that isn't at most half as many rows, unless nothing else will be left.
fn rolled_up(series: &Series, grain_us: i64, always: bool) -> Vec<Bucket> {
    let mut buckets: Vec<Bucket> = Vec::new();
    for sample in series.iter() {
        let start = sample.time_us.div_euclid(grain_us).saturating_mul(grain_us);
        match buckets.last_mut() {
            Some(bucket) if bucket.start_us == start => bucket.add(&sample),
            _ => {
                let mut bucket = Bucket::empty(start);
                bucket.add(&sample);
                buckets.push(bucket);
            }
        }
    }
    if !always && buckets.len() * 2 > series.len() {
        buckets.clear();
    }
    buckets
}

/// Days of which some file holds samples that are older than a tag's rule keeps.
pub(crate) fn expired(
    parts: &[Arc<PartFile>],
    rules: &HashMap<Arc<str>, Rule>,
    now_us: i64,
) -> Vec<i64> {
    // Only days that are over for the most impatient rule are worth a look.
    let Some(least) = rules.values().filter_map(|rule| rule.keep_days).min() else {
        return Vec::new();
    };
    let last = day_of(now_us - i64::from(least) * DAY_US);
    let mut days = BTreeSet::new();
    for part in parts {
        if part.part.day >= last || part.part.kind != Kind::Samples || part.part.level != CLOSED {
            continue;
        }
        let end_us = begin_of(part.part.day.saturating_add(1));
        let holds_expired = spans(part.path()).is_ok_and(|file| {
            file.places().unwrap_or_default().iter().any(|place| {
                let rule = rules.get(place.tag.as_str());
                rule.is_some_and(|rule| rule.oldest_us(now_us) >= end_us)
            })
        });
        if holds_expired {
            days.insert(part.part.day);
        }
    }
    days.into_iter().collect()
}
