//! Heat that a concentrating solar field has to give, from weather.

use super::curve::{Curve, Limits};
use super::error::{ResourceError, within};
use super::interval::Interval;
use crate::air::wind_at_2m_m_s;
use crate::coefficients::{
    FIELD_DESIGN_DIRECT, FIELD_ELEVATION_MIN, FIELD_START_DIRECT, TOWER_DESIGN_ELEVATION,
    TROUGH_INCIDENCE_1, TROUGH_INCIDENCE_2,
};
use crate::sun::Direction;

/// Efficiency of the field around a tower by the sun's elevation: degrees, share of the direct radiation
/// on the mirrors that the receiver passes on. Salt tower of SAM as PyPSA/atlite holds it
/// (`resources/cspinstallation/SAM_solar_tower.yaml`, CC-BY-4.0), the sun in the south. The field stands all
/// around its tower: from 15 degrees up no other azimuth differs by more than some 5 %.
const SAM_TOWER: [(f64, f64); 13] = [
    (0.0, 0.1545),
    (5.0, 0.2406),
    (10.0, 0.3267),
    (15.0, 0.4083),
    (20.0, 0.4649),
    (25.0, 0.5047),
    (30.0, 0.5317),
    (40.0, 0.5583),
    (50.0, 0.5700),
    (60.0, 0.5774),
    (70.0, 0.5828),
    (80.0, 0.5860),
    (90.0, 0.5871),
];

/// Optics of a field: how its efficiency changes with the sun's place.
#[derive(Clone, Debug, PartialEq)]
pub enum Optics {
    /// Mirrors around a tower: by the elevation of the sun alone.
    Tower {
        /// Efficiency by elevation in degrees.
        efficiency: FieldEfficiency,
        /// Elevation at which the field gives its nominal heat, degrees, 10..90.
        design_elevation_deg: f64,
    },
    /// Troughs that turn about a level axis; nominal with the sun at a right angle to the aperture.
    Trough {
        /// Where the axis points, clockwise from north, degrees: 0 for north–south.
        axis_azimuth_deg: f64,
        /// a₁ of K = cos θ + a₁ θ − a₂ θ², 1/deg, −0.02..0.02.
        incidence_1_deg: f64,
        /// a₂, 1/deg², 0..0.001.
        incidence_2_deg2: f64,
        /// Distance between rows over the width of the aperture, 1..10; `None`: rows do not shade each
        /// other.
        row_spacing: Option<f64>,
    },
}

/// Efficiency of a tower's field by the sun's elevation.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldEfficiency {
    curve: Curve,
}

impl FieldEfficiency {
    /// From points: elevation in degrees, rising, and efficiency, above 0 to 1 (only ratios count).
    pub fn new(points: &[(f64, f64)]) -> Result<Self, ResourceError> {
        let limits = Limits {
            setting: "field_efficiency",
            x: [0.0, 90.0],
            x_unit: "deg",
            y: [1e-3, 1.0],
            y_unit: "",
        };
        Curve::new(points, &limits).map(|curve| FieldEfficiency { curve })
    }

    /// The tower of the System Advisor Model, field all around, as PyPSA/atlite holds it.
    pub fn sam_tower() -> Self {
        FieldEfficiency {
            curve: Curve::from_rising(SAM_TOWER.to_vec()),
        }
    }

    /// The points: degrees, efficiency.
    pub fn points(&self) -> &[(f64, f64)] {
        self.curve.points()
    }
}

impl Optics {
    /// A tower with the efficiency of SAM, nominal at 55 degrees (assumed).
    pub fn sam_tower() -> Self {
        Optics::Tower {
            efficiency: FieldEfficiency::sam_tower(),
            design_elevation_deg: TOWER_DESIGN_ELEVATION.value,
        }
    }

    /// North–south troughs with the incidence modifier of the LS-2 collector (Dudley et al. 1994,
    /// SAND94-1884; recalled, found alike in two open programs), rows three apertures apart (assumed).
    pub fn ls2_trough() -> Self {
        Optics::Trough {
            axis_azimuth_deg: 0.0,
            incidence_1_deg: TROUGH_INCIDENCE_1.value,
            incidence_2_deg2: TROUGH_INCIDENCE_2.value,
            row_spacing: Some(3.0),
        }
    }

    /// Efficiency over that at design.
    ///
    /// Tower: η(h)/η(h_design). Trough: K(θ) = cos θ + a₁ θ − a₂ θ² with θ in degrees, the cosine included,
    /// times the unshaded part of the aperture, min(1, spacing · sin h / cos θ) (Stuetzle 2002, as in
    /// Patnode 2006; recalled). End losses of the rows are not counted.
    pub fn relative_efficiency(&self, sun: &Direction) -> f64 {
        match self {
            Optics::Tower {
                efficiency,
                design_elevation_deg,
            } => {
                efficiency.curve.at(sun.elevation_deg())
                    / efficiency.curve.at(*design_elevation_deg)
            }
            Optics::Trough {
                axis_azimuth_deg,
                incidence_1_deg,
                incidence_2_deg2,
                row_spacing,
            } => {
                let (east, north) = axis_azimuth_deg.to_radians().sin_cos();
                let along = sun.east * east + sun.north * north;
                let cosine = (1.0 - along * along).max(0.0).sqrt();
                let degrees = cosine.acos().to_degrees();
                let modifier = cosine + degrees * (incidence_1_deg - incidence_2_deg2 * degrees);
                let unshaded = match row_spacing {
                    Some(spacing) if cosine > 0.0 => (spacing * sun.up / cosine).min(1.0),
                    _ => 1.0,
                };
                (modifier * unshaded).max(0.0)
            }
        }
    }

    fn check(&self) -> Result<(), ResourceError> {
        match *self {
            Optics::Tower {
                design_elevation_deg,
                ..
            } => within(
                "design_elevation",
                design_elevation_deg,
                [10.0, 90.0],
                "deg",
            ),
            Optics::Trough {
                axis_azimuth_deg,
                incidence_1_deg,
                incidence_2_deg2,
                row_spacing,
            } => {
                within("axis_azimuth", axis_azimuth_deg, [-360.0, 360.0], "deg")?;
                within("incidence_1", incidence_1_deg, [-0.02, 0.02], "1/deg")?;
                within("incidence_2", incidence_2_deg2, [0.0, 1e-3], "1/deg2")?;
                within("row_spacing", row_spacing.unwrap_or(1.0), [1.0, 10.0], "")
            }
        }
    }
}

/// A concentrating solar field, per unit of its nominal heat.
#[derive(Clone, Debug, PartialEq)]
pub struct SolarField {
    /// Tower or trough.
    pub optics: Optics,
    /// Direct radiation at which the field gives its nominal heat, W/m², 300..1200.
    pub design_direct_normal_w_m2: f64,
    /// Direct radiation below which it stands, W/m², 0..800.
    pub start_direct_normal_w_m2: f64,
    /// Elevation of the sun below which it stands, degrees, 0..45.
    pub elevation_min_deg: f64,
    /// Heat that the receiver loses at working temperature, over nominal, 0..1: it does not fall with the
    /// sun. 0 counts it as part of the efficiency, which flatters weak sun.
    pub heat_loss: f64,
    /// Wind at 10 m above which mirrors are stowed, m/s, 5..40; `None`: never.
    pub stow_wind_m_s: Option<f64>,
}

impl SolarField {
    /// A field for 950 W/m² that stands below 200 W/m² (assumed) and below 8 degrees of elevation, without a
    /// constant heat loss or a stow wind.
    pub fn new(optics: Optics) -> Self {
        SolarField {
            optics,
            design_direct_normal_w_m2: FIELD_DESIGN_DIRECT.value,
            start_direct_normal_w_m2: FIELD_START_DIRECT.value,
            elevation_min_deg: FIELD_ELEVATION_MIN.value,
            heat_loss: 0.0,
            stow_wind_m_s: None,
        }
    }

    /// Whether every setting is within the range its field states.
    pub fn check(&self) -> Result<(), ResourceError> {
        self.optics.check()?;
        within(
            "design_direct_normal",
            self.design_direct_normal_w_m2,
            [300.0, 1200.0],
            "W/m2",
        )?;
        within(
            "start_direct_normal",
            self.start_direct_normal_w_m2,
            [0.0, 800.0],
            "W/m2",
        )?;
        within("elevation_min", self.elevation_min_deg, [0.0, 45.0], "deg")?;
        within("heat_loss", self.heat_loss, [0.0, 1.0], "")?;
        within(
            "stow_wind",
            self.stow_wind_m_s.unwrap_or(10.0),
            [5.0, 40.0],
            "m/s",
        )
    }

    /// Available heat of each interval per unit of nominal, 0..1. Errors: a setting out of its range.
    pub fn profile(&self, intervals: &[Interval]) -> Result<Vec<f64>, ResourceError> {
        self.check()?;
        Ok(intervals
            .iter()
            .map(|interval| self.heat(interval))
            .collect())
    }

    /// Available heat of an interval per unit of nominal, 0..1: (1 + l) x − l, with l the heat loss and x the
    /// direct radiation over that at design times the relative efficiency; 0 where the field stands.
    /// What is above nominal is defocused.
    pub fn heat(&self, interval: &Interval) -> f64 {
        let Some(sun) = interval.sun else {
            return 0.0;
        };
        let stands = interval.direct_normal_w_m2 < self.start_direct_normal_w_m2
            || sun.elevation_deg() < self.elevation_min_deg
            || self
                .stow_wind_m_s
                .is_some_and(|limit| wind_at_10m_m_s(interval) > limit);
        if stands {
            return 0.0;
        }
        let gain = interval.direct_normal_w_m2 / self.design_direct_normal_w_m2
            * self.optics.relative_efficiency(&sun);
        ((1.0 + self.heat_loss) * gain - self.heat_loss).clamp(0.0, 1.0)
    }
}

fn wind_at_10m_m_s(interval: &Interval) -> f64 {
    interval.wind_m_s * wind_at_2m_m_s(1.0, interval.wind_height_m) / wind_at_2m_m_s(1.0, 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sunny(elevation_deg: f64, azimuth_deg: f64, direct_normal_w_m2: f64) -> Interval {
        Interval {
            sun: Some(Direction::from_elevation_and_azimuth(
                elevation_deg,
                azimuth_deg,
            )),
            global_w_m2: 0.0,
            diffuse_w_m2: 0.0,
            direct_normal_w_m2,
            extraterrestrial_normal_w_m2: 1367.0,
            air_temperature_k: 283.15,
            vapour_pressure_pa: 400.0,
            pressure_pa: 72e3,
            wind_m_s: 6.0,
            wind_height_m: 10.0,
        }
    }

    /// LS-2 by hand: θ = 30 degrees gives K = 0.866025 + 0.02652 − 0.048321 = 0.844224; 60 degrees 0.5 + 0.05304
    /// − 0.193284 = 0.359756. The sun in the south at elevation h meets a north–south trough at θ = 90 − h.
    #[test]
    fn trough_follows_its_incidence_modifier() {
        let optics = Optics::ls2_trough();
        for (elevation, modifier) in [(60.0, 0.844_224_4), (30.0, 0.359_756), (90.0, 1.0)] {
            let sun = Direction::from_elevation_and_azimuth(elevation, 180.0);
            assert!(
                (optics.relative_efficiency(&sun) - modifier).abs() < 1e-6,
                "{elevation}"
            );
        }
        // In the east there is no incidence, and rows three apertures apart shade below asin(1/3).
        let east = |elevation| Direction::from_elevation_and_azimuth(elevation, 90.0);
        assert!((optics.relative_efficiency(&east(19.5)) - 1.0).abs() < 1e-9);
        let low = optics.relative_efficiency(&east(10.0));
        assert!((low - 3.0 * 10.0_f64.to_radians().sin()).abs() < 1e-9);
    }

    /// SAM's tower by atlite: 0.5317 at 30 degrees, 0.5700 at 50, 0.5774 at 60 (whence 0.5737 at 55).
    #[test]
    fn tower_follows_its_table() {
        let field = SolarField::new(Optics::sam_tower());
        let heat = field.heat(&sunny(30.0, 140.0, 800.0));
        assert!((heat - 800.0 / 950.0 * 0.5317 / 0.5737).abs() < 1e-9);
        assert!((field.heat(&sunny(55.0, 180.0, 950.0)) - 1.0).abs() < 1e-12);
        assert_eq!(field.heat(&sunny(70.0, 180.0, 1100.0)), 1.0);
    }

    #[test]
    fn the_field_stands_in_weak_or_low_sun_and_in_storm() {
        let mut field = SolarField::new(Optics::sam_tower());
        assert_eq!(field.heat(&sunny(40.0, 180.0, 199.0)), 0.0);
        assert!(field.heat(&sunny(40.0, 180.0, 201.0)) > 0.2);
        assert_eq!(field.heat(&sunny(7.9, 180.0, 600.0)), 0.0);
        field.stow_wind_m_s = Some(5.9);
        assert_eq!(field.heat(&sunny(40.0, 180.0, 900.0)), 0.0);
        field.stow_wind_m_s = Some(6.1);
        assert!(field.heat(&sunny(40.0, 180.0, 900.0)) > 0.9);
    }

    #[test]
    fn heat_loss_weighs_on_weak_sun_and_not_at_design() {
        let mut field = SolarField::new(Optics::sam_tower());
        field.heat_loss = 0.1;
        assert!((field.heat(&sunny(55.0, 180.0, 950.0)) - 1.0).abs() < 1e-12);
        assert!((field.heat(&sunny(55.0, 180.0, 475.0)) - 0.45).abs() < 1e-12);
    }

    #[test]
    fn bad_settings_are_refused() {
        assert!(FieldEfficiency::new(&[(10.0, 0.4), (100.0, 0.5)]).is_err());
        assert!(FieldEfficiency::new(&[(10.0, 0.0), (90.0, 0.5)]).is_err());
        let mut field = SolarField::new(Optics::ls2_trough());
        field.start_direct_normal_w_m2 = -1.0;
        let error = field.profile(&[]).unwrap_err().to_string();
        assert!(
            error.starts_with("start_direct_normal of -1 W/m2"),
            "{error}"
        );
    }
}
