//! A plot of points over a number or over names, as SVG.

use std::fmt::Write as _;

/// A point; beyond the frame it is drawn at its edge.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) colour: &'static str,
    pub(super) hollow: bool,
    /// What is shown when one points at it.
    pub(super) hint: String,
}

/// A plot. With `names`, x is an index into them.
#[derive(Clone, Debug)]
pub(super) struct Scatter {
    pub(super) x_title: String,
    pub(super) y_title: String,
    pub(super) names: Vec<String>,
    pub(super) points: Vec<Point>,
}

const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 50.0;
const RIGHT: f64 = 870.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 225.0;
/// More names than this are written aslant.
const NAMES_LEVEL: usize = 8;

/// Text made safe for HTML and SVG.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

impl Scatter {
    /// The drawing; `title` is what a screen reader says.
    pub(super) fn svg(&self, title: &str) -> String {
        let (x, y) = (self.x_range(), self.y_range());
        let across = |v: f64| LEFT + (v - x.0) / (x.1 - x.0) * (RIGHT - LEFT);
        let down = |v: f64| BOTTOM - (v.clamp(y.0, y.1) - y.0) / (y.1 - y.0) * (BOTTOM - TOP);
        let mut out = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
            escape(title)
        );
        // Writing to a String cannot fail.
        for tick in ticks(y.0, y.1, 6) {
            let at = down(tick);
            let class = if tick == 0.0 { "zero" } else { "grid" };
            let _ = write!(
                out,
                "<line x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{at:.1}\" y2=\"{at:.1}\" class=\"{class}\"/>\
                 <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{tick}</text>",
                LEFT - 5.0,
                at + 4.0
            );
        }
        let labels = self.x_labels(x);
        let crowded = labels.len() > NAMES_LEVEL && !self.names.is_empty();
        for (at, label) in labels {
            let (x, y, label) = (across(at), BOTTOM + 14.0, escape(&label));
            let held = if crowded {
                format!("text-anchor=\"end\" transform=\"rotate(-35 {x:.1} {y})\"")
            } else {
                "text-anchor=\"middle\"".to_string()
            };
            let _ = write!(out, "<text x=\"{x:.1}\" y=\"{y}\" {held}>{label}</text>");
        }
        for (k, p) in self.points.iter().enumerate() {
            if !(p.x.is_finite() && p.y.is_finite()) {
                continue;
            }
            // Points of one source beside each other.
            let beside = if self.names.is_empty() {
                0.0
            } else {
                (k % 21) as f64 / 30.0 - 0.33
            };
            let fill = if p.hollow { "none" } else { p.colour };
            let _ = write!(
                out,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.6\" fill=\"{fill}\" fill-opacity=\".7\" stroke=\"{}\"><title>{}</title></circle>",
                across(p.x + beside),
                down(p.y),
                p.colour,
                escape(&p.hint)
            );
        }
        let middle = 0.5 * (LEFT + RIGHT);
        let _ = write!(
            out,
            "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text><text x=\"{LEFT}\" y=\"{}\">{}</text></svg>",
            HEIGHT - 8.0,
            escape(&self.x_title),
            TOP - 1.0,
            escape(&self.y_title)
        );
        out
    }

    fn x_range(&self) -> (f64, f64) {
        if !self.names.is_empty() {
            return (-0.5, self.names.len() as f64 - 0.5);
        }
        let finite = self.points.iter().map(|p| p.x).filter(|x| x.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(x), high.max(x))
        });
        if low > high {
            return (0.0, 1.0);
        }
        let margin = (0.03 * (high - low)).max(1e-3 * (1.0 + high.abs()));
        (low - margin, high + margin)
    }

    /// Symmetric, so that 98 of 100 points are within, and at least ±3.
    fn y_range(&self) -> (f64, f64) {
        let mut sizes: Vec<f64> = self
            .points
            .iter()
            .map(|p| p.y.abs())
            .filter(|y| y.is_finite())
            .collect();
        sizes.sort_unstable_by(f64::total_cmp);
        let at = (sizes.len() as f64 * 0.98) as usize;
        let size = sizes.get(at.min(sizes.len().saturating_sub(1)));
        let size = size.copied().unwrap_or(3.0).max(3.0) * 1.05;
        (-size, size)
    }

    fn x_labels(&self, (low, high): (f64, f64)) -> Vec<(f64, String)> {
        if self.names.is_empty() {
            let label = |t: f64| (t, t.to_string());
            return ticks(low, high, 8).into_iter().map(label).collect();
        }
        let most = 40;
        let step = self.names.len().div_ceil(most);
        let named = self.names.iter().enumerate().step_by(step);
        named.map(|(k, name)| (k as f64, name.clone())).collect()
    }
}

/// Round numbers within a range, about `count` of them.
fn ticks(from: f64, to: f64, count: usize) -> Vec<f64> {
    let raw = (to - from) / count as f64;
    let power = 10_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|s| s * power)
        .find(|s| *s >= raw)
        .unwrap_or(raw);
    let digits = (-step.log10().floor()).max(0.0) as i32;
    let round = |v: f64| (v * 10_f64.powi(digits)).round() / 10_f64.powi(digits);
    let (first, last) = ((from / step).ceil() as i64, (to / step).floor() as i64);
    // Adding zero turns −0 into 0.
    (first..=last)
        .map(|k| round(k as f64 * step) + 0.0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(ticks(-3.15, 3.15, 6), [-2.0, 0.0, 2.0]);
        assert_eq!(ticks(0.0, 0.5, 5), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    }

    #[test]
    fn texts_cannot_break_the_page() {
        let point = Point {
            x: 1.0,
            y: 100.0,
            colour: "#000",
            hollow: false,
            hint: "<script>&\"".into(),
        };
        let svg = Scatter {
            x_title: "x".into(),
            y_title: "y".into(),
            names: vec!["<b>".into()],
            points: vec![point],
        }
        .svg("t");
        assert!(!svg.contains("<script>") && !svg.contains("<b>"), "{svg}");
        assert!(svg.contains("<circle"));
    }
}
