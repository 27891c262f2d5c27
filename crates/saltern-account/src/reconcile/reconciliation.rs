//! What came of it: values with bands, what is redundant and observable, and the tests.

use super::linear::{Linear, dot};
use super::notice::Notice;
use super::problem::Problem;
use super::solve::{Settings, Work};
use crate::error::AccountError;
use saltern_numerics::distributions::{
    chi_squared_probability, chi_squared_quantile, normal_probability, normal_quantile,
};
use saltern_units::Lang;

/// What the constraints say about a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Measured, and checked by other measurements.
    Redundant,
    /// Measured, and nothing else tells its value.
    NonRedundant,
    /// Not measured, but determined.
    Observable,
    /// Not measured and not determined: it has no value.
    Unobservable,
    /// Known exactly.
    Known,
}

impl Class {
    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Class::Redundant => "redundant",
            Class::NonRedundant => "non-redundant",
            Class::Observable => "observable",
            Class::Unobservable => "unobservable",
            Class::Known => "known",
        }
    }

    /// In words.
    pub fn text(self, lang: Lang) -> &'static str {
        let zh = match self {
            Class::Redundant => "冗余（可检验）",
            Class::NonRedundant => "非冗余（无法检验）",
            Class::Observable => "未测，可推算",
            Class::Unobservable => "未测，无法确定",
            Class::Known => "精确已知",
        };
        lang.pick(self.name(), zh)
    }
}

/// A reconciled quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Id.
    pub id: String,
    /// What the constraints say about it.
    pub class: Class,
    /// Reconciled value; `None` where nothing determines it.
    pub value: Option<f64>,
    /// Its standard deviation.
    pub sigma: Option<f64>,
    /// What was measured, and its standard deviation.
    pub measured: Option<(f64, f64)>,
    /// √W_ii/σ: how much of an error of this meter shows in its own adjustment, 0 (none) to 1 (all).
    pub visibility: Option<f64>,
    /// |x − x̂|/√W_ii: the measurement test; none where nothing checks the measurement.
    pub z: Option<f64>,
    /// The smallest bias that would be found with the power asked for, in the unit of the quantity.
    pub smallest_bias: Option<f64>,
    /// Weight the loss left it.
    pub weight: Option<f64>,
}

/// The χ² test of all measurements together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GlobalTest {
    /// J, the sum of squared adjustments in standard deviations.
    pub objective: f64,
    /// Degrees of freedom: independent constraints left after the unmeasured quantities.
    pub freedom: usize,
    /// What J may be at the significance asked for.
    pub limit: f64,
    /// Chance of a J at least so large if the measurements are sound.
    pub probability: f64,
}

impl GlobalTest {
    /// Whether the measurements agree with the constraints.
    pub fn passes(&self) -> bool {
        self.objective <= self.limit
    }
}

/// The generalised likelihood ratio of a leak in one constraint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeakTest {
    /// Constraint.
    pub constraint: usize,
    /// How much J would fall if the constraint were off by [`LeakTest::estimate`].
    pub ratio: f64,
    /// Most likely value of (in − out): what the constraint misses, in its own unit.
    pub estimate: f64,
    /// Standard deviation of the estimate.
    pub sigma: f64,
}

/// A reconciled problem.
#[derive(Clone, Debug)]
pub struct Reconciliation {
    /// One entry a quantity, in the order of the problem.
    pub estimates: Vec<Estimate>,
    /// The test of all measurements.
    pub global: GlobalTest,
    /// Limit of z at the significance asked for, shared out over the redundant measurements after Šidák 1967, J. Am. Stat.
    /// Assoc. 62, 626: 1 − (1 − α)^(1/n) each.
    pub z_limit: f64,
    /// Worst constraint, off by so much of its largest term.
    pub closure: f64,
    /// Steps taken.
    pub iterations: u32,
    linear: Linear,
    coordinates: Vec<f64>,
    /// For each quantity its place among the measured or the unmeasured.
    places: Vec<Place>,
    effective_sigmas: Vec<f64>,
    response: Vec<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Measured(usize),
    Unmeasured(usize),
    Known,
}

/// Below this share of its error a meter shows nothing of it that isn't rounding.
const BLIND: f64 = 1e-8;

impl Reconciliation {
    pub(super) fn new(
        problem: &Problem,
        mut work: Work<'_>,
        iterations: u32,
        settings: &Settings,
    ) -> Result<Self, AccountError> {
        work.linear.form_basis();
        let (closure, constraint) = work.closure();
        if closure > super::solve::CLOSURE_MAX {
            return Err(AccountError::NotConverged {
                iterations,
                closure,
                constraint,
            });
        }
        let mut places = vec![Place::Known; problem.quantities.len()];
        for (k, &i) in work.measured.iter().enumerate() {
            places[i] = Place::Measured(k);
        }
        for (k, &i) in work.unmeasured.iter().enumerate() {
            places[i] = Place::Unmeasured(k);
        }
        let effective_sigmas = (0..work.measured.len())
            .map(|k| work.effective_sigma(k))
            .collect();
        let mut result = Reconciliation {
            estimates: Vec::new(),
            global: global_test(&work, settings),
            z_limit: f64::NAN,
            closure,
            iterations,
            response: work.linear.response(),
            coordinates: std::mem::take(&mut work.coordinates),
            linear: std::mem::take(&mut work.linear),
            places,
            effective_sigmas,
        };
        result.estimate(problem, &work, settings);
        Ok(result)
    }

    fn estimate(&mut self, problem: &Problem, work: &Work<'_>, settings: &Settings) {
        let freedom = self.linear.freedom;
        let visibility: Vec<f64> = (0..work.measured.len())
            .map(|k| {
                let row = &self.linear.basis[k * freedom..(k + 1) * freedom];
                dot(row, row).sqrt().min(1.0)
            })
            .collect();
        let redundant = visibility.iter().filter(|v| **v > BLIND).count();
        self.z_limit = sidak_limit(settings.significance, redundant);
        // Standard deviations of the adjustment that a bias must make up for.
        let detectable = bias_of_power(self.z_limit, settings.power);
        let observable = self.linear.observable();
        for (i, quantity) in problem.quantities.iter().enumerate() {
            let mut estimate = Estimate {
                id: quantity.id.clone(),
                class: Class::Known,
                value: Some(work.x[i]),
                sigma: Some(0.0),
                measured: None,
                visibility: None,
                z: None,
                smallest_bias: None,
                weight: None,
            };
            match self.places[i] {
                Place::Known => {}
                Place::Unmeasured(k) if observable[k] => {
                    estimate.class = Class::Observable;
                    estimate.sigma = Some(self.covariance(i, i).sqrt());
                }
                Place::Unmeasured(_) => {
                    estimate.class = Class::Unobservable;
                    (estimate.value, estimate.sigma) = (None, None);
                }
                Place::Measured(k) => {
                    let sigma = work.effective_sigma(k);
                    let seen = visibility[k];
                    estimate.measured = Some((work.values[k], work.sigmas[k]));
                    estimate.weight = Some(work.weights[k]);
                    estimate.visibility = Some(seen);
                    estimate.class = Class::NonRedundant;
                    estimate.sigma = Some(sigma * (1.0 - seen * seen).max(0.0).sqrt());
                    if seen > BLIND {
                        estimate.class = Class::Redundant;
                        estimate.z = Some((work.x[i] - work.values[k]).abs() / (sigma * seen));
                        estimate.smallest_bias = Some(sigma * detectable / seen);
                    }
                }
            }
            self.estimates.push(estimate);
        }
    }

    /// Index of an estimate by id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.estimates.iter().position(|e| e.id == id)
    }

    /// Values of all quantities; NaN where nothing determines them.
    pub fn values(&self) -> Vec<f64> {
        self.estimates
            .iter()
            .map(|e| e.value.unwrap_or(f64::NAN))
            .collect()
    }

    /// Covariance of two reconciled quantities, to first order; zero for what is known or not determined.
    pub fn covariance(&self, a: usize, b: usize) -> f64 {
        dot(&self.spread(a), &self.spread(b))
    }

    /// Standard deviation of a function of the quantities, given its derivatives by some of them.
    pub fn sigma_of(&self, gradient: &[(usize, f64)]) -> f64 {
        let mut sum = vec![0.0; self.effective_sigmas.len()];
        for &(i, slope) in gradient {
            for (sum, v) in sum.iter_mut().zip(self.spread(i)) {
                *sum += slope * v;
            }
        }
        dot(&sum, &sum).sqrt()
    }

    /// A function of the quantities at their reconciled values, and its standard deviation to first order: a recovery, a
    /// consumption per tonne. NaN where it needs a quantity that nothing determines.
    pub fn propagate(&self, function: impl Fn(&[f64]) -> f64) -> (f64, f64) {
        self.propagate_all(|x| vec![function(x)])[0]
    }

    /// As [`Reconciliation::propagate`] for several functions at once: all indicators of the book of these quantities.
    pub fn propagate_all(&self, functions: impl Fn(&[f64]) -> Vec<f64>) -> Vec<(f64, f64)> {
        let values = self.values();
        let mut x = values.clone();
        let at = functions(&values);
        let mut gradients = vec![Vec::new(); at.len()];
        for (i, estimate) in self.estimates.iter().enumerate() {
            // Central differences over a hundredth of a band are far from both curvature and rounding.
            let Some(h) = estimate.sigma.map(|s| 0.01 * s).filter(|h| *h > 0.0) else {
                continue;
            };
            x[i] = values[i] + h;
            let above = functions(&x);
            x[i] = values[i] - h;
            let below = functions(&x);
            x[i] = values[i];
            for ((gradient, above), below) in gradients.iter_mut().zip(above).zip(below) {
                let slope = (above - below) / (2.0 * h);
                if slope != 0.0 {
                    gradient.push((i, slope));
                }
            }
        }
        at.into_iter()
            .zip(&gradients)
            .map(|(value, g)| (value, self.sigma_of(g)))
            .collect()
    }

    /// What a quantity moves by for a standard deviation of each measurement.
    fn spread(&self, i: usize) -> Vec<f64> {
        let n = self.effective_sigmas.len();
        match self.places[i] {
            Place::Known => vec![0.0; n],
            Place::Unmeasured(k) => self.response[k * n..(k + 1) * n].to_vec(),
            Place::Measured(k) => {
                let mut row = vec![0.0; n];
                row[k] = 1.0;
                self.linear.remove_adjusted(&mut row);
                row.iter_mut().for_each(|v| *v *= self.effective_sigmas[k]);
                row
            }
        }
    }

    /// The measurement with the largest z, if that is beyond the limit.
    pub fn worst(&self) -> Option<usize> {
        let z = |i: &usize| self.estimates[*i].z.unwrap_or(0.0);
        (0..self.estimates.len())
            .max_by(|a, b| z(a).total_cmp(&z(b)).then(b.cmp(a)))
            .filter(|i| z(i) > self.z_limit)
    }

    /// Measurements whose errors look the same in every constraint: the balances cannot tell which is wrong.
    pub fn indistinguishable_from(&self, quantity: usize) -> Vec<usize> {
        let Place::Measured(k) = self.places[quantity] else {
            return Vec::new();
        };
        let freedom = self.linear.freedom;
        let row = |k: usize| &self.linear.basis[k * freedom..(k + 1) * freedom];
        let length = |k: usize| dot(row(k), row(k)).sqrt();
        (0..self.places.len())
            .filter(|&i| match self.places[i] {
                Place::Measured(other) if other != k && length(other) > BLIND => {
                    let cosine = dot(row(k), row(other)).abs() / (length(k) * length(other));
                    cosine > 1.0 - 1e-9
                }
                _ => false,
            })
            .collect()
    }

    /// The generalised likelihood ratio test of a leak in each constraint (Narasimhan & Mah 1987, AIChE J. 33, 1514); of a
    /// bias it is z². Constraints whose leak nothing would show are left out.
    pub fn leaks(&self) -> Vec<LeakTest> {
        let leaks = (0..self.linear.constraints()).filter(|&i| !self.linear.fixed(i));
        leaks
            .filter_map(|constraint| {
                let along = self.linear.leak(constraint);
                let square = dot(&along, &along);
                let scale = self.linear.scale(constraint);
                // The adjustment answers −g, so a violation of +1 shows as minus its direction.
                let projection = -dot(&along, &self.coordinates);
                (square.sqrt() * scale > BLIND).then(|| LeakTest {
                    constraint,
                    ratio: projection * projection / square,
                    estimate: projection / square,
                    sigma: 1.0 / square.sqrt(),
                })
            })
            .collect()
    }

    /// What a reader should know beside the figures: blind meters, undetermined and negative quantities.
    pub fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        for estimate in &self.estimates {
            let id = estimate.id.clone();
            match (estimate.class, estimate.value) {
                (Class::Unobservable, _) => notices.push(Notice::Unobservable { id }),
                (_, Some(value)) if value < 0.0 => notices.push(Notice::Negative { id, value }),
                (Class::Redundant, _) => {
                    let bias = estimate.smallest_bias.unwrap_or(f64::INFINITY);
                    let sigma = estimate.measured.map_or(1.0, |(_, sigma)| sigma);
                    if bias > 10.0 * sigma {
                        notices.push(Notice::Blind {
                            id,
                            sigmas: bias / sigma,
                        });
                    }
                }
                _ => {}
            }
        }
        notices
    }
}

fn global_test(work: &Work<'_>, settings: &Settings) -> GlobalTest {
    let objective = work.objective(&work.x);
    let freedom = work.linear.freedom;
    GlobalTest {
        objective,
        freedom,
        limit: chi_squared_quantile(1.0 - settings.significance, freedom),
        probability: if freedom == 0 {
            1.0
        } else {
            1.0 - chi_squared_probability(objective, freedom)
        },
    }
}

fn sidak_limit(significance: f64, tests: usize) -> f64 {
    if tests == 0 {
        return f64::INFINITY;
    }
    let each = 1.0 - (1.0 - significance).powf(1.0 / tests as f64);
    -normal_quantile(0.5 * each)
}

/// The mean that a unit normal must have to lie beyond ±`limit` with probability `power`.
fn bias_of_power(limit: f64, power: f64) -> f64 {
    let mut mean = limit + normal_quantile(power);
    // The far side adds next to nothing; taking it off the near side settles at once.
    for _ in 0..3 {
        let far = normal_probability(-mean - limit);
        mean = limit + normal_quantile(power - far);
    }
    mean
}
