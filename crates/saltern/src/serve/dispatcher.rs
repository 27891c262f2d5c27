//! Dispatches of some days for a server: the plan of the base's period is kept until a file of the base changes.

use std::path::Path;
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
pub(super) fn dispatch(base: &Path) -> Dispatch {
    let (base, known) = (base.to_path_buf(), Mutex::new(None));
    Box::new(move |wish| {
        let found = period(&base, &known).and_then(|period| period.dispatch(wish));
        found.map_err(Failure::into_problems)
    })
}

/// The plan of the period, made anew where a file has changed.
fn period(base: &Path, known: &Mutex<Option<Known>>) -> Result<Arc<Period>, Failure> {
    let stamp = stamp(base);
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.as_ref().filter(|known| known.stamp == stamp) {
        return Ok(Arc::clone(&known.period));
    }
    let period = Arc::new(Period::plan(base)?);
    *known = Some(Known {
        stamp,
        period: Arc::clone(&period),
    });
    Ok(period)
}
