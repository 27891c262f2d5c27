//! The drawing of an isothermal ternary: in mass percent as a triangle with its fields, and in moles as a curve.

use saltern_brine::blending::mass_kg;
use saltern_brine::database::{Database, MineralId};
use saltern_brine::diagram::projection::salt_name;
use saltern_brine::diagram::{Ion, Projection, Section};
use saltern_brine::equilibrium::Equilibrium;
use saltern_units::Lang;

use super::canvas::{Anchor, Canvas, FAINT, INK, MUTED, Pixel, Type, box_inside};
use super::map::heading;
use super::palette::{fills, formula, solid_name};

/// What a drawing of a ternary needs to know.
pub(crate) struct Ternary<'a> {
    pub(crate) database: &'a Database,
    pub(crate) projection: &'a Projection,
    pub(crate) sections: &'a [Section],
    pub(crate) lang: Lang,
}

const SIDE: f64 = 520.0;
const TOP: f64 = 118.0;
const LINES: [&str; 6] = [
    "#0b5394", "#b3123f", "#1d7a46", "#8a5a00", "#6a3d9a", "#444444",
];

impl Ternary<'_> {
    /// The two ions that are counted.
    fn ions(&self) -> [&Ion; 2] {
        let ions: Vec<&Ion> = self.projection.system.ions().collect();
        let counted = &self.projection.counted;
        [ions[counted[0]], ions[counted[1]]]
    }

    /// What a counted ion makes its salt with: of those that are not counted (the common ion, or the two of the always-present
    /// salt) the one of the other sign.
    fn partner(&self, ion: &Ion) -> &Ion {
        let mut ions = self.projection.system.ions().enumerate();
        let other = ions.find(|(i, other)| {
            other.charge * ion.charge < 0.0 && !self.projection.counted.contains(i)
        });
        other.map_or(self.ions()[0], |(_, other)| other)
    }

    /// Names of the two salts.
    pub(crate) fn salts(&self) -> [String; 2] {
        self.ions().map(|ion| match ion.charge > 0.0 {
            true => salt_name(ion, self.partner(ion)),
            false => salt_name(self.partner(ion), ion),
        })
    }

    /// Moles of the two salts' counted ions and of the common one in amounts, and kilograms of all.
    fn grams(&self, amounts_mol: &[f64]) -> ([f64; 2], f64) {
        let mol = self.projection.system.ions_in_mol(amounts_mol);
        let salt = |k: usize| {
            let ion = self.ions()[k];
            let common = self.partner(ion);
            let n = mol[self.projection.counted[k]];
            n * (ion.molar_mass_kg_mol
                + ion.charge.abs() / common.charge.abs() * common.molar_mass_kg_mol)
        };
        ([salt(0), salt(1)], mass_kg(self.database, amounts_mol))
    }

    /// Mass fractions of the two salts in a brine.
    pub(crate) fn mass_fractions(&self, brine: &Equilibrium) -> [f64; 2] {
        let (salts, total) = self.grams(&brine.liquid_mol_kgw(self.database));
        salts.map(|s| s / total)
    }

    /// Molalities of the two salts in a brine (of their counted ions).
    pub(crate) fn molalities(&self, brine: &Equilibrium) -> [f64; 2] {
        let mol = self
            .projection
            .system
            .ions_in_mol(&brine.liquid_mol_kgw(self.database));
        [0, 1].map(|k| {
            let i = self.projection.counted[k];
            let ion = self.ions()[k];
            let common = self.partner(ion);
            // Moles of the salt as written: of Na2SO4 half the sodium.
            let in_salt = if ion.charge.abs() == common.charge.abs() {
                1.0
            } else {
                common.charge.abs()
            };
            mol[i] / in_salt.max(1.0)
        })
    }

    fn solid_fractions(&self, solid: MineralId) -> [f64; 2] {
        let mut amounts = vec![0.0; self.database.components.len()];
        for &(c, nu) in &self.database.minerals[solid].dissolution {
            amounts[c] += nu;
        }
        let (salts, total) = self.grams(&amounts);
        salts.map(|s| s / total)
    }

    /// One temperature: the triangle in mass percent and the curve in moles. Several: the curves in moles.
    pub(crate) fn sheet(&self, title: &str, notes: &[String]) -> String {
        let height = TOP + SIDE + 64.0 + 18.0 * notes.len() as f64;
        let mut canvas = Canvas::new(1180.0, height);
        let explanation = self.lang.pick(
            "Left, mass %: which phases a mixture of the two salts and water forms (L: brine; thin lines tie brine to solid). Right: the solubility curve.",
            "左图（质量 %）：两种盐与水的混合物所形成的相（L：卤水；细线连接平衡的卤水与固相）。右图：溶解度曲线。",
        );
        match self.sections {
            [one] => {
                heading(&mut canvas, title, explanation, height, notes);
                self.triangle(&mut canvas, one, 70.0, TOP);
            }
            _ => heading(&mut canvas, title, "", height, notes),
        }
        let (left, width) = if self.sections.len() == 1 {
            (760.0, 370.0)
        } else {
            (110.0, 900.0)
        };
        self.curves(
            &mut canvas,
            left,
            TOP,
            width,
            if self.sections.len() == 1 {
                390.0
            } else {
                500.0
            },
        );
        canvas.finish(title)
    }

    fn triangle(&self, canvas: &mut Canvas, section: &Section, left: f64, top: f64) {
        let tall = SIDE * 0.75_f64.sqrt();
        // Water on top, the first salt at the lower left, the second at the lower right.
        let at = |[a, b]: [f64; 2]| -> Pixel {
            (
                left + SIDE * (0.5 - 0.5 * a + 0.5 * b),
                top + tall * (a + b),
            )
        };
        let (water, first, second) = (at([0.0, 0.0]), at([1.0, 0.0]), at([0.0, 1.0]));
        let solids: Vec<MineralId> = section.pieces.iter().map(|p| p.mineral).collect();
        let pairs: Vec<[MineralId; 2]> = section.invariants.iter().map(|i| i.minerals).collect();
        let fills = fills(self.database, &solids, &pairs);
        let mut regions: Vec<(Vec<Pixel>, String)> = Vec::new();
        let mut curve: Vec<Pixel> = Vec::new();
        for (piece, fill) in section.pieces.iter().zip(&fills) {
            let points: Vec<Pixel> = piece
                .points
                .iter()
                .map(|(_, b)| at(self.mass_fractions(b)))
                .collect();
            let solid = at(self.solid_fractions(piece.mineral));
            let mut region = points.clone();
            region.push(solid);
            canvas.area(std::slice::from_ref(&region), fill, 0.5);
            tie_lines(canvas, &points, solid);
            regions.push((region, format!("L + {}", self.name(piece.mineral))));
            curve.extend(points);
        }
        for i in &section.invariants {
            let brine = at(self.mass_fractions(&i.brine));
            let [a, b] = i.minerals.map(|m| at(self.solid_fractions(m)));
            let region = vec![brine, a, b];
            canvas.area(std::slice::from_ref(&region), "#ffffff", 1.0);
            canvas.line(&[brine, a, b, brine], INK, 1.0);
            regions.push((
                region,
                format!(
                    "L + {} + {}",
                    self.name(i.minerals[0]),
                    self.name(i.minerals[1])
                ),
            ));
        }
        let mut liquid = curve.clone();
        if section.ice.len() > 1 {
            let ice: Vec<Pixel> = section
                .ice
                .iter()
                .map(|b| at(self.mass_fractions(b)))
                .collect();
            let mut region = ice.clone();
            region.push(water);
            canvas.area(std::slice::from_ref(&region), "#cfe6f5", 0.8);
            tie_lines(canvas, &ice, water);
            canvas.line(&ice, INK, 1.5);
            regions.push((region, format!("L + {}", self.lang.pick("ice", "冰"))));
            liquid.extend(ice.iter().rev());
        } else {
            liquid.push(water);
        }
        canvas.line(&curve, INK, 1.8);
        canvas.line(&[water, first, second, water], INK, 1.5);
        regions.push((liquid, "L".to_string()));
        for i in &section.invariants {
            canvas.disc(at(self.mass_fractions(&i.brine)), 3.0, "#ffffff", INK);
        }
        self.corners(canvas, [water, first, second], &at);
        for (region, text) in regions {
            name_region(canvas, &region, &text);
        }
        self.solids(canvas, section, &at);
    }

    fn corners(
        &self,
        canvas: &mut Canvas,
        [water, first, second]: [Pixel; 3],
        at: &impl Fn([f64; 2]) -> Pixel,
    ) {
        let [a, b] = self.salts();
        let big = Type::of(15.0).bold();
        canvas.kept((water.0, water.1 - 10.0), Anchor::Middle, "H₂O", big);
        canvas.kept(
            (first.0 - 6.0, first.1 + 24.0),
            Anchor::Middle,
            &formula(&a),
            big,
        );
        canvas.kept(
            (second.0 + 6.0, second.1 + 24.0),
            Anchor::Middle,
            &formula(&b),
            big,
        );
        for k in 1..5 {
            let s = f64::from(k) / 5.0;
            let style = Type::of(10.5).muted();
            let label = format!("{}", 20 * k);
            let p = at([s, 0.0]);
            canvas.kept((p.0 - 8.0, p.1 + 2.0), Anchor::End, &label, style);
            let q = at([0.0, s]);
            canvas.kept((q.0 + 8.0, q.1 + 2.0), Anchor::Start, &label, style);
            canvas.line(&[p, (p.0 - 5.0, p.1)], MUTED, 1.0);
            canvas.line(&[q, (q.0 + 5.0, q.1)], MUTED, 1.0);
        }
        let unit = |salt: &str| format!("{} {}", self.lang.pick("mass %", "质量 %"), formula(salt));
        let (p, q) = (at([0.5, 0.0]), at([0.0, 0.5]));
        canvas.kept(
            (p.0 - 34.0, p.1),
            Anchor::Middle,
            &unit(&a),
            Type::of(11.0).muted().turned(-60.0),
        );
        canvas.kept(
            (q.0 + 34.0, q.1),
            Anchor::Middle,
            &unit(&b),
            Type::of(11.0).muted().turned(60.0),
        );
    }

    /// Solids that are not a corner: a mark and a name.
    fn solids(&self, canvas: &mut Canvas, section: &Section, at: &impl Fn([f64; 2]) -> Pixel) {
        for piece in &section.pieces {
            let [a, b] = self.solid_fractions(piece.mineral);
            let p = at([a, b]);
            if (a - 1.0).abs() < 1e-6 || (b - 1.0).abs() < 1e-6 {
                continue;
            }
            canvas.disc(p, 3.2, INK, INK);
            let text = self.name(piece.mineral);
            canvas.beside(p, 5.0, &text, Type::of(11.0).halo(), |_| true);
        }
    }

    fn name(&self, solid: MineralId) -> String {
        solid_name(self.database, solid, self.lang)
    }

    /// The solubility curves in mol/kgw.
    fn curves(&self, canvas: &mut Canvas, left: f64, top: f64, width: f64, height: f64) {
        let all: Vec<[f64; 2]> = self
            .sections
            .iter()
            .flat_map(|s| &s.pieces)
            .flat_map(|p| &p.points)
            .map(|(_, b)| self.molalities(b))
            .collect();
        let most = |k: usize| all.iter().map(|m| m[k]).fold(0.1, f64::max);
        let axes = Axes::new([left, top, width, height], [0.0, most(0)], [0.0, most(1)]);
        let [a, b] = self.salts();
        let unit = |salt: &str| format!("{}, mol/kg H₂O", formula(salt));
        axes.draw(canvas, &unit(&a), &unit(&b));
        for (k, section) in self.sections.iter().enumerate() {
            let colour = if self.sections.len() == 1 {
                INK
            } else {
                LINES[k % LINES.len()]
            };
            for piece in &section.pieces {
                let points: Vec<Pixel> = piece
                    .points
                    .iter()
                    .map(|(_, b)| axes.at(self.molalities(b)))
                    .collect();
                canvas.line(&points, colour, 1.8);
                for p in points.iter().step_by(3) {
                    canvas.take([p.0 - 3.0, p.1 - 3.0, p.0 + 3.0, p.1 + 3.0]);
                }
            }
            if section.ice.len() > 1 {
                let ice: Vec<Pixel> = section
                    .ice
                    .iter()
                    .map(|b| axes.at(self.molalities(b)))
                    .collect();
                canvas.dashed(&ice, colour, 1.3);
            }
            for i in &section.invariants {
                canvas.disc(axes.at(self.molalities(&i.brine)), 3.2, "#ffffff", colour);
            }
        }
        for (k, section) in self.sections.iter().enumerate() {
            let several = self.sections.len() > 1;
            let colour = if several { LINES[k % LINES.len()] } else { INK };
            let style = Type::of(11.5).halo().coloured(colour);
            for piece in section.pieces.iter().filter(|p| p.points.len() > 2) {
                let p = axes.at(self.molalities(&piece.points[piece.points.len() / 2].1));
                let text = self.name(piece.mineral);
                let text = if several {
                    format!("{text} {}", degrees(section.temperature_k))
                } else {
                    text
                };
                let may =
                    |b: [f64; 4]| b[0] > left && b[2] < left + width + 40.0 && b[3] < top + height;
                let _ = [8.0, 22.0, 40.0]
                    .into_iter()
                    .any(|reach| canvas.beside(p, reach, &text, style, may));
            }
            if section.ice.len() > 1 {
                let p = axes.at(self.molalities(&section.ice[section.ice.len() / 2]));
                canvas.beside(p, 8.0, self.lang.pick("ice", "冰"), style, |b| {
                    b[0] > left && b[3] < top + height
                });
            }
        }
    }
}

/// `25 °C`.
pub(crate) fn degrees(temperature_k: f64) -> String {
    let celsius = ((temperature_k - 273.15) * 100.0).round() / 100.0;
    format!("{} °C", if celsius == 0.0 { 0.0 } else { celsius }).replace('-', "−")
}

/// A dozen lines from a solid to the brines it is in contact with.
fn tie_lines(canvas: &mut Canvas, brines: &[Pixel], solid: Pixel) {
    let length: f64 = brines
        .windows(2)
        .map(|w| (w[1].0 - w[0].0).hypot(w[1].1 - w[0].1))
        .sum();
    let count = (length / 14.0).floor().max(1.0);
    let (mut gone, mut next) = (0.0, length / count * 0.5);
    for w in brines.windows(2) {
        gone += (w[1].0 - w[0].0).hypot(w[1].1 - w[0].1);
        if gone >= next {
            canvas.line(&[w[1], solid], "#7d8893", 0.5);
            next += length / count;
        }
    }
    if let (Some(a), Some(b)) = (brines.first(), brines.last()) {
        canvas.line(&[*a, solid], INK, 0.9);
        canvas.line(&[*b, solid], INK, 0.9);
    }
}

/// Writes a name where it fits in a region, else beside its middle.
pub(crate) fn name_region(canvas: &mut Canvas, region: &[Pixel], text: &str) {
    let outlines = vec![region.to_vec()];
    let (mut b, n) = (
        [
            f64::INFINITY,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NEG_INFINITY,
        ],
        24,
    );
    for p in region {
        b = [b[0].min(p.0), b[1].min(p.1), b[2].max(p.0), b[3].max(p.1)];
    }
    let mean = region
        .iter()
        .fold((0.0, 0.0), |s, p| (s.0 + p.0, s.1 + p.1));
    let mean = (mean.0 / region.len() as f64, mean.1 / region.len() as f64);
    let mut places: Vec<Pixel> = (1..n)
        .flat_map(|i| (1..n).map(move |j| (i, j)))
        .map(|(i, j)| {
            (
                b[0] + (b[2] - b[0]) * f64::from(i) / f64::from(n),
                b[1] + (b[3] - b[1]) * f64::from(j) / f64::from(n),
            )
        })
        .collect();
    let middle = (0.5 * (b[0] + b[2]), 0.5 * (b[1] + b[3]));
    let middle = (0.5 * (middle.0 + mean.0), 0.5 * (middle.1 + mean.1));
    let far = |p: &Pixel| (p.0 - middle.0).hypot(p.1 - middle.1);
    places.sort_by(|p, q| far(p).total_cmp(&far(q)));
    for size in [13.0, 11.5, 10.0] {
        let style = Type::of(size).halo();
        for at in &places {
            let place = Canvas::middle_box(*at, text, size);
            if box_inside(place, &outlines) && canvas.label(*at, text, style) {
                return;
            }
        }
    }
    let style = Type::of(10.5).halo();
    for distance in [18.0, 30.0, 44.0, 60.0] {
        if canvas.beside(mean, distance, text, style, |_| true) {
            return;
        }
    }
}

/// A frame with two linear axes.
pub(crate) struct Axes {
    frame: [f64; 4],
    x: [f64; 2],
    y: [f64; 2],
    step: [f64; 2],
}

impl Axes {
    /// A frame (left, top, width, height) that covers two ranges, widened to whole ticks.
    pub(crate) fn new(frame: [f64; 4], x: [f64; 2], y: [f64; 2]) -> Axes {
        let axes = Axes::within(frame, x, y);
        let whole = |[low, high]: [f64; 2], step: f64| {
            [
                (low / step + 1e-9).floor() * step,
                (high / step - 1e-9).ceil() * step,
            ]
        };
        Axes {
            x: whole(x, axes.step[0]),
            y: whole(y, axes.step[1]),
            ..axes
        }
    }

    /// A frame that shows just two ranges.
    pub(crate) fn within(frame: [f64; 4], x: [f64; 2], y: [f64; 2]) -> Axes {
        let step = |[low, high]: [f64; 2], count: f64| {
            let raw: f64 = (high - low).max(1e-9) / count;
            let power = 10f64.powf(raw.log10().floor());
            let round = [1.0, 2.0, 2.5, 5.0, 10.0];
            power
                * round
                    .into_iter()
                    .find(|u| *u >= raw / power - 1e-9)
                    .unwrap_or(10.0)
        };
        Axes {
            step: [
                step(x, (frame[2] / 70.0).floor().max(2.0)),
                step(y, (frame[3] / 50.0).floor().max(2.0)),
            ],
            frame,
            x,
            y,
        }
    }

    /// A point in pixels.
    pub(crate) fn at(&self, [x, y]: [f64; 2]) -> Pixel {
        let [left, top, width, height] = self.frame;
        (
            left + width * (x - self.x[0]) / (self.x[1] - self.x[0]),
            top + height * (1.0 - (y - self.y[0]) / (self.y[1] - self.y[0])),
        )
    }

    /// Least and greatest values shown.
    pub(crate) fn ranges(&self) -> ([f64; 2], [f64; 2]) {
        (self.x, self.y)
    }

    /// The frame, ticks and units.
    pub(crate) fn draw(&self, canvas: &mut Canvas, x_unit: &str, y_unit: &str) {
        let [left, top, width, height] = self.frame;
        let label = Type::of(11.0).muted();
        let number = |v: f64| {
            let text = format!("{}", (v * 1e6).round() / 1e6);
            text.replace('-', "−")
        };
        for v in ticks(self.x, self.step[0]) {
            let p = self.at([v, self.y[0]]);
            canvas.line(&[(p.0, top), (p.0, top + height)], "#e6eaed", 0.7);
            canvas.text((p.0, p.1 + 17.0), Anchor::Middle, &number(v), label);
        }
        for v in ticks(self.y, self.step[1]) {
            let p = self.at([self.x[0], v]);
            canvas.line(&[(left, p.1), (left + width, p.1)], "#e6eaed", 0.7);
            canvas.text((p.0 - 8.0, p.1 + 4.0), Anchor::End, &number(v), label);
        }
        let corners = [
            (left, top),
            (left + width, top),
            (left + width, top + height),
            (left, top + height),
        ];
        canvas.line(
            &[corners[0], corners[1], corners[2], corners[3], corners[0]],
            FAINT,
            1.0,
        );
        canvas.line(&[corners[0], corners[3], corners[2]], INK, 1.2);
        canvas.text(
            (left + 0.5 * width, top + height + 38.0),
            Anchor::Middle,
            x_unit,
            Type::of(12.0),
        );
        canvas.text(
            (left - 46.0, top + 0.5 * height),
            Anchor::Middle,
            y_unit,
            Type::of(12.0).turned(-90.0),
        );
    }
}

/// Multiples of a step within a range.
fn ticks([low, high]: [f64; 2], step: f64) -> impl Iterator<Item = f64> {
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(move |k| k as f64 * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Over a salt the other ion of the first sign was once taken for the common one: K and Na were to make a salt.
    #[test]
    fn over_a_salt_each_ion_makes_its_salt_with_the_other_sign() {
        use saltern_brine::diagram::System;
        let database = saltern_brine::thermo::default_database();
        let salts = |system: &str| {
            let system = System::parse(system, &database).expect("a system");
            let allowed = saltern_brine::phases::stable(&database);
            let projection =
                Projection::new(system, database.mineral("Halite"), &allowed, &database);
            let ternary = Ternary {
                database: &database,
                projection: &projection.expect("a line"),
                sections: &[],
                lang: Lang::En,
            };
            ternary.salts()
        };
        assert_eq!(salts("Na,K,Mg//Cl"), ["KCl", "MgCl2"]);
        assert_eq!(salts("Na,Mg//Cl,SO4"), ["MgCl2", "Na2SO4"]);
    }

    #[test]
    fn axes_cover_their_values_with_round_ticks() {
        let axes = Axes::new([0.0, 0.0, 370.0, 390.0], [0.0, 5.8], [-12.0, 33.0]);
        let (x, y) = axes.ranges();
        assert!(x[1] >= 5.8 && y[0] <= -12.0 && y[1] >= 33.0, "{x:?} {y:?}");
        assert_eq!(axes.at([x[0], y[0]]), (0.0, 390.0));
        assert_eq!(
            ticks([-12.0, 33.0], 10.0).collect::<Vec<_>>(),
            [-10.0, 0.0, 10.0, 20.0, 30.0]
        );
    }
}
