//! Weeks that stand for a year.
//!
//! A year is cut into weeks from its first step on; what is left over after the last whole week is represented by all of them
//! (52 weeks count 52.14). A week is described by all series that change over it (available power, demand, arriving work,
//! prices, factors, PUE), each between 0 and 1 over the year. Medoids of these descriptions stand for the others, and the
//! *extreme* week is always among them: that with the least sun and wind beside the most demand and work. A week is
//! one that was, not an average, so that its hours belong together; `scales.rs` keeps the mean of the year.

use super::medoids::{medoids, nearest};
use crate::dispatch::Series;

/// Hours in a year.
const YEAR_H: f64 = 8760.0;

/// How many weeks are asked for, and how long a week is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choosing {
    /// Most weeks that stand for others.
    pub count: usize,
    /// Hours in one.
    pub hours: f64,
}

impl Choosing {
    /// So many weeks of seven days.
    pub fn weeks(count: usize) -> Choosing {
        Choosing {
            count,
            hours: 168.0,
        }
    }
}

/// Which weeks stand for which.
#[derive(Clone, Debug, PartialEq)]
pub struct Weeks {
    /// Steps in a week; all steps, where there are fewer than a week has.
    pub steps: usize,
    /// Weeks that stand for others, counted from 0.
    pub chosen: Vec<usize>,
    /// For each week of the year the index of the one that stands for it.
    pub of: Vec<usize>,
    /// What each chosen week counts in a year of 8760 h.
    pub weight: Vec<f64>,
    /// The extreme week.
    pub extreme: usize,
}

impl Weeks {
    /// Weeks for the year of a series in which generators have a MW each.
    pub(super) fn choose(series: &Series, choosing: Choosing) -> Weeks {
        let step_h = series.window.step_h();
        let steps = ((choosing.hours / step_h).round() as usize).clamp(1, series.steps().max(1));
        let all = (series.steps() / steps).max(1);
        let (given, asked) = described(series);
        let extreme = (0..all)
            .max_by(|a, b| {
                let need = |week: usize| mean(&asked, week, steps) - mean(&given, week, steps);
                // Of two alike the first.
                need(*a).total_cmp(&need(*b)).then(b.cmp(a))
            })
            .unwrap_or(0);
        let others = [&series.import_price, &series.import_carbon, &series.pue];
        let others = others.into_iter().flatten().filter_map(|s| normal(s));
        let features: Vec<Vec<f64>> = given.into_iter().chain(asked).chain(others).collect();
        let apart = |a: usize, b: usize| -> f64 {
            let pairs = features.iter().flat_map(|feature| {
                let (a, b) = (
                    &feature[a * steps..][..steps],
                    &feature[b * steps..][..steps],
                );
                a.iter().zip(b)
            });
            pairs.map(|(a, b)| (a - b) * (a - b)).sum()
        };
        let distance: Vec<Vec<f64>> = (0..all)
            .map(|a| (0..all).map(|b| apart(a, b)).collect())
            .collect();
        let chosen = medoids(&distance, &[extreme], choosing.count.max(1));
        let of = nearest(&distance, &chosen);
        let per_year = YEAR_H / (all * steps) as f64 / step_h;
        let count = |k: usize| of.iter().filter(|own| **own == k).count() as f64;
        Weeks {
            steps,
            weight: (0..chosen.len()).map(|k| count(k) * per_year).collect(),
            chosen,
            of,
            extreme,
        }
    }

    /// Steps of a chosen week.
    pub(super) fn steps_of(&self, week: usize) -> std::ops::Range<usize> {
        let first = self.chosen[week] * self.steps;
        first..first + self.steps
    }

    /// Whether a chosen week stands for itself alone.
    pub(super) fn is_alone(&self, week: usize) -> bool {
        self.of.iter().filter(|own| **own == week).count() == 1
    }
}

/// What nature gives and what is asked for, each series between 0 and 1.
fn described(series: &Series) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let given = series.generation.iter().filter_map(|b| normal(&b.high));
    let asked = series.demand.iter().chain(&series.arriving);
    (given.collect(), asked.filter_map(|s| normal(s)).collect())
}

/// A series between 0 and 1; `None` where it doesn't change.
fn normal(series: &[f64]) -> Option<Vec<f64>> {
    let low = series.iter().copied().fold(f64::INFINITY, f64::min);
    let high = series.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let wide = high - low > 1e-9 * high.abs();
    wide.then(|| series.iter().map(|x| (x - low) / (high - low)).collect())
}

/// Mean of all series over a week.
fn mean(series: &[Vec<f64>], week: usize, steps: usize) -> f64 {
    let count = (series.len() * steps).max(1) as f64;
    let sum: f64 = series
        .iter()
        .flat_map(|s| &s[week * steps..][..steps])
        .sum();
    sum / count
}
