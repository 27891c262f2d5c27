//! The head of a plan's report: status, cost, carbon, clean share, what flexibility earns; and why there is none.

use crate::plan::{ColumnKind, PlanAnswer};
use crate::report::headline::{self, Tile};
use crate::report::svg::escape;
use crate::report::view::View;
use crate::report::{numbers, texts, titled};
use saltern_base::book::NodeKind;

pub(super) fn section(view: &View<'_>, plan: &PlanAnswer) -> String {
    let subtitle = texts::PLAN_SUBTITLE;
    format!(
        "{}{}{}",
        headline::head(view, subtitle),
        headline::trust_of_plan(view, plan),
        headline::tiles_of(&tiles(view, plan))
    )
}

fn tiles(view: &View<'_>, plan: &PlanAnswer) -> Vec<Tile> {
    let lang = view.lang;
    let Some(objective) = plan.objective else {
        return Vec::new();
    };
    let tile = |what: texts::Text, value: String, more: String| Tile {
        what: what.get(lang).to_owned(),
        value,
        more,
    };
    let millions =
        |money: f64| format!("{} {}", numbers::fixed(money / 1e6, 1), million(view, plan));
    let mut list = vec![
        tile(
            texts::PLAN_COST,
            millions(objective),
            texts::PLAN_GAP.with(lang, &[("gap", &numbers::percent(plan.gap))]),
        ),
        tile(
            texts::PLAN_CARBON,
            format!("{} t", numbers::fixed(plan.carbon_t, 0)),
            texts::PLAN_CARBON_MORE.get(lang).to_owned(),
        ),
        tile(
            texts::PLAN_CURTAILED,
            format!("{} GWh", numbers::fixed(plan.curtailed_mwh / 1e3, 1)),
            String::new(),
        ),
    ];
    if let Some(share) = bought_share(view, plan) {
        list.push(tile(
            texts::PLAN_BOUGHT,
            numbers::percent(share),
            texts::PLAN_BOUGHT_MORE.get(lang).to_owned(),
        ));
    }
    if let Some(rigid) = &plan.without_flexibility {
        let earned = rigid.objective.map(|cost| cost - objective);
        list.push(tile(
            texts::PLAN_FLEXIBILITY,
            earned.map_or_else(|| numbers::NONE.to_owned(), millions),
            texts::PLAN_FLEXIBILITY_MORE.with(
                lang,
                &[("carbon", &numbers::fixed(rigid.carbon_t - plan.carbon_t, 0))],
            ),
        ));
    }
    list
}

fn million(view: &View<'_>, plan: &PlanAnswer) -> String {
    view.lang.pick(
        format!("million {}", plan.currency),
        format!("百万 {}", plan.currency),
    )
}

/// Share of all energy given by sources and grids that was bought.
fn bought_share(view: &View<'_>, plan: &PlanAnswer) -> Option<f64> {
    plan.units.iter().find(|u| u.kind == ColumnKind::Import)?;
    let book = &view.run.book;
    let (mut bought, mut all) = (0.0, 0.0);
    for posting in &book.postings {
        let stream = &book.streams[posting.stream];
        let from = book.nodes[stream.from].kind;
        let is_import = from == NodeKind::Market;
        if is_import || from == NodeKind::Source {
            all += posting.energy_j;
        }
        if is_import {
            bought += posting.energy_j;
        }
    }
    (all > 0.0).then(|| bought / all)
}

/// Why there is no plan, in words.
pub(super) fn why(view: &View<'_>, plan: &PlanAnswer) -> String {
    let lang = view.lang;
    let list = |causes: &[crate::plan::PlanCause]| -> String {
        let items: String = causes
            .iter()
            .map(|cause| {
                let text = view.label(&cause.text, &cause.unit);
                format!(
                    "<li>{} <small>{}</small></li>",
                    escape(text),
                    escape(&cause.place)
                )
            })
            .collect();
        format!("<ul>{items}</ul>")
    };
    if plan.conflict.is_empty() {
        return titled(lang, texts::PLAN_WHY, texts::PLAN_NO_ANSWER.get(lang), "");
    }
    let conflict = titled(
        lang,
        texts::PLAN_WHY,
        texts::PLAN_WHY_NOTE.get(lang),
        &list(&plan.conflict),
    );
    if plan.relaxation.is_empty() {
        return conflict;
    }
    conflict
        + &titled(
            lang,
            texts::PLAN_RELAX,
            texts::PLAN_RELAX_NOTE.get(lang),
            &list(&plan.relaxation),
        )
}
