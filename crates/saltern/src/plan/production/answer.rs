//! A plan of production as it leaves the program.

use std::time::Instant;

use saltern_base::model::Base;
use saltern_base::production::Production;
use saltern_plan::production::{BarOf, ProductionPlan};
use saltern_run::figures;
use saltern_run::plan::{BarAnswer, PlanAnswer, ProductAnswer, ProductionAnswer, TurnAnswer};

use saltern_plan::production::why::{Impossible, Obstacle, Relief};
use saltern_units::message::Message;

use super::limits;
use crate::plan::reasons;

/// Status where there is no plan.
pub(super) const INFEASIBLE: &str = "infeasible";

/// The answer that is written as `plan.json`.
pub(super) fn of(
    base: &Base,
    production: &Production,
    plan: &ProductionPlan,
    started: Instant,
) -> PlanAnswer {
    let products = plan.products.iter().map(|figures| ProductAnswer {
        name: production.products[figures.product].name.clone(),
        planned_t: figures.planned_t,
        simulated_t: figures.simulated_t,
        by_rules_t: figures.by_rules_t,
        gap: figures.gap(),
    });
    let turns = plan.turns.iter().map(|turn| TurnAnswer {
        promised: turn.promised,
        simulated: turn.simulated,
        gap: turn.gap,
        kept: turn.kept,
    });
    let bars = plan.bars.iter().map(|bar| {
        let (id, unit) = match bar.of {
            BarOf::Harvest(choice) => {
                let harvest = production.harvests[choice].harvest;
                (base.harvests[harvest].id.clone(), "t")
            }
            BarOf::Flow(choice) => {
                let link = production.flows[choice].link;
                (base.links[link].id.clone(), "m3")
            }
        };
        BarAnswer {
            id,
            from: plan.steps[bar.from].first.to_string(),
            to: plan.steps[bar.to].last().to_string(),
            amount: bar.amount,
            unit: unit.into(),
        }
    });
    PlanAnswer {
        status: "optimal".into(),
        objective: Some(plan.objective),
        rows: plan.size.1,
        columns: plan.size.0,
        step_min: plan.steps.first().map_or(0, |step| step.days * 24 * 60),
        gap: figures::worst(
            plan.products
                .iter()
                .map(|p| p.gap())
                .collect::<Vec<_>>()
                .iter(),
        ),
        iterations: plan.turns.iter().map(|turn| turn.iterations).sum(),
        production: Some(ProductionAnswer {
            by_rules: plan.by_rules,
            energy_cost: Some(plan.energy_cost),
            simulations: plan.simulations,
            products: products.collect(),
            turns: turns.collect(),
            bars: bars.collect(),
            bindings: limits::bindings(base, production, plan),
            undone: limits::undone(base, production, plan),
        }),
        ..nothing(production, started)
    }
}

/// The answer where contracts and grades cannot all be kept.
pub(super) fn impossible(
    production: &Production,
    why: Option<&Impossible>,
    started: Instant,
) -> PlanAnswer {
    let conflict = why.map_or(&[][..], |why| &why.conflict);
    let relaxation = why.map_or(&[][..], |why| &why.relaxation);
    let told = |o: &Obstacle| reasons::told(&o.id, &o.places, |lang| o.text(lang));
    let gives = |r: &Relief| reasons::told(&r.id, &r.places, |lang| r.text(lang));
    PlanAnswer {
        status: INFEASIBLE.into(),
        conflict: conflict.iter().map(told).collect(),
        relaxation: relaxation.iter().map(gives).collect(),
        ..nothing(production, started)
    }
}

/// An answer of which nothing is known yet.
fn nothing(production: &Production, started: Instant) -> PlanAnswer {
    PlanAnswer {
        currency: production.currency.clone(),
        solve_s: started.elapsed().as_secs_f64(),
        what: "production".into(),
        ..PlanAnswer::default()
    }
}
