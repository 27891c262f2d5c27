//! Least squares of functions that are linear or nearly so, plain or robust.
//!
//! Gauss–Newton steps from a pivoted QR of the weighted Jacobian; where a step does not lower the sum of squares
//! it is damped after Levenberg and Marquardt (Nocedal & Wright, Numerical Optimization, 2nd ed., section 10.3). The robust loss is Huber's
//! (1964, Ann. Math. Statist. 35, 73), by iteratively reweighted least squares: a residual beyond k scales counts
//! with weight k·scale/|r|; the scale is 1.4826 times the median absolute residual, so a few per cent of
//! blunders neither pull the fit nor widen its scale.

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
    /// variance · (JᵀWJ)⁻¹, row-major; NaN for unknowns that are not determined.
    pub covariance: Vec<f64>,
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
    let mut x = start.to_vec();
    let mut at = evaluate(&x).ok_or(NoStart)?;
    let (mut iterations, mut converged) = (0, false);
    let (mut weights, mut scale) = weights_of(&at.residuals, settings, None);
    while iterations < settings.iterations_max && !converged {
        iterations += 1;
        let (next, next_at, length) = match step(&x, &at, &weights, settings, evaluate) {
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
    Ok(finish(
        x, at, weights, scale, settings, iterations, converged,
    ))
}

fn finish(
    x: Vec<f64>,
    at: Evaluation,
    weights: Vec<f64>,
    scale: f64,
    settings: &Settings,
    iterations: u32,
    converged: bool,
) -> Minimum {
    let n = x.len();
    let (jacobian, residuals) = weighted(&at, &weights, n);
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
    settings: &Settings,
    evaluate: &mut dyn FnMut(&[f64]) -> Option<Evaluation>,
) -> Result<Step, Stuck> {
    let n = x.len();
    let (jacobian, residuals) = weighted(at, weights, n);
    let before: f64 = residuals.iter().map(|r| r * r).sum();
    let (mut damping, mut had_values) = (0.0, false);
    for _ in 0..TRIES {
        let change = damped_step(&jacobian, &residuals, n, damping, settings.rank_tolerance);
        let trial: Vec<f64> = x.iter().zip(&change).map(|(x, d)| x + d).collect();
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
        let points = [
            (77.6, 10.07),
            (114.9, 14.73),
            (141.1, 17.94),
            (190.8, 23.93),
            (239.9, 29.61),
            (289.0, 35.18),
            (332.8, 40.02),
            (378.4, 44.82),
            (434.8, 50.76),
            (477.3, 55.05),
            (536.8, 61.01),
            (593.1, 66.40),
            (689.1, 75.47),
            (760.0, 81.78),
        ];
        let mut model = |x: &[f64]| {
            Some(Evaluation {
                residuals: points
                    .iter()
                    .map(|&(t, y)| x[0] * (1.0 - (-x[1] * t).exp()) - y)
                    .collect(),
                jacobian: points
                    .iter()
                    .flat_map(|&(t, _): &(f64, f64)| {
                        let e = (-x[1] * t).exp();
                        [1.0 - e, x[0] * t * e]
                    })
                    .collect(),
            })
        };
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
