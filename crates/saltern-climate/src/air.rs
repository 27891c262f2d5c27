//! Moist air: saturation vapour pressure, latent heat, psychrometric constant, wet bulb, density, sky
//! emissivity, wind profile, standard pressure.

use crate::coefficients::{
    AIR_HEAT_CAPACITY, BRUTSAERT_A, BRUTSAERT_EXPONENT, CLOUD_FACTOR, GAS_CONSTANT_AIR,
    GAS_CONSTANT_VAPOUR, LATENT_HEAT_0, LATENT_HEAT_SLOPE, MAGNUS_A, MAGNUS_B, MAGNUS_C,
    MOLAR_MASS_RATIO, PENMAN_LATENT_HEAT, PENMAN_WIND_A, PENMAN_WIND_B,
};

/// 0 °C in K.
pub const ZERO_CELSIUS_K: f64 = 273.15;

/// Where the Magnus formula is continued as a constant (its pole lies at −243.12 °C). Nothing on
/// Earth is that cold; it keeps the surface balance monotone for absurd forcing.
const MAGNUS_T_MIN_C: f64 = -150.0;

/// Saturation vapour pressure over liquid water, Pa, and its slope, Pa/K.
///
/// Magnus formula; liquid also below 0 °C, because brine is.
#[inline]
pub fn saturation_vapour_pressure_and_slope_pa(temperature_k: f64) -> (f64, f64) {
    let t = temperature_k - ZERO_CELSIUS_K;
    let bounded = t.max(MAGNUS_T_MIN_C);
    let inverse = 1.0 / (MAGNUS_C.value + bounded);
    let pressure = MAGNUS_A.value * (MAGNUS_B.value * bounded * inverse).exp();
    let slope = if t < MAGNUS_T_MIN_C {
        0.0
    } else {
        pressure * MAGNUS_B.value * MAGNUS_C.value * inverse * inverse
    };
    (pressure, slope)
}

/// Saturation vapour pressure over liquid water, Pa.
#[inline]
pub fn saturation_vapour_pressure_pa(temperature_k: f64) -> f64 {
    saturation_vapour_pressure_and_slope_pa(temperature_k).0
}

/// Dew point, K, of a vapour pressure in Pa (inverse Magnus formula).
pub fn dew_point_k(vapour_pressure_pa: f64) -> f64 {
    let x = (vapour_pressure_pa / MAGNUS_A.value).ln();
    ZERO_CELSIUS_K + MAGNUS_C.value * x / (MAGNUS_B.value - x)
}

/// Latent heat of evaporation, J/kg, linear in temperature.
#[inline]
pub fn latent_heat_j_kg(temperature_k: f64) -> f64 {
    LATENT_HEAT_0.value - LATENT_HEAT_SLOPE.value * (temperature_k - ZERO_CELSIUS_K)
}

/// Psychrometric constant γ = c_p p / (0.622 λ), Pa/K.
#[inline]
pub fn psychrometric_constant_pa_k(pressure_pa: f64, latent_heat_j_kg: f64) -> f64 {
    AIR_HEAT_CAPACITY.value * pressure_pa / (MOLAR_MASS_RATIO.value * latent_heat_j_kg)
}

/// Density of moist air, kg/m³ (IEC 61400-12-1 eq. 12; recalled): (p − e)/(R₀ T) + e/(R_w T).
pub fn density_kg_m3(temperature_k: f64, pressure_pa: f64, vapour_pressure_pa: f64) -> f64 {
    let dry = (pressure_pa - vapour_pressure_pa) / GAS_CONSTANT_AIR.value;
    (dry + vapour_pressure_pa / GAS_CONSTANT_VAPOUR.value) / temperature_k
}

/// Wet-bulb temperature, K, over liquid water: the root of e_s(T_w) − γ (T − T_w) = e, with the
/// psychrometric constant γ at the air's pressure. Formulas fitted at sea level are off by a degree and
/// more on a plateau. Air that is more than saturated has its own temperature.
pub fn wet_bulb_k(temperature_k: f64, pressure_pa: f64, vapour_pressure_pa: f64) -> f64 {
    let vapour_pa = vapour_pressure_pa.max(0.0);
    // The excess rises with T_w; bone-dry air of 60 °C cools by less than 60 K.
    let excess = |k: f64| {
        let gamma = psychrometric_constant_pa_k(pressure_pa, latent_heat_j_kg(k));
        saturation_vapour_pressure_pa(k) - gamma * (temperature_k - k) - vapour_pa
    };
    let (mut low, mut high) = (temperature_k - 60.0, temperature_k);
    if excess(high) <= 0.0 {
        return temperature_k;
    }
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if excess(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Clear-sky emissivity after Brutsaert, dimensionless: 1.24 (e/T)^(1/7), e in hPa, T in K.
///
/// The function takes Pa and converts: in kPa the same factor gives sky that is too warm by half.
pub fn clear_sky_emissivity(vapour_pressure_pa: f64, air_temperature_k: f64) -> f64 {
    let ratio_hpa_k = vapour_pressure_pa.max(0.0) / 100.0 / air_temperature_k;
    BRUTSAERT_A.value * ratio_hpa_k.powf(BRUTSAERT_EXPONENT.value)
}

/// Sky emissivity with average cloud, dimensionless, at most 1.
pub fn sky_emissivity(vapour_pressure_pa: f64, air_temperature_k: f64) -> f64 {
    (CLOUD_FACTOR.value * clear_sky_emissivity(vapour_pressure_pa, air_temperature_k)).min(1.0)
}

/// Heat that evaporation carries off for each Pa of vapour pressure difference, W/m²/Pa: the Penman
/// open-water wind function (recalled) of the wind at 2 m.
pub fn penman_transfer_w_m2_pa(wind_2m_m_s: f64) -> f64 {
    const MM_DAY_KPA: f64 = 1.0 / 1000.0 / 86_400.0;
    let function = PENMAN_WIND_A.value * (1.0 + PENMAN_WIND_B.value * wind_2m_m_s.max(0.0));
    function * MM_DAY_KPA * PENMAN_LATENT_HEAT.value
}

/// Wind at 2 m, m/s, from the wind at `height_m` over open land: logarithmic profile of FAO-56 eq. 47
/// (recalled; roughness of short grass). Weather stations measure at 10 m. Heights below 0.5 m are
/// taken as 0.5 m.
pub fn wind_at_2m_m_s(wind_m_s: f64, height_m: f64) -> f64 {
    if (height_m - 2.0).abs() < 1e-9 {
        return wind_m_s;
    }
    wind_m_s * 4.87 / (67.8 * height_m.max(0.5) - 5.42).ln()
}

/// Pressure of the standard atmosphere, Pa, at an elevation up to 11 km.
pub fn standard_pressure_pa(elevation_m: f64) -> f64 {
    101_325.0 * (1.0 - 2.255_77e-5 * elevation_m.clamp(-500.0, 11_000.0)).powf(5.255_88)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saturation_pressure_matches_steam_tables() {
        // IAPWS values over water: 0.01 degC 611.7, 25 degC 3169.9, 50 degC 12352 Pa.
        for (t, p) in [(0.01, 611.7), (25.0, 3169.9), (50.0, 12_352.0)] {
            let got = saturation_vapour_pressure_pa(t + ZERO_CELSIUS_K);
            assert!(
                (got / p - 1.0).abs() < 4e-3,
                "{t} degC: {got} Pa, tables {p}"
            );
        }
    }

    #[test]
    fn slope_is_the_derivative() {
        for t in [-30.0, 0.0, 18.5, 45.0] {
            let k = t + ZERO_CELSIUS_K;
            let (_, slope) = saturation_vapour_pressure_and_slope_pa(k);
            let h = 1e-4;
            let difference = (saturation_vapour_pressure_pa(k + h)
                - saturation_vapour_pressure_pa(k - h))
                / (2.0 * h);
            assert!((slope / difference - 1.0).abs() < 1e-6, "{t} degC");
        }
    }

    #[test]
    fn dew_point_inverts_saturation() {
        let k = 278.4;
        assert!((dew_point_k(saturation_vapour_pressure_pa(k)) - k).abs() < 1e-9);
    }

    #[test]
    fn qarhan_stands_under_73_kpa() {
        let p = standard_pressure_pa(2680.0);
        assert!((p - 73_000.0).abs() < 200.0, "{p}");
    }

    /// WaterTAP-REFLO feeds kPa and degC to a formula made for hPa and K. Its figures and the right
    /// ones: `facts/ponds.md` section 9.2.
    #[test]
    fn reflo_brutsaert_takes_hpa_and_kelvin() {
        for (t_c, e_kpa, right, reflo) in [(20.0, 0.8, 0.74, 0.78), (5.0, 0.3, 0.65, 0.83)] {
            let ours = clear_sky_emissivity(e_kpa * 1000.0, t_c + ZERO_CELSIUS_K);
            assert!((ours - right).abs() < 0.006, "{t_c} degC: {ours}");
            let theirs = 1.24 * f64::powf(e_kpa / t_c, 1.0 / 7.0);
            assert!(
                (theirs - reflo).abs() < 0.006,
                "the weak point itself: {theirs}"
            );
        }
    }

    /// WaterTAP-REFLO clamps to 0.99 below 0 degC where the sky of a salt desert is 0.59.
    #[test]
    fn reflo_sky_below_zero_is_not_clamped() {
        let emissivity = clear_sky_emissivity(140.0, ZERO_CELSIUS_K - 9.0);
        assert!((emissivity - 0.59).abs() < 0.02, "{emissivity}");
        let drier = clear_sky_emissivity(100.0, ZERO_CELSIUS_K - 9.0);
        assert!(drier < emissivity);
    }

    #[test]
    fn ten_metre_wind_is_three_quarters_at_two_metres() {
        // FAO-56 table: conversion factor 0.748 at 10 m.
        assert!((wind_at_2m_m_s(1.0, 10.0) - 0.748).abs() < 5e-4);
        assert_eq!(wind_at_2m_m_s(3.3, 2.0), 3.3);
    }

    /// PsychroLib 2.5 (ASHRAE), over water: dry bulb in °C, relative humidity, Pa; wet bulb in °C, kg/m³.
    #[test]
    fn wet_bulb_and_density_agree_with_psychrolib() {
        for (t, humidity, pressure, wet, density) in [
            (30.0, 0.5, 101_325.0, 22.005_2, 1.155_206_9),
            (15.0, 0.3, 72_000.0, 5.935_3, 0.868_160_7),
            (35.0, 0.15, 72_000.0, 15.395_6, 0.810_392_8),
            (5.0, 0.9, 72_000.0, 4.174_1, 0.898_077_2),
        ] {
            let k = t + ZERO_CELSIUS_K;
            let vapour = humidity * saturation_vapour_pressure_pa(k);
            let got = wet_bulb_k(k, pressure, vapour) - ZERO_CELSIUS_K;
            assert!((got - wet).abs() < 0.15, "{t} degC: {got}");
            let ratio = density_kg_m3(k, pressure, vapour) / density;
            assert!((ratio - 1.0).abs() < 2e-4, "{t} degC: {ratio}");
        }
    }

    #[test]
    fn saturated_air_has_its_own_wet_bulb() {
        let e = saturation_vapour_pressure_pa(288.15);
        assert!((wet_bulb_k(288.15, 72e3, e) - 288.15).abs() < 1e-9);
        assert_eq!(wet_bulb_k(288.15, 72e3, 1.1 * e), 288.15);
    }

    /// ISO standard atmosphere at 3000 m: 268.659 K, 70 108.5 Pa, 0.9091 kg/m³ (table, recalled).
    #[test]
    fn air_is_a_quarter_thinner_at_3000_m() {
        assert!((density_kg_m3(268.659, 70_108.5, 0.0) - 0.9091).abs() < 2e-4);
    }
}
