//! The energy balance of a brine surface, stepped implicitly in its temperature.
//!
//! Per m² of brine, with the surface vapour pressure `e_s = a_w e_sat(T)`:
//!
//! ```text
//! C dT/dt = (1−α)S + ε L↓ − ε σ T⁴ − k (a_w e_sat(T) − e_a) − γ k (T − T_a) − g (T − T_g) + rain + extra
//! E       = k (a_w e_sat(T) − e_a) / λ(T)
//! ```
//!
//! The flux may change sign: brine drier than the air takes up vapour, which daily means hide.
//! Each step solves the balance at its *end* (backward Euler), so that it is stable for any depth and
//! step, and the fluxes it reports are those that moved the heat: the energy ledger closes by
//! construction. The balance is strictly rising and convex in `T`, so Newton's method finds its root
//! from anywhere; it cannot fail.

use crate::air::{latent_heat_j_kg, saturation_vapour_pressure_and_slope_pa};
use crate::coefficients::{
    BRINE_ALBEDO, BRINE_DENSITY, BRINE_HEAT_CAPACITY, HEAT_CAPACITY_MIN, STEFAN_BOLTZMANN,
    WATER_EMISSIVITY,
};
use crate::forcing::Forcing;

/// Newton stops after a correction smaller than this, K. Convergence is quadratic, so what is left
/// then is rounding.
const TEMPERATURE_TOLERANCE_K: f64 = 1e-6;
/// Ordinary steps need 3 to 5; the worst absurd start measured needs fewer than 30.
const ITERATIONS_MAX: u32 = 100;

/// A water surface: what the weather meets. SI units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surface {
    /// Short-wave albedo, 0..1. Clear brine 0.07; a white salt floor shining through 0.15–0.45.
    pub albedo: f64,
    /// Long-wave emissivity, 0..1.
    pub emissivity: f64,
    /// Factor on the wind function, −; 1 is Penman's open water.
    pub wind_factor: f64,
    /// Heat capacity of the brine column ρ c_p h, J/m²/K. [`Surface::step`] uses at least
    /// [`HEAT_CAPACITY_MIN`].
    pub heat_capacity_j_m2_k: f64,
    /// Conductance to the ground, W/m²/K; 0 = insulated.
    pub ground_conductance_w_m2_k: f64,
    /// Temperature of the ground, K; read only if the conductance is not 0.
    pub ground_temperature_k: f64,
    /// Freezing point of the brine, K: below it a step is flagged, ice is not modelled.
    pub freezing_point_k: f64,
}

impl Default for Surface {
    /// 0.3 m of concentrated chloride brine over an insulated dark floor, freezing flagged below −20 °C.
    fn default() -> Self {
        Self {
            albedo: BRINE_ALBEDO.value,
            emissivity: WATER_EMISSIVITY.value,
            wind_factor: 1.0,
            heat_capacity_j_m2_k: BRINE_DENSITY.value * BRINE_HEAT_CAPACITY.value * 0.3,
            ground_conductance_w_m2_k: 0.0,
            ground_temperature_k: 283.15,
            freezing_point_k: 253.15,
        }
    }
}

/// Heat fluxes at the end of a step, W/m², each positive when it warms the brine.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fluxes {
    /// Short wave absorbed.
    pub short_wave_w_m2: f64,
    /// Long wave absorbed from the sky.
    pub long_wave_in_w_m2: f64,
    /// Long wave emitted (≤ 0).
    pub long_wave_out_w_m2: f64,
    /// Latent heat: negative while evaporating, positive while taking up vapour.
    pub latent_w_m2: f64,
    /// Sensible heat from the air.
    pub sensible_w_m2: f64,
    /// Heat from the ground.
    pub ground_w_m2: f64,
    /// Heat brought by rain against the brine's temperature, melting of snow included.
    pub rain_w_m2: f64,
    /// Advected and crystallisation heat handed in.
    pub extra_w_m2: f64,
    /// Heat stored in the brine, C (T₁ − T₀)/Δt.
    pub storage_w_m2: f64,
}

impl Fluxes {
    /// Sum of all that warms, less what was stored, W/m²: zero when the energy ledger closes.
    pub fn imbalance_w_m2(&self) -> f64 {
        self.short_wave_w_m2
            + self.long_wave_in_w_m2
            + self.long_wave_out_w_m2
            + self.latent_w_m2
            + self.sensible_w_m2
            + self.ground_w_m2
            + self.rain_w_m2
            + self.extra_w_m2
            - self.storage_w_m2
    }

    /// Largest flux, W/m²: the scale against which [`Fluxes::imbalance_w_m2`] is judged.
    pub fn scale_w_m2(&self) -> f64 {
        [
            self.short_wave_w_m2,
            self.long_wave_in_w_m2,
            self.long_wave_out_w_m2,
            self.latent_w_m2,
            self.sensible_w_m2,
            self.ground_w_m2,
            self.rain_w_m2,
            self.extra_w_m2,
            self.storage_w_m2,
        ]
        .iter()
        .fold(0.0, |most: f64, flux| most.max(flux.abs()))
    }
}

/// Result of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SurfaceStep {
    /// Temperature at the end of the step, K.
    pub temperature_k: f64,
    /// Water lost to the air during the step, kg/m²/s; negative while vapour is taken up.
    pub evaporation_kg_m2_s: f64,
    /// Heat fluxes during the step.
    pub fluxes: Fluxes,
    /// What the balance missed, W/m².
    pub residual_w_m2: f64,
    /// Newton iterations.
    pub iterations: u32,
    /// The brine is colder than its freezing point: believe neither temperature nor flux.
    pub freezing: bool,
}

/// The balance as a function of temperature, without what does not depend on it:
/// `f(T) = linear T + emitted T⁴ + vapour e_sat(T) − constant`, strictly rising and convex.
struct Balance {
    linear_w_m2_k: f64,
    emitted_w_m2_k4: f64,
    vapour_w_m2_pa: f64,
    constant_w_m2: f64,
}

impl Balance {
    #[inline]
    fn value_and_slope(&self, temperature_k: f64) -> (f64, f64) {
        let (e_pa, e_slope) = saturation_vapour_pressure_and_slope_pa(temperature_k);
        // T⁴ turns down below 0 K, where only an absurd Newton iterate goes.
        let t = temperature_k.max(0.0);
        let cube = self.emitted_w_m2_k4 * t * t * t;
        let value = self.linear_w_m2_k * temperature_k + cube * t + self.vapour_w_m2_pa * e_pa
            - self.constant_w_m2;
        (
            value,
            self.linear_w_m2_k + 4.0 * cube + self.vapour_w_m2_pa * e_slope,
        )
    }

    /// Root by Newton's method: (temperature, value there, iterations). On a rising convex function
    /// every iterate after the first lies right of the root and falls towards it, until rounding.
    #[inline]
    fn root(&self, guess_k: f64) -> (f64, u32) {
        let mut temperature_k = guess_k;
        for iteration in 1..=ITERATIONS_MAX {
            let (value, slope) = self.value_and_slope(temperature_k);
            let correction_k = value / slope;
            temperature_k -= correction_k;
            if correction_k.abs() <= TEMPERATURE_TOLERANCE_K {
                return (temperature_k, iteration);
            }
        }
        (temperature_k, ITERATIONS_MAX)
    }
}

impl Surface {
    /// Marches the surface by `dt_s` under constant forcing.
    ///
    /// `temperature_k` is that of the brine at the start, `water_activity` 0..1 is held over the
    /// step, `extra_heat_w_m2` is advected and crystallisation heat. All inputs must be finite and
    /// `dt_s` > 0.
    #[inline]
    pub fn step(
        &self,
        forcing: &Forcing,
        temperature_k: f64,
        water_activity: f64,
        dt_s: f64,
        extra_heat_w_m2: f64,
    ) -> SurfaceStep {
        let inertia_w_m2_k = self.heat_capacity_j_m2_k.max(HEAT_CAPACITY_MIN.value) / dt_s;
        self.solve(
            forcing,
            temperature_k,
            water_activity,
            inertia_w_m2_k,
            extra_heat_w_m2,
        )
    }

    /// The steady state: temperature and fluxes without storage. For daily means.
    pub fn steady(
        &self,
        forcing: &Forcing,
        water_activity: f64,
        extra_heat_w_m2: f64,
    ) -> SurfaceStep {
        self.solve(
            forcing,
            forcing.air_temperature_k,
            water_activity,
            0.0,
            extra_heat_w_m2,
        )
    }

    /// Temperature at which the surface would stay, K.
    pub fn equilibrium_temperature_k(
        &self,
        forcing: &Forcing,
        water_activity: f64,
        extra_heat_w_m2: f64,
    ) -> f64 {
        self.steady(forcing, water_activity, extra_heat_w_m2)
            .temperature_k
    }

    /// Evaporation at a given surface temperature, kg/m²/s, without asking whether the heat for it
    /// is there.
    #[inline]
    pub fn evaporation_at_kg_m2_s(
        &self,
        forcing: &Forcing,
        temperature_k: f64,
        water_activity: f64,
    ) -> f64 {
        let (e_pa, _) = saturation_vapour_pressure_and_slope_pa(temperature_k);
        let transfer = self.wind_factor * forcing.transfer_w_m2_pa;
        transfer * (water_activity * e_pa - forcing.vapour_pressure_pa)
            / latent_heat_j_kg(temperature_k)
    }

    #[inline]
    fn solve(
        &self,
        forcing: &Forcing,
        temperature_k: f64,
        water_activity: f64,
        inertia_w_m2_k: f64,
        extra_heat_w_m2: f64,
    ) -> SurfaceStep {
        let balance = self.balance(
            forcing,
            temperature_k,
            water_activity,
            inertia_w_m2_k,
            extra_heat_w_m2,
        );
        let (end_k, iterations) = balance.root(temperature_k);
        let fluxes = self.fluxes(
            forcing,
            temperature_k,
            end_k,
            water_activity,
            inertia_w_m2_k,
            extra_heat_w_m2,
        );
        SurfaceStep {
            temperature_k: end_k,
            evaporation_kg_m2_s: -fluxes.latent_w_m2 / latent_heat_j_kg(end_k),
            fluxes,
            residual_w_m2: fluxes.imbalance_w_m2(),
            iterations,
            freezing: end_k < self.freezing_point_k,
        }
    }

    #[inline]
    fn balance(
        &self,
        forcing: &Forcing,
        start_k: f64,
        water_activity: f64,
        inertia: f64,
        extra: f64,
    ) -> Balance {
        let transfer = self.wind_factor * forcing.transfer_w_m2_pa;
        let sensible = transfer * forcing.psychrometric_pa_k;
        Balance {
            linear_w_m2_k: inertia
                + sensible
                + self.ground_conductance_w_m2_k
                + forcing.rain_conductance_w_m2_k,
            emitted_w_m2_k4: self.emissivity * STEFAN_BOLTZMANN.value,
            vapour_w_m2_pa: transfer * water_activity,
            constant_w_m2: inertia * start_k
                + (1.0 - self.albedo) * forcing.short_wave_w_m2
                + self.emissivity * forcing.long_wave_down_w_m2
                + transfer * forcing.vapour_pressure_pa
                + sensible * forcing.air_temperature_k
                + self.ground_conductance_w_m2_k * self.ground_temperature_k
                + forcing.rain_conductance_w_m2_k * forcing.rain_temperature_k
                - forcing.snow_melt_w_m2
                + extra,
        }
    }

    #[inline]
    fn fluxes(
        &self,
        forcing: &Forcing,
        start_k: f64,
        end_k: f64,
        activity: f64,
        inertia: f64,
        extra: f64,
    ) -> Fluxes {
        let (e_pa, _) = saturation_vapour_pressure_and_slope_pa(end_k);
        let transfer = self.wind_factor * forcing.transfer_w_m2_pa;
        Fluxes {
            short_wave_w_m2: (1.0 - self.albedo) * forcing.short_wave_w_m2,
            long_wave_in_w_m2: self.emissivity * forcing.long_wave_down_w_m2,
            long_wave_out_w_m2: -self.emissivity * STEFAN_BOLTZMANN.value * end_k.powi(4),
            latent_w_m2: -transfer * (activity * e_pa - forcing.vapour_pressure_pa),
            sensible_w_m2: transfer
                * forcing.psychrometric_pa_k
                * (forcing.air_temperature_k - end_k),
            ground_w_m2: self.ground_conductance_w_m2_k * (self.ground_temperature_k - end_k),
            rain_w_m2: forcing.rain_conductance_w_m2_k * (forcing.rain_temperature_k - end_k)
                - forcing.snow_melt_w_m2,
            extra_w_m2: extra,
            storage_w_m2: inertia * (end_k - start_k),
        }
    }
}
