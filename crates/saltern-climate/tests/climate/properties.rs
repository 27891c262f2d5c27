//! Laws of the balance, for any weather a person could hand in and some nobody could.

use proptest::prelude::*;
use saltern_climate::air::saturation_vapour_pressure_pa;
use saltern_climate::{Forcing, Hour, Surface};

fn any_hour() -> impl Strategy<Value = Hour> {
    (
        -40.0..50.0_f64,
        0.02..1.0_f64,
        0.0..30.0_f64,
        0.0..1300.0_f64,
        50.0..105.0_f64,
        0.0..30.0_f64,
    )
        .prop_map(
            |(air_c, humidity, wind_m_s, global_w_m2, kpa, rain_mm_h)| Hour {
                air_temperature_k: air_c + 273.15,
                vapour_pressure_pa: humidity * saturation_vapour_pressure_pa(air_c + 273.15),
                wind_m_s,
                global_w_m2,
                pressure_pa: kpa * 1000.0,
                rain_m_s: rain_mm_h / 3.6e6,
                long_wave_down_w_m2: None,
                diffuse_w_m2: None,
                direct_normal_w_m2: None,
            },
        )
}

fn any_surface() -> impl Strategy<Value = Surface> {
    (0.0..0.7_f64, 0.2..2.0_f64, 1e3..1e7_f64, 0.0..20.0_f64).prop_map(
        |(albedo, wind_factor, capacity, ground)| Surface {
            albedo,
            wind_factor,
            heat_capacity_j_m2_k: capacity,
            ground_conductance_w_m2_k: ground,
            ..Surface::default()
        },
    )
}

proptest! {
    #[test]
    fn energy_closes(
        hour in any_hour(), surface in any_surface(), start_k in 243.0..333.0_f64,
        activity in 0.0..1.0_f64, dt_s in 1.0..86_400.0_f64, extra in -200.0..200.0_f64,
    ) {
        let step = surface.step(&Forcing::new(&hour, 10.0), start_k, activity, dt_s, extra);
        prop_assert!(step.residual_w_m2.abs() <= 1e-9 * step.fluxes.scale_w_m2(), "{step:?}");
        prop_assert_eq!(step.residual_w_m2, step.fluxes.imbalance_w_m2());
        prop_assert!(step.iterations < 30, "{}", step.iterations);
    }

    #[test]
    fn evaporation_rises_with_water_activity(
        hour in any_hour(), surface in any_surface(), start_k in 243.0..333.0_f64,
        low in 0.05..0.95_f64, more in 0.01..0.5_f64,
    ) {
        let forcing = Forcing::new(&hour, 10.0);
        let high = (low + more).min(1.0);
        let at = |activity| surface.step(&forcing, start_k, activity, 3600.0, 0.0).evaporation_kg_m2_s;
        prop_assert!(at(high) > at(low));
        let steady = |activity| surface.steady(&forcing, activity, 0.0).evaporation_kg_m2_s;
        prop_assert!(steady(high) > steady(low));
    }

    /// At a given surface temperature the flux is wind function times deficit: more wind, more of
    /// whichever sign the deficit has.
    #[test]
    fn flux_grows_with_wind_and_has_the_sign_of_the_deficit(
        hour in any_hour(), start_k in 253.0..323.0_f64, activity in 0.05..1.0_f64, more in 0.1..10.0_f64,
    ) {
        let surface = Surface::default();
        let windy = Hour { wind_m_s: hour.wind_m_s + more, ..hour };
        let at = |h: &Hour| surface.evaporation_at_kg_m2_s(&Forcing::new(h, 2.0), start_k, activity);
        let deficit = activity * saturation_vapour_pressure_pa(start_k) - hour.vapour_pressure_pa;
        prop_assert_eq!(at(&hour) > 0.0, deficit > 0.0);
        prop_assert!(at(&windy).abs() >= at(&hour).abs());
    }

    #[test]
    fn drier_air_evaporates_more(hour in any_hour(), activity in 0.05..1.0_f64) {
        let drier = Hour { vapour_pressure_pa: 0.8 * hour.vapour_pressure_pa, long_wave_down_w_m2: Some(300.0), ..hour };
        let moist = Hour { long_wave_down_w_m2: Some(300.0), ..hour };
        let at = |h: &Hour| Surface::default().steady(&Forcing::new(h, 2.0), activity, 0.0).evaporation_kg_m2_s;
        prop_assert!(at(&drier) > at(&moist));
    }

    /// The end of a step lies between where it began and where the surface would settle.
    #[test]
    fn a_step_never_overshoots_equilibrium(
        hour in any_hour(), surface in any_surface(), start_k in 243.0..333.0_f64,
        activity in 0.0..1.0_f64, dt_s in 1.0..1e7_f64,
    ) {
        let forcing = Forcing::new(&hour, 10.0);
        let end_k = surface.step(&forcing, start_k, activity, dt_s, 0.0).temperature_k;
        let rest_k = surface.equilibrium_temperature_k(&forcing, activity, 0.0);
        prop_assert!(end_k >= start_k.min(rest_k) - 1e-7 && end_k <= start_k.max(rest_k) + 1e-7);
    }

    #[test]
    fn temperature_stays_bounded_whatever_the_forcing(
        air_k in 1.0..1000.0_f64, vapour_pa in 0.0..1e5_f64, wind in 0.0..200.0_f64, global in 0.0..1e4_f64,
        start_k in 1.0..1000.0_f64, activity in 0.0..1.0_f64, capacity in 0.0..1e7_f64, extra in -1e3..1e3_f64,
    ) {
        let hour = Hour {
            air_temperature_k: air_k, vapour_pressure_pa: vapour_pa, wind_m_s: wind, global_w_m2: global,
            pressure_pa: 1e5, rain_m_s: 0.0, long_wave_down_w_m2: None,
            diffuse_w_m2: None, direct_normal_w_m2: None,
        };
        let surface = Surface { heat_capacity_j_m2_k: capacity, ..Surface::default() };
        let step = surface.step(&Forcing::new(&hour, 10.0), start_k, activity, 3600.0, extra);
        prop_assert!(step.temperature_k.is_finite() && step.evaporation_kg_m2_s.is_finite());
        prop_assert!(step.temperature_k < 1200.0 && step.temperature_k > -200.0, "{step:?}");
        prop_assert!(step.residual_w_m2.abs() <= 1e-8 * step.fluxes.scale_w_m2(), "{step:?}");
    }
}
