//! The drawing of one salt in water over temperature.

use saltern_brine::database::{Database, MineralId};
use saltern_brine::diagram::projection::salt_name;
use saltern_brine::diagram::{Polytherm, Projection};
use saltern_brine::equilibrium::Equilibrium;
use saltern_units::Lang;

use super::canvas::{Canvas, INK, MUTED, Pixel, Type};
use super::map::heading;
use super::palette::{fills, formula, solid_name};
use super::section::{Axes, name_region};

/// What a drawing of a polytherm needs to know.
pub(crate) struct Binary<'a> {
    pub(crate) database: &'a Database,
    pub(crate) projection: &'a Projection,
    pub(crate) polytherm: &'a Polytherm,
    pub(crate) range_k: (f64, f64),
    pub(crate) lang: Lang,
}

const LEFT: f64 = 96.0;
const TOP: f64 = 104.0;
const WIDTH: f64 = 680.0;
const HEIGHT: f64 = 520.0;

impl Binary<'_> {
    /// The salt's formula.
    pub(crate) fn salt(&self) -> String {
        let ions: Vec<_> = self.projection.system.ions().collect();
        salt_name(ions[0], ions[1])
    }

    /// Mass fraction of the anhydrous salt in a brine.
    pub(crate) fn mass_fraction(&self, brine: &Equilibrium) -> f64 {
        self.fraction(&brine.liquid_mol_kgw(self.database))
    }

    fn fraction(&self, amounts_mol: &[f64]) -> f64 {
        let mass = |(n, c): (&f64, &saltern_brine::database::Component)| n * c.molar_mass_kg_mol;
        let total: f64 = amounts_mol
            .iter()
            .zip(&self.database.components)
            .map(mass)
            .sum();
        let ions: Vec<_> = self.projection.system.ions().collect();
        let mol = self.projection.system.ions_in_mol(amounts_mol);
        let salt: f64 = mol
            .iter()
            .zip(&ions)
            .map(|(n, i)| n * i.molar_mass_kg_mol)
            .sum();
        salt / total
    }

    fn solid_fraction(&self, solid: MineralId) -> f64 {
        let mut amounts = vec![0.0; self.database.components.len()];
        for &(c, nu) in &self.database.minerals[solid].dissolution {
            amounts[c] += nu;
        }
        self.fraction(&amounts)
    }

    /// The sheet.
    pub(crate) fn sheet(&self, title: &str, notes: &[String]) -> String {
        let height = TOP + HEIGHT + 74.0 + 18.0 * notes.len() as f64;
        let mut canvas = Canvas::new(LEFT + WIDTH + 360.0, height);
        let explanation = self.lang.pick(
            "Which phases a mixture of salt and water forms. L: brine.",
            "盐与水的混合物所形成的相。L：卤水。",
        );
        heading(&mut canvas, title, explanation, height, notes);
        let t = self.polytherm;
        let brines = t.pieces.iter().flat_map(|p| &p.points);
        let richest = brines.map(|b| self.mass_fraction(b)).fold(0.05, f64::max);
        let celsius = [self.range_k.0 - 273.15, self.range_k.1 - 273.15];
        // Wide enough to show the hydrates, which are lines.
        let hydrates = t
            .pieces
            .iter()
            .map(|p| self.solid_fraction(p.mineral))
            .filter(|f| *f < 0.999);
        let wide = hydrates
            .map(|f| f + 0.05)
            .fold(1.25 * richest, f64::max)
            .min(1.0);
        let axes = Axes::within([LEFT, TOP, WIDTH, HEIGHT], [0.0, 100.0 * wide], celsius);
        let unit = format!(
            "{} {}",
            formula(&self.salt()),
            self.lang.pick("mass %", "质量 %")
        );
        self.regions(&mut canvas, &axes);
        axes.draw(
            &mut canvas,
            &unit,
            self.lang.pick("temperature, °C", "温度，°C"),
        );
        self.lines(&mut canvas, &axes);
        canvas.finish(title)
    }

    fn point(&self, axes: &Axes, brine: &Equilibrium) -> Pixel {
        axes.at([
            100.0 * self.mass_fraction(brine),
            brine.temperature_k - 273.15,
        ])
    }

    /// Fields of brine with one solid: from the curve to the solid or the edge of the sheet.
    fn regions(&self, canvas: &mut Canvas, axes: &Axes) {
        let t = self.polytherm;
        let solids: Vec<MineralId> = t.pieces.iter().map(|p| p.mineral).collect();
        let pairs: Vec<[MineralId; 2]> = t.transitions.iter().map(|x| x.minerals).collect();
        let fills = fills(self.database, &solids, &pairs);
        let right = axes.ranges().0[1];
        for (piece, fill) in t.pieces.iter().zip(&fills) {
            let mut region: Vec<Pixel> = piece.points.iter().map(|b| self.point(axes, b)).collect();
            let edge = (100.0 * self.solid_fraction(piece.mineral)).min(right);
            let ends = (piece.points.first(), piece.points.last());
            if let (Some(first), Some(last)) = ends {
                region.push(axes.at([edge, last.temperature_k - 273.15]));
                region.push(axes.at([edge, first.temperature_k - 273.15]));
            }
            canvas.area(&[region], fill, 0.45);
        }
        if t.ice.len() > 1 {
            let mut region: Vec<Pixel> = t.ice.iter().map(|b| self.point(axes, b)).collect();
            region.push(axes.at([0.0, 0.0]));
            if let Some(first) = t.ice.first() {
                region.push(axes.at([0.0, first.temperature_k - 273.15]));
            }
            canvas.area(&[region], "#cfe6f5", 0.8);
        }
    }

    fn lines(&self, canvas: &mut Canvas, axes: &Axes) {
        let t = self.polytherm;
        let right = axes.ranges().0[1];
        let ice: Vec<Pixel> = t.ice.iter().map(|b| self.point(axes, b)).collect();
        if ice.len() > 1 {
            let mut line = ice.clone();
            line.push(axes.at([0.0, 0.0]));
            canvas.line(&line, INK, 1.8);
        }
        let mut liquid: Vec<Pixel> = Vec::new();
        for piece in &t.pieces {
            let points: Vec<Pixel> = piece.points.iter().map(|b| self.point(axes, b)).collect();
            canvas.line(&points, INK, 1.8);
            for p in &points {
                canvas.take([p.0 - 2.0, p.1 - 2.0, p.0 + 2.0, p.1 + 2.0]);
            }
            liquid.extend(points);
        }
        self.hydrates(canvas, axes, right);
        for transition in &t.transitions {
            self.transition(canvas, axes, transition, right);
        }
        self.frozen(canvas, axes, right);
        for piece in &t.pieces {
            let mut region: Vec<Pixel> = piece.points.iter().map(|b| self.point(axes, b)).collect();
            let edge = (100.0 * self.solid_fraction(piece.mineral)).min(right);
            if let (Some(first), Some(last)) = (piece.points.first(), piece.points.last()) {
                region.push(axes.at([edge, last.temperature_k - 273.15]));
                region.push(axes.at([edge, first.temperature_k - 273.15]));
            }
            let name = solid_name(self.database, piece.mineral, self.lang);
            name_region(canvas, &region, &format!("L + {name}"));
        }
        if ice.len() > 1 {
            let mut region = ice.clone();
            region.push(axes.at([0.0, 0.0]));
            region.push((axes.at([0.0, 0.0]).0, ice[0].1));
            name_region(canvas, &region, self.lang.pick("L + ice", "L + 冰"));
        }
        let top = axes.ranges().1[1];
        liquid.push(axes.at([0.0, top.min(self.range_k.1 - 273.15)]));
        liquid.push(axes.at([0.0, 0.0]));
        liquid.extend(ice.iter().rev());
        name_region(canvas, &liquid, "L");
    }

    /// Hydrates as lines over the temperatures at which they exist beside brine, and below.
    fn hydrates(&self, canvas: &mut Canvas, axes: &Axes, right: f64) {
        for (k, piece) in self.polytherm.pieces.iter().enumerate() {
            let f = 100.0 * self.solid_fraction(piece.mineral);
            let Some(last) = piece.points.last().filter(|_| f < right - 1e-9) else {
                continue;
            };
            let foot = match k {
                0 => self.range_k.0,
                _ => piece.points[0].temperature_k,
            };
            let ends = [foot, last.temperature_k].map(|t| axes.at([f, t - 273.15]));
            canvas.line(&ends, INK, 1.3);
            for step in 0..=20 {
                let y = ends[0].1 + (ends[1].1 - ends[0].1) * f64::from(step) / 20.0;
                canvas.take([ends[0].0 - 2.0, y - 3.0, ends[0].0 + 2.0, y + 3.0]);
            }
        }
    }

    /// What there is below the eutectic, where nothing is liquid.
    fn frozen(&self, canvas: &mut Canvas, axes: &Axes, right: f64) {
        let Some(eutectic) = self
            .polytherm
            .transitions
            .first()
            .filter(|_| self.polytherm.ice.len() > 1)
        else {
            return;
        };
        let top = eutectic.brine.temperature_k - 273.15;
        let [ice, salt] = eutectic.minerals;
        let edge = (100.0 * self.solid_fraction(salt)).min(right);
        let foot = self.range_k.0 - 273.15;
        let region = [[0.0, top], [edge, top], [edge, foot], [0.0, foot]].map(|p| axes.at(p));
        let names = [ice, salt].map(|m| solid_name(self.database, m, self.lang));
        name_region(canvas, &region, &names.join(" + "));
    }

    /// The horizontal line of three phases, and its numbers at the right.
    fn transition(
        &self,
        canvas: &mut Canvas,
        axes: &Axes,
        transition: &saltern_brine::diagram::polytherm::Transition,
        right: f64,
    ) {
        let celsius = transition.brine.temperature_k - 273.15;
        let fractions = transition.minerals.map(|m| 100.0 * self.solid_fraction(m));
        let brine = 100.0 * self.mass_fraction(&transition.brine);
        let low = fractions[0].min(fractions[1]).min(brine).max(0.0);
        let high = fractions[0].max(fractions[1]).max(brine).min(right);
        canvas.line(
            &[axes.at([low, celsius]), axes.at([high, celsius])],
            INK,
            1.1,
        );
        for f in fractions
            .into_iter()
            .filter(|f| *f > 0.0 && *f < right - 1e-9)
        {
            // The solid itself: a line downward from where it melts or changes.
            canvas.disc(axes.at([f, celsius]), 2.6, INK, INK);
        }
        let p = axes.at([brine, celsius]);
        canvas.disc(p, 3.4, "#ffffff", INK);
        let edge = axes.at([right, celsius]);
        let names = transition
            .minerals
            .map(|m| solid_name(self.database, m, self.lang));
        let text = format!(
            "{}  {brine:.1} %  {} + {}",
            format!("{celsius:.1} °C").replace('-', "−"),
            names[0],
            names[1]
        );
        // Beside the frame, moved apart from the others.
        let style = Type::of(11.0);
        for dy in [0.0, 14.0, -14.0, 28.0, -28.0, 42.0, -42.0, 56.0] {
            let width = super::canvas::text_width(&text, style.size);
            let at = (edge.0 + 18.0 + 0.5 * width, edge.1 + dy);
            if canvas.free(Canvas::middle_box(at, &text, style.size)) {
                canvas.line(
                    &[edge, (edge.0 + 8.0, edge.1), (edge.0 + 15.0, edge.1 + dy)],
                    MUTED,
                    0.8,
                );
                canvas.label(at, &text, style);
                return;
            }
        }
    }
}
