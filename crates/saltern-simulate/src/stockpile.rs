//! A heap, a tank or a store: keeps what is brought until it is taken, all of it mixed.

use saltern_base::book::NodeId;

use crate::matter::Matter;
use crate::solids::Solids;

/// What a stockpile holds.
#[derive(Clone, Debug)]
pub(crate) struct Stockpile {
    pub(crate) node: NodeId,
    /// Components of its brine, mol.
    pub(crate) brine_mol: Vec<f64>,
    /// Its solids, mol, by column of the book.
    pub(crate) solids_mol: Vec<f64>,
}

impl Stockpile {
    pub(crate) fn empty(node: NodeId, matter: &Matter, solids: &Solids) -> Self {
        Stockpile {
            node,
            brine_mol: vec![0.0; matter.components()],
            solids_mol: vec![0.0; solids.len()],
        }
    }

    /// Brings brine and solids.
    pub(crate) fn bring(&mut self, brine_mol: &[f64], solids_mol: &[f64]) {
        let brine = self.brine_mol.iter_mut().zip(brine_mol);
        brine.for_each(|(n, more)| *n += more);
        let solids = self.solids_mol.iter_mut().zip(solids_mol);
        solids.for_each(|(n, more)| *n += more);
    }

    /// Takes a share of all that is there: brine and solids.
    pub(crate) fn take(&mut self, share: f64) -> (Vec<f64>, Vec<f64>) {
        let share = share.clamp(0.0, 1.0);
        let part = |all: &mut Vec<f64>| {
            let taken: Vec<f64> = all.iter().map(|n| n * share).collect();
            all.iter_mut().zip(&taken).for_each(|(n, t)| *n -= t);
            taken
        };
        (part(&mut self.brine_mol), part(&mut self.solids_mol))
    }

    /// Mass, kg.
    pub(crate) fn mass_kg(&self, matter: &Matter, solids: &Solids) -> f64 {
        matter.mass_kg(&self.brine_mol) + solids.mass_kg(&self.solids_mol)
    }
}
