//! The steady cascade: a brine that runs through mixed cells in series at constant evaporation.
//!
//! What a pond chain tends to if weather and feed stand still: each cell is mixed, holds brine in
//! equilibrium with the salts that settle in it, and loses water to the sky, brine to the ground and
//! brine with the salt. Answers design questions (cells a pond, where to split ponds, what leakage and
//! entrainment cost) in milliseconds, with the same mixing and the same chemistry as the march.
//!
//! All amounts are for the feed that holds 1 kg of water.

use saltern_brine::database::{MineralId, WATER};
use saltern_brine::equilibrium::{BrineError, Equilibrium, State};

use crate::chemistry::Chemistry;
use crate::matter::Matter;

/// How a cascade is run.
#[derive(Clone, Copy)]
pub struct Cascade<'a> {
    /// Mixed cells in series; all evaporate the same mass of water.
    pub cells: usize,
    /// Temperature of every cell, K.
    pub temperature_k: f64,
    /// Evaporation at a water activity, kg/m²/d.
    pub evaporation_kg_m2_d: &'a dyn Fn(f64) -> f64,
    /// Leakage through the floor, m/d.
    pub leakage_m_d: f64,
    /// Brine that stays in the salt, kg per kg of dry salt.
    pub entrainment_kg_kg: f64,
}

/// One cell of a cascade.
#[derive(Clone, Debug)]
pub struct CascadeCell {
    /// Water activity of its brine.
    pub water_activity: f64,
    /// Area, m²·d (for a feed of 1 kg of water a day: m²).
    pub area_m2_d: f64,
    /// Salt that settles, mol, in the order of [`Matter::minerals`].
    pub salt_mol: Vec<f64>,
    /// Share of its brine that passes on; the rest leaks or stays in the salt.
    pub passed_on: f64,
}

/// Halvings when an onset is searched.
const HALVINGS: u32 = 40;

impl Cascade<'_> {
    /// Runs the cascade; each cell evaporates `water_kg / cells`.
    ///
    /// `feed_mol` are the components of the feed. The result ends early if a cell falls dry.
    pub fn run(
        &self,
        feed_mol: &[f64],
        water_kg: f64,
        matter: &Matter,
        chemistry: &mut dyn Chemistry,
    ) -> Result<Vec<CascadeCell>, BrineError> {
        let mut brine_mol = feed_mol.to_vec();
        let mut cells = Vec::with_capacity(self.cells);
        let mut warm: Option<Equilibrium> = None;
        let each_kg = water_kg / self.cells as f64;
        for _ in 0..self.cells {
            brine_mol[WATER] -= each_kg / matter.water_kg_mol();
            if brine_mol[WATER] <= 0.0 {
                break;
            }
            let solved = chemistry.equilibrate(&brine_mol, self.temperature_k, warm.as_ref())?;
            if solved.state == State::Dry {
                break;
            }
            let density_kg_m3 = chemistry.density_kg_m3(&solved);
            cells.push(self.settle(&mut brine_mol, &solved, density_kg_m3, each_kg, matter));
            warm = Some(solved);
        }
        Ok(cells)
    }

    /// Takes salt, leakage and entrained brine out of a cell's brine.
    fn settle(
        &self,
        brine_mol: &mut [f64],
        solved: &Equilibrium,
        density_kg_m3: f64,
        evaporated_kg: f64,
        matter: &Matter,
    ) -> CascadeCell {
        let salt_mol: Vec<f64> = matter
            .minerals
            .iter()
            .map(|m| solved.solids_mol[m.id])
            .collect();
        for (n, mineral) in salt_mol.iter().zip(&matter.minerals) {
            for &(c, nu) in &mineral.components {
                brine_mol[c] -= nu * n;
            }
        }
        let area_m2_d = evaporated_kg / (self.evaporation_kg_m2_d)(solved.water_activity);
        let brine_kg = matter.mass_kg(brine_mol);
        let leaked_kg = self.leakage_m_d * area_m2_d * density_kg_m3;
        let entrained_kg = self.entrainment_kg_kg * matter.salt_kg(&salt_mol);
        let passed_on = (1.0 - (leaked_kg + entrained_kg) / brine_kg).max(0.0);
        brine_mol.iter_mut().for_each(|n| *n *= passed_on);
        CascadeCell {
            water_activity: solved.water_activity,
            area_m2_d,
            salt_mol,
            passed_on,
        }
    }

    /// Runs the cascade so far that a mineral just appears in its last cell: the least evaporation, kg
    /// for each kg of feed water, and the cells. `None` if it never does.
    pub fn run_to_onset(
        &self,
        mineral: MineralId,
        feed_mol: &[f64],
        matter: &Matter,
        chemistry: &mut dyn Chemistry,
    ) -> Result<Option<(f64, Vec<CascadeCell>)>, BrineError> {
        let Some(column) = matter.minerals.iter().position(|m| m.id == mineral) else {
            return Ok(None);
        };
        let appears = |cells: &[CascadeCell]| {
            cells.len() < self.cells || cells.last().is_some_and(|c| c.salt_mol[column] > 0.0)
        };
        let (mut low_kg, mut high_kg) = (0.0, feed_mol[WATER] * matter.water_kg_mol());
        let mut found = None;
        for _ in 0..HALVINGS {
            let middle_kg = 0.5 * (low_kg + high_kg);
            let cells = self.run(feed_mol, middle_kg, matter, chemistry)?;
            if appears(&cells) {
                high_kg = middle_kg;
            } else {
                low_kg = middle_kg;
                found = Some((middle_kg, cells));
            }
        }
        // Where the mineral never appears the search ends at the first dry cell.
        let reached = self.run(feed_mol, high_kg, matter, chemistry)?;
        let onset = reached.last().is_some_and(|c| c.salt_mol[column] > 0.0);
        Ok(found.filter(|_| onset))
    }
}

/// Area of a cascade, m²·d for each kg of feed water.
pub fn area_m2_d(cells: &[CascadeCell]) -> f64 {
    cells.iter().map(|c| c.area_m2_d).sum()
}

/// Share of a conservative tracer that leaves the last cell with the brine.
pub fn recovery(cells: &[CascadeCell]) -> f64 {
    cells.iter().map(|c| c.passed_on).product()
}
