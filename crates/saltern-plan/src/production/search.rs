//! The loop: a programme around the best trajectory, its schedule simulated, kept or not, and again.

use std::borrow::Cow;

use saltern_base::model::{Base, Schedule};
use saltern_base::production::Production;
use saltern_simulate::Simulation;

use super::answer::{self, Binding, ProductionPlan, Turn};
use super::binding::bindings;
use super::build::{self, Around, Slope};
use super::energy::{EnergyCosts, EnergySide};
use super::foretold::{column_sum, worst_gap};
use super::live::Live;
use super::logistics::Market;
use super::name::Name;
use super::orders;
use super::step::Step;
use super::trajectory::Trajectory;
use super::undone::{Undone, undone, with_earlier};
use super::why::{self, Question};
use super::{March, Options, ProductionError};
use crate::programme::Programme;
use crate::solution::{Solution, Status};
use crate::solver::{Options as SolverOptions, Solver, SolverError};

/// Simulations that are kept back for the last turns.
const SETTLING: usize = 2;

/// Most change of a harvest or feed in a last turn, as a share of the most there is.
const SETTLING_BOX: f64 = 1.0 / 64.0;

pub(super) struct Planner<'a> {
    pub(super) base: &'a Base,
    pub(super) production: &'a Production,
    pub(super) steps: &'a [Step],
    pub(super) march: &'a March<'a>,
    pub(super) energy: Option<EnergySide<'a>>,
    pub(super) options: &'a Options,
}

/// What does not change from turn to turn.
pub(super) struct Fixed {
    pub(super) reference: Trajectory,
    pub(super) pile_values: Vec<f64>,
    pub(super) energy_costs: EnergyCosts,
    pub(super) factor_ends: Vec<(f64, f64)>,
}

/// A simulated schedule.
pub(super) struct Candidate {
    pub(super) schedule: Schedule,
    pub(super) simulation: Simulation,
    pub(super) trajectory: Trajectory,
    pub(super) factors: Vec<f64>,
    pub(super) objective: f64,
    pub(super) market: Market,
    /// Made in the programme that gave it, t.
    pub(super) planned_t: Vec<f64>,
    /// What binds in that programme.
    pub(super) bindings: Vec<Binding>,
    /// What is left undone in it.
    pub(super) undone: Vec<Undone>,
}

impl Planner<'_> {
    pub(super) fn plan(&self) -> Result<ProductionPlan, ProductionError> {
        let simulation = (self.march)(None)?;
        let reference = self.trajectory(&simulation, None);
        let fixed = Fixed {
            pile_values: self.pile_values(&reference),
            energy_costs: self.energy_costs(&reference)?,
            factor_ends: self.factor_ends(&reference),
            reference: reference.clone(),
        };
        let made = reference.made_t(self.base, self.production);
        let market = Market::of(self.production, self.steps, &made)?;
        let mut best = Candidate {
            schedule: Schedule::default(),
            objective: self.objective(&reference, &market, &fixed),
            market,
            bindings: Vec::new(),
            undone: Vec::new(),
            planned_t: made.iter().map(|made| made.iter().sum()).collect(),
            factors: vec![1.0; self.production.flows.len()],
            trajectory: reference,
            simulation,
        };
        let by_rules = best.objective;
        let mut plan = Loop {
            factor_box: self.options.factor_box,
            amount_box: 1.0,
            slopes: Vec::new(),
            turns: Vec::new(),
            simulations: 1,
            live: Live::default(),
            agreeing: None,
        };
        while plan.simulations + SETTLING < self.options.simulations_max {
            if !self.turn(&mut best, &fixed, by_rules, &mut plan)? {
                break;
            }
        }
        while plan.simulations < self.options.simulations_max {
            if !self.settle(&mut best, &fixed, &mut plan)? {
                break;
            }
        }
        // A plan that its own programme foretold badly is not handed out: the best that agrees is, at worst the rules.
        let agrees = self.gap(&best, &fixed) <= self.options.gap_max;
        let best = match plan.agreeing.take() {
            Some(agreeing) if !agrees => agreeing,
            _ => best,
        };
        Ok(self.finish(best, fixed, by_rules, plan))
    }

    /// One turn; `false` where another is not worth it.
    fn turn(
        &self,
        best: &mut Candidate,
        fixed: &Fixed,
        by_rules: f64,
        plan: &mut Loop,
    ) -> Result<bool, ProductionError> {
        let slopes = plan.slopes.clone();
        let boxes = (plan.factor_box, plan.amount_box);
        let around = self.around(best, fixed, &slopes, boxes);
        let programme = build::build(&around);
        let solution = plan.live.solve(&programme, self.options)?;
        if !solution.feasible {
            // Bounds around a trajectory hold that trajectory up to rounding, unless it breaks a contract or a grade.
            return match plan.turns.is_empty() && solution.status == Status::Infeasible {
                true => Err(self.impossible(best, &programme)?),
                false => Ok(false),
            };
        }
        let promised = -solution.objective;
        let rise_wanted = self.options.rise * best.objective.abs();
        let first_with_slopes = plan.slopes.is_empty() && !self.production.flows.is_empty();
        if promised - best.objective < rise_wanted && !first_with_slopes {
            return Ok(false);
        }
        let candidate = self.carried_out(&programme, &solution, &around, fixed)?;
        let kept = candidate.objective > best.objective;
        plan.note(self.told(&candidate, fixed, &solution, boxes, kept));
        if kept {
            plan.widen(
                (candidate.objective - best.objective)
                    / (promised - best.objective).max(f64::MIN_POSITIVE),
            );
            let earlier = std::mem::replace(best, candidate);
            self.keep_agreeing(earlier, fixed, plan);
        } else {
            plan.factor_box /= 4.0;
            plan.amount_box /= 4.0;
            if candidate.objective > by_rules {
                self.keep_agreeing(candidate, fixed, plan);
            }
        }
        let disturbances = self.production.flows.len();
        let room = plan.simulations + disturbances + SETTLING < self.options.simulations_max;
        if first_with_slopes && disturbances > 0 && room {
            plan.slopes = self.slopes(best, fixed)?;
            plan.simulations += disturbances;
        }
        Ok(plan.factor_box > 5e-3 || plan.amount_box > 5e-3)
    }

    /// Why the first programme, which has no box but that around flows, has no solution.
    fn impossible(
        &self,
        rules: &Candidate,
        programme: &Programme<Name>,
    ) -> Result<ProductionError, ProductionError> {
        let question = Question {
            base: self.base,
            production: self.production,
            steps: self.steps,
            programme,
        };
        let why = why::impossible(&question, &SolverOptions::default())?;
        Ok(ProductionError::Impossible {
            why: why.map(Box::new),
            simulation: Box::new(rules.simulation.clone()),
        })
    }

    /// A last turn, in a small box around what is best: a programme so near to its simulation foretells it well. What it
    /// costs in money is at most what counts as no rise. `false` where another is of no use.
    fn settle(
        &self,
        best: &mut Candidate,
        fixed: &Fixed,
        plan: &mut Loop,
    ) -> Result<bool, ProductionError> {
        let before = self.gap(best, fixed);
        if before <= self.options.gap {
            return Ok(false);
        }
        let boxes = (0.0, SETTLING_BOX);
        let around = self.around(best, fixed, &[], boxes);
        let programme = build::build(&around);
        let solution = plan.live.solve(&programme, self.options)?;
        if !solution.feasible {
            return Ok(false);
        }
        let mut candidate = self.carried_out(&programme, &solution, &around, fixed)?;
        candidate.undone = with_earlier(&candidate.undone, &best.undone);
        let least = best.objective - self.options.rise * best.objective.abs();
        let kept = candidate.objective >= least && self.gap(&candidate, fixed) < before;
        plan.note(self.told(&candidate, fixed, &solution, boxes, kept));
        if kept {
            *best = candidate;
        }
        Ok(kept)
    }

    /// The schedule of a solution, simulated.
    fn carried_out(
        &self,
        programme: &Programme<Name>,
        solution: &Solution,
        around: &Around<'_>,
        fixed: &Fixed,
    ) -> Result<Candidate, ProductionError> {
        let schedule = orders::schedule(programme, &solution.columns, around, &fixed.reference);
        let factors = (0..self.production.flows.len())
            .map(|f| column_sum(programme, solution, Name::Factor(f)))
            .collect();
        let simulation = (self.march)(Some(&schedule))?;
        let trajectory = self.trajectory(&simulation, Some(&schedule));
        let made = trajectory.made_t(self.base, self.production);
        let market = Market::of(self.production, self.steps, &made)?;
        let wide = build::build(&Around {
            amount_box: 1.0,
            ..*around
        });
        let priced = priced(programme, solution)?;
        Ok(Candidate {
            objective: self.objective(&trajectory, &market, fixed),
            market,
            bindings: bindings(programme, &wide, &priced),
            undone: undone(around, programme, &wide, &priced),
            schedule,
            simulation,
            trajectory,
            factors,
            planned_t: self.planned_t(programme, solution, around),
        })
    }

    fn told(
        &self,
        candidate: &Candidate,
        fixed: &Fixed,
        solution: &Solution,
        (factor_box, amount_box): (f64, f64),
        kept: bool,
    ) -> Turn {
        Turn {
            factor_box,
            amount_box,
            promised: -solution.objective,
            simulated: candidate.objective,
            gap: self.gap(candidate, fixed),
            kept,
            iterations: solution.iterations,
        }
    }

    /// Worst gap of a candidate's products.
    fn gap(&self, candidate: &Candidate, fixed: &Fixed) -> f64 {
        worst_gap(&self.figures(candidate, fixed))
    }

    /// Keeps the best that the programme foretold well enough, beside the best of all.
    fn keep_agreeing(&self, candidate: Candidate, fixed: &Fixed, plan: &mut Loop) {
        let better = |other: &Candidate| candidate.objective > other.objective;
        let agrees = self.gap(&candidate, fixed) <= self.options.gap_max;
        if agrees && plan.agreeing.as_ref().is_none_or(better) {
            plan.agreeing = Some(candidate);
        }
    }

    pub(super) fn around<'s>(
        &'s self,
        best: &'s Candidate,
        fixed: &'s Fixed,
        slopes: &'s [Slope],
        (factor_box, amount_box): (f64, f64),
    ) -> Around<'s> {
        Around {
            base: self.base,
            production: self.production,
            steps: self.steps,
            trajectory: &best.trajectory,
            factors: &best.factors,
            slopes,
            factor_box,
            amount_box,
            pile_values: &fixed.pile_values,
            energy_costs: &fixed.energy_costs,
            factor_ends: &fixed.factor_ends,
        }
    }

    pub(super) fn trajectory(
        &self,
        simulation: &Simulation,
        schedule: Option<&Schedule>,
    ) -> Trajectory {
        Trajectory::of(simulation, self.base, self.production, schedule, self.steps)
    }

    fn finish(&self, best: Candidate, fixed: Fixed, by_rules: f64, plan: Loop) -> ProductionPlan {
        ProductionPlan {
            steps: self.steps.to_vec(),
            products: self.figures(&best, &fixed),
            energy_cost: self.energy_cost(&best.trajectory, &fixed),
            bars: answer::bars(self.production, &best.trajectory),
            schedule: best.schedule,
            simulation: best.simulation,
            trajectory: best.trajectory,
            objective: best.objective,
            by_rules,
            turns: plan.turns,
            market: best.market,
            bindings: best.bindings,
            undone: best.undone,
            size: plan.live.size(),
            simulations: plan.simulations,
        }
    }
}

/// A solution with duals: a programme with whole columns has none until these are held where they came to.
fn priced<'s>(
    programme: &Programme<Name>,
    solution: &'s Solution,
) -> Result<Cow<'s, Solution>, SolverError> {
    if programme.whole.is_empty() {
        return Ok(Cow::Borrowed(solution));
    }
    let mut priced = solution.clone();
    Solver::new(programme, &SolverOptions::default())?.price(programme, &mut priced)?;
    Ok(Cow::Owned(priced))
}

/// What changes from turn to turn.
struct Loop {
    factor_box: f64,
    amount_box: f64,
    slopes: Vec<Slope>,
    turns: Vec<Turn>,
    simulations: usize,
    live: Live,
    /// The best that the programme foretold well enough, beside the best of all.
    agreeing: Option<Candidate>,
}

impl Loop {
    /// A turn that was simulated.
    fn note(&mut self, turn: Turn) {
        self.turns.push(turn);
        self.simulations += 1;
    }

    /// Larger boxes after a turn that gave most of what its programme promised.
    fn widen(&mut self, share: f64) {
        if share > 0.75 {
            self.factor_box = (2.0 * self.factor_box).min(1.0);
            self.amount_box = (2.0 * self.amount_box).min(1.0);
        }
    }
}
