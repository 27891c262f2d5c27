//! A progress line on stderr, where a person is watching.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

use saltern_server::{TELL, TOLD, Told};

/// How far long work has come. Silent when stderr is no terminal, and for work that is soon done.
pub(crate) struct Progress {
    total: usize,
    started: Instant,
    shown: Option<Instant>,
    watched: bool,
    told: bool,
}

/// Whether a program started this one and wants to be told line by line.
pub(crate) fn is_told() -> bool {
    std::env::var(TELL).is_ok_and(|asked| asked == TOLD)
}

const QUIET: Duration = Duration::from_millis(400);
const EVERY: Duration = Duration::from_millis(100);
const WIDTH: usize = 30;

impl Progress {
    /// Work of so many parts.
    pub(crate) fn new(total: usize) -> Progress {
        Progress {
            total,
            started: Instant::now(),
            shown: None,
            watched: stderr().is_terminal(),
            told: is_told(),
        }
    }

    /// So many parts are done.
    pub(crate) fn at(&mut self, done: usize) {
        if self.total == 0 || !self.is_due() {
            return;
        }
        if self.told {
            let (done, of) = (done as u64, self.total as u64);
            let _ = writeln!(stderr(), "{}", Told::Progress { done, of }.line());
            return;
        }
        let filled = WIDTH * done / self.total;
        let (on, off) = if no_color() {
            ("", "")
        } else {
            ("\x1b[36m", "\x1b[0m")
        };
        // Losing a progress line is no reason to stop.
        let _ = write!(
            stderr(),
            "\r{on}{}{off}{} {done}/{} {:.0} s ",
            "█".repeat(filled),
            "░".repeat(WIDTH - filled),
            self.total,
            self.started.elapsed().as_secs_f64()
        );
    }

    /// Where work stands whose length is not known.
    pub(crate) fn stands(&mut self, at: impl FnOnce() -> String) {
        if !self.told && self.is_due() {
            let seconds = self.started.elapsed().as_secs_f64();
            let _ = write!(stderr(), "\r{} {seconds:.0} s \x1b[K", at());
        }
    }

    /// Whether a line should be shown now; if so, the next one has to wait.
    fn is_due(&mut self) -> bool {
        let now = Instant::now();
        let soon = now - self.shown.unwrap_or(self.started)
            < if self.shown.is_some() { EVERY } else { QUIET };
        let due = (self.watched || self.told) && !soon;
        if due {
            self.shown = Some(now);
        }
        due
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.watched && self.shown.is_some() {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}

/// <https://no-color.org>: set and not empty means no colours.
fn no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
}
