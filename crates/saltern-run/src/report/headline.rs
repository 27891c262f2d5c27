//! The head of the report: what it is, how far to believe it, and the figures a planner asks for first.

use saltern_base::book::StreamKind;

use super::numbers::{self, NONE};
use super::svg::escape;
use super::texts::{self, Text};
use super::view::View;
use crate::columns;
use crate::contents::WeatherOrigin;
use crate::figures::{self, Count};
use crate::plan::PlanAnswer;

pub(super) fn section(view: &View<'_>) -> String {
    let period = texts::SUBTITLE;
    format!("{}{}{}", head(view, period), trust(view), tiles(view))
}

/// Name, period and place; `subtitle` says what was done over the period.
pub(super) fn head(view: &View<'_>, subtitle: Text) -> String {
    let (lang, meta, base) = (view.lang, &view.run.meta, &view.run.base);
    let period = subtitle.with(
        lang,
        &[
            ("from", &numbers::long_date(lang, meta.from)),
            ("to", &numbers::long_date(lang, meta.to)),
            ("days", &meta.days.to_string()),
        ],
    );
    let degrees = |x: f64, letters: [&str; 2]| {
        format!(
            "{:.2}° {}",
            x.abs(),
            if x < 0.0 { letters[1] } else { letters[0] }
        )
    };
    let place = texts::PLACE.with(
        lang,
        &[
            ("lat", &degrees(base.latitude_deg, ["N", "S"])),
            ("lon", &degrees(base.longitude_deg, ["E", "W"])),
            ("elevation", &numbers::fixed(base.elevation_m, 0)),
        ],
    );
    format!(
        "<header><h1>{}</h1><p class=\"sub\">{} · {}</p></header>",
        escape(view.label(&base.name, &base.id)),
        escape(&period),
        escape(&place)
    )
}

/// Closure beyond which the book is called open: the bar that every example has to meet.
const CLOSED: f64 = 1e-9;

fn trust(view: &View<'_>) -> String {
    let entries = [
        trust_entry(view, texts::TRUST_CLOSURE, closure(view)),
        trust_entry(view, texts::TRUST_SOLVER, solver(view)),
        trust_entry(view, texts::TRUST_WEATHER, weather(view)),
        caveats(view),
    ];
    format!("<div class=\"trust\">{}</div>", entries.concat())
}

/// How far to believe a plan: its book, its solver, its weather, what isn't measured.
pub(super) fn trust_of_plan(view: &View<'_>, plan: &PlanAnswer) -> String {
    let class = if plan.status == "optimal" {
        "good"
    } else {
        "bad"
    };
    let size = texts::TRUST_PLAN.with(
        view.lang,
        &[
            ("status", plan.status_text(view.lang)),
            ("rows", &plan.rows.to_string()),
            ("columns", &plan.columns.to_string()),
            ("iterations", &plan.iterations.to_string()),
        ],
    );
    let entries = [
        trust_entry(view, texts::TRUST_CLOSURE, closure(view)),
        trust_entry(view, texts::TRUST_PROGRAMME, (class, size)),
        trust_entry(view, texts::TRUST_WEATHER, weather(view)),
        caveats(view),
    ];
    format!("<div class=\"trust\">{}</div>", entries.concat())
}

/// How far to believe what was made of series alone: their weather, what isn't measured.
pub(super) fn trust_of_series(view: &View<'_>) -> String {
    let entries = [
        trust_entry(view, texts::TRUST_WEATHER, weather(view)),
        caveats(view),
    ];
    format!("<div class=\"trust\">{}</div>", entries.concat())
}

fn trust_entry(view: &View<'_>, title: Text, (class, text): (&str, String)) -> String {
    let mark = match class {
        "good" => "✓",
        "warn" => "△",
        _ => "✗",
    };
    format!(
        "<div><strong>{}</strong><span class=\"mark {class}\">{mark}</span> {}</div>",
        escape(title.get(view.lang)),
        escape(&text)
    )
}

fn closure(view: &View<'_>) -> (&'static str, String) {
    let lang = view.lang;
    if view.run.meta.closure.is_empty() {
        return ("bad", texts::TRUST_NO_CLOSURE.get(lang).to_owned());
    }
    let worst = figures::worst(view.run.meta.closure.values());
    let shown = numbers::scientific(worst);
    if worst <= CLOSED {
        ("good", texts::TRUST_CLOSED.with(lang, &[("worst", &shown)]))
    } else {
        (
            "bad",
            texts::TRUST_NOT_CLOSED.with(lang, &[("worst", &shown)]),
        )
    }
}

fn solver(view: &View<'_>) -> (&'static str, String) {
    let meta = &view.run.meta;
    let count = numbers::fixed(meta.equilibria as f64, 0);
    if meta.failures == 0 {
        (
            "good",
            texts::TRUST_SOLVED.with(view.lang, &[("count", &count)]),
        )
    } else {
        let failed = numbers::fixed(meta.failures as f64, 0);
        (
            "bad",
            texts::TRUST_FAILED.with(view.lang, &[("count", &count), ("failed", &failed)]),
        )
    }
}

fn weather(view: &View<'_>) -> (&'static str, String) {
    match &view.run.meta.weather {
        WeatherOrigin::File { name } => {
            ("good", texts::TRUST_FILE.with(view.lang, &[("name", name)]))
        }
        WeatherOrigin::None => ("good", texts::TRUST_NO_WEATHER.get(view.lang).to_owned()),
        WeatherOrigin::Synthetic { name, seed } => (
            "warn",
            texts::TRUST_SYNTHETIC.with(view.lang, &[("name", name), ("seed", &seed.to_string())]),
        ),
    }
}

fn caveats(view: &View<'_>) -> String {
    let lang = view.lang;
    let title = escape(texts::TRUST_CAVEATS.get(lang));
    let texts_of: Vec<&str> = view
        .run
        .meta
        .caveats
        .iter()
        .map(|label| {
            if lang.pick(&label.en, &label.zh).is_empty() {
                lang.pick(&label.zh, &label.en)
            } else {
                lang.pick(&label.en, &label.zh)
            }
        })
        .map(String::as_str)
        .collect();
    if texts_of.is_empty() {
        return format!(
            "<div class=\"wide\"><strong>{title}</strong>{}</div>",
            escape(texts::NO_CAVEATS.get(lang))
        );
    }
    let items: String = texts_of
        .iter()
        .map(|text| format!("<li>{}</li>", escape(text)))
        .collect();
    format!(
        "<div class=\"wide\"><strong><span class=\"mark warn\">△</span> {title}</strong><ul>{items}</ul></div>"
    )
}

/// A figure with what it is of and a remark.
pub(super) struct Tile {
    pub(super) what: String,
    pub(super) value: String,
    pub(super) more: String,
}

fn tiles(view: &View<'_>) -> String {
    let mut list = water_tiles(view);
    list.extend(salt_tiles(view));
    list.extend(
        view.elements(&["K", "Li"])
            .into_iter()
            .map(|(symbol, i)| element_tile(view, symbol, i)),
    );
    tiles_of(&list)
}

/// Tiles side by side.
pub(super) fn tiles_of(list: &[Tile]) -> String {
    let body: String = list
        .iter()
        .map(|t| {
            format!(
                "<div class=\"tile\"><div class=\"what\">{}</div><div class=\"value\">{}</div><div class=\"more\">{}</div></div>",
                escape(&t.what),
                with_small_unit(&t.value),
                escape(&t.more)
            )
        })
        .collect();
    format!("<div class=\"tiles\">{body}</div>")
}

/// The number large, its unit small.
fn with_small_unit(value: &str) -> String {
    match value.split_once(' ') {
        Some((number, unit)) => format!("{} <small>{}</small>", escape(number), escape(unit)),
        None => escape(value),
    }
}

fn tile(view: &View<'_>, what: Text, value: String, more: String) -> Tile {
    Tile {
        what: what.get(view.lang).to_owned(),
        value,
        more,
    }
}

fn water_tiles(view: &View<'_>) -> Vec<Tile> {
    let (book, totals, lang) = (&view.run.book, &view.totals, view.lang);
    let mass = figures::fate(book, totals, Count::Mass);
    let volume = |m3: f64| numbers::volume(lang, m3);
    let depth = mean_evaporation_mm(view).map_or(String::new(), |mm| {
        texts::TILE_EVAPORATED_MORE.with(lang, &[("mm", &numbers::fixed(mm, 0))])
    });
    vec![
        tile(
            view,
            texts::TILE_FEED,
            volume(figures::volume_m3(book, totals, StreamKind::Feed)),
            String::new(),
        ),
        tile(
            view,
            texts::TILE_EVAPORATED,
            numbers::mass(lang, mass.evaporated_kg),
            depth,
        ),
        tile(
            view,
            texts::TILE_RAIN,
            numbers::mass(lang, mass.rain_kg),
            String::new(),
        ),
        tile(
            view,
            texts::TILE_LEAKED,
            volume(figures::volume_m3(book, totals, StreamKind::Leakage)),
            String::new(),
        ),
        tile(
            view,
            texts::TILE_END_BRINE,
            volume(figures::end_brine_m3(book, totals)),
            String::new(),
        ),
    ]
}

/// Evaporation over the period as a depth, weighted by the ponds' full area.
fn mean_evaporation_mm(view: &View<'_>) -> Option<f64> {
    let days = view.days.as_ref()?;
    let area: f64 = view.ponds().iter().map(|p| p.area_m2).sum();
    let sum: f64 = view
        .ponds()
        .iter()
        .enumerate()
        .map(|(i, p)| {
            p.area_m2
                * days
                    .series(i, columns::EVAPORATION)
                    .iter()
                    .map(|(_, mm)| mm)
                    .filter(|mm| mm.is_finite())
                    .sum::<f64>()
        })
        .sum();
    (area > 0.0).then(|| sum / area)
}

fn salt_tiles(view: &View<'_>) -> Vec<Tile> {
    let (book, totals, lang) = (&view.run.book, &view.totals, view.lang);
    let mass = figures::fate(book, totals, Count::Mass);
    let by_mineral = figures::harvested_kg(book, totals);
    let mut taken: Vec<(&String, f64)> = book
        .minerals
        .iter()
        .zip(by_mineral)
        .filter(|(_, kg)| *kg > 0.0)
        .collect();
    taken.sort_by(|a, b| b.1.total_cmp(&a.1));
    let named = taken
        .iter()
        .take(3)
        .map(|(m, kg)| format!("{} {}", texts::name(lang, m), numbers::mass(lang, *kg)));
    let more = if taken.is_empty() {
        texts::TILE_HARVEST_NONE.get(lang).to_owned()
    } else {
        lang.list(&named.collect::<Vec<_>>())
    };
    let change = mass.closing_salt_kg - mass.opening_salt_kg;
    let sign = if change > 0.0 { "+" } else { "" };
    let change = format!("{sign}{}", numbers::mass(lang, change));
    vec![
        tile(
            view,
            texts::TILE_HARVEST,
            numbers::mass(lang, mass.harvested_kg),
            more,
        ),
        tile(
            view,
            texts::TILE_FLOOR,
            numbers::mass(lang, mass.closing_salt_kg),
            texts::TILE_FLOOR_MORE.with(lang, &[("change", &change)]),
        ),
    ]
}

/// What was won of an element: as salt, or with the brine where none is in harvested salt (lithium ponds).
fn element_tile(view: &View<'_>, symbol: &str, index: usize) -> Tile {
    let lang = view.lang;
    let fate = figures::fate(&view.run.book, &view.totals, Count::Element(index));
    let with_brine = symbol == "Li" || fate.harvested_kg <= 0.0;
    let (title, won) = if with_brine {
        (texts::TILE_LITHIUM, fate.sold_kg)
    } else {
        (texts::TILE_ELEMENT, fate.harvested_kg)
    };
    let share = fate.share_of_exits(won);
    let share = if share.is_finite() {
        numbers::percent(share)
    } else {
        NONE.to_owned()
    };
    Tile {
        what: title.with(lang, &[("element", symbol)]),
        value: numbers::mass(lang, won),
        more: texts::TILE_ELEMENT_MORE.with(
            lang,
            &[
                ("share", &share),
                ("element", symbol),
                ("fed", &numbers::mass(lang, fate.feed_kg)),
            ],
        ),
    }
}
