//! What a person wants to know when a plan has ended.

use std::fmt::Write as _;
use std::path::Path;

use saltern_run::RunContents;
use saltern_run::figures;
use saltern_run::plan::{ColumnKind, PlanAnswer};
use saltern_units::Lang;
use saltern_units::quantity::significant;

/// Reasons of each kind that are told on the terminal.
const TOLD: usize = 8;

/// Status, cost, carbon, curtailment, size and time, where the report is.
pub(super) fn text(run: &RunContents, target: &Path, lang: Lang) -> String {
    let Some(plan) = &run.plan else {
        return String::new();
    };
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}", heading(run, plan, lang));
    if let Some(objective) = plan.objective {
        let _ = writeln!(out, "  {}", cost(plan, objective, lang));
        let _ = writeln!(out, "  {}", carbon(plan, lang));
        if let Some(line) = flexibility(plan, objective, lang) {
            let _ = writeln!(out, "  {line}");
        }
        for line in foresight(plan, lang)
            .into_iter()
            .chain(scenarios(plan, lang))
            .chain(tracked(plan, lang))
        {
            let _ = writeln!(out, "  {line}");
        }
        let _ = writeln!(out, "  {}", closure(run, lang));
    }
    for line in reasons(plan, lang) {
        let _ = writeln!(out, "  {line}");
    }
    let _ = writeln!(out, "  {}", numerics(plan, lang));
    let _ = writeln!(out, "  {}", report(target, lang));
    out
}

/// Where the report is.
pub(super) fn report(target: &Path, lang: Lang) -> String {
    let report = target.join("report.html");
    let report = report.display();
    lang.pick(format!("report: {report}"), format!("报告：{report}"))
}

fn heading(run: &RunContents, plan: &PlanAnswer, lang: Lang) -> String {
    let name = lang.pick(&run.base.name.en, &run.base.name.zh);
    let (from, to, days) = (run.meta.from, run.meta.to, run.meta.days);
    let status = plan.status_text(lang);
    lang.pick(
        format!("{name}: dispatch, {from} to {to} ({days} days): {status}"),
        format!("{name}：调度，{from} 至 {to}（{days} 天）：{status}"),
    )
}

/// Money with all its digits before the point.
fn money(amount: f64) -> String {
    let digits = format!("{:.0}", amount.abs());
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    if amount < 0.0 {
        format!("−{grouped}")
    } else {
        grouped
    }
}

fn cost(plan: &PlanAnswer, objective: f64, lang: Lang) -> String {
    let mut parts: Vec<_> = plan.costs.iter().collect();
    parts.sort_by(|a, b| b.money.abs().total_cmp(&a.money.abs()));
    let parts: Vec<String> = parts
        .iter()
        .take(4)
        .map(|cost| {
            let name = lang.pick(&cost.name.en, &cost.name.zh);
            let sold = match cost.kind {
                Some(ColumnKind::Export) => lang.pick(", sold", "（售出）"),
                Some(ColumnKind::Deviation) => lang.pick(", off schedule", "（偏离计划）"),
                Some(ColumnKind::Level) => lang.pick(", held at the end", "（期末所存）"),
                Some(ColumnKind::Backlog) => lang.pick(", done at other times", "（于期外完成）"),
                Some(ColumnKind::Shortage) => lang.pick(", not served", "（缺供）"),
                _ => "",
            };
            format!("{name}{sold} {}", money(cost.money))
        })
        .collect();
    let (total, currency) = (money(objective), &plan.currency);
    let parts = parts.join(lang.pick("; ", "；"));
    lang.pick(
        format!("cost: {total} {currency} ({parts}, …)"),
        format!("成本：{total} {currency}（{parts}，……）"),
    )
}

fn carbon(plan: &PlanAnswer, lang: Lang) -> String {
    let carbon = significant(plan.carbon_t, 3);
    let curtailed = significant(plan.curtailed_mwh, 3);
    let uncounted = plan.carbon_uncounted.join(", ");
    let without = if uncounted.is_empty() {
        String::new()
    } else {
        lang.pick(
            format!(" ({uncounted} not counted: no factor)"),
            format!("（未计 {uncounted}：缺排放因子）"),
        )
    };
    lang.pick(
        format!("CO2, direct: {carbon} t{without}; curtailed: {curtailed} MWh"),
        format!("直接 CO2：{carbon} t{without}；弃电（热）：{curtailed} MWh"),
    )
}

/// What storage and waiting work earn, where that was asked.
fn flexibility(plan: &PlanAnswer, objective: f64, lang: Lang) -> Option<String> {
    let rigid = plan.without_flexibility.as_ref()?;
    let Some(cost) = rigid.objective else {
        return Some(
            lang.pick(
                "without storage and waiting work there is no plan",
                "没有储能与可推迟作业则无可行方案",
            )
            .into(),
        );
    };
    let (earned, currency) = (money(cost - objective), &plan.currency);
    let share = significant(100.0 * (cost - objective) / cost.abs(), 3);
    let carbon = significant(rigid.carbon_t - plan.carbon_t, 3);
    Some(lang.pick(
        format!("flexibility earns {earned} {currency} ({share} %) and saves {carbon} t CO2"),
        format!("灵活性带来 {earned} {currency}（{share} %），减排 CO2 {carbon} t"),
    ))
}

/// What rolling on forecasts costs beside knowing and persistence.
fn foresight(plan: &PlanAnswer, lang: Lang) -> Option<String> {
    let answer = plan.foresight.as_ref()?;
    let [knowing, forecast, persistence] =
        [answer.knowing, answer.forecast, answer.persistence].map(money);
    let currency = &plan.currency;
    Some(lang.pick(
        format!(
            "cost less what is left in stores: knowing {knowing}, on forecasts {forecast}, by persistence {persistence} {currency}"
        ),
        format!(
            "扣除期末储能价值后的成本：已知未来 {knowing}，使用预测 {forecast}，持续性 {persistence} {currency}"
        ),
    ))
}

/// What deciding for scenarios costs, beside the mean and beside knowing.
fn scenarios(plan: &PlanAnswer, lang: Lang) -> Vec<String> {
    let Some(answer) = &plan.scenarios else {
        return Vec::new();
    };
    let told = |amount: Option<f64>| amount.map_or_else(|| "–".to_owned(), money);
    let (count, seed) = (answer.count, answer.seed);
    let here = money(answer.here_and_now);
    let (mean, wait) = (told(answer.of_mean), told(answer.wait_and_see));
    let (vss, evpi) = (told(answer.vss()), told(answer.evpi()));
    let (came, known) = (told(answer.came), told(answer.known));
    vec![
        lang.pick(
            format!(
                "{count} scenarios (seed {seed}): expected cost {here}; decided for their mean {mean} (VSS {vss}); if each were known {wait} (EVPI {evpi})"
            ),
            format!(
                "{count} 个情景（种子 {seed}）：期望成本 {here}；仅按均值决策 {mean}（VSS {vss}）；若均已知 {wait}（EVPI {evpi}）"
            ),
        ),
        lang.pick(
            format!("in what came: {came}; least possible {known}"),
            format!("实际情况下：{came}；最低可能 {known}"),
        ),
    ]
}

/// Clean share, quotas, service of work, published limits.
fn tracked(plan: &PlanAnswer, lang: Lang) -> Vec<String> {
    let known = |value: Option<f64>, digits: usize| {
        value.map_or_else(|| "–".to_owned(), |value| significant(value, digits))
    };
    let percent = |share: Option<f64>| match share {
        None => known(None, 3),
        Some(share) => format!("{} %", significant(100.0 * share, 3)),
    };
    let mut lines = Vec::new();
    if let Some(matching) = &plan.matching {
        let (score, annual) = (percent(matching.score), percent(matching.annual_share));
        let carbon = known(matching.direct_kg_mwh, 3);
        lines.push(lang.pick(
            format!(
                "clean hour by hour (24/7 CFE): {score}; over the whole plan: {annual}; direct CO2: {carbon} kg/MWh used"
            ),
            format!("逐时清洁用能（24/7 CFE）：{score}；按整个计划期：{annual}；直接 CO2：{carbon} kg/MWh"),
        ));
    }
    for quota in &plan.quotas {
        let name = lang.pick(&quota.name.en, &quota.name.zh);
        let [used, limit] = [quota.used, quota.limit].map(|x| significant(x, 4));
        let (amounts, currency) = (&quota.amounts, &plan.currency);
        let price = known(quota.price, 4);
        lines.push(lang.pick(
            format!(
                "quota {name}: {used} of {limit} {amounts}; one more is worth {price} {currency}/{amounts}"
            ),
            format!("配额 {name}：已用 {used} / {limit} {amounts}；边际价值 {price} {currency}/{amounts}"),
        ));
    }
    for service in plan.service.iter().filter(|s| s.arrived_mwh > 0.0) {
        let name = lang.pick(&service.name.en, &service.name.zh);
        let share = percent(Some(service.in_time_mwh / service.arrived_mwh));
        let slack = known(service.worst_slack_h, 3);
        lines.push(lang.pick(
            format!("work {name}: {share} in time, least slack {slack} h"),
            format!("作业 {name}：按期 {share}，最小裕度 {slack} h"),
        ));
    }
    if let Some(limits) = &plan.limits {
        let (margin, kept) = (percent(Some(limits.margin)), percent(Some(limits.kept)));
        lines.push(lang.pick(
            format!("limits of flexible work: margin {margin}, {kept} of each day's need kept; hall_limits.csv"),
            format!("柔性作业上限：裕量 {margin}，各日所需满足 {kept}；hall_limits.csv"),
        ));
    }
    lines
}

fn closure(run: &RunContents, lang: Lang) -> String {
    let worst = figures::worst(run.meta.closure.values());
    lang.pick(
        format!("closure: {worst:.1e} (worst carrier and node)"),
        format!("闭合差：{worst:.1e}（最差能源与节点）"),
    )
}

/// What cannot hold together, and the cheapest way out.
pub(super) fn reasons(plan: &PlanAnswer, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    let titles = [
        lang.pick("these cannot hold together:", "以下条件无法同时成立："),
        lang.pick("the cheapest way out:", "代价最小的调整："),
    ];
    for (title, causes) in titles.into_iter().zip([&plan.conflict, &plan.relaxation]) {
        if !causes.is_empty() {
            lines.push(title.to_owned());
        }
        let texts = causes.iter().map(|c| lang.pick(&c.text.en, &c.text.zh));
        lines.extend(texts.take(TOLD).map(|text| format!("  - {text}")));
        if let Some(more) = causes.len().checked_sub(TOLD).filter(|more| *more > 0) {
            lines.push(lang.pick(
                format!("  … and {more} more, in plan.json and the report"),
                format!("  ……另有 {more} 条，见 plan.json 与报告"),
            ));
        }
    }
    lines
}

fn numerics(plan: &PlanAnswer, lang: Lang) -> String {
    let (rows, columns, iterations) = (plan.rows, plan.columns, plan.iterations);
    let build = significant(plan.build_s * 1e3, 2);
    let solve = significant(plan.solve_s, 2);
    lang.pick(
        format!(
            "programme: {rows} rows, {columns} columns, built in {build} ms, solved in {solve} s ({iterations} iterations)"
        ),
        format!(
            "规划：{rows} 行、{columns} 列，建模 {build} ms，求解 {solve} s（{iterations} 次迭代）"
        ),
    )
}
