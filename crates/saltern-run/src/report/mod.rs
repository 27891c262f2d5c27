//! The report: one page that tells a pond planner what the run says and how far to believe it.
//!
//! Self-contained: style and drawings are inside, nothing is fetched, nothing is scripted. Details are in the
//! hover texts of the drawings. One module a section.

mod accounts;
mod ahead;
mod energy;
mod evaporation;
mod expansion;
mod fate;
mod forecast;
mod headline;
mod ledger;
mod levels;
mod map;
mod numbers;
mod plan;
mod production;
mod products;
mod provenance;
mod salt;
mod sankey;
mod scenarios;
mod svg;
pub(crate) mod texts;
mod theme;
mod track;
mod view;

use saltern_units::Lang;

use crate::contents::RunContents;
use crate::error::RunError;
use svg::escape;
use texts::Text;
use view::View;

/// The report of a run as a self-contained HTML page.
pub fn html(run: &RunContents, lang: Lang) -> Result<String, RunError> {
    let view = View::new(run, lang)?;
    if let Some(answer) = run.plan.as_ref().and_then(|plan| plan.forecast.as_ref()) {
        let sections = [
            forecast::sections(&view, answer)?,
            provenance::notices(&view),
            provenance::section(&view),
        ];
        let title = view.label(&run.base.name, &run.base.id);
        return Ok(page(title, lang, &sections.concat()));
    }
    let dispatch = run.plan.as_ref().filter(|plan| plan.production.is_none());
    if let Some(answer) = dispatch {
        let sections = [
            plan::sections(&view, answer)?,
            provenance::notices(&view),
            provenance::section(&view),
        ];
        let title = view.label(&run.base.name, &run.base.id);
        return Ok(page(title, lang, &sections.concat()));
    }
    let sections = [
        headline::section(&view),
        production::section(&view)?,
        map::section(&view),
        track::section(&view),
        levels::section(&view),
        salt::section(&view)?,
        ahead::section(&view)?,
        fate::section(&view),
        products::section(&view)?,
        accounts::section(&view),
        ledger::section(&view),
        evaporation::section(&view),
        energy::section(&view)?,
        provenance::notices(&view),
        provenance::section(&view),
    ];
    Ok(page(
        view.label(&run.base.name, &run.base.id),
        lang,
        &sections.concat(),
    ))
}

fn page(title: &str, lang: Lang, body: &str) -> String {
    let code = lang.pick("en", "zh-CN");
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
<meta name=\"generator\" content=\"saltern\"><title>{title} · saltern</title><style>{}</style></head>\n<body><main>{body}</main></body></html>\n",
        theme::css()
    )
}

/// A section with its heading and note.
fn titled(lang: Lang, title: Text, note: &str, body: &str) -> String {
    let note = if note.is_empty() {
        String::new()
    } else {
        format!("<p class=\"note\">{}</p>", escape(note))
    };
    format!(
        "\n<section><h2>{}</h2>{note}{body}</section>",
        escape(title.get(lang))
    )
}

/// A section whose series the run lacks.
fn absent(lang: Lang, title: Text) -> String {
    titled(lang, title, texts::ABSENT.get(lang), "")
}

/// A legend of (name, CSS colour).
fn legend(entries: &[(String, String)]) -> String {
    let items: String = entries
        .iter()
        .map(|(name, color)| {
            format!(
                "<span><i style=\"background:{color}\"></i>{}</span>",
                escape(name)
            )
        })
        .collect();
    format!("<div class=\"legend\">{items}</div>")
}

/// Legend of the stages of a run.
fn stage_legend(view: &View<'_>) -> String {
    let entries: Vec<_> = view
        .stages
        .names()
        .iter()
        .map(|s| (texts::name(view.lang, s), view.stages.color(s)))
        .collect();
    legend(&entries)
}

/// A figure with a heading, `class` wide.
fn figure(class: &str, title: &str, body: &str) -> String {
    format!(
        "<figure class=\"{class}\"><h3>{}</h3>{body}</figure>",
        escape(title)
    )
}
