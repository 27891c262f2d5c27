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
    /// Share of short-wave radiation that bare ground returns to tilted modules.
    GROUND_ALBEDO = 0.2, "-", Recalled, "albedo of the ground before modules", "the usual default of PV tools; a white salt crust returns 0.3 or more";
    /// ASHRAE incidence loss b₀ of a glazed module.
    INCIDENCE_B0 = 0.05, "-", Recalled, "ASHRAE incidence coefficient", "Souka & Safwat 1966, the default of pvlib";
    /// Faiman's heat loss of a module in still air.
    FAIMAN_U0 = 25.0, "W/m2/K", Recalled, "Faiman heat loss, constant", "Faiman 2008, the default of pvlib";
    /// What each m/s of wind adds to Faiman's heat loss.
    FAIMAN_U1 = 6.84, "W s/m3/K", Recalled, "Faiman heat loss, by wind", "Faiman 2008, the default of pvlib";
    /// Fall of a module's power for each kelvin above 25 °C.
    MODULE_POWER_FALL = 0.0035, "1/K", Recalled, "fall of module power with temperature", "PVWatts version 5, premium crystalline module; the data sheet knows better";
    /// Power lost between modules and inverter: soiling, mismatch, wiring, light-induced degradation, standstill.
    PV_SYSTEM_LOSS = 0.14, "-", Recalled, "losses of a photovoltaic system", "PVWatts version 5 default";
    /// Nominal efficiency of an inverter.
    INVERTER_EFFICIENCY = 0.96, "-", Recalled, "nominal inverter efficiency", "PVWatts version 5 default";
    /// Peak power of the modules over the rating of the inverter.
    DC_AC_RATIO = 1.2, "-", Recalled, "modules over inverter", "PVWatts version 5 default";
    /// Air density that power curves are stated at.
    AIR_DENSITY_REFERENCE = 1.225, "kg/m3", Recalled, "reference air density of power curves", "IEC 61400-12-1: sea level, ISO standard atmosphere";
    /// Specific gas constant of dry air.
    GAS_CONSTANT_AIR = 287.05, "J/kg/K", Recalled, "gas constant of dry air", "IEC 61400-12-1";
    /// Specific gas constant of water vapour.
    GAS_CONSTANT_VAPOUR = 461.5, "J/kg/K", Recalled, "gas constant of water vapour", "IEC 61400-12-1";
    /// Standard gravity.
    GRAVITY = 9.806_65, "m/s2", Recalled, "standard gravity", "ISO 80000-3";
    /// Exponent of the wind's power law over open land.
    SHEAR_EXPONENT = 1.0 / 7.0, "-", Recalled, "exponent of the power law of wind", "the one-seventh law, neutral air over open land";
    /// Cut-in wind of the generic power curve.
    GENERIC_CUT_IN = 3.0, "m/s", Assumed, "cut-in of the generic power curve", "no maker's; as in the synthetic series of the one-bus benchmark";
    /// Rated wind of the generic power curve.
    GENERIC_RATED = 11.5, "m/s", Assumed, "rated wind of the generic power curve", "no maker's; as in the synthetic series of the one-bus benchmark";
    /// Cut-out wind of the generic power curve.
    GENERIC_CUT_OUT = 25.0, "m/s", Assumed, "cut-out of the generic power curve", "no maker's; as in the synthetic series of the one-bus benchmark";
    /// Direct radiation that a solar field is designed for.
    FIELD_DESIGN_DIRECT = 950.0, "W/m2", Source, "design direct radiation of a solar field", "reference irradiance of the SAM fields in PyPSA/atlite, resources/cspinstallation (CC-BY-4.0)";
    /// Direct radiation below which a solar field stands.
    FIELD_START_DIRECT = 200.0, "W/m2", Assumed, "least direct radiation of a solar field", "below it the receiver loses about what it gains; a plant's own figure is better";
    /// Elevation of the sun below which a solar field stands.
    FIELD_ELEVATION_MIN = 8.0, "deg", Recalled, "least elevation of the sun for a solar field", "default stow angle of heliostats in SAM";
    /// Elevation of the sun at which a tower's field has its nominal efficiency.
    TOWER_DESIGN_ELEVATION = 55.0, "deg", Assumed, "design elevation of a tower's field", "noon at the equinox at 35 degrees of latitude";
    /// Linear term of the incidence modifier of an LS-2 trough; θ in degrees.
    TROUGH_INCIDENCE_1 = 0.000_884, "1/deg", Recalled, "incidence modifier of a trough, linear", "Dudley et al. 1994, SAND94-1884, LS-2 collector";
    /// Quadratic term of the incidence modifier of an LS-2 trough, subtracted; θ in degrees.
    TROUGH_INCIDENCE_2 = 0.000_053_69, "1/deg2", Recalled, "incidence modifier of a trough, quadratic", "Dudley et al. 1994, SAND94-1884, LS-2 collector";
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
