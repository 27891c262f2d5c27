//! The Pitzer model in the form of Harvie, Møller & Weare (1984), written as one excess Gibbs energy
//! whose gradient is ln γ and whose Hessian is ∂ln γ/∂m.
//!
//! Per kilogram of water and RT (Pitzer 1991, chapter 3):
//!
//! G = f(I) + Σ_c Σ_a m_c m_a [2 B_ca(I) + Z C_ca]
//!   + Σ_{i<j} 2 m_i m_j [θ_ij + Eθ_ij(I)] + Σ ψ m m m
//!   + Σ 2 λ m_n m_i (λ_nn m_n² for a neutral with itself) + Σ ζ m_n m_c m_a + Σ η, μ terms
//!
//! f(I) = −(4 A_φ I / b) ln(1 + b√I), b = 1.2;
//! B = β0 + β1 g(α1√I) + β2 g(α2√I), g(x) = 2[1 − (1+x)e^(−x)]/x²; C = C^φ/(2√|z_c z_a|); Z = Σ m|z|.
//!
//! α1 = 2, α2 = 12 where either ion is univalent; 1.4 and 12 for 2-2 pairs; 2 and 50 otherwise, unless
//! the database sets them. Writing everything from one G makes Gibbs–Duhem and the symmetry of
//! ∂ln γ_i/∂m_j hold by construction.

mod mixing;

use crate::database::{Database, Interaction, InteractionKind, REFERENCE_TEMPERATURE_K, SpeciesId};
use crate::water::{MOLES_PER_KG, Water};
use mixing::{Jet, e_theta};

/// b of the Debye–Hückel term, (kg/mol)^½.
const B_DEBYE: f64 = 1.2;
/// Ionic strengths below this are treated as this, so that pure water has finite derivatives, mol/kgw.
const IONIC_STRENGTH_FLOOR: f64 = 1e-12;

/// The parameters of a database that matter for a list of species, laid out for evaluation.
#[derive(Clone, Debug, Default)]
pub struct PitzerModel {
    charge: Vec<f64>,
    /// |z| of each species.
    charge_number: Vec<f64>,
    /// z²/2 of each species: ∂I/∂m.
    half_charge_squared: Vec<f64>,
    /// Temperature functions, evaluated together by [`PitzerModel::set_temperature`].
    terms: Vec<[f64; 6]>,
    values: Vec<f64>,
    salts: Vec<SaltPair>,
    like: Vec<LikePair>,
    pairs: Vec<Pair>,
    triples: Vec<Triple>,
    alphas: Vec<f64>,
    charge_pairs: Vec<(f64, f64)>,
    /// A_φ as the database gives it, in place of that of [`Water`].
    a_phi: Option<[f64; 6]>,
    water: Water,
    temperature_k: f64,
}

/// A cation–anion pair; indices into `values` (`usize::MAX` = none) and `alphas`.
#[derive(Clone, Copy, Debug)]
struct SaltPair {
    cation: usize,
    anion: usize,
    beta0: usize,
    beta1: usize,
    beta2: usize,
    c_phi: usize,
    alpha1: usize,
    alpha2: usize,
    /// 1/(2√|z_c z_a|)
    c_factor: f64,
}

/// Two ions of like sign and different charge: the electrostatic term between them.
#[derive(Clone, Copy, Debug)]
struct LikePair {
    i: usize,
    j: usize,
    charge_pair: usize,
}

/// θ or λ: `weight · value · m_i m_j` in G.
#[derive(Clone, Copy, Debug)]
struct Pair {
    i: usize,
    j: usize,
    value: usize,
    weight: f64,
}

/// ψ, ζ, η or μ: `weight · value · m_i m_j m_k` in G.
#[derive(Clone, Copy, Debug)]
struct Triple {
    i: usize,
    j: usize,
    k: usize,
    value: usize,
    weight: f64,
}

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
    scratch: Scratch,
}

#[derive(Clone, Debug, Default)]
struct Scratch {
    /// Explicit gradient.
    g: Vec<f64>,
    /// ∂(dS/dI)/∂m_i.
    p: Vec<f64>,
    /// Σ_a m_a C_ia.
    t: Vec<f64>,
    g_alpha: Vec<Jet>,
    e_theta: Vec<Jet>,
}

const NONE: usize = usize::MAX;

impl PitzerModel {
    /// Collects the parameters that act between the given species, in the given order.
    pub fn new(database: &Database, species: &[SpeciesId]) -> Self {
        let mut model = PitzerModel {
            charge: species
                .iter()
                .map(|&s| database.species[s].charge)
                .collect(),
            charge_number: species
                .iter()
                .map(|&s| database.species[s].charge.abs())
                .collect(),
            half_charge_squared: species
                .iter()
                .map(|&s| 0.5 * database.species[s].charge.powi(2))
                .collect(),
            a_phi: database.a_phi,
            ..PitzerModel::default()
        };
        let mut position = vec![NONE; database.species.len()];
        for (k, &s) in species.iter().enumerate() {
            position[s] = k;
        }
        model.add_like_pairs();
        for interaction in &database.interactions {
            model.add(interaction, &position);
        }
        model.set_alphas(database, &position);
        model.values = vec![0.0; model.terms.len()];
        model
    }

    /// Number of species.
    pub fn len(&self) -> usize {
        self.charge.len()
    }

    /// Whether there are no species.
    pub fn is_empty(&self) -> bool {
        self.charge.is_empty()
    }

    /// Water at the present temperature.
    pub fn water(&self) -> &Water {
        &self.water
    }

    /// Charge numbers of the species.
    pub fn charges(&self) -> &[f64] {
        &self.charge
    }

    fn add_like_pairs(&mut self) {
        for i in 0..self.charge.len() {
            for j in i + 1..self.charge.len() {
                let (zi, zj) = (self.charge[i], self.charge[j]);
                if zi * zj > 0.0 && zi != zj {
                    let key = (zi.abs().min(zj.abs()), zi.abs().max(zj.abs()));
                    let charge_pair = index_or_push(&mut self.charge_pairs, key);
                    self.like.push(LikePair { i, j, charge_pair });
                }
            }
        }
    }

    fn add(&mut self, interaction: &Interaction, position: &[usize]) {
        use InteractionKind::*;
        let (a, b, c) = interaction.species;
        let (i, j) = (position[a], position[b]);
        let k = c.map(|c| position[c]);
        if i == NONE || j == NONE || k == Some(NONE) || interaction.kind == Alphas {
            return;
        }
        let value = self.terms.len();
        self.terms.push(interaction.terms);
        match interaction.kind {
            Beta0 => self.salt(i, j).beta0 = value,
            Beta1 => self.salt(i, j).beta1 = value,
            Beta2 => self.salt(i, j).beta2 = value,
            CPhi => self.salt(i, j).c_phi = value,
            Theta => self.pairs.push(Pair {
                i,
                j,
                value,
                weight: 2.0,
            }),
            // λ_nn m_n² for a neutral with itself, 2 λ m_n m_i otherwise.
            Lambda => self.pairs.push(Pair {
                i,
                j,
                value,
                weight: if i == j { 1.0 } else { 2.0 },
            }),
            Psi | Zeta | Eta => {
                if let Some(k) = k {
                    self.triples.push(Triple {
                        i,
                        j,
                        k,
                        value,
                        weight: 1.0,
                    });
                }
            }
            Mu => {
                if let Some(k) = k {
                    let weight = if i == j && j == k {
                        1.0
                    } else if i != j && j != k && i != k {
                        6.0
                    } else {
                        3.0
                    };
                    self.triples.push(Triple {
                        i,
                        j,
                        k,
                        value,
                        weight,
                    });
                }
            }
            Alphas => {}
        }
    }

    fn salt(&mut self, i: usize, j: usize) -> &mut SaltPair {
        let (cation, anion) = if self.charge[i] > 0.0 { (i, j) } else { (j, i) };
        let found = self
            .salts
            .iter()
            .position(|s| s.cation == cation && s.anion == anion);
        let index = found.unwrap_or_else(|| {
            let (zc, za) = (self.charge[cation].abs(), self.charge[anion].abs());
            let (alpha1, alpha2) = default_alphas(zc, za);
            let alpha1 = index_or_push(&mut self.alphas, alpha1);
            let alpha2 = index_or_push(&mut self.alphas, alpha2);
            let c_factor = 0.5 / (zc * za).sqrt();
            self.salts.push(SaltPair {
                cation,
                anion,
                beta0: NONE,
                beta1: NONE,
                beta2: NONE,
                c_phi: NONE,
                alpha1,
                alpha2,
                c_factor,
            });
            self.salts.len() - 1
        });
        &mut self.salts[index]
    }

    fn set_alphas(&mut self, database: &Database, position: &[usize]) {
        for row in database
            .interactions
            .iter()
            .filter(|x| x.kind == InteractionKind::Alphas)
        {
            let (i, j) = (position[row.species.0], position[row.species.1]);
            if i != NONE && j != NONE {
                let alpha1 = index_or_push(&mut self.alphas, row.terms[0]);
                let alpha2 = index_or_push(&mut self.alphas, row.terms[1]);
                let salt = self.salt(i, j);
                (salt.alpha1, salt.alpha2) = (alpha1, alpha2);
            }
        }
    }

    /// Evaluates every parameter and the water properties at a temperature in K.
    pub fn set_temperature(&mut self, temperature_k: f64) {
        if temperature_k == self.temperature_k {
            return;
        }
        self.temperature_k = temperature_k;
        self.water = Water::at(temperature_k);
        let (t, tr) = (temperature_k, REFERENCE_TEMPERATURE_K);
        let basis = [
            1.0,
            1.0 / t - 1.0 / tr,
            (t / tr).ln(),
            t - tr,
            t * t - tr * tr,
            1.0 / (t * t) - 1.0 / (tr * tr),
        ];
        let at_temperature = |terms: &[f64; 6]| terms.iter().zip(&basis).map(|(a, b)| a * b).sum();
        for (value, terms) in self.values.iter_mut().zip(&self.terms) {
            *value = at_temperature(terms);
        }
        if let Some(terms) = &self.a_phi {
            self.water.a_phi = at_temperature(terms);
            self.water.a_phi_per_dryness = 0.0;
        }
    }

    fn value(&self, index: usize) -> f64 {
        if index == NONE {
            0.0
        } else {
            self.values[index]
        }
    }

    /// Fills `out` with activities and derivatives at molalities `m`, mol/kgw.
    ///
    /// The water activity that `out` holds on entry (of the previous iterate; 1 at first) sets the
    /// pressure correction of A_φ, an effect of 1e-6 that is not differentiated.
    pub fn evaluate(&self, m: &[f64], out: &mut Activity) {
        let n = self.len();
        debug_assert_eq!(m.len(), n);
        let dryness = 1.0 - out.ln_water_activity.min(0.0).exp();
        let a_phi = self.water.a_phi + self.water.a_phi_per_dryness * dryness;
        out.resize(n, self.alphas.len(), self.charge_pairs.len());
        let mut sums = Sums::at(m, &self.charge, a_phi);
        let i = sums.ionic_strength;
        for (jet, &alpha) in out.scratch.g_alpha.iter_mut().zip(&self.alphas) {
            *jet = g_of(alpha, i);
        }
        for (jet, &(zi, zj)) in out.scratch.e_theta.iter_mut().zip(&self.charge_pairs) {
            *jet = e_theta(zi, zj, a_phi, i);
        }
        self.add_salts(m, &mut sums, out);
        self.add_electrostatic(m, &mut sums, out);
        self.add_pairs_and_triples(m, &mut sums, out);
        self.finish(m, &sums, out);
    }

    fn add_salts(&self, m: &[f64], sums: &mut Sums, out: &mut Activity) {
        let n = self.len();
        let Activity {
            hessian,
            scratch: Scratch {
                g, p, t, g_alpha, ..
            },
            ..
        } = out;
        for s in &self.salts {
            let (mc, ma) = (m[s.cation], m[s.anion]);
            let (beta1, beta2) = (self.value(s.beta1), self.value(s.beta2));
            let (g1, g2) = (g_alpha[s.alpha1], g_alpha[s.alpha2]);
            let b = self.value(s.beta0) + beta1 * g1.value + beta2 * g2.value;
            let db = beta1 * g1.first + beta2 * g2.first;
            let ddb = beta1 * g1.second + beta2 * g2.second;
            let c = self.value(s.c_phi) * s.c_factor;
            g[s.cation] += 2.0 * ma * b;
            g[s.anion] += 2.0 * mc * b;
            p[s.cation] += 2.0 * ma * db;
            p[s.anion] += 2.0 * mc * db;
            t[s.cation] += ma * c;
            t[s.anion] += mc * c;
            let product = mc * ma;
            sums.second_degree += 2.0 * product * b;
            sums.slope += 2.0 * product * db;
            sums.curvature += 2.0 * product * ddb;
            sums.t += product * c;
            let q = 2.0 * b + sums.z * c;
            hessian[s.cation * n + s.anion] += q;
            hessian[s.anion * n + s.cation] += q;
        }
    }

    fn add_electrostatic(&self, m: &[f64], sums: &mut Sums, out: &mut Activity) {
        let n = self.len();
        let Activity {
            hessian,
            scratch: Scratch { g, p, e_theta, .. },
            ..
        } = out;
        for &LikePair { i, j, charge_pair } in &self.like {
            let (mi, mj) = (m[i], m[j]);
            let e = e_theta[charge_pair];
            g[i] += 2.0 * mj * e.value;
            g[j] += 2.0 * mi * e.value;
            p[i] += 2.0 * mj * e.first;
            p[j] += 2.0 * mi * e.first;
            let product = 2.0 * mi * mj;
            sums.second_degree += product * e.value;
            sums.slope += product * e.first;
            sums.curvature += product * e.second;
            hessian[i * n + j] += 2.0 * e.value;
            hessian[j * n + i] += 2.0 * e.value;
        }
    }

    fn add_pairs_and_triples(&self, m: &[f64], sums: &mut Sums, out: &mut Activity) {
        let n = self.len();
        let Activity {
            hessian,
            scratch: Scratch { g, .. },
            ..
        } = out;
        for &Pair {
            i,
            j,
            value,
            weight,
        } in &self.pairs
        {
            let w = weight * self.values[value];
            g[i] += w * m[j];
            g[j] += w * m[i];
            hessian[i * n + j] += w;
            hessian[j * n + i] += w;
            sums.second_degree += w * m[i] * m[j];
        }
        for &Triple {
            i,
            j,
            k,
            value,
            weight,
        } in &self.triples
        {
            let w = weight * self.values[value];
            let (mi, mj, mk) = (m[i], m[j], m[k]);
            g[i] += w * mj * mk;
            g[j] += w * mi * mk;
            g[k] += w * mi * mj;
            for (a, b, rest) in [(i, j, mk), (i, k, mj), (j, k, mi)] {
                hessian[a * n + b] += w * rest;
                hessian[b * n + a] += w * rest;
            }
            sums.third_degree += w * mi * mj * mk;
        }
    }

    fn finish(&self, m: &[f64], sums: &Sums, out: &mut Activity) {
        let n = self.len();
        let Activity {
            ln_gamma,
            hessian,
            water_slope,
            scratch: Scratch { g, p, t, .. },
            ..
        } = out;
        let slope = sums.f_slope + sums.slope;
        let curvature = sums.f_curvature + sums.curvature;
        let (z, half) = (&self.charge_number[..n], &self.half_charge_squared[..n]);
        let (p, t, water_slope) = (&p[..n], &t[..n], &mut water_slope[..n]);
        water_slope.fill(-1.0 / MOLES_PER_KG);
        for (i, row) in hessian.chunks_exact_mut(n).enumerate() {
            ln_gamma[i] = half[i] * slope + z[i] * sums.t + sums.z * t[i] + g[i];
            let (by_half, half_i, z_i, t_i) = (half[i] * curvature + p[i], half[i], z[i], t[i]);
            let share = -m[i] / MOLES_PER_KG;
            for j in 0..n {
                row[j] += by_half * half[j] + half_i * p[j] + z_i * t[j] + t_i * z[j];
                water_slope[j] += share * row[j];
            }
        }
        // (φ − 1) Σm = Σ m ∂G/∂m − G, by degrees of the terms.
        let i = sums.ionic_strength;
        let excess = i * (sums.f_slope + sums.slope) - sums.f_value
            + sums.second_degree
            + 2.0 * (sums.third_degree + sums.z * sums.t);
        out.osmotic_coefficient = if sums.molality > 0.0 {
            1.0 + excess / sums.molality
        } else {
            1.0
        };
        out.ln_water_activity = -(sums.molality + excess) / MOLES_PER_KG;
        out.ionic_strength = i;
    }
}

/// Sums over the composition.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    ionic_strength: f64,
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
    fn at(m: &[f64], charge: &[f64], a_phi: f64) -> Self {
        let mut sums = Sums::default();
        for (m, z) in m.iter().zip(charge) {
            sums.ionic_strength += 0.5 * m * z * z;
            sums.molality += m;
            sums.z += m * z.abs();
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
    fn resize(&mut self, n: usize, alphas: usize, charge_pairs: usize) {
        for v in [&mut self.ln_gamma, &mut self.water_slope] {
            v.resize(n, 0.0);
        }
        for v in [
            &mut self.scratch.g,
            &mut self.scratch.p,
            &mut self.scratch.t,
        ] {
            v.clear();
            v.resize(n, 0.0);
        }
        self.hessian.clear();
        self.hessian.resize(n * n, 0.0);
        self.scratch.g_alpha.resize(alphas, Jet::default());
        self.scratch.e_theta.resize(charge_pairs, Jet::default());
    }
}

/// α1 and α2 of a pair of charges (Pitzer & Mayorga 1974; Harvie et al. 1984).
fn default_alphas(z_cation: f64, z_anion: f64) -> (f64, f64) {
    if z_cation == 1.0 || z_anion == 1.0 {
        (2.0, 12.0)
    } else if z_cation == 2.0 && z_anion == 2.0 {
        (1.4, 12.0)
    } else {
        (2.0, 50.0)
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

fn index_or_push<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|x| *x == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

#[cfg(test)]
mod tests;
