//! Phase diagrams at a temperature: fields of first saturation, the lines and points between them.
//!
//! A diagram is a map of *saturated brines*. Each place of it is a ratio of salts; the brine there holds just as
//! much of them as water can at the temperature before a solid appears, and the field is named for that solid.
//!
//! - [`System`]: the ions, from `Na,K,Mg//Cl,SO4` or `NaCl-KCl-H2O`.
//! - [`Projection`]: where a brine lies on the paper, and the amounts that lie at a place.
//! - [`Surface`]: the saturated brine of a place.
//! - [`Map`]: fields, univariant lines and invariant points of a triangle or square ([`map::draw`]).
//! - [`Section`]: the solubility curve of two salts in water ([`section::draw`]).
//! - [`Polytherm`]: one salt in water over temperature, with ice ([`polytherm::draw`]).

pub mod map;
mod outline;
pub mod polytherm;
pub mod projection;
pub mod section;
mod surface;
pub mod system;

pub use map::{Field, Invariant, Line, Map};
pub use polytherm::Polytherm;
pub use projection::{Projection, Shape};
pub use section::Section;
pub use surface::{Saturated, Surface};
pub use system::{Ion, System, SystemError};

use crate::database::Database;
use crate::equilibrium::Equilibrium;
use crate::water::MOLES_PER_KG;

impl Equilibrium {
    /// Component amounts of the liquid, mol, for a kilogram of liquid water, that water included.
    pub fn liquid_mol_kgw(&self, database: &Database) -> Vec<f64> {
        let mut amounts = vec![0.0; database.components.len()];
        amounts[0] = MOLES_PER_KG;
        for (species, m) in database.species.iter().zip(&self.molality_mol_kgw) {
            for &(c, nu) in &species.formation {
                amounts[c] += nu * m;
            }
        }
        amounts
    }
}
