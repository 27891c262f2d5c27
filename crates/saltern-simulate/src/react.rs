//! The daily equilibrium of a cell: brine against the top layer of its floor.

use saltern_brine::equilibrium::{Equilibrium, State};

use crate::cell::Cell;
use crate::chemistry::Chemistry;
use crate::matter::Matter;

/// Totals this far below zero, relative to the largest, are rounding and handed over as zero.
const ROUNDING: f64 = 1e-9;

/// Halvings of the day when a phase change is located: 2⁻⁵ of a day is 45 minutes.
const EVENT_HALVINGS: u32 = 5;

/// Counts of what the chemistry did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChemistryReport {
    /// Equilibria computed.
    pub equilibria: u64,
    /// Equilibria that did not converge; the cell stayed unreacted that day.
    pub failures: u64,
    /// Newton iterations in all.
    pub iterations: u64,
    /// Days on which a cell's set of minerals changed.
    pub phase_changes: u64,
    /// Days cut at such a change because it moved the water activity.
    pub cut_days: u64,
    /// Equilibria that left no liquid, repeated with vapour given back.
    pub dried_out: u64,
}

/// What a cell's brine reacts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contact {
    /// With the top layer of the floor.
    Floor,
    /// With nothing: salt may settle from it, but what lies there takes no part.
    None,
}

/// Outcome of reacting a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Reacted,
    /// The solver did not converge: nothing was changed.
    Failed,
    /// No liquid would be left: nothing was changed.
    Dry,
}

/// Work space of the chemistry.
#[derive(Debug)]
pub(crate) struct Reactor {
    totals_mol: Vec<f64>,
    clean_mol: Vec<f64>,
    pub(crate) report: ChemistryReport,
}

impl Reactor {
    pub(crate) fn new(matter: &Matter) -> Self {
        Reactor {
            totals_mol: vec![0.0; matter.components()],
            clean_mol: vec![0.0; matter.components()],
            report: ChemistryReport::default(),
        }
    }

    /// Brings a cell to equilibrium at its mean temperature.
    pub(crate) fn react(
        &mut self,
        cell: &mut Cell,
        contact: Contact,
        matter: &Matter,
        chemistry: &mut dyn Chemistry,
    ) -> Outcome {
        match contact {
            Contact::Floor => totals(cell, matter, &mut self.totals_mol),
            Contact::None => self.totals_mol.copy_from_slice(&cell.brine_mol),
        }
        let warm = cell.warm.take();
        let solved = self.solve(cell.mean_k, warm.as_ref(), chemistry);
        match solved {
            Some(equilibrium) if equilibrium.state == State::Wet => {
                self.adopt(cell, contact, matter, equilibrium, chemistry);
                Outcome::Reacted
            }
            Some(_) => {
                self.report.dried_out += 1;
                cell.warm = warm;
                Outcome::Dry
            }
            None => {
                self.report.failures += 1;
                cell.warm = warm;
                Outcome::Failed
            }
        }
    }

    /// Solves for the totals in the work space.
    fn solve(
        &mut self,
        temperature_k: f64,
        warm: Option<&Equilibrium>,
        chemistry: &mut dyn Chemistry,
    ) -> Option<Equilibrium> {
        let largest = self.totals_mol.iter().fold(0.0, |m: f64, n| m.max(n.abs()));
        for (c, (clean, &n)) in self.clean_mol.iter_mut().zip(&self.totals_mol).enumerate() {
            let rounding = n < 0.0 && n > -ROUNDING * largest;
            // The hydrogen component is an excess and may be negative.
            *clean = if rounding && c > 1 { 0.0 } else { n };
        }
        self.report.equilibria += 1;
        let solved = chemistry
            .equilibrate(&self.clean_mol, temperature_k, warm)
            .ok()?;
        self.report.iterations += u64::from(solved.report.iterations);
        Some(solved)
    }

    /// Gives the cell its new solids; the brine is what is left of the totals, so nothing is lost.
    fn adopt(
        &mut self,
        cell: &mut Cell,
        contact: Contact,
        matter: &Matter,
        equilibrium: Equilibrium,
        chemistry: &dyn Chemistry,
    ) {
        cell.brine_mol.copy_from_slice(&self.totals_mol);
        for (lying, mineral) in cell.floor.top_mol.iter_mut().zip(&matter.minerals) {
            if mineral.reacts {
                let n = equilibrium.solids_mol[mineral.id];
                *lying = if contact == Contact::Floor {
                    n
                } else {
                    *lying + n
                };
                if n != 0.0 {
                    for &(c, nu) in &mineral.components {
                        cell.brine_mol[c] -= nu * n;
                    }
                }
            }
        }
        cell.floor.settle(matter);
        cell.density_kg_m3 = chemistry.density_kg_m3(&equilibrium);
        cell.volume_m3 = matter.mass_kg(&cell.brine_mol) / cell.density_kg_m3;
        cell.water_activity = equilibrium.water_activity;
        let assemblage = assemblage(&equilibrium, matter);
        self.report.phase_changes += u64::from(assemblage != cell.assemblage);
        cell.assemblage = assemblage;
        cell.warm = Some(equilibrium);
    }

    /// Where on the straight path from `start_mol` to the cell's totals the set of minerals changes
    /// for the first time, as a share of the day, and the water activity just before and after.
    pub(crate) fn locate_change(
        &mut self,
        start_mol: &[f64],
        before: u128,
        end_mol: &[f64],
        cell: &Cell,
        matter: &Matter,
        chemistry: &mut dyn Chemistry,
    ) -> Option<Change> {
        let (mut low, mut high) = (0.0, 1.0);
        let mut change = Change {
            share: 1.0,
            before: f64::NAN,
            after: cell.water_activity,
        };
        for _ in 0..EVENT_HALVINGS {
            let share = 0.5 * (low + high);
            for (n, (a, b)) in self
                .totals_mol
                .iter_mut()
                .zip(start_mol.iter().zip(end_mol))
            {
                *n = a + share * (b - a);
            }
            let middle = self.solve(cell.mean_k, cell.warm.as_ref(), chemistry)?;
            if middle.state == State::Dry {
                return None;
            }
            if assemblage(&middle, matter) == before {
                (low, change.before) = (share, middle.water_activity);
            } else {
                (high, change.after) = (share, middle.water_activity);
            }
        }
        change.share = 0.5 * (low + high);
        Some(change)
    }
}

/// A change of the set of minerals inside a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Change {
    /// When, as a share of the day.
    pub(crate) share: f64,
    /// Water activity just before; NaN if it came at once.
    pub(crate) before: f64,
    /// Water activity just after.
    pub(crate) after: f64,
}

/// Components of brine and reacting minerals of a cell, mol.
pub(crate) fn totals(cell: &Cell, matter: &Matter, totals_mol: &mut [f64]) {
    totals_mol.copy_from_slice(&cell.brine_mol);
    for (n, mineral) in cell.floor.top_mol.iter().zip(&matter.minerals) {
        if mineral.reacts && *n != 0.0 {
            for &(c, nu) in &mineral.components {
                totals_mol[c] += nu * n;
            }
        }
    }
}

/// Minerals present, one bit each in the order of [`Matter::minerals`].
fn assemblage(equilibrium: &Equilibrium, matter: &Matter) -> u128 {
    let mut bits = 0;
    for (i, mineral) in matter.minerals.iter().enumerate().take(128) {
        if mineral.reacts && equilibrium.solids_mol[mineral.id] > 0.0 {
            bits |= 1 << i;
        }
    }
    bits
}
