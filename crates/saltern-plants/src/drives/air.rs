//! Air that is blown into a unit or drawn through it.
//!
//! ```text
//! P = p₀ V̇₀ k/(k−1) [ (p₂/p₁)^((k−1)/k) − 1 ] / η,   p₂ = p₀ + Δp,   p₁ = p₀ − vacuum
//! ```
//!
//! adiabatic compression of an ideal gas (textbook; the same as that of vapour in `evaporator.rs`), V̇₀ counted as free
//! air at the pressure p₀ of the place: n R T = p₀ V̇₀, so the temperature of the air drops out as long as it comes at that
//! of the place. k = 1.4. A blower or compressor of the gas that comes in (`gas_pressure`) takes the same by its own p V̇ =
//! n R T; for chlorine, of k = 1.33, that is 1 % too much at 100 kPa and 5 % at 1 MPa.

use crate::settings::{SettingError, Settings};

/// Ratio of heat capacities of air (a gas of two atoms).
const HEAT_RATIO: f64 = 1.4;

/// The air that a unit takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Air {
    /// Free air a second per volume of the unit, 1/s.
    pub(super) per_volume_1_s: f64,
    per_solids_m3_kg: f64,
    /// Work per volume of free air, J/m³.
    work_j_m3: f64,
    /// Work on gas that comes in over its p V.
    on_gas: f64,
}

impl Air {
    pub(super) fn new(settings: &Settings) -> Result<Air, SettingError> {
        let number = |name: &str| settings.optional_number(name).unwrap_or(0.0);
        let (per_volume_1_s, per_solids_m3_kg) = (number("aeration"), number("air_per_solids"));
        let [ambient_pa, over_pa, under_pa] =
            ["ambient_pressure", "air_pressure", "vacuum"].map(number);
        if under_pa >= ambient_pa && under_pa > 0.0 {
            return Err(settings.refused("vacuum"));
        }
        let taken = per_volume_1_s > 0.0 || per_solids_m3_kg > 0.0;
        if taken && over_pa == 0.0 && under_pa == 0.0 {
            return Err(settings.missing("air_pressure"));
        }
        let ratio = (ambient_pa + over_pa) / (ambient_pa - under_pa);
        let work_j_m3 = ambient_pa * compression(ratio) / number("air_efficiency");
        let gas_ratio = (ambient_pa + number("gas_pressure")) / ambient_pa;
        Ok(Air {
            per_volume_1_s,
            per_solids_m3_kg,
            work_j_m3: if taken { work_j_m3 } else { 0.0 },
            on_gas: compression(gas_ratio) / number("air_efficiency"),
        })
    }

    pub(super) fn is_given(&self) -> bool {
        self.per_volume_1_s > 0.0 || self.per_solids_m3_kg > 0.0 || self.on_gas > 0.0
    }

    /// Power, W, for so much volume and solids, and for gas that comes in with so much p V̇, W.
    pub(super) fn power_w(&self, volume_m3: f64, solids_kg_s: f64, gas_w: f64) -> f64 {
        let m3_s = self.per_volume_1_s * volume_m3 + self.per_solids_m3_kg * solids_kg_s;
        m3_s * self.work_j_m3 + gas_w * self.on_gas
    }
}

/// Work of adiabatic compression over n R T.
fn compression(ratio: f64) -> f64 {
    let exponent = (HEAT_RATIO - 1.0) / HEAT_RATIO;
    (ratio.powf(exponent) - 1.0) / exponent
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A compressor's handbook has 17.9 hp for 100 ft³/min of free air to 100 psig in one adiabatic stage (recalled), the
    /// isothermal work, p V ln(p2/p1), lies below it, and small pressures take p V (p2/p1 − 1), as fans do.
    #[test]
    fn compression_is_that_of_handbooks_and_of_fans() {
        let (ft3_min, hp) = (0.3048_f64.powi(3) / 60.0, 745.7);
        let pa = 14.696 * 6894.757;
        let ratio = 114.696 / 14.696;
        let got = pa * 100.0 * ft3_min * compression(ratio) / hp;
        assert!((got - 17.9).abs() < 0.1, "{got} hp");
        assert!(compression(ratio) > ratio.ln());
        assert!((compression(1.01) - 0.01).abs() < 1e-4);
    }
}
