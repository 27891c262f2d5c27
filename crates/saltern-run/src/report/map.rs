//! The pond map: outlines (or boxes) coloured by stage, what each pond holds, and arrows for what moved.

use std::collections::BTreeMap;

use saltern_base::book::StreamKind;

use super::numbers::Scale;
use super::svg::{Anchor, Svg, escape};
use super::texts;
use super::view::View;
use super::{numbers, stage_legend, titled};
use crate::columns;

type Point = (f64, f64);

const WIDTH: f64 = 1136.0;
const MARGIN_Y: f64 = 30.0;
/// How far from the map an arrow to or from outside begins or ends.
const REACH: f64 = 56.0;
/// Elements that a tile names, where the run has them.
const TILE_ELEMENTS: [&str; 3] = ["Mg", "K", "Li"];
const TABLE_ELEMENTS: [&str; 8] = ["Na", "K", "Mg", "Ca", "Li", "Cl", "S", "B"];

pub(super) fn section(view: &View<'_>) -> String {
    let lang = view.lang;
    if view.ponds().is_empty() {
        return String::new();
    }
    let outlined = view.ponds().iter().all(|p| p.outline_m.len() >= 3);
    let note = texts::MAP_NOTE.with(lang, &[("unit", flow_scale(view).unit)]);
    let note = match outlined {
        true => note,
        false => format!("{note} {}", texts::MAP_BOXES.get(lang)),
    };
    let shapes = if outlined {
        outlines(view)
    } else {
        boxes(view)
    };
    let body = format!(
        "{}<figure class=\"scroll\">{}</figure>{}",
        stage_legend(view),
        draw(view, &shapes),
        table(view)
    );
    titled(lang, texts::MAP, &note, &body)
}

/// Room at the sides for the names of sources and outlets.
fn margin_x(view: &View<'_>) -> f64 {
    let base = &view.run.base;
    let names = base
        .sources
        .iter()
        .chain(&base.outlets)
        .map(|p| view.label(&p.name, &p.id));
    (names.map(width_em).fold(0.0, f64::max) * 12.0 + 16.0).clamp(96.0, 250.0)
}

/// Outlines fitted to the width, north up.
fn outlines(view: &View<'_>) -> Vec<Vec<Point>> {
    let points = || {
        view.ponds()
            .iter()
            .flat_map(|p| p.outline_m.iter().copied())
    };
    let (low, high) = bounds(points());
    let (span_x, span_y) = ((high.0 - low.0).max(1e-9), (high.1 - low.1).max(1e-9));
    let scale = ((WIDTH - 2.0 * margin_x(view)) / span_x).min(760.0 / span_y);
    let shift = (WIDTH - scale * span_x) / 2.0;
    let place = |(x, y): Point| (shift + (x - low.0) * scale, MARGIN_Y + (high.1 - y) * scale);
    view.ponds()
        .iter()
        .map(|p| p.outline_m.iter().copied().map(place).collect())
        .collect()
}

/// Boxes in rows that run to and fro, so that neighbours in the chain are neighbours on paper.
fn boxes(view: &View<'_>) -> Vec<Vec<Point>> {
    let count = view.ponds().len();
    let per_row = count.clamp(1, 5);
    let (gap, height) = (34.0, 112.0);
    let margin = margin_x(view);
    let width = (WIDTH - 2.0 * margin - gap * (per_row - 1) as f64) / per_row as f64;
    (0..count)
        .map(|i| {
            let (row, step) = (i / per_row, i % per_row);
            let column = if row % 2 == 0 {
                step
            } else {
                per_row - 1 - step
            };
            let (x, y) = (
                margin + column as f64 * (width + gap),
                MARGIN_Y + row as f64 * (height + gap),
            );
            vec![
                (x, y),
                (x + width, y),
                (x + width, y + height),
                (x, y + height),
            ]
        })
        .collect()
}

fn bounds(points: impl Iterator<Item = Point>) -> (Point, Point) {
    points.fold(
        (
            (f64::INFINITY, f64::INFINITY),
            (f64::NEG_INFINITY, f64::NEG_INFINITY),
        ),
        |(low, high), p| {
            (
                (low.0.min(p.0), low.1.min(p.1)),
                (high.0.max(p.0), high.1.max(p.1)),
            )
        },
    )
}

/// Centre of area; mean of the corners where there is no area.
fn centre(shape: &[Point]) -> Point {
    let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
    for (a, b) in edges(shape) {
        let cross = a.0 * b.1 - b.0 * a.1;
        area += cross;
        x += (a.0 + b.0) * cross;
        y += (a.1 + b.1) * cross;
    }
    if area.abs() > 1e-9 {
        return (x / (3.0 * area), y / (3.0 * area));
    }
    let n = shape.len().max(1) as f64;
    (
        shape.iter().map(|p| p.0).sum::<f64>() / n,
        shape.iter().map(|p| p.1).sum::<f64>() / n,
    )
}

fn edges(shape: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    shape
        .iter()
        .copied()
        .zip(shape.iter().copied().cycle().skip(1))
}

/// Where the way from `from` (inside) to `to` last leaves the shape; `from` if it never does.
fn way_out(shape: &[Point], from: Point, to: Point) -> Point {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let crossing = |(a, b): (Point, Point)| -> Option<f64> {
        let (ex, ey) = (b.0 - a.0, b.1 - a.1);
        let det = dx * ey - dy * ex;
        if det.abs() < 1e-12 {
            return None;
        }
        let t = ((a.0 - from.0) * ey - (a.1 - from.1) * ex) / det;
        let u = ((a.0 - from.0) * dy - (a.1 - from.1) * dx) / det;
        ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u)).then_some(t)
    };
    let t = edges(shape).filter_map(crossing).fold(0.0, f64::max);
    (from.0 + t * dx, from.1 + t * dy)
}

/// How far the name of a source or outlet hangs below its place.
const NAME_DROP: f64 = 18.0;

/// A place on the map that is no pond: source or outlet.
struct Outside {
    at: Point,
    /// Where its name is held: by the end that is next to the map, so that it runs away from it.
    anchor: Anchor,
    label: String,
}

fn draw(view: &View<'_>, shapes: &[Vec<Point>]) -> String {
    let (_, high) = bounds(shapes.iter().flatten().copied());
    let outside = outside(view, shapes);
    // Names hang below their places, which may lie below the lowest pond.
    let lowest_name = outside
        .values()
        .map(|p| p.at.1 + NAME_DROP)
        .fold(high.1, f64::max);
    let mut svg = Svg::new(WIDTH, lowest_name + MARGIN_Y);
    for (i, shape) in shapes.iter().enumerate() {
        let color = view.stages.color(&view.ponds()[i].stage);
        let style =
            format!("fill:{color};fill-opacity:var(--tint);stroke:{color};stroke-width:1.6");
        svg.polygon(shape, &style, &hint(view, i));
    }
    let (transfers, scale) = (transfers(view, shapes, &outside), flow_scale(view));
    arrows(&transfers, &scale, &mut svg);
    for (i, shape) in shapes.iter().enumerate() {
        tile(view, i, shape, &mut svg);
    }
    arrow_labels(&transfers, &scale, &mut svg);
    for place in outside.values() {
        let beside = match place.anchor {
            Anchor::End => REACH - 8.0,
            _ => 8.0 - REACH,
        };
        let (x, y) = place.at;
        svg.text(
            x + beside,
            y + NAME_DROP,
            place.anchor,
            "st halo",
            &place.label,
        );
    }
    svg.finish("wide", texts::MAP.get(view.lang))
}

fn hint(view: &View<'_>, pond: usize) -> String {
    let p = &view.ponds()[pond];
    format!(
        "{} {} · {}",
        p.id,
        view.label(&p.name, &p.id),
        texts::name(view.lang, &p.stage)
    )
}

/// The facts of a tile, line by line: depth and activity, grades, salt.
fn tile_facts(view: &View<'_>, pond: usize) -> Vec<Vec<String>> {
    let (Some(days), lang) = (view.days.as_ref(), view.lang) else {
        return Vec::new();
    };
    let depth = days.last(pond, columns::DEPTH);
    let salt = numbers::fixed(days.last(pond, columns::SALT_THICKNESS), 2);
    let salt = vec![texts::SALT_SHORT.with(lang, &[("x", &salt)])];
    if depth.is_nan() || depth <= 0.0 {
        return vec![vec![texts::DRY_SHORT.get(lang).to_owned()], salt];
    }
    let depth = texts::DEPTH_SHORT.with(lang, &[("x", &numbers::fixed(depth, 2))]);
    let activity = numbers::significant(days.last(pond, columns::WATER_ACTIVITY), 3);
    let mut grades: Vec<String> = view
        .elements(&TILE_ELEMENTS)
        .into_iter()
        .map(|(s, _)| format!("{s} {}", numbers::significant(days.grade(pond, s, None), 3)))
        .collect();
    if let Some(last) = grades.last_mut() {
        last.push_str(" g/L");
    }
    vec![vec![depth, format!("a_w {activity}")], grades, salt]
}

/// Lines, and the size of letters at which they fit a pond of this width and height.
fn laid_out(lines: Vec<String>, width: f64, height: f64) -> (Vec<String>, f64) {
    let letters = lines.iter().map(|l| width_em(l)).fold(4.0, f64::max);
    let size = ((width - 32.0) / letters).min((height - 8.0) / (1.4 * (lines.len() + 1) as f64));
    (lines, size.min(11.5))
}

/// Writes a pond's tile, in few long lines or many short ones, whichever can be larger; where even small letters
/// do not fit, its id alone (the table has the rest).
fn tile(view: &View<'_>, pond: usize, shape: &[Point], svg: &mut Svg) {
    let (low, high) = bounds(shape.iter().copied());
    let (width, height) = (high.0 - low.0, high.1 - low.1);
    let facts = tile_facts(view, pond);
    let long = laid_out(
        facts.iter().map(|line| line.join(" · ")).collect(),
        width,
        height,
    );
    let short = laid_out(facts.into_iter().flatten().collect(), width, height);
    let (lines, size) = if long.1 >= 8.5 || long.1 >= short.1 {
        long
    } else {
        short
    };
    let (x, y) = centre(shape);
    let id = &view.ponds()[pond].id;
    if size < 7.5 {
        let size = ((width - 4.0) / width_em(id).max(1.0)).clamp(6.0, 11.5);
        svg.sized_text(x, y + 4.0, size, "st halo", id);
        return;
    }
    let step = 1.4 * size;
    let top = y - step * lines.len() as f64 / 2.0 + 0.35 * size;
    svg.sized_text(x, top, size + 1.0, "st halo", id);
    for (i, line) in lines.iter().enumerate() {
        svg.sized_text(x, top + step * (i + 1) as f64, size, "halo", line);
    }
}

/// Rough width of a text in em: a Chinese character takes one, others about half.
fn width_em(text: &str) -> f64 {
    text.chars()
        .map(|c| if c as u32 > 0x2e80 { 1.0 } else { 0.56 })
        .sum()
}

/// Sources and outlets: beside the map, level with the pond they serve.
fn outside(view: &View<'_>, shapes: &[Vec<Point>]) -> BTreeMap<String, Outside> {
    let base = &view.run.base;
    let (low, high) = bounds(shapes.iter().flatten().copied());
    let pond_of = |place: &str| {
        let other = base.links.iter().find_map(|l| match () {
            () if l.from == place => Some(&l.to),
            () if l.to == place => Some(&l.from),
            () => None,
        })?;
        base.ponds.iter().position(|p| p.id == *other)
    };
    let mut taken: Vec<Point> = Vec::new();
    let mut map = BTreeMap::new();
    for place in base.sources.iter().chain(&base.outlets) {
        let Some(pond) = pond_of(&place.id) else {
            continue;
        };
        let (x, y) = centre(&shapes[pond]);
        let left = x - low.0 < high.0 - x;
        let mut at = (if left { low.0 - REACH } else { high.0 + REACH }, y);
        while taken
            .iter()
            .any(|t| (t.0 - at.0).abs() < 90.0 && (t.1 - at.1).abs() < 30.0)
        {
            at.1 += 34.0;
        }
        taken.push(at);
        map.insert(
            place.id.clone(),
            Outside {
                at,
                anchor: if left { Anchor::End } else { Anchor::Start },
                label: view.label(&place.name, &place.id).to_owned(),
            },
        );
    }
    map
}

/// Brine moved in the period between two nodes, m³.
fn moved(view: &View<'_>) -> BTreeMap<(usize, usize), f64> {
    let mut flows = BTreeMap::new();
    for (stream, total) in view.run.book.streams.iter().zip(&view.totals) {
        if matches!(stream.kind, StreamKind::Feed | StreamKind::Transfer) {
            *flows.entry((stream.from, stream.to)).or_insert(0.0) += total.volume_m3;
        }
    }
    flows.retain(|_, m3| *m3 > 0.0);
    flows
}

/// A transfer as it is drawn, from edge to edge.
struct Transfer {
    from: Point,
    to: Point,
    m3: f64,
}

fn transfers(
    view: &View<'_>,
    shapes: &[Vec<Point>],
    outside: &BTreeMap<String, Outside>,
) -> Vec<Transfer> {
    let drawn = |((from, to), m3): ((usize, usize), f64)| {
        let (a, b) = (
            end(view, shapes, outside, from)?,
            end(view, shapes, outside, to)?,
        );
        let edge = |here: (Point, Option<&[Point]>), there: Point| {
            here.1.map_or(here.0, |shape| way_out(shape, here.0, there))
        };
        Some(Transfer {
            from: edge(a, b.0),
            to: edge(b, a.0),
            m3,
        })
    };
    moved(view).into_iter().filter_map(drawn).collect()
}

/// Unit in which the arrows are labelled: one for all, so that a label is a bare number.
fn flow_scale(view: &View<'_>) -> Scale {
    let most = moved(view).into_values().fold(0.0, f64::max);
    numbers::volume_scale(view.lang, most / 10.0)
}

fn arrows(transfers: &[Transfer], scale: &Scale, svg: &mut Svg) {
    let most = transfers.iter().map(|t| t.m3).fold(1.0, f64::max);
    for t in transfers {
        // A little into both ponds: neighbours may share a wall.
        let (from, to) = (inward(t.from, t.to, -7.0), inward(t.to, t.from, -8.0));
        arrow(
            svg,
            from,
            to,
            1.2 + 3.3 * (t.m3 / most).sqrt(),
            &scale.with_unit(t.m3),
        );
    }
}

fn arrow_labels(transfers: &[Transfer], scale: &Scale, svg: &mut Svg) {
    for t in transfers {
        let upright = (t.to.1 - t.from.1).abs() > (t.to.0 - t.from.0).abs();
        let (x, y) = ((t.from.0 + t.to.0) / 2.0, (t.from.1 + t.to.1) / 2.0);
        let (x, y, anchor) = if upright {
            (x + 9.0, y + 4.0, Anchor::Start)
        } else {
            (x, y - 9.0, Anchor::Middle)
        };
        svg.text(x, y, anchor, "st halo", &scale.show(t.m3));
    }
}

/// Point and, for a pond, shape of a node of the book.
fn end<'s>(
    view: &View<'_>,
    shapes: &'s [Vec<Point>],
    outside: &BTreeMap<String, Outside>,
    node: usize,
) -> Option<(Point, Option<&'s [Point]>)> {
    let id = &view.run.book.nodes.get(node)?.id;
    if let Some(pond) = view.ponds().iter().position(|p| p.id == *id) {
        return Some((centre(&shapes[pond]), Some(&shapes[pond])));
    }
    outside.get(id).map(|place| (place.at, None))
}

/// `by` further from `point` towards `target`.
fn inward(point: Point, target: Point, by: f64) -> Point {
    let (dx, dy) = (target.0 - point.0, target.1 - point.1);
    let length = dx.hypot(dy).max(1e-9);
    let t = (by / length).min(1.0);
    (point.0 + t * dx, point.1 + t * dy)
}

fn arrow(svg: &mut Svg, from: Point, to: Point, width: f64, hint: &str) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    if length < 1e-6 {
        return;
    }
    let (ux, uy) = (dx / length, dy / length);
    let head = (5.0 + 1.4 * width).min(length);
    let neck = (to.0 - ux * head, to.1 - uy * head);
    let half = 0.5 * head;
    let line = format!("M{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, neck.0, neck.1);
    svg.path(
        &line,
        &format!("fill:none;stroke:var(--muted);stroke-width:{width:.1}"),
        hint,
    );
    svg.polygon(
        &[
            to,
            (neck.0 - uy * half, neck.1 + ux * half),
            (neck.0 + uy * half, neck.1 - ux * half),
        ],
        "fill:var(--muted)",
        hint,
    );
}

fn table(view: &View<'_>) -> String {
    let (Some(days), lang) = (view.days.as_ref(), view.lang) else {
        return String::new();
    };
    let elements = view.elements(&TABLE_ELEMENTS);
    let mut head: String = [texts::COL_POND, texts::COL_STAGE]
        .iter()
        .map(|t| format!("<th class=\"l\">{}</th>", escape(t.get(lang))))
        .collect();
    for text in [
        texts::COL_AREA,
        texts::COL_DEPTH,
        texts::COL_AW,
        texts::COL_DENSITY,
        texts::COL_TEMPERATURE,
    ] {
        head += &format!("<th>{}</th>", escape(text.get(lang)));
    }
    for (symbol, _) in &elements {
        head += &format!("<th>{symbol}, g/L</th>");
    }
    for text in [texts::COL_SALT, texts::COL_FROZEN, texts::COL_DRY] {
        head += &format!("<th>{}</th>", escape(text.get(lang)));
    }
    let rows: String = (0..view.ponds().len())
        .map(|i| table_row(view, days, &elements, i))
        .collect();
    format!(
        "<div class=\"scroll\" style=\"margin-top:18px\"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

fn table_row(
    view: &View<'_>,
    days: &super::view::PondDays<'_>,
    elements: &[(&str, usize)],
    i: usize,
) -> String {
    let p = &view.ponds()[i];
    let mut cells = vec![
        numbers::significant(p.area_m2 / 1e6, 3),
        numbers::fixed(days.last(i, columns::DEPTH), 2),
        numbers::fixed(days.last(i, columns::WATER_ACTIVITY), 3),
        numbers::fixed(days.last(i, columns::DENSITY), 0),
        numbers::fixed(days.last(i, columns::TEMPERATURE), 1),
    ];
    cells.extend(
        elements
            .iter()
            .map(|(symbol, _)| numbers::significant(days.grade(i, symbol, None), 3)),
    );
    cells.push(numbers::fixed(days.last(i, columns::SALT_THICKNESS), 3));
    cells.push(days.flagged(i, columns::FREEZING).len().to_string());
    cells.push(days.flagged(i, columns::DRY).len().to_string());
    let cells: String = cells.iter().map(|c| format!("<td>{c}</td>")).collect();
    let name = view.label(&p.name, "");
    let name = if name.is_empty() || name == p.id {
        escape(&p.id)
    } else {
        format!("{} {}", escape(&p.id), escape(name))
    };
    format!(
        "<tr><td class=\"l name\">{name}</td><td class=\"l\"><i style=\"background:{}\"></i>{}</td>{cells}</tr>",
        view.stages.color(&p.stage),
        escape(&texts::name(view.lang, &p.stage))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [Point; 4] = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)];

    #[test]
    fn the_way_out_of_a_square() {
        assert_eq!(centre(&SQUARE), (5.0, 5.0));
        assert_eq!(way_out(&SQUARE, (5.0, 5.0), (25.0, 5.0)), (10.0, 5.0));
        assert_eq!(way_out(&SQUARE, (5.0, 5.0), (6.0, 5.0)), (5.0, 5.0));
        assert_eq!(inward((10.0, 5.0), (5.0, 5.0), 2.0), (8.0, 5.0));
    }

    #[test]
    fn a_shape_without_area_has_a_centre() {
        assert_eq!(centre(&[(0.0, 0.0), (2.0, 0.0), (4.0, 0.0)]), (2.0, 0.0));
    }
}
