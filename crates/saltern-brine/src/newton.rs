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
//!
//! Traces (secondary species that hardly matter to the ionic strength) are eliminated before the matrix is
//! solved: their own effect on the activity coefficients is left out of the Jacobian, never out of the
//! residuals, so their mass action gives their step explicitly from those of the others. Convergence is then
//! linear with a rate of their share of the ionic strength, and the matrix a third smaller. Not so where a trace
//! decides: as many solids as fix the composition of the brine at another temperature leave liquid only because
//! of its traces, and without what they do to the others' activities the matrix is singular. Where Newton's
//! method makes no way, the matrix is therefore the whole one.

use crate::mixture::Mixture;
use crate::network::{Network, Phase};
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
    /// Active solids: index into the network's phases, amount (scaled mol).
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

/// Whether traces have rows of their own in the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Traces {
    /// Their effect on the activity coefficients is left out of the slopes: the quick way.
    Eliminated,
    /// All slopes are exact.
    Kept,
}

/// A secondary species whose molality times charge is below this share of the ionic strength is eliminated.
pub(crate) const ELIMINATED_SHARE: f64 = 1e-3;

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
    /// Species whose ln m are unknowns: all masters, in order, then the secondary species that matter.
    core: Vec<usize>,
    /// The other species.
    traces: Vec<usize>,
    /// ∂ln γ_i/∂ln m_j, species × core.
    gamma_slopes: Vec<f64>,
    /// ∂ln a_w/∂ln m_j over the core.
    water_slopes: Vec<f64>,
    /// Step of each trace: a constant, then its dependence on the steps of the core; traces × (1 + core).
    trace_steps: Vec<f64>,
    /// The solid solutions at the last evaluation.
    pub(crate) mixtures: Vec<Mixture>,
    /// Change of every ln m, of ln W, and of the solids, that the last step asked for.
    change: Vec<f64>,
}

impl Newton {
    /// Evaluates activities at the iterate, with what the next step needs.
    pub(crate) fn evaluate(&mut self, network: &Network, x: &Iterate) {
        self.set_molality(x);
        network.pitzer.evaluate(&self.molality, &mut self.activity);
        self.set_ln_activity(network, x);
    }

    /// Evaluates activities at the iterate, without slopes.
    pub(crate) fn evaluate_activities(&mut self, network: &Network, x: &Iterate) {
        self.set_molality(x);
        network
            .pitzer
            .evaluate_activities(&self.molality, &mut self.activity);
        self.set_ln_activity(network, x);
    }

    fn set_molality(&mut self, x: &Iterate) {
        self.molality.clear();
        self.molality.extend(x.ln_molality.iter().map(|v| v.exp()));
    }

    fn set_ln_activity(&mut self, network: &Network, x: &Iterate) {
        self.ln_activity.clear();
        self.ln_activity.push(self.activity.ln_water_activity);
        for k in 0..network.master_count() {
            self.ln_activity
                .push(x.ln_molality[k] + self.activity.ln_gamma[k]);
        }
        if !network.mixings.is_empty() {
            self.settle_mixtures(network);
        }
    }

    fn settle_mixtures(&mut self, network: &Network) {
        let mut mixtures = std::mem::take(&mut self.mixtures);
        // A new start each time: the same brine gives the same bits whatever was solved before.
        mixtures.clear();
        mixtures.resize_with(network.mixings.len(), Mixture::default);
        for (mixing, mixture) in network.mixings.iter().zip(&mut mixtures) {
            let ln_omega = mixing.members.iter().map(|&m| {
                if network.out_of_reach[m] {
                    f64::NEG_INFINITY
                } else {
                    self.mineral_ln_saturation(network, m)
                }
            });
            let ln_omega: Vec<f64> = ln_omega.collect();
            mixing.settle(&ln_omega, &mut self.lu, mixture);
        }
        self.mixtures = mixtures;
    }

    /// Molalities of the last evaluation.
    pub(crate) fn molality(&self) -> &[f64] {
        &self.molality
    }

    /// How concentrated the brine is, mol/kgw: its ionic strength, or half the sum of its molalities where neutral
    /// species (boric acid) make that larger.
    pub(crate) fn strength(&self) -> f64 {
        let solutes: f64 = self.molality.iter().sum();
        self.activity.ionic_strength.max(0.5 * solutes)
    }

    /// ln(IAP/K) of a mineral at the last evaluation.
    fn mineral_ln_saturation(&self, network: &Network, mineral: usize) -> f64 {
        self.ln_product(network.dissolution_terms(mineral)) - network.mineral_ln_k[mineral]
    }

    /// ln(IAP/K) of a candidate solid at the last evaluation; of a solid solution at its most stable composition.
    pub(crate) fn ln_saturation(&self, network: &Network, phase: usize) -> f64 {
        match network.phases[phase] {
            Phase::Pure(mineral) => self.mineral_ln_saturation(network, mineral),
            Phase::Mixed(k) => self.mixtures[k].ln_saturation,
        }
    }

    /// Whether a solid is no candidate at the temperature.
    pub(crate) fn out_of_reach(&self, network: &Network, phase: usize) -> bool {
        match network.phases[phase] {
            Phase::Pure(mineral) => network.out_of_reach[mineral],
            Phase::Mixed(k) => {
                let members = &network.mixings[k].members;
                members.iter().all(|&m| network.out_of_reach[m])
            }
        }
    }

    /// The minerals that a solid consists of, with their shares.
    pub(crate) fn members<'a>(
        &'a self,
        network: &'a Network,
        phase: usize,
    ) -> impl Iterator<Item = (usize, f64)> + 'a {
        let (pure, mixed) = match network.phases[phase] {
            Phase::Pure(mineral) => (Some((mineral, 1.0)), None),
            Phase::Mixed(k) => (None, Some(k)),
        };
        let mixed = mixed.into_iter().flat_map(move |k| {
            let members = network.mixings[k].members.iter().copied();
            members.zip(self.mixtures[k].fractions.iter().copied())
        });
        pure.into_iter().chain(mixed)
    }

    /// Moles of each component in one mole of a solid.
    pub(crate) fn composition(&self, network: &Network, phase: usize) -> Vec<f64> {
        let mut sum = vec![0.0; network.component_count()];
        for (mineral, share) in self.members(network, phase) {
            for &(c, nu) in network.dissolution_terms(mineral) {
                sum[c] += share * nu;
            }
        }
        sum
    }

    /// Moles of one component in one mole of a solid.
    fn held_by(&self, network: &Network, phase: usize, c: usize) -> f64 {
        let width = network.component_count();
        match network.phases[phase] {
            Phase::Pure(mineral) => network.dissolution[mineral * width + c],
            Phase::Mixed(_) => self
                .members(network, phase)
                .map(|(mineral, share)| share * network.dissolution[mineral * width + c])
                .sum(),
        }
    }

    fn ln_product(&self, terms: &[(usize, f64)]) -> f64 {
        terms.iter().map(|&(c, nu)| nu * self.ln_activity[c]).sum()
    }

    /// One damped Newton step towards totals `b`; activities are those of the last [`Newton::evaluate`].
    pub(crate) fn step(
        &mut self,
        network: &Network,
        b: &[f64],
        x: &mut Iterate,
        traces: Traces,
    ) -> Result<Step, Singular> {
        let eliminated = match traces {
            Traces::Eliminated => ELIMINATED_SHARE,
            Traces::Kept => 0.0,
        };
        self.assemble(network, b, x, eliminated);
        self.lu.solve(&self.matrix, &mut self.rhs)?;
        self.expand(x);
        Ok(self.take(network, b, x))
    }

    /// The exact derivatives of every equation by every unknown at the last evaluation, species in order, then ln W,
    /// then the solids; row-major. Rows: components from H+ on, mass actions of the secondary species, water, solids.
    pub(crate) fn jacobian(&mut self, network: &Network, b: &[f64], x: &Iterate) -> &[f64] {
        self.assemble(network, b, x, 0.0);
        &self.matrix
    }

    /// Matrix and right-hand side of Newton's method; species below `eliminated` of the ionic strength are traces.
    fn assemble(&mut self, network: &Network, b: &[f64], x: &Iterate, eliminated: f64) {
        self.divide(network, eliminated);
        self.scale_slopes(network);
        let size = self.core.len() + 1 + x.solids.len();
        self.matrix.clear();
        self.matrix.resize(size * size, 0.0);
        self.rhs.clear();
        self.rhs.resize(size, 0.0);
        self.residual = 0.0;
        self.trace_rows(network, x);
        self.mass_rows(network, b, x, size);
        self.mixture_rows(network, x, size);
        self.action_rows(network, x, size);
        self.solid_rows(network, x, size);
    }

    /// Sorts the species into core and traces.
    fn divide(&mut self, network: &Network, eliminated: f64) {
        let charges = network.pitzer.charges();
        let threshold = eliminated * self.activity.ionic_strength;
        self.core.clear();
        self.traces.clear();
        self.core.extend(0..network.master_count());
        for i in network.master_count()..network.species_count() {
            if self.molality[i] * charges[i].abs().max(1.0) < threshold {
                self.traces.push(i);
            } else {
                self.core.push(i);
            }
        }
    }

    fn scale_slopes(&mut self, network: &Network) {
        let n = network.species_count();
        self.gamma_slopes.clear();
        for row in self.activity.hessian.chunks_exact(n) {
            let scaled = self.core.iter().map(|&j| row[j] * self.molality[j]);
            self.gamma_slopes.extend(scaled);
        }
        self.water_slopes.clear();
        let slopes = &self.activity.water_slope;
        let scaled = self.core.iter().map(|&j| slopes[j] * self.molality[j]);
        self.water_slopes.extend(scaled);
    }

    fn gamma_slopes_of(&self, species: usize) -> &[f64] {
        let width = self.core.len();
        &self.gamma_slopes[species * width..(species + 1) * width]
    }

    /// ln m_i + ln γ_i − ln K_i − Σ ν ln a of a secondary species.
    fn action_residual(&self, network: &Network, x: &Iterate, i: usize) -> f64 {
        x.ln_molality[i] + self.activity.ln_gamma[i]
            - network.species_ln_k[i]
            - self.ln_product(network.formation_terms(i))
    }

    /// d ln m_i = −residual + Σ ν d ln a − d ln γ_i, over the steps of the core.
    fn trace_rows(&mut self, network: &Network, x: &Iterate) {
        let mut steps = std::mem::take(&mut self.trace_steps);
        steps.clear();
        for &i in &self.traces {
            let residual = self.action_residual(network, x, i);
            self.residual = self.residual.max(residual.abs());
            steps.push(-residual);
            let start = steps.len();
            steps.extend(self.gamma_slopes_of(i).iter().map(|v| -v));
            self.add_activities(network.formation_terms(i), 1.0, &mut steps[start..]);
        }
        self.trace_steps = steps;
    }

    /// Adds `sign` Σ ν d ln a over the steps of the core to a row.
    fn add_activities(&self, terms: &[(usize, f64)], sign: f64, row: &mut [f64]) {
        let width = self.core.len();
        let row = &mut row[..width];
        for &(c, nu) in terms {
            let nu = sign * nu;
            let slopes = if c == 0 {
                &self.water_slopes[..width]
            } else {
                // The masters are the first of the core.
                row[c - 1] += nu;
                &self.gamma_slopes[(c - 1) * width..c * width]
            };
            for (cell, slope) in row.iter_mut().zip(slopes) {
                *cell += nu * slope;
            }
        }
    }

    fn mass_rows(&mut self, network: &Network, b: &[f64], x: &Iterate, size: usize) {
        let (n, width) = (network.species_count(), self.core.len());
        let water = x.ln_water.exp();
        for c in 0..network.component_count() {
            // The water balance has the row after the species, so that master rows line up with masters.
            let row = if c == 0 { width } else { c - 1 };
            if c == 1
                && let Some(ln_activity) = x.imposed.ln_hydrogen_activity
            {
                self.imposed_activity_row(ln_activity, x);
                continue;
            }
            if c == 0
                && let Some(ln_water) = x.imposed.ln_water
            {
                self.matrix[row * size + width] = 1.0;
                self.rhs[row] = ln_water - x.ln_water;
                continue;
            }
            let base = if c == 0 { MOLES_PER_KG } else { 0.0 };
            let (mut sum, mut scale) = (base, base);
            let mut matrix = std::mem::take(&mut self.matrix);
            let cells = &mut matrix[row * size..(row + 1) * size];
            let held = |i: usize| network.formation[i * network.component_count() + c];
            for (cell, &i) in cells.iter_mut().zip(&self.core) {
                let part = held(i) * self.molality[i];
                sum += part;
                scale += part.abs();
                *cell = water * part;
            }
            let mut constant = 0.0;
            for (&i, steps) in self
                .traces
                .iter()
                .zip(self.trace_steps.chunks_exact(1 + width))
            {
                let nu = held(i);
                if nu != 0.0 {
                    let part = nu * self.molality[i];
                    sum += part;
                    scale += part.abs();
                    constant += water * part * steps[0];
                    for (cell, step) in cells.iter_mut().zip(&steps[1..]) {
                        *cell += water * part * step;
                    }
                }
            }
            cells[width] = water * sum;
            let (mut total, mut scale) = (water * sum - b[c], water * scale + b[c].abs());
            for (k, &(s, amount)) in x.solids.iter().enumerate() {
                let nu = self.held_by(network, s, c);
                total += nu * amount;
                scale += (nu * amount).abs();
                cells[width + 1 + k] = nu;
            }
            self.matrix = matrix;
            self.rhs[row] = -total - constant;
            self.residual = self
                .residual
                .max(total.abs() / scale.max(f64::MIN_POSITIVE));
        }
        debug_assert_eq!(self.molality.len(), n);
    }

    /// What a change of composition of the solid solutions does to the mass balances.
    fn mixture_rows(&mut self, network: &Network, x: &Iterate, size: usize) {
        let width = self.core.len();
        for &(phase, amount) in &x.solids {
            let Phase::Mixed(k) = network.phases[phase] else {
                continue;
            };
            let members = &network.mixings[k].members;
            let n = members.len();
            for (e, &mineral) in members.iter().enumerate() {
                let mut change = vec![0.0; width];
                for (f, &other) in members.iter().enumerate() {
                    let slope = amount * self.mixtures[k].slopes[e * n + f];
                    self.add_activities(network.dissolution_terms(other), slope, &mut change);
                }
                for &(c, nu) in network.dissolution_terms(mineral) {
                    let imposed = (c == 0 && x.imposed.ln_water.is_some())
                        || (c == 1 && x.imposed.ln_hydrogen_activity.is_some());
                    if imposed {
                        continue;
                    }
                    let row = if c == 0 { width } else { c - 1 };
                    let cells = &mut self.matrix[row * size..row * size + width];
                    for (cell, change) in cells.iter_mut().zip(&change) {
                        *cell += nu * change;
                    }
                }
            }
        }
    }

    /// ln m_H + ln γ_H = the imposed ln a_H, in the first row.
    fn imposed_activity_row(&mut self, imposed: f64, x: &Iterate) {
        let width = self.core.len();
        self.matrix[..width].copy_from_slice(&self.gamma_slopes[..width]);
        self.matrix[0] += 1.0;
        let residual = x.ln_molality[0] + self.activity.ln_gamma[0] - imposed;
        self.rhs[0] = -residual;
        self.residual = self.residual.max(residual.abs());
    }

    /// Mass actions of the secondary species of the core.
    fn action_rows(&mut self, network: &Network, x: &Iterate, size: usize) {
        let mut matrix = std::mem::take(&mut self.matrix);
        for row in network.master_count()..self.core.len() {
            let i = self.core[row];
            let residual = self.action_residual(network, x, i);
            let cells = &mut matrix[row * size..row * size + self.core.len()];
            cells.copy_from_slice(self.gamma_slopes_of(i));
            cells[row] += 1.0;
            self.add_activities(network.formation_terms(i), -1.0, cells);
            self.rhs[row] = -residual;
            self.residual = self.residual.max(residual.abs());
        }
        self.matrix = matrix;
    }

    fn solid_rows(&mut self, network: &Network, x: &Iterate, size: usize) {
        let mut matrix = std::mem::take(&mut self.matrix);
        let width = self.core.len();
        for (k, &(s, _)) in x.solids.iter().enumerate() {
            let row = width + 1 + k;
            let residual = self.ln_saturation(network, s);
            let cells = &mut matrix[row * size..row * size + width];
            for (mineral, share) in self.members(network, s) {
                self.add_activities(network.dissolution_terms(mineral), share, cells);
            }
            self.rhs[row] = -residual;
            self.residual = self.residual.max(residual.abs());
        }
        self.matrix = matrix;
    }

    /// Largest scaled residual of all equations at the last evaluation.
    pub(crate) fn measure_residual(&mut self, network: &Network, b: &[f64], x: &Iterate) {
        let water = x.ln_water.exp();
        let mut worst = 0.0_f64;
        for c in 0..network.component_count() {
            let imposed = match c {
                0 => x.imposed.ln_water.map(|ln_water| ln_water - x.ln_water),
                1 => x
                    .imposed
                    .ln_hydrogen_activity
                    .map(|ln_activity| ln_activity - self.ln_activity[1]),
                _ => None,
            };
            if let Some(residual) = imposed {
                worst = worst.max(residual.abs());
                continue;
            }
            let base = if c == 0 { MOLES_PER_KG * water } else { 0.0 };
            let (mut total, mut scale) = (base - b[c], base + b[c].abs());
            let width = network.component_count();
            let held = network.formation[c..].iter().step_by(width);
            for (nu, m) in held.zip(&self.molality) {
                total += water * nu * m;
                scale += (water * nu * m).abs();
            }
            for &(s, amount) in &x.solids {
                let nu = self.held_by(network, s, c);
                total += nu * amount;
                scale += (nu * amount).abs();
            }
            worst = worst.max(total.abs() / scale.max(f64::MIN_POSITIVE));
        }
        for i in network.master_count()..network.species_count() {
            worst = worst.max(self.action_residual(network, x, i).abs());
        }
        for &(s, _) in &x.solids {
            worst = worst.max(self.ln_saturation(network, s).abs());
        }
        self.residual = worst;
    }

    /// The change of every unknown, traces included, from the solution for the core.
    fn expand(&mut self, x: &Iterate) {
        let (n, width) = (x.ln_molality.len(), self.core.len());
        self.change.clear();
        self.change.resize(n, 0.0);
        for (&i, step) in self.core.iter().zip(&self.rhs) {
            self.change[i] = *step;
        }
        for (&i, steps) in self
            .traces
            .iter()
            .zip(self.trace_steps.chunks_exact(1 + width))
        {
            let dot: f64 = steps[1..].iter().zip(&self.rhs).map(|(a, b)| a * b).sum();
            self.change[i] = steps[0] + dot;
        }
        self.change.extend_from_slice(&self.rhs[width..]);
    }

    /// Takes as much of the step in `change` as the limits allow.
    fn take(&mut self, network: &Network, b: &[f64], x: &mut Iterate) -> Step {
        let n = network.species_count();
        let charges = network.pitzer.charges();
        let threshold = TRACE_SHARE * self.activity.ionic_strength;
        let (mut size, mut excess) = (0.0_f64, 1.0_f64);
        for i in 0..n {
            let change = self.change[i].abs();
            let weight = self.molality[i] * charges[i].abs().max(1.0);
            let limit = if weight < threshold {
                TRACE_STEP
            } else {
                MAJOR_STEP
            };
            size = size.max(change);
            excess = excess.max(change / limit);
        }
        size = size.max(self.change[n].abs());
        excess = excess.max(self.change[n].abs() / WATER_STEP);
        let matter = b[0].abs().max(1e-300);
        for change in &self.change[n + 1..] {
            size = size.max(change.abs() / matter);
        }
        let taken = 1.0 / excess;
        for (value, change) in x.ln_molality.iter_mut().zip(&self.change) {
            *value += taken * change;
        }
        x.ln_water += taken * self.change[n];
        for ((_, amount), change) in x.solids.iter_mut().zip(&self.change[n + 1..]) {
            *amount += taken * change;
        }
        Step { size, taken }
    }
}
