//! A curve given by points: what a maker or a user states as a table.

use super::error::{ResourceError, within};

/// Straight lines between points whose first value rises; constant beyond both ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Curve {
    points: Vec<(f64, f64)>,
}

/// What a curve may hold, for its check.
pub(super) struct Limits {
    pub(super) setting: &'static str,
    pub(super) x: [f64; 2],
    pub(super) x_unit: &'static str,
    pub(super) y: [f64; 2],
    pub(super) y_unit: &'static str,
}

impl Curve {
    pub(super) fn new(points: &[(f64, f64)], limits: &Limits) -> Result<Self, ResourceError> {
        let setting = limits.setting;
        if points.len() < 2 {
            return Err(ResourceError::TooFewPoints {
                setting,
                points: points.len(),
                needed: 2,
            });
        }
        for (x, y) in points {
            within(setting, *x, limits.x, limits.x_unit)?;
            within(setting, *y, limits.y, limits.y_unit)?;
        }
        for pair in points.windows(2) {
            let (previous, value) = (pair[0].0, pair[1].0);
            if value <= previous {
                return Err(ResourceError::NotRising {
                    setting,
                    value,
                    previous,
                    unit: limits.x_unit,
                });
            }
        }
        Ok(Curve {
            points: points.to_vec(),
        })
    }

    /// Points that are known to rise.
    pub(super) fn from_rising(points: Vec<(f64, f64)>) -> Self {
        Curve { points }
    }

    /// The points.
    pub(super) fn points(&self) -> &[(f64, f64)] {
        &self.points
    }

    /// The value at `x`.
    pub(super) fn at(&self, x: f64) -> f64 {
        let after = self.points.partition_point(|point| point.0 <= x);
        let before = after.checked_sub(1).and_then(|i| self.points.get(i));
        match (before, self.points.get(after)) {
            (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0),
            (Some(end), None) | (None, Some(end)) => end.1,
            (None, None) => 0.0,
        }
    }
}
