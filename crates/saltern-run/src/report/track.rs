//! The brine track on phase triangles, in equivalents: Mg–K₂–SO₄ and Na₂–K₂–Mg.

use jiff::ToSpan;
use jiff::civil::Date;

use super::svg::{Anchor, Svg};
use super::view::{PondDays, View};
use super::{absent, figure, numbers, stage_legend, texts, titled};

type Point = (f64, f64);

/// A corner: what it is called, the element that is counted, its charges an atom.
struct Corner {
    label: &'static str,
    element: &'static str,
    charge: f64,
}

const fn corner(label: &'static str, element: &'static str, charge: f64) -> Corner {
    Corner {
        label,
        element,
        charge,
    }
}

/// Left, right, top.
const JANECKE: [Corner; 3] = [
    corner("Mg", "Mg", 2.0),
    corner("SO₄", "S", 2.0),
    corner("K₂", "K", 1.0),
];
const CHLORIDE: [Corner; 3] = [
    corner("Na₂", "Na", 1.0),
    corner("Mg", "Mg", 2.0),
    corner("K₂", "K", 1.0),
];

pub(super) fn section(view: &View<'_>) -> String {
    let lang = view.lang;
    let Some(days) = view.days.as_ref() else {
        return absent(lang, texts::TRACK);
    };
    let mid = view
        .run
        .meta
        .from
        .saturating_add(i64::from(view.run.meta.days / 2).days());
    let mut figures = String::new();
    if let Some(body) = triangle(view, days, &JANECKE, mid) {
        let note = if sulfate_free(view, days) {
            format!(
                "<p class=\"note\">{}</p>",
                texts::TRACK_JANECKE_NOTE.get(lang)
            )
        } else {
            String::new()
        };
        figures += &figure("half", texts::TRACK_JANECKE.get(lang), &(body + &note));
    }
    if let Some(body) = triangle(view, days, &CHLORIDE, mid) {
        figures += &figure("half", texts::TRACK_CHLORIDE.get(lang), &body);
    }
    if figures.is_empty() {
        return absent(lang, texts::TRACK);
    }
    let note = texts::TRACK_NOTE.with(lang, &[("mid", &numbers::long_date(lang, mid))]);
    titled(
        lang,
        texts::TRACK,
        &note,
        &format!("{}<div class=\"grid\">{figures}</div>", stage_legend(view)),
    )
}

/// Shares of the three corners in a pond on a day, in equivalents; `None` where the brine is gone or holds none of them.
fn shares(
    view: &View<'_>,
    days: &PondDays<'_>,
    corners: &[Corner; 3],
    pond: usize,
    day: Option<Date>,
) -> Option<[f64; 3]> {
    let mut eq = [0.0; 3];
    for (share, corner) in eq.iter_mut().zip(corners) {
        let index = crate::figures::element(&view.run.book, corner.element)?;
        let kg_mol = view.run.book.element_kg_mol.get(index)?;
        let grade = days.grade(pond, corner.element, day);
        *share = if grade.is_finite() {
            grade.max(0.0) / kg_mol * corner.charge
        } else {
            return None;
        };
    }
    let sum: f64 = eq.iter().sum();
    (sum > 0.0).then(|| eq.map(|x| x / sum))
}

fn sulfate_free(view: &View<'_>, days: &PondDays<'_>) -> bool {
    (0..view.ponds().len())
        .all(|i| shares(view, days, &JANECKE, i, None).is_none_or(|s| s[1] < 0.005))
}

const SIDE: f64 = 430.0;
const LEFT: f64 = 62.0;
const TOP: f64 = 26.0;

fn place(shares: [f64; 3]) -> Point {
    let height = SIDE * 3f64.sqrt() / 2.0;
    (
        LEFT + SIDE * (shares[1] + shares[2] / 2.0),
        TOP + height * (1.0 - shares[2]),
    )
}

/// The part of the triangle that is drawn: all of it, or the corner in which every pond lies.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Zoom {
    corner: usize,
    /// Share that the other corners reach.
    reach: f64,
}

const WHOLE: Zoom = Zoom {
    corner: 0,
    reach: 1.0,
};

impl Zoom {
    /// The smallest corner that holds every point.
    fn around(points: &[[f64; 3]]) -> Zoom {
        let spread = |corner: usize| points.iter().map(|s| 1.0 - s[corner]).fold(0.0, f64::max);
        let fits = |corner: usize| {
            let reach = [0.1, 0.2, 0.5]
                .into_iter()
                .find(|reach| spread(corner) <= 0.97 * reach)?;
            Some(Zoom { corner, reach })
        };
        (0..3)
            .filter_map(fits)
            .min_by(|a, b| a.reach.total_cmp(&b.reach))
            .unwrap_or(WHOLE)
    }

    fn place(&self, shares: [f64; 3]) -> Point {
        let mut local = shares.map(|s| s / self.reach);
        local[self.corner] = 1.0 - (shares.iter().sum::<f64>() - shares[self.corner]) / self.reach;
        place(local)
    }

    /// True share of a corner where the drawn triangle says `local`.
    fn share(&self, corner: usize, local: f64) -> f64 {
        if corner == self.corner {
            1.0 - self.reach * (1.0 - local)
        } else {
            self.reach * local
        }
    }
}

fn triangle(
    view: &View<'_>,
    days: &PondDays<'_>,
    corners: &[Corner; 3],
    mid: Date,
) -> Option<String> {
    let track = |day| -> Vec<(usize, [f64; 3])> {
        let ponds = 0..view.ponds().len();
        ponds
            .filter_map(|i| Some((i, shares(view, days, corners, i, day)?)))
            .collect()
    };
    let (end, middle) = (track(None), track(Some(mid)));
    if end.is_empty() && middle.is_empty() {
        return None;
    }
    let zoom = Zoom::around(&end.iter().chain(&middle).map(|t| t.1).collect::<Vec<_>>());
    let placed = |track: &[(usize, [f64; 3])]| {
        track
            .iter()
            .map(|(i, s)| (*i, zoom.place(*s)))
            .collect::<Vec<_>>()
    };
    let (end, middle) = (placed(&end), placed(&middle));
    let mut svg = Svg::new(SIDE + 2.0 * LEFT, TOP + SIDE * 0.866 + 42.0);
    frame(&mut svg, corners, &zoom);
    draw_track(view, &middle, &end, &mut svg, |pond| {
        dot_hint(view, days, corners, pond)
    });
    label_dots(view, if end.is_empty() { &middle } else { &end }, &mut svg);
    Some(svg.finish("", texts::TRACK.get(view.lang)))
}

fn draw_track(
    view: &View<'_>,
    middle: &[(usize, Point)],
    end: &[(usize, Point)],
    svg: &mut Svg,
    hint: impl Fn(usize) -> String,
) {
    let points = |track: &[(usize, Point)]| track.iter().map(|t| t.1).collect::<Vec<_>>();
    let color = |pond: usize| view.stages.color(&view.ponds()[pond].stage);
    svg.polyline(
        &points(middle),
        "stroke:var(--muted);stroke-width:1.2;stroke-dasharray:4 3",
    );
    svg.polyline(
        &points(end),
        "stroke:var(--ink);stroke-width:1.3;stroke-opacity:.7",
    );
    for (pond, at) in middle {
        let style = format!("fill:var(--paper);stroke:{};stroke-width:1.6", color(*pond));
        svg.circle(*at, 3.4, &style, &view.ponds()[*pond].id);
    }
    for (pond, at) in end {
        let style = format!("fill:{};stroke:var(--paper);stroke-width:1", color(*pond));
        svg.circle(*at, 4.6, &style, &hint(*pond));
    }
}

fn dot_hint(view: &View<'_>, days: &PondDays<'_>, corners: &[Corner; 3], pond: usize) -> String {
    let parts = shares(view, days, corners, pond, None).unwrap_or([f64::NAN; 3]);
    let parts: Vec<String> = corners
        .iter()
        .zip(parts)
        .map(|(c, s)| format!("{} {}", c.label, numbers::percent(s)))
        .collect();
    format!("{}: {}", view.ponds()[pond].id, parts.join(", "))
}

fn frame(svg: &mut Svg, corners: &[Corner; 3], zoom: &Zoom) {
    let [left, right, top] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(place);
    svg.polygon(
        &[left, right, top],
        "fill:var(--faint);fill-opacity:.45;stroke:var(--muted);stroke-width:1",
        "",
    );
    for step in 1..5 {
        let s = f64::from(step) * 0.2;
        svg.line(place([1.0 - s, 0.0, s]), place([0.0, 1.0 - s, s]), "gr");
        svg.line(place([1.0 - s, s, 0.0]), place([0.0, s, 1.0 - s]), "gr");
        svg.line(place([s, 1.0 - s, 0.0]), place([s, 0.0, 1.0 - s]), "gr");
        let percent = |corner: usize| numbers::tick(100.0 * zoom.share(corner, s));
        // Each side counts towards the corner it ends at, read anticlockwise.
        let (b, r, l) = (
            place([1.0 - s, s, 0.0]),
            place([0.0, 1.0 - s, s]),
            place([s, 0.0, 1.0 - s]),
        );
        svg.text(b.0, b.1 + 14.0, Anchor::Middle, "lb", &percent(1));
        svg.text(r.0 + 6.0, r.1 + 1.0, Anchor::Start, "lb", &percent(2));
        svg.text(l.0 - 6.0, l.1 + 1.0, Anchor::End, "lb", &percent(0));
    }
    let label = |corner: usize| match zoom.share(corner, 1.0) {
        1.0 => corners[corner].label.to_owned(),
        share => format!(
            "{} {} %",
            corners[corner].label,
            numbers::tick(100.0 * share)
        ),
    };
    svg.text(left.0, left.1 + 16.0, Anchor::End, "st", &label(0));
    svg.text(right.0, right.1 + 16.0, Anchor::Start, "st", &label(1));
    svg.text(top.0, top.1 - 9.0, Anchor::Middle, "st", &label(2));
    svg.text(
        (left.0 + right.0) / 2.0,
        left.1 + 32.0,
        Anchor::Middle,
        "lb",
        "eq %",
    );
}

/// Ids beside the dots where there is room; ponds that share a spot share a label, `P1–P3`.
fn label_dots(view: &View<'_>, dots: &[(usize, Point)], svg: &mut Svg) {
    let mut groups: Vec<(Vec<usize>, Point)> = Vec::new();
    for (pond, at) in dots {
        match groups.last_mut() {
            Some((members, spot)) if (spot.0 - at.0).hypot(spot.1 - at.1) < 11.0 => {
                members.push(*pond)
            }
            _ => groups.push((vec![*pond], *at)),
        }
    }
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    for (members, at) in &groups {
        let id = |i: Option<&usize>| i.map_or("", |i| view.ponds()[*i].id.as_str());
        let text = match members.len() {
            1 => id(members.first()).to_owned(),
            _ => format!("{}–{}", id(members.first()), id(members.last())),
        };
        let width = 6.6 * text.chars().count() as f64;
        let free = |x: f64, y: f64| {
            let clear_of_labels = taken
                .iter()
                .all(|t| x > t.0 + t.2 || x + width < t.0 || (y - t.1).abs() > 12.0);
            let clear_of_dots = dots.iter().all(|(_, d)| {
                d.0 < x - 4.0 || d.0 > x + width + 4.0 || d.1 < y - 12.0 || d.1 > y + 5.0
            });
            clear_of_labels && clear_of_dots
        };
        let spots = [
            (8.0, 4.0),
            (-8.0 - width, 4.0),
            (-width / 2.0, -9.0),
            (-width / 2.0, 17.0),
            (9.0, -8.0),
            (9.0, 15.0),
            (-9.0 - width, -8.0),
            (-9.0 - width, 15.0),
            (16.0, -22.0),
            (16.0, 28.0),
            (-16.0 - width, -22.0),
        ];
        if let Some((dx, dy)) = spots
            .into_iter()
            .find(|(dx, dy)| free(at.0 + dx, at.1 + dy))
        {
            taken.push((at.0 + dx, at.1 + dy, width));
            svg.text(at.0 + dx, at.1 + dy, Anchor::Start, "halo", &text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corner_that_holds_all_is_enlarged() {
        let points = [[0.95, 0.03, 0.02], [0.85, 0.05, 0.1]];
        let zoom = Zoom::around(&points);
        assert_eq!(
            zoom,
            Zoom {
                corner: 0,
                reach: 0.2
            }
        );
        // Half way up the drawn triangle, the top corner's share is half of what it reaches.
        let (at, half) = (zoom.place([0.9, 0.0, 0.1]), place([0.5, 0.0, 0.5]));
        assert!((at.0 - half.0).hypot(at.1 - half.1) < 1e-9);
        assert!(
            (zoom.share(2, 0.5) - 0.1).abs() < 1e-12 && (zoom.share(0, 0.5) - 0.9).abs() < 1e-12
        );
        assert_eq!(Zoom::around(&[[0.3, 0.3, 0.4]]), WHOLE);
    }

    #[test]
    fn corners_are_equally_far_apart() {
        let [a, b, c] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(place);
        for (p, q) in [(a, b), (b, c), (c, a)] {
            assert!(((p.0 - q.0).hypot(p.1 - q.1) - SIDE).abs() < 1e-9);
        }
    }
}
