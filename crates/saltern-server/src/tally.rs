//! What the server counts about itself.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, PoisonError};

use saltern_history::Refusal;

/// Counts since the start.
#[derive(Default)]
pub(crate) struct Tally {
    /// Values that passed the keeper, calculated ones among them.
    pub(crate) passed: AtomicU64,
    /// Readings that were lost because the store did not write for too long.
    pub(crate) lost: AtomicU64,
    /// Readings that are held now until the store writes again.
    pub(crate) held: AtomicU64,
    /// Requests that were answered.
    pub(crate) requests: AtomicU64,
    /// Requests that were refused for want of a session or a right.
    pub(crate) denied: AtomicU64,
    /// Streams that are open now.
    pub(crate) streams: AtomicU64,
    /// Rounds that a slow stream missed.
    pub(crate) missed: AtomicU64,
    /// Samples sent to us that were none.
    pub(crate) unreadable: AtomicU64,
    refused: Mutex<BTreeMap<Refusal, u64>>,
}

impl Tally {
    pub(crate) fn refuse(&self, refused: &[(usize, Refusal)]) {
        if refused.is_empty() {
            return;
        }
        let mut counts = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, refusal) in refused {
            *counts.entry(*refusal).or_default() += 1;
        }
    }

    pub(crate) fn unreadable(&self, count: usize) {
        self.unreadable.fetch_add(count as u64, Relaxed);
    }

    /// Samples turned away, by reason.
    pub(crate) fn refused(&self) -> BTreeMap<Refusal, u64> {
        let counts = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        counts.clone()
    }
}
