//! What an analysis is judged by.
//!
//! A works' laboratory seldom analyses everything, and no model of a density is free of error. So three things are asked of the
//! analyses of a place, and each learns from the believed ones before:
//!
//! - *charge*: with all that carries charge in it an analysis is neutral. With some left out its net charge is a share of the
//!   whole that changes slowly; the mean share of the past is expected, with the spread that its figures' errors leave
//!   unexplained. With too short a past charge is not asked at all.
//! - *density*: what was measured less what the model says, which has a bias of its own at each place; again the mean of the past and
//!   the unexplained spread. At first the model is taken to be right for a whole analysis, and not asked for another.
//! - *change*: a figure is expected where an estimate sees it, as near as that was to the figures before, or where it last was, and as far from there as it usually
//!   moves: a random walk of all figures together (brine thickens, rain thins it) and of each by itself, with steps learnt from the past:
//!   mean squares of what measurement does not explain, growing with time.
//!
//! What is learnt from few analyses is uncertain itself: deviations are widened as Student's t is wider than the normal.

use crate::assay::{Density, Expected, Figure, Judgement, NetCharge, judge};
use saltern_numerics::distributions::{normal_quantile, student_quantile};

/// What was found in a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// When it was taken, µs since 1970.
    pub time_us: i64,
    /// Contents by component; all in kg/m³, or all in kg/kg.
    pub contents: Vec<(String, f64)>,
    /// Density of the brine at that time, kg/m³.
    pub density_kg_m3: Option<f64>,
    /// Its temperature, K.
    pub temperature_k: Option<f64>,
    /// Contents as an estimate saw them before the sample was taken, where one did.
    pub estimated: Vec<(String, f64)>,
}

impl Analysis {
    fn content(&self, component: &str) -> Option<f64> {
        of(&self.contents, component)
    }

    /// By how much a figure is above its estimate, as a logarithm.
    fn above_estimate(&self, component: &str) -> Option<f64> {
        let above = (self.content(component)? / of(&self.estimated, component)?).ln();
        above.is_finite().then_some(above)
    }

    /// Whether all of these were analysed.
    fn has_all<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> bool {
        names.all(|name| self.content(name).is_some())
    }
}

fn of(contents: &[(String, f64)], component: &str) -> Option<f64> {
    let mut all = contents.iter();
    all.find(|(own, _)| own == component).map(|(_, v)| *v)
}

/// Density, kg/m³, of contents at a temperature, K; NaN where the model has no answer.
pub type ModelDensity<'m> = &'m dyn Fn(&[(String, f64)], f64) -> f64;

/// What is known of components and of their brines.
#[derive(Clone, Copy)]
pub struct Chemistry<'m> {
    /// Equivalents of charge in a kg of a component, negative for anions; 0 for what carries none or is not known.
    pub charge_eq_kg: &'m dyn Fn(&str) -> f64,
    /// The model.
    pub density_kg_m3: ModelDensity<'m>,
}

/// Standard deviations of what is measured and of the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Precision {
    /// Content by analysis, relative.
    pub assay: f64,
    /// Density by the meter, kg/m³.
    pub density_kg_m3: f64,
    /// Density by the model, relative, at a place whose past says nothing yet.
    pub model: f64,
}

impl Default for Precision {
    /// All assumed: analyses of 0.5 %, a meter in the field of 0.5 kg/m³, the model within 0.3 %.
    fn default() -> Self {
        Precision {
            assay: 0.005,
            density_kg_m3: 0.5,
            model: 0.003,
        }
    }
}

/// What carries nearly all charge in brines of salt lakes; an analysis with all of these is neutral.
const MAJOR: [&str; 6] = ["Na", "K", "Mg", "Ca", "Cl", "SO4"];
/// How many good analyses are doubted: one in a hundred, so that a place with weekly analyses is doubted without reason every
/// other year.
const SIGNIFICANCE: f64 = 0.01;
/// Fewest analyses of the past that say what is usual.
const FEWEST: usize = 4;
/// µs in a day.
const DAY_US: f64 = 86_400e6;

/// Judges an analysis by the believed ones before it, in order of time. Those that lack one of its components say nothing of
/// it.
pub fn review(
    analysis: &Analysis,
    past: &[Analysis],
    chemistry: Chemistry<'_>,
    precision: &Precision,
) -> Judgement {
    let names = || analysis.contents.iter().map(|(name, _)| name.as_str());
    let alike: Vec<&Analysis> = past.iter().filter(|p| p.has_all(names())).collect();
    let carried = carried_forward(analysis, &alike, precision);
    let figures: Vec<Figure> = (analysis.contents.iter().zip(carried))
        .map(|((component, value), carried)| Figure {
            name: component.clone(),
            value: *value,
            sigma: precision.assay * value.abs().max(f64::MIN_POSITIVE),
            charge: (chemistry.charge_eq_kg)(component),
            expected: nearer(estimated(component, analysis, &alike, precision), carried),
        })
        .collect();
    let is_whole = analysis.has_all(MAJOR.into_iter());
    let net_charge = if is_whole {
        Some(NetCharge::default())
    } else {
        usual_charge(&figures, &alike, precision)
    };
    let density = density(analysis, &alike, is_whole, chemistry, precision);
    let model = |values: &[f64]| match (&density, analysis.temperature_k) {
        (Some(density), Some(temperature_k)) => {
            let contents = analysis.contents.iter().zip(values);
            let contents: Vec<_> = contents.map(|((n, _), v)| (n.clone(), *v)).collect();
            (chemistry.density_kg_m3)(&contents, temperature_k) + density.bias
        }
        _ => f64::NAN,
    };
    let density = density.as_ref().map(|density| Density {
        value: density.measured,
        sigma: precision.density_kg_m3,
        model: &model,
        model_sigma: density.sigma,
    });
    judge(&figures, net_charge, density.as_ref(), SIGNIFICANCE)
}

/// How much wider what was learnt from `count` values is than if it were known.
fn widening(count: usize) -> f64 {
    let tail = 1.0 - SIGNIFICANCE / 2.0;
    student_quantile(tail, count.saturating_sub(1).max(1)) / normal_quantile(tail)
}

/// Relative steps of figures from one analysis to the next, as variances by a day that measuring does not explain.
struct Walk {
    /// Of all together.
    shared: f64,
    /// Of each by itself.
    own: Vec<f64>,
    count: usize,
}

impl Walk {
    fn learnt(alike: &[&Analysis], names: &[&str], precision: &Precision) -> Option<Walk> {
        let k = names.len() as f64;
        // Both ends of a step are measured.
        let noise = 2.0 * precision.assay.powi(2);
        let (mut shared, mut own, mut count) = (0.0, vec![0.0; names.len()], 0usize);
        for pair in alike.windows(2) {
            let days = ((pair[1].time_us - pair[0].time_us) as f64 / DAY_US).max(0.1);
            let step = |name: &&str| {
                let at = |of: &Analysis| of.content(name).unwrap_or(f64::NAN);
                (at(pair[1]) / at(pair[0])).ln()
            };
            let steps: Vec<f64> = names.iter().map(step).collect();
            let mean = steps.iter().sum::<f64>() / k;
            if !mean.is_finite() {
                continue;
            }
            shared += (mean * mean - noise / k) / days;
            for (own, step) in own.iter_mut().zip(&steps) {
                *own += ((step - mean).powi(2) - noise * (1.0 - 1.0 / k)) / days;
            }
            count += 1;
        }
        let by_day = |sum: f64| (sum / count as f64).max(0.0);
        (count >= FEWEST).then(|| Walk {
            shared: by_day(shared),
            own: own.into_iter().map(by_day).collect(),
            count,
        })
    }
}

/// Figures where they last were, and how far they may have moved.
fn carried_forward(
    analysis: &Analysis,
    alike: &[&Analysis],
    precision: &Precision,
) -> Vec<Option<Expected>> {
    // A figure of zero has no relative steps.
    let has_steps = |name: &str| {
        alike
            .iter()
            .all(|p| p.content(name).is_some_and(|v| v > 0.0))
    };
    let names = analysis.contents.iter().map(|(name, _)| name.as_str());
    let moving: Vec<&str> = names.clone().filter(|name| has_steps(name)).collect();
    let walk = Walk::learnt(alike, &moving, precision);
    let (Some(walk), Some(last)) = (walk, alike.last()) else {
        return vec![None; analysis.contents.len()];
    };
    let days = ((analysis.time_us - last.time_us) as f64 / DAY_US).max(0.1);
    let widened = |by_day: f64| (by_day * days).sqrt() * widening(walk.count);
    let expected = |name: &str| {
        let place = moving.iter().position(|moving| *moving == name)?;
        let value = last.content(name)?;
        Some(Expected {
            value,
            sigma: value * widened(walk.own[place]).hypot(precision.assay),
            shared_sigma: value * widened(walk.shared),
        })
    };
    names.map(expected).collect()
}

/// A figure as an estimate sees it, and how far it usually is from that.
fn estimated(
    component: &str,
    analysis: &Analysis,
    alike: &[&Analysis],
    precision: &Precision,
) -> Option<Expected> {
    let seen = of(&analysis.estimated, component)?;
    let above = alike.iter().filter_map(|p| p.above_estimate(component));
    let above: Vec<f64> = above.collect();
    let (bias, sigma) = usual(&above, precision.assay.powi(2))?;
    let value = seen * bias.exp();
    Some(Expected {
        value,
        sigma: value * sigma,
        shared_sigma: 0.0,
    })
}

/// Whichever says more.
fn nearer(one: Option<Expected>, other: Option<Expected>) -> Option<Expected> {
    let width = |expected: &Expected| expected.sigma.hypot(expected.shared_sigma);
    let both = one.into_iter().chain(other);
    both.min_by(|a, b| width(a).total_cmp(&width(b)))
}

/// Mean of what was found before, and the standard deviation of the next one that `noise`, the variance of measuring each, does
/// not explain.
fn usual(values: &[f64], noise: f64) -> Option<(f64, f64)> {
    let n = values.len();
    if n < FEWEST {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let squares = values.iter().map(|v| (v - mean).powi(2));
    let variance = squares.sum::<f64>() / (n - 1) as f64;
    let own = (variance - noise).max(0.0) + variance.max(noise) / n as f64;
    Some((mean, own.sqrt() * widening(n)))
}

/// The net charge of analyses of the same components, as a share of all charge.
fn usual_charge(
    figures: &[Figure],
    alike: &[&Analysis],
    precision: &Precision,
) -> Option<NetCharge> {
    let share = |value: &dyn Fn(&Figure) -> f64| {
        let charges = figures.iter().map(|f| f.charge * value(f));
        let (net, all, squares) = charges.fold((0.0, 0.0, 0.0), |(net, all, squares), c| {
            (net + c, all + f64::abs(c), squares + c * c)
        });
        (net / all, all, squares / (all * all))
    };
    let (_, all, squares) = share(&|f| f.value);
    let shares = alike.iter().map(|p| {
        let (share, ..) = share(&|f: &Figure| p.content(&f.name).unwrap_or(0.0));
        share
    });
    let shares: Vec<f64> = shares.filter(|share| share.is_finite()).collect();
    let noise = precision.assay.powi(2) * squares;
    let (mean, sigma) = usual(&shares, noise)?;
    Some(NetCharge {
        expected: mean * all,
        sigma: sigma * all,
    })
}

/// What is known of a density and its model.
struct Known {
    measured: f64,
    bias: f64,
    sigma: f64,
}

fn density(
    analysis: &Analysis,
    alike: &[&Analysis],
    is_whole: bool,
    chemistry: Chemistry<'_>,
    precision: &Precision,
) -> Option<Known> {
    let modelled = |of: &Analysis, contents: &[(String, f64)]| -> Option<f64> {
        let said = (chemistry.density_kg_m3)(contents, of.temperature_k?);
        said.is_finite().then_some(said)
    };
    let measured = analysis.density_kg_m3?;
    let model = modelled(analysis, &analysis.contents)?;
    let errors = alike.iter().filter_map(|p| {
        let contents: Vec<(String, f64)> = (analysis.contents.iter())
            .filter_map(|(name, _)| Some((name.clone(), p.content(name)?)))
            .collect();
        Some(p.density_kg_m3? - modelled(p, &contents)?)
    });
    let errors: Vec<f64> = errors.collect();
    // What errors of the figures do to the modelled density: brine is that much denser than water for what is in it.
    let dissolved = (model - 1000.0).abs() * precision.assay;
    let noise = precision.density_kg_m3.powi(2) + dissolved.powi(2);
    let at_first = is_whole.then_some((0.0, precision.model * model));
    let (bias, sigma) = usual(&errors, noise).or(at_first)?;
    Some(Known {
        measured,
        bias,
        sigma,
    })
}
