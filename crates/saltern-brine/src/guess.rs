//! A first guess for Newton's method: everything dissolved, pH from a bisection at fixed γ.

use crate::network::Network;
use crate::newton::{Imposed, Iterate, Newton};
use crate::water::MOLES_PER_KG;

/// ln activity of H+ in pure water.
const LN_NEUTRAL: f64 = -16.1;
/// ln activity of H+ at pH 17 and −2, beyond which no brine goes.
const LN_ALKALINE: f64 = -39.0;
const LN_ACID: f64 = 4.6;
/// Steps in ln a_H in which a change of sign is looked for.
const HYDROGEN_STRIDE: f64 = 7.0;
/// Where the hydrogen balance is off by less than this at neutrality, mol/kgw, only traces are concerned and
/// Newton's method finds the pH itself.
const NEGLIGIBLE_EXCESS: f64 = 1e-5;
/// Relative difference of hydrogen gained and given away from which Newton's method takes over.
const HYDROGEN_TOLERANCE: f64 = 0.02;
/// Evaluations in which the bracket is narrowed.
const HYDROGEN_STEPS: usize = 20;
/// Newton steps on the logarithm of a master molality that has species of several atoms.
const SPLITTING_STEPS: usize = 12;
/// ln molality given to species before anything is known about them.
const LN_TRACE: f64 = -23.0;

/// Everything dissolved in all the water: masters at their totals, secondary species by mass action.
pub(crate) fn dissolved(
    network: &Network,
    b: &[f64],
    imposed: Imposed,
    newton: &mut Newton,
) -> Iterate {
    let water = b[0] / MOLES_PER_KG;
    let masters = network.master_count();
    let mut x = Iterate {
        ln_molality: vec![LN_TRACE; network.species_count()],
        ln_water: water.ln(),
        solids: Vec::new(),
        imposed,
    };
    x.ln_molality[0] = -16.0;
    for k in 1..masters {
        x.ln_molality[k] = (b[k + 1] / water).max(1e-300).ln();
    }
    newton.evaluate_activities(network, &x);
    let ln_hydrogen = match imposed.ln_hydrogen_activity {
        Some(ln_activity) => ln_activity,
        None => balanced_hydrogen(network, b, water, newton),
    };
    distribute(network, b, water, newton, ln_hydrogen, &mut x.ln_molality);
    if ln_hydrogen != LN_NEUTRAL {
        // Weak acids and bases are more than traces: once more with γ of what they have become.
        newton.evaluate_activities(network, &x);
        distribute(network, b, water, newton, ln_hydrogen, &mut x.ln_molality);
    }
    x
}

/// ln a_H at which the hydrogen balance closes, γ being fixed.
fn balanced_hydrogen(network: &Network, b: &[f64], water: f64, newton: &Newton) -> f64 {
    let mut spread = Spread::new(network, b, water, newton);
    let target = b[1] / water;
    // Gained (HCO3-, HSO4-, …) and given away (OH-, MgOH+, …) are sums of exponentials, so the logarithm of
    // their ratio is nearly straight: regula falsi (Illinois variant) on that.
    let mut drive = |ln_a: f64| {
        let (gained, given) = spread.hydrogen_at(ln_a);
        let (gained, given) = (gained - target.min(0.0), given + target.max(0.0));
        ((gained / given).ln(), (gained - given).abs())
    };
    let (at_neutral, excess) = drive(LN_NEUTRAL);
    if excess < NEGLIGIBLE_EXCESS {
        return LN_NEUTRAL;
    }
    // The hydrogen held rises with its activity.
    let (mut low, mut high) = (LN_NEUTRAL, LN_NEUTRAL);
    let (mut at_low, mut at_high) = (at_neutral, at_neutral);
    while at_low > 0.0 && low > LN_ALKALINE {
        (high, at_high) = (low, at_low);
        low = (low - HYDROGEN_STRIDE).max(LN_ALKALINE);
        at_low = drive(low).0;
    }
    while at_high < 0.0 && high < LN_ACID {
        (low, at_low) = (high, at_high);
        high = (high + HYDROGEN_STRIDE).min(LN_ACID);
        at_high = drive(high).0;
    }
    if at_low > 0.0 {
        return LN_ALKALINE;
    }
    if at_high < 0.0 {
        return LN_ACID;
    }
    let mut last = f64::NAN;
    for _ in 0..HYDROGEN_STEPS {
        let middle = (low * at_high - high * at_low) / (at_high - at_low);
        let value = drive(middle).0;
        if value > 0.0 {
            (high, at_high, at_low) = (middle, value, 0.5 * at_low);
        } else {
            (low, at_low, at_high) = (middle, value, 0.5 * at_high);
        }
        last = middle;
        if value.abs() < HYDROGEN_TOLERANCE {
            break;
        }
    }
    last
}

/// Spreads each component over its species at a given ln a_H and the γ of the last evaluation.
fn distribute(
    network: &Network,
    b: &[f64],
    water: f64,
    newton: &Newton,
    ln_hydrogen: f64,
    ln_m: &mut [f64],
) {
    let mut spread = Spread::new(network, b, water, newton);
    spread.settle_at(ln_hydrogen);
    ln_m[0] = ln_hydrogen - newton.activity.ln_gamma[0];
    for c in 2..network.component_count() {
        ln_m[c - 1] = spread.ln_activity[c] - newton.activity.ln_gamma[c - 1];
    }
    for i in network.master_count()..network.species_count() {
        ln_m[i] = spread.ln_molality_of(i).clamp(-90.0, 5.0);
    }
}

/// Components over their species at fixed γ: one sweep over the components, each in turn split with the
/// others' activities held.
struct Spread<'a> {
    network: &'a Network,
    newton: &'a Newton,
    /// ln of each component's total molality.
    ln_total: Vec<f64>,
    ln_activity: Vec<f64>,
}

impl<'a> Spread<'a> {
    fn new(network: &'a Network, totals: &[f64], water: f64, newton: &'a Newton) -> Self {
        Spread {
            network,
            newton,
            ln_total: totals
                .iter()
                .map(|b| (b / water).max(1e-300).ln())
                .collect(),
            ln_activity: newton.ln_activity.clone(),
        }
    }

    fn settle_at(&mut self, ln_hydrogen: f64) {
        self.ln_activity.copy_from_slice(&self.newton.ln_activity);
        self.ln_activity[1] = ln_hydrogen;
        for c in 2..self.network.component_count() {
            self.ln_activity[c] = self.split(c) + self.newton.activity.ln_gamma[c - 1];
        }
    }

    /// Hydrogen that species have gained, and given away, at a given ln a_H, mol/kgw.
    fn hydrogen_at(&mut self, ln_hydrogen: f64) -> (f64, f64) {
        self.settle_at(ln_hydrogen);
        let mut gained = (ln_hydrogen - self.newton.activity.ln_gamma[0]).exp();
        let mut given = 0.0;
        for &(i, nu) in self.network.with_hydrogen() {
            let held = nu * self.ln_molality_of(i).min(50.0).exp();
            if nu > 0.0 {
                gained += held;
            } else {
                given -= held;
            }
        }
        (gained, given)
    }

    /// ln m of a secondary species by mass action.
    fn ln_molality_of(&self, i: usize) -> f64 {
        let action: f64 = self
            .network
            .formation_terms(i)
            .iter()
            .map(|&(k, nu)| nu * self.ln_activity[k])
            .sum();
        self.network.species_ln_k[i] + action - self.newton.activity.ln_gamma[i]
    }

    /// ln of the master molality of component `c` whose species sum to its total.
    fn split(&self, c: usize) -> f64 {
        let whole = self.ln_total[c];
        if self.network.species_with(c).is_empty() {
            return whole;
        }
        let ln_gamma = self.newton.activity.ln_gamma[c - 1];
        let mut linear = 1.0;
        let mut several_atoms = false;
        for &(i, nu) in self.network.species_with(c) {
            several_atoms |= nu != 1.0;
            linear += nu * self.share_at(i, c, nu, ln_gamma, whole);
        }
        if !several_atoms {
            return whole - linear.ln();
        }
        // Σ ν_i m_i is convex in ln m and the whole is an upper bound: Newton comes down without overshoot.
        let mut ln_m = whole;
        for _ in 0..SPLITTING_STEPS {
            let (mut sum, mut slope) = (ln_m.exp(), ln_m.exp());
            for &(i, nu) in self.network.species_with(c) {
                let part = nu * ln_m.exp() * self.share_at(i, c, nu, ln_gamma, ln_m);
                sum += part;
                slope += nu * part;
            }
            let step = (sum.ln() - whole) * sum / slope;
            ln_m -= step;
            if step.abs() < 1e-3 {
                break;
            }
        }
        ln_m
    }

    /// m_i / m_master of a secondary species at a master molality, the other activities being as they are.
    fn share_at(&self, i: usize, c: usize, nu: f64, ln_gamma: f64, ln_master: f64) -> f64 {
        let own = nu * (ln_master + ln_gamma - self.ln_activity[c]);
        (self.ln_molality_of(i) + own - ln_master).min(60.0).exp()
    }
}
