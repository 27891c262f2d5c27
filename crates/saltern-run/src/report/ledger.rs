//! The six-stream ledger of each pond: all matter, K and Li, each row with its residual.

use super::svg::escape;
use super::texts::{self, Text};
use super::view::View;
use super::{numbers, titled};
use crate::figures::{self, Count, Ledger};

pub(super) fn section(view: &View<'_>) -> String {
    let mut tables = table(view, Count::Mass, "");
    for (symbol, i) in view.elements(&["K", "Li"]) {
        tables += &table(view, Count::Element(i), symbol);
    }
    titled(
        view.lang,
        texts::LEDGER,
        texts::LEDGER_NOTE.get(view.lang),
        &format!("<div class=\"tables\">{tables}</div>"),
    )
}

type Entry = (Text, fn(&Ledger) -> f64);

/// The columns in the order they are read: in, out, kept.
const ENTRIES: [Entry; 11] = [
    (texts::COL_FEED, |l| l.feed_kg),
    (texts::COL_FROM_PONDS, |l| l.from_ponds_kg),
    (texts::COL_FROM_PLANTS, |l| l.from_plants_kg),
    (texts::COL_RAIN, |l| l.rain_kg),
    (texts::COL_EXIT, |l| l.exit_kg),
    (texts::COL_LEAKAGE, |l| l.leakage_kg),
    (texts::COL_ENTRAINMENT, |l| l.entrainment_kg),
    (texts::COL_HARVEST, |l| l.harvest_kg),
    (texts::COL_EVAPORATION, |l| l.evaporation_kg),
    (texts::COL_FLOOR, |l| l.floor_change_kg),
    (texts::COL_BRINE, |l| l.brine_change_kg),
];

fn table(view: &View<'_>, count: Count, symbol: &str) -> String {
    let lang = view.lang;
    let rows: Vec<(&str, Ledger)> = view
        .ponds()
        .iter()
        .filter_map(|p| {
            Some((
                p.id.as_str(),
                figures::ledger(&view.run.book, &view.totals, view.node(&p.id)?, count),
            ))
        })
        .collect();
    let most = rows
        .iter()
        .flat_map(|(_, l)| ENTRIES.iter().map(|(_, of)| of(l).abs()))
        .fold(0.0, f64::max);
    // One unit a table, small enough that the middling entries show digits.
    let scale = numbers::mass_scale(lang, most / 50.0);
    let title = match count {
        Count::Mass => texts::LEDGER_MASS.with(lang, &[("unit", scale.unit)]),
        Count::Element(_) => {
            texts::LEDGER_ELEMENT.with(lang, &[("element", symbol), ("unit", scale.unit)])
        }
    };
    let shown: Vec<&Entry> = ENTRIES
        .iter()
        .filter(|(_, of)| rows.iter().any(|(_, l)| of(l) != 0.0))
        .collect();
    let head: String = shown
        .iter()
        .map(|(text, _)| format!("<th>{}</th>", escape(text.get(lang))))
        .collect();
    let line = |name: &str, l: &Ledger, class: &str| {
        let cells: String = shown
            .iter()
            .map(|(_, of)| format!("<td>{}</td>", scale.show(of(l))))
            .collect();
        format!(
            "<tr{class}><td class=\"l\">{}</td>{cells}<td>{}</td></tr>",
            escape(name),
            numbers::scientific(l.residual_ratio())
        )
    };
    let left_kg = figures::fate(&view.run.book, &view.totals, count).sold_kg;
    let body: String = rows.iter().map(|(id, l)| line(id, l, "")).collect();
    let sum = line(
        texts::ALL_PONDS.get(lang),
        &all(rows.iter().map(|(_, l)| l), left_kg),
        " class=\"sum\"",
    );
    format!(
        "<figure><h3>{}</h3><div class=\"scroll\"><table><thead><tr><th class=\"l\">{}</th>{head}<th>{}</th></tr></thead><tbody>{body}{sum}</tbody></table></div></figure>",
        escape(&title),
        escape(texts::COL_POND.get(lang)),
        escape(texts::COL_RESIDUAL.get(lang))
    )
}

/// All ponds as one: what they hand on to each other cancels.
fn all<'a>(ledgers: impl Iterator<Item = &'a Ledger>, exit_kg: f64) -> Ledger {
    let mut sum = Ledger {
        exit_kg,
        ..Ledger::default()
    };
    for l in ledgers {
        sum.feed_kg += l.feed_kg;
        sum.from_plants_kg += l.from_plants_kg;
        sum.rain_kg += l.rain_kg;
        sum.leakage_kg += l.leakage_kg;
        sum.entrainment_kg += l.entrainment_kg;
        sum.harvest_kg += l.harvest_kg;
        sum.floor_change_kg += l.floor_change_kg;
        sum.evaporation_kg += l.evaporation_kg;
        sum.brine_change_kg += l.brine_change_kg;
        sum.opening_kg += l.opening_kg;
    }
    sum
}
