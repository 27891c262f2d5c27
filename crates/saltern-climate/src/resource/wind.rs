//! Wind power from weather.

use super::curve::{Curve, Limits};
use super::error::{ResourceError, within};
use super::interval::Interval;
use crate::air::density_kg_m3;
use crate::coefficients::{
    AIR_DENSITY_REFERENCE, GAS_CONSTANT_AIR, GENERIC_CUT_IN, GENERIC_CUT_OUT, GENERIC_RATED,
    GRAVITY, SHEAR_EXPONENT,
};

/// Winds that a power curve may speak of, m/s.
const CURVE_WIND_M_S: [f64; 2] = [0.0, 60.0];

/// Power of a turbine by the wind at its hub, at the air density of 1.225 kg/m³.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerCurve {
    curve: Curve,
}

impl PowerCurve {
    /// From a maker's table: wind at the hub, m/s, rising, and power over nominal, 0..1. Below the first
    /// wind and above the last, the cut-out, there is no power; between points the line is straight.
    pub fn new(points: &[(f64, f64)]) -> Result<Self, ResourceError> {
        let limits = Limits {
            setting: "power_curve",
            x: CURVE_WIND_M_S,
            x_unit: "m/s",
            y: [0.0, 1.0],
            y_unit: "",
        };
        Curve::new(points, &limits).map(|curve| PowerCurve { curve })
    }

    /// **No maker's curve, assumed**: (v³ − 3³) / (11.5³ − 3³) from 3 to 11.5 m/s, nominal to 25 m/s; the
    /// shape behind the synthetic wind of the one-bus benchmark. Good for a first look at a base whose
    /// turbines are not chosen; turbines made for weak winds give more of their nominal.
    pub fn generic_assumed() -> Self {
        let (cut_in, rated) = (GENERIC_CUT_IN.value, GENERIC_RATED.value);
        let cube = |v: f64| (v.powi(3) - cut_in.powi(3)) / (rated.powi(3) - cut_in.powi(3));
        // Points a quarter of a metre per second apart: within 0.0004 of the cubic.
        let steps = 34_u32;
        let points: Vec<(f64, f64)> = (0..=steps)
            .map(|i| cut_in + (rated - cut_in) * f64::from(i) / f64::from(steps))
            .map(|v| (v, cube(v).clamp(0.0, 1.0)))
            .chain([(GENERIC_CUT_OUT.value, 1.0)])
            .collect();
        PowerCurve {
            curve: Curve::from_rising(points),
        }
    }

    /// The points: wind at the hub, m/s, and power over nominal.
    pub fn points(&self) -> &[(f64, f64)] {
        self.curve.points()
    }

    fn ends_m_s(&self) -> (f64, f64) {
        let points = self.curve.points();
        let wind = |point: Option<&(f64, f64)>| point.map_or(0.0, |point| point.0);
        (wind(points.first()), wind(points.last()))
    }
}

/// How the wind grows with height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shear {
    /// v ∝ z^α.
    Power {
        /// α, 0..0.6.
        exponent: f64,
    },
    /// v ∝ ln(z / z₀), neutral air.
    Log {
        /// Roughness length z₀ of the ground, m, 0.000001..1. (A salt crust is smooth: of the order of a
        /// millimetre; recalled.)
        roughness_m: f64,
    },
}

impl Shear {
    /// Wind at `to_m` over that at `from_m`.
    pub fn ratio(&self, from_m: f64, to_m: f64) -> f64 {
        match *self {
            Shear::Power { exponent } => (to_m / from_m).powf(exponent),
            Shear::Log { roughness_m } => (to_m / roughness_m).ln() / (from_m / roughness_m).ln(),
        }
    }
}

/// What thin air does to the power (IEC 61400-12-1, normalisation to a reference density; recalled).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Control {
    /// Blades that pitch, as nearly all do: the curve is read at v (ρ/ρ₀)^(1/3). Rated power is reached
    /// at a higher wind.
    #[default]
    Pitch,
    /// Blades that stall: the power is multiplied by ρ/ρ₀.
    Stall,
    /// The curve is already that of the site's density.
    AsGiven,
}

/// A wind farm, per unit of nominal.
#[derive(Clone, Debug, PartialEq)]
pub struct Wind {
    /// Power by the wind at the hub.
    pub curve: PowerCurve,
    /// Height of the hub over ground, m, 10..300.
    pub hub_height_m: f64,
    /// How the wind grows with height.
    pub shear: Shear,
    /// What thin air does.
    pub control: Control,
    /// Share lost to wakes, standstill and wiring, 0..1.
    pub loss: f64,
}

impl Wind {
    /// A farm without losses, with the one-seventh law of wind and pitching blades.
    pub fn new(curve: PowerCurve, hub_height_m: f64) -> Self {
        Wind {
            curve,
            hub_height_m,
            shear: Shear::Power {
                exponent: SHEAR_EXPONENT.value,
            },
            control: Control::Pitch,
            loss: 0.0,
        }
    }

    /// Whether every setting is within the range its field states.
    pub fn check(&self) -> Result<(), ResourceError> {
        within("hub_height", self.hub_height_m, [10.0, 300.0], "m")?;
        within("loss", self.loss, [0.0, 1.0], "")?;
        match self.shear {
            Shear::Power { exponent } => within("shear_exponent", exponent, [0.0, 0.6], ""),
            Shear::Log { roughness_m } => within("roughness", roughness_m, [1e-6, 1.0], "m"),
        }
    }

    /// Power of each interval per unit of nominal, 0..1. Errors: a setting out of its range.
    pub fn profile(&self, intervals: &[Interval]) -> Result<Vec<f64>, ResourceError> {
        self.check()?;
        Ok(intervals
            .iter()
            .map(|interval| self.power(interval))
            .collect())
    }

    /// Power of an interval per unit of nominal, 0..1. The wind of an hour is taken as steady in it. The
    /// cut-out is that of the true wind, not of the one corrected for density.
    ///
    /// From a station at 2 m the law of shear is asked for fifty times that height; then its exponent or
    /// roughness decides the answer, and a mast's own record is worth more than any default.
    pub fn power(&self, interval: &Interval) -> f64 {
        // A log law has no wind at its roughness; stations stand well above.
        let measured_m = interval.wind_height_m.max(1.5);
        let wind = interval.wind_m_s * self.shear.ratio(measured_m, self.hub_height_m);
        let (first, cut_out) = self.curve.ends_m_s();
        if wind > cut_out {
            return 0.0;
        }
        let thinness = self.density_at_hub_kg_m3(interval) / AIR_DENSITY_REFERENCE.value;
        let (read_at, factor) = match self.control {
            Control::Pitch => (wind * thinness.cbrt(), 1.0),
            Control::Stall => (wind, thinness),
            Control::AsGiven => (wind, 1.0),
        };
        if read_at < first {
            return 0.0;
        }
        (self.curve.curve.at(read_at) * factor).clamp(0.0, 1.0) * (1.0 - self.loss)
    }

    /// Density of the air at the hub, kg/m³: the station's pressure less the weight of the air between,
    /// at the station's temperature and humidity.
    pub fn density_at_hub_kg_m3(&self, interval: &Interval) -> f64 {
        let kelvin = interval.air_temperature_k;
        let scale_m = GAS_CONSTANT_AIR.value * kelvin / GRAVITY.value;
        let pressure_pa = interval.pressure_pa * (-self.hub_height_m / scale_m).exp();
        density_kg_m3(kelvin, pressure_pa, interval.vapour_pressure_pa)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::fixture::dark;

    fn interval(wind_m_s: f64, air_k: f64, pressure_pa: f64) -> Interval {
        Interval {
            air_temperature_k: air_k,
            vapour_pressure_pa: 0.0,
            pressure_pa,
            wind_height_m: 10.0,
            ..dark(0.0, wind_m_s)
        }
    }

    /// A rotor below rated: power as the cube of the wind, exactly.
    fn cubic() -> PowerCurve {
        let points: Vec<(f64, f64)> = (0..=1200)
            .map(|i| f64::from(i) * 0.01)
            .map(|v| (v, (v / 12.0).powi(3).min(1.0)))
            .chain([(25.0, 1.0)])
            .collect();
        PowerCurve::new(&points).unwrap()
    }

    /// Half ρ v³ A c_p is linear in density: at 3000 m of the ISO standard atmosphere (268.659 K, 70 108.5 Pa,
    /// 0.9091 kg/m³; table, recalled) a rotor below rated has 0.9091/1.225 of its power, the same whether
    /// the wind is normalised or the power.
    #[test]
    fn thin_air_takes_its_share_of_the_cube() {
        let mut farm = Wind::new(cubic(), 10.0);
        let high = interval(8.0, 268.659, 70_108.5);
        let full = (8.0_f64 / 12.0).powi(3);
        let weight = (-9.806_65 * 10.0 / (287.05 * 268.659_f64)).exp();
        for control in [Control::Pitch, Control::Stall] {
            farm.control = control;
            let share = farm.power(&high) / full;
            assert!(
                (share - 0.9091 / 1.225 * weight).abs() < 3e-4,
                "{control:?} {share}"
            );
        }
        farm.control = Control::AsGiven;
        assert!((farm.power(&high) - full).abs() < 1e-5);
    }

    /// FAO-56 eq. 47 is the log law over grass of 0.0148 m with 0.08 m of displacement; at 10 against 2 m
    /// 1/0.748. One-seventh law from 10 to 100 m: 1.3895 (10^(1/7)). Log law over 0.03 m from 10 to 100 m:
    /// ln(3333.3)/ln(333.33) = 8.1117/5.8091.
    #[test]
    fn wind_grows_with_height() {
        let power = Shear::Power {
            exponent: 1.0 / 7.0,
        };
        assert!((power.ratio(10.0, 100.0) - 1.389_495).abs() < 1e-5);
        let log = Shear::Log { roughness_m: 0.03 };
        assert!((log.ratio(10.0, 100.0) - 8.111_728 / 5.809_143).abs() < 1e-5);
        let grass = Shear::Log {
            roughness_m: 0.0148,
        };
        assert!((1.0 / grass.ratio(1.92, 9.92) - 0.748).abs() < 1e-3);
    }

    /// windpowerlib 0.2.2, `power_curve_density_correction` at 0.87 kg/m³ (its exponent is that of IEC up to
    /// 7.5 m/s), and `hellman` and `logarithmic_profile` from 10 to 95 m.
    #[test]
    fn thin_air_and_height_agree_with_windpowerlib() {
        let points = [
            (0.0, 0.0),
            (3.0, 0.0),
            (4.0, 0.05),
            (5.0, 0.12),
            (6.0, 0.22),
            (7.0, 0.36),
            (8.0, 0.53),
            (9.0, 0.70),
            (10.0, 0.85),
            (11.0, 0.95),
            (12.0, 1.0),
            (25.0, 1.0),
        ];
        let farm = Wind::new(PowerCurve::new(&points).unwrap(), 10.0);
        let at_hub_pa = 0.87 * 287.05 * 280.0;
        let at_ground_pa = at_hub_pa * (9.806_65 * 10.0 / (287.05 * 280.0_f64)).exp();
        for (wind, power) in [
            (3.3, 0.0),
            (4.2, 0.037_361_497_7),
            (5.5, 0.113_496_079_1),
            (6.4, 0.191_006_469_2),
            (7.2, 0.279_335_189_0),
        ] {
            let got = farm.power(&interval(wind, 280.0, at_ground_pa));
            assert!((got - power).abs() < 1e-8, "{wind}: {got}");
        }
        let power = Shear::Power {
            exponent: 1.0 / 7.0,
        };
        assert!((4.0 * power.ratio(10.0, 95.0) - 5.517_404_085).abs() < 1e-8);
        let log = Shear::Log { roughness_m: 0.002 };
        assert!((4.0 * log.ratio(10.0, 95.0) - 5.057_292_818).abs() < 1e-8);
    }

    #[test]
    fn generic_curve_is_the_stated_cubic() {
        let mut farm = Wind::new(PowerCurve::generic_assumed(), 10.0);
        farm.control = Control::AsGiven;
        let at = |v: f64| farm.power(&interval(v, 288.15, 101_325.0));
        for v in [3.0_f64, 4.3, 7.0, 9.9, 11.5] {
            let stated = (v.powi(3) - 27.0) / (11.5_f64.powi(3) - 27.0);
            assert!((at(v) - stated).abs() < 4e-4, "{v}: {}", at(v));
        }
        assert_eq!(
            (at(2.9), at(20.0), at(25.0), at(25.1)),
            (0.0, 1.0, 1.0, 0.0)
        );
    }

    /// In thin air a storm is still a storm: the cut-out does not move.
    #[test]
    fn cut_out_is_that_of_the_true_wind() {
        let farm = Wind::new(PowerCurve::generic_assumed(), 10.0);
        assert_eq!(farm.power(&interval(25.5, 280.0, 72e3)), 0.0);
        assert_eq!(farm.power(&interval(24.5, 280.0, 72e3)), 1.0);
        assert_eq!(farm.power(&interval(24.5, 240.0, 104e3)), 1.0);
    }

    #[test]
    fn bad_curves_and_settings_are_refused() {
        let code = |points: &[(f64, f64)]| {
            use saltern_units::message::Message;
            PowerCurve::new(points).unwrap_err().code()
        };
        assert_eq!(code(&[(3.0, 0.0)]), "resource.too_few_points");
        assert_eq!(code(&[(3.0, 0.0), (3.0, 1.0)]), "resource.not_rising");
        assert_eq!(code(&[(3.0, 0.0), (12.0, 1500.0)]), "resource.out_of_range");
        let farm = Wind {
            loss: -0.1,
            ..Wind::new(cubic(), 90.0)
        };
        assert!(
            farm.profile(&[])
                .unwrap_err()
                .to_string()
                .starts_with("loss of -0.1")
        );
    }
}
