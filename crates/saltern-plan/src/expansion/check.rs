//! A plan of expansion against all hours of a year of each stage.
//!
//! The dispatch of the stage's whole year with what stands then: first under the cap of its carbon, then, where that cannot be
//! had, without it. Units may be partly on, as in the plan.

use super::name::Part;
use super::outcome::ExpansionPlan;
use super::stage;
use crate::dispatch::{self, Ends, MW, MWH, Outcome, Outside, Plan, Rules, Series, Totals};
use crate::solution::{Solution, Status};
use crate::solver::{Options, Solver, SolverError};
use saltern_base::energy::{Energy, Identity, Quota, QuotaLimit, UnitRef};
use saltern_base::model::Label;

/// Hours in a year.
const YEAR_H: f64 = 8760.0;

/// A stage's year in all its hours.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The base with what stands.
    pub energy: Energy,
    /// Its series.
    pub series: Series,
    /// The programme.
    pub plan: Plan,
    /// Its solution; without one the year cannot be served.
    pub solution: Solution,
    /// The dispatch.
    pub outcome: Option<Outcome>,
    /// Its totals.
    pub totals: Option<Totals>,
    /// Whether the cap of carbon is kept; `None` without a cap.
    pub cap_kept: Option<bool>,
    /// What counts the steps as a year.
    pub per_year: f64,
}

impl Checked {
    /// Cost of a year's running.
    pub fn running(&self) -> Option<f64> {
        let outcome = self.outcome.as_ref();
        outcome.map(|_| self.solution.objective * self.per_year)
    }

    /// Direct carbon dioxide of a year, t.
    pub fn carbon_t(&self) -> Option<f64> {
        Some(self.totals.as_ref()?.carbon_t * self.per_year)
    }
}

/// Checks a stage of a plan for the first `steps` steps of the base's year; `None` where there is no such stage.
///
/// # Errors
/// The solver refused the programme.
pub fn check(
    energy: &Energy,
    outside: &Outside,
    plan: &ExpansionPlan,
    s: usize,
    steps: usize,
    options: &Options,
) -> Result<Option<Checked>, SolverError> {
    let (Some(expansion), Some(of)) = (&energy.expansion, plan.stages.get(s)) else {
        return Ok(None);
    };
    let own = &expansion.stages[s];
    let mut standing = stage::base(energy);
    for (part, amount) in plan.parts.iter().zip(&of.standing) {
        set(
            &mut standing,
            expansion.choices[part.choice()].unit,
            *part,
            *amount,
        );
    }
    let mut series = stage::series(&standing, outside, own, steps);
    let per_year = YEAR_H / (series.steps() as f64 * series.window.step_h());
    if let Some(kg) = own.carbon_kg {
        let id = format!("carbon-{}", own.year);
        standing.quotas.push(Quota {
            who: Identity {
                name: Label {
                    en: format!("Carbon of {}", own.year),
                    zh: format!("{} 年碳排放", own.year),
                },
                id,
                place: own.place.clone(),
            },
            from: series.window.start.date(),
            to: series.window.moment(series.steps() - 1).date(),
            limit: QuotaLimit::Carbon(kg / per_year),
        });
        series.quota = vec![kg / 1e3 / per_year];
    }
    let mut checked = dispatched(standing, series, per_year, options)?;
    checked.cap_kept = own.carbon_kg.map(|_| checked.outcome.is_some());
    let hopeless = matches!(
        checked.solution.status,
        Status::Infeasible | Status::InfeasibleOrUnbounded
    );
    if own.carbon_kg.is_some() && hopeless {
        let (mut energy, mut series) = (checked.energy, checked.series);
        energy.quotas.clear();
        series.quota.clear();
        checked = dispatched(energy, series, per_year, options)?;
        checked.cap_kept = Some(false);
    }
    Ok(Some(checked))
}

fn dispatched(
    energy: Energy,
    series: Series,
    per_year: f64,
    options: &Options,
) -> Result<Checked, SolverError> {
    let rules = Rules {
        whole_units: false,
        flexible: true,
    };
    let plan = dispatch::build(&energy, &series, &Ends::Whole, rules);
    let solution = Solver::new(&plan.programme, options)?.solve()?;
    let outcome = solution
        .feasible
        .then(|| Outcome::of(&energy, &series, &plan, &solution, &Ends::Whole));
    let totals = outcome
        .as_ref()
        .map(|outcome| Totals::of(&energy, &series, &plan, &solution, outcome));
    Ok(Checked {
        energy,
        series,
        plan,
        solution,
        outcome,
        totals,
        cap_kept: None,
        per_year,
    })
}

/// Gives a unit what stands of it.
fn set(energy: &mut Energy, unit: UnitRef, part: Part, amount: f64) {
    match (unit, part) {
        (UnitRef::Generator(g), _) => {
            let generator = &mut energy.generators[g];
            let before = generator.capacity_w;
            generator.capacity_w = amount * MW;
            let powers = generator
                .profile
                .filter(|p| energy.profiles[*p].value == saltern_base::energy::ProfileValue::Power);
            if let (Some(p), true) = (powers, before > 0.0) {
                // A profile in MW grows with what stands.
                let mut grown = energy.profiles[p].clone();
                for value in &mut grown.values {
                    *value *= amount * MW / before;
                }
                energy.generators[g].profile = Some(energy.profiles.len());
                energy.profiles.push(grown);
            }
        }
        (UnitRef::Converter(c), _) => energy.converters[c].capacity_w = amount * MW,
        (UnitRef::Hall(h), _) => energy.halls[h].power_w = amount * MW,
        (UnitRef::Store(s), Part::Energy(_)) => energy.stores[s].capacity_j = amount * MWH,
        (UnitRef::Store(s), Part::Power(_)) => {
            let store = &mut energy.stores[s];
            let nominal = super::capacity::store_power(store).unwrap_or(0.0);
            for power in [&mut store.charge_w, &mut store.discharge_w] {
                if power.is_finite() {
                    let share = if nominal > 0.0 { *power / nominal } else { 1.0 };
                    *power = share * amount * MW;
                }
            }
        }
        _ => {}
    }
}
