//! A day of a cell's surface, hour by hour.

use saltern_climate::{Fluxes, Forcing, Surface};

/// Seconds in an hour.
pub(crate) const HOUR_S: f64 = 3600.0;
/// Hours in a day.
pub(crate) const HOURS: usize = 24;

/// Water activity over a day: one value up to an hour, another from it on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Activity {
    pub(crate) early: f64,
    pub(crate) late: f64,
    /// Hour of the change, 0..24.
    pub(crate) switch_h: f64,
}

impl Activity {
    pub(crate) fn constant(water_activity: f64) -> Self {
        Activity {
            early: water_activity,
            late: water_activity,
            switch_h: 0.0,
        }
    }

    /// Mean over one hour of the day.
    fn at(&self, hour: usize) -> f64 {
        let early_share = (self.switch_h - hour as f64).clamp(0.0, 1.0);
        early_share * self.early + (1.0 - early_share) * self.late
    }
}

/// What a day did to a surface.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SurfaceDay {
    /// Water lost to the air, kg/m²; negative where vapour was taken up.
    pub(crate) evaporation_kg_m2: f64,
    /// Temperature at midnight, K.
    pub(crate) end_k: f64,
    /// Mean temperature, K.
    pub(crate) mean_k: f64,
    /// Mean fluxes, W/m².
    pub(crate) fluxes: Fluxes,
    /// Hours at the freezing point.
    pub(crate) frozen_h: u32,
}

impl SurfaceDay {
    /// Marches a surface through the hours of a day. Brine at its freezing point stays there: ice
    /// floats on it and takes the cold (ice itself is not modelled; such hours are flagged).
    pub(crate) fn march(
        surface: &Surface,
        hours: &[Forcing],
        start_k: f64,
        activity: Activity,
    ) -> Self {
        let mut day = SurfaceDay {
            end_k: start_k,
            ..SurfaceDay::default()
        };
        for (hour, forcing) in hours.iter().enumerate() {
            let step = surface.step(forcing, day.end_k, activity.at(hour), HOUR_S, 0.0);
            day.end_k = step.temperature_k.max(surface.freezing_point_k);
            day.frozen_h += u32::from(step.freezing);
            day.mean_k += day.end_k;
            day.evaporation_kg_m2 += step.evaporation_kg_m2_s * HOUR_S;
            add(&mut day.fluxes, &step.fluxes, 1.0);
        }
        let share = 1.0 / hours.len().max(1) as f64;
        day.mean_k *= share;
        day.fluxes = scaled(&day.fluxes, share);
        day
    }

    /// A day of a salt crust without free brine: it follows the air (assumed) and does not evaporate.
    pub(crate) fn of_crust(hours: &[Forcing]) -> Self {
        let sum: f64 = hours.iter().map(|h| h.air_temperature_k).sum();
        let mean_k = sum / hours.len().max(1) as f64;
        SurfaceDay {
            end_k: mean_k,
            mean_k,
            ..SurfaceDay::default()
        }
    }
}

/// Adds weighted fluxes.
pub(crate) fn add(to: &mut Fluxes, from: &Fluxes, weight: f64) {
    to.short_wave_w_m2 += weight * from.short_wave_w_m2;
    to.long_wave_in_w_m2 += weight * from.long_wave_in_w_m2;
    to.long_wave_out_w_m2 += weight * from.long_wave_out_w_m2;
    to.latent_w_m2 += weight * from.latent_w_m2;
    to.sensible_w_m2 += weight * from.sensible_w_m2;
    to.ground_w_m2 += weight * from.ground_w_m2;
    to.rain_w_m2 += weight * from.rain_w_m2;
    to.extra_w_m2 += weight * from.extra_w_m2;
    to.storage_w_m2 += weight * from.storage_w_m2;
}

fn scaled(fluxes: &Fluxes, factor: f64) -> Fluxes {
    let mut sum = Fluxes::default();
    add(&mut sum, fluxes, factor);
    sum
}

/// Rain of a day, kg/m².
pub(crate) fn rain_kg_m2(hours: &[Forcing]) -> f64 {
    hours.iter().map(|h| h.rain_kg_m2_s * HOUR_S).sum()
}

/// Mean air temperature of a day, K.
pub(crate) fn air_k(hours: &[Forcing]) -> f64 {
    hours.iter().map(|h| h.air_temperature_k).sum::<f64>() / hours.len().max(1) as f64
}
