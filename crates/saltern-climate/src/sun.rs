//! Sun geometry: declination, elevation, direction, radiation above the air and under a clear sky.
//!
//! Fourier series of Spencer (1971, recalled) for declination, distance and equation of time, good to
//! about 0.05° and half a minute: far below the noise of any weather file.

mod direction;

pub use direction::{Direction, SunPath, Sunlit};

use std::f64::consts::PI;

use crate::coefficients::{CLEAR_SKY_A, CLEAR_SKY_B, SOLAR_CONSTANT};
use crate::weather::Site;

/// Sub-intervals of an hour over which radiation is averaged: sunrise inside an hour is caught.
const SLICES: u32 = 12;

fn day_angle_rad(day_of_year: u32) -> f64 {
    2.0 * PI * (f64::from(day_of_year) - 1.0) / 365.0
}

/// Declination of the sun, rad, on a day of the year (1..366).
pub fn declination_rad(day_of_year: u32) -> f64 {
    let b = day_angle_rad(day_of_year);
    0.006_918 - 0.399_912 * b.cos() + 0.070_257 * b.sin() - 0.006_758 * (2.0 * b).cos()
        + 0.000_907 * (2.0 * b).sin()
        - 0.002_697 * (3.0 * b).cos()
        + 0.001_48 * (3.0 * b).sin()
}

/// Square of the mean over the actual distance of the sun, −.
pub fn inverse_distance_squared(day_of_year: u32) -> f64 {
    let b = day_angle_rad(day_of_year);
    1.000_11
        + 0.034_221 * b.cos()
        + 0.001_28 * b.sin()
        + 0.000_719 * (2.0 * b).cos()
        + 0.000_077 * (2.0 * b).sin()
}

/// Equation of time, h: apparent minus mean solar time.
pub fn equation_of_time_h(day_of_year: u32) -> f64 {
    let b = day_angle_rad(day_of_year);
    let radians = 0.000_075 + 0.001_868 * b.cos()
        - 0.032_077 * b.sin()
        - 0.014_615 * (2.0 * b).cos()
        - 0.040_89 * (2.0 * b).sin();
    radians * 12.0 / PI
}

/// Apparent solar time, h, of a local standard time in h.
pub fn solar_time_h(site: &Site, day_of_year: u32, standard_time_h: f64) -> f64 {
    standard_time_h + equation_of_time_h(day_of_year) + site.longitude_deg / 15.0
        - site.utc_offset_h
}

/// Sine of the sun's elevation at a local standard time in h; negative at night.
pub fn sine_elevation(site: &Site, day_of_year: u32, standard_time_h: f64) -> f64 {
    let latitude = site.latitude_deg.to_radians();
    let declination = declination_rad(day_of_year);
    let hour_angle = (solar_time_h(site, day_of_year, standard_time_h) - 12.0) * PI / 12.0;
    latitude.sin() * declination.sin() + latitude.cos() * declination.cos() * hour_angle.cos()
}

/// Elevation of the sun above the horizon, rad, without refraction.
pub fn elevation_rad(site: &Site, day_of_year: u32, standard_time_h: f64) -> f64 {
    sine_elevation(site, day_of_year, standard_time_h)
        .clamp(-1.0, 1.0)
        .asin()
}

/// Radiation above the air on a plane that faces the sun, W/m², on a day of the year.
pub fn extraterrestrial_normal_w_m2(day_of_year: u32) -> f64 {
    SOLAR_CONSTANT.value * inverse_distance_squared(day_of_year)
}

/// Mean radiation on the horizontal above the air, W/m², between two local standard times in h.
pub fn extraterrestrial_w_m2(site: &Site, day_of_year: u32, from_h: f64, to_h: f64) -> f64 {
    let width = (to_h - from_h) / f64::from(SLICES);
    let sum: f64 = (0..SLICES)
        .map(|slice| {
            sine_elevation(site, day_of_year, from_h + (f64::from(slice) + 0.5) * width).max(0.0)
        })
        .sum();
    extraterrestrial_normal_w_m2(day_of_year) * sum / f64::from(SLICES)
}

/// Hour angle of sunset, rad (FAO-56 eq. 25); 0 in polar night, π under the midnight sun.
pub fn sunset_hour_angle_rad(latitude_deg: f64, day_of_year: u32) -> f64 {
    (-latitude_deg.to_radians().tan() * declination_rad(day_of_year).tan())
        .clamp(-1.0, 1.0)
        .acos()
}

/// Hours between sunrise and sunset (FAO-56 eq. 34).
pub fn daylight_h(latitude_deg: f64, day_of_year: u32) -> f64 {
    24.0 / PI * sunset_hour_angle_rad(latitude_deg, day_of_year)
}

/// Daily mean radiation on the horizontal above the air, W/m² (FAO-56 eq. 21).
pub fn extraterrestrial_day_w_m2(latitude_deg: f64, day_of_year: u32) -> f64 {
    let latitude = latitude_deg.to_radians();
    let declination = declination_rad(day_of_year);
    let sunset = sunset_hour_angle_rad(latitude_deg, day_of_year);
    let shape = sunset * latitude.sin() * declination.sin()
        + latitude.cos() * declination.cos() * sunset.sin();
    extraterrestrial_normal_w_m2(day_of_year) * shape.max(0.0) / PI
}

/// Share of the radiation above the air that reaches the ground under a clear sky (FAO-56 eq. 37).
pub fn clear_sky_transmission(elevation_m: f64) -> f64 {
    (CLEAR_SKY_A.value + CLEAR_SKY_B.value * elevation_m).min(0.85)
}

/// Mean clear-sky radiation on the horizontal, W/m², between two local standard times in h.
pub fn clear_sky_w_m2(site: &Site, day_of_year: u32, from_h: f64, to_h: f64) -> f64 {
    clear_sky_transmission(site.elevation_m)
        * extraterrestrial_w_m2(site, day_of_year, from_h, to_h)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MJ_DAY: f64 = 86_400.0 / 1e6;

    #[test]
    fn fao_56_example_8_and_9() {
        // 20 degrees south, 3 September: Ra 32.2 MJ/m2/d, 11.7 h of daylight. The example's one-term
        // declination (0.120 rad) is over half a degree short of the series that day, hence 2 %.
        let ra = extraterrestrial_day_w_m2(-20.0, 246) * MJ_DAY;
        assert!((ra / 32.2 - 1.0).abs() < 0.02, "{ra}");
        assert!((daylight_h(-20.0, 246) - 11.7).abs() < 0.1);
    }

    #[test]
    fn declination_at_solstice_and_equinox() {
        assert!((declination_rad(172).to_degrees() - 23.45).abs() < 0.05);
        assert!((declination_rad(355).to_degrees() + 23.42).abs() < 0.1);
        assert!(declination_rad(80).to_degrees().abs() < 0.6);
    }

    #[test]
    fn equation_of_time_at_its_extremes() {
        // Almanac: about -14.2 min near 11 February, +16.4 min near 3 November.
        assert!((equation_of_time_h(42) * 60.0 + 14.2).abs() < 0.5);
        assert!((equation_of_time_h(307) * 60.0 - 16.4).abs() < 0.5);
    }

    #[test]
    fn hours_sum_to_the_day() {
        let site = Site {
            latitude_deg: 36.8,
            longitude_deg: 95.3,
            elevation_m: 2680.0,
            utc_offset_h: 8.0,
        };
        for day in [15, 105, 196, 288] {
            let hours: f64 = (0..24)
                .map(|hour| {
                    extraterrestrial_w_m2(&site, day, f64::from(hour), f64::from(hour) + 1.0)
                })
                .sum::<f64>()
                / 24.0;
            let whole = extraterrestrial_day_w_m2(site.latitude_deg, day);
            assert!(
                (hours / whole - 1.0).abs() < 1e-3,
                "day {day}: {hours} against {whole}"
            );
        }
    }

    #[test]
    fn noon_sun_stands_at_ninety_less_latitude_plus_declination() {
        let site = Site {
            latitude_deg: 40.0,
            longitude_deg: 0.0,
            elevation_m: 0.0,
            utc_offset_h: 0.0,
        };
        let noon = 12.0 - equation_of_time_h(172);
        let elevation = elevation_rad(&site, 172, noon).to_degrees();
        assert!((elevation - (90.0 - 40.0 + declination_rad(172).to_degrees())).abs() < 1e-6);
    }

    #[test]
    fn polar_night_and_midnight_sun_do_not_break() {
        assert_eq!(extraterrestrial_day_w_m2(80.0, 355), 0.0);
        assert!(extraterrestrial_day_w_m2(80.0, 172) > 400.0);
        assert!((daylight_h(80.0, 172) - 24.0).abs() < 1e-9);
    }
}
