//! Pure water beside the brine: vapour pressure, viscosity, heat capacity, enthalpy, heat of vaporisation.
//!
//! The density and dielectric constant that the activity model rests on are in [`crate::water`].

/// Critical temperature, K; density, kg/m³; pressure, Pa (Wagner & Pruss 2002).
const CRITICAL: (f64, f64, f64) = (647.096, 322.0, 22.064e6);

/// Vapour pressure of pure water, Pa.
///
/// ln(p/pc) = Tc/T (a1 θ + a2 θ^1.5 + a3 θ³ + a4 θ^3.5 + a5 θ⁴ + a6 θ^7.5), θ = 1 − T/Tc (Wagner & Pruss 2002,
/// J. Phys. Chem. Ref. Data 31, 387, eq. 2.5), 0.01–374 °C; over supercooled water it is an extrapolation, within 0.1 % of
/// Murphy & Koop 2005 at −20 °C.
pub fn saturation_pressure_pa(temperature_k: f64) -> f64 {
    CRITICAL.2 * ln_reduced_pressure(temperature_k).exp()
}

fn ln_reduced_pressure(temperature_k: f64) -> f64 {
    let theta = 1.0 - temperature_k / CRITICAL.0;
    let root = theta.sqrt();
    CRITICAL.0 / temperature_k
        * theta
        * (-7.85951783 + 1.84408259 * root - 11.7866497 * theta * theta
            + 22.6807411 * theta * theta * root
            - 15.9618719 * theta.powi(3)
            + 1.80122502 * theta.powi(6) * root)
}

/// Slope of the vapour pressure, Pa/K.
fn saturation_slope_pa_k(temperature_k: f64) -> f64 {
    let theta = 1.0 - temperature_k / CRITICAL.0;
    let root = theta.sqrt();
    // d(T ln p)/dT of the equation of `ln_reduced_pressure`.
    let slope = -7.85951783 + 1.5 * 1.84408259 * root - 3.0 * 11.7866497 * theta * theta
        + 3.5 * 22.6807411 * theta * theta * root
        - 4.0 * 15.9618719 * theta.powi(3)
        + 7.5 * 1.80122502 * theta.powi(6) * root;
    let pressure = saturation_pressure_pa(temperature_k);
    -pressure / temperature_k * (ln_reduced_pressure(temperature_k) + slope)
}

/// Heat of vaporisation of pure water, J/kg: T (1/ρ″ − 1/ρ′) dp/dT (Clapeyron) with the vapour density of Wagner &
/// Pruss 2002, eq. 2.7, and the liquid density given.
pub fn heat_of_vaporisation_j_kg(temperature_k: f64, liquid_density_kg_m3: f64) -> f64 {
    const TERMS: [(f64, f64); 6] = [
        (-2.03150240, 2.0),
        (-2.68302940, 4.0),
        (-5.38626492, 8.0),
        (-17.2991605, 18.0),
        (-44.7586581, 37.0),
        (-63.9201063, 71.0),
    ];
    let theta = 1.0 - temperature_k / CRITICAL.0;
    let sum: f64 = TERMS
        .iter()
        .map(|&(c, sixths)| c * theta.powf(sixths / 6.0))
        .sum();
    let vapour_density = CRITICAL.1 * sum.exp();
    temperature_k
        * (1.0 / vapour_density - 1.0 / liquid_density_kg_m3)
        * saturation_slope_pa_k(temperature_k)
}

/// Viscosity of pure water, Pa·s, at a temperature and its density: Huber et al. 2009 (J. Phys. Chem. Ref. Data 38,
/// 101, eqs. 11 and 12; IAPWS R12-08) without the critical enhancement.
pub fn viscosity_pa_s(temperature_k: f64, density_kg_m3: f64) -> f64 {
    const DILUTE: [f64; 4] = [1.67752, 2.20462, 0.6366564, -0.241605];
    /// Exponents of 1/T̄ − 1 and of ρ̄ − 1, and H_ij.
    const FINITE: [(i32, i32, f64); 21] = [
        (0, 0, 0.520094),
        (1, 0, 0.0850895),
        (2, 0, -1.08374),
        (3, 0, -0.289555),
        (0, 1, 0.222531),
        (1, 1, 0.999115),
        (2, 1, 1.88797),
        (3, 1, 1.26613),
        (5, 1, 0.120573),
        (0, 2, -0.281378),
        (1, 2, -0.906851),
        (2, 2, -0.772479),
        (3, 2, -0.489837),
        (4, 2, -0.257040),
        (0, 3, 0.161913),
        (1, 3, 0.257399),
        (0, 4, -0.0325372),
        (3, 4, 0.0698452),
        (4, 5, 0.00872102),
        (3, 6, -0.00435673),
        (5, 6, -0.000593264),
    ];
    let t = temperature_k / CRITICAL.0;
    let rho = density_kg_m3 / CRITICAL.1;
    let denominator: f64 = DILUTE.iter().rev().fold(0.0, |sum, h| sum / t + h);
    let (cold, dense) = (1.0 / t - 1.0, rho - 1.0);
    let sum: f64 = FINITE
        .iter()
        .map(|&(i, j, h)| h * cold.powi(i) * dense.powi(j))
        .sum();
    1e-4 * t.sqrt() / denominator * (rho * sum).exp()
}

/// Specific gas constant of the equations for liquid water at 0.1 MPa, J/(kg K).
const SPECIFIC_GAS_CONSTANT: f64 = 461.51805;
/// c1 … c3 and the terms (coefficient, exponent) of 10/(593 − T) and 10/(T − 232) of the Gibbs energy of liquid water.
const LINEAR: [f64; 3] = [-245.2092114, 38.69269598, -8.983025854];
const HOT: [(f64, f64); 3] = [
    (-1.661470539e5, 4.0),
    (2.708781640e6, 5.0),
    (-1.557191544e8, 7.0),
];
const COLD: [(f64, f64); 4] = [
    (-0.8237426256, 2.0),
    (1.908956353, 3.0),
    (-2.017597384, 4.0),
    (0.8546361348, 5.0),
];

/// Heat capacity of pure liquid water at 0.1 MPa, J/(kg K), −20 to 110 °C: IAPWS SR6-08(2011), after Pátek et al.
/// 2009, J. Phys. Chem. Ref. Data 38, 21.
pub fn heat_capacity_j_kg_k(temperature_k: f64) -> f64 {
    let (hot, cold) = (
        10.0 / (593.0 - temperature_k),
        10.0 / (temperature_k - 232.0),
    );
    let curvature = |terms: &[(f64, f64)], x: f64| -> f64 {
        terms
            .iter()
            .map(|&(c, n)| n * (n + 1.0) * c * x.powf(n + 2.0))
            .sum()
    };
    let sum = LINEAR[2] + temperature_k / 10.0 * (curvature(&HOT, hot) + curvature(&COLD, cold));
    -SPECIFIC_GAS_CONSTANT * sum
}

/// Enthalpy of pure liquid water at 0.1 MPa, J/kg, −20 to 110 °C; zero as in the steam tables (energy and entropy of the
/// liquid at the triple point). Source as [`heat_capacity_j_kg_k`].
pub fn enthalpy_j_kg(temperature_k: f64) -> f64 {
    let (hot, cold) = (
        10.0 / (593.0 - temperature_k),
        10.0 / (temperature_k - 232.0),
    );
    let tau = temperature_k / 10.0;
    // g/(R·10 K) less τ times its derivative, term by term.
    let hot_sum: f64 = HOT
        .iter()
        .map(|&(c, n)| c * hot.powf(n) * (1.0 - tau * n * hot))
        .sum();
    let cold_sum: f64 = COLD
        .iter()
        .map(|&(c, n)| c * cold.powf(n) * (1.0 + tau * n * cold))
        .sum();
    10.0 * SPECIFIC_GAS_CONSTANT * (LINEAR[0] - LINEAR[2] * tau + hot_sum + cold_sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: f64, expected: f64, relative: f64) {
        assert!(
            (got / expected - 1.0).abs() < relative,
            "{got} not {expected}"
        );
    }

    /// Wagner & Pruss 2002, table 13.1 (saturation): 273.16, 300, 373.1243 K. Murphy & Koop 2005 (Q. J. R. Meteorol.
    /// Soc. 131, 1539), eq. 10, over supercooled water at 253.15 K: 125.50 Pa.
    #[test]
    fn vapour_pressure_is_that_of_the_steam_tables() {
        for (kelvin, pascal, relative) in [
            (273.16, 611.657, 1e-5),
            (300.0, 3536.8, 1e-4),
            (373.1243, 101325.0, 1e-5),
            (253.15, 125.504, 2e-3),
        ] {
            near(saturation_pressure_pa(kelvin), pascal, relative);
        }
    }

    /// Wagner & Pruss 2002, table 13.1: h″ − h′ at 273.16, 300 and 373.1243 K, kJ/kg.
    #[test]
    fn heat_of_vaporisation_is_that_of_the_steam_tables() {
        for (kelvin, density, kilojoule) in [
            (273.16, 999.79, 2500.9),
            (300.0, 996.51, 2437.3),
            (373.1243, 958.37, 2256.5),
        ] {
            near(
                heat_of_vaporisation_j_kg(kelvin, density),
                1e3 * kilojoule,
                2e-4,
            );
        }
    }

    /// IAPWS R12-08, table 4: 298.15 K, 998 kg/m³: 889.735100 µPa s; 373.15 K, 1000 kg/m³: 307.883622.
    #[test]
    fn viscosity_agrees_with_the_release() {
        near(viscosity_pa_s(298.15, 998.0), 889.735100e-6, 1e-8);
        near(viscosity_pa_s(373.15, 1000.0), 307.883622e-6, 1e-8);
    }

    /// IAPWS-95 at 0.1 MPa, as the `iapws` package 1.5.5 evaluates it.
    #[test]
    fn heat_capacity_agrees_with_iapws_95() {
        for (kelvin, expected) in [
            (273.16, 4219.417),
            (298.15, 4181.319),
            (323.15, 4181.345),
            (363.15, 4205.209),
        ] {
            near(heat_capacity_j_kg_k(kelvin), expected, 1e-4);
        }
    }

    #[test]
    fn enthalpy_is_the_integral_of_heat_capacity() {
        for kelvin in [255.0, 273.15, 298.15, 340.0, 380.0] {
            let d = 0.01;
            let slope = (enthalpy_j_kg(kelvin + d) - enthalpy_j_kg(kelvin - d)) / (2.0 * d);
            near(slope, heat_capacity_j_kg_k(kelvin), 1e-7);
        }
        // Steam tables: 104.92 kJ/kg at 25 °C and 0.1 MPa.
        near(enthalpy_j_kg(298.15), 104.92e3, 1e-4);
    }
}
