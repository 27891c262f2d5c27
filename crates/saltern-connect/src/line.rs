//! The line between a session and its supervisor: readings and signs of life one way, commands the other.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use saltern_samples::{Quality, Reading, Sample};
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant};

use crate::batch::{Batch, Command};
use crate::error::ConnectError;
use crate::health::{Health, Phase};
use crate::treatment::{Arrival, Held, Outcome, Slot, treat};

/// Tells the time, µs since 1970. Faster or slower than the wall's where a plant is played.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Nothing was passed on of a tag yet.
const NEVER: i64 = i64::MIN;
/// A gap was the last that was passed on of a tag.
const GAP: i64 = i64::MIN + 1;

/// What a supervisor and its sessions know together.
pub(crate) struct Shared {
    pub(crate) connection: usize,
    pub(crate) slots: Arc<[Slot]>,
    pub(crate) clock: Clock,
    skew_us: i64,
    health: Mutex<Health>,
    begun: Instant,
    /// When the other was last heard, µs since `begun`.
    heard_us: AtomicU64,
    /// Whether readings wait for room, during which the other can't be heard.
    waiting: AtomicBool,
    /// Whether any session was live.
    was_live: AtomicBool,
    /// Which session may hand on readings.
    session: AtomicU64,
    /// By slot: the instant of the last reading, or that there was none.
    last_us: Box<[AtomicI64]>,
}

impl Shared {
    pub(crate) fn new(connection: usize, slots: Arc<[Slot]>, clock: Clock, skew_us: i64) -> Shared {
        let health = Health {
            phase: Phase::Connecting,
            since_us: clock(),
            last_heard_us: None,
            attempts: 0,
            reconnects: 0,
            readings: 0,
            refused: 0,
            gaps: 0,
            trouble: None,
        };
        Shared {
            connection,
            last_us: slots.iter().map(|_| AtomicI64::new(NEVER)).collect(),
            slots,
            clock,
            skew_us,
            health: Mutex::new(health),
            begun: Instant::now(),
            heard_us: AtomicU64::new(0),
            waiting: AtomicBool::new(false),
            was_live: AtomicBool::new(false),
            session: AtomicU64::new(0),
        }
    }

    /// What is known now, to read or to add to. A session that panicked while it held this left counts behind that hold.
    pub(crate) fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn enter(&self, phase: Phase) {
        let now_us = (self.clock)();
        let mut health = self.health();
        if health.phase != phase {
            health.phase = phase;
            health.since_us = now_us;
        }
    }

    /// Begins a session: the line of any earlier one is dead from now on.
    pub(crate) fn line(
        self: &Arc<Shared>,
        inlet: &mpsc::Sender<Batch>,
        commands: mpsc::Receiver<Command>,
    ) -> Line {
        self.mark();
        self.waiting.store(false, Ordering::Relaxed);
        Line {
            session: self.session.fetch_add(1, Ordering::AcqRel) + 1,
            shared: self.clone(),
            inlet: inlet.clone(),
            commands,
            held: vec![Held::default(); self.slots.len()],
            pending: Vec::new(),
        }
    }

    fn note(&self, slot: usize, sample: Sample) {
        let last_us = &self.last_us[slot];
        if !sample.value.is_nan() {
            last_us.fetch_max(sample.time_us, Ordering::AcqRel);
        } else if sample.time_us >= last_us.load(Ordering::Acquire) {
            // The other said itself that there is no value.
            last_us.store(GAP, Ordering::Release);
        }
    }

    /// Takes the right to hand on readings from the session.
    pub(crate) fn cut(&self) {
        self.session.fetch_add(1, Ordering::AcqRel);
    }

    fn mark(&self) {
        let elapsed = self.begun.elapsed().as_micros() as u64;
        self.heard_us.store(elapsed, Ordering::Relaxed);
    }

    /// Whether any session was live so far.
    pub(crate) fn was_live(&self) -> bool {
        self.was_live.load(Ordering::Acquire)
    }

    /// When the other will have been silent for so long, unless it is heard before; later than now while readings wait for
    /// room.
    pub(crate) fn silent_at(&self, limit: Duration) -> Instant {
        if self.waiting.load(Ordering::Relaxed) {
            return Instant::now() + limit;
        }
        self.begun + Duration::from_micros(self.heard_us.load(Ordering::Relaxed)) + limit
    }

    /// Ends the series of every tag that has one with a gap, each once in an outage.
    pub(crate) fn gaps(&self, quality: Quality) -> Vec<Reading> {
        let now_us = (self.clock)();
        let end = |(slot, last): (&Slot, &AtomicI64)| {
            let last_us = last.swap(GAP, Ordering::AcqRel);
            // The source's clock may be ahead of ours: the gap is behind its last word even so.
            let time_us = now_us.max(last_us.saturating_add(1));
            (last_us != GAP).then_some(Reading {
                tag: slot.tag,
                sample: Sample::gap(time_us, quality),
            })
        };
        self.slots
            .iter()
            .zip(&self.last_us)
            .filter_map(end)
            .collect()
    }
}

/// What a session is given. Values are [taken](Line::take) one by one and [sent](Line::send) together.
pub(crate) struct Line {
    session: u64,
    shared: Arc<Shared>,
    inlet: mpsc::Sender<Batch>,
    /// Writes that wait to be done.
    pub(crate) commands: mpsc::Receiver<Command>,
    held: Vec<Held>,
    pending: Vec<Reading>,
}

impl Line {
    /// The tags of the connection; what is said of them is said by place in here.
    pub(crate) fn slots(&self) -> Arc<[Slot]> {
        self.shared.slots.clone()
    }

    /// What time it is, µs since 1970.
    pub(crate) fn now_us(&self) -> i64 {
        (self.shared.clock)()
    }

    /// Says that the other was heard. The connection is live from then on.
    pub(crate) fn heard(&self) {
        self.shared.mark();
        let now_us = self.now_us();
        let mut health = self.shared.health();
        health.last_heard_us = Some(now_us);
        if health.phase == Phase::Connecting {
            health.phase = Phase::Live;
            health.since_us = now_us;
            health.reconnects += u64::from(self.shared.was_live.swap(true, Ordering::AcqRel));
            health.trouble = None;
        }
    }

    /// Says that something came which can't be used.
    pub(crate) fn refuse(&self, trouble: ConnectError) {
        let mut health = self.shared.health();
        health.refused += 1;
        health.trouble = Some(trouble);
    }

    /// Takes a value of the tag in a slot.
    pub(crate) fn take(&mut self, slot: usize, arrival: Arrival<'_>) {
        let now_us = self.now_us();
        let tag = &self.shared.slots[slot];
        let held = &mut self.held[slot];
        match treat(tag, held, arrival, now_us, self.shared.skew_us) {
            Outcome::Pass(sample, refused) => {
                self.pending.push(Reading {
                    tag: tag.tag,
                    sample,
                });
                self.shared.note(slot, sample);
                if refused {
                    self.shared.health().refused += 1;
                }
            }
            Outcome::Hold => {}
            Outcome::Future => self.refuse(ConnectError::Future {
                tag: tag.id.clone(),
                seconds: (arrival.time_us.unwrap_or(now_us) - now_us) as f64 * 1e-6,
            }),
        }
    }

    /// How much was taken and not handed on yet.
    #[cfg(test)]
    pub(crate) fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Hands on what was taken. Waits where there is no room: nothing is read from the other meanwhile, and nothing is lost.
    ///
    /// # Errors
    /// [`ConnectError::Stopped`] where nobody takes readings from this session any more.
    pub(crate) async fn send(&mut self) -> Result<(), ConnectError> {
        if self.shared.session.load(Ordering::Acquire) != self.session {
            return Err(ConnectError::Stopped);
        }
        if self.pending.is_empty() {
            return Ok(());
        }
        let batch = Batch {
            connection: self.shared.connection,
            readings: std::mem::take(&mut self.pending),
        };
        let readings = batch.readings.len() as u64;
        self.shared.waiting.store(true, Ordering::Relaxed);
        let sent = self.inlet.send(batch).await;
        self.shared.waiting.store(false, Ordering::Relaxed);
        self.shared.mark();
        sent.map_err(|_| ConnectError::Stopped)?;
        self.shared.health().readings += readings;
        Ok(())
    }
}
