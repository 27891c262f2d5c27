//! Forecasts as a rolling dispatch sees them.

use super::{Ahead, Observed, Settings, follow};
use crate::dispatch::Foreseen;

/// What each window of a rolling dispatch foresees, of which so many steps are carried out before the next looks again.
///
/// `pick` is the forecast itself or a simpler one. Windows that begin before enough has been seen know what comes.
pub fn foreseen(
    observed: &[Observed],
    generators: usize,
    settings: &Settings,
    execute: usize,
    pick: &dyn Fn(&Ahead) -> f64,
) -> Foreseen {
    let mut generation = vec![None; generators];
    for one in observed {
        let Some(g) = one.generator else {
            continue;
        };
        let mut windows = vec![Vec::new(); one.values.len().div_ceil(execute)];
        let wanted = |origin: usize| origin >= execute && origin.is_multiple_of(execute);
        follow(one, settings, &wanted, &mut |issue| {
            windows[issue.origin / execute - 1] = issue.ahead.iter().map(pick).collect();
        });
        generation[g] = Some(windows);
    }
    Foreseen { generation }
}
