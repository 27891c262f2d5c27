//! What a store holds at a moment: its tags, what is in the journal, and the files. Readers take a view of it and let go.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use crate::acceptance::Rule;
use crate::error::HistoryError;
use crate::part::{CLOSED, Found, Kind, PartFile, find, read_buckets};
use crate::recent::Generation;
use saltern_samples::Series;
use saltern_samples::bucket::{Bucket, DAY_US, Grid, HOUR_US, MINUTE_US};
use saltern_samples::sample::{Reading, Sample, TagId};

/// Files that are open at a time: years of days are more than a process may open.
const OPEN_AT_ONCE: usize = 64;

/// A tag of the store.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    pub(crate) name: Arc<str>,
    pub(crate) rule: Rule,
    pub(crate) latest: Option<Sample>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) tags: HashMap<TagId, Tag>,
    pub(crate) by_name: HashMap<Arc<str>, TagId>,
    /// Oldest first; what comes goes into the last.
    pub(crate) generations: VecDeque<Arc<Generation>>,
    pub(crate) active: Generation,
    pub(crate) parts: Vec<Arc<PartFile>>,
}

/// What is needed to read a span of one tag after the lock is let go.
pub(crate) struct View {
    tag: Arc<str>,
    from_us: i64,
    to_us: i64,
    /// Those that overrule others come later.
    parts: Vec<Arc<PartFile>>,
    recent: Series,
}

pub(crate) fn day_of(time_us: i64) -> i64 {
    time_us.div_euclid(DAY_US)
}

/// Where a day begins. The first and the last that can be counted are cut short.
pub(crate) fn begin_of(day: i64) -> i64 {
    day.saturating_mul(DAY_US)
}

impl State {
    /// Samples that wait in the journal.
    pub(crate) fn waiting(&self) -> usize {
        self.active.rows + self.generations.iter().map(|g| g.rows).sum::<usize>()
    }

    /// A tag without samples, of which everything is kept until another rule is given.
    pub(crate) fn add_tag(&mut self, id: TagId, name: &str) {
        let name: Arc<str> = Arc::from(name);
        self.by_name.insert(Arc::clone(&name), id);
        let tag = Tag {
            name,
            rule: Rule::KEEP_ALL,
            latest: None,
        };
        self.tags.insert(id, tag);
    }

    /// Notes a sample that may be its tag's latest.
    pub(crate) fn see(&mut self, reading: &Reading) {
        if let Some(tag) = self.tags.get_mut(&reading.tag)
            && tag
                .latest
                .is_none_or(|l| l.time_us <= reading.sample.time_us)
        {
            tag.latest = Some(reading.sample);
        }
    }

    pub(crate) fn tag(&self, tag: TagId) -> Result<&Tag, HistoryError> {
        self.tags.get(&tag).ok_or_else(|| HistoryError::UnknownTag {
            tag: tag.0.to_string(),
        })
    }

    pub(crate) fn view(&self, tag: TagId, from_us: i64, to_us: i64) -> Result<View, HistoryError> {
        let name = self.tag(tag)?.name.clone();
        let (first, last) = (day_of(from_us), day_of(to_us.saturating_sub(1)));
        let mut parts: Vec<Arc<PartFile>> = self
            .parts
            .iter()
            .filter(|p| (first..=last).contains(&p.part.day) && p.part.spans(&name))
            .cloned()
            .collect();
        parts.sort_by_key(|p| (p.part.day, Reverse(p.part.level), p.part.id));
        let mut recent = Series::default();
        let generations = self.generations.iter().map(Arc::as_ref);
        for generation in generations.chain(std::iter::once(&self.active)) {
            if let Some(series) = generation.of(tag) {
                recent.append_between(series, from_us, to_us);
            }
        }
        Ok(View {
            tag: name,
            from_us,
            to_us,
            parts,
            recent,
        })
    }
}

impl View {
    /// All samples of the span, in order, each instant once.
    pub(crate) fn series(&self) -> Result<Series, HistoryError> {
        let mut series = self.in_files(self.parts.iter(), self.from_us, self.to_us)?;
        series.append(&self.recent);
        series.settle();
        Ok(series)
    }

    /// The span in the buckets of a grid that covers just it; closed days come from their rollups.
    pub(crate) fn buckets(&self, grid: Grid) -> Result<Vec<Bucket>, HistoryError> {
        let mut buckets = grid.buckets();
        let mut recent = self.recent.clone();
        recent.settle();
        // A span may be of any length: only days of which there is anything are worth a look.
        let in_files = self.parts.iter().map(|part| part.part.day);
        let in_journal = recent.times_us.iter().map(|time| day_of(*time));
        let days: BTreeSet<i64> = in_files.chain(in_journal).collect();
        for day in days {
            let from_us = self.from_us.max(begin_of(day));
            let to_us = self.to_us.min(begin_of(day.saturating_add(1)));
            let late = !recent.between(from_us, to_us).is_empty();
            if late || !self.fill_by_rollups(grid, day, from_us, to_us, &mut buckets)? {
                self.fill_by_samples(grid, day, from_us, to_us, &recent, &mut buckets)?;
            }
        }
        Ok(buckets)
    }

    /// What files of samples hold of the tag, those that overrule others later.
    fn in_files<'a>(
        &self,
        parts: impl Iterator<Item = &'a Arc<PartFile>>,
        from_us: i64,
        to_us: i64,
    ) -> Result<Series, HistoryError> {
        let files: Vec<&Arc<PartFile>> = parts.filter(|p| p.part.kind == Kind::Samples).collect();
        let mut series = Series::default();
        for files in files.chunks(OPEN_AT_ONCE) {
            let found = files
                .iter()
                .map(|p| find(p.path(), &self.tag, from_us, to_us))
                .collect::<Result<Vec<_>, _>>()?;
            series.reserve(found.iter().map(Found::rows).sum());
            for found in found {
                found.append(from_us, to_us, &mut series)?;
            }
        }
        Ok(series)
    }

    fn of_day(&self, day: i64) -> impl Iterator<Item = &Arc<PartFile>> {
        self.parts.iter().filter(move |p| p.part.day == day)
    }

    /// Fills the buckets of a day from rollups, if it is closed and has any of the tag that fit the grid.
    fn fill_by_rollups(
        &self,
        grid: Grid,
        day: i64,
        from_us: i64,
        to_us: i64,
        buckets: &mut [Bucket],
    ) -> Result<bool, HistoryError> {
        if self.of_day(day).any(|p| p.part.level != CLOSED) {
            return Ok(false);
        }
        for (kind, grain) in [(Kind::Hours, HOUR_US), (Kind::Minutes, MINUTE_US)] {
            if grid.width_us % grain != 0 || from_us % grain != 0 || to_us % grain != 0 {
                continue;
            }
            let mut any = false;
            for part in self.of_day(day).filter(|p| p.part.kind == kind) {
                read_buckets(part.path(), &self.tag, from_us, to_us, &mut |bucket| {
                    any = true;
                    if let Some(place) = grid.place(bucket.start_us) {
                        buckets[place].join(bucket);
                    }
                })?;
            }
            if any {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn fill_by_samples(
        &self,
        grid: Grid,
        day: i64,
        from_us: i64,
        to_us: i64,
        recent: &Series,
        buckets: &mut [Bucket],
    ) -> Result<(), HistoryError> {
        let mut series = self.in_files(self.of_day(day), from_us, to_us)?;
        series.append_between(recent, from_us, to_us);
        series.settle();
        grid.fill(&series, buckets);
        Ok(())
    }
}
