//! Dispatches of a base: the plan of its period is kept until a file of the base changes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use saltern_server::Dispatch;

use super::stamp;
use crate::failure::Failure;
use crate::plan::what_if::Period;

/// A plan of the period, and the folder that it was made from.
struct Known {
    stamp: u64,
    period: Arc<Period>,
}

/// Plans some days of a base's dispatch.
pub(super) struct Dispatcher {
    base: PathBuf,
    known: Mutex<Option<Known>>,
}

impl Dispatcher {
    pub(super) fn new(base: &Path) -> Dispatcher {
        Dispatcher {
            base: base.into(),
            known: Mutex::new(None),
        }
    }

    /// The plan of the period, made anew where a file has changed.
    pub(super) fn period(&self) -> Result<Arc<Period>, Failure> {
        let stamp = stamp(&self.base);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.as_ref().filter(|known| known.stamp == stamp) {
            return Ok(Arc::clone(&known.period));
        }
        let period = Arc::new(Period::plan(&self.base)?);
        *known = Some(Known {
            stamp,
            period: Arc::clone(&period),
        });
        Ok(period)
    }

    /// For whoever asks the server.
    pub(super) fn into_dispatch(self) -> Dispatch {
        Box::new(move |wish| {
            let found = self.period().and_then(|period| period.dispatch(wish));
            found.map_err(Failure::into_problems)
        })
    }
}
