//! What a plan of production decides, and how its programme and its simulation agree; nothing for other runs.

use jiff::civil::Date;

use super::svg::{Anchor, Svg, Time, escape};
use super::theme::Palette;
use super::view::View;
use super::{figure, numbers, texts, titled};
use crate::plan::{BarAnswer, PlanAnswer, ProductionAnswer};

const WIDTH: f64 = 1136.0;
const LEFT: f64 = 150.0;
const ROW: f64 = 24.0;

pub(super) fn section(view: &View<'_>) -> String {
    let Some(plan) = &view.run.plan else {
        return String::new();
    };
    let Some(production) = &plan.production else {
        return String::new();
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
        gantt(view, production)
    );
    titled(lang, texts::PRODUCTION, &note, &body)
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

/// A bar for each run of weeks in which something was harvested or flowed by decision.
fn gantt(view: &View<'_>, production: &ProductionAnswer) -> String {
    let mut ids: Vec<&str> = Vec::new();
    for bar in &production.bars {
        if !ids.contains(&bar.id.as_str()) {
            ids.push(&bar.id);
        }
    }
    if ids.is_empty() {
        return String::new();
    }
    let bottom = 14.0 + ROW * ids.len() as f64;
    let mut svg = Svg::new(WIDTH, bottom + 30.0);
    let meta = &view.run.meta;
    let x = Time::new(meta.from, meta.to, LEFT, WIDTH - 8.0);
    let palette = Palette::new(ids.iter().copied());
    for (row, id) in ids.iter().enumerate() {
        let y = 14.0 + ROW * row as f64;
        svg.text(LEFT - 8.0, y + 14.0, Anchor::End, "lb", id);
        let style = format!("fill:{}", palette.color(id));
        for bar in production.bars.iter().filter(|bar| bar.id == *id) {
            if let Some((from, to)) = days(bar) {
                let (left, right) = (x.at(from), x.at(to) + x.day_width());
                let hint = format!(
                    "{id}: {} – {}, {} {}",
                    numbers::day(view.lang, from),
                    numbers::day(view.lang, to),
                    numbers::significant(bar.amount, 3),
                    bar.unit
                );
                svg.rect(left, y + 3.0, right - left, ROW - 8.0, &style, &hint);
            }
        }
    }
    svg.date_axis(view.lang, &x, bottom, 12);
    let title = texts::PRODUCTION_GANTT.get(view.lang);
    figure("scroll", title, &svg.finish("wide", title))
}

fn days(bar: &BarAnswer) -> Option<(Date, Date)> {
    Some((bar.from.parse().ok()?, bar.to.parse().ok()?))
}
