//! Salt on the floor by mineral: bars by pond, and all ponds through the period.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::svg::{Anchor, Linear, Svg, Time};
use super::view::View;
use super::{absent, figure, legend, numbers, texts, titled};
use crate::columns;
use crate::error::RunError;
use crate::table;

/// (pond, mineral) to mass, kg, by date.
type Floor<'a> = BTreeMap<Date, Vec<(&'a str, &'a str, f64)>>;

pub(super) fn section(view: &View<'_>) -> Result<String, RunError> {
    let lang = view.lang;
    let Some(frame) = view.run.frame(columns::FLOOR) else {
        return Ok(absent(lang, texts::SALT));
    };
    let (dates, ponds) = (
        table::dates(frame, columns::DATE)?,
        table::texts(frame, columns::POND)?,
    );
    let (minerals, mass) = (
        table::texts(frame, columns::MINERAL)?,
        table::numbers(frame, columns::MASS)?,
    );
    let mut floor: Floor<'_> = BTreeMap::new();
    for (((date, pond), mineral), t) in dates.iter().zip(ponds).zip(minerals).zip(mass) {
        if t.is_finite() {
            floor
                .entry(*date)
                .or_default()
                .push((pond, mineral, t * 1e3));
        }
    }
    let entries: Vec<_> = view
        .minerals
        .names()
        .iter()
        .map(|m| (texts::name(lang, m), view.minerals.color(m)))
        .collect();
    let body = format!(
        "{}<div class=\"grid\">{}{}</div>",
        legend(&entries),
        figure(
            "half",
            texts::SALT_BY_POND.get(lang),
            &by_pond(view, &floor)
        ),
        figure(
            "half",
            texts::SALT_THROUGH.get(lang),
            &through(view, &floor)
        )
    );
    Ok(titled(lang, texts::SALT, texts::SALT_NOTE.get(lang), &body))
}

fn by_pond(view: &View<'_>, floor: &Floor<'_>) -> String {
    let Some(rows) = floor.values().next_back() else {
        return String::new();
    };
    let of = |pond: &str, mineral: &str| -> f64 {
        rows.iter()
            .filter(|r| r.0 == pond && r.1 == mineral)
            .map(|r| r.2)
            .sum()
    };
    let total = |pond: &str| -> f64 { rows.iter().filter(|r| r.0 == pond).map(|r| r.2).sum() };
    let most = view
        .ponds()
        .iter()
        .map(|p| total(&p.id))
        .fold(0.0, f64::max);
    let (width, left, row) = (556.0, 60.0, 20.0);
    let x = Linear {
        from: 0.0,
        to: most.max(1.0),
        pixel_from: left,
        pixel_to: width - 84.0,
    };
    let mut svg = Svg::new(width, 8.0 + row * view.ponds().len() as f64);
    for (i, pond) in view.ponds().iter().enumerate() {
        let y = 4.0 + row * i as f64;
        svg.text(left - 8.0, y + 12.0, Anchor::End, "", &pond.id);
        let mut from = x.at(0.0);
        for mineral in view.minerals.names() {
            let kg = of(&pond.id, mineral);
            let size = x.at(kg) - x.at(0.0);
            let hint = format!(
                "{} {}: {}",
                pond.id,
                texts::name(view.lang, mineral),
                numbers::mass(view.lang, kg)
            );
            if size > 0.05 {
                svg.rect(
                    from,
                    y,
                    size,
                    row - 6.0,
                    &format!("fill:{}", view.minerals.color(mineral)),
                    &hint,
                );
            }
            from += size;
        }
        svg.text(
            from + 6.0,
            y + 11.5,
            Anchor::Start,
            "lb",
            &numbers::mass(view.lang, total(&pond.id)),
        );
    }
    svg.finish("", texts::SALT_BY_POND.get(view.lang))
}

fn through(view: &View<'_>, floor: &Floor<'_>) -> String {
    let sum = |rows: &[(&str, &str, f64)], mineral: &str| -> f64 {
        rows.iter().filter(|r| r.1 == mineral).map(|r| r.2).sum()
    };
    let most = floor
        .values()
        .map(|rows| rows.iter().map(|r| r.2).sum::<f64>())
        .fold(0.0, f64::max);
    let scale = numbers::mass_scale(view.lang, most);
    let (width, height, left, bottom) = (556.0, 268.0, 46.0, 240.0);
    let y = Linear::covering([most / scale.factor].into_iter(), true, bottom, 22.0);
    let x = Time::new(view.run.meta.from, view.run.meta.to, left, width - 10.0);
    let mut svg = Svg::new(width, height);
    svg.value_axis(&y, left, width - 10.0, scale.unit);
    let mut base: Vec<f64> = vec![0.0; floor.len()];
    for mineral in view.minerals.names() {
        let top: Vec<f64> = floor
            .values()
            .zip(&base)
            .map(|(rows, b)| b + sum(rows, mineral) / scale.factor)
            .collect();
        let upper = floor.keys().zip(&top).map(|(d, v)| (x.at(*d), y.at(*v)));
        let lower = floor.keys().zip(&base).map(|(d, v)| (x.at(*d), y.at(*v)));
        let area: Vec<_> = upper.chain(lower.rev()).collect();
        let style = format!(
            "fill:{};fill-opacity:.82;stroke:var(--paper);stroke-width:.8",
            view.minerals.color(mineral)
        );
        svg.polygon(&area, &style, &texts::name(view.lang, mineral));
        base = top;
    }
    svg.date_axis(view.lang, &x, bottom, 12);
    svg.finish("", texts::SALT_THROUGH.get(view.lang))
}
