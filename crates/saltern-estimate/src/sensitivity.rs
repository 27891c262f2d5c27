//! The most probable departures and how far they may be off, by the sensitivities of the march.
//!
//! Departures are normal around zero beforehand and measurements around what a march says, so the most probable x minimises
//! Σ (x_k/σ_k)² + Σ ((y_i(x) − d_i)/s_i)² (Tarantola 2005, Inverse Problem Theory, section 3.2). In units of σ, with J = ∂(y/s)/∂(x/σ)
//! by differences of marches, Gauss and Newton's step solves
//!
//! (I + JᵀJ) Δ = −(x/σ) − Jᵀ r,
//!
//! and the covariance around the minimum is (I + JᵀJ)⁻¹. J is found once and kept (a chord, Ortega and Rheinboldt 1970,
//! section 7.1), then once more near the minimum. A leak that would be less than none rests at none.

use crate::departure::{Campaign, Departure, Layout};
use crate::each::{Each, collect};
use crate::error::EstimateError;
use crate::track::Track;
use saltern_numerics::lu::Lu;

/// Difference by which a sensitivity is found, in prior deviations: large beside the tolerance of the equilibria, small beside where
/// the march bends (chosen here).
const DIFFERENCE: f64 = 0.25;
/// A step that moves no departure by more than this, in prior deviations, ends the search.
const STEP_SMALL: f64 = 0.02;
/// Steps along one chord.
const STEPS: usize = 8;

/// A minimum and what is around it, in units of the prior deviations.
#[derive(Clone, Debug)]
pub struct Minimum {
    /// Departures, in units of their prior deviations.
    pub scaled: Vec<f64>,
    /// I + JᵀJ, row-major.
    pub precision: Vec<f64>,
    /// Sum of squares, prior and data.
    pub sum_of_squares: f64,
    /// Whether the last step was small.
    pub converged: bool,
    /// Marches that it took.
    pub marches: usize,
}

/// What is compared with data: residuals in deviations of a track.
pub(crate) type Residuals<'r> = dyn Fn(&Track) -> Vec<f64> + Sync + 'r;

/// Finds the most probable departures.
pub(crate) fn minimise(
    campaign: &Campaign<'_>,
    layout: &Layout,
    chords: usize,
    residuals: &Residuals<'_>,
    each: &Each<'_>,
) -> Result<Minimum, EstimateError> {
    let mut search = Search {
        campaign,
        layout,
        residuals,
        each,
        marches: 0,
    };
    let mut x = vec![0.0; layout.len()];
    let mut r = search.at(&x)?;
    let mut minimum = Minimum {
        scaled: Vec::new(),
        precision: Vec::new(),
        sum_of_squares: search.cost(&x, &r),
        converged: false,
        marches: 0,
    };
    for _ in 0..chords.max(1) {
        let jacobian = search.jacobian(&x, &r)?;
        minimum.precision = precision(&jacobian, layout.len());
        minimum.converged = false;
        for _ in 0..STEPS {
            let to = search.target(&x, &r, &jacobian, &minimum.precision);
            let (next, next_r, moved) = search.shorter(&x, &to, minimum.sum_of_squares)?;
            (x, r) = (next, next_r);
            minimum.sum_of_squares = search.cost(&x, &r);
            minimum.converged = moved < STEP_SMALL;
            if minimum.converged {
                break;
            }
        }
    }
    minimum.marches = search.marches;
    minimum.scaled = x;
    Ok(minimum)
}

struct Search<'s> {
    campaign: &'s Campaign<'s>,
    layout: &'s Layout,
    residuals: &'s Residuals<'s>,
    each: &'s Each<'s>,
    marches: usize,
}

impl Search<'_> {
    fn at(&mut self, x: &[f64]) -> Result<Vec<f64>, EstimateError> {
        self.marches += 1;
        at(self.campaign, self.layout, self.residuals, x)
    }

    fn cost(&self, x: &[f64], r: &[f64]) -> f64 {
        x.iter().chain(r).map(|v| v * v).sum()
    }

    /// Row-major, a row a departure.
    fn jacobian(&mut self, x: &[f64], r: &[f64]) -> Result<Vec<f64>, EstimateError> {
        self.marches += x.len();
        let (campaign, layout, residuals) = (self.campaign, self.layout, self.residuals);
        let moved = collect(self.each, x.len(), |k| {
            let mut moved = x.to_vec();
            moved[k] += DIFFERENCE;
            at(campaign, layout, residuals, &moved)
        })?;
        let slopes = moved.iter().map(|there| there.iter().zip(r));
        let slopes = slopes.flat_map(|pairs| pairs.map(|(a, b)| (a - b) / DIFFERENCE));
        Ok(slopes.collect())
    }

    /// The lowest value of a departure, in deviations.
    fn low(&self, k: usize) -> f64 {
        match self.layout.departures[k] {
            Departure::Leak(p) => {
                let leak_mm_d = self.campaign.inputs.base.ponds[p].leakage_m_s * 86_400.0 * 1e3;
                -leak_mm_d / self.layout.sigmas[k]
            }
            _ => f64::NEG_INFINITY,
        }
    }

    /// Where the linear problem has its minimum, no leak being less than none.
    fn target(&self, x: &[f64], r: &[f64], jacobian: &[f64], precision: &[f64]) -> Vec<f64> {
        let n = x.len();
        // (I + JᵀJ) x' = JᵀJ x − Jᵀ r.
        let right: Vec<f64> = (0..n)
            .map(|k| {
                let own: f64 = (0..n).map(|j| precision[k * n + j] * x[j]).sum::<f64>() - x[k];
                let row = &jacobian[k * r.len()..(k + 1) * r.len()];
                own - row.iter().zip(r).map(|(a, b)| a * b).sum::<f64>()
            })
            .collect();
        let mut rests = vec![false; n];
        let mut to = vec![0.0; n];
        // Each round but the last lays at least one more to rest.
        for _ in 0..=n {
            let mut system = precision.to_vec();
            to = right.clone();
            for k in 0..n {
                if rests[k] {
                    system[k * n..(k + 1) * n].fill(0.0);
                    system[k * n + k] = 1.0;
                    to[k] = self.low(k);
                }
            }
            if Lu::default().solve(&system, &mut to).is_err() {
                return x.to_vec();
            }
            let below: Vec<usize> = (0..n)
                .filter(|k| !rests[*k] && to[*k] < self.low(*k))
                .collect();
            if below.is_empty() {
                break;
            }
            below.iter().for_each(|k| rests[*k] = true);
        }
        to
    }

    /// Goes to a place, or as far that way as the sum of squares falls.
    fn shorter(
        &mut self,
        x: &[f64],
        to: &[f64],
        cost: f64,
    ) -> Result<(Vec<f64>, Vec<f64>, f64), EstimateError> {
        let mut share = 1.0;
        loop {
            let next: Vec<f64> = x.iter().zip(to).map(|(a, b)| a + share * (b - a)).collect();
            let r = self.at(&next)?;
            if self.cost(&next, &r) <= cost * (1.0 + 1e-9) {
                let moved = next.iter().zip(x).map(|(a, b)| (a - b).abs());
                let moved = moved.fold(0.0, f64::max);
                return Ok((next, r, moved));
            }
            share *= 0.5;
            if share < 0.1 {
                let r = self.at(x)?;
                return Ok((x.to_vec(), r, 0.0));
            }
        }
    }
}

/// Residuals of departures.
fn at(
    campaign: &Campaign<'_>,
    layout: &Layout,
    residuals: &Residuals<'_>,
    x: &[f64],
) -> Result<Vec<f64>, EstimateError> {
    let simulation = layout
        .departed(campaign, &whole(layout, x))
        .march(campaign)?;
    Ok(residuals(&Track::of(&simulation, campaign.inputs.base)?))
}

/// All departures in their own units.
pub(crate) fn whole(layout: &Layout, scaled: &[f64]) -> Vec<f64> {
    let pairs = scaled.iter().zip(&layout.sigmas);
    pairs.map(|(x, sigma)| x * sigma).collect()
}

fn precision(jacobian: &[f64], n: usize) -> Vec<f64> {
    let m = jacobian.len() / n.max(1);
    let mut a = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let (u, v) = (&jacobian[i * m..(i + 1) * m], &jacobian[j * m..(j + 1) * m]);
            let sum: f64 = u.iter().zip(v).map(|(a, b)| a * b).sum();
            a[i * n + j] = sum;
            a[j * n + i] = sum;
        }
        a[i * n + i] += 1.0;
    }
    a
}
