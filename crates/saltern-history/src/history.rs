//! One face for both stores.

use std::path::Path;

use crate::acceptance::{Accepted, Rule};
use crate::commit::wait_durable;
use crate::embedded::{Embedded, Options};
use crate::error::HistoryError;
use crate::server::Server;
use crate::tally::Counts;
use saltern_samples::Series;
use saltern_samples::bucket::Bucket;
use saltern_samples::sample::{Reading, Sample, TagId};

/// Where samples are kept.
pub enum History {
    /// In a folder of this machine.
    Embedded(Embedded),
    /// On a PostgreSQL server.
    Server(Server),
}

impl History {
    /// Opens the server at an address, or a folder where there is none.
    pub fn open(
        folder: &Path,
        server: Option<&str>,
        options: Options,
    ) -> Result<History, HistoryError> {
        match server {
            Some(address) => Server::open(address, options).map(History::Server),
            None => Embedded::open(folder, options).map(History::Embedded),
        }
    }

    /// Numbers of tags by name; new names get new numbers. Their rules are set to what is said now.
    pub fn register(&self, tags: &[(&str, Rule)]) -> Result<Vec<TagId>, HistoryError> {
        match self {
            History::Embedded(store) => store.register(tags),
            History::Server(store) => store.register(tags),
        }
    }

    /// The number of a tag.
    pub fn tag(&self, name: &str) -> Result<TagId, HistoryError> {
        match self {
            History::Embedded(store) => store.tag(name),
            History::Server(store) => store.tag(name),
        }
    }

    /// Stores samples; they are durable when this returns. Those that cannot be stored are turned away one by one.
    pub fn append(&self, readings: Vec<Reading>) -> Result<Accepted, HistoryError> {
        wait_durable(|acknowledge| self.append_then(readings, acknowledge))
    }

    /// Stores samples and says through `acknowledge` when they are durable, or why they are not.
    pub fn append_then(
        &self,
        readings: Vec<Reading>,
        acknowledge: impl FnOnce(Result<(), HistoryError>) + Send + 'static,
    ) -> Result<Accepted, HistoryError> {
        match self {
            History::Embedded(store) => store.append_then(readings, acknowledge),
            History::Server(store) => store.append_then(readings, acknowledge),
        }
    }

    /// The samples of a tag in `from_us..to_us`, in order, each instant once.
    pub fn series(&self, tag: TagId, from_us: i64, to_us: i64) -> Result<Series, HistoryError> {
        match self {
            History::Embedded(store) => store.series(tag, from_us, to_us),
            History::Server(store) => store.series(tag, from_us, to_us),
        }
    }

    /// A span of a tag in at most so many buckets, none of its spikes lost.
    pub fn buckets(
        &self,
        tag: TagId,
        from_us: i64,
        to_us: i64,
        most: usize,
    ) -> Result<Vec<Bucket>, HistoryError> {
        match self {
            History::Embedded(store) => store.buckets(tag, from_us, to_us, most),
            History::Server(store) => store.buckets(tag, from_us, to_us, most),
        }
    }

    /// The latest sample of a tag.
    pub fn latest(&self, tag: TagId) -> Result<Option<Sample>, HistoryError> {
        match self {
            History::Embedded(store) => store.latest(tag),
            History::Server(store) => store.latest(tag),
        }
    }

    /// Does all that is due: writing out, merging, closing, removing what is no longer kept.
    pub fn tend(&self) -> Result<(), HistoryError> {
        match self {
            History::Embedded(store) => store.tend(),
            History::Server(store) => store.tend(),
        }
    }

    /// Why the last write failed; `None` once one succeeded.
    pub fn trouble(&self) -> Option<HistoryError> {
        match self {
            History::Embedded(store) => store.trouble(),
            History::Server(store) => store.trouble(),
        }
    }

    /// What it has done since it was opened.
    pub fn counts(&self) -> Counts {
        match self {
            History::Embedded(store) => store.counts(),
            History::Server(store) => store.counts(),
        }
    }
}
