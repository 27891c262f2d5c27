//! The drawing of a triangle or square.

use saltern_brine::database::{Database, MineralId};
use saltern_brine::diagram::{Map, Projection, Shape};
use saltern_units::Lang;

use super::canvas::{Anchor, Canvas, FAINT, INK, MUTED, Pixel, Type, box_inside};
use super::isolines::{isoline, levels};
use super::overlay::Overlay;
use super::palette::{fills, formula, solid_name};
use super::paper::{View, border};

/// What a drawing of a map needs to know.
pub(crate) struct Scene<'a> {
    pub(crate) database: &'a Database,
    pub(crate) projection: &'a Projection,
    pub(crate) map: &'a Map,
    pub(crate) path: Option<&'a Overlay>,
    pub(crate) lang: Lang,
}

/// Size of the paper on a sheet of its own.
const SIDE: f64 = 600.0;
const LEFT: f64 = 78.0;
const TOP: f64 = 112.0;
/// Where the enlargement and the table stand.
const PANEL_LEFT: f64 = 745.0;
const PANEL_WIDTH: f64 = 380.0;
const PANEL_HEIGHT: f64 = 330.0;
const WIDTH: f64 = 1160.0;
/// Least enlargement that is worth a window.
const LEAST_FACTOR: f64 = 1.5;

const LABEL: Type = Type::of(13.0).bold();

/// A sheet with one map, its points in a table, and an enlargement of its crowded part.
pub(crate) fn sheet(scene: &Scene<'_>, title: &str, notes: &[String]) -> String {
    let mut canvas = Canvas::new(WIDTH, TOP + SIDE);
    let view = View::of(scene.projection.shape, LEFT, TOP, SIDE);
    scene.frame(&mut canvas, &view, true);
    let left_over = scene.paint(&mut canvas, &view, &Part::whole(scene, &view));
    let mut foot = TOP - 20.0;
    if let Some(window) = scene.window(&view, &left_over) {
        foot = scene.enlarge(&mut canvas, &view, window) + 30.0;
    } else {
        scene.call_out(&mut canvas, &view, &left_over);
    }
    foot = scene.table(&mut canvas, foot + 10.0);
    if let Some(path) = scene.path {
        foot = path.table(&mut canvas, scene, PANEL_LEFT, foot + 14.0);
    }
    let paper = bounds(&view.all(&border(scene.projection.shape)))[3] + 64.0;
    let height = paper.max(foot + 24.0) + 18.0 * notes.len() as f64 + 8.0;
    canvas.set_height(height);
    heading(&mut canvas, title, &scene.explanation(), height, notes);
    canvas.finish(title)
}

/// Several maps side by side, without tables.
pub(crate) fn multiples(
    scenes: &[Scene<'_>],
    captions: &[String],
    title: &str,
    notes: &[String],
) -> String {
    const PANEL: f64 = 390.0;
    let columns = scenes.len().clamp(1, 3);
    let rows = scenes.len().div_ceil(columns);
    let width = 60.0 + columns as f64 * (PANEL + 70.0);
    let tall = PANEL + 78.0;
    let height = 104.0 + rows as f64 * tall + 24.0 + 18.0 * notes.len() as f64;
    let mut canvas = Canvas::new(width, height);
    let explanation = scenes
        .first()
        .map_or(String::new(), |s| s.explanation_of_multiples());
    heading(&mut canvas, title, &explanation, height, notes);
    for (k, (scene, caption)) in scenes.iter().zip(captions).enumerate() {
        let left = 64.0 + (k % columns) as f64 * (PANEL + 70.0);
        let top = 138.0 + (k / columns) as f64 * tall;
        canvas.text(
            (left - 24.0, top - 24.0),
            Anchor::Start,
            caption,
            Type::of(14.0).bold(),
        );
        let view = View::of(scene.projection.shape, left, top, PANEL);
        scene.frame(&mut canvas, &view, false);
        let part = Part {
            numbers: false,
            isolines: false,
            label_size: 10.5,
            ..Part::whole(scene, &view)
        };
        let left_over = scene.paint(&mut canvas, &view, &part);
        scene.call_out(&mut canvas, &view, &left_over);
    }
    canvas.finish(title)
}

/// Title on top, notes at the foot.
pub(crate) fn heading(
    canvas: &mut Canvas,
    title: &str,
    explanation: &str,
    height: f64,
    notes: &[String],
) {
    canvas.text((40.0, 42.0), Anchor::Start, title, Type::of(20.0).bold());
    canvas.text(
        (40.0, 64.0),
        Anchor::Start,
        explanation,
        Type::of(12.5).muted(),
    );
    for (k, note) in notes.iter().rev().enumerate() {
        canvas.text(
            (40.0, height - 16.0 - 18.0 * k as f64),
            Anchor::Start,
            note,
            Type::of(11.5).muted(),
        );
    }
}

/// Which part of the paper is painted, and how much is said on it.
struct Part {
    /// Outline on the sheet.
    outline: Vec<Pixel>,
    /// Places the part shows, as pixels: left, top, right, bottom.
    bounds: [f64; 4],
    numbers: bool,
    isolines: bool,
    label_size: f64,
}

impl Part {
    fn whole(scene: &Scene<'_>, view: &View) -> Part {
        let outline = view.all(&border(scene.projection.shape));
        Part {
            bounds: bounds(&outline),
            outline,
            numbers: true,
            isolines: true,
            label_size: LABEL.size,
        }
    }
}

/// Most points in the table beside the drawing; the rest is in the file of numbers.
const MOST_ROWS: usize = 18;

impl Scene<'_> {
    fn name(&self, solid: MineralId) -> String {
        solid_name(self.database, solid, self.lang)
    }

    fn pair_names(&self) -> Vec<String> {
        let ions: Vec<_> = self.projection.system.ions().collect();
        let counted = &self.projection.counted;
        counted
            .iter()
            .map(|&i| formula(&ions[i].pair_name()))
            .collect()
    }

    /// What the water is counted for: `K₂ + Mg + SO₄`.
    pub(crate) fn basis(&self) -> String {
        let names = self.pair_names();
        match self.projection.shape {
            Shape::Square => names[..2].join(" + "),
            _ => names.join(" + "),
        }
    }

    fn explanation(&self) -> String {
        let basis = self.basis();
        self.lang.pick(
            format!("Each field is named for the first solid. Arrows: falling water activity. Grey lines: mol H₂O per mol ({basis}) in the saturated brine."),
            format!("各区以首先析出的固相命名。箭头指向水活度降低的方向。灰线：饱和卤水中每 mol（{basis}）所含 H₂O 的 mol 数。"),
        )
    }

    fn explanation_of_multiples(&self) -> String {
        self.lang.pick(
            "Each field is named for the first solid. Arrows: falling water activity.".to_string(),
            "各区以首先析出的固相命名。箭头指向水活度降低的方向。".to_string(),
        )
    }

    /// Border, corners and ticks.
    fn frame(&self, canvas: &mut Canvas, view: &View, ticks: bool) {
        match self.projection.shape {
            Shape::Triangle => self.triangle_frame(canvas, view, ticks),
            _ => self.square_frame(canvas, view, ticks),
        }
    }

    fn triangle_frame(&self, canvas: &mut Canvas, view: &View, ticks: bool) {
        let names: Vec<String> = self.projection.corners.iter().map(|c| formula(c)).collect();
        let corner = Type::of(if ticks { 16.0 } else { 13.0 }).bold();
        let (top, right, left) = (
            view.at([0.0, 0.0]),
            view.at([1.0, 0.0]),
            view.at([0.0, 1.0]),
        );
        canvas.text((top.0, top.1 - 12.0), Anchor::Middle, &names[0], corner);
        canvas.text(
            (right.0 + 4.0, right.1 + 22.0),
            Anchor::Middle,
            &names[1],
            corner,
        );
        canvas.text(
            (left.0 - 4.0, left.1 + 22.0),
            Anchor::Middle,
            &names[2],
            corner,
        );
        if !ticks {
            return;
        }
        for k in 1..5 {
            let s = f64::from(k) / 5.0;
            let label = format!("{}", 20 * k);
            let style = Type::of(10.5).muted();
            // Share of the first corner up the right side, of the second along the foot, of the third down the left.
            let a = view.at([1.0 - s, 0.0]);
            canvas.line(&[a, (a.0 + 6.0, a.1)], MUTED, 1.0);
            canvas.text((a.0 + 10.0, a.1 + 3.5), Anchor::Start, &label, style);
            let b = view.at([s, 1.0 - s]);
            canvas.line(&[b, (b.0 - 3.0, b.1 + 5.2)], MUTED, 1.0);
            canvas.text((b.0 - 5.0, b.1 + 17.0), Anchor::Middle, &label, style);
            let c = view.at([0.0, s]);
            canvas.line(&[c, (c.0 - 3.0, c.1 - 5.2)], MUTED, 1.0);
            canvas.text((c.0 - 5.0, c.1 - 9.0), Anchor::End, &label, style);
        }
        let unit = format!("{} {}", self.lang.pick("mol % of", "mol %，"), self.basis());
        let foot = view.at([0.5, 0.5]);
        canvas.text(
            (foot.0, foot.1 + 36.0),
            Anchor::Middle,
            &unit,
            Type::of(11.0).muted(),
        );
    }

    fn square_frame(&self, canvas: &mut Canvas, view: &View, ticks: bool) {
        let corner = Type::of(if ticks { 14.0 } else { 12.0 }).bold();
        let places = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]];
        for (name, place) in self.projection.corners.iter().zip(places) {
            let p = view.at(place);
            let below = place[1] == 0.0;
            let anchor = if place[0] == 0.0 {
                Anchor::Start
            } else {
                Anchor::End
            };
            let dy = match (below, ticks) {
                (true, true) => 38.0,
                (true, false) => 18.0,
                _ => -9.0,
            };
            canvas.text((p.0, p.1 + dy), anchor, &formula(name), corner);
        }
        if !ticks {
            return;
        }
        let style = Type::of(10.5).muted();
        for k in 0..=5 {
            let s = f64::from(k) / 5.0;
            let label = format!("{}", 20 * k);
            let (a, b) = (view.at([s, 0.0]), view.at([0.0, s]));
            canvas.line(&[a, (a.0, a.1 + 5.0)], MUTED, 1.0);
            canvas.text((a.0, a.1 + 18.0), Anchor::Middle, &label, style);
            canvas.line(&[b, (b.0 - 5.0, b.1)], MUTED, 1.0);
            canvas.text((b.0 - 9.0, b.1 + 3.5), Anchor::End, &label, style);
        }
        let names = self.pair_names();
        let share =
            |a: &str, b: &str| format!("100 {b} / ({a} + {b}), {}", self.lang.pick("mol", "mol"));
        let (x, y) = (view.at([0.5, 0.0]), view.at([0.0, 0.5]));
        canvas.text(
            (x.0, x.1 + 38.0),
            Anchor::Middle,
            &share(&names[0], &names[1]),
            Type::of(11.5).muted(),
        );
        canvas.text(
            (y.0 - 42.0, y.1),
            Anchor::Middle,
            &share(&names[2], &names[3]),
            Type::of(11.5).muted().turned(-90.0),
        );
    }

    /// Paints a part of the paper; gives the fields that found no room for their name.
    fn paint(&self, canvas: &mut Canvas, view: &View, part: &Part) -> Vec<usize> {
        let map = self.map;
        let solids: Vec<MineralId> = map.fields.iter().map(|f| f.mineral).collect();
        let neighbours: Vec<[MineralId; 2]> = map.lines.iter().map(|l| l.minerals).collect();
        let fills = fills(self.database, &solids, &neighbours);
        canvas.clipped(&part.outline, |canvas| {
            for (field, fill) in map.fields.iter().zip(&fills) {
                let outlines: Vec<_> = field.outlines.iter().map(|o| view.all(o)).collect();
                canvas.area(&outlines, fill, 0.5);
            }
            let blank: Vec<_> = map.blank.iter().map(|o| view.all(o)).collect();
            canvas.area(&blank, "#f0f0f0", 1.0);
            if part.isolines {
                self.isolines(canvas, view, part, false);
            }
            self.borders(canvas, view);
        });
        let mut edge = part.outline.clone();
        edge.extend(part.outline.first().copied());
        canvas.line(&edge, INK, 1.6);
        for (k, i) in map.invariants.iter().enumerate() {
            let at = view.at(i.place);
            if within(at, part.bounds) {
                canvas.disc(at, 2.6, "#ffffff", INK);
                canvas.take([at.0 - 3.0, at.1 - 3.0, at.0 + 3.0, at.1 + 3.0]);
                let _ = k;
            }
        }
        let left_over = self.names(canvas, view, part);
        if part.numbers {
            self.numbers(canvas, view, part, &left_over);
        }
        if part.isolines {
            self.isolines(canvas, view, part, true);
        }
        if let Some(path) = self.path {
            path.draw(canvas, view, &part.outline, part.bounds);
        }
        left_over
    }

    fn borders(&self, canvas: &mut Canvas, view: &View) {
        for line in &self.map.lines {
            // A fold is no line of two solids: dashed.
            for run in line.points.chunk_by(|a, b| a.both == b.both) {
                let points: Vec<Pixel> = run.iter().map(|p| view.at(p.place)).collect();
                if run[0].both {
                    canvas.line(&points, INK, 1.3);
                } else {
                    canvas.dashed(&points, INK, 1.1);
                }
            }
            for pair in line.points.windows(2).filter(|w| w[0].both != w[1].both) {
                canvas.dashed(&[view.at(pair[0].place), view.at(pair[1].place)], INK, 1.1);
            }
            self.falling(canvas, view, line);
        }
    }

    /// An arrow head where the line is half as long, towards falling water activity.
    fn falling(&self, canvas: &mut Canvas, view: &View, line: &saltern_brine::diagram::Line) {
        let points: Vec<(Pixel, f64)> = line
            .points
            .iter()
            .filter(|p| p.both)
            .map(|p| (view.at(p.place), p.brine.water_activity))
            .collect();
        let step = |w: &[(Pixel, f64)]| (w[1].0.0 - w[0].0.0).hypot(w[1].0.1 - w[0].0.1);
        let length: f64 = points.windows(2).map(step).sum();
        if length < 34.0 {
            return;
        }
        let mut gone = 0.0;
        for w in points.windows(2) {
            gone += step(w);
            if gone >= 0.5 * length {
                let (a, b) = if w[1].1 < w[0].1 {
                    (w[0].0, w[1].0)
                } else {
                    (w[1].0, w[0].0)
                };
                let middle = (0.5 * (a.0 + b.0), 0.5 * (a.1 + b.1));
                canvas.arrow(middle, (b.0 - a.0, b.1 - a.1), 9.0, INK);
                return;
            }
        }
    }

    /// Lines of equal water content; `words` writes their values only.
    fn isolines(&self, canvas: &mut Canvas, view: &View, part: &Part, words: bool) {
        let water: Vec<f64> = self
            .map
            .nodes
            .iter()
            .map(|n| n.water_mol)
            .filter(|w| w.is_finite())
            .collect();
        let low = water.iter().copied().fold(f64::INFINITY, f64::min);
        let high = water.iter().copied().fold(0.0, f64::max);
        for level in levels(low, high) {
            for line in isoline(&self.map.nodes, &self.map.triangles, |n| n.water_mol, level) {
                let points = view.all(&line);
                if !words {
                    canvas.line(&points, "#8b96a1", 0.6);
                    continue;
                }
                let style = Type::of(9.5).muted().halo();
                let text = format!("{level}");
                // Near the middle of the line, else a third of the way from either end.
                for share in [0.5, 0.33, 0.67, 0.2, 0.8] {
                    let at = points[((points.len() - 1) as f64 * share) as usize];
                    let b = Canvas::middle_box(at, &text, style.size);
                    let clear = box_inside(b, std::slice::from_ref(&part.outline));
                    if points.len() > 6 && clear && canvas.label(at, &text, style) {
                        break;
                    }
                }
            }
        }
    }

    /// Names of the fields, where there is room.
    fn names(&self, canvas: &mut Canvas, view: &View, part: &Part) -> Vec<usize> {
        let mut left_over = Vec::new();
        for (k, field) in self.map.fields.iter().enumerate() {
            let outlines: Vec<_> = field.outlines.iter().map(|o| view.all(o)).collect();
            let seen = outlines.iter().flatten().any(|p| within(*p, part.bounds));
            if !seen {
                continue;
            }
            if !self.name_inside(canvas, view, part, k, &outlines) {
                left_over.push(k);
            }
        }
        left_over
    }

    fn name_inside(
        &self,
        canvas: &mut Canvas,
        view: &View,
        part: &Part,
        field: usize,
        outlines: &[Vec<Pixel>],
    ) -> bool {
        let solid = self.map.fields[field].mineral;
        let text = self.name(solid);
        let mut places: Vec<Pixel> = self
            .map
            .nodes
            .iter()
            .filter(|n| n.mineral == Some(solid))
            .map(|n| view.at(n.place))
            .chain([view.at(self.map.fields[field].centre.0)])
            .collect();
        // From the middle of the field outwards.
        let centre = view.at(self.map.fields[field].centre.0);
        places.sort_by(|a, b| distance2(*a, centre).total_cmp(&distance2(*b, centre)));
        for size in [
            part.label_size,
            0.82 * part.label_size,
            0.72 * part.label_size,
        ] {
            let style = Type { size, ..LABEL };
            for &at in &places {
                let b = Canvas::middle_box(at, &text, size);
                let fits =
                    box_inside(b, outlines) && box_inside(b, std::slice::from_ref(&part.outline));
                if fits && canvas.label(at, &text, style) {
                    return true;
                }
            }
        }
        false
    }

    /// Names of the fields without room, at the end of a line.
    fn call_out(&self, canvas: &mut Canvas, view: &View, fields: &[usize]) {
        for &k in fields {
            let field = &self.map.fields[k];
            let at = view.at(field.centre.0);
            let style = Type {
                size: 10.5,
                ..LABEL
            };
            for distance in [10.0, 24.0, 40.0, 60.0] {
                if canvas.beside(
                    at,
                    distance,
                    &self.name(field.mineral),
                    style.halo(),
                    |_| true,
                ) {
                    break;
                }
            }
        }
    }

    fn numbers(&self, canvas: &mut Canvas, view: &View, part: &Part, left_over: &[usize]) {
        let crowded = self.window(view, left_over);
        for (k, i) in self.map.invariants.iter().enumerate() {
            let at = view.at(i.place);
            // What the enlargement shows is numbered there.
            let elsewhere = part.isolines && crowded.is_some_and(|w| within(at, w));
            if within(at, part.bounds) && !elsewhere {
                let style = Type::of(10.5).halo();
                canvas.beside(at, 5.0, &format!("{}", k + 1), style, |_| true);
            }
        }
    }

    /// The part of the paper that holds the fields without room, if enlarging it helps.
    fn window(&self, view: &View, fields: &[usize]) -> Option<[f64; 4]> {
        let points: Vec<Pixel> = fields
            .iter()
            .flat_map(|&k| &self.map.fields[k].outlines)
            .flat_map(|o| view.all(o))
            .collect();
        if points.is_empty() {
            return None;
        }
        let b = bounds(&points);
        let pad = 10.0;
        let b = [b[0] - pad, b[1] - pad, b[2] + pad, b[3] + pad];
        let factor = (PANEL_WIDTH / (b[2] - b[0])).min(PANEL_HEIGHT / (b[3] - b[1]));
        (factor > LEAST_FACTOR).then_some(b)
    }

    /// Draws a window of the paper enlarged beside it; gives the foot of it.
    fn enlarge(&self, canvas: &mut Canvas, view: &View, window: [f64; 4]) -> f64 {
        let factor = (PANEL_WIDTH / (window[2] - window[0]))
            .min(PANEL_HEIGHT / (window[3] - window[1]))
            .min(8.0);
        let (left, top) = (PANEL_LEFT, TOP - 8.0);
        let (right, bottom) = (
            left + factor * (window[2] - window[0]),
            top + factor * (window[3] - window[1]),
        );
        let frame = |b: [f64; 4]| {
            vec![
                (b[0], b[1]),
                (b[2], b[1]),
                (b[2], b[3]),
                (b[0], b[3]),
                (b[0], b[1]),
            ]
        };
        canvas.dashed(&frame(window), MUTED, 0.9);
        let near = view.enlarged(window, left, top, factor);
        let outline = clip_to_box(
            &near.all(&border(self.projection.shape)),
            [left, top, right, bottom],
        );
        let part = Part {
            bounds: bounds(&outline),
            outline,
            numbers: true,
            isolines: false,
            label_size: 12.0,
        };
        let left_over = self.paint(canvas, &near, &part);
        self.call_out(canvas, &near, &left_over);
        let caption = self.lang.pick(
            format!("dashed part × {factor:.1}"),
            format!("虚线框部分 × {factor:.1}"),
        );
        canvas.text(
            (left, top - 8.0),
            Anchor::Start,
            &caption,
            Type::of(11.5).muted(),
        );
        bottom
    }

    /// The invariant points in a table; gives its foot.
    fn table(&self, canvas: &mut Canvas, top: f64) -> f64 {
        let (x, mut y) = (PANEL_LEFT, top + 12.0);
        let right = x + PANEL_WIDTH;
        let head = Type::of(11.5).muted();
        let over = self.saturating_name();
        let solids = match over.is_empty() {
            false => self.lang.pick(
                format!("solids beside {over}"),
                format!("与{over}共存的固相"),
            ),
            true => self.lang.pick("solids", "固相").to_string(),
        };
        canvas.text((x, y), Anchor::Start, "", head);
        canvas.text((x + 22.0, y), Anchor::Start, &solids, head);
        canvas.text((right - 62.0, y), Anchor::End, "a_w", head);
        canvas.text((right, y), Anchor::End, "mol H₂O", head);
        y += 6.0;
        canvas.line(&[(x, y), (right, y)], FAINT, 1.0);
        for (k, i) in self.map.invariants.iter().take(MOST_ROWS).enumerate() {
            y += 16.0;
            let names: Vec<String> = i.minerals.iter().map(|m| self.name(*m)).collect();
            let row = Type::of(11.5);
            canvas.text(
                (x + 14.0, y),
                Anchor::End,
                &format!("{}", k + 1),
                row.bold(),
            );
            canvas.text((x + 22.0, y), Anchor::Start, &names.join(" + "), row);
            canvas.text(
                (right - 62.0, y),
                Anchor::End,
                &format!("{:.3}", i.brine.water_activity),
                row,
            );
            let water = self.water_mol(&i.brine);
            canvas.text((right, y), Anchor::End, &format!("{water:.1}"), row);
        }
        let more = self.map.invariants.len().saturating_sub(MOST_ROWS);
        if more > 0 {
            y += 16.0;
            let text = self.lang.pick(
                format!("and {more} more in points.csv"),
                format!("其余 {more} 个见 points.csv"),
            );
            canvas.text((x + 22.0, y), Anchor::Start, &text, head);
        }
        y
    }

    /// The always-present salt as it is at this temperature: of halite and hydrohalite those that are there.
    pub(crate) fn saturating_name(&self) -> String {
        let brines = self
            .map
            .lines
            .iter()
            .flat_map(|l| &l.points)
            .map(|p| &p.brine);
        let there = |m: &&MineralId| brines.clone().any(|b| b.solids_mol[**m] > 0.0);
        let names: Vec<String> = self
            .projection
            .saturating
            .iter()
            .filter(there)
            .map(|&m| self.name(m))
            .collect();
        names.join(self.lang.pick(" or ", "或"))
    }

    /// Moles of water for one pair of charges.
    pub(crate) fn water_mol(&self, brine: &saltern_brine::equilibrium::Equilibrium) -> f64 {
        self.projection
            .water_mol_per_pair(&brine.liquid_mol_kgw(self.database))
    }
}

fn distance2(a: Pixel, b: Pixel) -> f64 {
    (a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)
}

fn within(p: Pixel, b: [f64; 4]) -> bool {
    p.0 >= b[0] - 0.5 && p.0 <= b[2] + 0.5 && p.1 >= b[1] - 0.5 && p.1 <= b[3] + 0.5
}

fn bounds(points: &[Pixel]) -> [f64; 4] {
    let mut b = [
        f64::INFINITY,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NEG_INFINITY,
    ];
    for p in points {
        b = [b[0].min(p.0), b[1].min(p.1), b[2].max(p.0), b[3].max(p.1)];
    }
    b
}

/// A convex outline cut to a box (Sutherland and Hodgman).
fn clip_to_box(outline: &[Pixel], b: [f64; 4]) -> Vec<Pixel> {
    let mut points = outline.to_vec();
    let sides: [(usize, f64, f64); 4] = [
        (0, b[0], 1.0),
        (0, b[2], -1.0),
        (1, b[1], 1.0),
        (1, b[3], -1.0),
    ];
    for (axis, limit, sign) in sides {
        let depth = |p: Pixel| sign * (if axis == 0 { p.0 } else { p.1 } - limit);
        let mut next = Vec::new();
        for (k, &p) in points.iter().enumerate() {
            let q = points[(k + 1) % points.len()];
            let (dp, dq) = (depth(p), depth(q));
            if dp >= 0.0 {
                next.push(p);
            }
            if (dp >= 0.0) != (dq >= 0.0) {
                let s = dp / (dp - dq);
                next.push((p.0 + s * (q.0 - p.0), p.1 + s * (q.1 - p.1)));
            }
        }
        points = next;
    }
    points
}
