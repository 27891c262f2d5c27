//! A fit as one page for a browser, in either language: residuals over temperature, ionic strength and source,
//! the values with their standard errors, what the data do not determine, each source left out.

mod scatter;

use saltern_units::message::Lang;

use super::summary::{summary, warnings};
use super::tables::{Outcome, degc, number};
use super::validation::LeftOut;
use scatter::{Point, Scatter, escape};

/// Colours of the quantities, in the order of [`super::data::QUANTITIES`]: told apart by all who see colours.
const COLOURS: [&str; 7] = [
    "#0072b2", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#e69f00", "#7f7f7f",
];

/// The page.
pub fn page(outcome: &Outcome<'_>, left_out: &[LeftOut], title: &str, lang: Lang) -> String {
    let code = lang.pick("en", "zh-CN");
    let heading = lang.pick("Fit of parameters", "参数拟合");
    let mut body = format!("<h1>{heading}: {}</h1>\n", escape(title));
    body += &format!("<pre>{}</pre>\n", escape(&summary(outcome, left_out, lang)));
    for line in warnings(outcome, lang) {
        body += &format!("<p class=\"warning\">{}</p>\n", escape(&line));
    }
    body += &plots(outcome, lang);
    body += &values(outcome, lang);
    if !left_out.is_empty() {
        body += &validation(left_out, lang);
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{heading}: {}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head>\n<body>\n{body}</body></html>\n",
        escape(title)
    )
}

const STYLE: &str = ":root{color-scheme:light dark;--line:#8888;--ink:CanvasText}\
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:1.5rem auto;padding:0 1rem}\
pre{white-space:pre-wrap;font-size:12px}table{border-collapse:collapse;font-size:13px}\
td,th{padding:.15rem .6rem;border-bottom:1px solid var(--line);text-align:right}\
td:first-child,th:first-child{text-align:left}.warning{border-left:4px solid #d55e00;padding-left:.6rem}\
svg{width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:var(--ink)}\
svg line{stroke:var(--line)}svg .zero{stroke:var(--ink)}";

fn plots(outcome: &Outcome<'_>, lang: Lang) -> String {
    let sd = lang.pick("residual, sd", "残差，sd");
    let mut out = legend(outcome, lang);
    let sources = sources(outcome);
    let plot = |title: &str, axis: &str, names: &[String], x: &dyn Fn(usize) -> f64| {
        let scatter = Scatter {
            x_title: axis.to_string(),
            y_title: sd.to_string(),
            names: names.to_vec(),
            points: points(outcome, x, lang),
        };
        format!("<h2>{title}</h2>\n{}\n", scatter.svg(title))
    };
    let temperature = |k: usize| {
        let p = &outcome.fit.predictions[k];
        outcome.measurements[p.measurement].temperature_k() - 273.15
    };
    let strength = |k: usize| outcome.fit.predictions[k].ionic_strength;
    let source = |k: usize| {
        let p = &outcome.fit.predictions[k];
        let key = &outcome.measurements[p.measurement].source;
        sources.iter().position(|s| s == key).unwrap_or(0) as f64
    };
    out += &plot(
        lang.pick("By temperature", "按温度"),
        lang.pick("temperature, degC", "温度，degC"),
        &[],
        &temperature,
    );
    out += &plot(
        lang.pick("By ionic strength", "按离子强度"),
        lang.pick("ionic strength, mol/kgw", "离子强度，mol/kgw"),
        &[],
        &strength,
    );
    out += &plot(
        lang.pick("By source", "按来源"),
        lang.pick("source", "来源"),
        &sources,
        &source,
    );
    let substances = substances(outcome);
    if substances.len() > 1 {
        let substance = |k: usize| {
            let name = substance_of(outcome, k);
            substances.iter().position(|s| *s == name).unwrap_or(0) as f64
        };
        out += &plot(
            lang.pick("By solid or salt", "按固相或盐"),
            lang.pick("solid or salt", "固相或盐"),
            &substances,
            &substance,
        );
    }
    out
}

/// Sources in the order of the data.
fn sources(outcome: &Outcome<'_>) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for m in outcome.measurements {
        if !sources.contains(&m.source) {
            sources.push(m.source.clone());
        }
    }
    sources
}

/// Solids and salts in the order of the data; what is of neither stands under its quantity.
fn substances(outcome: &Outcome<'_>) -> Vec<String> {
    let mut substances: Vec<String> = Vec::new();
    for k in 0..outcome.fit.predictions.len() {
        let name = substance_of(outcome, k);
        if !substances.contains(&name) {
            substances.push(name);
        }
    }
    substances
}

fn substance_of(outcome: &Outcome<'_>, prediction: usize) -> String {
    let p = &outcome.fit.predictions[prediction];
    let m = &outcome.measurements[p.measurement];
    match p.solid {
        Some(solid) => outcome.plan.database.minerals[solid].name.clone(),
        None if m.of.is_empty() => m.quantity.name().to_string(),
        None => m.of.clone(),
    }
}

fn legend(outcome: &Outcome<'_>, lang: Lang) -> String {
    let note = lang.pick(
        "Model less measured, over the standard deviation; hollow: not counted. Beyond the frame: at its edge.",
        "模型减实测，除以标准差；空心：不参与拟合；超出图框者画在边缘。",
    );
    let mut out = format!("<p>{note}");
    for (index, name) in super::data::QUANTITIES.iter().enumerate() {
        if outcome
            .measurements
            .iter()
            .any(|m| m.quantity.name() == *name)
        {
            out += &format!(
                " <span style=\"color:{}\">&#9679;</span> {name}",
                COLOURS[index]
            );
        }
    }
    out + "</p>\n"
}

fn points(outcome: &Outcome<'_>, x: &dyn Fn(usize) -> f64, lang: Lang) -> Vec<Point> {
    let of = |(k, p): (usize, &super::model::Prediction)| {
        let m = &outcome.measurements[p.measurement];
        let name = m.quantity.name();
        let index = super::data::QUANTITIES.iter().position(|q| *q == name);
        Point {
            x: x(k),
            y: p.residual,
            colour: COLOURS[index.unwrap_or(0)],
            hollow: m.weight == 0.0,
            hint: format!(
                "{} {}, {} degC, {name} {}: {:+.2} %",
                m.source,
                m.place.text(lang),
                number(degc(m.temperature_k())),
                m.of,
                100.0 * p.relative
            ),
        }
    };
    outcome.fit.predictions.iter().enumerate().map(of).collect()
}

fn values(outcome: &Outcome<'_>, lang: Lang) -> String {
    let heading = lang.pick("Values", "参数值");
    let titles: [&str; 6] = lang.pick(
        [
            "parameter",
            "degC",
            "value",
            "standard error",
            "before",
            "terms",
        ],
        ["参数", "degC", "值", "标准误差", "拟合前", "各项"],
    );
    let mut out = format!("<h2>{heading}</h2>\n<table>{}", row("th", &titles));
    let minimum = &outcome.fit.minimum;
    for (index, parameter) in outcome.plan.parameters.iter().enumerate() {
        let (low, high) = outcome.range_k(index);
        let mut shown = vec![low, 0.5 * (low + high), high];
        shown.dedup();
        let terms: Vec<String> = parameter
            .terms(&minimum.x)
            .into_iter()
            .enumerate()
            .filter(|(_, v)| *v != 0.0)
            .map(|(k, v)| {
                let name = super::parameters::term_name(parameter.kind, k);
                format!("{name} {}", number(v))
            })
            .collect();
        for (line, kelvin) in shown.into_iter().enumerate() {
            let n = outcome.plan.unknowns();
            let error = parameter.standard_error(&minimum.covariance, n, kelvin);
            let before = parameter.base.as_ref().map_or(String::new(), |_| {
                format!("{:.5}", parameter.base_value(kelvin))
            });
            let error = if parameter.free.is_empty() {
                String::new()
            } else if error.is_finite() {
                format!("{error:.2e}")
            } else {
                "?".to_string()
            };
            let first = line == 0;
            let (name, terms) = if first {
                (parameter.name(), terms.join("; "))
            } else {
                (String::new(), String::new())
            };
            let cells = [
                name,
                number((degc(kelvin) * 10.0).round() / 10.0),
                format!("{:.5}", parameter.value(&minimum.x, kelvin)),
                error,
                before,
                terms,
            ];
            out += &row("td", &cells);
        }
    }
    out + "</table>\n"
}

fn validation(left_out: &[LeftOut], lang: Lang) -> String {
    let heading = lang.pick("Each source left out in turn", "逐一剔除来源");
    let titles: [&str; 7] = lang.pick(
        [
            "source",
            "measurements",
            "rms with it, sd",
            "rms without it, sd",
            "median deviation without it, %",
            "rms of the others, sd",
            "determined by it alone",
        ],
        [
            "来源",
            "测量数",
            "含之的均方根，sd",
            "不含之的均方根，sd",
            "不含之的偏差中位数，%",
            "其余的均方根，sd",
            "仅由其确定",
        ],
    );
    let mut out = format!("<h2>{heading}</h2>\n<table>{}", row("th", &titles));
    for l in left_out {
        let cells = [
            l.source.clone(),
            l.count.to_string(),
            format!("{:.2}", l.rms_within),
            format!("{:.2}", l.rms_without),
            format!("{:+.2}", 100.0 * l.median_without),
            format!("{:.2}", l.rms_others),
            l.only_here.join("; "),
        ];
        out += &row("td", &cells);
    }
    out + "</table>\n"
}

fn row<S: AsRef<str>>(cell: &str, texts: &[S]) -> String {
    let cells: Vec<String> = texts
        .iter()
        .map(|t| format!("<{cell}>{}</{cell}>", escape(t.as_ref())))
        .collect();
    format!("<tr>{}</tr>\n", cells.concat())
}
