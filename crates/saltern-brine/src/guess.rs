//! A first guess for Newton's method: everything dissolved, pH from a bisection at fixed γ.

use crate::network::Network;
use crate::newton::{Imposed, Iterate, Newton};
use crate::water::MOLES_PER_KG;

/// ln activity of H+ in pure water.
const LN_NEUTRAL: f64 = -16.1;
/// Where the hydrogen balance is off by less than this at neutrality, mol/kgw, only traces are concerned and
/// Newton's method finds the pH itself.
const NEGLIGIBLE_EXCESS: f64 = 1e-5;
/// Halvings of a bracket: Newton's method takes over from a coarse guess.
const BISECTIONS: usize = 14;
/// A master species that is this near to its component's total is taken for all of it.
const NEARLY_ALL: f64 = 1e-2;
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
    // Two rounds: γ from the majors, then γ with the weak acids and bases where they belong.
    for _ in 0..2 {
        newton.evaluate(network, &x);
        let ln_hydrogen = match imposed.ln_hydrogen_activity {
            Some(ln_activity) => ln_activity,
            None => balanced_hydrogen(network, b, water, newton),
        };
        distribute(network, b, water, newton, ln_hydrogen, &mut x.ln_molality);
        if ln_hydrogen == LN_NEUTRAL {
            break; // Weak acids and bases are traces: a second round would change nothing that matters.
        }
    }
    x
}

/// ln a_H at which the hydrogen balance closes, γ being fixed.
fn balanced_hydrogen(network: &Network, b: &[f64], water: f64, newton: &Newton) -> f64 {
    let mut trial = vec![0.0; network.species_count()];
    let n = network.component_count();
    let target = b[1] / water;
    let mut excess = |ln_a: f64| {
        distribute(network, b, water, newton, ln_a, &mut trial);
        let sum: f64 = trial
            .iter()
            .enumerate()
            .map(|(i, ln_m)| network.formation[i * n + 1] * ln_m.exp())
            .sum();
        sum - target
    };
    if excess(LN_NEUTRAL).abs() < NEGLIGIBLE_EXCESS {
        return LN_NEUTRAL;
    }
    // pH −2 … 17; the excess rises with the activity of hydrogen.
    let (mut low, mut high) = (-39.0, 4.6);
    for _ in 0..BISECTIONS {
        let middle = 0.5 * (low + high);
        if excess(middle) > 0.0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    0.5 * (low + high)
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
    let masters = network.master_count();
    let ln_gamma = &newton.activity.ln_gamma;
    ln_m[0] = ln_hydrogen - ln_gamma[0];
    let mut ln_a = newton.ln_activity.clone();
    ln_a[1] = ln_hydrogen;
    for c in 2..network.component_count() {
        let total = b[c] / water;
        let ln_master = split_component(network, c, total, &ln_a, ln_gamma);
        ln_m[c - 1] = ln_master;
        ln_a[c] = ln_master + ln_gamma[c - 1];
    }
    for i in masters..network.species_count() {
        let action: f64 = network
            .formation_of(i)
            .iter()
            .zip(&ln_a)
            .map(|(nu, a)| nu * a)
            .sum();
        ln_m[i] = (network.species_ln_k[i] + action - ln_gamma[i]).clamp(-90.0, 5.0);
    }
}

/// ln of the master molality whose species (others' activities fixed) sum to `total`.
fn split_component(network: &Network, c: usize, total: f64, ln_a: &[f64], ln_gamma: &[f64]) -> f64 {
    let masters = network.master_count();
    let mut high = total.max(1e-300).ln();
    let mut low = high - 60.0;
    let held = |ln_master: f64| -> f64 {
        let mut sum = ln_master.exp();
        for i in masters..network.species_count() {
            let nu = network.formation_of(i);
            if nu[c] > 0.0 {
                let others: f64 = (0..nu.len())
                    .filter(|&k| k != c)
                    .map(|k| nu[k] * ln_a[k])
                    .sum();
                let ln_m = network.species_ln_k[i] + others + nu[c] * (ln_master + ln_gamma[c - 1])
                    - ln_gamma[i];
                sum += nu[c] * ln_m.min(50.0).exp();
            }
        }
        sum
    };
    if held(high) <= total * (1.0 + NEARLY_ALL) {
        return high;
    }
    for _ in 0..BISECTIONS {
        let middle = 0.5 * (low + high);
        if held(middle) > total {
            high = middle;
        } else {
            low = middle;
        }
    }
    0.5 * (low + high)
}
