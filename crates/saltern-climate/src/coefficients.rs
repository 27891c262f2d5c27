//! Every physical coefficient of this crate: value, unit, source and grade, each in one place.

/// How well a number is known to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Read in the cited source.
    Source,
    /// General knowledge, not checked against its source: check before relying on it.
    Recalled,
    /// Chosen by us; the reason is in the source text.
    Assumed,
}

/// A number with where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficient {
    /// What it is.
    pub name: &'static str,
    /// Value in `unit`.
    pub value: f64,
    /// Unit.
    pub unit: &'static str,
    /// Where the value comes from.
    pub source: &'static str,
    /// How well it is known.
    pub grade: Grade,
}

macro_rules! coefficients {
    ($($(#[$doc:meta])* $id:ident = $value:expr, $unit:literal, $grade:ident, $name:literal, $source:literal;)*) => {
        $($(#[$doc])* pub const $id: Coefficient =
            Coefficient { name: $name, value: $value, unit: $unit, source: $source, grade: Grade::$grade };)*
        /// All coefficients, for reports and reference pages.
        pub const ALL: &[Coefficient] = &[$($id),*];
    };
}

coefficients! {
    /// Stefan–Boltzmann constant σ.
    STEFAN_BOLTZMANN = 5.670374419e-8, "W/m2/K4", Recalled, "Stefan-Boltzmann constant", "CODATA 2018";
    /// Factor of the Penman open-water wind function f(u₂) = a (1 + b u₂).
    PENMAN_WIND_A = 2.6, "mm/d/kPa", Recalled, "Penman wind function, factor", "Penman open water, as commonly quoted";
    /// Wind slope of the Penman open-water wind function.
    PENMAN_WIND_B = 0.54, "s/m", Recalled, "Penman wind function, slope", "Penman open water, as commonly quoted";
    /// Latent heat that turns the wind function from mm/d into W/m².
    PENMAN_LATENT_HEAT = 2.45e6, "J/kg", Recalled, "latent heat inside the wind function", "Penman open water, as commonly quoted";
    /// Brutsaert clear-sky emissivity ε = a (e/T)^(1/7), e in **hPa** and T in K.
    BRUTSAERT_A = 1.24, "(K/hPa)^(1/7)", Recalled, "Brutsaert emissivity, factor", "Brutsaert 1975; vapour pressure in hPa";
    /// Exponent of the Brutsaert emissivity.
    BRUTSAERT_EXPONENT = 1.0 / 7.0, "-", Recalled, "Brutsaert emissivity, exponent", "Brutsaert 1975";
    /// What average cloud adds to the clear-sky emissivity; the product is capped at 1.
    CLOUD_FACTOR = 1.05, "-", Assumed, "cloud factor on the sky emissivity", "a mean value for salt deserts";
    /// Long-wave emissivity of water and brine.
    WATER_EMISSIVITY = 0.97, "-", Recalled, "emissivity of the surface", "open water, as commonly quoted";
    /// Short-wave albedo of clear brine over a dark floor.
    BRINE_ALBEDO = 0.07, "-", Recalled, "albedo of open brine", "open water, as commonly quoted; a white salt floor is 0.15 to 0.45";
    /// Magnus formula over liquid water: factor.
    MAGNUS_A = 611.2, "Pa", Recalled, "Magnus formula, factor", "WMO set over water, used below 0 degC too: brine stays liquid";
    /// Magnus formula: numerator.
    MAGNUS_B = 17.62, "-", Recalled, "Magnus formula, numerator", "WMO set over water";
    /// Magnus formula: temperature offset.
    MAGNUS_C = 243.12, "degC", Recalled, "Magnus formula, offset", "WMO set over water";
    /// Latent heat of evaporation at 0 °C.
    LATENT_HEAT_0 = 2.501e6, "J/kg", Recalled, "latent heat of evaporation at 0 degC", "linear fit, as commonly quoted";
    /// Fall of the latent heat with temperature.
    LATENT_HEAT_SLOPE = 2361.0, "J/kg/K", Recalled, "fall of the latent heat", "linear fit, as commonly quoted";
    /// Specific heat of moist air.
    AIR_HEAT_CAPACITY = 1005.0, "J/kg/K", Recalled, "specific heat of air", "dry air at constant pressure";
    /// Ratio of the molar masses of water and dry air.
    MOLAR_MASS_RATIO = 0.622, "-", Recalled, "molar mass ratio water to dry air", "as commonly quoted";
    /// Density of brine where the chemistry gives none.
    BRINE_DENSITY = 1260.0, "kg/m3", Assumed, "density of brine without chemistry", "concentrated chloride brine";
    /// Specific heat of brine where the chemistry gives none.
    BRINE_HEAT_CAPACITY = 2900.0, "J/kg/K", Assumed, "specific heat of brine without chemistry", "concentrated chloride brine";
    /// Specific heat of liquid water: rain.
    WATER_HEAT_CAPACITY = 4186.0, "J/kg/K", Recalled, "specific heat of rain", "liquid water";
    /// Heat taken up by snow that melts in the pond.
    MELTING_HEAT = 3.34e5, "J/kg", Recalled, "heat of melting of ice", "as commonly quoted";
    /// Least heat capacity of a cell: the salt under a film of brine takes part in the daily cycle.
    HEAT_CAPACITY_MIN = 2.0e5, "J/m2/K", Assumed, "least heat capacity of a cell",
        "sqrt(rho c k / omega) of wet salt in the daily cycle: rho c 1.5e6 J/m3/K, k 2 W/m/K; about 5 cm of brine";
    /// Solar constant.
    SOLAR_CONSTANT = 1367.0, "W/m2", Recalled, "solar constant", "0.0820 MJ/m2/min in FAO-56 eq. 21";
    /// Clear-sky transmission at sea level, FAO-56 eq. 37.
    CLEAR_SKY_A = 0.75, "-", Recalled, "clear-sky transmission at sea level", "FAO-56 eq. 37";
    /// Rise of the clear-sky transmission with elevation, FAO-56 eq. 37.
    CLEAR_SKY_B = 2.0e-5, "1/m", Recalled, "rise of clear-sky transmission with elevation", "FAO-56 eq. 37";
    /// Ångström–Prescott: transmission without sunshine.
    ANGSTROM_A = 0.25, "-", Recalled, "Angstrom-Prescott, overcast share", "FAO-56 eq. 35";
    /// Ångström–Prescott: what full sunshine adds.
    ANGSTROM_B = 0.50, "-", Recalled, "Angstrom-Prescott, sunshine share", "FAO-56 eq. 35";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn every_coefficient_says_what_it_is_and_where_from() {
        for c in ALL {
            assert!(c.value.is_finite() && c.value > 0.0, "{}", c.name);
            assert!(!c.unit.is_empty() && !c.source.is_empty(), "{}", c.name);
        }
        let mut names: Vec<_> = ALL.iter().map(|c| c.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
