//! What may come: scenarios of all series together, drawn from what past forecasts missed.
//!
//! On a past day the actual value stood at some rank between the quantiles that had been forecast for it. The ranks of all
//! series and all steps of that day, put through the quantiles of today's forecast, are a scenario: each step is spread as
//! its band says, and steps and series hang together as they did. The copula is the empirical one (the idea of the Schaake
//! shuffle: M. Clark et al., *J. Hydrometeorology* 5 (2004) 243–262; of scenarios of wind by ranks: P. Pinson et al., *Wind
//! Energy* 12 (2009) 51–62; both recalled).

use super::{Ahead, Issue, LEVELS, Observed, level};
use saltern_numerics::random::Random;

/// A series with forecasts of it, one a day at the same time.
#[derive(Clone, Debug, PartialEq)]
pub struct Track<'a> {
    /// The series.
    pub observed: &'a Observed,
    /// Forecasts in the order of their origins.
    pub issues: Vec<Issue>,
}

/// Scenarios that were drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Origin of the past forecast that each scenario has its ranks from.
    pub from: Vec<usize>,
    /// MW by scenario, series and step ahead.
    pub values: Vec<Vec<Vec<f64>>>,
}

/// Draws scenarios of the steps ahead of an origin, all equally likely; `None` if that origin or a past day is missing.
///
/// Days are drawn without putting them back as long as there are enough. Only days that were over by the origin are drawn.
pub fn scenarios(tracks: &[Track<'_>], origin: usize, count: usize, seed: u64) -> Option<Drawn> {
    let today: Option<Vec<&Issue>> = tracks.iter().map(|track| at(track, origin)).collect();
    let today = today?;
    let is_over = |issue: &&Issue| issue.origin + issue.ahead.len() <= origin;
    let long = today.iter().map(|issue| issue.ahead.len()).min()?;
    let past = tracks.first()?.issues.iter().filter(is_over);
    let past = past.filter(|issue| issue.ahead.len() >= long);
    let past: Vec<usize> = past.map(|issue| issue.origin).collect();
    let from = draw(&past, count, seed)?;
    let scenario = |from: &usize| -> Option<Vec<Vec<f64>>> {
        let series = tracks.iter().zip(&today).map(|(track, today)| {
            let past = at(track, *from)?;
            let pairs = past.ahead.iter().zip(&today.ahead);
            let values = pairs.map(|(past, today)| {
                let rank = rank(past, track.observed.values[past.step]);
                value(today, rank).clamp(0.0, track.observed.capacity)
            });
            Some(values.collect())
        });
        series.collect()
    };
    let values: Option<Vec<_>> = from.iter().map(scenario).collect();
    Some(Drawn {
        from,
        values: values?,
    })
}

fn at<'a>(track: &'a Track<'_>, origin: usize) -> Option<&'a Issue> {
    let found = track.issues.binary_search_by_key(&origin, |i| i.origin);
    found.ok().map(|i| &track.issues[i])
}

/// So many of the past, in the order of a shuffle, from the beginning again when they are used up.
fn draw(past: &[usize], count: usize, seed: u64) -> Option<Vec<usize>> {
    if past.is_empty() {
        return None;
    }
    let mut random = Random::new(seed);
    let mut drawn = Vec::with_capacity(count);
    let mut left: Vec<usize> = Vec::new();
    while drawn.len() < count {
        if left.is_empty() {
            left = past.to_vec();
        }
        let at = (random.open() * left.len() as f64) as usize;
        drawn.push(left.swap_remove(at.min(left.len() - 1)));
    }
    Some(drawn)
}

/// Quantiles with ends: beyond the first and the last it goes on as steeply as beside them.
fn with_ends(quantiles: &[f64; LEVELS]) -> [f64; LEVELS + 2] {
    let mut all = [0.0; LEVELS + 2];
    all[1..=LEVELS].copy_from_slice(quantiles);
    all[0] = 2.0 * all[1] - all[2];
    all[LEVELS + 1] = 2.0 * all[LEVELS] - all[LEVELS - 1];
    all
}

/// Level at which a value stands between quantiles; the middle of the levels that share it.
fn rank(ahead: &Ahead, value: f64) -> f64 {
    let points = with_ends(&ahead.quantiles);
    let below = points.partition_point(|p| *p < value);
    let upto = points.partition_point(|p| *p <= value);
    if upto > below {
        return (below + upto - 1) as f64 / 2.0 * level(0);
    }
    if below == 0 {
        return 0.0;
    }
    if below > LEVELS + 1 {
        return 1.0;
    }
    let (low, high) = (points[below - 1], points[below]);
    (below as f64 - 1.0 + (value - low) / (high - low)) * level(0)
}

/// Value at a level.
fn value(ahead: &Ahead, rank: f64) -> f64 {
    let points = with_ends(&ahead.quantiles);
    let place = (rank / level(0)).clamp(0.0, (LEVELS + 1) as f64);
    let (below, part) = (place.floor() as usize, place.fract());
    let above = (below + 1).min(LEVELS + 1);
    points[below] * (1.0 - part) + points[above] * part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ahead(quantiles: [f64; LEVELS]) -> Ahead {
        Ahead {
            step: 0,
            expected: 0.0,
            quantiles,
            persistence: 0.0,
            day_before: 0.0,
            climatology: 0.0,
            counts: true,
        }
    }

    #[test]
    fn a_rank_and_its_value_are_inverse() {
        let forecast = ahead(std::array::from_fn(|q| (q as f64 + 1.0).powi(2)));
        for value_mw in [1.0, 2.0, 9.0, 250.0, 361.0, 390.0] {
            let back = value(&forecast, rank(&forecast, value_mw));
            assert!((back - value_mw).abs() < 1e-9, "{back} for {value_mw}");
        }
        assert_eq!(rank(&forecast, -50.0), 0.0);
        assert_eq!(rank(&forecast, 1e4), 1.0);
        assert!((rank(&forecast, 100.0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn days_are_drawn_once_each_as_long_as_there_are_enough() {
        let past: Vec<usize> = (0..20).collect();
        let mut drawn = draw(&past, 20, 3).expect("days");
        assert_eq!(drawn, draw(&past, 20, 3).expect("days"));
        assert_ne!(drawn, draw(&past, 20, 4).expect("days"));
        drawn.sort_unstable();
        assert_eq!(drawn, past);
    }
}
