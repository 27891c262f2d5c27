//! Equilibrium by small moves, for brines on which the active set cycles or Newton's method finds no hold.
//!
//! Start dilute with nothing solid; take water away in stages. At each stage the most supersaturated solid of the
//! moment is formed little by little, those already there following at equilibrium, until the brine is saturated with it; a
//! solid that runs out on the way leaves. Each move lowers the Gibbs energy, so nothing can cycle, whether or not
//! the energy is convex there. It takes some ten times the work of [`crate::active_set::settle`].

use crate::active_set::{
    Effort, IONIC_STRENGTH_CEILING, Outcome, SUPERSATURATED, Unsettled, arrived, driest_ln_water,
    most_supersaturated,
};
use crate::guess::dissolved;
use crate::network::Network;
use crate::newton::{Imposed, Iterate, Newton, Traces};
use crate::water::MOLES_PER_KG;

/// Newton iterations for one move.
const MAX_ITERATIONS: u32 = 40;
/// Moves in all before a walk is given up.
const MAX_MOVES: u32 = 10_000;
/// Smallest share of a move that is tried.
const SMALLEST_MOVE: f64 = 1e-7;
/// A solid with less than this share of all matter has run out.
const RUN_OUT: f64 = 1e-11;
/// First amount of a solid that forms, as a share of the most there can be.
const FIRST_FORMED: f64 = 1e-3;
/// Largest amount of a solid that forms in one move, as a share of the most there can be.
const MOST_FORMED: f64 = 0.1;
/// Largest change of the logarithm of the liquid water in one move that is believed to pass nothing by.
const MOST_CHANGED: f64 = 0.4;
/// Share of the liquid water taken away in the first stage.
const STAGE: f64 = 0.3;
/// Smallest share of the liquid water taken away in a stage before the branch of brines is held to end.
const SMALLEST_STAGE: f64 = 1e-3;
/// Sum of solute molalities that a walk begins at.
const START_MOLALITY: f64 = 2.0;
/// Strength (see [`Newton::strength`]) above which the end of a branch of brines counts as dry, mol/kgw: no public
/// parameter set was fitted to more.
pub(crate) const FOLD_STRENGTH: f64 = 12.0;
/// Where the brine changes this much faster than its water is taken away, the branch folds back: there is no brine
/// beyond. A move of [`SMALLEST_MOVE`] towards a fold reaches some 1e4, a brine on its way 1 to 30.
const FOLD_STEEPNESS: f64 = 100.0;
/// A fold in a brine weaker than this is a fault to be told, mol/kgw: there, parameter sets hold.
const LEAST_FOLD_STRENGTH: f64 = 3.0;
/// Liquid below this share of all water at the end of a branch is none.
const LAST_LIQUID: f64 = 1e-3;

/// Walks down from a dilute brine to totals `b`.
pub(crate) fn down(
    network: &Network,
    b: &[f64],
    imposed: Imposed,
    newton: &mut Newton,
    effort: &mut Effort,
) -> Result<(Outcome, Iterate), Unsettled> {
    let mut totals = b.to_vec();
    let solutes: f64 = b[2..].iter().sum();
    totals[0] = b[0].max(solutes / START_MOLALITY * MOLES_PER_KG);
    let x = dissolved(network, &totals, imposed, newton);
    let mut walk = Walk {
        network,
        newton,
        effort,
        moves: 0,
        x,
        strength: 0.0,
        steepness: 0.0,
    };
    walk.begin(&totals)?;
    let mut outcome = walk.precipitate(&totals)?;
    let mut share = STAGE;
    while outcome == Outcome::Wet && totals[0] > b[0] {
        let here = walk.x.clone();
        let mut next = totals.clone();
        next[0] = (totals[0] - share * walk.x.ln_water.exp() * MOLES_PER_KG).max(b[0]);
        if next[0] >= totals[0] {
            return Ok((Outcome::Dry, walk.x)); // the liquid dwindles at a fixed composition
        }
        let went = walk.go(&totals, &next);
        if walk.x.ln_water > here.ln_water + MOST_CHANGED && share > SMALLEST_STAGE {
            // Less water in all and yet more liquid: a hydrate was passed by that should have formed.
            walk.x = here;
            share = (0.25 * share).max(SMALLEST_STAGE);
            continue;
        }
        let reached = went.and_then(|reached| match reached {
            Outcome::Dry => Ok(Outcome::Dry),
            Outcome::Wet => walk.precipitate(&next),
        });
        match reached {
            Ok(Outcome::Dry) if share > STAGE => {
                // A long stage may pass by a hydrate that gives water back.
                walk.x = here;
                share = STAGE;
            }
            Ok(reached) => {
                (totals, outcome) = (next, reached);
                // Unbounded: where hydrates give up the water, the liquid hardly changes.
                share *= 1.5;
            }
            Err(unsettled) => {
                walk.x = here;
                share = (0.25 * share).min(STAGE);
                if share < SMALLEST_STAGE || walk.moves > MAX_MOVES {
                    return walk.end_of_branch(&totals, unsettled);
                }
            }
        }
    }
    Ok((outcome, walk.x))
}

struct Walk<'a> {
    network: &'a Network,
    newton: &'a mut Newton,
    effort: &'a mut Effort,
    moves: u32,
    x: Iterate,
    /// Strength of the brine after the last move, mol/kgw.
    strength: f64,
    /// Change of the brine with the share of its water taken away, in the last move.
    steepness: f64,
}

impl Walk<'_> {
    /// Past the end of a branch the parameters describe no brine at all, so what is left counts as dry.
    fn end_of_branch(
        self,
        totals: &[f64],
        unsettled: Unsettled,
    ) -> Result<(Outcome, Iterate), Unsettled> {
        let folds = self.steepness > FOLD_STEEPNESS && self.strength > LEAST_FOLD_STRENGTH;
        if self.little_liquid(totals) || folds || self.strength > FOLD_STRENGTH {
            Ok((Outcome::Dry, self.x))
        } else {
            Err(unsettled)
        }
    }

    fn little_liquid(&self, totals: &[f64]) -> bool {
        self.x.ln_water.exp() < LAST_LIQUID * totals[0] / MOLES_PER_KG
    }

    fn begin(&mut self, b: &[f64]) -> Result<(), Unsettled> {
        let mut x = self.x.clone();
        self.solve(b, &mut x)?;
        self.x = x;
        Ok(())
    }

    /// Newton's method with the set of solids held; their amounts may come out negative.
    fn solve(&mut self, b: &[f64], x: &mut Iterate) -> Result<(), Unsettled> {
        self.moves += 1;
        let mut last_size = 1.0;
        for _ in 0..MAX_ITERATIONS {
            self.effort.iterations += 1;
            self.newton.evaluate(self.network, x);
            let Ok(step) = self.newton.step(self.network, b, x, Traces::Kept) else {
                break;
            };
            if !step.size.is_finite() {
                break;
            }
            if step.taken == 1.0 && arrived(self.network, b, x, self.newton, step.size, last_size) {
                return Ok(());
            }
            last_size = step.size;
        }
        Err(Unsettled {
            residual: self.newton.residual,
        })
    }

    /// Moves the totals in a straight line; a solid that runs out on the way leaves.
    fn go(&mut self, from: &[f64], to: &[f64]) -> Result<Outcome, Unsettled> {
        let matter = from[0].abs() + from[2..].iter().sum::<f64>();
        let (mut done, mut stride) = (0.0, 1.0_f64);
        while done < 1.0 {
            let reach = (done + stride).min(1.0);
            let b: Vec<f64> = from
                .iter()
                .zip(to)
                .map(|(a, z)| a + reach * (z - a))
                .collect();
            let mut trial = self.x.clone();
            let solved = self.solve(&b, &mut trial);
            if solved.is_ok() && trial.ln_water < driest_ln_water(&b) {
                return Ok(Outcome::Dry);
            }
            if let Err(unsettled) = solved {
                stride *= 0.25;
                if stride < SMALLEST_MOVE || self.moves > MAX_MOVES {
                    return Err(unsettled);
                }
                continue;
            }
            match self.first_to_run_out(&trial, matter) {
                None => {
                    let removed = (reach - done) * (to[0] - from[0]).abs() / MOLES_PER_KG;
                    self.steepness = steepness(&self.x, &trial, removed);
                    self.strength = self.newton.strength();
                    self.x = trial;
                    done = reach;
                    stride *= 2.0;
                }
                Some((solid, share)) => {
                    let there = self.x.solids[solid].1;
                    if there < RUN_OUT * matter || share * stride < SMALLEST_MOVE {
                        self.x.solids.remove(solid);
                        self.effort.changes += 1;
                    } else {
                        // To just before it runs out, were the way straight: a thousandth is left each time.
                        stride *= (0.999 * share).max(1e-3);
                        if self.moves > MAX_MOVES {
                            return Err(Unsettled {
                                residual: self.newton.residual,
                            });
                        }
                    }
                }
            }
        }
        Ok(Outcome::Wet)
    }

    /// The solid that runs out first between here and a trial, and at what share of the way.
    fn first_to_run_out(&self, trial: &Iterate, matter: f64) -> Option<(usize, f64)> {
        let ways = self.x.solids.iter().zip(&trial.solids).enumerate();
        ways.filter(|(_, (_, there))| there.1 < -RUN_OUT * matter)
            .map(|(k, (here, there))| (k, here.1.max(0.0) / (here.1.max(0.0) - there.1)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Forms supersaturated solids, always the one furthest beyond saturation, until there are none.
    fn precipitate(&mut self, b: &[f64]) -> Result<Outcome, Unsettled> {
        // Formed, but not yet at equilibrium with the brine.
        let mut held: Vec<Held> = Vec::new();
        loop {
            // The last solution tried need not be the one that was kept.
            self.newton.evaluate_activities(self.network, &self.x);
            let worst = most_supersaturated(self.network, &self.x, self.newton, SUPERSATURATED);
            if worst.is_none() || self.moves > MAX_MOVES {
                let beyond = self.newton.activity.ionic_strength > IONIC_STRENGTH_CEILING;
                return match (worst, held.is_empty()) {
                    (None, true) if beyond => Ok(Outcome::Dry),
                    (None, true) => Ok(Outcome::Wet),
                    _ => Err(Unsettled {
                        residual: self.newton.residual,
                    }),
                };
            }
            let Some(forming) = worst else { continue };
            let index = held.iter().position(|h| h.phase == forming);
            let index = index.unwrap_or_else(|| {
                let composition = self.newton.composition(self.network, forming);
                let most = most_there_can_be(b, &composition);
                held.push(Held {
                    phase: forming,
                    composition,
                    most,
                    amount: 0.0,
                    stride: FIRST_FORMED * most,
                });
                held.len() - 1
            });
            if self.form(b, &mut held, index)? == Outcome::Dry {
                return Ok(Outcome::Dry);
            }
        }
    }

    /// Forms a little more of one solid; whatever the brine is then saturated with joins the set.
    fn form(
        &mut self,
        b: &[f64],
        held: &mut Vec<Held>,
        index: usize,
    ) -> Result<Outcome, Unsettled> {
        let here = (self.x.clone(), held.clone());
        let from = less(b, held);
        held[index].amount += held[index].stride;
        let moved = match self.go(&from, &less(b, held)) {
            Ok(Outcome::Dry) => return Ok(Outcome::Dry),
            // With more of the liquid gone at once, it may be past where another solid should have formed.
            Ok(Outcome::Wet) if self.x.ln_water < here.0.ln_water - MOST_CHANGED => false,
            Ok(Outcome::Wet) => self.join_saturated(b, held),
            Err(_) => false,
        };
        let forming = here.1[index].phase;
        if !moved {
            (self.x, *held) = here;
            let solid = &mut held[index];
            solid.stride *= 0.25;
            if solid.stride < 1e-3 * SMALLEST_MOVE * solid.most {
                return if self.little_liquid(b) {
                    Ok(Outcome::Dry) // all of it freezes: below every eutectic
                } else {
                    Err(Unsettled {
                        residual: self.newton.residual,
                    })
                };
            }
        } else if let Some(solid) = held.iter_mut().find(|h| h.phase == forming) {
            solid.stride = (2.0 * solid.stride).min(MOST_FORMED * solid.most);
        }
        Ok(Outcome::Wet)
    }

    /// Takes the held solids that the brine is no longer supersaturated with into the set. False where one of them
    /// does not fit: the move was too long.
    fn join_saturated(&mut self, b: &[f64], held: &mut Vec<Held>) -> bool {
        loop {
            self.newton.evaluate_activities(self.network, &self.x);
            let saturated = held.iter().position(|h| {
                h.amount > 0.0 && self.newton.ln_saturation(self.network, h.phase) <= 0.0
            });
            let Some(k) = saturated else { return true };
            let joining = held.remove(k);
            if !self.join(&less(b, held), joining.phase, joining.amount) {
                held.insert(k, joining);
                return false;
            }
        }
    }

    /// Takes the solid into the set at about its amount, if the set then holds together.
    fn join(&mut self, b: &[f64], forming: usize, amount: f64) -> bool {
        let mut trial = self.x.clone();
        trial.solids.push((forming, amount));
        let matter = b[0].abs() + b[2..].iter().sum::<f64>();
        let holds = self.solve(b, &mut trial).is_ok()
            && trial.solids.iter().all(|s| s.1 > -RUN_OUT * matter);
        if holds {
            self.x = trial;
            self.effort.changes += 1;
        }
        holds
    }
}

/// Largest change of a logarithm (of a molality, of the water) from here to there with the share of the liquid taken
/// away: of the order of one on the way, beyond all bounds where a branch of brines folds back.
fn steepness(here: &Iterate, there: &Iterate, removed_kg: f64) -> f64 {
    let molalities = here.ln_molality.iter().zip(&there.ln_molality);
    let change = molalities.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    change.max((here.ln_water - there.ln_water).abs()) * here.ln_water.exp() / removed_kg
}

/// A solid that is being formed.
#[derive(Clone)]
struct Held {
    phase: usize,
    composition: Vec<f64>,
    /// The most of it that there can be.
    most: f64,
    amount: f64,
    stride: f64,
}

/// Totals less what is held.
fn less(b: &[f64], held: &[Held]) -> Vec<f64> {
    let mut left = b.to_vec();
    for solid in held {
        for (b, nu) in left.iter_mut().zip(&solid.composition) {
            *b -= solid.amount * nu;
        }
    }
    left
}

/// The most of a solid that the totals can make.
fn most_there_can_be(b: &[f64], composition: &[f64]) -> f64 {
    let limits = b.iter().zip(composition).enumerate();
    limits
        .filter(|&(c, (_, nu))| c != 1 && *nu > 1e-12)
        .map(|(_, (b, nu))| b / nu)
        .fold(f64::INFINITY, f64::min)
}
