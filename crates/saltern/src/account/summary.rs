//! The accounts of a run as a person reads them at a terminal.

use std::fmt::Write as _;

use saltern_base::book::NodeKind;
use saltern_base::frame::{Column, Frame, Values};
use saltern_run::RunContents;
use saltern_run::accounts::{Accounts, Way, name, shown_unit};
use saltern_run::compare::text_table;
use saltern_units::Lang;
use saltern_units::quantity::significant;

/// Destinations of an element told at most.
const ENDS_TOLD: usize = 8;
const TONNE_KG: f64 = 1000.0;

/// Recovery, destinations, indicators, utilities, grades, carbon.
pub(crate) fn text(run: &RunContents, accounts: &Accounts, lang: Lang) -> String {
    let mut out = format!("{}\n", heading(run, lang));
    recovery(&mut out, run, accounts, lang);
    destinations(&mut out, run, accounts, lang);
    indicators(&mut out, accounts, lang);
    utilities(&mut out, accounts, lang);
    grades(&mut out, accounts, lang);
    carbon(&mut out, accounts, lang);
    out
}

// Writing to a String cannot fail; results of writeln! are dropped for that reason throughout.

fn heading(run: &RunContents, lang: Lang) -> String {
    let own = lang.pick(&run.base.name.en, &run.base.name.zh);
    let own = if own.is_empty() { &run.base.id } else { own };
    let (from, to) = (run.meta.from, run.meta.to);
    lang.pick(
        format!("Accounts of {own}, {from} to {to}"),
        format!("{own}，{from} 至 {to} 核算"),
    )
}

fn recovery(out: &mut String, run: &RunContents, accounts: &Accounts, lang: Lang) {
    let mut rows: Vec<(&Way, usize)> = Vec::new();
    for way in &accounts.ways {
        // The last is where the way ends, told below the table.
        rows.extend((0..way.stages.len().saturating_sub(1)).map(|i| (way, i)));
    }
    if rows.is_empty() {
        return;
    }
    let stage = |(way, i): &(&Way, usize)| way.stages[*i].clone();
    let percent = |x: Option<f64>| x.map_or(f64::NAN, |x| 100.0 * x);
    let tonnes = |kg: f64| kg / TONNE_KG;
    let columns = vec![
        texts(
            lang.pick("element", "元素"),
            rows.iter().map(|(w, _)| w.element.clone()),
        ),
        texts(
            lang.pick("stage", "阶段"),
            rows.iter()
                .map(|(w, i)| name(&run.base, &w.names[*i], lang)),
        ),
        numbers(
            lang.pick("received", "所得"),
            "t",
            rows.iter().map(|r| tonnes(stage(r).input_kg)),
        ),
        numbers(
            lang.pick("on", "送出"),
            "t",
            rows.iter().map(|r| tonnes(stage(r).onward_kg)),
        ),
        numbers(
            lang.pick("elsewhere", "他处"),
            "t",
            rows.iter()
                .map(|r| tonnes(stage(r).elsewhere_kg.iter().map(|(_, kg)| kg).sum())),
        ),
        numbers(
            lang.pick("stayed", "留存"),
            "t",
            rows.iter().map(|r| tonnes(stage(r).stock_change_kg)),
        ),
        numbers(
            lang.pick("recovery", "回收率"),
            "%",
            rows.iter().map(|r| percent(stage(r).recovery())),
        ),
        numbers(
            lang.pick("of what was worked up", "按处理量计"),
            "%",
            rows.iter()
                .map(|r| percent(stage(r).recovery_of_throughput())),
        ),
    ];
    section(
        out,
        lang.pick("Recovery, stage by stage", "逐段回收率"),
        columns,
    );
    for way in &accounts.ways {
        let end = way.names.last().map(|id| name(&run.base, id, lang));
        let (Some(overall), Some(end)) = (way.overall(), end) else {
            continue;
        };
        let (element, drawn) = (&way.element, significant(tonnes(way.drawn_kg), 4));
        let overall = significant(100.0 * overall, 3);
        let _ = writeln!(
            out,
            "{}",
            lang.pick(
                format!("{element}: {overall} % of {drawn} t drawn arrives at {end}"),
                format!("{element}：抽取 {drawn} t，其中 {overall} % 到达{end}"),
            )
        );
    }
}

/// Where each element goes: what ended outside ponds and plants, and what their stocks gained.
fn destinations(out: &mut String, run: &RunContents, accounts: &Accounts, lang: Lang) {
    let title = lang.pick("Where each element goes", "各元素去向");
    let _ = writeln!(out, "\n{title}");
    let statement = &accounts.statement;
    for way in accounts.sankeys.iter().filter_map(|s| s.element.as_deref()) {
        let Ok(element) = statement.element(way) else {
            continue;
        };
        let mut ends = vec![0.0; statement.nodes.len()];
        for flow in &statement.flows {
            ends[flow.to] += flow.elements_kg[element];
            ends[flow.from] -= flow.elements_kg[element];
        }
        let mut told: Vec<(String, f64)> = Vec::new();
        let mut stayed_kg = 0.0;
        for (node, kg) in statement.nodes.iter().zip(ends) {
            match node.kind {
                Some(NodeKind::Pond) => stayed_kg += kg,
                _ if kg > 0.0 => told.push((name(&run.base, &node.id, lang), kg)),
                _ => {}
            }
        }
        told.sort_by(|a, b| b.1.total_cmp(&a.1));
        let tonnes = |kg: f64| significant(kg / TONNE_KG, 3);
        let told: Vec<String> = told
            .iter()
            .take(ENDS_TOLD)
            .map(|(end, kg)| format!("{end} {} t", tonnes(*kg)))
            .collect();
        let (stayed, told) = (tonnes(stayed_kg), lang.list(&told));
        let _ = writeln!(
            out,
            "{}",
            lang.pick(
                format!("{way} → {told}; stocks of the ponds changed by {stayed} t"),
                format!("{way} → {told}；盐田库存变化 {stayed} t"),
            )
        );
    }
}

fn indicators(out: &mut String, accounts: &Accounts, lang: Lang) {
    let known: Vec<_> = accounts
        .figures
        .iter()
        .filter_map(|f| {
            Some((
                f,
                &accounts.definitions[f.definition],
                *f.value.as_ref().ok()?,
            ))
        })
        .collect();
    let columns = vec![
        texts(
            lang.pick("indicator", "指标"),
            known.iter().map(|(f, d, _)| match &f.member {
                Some(member) => format!("{} ({member})", d.name(lang)),
                None => d.name(lang).to_string(),
            }),
        ),
        numbers(
            lang.pick("value", "数值"),
            "",
            known.iter().map(|(.., value)| *value),
        ),
        texts(
            lang.pick("unit", "单位"),
            known.iter().map(|(_, d, _)| d.unit.clone()),
        ),
        texts(
            lang.pick("edition", "版本"),
            known.iter().map(|(_, d, _)| d.edition.clone()),
        ),
        texts(
            lang.pick("definition", "定义"),
            known.iter().map(|(_, d, _)| d.text.clone()),
        ),
        texts(
            lang.pick("source", "来源"),
            known.iter().map(|(_, d, _)| d.source.clone()),
        ),
    ];
    if !known.is_empty() {
        section(out, lang.pick("Indicators", "指标"), columns);
    }
    let mut without: Vec<String> = Vec::new();
    for figure in accounts.figures.iter().filter(|f| f.value.is_err()) {
        let own = accounts.definitions[figure.definition]
            .name(lang)
            .to_string();
        if !without.contains(&own) {
            without.push(own);
        }
    }
    if !without.is_empty() {
        let without = lang.list(&without);
        let _ = writeln!(
            out,
            "{}",
            lang.pick(
                format!("without a value (reasons in account/indicators.csv): {without}"),
                format!("无值（原因见 account/indicators.csv）：{without}"),
            )
        );
    }
}

fn utilities(out: &mut String, accounts: &Accounts, lang: Lang) {
    let rows = &accounts.utilities;
    let unit = |i: usize| shown_unit(rows[i].basis);
    if rows.is_empty() {
        return;
    }
    let columns = vec![
        texts(
            lang.pick("carrier", "载体"),
            rows.iter().map(|u| u.carrier.replace('_', " ")),
        ),
        numbers(
            lang.pick("amount", "用量"),
            "",
            (0..rows.len()).map(|i| rows[i].amount / unit(i).1),
        ),
        numbers(
            lang.pick("per tonne of product", "每吨产品"),
            "",
            (0..rows.len())
                .map(|i| rows[i].per_product_kg.unwrap_or(f64::NAN) * TONNE_KG / unit(i).1),
        ),
        texts(
            lang.pick("unit", "单位"),
            (0..rows.len()).map(|i| unit(i).0.to_string()),
        ),
    ];
    section(
        out,
        lang.pick("Used beside matter", "物料以外的消耗"),
        columns,
    );
}

fn grades(out: &mut String, accounts: &Accounts, lang: Lang) {
    let rows: Vec<_> = accounts
        .grades
        .iter()
        .flat_map(|p| p.classes.iter().map(move |class| (p, class)))
        .collect();
    if rows.is_empty() {
        return;
    }
    let columns = vec![
        texts(
            lang.pick("stream", "物流"),
            rows.iter().map(|(p, _)| p.stream.clone()),
        ),
        texts(
            lang.pick("product", "产品"),
            rows.iter().map(|(p, _)| p.product.clone()),
        ),
        texts(
            lang.pick("class", "等级"),
            rows.iter()
                .map(|(_, c)| format!("{} {}", c.standard, c.class(lang))),
        ),
        texts(
            lang.pick("verdict", "判定"),
            rows.iter().map(|(_, c)| c.verdict.text(lang)),
        ),
    ];
    section(out, lang.pick("Grades", "产品等级"), columns);
}

fn carbon(out: &mut String, accounts: &Accounts, lang: Lang) {
    let Some(footprint) = &accounts.footprint else {
        let _ = writeln!(
            out,
            "\n{}",
            lang.pick(
                "Carbon: nothing is known of electricity, heat and reagents (utilities.csv)",
                "碳：未提供电、热与药剂用量（utilities.csv）",
            )
        );
        return;
    };
    let tonnes = |kg: f64| significant(kg / TONNE_KG, 4);
    let (total, meaning) = (tonnes(footprint.total.kg()), footprint.total.text(lang));
    let colon = lang.pick(": ", "：");
    let _ = writeln!(
        out,
        "\n{}{colon}{total} t CO2e, {meaning}",
        lang.pick("Carbon", "碳")
    );
    for (scope, kg) in footprint.by_scope() {
        let _ = writeln!(
            out,
            "  {} {}{colon}{} t",
            lang.pick("scope", "范围"),
            scope.text(),
            tonnes(kg)
        );
    }
}

fn section(out: &mut String, title: &str, columns: Vec<Column>) {
    let frame = Frame {
        name: String::new(),
        columns,
    };
    let _ = write!(out, "\n{title}\n{}", text_table(&frame));
}

fn texts(name: &str, values: impl Iterator<Item = String>) -> Column {
    Column {
        name: name.into(),
        unit: String::new(),
        values: Values::Text(values.collect()),
    }
}

fn numbers(name: &str, unit: &str, values: impl Iterator<Item = f64>) -> Column {
    Column {
        name: name.into(),
        unit: unit.into(),
        values: Values::Number(values.collect()),
    }
}
