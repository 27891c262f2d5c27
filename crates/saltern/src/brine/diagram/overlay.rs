//! The path of an evaporating brine on a diagram.

use saltern_brine::database::{Database, MineralId};
use saltern_brine::diagram::Projection;
use saltern_brine::equilibrium::State;
use saltern_brine::evaporation::Step;

use super::canvas::{Anchor, Canvas, FAINT, PATH, Pixel, Type, path_data};
use super::map::Scene;
use super::paper::View;

/// A path on paper.
pub(crate) struct Overlay {
    /// Id of the brine.
    pub(crate) id: String,
    /// Where each wet step lies, with its number.
    pub(crate) places: Vec<(usize, [f64; 2])>,
    /// First appearances.
    pub(crate) events: Vec<Event>,
    /// Steps of the path.
    pub(crate) steps: Vec<Step>,
}

/// Solids that appear at a step.
pub(crate) struct Event {
    pub(crate) place: [f64; 2],
    pub(crate) solids: Vec<MineralId>,
    /// Water left of the first brine's, 0…1.
    pub(crate) water_share: f64,
    pub(crate) water_activity: f64,
}

impl Overlay {
    /// The path of some steps.
    pub(crate) fn new(
        id: &str,
        steps: Vec<Step>,
        projection: &Projection,
        database: &Database,
    ) -> Overlay {
        let first_kg = steps.first().map_or(1.0, |s| s.state.water_kg);
        let (mut places, mut events, mut seen) = (Vec::new(), Vec::new(), Vec::new());
        for (k, step) in steps
            .iter()
            .enumerate()
            .filter(|(_, s)| s.state.state == State::Wet)
        {
            let Some(place) = projection.place(&step.state.liquid_mol_kgw(database)) else {
                continue;
            };
            places.push((k, place));
            let new = |m: &MineralId| step.state.solids_mol[*m] > 0.0 && !seen.contains(m);
            let solids: Vec<MineralId> = (0..step.state.solids_mol.len()).filter(new).collect();
            if !solids.is_empty() {
                seen.extend(&solids);
                events.push(Event {
                    place,
                    solids,
                    water_share: step.state.water_kg / first_kg,
                    water_activity: step.state.water_activity,
                });
            }
        }
        Overlay {
            id: id.into(),
            places,
            events,
            steps,
        }
    }

    /// Draws it within an outline.
    pub(crate) fn draw(
        &self,
        canvas: &mut Canvas,
        view: &View,
        outline: &[Pixel],
        bounds: [f64; 4],
    ) {
        let points: Vec<Pixel> = self.places.iter().map(|(_, p)| view.at(*p)).collect();
        canvas.clipped(outline, |canvas| {
            canvas.path(
                &path_data(&points, false),
                "fill=\"none\" stroke=\"#ffffff\" stroke-width=\"5\" stroke-opacity=\"0.8\" stroke-linejoin=\"round\"",
            );
            canvas.line(&points, PATH, 2.2);
            self.arrows(canvas, &points);
        });
        for (k, event) in self.events.iter().enumerate() {
            let at = view.at(event.place);
            if at.0 < bounds[0] - 1.0
                || at.0 > bounds[2] + 1.0
                || at.1 < bounds[1] - 1.0
                || at.1 > bounds[3] + 1.0
            {
                continue;
            }
            canvas.disc(at, 3.4, PATH, "#ffffff");
            canvas.beside(
                at,
                6.0,
                &letter(k),
                Type::of(11.5).bold().halo().coloured(PATH),
                |_| true,
            );
        }
    }

    fn arrows(&self, canvas: &mut Canvas, points: &[Pixel]) {
        let mut gone = 0.0;
        for w in points.windows(2) {
            let step = (w[1].0 - w[0].0).hypot(w[1].1 - w[0].1);
            gone += step;
            if gone > 90.0 && step > 0.05 {
                canvas.arrow(w[1], (w[1].0 - w[0].0, w[1].1 - w[0].1), 10.0, PATH);
                gone = 0.0;
            }
        }
    }

    /// What appears where, in a table.
    pub(crate) fn table(&self, canvas: &mut Canvas, scene: &Scene<'_>, left: f64, top: f64) -> f64 {
        let right = left + 380.0;
        let mut y = top + 12.0;
        let head = Type::of(11.5).coloured(PATH);
        let lang = scene.lang;
        let title = lang.pick(
            format!("evaporation of {}", self.id),
            format!("{}的蒸发路径", self.id),
        );
        canvas.text((left + 22.0, y), Anchor::Start, &title, head.bold());
        canvas.text((right - 62.0, y), Anchor::End, "a_w", head);
        canvas.text(
            (right, y),
            Anchor::End,
            lang.pick("water left", "剩余水"),
            head,
        );
        y += 6.0;
        canvas.line(&[(left, y), (right, y)], FAINT, 1.0);
        for (k, event) in self.events.iter().enumerate() {
            y += 16.0;
            let row = Type::of(11.5);
            let names: Vec<String> = event
                .solids
                .iter()
                .map(|m| super::palette::solid_name(scene.database, *m, lang))
                .collect();
            canvas.text(
                (left + 14.0, y),
                Anchor::End,
                &letter(k),
                row.bold().coloured(PATH),
            );
            canvas.text(
                (left + 22.0, y),
                Anchor::Start,
                &format!("+ {}", names.join(" + ")),
                row,
            );
            canvas.text(
                (right - 62.0, y),
                Anchor::End,
                &format!("{:.3}", event.water_activity),
                row,
            );
            canvas.text(
                (right, y),
                Anchor::End,
                &format!("{:.1} %", 100.0 * event.water_share),
                row,
            );
        }
        y
    }
}

/// a, b, … z, then a1.
fn letter(k: usize) -> String {
    let letter = char::from(b'a' + (k % 26) as u8);
    match k / 26 {
        0 => letter.to_string(),
        n => format!("{letter}{n}"),
    }
}
