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

mod evaluate;
mod mixing;
mod slopes;

use crate::database::{Database, Interaction, InteractionKind, SpeciesId};
use crate::water::Water;
pub use evaluate::Activity;
pub use slopes::ActivitySlopes;

/// The parameters of a database that matter for a list of species, laid out for evaluation.
#[derive(Clone, Debug, Default)]
pub struct PitzerModel {
    charge: Vec<f64>,
    /// |z| of each species.
    charge_number: Vec<f64>,
    /// z²/2 of each species: ∂I/∂m.
    half_charge_squared: Vec<f64>,
    salts: Vec<SaltPair>,
    like: Vec<LikePair>,
    pairs: Vec<Pair>,
    triples: Vec<Triple>,
    alphas: Vec<f64>,
    charge_pairs: Vec<(f64, f64)>,
    /// A_φ as the database gives it, in place of that of [`Water`].
    a_phi: Option<[f64; 6]>,
    water: Water,
    values: Values,
    temperature_k: f64,
}

/// The parameters at one temperature (or their derivatives by it), in the order of the model's lists.
#[derive(Clone, Debug, Default)]
struct Values {
    salts: Vec<SaltValues>,
    /// Coefficient of m_i m_j in G.
    pairs: Vec<f64>,
    /// Coefficient of m_i m_j m_k in G.
    triples: Vec<f64>,
}

/// β0, β1, β2 and C = C^φ/(2√|z_c z_a|) of a salt.
#[derive(Clone, Copy, Debug, Default)]
struct SaltValues {
    beta0: f64,
    beta1: f64,
    beta2: f64,
    c: f64,
}

/// A cation–anion pair: temperature functions of β0, β1, β2, C^φ, and indices into `alphas`.
#[derive(Clone, Copy, Debug)]
struct SaltPair {
    cation: usize,
    anion: usize,
    beta0: Terms,
    beta1: Terms,
    beta2: Terms,
    c_phi: Terms,
    alpha1: usize,
    alpha2: usize,
    /// 1/(2√|z_c z_a|)
    c_factor: f64,
    /// Rows of the database that β0, β1, β2 and C^φ come from.
    rows: [Option<usize>; 4],
}

type Terms = [f64; 6];

/// Two ions of like sign and different charge: the electrostatic term between them.
#[derive(Clone, Copy, Debug)]
struct LikePair {
    i: usize,
    j: usize,
    charge_pair: usize,
}

/// θ or λ: `weight · value · m_i m_j` in G, i ≤ j.
#[derive(Clone, Copy, Debug)]
struct Pair {
    i: usize,
    j: usize,
    terms: Terms,
    weight: f64,
    /// Row of the database.
    row: usize,
}

/// ψ, ζ, η or μ: `weight · value · m_i m_j m_k` in G, i ≤ j ≤ k.
#[derive(Clone, Copy, Debug)]
struct Triple {
    i: usize,
    j: usize,
    k: usize,
    terms: Terms,
    weight: f64,
    /// Row of the database.
    row: usize,
}

const NONE: usize = usize::MAX;

impl PitzerModel {
    /// Collects the parameters that act between the given species, in the given order.
    pub fn new(database: &Database, species: &[SpeciesId]) -> Self {
        let charge: Vec<f64> = species
            .iter()
            .map(|&s| database.species[s].charge)
            .collect();
        let mut model = PitzerModel {
            charge_number: charge.iter().map(|z| z.abs()).collect(),
            half_charge_squared: charge.iter().map(|z| 0.5 * z * z).collect(),
            charge,
            a_phi: database.a_phi,
            temperature_k: f64::NAN,
            ..PitzerModel::default()
        };
        let mut position = vec![NONE; database.species.len()];
        for (k, &s) in species.iter().enumerate() {
            position[s] = k;
        }
        model.add_like_pairs();
        for (row, interaction) in database.interactions.iter().enumerate() {
            model.add(row, interaction, &position);
        }
        model.set_alphas(database, &position);
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

    fn add(&mut self, row: usize, interaction: &Interaction, position: &[usize]) {
        use InteractionKind::*;
        let (a, b, c) = interaction.species;
        let (i, j) = (position[a], position[b]);
        let k = c.map(|c| position[c]);
        if i == NONE || j == NONE || k == Some(NONE) {
            return;
        }
        let terms = interaction.terms;
        match interaction.kind {
            Beta0 | Beta1 | Beta2 | CPhi => self.set_salt(row, interaction.kind, i, j, terms),
            Theta => self.push_pair(row, i, j, terms, 2.0),
            // λ_nn m_n² for a neutral with itself, 2 λ m_n m_i otherwise.
            Lambda => self.push_pair(row, i, j, terms, if i == j { 1.0 } else { 2.0 }),
            Psi | Zeta | Eta => self.push_triple(row, i, j, k, terms, 1.0),
            Mu => {
                let k_or_i = k.unwrap_or(i);
                let weight = if i == j && j == k_or_i {
                    1.0
                } else if i != j && j != k_or_i && i != k_or_i {
                    6.0
                } else {
                    3.0
                };
                self.push_triple(row, i, j, k, terms, weight);
            }
            Alphas => {}
        }
    }

    fn set_salt(&mut self, row: usize, kind: InteractionKind, i: usize, j: usize, terms: Terms) {
        let salt = self.salt(i, j);
        let (place, which) = match kind {
            InteractionKind::Beta0 => (&mut salt.beta0, 0),
            InteractionKind::Beta1 => (&mut salt.beta1, 1),
            InteractionKind::Beta2 => (&mut salt.beta2, 2),
            _ => (&mut salt.c_phi, 3),
        };
        *place = terms;
        salt.rows[which] = Some(row);
    }

    fn push_pair(&mut self, row: usize, i: usize, j: usize, terms: Terms, weight: f64) {
        let (i, j) = (i.min(j), i.max(j));
        self.pairs.push(Pair {
            i,
            j,
            terms,
            weight,
            row,
        });
    }

    fn push_triple(
        &mut self,
        row: usize,
        i: usize,
        j: usize,
        k: Option<usize>,
        terms: Terms,
        weight: f64,
    ) {
        if let Some(k) = k {
            let mut order = [i, j, k];
            order.sort_unstable();
            let [i, j, k] = order;
            self.triples.push(Triple {
                i,
                j,
                k,
                terms,
                weight,
                row,
            });
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
            self.salts.push(SaltPair {
                cation,
                anion,
                beta0: [0.0; 6],
                beta1: [0.0; 6],
                beta2: [0.0; 6],
                c_phi: [0.0; 6],
                alpha1: index_or_push(&mut self.alphas, alpha1),
                alpha2: index_or_push(&mut self.alphas, alpha2),
                c_factor: 0.5 / (zc * za).sqrt(),
                rows: [None; 4],
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
        let basis = Interaction::basis(temperature_k);
        if let Some(terms) = &self.a_phi {
            self.water.a_phi = sum_of_terms(terms, &basis);
            self.water.a_phi_per_dryness = 0.0;
        }
        self.values
            .take(&self.salts, &self.pairs, &self.triples, &basis);
    }
}

impl Values {
    /// Every temperature function over the given basis.
    fn take(&mut self, salts: &[SaltPair], pairs: &[Pair], triples: &[Triple], basis: &Terms) {
        self.salts.clear();
        self.salts.extend(salts.iter().map(|s| SaltValues {
            beta0: sum_of_terms(&s.beta0, basis),
            beta1: sum_of_terms(&s.beta1, basis),
            beta2: sum_of_terms(&s.beta2, basis),
            c: sum_of_terms(&s.c_phi, basis) * s.c_factor,
        }));
        self.pairs.clear();
        let pair = |p: &Pair| p.weight * sum_of_terms(&p.terms, basis);
        self.pairs.extend(pairs.iter().map(pair));
        self.triples.clear();
        let triple = |t: &Triple| t.weight * sum_of_terms(&t.terms, basis);
        self.triples.extend(triples.iter().map(triple));
    }
}

fn sum_of_terms(terms: &Terms, basis: &Terms) -> f64 {
    terms.iter().zip(basis).map(|(a, b)| a * b).sum()
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

fn index_or_push<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|x| *x == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

#[cfg(test)]
mod tests;
