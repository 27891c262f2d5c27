//! Notices, and where the numbers come from.

use super::svg::escape;
use super::texts::{self, Text};
use super::view::View;
use super::{numbers, titled};
use crate::contents::{Notice, WeatherOrigin};

/// Kinds of notices shown; the file has them all.
const MOST_NOTICES: usize = 60;

pub(super) fn notices(view: &View<'_>) -> String {
    let lang = view.lang;
    let list = &view.run.notices;
    if list.is_empty() {
        return titled(lang, texts::NOTICES, texts::NO_NOTICES.get(lang), "");
    }
    let rows: String = list
        .iter()
        .take(MOST_NOTICES)
        .map(|n| row(view, n))
        .collect();
    let more = if list.len() > MOST_NOTICES {
        let count = (list.len() - MOST_NOTICES).to_string();
        format!(
            "<p class=\"note\">{}</p>",
            escape(&texts::NOTICES_MORE.with(lang, &[("count", &count)]))
        )
    } else {
        String::new()
    };
    let head =
        |text: Text, class: &str| format!("<th class=\"{class}\">{}</th>", escape(text.get(lang)));
    let head = [
        head(texts::COL_PLACE, "l"),
        head(texts::COL_TEXT, "l"),
        head(texts::COL_COUNT, ""),
        head(texts::COL_CODE, "l"),
    ]
    .concat();
    let body = format!(
        "<div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{more}"
    );
    titled(lang, texts::NOTICES, "", &body)
}

fn row(view: &View<'_>, notice: &Notice) -> String {
    let (first, second) = view
        .lang
        .pick((&notice.en, &notice.zh), (&notice.zh, &notice.en));
    let text = if first.is_empty() { second } else { first };
    format!(
        "<tr><td class=\"l\">{}</td><td class=\"w\">{}</td><td>{}</td><td class=\"l\"><code>{}</code></td></tr>",
        escape(&notice.place),
        escape(text),
        numbers::fixed(notice.count as f64, 0),
        escape(&notice.code)
    )
}

pub(super) fn section(view: &View<'_>) -> String {
    let (lang, meta, base) = (view.lang, &view.run.meta, &view.run.base);
    let mut entries = vec![
        (texts::PROGRAM, escape(&format!("saltern {}", meta.saltern))),
        (texts::DATABASE, escape(&meta.database)),
        (texts::PHASES, escape(&phases(view))),
        (texts::SEED, escape(&weather(view))),
        (texts::CLOSURE, list(lang, meta.closure.iter())),
        (
            texts::ELAPSED,
            format!("{} s", numbers::significant(meta.elapsed_s, 3)),
        ),
    ];
    entries.retain(|(_, value)| !value.is_empty());
    let inputs: Vec<String> = meta
        .inputs
        .iter()
        .map(|(file, sha)| format!("{} <code>{}</code>", escape(file), escape(sha)))
        .collect();
    entries.push((texts::INPUTS, inputs.join("<br>")));
    let body: String = entries
        .iter()
        .map(|(text, value)| format!("<dt>{}</dt><dd>{value}</dd>", escape(text.get(lang))))
        .collect();
    let note = format!("{} · {}", base.id, texts::PROVENANCE_NOTE.get(lang));
    titled(lang, texts::PROVENANCE, &note, &format!("<dl>{body}</dl>"))
}

fn list<'a>(
    lang: saltern_units::Lang,
    values: impl Iterator<Item = (&'a String, &'a f64)>,
) -> String {
    let items: Vec<String> = values
        .map(|(name, x)| format!("{} {}", escape(name), numbers::scientific(*x)))
        .collect();
    lang.list(&items)
}

fn phases(view: &View<'_>) -> String {
    let base = &view.run.base;
    if base.suppress.is_empty() {
        return base.phases.clone();
    }
    let suppressed = view.lang.list(&base.suppress);
    texts::PHASES_WITHOUT.with(
        view.lang,
        &[("phases", &base.phases), ("suppressed", &suppressed)],
    )
}

fn weather(view: &View<'_>) -> String {
    match &view.run.meta.weather {
        WeatherOrigin::File { name } => name.clone(),
        WeatherOrigin::None => super::numbers::NONE.to_owned(),
        WeatherOrigin::Synthetic { name, seed } => {
            texts::SEED_OF.with(view.lang, &[("name", name), ("seed", &seed.to_string())])
        }
    }
}
