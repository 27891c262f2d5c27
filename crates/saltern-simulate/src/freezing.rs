//! When a brine freezes: ice is stable where the water activity of the brine reaches that of ice.

/// ln of the water activity of a solution in equilibrium with ice, T in K.
///
/// Koop, Luo, Tsias and Peter 2000, Nature 406, 611: RT ln a = 210368 + 131.438 T − 3.32373e6/T −
/// 41729.1 ln T, in J/mol, 150…273 K (recalled; checked below against the vapour pressures of ice and
/// supercooled water of Murphy and Koop 2005, to 0.5 %).
fn ln_activity_of_ice(temperature_k: f64) -> f64 {
    let t = temperature_k;
    (210_368.0 + 131.438 * t - 3.323_73e6 / t - 41_729.1 * t.ln()) / (8.314_46 * t)
}

/// Freezing point of a brine of the given water activity, K. Linear search by secant; brines of a_w
/// below 0.55 do not freeze above −60 °C and are given that.
pub(crate) fn freezing_point_k(water_activity: f64) -> f64 {
    const LOWEST_K: f64 = 213.15;
    let wanted = water_activity.clamp(1e-3, 1.0).ln();
    if wanted <= ln_activity_of_ice(LOWEST_K) {
        return LOWEST_K;
    }
    let (mut low, mut high) = (LOWEST_K, 273.15);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if ln_activity_of_ice(middle) < wanted {
            low = middle
        } else {
            high = middle
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ice_activity_is_the_ratio_of_vapour_pressures() {
        // Murphy and Koop 2005, Q. J. R. Meteorol. Soc. 131, 1539, table C1: p(ice), p(liquid) in Pa
        // at 260 K 195.80, 222.45; at 240 K 27.272, 37.667.
        for (t, ice, liquid) in [(260.0, 195.80, 222.45), (240.0, 27.272, 37.667)] {
            let ratio: f64 = ice / liquid;
            assert!((ln_activity_of_ice(t) - ratio.ln()).abs() < 0.01, "{t}");
        }
    }

    #[test]
    fn water_freezes_at_zero_and_saturated_salt_near_its_eutectic() {
        assert!((freezing_point_k(1.0) - 273.15).abs() < 0.05);
        // NaCl eutectic −21.2 °C, where the brine's activity is that of ice there.
        let eutectic = ln_activity_of_ice(273.15 - 21.2).exp();
        assert!((0.80..0.83).contains(&eutectic), "{eutectic}");
        assert_eq!(freezing_point_k(0.4), 213.15);
    }
}
