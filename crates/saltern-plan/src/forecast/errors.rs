//! The last errors of a kind, in order of size, for their quantiles.

use super::{LEVELS, level};
use std::collections::VecDeque;

/// Errors below which their quantiles say nothing.
const ENOUGH: usize = 40;

/// The last errors.
#[derive(Clone, Debug, Default)]
pub(super) struct Errors {
    in_time: VecDeque<f64>,
    in_size: Vec<f64>,
}

impl Errors {
    /// Keeps an error, and forgets the oldest beyond `most`.
    pub(super) fn keep(&mut self, error: f64, most: usize) {
        self.in_time.push_back(error);
        let place = self.in_size.partition_point(|e| *e < error);
        self.in_size.insert(place, error);
        if self.in_time.len() > most
            && let Some(oldest) = self.in_time.pop_front()
        {
            let place = self.in_size.partition_point(|e| *e < oldest);
            self.in_size.remove(place);
        }
    }

    /// Whether there are enough for quantiles.
    pub(super) fn is_enough(&self) -> bool {
        self.in_size.len() >= ENOUGH
    }

    /// Order statistics at q·(n + 1), linear between, for each level.
    pub(super) fn quantiles(&self) -> [f64; LEVELS] {
        let n = self.in_size.len();
        let mut quantiles = [0.0; LEVELS];
        if n == 0 {
            return quantiles;
        }
        for (q, value) in quantiles.iter_mut().enumerate() {
            let place = (level(q) * (n as f64 + 1.0) - 1.0).clamp(0.0, n as f64 - 1.0);
            let (below, part) = (place.floor() as usize, place.fract());
            let above = (below + 1).min(n - 1);
            *value = self.in_size[below] * (1.0 - part) + self.in_size[above] * part;
        }
        quantiles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 1 … 19 the order statistic at q·20 is 20·q itself.
    #[test]
    fn quantiles_are_order_statistics() {
        let mut errors = Errors::default();
        for i in [
            7, 3, 19, 1, 12, 5, 17, 9, 15, 2, 11, 6, 18, 4, 13, 8, 16, 10, 14,
        ] {
            errors.keep(f64::from(i), 19);
        }
        for (q, value) in errors.quantiles().iter().enumerate() {
            assert!((value - 20.0 * level(q)).abs() < 1e-12, "{q}: {value}");
        }
        // The oldest, 7, goes for another 1.
        errors.keep(1.0, 19);
        assert!((errors.quantiles()[1] - 1.0).abs() < 1e-12);
    }
}
