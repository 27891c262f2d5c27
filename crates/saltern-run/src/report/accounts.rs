//! The accounts: recovery stage by stage, indicators, what was used, carbon, grades.

use saltern_account::recovery::Stage;

use super::svg::{Anchor, Svg, escape};
use super::texts::{self, Text};
use super::view::View;
use super::{figure, legend, numbers, theme, titled};
use crate::accounts::{self, Accounts, Way};

/// What becomes of what a stage receives, in the order it is drawn.
const PARTS: [(Text, &str); 3] = [
    (texts::STAGE_ONWARD, "carnallite"),
    (texts::STAGE_ELSEWHERE, "oldbrine"),
    (texts::STAGE_STAYED, "halite"),
];

pub(super) fn section(view: &View<'_>) -> String {
    let lang = view.lang;
    let mut note = texts::ACCOUNTS_NOTE.get(lang).to_owned();
    let made = Accounts::of(view.run).or_else(|error| {
        // Wrong tables must not cost the page of a run that took an hour.
        note = texts::ACCOUNTS_REFUSED.with(lang, &[("error", &error.text(lang))]);
        Accounts::with(view.run, &Default::default())
    });
    let Ok(made) = made else {
        return titled(lang, texts::ACCOUNTS, &note, "");
    };
    let entries: Vec<_> = PARTS
        .iter()
        .map(|(text, key)| (text.get(lang).to_owned(), theme::color(key)))
        .collect();
    let bars: String = made
        .ways
        .iter()
        .map(|way| figure("half", &heading(view, way), &bars(view, way)))
        .collect();
    let tables = [
        recovery(view, &made),
        indicators(view, &made),
        utilities(view, &made),
        by_plant(view, &made),
        carbon(view, &made),
        grades(view, &made),
    ]
    .concat();
    let body = format!(
        "{}<div class=\"grid\">{bars}</div><div class=\"tables\" style=\"margin-top:22px\">{tables}</div>",
        legend(&entries)
    );
    titled(lang, texts::ACCOUNTS, &note, &body)
}

fn heading(view: &View<'_>, way: &Way) -> String {
    let lang = view.lang;
    let end = way.names.last().map_or("", String::as_str);
    texts::WAY_OF.with(
        lang,
        &[
            ("element", &way.element),
            ("overall", &share(way.overall())),
            ("drawn", &numbers::mass(lang, way.drawn_kg)),
            ("end", &accounts::name(&view.run.base, end, lang)),
        ],
    )
}

fn share(share: Option<f64>) -> String {
    share.map_or(numbers::NONE.to_owned(), numbers::percent)
}

fn elsewhere_kg(stage: &Stage) -> f64 {
    stage.elsewhere_kg.iter().map(|(_, kg)| kg).sum()
}

/// One bar a stage but the last, where the way ends.
fn bars(view: &View<'_>, way: &Way) -> String {
    let lang = view.lang;
    let (width, left, right, row) = (556.0, 92.0, 500.0, 26.0);
    let count = way.stages.len().saturating_sub(1);
    let mut svg = Svg::new(width, row * count as f64 + 4.0);
    for (i, (name, stage)) in way.names.iter().zip(&way.stages).take(count).enumerate() {
        let y = row * i as f64;
        let name = accounts::name(&view.run.base, name, lang);
        svg.text(left - 8.0, y + 15.0, Anchor::End, "st", &name);
        let parts = [
            stage.onward_kg,
            elsewhere_kg(stage),
            stage.stock_change_kg.max(0.0),
        ];
        let whole: f64 = parts.iter().sum();
        let mut x = left;
        for ((text, key), kg) in PARTS.iter().zip(parts) {
            let size = (right - left) * kg / whole.max(f64::MIN_POSITIVE);
            let (percent, mass) = (numbers::percent(kg / whole), numbers::mass(lang, kg));
            let mut hint = format!("{name} · {}: {mass} ({percent})", text.get(lang));
            if *text == texts::STAGE_ELSEWHERE {
                for (to, kg) in &stage.elsewhere_kg {
                    let to = accounts::name(&view.run.base, to, lang);
                    hint += &format!(" · {to} {}", numbers::mass(lang, *kg));
                }
            }
            let style = format!(
                "fill:{};stroke:var(--paper);stroke-width:.8",
                theme::color(key)
            );
            svg.rect(x, y + 2.0, size, row - 7.0, &style, &hint);
            if size > 44.0 {
                svg.text(x + size / 2.0, y + 15.5, Anchor::Middle, "on", &percent);
            }
            x += size;
        }
        let recovery = share(stage.recovery());
        svg.text(right + 8.0, y + 15.0, Anchor::Start, "lb", &recovery);
    }
    svg.finish("", &way.element)
}

fn recovery(view: &View<'_>, made: &Accounts) -> String {
    let lang = view.lang;
    let mut rows = Vec::new();
    for way in &made.ways {
        // The last is where the way ends: all of it is won there.
        let count = way.stages.len().saturating_sub(1);
        for (name, stage) in way.names.iter().zip(&way.stages).take(count) {
            let mass = |kg: f64| numbers::mass(lang, kg);
            rows.push(vec![
                way.element.clone(),
                accounts::name(&view.run.base, name, lang),
                mass(stage.input_kg),
                mass(stage.onward_kg),
                mass(elsewhere_kg(stage)),
                mass(stage.stock_change_kg),
                share(stage.recovery()),
                share(stage.recovery_of_throughput()),
            ]);
        }
    }
    let columns = [
        texts::COL_ELEMENT,
        texts::COL_STAGE,
        texts::COL_INPUT,
        texts::COL_ONWARD,
        texts::COL_ELSEWHERE,
        texts::COL_STAYED,
        texts::COL_RECOVERY,
        texts::COL_RECOVERY_WORKED,
    ];
    table(view, "", &columns, 2, &rows)
}

fn indicators(view: &View<'_>, made: &Accounts) -> String {
    let lang = view.lang;
    let known = made
        .figures
        .iter()
        .filter_map(|f| Some((f, *f.value.as_ref().ok()?)));
    let rows: Vec<Vec<String>> = known
        .map(|(figure, value)| {
            let of = &made.definitions[figure.definition];
            let member = figure.member.as_ref().map(|m| format!(" ({m})"));
            vec![
                format!("{}{}", of.name.text(lang), member.unwrap_or_default()),
                of.edition.text(lang).to_owned(),
                of.source.text(lang).to_owned(),
                numbers::significant(value, 4),
                of.unit.clone(),
            ]
        })
        .collect();
    let missing = (made.figures.len() - rows.len()).to_string();
    let columns = [
        texts::COL_INDICATOR,
        texts::COL_EDITION,
        texts::COL_SOURCE,
        texts::COL_VALUE,
        texts::COL_UNIT,
    ];
    let note = texts::INDICATORS_NOTE.with(lang, &[("count", &missing)]);
    let body = table(view, texts::INDICATORS.get(lang), &columns, 3, &rows);
    format!("{body}<p class=\"note\">{}</p>", escape(&note))
}

fn utilities(view: &View<'_>, made: &Accounts) -> String {
    let rows: Vec<Vec<String>> = made
        .utilities
        .iter()
        .map(|u| {
            let (unit, factor) = accounts::shown_unit(u.basis);
            let shown = |x: f64| format!("{} {unit}", numbers::significant(x / factor, 4));
            let per_tonne = u.per_product_kg.map(|x| shown(1000.0 * x));
            vec![
                u.carrier.replace('_', " "),
                shown(u.amount),
                per_tonne.unwrap_or(numbers::NONE.to_owned()),
            ]
        })
        .collect();
    let columns = [texts::COL_CARRIER, texts::COL_AMOUNT, texts::COL_PER_TONNE];
    table(view, texts::UTILITIES.get(view.lang), &columns, 1, &rows)
}

fn by_plant(view: &View<'_>, made: &Accounts) -> String {
    let lang = view.lang;
    let rows: Vec<Vec<String>> = made
        .uses_by_node
        .iter()
        .map(|n| {
            let (unit, factor) = accounts::shown_unit(n.basis);
            let shown = |x: f64| format!("{} {unit}", numbers::significant(x / factor, 4));
            let per_tonne = n.per_product_kg.map(|x| shown(1000.0 * x));
            let products = n.products.iter();
            let products = products.map(|id| accounts::name(&view.run.base, id, lang));
            vec![
                accounts::name(&view.run.base, &n.by, lang),
                n.carrier.replace('_', " "),
                shown(n.amount),
                lang.list(&products.collect::<Vec<_>>()),
                per_tonne.unwrap_or(numbers::NONE.to_owned()),
            ]
        })
        .collect();
    let columns = [
        texts::COL_PLANT,
        texts::COL_CARRIER,
        texts::COL_AMOUNT,
        texts::COL_PRODUCT,
        texts::COL_PER_TONNE_OF_ITS,
    ];
    table(view, texts::USED_BY_PLANT.get(lang), &columns, 2, &rows)
}

fn carbon(view: &View<'_>, made: &Accounts) -> String {
    let lang = view.lang;
    let Some(footprint) = &made.footprint else {
        return String::new();
    };
    let tonnes = |kg: f64| numbers::significant(kg / 1000.0, 4);
    let scopes = footprint.by_scope();
    let mut rows: Vec<Vec<String>> = scopes
        .iter()
        .map(|(scope, kg)| vec![scope.text(), tonnes(*kg)])
        .collect();
    if rows.len() > 1 {
        rows.push(vec!["Σ".to_owned(), tonnes(footprint.total.kg())]);
    }
    let columns = [texts::COL_SCOPES, texts::COL_CO2E];
    let title = texts::CARBON.with(lang, &[("meaning", footprint.total.text(lang))]);
    let notices: String = footprint
        .notices()
        .iter()
        .map(|n| format!("<p class=\"note\">{}</p>", escape(&n.text(lang))))
        .collect();
    table(view, &title, &columns, 1, &rows) + &notices
}

fn grades(view: &View<'_>, made: &Accounts) -> String {
    let lang = view.lang;
    let rows: Vec<Vec<String>> = made
        .grades
        .iter()
        .flat_map(|p| p.classes.iter().map(move |class| (p, class)))
        .map(|(p, class)| {
            vec![
                p.stream.clone(),
                p.product.clone(),
                format!("{} {}", class.standard, class.class(lang)),
                class.verdict.text(lang),
            ]
        })
        .collect();
    let columns = [
        texts::COL_STREAM,
        texts::COL_PRODUCT,
        texts::COL_CLASS,
        texts::COL_VERDICT,
    ];
    table(view, texts::GRADES.get(lang), &columns, 4, &rows)
}

/// A table whose first columns are texts; nothing where it has no rows.
pub(super) fn table(
    view: &View<'_>,
    title: &str,
    columns: &[Text],
    text_columns: usize,
    rows: &[Vec<String>],
) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let class = |i: usize, long: bool| match (i < text_columns, long) {
        (true, true) => " class=\"w\"",
        (true, false) => " class=\"l\"",
        _ => "",
    };
    let head: String = columns
        .iter()
        .enumerate()
        .map(|(i, t)| format!("<th{}>{}</th>", class(i, false), escape(t.get(view.lang))))
        .collect();
    // Columns of sentences may break; names and numbers may not.
    let long: Vec<bool> = (0..columns.len())
        .map(|i| rows.iter().any(|row| row[i].chars().count() > 40))
        .collect();
    let body: String = rows
        .iter()
        .map(|row| {
            let cells: String = row
                .iter()
                .enumerate()
                .map(|(i, cell)| format!("<td{}>{}</td>", class(i, long[i]), escape(cell)))
                .collect();
            format!("<tr>{cells}</tr>")
        })
        .collect();
    let title = match title {
        "" => String::new(),
        title => format!("<h3>{}</h3>", escape(title)),
    };
    format!(
        "<figure>{title}<div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></figure>"
    )
}
