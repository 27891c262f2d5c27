//! A store in a folder of this machine.
//!
//! ```text
//! samples ─► acceptance ─► commit (journal.sqlite, synced) ─► acknowledged, and in memory by tag
//!                                   │ a generation is full
//!                                   ▼
//!                          samples/2026-11/*.parquet ─► merged ─► closed day: few files, rollups beside them
//! ```

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::acceptance::{self, Accepted, Rule};
use crate::commit::{Acknowledge, Committer, Order, Sink, wait_durable};
use crate::compact;
use crate::error::HistoryError;
use crate::journal::Journal;
use crate::part::{CLOSED, Made, Part, PartFile};
use crate::recent::Generation;
use crate::state::{State, day_of};
use crate::tally::{Counts, Tally, hold};
use saltern_samples::Series;
use saltern_samples::bucket::{Bucket, Grid};
use saltern_samples::sample::{Reading, Sample, TagId};

/// How a store works.
#[derive(Clone)]
pub struct Options {
    /// How long a commit waits for more to come with it.
    pub window: Duration,
    /// Samples of a generation of the journal, which are held in memory as well (about 20 bytes each).
    pub generation: usize,
    /// A generation is written out after this time even if it is small.
    pub generation_age: Duration,
    /// How long after midnight (UTC) a day is closed.
    pub grace: Duration,
    /// How far ahead of the clock a sample may be.
    pub ahead: Duration,
    /// Microseconds since 1970-01-01T00:00:00 UTC. A simulated plant brings its own clock.
    pub clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Whether a thread of the store's own writes out and compacts; otherwise [`Embedded::tend`] does.
    pub tended: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            window: Duration::from_millis(20),
            generation: 2_000_000,
            generation_age: Duration::from_secs(3600),
            grace: Duration::from_secs(3600),
            ahead: Duration::from_secs(60),
            clock: Arc::new(system_clock),
            tended: true,
        }
    }
}

/// The machine's clock.
fn system_clock() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as i64)
}

/// Generations that may wait to be written out before senders are turned away.
const MOST_GENERATIONS: usize = 6;
/// Generations from which on a commit waits for the writing out, so that senders slow down before they are turned away.
const SLOW_GENERATIONS: usize = 3;
/// How long it waits at most.
const SLOW_FOR: Duration = Duration::from_secs(2);
/// How often a store looks what there is to tidy.
const TEND_EVERY: Duration = Duration::from_secs(5);

/// What the threads of a store share.
struct Shared {
    folder: PathBuf,
    options: Options,
    journal: Mutex<Journal>,
    state: RwLock<State>,
    next_file: AtomicU64,
    tally: Tally,
    /// Held while a generation is written out.
    writing: Mutex<()>,
    /// Held while files are merged; the day up to which expired samples were looked for.
    merging: Mutex<i64>,
    wake: (Mutex<u64>, Condvar),
    /// Told when a generation was written out.
    room: (Mutex<()>, Condvar),
    closing: AtomicBool,
    began: Mutex<Instant>,
}

/// A store in a folder.
pub struct Embedded {
    // Dropped in this order: what was sent is committed first.
    committer: Committer,
    tenders: Vec<JoinHandle<()>>,
    shared: Arc<Shared>,
}

impl Embedded {
    /// Opens the store in a folder, made if need be.
    pub fn open(folder: &Path, options: Options) -> Result<Embedded, HistoryError> {
        fs::create_dir_all(folder).map_err(|e| HistoryError::file(folder, &e))?;
        let mut journal = Journal::open(&folder.join("journal.sqlite"))?;
        let parts = journal.parts()?;
        remove_unlisted(folder, &parts)?;
        let next_file = parts
            .iter()
            .filter_map(|p| number_of(&p.file)?.checked_add(1))
            .max()
            .unwrap_or(1);
        let state = load(folder, &mut journal, parts)?;
        let shared = Arc::new(Shared {
            folder: folder.to_path_buf(),
            journal: Mutex::new(journal),
            state: RwLock::new(state),
            next_file: AtomicU64::new(next_file),
            tally: Tally::default(),
            writing: Mutex::default(),
            merging: Mutex::default(),
            wake: (Mutex::new(0), Condvar::new()),
            room: (Mutex::new(()), Condvar::new()),
            closing: AtomicBool::new(false),
            began: Mutex::new(Instant::now()),
            options,
        });
        let thread = |e: std::io::Error| HistoryError::file(folder, &e);
        let committer = Committer::start(shared.sink(), shared.options.window).map_err(thread)?;
        let mut tenders = Vec::new();
        if shared.options.tended {
            // Apart, so that a long merge never keeps the journal from being written out.
            tenders
                .push(start_tending("history-write", &shared, Shared::write_out).map_err(thread)?);
            tenders
                .push(start_tending("history-merge", &shared, Shared::merge_next).map_err(thread)?);
        }
        Ok(Embedded {
            committer,
            tenders,
            shared,
        })
    }

    /// Numbers of tags by name; new names get new numbers. Their rules are set to what is said now.
    pub fn register(&self, tags: &[(&str, Rule)]) -> Result<Vec<TagId>, HistoryError> {
        HistoryError::check_names(tags)?;
        let mut new: Vec<&str> = {
            let state = self.shared.state();
            let names = tags.iter().map(|(name, _)| *name);
            names
                .filter(|name| !state.by_name.contains_key(*name))
                .collect()
        };
        new.sort_unstable();
        new.dedup();
        let ids = if new.is_empty() {
            Vec::new()
        } else {
            hold(&self.shared.journal).add_tags(&new)?
        };
        let mut state = self.shared.state_mut();
        for (name, id) in new.into_iter().zip(ids) {
            state.add_tag(id, name);
        }
        let numbers = tags.iter().map(|(name, rule)| {
            let id = *state.by_name.get(*name)?;
            Some((id, *rule))
        });
        let numbers: Vec<(TagId, Rule)> = numbers.flatten().collect();
        for (id, rule) in &numbers {
            if let Some(tag) = state.tags.get_mut(id) {
                tag.rule = *rule;
            }
        }
        Ok(numbers.into_iter().map(|(id, _)| id).collect())
    }

    /// The number of a tag.
    pub fn tag(&self, name: &str) -> Result<TagId, HistoryError> {
        self.shared
            .state()
            .by_name
            .get(name)
            .copied()
            .ok_or_else(|| HistoryError::UnknownTag {
                tag: name.to_owned(),
            })
    }

    /// Stores samples; they are on disk when this returns. Those that cannot be are turned away one by one, the rest goes on.
    pub fn append(&self, readings: Vec<Reading>) -> Result<Accepted, HistoryError> {
        wait_durable(|acknowledge| self.append_then(readings, acknowledge))
    }

    /// Stores samples and says through `acknowledge` when they are on disk, or why they are not.
    pub fn append_then(
        &self,
        mut readings: Vec<Reading>,
        acknowledge: impl FnOnce(Result<(), HistoryError>) + Send + 'static,
    ) -> Result<Accepted, HistoryError> {
        let accepted = self.shared.admit(&mut readings)?;
        self.committer.append(readings, acknowledge)?;
        Ok(accepted)
    }

    /// The samples of a tag in `from_us..to_us`, in order, each instant once.
    pub fn series(&self, tag: TagId, from_us: i64, to_us: i64) -> Result<Series, HistoryError> {
        let view = self.shared.state().view(tag, from_us, to_us.max(from_us))?;
        view.series()
    }

    /// A span of a tag in at most so many buckets, none of its spikes lost.
    pub fn buckets(
        &self,
        tag: TagId,
        from_us: i64,
        to_us: i64,
        most: usize,
    ) -> Result<Vec<Bucket>, HistoryError> {
        let grid = Grid::over(from_us, to_us, most);
        let view = self
            .shared
            .state()
            .view(tag, grid.start_us, grid.end_us())?;
        view.buckets(grid)
    }

    /// The latest sample of a tag since the store was opened, or of its journal.
    pub fn latest(&self, tag: TagId) -> Result<Option<Sample>, HistoryError> {
        Ok(self.shared.state().tag(tag)?.latest)
    }

    /// Writes out what the journal holds and merges until nothing is left to do; what is over is closed.
    pub fn tend(&self) -> Result<(), HistoryError> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        let acknowledge: Acknowledge = Box::new(move |result| {
            let _ = sender.send(result);
        });
        self.committer.send(Order::Freeze(acknowledge))?;
        receiver.recv().map_err(|_| HistoryError::Closed)??;
        while self.shared.write_out()? || self.shared.merge_next()? {}
        Ok(())
    }

    /// Why the last write failed; `None` once one succeeded.
    pub fn trouble(&self) -> Option<HistoryError> {
        self.shared.tally.trouble()
    }

    /// What it has done and what it holds.
    pub fn counts(&self) -> Counts {
        let mut counts = self.shared.tally.counts();
        let state = self.shared.state();
        counts.waiting = state.waiting();
        for file in &state.parts {
            counts.files += 1;
            if file.part.kind == crate::part::Kind::Samples {
                // The list of a damaged journal may have any numbers.
                let add = |sum: u64, number: i64| sum.saturating_add(number.max(0) as u64);
                counts.filed = add(counts.filed, file.part.rows);
                counts.filed_bytes = add(counts.filed_bytes, file.part.bytes);
            }
        }
        counts
    }

    /// A copy of everything that is acknowledged, made while the store works. The folder must not exist or be empty.
    pub fn back_up(&self, target: &Path) -> Result<(), HistoryError> {
        fs::create_dir_all(target).map_err(|e| HistoryError::file(target, &e))?;
        let parts = {
            // No file comes or goes while the list is copied; those on it stay while somebody holds them.
            let (_writing, _merging) = (hold(&self.shared.writing), hold(&self.shared.merging));
            let mut journal = hold(&self.shared.journal);
            journal.copy_to(&target.join("journal.sqlite"))?;
            self.shared.state().parts.clone()
        };
        for part in parts {
            let to = target.join(&part.part.file);
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder).map_err(|e| HistoryError::file(folder, &e))?;
            }
            // Files never change, so a second name will do where the disk is the same.
            fs::hard_link(part.path(), &to)
                .or_else(|_| fs::copy(part.path(), &to).map(|_| ()))
                .map_err(|e| HistoryError::file(&to, &e))?;
        }
        Ok(())
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        self.shared.wake();
        for tender in self.tenders.drain(..) {
            // A thread that panicked has said so already.
            let _ = tender.join();
        }
    }
}

impl Shared {
    /// What the committing thread does with samples.
    fn sink(self: &Arc<Self>) -> Sink {
        let (commit, freeze, due) = (Arc::clone(self), Arc::clone(self), Arc::clone(self));
        Sink {
            commit: Box::new(move |batches| commit.commit(batches)),
            freeze: Box::new(move || freeze.freeze()),
            is_due: Box::new(move || due.is_due_for_freezing()),
        }
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves what may be stored in `readings`.
    fn admit(&self, readings: &mut Vec<Reading>) -> Result<Accepted, HistoryError> {
        let now_us = (self.options.clock)();
        let latest_us = now_us + self.options.ahead.as_micros() as i64;
        let accepted = {
            let state = self.state();
            let limit = self.options.generation.saturating_mul(MOST_GENERATIONS);
            let waiting = state.waiting();
            if waiting > limit {
                return Err(HistoryError::Behind { waiting, limit });
            }
            let rule = |tag| state.tags.get(&tag).map(|tag| tag.rule);
            acceptance::admit(readings, rule, now_us, latest_us)
        };
        self.tally.refused(&accepted);
        Ok(accepted)
    }

    /// Makes batches durable, then visible.
    fn commit(&self, batches: &[&[Reading]]) -> Result<(), HistoryError> {
        self.wait_for_room();
        let generation = self.state().active.id;
        let readings = || batches.iter().copied().flatten();
        let result = hold(&self.journal).append(generation, readings());
        if result.is_ok() {
            let mut state = self.state_mut();
            for reading in readings() {
                state.active.push(reading);
                state.see(reading);
            }
        }
        self.tally.committed(readings().count(), &result);
        result
    }

    fn wait_for_room(&self) {
        let limit = self.options.generation.saturating_mul(SLOW_GENERATIONS);
        // Nobody makes room where nobody tends.
        if self.options.tended && self.state().waiting() > limit {
            let full = |_: &mut ()| self.state().waiting() > limit;
            let waited = self
                .room
                .1
                .wait_timeout_while(hold(&self.room.0), SLOW_FOR, full);
            drop(waited.unwrap_or_else(PoisonError::into_inner));
        }
    }

    fn is_due_for_freezing(&self) -> bool {
        let rows = self.state().active.rows;
        rows >= self.options.generation
            || rows > 0 && hold(&self.began).elapsed() >= self.options.generation_age
    }

    /// Begins a new generation and has the old one written out.
    fn freeze(&self) -> Result<(), HistoryError> {
        if self.state().active.rows == 0 {
            return Ok(());
        }
        let id = hold(&self.journal).begin_generation()?;
        {
            let mut state = self.state_mut();
            let frozen = std::mem::replace(&mut state.active, Generation::new(id));
            state.generations.push_back(Arc::new(frozen));
        }
        *hold(&self.began) = Instant::now();
        self.wake();
        Ok(())
    }

    fn wake(&self) {
        *hold(&self.wake.0) += 1;
        self.wake.1.notify_all();
    }

    /// Merges what is due next, or removes what is no longer kept; whether there may be more.
    fn merge_next(&self) -> Result<bool, HistoryError> {
        let mut expired_day = hold(&self.merging);
        let now_us = (self.options.clock)();
        let closed_before_day = day_of(now_us - self.options.grace.as_micros() as i64);
        let parts = self.state().parts.clone();
        if let Some((day, level, sources)) = compact::next_merge(&parts, closed_before_day) {
            self.merge(day, level, &sources, now_us)?;
            return Ok(true);
        }
        let today = day_of(now_us);
        if *expired_day != today {
            for day in compact::expired(&parts, &self.rules(), now_us) {
                let sources = parts.iter().filter(|p| p.part.day == day);
                let sources: Vec<Arc<PartFile>> = sources.cloned().collect();
                self.merge(day, CLOSED, &sources, now_us)?;
            }
            *expired_day = today;
        }
        Ok(false)
    }

    fn rules(&self) -> HashMap<Arc<str>, Rule> {
        let state = self.state();
        let tags = state.tags.values();
        tags.map(|tag| (Arc::clone(&tag.name), tag.rule)).collect()
    }

    /// Writes out the oldest frozen generation; whether there was one.
    fn write_out(&self) -> Result<bool, HistoryError> {
        let _writing = hold(&self.writing);
        let (generation, names) = {
            let state = self.state();
            let Some(generation) = state.generations.front().cloned() else {
                return Ok(false);
            };
            let names: HashMap<TagId, Arc<str>> = generation
                .tags()
                .filter_map(|id| Some((id, Arc::clone(&state.tags.get(&id)?.name))))
                .collect();
            (generation, names)
        };
        let made = compact::write_out(&self.folder, &generation, &names, &self.next_file)?;
        self.list(made, &[], Some(generation.id))?;
        Ok(true)
    }

    fn merge(
        &self,
        day: i64,
        level: i64,
        sources: &[Arc<PartFile>],
        now_us: i64,
    ) -> Result<(), HistoryError> {
        let rules = self.rules();
        let oldest = |tag: &str| {
            rules
                .get(tag)
                .map_or(i64::MIN, |rule| rule.oldest_us(now_us))
        };
        let made = compact::merge(&self.folder, day, level, sources, &oldest, &self.next_file)?;
        self.list(made, sources, None)
    }

    /// Puts new files on the list and in the state, and takes what they replace away.
    fn list(
        &self,
        mut made: Made,
        removed: &[Arc<PartFile>],
        generation: Option<i64>,
    ) -> Result<(), HistoryError> {
        let ids: Vec<i64> = removed.iter().map(|p| p.part.id).collect();
        hold(&self.journal).replace(made.parts_mut(), &ids, generation)?;
        let mut state = self.state_mut();
        state.parts.retain(|p| !ids.contains(&p.part.id));
        let new = made
            .keep()
            .into_iter()
            .map(|part| PartFile::new(&self.folder, part));
        state.parts.extend(new);
        if generation.is_some() {
            state.generations.pop_front();
            self.room.1.notify_all();
        }
        removed.iter().for_each(|p| p.retire());
        Ok(())
    }
}

/// A thread that does one kind of work whenever there is any.
fn start_tending(
    name: &str,
    shared: &Arc<Shared>,
    work: fn(&Shared) -> Result<bool, HistoryError>,
) -> std::io::Result<JoinHandle<()>> {
    let shared = Arc::clone(shared);
    std::thread::Builder::new()
        .name(name.into())
        .spawn(move || {
            while !shared.closing.load(Ordering::Relaxed) {
                match work(&shared) {
                    Ok(true) => {
                        shared.wake();
                        continue;
                    }
                    Ok(false) => {}
                    // Tried again at the next turn; what waits stays in the journal.
                    Err(error) => shared.tally.failed(error),
                }
                let seen = hold(&shared.wake.0);
                let before = *seen;
                let same =
                    |turn: &mut u64| *turn == before && !shared.closing.load(Ordering::Relaxed);
                let waited = shared.wake.1.wait_timeout_while(seen, TEND_EVERY, same);
                drop(waited.unwrap_or_else(PoisonError::into_inner));
            }
        })
}

/// What the journal and the list say, in memory.
fn load(folder: &Path, journal: &mut Journal, parts: Vec<Part>) -> Result<State, HistoryError> {
    let mut state = State::default();
    for (id, name) in journal.tags()? {
        state.add_tag(id, &name);
    }
    state.parts = parts
        .into_iter()
        .map(|part| PartFile::new(folder, part))
        .collect();
    let mut generations = journal.generations()?;
    if generations.is_empty() {
        generations.push(journal.begin_generation()?);
    }
    for id in generations {
        let mut generation = Generation::new(id);
        journal.read(id, |reading| {
            generation.push(&reading);
            state.see(&reading);
        })?;
        let older = std::mem::replace(&mut state.active, generation);
        if older.id != 0 {
            state.generations.push_back(Arc::new(older));
        }
    }
    Ok(state)
}

/// The number in a file's name.
fn number_of(file: &str) -> Option<u64> {
    let name = file.rsplit('/').next()?;
    name.get(11..)?.split('-').next()?.parse().ok()
}

/// Removes files that were being written when the process ended, or that were replaced and not yet removed.
fn remove_unlisted(folder: &Path, parts: &[Part]) -> Result<(), HistoryError> {
    let listed: std::collections::HashSet<&str> = parts.iter().map(|p| p.file.as_str()).collect();
    for kind in ["samples", "minutes", "hours"] {
        let Ok(months) = fs::read_dir(folder.join(kind)) else {
            continue;
        };
        for month in months.flatten() {
            let Ok(files) = fs::read_dir(month.path()) else {
                continue;
            };
            for file in files.flatten() {
                let name = format!(
                    "{kind}/{}/{}",
                    month.file_name().to_string_lossy(),
                    file.file_name().to_string_lossy()
                );
                let ours = number_of(&name).is_some();
                if ours && !listed.contains(name.as_str()) {
                    fs::remove_file(file.path())
                        .map_err(|e| HistoryError::file(&file.path(), &e))?;
                }
            }
        }
    }
    Ok(())
}
