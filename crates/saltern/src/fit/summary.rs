//! What is told of a fit on the terminal, in either language.

use std::fmt::Write as _;

use saltern_plants::fit::identifiability::correlated;
use saltern_plants::fit::study::{End, Study};
use saltern_units::Lang;
use saltern_units::quantity::significant;
use saltern_units::unit::{Dimension, Unit};

use super::balance::Balance;

/// Places and candidates told at most.
const TOLD: usize = 5;
/// A chance below this is told as a disagreement.
const UNLIKELY: f64 = 0.05;

/// A value and its standard error in a unit, the value to the digits that the error leaves.
pub(crate) fn with_error(unit: &Unit, value_si: f64, sigma_si: f64) -> (String, String) {
    let (value, sd) = (
        unit.from_si(value_si),
        unit.from_si(sigma_si) - unit.from_si(0.0),
    );
    let symbol = if unit.symbol == "1" {
        String::new()
    } else {
        format!(" {}", unit.symbol)
    };
    (
        format!("{}{symbol}", rounded(value, sd)),
        format!("{}{symbol}", significant(sd, 2)),
    )
}

/// `83.1 % (81.2 … 85.0 %)`; a share in per cent, a flow in t/h, a temperature in degC.
pub(crate) fn figure(dimension: Dimension, value_si: f64, half_si: f64) -> String {
    let unit = shown_in(dimension);
    let own = |si: f64| unit.from_si(si);
    let half = own(half_si) - own(0.0);
    let value = own(value_si);
    let symbol = if unit.symbol == "1" {
        String::new()
    } else {
        format!(" {}", unit.symbol)
    };
    if !half.is_finite() {
        return format!("{}{symbol} (?)", significant(value, 4));
    }
    // What is left of differences is no band.
    if half.abs() < 1e-6 * value.abs() {
        return format!("{}{symbol}", significant(value, 4));
    }
    format!(
        "{}{symbol} ({} … {}{symbol})",
        rounded(value, half),
        rounded(value - half, half),
        rounded(value + half, half)
    )
}

pub(crate) fn shown_in(dimension: Dimension) -> &'static Unit {
    let symbol = match dimension {
        Dimension::Fraction => "%",
        Dimension::MassFlow => "t/h",
        Dimension::Temperature => "degC",
        _ => dimension.si().symbol,
    };
    saltern_units::unit::find(Some(symbol), dimension).unwrap_or_else(|_| dimension.si())
}

/// A number to a tenth of what it is off by.
fn rounded(value: f64, by: f64) -> String {
    if !(by > 0.0 && by.is_finite() && value.is_finite()) {
        return significant(value, 5);
    }
    let places = (1.0 - by.log10().floor()).clamp(0.0, 12.0) as usize;
    format!("{value:.places$}")
}

/// The whole of it.
pub(crate) fn summary(study: &Study<'_, '_>, balance: &Balance, lang: Lang) -> String {
    let mut out = head(study, balance, lang);
    out += &parameters(study, lang);
    out += &determined(study, lang);
    out += &agreement(study, lang);
    out += &bands(study, lang);
    out += &next(study, lang);
    out
}

fn head(study: &Study<'_, '_>, balance: &Balance, lang: Lang) -> String {
    let (pilot, fit) = (&study.model.pilot, &study.fit);
    let (counted, all) = (pilot.counted(), pilot.measurements.len());
    let (runs, steps) = (pilot.runs.len(), fit.minimum.iterations);
    let mut out = lang.pick(
        format!(
            "{} parameters from {counted} of {all} measurements in {runs} runs, {steps} steps\n",
            fit.parameters
        ),
        format!(
            "{runs} 次试验，{all} 个测量值中取 {counted} 个，拟合 {} 个参数，{steps} 步\n",
            fit.parameters
        ),
    );
    if balance.frame.is_some() && balance.freedom == 0 {
        out += lang.pick(
            "reconciled over the plant: nothing checks anything, no balance is closed by measurements\n",
            "按工厂物料平衡校正：没有由测量值闭合的平衡，无冗余可检验\n",
        );
    }
    if balance.freedom > 0 {
        let (j, n) = (significant(balance.objective, 3), balance.freedom);
        out += &lang.pick(
            format!("reconciled over the plant: χ² {j} with {n} degrees of freedom\n"),
            format!("按工厂物料平衡校正：χ² {j}，自由度 {n}\n"),
        );
    }
    out
}

fn parameters(study: &Study<'_, '_>, lang: Lang) -> String {
    let fit = &study.fit;
    let percent = significant(100.0 * study.options.confidence, 3);
    let mut out = lang.pick(
        format!("\nparameter: estimate ± standard error, {percent} % interval, by profile\n"),
        format!("\n参数：估计值 ± 标准误差，{percent} % 区间，剖面似然区间\n"),
    );
    let unknowns = study.model.unknowns[..fit.parameters].iter().enumerate();
    for (k, unknown) in unknowns {
        let unit = unknown.unit;
        let path = &unknown.path;
        if fit.minimum.at_bound[k] {
            let value = significant(unit.from_si(fit.x()[k]), 5);
            let _ = writeln!(
                out,
                "  {path}  {value} {}  {}",
                unit.symbol,
                lang.pick("rests at its bound", "停在边界上")
            );
            continue;
        }
        if !fit.deviation(k).is_finite() {
            let _ = writeln!(out, "  {path}  {}", lang.pick("not determined", "不能确定"));
            continue;
        }
        let (value, sd) = with_error(unit, fit.x()[k], fit.deviation(k));
        let by = unit.from_si(fit.deviation(k)) - unit.from_si(0.0);
        let shown = |si: f64| rounded(unit.from_si(si), by);
        let (low, high) = fit.interval(k);
        let profile = &study.profiles[k];
        let ends = [
            (profile.interval.0, profile.ends.0),
            (profile.interval.1, profile.ends.1),
        ];
        let ends = ends.map(|(x, end)| match end {
            End::Reached => shown(x),
            End::Bound => format!("{}{}", shown(x), lang.pick(" (bound)", "（边界）")),
            End::NoValue => format!(
                "{}{}",
                shown(x),
                lang.pick(" (no steady state beyond)", "（其外无稳态解）")
            ),
            End::Open => lang.pick("open", "无界").to_owned(),
        });
        let _ = writeln!(
            out,
            "  {path}  {value} ± {sd}  [{} … {}]  [{} … {}]",
            shown(low),
            shown(high),
            ends[0],
            ends[1]
        );
    }
    out
}

fn determined(study: &Study<'_, '_>, lang: Lang) -> String {
    let mut out = String::new();
    for combination in study.combinations.iter().filter(|c| !c.is_determined()) {
        let text = combination.text(study.model);
        let value = significant(combination.value, 2);
        out += &lang.pick(
            format!("not determined by the data: {text} (over its span the predictions move by {value} standard deviations)\n"),
            format!("数据不能确定：{text}（在其整个范围内预测值只变动 {value} 倍标准差）\n"),
        );
    }
    for (a, b, r) in correlated(&study.fit) {
        let path = |k: usize| &study.model.unknowns[k].path;
        let (a, b, r) = (path(a), path(b), significant(r, 3));
        out += &lang.pick(
            format!("hardly told apart: {a} and {b}, correlation {r}\n"),
            format!("难以区分：{a} 与 {b}，相关系数 {r}\n"),
        );
    }
    out
}

fn agreement(study: &Study<'_, '_>, lang: Lang) -> String {
    let a = &study.agreement;
    let (sum, n) = (significant(a.model.sum, 4), a.model.freedom);
    let chance = a.model.chance();
    let p = significant(chance, 2);
    let verdict = match (n, chance < UNLIKELY) {
        (0, _) => lang.pick("nothing left to check it by", "没有多余数据可供检验"),
        (_, true) => lang.pick(
            "the model or the standard deviations are off",
            "模型或所给标准差不符",
        ),
        (_, false) => lang.pick(
            "the model agrees with the stated errors",
            "模型与所给误差相符",
        ),
    };
    let mut out = lang.pick(
        format!("\nagreement: {verdict}: χ² {sum}, {n} degrees of freedom, chance {p}\n"),
        format!("\n拟合检验：{verdict}：χ² {sum}，自由度 {n}，概率 {p}\n"),
    );
    if let Some(chance) = a.chance_of_lack {
        let ratio = significant(a.lack.mean() / a.pure.mean(), 3);
        let (above, below, p) = (a.lack.freedom, a.pure.freedom, significant(chance, 2));
        out += &lang.pick(
            format!(
                "lack of fit over pure error of repeats: F {ratio} ({above}, {below}), chance {p}\n"
            ),
            format!("失拟与重复误差之比：F {ratio}（{above}，{below}），概率 {p}\n"),
        );
    }
    let worst = a
        .places
        .iter()
        .take(TOLD)
        .map(|(label, square, n)| format!("{label} {} ({n})", significant(square.sqrt(), 2)));
    let worst = lang.list(&worst.collect::<Vec<_>>());
    out += &lang.pick(
        format!("largest residuals, in standard deviations: {worst}\n"),
        format!("残差最大的位置（以标准差计）：{worst}\n"),
    );
    out
}

fn bands(study: &Study<'_, '_>, lang: Lang) -> String {
    let percent = significant(100.0 * study.options.confidence, 3);
    if study.bands.is_empty() {
        return lang
            .pick(
                "\nno bands: the plant declares no [measures]; ask for one with --measure\n",
                "\n未给出区间：工厂文件没有 [measures]；可用 --measure 指定\n",
            )
            .into();
    }
    let mut out = lang.pick(
        format!("\nbands of the plant as its file has it, {percent} %\n"),
        format!("\n按工厂文件工况的 {percent} % 区间\n"),
    );
    for (k, (measure, band)) in study
        .questions
        .measures
        .iter()
        .zip(&study.bands)
        .enumerate()
    {
        let name = lang.pick(&measure.name.en, &measure.name.zh);
        let half = study.fit.quantile * band.sigma;
        let _ = write!(
            out,
            "  {name}{}{}",
            lang.pick(": ", "："),
            figure(measure.dimension, band.value, half)
        );
        let moves = half.abs() > 1e-6 * band.value.abs();
        if let Some(sampled) = study.sampled.get(k).filter(|_| moves) {
            let unit = shown_in(measure.dimension);
            let by = unit.from_si(half) - unit.from_si(0.0);
            let shown = |si: f64| rounded(unit.from_si(si), by);
            let (low, _, high) = sampled.quantiles;
            let (n, failed) = (sampled.drawn, sampled.failed);
            let _ = write!(
                out,
                "{}",
                lang.pick(
                    format!("; by {n} samples {} … {}", shown(low), shown(high)),
                    format!("；{n} 个样本：{} … {}", shown(low), shown(high)),
                )
            );
            if failed > 0 {
                let _ = write!(
                    out,
                    "{}",
                    lang.pick(
                        format!(", {failed} without a steady state"),
                        format!("，另有 {failed} 个无稳态解"),
                    )
                );
            }
        }
        out.push('\n');
    }
    out
}

fn next(study: &Study<'_, '_>, lang: Lang) -> String {
    let Some(chosen) = study.questions.measures.get(study.questions.chosen) else {
        return String::new();
    };
    let name = lang.pick(&chosen.name.en, &chosen.name.zh);
    if study.gains.is_empty() {
        return lang.pick(
            format!("\nno further measurement of the kinds there are would narrow {name}\n"),
            format!("\n现有各类测量均不能收窄{name}的区间\n"),
        );
    }
    let mut out = lang.pick(
        format!("\none more test at the plant's settings: what narrows the band of {name} most\n"),
        format!("\n在工厂工况下再做一次试验：最能收窄{name}区间的测量\n"),
    );
    for gain in study.gains.iter().take(TOLD) {
        let candidate = &study.candidates[gain.candidate];
        let own = |si: f64| candidate.unit.from_si(si * candidate.factor);
        let sd = own(gain.sigma) - own(0.0);
        let (value, sd) = (rounded(own(gain.expected), sd), significant(sd, 2));
        let unit = candidate.unit.symbol;
        let (at, what) = (&candidate.at, &candidate.name);
        let narrower = significant(100.0 * (1.0 - gain.left), 3);
        out += &lang.pick(
            format!("  {at} {what} ({value} ± {sd} {unit}): {narrower} % narrower\n"),
            format!("  {at} {what}（{value} ± {sd} {unit}）：收窄 {narrower} %\n"),
        );
    }
    out
}
