//! Quantiles of what was drawn.

/// A quantile of sorted values, infinite ones among them; NaN where there are none.
///
/// Linear between order statistics, type 7 of Hyndman and Fan (1996, Am. Stat. 50, 361).
///
/// ```
/// let drawn = [1.0, 2.0, 4.0, f64::INFINITY];
/// assert_eq!(saltern_numerics::quantile::of_sorted(&drawn, 0.5), 3.0);
/// ```
pub fn of_sorted(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len().max(1) - 1) as f64;
    let (low, over) = (place.floor() as usize, place.fract());
    match (sorted.get(low), sorted.get(low + 1)) {
        // What is above −∞ is no nearer to it, and between equal ones lies the same.
        (Some(a), Some(b)) if over > 0.0 && a != b && a.is_finite() => a + over * (b - a),
        (Some(a), _) => *a,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_order_statistics_and_may_be_infinite() {
        let inf = f64::INFINITY;
        let drawn = [-inf, 1.0, 2.0, inf, inf];
        for (share, quantile) in [
            (0.0, -inf),
            (0.125, -inf),
            (0.25, 1.0),
            (0.375, 1.5),
            (0.5, 2.0),
            (0.6, inf),
            (0.75, inf),
            (0.8, inf),
            (1.0, inf),
        ] {
            assert_eq!(of_sorted(&drawn, share), quantile, "{share}");
        }
        assert_eq!(of_sorted(&[7.0], 0.95), 7.0);
        assert!(of_sorted(&[], 0.5).is_nan());
    }
}
