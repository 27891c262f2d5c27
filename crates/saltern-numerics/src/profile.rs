//! Profile likelihood: how the best sum of squares rises as one unknown is moved and the others follow.
//!
//! The signed root τ(x) = ±√((S(x) − S_min)/s²) is a straight line where the model is linear, and x = x̂ ± t·se lies at
//! τ = ±t then (Bates & Watts, Nonlinear Regression Analysis and its Applications, 1988, section 6.1). Where it bends, the
//! interval |τ| ≤ t is the one to believe.

use crate::least_squares::{Evaluation, Minimum, Settings, minimise_within};

/// A place on a profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The unknown that is moved.
    pub x: f64,
    /// Signed root of the rise, in standard deviations.
    pub tau: f64,
    /// All unknowns, at their best.
    pub all: Vec<f64>,
}

/// Why an interval ends where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The rise reaches its limit there.
    Reached,
    /// The bound of the unknown comes first.
    Bound,
    /// The functions have no value further on.
    NoValue,
    /// It was not found in the steps allowed: the data set no limit on this side.
    Open,
}

/// A profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Places in ascending order, the minimum among them.
    pub points: Vec<Point>,
    /// Ends of the interval.
    pub interval: (f64, f64),
    /// Why they are the ends.
    pub ends: (End, End),
}

/// Steps on one side.
const STEPS: u32 = 14;
/// A limit is reached when τ is within this of it.
const CLOSE: f64 = 2e-3;

/// The profile of unknown `k` from its minimum out to |τ| = `limit`; `deviation` is its standard error, the first stride.
///
/// `variance` is that of a residual of unit weight, by which rises are measured.
pub fn profile(
    minimum: &Minimum,
    k: usize,
    deviation: f64,
    limit: f64,
    variance: f64,
    bounds: &[(f64, f64)],
    settings: &Settings,
    evaluate: &mut dyn FnMut(&[f64]) -> Option<Evaluation>,
) -> Profile {
    let middle = Point {
        x: minimum.x[k],
        tau: 0.0,
        all: minimum.x.clone(),
    };
    let mut side = |direction: f64| {
        let mut walk = Walk {
            minimum,
            k,
            direction,
            variance,
            bounds,
            settings,
            points: vec![middle.clone()],
        };
        let (end, why) = walk.out(deviation, limit, evaluate);
        (walk.points, end, why)
    };
    let (mut below, low, why_low) = side(-1.0);
    let (above, high, why_high) = side(1.0);
    below.sort_by(|a, b| a.x.total_cmp(&b.x));
    let mut above: Vec<Point> = above.into_iter().skip(1).collect();
    above.sort_by(|a, b| a.x.total_cmp(&b.x));
    below.extend(above);
    Profile {
        points: below,
        interval: (low, high),
        ends: (why_low, why_high),
    }
}

struct Walk<'a> {
    minimum: &'a Minimum,
    k: usize,
    direction: f64,
    variance: f64,
    bounds: &'a [(f64, f64)],
    settings: &'a Settings,
    points: Vec<Point>,
}

impl Walk<'_> {
    /// Walks until the limit lies between two places, then finds it between them.
    fn out(
        &mut self,
        deviation: f64,
        limit: f64,
        evaluate: &mut dyn FnMut(&[f64]) -> Option<Evaluation>,
    ) -> (f64, End) {
        let (low, high) = self.bounds[self.k];
        let (mut inside, mut outside): ((f64, f64), Option<(f64, f64)>) =
            ((self.minimum.x[self.k], 0.0), None);
        let stride = 0.5 * limit * deviation;
        let (mut refused, mut length) = (None, stride);
        for _ in 0..STEPS {
            let ahead = match outside {
                // τ is nearly a straight line: the chord tells where it crosses.
                Some((x, tau)) => inside.0 + (limit - inside.1) * (x - inside.0) / (tau - inside.1),
                None => inside.0 + self.direction * length,
            };
            let x = ahead.max(low).min(high);
            if x == inside.0 {
                return (x, End::Bound);
            }
            let Some(tau) = self.at(x, evaluate) else {
                // No value there: half way is tried, down to a hundredth of the stride.
                refused = Some(x);
                length *= 0.5;
                if outside.is_some() || length < 1e-2 * stride {
                    return (inside.0, End::NoValue);
                }
                continue;
            };
            if (tau - limit).abs() < CLOSE * limit {
                return (x, End::Reached);
            }
            if tau > limit {
                outside = Some((x, tau));
            } else {
                if outside.is_none() && x == if self.direction > 0.0 { high } else { low } {
                    return (x, End::Bound);
                }
                // Twice as far where the rise is slow; never past where there was no value.
                if outside.is_none() && refused.is_none() && tau < 0.5 * limit && inside.1 > 0.0 {
                    length *= 2.0;
                }
                inside = (x, tau);
            }
        }
        match outside {
            Some((x, tau)) => {
                let share = (limit - inside.1) / (tau - inside.1);
                (inside.0 + share * (x - inside.0), End::Reached)
            }
            None => (inside.0, End::Open),
        }
    }

    /// |τ| with the unknown held at `x`, the others at their best from the nearest place.
    fn at(
        &mut self,
        x: f64,
        evaluate: &mut dyn FnMut(&[f64]) -> Option<Evaluation>,
    ) -> Option<f64> {
        let nearest = self
            .points
            .iter()
            .min_by(|a, b| (a.x - x).abs().total_cmp(&(b.x - x).abs()))?;
        let mut start = nearest.all.clone();
        start[self.k] = x;
        let mut held = self.bounds.to_vec();
        held[self.k] = (x, x);
        let found = minimise_within(&start, &held, self.settings, evaluate).ok()?;
        if !found.converged {
            return None;
        }
        let rise = (found.sum_of_squares - self.minimum.sum_of_squares) / self.variance;
        let tau = rise.max(0.0).sqrt();
        self.points.push(Point {
            x,
            tau: self.direction * tau,
            all: found.x,
        });
        Some(tau)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distributions::student_quantile;
    use crate::least_squares::{Loss, minimise};
    use crate::nist::{BOXBOD, saturating};

    const FREE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

    fn settings(rows: usize) -> Settings {
        Settings {
            loss: Loss::Squares,
            data_rows: rows,
            rank_tolerance: 1e-12,
            iterations_max: 100,
        }
    }

    #[test]
    fn of_a_linear_model_it_is_the_t_interval() {
        let points = [(0.0, 1.1), (1.0, 2.8), (2.0, 5.2), (3.0, 6.9), (4.0, 9.3)];
        let mut line = |x: &[f64]| {
            Some(Evaluation {
                residuals: points.iter().map(|&(t, y)| x[0] + x[1] * t - y).collect(),
                jacobian: points
                    .iter()
                    .flat_map(|&(t, _): &(f64, f64)| [1.0, t])
                    .collect(),
            })
        };
        let fit = minimise(&[0.0, 0.0], &settings(5), &mut line).unwrap();
        let t = student_quantile(0.975, 3);
        for k in 0..2 {
            let se = fit.covariance[3 * k].sqrt();
            let found = profile(
                &fit,
                k,
                se,
                t,
                fit.variance,
                &[FREE; 2],
                &settings(5),
                &mut line,
            );
            let (low, high) = found.interval;
            assert!(
                (low - (fit.x[k] - t * se)).abs() < 3e-3 * se,
                "{low} {high}"
            );
            assert!((high - (fit.x[k] + t * se)).abs() < 3e-3 * se);
            assert_eq!(found.ends, (End::Reached, End::Reached));
            assert!(found.points.is_sorted_by(|a, b| a.x < b.x && a.tau < b.tau));
        }
    }

    /// y = a (1 − exp(−b x)), BoxBOD of the NIST Statistical Reference Datasets. The ends hold against a direct search:
    /// at them the sum of squares, at its least over a (linear, by hand), has risen by t² s².
    #[test]
    fn of_a_bent_model_it_is_lopsided_and_at_the_limit() {
        let mut model = saturating(&BOXBOD);
        let fit = minimise(&[100.0, 0.75], &settings(6), &mut model).unwrap();
        let (t, se) = (student_quantile(0.975, 4), fit.covariance[3].sqrt());
        let found = profile(
            &fit,
            1,
            se,
            t,
            fit.variance,
            &[FREE; 2],
            &settings(6),
            &mut model,
        );
        for b in [found.interval.0, found.interval.1] {
            let shape = |x: f64| 1.0 - (-b * x).exp();
            let a = BOXBOD.iter().map(|(x, y)| shape(*x) * y).sum::<f64>()
                / BOXBOD.iter().map(|(x, _)| shape(*x).powi(2)).sum::<f64>();
            let squares: f64 = BOXBOD
                .iter()
                .map(|(x, y)| (a * shape(*x) - y).powi(2))
                .sum();
            let tau = ((squares - fit.sum_of_squares) / fit.variance).sqrt();
            assert!((tau / t - 1.0).abs() < 3e-3, "{b} {tau}");
        }
        let (below, above) = (fit.x[1] - found.interval.0, found.interval.1 - fit.x[1]);
        assert!(above > 1.2 * below, "{below} {above}");
    }

    #[test]
    fn a_bound_and_a_flat_direction_are_told() {
        let mut flat = |x: &[f64]| {
            Some(Evaluation {
                residuals: vec![x[0].min(1.0) - 0.5, 0.3, -0.2],
                jacobian: vec![if x[0] < 1.0 { 1.0 } else { 0.0 }, 0.0, 0.0],
            })
        };
        let fit = minimise(&[0.4], &settings(3), &mut flat).unwrap();
        let open = profile(
            &fit,
            0,
            0.25,
            4.3,
            fit.variance,
            &[(0.4, f64::INFINITY)],
            &settings(3),
            &mut flat,
        );
        assert_eq!(open.ends, (End::Bound, End::Open));
        assert_eq!(open.interval.0, 0.4);
    }
}
