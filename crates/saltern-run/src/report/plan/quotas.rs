//! Quotas: what is used so far against what may be used, what is left and worth, and what windows were given.

use super::hours::Hours;
use super::lines;
use crate::plan::{PlanAnswer, QuotaAnswer};
use crate::report::svg::escape;
use crate::report::view::View;
use crate::report::{numbers, texts, titled};

pub(super) fn section(view: &View<'_>, plan: &PlanAnswer, hours: &Hours<'_>) -> String {
    if plan.quotas.is_empty() {
        return String::new();
    }
    let lang = view.lang;
    let heads = [
        texts::QUOTA_LIMIT,
        texts::QUOTA_USED,
        texts::QUOTA_LEFT,
        texts::QUOTA_PRICE,
    ];
    let head: String = heads
        .iter()
        .map(|text| format!("<th>{}</th>", escape(text.get(lang))))
        .collect();
    let rows: String = plan.quotas.iter().map(|q| row(view, plan, q)).collect();
    let windows: String = plan.quotas.iter().map(|q| windows(view, q)).collect();
    let body = format!(
        "{}<div class=\"tables\"><figure><div class=\"scroll\"><table><thead><tr><th class=\"l\">{}</th>{head}</tr></thead>\
         <tbody>{rows}</tbody></table></div></figure>{windows}</div>",
        lines::quotas(view, hours),
        texts::QUOTA.get(lang)
    );
    titled(lang, texts::QUOTAS, texts::QUOTAS_NOTE.get(lang), &body)
}

fn amount(value: f64, quota: &QuotaAnswer) -> String {
    format!("{} {}", numbers::significant(value, 4), quota.amounts)
}

fn row(view: &View<'_>, plan: &PlanAnswer, quota: &QuotaAnswer) -> String {
    let price = quota.price.map_or_else(
        || numbers::NONE.to_owned(),
        |price| {
            let price = numbers::significant(price, 4);
            format!("{price} {}/{}", plan.currency, quota.amounts)
        },
    );
    format!(
        "<tr><td class=\"l\">{} <small>{} – {}</small></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        escape(view.label(&quota.name, &quota.unit)),
        escape(&quota.from),
        escape(&quota.to),
        amount(quota.limit, quota),
        amount(quota.used, quota),
        amount(quota.left, quota),
        escape(&price)
    )
}

/// What each window of a rolling plan was given.
fn windows(view: &View<'_>, quota: &QuotaAnswer) -> String {
    if quota.windows.is_empty() {
        return String::new();
    }
    let lang = view.lang;
    let rows: String = quota
        .windows
        .iter()
        .map(|window| {
            format!(
                "<tr><td class=\"l\">{} – {}</td><td>{}</td><td>{}</td></tr>",
                escape(&window.from),
                escape(&window.to),
                amount(window.given, quota),
                amount(window.used, quota)
            )
        })
        .collect();
    let name = view.label(&quota.name, &quota.unit);
    format!(
        "<figure><h3>{}</h3><div class=\"scroll\"><table><thead><tr><th class=\"l\">{}</th><th>{}</th><th>{}</th></tr></thead>\
         <tbody>{rows}</tbody></table></div></figure>",
        escape(&texts::QUOTA_WINDOWS.with(lang, &[("name", name)])),
        escape(texts::QUOTA_WINDOW.get(lang)),
        escape(texts::QUOTA_GIVEN.get(lang)),
        escape(texts::QUOTA_USED.get(lang))
    )
}
