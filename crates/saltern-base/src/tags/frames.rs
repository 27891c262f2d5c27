//! The live side of a base as tables, and tables as the texts that [`super::read`] takes: how it goes out to CSV and XLSX
//! and comes back.

use super::{Alarm, Asset, Connection, Tag, Tags, WordOrder};
use crate::frame::{Column, Frame, Values};

/// Tables of the columns that `attributes` declares: assets, connections, tags, alarms, calculated; those without rows are left out.
pub fn frames(live: &Tags) -> Vec<Frame> {
    let all = [
        assets(live),
        connections(live),
        tags(live),
        alarms(live),
        calculated(live),
    ];
    let has_rows = |frame: &Frame| match frame.columns.first().map(|column| &column.values) {
        Some(Values::Text(texts)) => !texts.is_empty(),
        _ => false,
    };
    all.into_iter().filter(has_rows).collect()
}

/// A table as CSV: file name and text. Missing numbers are blank.
pub fn texts(frame: &Frame) -> (String, String) {
    let rows = frame.columns.iter().map(|column| match &column.values {
        Values::Number(values) => values.len(),
        Values::Integer(values) => values.len(),
        Values::Text(values) => values.len(),
        Values::Date(values) => values.len(),
    });
    let rows = rows.min().unwrap_or_default();
    let line = |cells: Vec<String>| cells.join(",") + "\n";
    let mut text = line(
        frame
            .columns
            .iter()
            .map(|column| quoted(&column.header()))
            .collect(),
    );
    for row in 0..rows {
        text.push_str(&line(
            frame
                .columns
                .iter()
                .map(|column| match &column.values {
                    Values::Number(values) if values[row].is_nan() => String::new(),
                    Values::Number(values) => values[row].to_string(),
                    Values::Integer(values) => values[row].to_string(),
                    Values::Text(values) => quoted(&values[row]),
                    Values::Date(values) => values[row].to_string(),
                })
                .collect(),
        ));
    }
    (format!("{}.csv", frame.name), text)
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) || text.starts_with('#') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into()
    }
}

fn yes(yes: bool) -> String {
    (if yes { "yes" } else { "no" }).into()
}

fn assets(live: &Tags) -> Frame {
    let text =
        |name: &str, of: &dyn Fn(&Asset) -> String| Column::texts(name, live.assets.iter().map(of));
    let parent = |asset: &Asset| {
        let parent = asset.parent.and_then(|parent| live.assets.get(parent));
        parent.map_or(String::new(), |parent| parent.who.id.clone())
    };
    Frame::new(
        "assets",
        vec![
            text("id", &|a| a.who.id.clone()),
            text("parent", &parent),
            text("level", &|a| a.level_name.into()),
            text("name", &|a| a.who.name.en.clone()),
            text("name_zh", &|a| a.who.name.zh.clone()),
            text("node", &|a| a.node.clone().unwrap_or_default()),
            text("tenant", &|a| a.tenant.clone().unwrap_or_default()),
        ],
    )
}

fn connections(live: &Tags) -> Frame {
    let all = || live.connections.iter();
    let text = |name: &str, of: &dyn Fn(&Connection) -> String| Column::texts(name, all().map(of));
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    Frame::new(
        "connections",
        vec![
            text("id", &|c| c.who.id.clone()),
            text("protocol", &|c| c.protocol.name().into()),
            text("version", &|c| c.version.into()),
            text("endpoint", &|c| c.endpoint.clone()),
            text("security", &|c| optional(&c.security)),
            text("user", &|c| optional(&c.user)),
            text("secret", &|c| optional(&c.secret)),
            text("word_order", &|c| {
                let lower = c.word_order == WordOrder::LowerFirst;
                (if lower { "lower_first" } else { "upper_first" }).into()
            }),
            Column::numbers("timeout", "s", all().map(|c| c.timeout_s)),
            Column::numbers("silence", "s", all().map(|c| c.silence_s)),
            text("name", &|c| c.who.name.en.clone()),
            text("name_zh", &|c| c.who.name.zh.clone()),
        ],
    )
}

fn tags(live: &Tags) -> Frame {
    let text =
        |name: &str, of: &dyn Fn(&Tag) -> String| Column::texts(name, live.tags.iter().map(of));
    let number = |name: &str, unit: &str, of: &dyn Fn(&Tag) -> Option<f64>| {
        let values = live.tags.iter().map(|tag| of(tag).unwrap_or(f64::NAN));
        Column::numbers(name, unit, values)
    };
    Frame::new(
        "tags",
        vec![
            text("id", &|t| t.who.id.clone()),
            text("asset", &|t| live.assets[t.asset].who.id.clone()),
            text("name", &|t| t.who.name.en.clone()),
            text("name_zh", &|t| t.who.name.zh.clone()),
            text("unit", &|t| t.unit.symbol.into()),
            text("quantity", &|t| t.quantity.name().into()),
            text("component", &|t| t.component.clone().unwrap_or_default()),
            number("low", "", &|t| t.low),
            number("high", "", &|t| t.high),
            number("resolution", "", &|t| t.resolution),
            text("source", &|t| t.source.text()),
            text("connection", &|t| {
                let connection = t.connection.and_then(|row| live.connections.get(row));
                connection.map_or(String::new(), |connection| connection.who.id.clone())
            }),
            number("period", "s", &|t| Some(t.period_s)),
            number("deadband", "", &|t| Some(t.deadband)),
            number("retention", "s", &|t| t.retention_s),
            text("writable", &|t| yes(t.writing.is_some())),
            number("write_min", "", &|t| t.writing.map(|w| w.low)),
            number("write_max", "", &|t| t.writing.map(|w| w.high)),
            text("two_persons", &|t| {
                yes(t.writing.is_none_or(|w| w.two_persons))
            }),
        ],
    )
}

fn alarms(live: &Tags) -> Frame {
    let text =
        |name: &str, of: &dyn Fn(&Alarm) -> String| Column::texts(name, live.alarms.iter().map(of));
    let number = |name: &str, unit: &str, of: &dyn Fn(&Alarm) -> f64| {
        Column::numbers(name, unit, live.alarms.iter().map(of))
    };
    let tag = |tag: usize| live.tags[tag].who.id.clone();
    Frame::new(
        "alarms",
        vec![
            text("id", &|a| a.who.id.clone()),
            text("tag", &|a| tag(a.tag)),
            text("kind", &|a| a.kind.name().into()),
            number("limit", "", &|a| a.limit),
            text("reference", &|a| a.reference.map(tag).unwrap_or_default()),
            number("window", "s", &|a| {
                if a.window_s > 0.0 {
                    a.window_s
                } else {
                    f64::NAN
                }
            }),
            number("deadband", "", &|a| a.deadband),
            number("on_delay", "s", &|a| a.on_delay_s),
            number("off_delay", "s", &|a| a.off_delay_s),
            number("realarm", "s", &|a| a.realarm_s.unwrap_or(f64::NAN)),
            text("latching", &|a| yes(a.latching)),
            text("confirm", &|a| yes(a.confirm)),
            text("priority", &|a| a.priority.name().into()),
            text("class", &|a| a.class.clone().unwrap_or_default()),
            text("group", &|a| a.group.clone().unwrap_or_default()),
            number("shelve_max", "s", &|a| a.shelve_max_s),
            text("suppress_when", &|a| {
                a.suppress_when
                    .as_ref()
                    .map_or(String::new(), |f| f.to_string())
            }),
            text("name", &|a| a.who.name.en.clone()),
            text("name_zh", &|a| a.who.name.zh.clone()),
            text("cause", &|a| a.cause.en.clone()),
            text("cause_zh", &|a| a.cause.zh.clone()),
            text("consequence", &|a| a.consequence.en.clone()),
            text("consequence_zh", &|a| a.consequence.zh.clone()),
            text("action", &|a| a.action.en.clone()),
            text("action_zh", &|a| a.action.zh.clone()),
            text("source", &|a| a.source.clone().unwrap_or_default()),
        ],
    )
}

fn calculated(live: &Tags) -> Frame {
    let rows = || live.calculated.iter();
    Frame::new(
        "calculated",
        vec![
            Column::texts("tag", rows().map(|c| live.tags[c.tag].who.id.clone())),
            Column::texts("expression", rows().map(|c| c.formula.to_string())),
        ],
    )
}
