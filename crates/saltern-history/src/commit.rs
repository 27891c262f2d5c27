//! One thread writes: what comes within a short window is committed together, so that one sync acknowledges many.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::acceptance::Accepted;
use crate::error::HistoryError;
use saltern_samples::sample::Reading;

/// Called when samples are durable, or with the reason why they are not.
pub(crate) type Acknowledge = Box<dyn FnOnce(Result<(), HistoryError>) + Send>;

/// Sends samples and waits until they are durable.
pub(crate) fn wait_durable(
    send: impl FnOnce(Acknowledge) -> Result<Accepted, HistoryError>,
) -> Result<Accepted, HistoryError> {
    let (sender, receiver) = sync_channel(1);
    let accepted = send(Box::new(move |result| {
        // Whoever waited may have given up.
        let _ = sender.send(result);
    }))?;
    receiver.recv().map_err(|_| HistoryError::Closed)??;
    Ok(accepted)
}

/// What the writer is asked to do.
pub(crate) enum Order {
    /// Store these and say so.
    Append(Vec<Reading>, Acknowledge),
    /// Begin a new generation, so that all before it can be written out.
    Freeze(Acknowledge),
}

/// Stores batches; they are durable when it returns.
pub(crate) type Commit = dyn FnMut(&[&[Reading]]) -> Result<(), HistoryError> + Send;

/// Where samples go.
pub(crate) struct Sink {
    /// Makes batches durable.
    pub(crate) commit: Box<Commit>,
    /// Begins a new generation.
    pub(crate) freeze: Box<dyn FnMut() -> Result<(), HistoryError> + Send>,
    /// Whether it is time for one.
    pub(crate) is_due: Box<dyn Fn() -> bool + Send>,
}

/// Batches that may wait before senders have to.
const QUEUE: usize = 256;
/// Samples of one transaction.
const MOST_AT_ONCE: usize = 200_000;

/// The thread and its queue.
pub(crate) struct Committer {
    queue: Option<SyncSender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Committer {
    pub(crate) fn start(sink: Sink, window: Duration) -> std::io::Result<Committer> {
        let (sender, receiver) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("history-commit".into())
            .spawn(move || run(sink, &receiver, window))?;
        Ok(Committer {
            queue: Some(sender),
            thread: Some(thread),
        })
    }

    /// Has samples stored and says through `acknowledge` when they are durable, or why they are not.
    pub(crate) fn append(
        &self,
        readings: Vec<Reading>,
        acknowledge: impl FnOnce(Result<(), HistoryError>) + Send + 'static,
    ) -> Result<(), HistoryError> {
        if readings.is_empty() {
            acknowledge(Ok(()));
            return Ok(());
        }
        self.send(Order::Append(readings, Box::new(acknowledge)))
    }

    pub(crate) fn send(&self, order: Order) -> Result<(), HistoryError> {
        let queue = self.queue.as_ref().ok_or(HistoryError::Closed)?;
        queue.send(order).map_err(|_| HistoryError::Closed)
    }
}

impl Drop for Committer {
    /// What was sent is committed before the thread ends.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
    }
}

fn run(mut sink: Sink, queue: &Receiver<Order>, window: Duration) {
    while let Ok(first) = queue.recv() {
        let (batches, freeze) = gather(first, queue, window);
        if !batches.is_empty() {
            let readings: Vec<&[Reading]> = batches.iter().map(|(r, _)| r.as_slice()).collect();
            let result = (sink.commit)(&readings);
            for (_, acknowledge) in batches {
                acknowledge(result.clone());
            }
        }
        if let Some(acknowledge) = freeze {
            acknowledge((sink.freeze)());
        } else if (sink.is_due)() {
            // A failure shows at the next commit; until then what comes goes on into the same generation.
            let _ = (sink.freeze)();
        }
    }
}

type Batches = Vec<(Vec<Reading>, Acknowledge)>;

/// What comes until the window has passed.
fn gather(
    first: Order,
    queue: &Receiver<Order>,
    window: Duration,
) -> (Batches, Option<Acknowledge>) {
    let end = Instant::now() + window;
    let (mut batches, mut samples, mut order) = (Vec::new(), 0, Some(first));
    loop {
        match order.take() {
            Some(Order::Append(readings, acknowledge)) => {
                samples += readings.len();
                batches.push((readings, acknowledge));
            }
            Some(Order::Freeze(acknowledge)) => return (batches, Some(acknowledge)),
            None => return (batches, None),
        }
        if samples >= MOST_AT_ONCE {
            return (batches, None);
        }
        let left = end.saturating_duration_since(Instant::now());
        order = queue.recv_timeout(left).ok();
    }
}
