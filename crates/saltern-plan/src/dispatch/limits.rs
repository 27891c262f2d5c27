//! Limits of flexible computing, published the day before.
//!
//! After Google's virtual capacity curves (Radovanović et al., IEEE Trans. Power Syst. 38 (2023) 1270, arXiv 2106.11750; the curve's
//! idea is theirs, the sharing out below is ours): a plan says when work that may wait is best done; the limit of an hour is
//! what it plans, and a margin, so that over a day a hall can do the flexible work of that day with a given likelihood:
//!
//! ```text
//! limit(t) ≥ planned(t)      Σ_day Δ·limit ≥ (1 + q)·max(Σ_day Δ·planned, expected work of the day)
//! ```
//!
//! with q the quantile of the relative error of the forecast of a day's arrivals. The margin stands where the plan has work,
//! in proportion to it, as far as the hall has room beside its interactive work; what is left of it stands where there is room.

use super::MW;
use super::outcome::Outcome;
use super::series::Series;
use saltern_base::energy::{Energy, JobKind};

/// Fewest errors of a forecast that a quantile is taken of.
pub const ERRORS_MIN: usize = 14;

/// Days in a week: what a day brings is forecast by the same day of the week before where there are weeks enough.
const WEEK: usize = 7;

/// Limits of a hall by step, MW of its computers.
#[derive(Clone, Debug, PartialEq)]
pub struct HallCurve {
    /// The hall.
    pub hall: usize,
    /// Flexible work that the plan does.
    pub planned: Vec<f64>,
    /// Most flexible work.
    pub limit: Vec<f64>,
    /// Least quotient of a day's limit and what it should be; 1 unless the hall is too small.
    pub kept: f64,
}

/// Quantile of the relative error of a day's flexible arrivals, forecast by the same day of the week before, or by the day before
/// where fewer than three weeks are known; `None` with fewer than [`ERRORS_MIN`] errors. Never below zero.
pub fn arrival_error(energy: &Energy, series: &Series, quantile: f64) -> Option<f64> {
    let per_day = steps_of_day(series);
    let mut days = vec![0.0; series.steps() / per_day];
    for (queue, class) in series.class_of.iter().enumerate() {
        if energy.classes[*class].kind == JobKind::Interactive {
            continue;
        }
        for (day, sum) in days.iter_mut().enumerate() {
            *sum += series.arriving[queue][day * per_day..][..per_day]
                .iter()
                .sum::<f64>();
        }
    }
    let back = if days.len() >= 3 * WEEK { WEEK } else { 1 };
    let pairs = days.iter().skip(back).zip(&days);
    let mut errors: Vec<f64> = pairs
        .filter(|(_, forecast)| **forecast > 0.0)
        .map(|(day, forecast)| day / forecast - 1.0)
        .collect();
    if errors.len() < ERRORS_MIN {
        return None;
    }
    errors.sort_by(f64::total_cmp);
    // The least of them that is at least as large as the wanted share of them.
    let rank = (quantile * errors.len() as f64).ceil() as usize;
    Some(errors[rank.clamp(1, errors.len()) - 1].max(0.0))
}

/// Limits of all halls that flexible work may be done in, with a margin `q` on each day's work.
pub fn curves(energy: &Energy, series: &Series, outcome: &Outcome, q: f64) -> Vec<HallCurve> {
    let flexible = |class: usize| energy.classes[class].kind != JobKind::Interactive;
    let halls = (0..energy.halls.len()).filter(|hall| {
        let mut classes = energy.classes.iter().enumerate();
        classes.any(|(c, class)| flexible(c) && class.halls.contains(hall))
    });
    halls
        .map(|hall| {
            let (mut planned, mut beside) = (vec![0.0; outcome.steps], vec![0.0; outcome.steps]);
            for computed in outcome.computed.iter().filter(|c| c.hall == hall) {
                let sum = if flexible(computed.class) {
                    &mut planned
                } else {
                    &mut beside
                };
                for (sum, power) in sum.iter_mut().zip(&computed.power) {
                    *sum += power.max(0.0);
                }
            }
            let most = energy.halls[hall].power_w / MW;
            let room: Vec<f64> = beside
                .iter()
                .map(|beside| (most - beside).max(0.0))
                .collect();
            let expected = expected(energy, series, outcome, hall);
            curve(series, hall, planned, &room, &expected, q)
        })
        .collect()
}

fn steps_of_day(series: &Series) -> usize {
    (24 * 60 / series.window.step_min.max(1)) as usize
}

/// Flexible work that arrives for a hall, MW by step: of each queue the hall's share of what the plan does of it.
fn expected(energy: &Energy, series: &Series, outcome: &Outcome, hall: usize) -> Vec<f64> {
    let mut sum = vec![0.0; outcome.steps];
    for (queue, class) in series.class_of.iter().enumerate() {
        if energy.classes[*class].kind == JobKind::Interactive {
            continue;
        }
        let done = |own: bool| -> f64 {
            let computed = outcome.computed.iter().filter(|c| c.queue == queue);
            computed
                .filter(|c| !own || c.hall == hall)
                .flat_map(|c| &c.power)
                .sum()
        };
        let all = done(false);
        let share = if all > 0.0 { done(true) / all } else { 0.0 };
        for (sum, mwh) in sum.iter_mut().zip(&series.arriving[queue]) {
            *sum += share * mwh / series.window.step_h();
        }
    }
    sum
}

fn curve(
    series: &Series,
    hall: usize,
    planned: Vec<f64>,
    room: &[f64],
    expected: &[f64],
    q: f64,
) -> HallCurve {
    let mut limit = planned.clone();
    let mut kept: f64 = 1.0;
    let per_day = steps_of_day(series);
    for (day, limit) in limit.chunks_mut(per_day).enumerate() {
        let steps = day * per_day..day * per_day + limit.len();
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let planned = &planned[steps.clone()];
        let wanted = (1.0 + q) * sum(planned).max(sum(&expected[steps.clone()]));
        let room = &room[steps];
        for by in [planned, room] {
            raise(limit, room, by, wanted);
        }
        if wanted > 0.0 {
            kept = kept.min(sum(limit) / wanted);
        }
    }
    HallCurve {
        hall,
        planned,
        limit,
        // What is left to rounding is kept.
        kept: if kept > 1.0 - 1e-9 { 1.0 } else { kept },
    }
}

/// Raises a day's limits to a sum, by amounts in proportion to a weight, each as far as there is room.
fn raise(limit: &mut [f64], room: &[f64], by: &[f64], wanted: f64) {
    // Each turn fills up at least one hour or reaches the sum.
    for _ in 0..limit.len() {
        let missing = wanted - limit.iter().sum::<f64>();
        let open = |t: usize, limit: &[f64]| by[t] > 0.0 && limit[t] < room[t] - 1e-9;
        let weight: f64 = (0..limit.len())
            .filter(|t| open(*t, limit))
            .map(|t| by[t])
            .sum();
        if missing <= 1e-9 || weight <= 0.0 {
            return;
        }
        for t in 0..limit.len() {
            if open(t, limit) {
                limit[t] = (limit[t] + missing * by[t] / weight).min(room[t]);
            }
        }
    }
}
