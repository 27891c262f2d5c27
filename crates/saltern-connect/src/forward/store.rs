//! What waits for the broker above, and what was last said of every tag.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use saltern_history::{HistoryError, Message, Outbox, Waiting};
use saltern_samples::{Reading, Sample};
use tokio::sync::Notify;

use super::letter;
use crate::error::ConnectError;

/// Readings in one letter: about 70 kB.
const LETTER: usize = 2000;
/// Latest readings that are kept to be sent before their turn; more than these are sent in their turn alone.
const FRESH: usize = 20_000;

/// One connection's store. Sessions come and go, this stays.
pub(crate) struct Store {
    outbox: Mutex<Outbox>,
    /// Ids of tags by row.
    ids: Vec<String>,
    fresh: Mutex<VecDeque<Reading>>,
    latest: Mutex<Vec<Option<Sample>>>,
    pub(super) news: Notify,
}

fn hold<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(error: &HistoryError) -> ConnectError {
    ConnectError::Outbox {
        reason: error.to_string(),
    }
}

impl Store {
    pub(crate) fn open(
        path: &Path,
        limit_bytes: u64,
        ids: Vec<String>,
    ) -> Result<Store, ConnectError> {
        let outbox = Outbox::open(path, limit_bytes).map_err(|e| failed(&e))?;
        Ok(Store {
            outbox: Mutex::new(outbox),
            fresh: Mutex::default(),
            latest: Mutex::new(vec![None; ids.len()]),
            ids,
            news: Notify::new(),
        })
    }

    /// Keeps readings; they are on disk when this returns.
    pub(crate) async fn keep(
        self: &Arc<Store>,
        readings: Arc<[Reading]>,
    ) -> Result<(), ConnectError> {
        let store = self.clone();
        let kept = readings.clone();
        let known = move |reading: &Reading| {
            let id = store.ids.get(reading.tag.0 as usize)?;
            Some((id.clone(), reading.sample))
        };
        let letters = kept.chunks(LETTER).map(|part| {
            let named: Vec<(String, Sample)> = part.iter().filter_map(&known).collect();
            letter::write(named.iter().map(|(id, sample)| (id.as_str(), *sample)))
        });
        let letters: Vec<Vec<u8>> = letters.collect();
        self.blocking(move |outbox| outbox.push(letters.iter().map(Vec::as_slice)))
            .await?;
        let mut latest = hold(&self.latest);
        let mut fresh = hold(&self.fresh);
        for reading in readings.iter() {
            let Some(last) = latest.get_mut(reading.tag.0 as usize) else {
                continue;
            };
            if last.is_none_or(|last| last.time_us <= reading.sample.time_us) {
                *last = Some(reading.sample);
                fresh.push_back(*reading);
            }
        }
        let excess = fresh.len().saturating_sub(FRESH);
        fresh.drain(..excess);
        drop((latest, fresh));
        self.news.notify_one();
        Ok(())
    }

    /// What waits and what was dropped.
    pub(crate) fn waiting(&self) -> Waiting {
        hold(&self.outbox).waiting()
    }

    /// The oldest that waits, up to so many bytes.
    pub(super) async fn oldest(
        self: &Arc<Store>,
        bytes: usize,
    ) -> Result<Vec<Message>, ConnectError> {
        self.blocking(move |outbox| outbox.oldest(bytes)).await
    }

    /// Forgets what has arrived.
    pub(super) async fn confirm(self: &Arc<Store>, through: i64) -> Result<(), ConnectError> {
        self.blocking(move |outbox| outbox.confirm(through)).await
    }

    /// The latest readings that were not sent yet, at most so many.
    pub(super) fn fresh(&self, most: usize) -> Vec<Reading> {
        let mut fresh = hold(&self.fresh);
        let excess = fresh.len().saturating_sub(most);
        fresh.drain(..excess);
        fresh.drain(..).collect()
    }

    /// What was last said of every tag.
    pub(super) fn latest(&self) -> Vec<Option<Sample>> {
        hold(&self.latest).clone()
    }

    /// Disk work, off the threads that sessions run on.
    async fn blocking<T: Send + 'static>(
        self: &Arc<Store>,
        work: impl FnOnce(&mut Outbox) -> Result<T, HistoryError> + Send + 'static,
    ) -> Result<T, ConnectError> {
        let store = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&mut hold(&store.outbox)));
        match done.await {
            Ok(done) => done.map_err(|e| failed(&e)),
            Err(e) => Err(ConnectError::Outbox {
                reason: e.to_string(),
            }),
        }
    }
}
