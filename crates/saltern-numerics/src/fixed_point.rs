//! x = g(x), bounded: Anderson acceleration, damped substitution where it does not help, Newton's method behind both.
//!
//! With residuals r_i = g(x_i) − x_i of the last passes, Anderson's method (1965, J. ACM 12:547; in the form of
//! Walker & Ni 2011, SIAM J. Numer. Anal. 49:1715) takes the combination of passes whose residual is least:
//!
//! ```text
//! γ = argmin ‖ r_k − ΔR γ ‖,   x_{k+1} = x_k + r_k − (ΔX + ΔR) γ
//! ```
//!
//! For one unknown it is the secant method. An accelerated point counts as a *try*: it is held between the bounds, and
//! where the residual then grows, or g has no value there, the history is dropped and a damped substitution is made
//! from the best point. No accelerated point is ever the answer: the answer is a pass whose residual is small.

use crate::lu::Lu;
use crate::qr::Qr;

/// How a fixed point is sought.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Largest |g(x) − x| / size, |x| between one and a thousand scales, of the answer.
    pub tolerance: f64,
    /// Passes of g before Newton's method is tried.
    pub passes: u32,
    /// Passes kept for acceleration.
    pub depth: usize,
    /// Newton steps, each of one pass an unknown, tried at last.
    pub newton_steps: u32,
    /// Lowest values; an unknown without a bound has −∞.
    pub lowest: Vec<f64>,
    /// Highest values.
    pub highest: Vec<f64>,
    /// Least size of each unknown: what its residual is measured by where the unknown itself is smaller. Above zero.
    pub scale: Vec<f64>,
}

impl Settings {
    /// Free unknowns of size one.
    pub fn free(unknowns: usize) -> Settings {
        Settings {
            tolerance: 1e-10,
            passes: 100,
            depth: 5,
            newton_steps: 12,
            lowest: vec![f64::NEG_INFINITY; unknowns],
            highest: vec![f64::INFINITY; unknowns],
            scale: vec![1.0; unknowns],
        }
    }

    /// Residuals as shares of what they are measured by: |x|, between one and a thousand scales.
    pub fn shares<'a>(
        &'a self,
        x: &'a [f64],
        residual: &'a [f64],
    ) -> impl Iterator<Item = f64> + 'a {
        let sized = residual.iter().zip(&self.scale).zip(x);
        sized.map(|((r, s), x)| r / x.abs().clamp(*s, LARGEST * s))
    }
}

/// How the last step was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The first guess was it.
    Guess,
    /// Substitution, x := g(x), damped or not.
    Substitution,
    /// Anderson acceleration.
    Anderson,
    /// Newton's method on g(x) − x.
    Newton,
}

/// Where the search ended.
#[derive(Clone, Debug, PartialEq)]
pub struct FixedPoint {
    /// The point of the smallest residual; the answer only if `converged`.
    pub x: Vec<f64>,
    /// g(x) − x there.
    pub residual: Vec<f64>,
    /// Largest |g(x) − x| / size, |x| between one and a thousand scales, there.
    pub size: f64,
    /// Whether `size` is within the tolerance.
    pub converged: bool,
    /// Passes of g in all.
    pub passes: u32,
    /// Passes on which g had no value.
    pub failed: u32,
    /// How the point was reached.
    pub method: Method,
}

/// Growth of the residual over the best that is borne before the history is dropped.
const BORNE: f64 = 3.0;
/// Share of a substitution that is made after an accelerated point failed; halved each time it fails again.
const DAMPED: f64 = 0.5;
/// How far beyond a bound, in scales, an accelerated point may lie to be held at the bound; beyond, it is no guide.
const BEYOND: f64 = 1e-2;
/// How many scales an unknown may be measured by: what runs away is not to look small beside itself.
const LARGEST: f64 = 1e3;
/// Longest stride of such a pass, in substitutions: what runs away is not to get out of sight.
const LONGEST: f64 = 20.0;
/// Passes of substitution made when acceleration gets nowhere.
const PATIENCE: u32 = 120;
/// Smallest share tried.
const LEAST_SHARE: f64 = 1e-3;
/// Step of the differences of Newton's method, in scales.
const DIFFERENCE: f64 = 1e-6;

/// Seeks x = g(x) from `start`; `g` gives `None` where it has no value.
pub fn solve(
    start: &[f64],
    settings: &Settings,
    g: &mut dyn FnMut(&[f64]) -> Option<Vec<f64>>,
) -> FixedPoint {
    let mut search = Search {
        settings,
        best: FixedPoint {
            x: bounded(start, settings),
            residual: vec![f64::NAN; start.len()],
            size: f64::INFINITY,
            converged: false,
            passes: 0,
            failed: 0,
            method: Method::Guess,
        },
    };
    search.accelerate(settings.passes, g);
    if !search.best.converged && search.best.size.is_finite() {
        search.wander(g);
    }
    if !search.best.converged && search.best.size.is_finite() {
        search.newton(g);
    }
    search.best
}

struct Search<'a> {
    settings: &'a Settings,
    best: FixedPoint,
}

impl Search<'_> {
    /// One pass; keeps the best point.
    fn pass(
        &mut self,
        x: &[f64],
        method: Method,
        g: &mut dyn FnMut(&[f64]) -> Option<Vec<f64>>,
    ) -> Option<(Vec<f64>, f64)> {
        self.best.passes += 1;
        let image = g(x).filter(|image| image.iter().all(|v| v.is_finite()));
        let Some(image) = image else {
            self.best.failed += 1;
            return None;
        };
        let residual: Vec<f64> = image.iter().zip(x).map(|(g, x)| g - x).collect();
        let size = self.size(x, &residual);
        if size < self.best.size {
            self.best.x.copy_from_slice(x);
            self.best.residual.copy_from_slice(&residual);
            self.best.size = size;
            self.best.converged = size <= self.settings.tolerance;
            self.best.method = method;
        }
        Some((residual, size))
    }

    fn size(&self, x: &[f64], residual: &[f64]) -> f64 {
        let shares = self.settings.shares(x, residual);
        shares.map(f64::abs).fold(0.0, f64::max)
    }

    /// Whether two residuals point the same way, to within some 25 degrees.
    fn alike(&self, x: &[f64], a: &[f64], b: &[f64]) -> bool {
        let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
        let shares = self.settings.shares(x, a);
        for (a, b) in shares.zip(self.settings.shares(x, b)) {
            ab += a * b;
            aa += a * a;
            bb += b * b;
        }
        ab > 0.9 * (aa * bb).sqrt()
    }

    /// Substitution as it comes, however the residual moves: a flow that builds up round a loop departs from any
    /// first guess before it settles, in ever longer strides as long as it goes one way. The search then begins anew
    /// from where that leads.
    fn wander(&mut self, g: &mut dyn FnMut(&[f64]) -> Option<Vec<f64>>) {
        let reached = self.best.clone();
        let mut x = reached.x.clone();
        let mut last: Option<(Vec<f64>, Vec<f64>, f64)> = None;
        let mut stride = 1.0;
        for _ in 0..PATIENCE {
            let Some((residual, size)) = self.pass(&x, Method::Substitution, g) else {
                break;
            };
            if self.best.converged {
                return;
            }
            let onward = last.as_ref().is_some_and(|(_, before, _)| {
                size < BORNE * self.size(&x, before) && self.alike(&x, &residual, before)
            });
            stride = if onward {
                LONGEST.min(1.5 * stride)
            } else {
                1.0
            };
            let next = x.iter().zip(&residual).map(|(x, r)| x + stride * r);
            let next = bounded(&next.collect::<Vec<f64>>(), self.settings);
            last = Some((std::mem::replace(&mut x, next), residual, size));
        }
        let Some((x, residual, size)) = last else {
            return;
        };
        let passes = self.best.passes;
        (self.best.x, self.best.residual, self.best.size) = (x, residual, size);
        self.accelerate(passes + self.settings.passes, g);
        if !self.best.converged && reached.size < self.best.size {
            (self.best.x, self.best.residual) = (reached.x, reached.residual);
            (self.best.size, self.best.method) = (reached.size, reached.method);
        }
    }

    fn accelerate(&mut self, passes: u32, g: &mut dyn FnMut(&[f64]) -> Option<Vec<f64>>) {
        let mut x = self.best.x.clone();
        let mut method = Method::Guess;
        let mut history: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
        let depth = self.settings.depth.min(x.len());
        let mut share = 1.0;
        while self.best.passes < passes && !self.best.converged {
            let before = self.best.size;
            match self.pass(&x, method, g) {
                Some((residual, size)) if size <= BORNE * before || method == Method::Guess => {
                    history.push((x.clone(), residual));
                    if history.len() > depth + 1 {
                        history.remove(0);
                    }
                    if size < before {
                        share = 1.0;
                    }
                    let (next, with) = self.next(&history, share);
                    (x, method) = (next, with);
                }
                _ if !self.best.size.is_finite() => return, // no value even at the first guess
                _ => {
                    history.clear();
                    share = if share == 1.0 { DAMPED } else { 0.5 * share };
                    if share < LEAST_SHARE {
                        return;
                    }
                    x = self.substituted(share);
                    method = Method::Substitution;
                }
            }
        }
    }

    /// The accelerated point, or a substitution where there is no history.
    fn next(&self, history: &[(Vec<f64>, Vec<f64>)], share: f64) -> (Vec<f64>, Method) {
        let Some(((x, residual), earlier)) = history.split_last() else {
            return (self.substituted(share), Method::Substitution);
        };
        let mut next: Vec<f64> = x.iter().zip(residual).map(|(x, r)| x + share * r).collect();
        if earlier.is_empty() {
            return (bounded(&next, self.settings), Method::Substitution);
        }
        let (n, m) = (x.len(), earlier.len());
        let scale = &self.settings.scale;
        let mut matrix = vec![0.0; n * m];
        for (j, (_, r)) in earlier.iter().enumerate() {
            for i in 0..n {
                matrix[i * m + j] = (residual[i] - r[i]) / scale[i];
            }
        }
        let scaled: Vec<f64> = residual.iter().zip(scale).map(|(r, s)| r / s).collect();
        let gamma = Qr::factor(&matrix, n, m, 1e-12).solve(&scaled);
        if gamma.iter().any(|v| !v.is_finite()) {
            return (bounded(&next, self.settings), Method::Substitution);
        }
        for ((px, pr), gamma) in earlier.iter().zip(&gamma) {
            for i in 0..n {
                next[i] -= gamma * (x[i] - px[i] + residual[i] - pr[i]);
            }
        }
        let held = bounded(&next, self.settings);
        let moved = next.iter().zip(&held).zip(scale);
        if moved
            .map(|((n, h), s)| (n - h).abs() / s)
            .any(|share| share > BEYOND)
        {
            // Extrapolated to where nothing can be, as where a residual grows along a flow that piles up: the honest
            // way is on.
            let on: Vec<f64> = x.iter().zip(residual).map(|(x, r)| x + share * r).collect();
            return (bounded(&on, self.settings), Method::Substitution);
        }
        (held, Method::Anderson)
    }

    /// A share of the way from the best point to its image.
    fn substituted(&self, share: f64) -> Vec<f64> {
        let next = self.best.x.iter().zip(&self.best.residual);
        let next: Vec<f64> = next.map(|(x, r)| x + share * r).collect();
        bounded(&next, self.settings)
    }

    /// Newton's method with differences from the best point, each step halved until the residual falls.
    fn newton(&mut self, g: &mut dyn FnMut(&[f64]) -> Option<Vec<f64>>) {
        let n = self.best.x.len();
        for _ in 0..self.settings.newton_steps {
            let (x, residual, size) = (
                self.best.x.clone(),
                self.best.residual.clone(),
                self.best.size,
            );
            let Some(mut step) = self.newton_step(&x, &residual, g) else {
                return;
            };
            let mut halvings = 0;
            while !self.best.converged && self.best.size >= size && halvings < 10 {
                let trial: Vec<f64> = x.iter().zip(&step).map(|(x, d)| x + d).collect();
                self.pass(&bounded(&trial, self.settings), Method::Newton, g);
                step.iter_mut().for_each(|d| *d *= 0.5);
                halvings += 1;
            }
            if self.best.converged || self.best.size >= size || n == 0 {
                return;
            }
        }
    }

    fn newton_step(
        &mut self,
        x: &[f64],
        residual: &[f64],
        g: &mut dyn FnMut(&[f64]) -> Option<Vec<f64>>,
    ) -> Option<Vec<f64>> {
        // What is nothing and stays nothing is no unknown: its residual depends on the others alone.
        let moving: Vec<usize> = (0..x.len())
            .filter(|&j| x[j] != 0.0 || residual[j] != 0.0)
            .collect();
        let n = moving.len();
        let mut jacobian = vec![0.0; n * n];
        for (column, &j) in moving.iter().enumerate() {
            let mut moved = x.to_vec();
            moved[j] += DIFFERENCE * self.settings.scale[j];
            if moved[j] > self.settings.highest[j] {
                moved[j] = x[j] - DIFFERENCE * self.settings.scale[j];
            }
            let step = moved[j] - x[j];
            self.best.passes += 1;
            let image = g(&moved)?;
            for (row, &i) in moving.iter().enumerate() {
                jacobian[row * n + column] = (image[i] - moved[i] - residual[i]) / step;
            }
        }
        let mut solved: Vec<f64> = moving.iter().map(|&i| -residual[i]).collect();
        Lu::default().solve(&jacobian, &mut solved).ok()?;
        let mut step = vec![0.0; x.len()];
        for (&i, d) in moving.iter().zip(&solved) {
            step[i] = *d;
        }
        step.iter().all(|d| d.is_finite()).then_some(step)
    }
}

fn bounded(x: &[f64], settings: &Settings) -> Vec<f64> {
    let bounds = settings.lowest.iter().zip(&settings.highest);
    let held = x.iter().zip(bounds);
    held.map(|(x, (low, high))| x.max(*low).min(*high))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(start: &[f64], settings: &Settings, g: impl Fn(&[f64]) -> Vec<f64>) -> FixedPoint {
        solve(start, settings, &mut |x| Some(g(x)))
    }

    /// differentiable-flowsheets #166: with q and 1 − q swapped, Wegstein's method cannot do even this.
    #[test]
    fn a_straight_line_is_solved_by_its_third_pass() {
        let answer = found(&[0.0], &Settings::free(1), |x| vec![2.0 + 0.5 * x[0]]);
        assert!(
            answer.converged && (answer.x[0] - 4.0).abs() < 1e-12,
            "{answer:?}"
        );
        assert!(answer.passes <= 3, "{answer:?}");
    }

    /// dwsim10 #83: one recycle's accelerator froze the other and ended in NaN.
    #[test]
    fn two_independent_loops_do_not_disturb_each_other() {
        let g = |x: &[f64]| vec![2.0 + 0.5 * x[0], 100.0 - 0.9 * x[1]];
        let answer = found(&[0.0, 0.0], &Settings::free(2), g);
        assert!(answer.converged, "{answer:?}");
        assert!((answer.x[0] - 4.0).abs() < 1e-9 && (answer.x[1] - 100.0 / 1.9).abs() < 1e-8);
    }

    /// Substitution diverges (slope −3); the secant finds it.
    #[test]
    fn a_loop_that_substitution_blows_up_converges() {
        let answer = found(&[1.0], &Settings::free(1), |x| vec![8.0 - 3.0 * x[0]]);
        assert!(
            answer.converged && (answer.x[0] - 2.0).abs() < 1e-9,
            "{answer:?}"
        );
    }

    /// dwsim10 #63: an accelerated step used as the new point gave −2.5 kg/h.
    #[test]
    fn no_pass_is_made_beyond_the_bounds() {
        let mut settings = Settings::free(1);
        settings.lowest = vec![0.0];
        let mut least = f64::INFINITY;
        let answer = solve(&[5.0], &settings, &mut |x| {
            least = least.min(x[0]);
            Some(vec![0.1 * x[0] * x[0] / (1.0 + x[0])])
        });
        assert!(answer.converged && least >= 0.0, "{answer:?}, {least}");
    }

    #[test]
    fn a_kink_does_not_stop_it() {
        let g = |x: &[f64]| {
            vec![if x[0] > 3.0 {
                5.0 - 0.8 * (x[0] - 3.0)
            } else {
                5.0
            }]
        };
        let answer = found(&[0.0], &Settings::free(1), g);
        assert!(
            answer.converged && (answer.x[0] - 7.4 / 1.8).abs() < 1e-9,
            "{answer:?}"
        );
    }

    /// A salt that piles up round a loop until its liquor is saturated: residuals grow before they fall.
    #[test]
    fn what_piles_up_before_it_settles_is_found() {
        let g = |x: &[f64]| {
            let kept = (x[0] - 20.0).max(0.0);
            vec![0.6 + 1.02 * x[0] - 0.9 * kept, 0.1 * x[0] + 0.5 * x[1]]
        };
        let mut settings = Settings::free(2);
        settings.lowest = vec![0.0; 2];
        settings.scale = vec![0.03, 0.1];
        let answer = found(&[0.03, 0.0], &settings, g);
        let exact = (0.6 + 18.0) / 0.88;
        assert!(
            answer.converged && (answer.x[0] / exact - 1.0).abs() < 1e-8,
            "{answer:?}"
        );
    }

    #[test]
    fn what_has_no_fixed_point_is_not_given_one() {
        let answer = found(&[0.0], &Settings::free(1), |x| vec![x[0] + 1.0]);
        assert!(!answer.converged && answer.residual == [1.0], "{answer:?}");
        let answer = solve(&[0.0], &Settings::free(1), &mut |_| None);
        assert!(!answer.converged && answer.failed == 1);
    }

    proptest! {
        /// Any linear loop whose matrix does not have the eigenvalue one has one fixed point, and it is found.
        #[test]
        fn linear_loops_are_solved(
            entries in prop::collection::vec(-0.6..0.6f64, 16),
            right in prop::collection::vec(-10.0..10.0f64, 4),
        ) {
            let g = |x: &[f64]| -> Vec<f64> {
                (0..4).map(|i| right[i] + (0..4).map(|j| entries[4 * i + j] * x[j]).sum::<f64>()).collect()
            };
            let mut matrix: Vec<f64> = entries.iter().map(|e| -e).collect();
            (0..4).for_each(|i| matrix[5 * i] += 1.0);
            let mut exact = right.clone();
            Lu::default().solve(&matrix, &mut exact).unwrap();
            prop_assume!(exact.iter().all(|v| v.abs() < 1e4));
            let answer = found(&[0.0; 4], &Settings::free(4), g);
            prop_assert!(answer.converged, "{answer:?}");
            for (a, b) in answer.x.iter().zip(&exact) {
                prop_assert!((a - b).abs() < 1e-4 * b.abs().max(1.0), "{a} {b}");
            }
        }
    }
}
