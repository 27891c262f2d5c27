//! Keeps one connection alive: runs a session from nothing, watches that the other is heard, marks the gap when it is not,
//! waits and begins anew. What a protocol does is the session's affair; a session that panics or hangs hurts nobody else.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;

use saltern_samples::Quality;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Duration, Instant, sleep, sleep_until, timeout};

use crate::batch::{Batch, Command};
use crate::error::ConnectError;
use crate::health::Phase;
use crate::line::{Line, Shared};

/// First wait before another try.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// Longest wait: whoever comes back is found well within ten seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(3);
/// How long the end of a session that is dropped is waited for.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How often a session is looked after.
const LOOK: Duration = Duration::from_secs(1);
/// Writes that may wait in a connection.
pub(crate) const COMMANDS: usize = 64;

/// How a session ends: never well, since nobody asks it to.
pub(crate) type Ended = Result<Infallible, ConnectError>;

/// A connection to be kept alive.
pub(crate) struct Ward {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: String,
    pub(crate) endpoint: String,
    pub(crate) timeout: Duration,
    pub(crate) silence: Duration,
    pub(crate) inlet: mpsc::Sender<Batch>,
    pub(crate) commands: mpsc::Receiver<Command>,
    pub(crate) stop: watch::Receiver<bool>,
    /// Whether an outage leaves gaps in the tags: not where their samples have instants of their own and come late anyway.
    pub(crate) marks_gaps: bool,
    /// Makes the waits of connections different, and the same every time.
    pub(crate) seed: u64,
}

/// Runs sessions one after the other until it is told to stop.
pub(crate) async fn supervise<S, F>(mut ward: Ward, mut session: S)
where
    S: FnMut(Line) -> F,
    F: Future<Output = Ended> + Send + 'static,
{
    let mut tries = 0;
    loop {
        ward.shared.enter(Phase::Connecting);
        ward.shared.health().attempts += 1;
        let begun = Instant::now();
        let (to_session, commands) = mpsc::channel(COMMANDS);
        let line = ward.shared.line(&ward.inlet, commands);
        let mut task = tokio::spawn(session(line));
        let end = ward.watch(&mut task, &to_session).await;
        ward.shared.cut();
        task.abort();
        // Its sockets are closed when it is gone; one that hangs is left behind.
        if !task.is_finished() {
            let _ = timeout(LAST_WORDS, &mut task).await;
        }
        if matches!(end, ConnectError::Stopped) || ward.gap(end).await.is_err() {
            break;
        }
        if begun.elapsed() >= LONGEST_WAIT {
            tries = 0;
        }
        if ward.rest(wait(tries, ward.seed)).await.is_err() {
            break;
        }
        tries += 1;
    }
    ward.shared.enter(Phase::Stopped);
}

impl Ward {
    /// Stays with a session until it ends, falls silent or is to stop.
    async fn watch(
        &mut self,
        task: &mut JoinHandle<Ended>,
        to_session: &mpsc::Sender<Command>,
    ) -> ConnectError {
        loop {
            // Before anything was heard, one answer more may be waited for.
            let limit = match self.is_live() {
                true => self.silence,
                false => self.silence + self.timeout,
            };
            let silent_at = self.shared.silent_at(limit);
            if silent_at <= Instant::now() {
                return ConnectError::Silent {
                    endpoint: self.endpoint.clone(),
                    seconds: limit.as_secs_f64(),
                };
            }
            tokio::select! {
                biased;
                () = told(&mut self.stop) => return ConnectError::Stopped,
                ended = &mut *task => return self.reason(ended),
                Some(command) = self.commands.recv() => {
                    if !self.is_live() {
                        self.turn_away(command);
                    } else if let Err(full) = to_session.try_send(command) {
                        self.turn_away(full.into_inner());
                    }
                }
                () = sleep_until(silent_at.min(Instant::now() + LOOK)) => {}
            }
        }
    }

    fn is_live(&self) -> bool {
        self.shared.health().phase == Phase::Live
    }

    /// Why a session ended.
    fn reason(&self, ended: Result<Ended, JoinError>) -> ConnectError {
        let panic = match ended {
            Ok(Err(error)) => return error,
            Err(error) if error.is_panic() => error.into_panic(),
            Err(_) => return ConnectError::Stopped,
        };
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        ConnectError::Panicked {
            endpoint: self.endpoint.clone(),
            reason: text.unwrap_or_default(),
        }
    }

    fn turn_away(&self, command: Command) {
        // Who asked may have gone.
        let _ = command.answer.send(Err(ConnectError::NotLive {
            connection: self.id.clone(),
        }));
    }

    /// Marks the gap that begins where a session ended.
    async fn gap(&mut self, trouble: ConnectError) -> Result<(), ConnectError> {
        self.shared.enter(Phase::Waiting);
        self.shared.health().trouble = Some(trouble);
        let quality = match self.shared.was_live() {
            true => Quality::COMM_FAILURE,
            false => Quality::NOT_CONNECTED,
        };
        let readings = self.shared.gaps(quality);
        if readings.is_empty() || !self.marks_gaps {
            return Ok(());
        }
        self.shared.health().gaps += 1;
        let batch = Batch {
            connection: self.shared.connection,
            readings,
        };
        tokio::select! {
            biased;
            () = told(&mut self.stop) => Err(ConnectError::Stopped),
            sent = self.inlet.send(batch) => sent.map_err(|_| ConnectError::Stopped),
        }
    }

    /// Waits before another try; writes are turned away meanwhile.
    async fn rest(&mut self, duration: Duration) -> Result<(), ConnectError> {
        let over = sleep(duration);
        tokio::pin!(over);
        loop {
            tokio::select! {
                biased;
                () = told(&mut self.stop) => return Err(ConnectError::Stopped),
                () = self.inlet.closed() => return Err(ConnectError::Stopped),
                () = &mut over => return Ok(()),
                Some(command) = self.commands.recv() => self.turn_away(command),
            }
        }
    }
}

/// Comes back when it is time to stop, or whoever could say so is gone.
async fn told(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// The wait after so many tries that failed: doubled each time up to the longest, less up to a fifth so that connections
/// that were lost together do not come back together.
fn wait(tries: u32, seed: u64) -> Duration {
    let full = FIRST_WAIT * 2u32.saturating_pow(tries.min(10));
    // SplitMix64 (Steele, Lea and Flood 2014): one well-mixed number from a seed.
    let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15u64.wrapping_mul(u64::from(tries) + 1));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^= mixed >> 31;
    let share = (mixed >> 11) as f64 / (1u64 << 53) as f64;
    full.min(LONGEST_WAIT).mul_f64(1.0 - 0.2 * share)
}

#[cfg(test)]
mod tests;
