//! Quotas of carbon and energy over a dispatch: what is used of each by step, what is left, what one more unit of it
//! would be worth.

use super::build::{Counted, Plan, counted};
use super::outcome::Outcome;
use super::series::Series;
use crate::solution::Solution;
use saltern_base::energy::{Energy, Quota};

/// A quota over a dispatch; amounts in t of carbon dioxide or MWh.
#[derive(Clone, Debug, PartialEq)]
pub struct QuotaTrack {
    /// What may be used in its days.
    pub limit: f64,
    /// What each step uses; 0 outside its days.
    pub used: Vec<f64>,
    /// What one more unit would save, in money; `None` where the solver gave no prices.
    pub price: Option<f64>,
    /// What the windows of a rolling plan were given; empty for a plan of one piece.
    pub windows: Vec<QuotaShare>,
}

/// What a window of a rolling plan was given of a quota.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuotaShare {
    /// First step.
    pub from: usize,
    /// Step before which it ends.
    pub to: usize,
    /// What it might use: its share in the plan of the whole, and what earlier windows left of theirs.
    pub given: f64,
    /// What it used.
    pub used: f64,
    /// What one more unit would have saved in it; `None` where the solver gave no prices.
    pub price: Option<f64>,
}

impl QuotaTrack {
    /// What is used by the end of each step.
    pub fn used_so_far(&self) -> Vec<f64> {
        let mut sum = 0.0;
        let so_far = self.used.iter().map(|used| {
            sum += used;
            sum
        });
        so_far.collect()
    }

    /// What is left at the end.
    pub fn left(&self) -> f64 {
        self.limit - self.used.iter().sum::<f64>()
    }
}

/// The quotas of a dispatch that was solved in one piece.
pub fn quotas(
    energy: &Energy,
    series: &Series,
    plan: &Plan,
    solution: &Solution,
    outcome: &Outcome,
) -> Vec<QuotaTrack> {
    let prices = prices(plan, solution, energy.quotas.len());
    tracks(energy, series, outcome, |q| (prices[q], Vec::new()))
}

/// The quotas of a rolled dispatch; `whole` are those of the plan that guided it, whose prices are those of the whole period.
pub fn rolled_quotas(
    energy: &Energy,
    series: &Series,
    rolled: &super::Rolled,
    whole: &[QuotaTrack],
) -> Vec<QuotaTrack> {
    tracks(energy, series, &rolled.outcome, |q| {
        let windows = rolled.quotas.iter().map(|shares| shares[q]);
        (
            whole.get(q).and_then(|track| track.price),
            windows.collect(),
        )
    })
}

fn tracks(
    energy: &Energy,
    series: &Series,
    outcome: &Outcome,
    of: impl Fn(usize) -> (Option<f64>, Vec<QuotaShare>),
) -> Vec<QuotaTrack> {
    let track = |(q, quota): (usize, &Quota)| {
        let (price, windows) = of(q);
        QuotaTrack {
            limit: series.quota[q],
            used: used(series, quota, &counted(energy, series, quota.limit), |c| {
                c.power(outcome)
            }),
            price,
            windows,
        }
    };
    energy.quotas.iter().enumerate().map(track).collect()
}

/// What each step uses of a quota, from the powers of what counts against it.
pub(super) fn used<'p>(
    series: &Series,
    quota: &Quota,
    counted: &[Counted<'_>],
    power: impl Fn(&Counted<'_>) -> &'p [f64],
) -> Vec<f64> {
    let step_h = series.window.step_h();
    let mut used = vec![0.0; series.steps()];
    for counted in counted {
        let power = power(counted);
        for t in series.window.steps_of_days(quota.from, quota.to) {
            used[t] += power[t] * counted.per_mwh(t) * step_h;
        }
    }
    used
}

/// Shadow price of each quota: what the objective falls by per unit of it.
pub(super) fn prices(plan: &Plan, solution: &Solution, quotas: usize) -> Vec<Option<f64>> {
    let priced = solution.duals.iter().any(|dual| *dual != 0.0);
    let price = |q: usize| {
        let row = plan.programme.rows_of(super::Name::Quota(q))?.start;
        // A row that doesn't bind has a dual of zero, which is no minus zero to a reader.
        priced.then(|| (-solution.duals[row]).max(0.0))
    };
    (0..quotas).map(price).collect()
}
