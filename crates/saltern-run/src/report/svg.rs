//! A small drawing kit: scales, ticks, axes, shapes. Colours are CSS variables, so that one drawing serves
//! light, dark and print.

use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::Date;
use saltern_units::Lang;

use super::numbers;

/// Text made safe for HTML and SVG.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Where a text is held.
#[derive(Clone, Copy)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn css(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// A drawing of fixed size in user units.
pub(crate) struct Svg {
    width: f64,
    height: f64,
    body: String,
}

/// Coordinates to a tenth of a unit: enough for the eye, and half the bytes.
fn c(x: f64) -> f64 {
    let rounded = (x * 10.0).round() / 10.0;
    if rounded.is_finite() { rounded } else { 0.0 }
}

impl Svg {
    pub(crate) fn new(width: f64, height: f64) -> Self {
        Svg {
            width,
            height,
            body: String::new(),
        }
    }

    /// The drawing as an element; `title` is what a screen reader says.
    pub(crate) fn finish(self, class: &str, title: &str) -> String {
        format!(
            "<svg class=\"{class}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" style=\"max-width:{}px\">{}</svg>",
            c(self.width),
            c(self.height),
            escape(title),
            c(self.width),
            self.body
        )
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.body.write_fmt(text);
    }

    pub(crate) fn text(&mut self, x: f64, y: f64, anchor: Anchor, class: &str, text: &str) {
        let (x, y, anchor, text) = (c(x), c(y), anchor.css(), escape(text));
        self.push(format_args!(
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>"
        ));
    }

    /// As [`Svg::text`] with its own size.
    pub(crate) fn sized_text(&mut self, x: f64, y: f64, size: f64, class: &str, text: &str) {
        let (x, y, size, text) = (c(x), c(y), c(size), escape(text));
        self.push(format_args!(
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" class=\"{class}\" style=\"font-size:{size}px\">{text}</text>"
        ));
    }

    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let (x1, y1, x2, y2) = (c(from.0), c(from.1), c(to.0), c(to.1));
        self.push(format_args!(
            "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" class=\"{class}\"/>"
        ));
    }

    pub(crate) fn rect(
        &mut self,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        style: &str,
        hint: &str,
    ) {
        let (x, y, w, h) = (c(x), c(y), c(width.max(0.0)), c(height.max(0.0)));
        let hint = hinted(hint);
        self.push(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" style=\"{style}\">{hint}</rect>"
        ));
    }

    pub(crate) fn circle(&mut self, at: (f64, f64), radius: f64, style: &str, hint: &str) {
        let (x, y, r, hint) = (c(at.0), c(at.1), c(radius), hinted(hint));
        self.push(format_args!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" style=\"{style}\">{hint}</circle>"
        ));
    }

    pub(crate) fn path(&mut self, d: &str, style: &str, hint: &str) {
        let hint = hinted(hint);
        self.push(format_args!(
            "<path d=\"{d}\" style=\"{style}\">{hint}</path>"
        ));
    }

    /// Runs of points joined by lines; a missing value breaks the line.
    pub(crate) fn polyline(&mut self, points: &[(f64, f64)], style: &str) {
        let d = open_path(points);
        if !d.is_empty() {
            self.path(&d, &format!("fill:none;{style}"), "");
        }
    }

    pub(crate) fn polygon(&mut self, points: &[(f64, f64)], style: &str, hint: &str) {
        let d = open_path(points);
        if !d.is_empty() {
            self.path(&format!("{d}Z"), style, hint);
        }
    }

    /// Horizontal grid lines with labels to the left, and the unit on top.
    pub(crate) fn value_axis(&mut self, y: &Linear, left: f64, right: f64, unit: &str) {
        for tick in ticks(y.from, y.to, 4) {
            let at = y.at(tick);
            self.line(
                (left, at),
                (right, at),
                if tick == 0.0 { "ax" } else { "gr" },
            );
            self.text(
                left - 6.0,
                at + 3.5,
                Anchor::End,
                "lb",
                &numbers::tick(tick),
            );
        }
        let top = y.pixel_from.min(y.pixel_to);
        // A long unit would run off the left edge if it ended where the ticks do.
        match unit.chars().count() {
            0..=2 => self.text(left - 6.0, top - 8.0, Anchor::End, "lb", unit),
            _ => self.text(2.0, top - 8.0, Anchor::Start, "lb", unit),
        }
    }

    /// Dates along the bottom.
    pub(crate) fn date_axis(&mut self, lang: Lang, x: &Time, bottom: f64, most: usize) {
        for (at, label) in x.ticks(lang, most) {
            self.line((at, bottom), (at, bottom + 4.0), "ax");
            self.text(at, bottom + 16.0, Anchor::Middle, "lb", &label);
        }
        self.line(
            (x.scale.pixel_from, bottom),
            (x.scale.pixel_to, bottom),
            "ax",
        );
    }
}

fn hinted(hint: &str) -> String {
    if hint.is_empty() {
        String::new()
    } else {
        format!("<title>{}</title>", escape(hint))
    }
}

fn open_path(points: &[(f64, f64)]) -> String {
    let mut d = String::new();
    let mut pen_down = false;
    for (x, y) in points {
        if !(x.is_finite() && y.is_finite()) {
            pen_down = false;
            continue;
        }
        let _ = write!(d, "{}{} {}", if pen_down { 'L' } else { 'M' }, c(*x), c(*y));
        pen_down = true;
    }
    d
}

/// A linear scale from values to pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Linear {
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) pixel_from: f64,
    pub(crate) pixel_to: f64,
}

impl Linear {
    /// Covers the values and, on request, zero; widened to whole ticks.
    pub(crate) fn covering(
        values: impl Iterator<Item = f64>,
        zero: bool,
        pixel_from: f64,
        pixel_to: f64,
    ) -> Linear {
        let (mut low, mut high) = if zero {
            (0.0, 0.0)
        } else {
            (f64::INFINITY, f64::NEG_INFINITY)
        };
        for x in values.filter(|x| x.is_finite()) {
            low = f64::min(low, x);
            high = f64::max(high, x);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if high - low < 1e-12 * high.abs().max(1e-9) {
            high = low + if low == 0.0 { 1.0 } else { 0.1 * low.abs() };
        }
        let step = step_of(high - low, 4);
        Linear {
            from: (low / step + 1e-9).floor() * step,
            to: (high / step - 1e-9).ceil() * step,
            pixel_from,
            pixel_to,
        }
    }

    pub(crate) fn at(&self, value: f64) -> f64 {
        self.pixel_from
            + (value - self.from) / (self.to - self.from) * (self.pixel_to - self.pixel_from)
    }
}

/// 1, 2 or 5 times a power of ten, so that about `count` steps fill the span.
fn step_of(span: f64, count: usize) -> f64 {
    let raw = span / count as f64;
    let power = 10f64.powf(raw.log10().floor());
    let unit = raw / power;
    power
        * if unit <= 1.0 {
            1.0
        } else if unit <= 2.0 {
            2.0
        } else if unit <= 5.0 {
            5.0
        } else {
            10.0
        }
}

/// Round values between two ends, both included where they are round.
pub(crate) fn ticks(from: f64, to: f64, count: usize) -> Vec<f64> {
    if !(to - from).is_finite() || to <= from {
        return vec![from];
    }
    let step = step_of(to - from, count);
    let first = (from / step - 1e-9).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

/// A scale of days.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time {
    first: Date,
    last: Date,
    scale: Linear,
}

impl Time {
    pub(crate) fn new(first: Date, last: Date, pixel_from: f64, pixel_to: f64) -> Time {
        let days = days_between(first, last).max(1.0);
        Time {
            first,
            last,
            scale: Linear {
                from: 0.0,
                to: days,
                pixel_from,
                pixel_to,
            },
        }
    }

    pub(crate) fn at(&self, date: Date) -> f64 {
        self.scale.at(days_between(self.first, date))
    }

    /// Pixels a day.
    pub(crate) fn day_width(&self) -> f64 {
        self.scale.at(1.0) - self.scale.at(0.0)
    }

    /// Positions and labels, at most `most`: month starts, or days where the period is short.
    fn ticks(&self, lang: Lang, most: usize) -> Vec<(f64, String)> {
        let days = self.scale.to;
        if days < 62.0 {
            let step = (days / most as f64).ceil().max(1.0) as i64;
            let dates = (0..)
                .map(|i| self.first.saturating_add((i * step).days()))
                .take_while(|d| *d <= self.last);
            return dates
                .take(most + 1)
                .map(|d| (self.at(d), numbers::day(lang, d)))
                .collect();
        }
        let months = (days / 30.4).ceil();
        let step = [1, 2, 3, 6, 12, 24, 60, 120]
            .into_iter()
            .find(|s| months / f64::from(*s) <= most as f64)
            .unwrap_or(240);
        let mut date = self.first.first_of_month();
        let mut list = Vec::new();
        while date <= self.last && list.len() <= most {
            let on_step = (i32::from(date.year()) * 12 + i32::from(date.month()) - 1) % step == 0;
            if date >= self.first && on_step {
                let label = if step >= 12 {
                    date.year().to_string()
                } else {
                    numbers::month(lang, date)
                };
                list.push((self.at(date), label));
            }
            date = date.saturating_add(1.month());
        }
        list
    }
}

fn days_between(from: Date, to: Date) -> f64 {
    to.duration_since(from).as_hours() as f64 / 24.0
}

/// Moves labels apart so that none overlaps: positions in, positions out, in the same order.
pub(crate) fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut placed = wanted.to_vec();
    let mut floor = low;
    for i in &order {
        placed[*i] = placed[*i].max(floor);
        floor = placed[*i] + gap;
    }
    let mut ceiling = high;
    for i in order.iter().rev() {
        placed[*i] = placed[*i].min(ceiling);
        ceiling = placed[*i] - gap;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover() {
        assert_eq!(ticks(0.0, 1.0, 4), [0.0, 0.5, 1.0]);
        assert_eq!(ticks(0.0, 100.0, 4), [0.0, 50.0, 100.0]);
        let scale = Linear::covering([0.31, 0.74].into_iter(), false, 100.0, 0.0);
        assert!(scale.from <= 0.31 && scale.to >= 0.74, "{scale:?}");
        assert_eq!(scale.at(scale.from), 100.0);
    }

    #[test]
    fn nothing_to_draw_is_drawn_without_numbers_that_are_none() {
        let scale = Linear::covering([f64::NAN].into_iter(), false, 0.0, 10.0);
        assert!(scale.at(0.5).is_finite());
        let mut svg = Svg::new(10.0, 10.0);
        svg.polyline(&[(f64::NAN, 1.0), (1.0, f64::INFINITY)], "");
        assert!(!svg.finish("", "").contains("NaN"));
    }

    #[test]
    fn labels_are_spread() {
        assert_eq!(
            spread(&[10.0, 11.0, 12.0], 5.0, 0.0, 100.0),
            [10.0, 15.0, 20.0]
        );
        assert_eq!(spread(&[99.0, 98.0], 5.0, 0.0, 100.0), [100.0, 95.0]);
    }

    #[test]
    fn text_cannot_break_out() {
        assert_eq!(escape("<script>\"&"), "&lt;script&gt;&quot;&amp;");
    }
}
