//! How ln γ and ln a_w change with temperature and with single parameters, the molalities being fixed.
//!
//! G is linear in every parameter and in the Debye–Hückel terms, so both are sums of the same form as ln γ itself:
//! with the parameters' derivatives by T in place of their values, or with one for one parameter and zero for
//! the others. Eθ depends on A_φ through A_φ √I: ∂Eθ/∂A_φ = 2 (I ∂Eθ/∂I + Eθ)/A_φ.

use super::evaluate::{Activity, Sums};
use super::mixing::{Jet, e_theta};
use super::{PitzerModel, SaltValues, Values, sum_of_terms};
use crate::database::Interaction;
use crate::water::{MOLES_PER_KG, Water};

/// Step of the difference that gives dA_φ/dT, K.
const STEP_K: f64 = 0.02;

/// Derivatives at fixed molalities. Reused between evaluations.
#[derive(Clone, Debug, Default)]
pub struct ActivitySlopes {
    /// ∂ln γ of each species.
    pub ln_gamma: Vec<f64>,
    /// ∂ln a_w.
    pub ln_water_activity: f64,
    work: Activity,
    values: Values,
}

impl PitzerModel {
    /// ∂/∂T, 1/K, at molalities `m` where ln a_w is as given.
    pub fn temperature_slopes(&self, m: &[f64], ln_water_activity: f64, out: &mut ActivitySlopes) {
        let t = self.temperature_k;
        let basis = Interaction::basis_slope(t);
        let a_phi = self.a_phi(ln_water_activity);
        let a_phi_slope = match &self.a_phi {
            Some(terms) => sum_of_terms(terms, &basis),
            None => {
                let dryness = 1.0 - ln_water_activity.min(0.0).exp();
                let at = |t: f64| {
                    let water = Water::at(t);
                    water.a_phi + water.a_phi_per_dryness * dryness
                };
                (at(t + STEP_K) - at(t - STEP_K)) / (2.0 * STEP_K)
            }
        };
        out.values
            .take(&self.salts, &self.pairs, &self.triples, &basis);
        let values = std::mem::take(&mut out.values);
        self.evaluate_linear(&values, a_phi, a_phi_slope, m, out);
        out.values = values;
    }

    /// ∂/∂P of the interaction in a row of the database, at molalities `m`. Zero where it does not act between
    /// these species.
    pub fn interaction_slopes(&self, row: usize, m: &[f64], out: &mut ActivitySlopes) {
        let mut values = std::mem::take(&mut out.values);
        values.salts.clear();
        values.salts.extend(self.salts.iter().map(|s| {
            let own = |k: usize| if s.rows[k] == Some(row) { 1.0 } else { 0.0 };
            SaltValues {
                beta0: own(0),
                beta1: own(1),
                beta2: own(2),
                c: own(3) * s.c_factor,
            }
        }));
        let own = |of: usize, weight: f64| if of == row { weight } else { 0.0 };
        values.pairs.clear();
        let pairs = self.pairs.iter().map(|p| own(p.row, p.weight));
        values.pairs.extend(pairs);
        values.triples.clear();
        let triples = self.triples.iter().map(|t| own(t.row, t.weight));
        values.triples.extend(triples);
        self.evaluate_linear(&values, self.water.a_phi, 0.0, m, out);
        out.values = values;
    }

    /// The sums of the model with other values, and with the Debye–Hückel terms' derivative by A_φ times a slope.
    fn evaluate_linear(
        &self,
        values: &Values,
        a_phi: f64,
        a_phi_slope: f64,
        m: &[f64],
        out: &mut ActivitySlopes,
    ) {
        let (charges, halves) = (&self.charge_number, &self.half_charge_squared);
        let mut sums = Sums::at(m, charges, halves, a_phi_slope);
        let i = sums.ionic_strength;
        out.work.scratch.e_theta.clear();
        let jets = self.charge_pairs.iter().map(|&(zi, zj)| {
            let e = e_theta(zi, zj, a_phi, i);
            let factor = 2.0 * a_phi_slope / a_phi;
            Jet {
                value: factor * (e.first * i + e.value),
                first: factor * (e.second * i + 2.0 * e.first),
                second: 0.0,
            }
        });
        out.work.scratch.e_theta.extend(jets);
        self.accumulate::<false>(values, m, &mut sums, &mut out.work);
        let excess = self.finish_ln_gamma(m, &sums, &mut out.work);
        out.ln_water_activity = -excess / MOLES_PER_KG;
        out.ln_gamma.clear();
        out.ln_gamma.extend_from_slice(&out.work.ln_gamma);
    }
}
