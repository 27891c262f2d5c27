//! What the ponds ask of a brine chemistry.

use saltern_brine::database::{Database, MineralId};
use saltern_brine::equilibrium::{BrineError, Equilibrium, Solver};

/// A brine chemistry: [`Pitzer`] in earnest, something simpler in tests of the bookkeeping.
pub trait Chemistry {
    /// Equilibrium of component amounts, mol, with the solids that are allowed to form.
    fn equilibrate(
        &mut self,
        amounts_mol: &[f64],
        temperature_k: f64,
        warm: Option<&Equilibrium>,
    ) -> Result<Equilibrium, BrineError>;

    /// Density of the liquid, kg/m³.
    fn density_kg_m3(&self, equilibrium: &Equilibrium) -> f64;
}

/// The Pitzer model over a database.
#[derive(Debug)]
pub struct Pitzer<'db> {
    database: &'db Database,
    solver: Solver<'db>,
}

impl<'db> Pitzer<'db> {
    /// A chemistry that lets the given minerals form.
    pub fn new(database: &'db Database, allowed: &[MineralId]) -> Self {
        Pitzer {
            database,
            solver: Solver::new(database, allowed),
        }
    }
}

impl Chemistry for Pitzer<'_> {
    fn equilibrate(
        &mut self,
        amounts_mol: &[f64],
        temperature_k: f64,
        warm: Option<&Equilibrium>,
    ) -> Result<Equilibrium, BrineError> {
        self.solver.equilibrate(amounts_mol, temperature_k, warm)
    }

    fn density_kg_m3(&self, equilibrium: &Equilibrium) -> f64 {
        equilibrium.density_kg_m3(self.database)
    }
}
