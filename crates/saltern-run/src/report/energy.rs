//! The energy balance of the brine surface by month: gains above the line, losses below, storage as a dot.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::svg::{Anchor, Linear, Svg};
use super::texts::Text;
use super::view::View;
use super::{absent, legend, numbers, texts, theme, titled};
use crate::columns::{self, ColumnName, ENERGY_TERMS};
use crate::error::RunError;
use crate::table;

const STYLE: [(ColumnName, Text, &str); 7] = [
    (columns::SHORTWAVE, texts::SHORTWAVE, "sylvite"),
    (columns::LONGWAVE, texts::LONGWAVE, "mixed"),
    (columns::SENSIBLE, texts::SENSIBLE, "carnallite"),
    (columns::LATENT, texts::LATENT, "halite"),
    (columns::GROUND, texts::GROUND, "x2"),
    (columns::ADVECTED, texts::ADVECTED, "sulfate"),
    (columns::STORAGE, texts::STORAGE, "oldbrine"),
];

/// Means of the terms over all ponds by month.
type Months = BTreeMap<Date, [f64; ENERGY_TERMS.len()]>;

pub(super) fn section(view: &View<'_>) -> Result<String, RunError> {
    let lang = view.lang;
    let months = months(view)?;
    if months.is_empty() {
        return Ok(absent(lang, texts::ENERGY));
    }
    let entries: Vec<_> = STYLE
        .iter()
        .map(|(_, text, key)| (text.get(lang).to_owned(), theme::color(key)))
        .collect();
    let body = format!(
        "{}<figure class=\"scroll\">{}</figure>",
        legend(&entries),
        chart(view, &months)
    );
    Ok(titled(
        lang,
        texts::ENERGY,
        texts::ENERGY_NOTE.get(lang),
        &body,
    ))
}

fn months(view: &View<'_>) -> Result<Months, RunError> {
    let Some(frame) = view.run.frame(columns::ENERGY) else {
        return Ok(Months::new());
    };
    let (dates, ponds) = (
        table::dates(frame, columns::DATE)?,
        table::texts(frame, columns::POND)?,
    );
    let terms = STYLE
        .iter()
        .map(|(column, ..)| table::numbers(frame, *column))
        .collect::<Result<Vec<_>, _>>()?;
    let area: BTreeMap<&str, f64> = view
        .ponds()
        .iter()
        .map(|p| (p.id.as_str(), p.area_m2))
        .collect();
    let mut sums: BTreeMap<Date, ([f64; ENERGY_TERMS.len()], f64)> = BTreeMap::new();
    for (row, (date, pond)) in dates.iter().zip(ponds).enumerate() {
        let weight = area.get(pond.as_str()).copied().unwrap_or(0.0);
        if weight == 0.0 || terms.iter().any(|t| !t[row].is_finite()) {
            continue;
        }
        let (sum, total) = sums.entry(date.first_of_month()).or_default();
        for (s, term) in sum.iter_mut().zip(&terms) {
            *s += weight * term[row];
        }
        *total += weight;
    }
    Ok(sums
        .into_iter()
        .map(|(month, (sum, total))| (month, sum.map(|s| s / total)))
        .collect())
}

fn chart(view: &View<'_>, months: &Months) -> String {
    let (width, height, left, bottom) = (1136.0, 268.0, 46.0, 240.0);
    let flows = STYLE.len() - 1;
    let gains = |terms: &[f64]| terms[..flows].iter().filter(|x| **x > 0.0).sum::<f64>();
    let losses = |terms: &[f64]| terms[..flows].iter().filter(|x| **x < 0.0).sum::<f64>();
    let reach = months.values().flat_map(|t| [gains(t), losses(t)]);
    let y = Linear::covering(reach, true, bottom, 22.0);
    let mut svg = Svg::new(width, height);
    svg.value_axis(&y, left, width - 8.0, "W/m²");
    let slot = (width - 8.0 - left) / months.len() as f64;
    for (i, (month, terms)) in months.iter().enumerate() {
        let x = left + slot * i as f64 + 0.18 * slot;
        let (mut up, mut down) = (0.0, 0.0);
        for ((_, text, key), value) in STYLE.iter().zip(terms).take(flows) {
            let from = if *value > 0.0 { &mut up } else { &mut down };
            let (a, b) = (y.at(*from), y.at(*from + value));
            *from += value;
            let hint = format!(
                "{} {}: {} W/m²",
                numbers::month(view.lang, *month),
                text.get(view.lang),
                numbers::significant(*value, 3)
            );
            svg.rect(
                x,
                a.min(b),
                0.64 * slot,
                (a - b).abs(),
                &format!("fill:{}", theme::color(key)),
                &hint,
            );
        }
        let stored = terms[flows];
        let at = (x + 0.32 * slot, y.at(stored));
        svg.circle(
            at,
            4.0,
            "fill:var(--paper);stroke:var(--ink);stroke-width:1.8",
            &numbers::significant(stored, 3),
        );
        let label = if months.len() <= 14 || i % (months.len() / 12).max(1) == 0 {
            numbers::month(view.lang, *month)
        } else {
            String::new()
        };
        svg.text(at.0, bottom + 16.0, Anchor::Middle, "lb", &label);
    }
    svg.finish("wide", texts::ENERGY.get(view.lang))
}
