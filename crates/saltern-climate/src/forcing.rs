//! What one hour of weather does to any water surface, worked out once and shared by all cells.

use crate::air::{
    ZERO_CELSIUS_K, latent_heat_j_kg, penman_transfer_w_m2_pa, psychrometric_constant_pa_k,
    sky_emissivity, wind_at_2m_m_s,
};
use crate::coefficients::{MELTING_HEAT, STEFAN_BOLTZMANN, WATER_HEAT_CAPACITY};
use crate::weather::Hour;

/// Density of rain, kg/m³.
const RAIN_DENSITY_KG_M3: f64 = 1000.0;

/// Forcing of a water surface during one interval, precomputed from an [`Hour`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Forcing {
    /// Global short-wave radiation on the horizontal, W/m².
    pub short_wave_w_m2: f64,
    /// Long-wave radiation from the sky, W/m².
    pub long_wave_down_w_m2: f64,
    /// Air temperature, K.
    pub air_temperature_k: f64,
    /// Vapour pressure of the air, Pa.
    pub vapour_pressure_pa: f64,
    /// Latent heat flux for each Pa of vapour pressure difference, W/m²/Pa.
    pub transfer_w_m2_pa: f64,
    /// Psychrometric constant, Pa/K, with the latent heat at air temperature.
    pub psychrometric_pa_k: f64,
    /// Rain and melted snow, kg/m²/s.
    pub rain_kg_m2_s: f64,
    /// Heat capacity flow of the rain, W/m²/K.
    pub rain_conductance_w_m2_k: f64,
    /// Temperature of the rain, K: that of the air, not below 0 °C.
    pub rain_temperature_k: f64,
    /// Heat that snow takes up to melt, W/m², ≥ 0.
    pub snow_melt_w_m2: f64,
}

impl Forcing {
    /// Forcing of an hour whose wind was measured at `wind_height_m`. Long wave from the sky is the
    /// measured one where the hour has it, else Brutsaert's emissivity with average cloud.
    pub fn new(hour: &Hour, wind_height_m: f64) -> Self {
        let air_k = hour.air_temperature_k;
        let rain_kg_m2_s = hour.rain_m_s * RAIN_DENSITY_KG_M3;
        let snow = air_k < ZERO_CELSIUS_K;
        Self {
            short_wave_w_m2: hour.global_w_m2,
            long_wave_down_w_m2: hour
                .long_wave_down_w_m2
                .unwrap_or_else(|| long_wave_from_sky_w_m2(hour.vapour_pressure_pa, air_k)),
            air_temperature_k: air_k,
            vapour_pressure_pa: hour.vapour_pressure_pa,
            transfer_w_m2_pa: penman_transfer_w_m2_pa(wind_at_2m_m_s(hour.wind_m_s, wind_height_m)),
            psychrometric_pa_k: psychrometric_constant_pa_k(
                hour.pressure_pa,
                latent_heat_j_kg(air_k),
            ),
            rain_kg_m2_s,
            rain_conductance_w_m2_k: rain_kg_m2_s * WATER_HEAT_CAPACITY.value,
            rain_temperature_k: air_k.max(ZERO_CELSIUS_K),
            snow_melt_w_m2: if snow {
                rain_kg_m2_s * MELTING_HEAT.value
            } else {
                0.0
            },
        }
    }
}

/// Long-wave radiation from the sky, W/m²: Brutsaert's emissivity with average cloud.
pub fn long_wave_from_sky_w_m2(vapour_pressure_pa: f64, air_temperature_k: f64) -> f64 {
    sky_emissivity(vapour_pressure_pa, air_temperature_k)
        * STEFAN_BOLTZMANN.value
        * air_temperature_k.powi(4)
}
