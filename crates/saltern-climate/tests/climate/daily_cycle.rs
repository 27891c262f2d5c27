//! Table of `facts/ponds.md` section 3.2: what daily means hide. 10-minute forcing against its mean.
//!
//! Assumed here, since the table does not say: air temperature ±8 °C and wind ±50 % as cosines with
//! their maxima at 15 h solar time; vapour pressure constant at the mean's; sky emissivity from the
//! air temperature of the moment; insulated floor; the periodic state after 60 equal days. The sun is
//! taken twice: as half a sine from 6 to 18 h in both seasons, with which the table comes out to the
//! point, and by sun geometry at 36.8° N, whose longer July day gains up to 5 points less. Both scaled
//! to the daily mean.

use saltern_climate::{Forcing, Hour, Site, Surface, sun};
use std::f64::consts::PI;

use crate::ponds::{JULY, MM_DAY, OCTOBER, Season};

const STEPS: usize = 144;
const STEP_S: f64 = 600.0;
const SITE: Site = Site {
    latitude_deg: 36.8,
    longitude_deg: 0.0,
    elevation_m: 2680.0,
    utc_offset_h: 0.0,
};

#[derive(Clone, Copy)]
enum Sun {
    /// Half a sine from 6 to 18 h.
    HalfSine,
    /// Sun geometry at this day of the year.
    Geometry(u32),
}

#[derive(Clone, Copy)]
struct Phases {
    sun: Sun,
    wind_h: f64,
}

/// Solar time of the warmest moment.
const AIR_MAXIMUM_H: f64 = 15.0;
const AFTERNOON: Phases = Phases {
    sun: Sun::HalfSine,
    wind_h: 15.0,
};

/// Relative radiation in a step that begins at a solar time.
fn sun_shape(sun: Sun, from_h: f64) -> f64 {
    let width_h = STEP_S / 3600.0;
    match sun {
        Sun::HalfSine => (PI * (from_h + 0.5 * width_h - 6.0) / 12.0).sin().max(0.0),
        Sun::Geometry(day_of_year) => {
            let clock_h = from_h - (sun::solar_time_h(&SITE, day_of_year, 12.0) - 12.0);
            sun::extraterrestrial_w_m2(&SITE, day_of_year, clock_h, clock_h + width_h)
        }
    }
}

fn day(season: &Season, phases: Phases) -> Vec<Forcing> {
    let mean = season.hour();
    let clock = |step: usize| step as f64 * STEP_S / 3600.0;
    let shape: Vec<f64> = (0..STEPS)
        .map(|step| sun_shape(phases.sun, clock(step)))
        .collect();
    let scale = mean.global_w_m2 * STEPS as f64 / shape.iter().sum::<f64>();
    let wave = |step: usize, maximum_h: f64| {
        (2.0 * PI * (clock(step) + STEP_S / 7200.0 - maximum_h) / 24.0).cos()
    };
    (0..STEPS)
        .map(|step| Hour {
            air_temperature_k: mean.air_temperature_k + 8.0 * wave(step, AIR_MAXIMUM_H),
            wind_m_s: mean.wind_m_s * (1.0 + 0.5 * wave(step, phases.wind_h)),
            global_w_m2: shape[step] * scale,
            ..mean
        })
        .map(|moment| Forcing::new(&moment, 2.0))
        .collect()
}

struct Cycle {
    evaporation_mm_day: f64,
    uptake_h: f64,
    surface_swing_k: f64,
}

fn periodic(forcing: &[Forcing], depth_m: f64, activity: f64) -> Cycle {
    let surface = Surface {
        heat_capacity_j_m2_k: 1260.0 * 2900.0 * depth_m,
        ..Surface::default()
    };
    let mut temperature_k = surface.equilibrium_temperature_k(&forcing[0], activity, 0.0);
    let mut cycle = Cycle {
        evaporation_mm_day: 0.0,
        uptake_h: 0.0,
        surface_swing_k: 0.0,
    };
    for _ in 0..60 {
        cycle = Cycle {
            evaporation_mm_day: 0.0,
            uptake_h: 0.0,
            surface_swing_k: 0.0,
        };
        let (mut low, mut high) = (f64::MAX, f64::MIN);
        for moment in forcing {
            let step = surface.step(moment, temperature_k, activity, STEP_S, 0.0);
            temperature_k = step.temperature_k;
            (low, high) = (low.min(temperature_k), high.max(temperature_k));
            cycle.evaporation_mm_day += step.evaporation_kg_m2_s * STEP_S;
            cycle.uptake_h += if step.evaporation_kg_m2_s < 0.0 {
                STEP_S / 3600.0
            } else {
                0.0
            };
        }
        cycle.surface_swing_k = high - low;
    }
    cycle
}

/// What the sub-daily march evaporates beyond the daily mean, %.
fn gain_percent(season: &Season, activity: f64, cycle: &Cycle) -> f64 {
    let mean = Surface::default()
        .steady(&season.forcing(), activity, 0.0)
        .evaporation_kg_m2_s
        * MM_DAY;
    100.0 * (cycle.evaporation_mm_day / mean - 1.0)
}

#[test]
fn daily_means_under_predict_and_hide_uptake() {
    // (season, day, a_w, gain % at 0.1 0.3 1.0 m, hours of uptake at 0.1 0.3 1.0 m)
    let table = [
        (JULY, 196, 0.75, [15.0, 9.0, 6.0], [0.0, 0.0, 0.0]),
        (JULY, 196, 0.51, [21.0, 12.0, 8.0], [6.5, 0.0, 0.0]),
        (JULY, 196, 0.31, [43.0, 22.0, 14.0], [10.8, 4.7, 0.0]),
        (OCTOBER, 288, 0.51, [31.0, 14.0, 10.0], [5.8, 0.0, 0.0]),
        (OCTOBER, 288, 0.31, [81.0, 36.0, 26.0], [10.8, 5.0, 0.0]),
    ];
    println!("            gain %                               uptake h/d");
    println!(
        "     a_w  depth m  half sine  geometry  ponds.md   half sine  geometry  ponds.md   swing K"
    );
    for (season, day_of_year, activity, gains, uptakes) in table {
        let sine = day(&season, AFTERNOON);
        let geometry = day(
            &season,
            Phases {
                sun: Sun::Geometry(day_of_year),
                ..AFTERNOON
            },
        );
        for ((depth_m, gain), uptake) in [0.1, 0.3, 1.0].into_iter().zip(gains).zip(uptakes) {
            let by_sine = periodic(&sine, depth_m, activity);
            let by_geometry = periodic(&geometry, depth_m, activity);
            let sine_gain = gain_percent(&season, activity, &by_sine);
            let geometry_gain = gain_percent(&season, activity, &by_geometry);
            println!(
                "{}  {activity:.2}   {depth_m:.1}     {sine_gain:6.1}    {geometry_gain:6.1}    {gain:6.1}     {:6.1}    {:6.1}    {uptake:6.1}      {:4.1}",
                season.name, by_sine.uptake_h, by_geometry.uptake_h, by_sine.surface_swing_k
            );
            assert!(
                (sine_gain - gain).abs() <= 1.0,
                "{} {activity} {depth_m} m: {sine_gain}",
                season.name
            );
            assert!(
                (geometry_gain - gain).abs() <= 5.0,
                "{} {activity} {depth_m} m: {geometry_gain}",
                season.name
            );
            assert!(
                (by_sine.uptake_h - uptake).abs() <= 0.5,
                "{} {activity} {depth_m} m",
                season.name
            );
            assert!(
                (by_geometry.uptake_h - uptake).abs() <= 1.6,
                "{} {activity} {depth_m} m",
                season.name
            );
        }
    }
}

/// The table's gain is in part its assumed afternoon wind: at the Dead Sea it peaks after sunset.
#[test]
fn wind_at_night_turns_the_gain_around() {
    let gain = |wind_h: f64| {
        let cycle = periodic(
            &day(
                &JULY,
                Phases {
                    wind_h,
                    ..AFTERNOON
                },
            ),
            0.3,
            0.51,
        );
        gain_percent(&JULY, 0.51, &cycle)
    };
    println!("July, a_w 0.51, 0.3 m: gain % by hour of the wind maximum");
    for wind_h in [3.0, 9.0, 12.0, 15.0, 18.0, 21.0] {
        println!("{wind_h:4.0} h   {:5.1}", gain(wind_h));
    }
    assert!(gain(15.0) > gain(21.0) && gain(21.0) > 0.0 && gain(3.0) < 0.0);
}

/// Hourly steps against steps of 14 s under the same hourly forcing: first order, 1.1 % low at 0.1 m,
/// 0.2 % at 0.3 m.
#[test]
fn refining_the_step_converges() {
    let hourly: Vec<Forcing> = day(&JULY, AFTERNOON)
        .chunks(6)
        .map(|ten_minutes| ten_minutes[3])
        .collect();
    let evaporation_mm = |parts: usize, depth_m: f64| {
        let surface = Surface {
            heat_capacity_j_m2_k: 1260.0 * 2900.0 * depth_m,
            ..Surface::default()
        };
        let dt_s = 3600.0 / parts as f64;
        let (mut temperature_k, mut last_day_mm) = (290.0, 0.0);
        for _ in 0..20 {
            last_day_mm = 0.0;
            for forcing in &hourly {
                for _ in 0..parts {
                    let step = surface.step(forcing, temperature_k, 0.51, dt_s, 0.0);
                    temperature_k = step.temperature_k;
                    last_day_mm += step.evaporation_kg_m2_s * dt_s;
                }
            }
        }
        last_day_mm
    };
    println!("error of a July day's evaporation, %, a_w 0.51, by steps an hour");
    for depth_m in [0.1, 0.3, 1.0] {
        let exact = evaporation_mm(256, depth_m);
        let errors: Vec<f64> = [1, 2, 4, 8, 16]
            .iter()
            .map(|parts| 100.0 * (evaporation_mm(*parts, depth_m) / exact - 1.0))
            .collect();
        println!("{depth_m:.1} m   {errors:7.3?}");
        assert!(
            errors[0].abs() < 1.2,
            "hourly steps at {depth_m} m are {} % off",
            errors[0]
        );
        assert!(
            errors
                .windows(2)
                .all(|pair| pair[1].abs() < 0.6 * pair[0].abs() + 1e-3),
            "{errors:?}"
        );
    }
}
