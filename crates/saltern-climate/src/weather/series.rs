//! What an hour of weather is.

use crate::air::saturation_vapour_pressure_pa;

/// Where the weather was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Site {
    /// Degrees north.
    pub latitude_deg: f64,
    /// Degrees east.
    pub longitude_deg: f64,
    /// Metres above the sea.
    pub elevation_m: f64,
    /// Hours that local standard time is ahead of UTC.
    pub utc_offset_h: f64,
}

/// Means over one hour of local standard time. SI units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hour {
    /// Air temperature, K.
    pub air_temperature_k: f64,
    /// Vapour pressure of the air, Pa.
    pub vapour_pressure_pa: f64,
    /// Wind, m/s, at the height the series states.
    pub wind_m_s: f64,
    /// Global short-wave radiation on the horizontal, W/m².
    pub global_w_m2: f64,
    /// Air pressure, Pa.
    pub pressure_pa: f64,
    /// Rain and melted snow, m/s.
    pub rain_m_s: f64,
    /// Long-wave radiation from the sky, W/m², where it was measured or modelled by the source.
    pub long_wave_down_w_m2: Option<f64>,
}

impl Hour {
    /// Relative humidity over liquid water, 0..1.
    pub fn relative_humidity(&self) -> f64 {
        self.vapour_pressure_pa / saturation_vapour_pressure_pa(self.air_temperature_k)
    }
}
