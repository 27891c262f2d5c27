//! Many rows on several threads, written in their order: the same bytes whatever the threads.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::progress::Progress;

/// Rows that a thread takes at a time: enough to make handing over cheap, few enough to share evenly.
const BLOCK: usize = 64;

/// How many threads to use: as asked, else `RAYON_NUM_THREADS`, else as many as there are cores.
pub(crate) fn threads(asked: Option<u16>) -> usize {
    let from_environment = || {
        std::env::var("RAYON_NUM_THREADS")
            .ok()?
            .parse()
            .ok()
            .filter(|n| *n > 0)
    };
    asked
        .map(usize::from)
        .or_else(from_environment)
        .unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get))
}

/// Work on rows `0..rows`: each thread has its own worker, which writes the lines of a block.
///
/// Ends at the first failure in the order of rows, whatever the threads met first.
pub(crate) fn write_in_order<W>(
    rows: usize,
    threads: usize,
    output: &mut Output,
    worker: impl Fn() -> W + Sync,
) -> Result<(), Failure>
where
    W: FnMut(Range<usize>, &mut Vec<u8>) -> Result<(), Failure>,
{
    let blocks = rows.div_ceil(BLOCK);
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.clamp(1, blocks.max(1)) {
            let (sender, next, worker) = (sender.clone(), &next, &worker);
            scope.spawn(move || {
                let mut work = worker();
                loop {
                    let block = next.fetch_add(1, Ordering::Relaxed);
                    if block >= blocks {
                        return;
                    }
                    let mut lines = Vec::new();
                    let range = block * BLOCK..((block + 1) * BLOCK).min(rows);
                    let result = interrupt::check()
                        .and_then(|()| work(range, &mut lines))
                        .map(|()| lines);
                    let failed = result.is_err();
                    // The receiver goes away only after a failure.
                    if sender.send((block, result)).is_err() || failed {
                        next.store(blocks, Ordering::Relaxed);
                        return;
                    }
                }
            });
        }
        drop(sender);
        collect(receiver, rows, output)
    })
}

type Block = (usize, Result<Vec<u8>, Failure>);

fn collect(
    receiver: mpsc::Receiver<Block>,
    rows: usize,
    output: &mut Output,
) -> Result<(), Failure> {
    let mut progress = Progress::new(rows);
    let mut waiting = BTreeMap::new();
    let mut written = 0;
    for (block, result) in receiver {
        waiting.insert(block, result);
        while let Some(result) = waiting.remove(&written) {
            output.write(&result?)?;
            written += 1;
            progress.at((written * BLOCK).min(rows));
        }
    }
    // Blocks behind a failed one are never reached; the failure is then the first of those waiting.
    waiting
        .into_values()
        .try_for_each(|result| result.map(|_| ()))
}
