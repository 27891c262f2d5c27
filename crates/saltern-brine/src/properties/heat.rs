//! Heat capacity and enthalpy of brines and their solids, and the heat of what happens to them.
//!
//! Per kilogram of water, at fixed molalities of the species ("frozen" speciation):
//!
//! ```text
//! H  = h_w + Σ m_i h°_i + H^ex        H^ex  = −R T² ∂(G^ex/RT)/∂T
//! Cp = c_w + Σ m_i Cp°_i + Cp^ex      Cp^ex = ∂H^ex/∂T
//! L_i = −R T² ∂ln γ_i/∂T,   L_w = −R T² ∂ln a_w/∂T       (Gibbs–Helmholtz; Pitzer 1991, chapter 3)
//! ```
//!
//! G^ex is that of the activity model, so heat and activity are one function. The derivatives in T are central
//! differences of it, exact to 1e-6. h_w and c_w are of pure water; h° and Cp° of a master species are at
//! infinite dilution; a species or a solid adds RT² d ln K/dT of its reaction.
//!
//! **Reference.** h_w is zero as in the steam tables (the liquid at the triple point); every master species at
//! infinite dilution is zero at 0 °C. Components are conserved, so the choice cancels in every difference between
//! states of the same matter.

use crate::cautions::PLENTIFUL_MOL_KGW;
use crate::database::{
    ComponentId, Database, GAS_CONSTANT_J_MOL_K, MineralId, MixingEnergy, SolidSolution, Species,
    SpeciesId, WATER,
};
use crate::equilibrium::{Equilibrium, State};
use crate::pitzer::{Activity, PitzerModel};
use crate::properties::pure_water;
use crate::water::MOLES_PER_KG;

/// Step of the differences in temperature, K.
const STEP_K: f64 = 1.0;
/// Heat of the liquid that holds one kilogram of water.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LiquidHeat {
    /// Enthalpy, J/kgw.
    pub enthalpy_j_kgw: f64,
    /// Heat capacity at fixed speciation, J/(K kgw).
    pub heat_capacity_j_k_kgw: f64,
    /// The part of the enthalpy that is not ideal (heat of dilution), J/kgw.
    pub excess_enthalpy_j_kgw: f64,
}

/// Heats of brines on one database. Keeps its work space, so one serves one thread.
#[derive(Clone, Debug)]
pub struct HeatModel<'db> {
    database: &'db Database,
    model: PitzerModel,
    activity: Activity,
    /// The activity model on the species of brines met so far: most brines lack most species.
    parts: Vec<Part>,
}

/// The activity model on some species.
#[derive(Clone, Debug)]
struct Part {
    species: Vec<SpeciesId>,
    model: PitzerModel,
    molality_mol_kgw: Vec<f64>,
}

/// Values at T − 2h … T + 2h.
type Stencil<T> = [T; 5];

impl<'db> HeatModel<'db> {
    /// Heats on a database.
    pub fn new(database: &'db Database) -> Self {
        let species: Vec<SpeciesId> = (0..database.species.len()).collect();
        HeatModel {
            database,
            model: PitzerModel::new(database, &species),
            activity: Activity::default(),
            parts: Vec::new(),
        }
    }

    /// Heat of the liquid of a state; `None` when dry.
    pub fn liquid(&mut self, state: &Equilibrium) -> Option<LiquidHeat> {
        if state.state == State::Dry {
            return None;
        }
        let t = state.temperature_k;
        let g = self.excess_gibbs(state);
        let (slope, curvature) = (first(&g), second(&g));
        let excess = -GAS_CONSTANT_J_MOL_K * t * t * slope;
        let excess_heat_capacity = -GAS_CONSTANT_J_MOL_K * (2.0 * t * slope + t * t * curvature);
        let mut enthalpy = pure_water::enthalpy_j_kg(t) + excess;
        let mut heat_capacity = pure_water::heat_capacity_j_kg_k(t) + excess_heat_capacity;
        if !without_heat_capacity(state, self.database).is_empty() {
            (enthalpy, heat_capacity) = (f64::NAN, f64::NAN);
        }
        for (species, &m) in self.database.species.iter().zip(&state.molality_mol_kgw) {
            if m > 0.0 {
                enthalpy += m * self.standard_enthalpy_j_mol(species, t);
                heat_capacity += m * self.standard_heat_capacity_j_mol_k(species, t);
            }
        }
        Some(LiquidHeat {
            enthalpy_j_kgw: enthalpy,
            heat_capacity_j_k_kgw: heat_capacity,
            excess_enthalpy_j_kgw: excess,
        })
    }

    /// Enthalpy of a state, liquid and solids, J. Whatever no solid can hold when dry counts as at infinite
    /// dilution.
    pub fn enthalpy_j(&mut self, state: &Equilibrium) -> f64 {
        let t = state.temperature_k;
        let liquid = self
            .liquid(state)
            .map_or(0.0, |heat| heat.enthalpy_j_kgw * state.water_kg);
        let solids: f64 = state
            .solids_mol
            .iter()
            .enumerate()
            .filter(|&(_, &n)| n != 0.0)
            .map(|(m, &n)| n * self.solid_enthalpy_j_mol(m, t))
            .sum();
        let mixing = self.mixing_enthalpy_j(state);
        let residue: f64 = state
            .residue_mol
            .iter()
            .enumerate()
            .filter(|&(_, &n)| n != 0.0)
            .map(|(c, &n)| n * self.component_enthalpy_j_mol(c, t))
            .sum();
        liquid + solids + mixing + residue
    }

    /// Heat capacity of a state, liquid and solids, at fixed amounts and speciation, J/K.
    pub fn heat_capacity_j_k(&mut self, state: &Equilibrium) -> f64 {
        let t = state.temperature_k;
        let liquid = self
            .liquid(state)
            .map_or(0.0, |heat| heat.heat_capacity_j_k_kgw * state.water_kg);
        let solids: f64 = state
            .solids_mol
            .iter()
            .enumerate()
            .filter(|&(_, &n)| n != 0.0)
            .map(|(m, &n)| n * self.solid_heat_capacity_j_mol_k(m, t))
            .sum();
        liquid + solids
    }

    /// Heat taken up from the surroundings when the matter of `before` becomes `after`, J: the difference of
    /// enthalpies. Whatever left between the two (vapour, harvested salt) is the caller's to add:
    /// [`vapour_enthalpy_j_kg`], [`HeatModel::solid_enthalpy_j_mol`].
    ///
    /// At one temperature the heat capacities cancel; so there they need not be known.
    pub fn heat_taken_up_j(&mut self, before: &Equilibrium, after: &Equilibrium) -> f64 {
        if before.temperature_k == after.temperature_k {
            self.reaction_enthalpy_j(after) - self.reaction_enthalpy_j(before)
        } else {
            self.enthalpy_j(after) - self.enthalpy_j(before)
        }
    }

    /// Enthalpy of a state with that of every master species and of water taken as zero, J.
    fn reaction_enthalpy_j(&mut self, state: &Equilibrium) -> f64 {
        let t = state.temperature_k;
        let mut sum = 0.0;
        if state.state == State::Wet {
            let excess = -GAS_CONSTANT_J_MOL_K * t * t * first(&self.excess_gibbs(state));
            let formed: f64 = self
                .database
                .species
                .iter()
                .zip(&state.molality_mol_kgw)
                .map(|(species, m)| m * species.log_k.enthalpy_j_mol(t))
                .sum();
            sum += (excess + formed) * state.water_kg;
        }
        let solids = self.database.minerals.iter().zip(&state.solids_mol);
        sum + self.mixing_enthalpy_j(state)
            - solids
                .map(|(mineral, n)| n * mineral.log_k.enthalpy_j_mol(t))
                .sum::<f64>()
    }

    /// Enthalpy of mixing of the crystals in which ions take each other's places, J: n s Σ x_i x_j W0, for W = W0 + W1 T
    /// is a Gibbs energy and −W1 its entropy.
    fn mixing_enthalpy_j(&self, state: &Equilibrium) -> f64 {
        let of = |solution: &SolidSolution| -> f64 {
            let amount: f64 = solution.members.iter().map(|&m| state.solids_mol[m]).sum();
            if amount == 0.0 {
                return 0.0;
            }
            let pair = |e: &MixingEnergy| {
                let [a, b] = e.members.map(|m| state.solids_mol[m]);
                a * b / amount * e.constant_j_mol
            };
            solution.sites * solution.interactions.iter().map(pair).sum::<f64>()
        };
        self.database.solid_solutions.iter().map(of).sum()
    }

    /// Heat of dissolving one mole of a solid in much of a brine, J/mol, positive where the brine cools:
    /// RT² d ln K/dT + Σ ν_i L_i. Crystallisation gives off as much. NaN when dry or where a component is absent.
    pub fn heat_of_dissolution_j_mol(&mut self, state: &Equilibrium, mineral: MineralId) -> f64 {
        let solid = &self.database.minerals[mineral];
        let there = |c: ComponentId| state.ln_activity[c].is_finite();
        if state.state == State::Dry || !solid.dissolution.iter().all(|&(c, _)| there(c)) {
            return f64::NAN;
        }
        let t = state.temperature_k;
        let activities: Stencil<Vec<f64>> = self.around(state, HeatModel::ln_activity_coefficients);
        let partial: f64 = solid
            .dissolution
            .iter()
            .map(|&(c, nu)| {
                let at = self.database.components[c].species.map_or(0, |s| s + 1);
                let ln: Stencil<f64> = std::array::from_fn(|k| activities[k][at]);
                -nu * GAS_CONSTANT_J_MOL_K * t * t * first(&ln)
            })
            .sum();
        solid.log_k.enthalpy_j_mol(t) + partial
    }

    /// Enthalpy of a solid, J/mol, on the reference of this module.
    pub fn solid_enthalpy_j_mol(&self, mineral: MineralId, temperature_k: f64) -> f64 {
        let solid = &self.database.minerals[mineral];
        self.sum(&solid.dissolution, |c| {
            self.component_enthalpy_j_mol(c, temperature_k)
        }) - solid.log_k.enthalpy_j_mol(temperature_k)
    }

    /// Heat capacity of a solid, J/(mol K), as the ions and log K have it.
    pub fn solid_heat_capacity_j_mol_k(&self, mineral: MineralId, temperature_k: f64) -> f64 {
        let solid = &self.database.minerals[mineral];
        self.sum(&solid.dissolution, |c| {
            self.component_heat_capacity_j_mol_k(c, temperature_k)
        }) - solid.log_k.heat_capacity_j_mol_k(temperature_k)
    }

    fn standard_enthalpy_j_mol(&self, species: &Species, temperature_k: f64) -> f64 {
        self.sum(&species.formation, |c| {
            self.component_enthalpy_j_mol(c, temperature_k)
        }) + species.log_k.enthalpy_j_mol(temperature_k)
    }

    fn standard_heat_capacity_j_mol_k(&self, species: &Species, temperature_k: f64) -> f64 {
        self.sum(&species.formation, |c| {
            self.component_heat_capacity_j_mol_k(c, temperature_k)
        }) + species.log_k.heat_capacity_j_mol_k(temperature_k)
    }

    /// Enthalpy of a component: of pure water, of a master species at infinite dilution, on the reference above, J/mol.
    pub fn component_enthalpy_j_mol(&self, component: ComponentId, temperature_k: f64) -> f64 {
        if component == WATER {
            return pure_water::enthalpy_j_kg(temperature_k) / MOLES_PER_KG;
        }
        let terms = self.master(component).and_then(|s| s.heat_capacity);
        terms.map_or(0.0, |terms| terms.enthalpy_j_mol(temperature_k))
    }

    fn component_heat_capacity_j_mol_k(&self, component: ComponentId, temperature_k: f64) -> f64 {
        if component == WATER {
            return pure_water::heat_capacity_j_kg_k(temperature_k) / MOLES_PER_KG;
        }
        let terms = self.master(component).and_then(|s| s.heat_capacity);
        terms.map_or(0.0, |terms| terms.at(temperature_k))
    }

    fn master(&self, component: ComponentId) -> Option<&'db Species> {
        let species = self.database.components[component].species?;
        Some(&self.database.species[species])
    }

    fn sum(&self, reaction: &[(ComponentId, f64)], value: impl Fn(ComponentId) -> f64) -> f64 {
        reaction.iter().map(|&(c, nu)| nu * value(c)).sum()
    }

    /// G^ex/RT per kilogram of water, Σ m (ln γ + 1 − φ), around the temperature of a state. Species that are not there
    /// add nothing and are left out.
    fn excess_gibbs(&mut self, state: &Equilibrium) -> Stencil<f64> {
        let k = self.part_of(state);
        let (part, activity) = (&mut self.parts[k], &mut self.activity);
        std::array::from_fn(|step| {
            part.model.set_temperature(stencil_k(state, step));
            activity.ln_water_activity = 0.0;
            part.model.evaluate(&part.molality_mol_kgw, activity);
            let species = part.molality_mol_kgw.iter().zip(&activity.ln_gamma);
            let ideal = 1.0 - activity.osmotic_coefficient;
            species.map(|(m, ln_gamma)| m * (ln_gamma + ideal)).sum()
        })
    }

    /// The activity model on the species of a state, with their molalities.
    fn part_of(&mut self, state: &Equilibrium) -> usize {
        let molalities = state.molality_mol_kgw.iter().enumerate();
        let present = || molalities.clone().filter(|(_, m)| **m > 0.0);
        let same = |part: &Part| part.species.iter().copied().eq(present().map(|(s, _)| s));
        let known = self.parts.iter().position(same);
        let k = known.unwrap_or_else(|| {
            let species: Vec<SpeciesId> = present().map(|(s, _)| s).collect();
            self.parts.push(Part {
                model: PitzerModel::new(self.database, &species),
                molality_mol_kgw: Vec::new(),
                species,
            });
            self.parts.len() - 1
        });
        let own = &mut self.parts[k].molality_mol_kgw;
        own.clear();
        own.extend(present().map(|(_, m)| *m));
        k
    }

    /// ln a_w, then ln γ of each species, of the last evaluation.
    fn ln_activity_coefficients(&self) -> Vec<f64> {
        let mut all = vec![self.activity.ln_water_activity];
        all.extend(&self.activity.ln_gamma);
        all
    }

    fn around<T>(&mut self, state: &Equilibrium, read: impl Fn(&Self) -> T) -> Stencil<T> {
        std::array::from_fn(|k| {
            self.model.set_temperature(stencil_k(state, k));
            // The pressure of the vapour on the solvent, 1e-6 of A_φ, is left out.
            self.activity.ln_water_activity = 0.0;
            self.model
                .evaluate(&state.molality_mol_kgw, &mut self.activity);
            read(self)
        })
    }
}

/// Master species that have no heat capacity and whose component is too plentiful to be neglected; where there are any,
/// enthalpies and heat capacities are not known (NaN).
pub fn without_heat_capacity(state: &Equilibrium, database: &Database) -> Vec<SpeciesId> {
    let lacks = |c: ComponentId| {
        let id = database.components[c].species?;
        let total = state.total_molality_mol_kgw(database, c);
        (database.species[id].heat_capacity.is_none() && total > PLENTIFUL_MOL_KGW).then_some(id)
    };
    (0..database.components.len()).filter_map(lacks).collect()
}

/// Enthalpy of water vapour at saturation, J/kg, on the reference of this module.
pub fn vapour_enthalpy_j_kg(temperature_k: f64) -> f64 {
    let density = crate::water::Water::at(temperature_k).density_kg_m3;
    pure_water::enthalpy_j_kg(temperature_k)
        + pure_water::heat_of_vaporisation_j_kg(temperature_k, density)
}

/// Temperature of a place of the stencil about a state, K.
fn stencil_k(state: &Equilibrium, place: usize) -> f64 {
    state.temperature_k + (place as f64 - 2.0) * STEP_K
}

fn first([a, b, _, d, e]: &Stencil<f64>) -> f64 {
    (a - 8.0 * b + 8.0 * d - e) / (12.0 * STEP_K)
}

fn second([a, b, c, d, e]: &Stencil<f64>) -> f64 {
    (-a + 16.0 * b - 30.0 * c + 16.0 * d - e) / (12.0 * STEP_K * STEP_K)
}
