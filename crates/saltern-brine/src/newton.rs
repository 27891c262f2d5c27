//! Newton's method on mass balances, mass actions and mineral equilibria together.
//!
//! Unknowns: ln molality of every species, ln of the liquid water, and the amount of each active solid.
//! Equations, for components c, secondary species i and active solids s (all amounts scaled):
//!
//! - mass: W Σ_i ν_ic m_i + Σ_s ν_sc n_s = b_c (or, with an imposed pH, ln m_H + ln γ_H = −pH ln 10);
//! - water: W (55.508 + Σ_i ν_iw m_i) + Σ_s ν_sw n_s = b_w;
//! - mass action: ln m_i + ln γ_i = ln K_i + Σ_c ν_ic ln a_c;
//! - solids: Σ_c ν_sc ln a_c = ln K_s.
//!
//! The hydrogen balance carries the charge: components are charged, so conserving them conserves charge.

use crate::network::Network;
use crate::pitzer::Activity;
use crate::water::MOLES_PER_KG;
use saltern_numerics::lu::{Lu, Singular};

/// Largest change of ln m in one step for species that matter to the ionic strength.
const MAJOR_STEP: f64 = 1.0;
/// Largest change of ln m in one step for traces, whose equations are nearly linear in ln m.
const TRACE_STEP: f64 = 4.0;
/// A species below this share of the ionic strength is a trace.
const TRACE_SHARE: f64 = 1e-3;
/// Largest change of the logarithm of liquid water in one step.
const WATER_STEP: f64 = 1.5;

/// A trial solution of a network.
#[derive(Clone, Debug, Default)]
pub(crate) struct Iterate {
    /// ln molality of each species.
    pub(crate) ln_molality: Vec<f64>,
    /// ln of liquid water, scaled kg.
    pub(crate) ln_water: f64,
    /// Active solids: index in the network, amount (scaled mol).
    pub(crate) solids: Vec<(usize, f64)>,
    /// What is imposed in place of balances.
    pub(crate) imposed: Imposed,
}

/// Conditions that replace balances while a brine is only speciated.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Imposed {
    /// ln activity of H+, in place of the hydrogen balance.
    pub(crate) ln_hydrogen_activity: Option<f64>,
    /// ln of the liquid water, in place of the water balance: an analysis counts liquid water only, not
    /// what MgOH+ or B(OH)4- have taken up.
    pub(crate) ln_water: Option<f64>,
}

/// What one Newton step did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// Largest change of any unknown that was asked for, in logarithms (solids relative to all matter).
    pub(crate) size: f64,
    /// Share of the step that was taken.
    pub(crate) taken: f64,
}

/// Work space.
#[derive(Clone, Debug, Default)]
pub(crate) struct Newton {
    lu: Lu,
    matrix: Vec<f64>,
    rhs: Vec<f64>,
    molality: Vec<f64>,
    pub(crate) activity: Activity,
    /// ln a of each component, water first.
    pub(crate) ln_activity: Vec<f64>,
    /// Largest scaled residual of the last evaluation.
    pub(crate) residual: f64,
}

impl Newton {
    /// Evaluates activities at the iterate.
    pub(crate) fn evaluate(&mut self, network: &Network, x: &Iterate) {
        self.molality.clear();
        self.molality.extend(x.ln_molality.iter().map(|v| v.exp()));
        network.pitzer.evaluate(&self.molality, &mut self.activity);
        self.ln_activity.clear();
        self.ln_activity.push(self.activity.ln_water_activity);
        for k in 0..network.master_count() {
            self.ln_activity
                .push(x.ln_molality[k] + self.activity.ln_gamma[k]);
        }
    }

    /// Molalities of the last evaluation.
    pub(crate) fn molality(&self) -> &[f64] {
        &self.molality
    }

    /// ln(IAP/K) of a candidate solid at the last evaluation.
    pub(crate) fn ln_saturation(&self, network: &Network, mineral: usize) -> f64 {
        let product: f64 = network
            .dissolution_of(mineral)
            .iter()
            .zip(&self.ln_activity)
            .map(|(nu, a)| nu * a)
            .sum();
        product - network.mineral_ln_k[mineral]
    }

    /// One damped Newton step towards totals `b`; activities are those of the last [`Newton::evaluate`].
    pub(crate) fn step(
        &mut self,
        network: &Network,
        b: &[f64],
        x: &mut Iterate,
    ) -> Result<Step, Singular> {
        let size = x.ln_molality.len() + 1 + x.solids.len();
        self.matrix.clear();
        self.matrix.resize(size * size, 0.0);
        self.rhs.clear();
        self.rhs.resize(size, 0.0);
        self.residual = 0.0;
        self.mass_rows(network, b, x, size);
        self.action_rows(network, x, size);
        self.solid_rows(network, x, size);
        self.lu.solve_in_place(&mut self.matrix, &mut self.rhs)?;
        Ok(self.take(network, b, x))
    }

    fn mass_rows(&mut self, network: &Network, b: &[f64], x: &Iterate, size: usize) {
        let species = network.species_count();
        let water = x.ln_water.exp();
        for c in 0..network.component_count() {
            // The water balance has the row after the species, so that master rows line up with masters.
            let row = if c == 0 { species } else { c - 1 };
            if c == 1
                && let Some(ln_activity) = x.imposed.ln_hydrogen_activity
            {
                self.imposed_activity_row(network, ln_activity, x, size);
                continue;
            }
            if c == 0
                && let Some(ln_water) = x.imposed.ln_water
            {
                self.matrix[row * size + species] = 1.0;
                self.rhs[row] = ln_water - x.ln_water;
                continue;
            }
            let base = if c == 0 { MOLES_PER_KG } else { 0.0 };
            let (mut sum, mut scale) = (base, base);
            let cells = &mut self.matrix[row * size..(row + 1) * size];
            for i in 0..species {
                let nu = network.formation[i * network.component_count() + c];
                if nu != 0.0 {
                    let part = nu * self.molality[i];
                    sum += part;
                    scale += part.abs();
                    cells[i] = water * part;
                }
            }
            cells[species] = water * sum;
            let (mut total, mut scale) = (water * sum - b[c], water * scale + b[c].abs());
            for (k, &(s, n)) in x.solids.iter().enumerate() {
                let nu = network.dissolution[s * network.component_count() + c];
                total += nu * n;
                scale += (nu * n).abs();
                cells[species + 1 + k] = nu;
            }
            self.rhs[row] = -total;
            self.residual = self
                .residual
                .max(total.abs() / scale.max(f64::MIN_POSITIVE));
        }
    }

    fn imposed_activity_row(&mut self, network: &Network, imposed: f64, x: &Iterate, size: usize) {
        let n = network.species_count();
        for j in 0..n {
            self.matrix[j] = self.activity.hessian[j] * self.molality[j];
        }
        self.matrix[0] += 1.0;
        let residual = x.ln_molality[0] + self.activity.ln_gamma[0] - imposed;
        self.rhs[0] = -residual;
        self.residual = self.residual.max(residual.abs());
        debug_assert!(size > n);
    }

    /// ln m_i + ln γ_i − ln K_i − Σ ν ln a = 0 for secondary species.
    fn action_rows(&mut self, network: &Network, x: &Iterate, size: usize) {
        let n = network.species_count();
        let masters = network.master_count();
        for i in masters..n {
            let nu = network.formation_of(i);
            let action: f64 = nu.iter().zip(&self.ln_activity).map(|(nu, a)| nu * a).sum();
            let residual =
                x.ln_molality[i] + self.activity.ln_gamma[i] - network.species_ln_k[i] - action;
            let cells = &mut self.matrix[i * size..i * size + n];
            let h = &self.activity.hessian;
            for ((cell, own), water) in cells
                .iter_mut()
                .zip(&h[i * n..])
                .zip(&self.activity.water_slope)
            {
                *cell = own - nu[0] * water;
            }
            for k in (0..masters).filter(|&k| nu[k + 1] != 0.0) {
                for (cell, slope) in cells.iter_mut().zip(&h[k * n..(k + 1) * n]) {
                    *cell -= nu[k + 1] * slope;
                }
            }
            for (cell, m) in cells.iter_mut().zip(&self.molality) {
                *cell *= m;
            }
            cells[i] += 1.0;
            for k in 0..masters {
                cells[k] -= nu[k + 1];
            }
            self.rhs[i] = -residual;
            self.residual = self.residual.max(residual.abs());
        }
    }

    fn solid_rows(&mut self, network: &Network, x: &Iterate, size: usize) {
        let n = network.species_count();
        let masters = network.master_count();
        for (row, &(s, _)) in x.solids.iter().enumerate() {
            let nu = network.dissolution_of(s);
            let residual = self.ln_saturation(network, s);
            let cells = &mut self.matrix[(n + 1 + row) * size..(n + 1 + row) * size + n];
            let h = &self.activity.hessian;
            for (j, cell) in cells.iter_mut().enumerate() {
                *cell = nu[0] * self.activity.water_slope[j];
            }
            for k in 0..masters {
                let nu_k = nu[k + 1];
                if nu_k != 0.0 {
                    for j in 0..n {
                        cells[j] += nu_k * h[k * n + j];
                    }
                }
            }
            for (cell, m) in cells.iter_mut().zip(&self.molality) {
                *cell *= m;
            }
            for k in 0..masters {
                cells[k] += nu[k + 1];
            }
            self.rhs[n + 1 + row] = -residual;
            self.residual = self.residual.max(residual.abs());
        }
    }

    /// Takes as much of the step in `rhs` as the limits allow.
    fn take(&mut self, network: &Network, b: &[f64], x: &mut Iterate) -> Step {
        let n = network.species_count();
        let charges = network.pitzer.charges();
        let threshold = TRACE_SHARE * self.activity.ionic_strength;
        let (mut size, mut excess) = (0.0_f64, 1.0_f64);
        for i in 0..n {
            let change = self.rhs[i].abs();
            let weight = self.molality[i] * charges[i].abs().max(1.0);
            let limit = if weight < threshold {
                TRACE_STEP
            } else {
                MAJOR_STEP
            };
            size = size.max(change);
            excess = excess.max(change / limit);
        }
        size = size.max(self.rhs[n].abs());
        excess = excess.max(self.rhs[n].abs() / WATER_STEP);
        let matter = b[0].abs().max(1e-300);
        for change in &self.rhs[n + 1..] {
            size = size.max(change.abs() / matter);
        }
        let taken = 1.0 / excess;
        for (value, change) in x.ln_molality.iter_mut().zip(&self.rhs) {
            *value += taken * change;
        }
        x.ln_water += taken * self.rhs[n];
        for ((_, amount), change) in x.solids.iter_mut().zip(&self.rhs[n + 1..]) {
            *amount += taken * change;
        }
        Step { size, taken }
    }
}
