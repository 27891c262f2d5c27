//! Photovoltaic power from weather.

use super::cell::CellTemperature;
use super::error::{ResourceError, within};
use super::interval::Interval;
use super::mounting::Mounting;
use super::plane::{InPlane, Sky, in_plane};
use crate::coefficients::{
    DC_AC_RATIO, FAIMAN_U0, FAIMAN_U1, GROUND_ALBEDO, INCIDENCE_B0, INVERTER_EFFICIENCY,
    MODULE_POWER_FALL, PV_SYSTEM_LOSS,
};

/// Standard test conditions of modules: 1000 W/m² in the plane and cells of 25 °C.
const STANDARD_W_M2: f64 = 1000.0;
const STANDARD_K: f64 = 298.15;

/// A photovoltaic plant, per unit of the rating of its inverters (what the grid sees). To have it per
/// unit of peak power of the modules, divide by `dc_ac_ratio`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Photovoltaic {
    /// How the modules stand.
    pub mounting: Mounting,
    /// How the diffuse radiation stands in the sky.
    pub sky: Sky,
    /// Share of the radiation that the ground returns, 0..1.
    pub albedo: f64,
    /// ASHRAE incidence coefficient b₀ of the glass, 0..0.5; `None`: no loss at any angle.
    pub incidence_b0: Option<f64>,
    /// How warm cells get.
    pub cell: CellTemperature,
    /// Change of power for each kelvin of the cells above 25 °C, 1/K: negative, −0.01..0.
    pub temperature_coefficient_1_k: f64,
    /// Peak power of the modules over the rating of the inverters, 0.5..3; beyond 1 noons are clipped.
    pub dc_ac_ratio: f64,
    /// Share lost between modules and inverter (soiling, mismatch, wiring, standstill), 0..1.
    pub system_loss: f64,
    /// Nominal efficiency of the inverters, 0.5..1.
    pub inverter_efficiency: f64,
}

impl Photovoltaic {
    /// A plant with the defaults of this crate's coefficients (PVWatts and pvlib; none of them measured at
    /// the place): each may be overwritten.
    pub fn new(mounting: Mounting) -> Self {
        Photovoltaic {
            mounting,
            sky: Sky::HayDavies,
            albedo: GROUND_ALBEDO.value,
            incidence_b0: Some(INCIDENCE_B0.value),
            cell: CellTemperature::Faiman {
                u0_w_m2_k: FAIMAN_U0.value,
                u1_w_s_m3_k: FAIMAN_U1.value,
            },
            temperature_coefficient_1_k: -MODULE_POWER_FALL.value,
            dc_ac_ratio: DC_AC_RATIO.value,
            system_loss: PV_SYSTEM_LOSS.value,
            inverter_efficiency: INVERTER_EFFICIENCY.value,
        }
    }

    /// Whether every setting is within the range its field states.
    pub fn check(&self) -> Result<(), ResourceError> {
        self.mounting.check()?;
        self.cell.check()?;
        within("albedo", self.albedo, [0.0, 1.0], "")?;
        within(
            "incidence_b0",
            self.incidence_b0.unwrap_or(0.0),
            [0.0, 0.5],
            "",
        )?;
        within(
            "temperature_coefficient",
            self.temperature_coefficient_1_k,
            [-0.01, 0.0],
            "1/K",
        )?;
        within("dc_ac_ratio", self.dc_ac_ratio, [0.5, 3.0], "")?;
        within("system_loss", self.system_loss, [0.0, 1.0], "")?;
        within(
            "inverter_efficiency",
            self.inverter_efficiency,
            [0.5, 1.0],
            "",
        )
    }

    /// Power of each interval per unit of nominal, 0..1. Errors: a setting out of its range.
    pub fn profile(&self, intervals: &[Interval]) -> Result<Vec<f64>, ResourceError> {
        self.check()?;
        Ok(intervals
            .iter()
            .map(|interval| self.power(interval))
            .collect())
    }

    /// Power of an interval per unit of nominal, 0..1; 0 at night.
    ///
    /// ```text
    /// modules  P = r (E' / 1000 W/m²) (1 + γ (T_cell − 25 °C)) (1 − loss)
    /// ```
    ///
    /// with E' the radiation in the plane less incidence losses and r modules over inverters (PVWatts
    /// version 5, Dobos 2014, NREL/TP-6A20-62641; recalled, checked against pvlib), then the inverter.
    /// The cells are warmed by the radiation before incidence losses.
    pub fn power(&self, interval: &Interval) -> f64 {
        let Some(sun) = interval.sun else {
            return 0.0;
        };
        let normal = self.mounting.normal(&sun);
        let plane = in_plane(interval, &normal, self.albedo, self.sky);
        let cell_k = self.cell.cell_k(plane.total_w_m2(), interval);
        let warmth = 1.0 + self.temperature_coefficient_1_k * (cell_k - STANDARD_K);
        let absorbed = self.absorbed_w_m2(&plane, 90.0 - normal.elevation_deg());
        let modules = absorbed / STANDARD_W_M2 * warmth * (1.0 - self.system_loss);
        inverted(self.dc_ac_ratio * modules, self.inverter_efficiency)
    }

    /// Radiation that passes the glass. Sky and ground are given the one angle each at which the direct
    /// would lose as much: 59.7 − 0.1388 β + 0.001497 β² and 90 − 0.5788 β + 0.002693 β² (Brandemuehl &
    /// Beckman 1980, Duffie & Beckman eqs. 5.4.1 and 5.4.2; recalled), β the tilt in degrees.
    fn absorbed_w_m2(&self, plane: &InPlane, tilt_deg: f64) -> f64 {
        let Some(b0) = self.incidence_b0 else {
            return plane.total_w_m2();
        };
        let from_angle = |degrees: f64| passed(degrees.to_radians().cos(), b0);
        let sky_deg = 59.7 + tilt_deg * (-0.1388 + 0.001_497 * tilt_deg);
        let ground_deg = 90.0 + tilt_deg * (-0.5788 + 0.002_693 * tilt_deg);
        (plane.direct_w_m2 + plane.circumsolar_w_m2) * passed(plane.cosine_of_incidence, b0)
            + plane.sky_w_m2 * from_angle(sky_deg)
            + plane.ground_w_m2 * from_angle(ground_deg)
    }
}

/// Share of radiation that passes the glass: 1 − b₀ (1/cos θ − 1), not below 0 (ASHRAE 93; Souka & Safwat
/// 1966; recalled, checked against pvlib).
fn passed(cosine: f64, b0: f64) -> f64 {
    if cosine <= 0.0 {
        return 0.0;
    }
    (1.0 - b0 * (1.0 / cosine - 1.0)).clamp(0.0, 1.0)
}

/// Power after the inverter per unit of its rating, clipped at 1 (PVWatts version 5): with ζ the load,
/// input over the input at rating, η = η₀/0.9637 (−0.0162 ζ − 0.0059/ζ + 0.9858).
fn inverted(modules: f64, efficiency: f64) -> f64 {
    let load = modules * efficiency;
    // η ζ as one polynomial, which has no 0/0 at night.
    let power = (load * (0.9858 - 0.0162 * load) - 0.0059) / 0.9637;
    // Past its top the parabola falls again: far above the rating it is clipped all the same.
    if load >= 1.1 {
        1.0
    } else {
        power.clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::fixture::dark;
    use crate::sun::Direction;

    /// pvlib 0.16.1, `iam.ashrae`, b0 0.05.
    #[test]
    fn incidence_loss_agrees_with_pvlib() {
        for (degrees, share) in [
            (0.0_f64, 1.0),
            (30.0, 0.992_264_973),
            (60.0, 0.95),
            (75.0, 0.856_814_835),
            (85.0, 0.476_314_338),
            (89.9, 0.0),
        ] {
            assert!(
                (passed(degrees.to_radians().cos(), 0.05) - share).abs() < 1e-8,
                "{degrees}"
            );
        }
    }

    /// pvlib 0.16.1, `inverter.pvwatts`, nominal efficiency 0.96, per unit of the rating.
    #[test]
    fn inverter_agrees_with_pvlib() {
        for (modules, power) in [
            (0.0, 0.0),
            (0.01, 0.003_696_365),
            (0.05, 0.042_939_79),
            (0.2, 0.189_661_101),
            (0.5, 0.481_012_265),
            (0.9, 0.865_142_643),
            (1.04, 0.998_417_058),
            (1.3, 1.0),
            (2.9, 1.0),
            (40.0, 1.0),
        ] {
            assert!((inverted(modules, 0.96) - power).abs() < 1e-8, "{modules}");
        }
    }

    /// The whole chain put together from functions of pvlib 0.16.1 (`haydavies`, `get_ground_diffuse`,
    /// `iam.ashrae` also at the two diffuse angles, `faiman`, `pvwatts_dc`, `inverter.pvwatts`): tilt and
    /// azimuth; sun; DNI, GHI, DHI, extraterrestrial; albedo, air °C, wind at 2 m; ratio; power.
    #[test]
    fn the_chain_agrees_with_pvlib() {
        for (
            tilt,
            azimuth,
            zenith,
            bearing,
            [dni, ghi, dhi, outside],
            albedo,
            air,
            wind,
            ratio,
            power,
        ) in [
            (
                35.0,
                180.0,
                50.0,
                150.0,
                [800.0, 620.0, 105.77, 1400.0],
                0.2,
                8.0,
                3.0,
                1.2,
                0.843_655_1,
            ),
            (
                35.0,
                180.0,
                50.0,
                150.0,
                [100.0, 400.0, 335.7, 1330.0],
                0.35,
                -12.0,
                1.0,
                1.2,
                0.438_104_2,
            ),
            (
                20.0,
                90.0,
                40.0,
                270.0,
                [850.0, 800.0, 148.9, 1340.0],
                0.25,
                25.0,
                0.5,
                1.0,
                0.398_912,
            ),
            (
                30.0,
                180.0,
                25.0,
                175.0,
                [1000.0, 1050.0, 140.0, 1330.0],
                0.2,
                2.0,
                5.0,
                1.4,
                1.0,
            ),
        ] {
            let plant = Photovoltaic {
                albedo,
                dc_ac_ratio: ratio,
                ..Photovoltaic::new(Mounting::Fixed {
                    tilt_deg: tilt,
                    azimuth_deg: azimuth,
                })
            };
            let hour = Interval {
                sun: Some(Direction::from_elevation_and_azimuth(
                    90.0 - zenith,
                    bearing,
                )),
                global_w_m2: ghi,
                diffuse_w_m2: dhi,
                direct_normal_w_m2: dni,
                extraterrestrial_normal_w_m2: outside,
                ..dark(air, wind)
            };
            assert!(
                (plant.power(&hour) - power).abs() < 1e-6,
                "{} {power}",
                plant.power(&hour)
            );
        }
    }

    #[test]
    fn a_setting_out_of_range_is_named() {
        let south = Mounting::Fixed {
            tilt_deg: 35.0,
            azimuth_deg: 180.0,
        };
        let bad = [
            (
                Photovoltaic {
                    albedo: f64::NAN,
                    ..Photovoltaic::new(south)
                },
                "albedo",
            ),
            (
                Photovoltaic {
                    temperature_coefficient_1_k: 0.0035,
                    ..Photovoltaic::new(south)
                },
                "temperature_coefficient",
            ),
            (
                Photovoltaic {
                    system_loss: 14.0,
                    ..Photovoltaic::new(south)
                },
                "system_loss",
            ),
            (
                Photovoltaic::new(Mounting::Fixed {
                    tilt_deg: 120.0,
                    azimuth_deg: 0.0,
                }),
                "tilt",
            ),
        ];
        for (plant, name) in bad {
            let error = plant.profile(&[]).unwrap_err();
            assert!(error.to_string().starts_with(name), "{error}");
        }
    }
}
