//! What binds: how much of the time each unit stands at its capacity.

use super::hours::Hours;
use super::stack;
use crate::plan::ColumnKind;
use crate::report::svg::escape;
use crate::report::view::View;
use crate::report::{numbers, texts, titled};

pub(super) fn section(view: &View<'_>, hours: &Hours<'_>) -> String {
    let lang = view.lang;
    let mut rows: Vec<(String, f64, f64, f64)> = Vec::new();
    for (unit, values) in &hours.columns {
        // What a converter makes binds when what it takes does.
        let told = !matches!(
            unit.kind,
            ColumnKind::Made
                | ColumnKind::Quota
                | ColumnKind::Flexible
                | ColumnKind::Limit
                | ColumnKind::Available
        );
        let Some(most) = unit.capacity.filter(|most| told && *most > 0.0) else {
            continue;
        };
        let at_most = values.iter().filter(|v| **v > 0.9999 * most).count();
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        if at_most > 0 {
            let label = match unit.kind {
                ColumnKind::Level => texts::PLAN_SIDE.with(
                    lang,
                    &[
                        ("name", view.label(&unit.name, &unit.unit)),
                        ("what", texts::PLAN_HELD.get(lang)),
                    ],
                ),
                _ => stack::label(view, unit),
            };
            let share = at_most as f64 / hours.steps.max(1) as f64;
            rows.push((label, most, mean / most, share));
        }
    }
    rows.sort_by(|a, b| b.3.total_cmp(&a.3));
    let body: String = rows
        .iter()
        .map(|(name, most, mean, share)| {
            format!(
                "<tr><th class=\"l\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(name),
                numbers::significant(*most, 4),
                numbers::percent(*mean),
                numbers::percent(*share)
            )
        })
        .collect();
    let head: String = [
        texts::PLAN_CAPACITY,
        texts::PLAN_MEAN_USE,
        texts::PLAN_AT_CAPACITY,
    ]
    .iter()
    .map(|text| format!("<th>{}</th>", escape(text.get(lang))))
    .collect();
    let table = format!(
        "<div class=\"tables\"><figure><div class=\"scroll\"><table><thead><tr><th class=\"l\">{}</th>{head}</tr></thead><tbody>{body}</tbody></table></div></figure></div>",
        texts::PLAN_UNIT.get(lang)
    );
    titled(
        lang,
        texts::PLAN_BINDS,
        texts::PLAN_BINDS_NOTE.get(lang),
        &table,
    )
}
