//! Levels through the year: salt and brine above the bare floor, one small drawing a pond.

use jiff::civil::Date;

use super::svg::{Linear, Svg, Time};
use super::view::{PondDays, View};
use super::{absent, escape, texts, titled};
use crate::columns;

const WIDTH: f64 = 270.0;
const HEIGHT: f64 = 138.0;
const LEFT: f64 = 34.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 112.0;

pub(super) fn section(view: &View<'_>) -> String {
    let lang = view.lang;
    let Some(days) = view.days.as_ref() else {
        return absent(lang, texts::LEVELS);
    };
    let tops = (0..view.ponds().len())
        .flat_map(|i| surface(days, i))
        .map(|(_, m)| m);
    let scale = Linear::covering(
        tops.chain(view.ponds().iter().map(|p| p.depth_m_max)),
        true,
        BOTTOM,
        TOP,
    );
    let body: String = (0..view.ponds().len())
        .map(|i| pond(view, days, &scale, i))
        .collect();
    titled(
        lang,
        texts::LEVELS,
        texts::LEVELS_NOTE.get(lang),
        &format!("<div class=\"multiples\">{body}</div>"),
    )
}

/// Brine surface above the bare floor: salt and the brine on it.
fn surface(days: &PondDays<'_>, pond: usize) -> Vec<(Date, f64)> {
    let salt = days.series(pond, columns::SALT_THICKNESS);
    let depth = days.series(pond, columns::DEPTH);
    depth
        .iter()
        .zip(salt)
        .map(|((date, d), (_, s))| (*date, d.max(0.0) + s))
        .collect()
}

fn pond(view: &View<'_>, days: &PondDays<'_>, y: &Linear, i: usize) -> String {
    let p = &view.ponds()[i];
    let meta = &view.run.meta;
    let x = Time::new(meta.from, meta.to, LEFT, WIDTH - 8.0);
    let color = view.stages.color(&p.stage);
    let mut svg = Svg::new(WIDTH, HEIGHT);
    svg.value_axis(y, LEFT, WIDTH - 8.0, "m");
    let points = |list: &[(Date, f64)]| {
        list.iter()
            .map(|(d, m)| (x.at(*d), y.at(*m)))
            .collect::<Vec<_>>()
    };
    let top = points(&surface(days, i));
    let salt = points(&days.series(i, columns::SALT_THICKNESS));
    svg.polygon(
        &closed_on(&salt, y.at(0.0)),
        "fill:var(--muted);fill-opacity:.38",
        "",
    );
    svg.polygon(
        &band(&top, &salt),
        &format!("fill:{color};fill-opacity:.22"),
        "",
    );
    svg.polyline(&top, &format!("stroke:{color};stroke-width:1.6"));
    let crest = y.at(p.depth_m_max);
    svg.line((LEFT, crest), (WIDTH - 8.0, crest), "limit");
    for (flag, key) in [(columns::FREEZING, "gypsum"), (columns::DRY, "carnallite")] {
        marks(&mut svg, &x, &days.flagged(i, flag), key);
    }
    svg.date_axis(view.lang, &x, BOTTOM, 6);
    let title = format!("{} · {}", p.id, texts::name(view.lang, &p.stage));
    format!(
        "<figure><h3>{}</h3>{}</figure>",
        escape(&title),
        svg.finish("", &title)
    )
}

/// The area between a line and the axis.
fn closed_on(line: &[(f64, f64)], axis: f64) -> Vec<(f64, f64)> {
    match (line.first(), line.last()) {
        (Some(first), Some(last)) => [&[(first.0, axis)], line, &[(last.0, axis)]].concat(),
        _ => Vec::new(),
    }
}

/// The area between two lines.
fn band(top: &[(f64, f64)], bottom: &[(f64, f64)]) -> Vec<(f64, f64)> {
    top.iter().chain(bottom.iter().rev()).copied().collect()
}

fn marks(svg: &mut Svg, x: &Time, days: &[Date], key: &str) {
    let width = x.day_width().max(0.8);
    for day in days {
        svg.rect(
            x.at(*day),
            BOTTOM - 4.0,
            width,
            4.0,
            &format!("fill:{}", super::theme::color(key)),
            "",
        );
    }
}
