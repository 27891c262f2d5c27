//! An interval for tests.

use super::Interval;

/// A dark interval at 72 kPa: air in °C, wind at 2 m in m/s.
pub(super) fn dark(air_c: f64, wind_2m_m_s: f64) -> Interval {
    Interval {
        sun: None,
        global_w_m2: 0.0,
        diffuse_w_m2: 0.0,
        direct_normal_w_m2: 0.0,
        extraterrestrial_normal_w_m2: 0.0,
        air_temperature_k: air_c + 273.15,
        vapour_pressure_pa: 400.0,
        pressure_pa: 72e3,
        wind_m_s: wind_2m_m_s,
        wind_height_m: 2.0,
    }
}
