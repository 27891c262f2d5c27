//! How warm the cells of a module get.

use super::error::{ResourceError, within};
use super::interval::Interval;
use crate::air::wind_at_2m_m_s;

/// NOCT is stated at 800 W/m² and air of 20 °C.
const NOCT_W_M2: f64 = 800.0;
const NOCT_AIR_K: f64 = 293.15;

/// How warm cells get.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CellTemperature {
    /// T = T_air + E / (u₀ + u₁ v), v the wind at 2 m (Faiman, Prog. Photovolt. 16, 2008; recalled, checked
    /// against pvlib).
    Faiman {
        /// Heat loss in still air, W/m²/K.
        u0_w_m2_k: f64,
        /// What each m/s of wind adds to it, W s/m³/K.
        u1_w_s_m3_k: f64,
    },
    /// T = T_air + (NOCT − 20 °C) E / 800 W/m², whatever the wind.
    Noct {
        /// Nominal operating cell temperature of the data sheet, K.
        noct_k: f64,
    },
}

impl CellTemperature {
    /// Cell temperature, K, under `in_plane_w_m2`.
    pub fn cell_k(&self, in_plane_w_m2: f64, interval: &Interval) -> f64 {
        let rise_k = match *self {
            CellTemperature::Faiman {
                u0_w_m2_k,
                u1_w_s_m3_k,
            } => {
                let wind = wind_at_2m_m_s(interval.wind_m_s, interval.wind_height_m);
                in_plane_w_m2 / (u0_w_m2_k + u1_w_s_m3_k * wind.max(0.0))
            }
            CellTemperature::Noct { noct_k } => (noct_k - NOCT_AIR_K) * in_plane_w_m2 / NOCT_W_M2,
        };
        interval.air_temperature_k + rise_k
    }

    pub(super) fn check(&self) -> Result<(), ResourceError> {
        match *self {
            CellTemperature::Faiman {
                u0_w_m2_k,
                u1_w_s_m3_k,
            } => {
                within("u0", u0_w_m2_k, [5.0, 100.0], "W/m2/K")?;
                within("u1", u1_w_s_m3_k, [0.0, 50.0], "W s/m3/K")
            }
            CellTemperature::Noct { noct_k } => within("noct", noct_k, [300.0, 350.0], "K"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::fixture::dark;

    /// pvlib 0.16.1, `temperature.faiman`; and a cell at its NOCT.
    #[test]
    fn cell_temperature_agrees_with_pvlib() {
        let faiman = CellTemperature::Faiman {
            u0_w_m2_k: 25.0,
            u1_w_s_m3_k: 6.84,
        };
        for (radiation, air, wind, cell) in [
            (1000.0, 20.0, 1.0, 51.407_035),
            (600.0, -10.0, 5.0, 0.135_135),
            (1100.0, 25.0, 0.0, 69.0),
        ] {
            let got = faiman.cell_k(radiation, &dark(air, wind)) - 273.15;
            assert!((got - cell).abs() < 1e-5, "{got}");
        }
        let noct = CellTemperature::Noct { noct_k: 318.15 };
        assert!((noct.cell_k(800.0, &dark(20.0, 4.0)) - 318.15).abs() < 1e-9);
    }
}
