//! A fit in a few lines, in either language.

use saltern_units::message::Lang;

use super::data::Measurement;
use super::regression::root_mean_square;
use super::tables::{Outcome, degc, number};
use super::validation::LeftOut;
use crate::database::REFERENCE_TEMPERATURE_K;
use crate::fit::data::QUANTITIES;

/// |correlation| above which two unknowns are told to move together.
pub const CORRELATION_TOLD: f64 = 0.99;
/// Residuals beyond this many standard deviations are told.
const RESIDUAL_TOLD: f64 = 3.0;
/// How many of them.
const RESIDUALS_SHOWN: usize = 8;

/// What a person wants to know first.
pub fn summary(outcome: &Outcome<'_>, left_out: &[LeftOut], lang: Lang) -> String {
    let mut lines = vec![heading(outcome, lang)];
    lines.extend(by_quantity(outcome, lang));
    lines.extend(values(outcome, lang));
    lines.extend(warnings(outcome, lang));
    lines.extend(worst(outcome, lang));
    lines.extend(left_out.iter().map(|l| validation_line(l, lang)));
    lines.join("\n")
}

fn heading(outcome: &Outcome<'_>, lang: Lang) -> String {
    let minimum = &outcome.fit.minimum;
    let (counted, unknowns) = (outcome.fit.counted, outcome.plan.unknowns());
    let deviation = minimum.variance.sqrt();
    let (steps, scale) = (minimum.iterations, minimum.scale);
    lang.pick(
        format!(
            "{counted} residuals, {unknowns} unknowns, {steps} steps; a residual of unit weight is {deviation:.3} sd (scale of the loss {scale:.3})"
        ),
        format!("{counted} 个残差，{unknowns} 个未知数，{steps} 步；单位权残差为 {deviation:.3} sd（损失函数尺度 {scale:.3}）"),
    )
}

fn by_quantity(outcome: &Outcome<'_>, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for name in QUANTITIES {
        let here = |p: &&super::model::Prediction| {
            let m = &outcome.measurements[p.measurement];
            m.quantity.name() == name && m.weight > 0.0
        };
        let fit = outcome.fit;
        let mut relative: Vec<f64> = fit
            .predictions
            .iter()
            .filter(here)
            .filter(|p| p.is_answered())
            .map(|p| 100.0 * p.relative.abs())
            .collect();
        if relative.is_empty() {
            continue;
        }
        relative.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| relative[((relative.len() - 1) as f64 * share).round() as usize];
        let (count, median, p95) = (relative.len(), at(0.5), at(0.95));
        let after = root_mean_square(fit.predictions.iter().filter(here), outcome.measurements);
        let before = root_mean_square(fit.before.iter().filter(here), outcome.measurements);
        lines.push(lang.pick(
            format!(
                "  {name}: {count}, rms {after:.3} sd (before {before:.3}), |deviation| median {median:.3} %, 95th percentile {p95:.3} %"
            ),
            format!(
                "  {name}：{count} 个，均方根 {after:.3} sd（拟合前 {before:.3}），|偏差| 中位数 {median:.3} %，95 分位 {p95:.3} %"
            ),
        ));
    }
    lines
}

fn values(outcome: &Outcome<'_>, lang: Lang) -> Vec<String> {
    let n = outcome.plan.unknowns();
    let minimum = &outcome.fit.minimum;
    let free = outcome
        .plan
        .parameters
        .iter()
        .enumerate()
        .filter(|(_, p)| !p.free.is_empty());
    free.map(|(index, parameter)| {
        let at = |kelvin: f64| {
            let value = parameter.value(&minimum.x, kelvin);
            let error = parameter.standard_error(&minimum.covariance, n, kelvin);
            let error = if error.is_finite() {
                format!("{error:.2e}")
            } else {
                "?".to_string()
            };
            format!("{value:.5} ± {error}")
        };
        let (low, high) = outcome.range_k(index);
        let mut shown = vec![low, REFERENCE_TEMPERATURE_K.clamp(low, high), high];
        shown.dedup();
        let shown: Vec<String> = shown
            .into_iter()
            .map(|t| {
                let celsius = number(degc(t));
                lang.pick(
                    format!("{} at {celsius} degC", at(t)),
                    format!("{celsius} degC 时 {}", at(t)),
                )
            })
            .collect();
        let colon = lang.pick(": ", "：");
        format!("  {}{colon}{}", parameter.name(), lang.list(&shown))
    })
    .collect()
}

/// What should keep a person from trusting the values.
pub fn warnings(outcome: &Outcome<'_>, lang: Lang) -> Vec<String> {
    let names = outcome.plan.unknown_names();
    let mut lines = Vec::new();
    if !outcome.fit.minimum.converged {
        lines.push(
            lang.pick("warning: the fit has not converged", "警告：拟合未收敛")
                .to_string(),
        );
    }
    lines.extend(
        outcome
            .fit
            .unanswered
            .iter()
            .map(|&index| left_out_line(&outcome.measurements[index], lang)),
    );
    for (unknown, others) in outcome.fit.undetermined() {
        let others: Vec<&str> = others.iter().map(|&k| names[k].as_str()).collect();
        let name = &names[unknown];
        lines.push(if others.is_empty() {
            lang.pick(
                format!("warning: no measurement determines {name}; it stays where it started"),
                format!("警告：没有测量值能确定 {name}，保持起始值"),
            )
        } else {
            let list = lang.list(&others);
            lang.pick(
                format!(
                    "warning: the data cannot tell {name} from {list}; it stays where it started"
                ),
                format!("警告：数据无法区分 {name} 与 {list}，前者保持起始值"),
            )
        });
    }
    let of_parameter = |k: usize| {
        let parameters = &outcome.plan.parameters;
        parameters
            .iter()
            .rposition(|p| p.first <= k && !p.free.is_empty())
    };
    let (same, apart): (Vec<_>, Vec<_>) = outcome
        .fit
        .correlated(CORRELATION_TOLD)
        .into_iter()
        .partition(|&(i, j, _)| of_parameter(i) == of_parameter(j));
    for (i, j, r) in apart {
        let (a, b) = (&names[i], &names[j]);
        lines.push(lang.pick(
            format!("note: {a} and {b} move together (correlation {r:.4})"),
            format!("提示：{a} 与 {b} 高度相关（相关系数 {r:.4}）"),
        ));
    }
    if !same.is_empty() {
        let count = same.len();
        lines.push(lang.pick(
            format!("note: {count} pairs of temperature terms of one parameter move together; its value is known better than its terms"),
            format!("提示：同一参数的温度项有 {count} 对高度相关；参数值比各项更为确定"),
        ));
    }
    lines
}

/// A measurement without an answer: where it stands and what it is of.
fn left_out_line(m: &Measurement, lang: Lang) -> String {
    let analysed = m.assay.analysed.iter();
    let amounts =
        analysed.map(|a| format!("{} {} {}", a.analyte.name(), number(a.value), a.unit.symbol));
    let brine: Vec<String> = amounts.collect();
    let (place, source, quantity) = (m.place.text(lang), &m.source, m.quantity.name());
    let brine = brine.join(" ");
    let celsius = number(degc(m.temperature_k()));
    let of = if m.of.is_empty() {
        String::new()
    } else {
        format!(" {}", m.of)
    };
    lang.pick(
        format!(
            "warning: {place}: the model has no answer here ({source}, {quantity}{of}, {brine}, {celsius} degC); left out"
        ),
        format!("警告：{place}：模型在此无解（{source}，{quantity}{of}，{brine}，{celsius} degC），未参与拟合"),
    )
}

fn worst(outcome: &Outcome<'_>, lang: Lang) -> Vec<String> {
    let scale = outcome.fit.minimum.variance.sqrt().max(1.0);
    let mut far: Vec<_> = outcome
        .fit
        .predictions
        .iter()
        .filter(|p| {
            outcome.measurements[p.measurement].weight > 0.0
                && p.residual.abs() > RESIDUAL_TOLD * scale
        })
        .collect();
    far.sort_by(|a, b| b.residual.abs().total_cmp(&a.residual.abs()));
    let count = far.len();
    let mut lines: Vec<String> = far
        .iter()
        .take(RESIDUALS_SHOWN)
        .map(|p| {
            let m = &outcome.measurements[p.measurement];
            let colon = lang.pick(": ", "：");
            let (place, percent, sd) = (m.place.text(lang), 100.0 * p.relative, p.residual);
            let celsius = number(degc(m.temperature_k()));
            format!(
                "  {place}{colon}{} {} {} {celsius} degC{colon}{percent:+.2} %, {sd:+.1} sd",
                m.source,
                m.quantity.name(),
                m.of
            )
        })
        .collect();
    if count > 0 {
        lines.insert(
            0,
            lang.pick(
                format!("far from the fit: {count}"),
                format!("远离拟合的测量值：{count} 个"),
            ),
        );
    }
    lines
}

fn validation_line(l: &LeftOut, lang: Lang) -> String {
    let (source, count, within, without) = (&l.source, l.count, l.rms_within, l.rms_without);
    let median = 100.0 * l.median_without;
    let mut line = lang.pick(
        format!(
            "without {source} ({count}): rms {without:.2} sd (with it {within:.2}), median deviation {median:+.2} %"
        ),
        format!("不含 {source}（{count}）：均方根 {without:.2} sd（含之 {within:.2}），偏差中位数 {median:+.2} %"),
    );
    if !l.only_here.is_empty() {
        let list = lang.list(&l.only_here);
        line += &lang.pick(
            format!("; it alone determines {list}"),
            format!("；仅由其确定：{list}"),
        );
    }
    line
}
