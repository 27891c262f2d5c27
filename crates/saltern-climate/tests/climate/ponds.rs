//! Tables of `facts/ponds.md` sections 3.1 and 3.2, recomputed. Print them with
//! `cargo test -p saltern-climate --test climate ponds -- --nocapture`.

use saltern_climate::air::{ZERO_CELSIUS_K, saturation_vapour_pressure_pa};
use saltern_climate::{Forcing, Hour, Surface, penman};

pub(crate) const MM_DAY: f64 = 86_400.0;
const ACTIVITIES: [f64; 6] = [1.00, 0.75, 0.65, 0.51, 0.44, 0.31];

#[derive(Clone, Copy)]
pub(crate) struct Season {
    pub(crate) name: &'static str,
    pub(crate) global_w_m2: f64,
    pub(crate) air_c: f64,
    pub(crate) relative_humidity: f64,
    pub(crate) wind_m_s: f64,
}

/// Daily means of section 3.1 (illustrative, Qarhan-like), at 73 kPa.
pub(crate) const SEASONS: [Season; 4] = [
    Season {
        name: "Jan",
        global_w_m2: 120.0,
        air_c: -9.0,
        relative_humidity: 0.38,
        wind_m_s: 3.0,
    },
    Season {
        name: "Apr",
        global_w_m2: 265.0,
        air_c: 7.0,
        relative_humidity: 0.25,
        wind_m_s: 4.5,
    },
    Season {
        name: "Jul",
        global_w_m2: 290.0,
        air_c: 18.5,
        relative_humidity: 0.35,
        wind_m_s: 4.2,
    },
    Season {
        name: "Oct",
        global_w_m2: 190.0,
        air_c: 4.5,
        relative_humidity: 0.33,
        wind_m_s: 3.2,
    },
];
pub(crate) const JULY: Season = SEASONS[2];
pub(crate) const OCTOBER: Season = SEASONS[3];

impl Season {
    pub(crate) fn hour(&self) -> Hour {
        let air_temperature_k = self.air_c + ZERO_CELSIUS_K;
        Hour {
            air_temperature_k,
            vapour_pressure_pa: self.relative_humidity
                * saturation_vapour_pressure_pa(air_temperature_k),
            wind_m_s: self.wind_m_s,
            global_w_m2: self.global_w_m2,
            pressure_pa: 73_000.0,
            rain_m_s: 0.0,
            long_wave_down_w_m2: None,
            diffuse_w_m2: None,
            direct_normal_w_m2: None,
        }
    }

    pub(crate) fn forcing(&self) -> Forcing {
        Forcing::new(&self.hour(), 2.0)
    }
}

fn steady_mm_day(season: &Season, activity: f64) -> f64 {
    Surface::default()
        .steady(&season.forcing(), activity, 0.0)
        .evaporation_kg_m2_s
        * MM_DAY
}

#[test]
fn evaporation_by_stage_and_season() {
    // Rows as ACTIVITIES, columns Jan Apr Jul Oct, mm/d; NaN where the table is blank.
    let table = [
        [0.99, 5.61, 8.24, 3.27],
        [0.64, 4.49, 6.66, 2.46],
        [0.48, 3.97, 5.89, 2.08],
        [0.25, 3.13, 4.62, 1.49],
        [0.13, 2.66, 3.87, 1.16],
        [-0.11, 1.64, 2.17, 0.46],
    ];
    println!("a_w     E mm/d (ours / ponds.md 3.1)");
    for (activity, row) in ACTIVITIES.iter().zip(table) {
        let ours: Vec<f64> = SEASONS
            .iter()
            .map(|season| steady_mm_day(season, *activity))
            .collect();
        let cells: Vec<String> = ours
            .iter()
            .zip(row)
            .zip(&SEASONS)
            .map(|((e, expected), season)| format!("{} {e:6.3} / {expected:5.2}", season.name))
            .collect();
        println!("{activity:.2}   {}", cells.join("   "));
        for ((e, expected), season) in ours.iter().zip(row).zip(&SEASONS) {
            let tolerance = 0.03_f64.max(0.02 * f64::abs(expected));
            assert!(
                (e - expected).abs() <= tolerance,
                "{} a_w {activity}: {e} against {expected}",
                season.name
            );
        }
    }
}

#[test]
fn july_ratio_without_feedback_and_by_penman() {
    let without_feedback = [1.00, 0.56, 0.38, 0.14, 0.01, -0.22];
    let closed_form = [8.16, 6.66, 5.88, 4.54, 3.73, 1.86];
    let forcing = JULY.forcing();
    let surface = Surface::default();
    let fresh = surface.steady(&forcing, 1.0, 0.0);
    println!("a_w    alpha without feedback      Penman mm/d     surface degC");
    for ((activity, ratio), penman_mm) in ACTIVITIES.iter().zip(without_feedback).zip(closed_form) {
        let cold = surface.evaporation_at_kg_m2_s(&forcing, fresh.temperature_k, *activity);
        let alpha = cold / fresh.evaporation_kg_m2_s;
        let closed = penman::evaporation_kg_m2_s(&surface, &forcing, *activity, 0.0) * MM_DAY;
        let temperature_c =
            surface.equilibrium_temperature_k(&forcing, *activity, 0.0) - ZERO_CELSIUS_K;
        println!(
            "{activity:.2}   {alpha:6.3} / {ratio:5.2}   {closed:6.3} / {penman_mm:4.2}   {temperature_c:5.1}"
        );
        assert!((alpha - ratio).abs() <= 0.006, "a_w {activity}: {alpha}");
        assert!(
            (closed - penman_mm).abs() <= 0.006,
            "a_w {activity}: {closed}"
        );
    }
}

#[test]
fn july_surface_warms_from_fresh_to_bischofite() {
    let surface = Surface::default();
    let fresh = surface.equilibrium_temperature_k(&JULY.forcing(), 1.0, 0.0) - ZERO_CELSIUS_K;
    let bischofite = surface.equilibrium_temperature_k(&JULY.forcing(), 0.31, 0.0) - ZERO_CELSIUS_K;
    assert!((fresh - 15.2).abs() < 0.2, "{fresh}");
    assert!((bischofite - 25.3).abs() < 0.2, "{bischofite}");
}

#[test]
fn albedo_cuts_july_evaporation() {
    println!("albedo   E mm/d at a_w 0.75 (ours / ponds.md 3.1)");
    for (albedo, expected) in [(0.05, 6.78), (0.20, 5.90), (0.45, 4.48)] {
        let surface = Surface {
            albedo,
            ..Surface::default()
        };
        let e = surface
            .steady(&JULY.forcing(), 0.75, 0.0)
            .evaporation_kg_m2_s
            * MM_DAY;
        println!("{albedo:.2}     {e:.3} / {expected}");
        assert!((e - expected).abs() < 0.006, "albedo {albedo}: {e}");
    }
}

#[test]
fn pressure_matters_more_for_strong_brine() {
    let at = |pressure_pa: f64, activity: f64| {
        let hour = Hour {
            pressure_pa,
            ..JULY.hour()
        };
        Surface::default()
            .steady(&Forcing::new(&hour, 2.0), activity, 0.0)
            .evaporation_kg_m2_s
            * MM_DAY
    };
    println!("p kPa    E at a_w 0.75    0.51");
    for kpa in [101.0, 73.0, 60.0] {
        println!(
            "{kpa:5.0}    {:.3}    {:.3}",
            at(kpa * 1000.0, 0.75),
            at(kpa * 1000.0, 0.51)
        );
    }
    let weak = at(60_000.0, 0.75) / at(101_000.0, 0.75) - 1.0;
    let strong = at(60_000.0, 0.51) / at(101_000.0, 0.51) - 1.0;
    assert!(weak.abs() < 0.02, "{weak}");
    assert!((strong - 0.07).abs() < 0.02, "{strong}");
}
