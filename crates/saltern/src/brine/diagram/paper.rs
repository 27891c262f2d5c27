//! Triangles and squares: where a place lies on the sheet.

use saltern_brine::diagram::Shape;

use super::canvas::Pixel;

/// A linear map from places to pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    origin: Pixel,
    x: Pixel,
    y: Pixel,
}

impl View {
    /// The paper of a shape in a box of the sheet: a triangle has its first corner on top, the second at the lower
    /// right and the third at the lower left; a square its first corner at the lower left.
    pub(crate) fn of(shape: Shape, left: f64, top: f64, side: f64) -> View {
        match shape {
            Shape::Triangle => {
                let height = side * 0.75_f64.sqrt();
                View {
                    origin: (left + 0.5 * side, top),
                    x: (0.5 * side, height),
                    y: (-0.5 * side, height),
                }
            }
            _ => View {
                origin: (left, top + side),
                x: (side, 0.0),
                y: (0.0, -side),
            },
        }
    }

    /// A place in pixels.
    pub(crate) fn at(&self, place: [f64; 2]) -> Pixel {
        let [x, y] = place;
        (
            self.origin.0 + x * self.x.0 + y * self.y.0,
            self.origin.1 + x * self.x.1 + y * self.y.1,
        )
    }

    /// Many places.
    pub(crate) fn all(&self, places: &[[f64; 2]]) -> Vec<Pixel> {
        places.iter().map(|p| self.at(*p)).collect()
    }

    /// The same paper with a window of it (left, top, right, bottom in pixels) enlarged to a box of the sheet.
    pub(crate) fn enlarged(&self, window: [f64; 4], left: f64, top: f64, factor: f64) -> View {
        let scaled = |v: Pixel| (v.0 * factor, v.1 * factor);
        View {
            origin: (
                left + factor * (self.origin.0 - window[0]),
                top + factor * (self.origin.1 - window[1]),
            ),
            x: scaled(self.x),
            y: scaled(self.y),
        }
    }
}

/// The border of a paper.
pub(crate) fn border(shape: Shape) -> Vec<[f64; 2]> {
    match shape {
        Shape::Triangle => vec![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]],
        _ => vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]],
    }
}
