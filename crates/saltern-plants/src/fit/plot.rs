//! Residuals by place as a drawing that carries its own style.

use std::fmt::Write as _;

use saltern_units::Lang;

use super::data::Measurement;
use super::study::Study;

/// Colours of runs: told apart by all who see colours.
const COLOURS: [&str; 7] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f",
];
const LEFT: f64 = 60.0;
const TOP: f64 = 40.0;
const DOWN: f64 = 300.0;
const COLUMN: f64 = 44.0;
/// Residuals beyond this are drawn at the edge.
const EDGE: f64 = 5.0;

/// Model less measured, in standard deviations, a column a place, a colour a run; hollow where not counted.
pub fn residuals(study: &Study<'_, '_>, lang: Lang) -> String {
    let pilot = &study.model.pilot;
    let mut places: Vec<String> = Vec::new();
    for m in &pilot.measurements {
        let label = m.label();
        if !places.contains(&label) {
            places.push(label);
        }
    }
    let longest = places.iter().map(|p| p.chars().count()).max().unwrap_or(0);
    let (width, height) = (
        LEFT + COLUMN * places.len() as f64 + 20.0,
        TOP + DOWN + 20.0 + 5.0 * longest as f64,
    );
    let title = lang.pick(
        "Model less measured, in standard deviations",
        "模型减实测（以标准差计）",
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{title}\">\
         <style>svg{{font:11px system-ui,sans-serif;background:#fff;color:#222}}text{{fill:#222}}.g{{stroke:#ddd}}\
         .z{{stroke:#222}}.b{{stroke:#999;stroke-dasharray:4 3}}</style>\n<text x=\"{LEFT}\" y=\"16\">{title}</text>\n"
    );
    let down = |r: f64| TOP + (EDGE - r.clamp(-EDGE, EDGE)) / (2.0 * EDGE) * DOWN;
    let right = width - 20.0;
    for tick in -4..=4 {
        let at = down(f64::from(tick));
        let class = match tick {
            0 => "z",
            -2 | 2 => "b",
            _ => "g",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            svg,
            "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{right:.0}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
             <text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{tick}</text>",
            LEFT - 6.0,
            at + 4.0
        );
    }
    let middle = |k: usize| LEFT + COLUMN * (k as f64 + 0.5);
    for (k, place) in places.iter().enumerate() {
        let (x, y) = (middle(k), TOP + DOWN + 14.0);
        let _ = writeln!(
            svg,
            "<text transform=\"translate({x:.0} {y:.0}) rotate(-40)\" text-anchor=\"end\">{}</text>",
            escape(place)
        );
    }
    for (k, run) in pilot.runs.iter().enumerate() {
        let x = LEFT + 60.0 * k as f64;
        let colour = COLOURS[k % COLOURS.len()];
        let _ = writeln!(
            svg,
            "<circle cx=\"{x:.0}\" cy=\"28\" r=\"4\" fill=\"{colour}\"/><text x=\"{:.0}\" y=\"32\">{}</text>",
            x + 8.0,
            escape(&run.id)
        );
    }
    let runs = pilot.runs.len().max(1) as f64;
    for (m, f) in pilot.measurements.iter().zip(&study.predictions) {
        let column = places.iter().position(|p| *p == m.label()).unwrap_or(0);
        let aside = ((m.run as f64 + 0.5) / runs - 0.5) * 0.7 * COLUMN;
        svg += &mark(m, *f, middle(column) + aside, &down, &pilot.runs[m.run].id);
    }
    svg + "</svg>\n"
}

fn mark(m: &Measurement, model: f64, x: f64, down: &dyn Fn(f64) -> f64, run: &str) -> String {
    let residual = (model - m.value) / m.sigma;
    let colour = COLOURS[m.run % COLOURS.len()];
    let fill = if m.counted { colour } else { "none" };
    format!(
        "<circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{fill}\" stroke=\"{colour}\"><title>{}: {residual:.2}</title></circle>\n",
        down(residual),
        escape(&format!("{run}, {}", m.label()))
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
