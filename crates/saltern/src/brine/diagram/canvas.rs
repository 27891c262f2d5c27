//! A drawing on white paper that stands alone: shapes, words and where words may still go.
//!
//! The report's drawings live in a page whose style sheet gives them colours for light and dark; a diagram is a file of
//! its own, to be put into a paper or a lecture, so it carries its style and is always light.

use std::fmt::Write as _;

/// A point or a vector in pixels.
pub(crate) type Pixel = (f64, f64);

/// Where a text is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A drawing.
pub(crate) struct Canvas {
    width: f64,
    height: f64,
    body: String,
    definitions: String,
    /// Boxes (left, top, right, bottom) where words stand.
    taken: Vec<[f64; 4]>,
    clips: usize,
}

/// Fonts that have Latin and Chinese letters on the common systems.
const FONTS: &str = "'Noto Sans','Segoe UI','Helvetica Neue',Arial,'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei','Source Han Sans SC',sans-serif";

/// Ink of lines and words, and lighter inks.
pub(crate) const INK: &str = "#1b2630";
pub(crate) const MUTED: &str = "#55616d";
pub(crate) const FAINT: &str = "#c9d0d6";
/// The path of an evaporating brine.
pub(crate) const PATH: &str = "#b3123f";

/// Text made safe for SVG.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Coordinates to a tenth of a pixel: enough for the eye.
fn c(x: f64) -> f64 {
    let rounded = (x * 10.0).round() / 10.0;
    if rounded.is_finite() { rounded } else { 0.0 }
}

/// Width of a text, pixels, a little more than any common font takes.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    let em = |ch: char| match ch {
        '\u{2e80}'..='\u{ffff}' => 1.0,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '·' | '\'' | '|' => 0.3,
        'f' | 't' | 'r' | '(' | ')' | '/' | ' ' | '-' | '₀'..='₉' => 0.37,
        'm' | 'w' | 'M' | 'W' | '%' => 0.87,
        'A'..='Z' => 0.67,
        _ => 0.57,
    };
    size * text.chars().map(em).sum::<f64>()
}

/// A run of points as an SVG path.
pub(crate) fn path_data(points: &[Pixel], closed: bool) -> String {
    let mut d = String::new();
    for (k, (x, y)) in points.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(d, "{}{} {}", if k == 0 { 'M' } else { 'L' }, c(*x), c(*y));
    }
    if closed {
        d.push('Z');
    }
    d
}

impl Canvas {
    /// An empty sheet.
    pub(crate) fn new(width: f64, height: f64) -> Canvas {
        Canvas {
            width,
            height,
            body: String::new(),
            definitions: String::new(),
            taken: Vec::new(),
            clips: 0,
        }
    }

    /// Makes the sheet as tall as it has become.
    pub(crate) fn set_height(&mut self, height: f64) {
        self.height = height;
    }

    /// A text where no other may stand.
    pub(crate) fn kept(&mut self, at: Pixel, anchor: Anchor, text: &str, style: Type) {
        let half = 0.5 * text_width(text, style.size);
        let x = match anchor {
            Anchor::Start => at.0 + half,
            Anchor::Middle => at.0,
            Anchor::End => at.0 - half,
        };
        // A turned text keeps the square around its middle free.
        let tall = if style.turned == 0.0 {
            0.62 * style.size
        } else {
            half
        };
        let half = if style.turned == 0.0 {
            half
        } else {
            0.7 * half
        };
        let y = at.1
            - if style.turned == 0.0 {
                0.35 * style.size
            } else {
                0.0
            };
        self.take([x - half, y - tall, x + half, y + tall]);
        self.text(at, anchor, text, style);
    }

    /// The file. `title` is what a screen reader says.
    pub(crate) fn finish(self, title: &str) -> String {
        let (w, h) = (c(self.width), c(self.height));
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" \
             viewBox=\"0 0 {w} {h}\" font-family=\"{FONTS}\" role=\"img\"><title>{}</title>\
             <defs>{}</defs><rect width=\"{w}\" height=\"{h}\" fill=\"#ffffff\"/>{}</svg>\n",
            escape(title),
            self.definitions,
            self.body
        )
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.body.write_fmt(text);
    }

    /// A shape from path data.
    pub(crate) fn path(&mut self, d: &str, style: &str) {
        self.push(format_args!("<path d=\"{d}\" {style}/>"));
    }

    /// A filled shape with outlines (one inside another, turned the other way, is a hole).
    pub(crate) fn area(&mut self, outlines: &[Vec<Pixel>], fill: &str, opacity: f64) {
        let d: String = outlines.iter().map(|o| path_data(o, true)).collect();
        self.path(
            &d,
            &format!(
                "fill=\"{fill}\" fill-opacity=\"{opacity}\" fill-rule=\"nonzero\" stroke=\"none\""
            ),
        );
    }

    /// A line through points.
    pub(crate) fn line(&mut self, points: &[Pixel], colour: &str, width: f64) {
        self.path(
            &path_data(points, false),
            &format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\" stroke-linecap=\"round\""),
        );
    }

    /// A dashed line through points.
    pub(crate) fn dashed(&mut self, points: &[Pixel], colour: &str, width: f64) {
        self.path(
            &path_data(points, false),
            &format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-dasharray=\"5 3.5\""),
        );
    }

    /// A disc with a border.
    pub(crate) fn disc(&mut self, at: Pixel, radius: f64, fill: &str, border: &str) {
        self.push(format_args!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{fill}\" stroke=\"{border}\" stroke-width=\"1.3\"/>",
            c(at.0),
            c(at.1),
            c(radius)
        ));
    }

    /// A small arrow head that points along a direction.
    pub(crate) fn arrow(&mut self, at: Pixel, along: Pixel, size: f64, colour: &str) {
        let length = along.0.hypot(along.1);
        if length <= 0.0 {
            return;
        }
        let (ux, uy) = (along.0 / length, along.1 / length);
        let tip = (at.0 + 0.6 * size * ux, at.1 + 0.6 * size * uy);
        let back = (at.0 - 0.6 * size * ux, at.1 - 0.6 * size * uy);
        let side = (-0.45 * size * uy, 0.45 * size * ux);
        let points = [
            tip,
            (back.0 + side.0, back.1 + side.1),
            (back.0 - side.0, back.1 - side.1),
        ];
        self.path(
            &path_data(&points, true),
            &format!("fill=\"{colour}\" stroke=\"none\""),
        );
    }

    /// A text.
    pub(crate) fn text(&mut self, at: Pixel, anchor: Anchor, text: &str, style: Type) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if style.bold {
            " font-weight=\"600\""
        } else {
            ""
        };
        let halo = if style.halo {
            " paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" stroke-opacity=\"0.85\""
        } else {
            ""
        };
        let turn = if style.turned == 0.0 {
            String::new()
        } else {
            format!(
                " transform=\"rotate({} {} {})\"",
                c(style.turned),
                c(at.0),
                c(at.1)
            )
        };
        self.push(format_args!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{anchor}\" fill=\"{}\"{weight}{halo}{turn}>{}</text>",
            c(at.0),
            c(at.1),
            c(style.size),
            style.colour,
            escape(text)
        ));
    }

    /// The box of a text set in the middle of a place.
    pub(crate) fn middle_box(at: Pixel, text: &str, size: f64) -> [f64; 4] {
        let (w, h) = (0.5 * text_width(text, size) + 2.0, 0.62 * size);
        [at.0 - w, at.1 - h, at.0 + w, at.1 + h]
    }

    /// Whether nothing stands in a box yet.
    pub(crate) fn free(&self, b: [f64; 4]) -> bool {
        let apart = |t: &[f64; 4]| b[2] < t[0] || b[0] > t[2] || b[3] < t[1] || b[1] > t[3];
        self.taken.iter().all(apart)
    }

    /// Keeps a box free of words to come.
    pub(crate) fn take(&mut self, b: [f64; 4]) {
        self.taken.push(b);
    }

    /// A text in the middle of a place, if nothing stands there yet.
    pub(crate) fn label(&mut self, at: Pixel, text: &str, style: Type) -> bool {
        let place = Canvas::middle_box(at, text, style.size);
        if !self.free(place) {
            return false;
        }
        self.take(place);
        self.text(
            (at.0, at.1 + 0.35 * style.size),
            Anchor::Middle,
            text,
            style,
        );
        true
    }

    /// A text beside a place, on the first of eight sides where nothing stands yet and the whole of it may go.
    pub(crate) fn beside(
        &mut self,
        at: Pixel,
        distance: f64,
        text: &str,
        style: Type,
        may: impl Fn([f64; 4]) -> bool,
    ) -> bool {
        let half = 0.5 * text_width(text, style.size) + 2.0;
        let tall = 0.62 * style.size;
        let sides = [
            (1.0, 0.0),
            (-1.0, 0.0),
            (0.0, -1.0),
            (0.0, 1.0),
            (1.0, -1.0),
            (-1.0, -1.0),
            (1.0, 1.0),
            (-1.0, 1.0),
        ];
        for reach in [1.0, 1.8, 2.8] {
            for (x, y) in sides {
                let slant: f64 = if x != 0.0 && y != 0.0 { 0.75 } else { 1.0 };
                let place = (
                    at.0 + x * slant * (distance * reach + half),
                    at.1 + y * slant * (distance * reach + tall),
                );
                let b = Canvas::middle_box(place, text, style.size);
                if self.free(b) && may(b) {
                    if reach > 1.0 || distance > 9.0 {
                        self.disc(at, 1.1, style.colour, style.colour);
                        self.line(
                            &[at, (place.0 - x * half, place.1 - y * tall)],
                            style.colour,
                            0.6,
                        );
                    }
                    return self.label(place, text, style);
                }
            }
        }
        false
    }

    /// Everything drawn by `inside` is cut off at an outline.
    pub(crate) fn clipped(&mut self, outline: &[Pixel], inside: impl FnOnce(&mut Canvas)) {
        self.clips += 1;
        let id = format!("c{}", self.clips);
        let _ = write!(
            self.definitions,
            "<clipPath id=\"{id}\"><path d=\"{}\"/></clipPath>",
            path_data(outline, true)
        );
        self.push(format_args!("<g clip-path=\"url(#{id})\">"));
        inside(self);
        self.push(format_args!("</g>"));
    }
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    pub(crate) size: f64,
    pub(crate) colour: &'static str,
    pub(crate) bold: bool,
    pub(crate) halo: bool,
    /// Degrees, clockwise.
    pub(crate) turned: f64,
}

impl Type {
    pub(crate) const fn of(size: f64) -> Type {
        Type {
            size,
            colour: INK,
            bold: false,
            halo: false,
            turned: 0.0,
        }
    }

    pub(crate) const fn muted(self) -> Type {
        Type {
            colour: MUTED,
            ..self
        }
    }

    pub(crate) const fn bold(self) -> Type {
        Type { bold: true, ..self }
    }

    pub(crate) const fn halo(self) -> Type {
        Type { halo: true, ..self }
    }

    pub(crate) const fn coloured(self, colour: &'static str) -> Type {
        Type { colour, ..self }
    }

    pub(crate) const fn turned(self, degrees: f64) -> Type {
        Type {
            turned: degrees,
            ..self
        }
    }
}

/// Whether a point lies inside outlines (by the even-odd rule).
pub(crate) fn inside(p: Pixel, outlines: &[Vec<Pixel>]) -> bool {
    let mut odd = false;
    for o in outlines {
        for (a, b) in o.iter().zip(o.iter().cycle().skip(1)) {
            let crosses = (a.1 > p.1) != (b.1 > p.1);
            if crosses && p.0 < a.0 + (p.1 - a.1) / (b.1 - a.1) * (b.0 - a.0) {
                odd = !odd;
            }
        }
    }
    odd
}

/// Whether the whole of a box lies inside outlines.
pub(crate) fn box_inside(b: [f64; 4], outlines: &[Vec<Pixel>]) -> bool {
    let at = |i: usize, j: usize| {
        let (u, v) = (i as f64 / 6.0, j as f64 / 2.0);
        (b[0] + u * (b[2] - b[0]), b[1] + v * (b[3] - b[1]))
    };
    (0..=6).all(|i| (0..=2).all(|j| inside(at(i, j), outlines)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_do_not_stand_on_each_other_or_break_out() {
        let mut canvas = Canvas::new(100.0, 50.0);
        assert!(canvas.label((50.0, 25.0), "halite", Type::of(12.0)));
        assert!(!canvas.label((52.0, 27.0), "sylvite", Type::of(12.0)));
        assert!(canvas.beside((50.0, 25.0), 4.0, "1", Type::of(10.0), |_| true));
        canvas.text((0.0, 0.0), Anchor::Start, "<&\">", Type::of(10.0));
        let file = canvas.finish("a < b");
        assert!(!file.contains("<&") && file.contains("a &lt; b"), "{file}");
    }

    #[test]
    fn a_box_is_inside_only_with_all_of_it() {
        let square = vec![vec![(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]];
        assert!(box_inside([2.0, 2.0, 8.0, 8.0], &square));
        assert!(!box_inside([2.0, 2.0, 12.0, 8.0], &square));
    }
}
