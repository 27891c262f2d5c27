//! Marches that do not depend on each other, done by whoever calls: one after the other, or on threads. Results do not depend on it.

use crate::error::EstimateError;
use std::sync::OnceLock;

/// Calls a function with every number below a count, in any order, on any threads.
pub type Each<'e> = dyn Fn(usize, &(dyn Fn(usize) + Sync)) + 'e;

/// One after the other.
pub fn in_order(count: usize, work: &(dyn Fn(usize) + Sync)) {
    (0..count).for_each(work);
}

/// What each piece of work gives, in order; the first error in that order.
pub(crate) fn collect<T: Send + Sync>(
    each: &Each<'_>,
    count: usize,
    work: impl Fn(usize) -> Result<T, EstimateError> + Sync,
) -> Result<Vec<T>, EstimateError> {
    let slots: Vec<OnceLock<Result<T, EstimateError>>> =
        (0..count).map(|_| OnceLock::new()).collect();
    each(count, &|i| {
        // Each number comes once; were it to come twice, both give the same.
        let _ = slots[i].set(work(i));
    });
    let done = slots.into_iter().map(|slot| slot.into_inner());
    done.map(|result| result.unwrap_or(Err(EstimateError::Stopped)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_matter_and_work_left_out_is_told() {
        let backwards = |n: usize, f: &(dyn Fn(usize) + Sync)| (0..n).rev().for_each(f);
        assert_eq!(collect(&backwards, 3, |i| Ok(i * i)).unwrap(), [0, 1, 4]);
        let lazy = |n: usize, f: &(dyn Fn(usize) + Sync)| (1..n).for_each(f);
        let stopped = collect(&lazy, 3, Ok);
        assert_eq!(stopped, Err(EstimateError::Stopped));
    }
}
