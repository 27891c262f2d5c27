//! What a plan of production decides, and how its programme and its simulation agree; nothing for other runs.

mod binds;
mod gantt;
mod stocks;

use super::svg::escape;
use super::view::View;
use super::{numbers, texts, titled};
use crate::error::RunError;
use crate::plan::{PlanAnswer, ProductionAnswer};

pub(super) fn section(view: &View<'_>) -> Result<String, RunError> {
    let Some(plan) = &view.run.plan else {
        return Ok(String::new());
    };
    let Some(production) = &plan.production else {
        return Ok(String::new());
    };
    let lang = view.lang;
    let note = texts::PRODUCTION_NOTE.with(
        lang,
        &[
            ("plan", &millions(plan.objective.unwrap_or(f64::NAN))),
            ("rules", &millions(production.by_rules)),
            ("currency", &plan.currency),
            ("simulations", &production.simulations.to_string()),
        ],
    );
    let body = format!(
        "<div class=\"tables\">{}{}</div>{}",
        products(view, production),
        turns(view, plan, production),
        gantt::figure(view, production)
    );
    Ok([
        titled(lang, texts::PRODUCTION, &note, &body),
        stocks::section(view)?,
        binds::section(view, plan, production),
    ]
    .concat())
}

fn millions(money: f64) -> String {
    numbers::fixed(money / 1e6, 0)
}

fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let cells = |cells: &[String]| -> String {
        let first = cells.first().map_or("", String::as_str);
        let rest: String = cells
            .iter()
            .skip(1)
            .map(|cell| format!("<td>{}</td>", escape(cell)))
            .collect();
        format!("<tr><th class=\"l\">{}</th>{rest}</tr>", escape(first))
    };
    let first = head.first().copied().unwrap_or_default();
    let titles: String = head
        .iter()
        .skip(1)
        .map(|title| format!("<th>{}</th>", escape(title)))
        .collect();
    let body: String = rows.iter().map(|row| cells(row)).collect();
    format!(
        "<figure><div class=\"scroll\"><table><thead><tr><th class=\"l\">{}</th>{titles}</tr></thead><tbody>{body}</tbody></table></div></figure>",
        escape(first)
    )
}

fn products(view: &View<'_>, production: &ProductionAnswer) -> String {
    let head = [
        texts::PRODUCTION_PRODUCT,
        texts::PRODUCTION_BY_RULES,
        texts::PRODUCTION_SIMULATED,
        texts::PRODUCTION_PLANNED,
        texts::PRODUCTION_GAP,
    ]
    .map(|text| text.get(view.lang));
    let rows: Vec<Vec<String>> = production
        .products
        .iter()
        .map(|product| {
            vec![
                product.name.clone(),
                numbers::fixed(product.by_rules_t, 0),
                numbers::fixed(product.simulated_t, 0),
                numbers::fixed(product.planned_t, 0),
                numbers::percent(product.gap),
            ]
        })
        .collect();
    table(&head, &rows)
}

fn turns(view: &View<'_>, plan: &PlanAnswer, production: &ProductionAnswer) -> String {
    let promised = format!(
        "{}, {} {}",
        texts::PRODUCTION_PROMISED.get(view.lang),
        view.lang.pick("million", "百万"),
        plan.currency
    );
    let head = [
        texts::PRODUCTION_TURN.get(view.lang),
        &promised,
        texts::PRODUCTION_GAVE.get(view.lang),
        texts::PRODUCTION_GAP.get(view.lang),
        texts::PRODUCTION_KEPT.get(view.lang),
    ];
    let rows: Vec<Vec<String>> = production
        .turns
        .iter()
        .enumerate()
        .map(|(i, turn)| {
            vec![
                (i + 1).to_string(),
                millions(turn.promised),
                millions(turn.simulated),
                numbers::percent(turn.gap),
                if turn.kept { "✓" } else { "–" }.to_owned(),
            ]
        })
        .collect();
    table(&head, &rows)
}
