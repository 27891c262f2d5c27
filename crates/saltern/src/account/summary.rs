//! The accounts of a run as a person reads them at a terminal.

use std::fmt::Write as _;

use saltern_account::indicators::Figure;
use saltern_base::book::NodeKind;
use saltern_base::frame::{Column, Frame};
use saltern_run::RunContents;
use saltern_run::accounts::{Accounts, Way, name, shown_unit};
use saltern_run::compare::text_table;
use saltern_units::Lang;
use saltern_units::quantity::significant;

use crate::simulate::summary::UNCOUNTED;

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
    by_plant(&mut out, run, accounts, lang);
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
    let title = ("Recovery, stage by stage", "逐段回收率");
    let tonnes = |kg: f64| kg / TONNE_KG;
    let percent = |x: Option<f64>| x.map_or(f64::NAN, |x| 100.0 * x);
    Section::of(&rows, title, lang)
        .text(("element", "元素"), |(way, _)| way.element.clone())
        .text(("stage", "阶段"), |(way, i)| {
            name(&run.base, &way.names[*i], lang)
        })
        .number(("received", "所得"), "t", |(way, i)| {
            tonnes(way.stages[*i].input_kg)
        })
        .number(("on", "送出"), "t", |(way, i)| {
            tonnes(way.stages[*i].onward_kg)
        })
        .number(("elsewhere", "他处"), "t", |(way, i)| {
            tonnes(way.stages[*i].elsewhere_kg.iter().map(|(_, kg)| kg).sum())
        })
        .number(("stayed", "留存"), "t", |(way, i)| {
            tonnes(way.stages[*i].stock_change_kg)
        })
        .number(("recovery", "回收率"), "%", |(way, i)| {
            percent(way.stages[*i].recovery())
        })
        .number(
            ("of what was worked up", "按处理量计"),
            "%",
            |(way, i)| percent(way.stages[*i].recovery_of_throughput()),
        )
        .write(out);
    for way in &accounts.ways {
        overall(out, run, way, lang);
    }
}

/// How much of what was drawn arrives at the end of a way.
fn overall(out: &mut String, run: &RunContents, way: &Way, lang: Lang) {
    let end = way.names.last().map(|id| name(&run.base, id, lang));
    let (Some(overall), Some(end)) = (way.overall(), end) else {
        return;
    };
    let (element, drawn) = (&way.element, significant(way.drawn_kg / TONNE_KG, 4));
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
    let definition = |figure: &Figure| &accounts.definitions[figure.definition];
    let (known, without): (Vec<&Figure>, Vec<&Figure>) =
        accounts.figures.iter().partition(|f| f.value.is_ok());
    Section::of(&known, ("Indicators", "指标"), lang)
        .text(("indicator", "指标"), |f| match &f.member {
            Some(member) => format!("{} ({member})", definition(f).name.text(lang)),
            None => definition(f).name.text(lang).to_owned(),
        })
        .number(("value", "数值"), "", |f| {
            f.value.as_ref().map_or(f64::NAN, |value| *value)
        })
        .text(("unit", "单位"), |f| definition(f).unit.clone())
        .text(("edition", "版本"), |f| {
            definition(f).edition.text(lang).to_owned()
        })
        .text(("definition", "定义"), |f| definition(f).text.clone())
        .text(("source", "来源"), |f| {
            definition(f).source.text(lang).to_owned()
        })
        .write(out);
    let mut names: Vec<String> = Vec::new();
    for figure in without {
        let name = definition(figure).name.text(lang).to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if !names.is_empty() {
        let names = lang.list(&names);
        let _ = writeln!(
            out,
            "{}",
            lang.pick(
                format!("without a value (reasons in account/indicators.csv): {names}"),
                format!("无值（原因见 account/indicators.csv）：{names}"),
            )
        );
    }
}

fn utilities(out: &mut String, accounts: &Accounts, lang: Lang) {
    let title = ("Used beside matter", "物料以外的消耗");
    Section::of(&accounts.utilities, title, lang)
        .text(("carrier", "载体"), |u| u.carrier.replace('_', " "))
        .number(("amount", "用量"), "", |u| {
            u.amount / shown_unit(u.basis).1
        })
        .number(("per tonne of product", "每吨产品"), "", |u| {
            u.per_product_kg.unwrap_or(f64::NAN) * TONNE_KG / shown_unit(u.basis).1
        })
        .text(("unit", "单位"), |u| shown_unit(u.basis).0.to_owned())
        .write(out);
}

fn by_plant(out: &mut String, run: &RunContents, accounts: &Accounts, lang: Lang) {
    let title = ("Used beside matter, by plant", "各工厂物料以外的消耗");
    Section::of(&accounts.uses_by_node, title, lang)
        .text(("plant", "工厂"), |n| name(&run.base, &n.by, lang))
        .text(("carrier", "载体"), |n| n.carrier.replace('_', " "))
        .number(("amount", "用量"), "", |n| {
            n.amount / shown_unit(n.basis).1
        })
        .number(
            ("per tonne of its products", "该厂每吨产品"),
            "",
            |n| n.per_product_kg.unwrap_or(f64::NAN) * TONNE_KG / shown_unit(n.basis).1,
        )
        .text(("unit", "单位"), |n| shown_unit(n.basis).0.to_owned())
        .text(("products", "产品"), |n| {
            let names = n.products.iter().map(|id| name(&run.base, id, lang));
            lang.list(&names.collect::<Vec<_>>())
        })
        .write(out);
    for notice in &run.notices {
        if UNCOUNTED.iter().any(|code| notice.code == *code) {
            let _ = writeln!(out, "  {}", lang.pick(&notice.en, &notice.zh));
        }
    }
}

fn grades(out: &mut String, accounts: &Accounts, lang: Lang) {
    let products = accounts.grades.iter();
    let rows: Vec<_> = products
        .flat_map(|p| p.classes.iter().map(move |class| (p, class)))
        .collect();
    Section::of(&rows, ("Grades", "产品等级"), lang)
        .text(("stream", "物流"), |(p, _)| p.stream.clone())
        .text(("product", "产品"), |(p, _)| p.product.clone())
        .text(("class", "等级"), |(_, c)| {
            format!("{} {}", c.standard, c.class(lang))
        })
        .text(("verdict", "判定"), |(_, c)| c.verdict.text(lang))
        .write(out);
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

/// A table under its title, a row for each thing; no rows, no table.
struct Section<'r, T> {
    title: &'static str,
    rows: &'r [T],
    lang: Lang,
    columns: Vec<Column>,
}

/// What something is called in English and Chinese.
type Named = (&'static str, &'static str);

impl<'r, T> Section<'r, T> {
    fn of(rows: &'r [T], title: Named, lang: Lang) -> Self {
        Section {
            title: lang.pick(title.0, title.1),
            rows,
            lang,
            columns: Vec::new(),
        }
    }

    fn text(mut self, name: Named, value: impl Fn(&T) -> String) -> Self {
        let name = self.lang.pick(name.0, name.1);
        let values = self.rows.iter().map(value);
        self.columns.push(Column::texts(name, values));
        self
    }

    fn number(mut self, name: Named, unit: &str, value: impl Fn(&T) -> f64) -> Self {
        let name = self.lang.pick(name.0, name.1);
        let values = self.rows.iter().map(value);
        self.columns.push(Column::numbers(name, unit, values));
        self
    }

    fn write(self, out: &mut String) {
        if self.rows.is_empty() {
            return;
        }
        let table = text_table(&Frame::new("", self.columns));
        let _ = write!(out, "\n{}\n{table}", self.title);
    }
}
