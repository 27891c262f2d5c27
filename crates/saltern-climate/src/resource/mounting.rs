//! How modules stand: fixed, or turning about a level axis.

use super::error::{ResourceError, within};
use crate::sun::Direction;

/// Mounting of photovoltaic modules. Azimuths clockwise from north, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mounting {
    /// Always the same plane.
    Fixed {
        /// Tilt from the horizontal, 0 to 90 degrees.
        tilt_deg: f64,
        /// Where it faces: 180 is south.
        azimuth_deg: f64,
    },
    /// Turning about a level axis to follow the sun.
    Tracking {
        /// Where the axis points: 0 or 180 for north–south.
        axis_azimuth_deg: f64,
        /// Farthest turn to either side, 0 to 90 degrees.
        rotation_max_deg: f64,
        /// Width of the modules over the distance between rows, 0..1: rows turn back at low sun so that
        /// they do not shade each other. `None`: rows stand alone and never turn back.
        ground_cover: Option<f64>,
    },
}

impl Mounting {
    pub(super) fn check(&self) -> Result<(), ResourceError> {
        match *self {
            Mounting::Fixed {
                tilt_deg,
                azimuth_deg,
            } => {
                within("tilt", tilt_deg, [0.0, 90.0], "deg")?;
                within("azimuth", azimuth_deg, [-360.0, 360.0], "deg")
            }
            Mounting::Tracking {
                axis_azimuth_deg,
                rotation_max_deg,
                ground_cover,
            } => {
                within("axis_azimuth", axis_azimuth_deg, [-360.0, 360.0], "deg")?;
                within("rotation_max", rotation_max_deg, [0.0, 90.0], "deg")?;
                ground_cover.map_or(Ok(()), |cover| {
                    within("ground_cover", cover, [0.01, 1.0], "")
                })
            }
        }
    }

    /// Normal of the modules while the sun stands there.
    pub fn normal(&self, sun: &Direction) -> Direction {
        match *self {
            Mounting::Fixed {
                tilt_deg,
                azimuth_deg,
            } => Direction::normal_of(tilt_deg, azimuth_deg),
            Mounting::Tracking {
                axis_azimuth_deg,
                rotation_max_deg,
                ground_cover,
            } => {
                let (sin_axis, cos_axis) = axis_azimuth_deg.to_radians().sin_cos();
                let across = cos_axis * sun.east - sin_axis * sun.north;
                let limit = rotation_max_deg.to_radians();
                let turn = rotation_rad(across, sun.up, ground_cover).clamp(-limit, limit);
                Direction {
                    east: turn.sin() * cos_axis,
                    north: -turn.sin() * sin_axis,
                    up: turn.cos(),
                }
            }
        }
    }
}

/// Turn from the horizontal, rad, that faces the sun best; less where rows would shade each other.
///
/// Facing: tan R = across / up. Turning back (Lorenzo, Narvarte & Muñoz, Prog. Photovolt. 19, 2011;
/// recalled, checked against pvlib): where |cos R| < ground cover, R moves towards the horizontal by
/// arccos(|cos R| / ground cover), which lets each shadow just reach the next row.
fn rotation_rad(across: f64, up: f64, ground_cover: Option<f64>) -> f64 {
    let facing = across.atan2(up);
    match ground_cover {
        Some(cover) if facing.cos().abs() < cover => {
            facing - facing.signum() * (facing.cos().abs() / cover).acos()
        }
        _ => facing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// pvlib 0.16.1, `tracking.singleaxis` with a level axis: zenith and azimuth of the sun; axis, farthest
    /// turn, ground cover where rows turn back; tilt and azimuth of the modules, angle of incidence.
    #[test]
    fn tracking_agrees_with_pvlib() {
        for (sun, axis, limit, cover, tilt, azimuth, incidence) in [
            (
                (40.0, 120.0),
                180.0,
                60.0,
                None,
                36.005_215,
                90.0,
                18.747_237,
            ),
            ((75.0, 95.0), 180.0, 60.0, None, 60.0, 90.0, 15.689_223),
            (
                (75.0, 95.0),
                180.0,
                60.0,
                Some(0.4),
                25.438_121,
                90.0,
                49.680_627,
            ),
            (
                (80.0, 260.0),
                180.0,
                60.0,
                Some(0.35),
                20.084_421,
                270.0,
                60.255_204,
            ),
            ((60.0, 240.0), 160.0, 55.0, None, 55.0, 250.0, 9.796_862),
            (
                (20.0, 200.0),
                180.0,
                60.0,
                Some(0.4),
                7.095_97,
                270.0,
                18.747_237,
            ),
        ] {
            let sun = Direction::from_elevation_and_azimuth(90.0 - sun.0, sun.1);
            let mounting = Mounting::Tracking {
                axis_azimuth_deg: axis,
                rotation_max_deg: limit,
                ground_cover: cover,
            };
            let normal = mounting.normal(&sun);
            assert!(
                (90.0 - normal.elevation_deg() - tilt).abs() < 1e-5,
                "{normal:?}"
            );
            assert!((normal.azimuth_deg() - azimuth).abs() < 1e-5, "{normal:?}");
            let angle = normal.cosine_to(&sun).acos().to_degrees();
            assert!((angle - incidence).abs() < 1e-5, "{angle}");
        }
    }

    #[test]
    fn the_end_of_the_axis_that_is_named_does_not_matter() {
        let sun = Direction::from_elevation_and_azimuth(20.0, 110.0);
        let normal = |axis_azimuth_deg| {
            Mounting::Tracking {
                axis_azimuth_deg,
                rotation_max_deg: 60.0,
                ground_cover: None,
            }
            .normal(&sun)
        };
        assert!((normal(0.0).cosine_to(&normal(180.0)) - 1.0).abs() < 1e-12);
    }
}
