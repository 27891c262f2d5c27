//! Mineral equilibrium of a brine at given temperature, 1 atm: what is dissolved and what is solid.

use crate::active_set::{Effort, Outcome};
use crate::database::{ComponentId, Database, HYDROGEN, MineralId, WATER};
use crate::dryness::dry_assemblage;
use crate::network::{Network, Phase, present_components};
use crate::newton::{Imposed, Iterate, Newton};
use crate::reach::reach;
use crate::water::MOLES_PER_KG;
use std::f64::consts::LN_10;

/// Whether any liquid is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// There is brine.
    #[default]
    Wet,
    /// No liquid water is left: everything is in the solids (and, for components the database has no
    /// solid for, in [`Equilibrium::residue_mol`]).
    Dry,
}

/// The equilibrium state of one brine and its solids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Equilibrium {
    /// Wet or dry.
    pub state: State,
    /// Temperature, K.
    pub temperature_k: f64,
    /// Liquid water, kg (zero when dry).
    pub water_kg: f64,
    /// Molality of each species, mol/kgw, in the order of [`Database::species`]; zero when absent.
    pub molality_mol_kgw: Vec<f64>,
    /// ln γ of each species, unscaled Pitzer, molality scale; zero when absent.
    pub ln_gamma: Vec<f64>,
    /// ln activity of each component, water first; −∞ when absent.
    pub ln_activity: Vec<f64>,
    /// Activity of water, 0…1. When dry, the activity in equilibrium with the solids.
    pub water_activity: f64,
    /// Osmotic coefficient.
    pub osmotic_coefficient: f64,
    /// Ionic strength, mol/kgw.
    pub ionic_strength_mol_kgw: f64,
    /// Solids present, mol, in the order of [`Database::minerals`].
    pub solids_mol: Vec<f64>,
    /// When dry: component amounts that no allowed solid can hold, mol, in component order; empty otherwise.
    pub residue_mol: Vec<f64>,
    /// How the solver got there.
    pub report: Report,
}

/// How a solution was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Report {
    /// Newton iterations in all.
    pub iterations: u32,
    /// Changes of the set of active minerals.
    pub active_set_changes: u32,
    /// Largest scaled residual at the end.
    pub residual: f64,
    /// Whether the start had to be found by evaporating down from a dilute brine.
    pub continued_from_dilute: bool,
}

/// How the hydrogen total of a brine is found before anything reacts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Protons {
    /// The hydrogen component as given (zero: salts in pure water).
    AsGiven,
    /// From a pH, −log10 of the unscaled Pitzer activity of H+.
    Ph(f64),
    /// From electroneutrality.
    Electroneutral,
}

/// Why an equilibrium could not be computed.
#[derive(Clone, Debug, PartialEq)]
pub enum BrineError {
    /// `brine.not_converged`: the iteration ended without a solution.
    NotConverged {
        /// What was being solved.
        what: &'static str,
        /// Newton iterations spent.
        iterations: u32,
        /// Largest scaled residual at the end.
        residual: f64,
        /// Temperature, K.
        temperature_k: f64,
    },
    /// `brine.bad_amount`: a component total is negative or not a number.
    BadAmount {
        /// Component name.
        component: String,
        /// The offending amount, mol.
        amount_mol: f64,
    },
}

impl BrineError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            BrineError::NotConverged { .. } => "brine.not_converged",
            BrineError::BadAmount { .. } => "brine.bad_amount",
        }
    }
}

impl std::fmt::Display for BrineError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BrineError::NotConverged {
                what,
                iterations,
                residual,
                temperature_k,
            } => write!(
                f,
                "{what} did not converge at {:.2} degC: residual {residual:.1e} after {iterations} iterations",
                temperature_k - 273.15
            ),
            BrineError::BadAmount {
                component,
                amount_mol,
            } => {
                write!(
                    f,
                    "amount of {component} is {amount_mol} mol; accepted: zero or more, finite"
                )
            }
        }
    }
}

impl std::error::Error for BrineError {}

/// Solves equilibria for one database and one list of allowed solids; keeps its work space, so one
/// solver serves one thread.
#[derive(Clone, Debug)]
pub struct Solver<'db> {
    pub(crate) database: &'db Database,
    allowed: Vec<MineralId>,
    /// Networks by the components present, most recent last.
    pub(crate) networks: Vec<(Vec<bool>, Network)>,
    pub(crate) newton: Newton,
    pub(crate) totals: Vec<f64>,
}

impl<'db> Solver<'db> {
    /// A solver that allows the given minerals to form.
    pub fn new(database: &'db Database, allowed: &[MineralId]) -> Self {
        Solver {
            database,
            allowed: allowed.to_vec(),
            networks: Vec::new(),
            newton: Newton::default(),
            totals: Vec::new(),
        }
    }

    /// The database it solves on.
    pub fn database(&self) -> &'db Database {
        self.database
    }

    /// Equilibrium of component amounts (mol, in component order, water first; the hydrogen
    /// component is the proton excess and may be negative). `warm` is a nearby earlier solution.
    ///
    /// # Errors
    /// [`BrineError::BadAmount`] on negative or non-finite totals, [`BrineError::NotConverged`].
    pub fn equilibrate(
        &mut self,
        amounts_mol: &[f64],
        temperature_k: f64,
        warm: Option<&Equilibrium>,
    ) -> Result<Equilibrium, BrineError> {
        let mut out = Equilibrium::default();
        self.solve(
            amounts_mol,
            temperature_k,
            warm,
            Imposed::default(),
            true,
            &mut out,
        )?;
        Ok(out)
    }

    /// As [`Solver::equilibrate`], with `state` holding the earlier solution on entry and the new one on return.
    ///
    /// # Errors
    /// As [`Solver::equilibrate`]; `state` then still holds the earlier solution.
    pub fn update(
        &mut self,
        amounts_mol: &[f64],
        temperature_k: f64,
        state: &mut Equilibrium,
    ) -> Result<(), BrineError> {
        let earlier = std::mem::take(state);
        let mut out = Equilibrium::default();
        let result = self.solve(
            amounts_mol,
            temperature_k,
            Some(&earlier),
            Imposed::default(),
            true,
            &mut out,
        );
        *state = if result.is_ok() { out } else { earlier };
        result
    }

    /// Speciates a brine without letting anything precipitate. The water in `amounts_mol` counts liquid water
    /// only, as an analysis does; on return it holds all water and the hydrogen component its total.
    ///
    /// # Errors
    /// As [`Solver::equilibrate`].
    pub fn speciate(
        &mut self,
        amounts_mol: &mut [f64],
        temperature_k: f64,
        protons: Protons,
    ) -> Result<Equilibrium, BrineError> {
        let mut imposed = Imposed {
            ln_water: Some((amounts_mol[WATER] / MOLES_PER_KG).ln()),
            ..Imposed::default()
        };
        match protons {
            Protons::AsGiven => {}
            Protons::Electroneutral => {
                amounts_mol[HYDROGEN] = 0.0;
                amounts_mol[HYDROGEN] = -self.charge_mol(amounts_mol);
            }
            Protons::Ph(ph) => imposed.ln_hydrogen_activity = Some(-ph * LN_10),
        }
        let mut out = Equilibrium::default();
        self.solve(amounts_mol, temperature_k, None, imposed, false, &mut out)?;
        if imposed.ln_hydrogen_activity.is_some() {
            amounts_mol[HYDROGEN] = self.dissolved_mol(&out, HYDROGEN);
        }
        amounts_mol[WATER] = MOLES_PER_KG * out.water_kg + self.dissolved_mol(&out, WATER);
        Ok(out)
    }

    /// Net charge of component amounts, mol of elementary charge.
    pub fn charge_mol(&self, amounts_mol: &[f64]) -> f64 {
        self.database
            .components
            .iter()
            .zip(amounts_mol)
            .map(|(c, b)| c.formula.charge * b)
            .sum()
    }

    /// What the species of a state hold of one component, mol.
    fn dissolved_mol(&self, state: &Equilibrium, component: ComponentId) -> f64 {
        let mut sum = 0.0;
        for (species, m) in self.database.species.iter().zip(&state.molality_mol_kgw) {
            for &(c, nu) in &species.formation {
                if c == component {
                    sum += nu * m;
                }
            }
        }
        sum * state.water_kg
    }

    fn solve(
        &mut self,
        amounts_mol: &[f64],
        temperature_k: f64,
        warm: Option<&Equilibrium>,
        imposed: Imposed,
        react: bool,
        out: &mut Equilibrium,
    ) -> Result<(), BrineError> {
        self.check(amounts_mol)?;
        let index = self.network_index(amounts_mol, react);
        let Solver {
            database,
            networks,
            newton,
            totals,
            ..
        } = self;
        let network = &mut networks[index].1;
        network.set_temperature(database, temperature_k);
        let scale = scale_of(amounts_mol);
        let imposed = Imposed {
            ln_water: imposed.ln_water.map(|v| v - scale.ln()),
            ..imposed
        };
        network.gather(amounts_mol, scale, totals);
        // Start from nothing that an earlier brine left behind: the same input gives the same bits.
        newton.activity.ln_water_activity = warm.map_or(0.0, |w| w.water_activity.ln());
        let start = warm.and_then(|w| warm_start(network, w, scale, imposed));
        let mut effort = Effort::default();
        let reached = reach(network, totals, start, imposed, newton, &mut effort);
        let unsolved = |what, residual| BrineError::NotConverged {
            what,
            iterations: effort.iterations,
            residual,
            temperature_k,
        };
        let what = match react {
            true => "mineral equilibrium",
            false => "speciation",
        };
        let reached = reached.map_err(|unsettled| unsolved(what, unsettled.residual))?;
        match reached.outcome {
            Outcome::Wet => fill_wet(database, network, newton, &reached.x, scale, out),
            Outcome::Dry => {
                let dry = dry_assemblage(network, totals)
                    .map_err(|_| unsolved("dry assemblage", newton.residual))?;
                fill_dry(database, network, &dry, scale, out);
            }
        }
        out.temperature_k = temperature_k;
        out.report = Report {
            iterations: effort.iterations,
            active_set_changes: effort.changes,
            residual: newton.residual,
            continued_from_dilute: reached.from_dilute,
        };
        Ok(())
    }

    fn check(&self, amounts_mol: &[f64]) -> Result<(), BrineError> {
        for (c, &b) in amounts_mol.iter().enumerate() {
            if !b.is_finite() || (b < 0.0 && c != HYDROGEN) {
                let component = self.database.components[c].name.clone();
                return Err(BrineError::BadAmount {
                    component,
                    amount_mol: b,
                });
            }
        }
        Ok(())
    }

    pub(crate) fn network_index(&mut self, amounts_mol: &[f64], react: bool) -> usize {
        let key_matches = |key: &Vec<bool>| {
            key[0] == react && key[1..].iter().copied().eq(present_components(amounts_mol))
        };
        if let Some(found) = self.networks.iter().position(|(key, _)| key_matches(key)) {
            return found;
        }
        let present: Vec<bool> = present_components(amounts_mol).collect();
        let allowed: &[MineralId] = if react { &self.allowed } else { &[] };
        let network = Network::new(self.database, &present, allowed);
        let key = std::iter::once(react).chain(present).collect();
        self.networks.push((key, network));
        self.networks.len() - 1
    }
}

/// A power of two near the kilograms of water (or a share of the salts, if there is less water), so that
/// scaling is exact and the answer does not depend on how much brine there is.
pub(crate) fn scale_of(amounts_mol: &[f64]) -> f64 {
    let salts: f64 = amounts_mol[HYDROGEN + 1..].iter().sum();
    let size = (amounts_mol[WATER] / MOLES_PER_KG).max(salts / 50.0);
    if size > 0.0 {
        size.log2().round().exp2()
    } else {
        1.0
    }
}

pub(crate) fn warm_start(
    network: &Network,
    warm: &Equilibrium,
    scale: f64,
    imposed: Imposed,
) -> Option<Iterate> {
    if warm.state == State::Dry || warm.molality_mol_kgw.is_empty() {
        return None;
    }
    let ln_molality: Vec<f64> = network
        .species
        .iter()
        .map(|&s| warm.molality_mol_kgw[s].ln())
        .collect();
    if ln_molality.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let solids = network
        .phases
        .iter()
        .enumerate()
        .filter_map(|(k, phase)| {
            let amount: f64 = match *phase {
                Phase::Pure(m) => warm.solids_mol[network.minerals[m]],
                Phase::Mixed(solution) => {
                    let members = network.mixings[solution].members.iter();
                    members.map(|&m| warm.solids_mol[network.minerals[m]]).sum()
                }
            };
            (amount > 0.0).then_some((k, amount / scale))
        })
        .collect();
    Some(Iterate {
        ln_molality,
        ln_water: (warm.water_kg / scale).ln(),
        solids,
        imposed,
    })
}

fn fill_wet(
    database: &Database,
    network: &Network,
    newton: &Newton,
    x: &Iterate,
    scale: f64,
    out: &mut Equilibrium,
) {
    reset(database, out);
    out.state = State::Wet;
    out.water_kg = x.ln_water.exp() * scale;
    let activity = &newton.activity;
    for (k, &s) in network.species.iter().enumerate() {
        out.molality_mol_kgw[s] = newton.molality()[k];
        out.ln_gamma[s] = activity.ln_gamma[k];
    }
    for (k, &c) in network.components.iter().enumerate() {
        out.ln_activity[c] = newton.ln_activity[k];
    }
    for &(k, amount) in &x.solids {
        for (mineral, share) in newton.members(network, k) {
            out.solids_mol[network.minerals[mineral]] = share * amount.max(0.0) * scale;
        }
    }
    out.water_activity = activity.ln_water_activity.exp();
    out.osmotic_coefficient = activity.osmotic_coefficient;
    out.ionic_strength_mol_kgw = activity.ionic_strength;
}

fn fill_dry(
    database: &Database,
    network: &Network,
    dry: &crate::dryness::Assemblage,
    scale: f64,
    out: &mut Equilibrium,
) {
    reset(database, out);
    out.state = State::Dry;
    for (k, &m) in network.minerals.iter().enumerate() {
        out.solids_mol[m] = dry.solids[k] * scale;
    }
    out.residue_mol.resize(database.components.len(), 0.0);
    for (k, &c) in network.components.iter().enumerate() {
        out.residue_mol[c] = dry.residue[k] * scale;
    }
    out.water_activity = dry.water_activity;
    out.ln_activity[WATER] = dry.water_activity.ln();
}

fn reset(database: &Database, out: &mut Equilibrium) {
    let fill = |v: &mut Vec<f64>, n: usize, value: f64| {
        v.clear();
        v.resize(n, value);
    };
    fill(&mut out.molality_mol_kgw, database.species.len(), 0.0);
    fill(&mut out.ln_gamma, database.species.len(), 0.0);
    fill(
        &mut out.ln_activity,
        database.components.len(),
        f64::NEG_INFINITY,
    );
    fill(&mut out.solids_mol, database.minerals.len(), 0.0);
    out.residue_mol.clear();
    out.water_kg = 0.0;
    out.osmotic_coefficient = 0.0;
    out.ionic_strength_mol_kgw = 0.0;
}

impl Equilibrium {
    /// Component amounts left in the liquid: totals less what the solids hold, mol. Exact to
    /// rounding, so that mass is conserved however the solver converged.
    pub fn liquid_amounts_mol(&self, database: &Database, amounts_mol: &[f64]) -> Vec<f64> {
        let mut liquid = amounts_mol.to_vec();
        for (mineral, &n) in database.minerals.iter().zip(&self.solids_mol) {
            if n != 0.0 {
                for &(c, nu) in &mineral.dissolution {
                    liquid[c] -= nu * n;
                }
            }
        }
        liquid
    }

    /// log10(IAP/K) of a mineral; NaN where a component is absent or the brine is dry.
    pub fn saturation_index_of(&self, database: &Database, mineral: MineralId) -> f64 {
        let m = &database.minerals[mineral];
        let present = self.state == State::Wet
            && m.dissolution
                .iter()
                .all(|&(c, _)| self.ln_activity[c].is_finite());
        if !present {
            return f64::NAN;
        }
        let ln_product: f64 = m
            .dissolution
            .iter()
            .map(|&(c, nu)| nu * self.ln_activity[c])
            .sum();
        ln_product / LN_10 - m.log_k.at(self.temperature_k)
    }

    /// log10(IAP/K) of each mineral, in the order of [`Database::minerals`]; NaN where a component is absent.
    pub fn saturation_index(&self, database: &Database) -> Vec<f64> {
        (0..database.minerals.len())
            .map(|m| self.saturation_index_of(database, m))
            .collect()
    }

    /// Total of a component in the liquid, mol/kgw, summed over its species.
    pub fn total_molality_mol_kgw(&self, database: &Database, component: ComponentId) -> f64 {
        let share = |reaction: &[(ComponentId, f64)]| -> f64 {
            reaction
                .iter()
                .filter(|&&(c, _)| c == component)
                .map(|&(_, nu)| nu)
                .sum()
        };
        database
            .species
            .iter()
            .zip(&self.molality_mol_kgw)
            .map(|(s, m)| share(&s.formation) * m)
            .sum()
    }

    /// pH: −log10 of the unscaled Pitzer activity of H+.
    pub fn ph(&self) -> f64 {
        -self.ln_activity[HYDROGEN] / LN_10
    }
}
