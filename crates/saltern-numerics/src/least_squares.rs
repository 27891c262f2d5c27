//! Least squares of functions that are linear or nearly so, plain or robust.
//!
//! Gauss–Newton steps from a pivoted QR of the weighted Jacobian; where a step does not lower the sum of squares
//! it is damped after Levenberg and Marquardt (Nocedal & Wright, Numerical Optimization, 2nd ed., section 10.3). The robust loss is Huber's
//! (1964, Ann. Math. Statist. 35, 73), by iteratively reweighted least squares: a residual beyond k scales counts
//! with weight k·scale/|r|; the scale is 1.4826 times the median absolute residual, so a few per cent of
//! blunders neither pull the fit nor widen its scale.
//!
//! Within bounds ([`minimise_within`]) an unknown that stands at one and is pushed outwards by the gradient rests there
//! for the step; the others move as ever, and what would go beyond stops at the bound (gradient projection, Nocedal &
//! Wright, section 16.7).

use crate::qr::Qr;

/// Residuals and their derivatives at one place.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// (model − datum)/standard deviation, times the root of the datum's weight.
    pub residuals: Vec<f64>,
    /// ∂residual/∂unknown, row-major.
    pub jacobian: Vec<f64>,
}

/// How large residuals count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Loss {
    /// By their squares.
    Squares,
    /// By their squares up to this many scales, linearly beyond. 1.345 keeps 95 % efficiency on normal errors.
    Huber(f64),
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Loss of the first `data_rows` residuals; the others (prior knowledge) always count by their squares.
    pub loss: Loss,
    /// How many residuals are data.
    pub data_rows: usize,
    /// Pivots below this fraction of the first are taken as zero: their unknowns stay where they started.
    pub rank_tolerance: f64,
    /// Steps allowed.
    pub iterations_max: u32,
}

/// A minimum of the sum of squares, or the last place reached.
#[derive(Clone, Debug)]
pub struct Minimum {
    /// The unknowns.
    pub x: Vec<f64>,
    /// Residuals and derivatives there.
    pub at: Evaluation,
    /// Weight the loss gives each residual, 1 for those within its bound.
    pub weights: Vec<f64>,
    /// Scale of the residuals the loss used; 1 where it used none.
    pub scale: f64,
    /// Σ w r² at the minimum.
    pub sum_of_squares: f64,
    /// Σ w r² /(residuals − rank): the variance of a residual of unit weight.
    pub variance: f64,
    /// variance · (JᵀWJ)⁻¹, row-major; NaN for unknowns that are not determined or rest at a bound.
    pub covariance: Vec<f64>,
    /// Whether each unknown rests at a bound that the residuals push it against.
    pub at_bound: Vec<bool>,
    /// The weighted Jacobian, factored.
    pub qr: Qr,
    /// Steps taken.
    pub iterations: u32,
    /// Whether the last step was negligible.
    pub converged: bool,
}

/// Nothing could be evaluated at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoStart;

/// A step is negligible when it moves the residuals by less than this fraction of their root sum of squares.
const STEP_TOLERANCE: f64 = 1e-5;
/// Steps in which the scale of a robust loss follows the residuals. Then it stays: a median jumps from one residual to
/// the next and would keep the weights from settling; at a fixed scale the loss is convex.
const SCALE_STEPS: u32 = 8;
/// Weights of a robust loss have settled when none moves by more.
const WEIGHT_TOLERANCE: f64 = 1e-3;
/// Median absolute deviation of a normal distribution, inverted.
const MAD_TO_DEVIATION: f64 = 1.4826;
/// Damped tries of one step.
const TRIES: u32 = 12;

/// Minimises the (weighted) sum of squares from `start`. `evaluate` gives `None` where the functions have no value.
///
/// # Errors
/// [`NoStart`] when there is no value at `start`. Not converging is no error: [`Minimum::converged`] says so.
pub fn minimise(
    start: &[f64],
    settings: &Settings,
    evaluate: &mut dyn FnMut(&[f64]) -> Option<Evaluation>,
) -> Result<Minimum, NoStart> {
    let free = vec![(f64::NEG_INFINITY, f64::INFINITY); start.len()];
    minimise_within(start, &free, settings, evaluate)
}

/// As [`minimise`], with every unknown kept between its two bounds.
///
/// # Errors
/// [`NoStart`] when there is no value at `start`.
pub fn minimise_within(
    start: &[f64],
    bounds: &[(f64, f64)],
    settings: &Settings,
    evaluate: &mut dyn FnMut(&[f64]) -> Option<Evaluation>,
) -> Result<Minimum, NoStart> {
    let mut x: Vec<f64> = kept(start, bounds);
    let mut at = evaluate(&x).ok_or(NoStart)?;
    let (mut iterations, mut converged) = (0, false);
    let (mut weights, mut scale) = weights_of(&at.residuals, settings, None);
    while iterations < settings.iterations_max && !converged {
        iterations += 1;
        let (next, next_at, length) = match step(&x, &at, &weights, bounds, settings, evaluate) {
            Ok(step) => step,
            Err(Stuck { had_values }) => {
                // Where there are values and none is lower, this is as low as rounding lets it go.
                converged = had_values;
                break;
            }
        };
        (x, at) = (next, next_at);
        let held = (iterations > SCALE_STEPS).then_some(scale);
        let (new_weights, new_scale) = weights_of(&at.residuals, settings, held);
        let shift = largest_difference(&weights, &new_weights);
        (weights, scale) = (new_weights, new_scale);
        converged = length < STEP_TOLERANCE && shift < WEIGHT_TOLERANCE;
    }
    let at_bound = resting(&x, &at, &weights, bounds);
    Ok(finish(
        x, at, weights, scale, at_bound, settings, iterations, converged,
    ))
}

/// A place moved between the bounds.
fn kept(x: &[f64], bounds: &[(f64, f64)]) -> Vec<f64> {
    let pairs = x.iter().zip(bounds);
    pairs
        .map(|(x, (low, high))| x.max(*low).min(*high))
        .collect()
}

/// Unknowns at a bound whose sum of squares would fall beyond it.
fn resting(x: &[f64], at: &Evaluation, weights: &[f64], bounds: &[(f64, f64)]) -> Vec<bool> {
    let n = x.len();
    let (jacobian, residuals) = weighted(at, weights, n);
    let gradient = |j: usize| -> f64 {
        let rows = residuals.iter().enumerate();
        rows.map(|(i, r)| jacobian[i * n + j] * r).sum()
    };
    (0..n)
        .map(|j| {
            let (low, high) = bounds[j];
            (x[j] <= low && gradient(j) > 0.0) || (x[j] >= high && gradient(j) < 0.0)
        })
        .collect()
}

/// Takes the columns of unknowns that rest out of a Jacobian: a column of zeros is one that nothing moves.
fn without(jacobian: &mut [f64], resting: &[bool]) {
    for row in jacobian.chunks_exact_mut(resting.len().max(1)) {
        for (v, _) in row.iter_mut().zip(resting).filter(|(_, rests)| **rests) {
            *v = 0.0;
        }
    }
}

fn finish(
    x: Vec<f64>,
    at: Evaluation,
    weights: Vec<f64>,
    scale: f64,
    at_bound: Vec<bool>,
    settings: &Settings,
    iterations: u32,
    converged: bool,
) -> Minimum {
    let n = x.len();
    let (mut jacobian, residuals) = weighted(&at, &weights, n);
    without(&mut jacobian, &at_bound);
    let qr = Qr::factor(&jacobian, residuals.len(), n, settings.rank_tolerance);
    let sum_of_squares: f64 = residuals.iter().map(|r| r * r).sum();
    let freedom = residuals.len().saturating_sub(qr.rank());
    let variance = if freedom > 0 {
        sum_of_squares / freedom as f64
    } else {
        f64::NAN
    };
    let covariance = qr.inverse_normal().iter().map(|v| v * variance).collect();
    Minimum {
        x,
        at,
        weights,
        scale,
        sum_of_squares,
        variance,
        covariance,
        at_bound,
        qr,
        iterations,
        converged,
    }
}

type Step = (Vec<f64>, Evaluation, f64);

/// No step lowers the sum of squares.
struct Stuck {
    /// Whether the functions had values at any place tried.
    had_values: bool,
}

/// One step that lowers the sum of squares at the present weights, and its length in residuals.
fn step(
    x: &[f64],
    at: &Evaluation,
    weights: &[f64],
    bounds: &[(f64, f64)],
    settings: &Settings,
    evaluate: &mut dyn FnMut(&[f64]) -> Option<Evaluation>,
) -> Result<Step, Stuck> {
    let n = x.len();
    let (mut jacobian, residuals) = weighted(at, weights, n);
    without(&mut jacobian, &resting(x, at, weights, bounds));
    let before: f64 = residuals.iter().map(|r| r * r).sum();
    let (mut damping, mut had_values) = (0.0, false);
    for _ in 0..TRIES {
        let change = damped_step(&jacobian, &residuals, n, damping, settings.rank_tolerance);
        let ahead: Vec<f64> = x.iter().zip(&change).map(|(x, d)| x + d).collect();
        let trial = kept(&ahead, bounds);
        let change: Vec<f64> = trial.iter().zip(x).map(|(t, x)| t - x).collect();
        if let Some(there) = evaluate(&trial) {
            had_values = true;
            let (_, after) = weighted(&there, weights, n);
            let sum: f64 = after.iter().map(|r| r * r).sum();
            if sum <= before * (1.0 + 1e-13) {
                let moved = jacobian.chunks_exact(n.max(1)).map(|row| {
                    row.iter()
                        .zip(&change)
                        .map(|(j, d)| j * d)
                        .sum::<f64>()
                        .powi(2)
                });
                let scale = (1.0 + before).sqrt();
                return Ok((trial, there, moved.sum::<f64>().sqrt() / scale));
            }
        }
        damping = if damping == 0.0 { 1e-3 } else { damping * 10.0 };
    }
    Err(Stuck { had_values })
}

/// −argmin |J d + r|² + damping Σ (|J_j| d_j)².
fn damped_step(
    jacobian: &[f64],
    residuals: &[f64],
    n: usize,
    damping: f64,
    tolerance: f64,
) -> Vec<f64> {
    let rows = residuals.len();
    let negative: Vec<f64> = residuals.iter().map(|r| -r).collect();
    if damping == 0.0 {
        return Qr::factor(jacobian, rows, n, tolerance).solve(&negative);
    }
    let mut matrix = jacobian.to_vec();
    for j in 0..n {
        let square: f64 = (0..rows).map(|i| jacobian[i * n + j].powi(2)).sum();
        let mut row = vec![0.0; n];
        row[j] = (damping * square).sqrt();
        matrix.extend(row);
    }
    let mut right = negative;
    right.resize(rows + n, 0.0);
    Qr::factor(&matrix, rows + n, n, tolerance).solve(&right)
}

fn weighted(at: &Evaluation, weights: &[f64], n: usize) -> (Vec<f64>, Vec<f64>) {
    let root = |i: usize| weights[i].sqrt();
    let jacobian = at
        .jacobian
        .iter()
        .enumerate()
        .map(|(k, v)| v * root(k / n.max(1)));
    let residuals = at.residuals.iter().enumerate().map(|(i, r)| r * root(i));
    (jacobian.collect(), residuals.collect())
}

/// Weights by Huber's loss, and the scale they are made with; `held` is one to keep.
fn weights_of(residuals: &[f64], settings: &Settings, held: Option<f64>) -> (Vec<f64>, f64) {
    let mut weights = vec![1.0; residuals.len()];
    let Loss::Huber(k) = settings.loss else {
        return (weights, 1.0);
    };
    let data = settings.data_rows.min(residuals.len());
    // Rows of weight zero say nothing about the scale.
    let mut sizes: Vec<f64> = residuals[..data]
        .iter()
        .map(|r| r.abs())
        .filter(|r| *r > 0.0)
        .collect();
    if sizes.is_empty() {
        return (weights, 1.0);
    }
    sizes.sort_unstable_by(f64::total_cmp);
    let scale = held.unwrap_or(MAD_TO_DEVIATION * sizes[sizes.len() / 2]);
    for (weight, r) in weights.iter_mut().zip(&residuals[..data]) {
        if r.abs() > k * scale {
            *weight = k * scale / r.abs();
        }
    }
    (weights, scale)
}

fn largest_difference(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |m, (a, b)| m.max((a - b).abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nist::{self, MISRA1A, saturating};

    fn settings(loss: Loss, data_rows: usize) -> Settings {
        Settings {
            loss,
            data_rows,
            rank_tolerance: 1e-10,
            iterations_max: 100,
        }
    }

    fn line(points: &[(f64, f64)]) -> impl FnMut(&[f64]) -> Option<Evaluation> + '_ {
        |x| {
            Some(Evaluation {
                residuals: points.iter().map(|&(t, y)| x[0] + x[1] * t - y).collect(),
                jacobian: points.iter().flat_map(|&(t, _)| [1.0, t]).collect(),
            })
        }
    }

    #[test]
    fn a_linear_problem_takes_one_step() {
        let points = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0), (3.0, 7.0)];
        let fit = minimise(&[0.0, 0.0], &settings(Loss::Squares, 4), &mut line(&points)).unwrap();
        assert!(fit.converged && fit.iterations <= 2, "{}", fit.iterations);
        assert!((fit.x[0] - 1.0).abs() < 1e-13 && (fit.x[1] - 2.0).abs() < 1e-13);
    }

    #[test]
    fn huber_resists_a_blunder_that_pulls_plain_squares() {
        let noise = [0.01, -0.02, 0.015, -0.005, 0.02, -0.012, 0.004, -0.018];
        let mut points: Vec<(f64, f64)> = (0..8)
            .map(f64::from)
            .zip(noise)
            .map(|(t, e)| (t, 1.0 + 2.0 * t + e))
            .collect();
        points[6].1 += 50.0;
        let plain = minimise(&[0.0, 0.0], &settings(Loss::Squares, 8), &mut line(&points)).unwrap();
        let robust = minimise(
            &[0.0, 0.0],
            &settings(Loss::Huber(1.345), 8),
            &mut line(&points),
        )
        .unwrap();
        assert!((plain.x[1] - 2.0).abs() > 0.5, "{:?}", plain.x);
        assert!((robust.x[1] - 2.0).abs() < 0.02, "{:?}", robust.x);
        assert!(robust.weights[6] < 0.01);
    }

    /// y = b1 (1 − exp(−b2 t)): data set Misra1a of the NIST Statistical Reference Datasets, second start.
    #[test]
    fn a_nonlinear_certified_problem() {
        let mut model = saturating(&MISRA1A);
        let fit = minimise(&[250.0, 5e-4], &settings(Loss::Squares, 14), &mut model).unwrap();
        assert!((fit.x[0] / 238.94212918 - 1.0).abs() < 1e-7, "{:?}", fit.x);
        assert!(
            (fit.x[1] / 5.5015643181e-4 - 1.0).abs() < 1e-7,
            "{:?}",
            fit.x
        );
        let deviation = fit.covariance[0].sqrt();
        assert!((deviation / 2.7070075241 - 1.0).abs() < 1e-5, "{deviation}");
    }

    /// A certified problem of the NIST Statistical Reference Datasets (nonlinear regression, www.itl.nist.gov/div898/strd):
    /// values, their standard deviations, residual sum of squares; derivatives by differences, as for a flowsheet.
    struct Certified {
        model: fn(&[f64], f64) -> f64,
        points: &'static [(f64, f64)],
        starts: [&'static [f64]; 2],
        values: &'static [f64],
        deviations: &'static [f64],
        squares: f64,
        /// About what a datum is off by: residuals are counted in standard deviations.
        sigma: f64,
    }

    const RAT42: Certified = Certified {
        model: |b, x| b[0] / (1.0 + (b[1] - b[2] * x).exp()),
        points: &[
            (9.0, 8.930),
            (14.0, 10.800),
            (21.0, 18.590),
            (28.0, 22.330),
            (42.0, 39.350),
            (57.0, 56.110),
            (63.0, 61.730),
            (70.0, 64.620),
            (79.0, 67.080),
        ],
        starts: [&[100.0, 1.0, 0.1], &[75.0, 2.5, 0.07]],
        values: &[7.2462237576e1, 2.6180768402, 6.7359200066e-2],
        deviations: &[1.7340283401, 8.8295217536e-2, 3.4465663377e-3],
        squares: 8.0565229338,
        sigma: 1.0,
    };

    const BOXBOD: Certified = Certified {
        model: |b, x| b[0] * (1.0 - (-b[1] * x).exp()),
        points: &nist::BOXBOD,
        // The first start of NIST, (1, 1), leads to a plateau at b2 → ∞, where a bound would stop it.
        starts: [&[100.0, 0.75], &[150.0, 1.0]],
        values: &[2.1380940889e2, 5.4723748542e-1],
        deviations: &[1.2354515176e1, 1.0455993237e-1],
        squares: 1.1680088766e3,
        sigma: 15.0,
    };

    const MGH09: Certified = Certified {
        model: |b, x| b[0] * (x * x + x * b[1]) / (x * x + x * b[2] + b[3]),
        points: &[
            (4.0, 0.1957),
            (2.0, 0.1947),
            (1.0, 0.1735),
            (0.5, 0.1600),
            (0.25, 0.0844),
            (0.167, 0.0627),
            (0.125, 0.0456),
            (0.1, 0.0342),
            (0.0833, 0.0323),
            (0.0714, 0.0235),
            (0.0625, 0.0246),
        ],
        starts: [&[0.25, 0.39, 0.415, 0.39], &[0.25, 0.39, 0.415, 0.39]],
        values: &[
            1.9280693458e-1,
            1.9128232873e-1,
            1.2305650693e-1,
            1.3606233068e-1,
        ],
        deviations: &[
            1.1435312227e-2,
            1.9633220911e-1,
            8.0842031232e-2,
            9.0025542308e-2,
        ],
        squares: 3.0750560385e-4,
        sigma: 1e-3,
    };

    #[test]
    fn certified_problems_of_average_and_higher_difficulty() {
        for problem in [&RAT42, &BOXBOD, &MGH09] {
            let residuals = |b: &[f64]| -> Vec<f64> {
                let points = problem.points.iter();
                points
                    .map(|&(x, y)| ((problem.model)(b, x) - y) / problem.sigma)
                    .collect()
            };
            let mut evaluate = |b: &[f64]| {
                let (n, here) = (b.len(), residuals(b));
                let mut jacobian = vec![0.0; here.len() * n];
                for j in 0..n {
                    let step = 1e-6 * b[j].abs();
                    let beside = |by: f64| {
                        let mut b = b.to_vec();
                        b[j] += by;
                        residuals(&b)
                    };
                    let (above, below) = (beside(step), beside(-step));
                    for i in 0..here.len() {
                        jacobian[i * n + j] = (above[i] - below[i]) / (2.0 * step);
                    }
                }
                Some(Evaluation {
                    residuals: here,
                    jacobian,
                })
            };
            for start in problem.starts {
                let asked = settings(Loss::Squares, problem.points.len());
                let fit = minimise(start, &asked, &mut evaluate).unwrap();
                assert!(fit.converged, "{start:?}: {} steps", fit.iterations);
                let squares = fit.sum_of_squares * problem.sigma.powi(2);
                assert!((squares / problem.squares - 1.0).abs() < 1e-8, "{squares}");
                for (j, value) in problem.values.iter().enumerate() {
                    let deviation = fit.covariance[j * start.len() + j].sqrt();
                    assert!((fit.x[j] - value).abs() < 1e-4 * deviation, "{:?}", fit.x);
                    assert!(
                        (deviation / problem.deviations[j] - 1.0).abs() < 1e-5,
                        "{deviation}"
                    );
                }
            }
        }
    }

    #[test]
    fn an_unknown_rests_at_its_bound_and_the_others_find_their_best() {
        // y = a + b t through (0, 1), (1, 3), (2, 5), (3, 7) with b ≤ 1.5: then a is the mean of y − 1.5 t.
        let points = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0), (3.0, 7.0)];
        let bounds = [(-10.0, 10.0), (0.0, 1.5)];
        let asked = settings(Loss::Squares, 4);
        let fit = minimise_within(&[0.0, 0.5], &bounds, &asked, &mut line(&points)).unwrap();
        assert!(fit.converged && fit.at_bound == [false, true], "{fit:?}");
        assert!((fit.x[0] - 1.75).abs() < 1e-9 && fit.x[1] == 1.5);
        assert!(fit.covariance[0] > 0.0 && fit.covariance[3].is_nan());
        // A bound that does not matter changes nothing; a start at it is left again.
        let fit = minimise_within(
            &[0.0, 0.0],
            &[(-10.0, 10.0), (0.0, 9.0)],
            &asked,
            &mut line(&points),
        )
        .unwrap();
        assert!((fit.x[1] - 2.0).abs() < 1e-9 && fit.at_bound == [false, false]);
    }

    #[test]
    fn what_the_data_do_not_determine_stays_where_it_started() {
        let mut model = |x: &[f64]| {
            Some(Evaluation {
                residuals: vec![x[0] + x[1] - 3.0, 2.0 * (x[0] + x[1]) - 6.2],
                jacobian: vec![1.0, 1.0, 0.0, 2.0, 2.0, 0.0],
            })
        };
        let fit = minimise(&[0.5, 0.5, 7.0], &settings(Loss::Squares, 2), &mut model).unwrap();
        assert_eq!(fit.qr.rank(), 1);
        assert_eq!(fit.x[2], 7.0);
        assert_eq!(fit.qr.dependencies().len(), 2);
    }
}
