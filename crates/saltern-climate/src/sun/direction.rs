//! Where the sun stands: a unit vector instead of angles, so that an angle of incidence is a dot
//! product and nothing special happens at noon, at the zenith or south of the equator.

use std::f64::consts::PI;

use super::{declination_rad, extraterrestrial_normal_w_m2, solar_time_h, sunset_hour_angle_rad};
use crate::weather::Site;

/// A unit vector over level ground: towards the sun, or away from a plane at a right angle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Direction {
    /// Part that points east.
    pub east: f64,
    /// Part that points north.
    pub north: f64,
    /// Part that points up: the sine of the elevation above the horizon.
    pub up: f64,
}

impl Direction {
    /// Straight up: the normal of level ground.
    pub const UP: Direction = Direction {
        east: 0.0,
        north: 0.0,
        up: 1.0,
    };

    /// From the elevation above the horizon and the azimuth clockwise from north, both in degrees.
    pub fn from_elevation_and_azimuth(elevation_deg: f64, azimuth_deg: f64) -> Self {
        let (up, level) = elevation_deg.to_radians().sin_cos();
        let (east, north) = azimuth_deg.to_radians().sin_cos();
        Direction {
            east: level * east,
            north: level * north,
            up,
        }
    }

    /// The normal of a plane tilted by `tilt_deg` from the horizontal towards an azimuth clockwise from
    /// north.
    pub fn normal_of(tilt_deg: f64, azimuth_deg: f64) -> Self {
        Self::from_elevation_and_azimuth(90.0 - tilt_deg, azimuth_deg)
    }

    /// Cosine of the angle between two directions.
    pub fn cosine_to(&self, other: &Direction) -> f64 {
        self.east * other.east + self.north * other.north + self.up * other.up
    }

    /// Elevation above the horizon, degrees.
    pub fn elevation_deg(&self) -> f64 {
        self.up.clamp(-1.0, 1.0).asin().to_degrees()
    }

    /// Azimuth clockwise from north, 0 to 360 degrees.
    pub fn azimuth_deg(&self) -> f64 {
        self.east.atan2(self.north).to_degrees().rem_euclid(360.0)
    }
}

/// The way of the sun over a site on one day, without refraction. The declination is that of the whole day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SunPath {
    sin_latitude: f64,
    cos_latitude: f64,
    sin_declination: f64,
    cos_declination: f64,
    /// Hour angle of sunset, rad.
    sunset: f64,
    /// Apparent solar time less local standard time, h.
    ahead_h: f64,
    /// Radiation above the air on a plane that faces the sun, W/m².
    pub outside_w_m2: f64,
}

/// The part of an interval in which the sun is above the horizon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sunlit {
    /// Towards the sun in the middle of the lit part.
    pub sun: Direction,
    /// Share of the interval that is lit, above 0 and at most 1.
    pub share: f64,
    /// Mean of the sine of the elevation over the lit part.
    pub sine_mean: f64,
}

impl SunPath {
    /// The path on a day of the year, 1..366.
    pub fn of(site: &Site, day_of_year: u32) -> Self {
        let (sin_latitude, cos_latitude) = site.latitude_deg.to_radians().sin_cos();
        let (sin_declination, cos_declination) = declination_rad(day_of_year).sin_cos();
        SunPath {
            sin_latitude,
            cos_latitude,
            sin_declination,
            cos_declination,
            sunset: sunset_hour_angle_rad(site.latitude_deg, day_of_year),
            ahead_h: solar_time_h(site, day_of_year, 0.0),
            outside_w_m2: extraterrestrial_normal_w_m2(day_of_year),
        }
    }

    /// Direction of the sun at a local standard time in h; below the horizon at night.
    pub fn at(&self, standard_time_h: f64) -> Direction {
        self.at_hour_angle(self.hour_angle_rad(standard_time_h))
    }

    /// The lit part of the time between two local standard times in h (at most some hours apart), `None`
    /// at night. An hour that holds sunrise is lit in part, and its sun is that of the lit part: the sun
    /// at half past would be too low or below the horizon while the hour has radiation.
    ///
    /// Where the sun both sets and rises in the interval (near the poles only) the longer part is taken.
    pub fn lit(&self, from_h: f64, to_h: f64) -> Option<Sunlit> {
        let width = (to_h - from_h) * PI / 12.0;
        let begin = (self.hour_angle_rad(from_h) + PI).rem_euclid(2.0 * PI) - PI;
        let overlap = |noon: f64| {
            (
                begin.max(noon - self.sunset),
                (begin + width).min(noon + self.sunset),
            )
        };
        let (today, tomorrow) = (overlap(0.0), overlap(2.0 * PI));
        let (first, last) = if self.sunset >= PI {
            (begin, begin + width)
        } else if tomorrow.1 - tomorrow.0 > today.1 - today.0 {
            tomorrow
        } else {
            today
        };
        let lit = last - first;
        if lit < 1e-9 {
            return None;
        }
        // Mean of sin φ sin δ + cos φ cos δ cos ω over the lit hour angles.
        let sine_mean = self.sin_latitude * self.sin_declination
            + self.cos_latitude * self.cos_declination * (last.sin() - first.sin()) / lit;
        let sun = self.at_hour_angle(0.5 * (first + last));
        (sun.up > 0.0 && sine_mean > 0.0).then_some(Sunlit {
            sun,
            share: (lit / width).min(1.0),
            sine_mean,
        })
    }

    fn hour_angle_rad(&self, standard_time_h: f64) -> f64 {
        (standard_time_h + self.ahead_h - 12.0) * PI / 12.0
    }

    /// The rotation of the equatorial vector (−cos δ sin ω, cos δ cos ω, sin δ) by the latitude φ; its
    /// upward part is eq. 1.6.5 of Duffie & Beckman (Solar Engineering of Thermal Processes; recalled).
    fn at_hour_angle(&self, hour_angle_rad: f64) -> Direction {
        let (sin_hour, cos_hour) = hour_angle_rad.sin_cos();
        let noonward = self.cos_declination * cos_hour;
        Direction {
            east: -self.cos_declination * sin_hour,
            north: self.sin_declination * self.cos_latitude - self.sin_latitude * noonward,
            up: self.sin_declination * self.sin_latitude + self.cos_latitude * noonward,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::extraterrestrial_w_m2;
    use super::*;

    const GOLMUD: Site = Site {
        latitude_deg: 36.4,
        longitude_deg: 94.9,
        elevation_m: 2808.0,
        utc_offset_h: 8.0,
    };

    /// A path with a declination of the book's, at 43 degrees north.
    fn path(declination_deg: f64) -> SunPath {
        let site = Site {
            latitude_deg: 43.0,
            ..GOLMUD
        };
        let (sin_declination, cos_declination) = declination_deg.to_radians().sin_cos();
        SunPath {
            sin_declination,
            cos_declination,
            ..SunPath::of(&site, 44)
        }
    }

    /// Duffie & Beckman example 1.6.2 (recalled): latitude 43 degrees, 13 February (declination -14), half
    /// past nine: zenith 66.5, azimuth 40.0 east of south; 1 July (23.1), half past six in the evening:
    /// zenith 79.6, azimuth 112.0 west of south.
    #[test]
    fn duffie_and_beckman_example_1_6_2() {
        for (declination, hour_angle, zenith, azimuth) in
            [(-14.0, -37.5_f64, 66.5, 140.0), (23.1, 97.5, 79.6, 292.0)]
        {
            let sun = path(declination).at_hour_angle(hour_angle.to_radians());
            assert!(
                (90.0 - sun.elevation_deg() - zenith).abs() < 0.06,
                "{sun:?}"
            );
            assert!(
                (sun.azimuth_deg() - azimuth).abs() < 0.1,
                "{}",
                sun.azimuth_deg()
            );
        }
    }

    /// Duffie & Beckman example 1.6.1 (recalled): 13 February, half past ten, plane tilted 45 degrees and
    /// facing 15 degrees west of south: cosine of incidence 0.817.
    #[test]
    fn duffie_and_beckman_example_1_6_1() {
        let sun = path(-14.0).at_hour_angle((-22.5_f64).to_radians());
        let cosine = Direction::normal_of(45.0, 195.0).cosine_to(&sun);
        assert!((cosine - 0.817).abs() < 1e-3, "{cosine}");
    }

    /// pvlib 0.16.1, `get_solarposition` (NREL SPA), true elevation and azimuth at Golmud in 2024. The
    /// declination here is that of a whole day, hence a few tenths of a degree at the equinoxes.
    #[test]
    fn agrees_with_the_solar_position_algorithm() {
        for (day, time_h, elevation, azimuth) in [
            (80, 9.5, 20.286_63, 105.852_95),
            (173, 13.5, 76.769_96, 167.618_54),
            (356, 10.5, 15.450_18, 135.767_21),
            (279, 17.5, 20.197_25, 247.266_22),
        ] {
            let sun = SunPath::of(&GOLMUD, day).at(time_h);
            assert!(
                (sun.elevation_deg() - elevation).abs() < 0.35,
                "{day}: {}",
                sun.elevation_deg()
            );
            assert!(
                (sun.azimuth_deg() - azimuth).abs() < 0.5,
                "{day}: {}",
                sun.azimuth_deg()
            );
        }
    }

    /// The closed mean against a fine sum, through every hour of some days.
    #[test]
    fn lit_parts_hold_all_radiation_of_the_day() {
        for (latitude_deg, day) in [
            (36.4, 80),
            (36.4, 355),
            (-33.0, 200),
            (70.0, 172),
            (70.0, 100),
        ] {
            let site = Site {
                latitude_deg,
                ..GOLMUD
            };
            for hour in 0..24 {
                let (from_h, to_h) = (f64::from(hour), f64::from(hour) + 1.0);
                let lit = SunPath::of(&site, day).lit(from_h, to_h);
                let mean = lit.map_or(0.0, |lit| lit.share * lit.sine_mean);
                let fine: f64 = (0..60)
                    .map(|i| from_h + f64::from(i) / 60.0)
                    .map(|h| extraterrestrial_w_m2(&site, day, h, h + 1.0 / 60.0) / 60.0)
                    .sum::<f64>()
                    / extraterrestrial_normal_w_m2(day);
                assert!(
                    (mean - fine).abs() < 1e-5,
                    "{latitude_deg} {day} {hour}: {mean} {fine}"
                );
            }
        }
    }

    #[test]
    fn polar_night_is_never_lit_and_midnight_sun_always() {
        let site = Site {
            latitude_deg: 80.0,
            ..GOLMUD
        };
        assert_eq!(SunPath::of(&site, 355).lit(12.0, 13.0), None);
        assert_eq!(
            SunPath::of(&site, 172).lit(1.0, 2.0).map(|lit| lit.share),
            Some(1.0)
        );
    }
}
