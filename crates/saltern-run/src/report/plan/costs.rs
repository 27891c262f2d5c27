//! What each unit costs or earns.

use super::stack;
use crate::plan::PlanAnswer;
use crate::report::svg::escape;
use crate::report::view::View;
use crate::report::{numbers, texts, titled};

pub(super) fn section(view: &View<'_>, plan: &PlanAnswer) -> String {
    let lang = view.lang;
    let mut costs: Vec<_> = plan.costs.iter().collect();
    costs.sort_by(|a, b| b.money.total_cmp(&a.money));
    let row = |name: &str, money: f64, class: &str| {
        format!(
            "<tr{class}><th class=\"l\">{}</th><td>{}</td></tr>",
            escape(name),
            numbers::fixed(money, 0)
        )
    };
    let body: String = costs
        .iter()
        .map(|cost| {
            let name = view.label(&cost.name, &cost.unit);
            row(&stack::named(view, name, cost.kind), cost.money, "")
        })
        .collect();
    let total = plan.objective.map_or_else(String::new, |total| {
        row(texts::PLAN_TOTAL.get(lang), total, " class=\"sum\"")
    });
    let table = format!(
        "<div class=\"tables\"><figure><div class=\"scroll\"><table><thead><tr><th class=\"l\">{}</th><th>{}</th></tr></thead><tbody>{body}{total}</tbody></table></div></figure></div>",
        texts::PLAN_UNIT.get(lang),
        escape(&plan.currency)
    );
    titled(
        lang,
        texts::PLAN_COSTS,
        texts::PLAN_COSTS_NOTE.get(lang),
        &table,
    )
}
