//! What stands in the way of more.

use super::table;
use crate::plan::{PlanAnswer, ProductionAnswer};
use crate::report::view::View;
use crate::report::{numbers, texts, titled};

/// Limits shown at most.
const SHOWN: usize = 12;

pub(super) fn section(view: &View<'_>, plan: &PlanAnswer, production: &ProductionAnswer) -> String {
    let (lang, all) = (view.lang, production.bindings.len());
    if all == 0 {
        return String::new();
    }
    let worth = texts::PRODUCTION_WORTH.with(lang, &[("currency", &plan.currency)]);
    let head = [
        texts::PRODUCTION_LIMIT.get(lang),
        texts::PRODUCTION_WHEN.get(lang),
        &worth,
    ];
    let day = |text: &str| {
        let date = text.parse();
        date.map_or_else(|_| text.to_owned(), |date| numbers::day(lang, date))
    };
    let shown = production.bindings.iter().take(SHOWN);
    let rows: Vec<Vec<String>> = shown
        .map(|binding| {
            vec![
                lang.pick(&binding.what.en, &binding.what.zh).clone(),
                format!("{} – {}", day(&binding.from), day(&binding.to)),
                numbers::significant(binding.worth, 3),
            ]
        })
        .collect();
    let note = texts::PRODUCTION_BINDS_NOTE.with(
        lang,
        &[
            ("shown", &rows.len().to_string()),
            ("all", &all.to_string()),
        ],
    );
    let body = format!("<div class=\"tables\">{}</div>", table(&head, &rows));
    titled(lang, texts::PRODUCTION_BINDS, &note, &body)
}
