//! A plan of production as it leaves the program.

use std::time::Instant;

use saltern_base::model::Base;
use saltern_base::production::Production;
use saltern_plan::production::{BarOf, ProductionPlan};
use saltern_run::figures;
use saltern_run::plan::{BarAnswer, PlanAnswer, ProductAnswer, ProductionAnswer, TurnAnswer};

use super::limits;

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
        currency: production.currency.clone(),
        rows: plan.size.1,
        columns: plan.size.0,
        build_s: 0.0,
        solve_s: started.elapsed().as_secs_f64(),
        gap: figures::worst(
            plan.products
                .iter()
                .map(|p| p.gap())
                .collect::<Vec<_>>()
                .iter(),
        ),
        conflict: Vec::new(),
        relaxation: Vec::new(),
        what: "production".into(),
        step_min: 7 * 24 * 60,
        iterations: plan.turns.iter().map(|turn| turn.iterations).sum(),
        window: None,
        units: Vec::new(),
        costs: Vec::new(),
        carbon_t: 0.0,
        carbon_uncounted: Vec::new(),
        curtailed_mwh: 0.0,
        without_flexibility: None,
        production: Some(ProductionAnswer {
            by_rules: plan.by_rules,
            simulations: plan.simulations,
            products: products.collect(),
            turns: turns.collect(),
            bars: bars.collect(),
            bindings: limits::bindings(base, production, plan),
        }),
    }
}
