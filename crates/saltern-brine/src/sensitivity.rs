//! How an equilibrium changes with what it was made from: amounts, temperature, parameters.
//!
//! At a solution F(x, p) = 0 of the equations of the solver (mass balances, mass actions, saturation of the solids
//! present), dx/dp = −(∂F/∂x)⁻¹ ∂F/∂p (implicit function theorem), with the exact Jacobian, so one factorisation serves
//! every direction. The set of solids is held: where a solid is about to appear or vanish the derivative
//! is that of the side the state is on.

use crate::database::{ComponentId, Database, MineralId, SpeciesId, WATER};
use crate::equilibrium::{BrineError, Equilibrium, Solver, State, scale_of, warm_start};
use crate::network::{Network, Phase};
use crate::newton::{Imposed, Iterate, Newton};
use crate::pitzer::ActivitySlopes;
use crate::water::MOLES_PER_KG;
use saltern_numerics::lu::Lu;
use std::f64::consts::LN_10;

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The amount of a component, per mol.
    Amount(ComponentId),
    /// The temperature, per K.
    Temperature,
    /// The value at the temperature of a Pitzer parameter: row of [`Database::interactions`]. Times
    /// [`Interaction::basis`](crate::database::Interaction::basis) it is the derivative by one of the terms of its temperature function.
    Interaction(usize),
    /// log10 K of a mineral, per unit.
    MineralLogK(MineralId),
    /// log10 K of a species, per unit.
    SpeciesLogK(SpeciesId),
}

/// The derivative of an [`Equilibrium`], field by field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tangent {
    /// Of the liquid water, kg.
    pub water_kg: f64,
    /// Of each molality, mol/kgw.
    pub molality_mol_kgw: Vec<f64>,
    /// Of each ln γ.
    pub ln_gamma: Vec<f64>,
    /// Of ln activity of each component, water first; zero where absent.
    pub ln_activity: Vec<f64>,
    /// Of the water activity.
    pub water_activity: f64,
    /// Of the osmotic coefficient.
    pub osmotic_coefficient: f64,
    /// Of the ionic strength, mol/kgw.
    pub ionic_strength_mol_kgw: f64,
    /// Of each solid, mol.
    pub solids_mol: Vec<f64>,
    direction: Option<Direction>,
}

impl Solver<'_> {
    /// The derivatives of a solution in several directions. `amounts_mol` are the amounts that `state` was made of
    /// (as [`Solver::equilibrate`] was given them or [`Solver::speciate`] left them). A dry state has none.
    ///
    /// # Errors
    /// [`BrineError::NotConverged`] where the state is dry, is no solution of these amounts, or lies on a point where its
    /// equations do not fix it.
    pub fn tangents(
        &mut self,
        amounts_mol: &[f64],
        state: &Equilibrium,
        directions: &[Direction],
    ) -> Result<Vec<Tangent>, BrineError> {
        let refused = |residual: f64| BrineError::NotConverged {
            what: "derivatives of an equilibrium",
            iterations: 0,
            residual,
            temperature_k: state.temperature_k,
        };
        let index = self.network_index(amounts_mol, true);
        let Solver {
            database,
            networks,
            newton,
            totals,
            ..
        } = self;
        let network = &mut networks[index].1;
        network.set_temperature(database, state.temperature_k);
        let scale = scale_of(amounts_mol);
        network.gather(amounts_mol, scale, totals);
        if state.state == State::Dry {
            return Err(refused(f64::NAN));
        }
        let x = warm_start(network, state, scale, Imposed::default());
        let x = x.ok_or_else(|| refused(f64::NAN))?;
        newton.activity.ln_water_activity = state.water_activity.ln();
        newton.evaluate(network, &x);
        let jacobian = newton.jacobian(network, totals, &x).to_vec();
        if newton.residual > FAR {
            return Err(refused(newton.residual));
        }
        let mut field = Field {
            database,
            network,
            newton,
            x: &x,
            scale,
            slopes: ActivitySlopes::default(),
        };
        let size = x.ln_molality.len() + 1 + x.solids.len();
        let columns: Vec<Vec<f64>> = directions.iter().map(|d| field.push(*d, size)).collect();
        let mut rhs = vec![0.0; size * columns.len()];
        for (k, column) in columns.iter().enumerate() {
            for (row, value) in column.iter().enumerate() {
                rhs[row * columns.len() + k] = *value;
            }
        }
        let mut lu = Lu::default();
        lu.solve_columns(&jacobian, &mut rhs, columns.len())
            .map_err(|_| refused(f64::INFINITY))?;
        let solution =
            |k: usize| -> Vec<f64> { (0..size).map(|row| rhs[row * columns.len() + k]).collect() };
        Ok(directions
            .iter()
            .enumerate()
            .map(|(k, &direction)| field.tangent(direction, &solution(k), state))
            .collect())
    }
}

/// Largest scaled residual of a state that counts as a solution.
const FAR: f64 = 1e-6;

/// What the derivatives are taken of.
struct Field<'a> {
    database: &'a Database,
    network: &'a Network,
    newton: &'a Newton,
    x: &'a Iterate,
    scale: f64,
    /// Explicit derivatives of the activities, of the direction last looked at.
    slopes: ActivitySlopes,
}

impl Field<'_> {
    /// −∂F/∂p: how a direction pushes each equation.
    fn push(&mut self, direction: Direction, size: usize) -> Vec<f64> {
        let network = self.network;
        let (n, masters) = (network.species_count(), network.master_count());
        let mut rhs = vec![0.0; size];
        if let Direction::Amount(component) = direction {
            let present = network.components.iter().position(|&c| c == component);
            if let Some(c) = present {
                rhs[if c == 0 { n } else { c - 1 }] = 1.0 / self.scale;
            }
            return rhs;
        }
        self.set_slopes(direction);
        for i in masters..n {
            rhs[i] = self.species_ln_k_slope(direction, i) - self.slopes.ln_gamma[i]
                + self.product_slope(network.formation_terms(i));
        }
        for (k, &(phase, amount)) in self.x.solids.iter().enumerate() {
            match network.phases[phase] {
                Phase::Pure(mineral) => {
                    rhs[n + 1 + k] = -self.saturation_slope(direction, mineral);
                }
                Phase::Mixed(mixing) => {
                    let pushes = self.member_slopes(direction, mixing);
                    let mixture = &self.newton.mixtures[mixing];
                    let members = &network.mixings[mixing].members;
                    let mean = pushes.iter().zip(&mixture.fractions).map(|(p, x)| p * x);
                    rhs[n + 1 + k] = -mean.sum::<f64>();
                    for (e, &mineral) in members.iter().enumerate() {
                        let row = &mixture.slopes[e * members.len()..(e + 1) * members.len()];
                        let change: f64 = row.iter().zip(&pushes).map(|(s, p)| s * p).sum();
                        for &(c, nu) in network.dissolution_terms(mineral) {
                            rhs[if c == 0 { n } else { c - 1 }] -= amount * nu * change;
                        }
                    }
                }
            }
        }
        rhs
    }

    fn set_slopes(&mut self, direction: Direction) {
        let (pitzer, m) = (&self.network.pitzer, self.newton.molality());
        match direction {
            Direction::Temperature => {
                let ln_water = self.newton.activity.ln_water_activity;
                pitzer.temperature_slopes(m, ln_water, &mut self.slopes);
            }
            Direction::Interaction(row) => pitzer.interaction_slopes(row, m, &mut self.slopes),
            _ => {
                self.slopes.ln_water_activity = 0.0;
                self.slopes.ln_gamma.clear();
                self.slopes.ln_gamma.resize(m.len(), 0.0);
            }
        }
    }

    /// Σ ν ∂ln a at fixed molalities.
    fn product_slope(&self, terms: &[(usize, f64)]) -> f64 {
        let of = |c: usize| match c {
            0 => self.slopes.ln_water_activity,
            c => self.slopes.ln_gamma[c - 1],
        };
        terms.iter().map(|&(c, nu)| nu * of(c)).sum()
    }

    fn species_ln_k_slope(&self, direction: Direction, i: usize) -> f64 {
        let species = self.network.species[i];
        match direction {
            Direction::Temperature => {
                let log_k = &self.database.species[species].log_k;
                log_k.ln_slope(self.temperature_k())
            }
            Direction::SpeciesLogK(s) if s == species => LN_10,
            _ => 0.0,
        }
    }

    /// ∂ln(IAP/K) of a mineral at fixed molalities.
    fn saturation_slope(&self, direction: Direction, mineral: usize) -> f64 {
        let id = self.network.minerals[mineral];
        let ln_k = match direction {
            Direction::Temperature => {
                let log_k = &self.database.minerals[id].log_k;
                log_k.ln_slope(self.temperature_k())
            }
            Direction::MineralLogK(m) if m == id => LN_10,
            _ => 0.0,
        };
        self.product_slope(self.network.dissolution_terms(mineral)) - ln_k
    }

    /// ∂(ln Ω − ln λ) of each member of a solid solution at fixed molalities and composition.
    fn member_slopes(&self, direction: Direction, mixing: usize) -> Vec<f64> {
        let fractions = &self.newton.mixtures[mixing].fractions;
        let mixing = &self.network.mixings[mixing];
        let lambda_slopes = mixing.ln_lambda_slope(fractions);
        let slope = |(&mineral, lambda_slope): (&usize, &f64)| {
            let own = match direction {
                Direction::Temperature => mixing.sites * lambda_slope,
                _ => 0.0,
            };
            self.saturation_slope(direction, mineral) - own
        };
        let members = mixing.members.iter().zip(&lambda_slopes);
        members.map(slope).collect()
    }

    fn temperature_k(&self) -> f64 {
        self.network.temperature_k()
    }

    /// The derivative of every output from that of the unknowns.
    fn tangent(&mut self, direction: Direction, dx: &[f64], state: &Equilibrium) -> Tangent {
        if let Direction::Amount(_) = direction {
            self.slopes.ln_water_activity = 0.0;
            self.slopes.ln_gamma.clear();
            self.slopes
                .ln_gamma
                .resize(self.network.species_count(), 0.0);
        } else {
            self.set_slopes(direction);
        }
        let (network, database) = (self.network, self.database);
        let n = network.species_count();
        let (m, activity) = (self.newton.molality(), &self.newton.activity);
        let mut out = Tangent {
            water_kg: state.water_kg * dx[n],
            molality_mol_kgw: vec![0.0; database.species.len()],
            ln_gamma: vec![0.0; database.species.len()],
            ln_activity: vec![0.0; database.components.len()],
            solids_mol: vec![0.0; database.minerals.len()],
            direction: Some(direction),
            ..Tangent::default()
        };
        let dm: Vec<f64> = m.iter().zip(dx).map(|(m, d)| m * d).collect();
        let along = |row: &[f64]| -> f64 { row.iter().zip(&dm).map(|(h, d)| h * d).sum() };
        for (i, &s) in network.species.iter().enumerate() {
            let row = &activity.hessian[i * n..(i + 1) * n];
            out.molality_mol_kgw[s] = dm[i];
            out.ln_gamma[s] = self.slopes.ln_gamma[i] + along(row);
            let z = network.pitzer.charges()[i];
            out.ionic_strength_mol_kgw += 0.5 * z * z * dm[i];
        }
        let ln_water = self.slopes.ln_water_activity + along(&activity.water_slope);
        out.ln_activity[WATER] = ln_water;
        for k in 0..network.master_count() {
            let species = network.species[k];
            out.ln_activity[network.components[k + 1]] = dx[k] + out.ln_gamma[species];
        }
        out.water_activity = state.water_activity * ln_water;
        let total: f64 = m.iter().sum();
        let change: f64 = dm.iter().sum();
        if total > 0.0 {
            out.osmotic_coefficient =
                -(MOLES_PER_KG * ln_water + activity.osmotic_coefficient * change) / total;
        }
        self.set_solids(direction, dx, &mut out);
        out
    }

    fn set_solids(&self, direction: Direction, dx: &[f64], out: &mut Tangent) {
        let network = self.network;
        let n = network.species_count();
        for (k, &(phase, amount)) in self.x.solids.iter().enumerate() {
            let change = dx[n + 1 + k];
            for (mineral, share) in self.newton.members(network, phase) {
                out.solids_mol[network.minerals[mineral]] += share * change * self.scale;
            }
            if let Phase::Mixed(mixing) = network.phases[phase] {
                let members = &network.mixings[mixing].members;
                let mut pushes = self.member_slopes(direction, mixing);
                if let Direction::Amount(_) = direction {
                    pushes.iter_mut().for_each(|p| *p = 0.0);
                }
                for (push, &mineral) in pushes.iter_mut().zip(members) {
                    // Beside the explicit change, that of the activities with the molalities.
                    *push += self.product_change(network.dissolution_terms(mineral), out);
                }
                let slopes = &self.newton.mixtures[mixing].slopes;
                for (e, &mineral) in members.iter().enumerate() {
                    let row = &slopes[e * members.len()..(e + 1) * members.len()];
                    let dx_e: f64 = row.iter().zip(&pushes).map(|(s, p)| s * p).sum();
                    out.solids_mol[network.minerals[mineral]] += amount * dx_e * self.scale;
                }
            }
        }
    }

    /// Σ ν d ln a less its part at fixed molalities.
    fn product_change(&self, terms: &[(usize, f64)], out: &Tangent) -> f64 {
        let whole: f64 = terms
            .iter()
            .map(|&(c, nu)| nu * out.ln_activity[self.network.components[c]])
            .sum();
        whole - self.product_slope(terms)
    }
}

impl Tangent {
    /// Derivative of log10(IAP/K) of a mineral; zero where a component is absent.
    pub fn saturation_index_of(
        &self,
        database: &Database,
        mineral: MineralId,
        temperature_k: f64,
    ) -> f64 {
        let mineral_of = &database.minerals[mineral];
        let product: f64 = mineral_of
            .dissolution
            .iter()
            .map(|&(c, nu)| nu * self.ln_activity[c])
            .sum();
        let log_k = match self.direction {
            Some(Direction::Temperature) => mineral_of.log_k.ln_slope(temperature_k) / LN_10,
            Some(Direction::MineralLogK(m)) if m == mineral => 1.0,
            _ => 0.0,
        };
        product / LN_10 - log_k
    }

    /// Derivative of pH.
    pub fn ph(&self) -> f64 {
        -self.ln_activity[crate::database::HYDROGEN] / LN_10
    }

    /// The state moved along the tangent, for the derivative of any function of a state (density, heat, viscosity):
    /// (f(along(h)) − f(along(−h)))/2h.
    pub fn along(&self, state: &Equilibrium, step: f64) -> Equilibrium {
        let add = |to: &mut Vec<f64>, by: &[f64]| {
            for (value, change) in to.iter_mut().zip(by) {
                *value += step * change;
            }
        };
        let mut moved = state.clone();
        if self.direction == Some(Direction::Temperature) {
            moved.temperature_k += step;
        }
        moved.water_kg += step * self.water_kg;
        add(&mut moved.molality_mol_kgw, &self.molality_mol_kgw);
        add(&mut moved.ln_gamma, &self.ln_gamma);
        add(&mut moved.ln_activity, &self.ln_activity);
        add(&mut moved.solids_mol, &self.solids_mol);
        moved.water_activity += step * self.water_activity;
        moved.osmotic_coefficient += step * self.osmotic_coefficient;
        moved.ionic_strength_mol_kgw += step * self.ionic_strength_mol_kgw;
        moved
    }
}
