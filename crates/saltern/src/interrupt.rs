//! Ctrl-C: long work asks now and then whether to stop, and leaves nothing half-written.

use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::failure::{CliError, Failure, INTERRUPTED};

static STOP: AtomicBool = AtomicBool::new(false);

/// How long work may take to notice that it should stop before the program ends without it.
const PATIENCE: Duration = Duration::from_secs(5);

/// From now on Ctrl-C asks for a stop; a second one, or work that does not listen, ends the program.
pub(crate) fn listen() {
    // Without a handler Ctrl-C ends the program as it always does; nothing is lost but a hidden file.
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
        return;
    };
    thread::spawn(move || {
        for _ in signals.forever() {
            if STOP.swap(true, Ordering::Relaxed) {
                exit(i32::from(INTERRUPTED));
            }
            thread::spawn(|| {
                thread::sleep(PATIENCE);
                exit(i32::from(INTERRUPTED));
            });
        }
    });
}

/// From now on the end of what is read from standard input asks for a stop: whoever started this program is gone.
pub(crate) fn listen_to_input() {
    thread::spawn(|| {
        // An end is an end, however it comes.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        STOP.store(true, Ordering::Relaxed);
        thread::sleep(PATIENCE);
        exit(i32::from(INTERRUPTED));
    });
}

/// Whether a stop was asked for.
pub(crate) fn requested() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// An error where a stop was asked for.
pub(crate) fn check() -> Result<(), Failure> {
    if requested() {
        Err(CliError::Interrupted.into())
    } else {
        Ok(())
    }
}
