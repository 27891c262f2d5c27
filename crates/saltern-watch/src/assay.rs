//! The assay desk: whether an analysis of a brine is believed, and if not, which figure is at fault.
//!
//! What a laboratory reports must agree with what else is known: charges cancel, the density of the sample is that of a brine
//! of this composition, and nothing is far from what was expected (the last analyses carried forward, or an estimate). Each of
//! these is a residual with a standard deviation that follows from those of the figures. If all of them together are too
//! improbable (χ²), the figure whose correction alone explains most of it is suspected: the generalised likelihood ratio of
//! one gross error (Narasimhan and Mah 1987, AIChE J. 33, 1514; recalled),
//!
//! Tᵢ = (aᵢᵀ V⁻¹ r)² / (aᵢᵀ V⁻¹ aᵢ), size of the error bᵢ = aᵢᵀ V⁻¹ r / (aᵢᵀ V⁻¹ aᵢ),
//!
//! with the residuals r, their covariance V and what one unit of error in figure i does to them, aᵢ. It is set aside and the rest
//! judged again. Figures that explain the same equally well cannot be told apart, and are all named.

use crate::message::catalogue;
use saltern_numerics::distributions::chi_squared_quantile;
use saltern_numerics::lu::Lu;
use saltern_samples::Quality;
use saltern_units::Lang;
use saltern_units::quantity::significant;

/// A figure of an analysis. All in one unit, which is any.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Component, `K`.
    pub name: String,
    /// What was measured.
    pub value: f64,
    /// Its standard deviation; above 0.
    pub sigma: f64,
    /// Equivalents of charge in one unit of it, negative for anions; 0 for what carries none.
    pub charge: f64,
    /// What was expected before.
    pub expected: Option<Expected>,
}

/// What was expected of a figure before it was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The value.
    pub value: f64,
    /// Standard deviation that is its own.
    pub sigma: f64,
    /// Standard deviation of what would move all figures together, in the figure's unit: brine that thickens or is diluted.
    pub shared_sigma: f64,
}

/// A density that was measured on the same sample, kg/m³.
pub struct Density<'m> {
    /// What was measured.
    pub value: f64,
    /// Its standard deviation; above 0.
    pub sigma: f64,
    /// What the model says for such figures; NaN where it has no answer, which leaves the density out.
    pub model: &'m dyn Fn(&[f64]) -> f64,
    /// Standard deviation of the model.
    pub model_sigma: f64,
}

/// The charge that the figures together should have: 0 where all that carries some was analysed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NetCharge {
    /// Equivalents, in the unit of the figures.
    pub expected: f64,
    /// Its standard deviation.
    pub sigma: f64,
}

/// Which figure is suspected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// A component, by its place in the list.
    Component(usize),
    /// The density.
    Density,
}

/// A figure that is suspected.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspect {
    /// Which.
    pub which: Which,
    /// Its name.
    pub name: String,
    /// What was measured.
    pub value: f64,
    /// What everything else says it should be.
    pub implied: f64,
    /// How much it explains.
    pub statistic: f64,
    /// Others that explain the same equally well.
    pub or: Vec<String>,
}

/// What is made of an analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// 100 (Σ⁺ − Σ⁻)/(Σ⁺ + Σ⁻); NaN without charges of both kinds.
    pub charge_error_percent: f64,
    /// Measured less modelled density, kg/m³, where both are known.
    pub density_error: Option<f64>,
    /// Sum of squares of all residuals, each by its deviation.
    pub chi_squared: f64,
    /// What that may be.
    pub limit: f64,
    /// How many residuals there were; without any nothing could be judged.
    pub residuals: usize,
    /// Figures that are suspected, the worst first.
    pub suspects: Vec<Suspect>,
    /// Whether what is left, without the suspects, agrees.
    pub agrees: bool,
}

impl Judgement {
    /// Whether all figures are believed.
    pub fn is_believed(&self) -> bool {
        self.agrees && self.suspects.is_empty()
    }

    /// What a figure is worth: good if it is believed, bad if it is suspected alone, uncertain if it is one of several that
    /// cannot be told apart or if the analysis as a whole doesn't agree.
    pub fn quality(&self, name: &str) -> Quality {
        let of =
            |suspect: &&Suspect| suspect.name == name || suspect.or.iter().any(|or| or == name);
        match self.suspects.iter().find(of) {
            Some(suspect) if suspect.or.is_empty() => Quality::BAD,
            Some(_) => Quality::UNCERTAIN,
            None if self.agrees => Quality::GOOD,
            None => Quality::UNCERTAIN,
        }
    }

    /// The reasons in words.
    pub fn reasons(&self, lang: Lang) -> Vec<String> {
        let number = |value: f64| significant(value, 4);
        let say =
            |code: &str, fields: &[(&'static str, String)]| catalogue().render(code, lang, fields);
        let test = [
            ("found", number(self.chi_squared)),
            ("limit", number(self.limit)),
        ];
        let mut reasons = vec![if self.residuals == 0 {
            say("assay.nothing", &[])
        } else if self.chi_squared <= self.limit {
            say("assay.agrees", &test)
        } else {
            say("assay.disagrees", &test)
        }];
        if self.charge_error_percent.is_finite() {
            reasons.push(say(
                "assay.charge",
                &[("percent", number(self.charge_error_percent))],
            ));
        }
        if let Some(error) = self.density_error {
            reasons.push(say("assay.density", &[("error", number(error))]));
        }
        for suspect in &self.suspects {
            let mut fields = vec![
                ("name", suspect.name.clone()),
                ("value", number(suspect.value)),
                ("implied", number(suspect.implied)),
            ];
            let code = if suspect.or.is_empty() {
                "assay.suspect"
            } else {
                fields.push(("others", lang.list(&suspect.or)));
                "assay.suspect_or"
            };
            reasons.push(say(code, &fields));
        }
        if !self.agrees {
            reasons.push(say("assay.not_explained", &[]));
        }
        reasons
    }
}

/// No more suspects than this are looked for: an analysis with more is done again.
const SUSPECTS_MAX: usize = 2;

/// Judges an analysis. Without `net_charge` nobody knows what charge to expect, and it is not a ground for doubt.
/// `significance` is how often a good one may be doubted, 0.05.
pub fn judge(
    figures: &[Figure],
    net_charge: Option<NetCharge>,
    density: Option<&Density<'_>>,
    significance: f64,
) -> Judgement {
    let residuals = Residuals::of(figures, net_charge, density);
    let freedom = residuals.values.len();
    let mut judgement = Judgement {
        charge_error_percent: charge_error_percent(figures),
        density_error: residuals.density_error,
        chi_squared: 0.0,
        limit: 0.0,
        residuals: freedom,
        suspects: Vec::new(),
        agrees: true,
    };
    let mut aside: Vec<usize> = Vec::new();
    for round in 0..=SUSPECTS_MAX {
        if freedom <= round {
            // Nothing is left to tell by; what was set aside can't be told from what wasn't.
            judgement.agrees = round == 0;
            break;
        }
        let limit = chi_squared_quantile(1.0 - significance, freedom - round);
        let Some((chi_squared, ratios)) = residuals.tested(&aside) else {
            judgement.agrees = false;
            break;
        };
        if round == 0 {
            (judgement.chi_squared, judgement.limit) = (chi_squared, limit);
        }
        judgement.agrees = chi_squared <= limit;
        if judgement.agrees || round == SUSPECTS_MAX {
            break;
        }
        let Some((worst, suspect)) = residuals.suspect(&ratios, &aside, figures, density) else {
            break;
        };
        judgement.suspects.push(suspect);
        aside.push(worst);
    }
    judgement
}

/// Not a number where cations or anions alone were analysed: then it would say 100 % of any brine.
fn charge_error_percent(figures: &[Figure]) -> f64 {
    let has = |is_such: fn(f64) -> bool| figures.iter().any(|f| is_such(f.charge * f.value));
    if !has(|c| c > 0.0) || !has(|c| c < 0.0) {
        return f64::NAN;
    }
    let charges = figures.iter().map(|f| f.charge * f.value);
    let (net, all) = charges.fold((0.0, 0.0), |(net, all), c| (net + c, all + c.abs()));
    100.0 * net / all
}

/// Residuals, and what figures do to them.
struct Residuals {
    values: Vec<f64>,
    /// Row-major: what one unit of error in a figure does to each residual. The density is the last figure.
    effects: Vec<Vec<f64>>,
    sigmas: Vec<f64>,
    /// Variance of each residual that comes from elsewhere: model, expectation.
    own_variance: Vec<f64>,
    /// What moves several residuals together.
    shared: Vec<f64>,
    density_error: Option<f64>,
}

impl Residuals {
    fn of(
        figures: &[Figure],
        net_charge: Option<NetCharge>,
        density: Option<&Density<'_>>,
    ) -> Residuals {
        let n = figures.len();
        let mut all = Residuals {
            values: Vec::new(),
            effects: Vec::new(),
            sigmas: figures.iter().map(|f| f.sigma).collect(),
            own_variance: Vec::new(),
            shared: Vec::new(),
            density_error: None,
        };
        all.sigmas.push(density.map_or(1.0, |d| d.sigma));
        let is_charged = figures.iter().any(|f| f.charge != 0.0);
        if let Some(expected) = net_charge.filter(|_| is_charged) {
            let mut effects: Vec<f64> = figures.iter().map(|f| f.charge).collect();
            effects.push(0.0);
            let net: f64 = figures.iter().map(|f| f.charge * f.value).sum();
            all.add(net - expected.expected, effects, expected.sigma.powi(2));
        }
        if let Some(density) = density {
            let values: Vec<f64> = figures.iter().map(|f| f.value).collect();
            let error = density.value - (density.model)(&values);
            let mut effects: Vec<f64> = (0..n)
                .map(|i| -slope(density, &values, i, figures[i].sigma))
                .collect();
            effects.push(1.0);
            if error.is_finite() && effects.iter().all(|e| e.is_finite()) {
                all.density_error = Some(error);
                all.add(error, effects, density.model_sigma.powi(2));
            }
        }
        for (i, figure) in figures.iter().enumerate() {
            if let Some(expected) = figure.expected {
                let mut effects = vec![0.0; n + 1];
                effects[i] = 1.0;
                let away = figure.value - expected.value;
                all.add(away, effects, expected.sigma.powi(2));
                all.shared.pop();
                all.shared.push(expected.shared_sigma);
            }
        }
        all
    }

    fn add(&mut self, value: f64, effects: Vec<f64>, own_variance: f64) {
        self.values.push(value);
        self.effects.push(effects);
        self.own_variance.push(own_variance);
        self.shared.push(0.0);
    }

    /// χ² of the residuals, and by figure aᵀV⁻¹r and aᵀV⁻¹a; figures set aside have any value. `None` where the residuals
    /// can't be told from each other.
    fn tested(&self, aside: &[usize]) -> Option<(f64, Vec<(f64, f64)>)> {
        /// A figure set aside is this many times as uncertain.
        const ASIDE: f64 = 1e4;
        let (m, n) = (self.values.len(), self.sigmas.len());
        let variance = |i: usize| {
            let sigma = self.sigmas[i] * if aside.contains(&i) { ASIDE } else { 1.0 };
            sigma * sigma
        };
        let mut covariance = vec![0.0; m * m];
        for a in 0..m {
            for b in 0..m {
                let shared = (0..n).map(|i| self.effects[a][i] * self.effects[b][i] * variance(i));
                covariance[a * m + b] = shared.sum::<f64>() + self.shared[a] * self.shared[b];
            }
            covariance[a * m + a] += self.own_variance[a];
        }
        // One solution for the residuals and one for each figure.
        let columns = n + 1;
        let mut right = vec![0.0; m * columns];
        for a in 0..m {
            right[a * columns] = self.values[a];
            right[a * columns + 1..(a + 1) * columns].copy_from_slice(&self.effects[a]);
        }
        Lu::default()
            .solve_columns(&covariance, &mut right, columns)
            .ok()?;
        let chi_squared = (0..m).map(|a| self.values[a] * right[a * columns]).sum();
        let along = |i: usize, column: usize| -> f64 {
            let each = (0..m).map(|a| self.effects[a][i] * right[a * columns + column]);
            each.sum()
        };
        let ratio = |i: usize| (along(i, 0), along(i, i + 1));
        Some((chi_squared, (0..n).map(ratio).collect()))
    }

    /// The figure that explains most, with its column.
    fn suspect(
        &self,
        ratios: &[(f64, f64)],
        aside: &[usize],
        figures: &[Figure],
        density: Option<&Density<'_>>,
    ) -> Option<(usize, Suspect)> {
        let explains = |i: usize| {
            let (r, a) = ratios[i];
            if aside.contains(&i) || a <= 0.0 {
                0.0
            } else {
                r * r / a
            }
        };
        let name = |i: usize| {
            figures
                .get(i)
                .map_or_else(|| "density".to_string(), |f| f.name.clone())
        };
        let worst = (0..ratios.len()).max_by(|a, b| explains(*a).total_cmp(&explains(*b)))?;
        let most = explains(worst);
        if most <= 0.0 {
            return None;
        }
        let equal = |i: &usize| *i != worst && explains(*i) > most * (1.0 - 1e-6);
        let value = figures
            .get(worst)
            .map_or_else(|| density.map_or(f64::NAN, |d| d.value), |f| f.value);
        let suspect = Suspect {
            which: if worst < figures.len() {
                Which::Component(worst)
            } else {
                Which::Density
            },
            name: name(worst),
            value,
            implied: value - ratios[worst].0 / ratios[worst].1,
            statistic: most,
            or: (0..ratios.len()).filter(equal).map(name).collect(),
        };
        Some((worst, suspect))
    }
}

/// Change of the modelled density with a figure.
fn slope(density: &Density<'_>, values: &[f64], i: usize, step: f64) -> f64 {
    let at = |shift: f64| {
        let mut values = values.to_vec();
        values[i] += shift;
        (density.model)(&values)
    };
    (at(step) - at(-step)) / (2.0 * step)
}
