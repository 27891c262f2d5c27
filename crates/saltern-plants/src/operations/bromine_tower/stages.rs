//! A tower as so many stages at equilibrium, brine downward, gas upward.
//!
//! ```text
//! l_{k−1} + v(l_{k+1}) = l_k + v(l_k)        k = 1 … N,   l_0 the brine fed,   v_{N+1} the gas fed
//! ```
//!
//! for halogen molecules and bromine atoms at once, since what leaves shifts the equilibrium of what stays (`equilibrium.rs`).
//! Newton's steps on all stages, block by block from the top; where they run off, steps of an ever longer time (implicit
//! Euler of a tower that holds as much as flows, Newton in the limit), which come to rest from anywhere. With gas that
//! lifts a constant share S of what a stage holds, this is the equation of Kremser (1930).

use super::equilibrium::{Halogens, Pair};

/// Imbalance of a stage over all that comes in at which it counts as solved.
const TOLERANCE: f64 = 1e-12;
/// Newton's steps, then rounds of steps in time: from how slow, how fast they grow to Newton's, how many of them.
const ROUNDS: [(f64, f64, u32); 6] = [
    (0.0, 0.0, 20),
    (1.0, 0.5, 60),
    (3.0, 0.7, 90),
    (9.0, 0.8, 120),
    (27.0, 0.9, 150),
    (81.0, 0.95, 180),
];
/// Below this a step in time is one of Newton's.
const NEWTON: f64 = 1e-6;
/// Share of an amount that one step leaves of it at least.
const LEAST: f64 = 1e-3;

/// What flows in a tower, mol a m³ of brine: halogen molecules and bromine atoms.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tower {
    /// Brine that leaves each stage, from the top.
    pub(super) liquid: Vec<Pair>,
    /// Gas that leaves the top.
    pub(super) gas: Pair,
    /// Largest imbalance of a stage over all that comes in.
    pub(super) residual: f64,
}

/// The tower of so many stages with brine and gas fed, mol a m³ of brine.
pub(super) fn tower(halogens: &Halogens, stages: usize, brine: Pair, gas: Pair) -> Tower {
    let scale = [brine[0] + gas[0], brine[1] + gas[1]].map(|s| s.max(f64::MIN_POSITIVE));
    let mut liquid = vec![scale; stages.max(1)];
    let mut best = Tower {
        liquid: liquid.clone(),
        gas: [0.0; 2],
        residual: f64::INFINITY,
    };
    for (slow, growth, steps) in ROUNDS {
        let mut inverse_time = slow * (1.0 + halogens.stripping_factor());
        for _ in 0..steps {
            let lifted: Vec<_> = liquid.iter().map(|l| halogens.lifted(*l)).collect();
            let lacking = imbalances(&liquid, &lifted, brine, gas);
            let residual = largest(&lacking, scale);
            if residual < best.residual {
                best = Tower {
                    liquid: liquid.clone(),
                    gas: lifted[0].0,
                    residual,
                };
            }
            if best.residual <= TOLERANCE {
                return best;
            }
            let changes = step(&lifted, lacking, inverse_time);
            for (l, d) in liquid.iter_mut().zip(&changes) {
                for i in [0, 1] {
                    l[i] = (l[i] + d[i]).max(LEAST * l[i]);
                }
            }
            inverse_time *= growth;
            if inverse_time < NEWTON {
                inverse_time = 0.0;
            }
        }
    }
    best
}

type Lifted = (Pair, [Pair; 2]);

/// What comes into each stage less what leaves it.
fn imbalances(liquid: &[Pair], lifted: &[Lifted], brine: Pair, gas: Pair) -> Vec<Pair> {
    let stages = liquid.len();
    let of = |k: usize| {
        let from_above = if k == 0 { brine } else { liquid[k - 1] };
        let from_below = if k + 1 == stages {
            gas
        } else {
            lifted[k + 1].0
        };
        [0, 1].map(|i| from_above[i] + from_below[i] - liquid[k][i] - lifted[k].0[i])
    };
    (0..stages).map(of).collect()
}

fn largest(lacking: &[Pair], scale: Pair) -> f64 {
    let shares = lacking
        .iter()
        .flat_map(|l| [l[0] / scale[0], l[1] / scale[1]]);
    shares.fold(0.0, |most, s| f64::max(most, s.abs()))
}

/// Newton's step: (1 + 1/t + v′_k) d_k − d_{k−1} − v′_{k+1} d_{k+1} = lacking_k, by elimination of blocks from the top.
fn step(lifted: &[Lifted], mut lacking: Vec<Pair>, inverse_time: f64) -> Vec<Pair> {
    let stages = lacking.len();
    // After elimination: d_k = lacking_k + passed_k d_{k+1}.
    let mut passed: Vec<[Pair; 2]> = Vec::with_capacity(stages);
    for k in 0..stages {
        let mut block = lifted[k].1;
        for (i, row) in block.iter_mut().enumerate() {
            row[i] += 1.0 + inverse_time;
        }
        if k > 0 {
            let above = passed[k - 1];
            for i in [0, 1] {
                for j in [0, 1] {
                    block[i][j] -= above[i][j];
                }
                lacking[k][i] += lacking[k - 1][i];
            }
        }
        lacking[k] = solved(&block, lacking[k]);
        let below = lifted.get(k + 1).map_or([[0.0; 2]; 2], |l| l.1);
        let columns = [0, 1].map(|j| solved(&block, [below[0][j], below[1][j]]));
        passed.push([
            [columns[0][0], columns[1][0]],
            [columns[0][1], columns[1][1]],
        ]);
    }
    for k in (0..stages.saturating_sub(1)).rev() {
        let below = lacking[k + 1];
        for i in [0, 1] {
            lacking[k][i] += passed[k][i][0] * below[0] + passed[k][i][1] * below[1];
        }
    }
    lacking
}

fn solved(block: &[Pair; 2], right: Pair) -> Pair {
    let [[a, b], [c, d]] = *block;
    let determinant = a * d - b * c;
    [
        (right[0] * d - b * right[1]) / determinant,
        (a * right[1] - c * right[0]) / determinant,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chlorine alone is lifted in proportion: Kremser has (S^{N+1} − S)/(S^{N+1} − 1) of it gone.
    #[test]
    fn chlorine_alone_leaves_as_kremser_has_it() {
        let halogens = Halogens::new(3000.0, 298.15, 1.0, 1.0e-3);
        let s: f64 = 1.0e-3 / 9.2e-4;
        for stages in [1, 4, 12] {
            let tower = tower(&halogens, stages, [5.0, 0.0], [0.0, 0.0]);
            let power = s.powi(stages as i32 + 1);
            let gone = (power - s) / (power - 1.0);
            assert!((tower.gas[0] / 5.0 - gone).abs() < 1e-10, "{stages}");
            assert!(tower.residual < 1e-12);
        }
    }

    /// Sea water, 65 mg/L of bromine in 0.55 mol/L of chloride, and the stoichiometric chlorine: by hand, with as much
    /// bromine chloride as bromide, b² = c (B − 2b)/2 · (1 + K₁c)/(1 + K₃c)/(K₂/K₃), so that a fifth stays bromide. Blown
    /// out, half of that is oxidised after all, and a sixth more chlorine takes out more than the 90 % of works on sea
    /// water (down to 6 mg/L: Korn, Freiberger Forschungshefte A 354, 62).
    #[test]
    fn a_little_more_chlorine_than_the_stoichiometry_takes_out_what_it_would_leave() {
        let bromine = 0.065e3 / 79.904;
        let halogens = Halogens::new(550.0, 293.15, 1.7, 150.0 / (8.314 * 293.15));
        let blown = |ratio: f64| {
            let fed = [0.5 * ratio * bromine, bromine];
            tower(&halogens, 6, fed, [0.0; 2]).gas[1] / bromine
        };
        let k = 550.0 * (1.0 + 3.3) / (1.0 + 0.715) / (1.8e4 / 1.3);
        let by_hand = -0.5 * k + (0.25 * k * k + 0.5 * k * bromine).sqrt();
        let at_once = halogens.held([0.5 * bromine, bromine]).bromide;
        assert!(
            (at_once / by_hand - 1.0).abs() < 1e-3,
            "{at_once} {by_hand}"
        );
        assert!((at_once / bromine - 0.2).abs() < 0.02);
        let left = 1.0 - blown(1.0);
        assert!(
            left > 0.4 * at_once / bromine && left < 0.7 * at_once / bromine,
            "{left}"
        );
        assert!(blown(1.15) > 0.9, "{}", blown(1.15));
    }

    /// From traces to a tenth of a mole a litre, too little and too much chlorine, loaded gas, one stage to thirty.
    #[test]
    fn every_tower_comes_to_rest() {
        let mut worst: f64 = 0.0;
        for chloride in [0.0, 500.0, 3e3, 9e3, 12e3] {
            for bromine in [0.1, 3.0, 300.0] {
                for ratio in [0.0, 0.3, 0.99, 1.0, 1.2, 1.99, 2.0, 2.2] {
                    for (stages, air) in [(1, 1.0), (5, 150.0), (30, 40.0), (30, 2000.0)] {
                        for loaded in [0.0, 0.6] {
                            let gas = air / (8.314 * 288.15);
                            let halogens = Halogens::new(chloride, 288.15, 2.5, gas);
                            let x = 0.5 * ratio * bromine;
                            let fed = [x, bromine];
                            let tower =
                                tower(&halogens, stages, fed, [loaded * x, 1.5 * loaded * x]);
                            worst = worst.max(tower.residual);
                        }
                    }
                }
            }
        }
        assert!(worst < 1e-11, "{worst}");
    }
}
