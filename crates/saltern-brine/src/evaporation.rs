//! Evaporation paths: water taken away in equal fractions, solids kept or removed.

use crate::database::{MineralId, WATER};
use crate::equilibrium::{BrineError, Equilibrium, Solver, State};
use crate::water::MOLES_PER_KG;

/// What becomes of the solids that form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They stay in contact with the brine and may react again.
    Equilibrium,
    /// They are taken away after each step.
    Fractional,
}

/// Where a path ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Until {
    /// When no liquid is left.
    Dry,
    /// When this solid has appeared.
    Mineral(MineralId),
    /// When this share (0…1) of the initial liquid water is left.
    WaterShare(f64),
    /// When the activity of water has come down to this; the last step is shortened to meet it.
    WaterActivity(f64),
}

/// One row of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The brine and the solids in contact with it when it reached equilibrium.
    pub state: Equilibrium,
    /// Component amounts of brine and solids in contact, mol, before solids are taken away.
    pub amounts_mol: Vec<f64>,
    /// Solids taken away so far, this step included, mol, in the order of the database's minerals (fractional).
    pub removed_mol: Vec<f64>,
}

/// Share of the initial liquid water down to which a path to dryness goes in equal fractions; the rest is
/// then taken away at once.
const LAST_LIQUID_SHARE: f64 = 1e-3;
/// Share of a step to which the end of a path at a given activity of water is known.
const SHARP: f64 = 1e-9;
/// Rounds in which the last liquid is taken away.
const DRYING_ROUNDS: usize = 40;

/// The path of a brine from its first equilibrium (step 0) in `steps` equal fractions of the liquid water
/// present, at a temperature in K. A dry row ends it.
///
/// # Errors
/// [`BrineError`] of the step that failed.
pub fn evaporate(
    solver: &mut Solver<'_>,
    amounts_mol: &[f64],
    temperature_k: f64,
    mode: Mode,
    until: Until,
    steps: usize,
) -> Result<Vec<Step>, BrineError> {
    let mut walk = Walk {
        solver,
        temperature_k,
        mode,
        amounts: amounts_mol.to_vec(),
        removed: Vec::new(),
        rows: Vec::new(),
    };
    walk.arrive()?;
    let share = match until {
        Until::WaterShare(share) => share,
        Until::Dry | Until::Mineral(_) | Until::WaterActivity(_) => LAST_LIQUID_SHARE,
    };
    let fraction = 1.0 - share.powf(1.0 / steps.max(1) as f64);
    for _ in 0..steps {
        if walk.done(until) {
            return Ok(walk.rows);
        }
        let before = walk.clone_place();
        walk.take_water(fraction);
        walk.arrive()?;
        if let Until::WaterActivity(target) = until {
            walk.land_on(target, before, fraction)?;
        }
    }
    if until == Until::Dry {
        // Where hydrates or ice give up water as fast as it goes, each round takes twice as much.
        let mut times = 1.0;
        for _ in 0..DRYING_ROUNDS {
            if walk.done(until) {
                break;
            }
            walk.take_all_water(times);
            walk.arrive()?;
            times *= 2.0;
        }
    }
    Ok(walk.rows)
}

struct Walk<'a, 'db> {
    solver: &'a mut Solver<'db>,
    temperature_k: f64,
    mode: Mode,
    amounts: Vec<f64>,
    removed: Vec<f64>,
    rows: Vec<Step>,
}

impl Walk<'_, '_> {
    fn take_water(&mut self, fraction: f64) {
        let liquid = self.rows.last().map_or(0.0, |row| row.state.water_kg);
        let left = self.amounts[WATER] - fraction * liquid * MOLES_PER_KG;
        self.amounts[WATER] = left.max(0.0);
    }

    /// Takes `times` the water of the liquid away, what its species bind included: what OH- holds would stay
    /// liquid.
    fn take_all_water(&mut self, times: f64) {
        let Some(row) = self.rows.last() else { return };
        let liquid = row
            .state
            .liquid_amounts_mol(self.solver.database(), &row.amounts_mol);
        self.amounts[WATER] = (self.amounts[WATER] - times * liquid[WATER]).max(0.0);
    }

    fn arrive(&mut self) -> Result<(), BrineError> {
        let warm = self.rows.last().map(|row| &row.state);
        let state = self
            .solver
            .equilibrate(&self.amounts, self.temperature_k, warm)?;
        self.removed.resize(state.solids_mol.len(), 0.0);
        let amounts_mol = self.amounts.clone();
        if self.mode == Mode::Fractional {
            for (sum, formed) in self.removed.iter_mut().zip(&state.solids_mol) {
                *sum += formed;
            }
            self.amounts = state.liquid_amounts_mol(self.solver.database(), &self.amounts);
            for (c, amount) in self.amounts.iter_mut().enumerate() {
                // A component wholly taken by solids may be left a rounding error below zero.
                if c != crate::database::HYDROGEN {
                    *amount = amount.max(0.0);
                }
            }
        }
        self.rows.push(Step {
            state,
            amounts_mol,
            removed_mol: self.removed.clone(),
        });
        Ok(())
    }

    /// Where the walk stands, for a step that has to be taken again.
    fn clone_place(&self) -> (Vec<f64>, Vec<f64>) {
        (self.amounts.clone(), self.removed.clone())
    }

    /// Takes the last step again, shorter, if it went below an activity of water. Where the activity jumps (an
    /// invariant point that dries) the step stays as it is.
    fn land_on(
        &mut self,
        target: f64,
        (amounts, removed): (Vec<f64>, Vec<f64>),
        fraction: f64,
    ) -> Result<(), BrineError> {
        let last = self.rows.len() - 1;
        if last == 0 || self.rows[last].state.water_activity > target {
            return Ok(());
        }
        let overshot = (self.rows.pop(), self.clone_place());
        let (mut short, mut long) = (0.0, fraction);
        while long - short > SHARP * fraction {
            (self.amounts, self.removed) = (amounts.clone(), removed.clone());
            let middle = 0.5 * (short + long);
            self.take_water(middle);
            self.arrive()?;
            let reached = self.rows.pop().map_or(0.0, |row| row.state.water_activity);
            if reached > target {
                short = middle;
            } else {
                long = middle;
            }
        }
        (self.amounts, self.removed) = (amounts, removed);
        self.take_water(long);
        self.arrive()?;
        let landed = &self.rows[last].state;
        if landed.state == State::Dry {
            self.rows.pop();
            self.rows.extend(overshot.0);
            (self.amounts, self.removed) = overshot.1;
        }
        Ok(())
    }

    fn done(&self, until: Until) -> bool {
        let Some(row) = self.rows.last() else {
            return false;
        };
        row.state.state == State::Dry
            || matches!(until, Until::Mineral(m) if row.state.solids_mol[m] > 0.0)
            || matches!(until, Until::WaterActivity(a) if row.state.water_activity <= a)
    }
}
