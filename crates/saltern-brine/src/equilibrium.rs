//! Mineral equilibrium of a brine at given temperature, 1 atm: what is dissolved and what is solid.

use crate::database::{Database, MineralId};

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
#[derive(Clone, Debug, Default)]
pub struct Equilibrium {
    /// Wet or dry.
    pub state: State,
    /// Temperature, K.
    pub temperature_k: f64,
    /// Liquid water, kg (zero when dry).
    pub water_kg: f64,
    /// Molality of each species, mol/kgw, in the order of [`Database::species`]; zero when absent.
    pub molality_mol_kgw: Vec<f64>,
    /// ln γ of each species, unscaled Pitzer, molality scale.
    pub ln_gamma: Vec<f64>,
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
#[derive(Clone, Debug, Default)]
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

/// Solves equilibria for one database and one list of allowed solids; keeps its work space, so one
/// solver serves one thread.
#[derive(Clone, Debug)]
pub struct Solver<'db> {
    database: &'db Database,
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
    /// `brine.negative_amount`: a component total is negative or not a number.
    BadAmount {
        /// Component name.
        component: String,
        /// The offending amount, mol.
        amount_mol: f64,
    },
}

impl<'db> Solver<'db> {
    /// A solver that allows the given minerals to form.
    pub fn new(database: &'db Database, allowed: &[MineralId]) -> Self {
        let _ = allowed;
        Solver { database }
    }

    /// Equilibrium of component amounts (mol, in component order, water first; the hydrogen
    /// component is the proton excess and may be negative). `warm` is a nearby earlier solution.
    pub fn equilibrate(
        &mut self,
        amounts_mol: &[f64],
        temperature_k: f64,
        warm: Option<&Equilibrium>,
    ) -> Result<Equilibrium, BrineError> {
        let _ = (amounts_mol, temperature_k, warm, self.database);
        todo!()
    }
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

    /// log10(IAP/K) of each mineral, in the order of [`Database::minerals`]; NaN where a component is absent.
    pub fn saturation_index(&self, database: &Database) -> Vec<f64> {
        let _ = database;
        todo!()
    }

    /// Density of the liquid, kg/m³.
    pub fn density_kg_m3(&self, database: &Database) -> f64 {
        let _ = database;
        todo!()
    }
}
