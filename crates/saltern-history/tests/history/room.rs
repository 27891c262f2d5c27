//! A store in a folder of its own, with a clock that the test turns.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use saltern_history::{Embedded, Options, Rule};
use saltern_samples::{Reading, Sample, TagId};
use tempfile::TempDir;

/// 2026-03-01T00:00:00 UTC.
pub(crate) const MARCH_US: i64 = 1_772_323_200_000_000;
pub(crate) const SECOND_US: i64 = 1_000_000;
pub(crate) const DAY_US: i64 = 86_400 * SECOND_US;

pub(crate) struct Room {
    folder: TempDir,
    pub(crate) clock: Arc<AtomicI64>,
}

impl Room {
    pub(crate) fn new() -> Room {
        Room {
            folder: tempfile::tempdir().expect("a folder"),
            clock: Arc::new(AtomicI64::new(MARCH_US)),
        }
    }

    /// In memory where the machine has a folder for that: for tests of what is stored, not of how durably.
    pub(crate) fn in_memory() -> Room {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        Room {
            folder: folder.expect("a folder"),
            ..Room::new()
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("history")
    }

    pub(crate) fn set_clock(&self, time_us: i64) {
        self.clock.store(time_us, Ordering::Relaxed);
    }

    /// Without a thread of its own, so that the test says when it is tended.
    pub(crate) fn options(&self) -> Options {
        let clock = Arc::clone(&self.clock);
        Options {
            window: Duration::ZERO,
            clock: Arc::new(move || clock.load(Ordering::Relaxed)),
            tended: false,
            ..Options::default()
        }
    }

    pub(crate) fn open(&self) -> Embedded {
        Embedded::open(&self.path(), self.options()).expect("a store")
    }
}

pub(crate) fn reading(tag: TagId, sample: Sample) -> Reading {
    Reading { tag, sample }
}

pub(crate) fn tags(store: &Embedded, names: &[&str]) -> Vec<TagId> {
    let tags: Vec<(&str, Rule)> = names.iter().map(|name| (*name, Rule::KEEP_ALL)).collect();
    store.register(&tags).expect("registered")
}
