//! The journal and its figures as tables, for CSV, XLSX and reports: a row a line, nothing left out.

use super::SECOND_US;
use super::definition::Definition;
use super::journal::Entry;
use super::kpi::{Figures, Targets};
use super::machine::Shelf;
use saltern_base::frame::{Column, Frame, Values};
use saltern_units::Lang;

/// The journal, row for row. Times are seconds since 1970-01-01T00:00:00 UTC.
pub fn journal(entries: &[Entry], definitions: &[Definition], lang: Lang) -> Frame {
    let text =
        |name: &str, of: &dyn Fn(&Entry) -> String| Column::texts(name, entries.iter().map(of));
    let flag = |name: &str, of: &dyn Fn(&Entry) -> bool| {
        Column::texts(
            name,
            entries
                .iter()
                .map(|e| if of(e) { "yes".into() } else { String::new() }),
        )
    };
    let time = |name: &str, of: &dyn Fn(&Entry) -> i64| {
        let seconds = entries.iter().map(|e| of(e) as f64 / SECOND_US as f64);
        Column::numbers(name, "s", seconds)
    };
    let definition = |entry: &Entry| definitions.get(entry.alarm? as usize);
    let sequence = entries.iter().map(|e| e.sequence as i64).collect();
    Frame::new(
        "alarm_journal",
        vec![
            Column::new("sequence", "", Values::Integer(sequence)),
            time("source_time", &|e| e.source_us),
            time("server_time", &|e| e.server_us),
            text("alarm", &|e| {
                definition(e).map_or(String::new(), |d| d.id.clone())
            }),
            text("priority", &|e| {
                definition(e).map_or(String::new(), |d| d.priority.name().into())
            }),
            text("event", &|e| {
                e.event.code().trim_start_matches("alarm.").into()
            }),
            text("event_text", &|e| e.event.text(lang)),
            text("before", &|e| e.before.text(lang).into()),
            text("after", &|e| e.after.phase.text(lang).into()),
            Column::numbers(
                "value",
                "",
                entries.iter().map(|e| e.value.unwrap_or(f64::NAN)),
            ),
            flag("announced", &|e| e.announced),
            flag("first_in_group", &|e| e.first_in_group),
            flag("shelved", &|e| e.after.shelf != Shelf::None),
            flag("suppressed", &|e| e.after.suppressed),
            flag("out_of_service", &|e| e.after.out_of_service),
            text("who", &|e| e.who.clone().unwrap_or_default()),
            text("why", &|e| e.why.clone().unwrap_or_default()),
        ],
    )
}

/// Figures against their targets.
pub fn figures(figures: &Figures, targets: &Targets) -> Frame {
    let judged = figures.judged(targets);
    let verdict = |met: bool| if met { "yes" } else { "no" }.to_string();
    Frame::new(
        "alarm_figures",
        vec![
            Column::texts("figure", judged.iter().map(|j| j.figure.to_string())),
            Column::numbers("value", "", judged.iter().map(|j| j.value)),
            Column::numbers("target", "", judged.iter().map(|j| j.target)),
            Column::texts("met", judged.iter().map(|j| verdict(j.meets()))),
        ],
    )
}
