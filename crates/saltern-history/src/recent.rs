//! What the journal holds, in memory by tag, so that it can be read without scanning what came from others.

use std::collections::HashMap;

use saltern_samples::Series;
use saltern_samples::sample::{Reading, TagId};

/// The samples of one generation of the journal.
#[derive(Debug, Default)]
pub(crate) struct Generation {
    pub(crate) id: i64,
    pub(crate) rows: usize,
    series: HashMap<TagId, Series>,
}

impl Generation {
    pub(crate) fn new(id: i64) -> Generation {
        Generation {
            id,
            ..Generation::default()
        }
    }

    pub(crate) fn push(&mut self, reading: &Reading) {
        self.series
            .entry(reading.tag)
            .or_default()
            .push(reading.sample);
        self.rows += 1;
    }

    /// The samples of a tag in the order in which they came.
    pub(crate) fn of(&self, tag: TagId) -> Option<&Series> {
        self.series.get(&tag)
    }

    pub(crate) fn tags(&self) -> impl Iterator<Item = TagId> + '_ {
        self.series.keys().copied()
    }
}
