//! Ctrl-C: long work asks now and then whether to stop, and leaves nothing half-written.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::failure::{CliError, Failure, INTERRUPTED};

static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From now on Ctrl-C asks for a stop; a second one ends the program at once.
pub(crate) fn listen() {
    let stop = STOP.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM] {
        // Without a handler Ctrl-C ends the program as it always does; nothing is lost but a hidden file.
        let _ = flag::register_conditional_shutdown(signal, i32::from(INTERRUPTED), stop.clone());
        let _ = flag::register(signal, stop.clone());
    }
}

/// Whether a stop was asked for.
pub(crate) fn requested() -> bool {
    STOP.get().is_some_and(|stop| stop.load(Ordering::Relaxed))
}

/// An error where a stop was asked for.
pub(crate) fn check() -> Result<(), Failure> {
    if requested() { Err(CliError::Interrupted.into()) } else { Ok(()) }
}
