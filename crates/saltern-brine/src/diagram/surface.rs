//! The saturated brine of a place: how much of a ratio of salts water can hold.

use crate::database::{Database, HYDROGEN, MineralId};
use crate::diagram::projection::Projection;
use crate::equilibrium::{BrineError, Equilibrium, Solver, State};
use crate::water::MOLES_PER_KG;

/// A brine at first saturation.
#[derive(Clone, Debug)]
pub struct Saturated {
    /// ln of the pairs of charges given to a kilogram of water: where to begin at a neighbouring place.
    pub ln_concentration: f64,
    /// The solid that appears.
    pub mineral: MineralId,
    /// The brine.
    pub brine: Equilibrium,
}

/// Finds saturated brines of one projection at one temperature.
///
/// Only the always-present salt is allowed to react, so that the brine at a place and a concentration is a smooth
/// function of both; a solid appears where the first saturation index comes to zero on the way from dilute.
pub struct Surface<'a> {
    /// The paper.
    pub projection: &'a Projection,
    /// Temperature, K.
    pub temperature_k: f64,
    /// Equilibria solved so far.
    pub equilibria: usize,
    database: &'a Database,
    solver: Solver<'a>,
    candidates: Vec<MineralId>,
    ice: Option<MineralId>,
}

/// log10 saturation index that counts as zero.
const SATURATED: f64 = 1e-10;
/// log10 saturation index below which, and falling, no solid is looked for in more dilute brines.
const CLEARLY_BELOW: f64 = -0.5;
/// First concentration tried without a neighbour, ln of pairs of charges in a kilogram of water.
const FIRST_LN: f64 = -3.0;
/// Most and least concentrated brines looked at, the same unit.
const MOST_LN: f64 = 4.2;
const LEAST_LN: f64 = -14.0;
/// Longest step of the search from dilute on.
const LONGEST_STEP: f64 = 0.35;
/// Moles of the always-present salt given to a kilogram of water, tried in turn until some is left.
const EXCESS_MOL: [f64; 3] = [8.0, 25.0, 80.0];

/// A brine below saturation, its concentration, and a concentration above saturation with its index, if known.
type Bracket = (f64, Equilibrium, Option<(f64, f64)>);

impl<'a> Surface<'a> {
    /// For the solids of `allowed` at a temperature.
    pub fn new(
        database: &'a Database,
        projection: &'a Projection,
        allowed: &[MineralId],
        temperature_k: f64,
    ) -> Surface<'a> {
        let components = projection.system.components();
        let of_system = |m: &MineralId| {
            let solid = &database.minerals[*m];
            let held = |c: usize| c <= HYDROGEN || components.contains(&c);
            solid.is_candidate_at(temperature_k)
                && !projection.saturating.contains(m)
                && solid.dissolution.iter().all(|&(c, _)| held(c))
        };
        let candidates: Vec<MineralId> = allowed.iter().copied().filter(of_system).collect();
        let only_water = |m: &MineralId| {
            database.minerals[*m]
                .dissolution
                .iter()
                .all(|&(c, _)| c == 0)
        };
        Surface {
            projection,
            temperature_k,
            equilibria: 0,
            database,
            solver: Solver::new(database, &projection.saturating),
            ice: candidates.iter().copied().find(only_water),
            candidates,
        }
    }

    /// The database it works with.
    pub fn database(&self) -> &'a Database {
        self.database
    }

    /// The solids that may appear.
    pub fn candidates(&self) -> &[MineralId] {
        &self.candidates
    }

    /// The brine of a place and a concentration, nothing but the always-present salt precipitated; `None` where
    /// there is none.
    pub fn brine(
        &mut self,
        place: [f64; 2],
        ln_concentration: f64,
        warm: Option<&Equilibrium>,
    ) -> Option<Equilibrium> {
        let concentration = ln_concentration.exp();
        let mut amounts = self.projection.amounts_mol(place);
        amounts.iter_mut().for_each(|n| *n *= concentration);
        amounts[0] += MOLES_PER_KG;
        if self.projection.saturating.is_empty() {
            return self.wet(&amounts, warm);
        }
        for excess in EXCESS_MOL {
            let mut dosed = amounts.clone();
            for (n, salt) in dosed.iter_mut().zip(&self.projection.saturating_mol) {
                *n += 0.5 * excess * salt;
            }
            let state = self.wet(&dosed, warm)?;
            let left = |m: &MineralId| state.solids_mol[*m] > 0.0;
            if self.projection.saturating.iter().any(left) {
                return Some(state);
            }
        }
        None
    }

    fn wet(&mut self, amounts: &[f64], warm: Option<&Equilibrium>) -> Option<Equilibrium> {
        self.equilibria += 1;
        let solved = self.solver.equilibrate(amounts, self.temperature_k, warm);
        // Beyond any brine the solver says dry or gives up: to a diagram both are its end.
        solved.ok().filter(|s| s.state == State::Wet)
    }

    /// log10 saturation index of a solid; −∞ where it cannot form.
    pub fn index(&self, brine: &Equilibrium, mineral: MineralId) -> f64 {
        let si = brine.saturation_index_of(self.database, mineral);
        if si.is_nan() { f64::NEG_INFINITY } else { si }
    }

    /// The candidate nearest to saturation (or furthest beyond), and its log10 saturation index.
    pub fn nearest(&self, brine: &Equilibrium) -> (MineralId, f64) {
        let mut best = (usize::MAX, f64::NEG_INFINITY);
        for &m in &self.candidates {
            let si = self.index(brine, m);
            if si > best.1 {
                best = (m, si);
            }
        }
        best
    }

    /// The saturated brine of a place: the first on the way from dilute that a salt comes from. `near` is one of a
    /// neighbouring place. `None` where no solid is known that ends the concentration, or where there is no brine
    /// at all.
    pub fn saturated(&mut self, place: [f64; 2], near: Option<&Saturated>) -> Option<Saturated> {
        let mut low = near.map_or(FIRST_LN, |s| s.ln_concentration);
        let mut step = if near.is_some() { 0.02 } else { LONGEST_STEP };
        let mut warm = self.brine(place, low, near.map(|s| &s.brine));
        // Down to a brine that holds everything (up, where it is ice that comes from it).
        let mut high = None;
        let mut iced = false;
        loop {
            let (mineral, si) = match &warm {
                Some(brine) => self.nearest(brine),
                None => (usize::MAX, f64::INFINITY),
            };
            if si <= 0.0 {
                break;
            }
            if Some(mineral) == self.ice {
                iced = true;
                low += step.min(0.1);
            } else if iced {
                // Ice on one side, salt on the other: a brine between them, if any.
                return self.between(place, low - step.min(0.1), low);
            } else {
                high = warm.is_some().then_some((low, si));
                low -= step;
            }
            if !(LEAST_LN..MOST_LN).contains(&low) {
                return None;
            }
            step = (2.0 * step).min(LONGEST_STEP);
            warm = self.brine(place, low, warm.as_ref());
        }
        let mut below = warm?;
        if near.is_some()
            && !iced
            && let Some(more) = self.first_below(place, (low, below.clone()))
        {
            (low, below, high) = more;
        }
        match high {
            Some(high) => self.root(place, (low, below), high),
            None => self.climb(place, low, below, step),
        }
    }

    /// A solid may saturate on the way from dilute, dissolve again and give way to another: mirabilite, which takes
    /// up ten waters, does so in cold magnesium brines. From a brine that holds everything this looks for one below
    /// that does not, and gives the bracket of the lower saturation.
    fn first_below(&mut self, place: [f64; 2], from: (f64, Equilibrium)) -> Option<Bracket> {
        let (mut low, mut brine) = from;
        let mut before = self.nearest(&brine).1;
        let mut high = None;
        while low > FIRST_LN {
            low -= LONGEST_STEP;
            brine = self.brine(place, low, Some(&brine))?;
            let (mineral, si) = self.nearest(&brine);
            if Some(mineral) == self.ice && si > -0.1 {
                return None;
            }
            if si > 0.0 {
                high = Some((low, si));
            } else if high.is_some() {
                return Some((low, brine, high));
            } else if si < CLEARLY_BELOW && si < before {
                return None;
            }
            before = si;
        }
        None
    }

    /// From a brine that holds everything to one that does not.
    fn climb(
        &mut self,
        place: [f64; 2],
        from: f64,
        brine: Equilibrium,
        step: f64,
    ) -> Option<Saturated> {
        let (mut low, mut below, mut step) = (from, brine, step);
        while low < MOST_LN {
            let Some(above) = self.brine(place, low + step, Some(&below)) else {
                step *= 0.3;
                if step < 1e-3 {
                    return None;
                }
                continue;
            };
            let (_, si) = self.nearest(&above);
            if si > 0.0 {
                return self.root(place, (low, below), (low + step, si));
            }
            low += step;
            below = above;
            step = (2.0 * step).min(LONGEST_STEP);
        }
        None
    }

    /// A brine between one that ice comes from and one that salt comes from.
    fn between(&mut self, place: [f64; 2], ice: f64, salt: f64) -> Option<Saturated> {
        let (mut ice, mut salt) = (ice, salt);
        for _ in 0..40 {
            let middle = 0.5 * (ice + salt);
            let brine = self.brine(place, middle, None)?;
            match self.nearest(&brine) {
                (_, si) if si <= 0.0 => {
                    return self.climb(place, middle, brine, 0.5 * (salt - middle));
                }
                (m, _) if Some(m) == self.ice => ice = middle,
                _ => salt = middle,
            }
        }
        None
    }

    /// The root of the greatest saturation index between a brine below saturation and one above: the secant kept in
    /// its bracket (Illinois).
    fn root(
        &mut self,
        place: [f64; 2],
        low: (f64, Equilibrium),
        high: (f64, f64),
    ) -> Option<Saturated> {
        let (mut a, mut brine) = low;
        let mut fa = self.nearest(&brine).1;
        let (mut b, mut fb) = high;
        let mut last = 0;
        for _ in 0..60 {
            let x = if fa.is_finite() {
                (a * fb - b * fa) / (fb - fa)
            } else {
                0.5 * (a + b)
            };
            let next = self.brine(place, x, Some(&brine))?;
            let (mineral, f) = self.nearest(&next);
            let done = f.abs() < SATURATED || (b - a) < 1e-13;
            brine = next;
            if done {
                return Some(Saturated {
                    ln_concentration: x,
                    mineral,
                    brine,
                });
            }
            if f <= 0.0 {
                (a, fa) = (x, f);
                if last == -1 {
                    fb *= 0.5;
                }
                last = -1;
            } else {
                (b, fb) = (x, f);
                if last == 1 {
                    fa *= 0.5;
                }
                last = 1;
            }
        }
        None
    }

    /// The brine of a place that ice is in contact with: below the brine saturated with salt, the concentration at
    /// which it freezes. `None` where ice is no candidate or water does not freeze.
    pub fn frozen(&mut self, place: [f64; 2], salt: &Saturated) -> Option<Saturated> {
        let ice = self.ice?;
        let (mut low, mut brine) = (salt.ln_concentration, salt.brine.clone());
        let (mut high, mut si) = (low, self.index(&brine, ice));
        while si <= 0.0 {
            (high, low) = (low, low - LONGEST_STEP);
            if low < LEAST_LN {
                return None;
            }
            brine = self.brine(place, low, Some(&brine))?;
            si = self.index(&brine, ice);
        }
        let near = Saturated {
            ln_concentration: 0.5 * (low + high),
            mineral: ice,
            brine,
        };
        self.saturated_with(place, ice, &near)
    }

    /// The concentration at which one solid saturates at a place, whatever the others do, from a concentration
    /// nearby.
    pub fn saturated_with(
        &mut self,
        place: [f64; 2],
        mineral: MineralId,
        near: &Saturated,
    ) -> Option<Saturated> {
        let (mut x0, mut x1) = (near.ln_concentration, near.ln_concentration + 1e-3);
        let mut brine = self.brine(place, x0, Some(&near.brine))?;
        let mut f0 = self.index(&brine, mineral);
        for _ in 0..30 {
            if f0.abs() < SATURATED {
                return Some(Saturated {
                    ln_concentration: x0,
                    mineral,
                    brine,
                });
            }
            let next = self.brine(place, x1, Some(&brine))?;
            let f1 = self.index(&next, mineral);
            let slope = (f1 - f0) / (x1 - x0);
            (x0, f0, brine) = (x1, f1, next);
            if !slope.is_finite() || slope == 0.0 {
                return None;
            }
            x1 = x0 + (-f0 / slope).clamp(-0.3, 0.3);
            if f1.abs() < SATURATED {
                x1 = x0;
            }
        }
        None
    }

    /// The brine in contact with all of some solids (and the always-present salt): a brine nearby with some of each
    /// added. `None` where they cannot all be present.
    pub fn saturated_with_all(
        &self,
        solids: &[MineralId],
        near: &Equilibrium,
    ) -> Option<Equilibrium> {
        let mut allowed = self.projection.saturating.clone();
        allowed.extend(solids);
        let mut solver = Solver::new(self.database, &allowed);
        let liquid = near.liquid_mol_kgw(self.database);
        for dose in [1.0, 4.0, 0.1, 20.0] {
            let mut amounts = liquid.clone();
            for &m in solids {
                for &(c, nu) in &self.database.minerals[m].dissolution {
                    amounts[c] += dose * nu;
                }
            }
            for (n, salt) in amounts.iter_mut().zip(&self.projection.saturating_mol) {
                *n += dose * salt;
            }
            let Ok(state) = self.solve(&mut solver, &amounts) else {
                continue;
            };
            let all = solids.iter().all(|&m| state.solids_mol[m] > 1e-9);
            if state.state == State::Wet && all {
                return Some(state);
            }
        }
        None
    }

    fn solve(&self, solver: &mut Solver<'_>, amounts: &[f64]) -> Result<Equilibrium, BrineError> {
        let mut clean = amounts.to_vec();
        for (c, n) in clean.iter_mut().enumerate() {
            if c != HYDROGEN {
                *n = n.max(0.0);
            }
        }
        solver.equilibrate(&clean, self.temperature_k, None)
    }
}
