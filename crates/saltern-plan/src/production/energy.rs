//! What the plants' electricity costs where the base has an energy side: cuts of the cost of each step's dispatch.
//!
//! The dispatch of the whole period is planned once without the plants. Then each step of the plan of production is a window of
//! it (levels as planned when it begins, water values when it ends), with the plants' electricity E spread evenly over its
//! hours on top. Its cost C(E) is convex, so that every dual is a cut
//!
//! ```text
//! C(E) ≥ C(Eₖ) + pₖ (E − Eₖ),      pₖ = mean price at the node over the step
//! ```
//!
//! (Benders, *Numerische Mathematik* 4 (1962) 238–252, with the points chosen beforehand: none, a third, two thirds and all of
//! what the plants can take). A plan pays the greatest cut less C(0). Units that are on or off may be anything between.

use std::ops::Range;

use saltern_base::energy::Energy;

use crate::dispatch::{self, Ends, Guide, Outcome, Plan, Rules, Series};
use crate::solution::Solution;
use crate::solver::{Options, Solver, SolverError};

/// Shares of the most that plants can take at which cuts are made.
const AT: [f64; CUTS] = [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0];
/// Cuts a step.
pub(super) const CUTS: usize = 4;

/// The energy side of a base, and where its plants are joined to it.
#[derive(Clone, Copy, Debug)]
pub struct EnergySide<'a> {
    /// The energy side.
    pub energy: &'a Energy,
    /// Its series over the period.
    pub series: &'a Series,
    /// Node that gives the plants' electricity; index into its nodes.
    pub node: usize,
}

/// A straight line below a cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// Cost at no electricity, money; may be below zero.
    pub cost: f64,
    /// Money per MWh.
    pub price: f64,
}

/// What electricity costs in each step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnergyCosts {
    /// Cuts of each step; the cost without plants is taken off.
    pub cuts: Vec<[Cut; CUTS]>,
    /// Most that the dispatch can give in each step, MWh, as far as was asked.
    pub most_mwh: Vec<f64>,
}

impl EnergyCosts {
    /// Cost of a step's electricity, money.
    pub fn cost(&self, step: usize, mwh: f64) -> f64 {
        let at = self.cuts[step].iter().map(|cut| cut.cost + cut.price * mwh);
        at.fold(f64::NEG_INFINITY, f64::max)
    }

    /// One price in all steps.
    pub fn flat(price: f64, steps: usize) -> EnergyCosts {
        EnergyCosts {
            cuts: vec![[Cut { cost: 0.0, price }; CUTS]; steps],
            most_mwh: vec![f64::INFINITY; steps],
        }
    }

    /// The price, where it is one for any amount in all steps.
    pub fn one_price(&self) -> Option<f64> {
        let first = self.cuts.first()?[0];
        let same = self.cuts.iter().flatten().all(|cut| *cut == first);
        let free = self.most_mwh.iter().all(|most| most.is_infinite());
        (same && free && first.cost == 0.0).then_some(first.price)
    }

    /// Cuts of the dispatch. `steps` are those of the series that each step of the plan of production covers, `most_mwh` the most
    /// that its plants can take. `None` where there is no dispatch even without plants.
    ///
    /// # Errors
    /// The solver refused a programme.
    pub fn of(
        side: &EnergySide<'_>,
        steps: &[Range<usize>],
        most_mwh: &[f64],
        options: &Options,
    ) -> Result<Option<EnergyCosts>, SolverError> {
        let Some((guide, followed)) = whole(side, options)? else {
            return Ok(None);
        };
        let mut costs = EnergyCosts::default();
        for (steps, most) in steps.iter().zip(most_mwh) {
            if steps.is_empty() {
                costs.cuts.push(
                    [Cut {
                        cost: 0.0,
                        price: 0.0,
                    }; CUTS],
                );
                costs.most_mwh.push(f64::INFINITY);
                continue;
            }
            let (part, ends) = dispatch::window(side.series, &guide, &followed, steps.clone());
            let mut points = Vec::new();
            for share in AT {
                match at(side, &part, &ends, share * most, options)? {
                    Some(point) => points.push((share * most, point)),
                    None => break,
                }
            }
            let Some((_, (none, _))) = points.first().copied() else {
                return Ok(None);
            };
            let cut = |k: usize| {
                let (mwh, (cost, price)) = points[k.min(points.len() - 1)];
                Cut {
                    cost: cost - none - price * mwh,
                    price,
                }
            };
            costs.cuts.push([cut(0), cut(1), cut(2), cut(3)]);
            let all = points.len() == CUTS;
            let given = points.last().map_or(0.0, |(mwh, _)| *mwh);
            costs.most_mwh.push(if all { f64::INFINITY } else { given });
        }
        Ok(Some(costs))
    }
}

/// The dispatch of the whole period without the plants.
fn whole(
    side: &EnergySide<'_>,
    options: &Options,
) -> Result<Option<(Guide, Outcome)>, SolverError> {
    let (plan, solution) = solved(side.energy, side.series, &Ends::Whole, options)?;
    Ok(solution.feasible.then(|| {
        let outcome = Outcome::of(side.energy, side.series, &plan, &solution, &Ends::Whole);
        let guide = Guide::of(side.energy, side.series, &plan, &solution);
        (guide, outcome)
    }))
}

/// Cost and price of a step with so much for the plants; `None` where it cannot be given.
fn at(
    side: &EnergySide<'_>,
    part: &Series,
    ends: &Ends,
    mwh: f64,
    options: &Options,
) -> Result<Option<(f64, f64)>, SolverError> {
    let mut part = part.clone();
    let hours = part.window.step_h() * part.steps() as f64;
    for demand in &mut part.demand[side.node] {
        *demand += mwh / hours;
    }
    let (plan, solution) = solved(side.energy, &part, ends, options)?;
    if !solution.feasible {
        return Ok(None);
    }
    let outcome = Outcome::of(side.energy, &part, &plan, &solution, ends);
    let prices = &outcome.price[side.node];
    let price = prices.iter().sum::<f64>() / prices.len().max(1) as f64;
    Ok(Some((solution.objective, price)))
}

fn solved(
    energy: &Energy,
    series: &Series,
    ends: &Ends,
    options: &Options,
) -> Result<(Plan, Solution), SolverError> {
    let rules = Rules {
        whole_units: false,
        flexible: true,
    };
    let plan = dispatch::build(energy, series, ends, rules);
    let solution = Solver::new(&plan.programme, options)?.solve()?;
    Ok((plan, solution))
}
