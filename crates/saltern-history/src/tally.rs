//! What a store has done: counted in one place for both kinds.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::acceptance::{Accepted, Refusal};
use crate::error::HistoryError;

/// What a store has done since it was opened, and what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Samples stored.
    pub stored: u64,
    /// Samples turned away, by reason.
    pub refused: BTreeMap<Refusal, u64>,
    /// Commits.
    pub commits: u64,
    /// Commits that failed.
    pub failed: u64,
    /// Samples in the journal; none on a server.
    pub waiting: usize,
    /// Samples in files; an instant that was written twice may count twice until its day is closed. None on a server.
    pub filed: u64,
    /// Bytes of those files.
    pub filed_bytes: u64,
    /// Files, rollups among them.
    pub files: usize,
}

/// Counts and the last trouble.
#[derive(Default)]
pub(crate) struct Tally {
    counts: Mutex<Counts>,
    trouble: Mutex<Option<HistoryError>>,
}

/// A thread that panicked while it held a lock left whole values behind: all changes are single steps.
pub(crate) fn hold<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tally {
    pub(crate) fn refused(&self, accepted: &Accepted) {
        let mut counts = hold(&self.counts);
        for (_, refusal) in &accepted.refused {
            *counts.refused.entry(*refusal).or_default() += 1;
        }
    }

    /// A commit of so many samples ended.
    pub(crate) fn committed(&self, samples: usize, result: &Result<(), HistoryError>) {
        let mut counts = hold(&self.counts);
        match result {
            Ok(()) => {
                counts.stored += samples as u64;
                counts.commits += 1;
                *hold(&self.trouble) = None;
            }
            Err(error) => {
                counts.failed += 1;
                self.failed(error.clone());
            }
        }
    }

    pub(crate) fn failed(&self, error: HistoryError) {
        *hold(&self.trouble) = Some(error);
    }

    pub(crate) fn trouble(&self) -> Option<HistoryError> {
        hold(&self.trouble).clone()
    }

    pub(crate) fn counts(&self) -> Counts {
        hold(&self.counts).clone()
    }
}
