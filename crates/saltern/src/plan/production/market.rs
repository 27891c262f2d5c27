//! The weeks of a plan's market as a table: made, shipped, sold, in stock.

use saltern_base::frame::{Column, Frame};
use saltern_base::model::Base;
use saltern_base::production::Production;
use saltern_plan::production::ProductionPlan;
use saltern_run::plan::MARKET;

/// kg in a t.
const T: f64 = 1e3;

/// A row a product and week.
pub(super) fn frame(production: &Production, plan: &ProductionPlan, base: &Base) -> Frame {
    let made = plan.trajectory.made_t(base, production);
    let rows: Vec<(usize, usize)> = (0..production.products.len())
        .flat_map(|product| (0..plan.steps.len()).map(move |step| (product, step)))
        .collect();
    let numbers = |name: &str, of: &dyn Fn(usize, usize) -> f64| {
        let values = rows.iter().map(|(product, step)| of(*product, *step));
        Column::numbers(name, "t", values)
    };
    let route = |product: usize| {
        let mut routes = production.routes.iter();
        routes.find(|route| route.products.contains(&product))
    };
    let far = |product: usize, t: f64| route(product).map_or(f64::NAN, |_| t);
    let room = |kg: f64| if kg.is_finite() { kg / T } else { f64::NAN };
    let market = &plan.market;
    let names = rows
        .iter()
        .map(|(product, _)| production.products[*product].name.clone());
    let columns = vec![
        Column::dates("from", rows.iter().map(|(_, step)| plan.steps[*step].first)),
        Column::numbers(
            "days",
            "",
            rows.iter()
                .map(|(_, step)| f64::from(plan.steps[*step].days)),
        ),
        Column::texts("product", names),
        numbers("made", &|i, s| made[i][s]),
        numbers("shipped", &|i, s| far(i, market.shipped_t[i][s])),
        numbers("sold", &|i, s| market.sold_t[i][s]),
        numbers("spilt", &|i, s| market.spilt_t[i][s]),
        numbers("store", &|i, s| market.store_t[i][s]),
        numbers("store_max", &|i, _| {
            room(production.products[i].stock_kg_max)
        }),
        numbers("far", &|i, s| far(i, market.far_t[i][s])),
        numbers("far_max", &|i, _| {
            route(i).map_or(f64::NAN, |r| room(r.warehouse_kg_max))
        }),
    ];
    Frame::new(MARKET, columns)
}
