//! What cooling adds to the power of a data hall, by the weather outside.

use super::curve::{Curve, Limits};
use super::error::{ResourceError, within};
use super::interval::Interval;
use crate::air::{ZERO_CELSIUS_K, wet_bulb_k};

/// Highest power usage effectiveness that is believed.
const PUE_MAX: f64 = 3.0;

/// Temperature that decides how hard cooling has to work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Thermometer {
    /// Dry bulb: dry coolers, chillers cooled by air, outdoor air through the hall.
    #[default]
    DryBulb,
    /// Wet bulb at the air's own pressure: cooling towers, adiabatic coolers.
    WetBulb,
}

/// Power usage effectiveness of a hall, all power over that of its machines, by outdoor temperature.
///
/// There is no default curve: a hall's own figures are the user's. (Qinghai's halls are reported below 1.2
/// over the year with 314 days of free cooling; a figure of the press, not a curve.)
#[derive(Clone, Debug, PartialEq)]
pub struct Cooling {
    thermometer: Thermometer,
    curve: Curve,
}

impl Cooling {
    /// From points: temperature in K, rising, 200..340, and PUE, 1..3; straight between points, constant
    /// beyond the first and the last.
    pub fn new(thermometer: Thermometer, points: &[(f64, f64)]) -> Result<Self, ResourceError> {
        let limits = Limits {
            setting: "pue",
            x: [200.0, 340.0],
            x_unit: "K",
            y: [1.0, PUE_MAX],
            y_unit: "",
        };
        Curve::new(points, &limits).map(|curve| Cooling { thermometer, curve })
    }

    /// The same PUE in any weather, 1..3.
    pub fn constant(pue: f64) -> Result<Self, ResourceError> {
        within("pue", pue, [1.0, PUE_MAX], "")?;
        Ok(Cooling {
            thermometer: Thermometer::DryBulb,
            curve: Curve::from_rising(vec![(ZERO_CELSIUS_K, pue)]),
        })
    }

    /// PUE of each interval, 1..3.
    pub fn profile(&self, intervals: &[Interval]) -> Vec<f64> {
        intervals
            .iter()
            .map(|interval| self.pue(interval))
            .collect()
    }

    /// PUE of an interval, 1..3.
    pub fn pue(&self, interval: &Interval) -> f64 {
        self.curve.at(match self.thermometer {
            Thermometer::DryBulb => interval.air_temperature_k,
            Thermometer::WetBulb => wet_bulb_k(
                interval.air_temperature_k,
                interval.pressure_pa,
                interval.vapour_pressure_pa,
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::fixture::dark;

    fn outside(air_c: f64, vapour_pressure_pa: f64) -> Interval {
        Interval {
            vapour_pressure_pa,
            ..dark(air_c, 3.0)
        }
    }

    /// A made-up hall: 1.1 up to 10 °C, 1.4 from 30 °C on.
    const HALL: [(f64, f64); 2] = [(283.15, 1.1), (303.15, 1.4)];

    #[test]
    fn pue_follows_the_points_and_stays_at_the_ends() {
        let hall = Cooling::new(Thermometer::DryBulb, &HALL).unwrap();
        for (air_c, pue) in [
            (-20.0, 1.1),
            (10.0, 1.1),
            (20.0, 1.25),
            (30.0, 1.4),
            (45.0, 1.4),
        ] {
            assert!(
                (hall.pue(&outside(air_c, 300.0)) - pue).abs() < 1e-12,
                "{air_c}"
            );
        }
        let constant = Cooling::constant(1.2).unwrap();
        assert_eq!(
            constant.profile(&[outside(-20.0, 1.0), outside(40.0, 1.0)]),
            [1.2, 1.2]
        );
    }

    /// 35 °C and 15 % at 72 kPa: wet bulb 15.4 °C (PsychroLib 2.5).
    #[test]
    fn dry_air_cools_by_water() {
        let hall = Cooling::new(Thermometer::WetBulb, &HALL).unwrap();
        let pue = hall.pue(&outside(35.0, 844.17));
        assert!((pue - (1.1 + 0.3 * 5.3956 / 20.0)).abs() < 0.0025, "{pue}");
    }

    #[test]
    fn less_than_one_is_refused() {
        assert!(Cooling::constant(0.9).is_err());
        assert!(Cooling::new(Thermometer::DryBulb, &[(10.0, 1.1), (30.0, 1.4)]).is_err());
        assert!(Cooling::new(Thermometer::DryBulb, &[(303.15, 1.1), (283.15, 1.4)]).is_err());
    }
}
