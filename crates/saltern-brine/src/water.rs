//! Pure water at 1 atm: density, dielectric constant, and the Debye–Hückel parameters made from them.
//!
//! Sources: density along the saturation line from Wagner & Pruss 2002 (J. Phys. Chem. Ref. Data 31, 387,
//! eq. 2.6) with a compression polynomial in T and P as PHREEQC uses (Appelo, Parkhurst & Post 2014,
//! Geochim. Cosmochim. Acta 125, 49); dielectric constant from Bradley & Pitzer 1979
//! (J. Phys. Chem. 83, 1599, eq. 1). A_φ therefore agrees with PHREEQC's to rounding, which agreement
//! on activity coefficients to 1e-5 needs.

use std::f64::consts::PI;

/// Moles of water in a kilogram, as PHREEQC's osmotic term has it, mol/kg.
pub const MOLES_PER_KG: f64 = 55.50837;

/// Pressure of all calculations, atm.
const PRESSURE_ATM: f64 = 1.0;
/// Avogadro's number as used in the Debye–Hückel parameters, 1/mol.
const AVOGADRO: f64 = 6.02252e23;
/// e²/k in CGS units: (4.803204e-10 esu)² / 1.38065e-16 erg/K, cm·K.
const CHARGE_SQUARED_PER_BOLTZMANN: f64 = 1.671008e-3;
/// Gas constant, L·atm/(mol·K).
const GAS_CONSTANT_L_ATM: f64 = 0.0820597;

/// Properties of pure water at a temperature and 1 atm.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Water {
    /// Density, kg/m³.
    pub density_kg_m3: f64,
    /// Relative dielectric constant.
    pub dielectric: f64,
    /// Debye–Hückel slope A_φ of the osmotic coefficient, (kg/mol)^½.
    pub a_phi: f64,
    /// Rise of A_φ per unit of 1 − a_w, (kg/mol)^½. PHREEQC counts pressure from the vapour pressure of the
    /// *brine*, a_w p_sat, so its solvent is a trifle denser over a strong brine (1e-6 of A_φ at 50 °C).
    pub a_phi_per_dryness: f64,
    /// Debye length parameter, 1/Å (kg/mol)^½.
    pub debye_b: f64,
    /// Limiting slope of apparent molar volumes, (cm³/mol)(kg/mol)^½.
    pub a_v: f64,
    /// Pressure derivative of the Born function, 1/bar.
    pub q_born: f64,
}

impl Water {
    /// Water at a temperature in K (fitted 0–300 °C; used as it stands down to −25 °C).
    pub fn at(temperature_k: f64) -> Self {
        let (density, compressibility) = density_and_compressibility(temperature_k);
        let t = temperature_k;
        // Bradley & Pitzer 1979, eq. 1, with their U1…U9.
        let d1000 = 3.4279e2 * (t * (-5.0866e-3 + t * 9.469e-7)).exp();
        let c = -2.0525 + 3.1159e3 / (-1.8289e2 + t);
        let b = -8.0325e3 + 4.2142e6 / t + 2.1417 * t;
        let pressure_bar = PRESSURE_ATM * 1.01325;
        let dielectric = d1000 + c * ((b + pressure_bar) / (b + 1e3)).ln();
        let bjerrum = CHARGE_SQUARED_PER_BOLTZMANN / (dielectric * t);
        let debye_b_cm = (8.0 * PI * AVOGADRO * bjerrum * density / 1e6).sqrt();
        let ln_dielectric_per_atm = c / (b + pressure_bar) * 1.01325 / dielectric;
        Water {
            density_kg_m3: density,
            dielectric,
            a_phi: debye_b_cm * bjerrum / 6.0,
            a_phi_per_dryness: debye_b_cm * bjerrum / 6.0
                * 0.5
                * compressibility
                * saturation_pressure_atm(t),
            debye_b: debye_b_cm / 1e8,
            a_v: debye_b_cm
                * bjerrum
                * GAS_CONSTANT_L_ATM
                * 1e3
                * t
                * (ln_dielectric_per_atm - compressibility / 3.0),
            q_born: c / (b + pressure_bar) / (dielectric * dielectric),
        }
    }
}

/// Vapour pressure of pure water, atm (Antoine form used with the compression polynomial).
fn saturation_pressure_atm(temperature_k: f64) -> f64 {
    (11.6702 - 3816.44 / (temperature_k - 46.13)).exp()
}

/// Density, kg/m³, and compressibility, 1/atm, at 1 atm.
fn density_and_compressibility(temperature_k: f64) -> (f64, f64) {
    let theta = 1.0 - temperature_k / 647.096;
    let cube_root = theta.cbrt();
    let power = |thirds: i32| cube_root.powi(thirds);
    // Wagner & Pruss 2002, eq. 2.6.
    let saturated = 322.0
        * (1.0 + 1.99274064 * power(1) + 1.09965342 * power(2)
            - 0.510839303 * power(5)
            - 1.75493479 * power(16)
            - 45.5170352 * power(43)
            - 6.7469445e5 * power(110));
    let c = temperature_k - 273.15;
    let horner = |k: [f64; 5]| k[0] + c * (k[1] + c * (k[2] + c * (k[3] + c * k[4])));
    let p0 = horner([
        5.1880000e-2,
        -4.1885519e-4,
        6.6780748e-6,
        -3.6648699e-8,
        8.3501912e-11,
    ]);
    let p1 = horner([
        -6.0251348e-6,
        3.6696407e-7,
        -9.2056269e-9,
        6.7024182e-11,
        -1.5947241e-13,
    ]);
    let p2 = horner([
        -2.2983596e-9,
        -4.0133819e-10,
        1.2619821e-11,
        -9.8952363e-14,
        2.3363281e-16,
    ]);
    let p3 = horner([
        7.0517647e-11,
        6.8566831e-12,
        -2.2829750e-13,
        1.8113313e-15,
        -4.2475324e-18,
    ]);
    let over = (PRESSURE_ATM - saturation_pressure_atm(temperature_k).min(PRESSURE_ATM)) + 1e-6;
    let density = saturated + over * (p0 + over * (p1 + over * (p2 + over.sqrt() * p3)));
    let slope = p0 + over * (2.0 * p1 + over * (3.0 * p2 + over.sqrt() * 3.5 * p3));
    (density, slope / density)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PHREEQC 3.8.6 values of A_φ, as listed in its agreement set.
    #[test]
    fn debye_huckel_slope_agrees_with_phreeqc() {
        for (celsius, expected) in [(0.0, 0.376729), (25.0, 0.391458), (60.0, 0.418995)] {
            let got = Water::at(celsius + 273.15).a_phi;
            assert!(
                (got - expected).abs() < 6e-7,
                "{celsius} °C: {got} not {expected}"
            );
        }
    }

    /// IAPWS-95 densities at 0.101325 MPa (Wagner & Pruss 2002, table 13.2): 0, 25, 75 °C.
    #[test]
    fn density_agrees_with_the_steam_tables() {
        for (celsius, expected) in [(0.0, 999.84), (25.0, 997.05), (75.0, 974.84)] {
            let got = Water::at(celsius + 273.15).density_kg_m3;
            assert!(
                (got - expected).abs() < 0.02,
                "{celsius} °C: {got} not {expected}"
            );
        }
    }
}
