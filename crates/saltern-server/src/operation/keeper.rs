//! The one thread through which every reading passes: into the store, past the watch, out to the streams.
//!
//! What comes over a connection can't be asked for again, so it is held in memory while the store refuses to write, and
//! offered again, oldest first. What comes over HTTP is answered only when it is durable; its sender keeps it until then.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, PoisonError, mpsc as std_mpsc};
use std::time::Duration;

use saltern_history::{Accepted, HistoryError, Refusal};
use saltern_records::{Line, Records};
use saltern_samples::{Reading, Sample, TagId};
use saltern_watch::alarm::{Act, Deed, Entry, Settings};
use saltern_watch::watch::{Outcome, Saved};
use saltern_watch::{Watch, WatchError};
use tokio::sync::{mpsc, oneshot};

use super::flash::Flash;
use super::live::Live;
use super::system::Condition;
use crate::house::House;

/// Readings that are held at most while the store can't write: an hour of ten thousand tags a second apart is 36 million,
/// which is too much memory; this is 48 MB.
const HELD_AT_MOST: usize = 2_000_000;
/// How often time is let pass.
const TICK: Duration = Duration::from_millis(200);
/// Ticks between savings of the watch.
const SAVE_EVERY: u64 = 50;
/// Ticks between looks at the server's own state.
const LOOK_EVERY: u64 = 10;
/// Under which name the watch is kept.
const KEEPSAKE: &str = "watch";

/// What the keeper is told.
pub(crate) enum Word {
    /// Readings of a connection: to be held until they are stored.
    Brought {
        /// The tags that rows are of.
        of: Arc<Live>,
        /// By row.
        readings: Vec<Reading>,
    },
    /// Readings whose quality the assay desk or a person decided: to be stored as they are.
    Judged {
        /// The tags that rows are of.
        of: Arc<Live>,
        /// By row.
        readings: Vec<Reading>,
    },
    /// Readings whose sender waits until they are durable.
    Sent {
        /// The tags that rows are of.
        of: Arc<Live>,
        /// By row.
        readings: Vec<Reading>,
        /// Told when they are durable, or why they are not.
        answer: oneshot::Sender<Result<Accepted, HistoryError>>,
    },
    /// What an operator does about an alarm.
    Deed {
        /// The alarm, by its number.
        alarm: u32,
        /// What.
        deed: Deed,
        /// Who.
        who: String,
        /// Why.
        why: String,
        /// What came of it.
        answer: oneshot::Sender<Result<(), WatchError>>,
    },
    /// The base folder was changed.
    Changed(Arc<Live>),
    /// Save what is to be kept, and end.
    Stop(oneshot::Sender<()>),
}

/// The keeper.
pub(crate) struct Keeper {
    house: Arc<House>,
    live: Arc<Live>,
    held: VecDeque<Vec<Reading>>,
    held_count: usize,
    failed: (std_mpsc::Sender<Failed>, std_mpsc::Receiver<Failed>),
    /// Lines that are not in the records yet.
    unwritten: Vec<Line>,
    ticks: u64,
    outcome: Outcome,
}

/// Readings that the store gave back, and the tags that their rows are of.
type Failed = (Arc<Live>, Vec<Reading>);

/// The watch over a base, going on where it stopped if something was kept.
pub(crate) fn watch(records: &Records, live: &Live, now_us: i64) -> Result<Watch, Vec<WatchError>> {
    let tags = &live.lake.tags;
    let kept = records.kept(KEEPSAKE).ok().flatten();
    let saved: Option<Saved> = kept.and_then(|(body, _)| serde_json::from_slice(&body).ok());
    match saved {
        Some(saved) => Watch::restored(tags, Settings::default(), saved, now_us).map(|(w, _)| w),
        None => Watch::new(tags, Settings::default(), now_us),
    }
}

/// Runs the keeper until it is told to stop. `outcome` is what the watch said before.
pub(crate) async fn run(
    house: Arc<House>,
    live: Arc<Live>,
    mut words: mpsc::Receiver<Word>,
    outcome: Outcome,
) {
    let mut keeper = Keeper {
        house,
        live,
        held: VecDeque::new(),
        held_count: 0,
        failed: std_mpsc::channel(),
        unwritten: Vec::new(),
        ticks: 0,
        outcome,
    };
    keeper.tell(Vec::new());
    let mut clock = tokio::time::interval(TICK);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            word = words.recv() => match word {
                Some(Word::Stop(done)) => {
                    keeper.save();
                    let _ = done.send(());
                    return;
                }
                Some(word) => keeper.hear(word),
                None => return keeper.save(),
            },
            _ = clock.tick() => keeper.tick(),
        }
    }
}

impl Keeper {
    fn hear(&mut self, word: Word) {
        match word {
            Word::Brought { of, mut readings } => {
                if !Arc::ptr_eq(&of, &self.live) {
                    renumber(&mut readings, &of, &self.live);
                }
                let (mut readings, _) = self.admit(readings);
                self.lay_on_desk(&mut readings);
                self.keep_and_tell(readings);
            }
            Word::Judged { of, mut readings } => {
                if !Arc::ptr_eq(&of, &self.live) {
                    renumber(&mut readings, &of, &self.live);
                }
                let (readings, _) = self.admit(readings);
                self.keep_and_tell(readings);
            }
            Word::Sent {
                of,
                mut readings,
                answer,
            } => {
                if !Arc::ptr_eq(&of, &self.live) {
                    renumber(&mut readings, &of, &self.live);
                }
                self.take_sent(readings, answer);
            }
            Word::Deed {
                alarm,
                deed,
                who,
                why,
                answer,
            } => {
                let act = Act {
                    who: &who,
                    why: &why,
                };
                let now_us = self.house.now_us();
                let mut watch = self.house.watch_mut();
                let done = watch.act(alarm, deed, &act, now_us, &mut self.outcome);
                drop(watch);
                self.tell(Vec::new());
                // Whoever asked may be gone.
                let _ = answer.send(done);
            }
            Word::Changed(live) => self.change(live),
            Word::Stop(_) => {}
        }
    }

    /// What may enter, as it is stored; the rest is counted by reason. Rows that the base no longer has go to nobody.
    fn admit(&self, readings: Vec<Reading>) -> (Vec<Reading>, Accepted) {
        let now_us = self.house.now_us();
        let latest_us = now_us + self.house.ahead_us;
        let mut accepted = Accepted::default();
        let mut admitted = Vec::with_capacity(readings.len());
        for (place, reading) in readings.into_iter().enumerate() {
            let rule = self.live.rules.get(reading.tag.0 as usize);
            match rule.map_or(Err(Refusal::UnknownTag), |rule| {
                rule.admit(reading.sample, now_us, latest_us)
            }) {
                Ok(sample) => admitted.push(Reading { sample, ..reading }),
                Err(refusal) => accepted.refused.push((place, refusal)),
            }
        }
        accepted.stored = admitted.len();
        self.house.tally.refuse(&accepted.refused);
        (admitted, accepted)
    }

    /// Analyses are uncertain until the desk has judged them.
    fn lay_on_desk(&self, readings: &mut [Reading]) {
        if let Some(desk) = &self.house.desk {
            desk.take(&self.live, readings);
        }
    }

    fn keep_and_tell(&mut self, readings: Vec<Reading>) {
        self.hold(readings.clone());
        self.offer();
        self.pass_on(readings);
    }

    fn take_sent(
        &mut self,
        readings: Vec<Reading>,
        answer: oneshot::Sender<Result<Accepted, HistoryError>>,
    ) {
        let (mut readings, accepted) = self.admit(readings);
        self.lay_on_desk(&mut readings);
        if readings.is_empty() {
            let _ = answer.send(Ok(accepted));
            return;
        }
        let answer = Arc::new(std::sync::Mutex::new(Some(answer)));
        let reply = {
            let answer = Arc::clone(&answer);
            move |result: Result<Accepted, HistoryError>| {
                let mut slot = answer.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(answer) = slot.take() {
                    let _ = answer.send(result);
                }
            }
        };
        let late = reply.clone();
        let sent = self
            .house
            .history
            .append_then(self.numbered(&readings), move |done| {
                late(done.map(|()| accepted));
            });
        match sent {
            Ok(_) => self.pass_on(readings),
            Err(error) => reply(Err(error)),
        }
    }

    /// Holds readings until they are stored; the oldest go where memory ends.
    fn hold(&mut self, readings: Vec<Reading>) {
        if readings.is_empty() {
            return;
        }
        self.held_count += readings.len();
        self.held.push_back(readings);
        while self.held_count > HELD_AT_MOST {
            let Some(lost) = self.held.pop_front() else {
                break;
            };
            self.held_count -= lost.len();
            self.house.tally.lost.fetch_add(lost.len() as u64, Relaxed);
        }
    }

    /// Offers what is held to the store, oldest first.
    fn offer(&mut self) {
        while let Some(readings) = self.held.pop_front() {
            self.held_count -= readings.len();
            let back = self.failed.0.clone();
            let kept = (Arc::clone(&self.live), readings.clone());
            let sent = self
                .house
                .history
                .append_then(self.numbered(&readings), move |done| {
                    if done.is_err() {
                        // The keeper is there as long as the store is.
                        let _ = back.send(kept);
                    }
                });
            if sent.is_err() {
                self.held_count += readings.len();
                self.held.push_front(readings);
                return;
            }
        }
    }

    fn numbered(&self, readings: &[Reading]) -> Vec<Reading> {
        let stored = |tag: TagId| self.live.stored.get(tag.0 as usize).copied();
        let numbered = readings
            .iter()
            .filter_map(|reading| stored(reading.tag).map(|tag| Reading { tag, ..*reading }));
        numbered.collect()
    }

    /// Lets the watch see readings and tells everybody.
    fn pass_on(&mut self, readings: Vec<Reading>) {
        let now_us = self.house.now_us();
        self.house
            .watch_mut()
            .take(&readings, now_us, &mut self.outcome);
        self.tell(readings);
    }

    /// Stores what was calculated, writes the journal, and tells the streams.
    fn tell(&mut self, mut readings: Vec<Reading>) {
        let calculated = std::mem::take(&mut self.outcome.calculated);
        let entries = std::mem::take(&mut self.outcome.journal);
        if readings.is_empty() && calculated.is_empty() && entries.is_empty() {
            return;
        }
        if !calculated.is_empty() {
            let (admitted, _) = self.admit(calculated);
            self.hold(admitted.clone());
            self.offer();
            readings.extend(admitted);
        }
        self.live.learn(&readings);
        if !entries.is_empty() {
            let lines: Vec<Line> = entries.iter().map(|entry| self.line(entry)).collect();
            self.unwritten.extend(lines);
            self.write_journal();
        }
        self.house
            .tally
            .passed
            .fetch_add(readings.len() as u64, Relaxed);
        self.house.flash(Flash {
            live: Arc::clone(&self.live),
            readings: readings.into(),
            entries: entries.into(),
        });
    }

    fn line(&self, entry: &Entry) -> Line {
        let alarms = &self.live.lake.tags.alarms;
        let id = entry.alarm.and_then(|alarm| alarms.get(alarm as usize));
        Line {
            number: 0,
            server_us: entry.server_us,
            alarm: id.map(|alarm| alarm.who.id.clone()),
            // An entry is made of numbers, words and texts: it always has a form in JSON.
            entry: serde_json::to_string(entry).unwrap_or_default(),
        }
    }

    /// Writes what is not written yet; what can't be written waits.
    fn write_journal(&mut self) {
        if self.unwritten.is_empty() {
            return;
        }
        let written = self.house.records.write_journal(&self.unwritten);
        if written.is_ok() {
            self.unwritten.clear();
        }
        self.house
            .set_trouble(Condition::Records, written.err().map(Into::into));
    }

    fn tick(&mut self) {
        self.ticks += 1;
        while let Ok((of, mut readings)) = self.failed.1.try_recv() {
            if !Arc::ptr_eq(&of, &self.live) {
                renumber(&mut readings, &of, &self.live);
            }
            // The store puts samples in order, so that these come after younger ones does no harm.
            self.hold(readings);
        }
        self.offer();
        self.write_journal();
        let now_us = self.house.now_us();
        self.house.watch_mut().tick(now_us, &mut self.outcome);
        self.tell(Vec::new());
        if self.ticks.is_multiple_of(LOOK_EVERY) {
            self.look(now_us);
        }
        if self.ticks.is_multiple_of(SAVE_EVERY) {
            self.save();
        }
    }

    /// Looks at the server's own state.
    fn look(&mut self, now_us: i64) {
        let trouble = self.house.history.trouble();
        self.house
            .set_trouble(Condition::Store, trouble.map(Into::into));
        self.house.tally.held.store(self.held_count as u64, Relaxed);
        let mut readings = Vec::new();
        let latest = self.live.latest();
        let mut say = |row: u32, value: f64| {
            let known = latest.get(row as usize).copied().flatten();
            if known.is_none_or(|known| known.value != value) {
                let sample = Sample::good(now_us, value);
                let tag = TagId(row);
                readings.push(Reading { tag, sample });
            }
        };
        for condition in Condition::ALL {
            let holds = self.house.holds(condition);
            say(
                self.live.system.condition(condition),
                f64::from(u8::from(holds)),
            );
        }
        let states = self.house.connection_states();
        for (row, state) in self.live.system.connections().iter().zip(states) {
            say(*row, f64::from(state));
        }
        drop(latest);
        for Reading { tag, sample } in &readings {
            let id = &self.live.tag(tag.0).who.id;
            tracing::info!(tag = id, value = sample.value, "state");
        }
        if !readings.is_empty() {
            self.keep_and_tell(readings);
        }
    }

    fn save(&mut self) {
        let saved = self.house.watch().saved();
        let now_us = self.house.now_us();
        let kept =
            serde_json::to_vec(&saved).map(|body| self.house.records.keep(KEEPSAKE, &body, now_us));
        if let Ok(Err(error)) = kept {
            self.house
                .set_trouble(Condition::Records, Some(error.into()));
        }
        self.write_journal();
    }

    /// Goes on with another base: the watch keeps what it knows of what is still there.
    fn change(&mut self, live: Arc<Live>) {
        self.save();
        match watch(&self.house.records, &live, self.house.now_us()) {
            Ok(watch) => {
                *self.house.watch_mut() = watch;
                self.renumber(&live);
                self.live = live;
                self.house.set_live(Arc::clone(&self.live));
            }
            Err(errors) => self
                .house
                .reject_folder(errors.into_iter().map(Into::into).collect()),
        }
    }

    /// What is held and what is known is by the rows of the old base.
    fn renumber(&mut self, to: &Live) {
        let old = &self.live;
        for readings in &mut self.held {
            renumber(readings, old, to);
        }
        self.held_count = self.held.iter().map(Vec::len).sum();
        let known: Vec<Option<Sample>> = old.latest().clone();
        let known = (0u32..).zip(known).filter_map(|(row, sample)| {
            let tag = TagId(row);
            sample.map(|sample| Reading { tag, sample })
        });
        let mut known: Vec<Reading> = known.collect();
        renumber(&mut known, old, to);
        to.learn(&known);
    }
}

/// Gives readings the rows of another base; tags that are gone go with their samples.
fn renumber(readings: &mut Vec<Reading>, from: &Live, to: &Live) {
    readings.retain_mut(|reading| {
        let row = to.row(&from.tag(reading.tag.0).who.id);
        reading.tag = TagId(row.unwrap_or_default());
        row.is_some()
    });
}
