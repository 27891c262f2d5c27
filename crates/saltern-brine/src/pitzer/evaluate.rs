//! The sums over species: ln γ and water activity, with their derivatives by molality.

use super::mixing::{Jet, e_theta};
use super::{LikePair, Pair, PitzerModel, SaltPair, SaltValues, Triple, Values};
use crate::water::MOLES_PER_KG;

/// b of the Debye–Hückel term, (kg/mol)^½.
const B_DEBYE: f64 = 1.2;
/// Ionic strengths below this are treated as this, so that pure water has finite derivatives, mol/kgw.
const IONIC_STRENGTH_FLOOR: f64 = 1e-12;

/// Activities and their derivatives at one composition. Reused between evaluations.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    /// ln γ of each species.
    pub ln_gamma: Vec<f64>,
    /// ∂ln γ_i/∂m_j, row-major, kg/mol.
    pub hessian: Vec<f64>,
    /// ln of the water activity.
    pub ln_water_activity: f64,
    /// ∂ln a_w/∂m_j, kg/mol.
    pub water_slope: Vec<f64>,
    /// Osmotic coefficient (1 in pure water).
    pub osmotic_coefficient: f64,
    /// Ionic strength, mol/kgw.
    pub ionic_strength: f64,
    pub(super) scratch: Scratch,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    /// Explicit gradient.
    g: Vec<f64>,
    /// ∂(dS/dI)/∂m_i.
    p: Vec<f64>,
    /// Σ_a m_a C_ia.
    t: Vec<f64>,
    g_alpha: Vec<Jet>,
    pub(super) e_theta: Vec<Jet>,
}

impl PitzerModel {
    /// Fills `out` with activities and derivatives at molalities `m`, mol/kgw.
    ///
    /// The water activity that `out` holds on entry (of the previous iterate; 1 at first) sets the
    /// pressure correction of A_φ, an effect of 1e-6 that is not differentiated.
    pub fn evaluate(&self, m: &[f64], out: &mut Activity) {
        self.evaluate_with::<true>(m, out);
    }

    /// As [`PitzerModel::evaluate`], without the derivatives by molality: these keep what they held.
    pub fn evaluate_activities(&self, m: &[f64], out: &mut Activity) {
        self.evaluate_with::<false>(m, out);
    }

    /// A_φ at the temperature over a brine of the given ln a_w.
    pub(super) fn a_phi(&self, ln_water_activity: f64) -> f64 {
        let dryness = 1.0 - ln_water_activity.min(0.0).exp();
        self.water.a_phi + self.water.a_phi_per_dryness * dryness
    }

    fn evaluate_with<const SLOPES: bool>(&self, m: &[f64], out: &mut Activity) {
        debug_assert_eq!(m.len(), self.len());
        let a_phi = self.a_phi(out.ln_water_activity);
        let mut sums = Sums::at(m, &self.charge_number, &self.half_charge_squared, a_phi);
        let i = sums.ionic_strength;
        out.scratch.e_theta.clear();
        let jets = self.charge_pairs.iter();
        let jets = jets.map(|&(zi, zj)| e_theta(zi, zj, a_phi, i));
        out.scratch.e_theta.extend(jets);
        self.accumulate::<SLOPES>(&self.values, m, &mut sums, out);
        let excess = self.finish_ln_gamma(m, &sums, out);
        out.osmotic_coefficient = if sums.molality > 0.0 {
            1.0 + excess / sums.molality
        } else {
            1.0
        };
        out.ln_water_activity = -(sums.molality + excess) / MOLES_PER_KG;
        out.ionic_strength = sums.ionic_strength;
        if SLOPES && !m.is_empty() {
            self.finish_slopes(m, &sums, out);
        }
    }

    /// Adds up the terms of all parameters, which have the given values; Eθ is in the scratch.
    pub(super) fn accumulate<const SLOPES: bool>(
        &self,
        values: &Values,
        m: &[f64],
        sums: &mut Sums,
        out: &mut Activity,
    ) {
        out.resize::<SLOPES>(m.len());
        let Activity {
            hessian, scratch, ..
        } = out;
        scratch.g_alpha.clear();
        let i = sums.ionic_strength;
        let jets = self.alphas.iter().map(|&alpha| g_of(alpha, i));
        scratch.g_alpha.extend(jets);
        add_salts::<SLOPES>(&self.salts, &values.salts, m, sums, scratch, hessian);
        add_electrostatic::<SLOPES>(&self.like, m, sums, scratch, hessian);
        add_pairs::<SLOPES>(&self.pairs, values, m, sums, scratch, hessian);
        add_triples::<SLOPES>(&self.triples, values, m, sums, scratch, hessian);
    }

    /// ln γ from the sums; returns (φ − 1) Σm.
    pub(super) fn finish_ln_gamma(&self, m: &[f64], sums: &Sums, out: &mut Activity) -> f64 {
        let n = m.len();
        let Scratch { g, t, .. } = &out.scratch;
        let slope = sums.f_slope + sums.slope;
        let (z, half) = (&self.charge_number[..n], &self.half_charge_squared[..n]);
        for i in 0..n {
            out.ln_gamma[i] = half[i] * slope + z[i] * sums.t + sums.z * t[i] + g[i];
        }
        // (φ − 1) Σm = Σ m ∂G/∂m − G, by degrees of the terms.
        sums.ionic_strength * slope - sums.f_value
            + sums.second_degree
            + 2.0 * (sums.third_degree + sums.z * sums.t)
    }

    /// Completes the upper triangle of explicit terms to the whole matrix of ∂ln γ_i/∂m_j.
    fn finish_slopes(&self, m: &[f64], sums: &Sums, out: &mut Activity) {
        let n = m.len();
        let Activity {
            hessian,
            water_slope,
            scratch: Scratch { p, t, .. },
            ..
        } = out;
        for i in 0..n {
            hessian[i * n + i] *= 2.0;
            for j in i + 1..n {
                hessian[j * n + i] = hessian[i * n + j];
            }
        }
        let curvature = sums.f_curvature + sums.curvature;
        let (z, half) = (&self.charge_number[..n], &self.half_charge_squared[..n]);
        let (p, t, water_slope) = (&p[..n], &t[..n], &mut water_slope[..n]);
        water_slope.fill(-1.0 / MOLES_PER_KG);
        for (i, row) in hessian.chunks_exact_mut(n).enumerate() {
            let (by_half, half_i, z_i, t_i) = (half[i] * curvature + p[i], half[i], z[i], t[i]);
            let share = -m[i] / MOLES_PER_KG;
            for j in 0..n {
                row[j] += by_half * half[j] + half_i * p[j] + z_i * t[j] + t_i * z[j];
                water_slope[j] += share * row[j];
            }
        }
    }
}

fn add_salts<const SLOPES: bool>(
    salts: &[SaltPair],
    values: &[SaltValues],
    m: &[f64],
    sums: &mut Sums,
    scratch: &mut Scratch,
    hessian: &mut [f64],
) {
    let n = m.len();
    let Scratch {
        g, p, t, g_alpha, ..
    } = scratch;
    for (s, v) in salts.iter().zip(values) {
        let (i, j) = (s.cation, s.anion);
        let (mc, ma) = (m[i], m[j]);
        let g1 = g_alpha[s.alpha1];
        let mut b = v.beta0 + v.beta1 * g1.value;
        let mut db = v.beta1 * g1.first;
        let mut ddb = v.beta1 * g1.second;
        if v.beta2 != 0.0 {
            let g2 = g_alpha[s.alpha2];
            b += v.beta2 * g2.value;
            db += v.beta2 * g2.first;
            ddb += v.beta2 * g2.second;
        }
        let (ma2, mc2) = (2.0 * ma, 2.0 * mc);
        g[i] += ma2 * b;
        g[j] += mc2 * b;
        t[i] += ma * v.c;
        t[j] += mc * v.c;
        let product = mc * ma;
        sums.second_degree += 2.0 * product * b;
        sums.slope += 2.0 * product * db;
        sums.t += product * v.c;
        if SLOPES {
            p[i] += ma2 * db;
            p[j] += mc2 * db;
            sums.curvature += 2.0 * product * ddb;
            hessian[i.min(j) * n + i.max(j)] += 2.0 * b + sums.z * v.c;
        }
    }
}

fn add_electrostatic<const SLOPES: bool>(
    like: &[LikePair],
    m: &[f64],
    sums: &mut Sums,
    scratch: &mut Scratch,
    hessian: &mut [f64],
) {
    let n = m.len();
    let Scratch { g, p, e_theta, .. } = scratch;
    for &LikePair { i, j, charge_pair } in like {
        let (mi, mj) = (2.0 * m[i], 2.0 * m[j]);
        let e = e_theta[charge_pair];
        g[i] += mj * e.value;
        g[j] += mi * e.value;
        let product = m[i] * mj;
        sums.second_degree += product * e.value;
        sums.slope += product * e.first;
        if SLOPES {
            p[i] += mj * e.first;
            p[j] += mi * e.first;
            sums.curvature += product * e.second;
            hessian[i * n + j] += 2.0 * e.value;
        }
    }
}

fn add_pairs<const SLOPES: bool>(
    pairs: &[Pair],
    values: &Values,
    m: &[f64],
    sums: &mut Sums,
    scratch: &mut Scratch,
    hessian: &mut [f64],
) {
    let (n, g) = (m.len(), &mut scratch.g);
    for (&Pair { i, j, .. }, &w) in pairs.iter().zip(&values.pairs) {
        let (mi, mj) = (m[i], m[j]);
        g[i] += w * mj;
        g[j] += w * mi;
        sums.second_degree += w * mi * mj;
        if SLOPES {
            hessian[i * n + j] += w;
        }
    }
}

fn add_triples<const SLOPES: bool>(
    triples: &[Triple],
    values: &Values,
    m: &[f64],
    sums: &mut Sums,
    scratch: &mut Scratch,
    hessian: &mut [f64],
) {
    let (n, g) = (m.len(), &mut scratch.g);
    for (&Triple { i, j, k, .. }, &w) in triples.iter().zip(&values.triples) {
        let (mi, mj, mk) = (m[i], m[j], m[k]);
        let (wi, wj) = (w * mi, w * mj);
        let wij = wi * mj;
        g[i] += wj * mk;
        g[j] += wi * mk;
        g[k] += wij;
        sums.third_degree += wij * mk;
        if SLOPES {
            hessian[i * n + j] += w * mk;
            hessian[i * n + k] += wj;
            hessian[j * n + k] += wi;
        }
    }
}

/// Sums over the composition.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) ionic_strength: f64,
    molality: f64,
    z: f64,
    f_value: f64,
    f_slope: f64,
    f_curvature: f64,
    /// Terms of second degree in m (B, θ, λ) and their derivatives by I.
    second_degree: f64,
    slope: f64,
    curvature: f64,
    third_degree: f64,
    /// Σ m_c m_a C_ca.
    t: f64,
}

impl Sums {
    pub(super) fn at(
        m: &[f64],
        charge_number: &[f64],
        half_charge_squared: &[f64],
        a_phi: f64,
    ) -> Self {
        let mut sums = Sums::default();
        for ((m, z), half) in m.iter().zip(charge_number).zip(half_charge_squared) {
            sums.ionic_strength += m * half;
            sums.molality += m;
            sums.z += m * z;
        }
        sums.ionic_strength = sums.ionic_strength.max(IONIC_STRENGTH_FLOOR);
        let i = sums.ionic_strength;
        let root = i.sqrt();
        let denominator = 1.0 + B_DEBYE * root;
        let log = denominator.ln();
        sums.f_value = -4.0 * a_phi * i / B_DEBYE * log;
        sums.f_slope = -2.0 * a_phi * (root / denominator + 2.0 / B_DEBYE * log);
        sums.f_curvature = -a_phi / root * (1.0 / (denominator * denominator) + 2.0 / denominator);
        sums
    }
}

impl Activity {
    fn resize<const SLOPES: bool>(&mut self, n: usize) {
        self.ln_gamma.resize(n, 0.0);
        let Scratch { g, p, t, .. } = &mut self.scratch;
        for v in [g, p, t] {
            v.clear();
            v.resize(n, 0.0);
        }
        if SLOPES {
            self.water_slope.resize(n, 0.0);
            self.hessian.clear();
            self.hessian.resize(n * n, 0.0);
        }
    }
}

/// g(α√I) = 2[1 − (1+x)e^(−x)]/x² with its derivatives by I.
fn g_of(alpha: f64, ionic_strength: f64) -> Jet {
    if alpha == 0.0 {
        return Jet::default();
    }
    let i = ionic_strength;
    let x = alpha * i.sqrt();
    if x < 1e-3 {
        // Series: the closed form loses digits here. g = 1 − 2x/3 + x²/4 − …
        let value = 1.0 - 2.0 * x / 3.0 + x * x / 4.0;
        let first = alpha * alpha * (-1.0 / (3.0 * x) + 0.25);
        return Jet {
            value,
            first,
            second: alpha.powi(4) / (6.0 * x * x * x),
        };
    }
    let e = (-x).exp();
    let value = 2.0 * (1.0 - (1.0 + x) * e) / (x * x);
    let first = (e - value) / i;
    let second = -(e * alpha * alpha / (2.0 * x) + 2.0 * first) / i;
    Jet {
        value,
        first,
        second,
    }
}
