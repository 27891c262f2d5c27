//! What a person wants to know when a simulation has ended.

use std::fmt::Write as _;
use std::path::Path;

use saltern_base::glossary;
use saltern_run::accounts::{self, Accounts};
use saltern_run::figures::{self, Count, Fate, StreamTotal};
use saltern_run::{RunContents, WeatherOrigin};
use saltern_units::Lang;
use saltern_units::quantity::significant;

/// Elements whose way through the base is told.
const TRACKED: [&str; 2] = ["K", "Li"];
/// Minerals harvested in less than this share of the largest harvest are not told.
const TOLD_SHARE: f64 = 1e-3;

/// What of the utilities of plants is not counted.
pub(crate) const UNCOUNTED: [&str; 2] = [
    "simulate.plant_electricity_not_given",
    "simulate.plant_heat_not_known",
];

/// Harvest and products, where potassium and lithium went, closure, failures, where the report is.
pub(crate) fn text(
    run: &RunContents,
    accounts: Option<&Accounts>,
    target: &Path,
    lang: Lang,
) -> String {
    let totals = figures::stream_totals(&run.book);
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}", heading(run, lang));
    let _ = writeln!(out, "  {}", harvest(run, &totals, lang));
    for symbol in TRACKED {
        if let Some(line) = fate(run, &totals, symbol, lang) {
            let _ = writeln!(out, "  {line}");
        }
    }
    let plants = accounts.filter(|_| !run.base.plants.is_empty());
    for line in plants.into_iter().flat_map(|a| made(run, a, lang)) {
        let _ = writeln!(out, "  {line}");
    }
    let _ = writeln!(out, "  {}", numerics(run, lang));
    if let WeatherOrigin::Synthetic { name, seed } = &run.meta.weather {
        let _ = writeln!(
            out,
            "  {}",
            lang.pick(
                format!("weather: SYNTHETIC, generated from {name} with seed {seed}"),
                format!("气象：合成数据，由 {name} 以种子 {seed} 生成"),
            )
        );
    }
    for notice in &run.notices {
        if UNCOUNTED.iter().any(|code| notice.code == *code) {
            let _ = writeln!(out, "  {}", lang.pick(&notice.en, &notice.zh));
        }
    }
    if !run.notices.is_empty() {
        let count = run.notices.len();
        let _ = writeln!(
            out,
            "  {}",
            lang.pick(
                format!("notices: {count}, in the report"),
                format!("提示：{count} 条，见报告"),
            )
        );
    }
    let report = target.join("report.html");
    let _ = writeln!(
        out,
        "  {} {}",
        lang.pick("report:", "报告："),
        report.display()
    );
    out
}

fn heading(run: &RunContents, lang: Lang) -> String {
    let name = lang.pick(&run.base.name.en, &run.base.name.zh);
    let name = if name.is_empty() { &run.base.id } else { name };
    let (from, to, days) = (run.meta.from, run.meta.to, run.meta.days);
    let seconds = significant(run.meta.elapsed_s, 2);
    let (ponds, plants) = (run.base.ponds.len(), run.base.plants.len());
    lang.pick(
        match plants {
            0 => format!("{name}: {ponds} ponds, {from} to {to} ({days} days) in {seconds} s"),
            _ => format!("{name}: {ponds} ponds, {plants} plants, {from} to {to} ({days} days) in {seconds} s"),
        },
        match plants {
            0 => format!("{name}：{ponds} 个盐池，{from} 至 {to}（{days} 天），用时 {seconds} s"),
            _ => format!("{name}：{ponds} 个盐池、{plants} 个工厂，{from} 至 {to}（{days} 天），用时 {seconds} s"),
        },
    )
}

fn harvest(run: &RunContents, totals: &[StreamTotal], lang: Lang) -> String {
    let masses = figures::harvested_kg(&run.book, totals);
    let largest = masses.iter().fold(0.0, |a: f64, b| a.max(*b));
    let mut taken: Vec<(&String, f64)> = run
        .book
        .minerals
        .iter()
        .zip(masses)
        .filter(|(_, kg)| *kg > TOLD_SHARE * largest)
        .collect();
    taken.sort_by(|a, b| b.1.total_cmp(&a.1));
    let items: Vec<String> = taken
        .iter()
        .map(|(mineral, kg)| format!("{} {} t", glossary::term(mineral, lang), tonnes(*kg)))
        .collect();
    if items.is_empty() {
        return lang.pick("harvested: nothing", "采收：无").into();
    }
    lang.pick("harvested: ", "采收：").to_string() + &lang.list(&items)
}

/// Where an element went; `None` where the base has none of it.
fn fate(run: &RunContents, totals: &[StreamTotal], symbol: &str, lang: Lang) -> Option<String> {
    let element = figures::element(&run.book, symbol)?;
    let fate = figures::fate(&run.book, totals, Count::Element(element));
    let there = fate.available_kg();
    if there <= 0.0 {
        return None;
    }
    // Adding zero turns a rounded −0 into 0.
    let share = |kg: f64| format!("{:.1} %", (1000.0 * kg / there).round() / 10.0 + 0.0);
    let Fate {
        harvested_kg,
        entrained_kg,
        sold_kg,
        leaked_kg,
        closing_brine_kg,
        closing_salt_kg,
        ..
    } = fate;
    Some(lang.pick(
        format!(
            "{symbol}: {} t in stock and feed → {} harvested, {} with it as brine, {} out with brine, {} leaked, {} in pond brine and {} in salt at the end",
            tonnes(there), share(harvested_kg), share(entrained_kg), share(sold_kg), share(leaked_kg),
            share(closing_brine_kg), share(closing_salt_kg)
        ),
        format!(
            "{symbol}：初始与进料共 {} t → 采收 {}，随盐夹带 {}，随卤水外排 {}，渗漏 {}，期末池卤 {}、池底盐 {}",
            tonnes(there), share(harvested_kg), share(entrained_kg), share(sold_kg), share(leaked_kg),
            share(closing_brine_kg), share(closing_salt_kg)
        ),
    ))
}

/// What the plants made, and how much of what was drawn from the ground arrived in it.
fn made(run: &RunContents, accounts: &Accounts, lang: Lang) -> Vec<String> {
    let products = accounts::products(&accounts.statement);
    let told = products.iter().map(|product| {
        let name = accounts::name(&run.base, &product.name, lang);
        format!("{name} {} t", tonnes(product.kg))
    });
    let told: Vec<String> = told.collect();
    let ways = accounts.ways.iter().filter_map(|way| {
        let (overall, end) = (way.overall()?, way.names.last()?);
        let percent = significant(100.0 * overall, 3);
        let end = accounts::name(&run.base, end, lang);
        Some(format!("{} {percent} % → {end}", way.element))
    });
    let ways: Vec<String> = ways.collect();
    let nothing = lang.pick("nothing", "无").to_owned();
    let listed = |items: &[String]| match items.is_empty() {
        true => nothing.clone(),
        false => lang.list(items),
    };
    vec![
        lang.pick("products: ", "产品：").to_owned() + &listed(&told),
        lang.pick("of what was drawn arrived: ", "所采资源到达：")
            .to_owned()
            + &listed(&ways),
    ]
}

fn numerics(run: &RunContents, lang: Lang) -> String {
    let closure = figures::worst(run.meta.closure.values());
    let (equilibria, failures) = (run.meta.equilibria, run.meta.failures);
    lang.pick(
        format!("closure: {closure:.1e} (worst element and node); {failures} of {equilibria} equilibria failed"),
        format!("闭合差：{closure:.1e}（最差元素与节点）；{equilibria} 次平衡计算中 {failures} 次失败"),
    )
}

/// Tonnes to three digits, grouped by thousands.
fn tonnes(kg: f64) -> String {
    let text = significant(kg / 1e3, 3);
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(w, r)| (w, Some(r)));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    rest.map_or(grouped.clone(), |rest| format!("{grouped}.{rest}"))
}

#[cfg(test)]
mod tests {
    use super::tonnes;

    #[test]
    fn tonnes_are_rounded_and_grouped() {
        assert_eq!(tonnes(1_234_567_890.0), "1 230 000");
        assert_eq!(tonnes(12_340.0), "12.3");
        assert_eq!(tonnes(0.0), "0");
    }
}
