//! Radiation on a tilted plane.

use super::interval::Interval;
use crate::sun::Direction;

/// Least sine of the sun's elevation in the ratio of the circumsolar part: that of one degree. Nearer
/// to the horizon the ratio would grow without bound.
const SINE_MIN: f64 = 0.017_452_406_437_283_51;

/// How the diffuse radiation stands in the sky.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sky {
    /// Alike from everywhere: Liu & Jordan (1963), the most careful of the usual models.
    Isotropic,
    /// A share of it, as large as the direct radiation's share of that outside the air, comes from
    /// around the sun; the rest is isotropic: Hay & Davies (1980).
    #[default]
    HayDavies,
}

/// Radiation on a plane by where it comes from, W/m² of the plane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct InPlane {
    /// Straight from the sun.
    pub direct_w_m2: f64,
    /// Diffuse from around the sun; it meets the plane at the angle of the direct.
    pub circumsolar_w_m2: f64,
    /// Diffuse from the rest of the sky.
    pub sky_w_m2: f64,
    /// From the ground in front.
    pub ground_w_m2: f64,
    /// Cosine of the angle between the sun and the plane's normal; 0 where the sun is behind it.
    pub cosine_of_incidence: f64,
}

impl InPlane {
    /// All of it.
    pub fn total_w_m2(&self) -> f64 {
        self.direct_w_m2 + self.circumsolar_w_m2 + self.sky_w_m2 + self.ground_w_m2
    }
}

/// Radiation on the plane with this normal, over ground of this albedo (0..1), nothing at night.
///
/// With the angle of incidence θ, the tilt β, the elevation h, and A = DNI over the radiation outside:
///
/// ```text
/// direct       DNI cos θ
/// circumsolar  D A cos θ / sin h              (A = 0 if isotropic)
/// sky          D (1 − A) (1 + cos β) / 2
/// ground       G ρ (1 − cos β) / 2
/// ```
///
/// Duffie & Beckman eqs. 2.15.1 and 2.16.4 (recalled), with the direct radiation as measured or split
/// instead of their ratio of horizontal to tilted. sin h is held at one degree or above, as pvlib does.
pub fn in_plane(interval: &Interval, normal: &Direction, albedo: f64, sky: Sky) -> InPlane {
    let Some(sun) = interval.sun else {
        return InPlane::default();
    };
    let cosine = normal.cosine_to(&sun).clamp(0.0, 1.0);
    let near_sun = match sky {
        Sky::Isotropic => 0.0,
        Sky::HayDavies => {
            let outside = interval.extraterrestrial_normal_w_m2.max(f64::MIN_POSITIVE);
            (interval.direct_normal_w_m2 / outside).clamp(0.0, 1.0)
        }
    };
    let diffuse = interval.diffuse_w_m2;
    InPlane {
        direct_w_m2: interval.direct_normal_w_m2 * cosine,
        circumsolar_w_m2: diffuse * near_sun * cosine / sun.up.max(SINE_MIN),
        sky_w_m2: diffuse * (1.0 - near_sun) * 0.5 * (1.0 + normal.up),
        ground_w_m2: interval.global_w_m2 * albedo * 0.5 * (1.0 - normal.up),
        cosine_of_incidence: cosine,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(
        zenith_deg: f64,
        azimuth_deg: f64,
        [dni, global, diffuse, outside]: [f64; 4],
    ) -> Interval {
        Interval {
            sun: Some(Direction::from_elevation_and_azimuth(
                90.0 - zenith_deg,
                azimuth_deg,
            )),
            global_w_m2: global,
            diffuse_w_m2: diffuse,
            direct_normal_w_m2: dni,
            extraterrestrial_normal_w_m2: outside,
            air_temperature_k: 283.15,
            vapour_pressure_pa: 400.0,
            pressure_pa: 72e3,
            wind_m_s: 3.0,
            wind_height_m: 10.0,
        }
    }

    /// pvlib 0.16.1, `irradiance.get_total_irradiance` with given extraterrestrial radiation: tilt and
    /// azimuth; zenith and azimuth of the sun; DNI, GHI, DHI, extraterrestrial; albedo; in the plane:
    /// direct, isotropic sky, Hay–Davies sky, ground.
    #[test]
    fn agrees_with_pvlib() {
        for (plane, sun, radiation, albedo, direct, isotropic, hay_davies, ground) in [
            (
                (35.0, 180.0),
                (50.0, 150.0),
                [800.0, 620.0, 105.77, 1400.0],
                0.2,
                725.647_51,
                96.205_86,
                126.520_01,
                11.212_57,
            ),
            (
                (35.0, 180.0),
                (50.0, 150.0),
                [100.0, 400.0, 335.7, 1330.0],
                0.35,
                90.705_94,
                305.344_67,
                318.004_29,
                12.659_36,
            ),
            (
                (60.0, 200.0),
                (80.0, 240.0),
                [500.0, 150.0, 63.2, 1380.0],
                0.2,
                370.079_64,
                47.4,
                127.829_04,
                7.5,
            ),
            (
                (20.0, 90.0),
                (40.0, 270.0),
                [850.0, 800.0, 148.9, 1340.0],
                0.25,
                425.0,
                144.410_12,
                114.455_52,
                6.030_74,
            ),
        ] {
            let interval = interval(sun.0, sun.1, radiation);
            let normal = Direction::normal_of(plane.0, plane.1);
            let plain = in_plane(&interval, &normal, albedo, Sky::Isotropic);
            let near = in_plane(&interval, &normal, albedo, Sky::HayDavies);
            let close = |got: f64, want: f64| assert!((got - want).abs() < 2e-5, "{got} {want}");
            close(plain.direct_w_m2, direct);
            close(plain.sky_w_m2 + plain.circumsolar_w_m2, isotropic);
            close(near.sky_w_m2 + near.circumsolar_w_m2, hay_davies);
            close(near.ground_w_m2, ground);
        }
    }

    /// Duffie & Beckman example 2.15.1 (recalled): latitude 40, 20 February, nine to ten, tilt 60 to the
    /// south, snow of albedo 0.60; 1.04 MJ/m² global, 0.796 of it diffuse, 0.244 direct with a ratio of 1.71:
    /// 0.417 + 0.597 + 0.156 = 1.17 MJ/m² in the plane. The hour's middle is −37.5 degrees, declination −11.6.
    #[test]
    fn duffie_and_beckman_example_2_15_1() {
        let (declination, hour_angle, latitude) = (
            (-11.6_f64).to_radians(),
            (-37.5_f64).to_radians(),
            40.0_f64.to_radians(),
        );
        let up = latitude.sin() * declination.sin()
            + latitude.cos() * declination.cos() * hour_angle.cos();
        let sun = Direction {
            east: -declination.cos() * hour_angle.sin(),
            north: declination.sin() * latitude.cos()
                - declination.cos() * latitude.sin() * hour_angle.cos(),
            up,
        };
        let per_mj = 1e6 / 3600.0;
        let hour = Interval {
            sun: Some(sun),
            ..interval(
                0.0,
                0.0,
                [0.244 * per_mj / up, 1.04 * per_mj, 0.796 * per_mj, 1390.0],
            )
        };
        let plane = in_plane(
            &hour,
            &Direction::normal_of(60.0, 180.0),
            0.6,
            Sky::Isotropic,
        );
        for (got, book) in [
            (plane.direct_w_m2, 0.417),
            (plane.sky_w_m2, 0.597),
            (plane.ground_w_m2, 0.156),
            (plane.total_w_m2(), 1.17),
        ] {
            assert!(
                (got / per_mj - book).abs() < 2e-3,
                "{} {book}",
                got / per_mj
            );
        }
    }

    #[test]
    fn level_ground_gets_the_global_radiation() {
        let sun = 0.5_f64;
        let hour = interval(60.0, 120.0, [600.0, 600.0 * sun + 90.0, 90.0, 1367.0]);
        for sky in [Sky::Isotropic, Sky::HayDavies] {
            let plane = in_plane(&hour, &Direction::UP, 0.4, sky);
            assert!((plane.total_w_m2() - hour.global_w_m2).abs() < 1e-9);
        }
    }
}
