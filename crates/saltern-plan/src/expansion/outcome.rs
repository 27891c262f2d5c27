//! What an expansion came to: what is built and stands, what it costs, what it emits, what its limits are worth.

use super::build::{Expanding, KILO, emitted};
use super::capacity::{MILLION, annuity, price, stands};
use super::name::Part;
use crate::solution::{Solution, Status};
use crate::solver::{Options, Solver, SolverError};
use saltern_base::energy::{Energy, Expansion};

/// A plan of expansion.
#[derive(Clone, Debug)]
pub struct ExpansionPlan {
    /// How the solve ended.
    pub status: Status,
    /// Cost over all stages, discounted to the first; `None` where there is no plan.
    pub objective: Option<f64>,
    /// Relative gap to the best possible.
    pub gap: f64,
    /// Iterations of the solver.
    pub iterations: u64,
    /// What is built: the parts in the order of [`StagePlan::built`].
    pub parts: Vec<Part>,
    /// Stages; none where there is no plan.
    pub stages: Vec<StagePlan>,
}

/// A stage of a plan; MW of power, MWh of stores, money a year of the stage unless said otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct StagePlan {
    /// What is built.
    pub built: Vec<f64>,
    /// What stands.
    pub standing: Vec<f64>,
    /// What one more MW or MWh allowed to be built would save in all, discounted; 0 where there is no limit in the way.
    pub build_worth: Vec<f64>,
    /// Money for what is built, in all.
    pub invested: f64,
    /// What is paid a year for all that was built and stands.
    pub capital: f64,
    /// Cost of a year's running by the weeks.
    pub running: f64,
    /// Direct carbon dioxide of a year by the weeks, t.
    pub carbon_t: f64,
    /// What one more of the budget's money would save in all, discounted; `None` without a budget.
    pub budget_worth: Option<f64>,
    /// What a tonne more a year would save in that year; `None` without a cap.
    pub carbon_worth: Option<f64>,
}

/// Solves an expansion.
///
/// # Errors
/// The solver refused the programme.
pub fn plan(
    energy: &Energy,
    expanding: &Expanding,
    options: &Options,
) -> Result<ExpansionPlan, SolverError> {
    let solution = Solver::new(&expanding.programme, options)?.solve()?;
    let expansion = energy.expansion.as_ref().filter(|_| solution.feasible);
    let stages = expansion.map_or_else(Vec::new, |expansion| {
        let stage = |s| expanding.stage(energy, expansion, &solution, s);
        (0..expansion.stages.len()).map(stage).collect()
    });
    Ok(ExpansionPlan {
        status: solution.status,
        objective: solution.feasible.then_some(solution.objective),
        gap: solution.gap,
        iterations: solution.iterations,
        parts: expanding.columns.iter().map(|c| c.part).collect(),
        stages,
    })
}

impl Expanding {
    fn stage(
        &self,
        energy: &Energy,
        expansion: &Expansion,
        solution: &Solution,
        s: usize,
    ) -> StagePlan {
        let of = |first: usize| solution.columns[first + s].max(0.0);
        let (mut invested, mut capital) = (0.0, 0.0);
        for column in &self.columns {
            let choice = &expansion.choices[column.part.choice()];
            for (earlier, terms) in choice.terms.iter().enumerate().take(s + 1) {
                let Some(terms) = terms else { continue };
                let money = solution.columns[column.built + earlier] * price(column.part, terms);
                if earlier == s {
                    invested += money;
                }
                if stands(expansion, earlier, terms).contains(&s) {
                    capital += money * annuity(expansion.discount, terms.lifetime_a);
                }
            }
        }
        let running = self.placed[s].iter().map(|week| {
            let columns = week.column..week.column + week.columns;
            let cost: f64 = columns
                .map(|c| self.programme.cost[c] * solution.columns[c])
                .sum();
            cost / self.weights[s]
        });
        let carbon_kt = emitted(energy, &self.placed[s])
            .into_iter()
            .map(|(column, kt)| kt * solution.columns[column]);
        let worth = |row: Option<usize>| row.map(|row| (-solution.duals[row]).max(0.0));
        let in_the_way = |first: usize| {
            let limited = self.programme.upper[first + s] > self.programme.lower[first + s];
            let reduced = -solution.reduced_costs[first + s];
            if limited { reduced.max(0.0) } else { 0.0 }
        };
        StagePlan {
            built: self.columns.iter().map(|c| of(c.built)).collect(),
            standing: self.columns.iter().map(|c| of(c.standing)).collect(),
            build_worth: self.columns.iter().map(|c| in_the_way(c.built)).collect(),
            invested,
            capital,
            running: running.sum(),
            carbon_t: carbon_kt.sum::<f64>() * KILO,
            budget_worth: worth(self.budgets[s]).map(|worth| worth / MILLION),
            carbon_worth: worth(self.caps[s]).map(|worth| worth / KILO / self.weights[s]),
        }
    }

    /// What a store holds at the end of each step of a stage's year, MWh, from a solution of the programme.
    pub fn levels(&self, solution: &Solution, kept: f64, stage: usize, store: usize) -> Vec<f64> {
        let begins = self.begins[stage][store];
        let weeks = self.weeks.of.iter().enumerate();
        let week = |(i, k): (usize, &usize)| {
            let placed = &self.placed[stage][*k];
            let added = placed.column + placed.layout.level[store];
            let begin = solution.columns[begins + i];
            (0..self.weeks.steps)
                .map(|t| begin * kept.powi(t as i32 + 1) + solution.columns[added + t])
                .collect::<Vec<f64>>()
        };
        weeks.flat_map(week).collect()
    }

    /// What a store holds as each week begins, and at the end of the year, MWh.
    pub fn begins(&self, solution: &Solution, stage: usize, store: usize) -> Vec<f64> {
        let first = self.begins[stage][store];
        solution.columns[first..=first + self.weeks.of.len()].to_vec()
    }
}
